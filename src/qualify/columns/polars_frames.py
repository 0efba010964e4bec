"""Polars' frames, eager and lazy.

Of an eager frame everything is looked at before it is judged. Of a lazy one only the schema is; its rows are looked at
when it is collected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qualify.columns.expressions import Stored
from qualify.columns.frames import CASTS, IN_POLARS, Found, Job, family_of, planned
from qualify.columns.in_polars import judged
from qualify.columns.kinds import check_ids, check_rows

if TYPE_CHECKING:
    import polars as pl


def qualified(frame: Any, activities: Any, job: Job) -> Any:
    """A frame of Polars with what the definition says beside its columns; lazy stays lazy."""
    import polars as pl

    lazy = frame.lazy()
    told, happened = (None, None) if activities is None else taken(activities, job)
    cast = IN_POLARS if activities is None else CASTS[family_of(activities)]
    plan, needs = planned(job, kinds(lazy), happened, IN_POLARS, cast_activities=cast)
    if told is None or happened is None or not needs.activities:
        found = judged(lazy, None, plan, job.clock, None)
    else:
        check_ids(kinds(lazy)[job.lead_id], job.lead_id, happened["lead_id"])
        if isinstance(frame, pl.DataFrame) and isinstance(told, pl.DataFrame):
            _look_at(frame, told, job.lead_id)
        else:
            told = looked_at(told.lazy(), ["lead_id", "at", "type"])
            lazy = looked_at(lazy, [job.lead_id], lead_id=job.lead_id)
        found = judged(lazy, joinable(told.lazy(), lazy, job.lead_id), plan, job.clock, job.lead_id)
    return found if isinstance(frame, pl.LazyFrame) else found.collect()


def taken(frame: Any, job: Job) -> tuple[Any, Found]:
    """Another's activities as a frame of Polars, and how they are stored; a lazy one of Polars stays lazy."""
    import polars as pl

    if family_of(frame) == "polars":
        return frame, kinds(frame.lazy())
    from qualify.columns.arrow_tables import as_arrow

    found = as_arrow(frame, job.activity_columns)
    return pl.from_arrow(found.table), found.found


def kinds(frame: pl.LazyFrame) -> Found:
    """How its columns are stored."""
    return {name: stored(dtype) for name, dtype in frame.collect_schema().items()}


def stored(dtype: Any) -> Stored | str | None:
    """How a column of this type is stored."""
    import polars as pl

    match dtype:
        case pl.Null():
            return None
        case pl.String() | pl.Categorical() | pl.Enum():
            return Stored("text")
        case pl.Boolean():
            return Stored("flag")
        case _ if str(dtype) in ("UInt64", "Int128", "UInt128"):
            return Stored("decimal", 38, 0)
        case pl.Decimal():
            return Stored("decimal", 38, dtype.scale)
        case pl.Date():
            return Stored("day")
        case pl.Datetime():
            return Stored("wall" if dtype.time_zone is None else "instant")
        case pl.List(inner=inner) | pl.Array(inner=inner):
            entries = stored(inner)
            return Stored("texts") if entries is None or entries == Stored("text") else f"a list of {inner}"
        case _ if dtype.is_integer():
            return Stored("whole")
        case _ if dtype.is_float():
            return Stored("double")
        case _:
            return str(dtype)


def joinable(activities: pl.LazyFrame, leads: pl.LazyFrame, lead_id: str) -> pl.LazyFrame:
    """Activities whose leads are named as the leads are; none where one of both names nobody."""
    import polars as pl

    wanted, found = leads.collect_schema()[lead_id], activities.collect_schema()["lead_id"]
    if wanted == found:
        return activities
    if pl.Null() in (wanted, found):
        activities = activities.filter(pl.lit(False))
        return activities.with_columns(pl.lit(None, wanted).alias("lead_id"))
    return activities.with_columns(pl.col("lead_id").cast(wanted, strict=False))


def _look_at(leads: pl.DataFrame, activities: pl.DataFrame, lead_id: str) -> None:
    """FrameError for the rows that can't be judged."""
    ids = leads[lead_id]
    check_rows(
        lead_id,
        doubled=len(ids) - ids.null_count() - ids.drop_nulls().n_unique(),
        nameless=ids.null_count(),
        lost=activities["lead_id"].null_count(),
        undated=activities["at"].null_count(),
        untyped=activities["type"].null_count(),
    )


def looked_at(frame: pl.LazyFrame, columns: list[str], *, lead_id: str | None = None) -> pl.LazyFrame:
    """The same rows, of which none lacks one of these columns, and no two have one `lead_id`; looked at when collected."""
    import polars as pl

    def look(name: str) -> Any:
        def looked(values: pl.Series) -> pl.Series:
            missing = values.null_count()
            if lead_id is None:
                check_rows("", **{_FAULTS[name]: missing})
            else:
                check_rows(lead_id, nameless=missing, doubled=len(values) - missing - values.drop_nulls().n_unique())
            return values

        return looked

    types = frame.collect_schema()
    return frame.with_columns(
        pl.col(name).map_batches(look(name), return_dtype=types[name], is_elementwise=lead_id is None)
        for name in columns
    )


_FAULTS = {"lead_id": "lost", "at": "undated", "type": "untyped"}
