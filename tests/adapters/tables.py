"""Tables to write and to read again, and streams that never end up in memory."""

import datetime as dt
import io
from collections.abc import Iterable, Iterator
from typing import Any

from hypothesis import strategies as st

from qualify.adapters import BadRow, Row, file_adapter

NAMES = st.text("abcdefghijklmnopqrstuvwxyzäøß0123456789_ ", min_size=1, max_size=8).map(
    lambda name: f"c{name}".strip()
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
MOMENTS = st.datetimes(
    min_value=dt.datetime(1900, 1, 1),
    max_value=dt.datetime(2200, 1, 1),
    timezones=st.sampled_from([dt.UTC, dt.timezone(dt.timedelta(hours=-7)), dt.timezone(dt.timedelta(hours=5.5))]),
)
DECIMALS = st.decimals(min_value=-(10**9), max_value=10**9, places=4)


@st.composite
def tables(draw: st.DrawFn, values: st.SearchStrategy[Any]) -> tuple[list[str], list[dict[str, Any]]]:
    """Names of columns, and rows that each have all of them."""
    columns = draw(st.lists(NAMES, min_size=1, max_size=5, unique=True))
    rows = draw(st.lists(st.lists(values, min_size=len(columns), max_size=len(columns)), max_size=6))
    return columns, [dict(zip(columns, row, strict=True)) for row in rows]


def written(name: str, columns: Iterable[Any], rows: Iterable[dict[str, Any]], **options: str) -> bytes:
    """What an adapter writes to a stream."""
    stream = io.BytesIO()
    with file_adapter(name).write(stream, list(columns), options) as writer:
        for row in rows:
            writer.write(row)
    return stream.getvalue()


def read(name: str, data: bytes | str, **options: str) -> list[Row | BadRow]:
    """What an adapter reads from a stream; text is in UTF-8."""
    with file_adapter(name).read(io.BytesIO(data.encode() if isinstance(data, str) else data), options) as reader:
        return list(reader)


def records(name: str, data: bytes | str, **options: str) -> list[Any]:
    """The records that an adapter reads from a stream in which no row is bad."""
    found = read(name, data, **options)
    assert not [row for row in found if isinstance(row, BadRow)]
    return [row.record for row in found if isinstance(row, Row)]


def bad(name: str, data: bytes | str, **options: str) -> list[tuple[int, str]]:
    """Number and reason of the bad rows."""
    return [(row.number, row.reason) for row in read(name, data, **options) if isinstance(row, BadRow)]


class Pipe(io.RawIOBase):
    """A stream that can only be read on, and that makes its bytes when they are asked for."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        super().__init__()
        self._pieces: Iterator[bytes] = iter(pieces)
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = piece
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size


def exact(value: object) -> object:
    """A value by type and meaning: True isn't 1, a double isn't a decimal, a moment is one in any zone."""
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        return "moment", value.astimezone(dt.UTC)
    return type(value).__name__, value
