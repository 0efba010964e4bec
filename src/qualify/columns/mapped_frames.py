"""What a frame of any library is to a mapping, and how what comes out gets back beside the frame's own columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from qualify.columns.arrow_frames import beside, outcome
from qualify.columns.arrow_tables import needs_pyarrow, objects_in, table_with
from qualify.columns.expressions import Kind, Stored
from qualify.columns.frames import Job, family_of, kept_apart, names_of
from qualify.columns.mapped import Reading, Values, reading_of
from qualify.errors import FrameError
from qualify.mapping import Mapping as LeadMapping

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

RESULT = "result "
"""What results begin with while they stand beside fields, so that none is called like one."""


def qualified(frame: Any, activities: Any, mapping: LeadMapping, job: Job) -> Any:
    """The frame with what the definition says beside its columns, which are the source's own."""
    family = family_of(frame)
    if family == "pyspark":
        raise FrameError(
            "a qualify.Mapping isn't read in Spark: give a dict of fields and their columns, or make the fields first",
            code="bad-argument",
        )
    reading = reading_of(mapping, job, activities=activities is not None)
    kept_apart(reading.needs.named(job.prefix), names_of(frame), any_case=family == "duckdb")
    reading.check(names_of(frame), None if activities is None else names_of(activities))
    match family:
        case "polars":
            return _beside_polars(frame, activities, reading)
        case "duckdb":
            needs_pyarrow()
            return _beside_duckdb(frame, activities, reading)
        case _:
            needs_pyarrow()
            return beside(frame, _outcome(frame, activities, reading))


def _results(reading: Reading, prefix: str) -> list[str]:
    return [output.name for output in reading.needs.named(prefix)]


# --- Polars ---


def _beside_polars(frame: Any, activities: Any, reading: Reading) -> Any:
    import polars as pl

    from qualify.columns.polars_reader import PolarsReader

    judge = partial(_judged_by_polars, activities=activities, reading=reading)
    if isinstance(frame, pl.DataFrame):
        return judge(frame)
    dtype = PolarsReader(reading.job.clock, reading.job.model.timezone).dtype
    more = {output.name: dtype(output.kind) for output in reading.needs.named(reading.job.prefix)}
    return frame.map_batches(
        judge,
        schema={**frame.collect_schema(), **more},
        predicate_pushdown=False,
        projection_pushdown=False,
        slice_pushdown=False,
    )


def _judged_by_polars(frame: pl.DataFrame, activities: Any, reading: Reading) -> pl.DataFrame:
    from qualify.columns.polars_frames import qualified as judged

    leads = _polars_of(reading.leads(_columns(frame, reading.lead_columns(frame.columns)), frame.height))
    if activities is not None and reading.activities:
        activities = _polars_of(_happened(activities, reading))
    found = judged(leads, activities, replace(reading.job, prefix=RESULT))
    inside, outside = _results(reading, RESULT), _results(reading, reading.job.prefix)
    return frame.hstack(found.select(inside).rename(dict(zip(inside, outside, strict=True))))


def _polars_of(columns: Mapping[str, Values]) -> pl.DataFrame:
    import polars as pl

    types: Mapping[Kind, Any] = {
        "text": pl.String, "flag": pl.Boolean, "whole": pl.Int64, "double": pl.Float64, "day": pl.Date,
        "wall": pl.Datetime("us"), "instant": pl.Datetime("us", "UTC"), "texts": pl.List(pl.String),
    }  # fmt: skip

    def dtype(stored: Stored | None) -> Any:
        if stored is None:
            return pl.Null
        return pl.Decimal(38, stored.decimals) if stored.kind == "decimal" else types[stored.kind]

    return pl.DataFrame([pl.Series(name, each.values, dtype(each.stored)) for name, each in columns.items()])


# --- Arrow, pandas, DuckDB ---


def _outcome(frame: Any, activities: Any, reading: Reading) -> pa.Table:
    """What comes out for each row."""
    columns = _columns(frame, reading.lead_columns(names_of(frame)))
    leads = _arrow_of(reading.leads(columns, _rows(frame)))
    if activities is not None and reading.activities:
        activities = _arrow_of(_happened(activities, reading))
    found = outcome(leads, activities, replace(reading.job, prefix=RESULT))
    return found.rename_columns(_results(reading, reading.job.prefix))


def _arrow_of(columns: Mapping[str, Values]) -> pa.Table:
    import pyarrow as pa

    types: Mapping[Kind, Any] = {
        "text": pa.string(), "flag": pa.bool_(), "whole": pa.int64(), "double": pa.float64(), "day": pa.date32(),
        "wall": pa.timestamp("us"), "instant": pa.timestamp("us", "UTC"), "texts": pa.list_(pa.string()),
    }  # fmt: skip

    def dtype(stored: Stored | None) -> Any:
        if stored is None:
            return pa.null()
        return pa.decimal128(38, stored.decimals) if stored.kind == "decimal" else types[stored.kind]

    return pa.table({name: pa.array(each.values, dtype(each.stored)) for name, each in columns.items()})


def _beside_duckdb(relation: Any, activities: Any, reading: Reading) -> Any:
    """The relation is run, and comes back as one over what it gave: its rows are in that order now."""
    from qualify.columns.duckdb_frames import ACTIVITIES, asked, told_apart

    told_apart(relation.columns)
    table = table_with(relation, names_of(relation))
    return asked(relation, beside(table, _outcome(table, activities, reading)), f'SELECT * FROM "{ACTIVITIES}"')


# --- rows as Python's values ---


def _happened(activities: Any, reading: Reading) -> dict[str, Values]:
    names = reading.activity_columns(names_of(activities))
    if hasattr(activities, "collect_schema"):
        activities = activities.lazy().select(names or names_of(activities)[:1]).collect()
    return reading.happened(_columns(activities, names), _rows(activities))


def _rows(frame: Any) -> int:
    if family_of(frame) == "duckdb":
        return int(frame.count("*").fetchall()[0][0])
    return int(frame.num_rows) if family_of(frame) == "pyarrow" else len(frame)


def _columns(frame: Any, names: Iterable[str]) -> dict[str, list[object]]:
    """Columns as Python's own values, None where there is none."""
    if family_of(frame) == "polars":
        return {name: frame[name].to_list() for name in names}
    if family_of(frame) == "pandas":
        return {name: objects_in(frame[name]) for name in names}
    table = table_with(frame, list(names))
    return {name: objects_in(table.column(name)) for name in names}
