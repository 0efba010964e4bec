"""Arrow's tables and pandas' frames: judged by Polars, or by DuckDB where Polars isn't there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qualify.columns import polars_frames
from qualify.columns.arrow_tables import table_of
from qualify.columns.frames import Job, family_of

if TYPE_CHECKING:
    import pyarrow as pa


def qualified(frame: Any, activities: Any, job: Job) -> Any:
    """The table or frame with what the definition says beside its columns; pandas keeps its index."""
    import pyarrow as pa

    if family_of(frame) == "pandas":
        table = table_of(frame, [name for name in frame.columns if isinstance(name, str)])
        found = _judged(table, activities, job)
        outputs = found.select(found.column_names[table.num_columns :])
        return frame.assign(**_series(outputs, frame.index))
    table = pa.Table.from_batches([frame]) if isinstance(frame, pa.RecordBatch) else frame
    found = _judged(table, activities, job)
    for name in found.column_names[table.num_columns :]:
        table = table.append_column(name, found[name])
    return table.combine_chunks().to_batches()[0] if isinstance(frame, pa.RecordBatch) and table.num_rows else table


def _judged(table: pa.Table, activities: Any, job: Job) -> pa.Table:
    import polars as pl
    import pyarrow as pa

    leads = pl.from_arrow(table)
    assert isinstance(leads, pl.DataFrame)
    found = polars_frames.qualified(leads, activities, job).to_arrow()
    small = [
        pa.field(
            each.name,
            pa.string() if pa.types.is_large_string(each.type) or str(each.type) == "string_view" else each.type,
        )
        for each in found.schema
    ]
    return found.cast(pa.schema(small))


def _series(outputs: pa.Table, index: Any) -> dict[str, Any]:
    import pandas as pd
    import pyarrow as pa

    types = {
        pa.bool_(): pd.BooleanDtype(),
        pa.int64(): pd.Int64Dtype(),
        pa.float64(): pd.Float64Dtype(),
        pa.string(): pd.StringDtype(),
    }
    found = outputs.to_pandas(types_mapper=types.get)
    found.index = index
    return {name: found[name] for name in found.columns}
