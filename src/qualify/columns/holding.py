"""Values as columns hold them: which type holds most of them exactly, and which of them it doesn't."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any

from qualify.columns.expressions import Stored
from qualify.columns.rules import CannotSay
from qualify.vocabulary import FieldType

if TYPE_CHECKING:
    import pyarrow as pa

EXACT_IN_DOUBLES, LARGEST_WHOLE, DIGITS, AT_ONCE = 2**53, 2**63, 38, 50_000


@dataclass(frozen=True, slots=True)
class Column:
    """Values as a column holds them, and where it can't."""

    stored: Stored
    values: Sequence[object]
    odd: frozenset[int]


_PLAIN: Mapping[FieldType, tuple[Stored, type]] = {
    "text": (Stored("text"), str), "boolean": (Stored("flag"), bool), "date": (Stored("day"), date),
    "list": (Stored("texts"), tuple),
}  # fmt: skip


def column_of(kind: FieldType, values: Sequence[Any]) -> Column:
    """The column that holds most of these values.

    >>> column_of("number", [1, None, 2.5]).stored.kind, sorted(column_of("text", ["a", 7]).odd)
    ('double', [1])
    """
    if kind == "number":
        return _numbers(values)
    if kind == "datetime":
        return _moments(values)
    stored, its = _PLAIN[kind]
    odd = set[int]()
    if not set(map(type, values)) <= {its, type(None)}:
        odd = {at for at, value in enumerate(values) if value is not None and type(value) is not its}
    if kind == "list":
        odd |= {at for at, value in enumerate(values) if at not in odd and value and not set(map(type, value)) <= {str}}
    if kind in ("text", "list"):
        odd |= _halves(values, odd)
    return _without(stored, values, odd)


def _halves(values: Sequence[Any], odd: set[int]) -> set[int]:
    """Where half a pair of surrogates stands, which no column holds; mostly nowhere, which is known at once."""
    fine = [value for at, value in enumerate(values) if value and at not in odd] if odd else [*filter(None, values)]
    if _encodes("".join(value if isinstance(value, str) else "".join(value) for value in fine)):
        return set()
    return {at for at, value in enumerate(values) if at not in odd and value is not None and not _encodes(value)}


def _encodes(value: str | tuple[str, ...]) -> bool:
    try:
        (value if isinstance(value, str) else "".join(value)).encode()
    except UnicodeEncodeError:  # half of a pair
        return False
    return True


def _without(stored: Stored, values: Sequence[Any], odd: set[int]) -> Column:
    if odd:
        values = [None if at in odd else value for at, value in enumerate(values)]
    return Column(stored, values, frozenset(odd))


def _numbers(values: Sequence[Any]) -> Column:
    types = set(map(type, values)) - {type(None)}
    if types <= {int}:
        odd = {at for at, each in enumerate(values) if each is not None and not -LARGEST_WHOLE <= each < LARGEST_WHOLE}
        return _without(Stored("whole"), values, odd)
    if types <= {int, float}:
        odd = {at for at, each in enumerate(values) if each is not None and not _in_doubles(each)}
        return _without(Stored("double"), [None if each is None else each * 1.0 if at not in odd else None
                                           for at, each in enumerate(values)], odd)  # fmt: skip
    whole, decimals, odd = 1, 0, set[int]()
    for at, each in enumerate(values):
        if type(each) is Decimal and each.is_finite():
            exponent = each.as_tuple().exponent
            assert isinstance(exponent, int)
            size = (max(whole, each.adjusted() + 1), max(decimals, -exponent))
        elif type(each) is int and abs(each) < 10**18:
            size = (max(whole, len(str(abs(each)))), decimals)
        elif each is None:
            continue
        else:
            size = (DIGITS, DIGITS)
        if sum(size) > DIGITS:
            odd.add(at)
        else:
            whole, decimals = size
    exact = [None if each is None or at in odd else Decimal(each) for at, each in enumerate(values)]
    return Column(Stored("decimal", DIGITS, decimals), exact, frozenset(odd))


def _in_doubles(value: object) -> bool:
    if type(value) is float:
        return isfinite(value)
    return type(value) is int and -EXACT_IN_DOUBLES <= value <= EXACT_IN_DOUBLES


def _moments(values: Sequence[Any]) -> Column:
    instants = {at for at, each in enumerate(values) if type(each) is datetime and each.tzinfo is not None}
    walls = {at for at, each in enumerate(values) if type(each) is datetime and each.tzinfo is None}
    others = {at for at, each in enumerate(values) if each is not None} - instants - walls
    if len(walls) > len(instants):
        return _without(Stored("wall"), values, others | instants)
    return _without(Stored("instant"), values, others | walls)


def table_of(columns: Mapping[str, Column]) -> pa.Table:
    """Columns as a table of Arrow's."""
    import pyarrow as pa

    types = {
        "text": pa.string(), "flag": pa.bool_(), "whole": pa.int64(), "double": pa.float64(), "day": pa.date32(),
        "wall": pa.timestamp("us"), "instant": pa.timestamp("us", "UTC"), "texts": pa.list_(pa.string()),
    }  # fmt: skip
    arrays = {
        name: pa.array(
            each.values, types.get(each.stored.kind) or pa.decimal128(DIGITS, each.stored.decimals), from_pandas=False
        )
        for name, each in columns.items()
    }
    return pa.table(arrays)


def fits_at_sight(kind: FieldType, values: Sequence[Any]) -> bool:
    """Whether all values are of a type that needs no second look, in a column that nothing hangs on."""
    return set(map(type, values)) <= _AT_SIGHT[kind]


_NONE = type(None)
_AT_SIGHT: Mapping[FieldType, set[type]] = {
    "text": {str, _NONE}, "number": {int, _NONE}, "boolean": {bool, _NONE}, "date": {date, _NONE},
    "datetime": {datetime, _NONE}, "list": {_NONE},
}  # fmt: skip


class Happened:
    """Activities as columns, kept small while they come; and the leads of whom one can't stand in a column."""

    def __init__(self, properties: Mapping[str, FieldType]) -> None:
        self.types: Mapping[str, FieldType] = {"lead_id": "text", "type": "text", "at": "datetime", **properties}
        self.odd: set[str] = set()
        self._rows: list[tuple[object, ...]] = []
        self._parts: list[dict[str, Column]] = []
        self._tables: list[pa.Table] = []

    def add(self, lead_id: str, kind: str, at: datetime, said: Mapping[str, object]) -> None:
        """One more; its moment is an instant."""
        self._rows.append((lead_id, kind, at, *(said.get(name) for name in (*self.types,)[3:])))
        if len(self._rows) >= AT_ONCE:
            self._put()

    def _put(self) -> None:
        lists = zip(*self._rows, strict=True) if self._rows else [()] * len(self.types)
        part = {name: _small_wholes(column_of(kind, values))
                for (name, kind), values in zip(self.types.items(), lists, strict=True)}  # fmt: skip
        self.odd.update(str(self._rows[at][0]) for each in part.values() for at in each.odd)
        self._tables.append(table_of(part))
        self._parts.append({name: replace(each, values=()) for name, each in part.items()})
        self._rows.clear()

    def whole(self) -> tuple[dict[str, Stored], pa.Table]:
        """How all are stored, and the table. CannotSay where numbers of one property have no common column."""
        import pyarrow as pa

        self._put()
        stored: dict[str, Stored] = {}
        for name in self.types:
            kinds = {part[name].stored.kind: part[name].stored for part in self._parts}
            decimals = max(part[name].stored.decimals for part in self._parts)
            if {"decimal", "double"} <= kinds.keys():
                raise CannotSay(
                    f"'{name}' holds decimals and floats, which no column holds exactly together", code="no-columns"
                )
            wide = next((kind for kind in ("decimal", "double") if kind in kinds), next(iter(kinds)))
            stored[name] = replace(kinds[wide], decimals=decimals) if wide == "decimal" else kinds[wide]
        schema = table_of({name: Column(each, (), frozenset()) for name, each in stored.items()}).schema
        return stored, pa.concat_tables([each.cast(schema) for each in self._tables])


def _small_wholes(column: Column) -> Column:
    """Whole numbers that a double or a decimal of the next activities can hold too."""
    if column.stored.kind != "whole":
        return column
    values = column.values
    odd = {at for at, each in enumerate(values) if each is not None and not _in_doubles(each)}
    return _without(column.stored, values, odd | column.odd)


__all__ = ["Column", "Happened", "column_of", "fits_at_sight", "table_of"]
