"""The columns that a writer was given: each once, and no row with another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from qualify.adapters.contract import Column
from qualify.errors import AdapterError, nearest


def columns_of(adapter: str, columns: Sequence[Column | str], *, needed: bool = True) -> tuple[Column, ...]:
    """The columns, of which a text is one with its name only.

    Raises AdapterError for one that is given twice, and for none where they are needed.
    """
    found = tuple(Column(each) if isinstance(each, str) else each for each in columns)
    if needed and not found:
        raise AdapterError(f"{adapter}: a table needs at least one column")
    twice = given_twice(each.name for each in found)
    if twice is not None:
        raise AdapterError(f"{adapter}: column {twice!r} is given twice")
    return found


def given_twice(names: Iterable[str]) -> str | None:
    """The first name that was there before, or None.

    >>> given_twice(["Id", "Email", "Email"])
    'Email'
    """
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None


def check_names(number: int, row: Mapping[str, object], names: Iterable[str]) -> None:
    """Refuse row `number` when it has a key that is no column; the message has the nearest one."""
    known = frozenset(names)
    for name in row:
        if name not in known:
            near = nearest(name, sorted(known))
            hint = f"; did you mean {near!r}?" if near else ""
            raise AdapterError(f"row {number}: no column {name!r}{hint}")
