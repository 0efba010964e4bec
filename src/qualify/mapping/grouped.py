"""Many columns read from one record in one pass: each table that their paths lead into is looked up once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from collections.abc import Mapping as AbcMapping
from typing import Any, cast

from qualify.mapping.paths import ABSENT, names_before, names_of, parts_of
from qualify.mapping.reading import Column, ReadField, Record, Remembered
from qualify.values import Value

_NONE: AbcMapping[str, object] = {}
Named = tuple[str, str, Remembered, ReadField]
Several = tuple[str, tuple[tuple[int, str], ...], Remembered, Value | None, ReadField]


class _Tables:
    """The tables in a record that plain paths go through, by number; the record itself is number 0."""

    def __init__(self) -> None:
        self.way: list[tuple[int, str, bool]] = []  # the table above, the name in it, and whether a shorter name may do
        self.longer: defaultdict[int, set[str]] = defaultdict(set)  # by table: names that would go before a path
        self._number: dict[tuple[int, str], int] = {}

    def place(self, source: str) -> tuple[int, str] | None:
        """The table's number and the name in it; None for a path that is not plain."""
        names = names_of(source)
        if names is None:
            return None
        parts, table = parts_of(source), 0
        for at, name in enumerate(names[:-1]):
            self.longer[table] |= names_before(parts, names, at)
            if (table, name) not in self._number:
                self.way.append((table, name, name.endswith(".")))
                self._number[table, name] = len(self.way)
            table = self._number[table, name]
        return table, names[-1]


class Pass:
    """All fields of a mapping, read from a record at once.

    >>> from qualify.mapping.table import FieldMap, Table
    >>> from qualify.mapping.conversions import CONVERSIONS
    >>> city = FieldMap("city", ("address.city",), type="text")
    >>> Pass({"city": Column(city, Table(), CONVERSIONS)}).read({"address": {"city": "Ghent"}}, {})
    {'city': 'Ghent'}
    """

    __slots__ = ("_all", "_at_once", "_longer", "_named", "_several", "_slow", "_way", "_with_null")

    def __init__(self, columns: AbcMapping[str, Column]) -> None:
        tables, named = _Tables(), defaultdict[int, list[Named]](list)
        several: list[Several] = []
        slow: list[tuple[str, ReadField]] = []
        for name, column in columns.items():
            places = [tables.place(source) for source in column.field.sources] if column.in_text else []
            known = tuple(place for place in places if place is not None)
            if not known or len(known) < len(places):
                slow.append((name, column.whole))
            elif len(known) == 1 and column.null is None:
                ((at, key),) = known
                named[at].append((name, key, column.remembered, column.whole))
            else:
                several.append((name, known, column.remembered, column.null, column.whole))
        self._named = tuple((at, tuple(each)) for at, each in named.items())
        self._several = tuple(each for each in several if each[3] is None)
        self._with_null = tuple(each for each in several if each[3] is not None)
        self._slow = tuple(slow)
        self._all = tuple((name, column.whole) for name, column in columns.items())
        self._longer = frozenset(tables.longer[0])
        self._way = tuple((*way, frozenset(tables.longer[number])) for number, way in enumerate(tables.way, 1))
        self._at_once = _written_out(self._named, self._several, 1 + len(self._way))

    def read(self, record: Record, values: dict[str, Any]) -> dict[str, Any]:
        """Fill in the values of all fields; Unreadable where one can't be read."""
        tables = self._opened(record)
        if tables is None:
            for name, whole in self._all:
                values[name] = whole(record)
            return values
        try:
            self._at_once(values, *[table.get for table in tables])
        except TypeError:  # a list or a table, where text was likelier
            self._one_by_one(record, values, tables)
        for name, places, remembered, null, whole in self._with_null:
            try:
                values[name] = _first(tables, places, remembered, null)
            except TypeError:
                values[name] = whole(record)
        for name, whole in self._slow:
            values[name] = whole(record)
        return values

    def _one_by_one(self, record: Record, values: dict[str, Any], tables: list[AbcMapping[str, object]]) -> None:
        """The same as at once, where a value is no text."""
        for at, columns in self._named:
            get = tables[at].get
            for name, key, remembered, whole in columns:
                try:
                    values[name] = remembered[get(key)]
                except TypeError:
                    values[name] = whole(record)
        for name, places, remembered, _, whole in self._several:
            try:
                values[name] = _first(tables, places, remembered, None)
            except TypeError:
                values[name] = whole(record)

    def _opened(self, record: Record) -> list[AbcMapping[str, object]] | None:
        """The tables by number; None where the record is built otherwise than the paths let expect."""
        if self._longer and not record.keys().isdisjoint(self._longer):
            return None  # a name with a point in it goes before a path
        tables: list[AbcMapping[str, object]] = [record]
        for above, name, shorter, longer in self._way:
            table = tables[above].get(name)
            if type(table) is dict:
                if longer and not table.keys().isdisjoint(longer):
                    return None
                tables.append(table)
            elif table is not None or (shorter and tables[above] is not _NONE and name not in tables[above]):
                return None
            else:
                tables.append(_NONE)
        return tables


def _written_out(
    named: tuple[tuple[int, tuple[Named, ...]], ...], several: tuple[Several, ...], tables: int
) -> Callable[..., None]:
    """A function that fills in `values` with the tables' `get`, a line a field: a loop over them costs as much again.

    Names from the mapping stand in it as literals, and in no other way.
    """
    known: dict[str, object] = {}
    lines = [f"def fill(values, {', '.join(f'get{at}' for at in range(tables))}):"]
    for at, columns in named:
        for name, key, remembered, _ in columns:
            reader = f"read{len(known)}"
            known[reader] = remembered
            lines.append(f"    values[{name!r}] = {reader}[get{at}({key!r})]")
    for name, places, remembered, _, _ in several:
        reader = f"read{len(known)}"
        known[reader] = remembered
        (at, key), *others = places
        lines.append(f"    found = {reader}[get{at}({key!r})]")
        for at, key in others:
            lines.append(f"    if found is None: found = {reader}[get{at}({key!r})]")
        lines.append(f"    values[{name!r}] = found")
    exec("\n".join([*lines, "    return"]), known)  # noqa: S102 - made here, from names as literals
    return cast("Callable[..., None]", known["fill"])


def _first(
    tables: list[AbcMapping[str, object]],
    places: tuple[tuple[int, str], ...],
    remembered: Remembered,
    null: Value | None,
) -> Value | None:
    null_seen = False
    for at, key in places:
        value = tables[at].get(key, ABSENT)
        if value is None:
            null_seen = True
        elif value is not ABSENT:
            known = remembered[value]
            if known is not None:
                return known
    return null if null_seen else None


__all__ = ["Pass"]
