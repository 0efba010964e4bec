"""Columns of pandas' frames as Arrow's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa


def table_of(frame: Any, names: list[str]) -> pa.Table:
    """Columns of a pandas frame as Arrow's; NaN becomes null, and an object column what all its values are."""
    import pyarrow as pa

    columns, wrong = {}, []
    for name in names:
        try:
            columns[name] = pa.Array.from_pandas(frame[name])
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
            wrong.append(name)
            columns[name] = pa.array(
                [None if value is None else repr(type(value)) for value in frame[name]]
            ).dictionary_encode()
    del wrong
    return pa.table(columns)
