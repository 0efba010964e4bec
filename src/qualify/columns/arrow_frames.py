"""Arrow's tables and pandas' frames: judged by Polars, or by DuckDB where Polars isn't there."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from qualify.columns.arrow_tables import Taken, as_arrow
from qualify.columns.frames import CASTS, Job, family_of, planned
from qualify.columns.kinds import check_ids, check_rows
from qualify.columns.needs import Needs
from qualify.columns.plan import Plan
from qualify.errors import MissingExtra

if TYPE_CHECKING:
    import pyarrow as pa


def qualified(frame: Any, activities: Any, job: Job) -> Any:
    """The table or frame with what the definition says beside its columns; pandas keeps its index."""
    return beside(frame, outcome(frame, activities, job))


def outcome(frame: Any, activities: Any, job: Job) -> pa.Table:
    """What comes out for each row, without the frame's own columns."""
    leads = as_arrow(frame, job.lead_columns(activities=activities is not None))
    told = None if activities is None else as_arrow(activities, job.activity_columns)
    cast = CASTS[family_of(frame)]
    cast_activities = cast if activities is None else CASTS[family_of(activities)]
    happened = None if told is None else told.found
    plan, needs = planned(job, leads.found, happened, cast, cast_activities=cast_activities)
    if told is not None and needs.activities:
        check_ids(leads.found[job.lead_id], job.lead_id, told.found["lead_id"])
        _look_at(leads.table, told.table, job.lead_id)
    return judged(leads, told, job, plan, needs)


def judged(leads: Taken, activities: Taken | None, job: Job, plan: Plan, needs: Needs) -> pa.Table:
    """What comes out for each row of these tables, by Polars or DuckDB, whichever is there."""
    happened = activities if needs.activities else None
    if _is_there("polars"):
        found = _by_polars(leads, happened, job, plan)
    elif _is_there("duckdb") and _is_there("sqlglot"):
        found = _by_duckdb(leads, happened, job, plan)
    else:
        raise MissingExtra("qualify_frame", "Polars (or DuckDB and SQLGlot)", "frames")
    return found.cast(_schema(plan))


def _is_there(package: str) -> bool:
    try:
        import_module(package)
    except ImportError:
        return False
    return True


def _by_polars(leads: Taken, activities: Taken | None, job: Job, plan: Plan) -> pa.Table:
    import polars as pl

    from qualify.columns import in_polars, polars_frames

    frame: Any = pl.from_arrow(leads.table)
    if not leads.table.num_columns:
        frame = pl.DataFrame({"": pl.repeat(None, leads.table.num_rows, eager=True)})
    told: Any = None
    if activities is not None:
        told = polars_frames.joinable(pl.from_arrow(activities.table).lazy(), frame.lazy(), job.lead_id)  # type: ignore[union-attr]
    lead_id = None if told is None else job.lead_id
    found = in_polars.judged(frame.lazy(), told, plan, job.clock, lead_id)
    return found.select([output.name for output in plan.outputs]).collect().to_arrow()


def _by_duckdb(leads: Taken, activities: Taken | None, job: Job, plan: Plan) -> pa.Table:
    import duckdb

    from qualify.columns import duckdb_frames

    with duckdb.connect() as connection:
        relation = connection.from_arrow(leads.table if leads.table.num_columns else _numbered(leads.table))
        told = None if activities is None else activities.table
        found = duckdb_frames.judged(relation, told, job, plan, keep=())
        return found.to_arrow_table() if hasattr(found, "to_arrow_table") else found.arrow()


def _numbered(table: pa.Table) -> pa.Table:
    import pyarrow as pa

    return pa.table({"": pa.nulls(table.num_rows, pa.int64())})


def _schema(plan: Plan) -> pa.Schema:
    import pyarrow as pa

    types = {"flag": pa.bool_(), "whole": pa.int64(), "double": pa.float64()}
    return pa.schema([pa.field(output.name, types.get(output.kind, pa.string())) for output in plan.outputs])


def _look_at(leads: pa.Table, activities: pa.Table, lead_id: str) -> None:
    """FrameError where two leads have one id, one has none, or an activity lacks its lead, moment or type."""
    import pyarrow.compute as pc

    ids = leads[lead_id]
    known = len(ids) - ids.null_count
    check_rows(
        lead_id,
        doubled=known - pc.count_distinct(ids, mode="only_valid").as_py() if known else 0,
        nameless=ids.null_count,
        lost=activities["lead_id"].null_count,
        undated=activities["at"].null_count,
        untyped=activities["type"].null_count,
    )


def beside(frame: Any, outputs: pa.Table) -> Any:
    """The frame with these columns beside its own."""
    import pyarrow as pa

    if family_of(frame) == "pandas":
        return _beside_pandas(frame, outputs)
    if isinstance(frame, pa.RecordBatch):
        columns = [*frame.columns, *(_whole(column) for column in outputs.columns)]
        return pa.RecordBatch.from_arrays(columns, schema=_joined(frame.schema, outputs.schema))
    return pa.Table.from_arrays([*frame.columns, *outputs.columns], schema=_joined(frame.schema, outputs.schema))


def _joined(ours: pa.Schema, more: pa.Schema) -> pa.Schema:
    for field in more:
        ours = ours.append(field)
    return ours


def _whole(column: Any) -> Any:
    import pyarrow as pa

    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)


def _beside_pandas(frame: Any, outputs: pa.Table) -> Any:
    import pandas as pd
    import pyarrow as pa

    types = {
        pa.bool_(): pd.BooleanDtype(),
        pa.int64(): pd.Int64Dtype(),
        pa.float64(): pd.Float64Dtype(),
        pa.string(): pd.StringDtype(),
    }
    more = outputs.to_pandas(types_mapper=types.get)
    more.index = frame.index
    if frame.columns.nlevels > 1:
        return frame.assign(**{name: more[name] for name in more.columns})
    found = pd.concat([frame, more], axis=1)
    found.columns.name, found.attrs = frame.columns.name, dict(frame.attrs)
    return found
