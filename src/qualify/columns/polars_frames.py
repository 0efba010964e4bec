"""Polars' frames, eager and lazy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qualify.columns.expressions import Stored
from qualify.columns.frames import IN_POLARS, Found, Job, planned
from qualify.columns.in_polars import judged
from qualify.columns.kinds import FrameError

if TYPE_CHECKING:
    import polars as pl


def qualified(frame: Any, activities: Any, job: Job) -> Any:
    """A frame of Polars with what the definition says beside its columns; lazy stays lazy."""
    import polars as pl

    lazy = frame.lazy()
    found = answers(lazy, None if activities is None else as_lazy(activities), job)
    return found if isinstance(frame, pl.LazyFrame) else found.collect()


def answers(leads: pl.LazyFrame, activities: pl.LazyFrame | None, job: Job) -> pl.LazyFrame:
    """The same, lazily."""
    happened = None if activities is None else kinds(activities)
    plan, needs = planned(job, kinds(leads), happened, IN_POLARS)
    if activities is None or not needs.activities:
        return judged(leads, None, plan, job.clock, None)
    return judged(
        unique(leads, job.lead_id), told(joinable(activities, leads, job.lead_id)), plan, job.clock, job.lead_id
    )


def as_lazy(frame: Any) -> pl.LazyFrame:
    """Another's frame as one of Polars'."""
    import polars as pl

    from qualify.columns.frames import family_of

    match family_of(frame):
        case "polars":
            return frame.lazy()  # type: ignore[no-any-return]
        case "pandas":
            from qualify.columns.arrow_tables import table_of

            return pl.from_arrow(table_of(frame, list(frame.columns))).lazy()  # type: ignore[union-attr]
        case "pyarrow":
            return pl.from_arrow(frame).lazy()  # type: ignore[union-attr]
        case "duckdb":
            return frame.pl().lazy()  # type: ignore[no-any-return]
        case "pyspark":
            raise FrameError("leads that aren't Spark's come with activities that are: bring both to one place")


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
        case pl.UInt64() | pl.Int128() | pl.UInt128():
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
    """Activities whose leads are named as the leads are."""
    import polars as pl

    wanted, found = leads.collect_schema()[lead_id], activities.collect_schema()["lead_id"]
    if wanted == found or pl.Null() in (wanted, found):
        return activities.with_columns(pl.col("lead_id").cast(wanted))
    texts = (pl.String(), pl.Categorical())
    if (wanted.is_integer() and found.is_integer()) or (
        isinstance(wanted, pl.String | pl.Categorical | pl.Enum)
        and isinstance(found, pl.String | pl.Categorical | pl.Enum)
    ):
        del texts
        return activities.with_columns(pl.col("lead_id").cast(wanted))
    raise FrameError(
        f"the activities' 'lead_id' is {found} and the leads' '{lead_id}' is {wanted}: cast one of them, so that each "
        "activity finds its lead",
        code="frame-type",
    )


def unique(leads: pl.LazyFrame, lead_id: str) -> pl.LazyFrame:
    """The leads, of which no two have one id; looked at when they are collected."""
    import polars as pl

    def looked_at(ids: pl.Series) -> pl.Series:
        known = ids.drop_nulls()
        if (twice := len(known) - known.n_unique()) > 0:
            raise FrameError(
                f"{twice} leads have an id ('{lead_id}') that another has too: whose activities are they? Keep one row a lead",
                code="frame-rows",
            )
        return ids

    return leads.with_columns(pl.col(lead_id).map_batches(looked_at, return_dtype=pl.self_dtype()))


def told(activities: pl.LazyFrame) -> pl.LazyFrame:
    """The activities, each with a lead and a moment; looked at when they are collected."""
    import polars as pl

    def looked_at(what: str) -> Any:
        def look(values: pl.Series) -> pl.Series:
            if empty := values.null_count():
                raise FrameError(f"{empty} activities have no {what}: leave them out, or say which", code="frame-rows")
            return values

        return look

    return activities.with_columns(
        pl.col("lead_id").map_batches(looked_at("lead ('lead_id')"), return_dtype=pl.self_dtype(), is_elementwise=True),
        pl.col("at").map_batches(looked_at("moment ('at')"), return_dtype=pl.self_dtype(), is_elementwise=True),
    )
