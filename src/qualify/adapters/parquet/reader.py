"""Reading Parquet, batch by batch: each row with Python's own types."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

from qualify.adapters.columns import given_twice
from qualify.adapters.contract import BadRow, Facts, Reader, Row, Source
from qualify.adapters.sources import SourceBytes
from qualify.errors import AdapterError

BATCH = 2048


class _Progress:
    """How many rows were given."""

    given = 0


def open_parquet(source: Source) -> Reader:
    """A reader of a Parquet source."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    data = SourceBytes(source)
    spool: BinaryIO | None = None
    try:
        name = data.source_name
        file = data.seekable_file()
        if file is None:
            spool = file = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115 - closed in `close`
            shutil.copyfileobj(data, file)
            file.seek(0)
        try:
            table = pq.ParquetFile(file, pre_buffer=False)
            columns = tuple(table.schema_arrow.names)
        except (pa.ArrowException, OSError) as why:
            raise AdapterError(f"{name}: it is no Parquet file, or a damaged one") from why
        twice = given_twice(columns)
        if twice is not None:
            raise AdapterError(f"{name}: more than one column is called {twice!r}")
    except BaseException:
        data.close()
        if spool is not None:
            spool.close()
        raise

    def close() -> None:
        table.close()
        data.close()
        if spool is not None:
            spool.close()

    count, progress = table.metadata.num_rows, _Progress()
    return Reader(
        Facts(columns=columns, rows=count),
        _rows(name, table, progress),
        close=close,
        done=lambda: progress.given / count if count else 1.0,
    )


def _rows(name: str, table: Any, progress: _Progress) -> Iterator[Row | BadRow]:
    import pyarrow as pa

    number = 0
    if table.num_row_groups == 0:  # for which older releases of pyarrow raise
        return
    batches = table.iter_batches(batch_size=BATCH)
    while True:
        try:
            batch = next(batches, None)
        except (pa.ArrowException, OSError) as why:
            raise AdapterError(f"{name}: it is damaged after row {number}") from why
        if batch is None:
            return
        for found in _records(_in_microseconds(batch)):
            number += 1
            progress.given = number
            yield BadRow(number, found) if isinstance(found, str) else Row(number, found)


def _records(batch: Any) -> Iterator[dict[str, object] | str]:
    """Each row of a batch; instead of one with a value that Python has not, what is wrong with it."""
    try:
        yield from batch.to_pylist()
        return
    except (ValueError, OverflowError, ArithmeticError, LookupError):  # such as a moment in the year 10,000
        pass
    for at in range(batch.num_rows):
        record: dict[str, object] = {}
        fault = None
        for column in batch.schema.names:
            try:
                record[column] = batch.column(column)[at].as_py()
            except (ValueError, OverflowError, ArithmeticError, LookupError):
                kind = batch.schema.field(column).type
                fault = f"column {column!r}: a value of type {kind} that can't be read"
                break
        yield fault or record


def _in_microseconds(batch: Any) -> Any:
    """Moments and times in nanoseconds as Python has them: in microseconds, the rest cut off."""
    import pyarrow as pa
    import pyarrow.compute as pc

    for at, field in enumerate(batch.schema):
        if pa.types.is_timestamp(field.type) and field.type.unit == "ns":
            wanted = pa.timestamp("us", field.type.tz)
        elif pa.types.is_time64(field.type) and field.type.unit == "ns":
            wanted = pa.time64("us")
        else:
            continue
        batch = batch.set_column(at, field.with_type(wanted), pc.cast(batch.column(at), wanted, safe=False))
    return batch
