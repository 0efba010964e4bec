"""Many records that stand as columns, read field by field: each text that a column repeats is read once.

What comes out is what reading them record by record gives, and takes less the more often values repeat.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Mapping as AbcMapping
from dataclasses import dataclass

from qualify.mapping.reading import Column
from qualify.values import Unreadable, Value


@dataclass(frozen=True, slots=True)
class ManyValues:
    """The values of many records, field by field, and the numbers of the records that can't be read (from 0)."""

    fields: AbcMapping[str, Sequence[Value | None]]
    unreadable: tuple[int, ...]


def columns_read(sources: Iterable[str], columns: Iterable[str]) -> tuple[str, ...]:
    """The columns that these names and paths lead to or into.

    >>> columns_read(["company.name", "emails[kind=work].is", "city"], ["city", "company", "emails", "company.size"])
    ('city', 'company', 'emails')
    """
    wanted = list(sources)
    return tuple(column for column in columns if any(_leads_to(source, column) for source in wanted))


def _leads_to(source: str, column: str) -> bool:
    return source == column or (source.startswith(column) and source[len(column)] in ".[")


def read_columns(readers: AbcMapping[str, Column], columns: AbcMapping[str, Sequence[object]], rows: int) -> ManyValues:
    """What `rows` records say, whose properties are these columns."""
    fields: dict[str, list[Value | None]] = {}
    refused = set[int]()
    for name, reader in readers.items():
        heads = columns_read(reader.field.reads, columns)
        found = list(_read(reader.whole, heads, columns, rows))
        fields[name] = [None if isinstance(value, Unreadable) else value for value in found]
        refused.update(at for at, value in enumerate(found) if isinstance(value, Unreadable))
    return ManyValues(fields, tuple(sorted(refused)))


def _read(
    whole: Callable[[AbcMapping[str, object]], Value | None],
    heads: tuple[str, ...],
    columns: AbcMapping[str, Sequence[object]],
    rows: int,
) -> Iterator[Value | Unreadable | None]:
    """A field of each record; Unreadable where it can't be read."""

    def read(values: tuple[object, ...]) -> Value | Unreadable | None:
        try:
            return whole(dict(zip(heads, values, strict=True)))
        except Unreadable as why:
            return why

    if not heads:
        yield from [read(())] * rows
        return
    known: dict[object, Value | Unreadable | None] = {}
    if len(heads) == 1:
        for value in columns[heads[0]]:
            if type(value) is str or value is None:
                if value not in known:
                    known[value] = read((value,))
                yield known[value]
            else:
                yield read((value,))
        return
    for values in zip(*(columns[head] for head in heads), strict=True):
        if all(type(value) is str or value is None for value in values):
            if values not in known:
                known[values] = read(values)
            yield known[values]
        else:
            yield read(values)


__all__ = ["ManyValues", "columns_read", "read_columns"]
