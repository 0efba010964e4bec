"""Many columns read from one record in one pass: each table that their paths lead into is looked up once.

The pass is a function that is written for a mapping, a few lines a field: a loop over the fields would cost as much
again as the reading itself. For `email = "properties.email"` and `city = { from = ["city", "company.city"], as = ... }`:

    def fill(record, values):
        get0 = record.get
        table1 = get0("properties")
        if table1.__class__ is dict:
            get1 = table1.get
        ...
        try:
            found = get1("email")
            if is no clean text: found = read0[found]
        except TypeError:  # a list or a table, where text was likelier
            found = whole0(record)
        values["email"] = found
        try:
            found = read1[get0("city")]
            if found is None: found = read1[get2("city")]
        except TypeError:
            found = whole1(record)
        values["city"] = found
        return True
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from collections.abc import Mapping as AbcMapping
from typing import Any, cast

from qualify.mapping.paths import ABSENT, names_before, names_of, parts_of
from qualify.mapping.reading import Column, Record

Place = tuple[int, str]
"""A table's number, and the name in it."""

Fill = Callable[[Record, dict[str, Any]], bool]


class Pass:
    """All fields of a mapping, read from a record at once.

    >>> from qualify.mapping.table import FieldMap, Table
    >>> from qualify.mapping.conversions import CONVERSIONS
    >>> city = FieldMap("city", ("address.city",), type="text")
    >>> Pass({"city": Column(city, Table(), CONVERSIONS)}).read({"address": {"city": "Ghent"}}, {})
    {'city': 'Ghent'}
    """

    __slots__ = ("_at_once", "_columns")

    def __init__(self, columns: AbcMapping[str, Column]) -> None:
        self._columns = tuple((name, column.whole) for name, column in columns.items())
        self._at_once = _written_out(columns)

    def read(self, record: Record, values: dict[str, Any]) -> dict[str, Any]:
        """Fill in the values of all fields; Unreadable where one can't be read."""
        if not self._at_once(record, values):
            for name, whole in self._columns:
                values[name] = whole(record)
        return values


class _Tables:
    """The tables in a record that plain paths go through, by number; the record itself is number 0."""

    def __init__(self) -> None:
        self.way: list[Place] = []  # of each other table: the table above, and the name in it
        self.longer: defaultdict[int, set[str]] = defaultdict(set)  # by table: names that would go before a path
        self._number: dict[Place, int] = {}

    def place(self, source: str) -> Place | None:
        """Where a property stands; None for a path that is not plain."""
        names = names_of(source)
        if names is None:
            return None
        parts, table = parts_of(source), 0
        for at, name in enumerate(names[:-1]):
            self.longer[table] |= names_before(parts, names, at)
            if (table, name) not in self._number:
                self.way.append((table, name))
                self._number[table, name] = len(self.way)
            table = self._number[table, name]
        return table, names[-1]


class _Known:
    """What the written function knows beside its arguments, each by a name of its own."""

    def __init__(self, **said: object) -> None:
        self.names = said

    def name(self, what: str, value: object) -> str:
        """The name for a value."""
        name = f"{what}{len(self.names)}"
        self.names[name] = value
        return name


def _written_out(columns: AbcMapping[str, Column]) -> Fill:
    """The function that fills in `values`, or says False where the record is built otherwise than its paths expect.

    Names from the mapping stand in it as literals, and in no other way.
    """
    tables, known = _Tables(), _Known(ABSENT=ABSENT, NOTHING={})
    fields = [line for name, column in columns.items() for line in _field(name, column, tables, known)]
    lines = [
        "def fill(record, values):",
        *(f"    {line}" for line in (*_opened(tables, known), *fields, "return True")),
    ]
    exec("\n".join(lines), known.names)  # noqa: S102 - made here, from names as literals
    return cast("Fill", known.names["fill"])


def _opened(tables: _Tables, known: _Known) -> Iterator[str]:
    """The lines that look up the tables."""
    yield "get0 = record.get"
    yield from _no_longer_name("record", tables.longer[0], known)
    for number, (above, name) in enumerate(tables.way, 1):
        table = f"table{number}"
        yield f"{table} = get{above}({name!r})"
        yield f"if {table}.__class__ is dict:"
        for line in _no_longer_name(table, tables.longer[number], known):
            yield f"    {line}"
        yield f"    get{number} = {table}.get"
        if name.endswith("."):  # a shorter name may do
            there = "record" if not above else f"table{above}"
            yield f"elif {table} is None and ({there} is None or {name!r} in {there}):"
        else:
            yield f"elif {table} is None:"
        yield f"    get{number} = NOTHING.get"
        yield "else:"
        yield "    return False"


def _no_longer_name(table: str, longer: set[str], known: _Known) -> Iterator[str]:
    if longer:
        yield f"if not {table}.keys().isdisjoint({known.name('longer', frozenset(longer))}):"
        yield "    return False"  # a name with a point in it goes before a path


def _field(name: str, column: Column, tables: _Tables, known: _Known) -> Iterator[str]:
    """The lines that read one field."""
    whole = known.name("whole", column.whole)
    places = [tables.place(source) for source in column.field.sources] if column.in_text else []
    plain = [place for place in places if place is not None]
    if not plain or len(plain) < len(places) or (len(plain) > 1 and column.null is not None):
        yield f"values[{name!r}] = {whole}(record)"
        return
    read = known.name("read", column.remembered)
    yield "try:"
    if column.null is not None:
        ((at, key),) = plain
        null = known.name("null", column.null)
        yield f"    found = get{at}({key!r}, ABSENT)"
        yield f"    found = {null} if found is None else None if found is ABSENT else {read}[found]"
    else:
        indent = "    "
        for nth, (at, key) in enumerate(plain):
            if nth:
                yield f"{indent}if found is None:"
                indent += "    "
            if column.as_it_is_over is None:
                yield f"{indent}found = {read}[get{at}({key!r})]"
            else:
                yield f"{indent}found = get{at}({key!r})"
                yield (
                    f"{indent}if found.__class__ is not str or len(found) <= {column.as_it_is_over}"
                    f" or not found.isascii() or found != found.strip(): found = {read}[found]"
                )
    yield "except TypeError:"  # a list or a table, where text was likelier
    yield f"    found = {whole}(record)"
    yield f"values[{name!r}] = found"


__all__ = ["Pass"]
