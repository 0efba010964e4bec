"""Writing Parquet: rows as they come where all types are known, else from a temporary file at the end."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any

from qualify.adapters.columns import check_names, columns_of
from qualify.adapters.contract import Column, Target, Writer
from qualify.adapters.parquet.types import Seen, Unfit, arrow_type, fitted
from qualify.adapters.targets import CountedStream, TargetBytes
from qualify.errors import AdapterError

BATCH = 2048
BATCHES_IN_A_GROUP = 32
"""A row group is 65,536 rows: large enough to be read fast, small enough to be held."""


class ParquetWriter(Writer):
    """Rows as a table with types. See `Writer`."""

    def __init__(self, target: Target, columns: Sequence[Column | str]) -> None:
        self._columns = columns_of("parquet", columns)
        self._names = frozenset(each.name for each in self._columns)
        self._row = 0
        self._open = True
        self._target = TargetBytes(target)
        self._table: _Table | None = None
        self._spool: IO[bytes] | None = None
        self._seen = {each.name: Seen() for each in self._columns if each.type is None}
        try:
            if self._seen:
                self._spool = tempfile.TemporaryFile()  # noqa: SIM115 - closed in `close` and `abort`
            else:
                self._table = _Table(self._target, self._columns)
        except BaseException:
            self.abort()
            raise

    def write(self, row: Mapping[str, object]) -> None:
        """Write one row."""
        self._row += 1
        if not row.keys() <= self._names:
            check_names(self._row, row, (each.name for each in self._columns))
        values = [self._checked(column, row.get(column.name)) for column in self._columns]
        if self._table is not None:
            self._table.add(values)
        elif self._spool is not None:
            pickle.dump(values, self._spool)

    def close(self) -> None:
        """Write what is left, and let the file take its place."""
        if not self._open:
            return
        try:
            if self._table is None:
                self._table = self._from_spool()
            self._table.close()
        except BaseException:
            self.abort()
            raise
        self._open = False
        self._target.commit()

    def abort(self) -> None:
        """Throw the new file away."""
        self._open = False
        if self._table is not None:
            self._table.give_up()
        if self._spool is not None:
            self._spool.close()
        self._target.discard()

    def _checked(self, column: Column, value: object) -> object:
        try:
            if column.type is not None:
                return fitted(column.type, column.decimals, value)
            self._seen[column.name].add(value)
            return value
        except Unfit as why:
            expected = f"expected {column.type}, found " if column.type else "can't be written: "
            raise AdapterError(f"row {self._row}: column {column.name!r}: {expected}{why}") from None

    def _from_spool(self) -> _Table:
        """All rows once more, now that every column's type is known."""
        columns = tuple(
            Column(each.name, *self._seen[each.name].type()) if each.type is None else each for each in self._columns
        )
        table = _Table(self._target, columns)
        for values in self._spooled():
            table.add(
                [
                    fitted(column.type, column.decimals, value) if column.type else value
                    for column, value in zip(columns, values, strict=True)
                ]
            )
        return table

    def _spooled(self) -> Iterator[list[object]]:
        assert self._spool is not None
        with self._spool as spool:
            spool.seek(0)
            for _ in range(self._row):
                yield pickle.load(spool)  # of our own making, in a file that has no name


class _Table:
    """A Parquet file that grows by row groups."""

    def __init__(self, target: TargetBytes, columns: Sequence[Column]) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        fields = [(each.name, arrow_type(each.type, each.decimals)) for each in columns if each.type]
        self._schema = pa.schema(fields)
        self._stream = CountedStream(target)
        self._writer = pq.ParquetWriter(self._stream, self._schema)
        self._rows: list[list[object]] = []
        self._batches: list[Any] = []

    def add(self, values: list[object]) -> None:
        """One more row, whose values fit."""
        self._rows.append(values)
        if len(self._rows) >= BATCH:
            self._pack()
            if len(self._batches) >= BATCHES_IN_A_GROUP:
                self._flush()

    def close(self) -> None:
        """Write what is left, and the footer."""
        self._flush()
        self._writer.close()

    def give_up(self) -> None:
        """Write nothing more."""
        self._stream.muted = True
        self._writer.close()

    def _pack(self) -> None:
        """Rows into one batch of Arrow's, which takes a fraction of their room."""
        import pyarrow as pa

        columns = list(zip(*self._rows, strict=True)) or [()] * len(self._schema)
        arrays = [pa.array(each, field.type) for each, field in zip(columns, self._schema, strict=True)]
        self._batches.append(pa.record_batch(arrays, schema=self._schema))
        self._rows = []

    def _flush(self) -> None:
        import pyarrow as pa

        if self._rows:
            self._pack()
        if self._batches:
            table = pa.Table.from_batches(self._batches, self._schema)
            self._writer.write_table(table, row_group_size=table.num_rows)
            self._batches = []
