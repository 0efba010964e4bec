"""What an adapter is: the types that a plugin fulfils and a caller relies on.

Reading gives `Row`s one by one, and a `BadRow` where one can't be read: a bad row is data, so that the rest
goes on. What makes the whole source unreadable (no such file, no header, damaged) is an `AdapterError`.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import BinaryIO, Literal, Protocol, Self, TypeAlias

Source: TypeAlias = str | os.PathLike[str] | BinaryIO
"""Where to read: a path, or a stream of bytes such as `sys.stdin.buffer`, which is the caller's to close."""

Target: TypeAlias = str | os.PathLike[str] | BinaryIO
"""Where to write: a path, or a stream of bytes such as `sys.stdout.buffer`."""

CONTRACT = 1
"""The version of this contract. An adapter that was made for a newer one is refused, and no other is touched."""

Ability = Literal["read", "write", "incremental", "activities", "setup"]
"""What an adapter can do: `read` leads, `write` verdicts; read only what changed since (`incremental`), tell what
happened with a lead (`activities`), make the properties that are written to (`setup`)."""

ColumnType = Literal["text", "boolean", "integer", "number", "decimal", "date", "datetime", "local datetime", "list"]


@dataclass(frozen=True, slots=True)
class Row:
    """One row that could be read: where it stands, and its properties by name, as the source says them.

    `number` is the place where a person looks for it: in text files the line on which the row begins (the
    first line is 1, a header too), elsewhere the count of rows, from 1. A property that the row doesn't
    have is absent from `record`; one that is there and empty is `""`, or None where the source has a null
    of its own.
    """

    number: int
    record: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class BadRow:
    """One row that could not be read, and why. `reason` never holds what the row says; `raw` does.

    `raw` is the row's text as it was found, where there is one: for a file of rejects that a person mends,
    and for nothing else. It is not in the `repr`.

    >>> BadRow(7, "12 cells, but 11 columns", raw="Ann,...")
    BadRow(number=7, reason='12 cells, but 11 columns')
    """

    number: int
    reason: str
    raw: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Facts:
    """What was found out about a source before its first row; None is what doesn't apply or isn't known.

    >>> str(Facts(columns=("Id", "City"), encoding="cp1252", delimiter=";"))
    "cp1252, separated by ';', 2 columns"
    """

    columns: tuple[str, ...] | None = None
    encoding: str | None = None
    delimiter: str | None = None
    rows: int | None = None

    def __str__(self) -> str:
        parts = [self.encoding] if self.encoding else []
        if self.delimiter:
            parts.append("separated by " + ("tabs" if self.delimiter == "\t" else repr(self.delimiter)))
        if self.columns is not None:
            parts.append(f"{len(self.columns)} column{'' if len(self.columns) == 1 else 's'}")
        if self.rows is not None:
            parts.append(f"{self.rows} row{'' if self.rows == 1 else 's'}")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Column:
    """One column to write. Formats with types of their own (Parquet) need `type`, or find it out.

    `"datetime"` is a moment with its zone, `"local datetime"` one without; `"list"` holds texts. `"number"`
    is a double; `"decimal"` is exact, with up to `decimals` places.
    """

    name: str
    type: ColumnType | None = None
    decimals: int = 18


class Reader:
    """An open source: `facts` now, and the rows once, in order, in constant memory. Use it in a `with` block.

    `done()` says how much of the source was read, from 0.0 to 1.0, or None where its size isn't known. An
    adapter makes one from an iterator of rows, and a function that closes what it opened.

    >>> with Reader(Facts(), iter([Row(1, {"id": "0031"})])) as leads:
    ...     [row.record["id"] for row in leads if isinstance(row, Row)]
    ['0031']
    """

    def __init__(
        self,
        facts: Facts,
        rows: Iterator[Row | BadRow],
        *,
        close: Callable[[], None] | None = None,
        done: Callable[[], float | None] | None = None,
    ) -> None:
        self.facts = facts
        self._rows, self._close, self._done = rows, close, done

    def __iter__(self) -> Iterator[Row | BadRow]:
        return self._rows

    def done(self) -> float | None:
        """How much of the source was read, from 0.0 to 1.0; None where nobody can know."""
        return None if self._done is None else self._done()

    def close(self) -> None:
        """Close what was opened; a stream that the caller gave stays open. May be called twice."""
        if self._close is not None:
            close, self._close = self._close, None
            close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Writer(ABC):
    """An open target. In a `with` block it is closed at the end, or aborted when the block raises.

    A path holds either all that was written or what it held before, wherever the system can do that: rows
    go to a new file beside it, which takes its place in `close`.
    """

    @abstractmethod
    def write(self, row: Mapping[str, object]) -> None:
        """Write one row. A column that it doesn't have is left empty.

        Raises AdapterError for a key that is no column, and for a value that this format can't hold
        exactly; the message names row, column and the kind of the value.
        """

    @abstractmethod
    def close(self) -> None:
        """Write what is left, and let the file take its place. May be called twice."""

    @abstractmethod
    def abort(self) -> None:
        """Throw away what was written to a path; on a stream, stop."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.close()
        else:
            self.abort()


class Adapter(Protocol):
    """The bridge to one kind of source: what it is called, and what it can do.

    An attribute `contract`, a whole number, says for which version of the contract it was made; without one it is 1.
    """

    @property
    def name(self) -> str:
        """The name of its entry point, such as `"csv"`."""

    @property
    def summary(self) -> str:
        """What it is, in a few words, for a list."""

    @property
    def can(self) -> frozenset[Ability]:
        """What it can do, such as `frozenset({"read", "write"})`."""


class FileAdapter(Adapter, Protocol):
    """An adapter for files of one format.

    Options are texts by name, so that a command line can pass them on; what an adapter knows stands in
    `read_options` and `write_options`, name to meaning. An unknown one is an AdapterError with the nearest
    name.
    """

    @property
    def suffixes(self) -> tuple[str, ...]:
        """How its files' names end, in lower case, such as `(".csv", ".csv.gz")`."""

    @property
    def read_options(self) -> Mapping[str, str]:
        """What can be said when reading: name to meaning."""

    @property
    def write_options(self) -> Mapping[str, str]:
        """What can be said when writing: name to meaning."""

    def read(self, source: Source, options: Mapping[str, str] = ...) -> Reader:
        """Open a source, and look at its beginning.

        Raises AdapterError where the source as a whole can't be read, MissingExtra where a package is
        missing.
        """

    def write(self, target: Target, columns: Sequence[Column | str], options: Mapping[str, str] = ...) -> Writer:
        """Open a target for rows with these columns, in this order.

        Raises AdapterError where it can't be written, MissingExtra where a package is missing.
        """
