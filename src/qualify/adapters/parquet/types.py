"""The types of columns: what each holds exactly, and which one holds all of what was seen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NoReturn, assert_never

from qualify.adapters.cells import Unwritable, as_text
from qualify.adapters.contract import ColumnType
from qualify.values import kind_of

DIGITS = 38
"""So many digits Parquet's widest common decimal has."""

LARGEST_INTEGER = 2**63
LARGEST_EXACT = 2**53


class Unfit(Exception):
    """A value that a column can't hold exactly; the message has its kind, not the value."""


def fitted(kind: ColumnType, decimals: int, value: object) -> object:
    """The value as a column of this type holds it, None for missing; Unfit where it can't, exactly.

    >>> fitted("decimal", 2, 60), fitted("text", 0, True)
    (Decimal('60'), 'true')
    """
    if value is None:
        return None
    return _FITTED[kind](value) if kind != "decimal" else _decimal(value, decimals)


def arrow_type(kind: ColumnType, decimals: int) -> Any:
    """The Arrow type of a column."""
    import pyarrow as pa

    match kind:
        case "text":
            return pa.string()
        case "boolean":
            return pa.bool_()
        case "integer":
            return pa.int64()
        case "number":
            return pa.float64()
        case "decimal":
            return pa.decimal128(DIGITS, decimals)
        case "date":
            return pa.date32()
        case "datetime":
            return pa.timestamp("us", tz="UTC")
        case "local datetime":
            return pa.timestamp("us")
        case "list":
            return pa.list_(pa.string())
        case _:
            assert_never(kind)


@dataclass(slots=True)
class Seen:
    """What a column's values were so far, as far as its type depends on it."""

    kinds: set[ColumnType] = field(default_factory=set)
    whole_digits: int = 0
    decimals: int = 0
    lowest: int = 0
    highest: int = 0

    def add(self, value: object) -> None:
        """One more value. Raises Unfit for one that no column holds."""
        match value:
            case None:
                return
            case bool():
                self.kinds.add("boolean")
            case int():
                self.kinds.add("integer")
                self.lowest, self.highest = min(self.lowest, value), max(self.highest, value)
                digits = len(str(abs(value))) if abs(value) < 10**DIGITS else DIGITS + 1
                self.whole_digits = max(self.whole_digits, digits)
            case float():
                self.kinds.add("number")
            case Decimal() if value.is_finite():
                self.kinds.add("decimal")
                self.whole_digits = max(self.whole_digits, value.adjusted() + 1)
                self.decimals = max(self.decimals, -int(value.as_tuple().exponent))
            case dt.datetime():
                self.kinds.add("local datetime" if value.tzinfo is None else "datetime")
            case dt.date():
                self.kinds.add("date")
            case list() | tuple() if all(isinstance(each, str) for each in value):
                self.kinds.add("list")
            case _:
                _text(value)
                self.kinds.add("text")

    def type(self) -> tuple[ColumnType, int]:
        """The type that holds all of them exactly, and its decimals; text where no other does."""
        kinds = self.kinds
        if len(kinds) == 1 and not kinds & {"integer", "decimal"}:
            return next(iter(kinds)), 0
        if kinds == {"integer"} and self.lowest >= -LARGEST_INTEGER and self.highest < LARGEST_INTEGER:
            return "integer", 0
        if kinds == {"integer", "number"} and max(-self.lowest, self.highest) <= LARGEST_EXACT:
            return "number", 0
        if kinds and kinds <= {"integer", "decimal"} and self.whole_digits + self.decimals <= DIGITS:
            return "decimal", self.decimals
        return "text", 0


def _text(value: object) -> str:
    try:
        return as_text(value)
    except Unwritable as why:
        raise Unfit(str(why)) from None


def _boolean(value: object) -> object:
    return value if isinstance(value, bool) else _refuse(value)


def _integer(value: object) -> object:
    if not isinstance(value, int) or isinstance(value, bool):
        return _refuse(value)
    if not -LARGEST_INTEGER <= value < LARGEST_INTEGER:
        raise Unfit("a number that 64 bits don't hold")
    return value


def _number(value: object) -> object:
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        try:
            double = float(value)
            if double == value or value != value:
                return double
        except (OverflowError, ValueError, ArithmeticError):
            pass
        raise Unfit("a number that no double holds exactly")
    return _refuse(value)


def _decimal(value: object, decimals: int) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return _refuse(value)
    exact = Decimal(value)
    if not exact.is_finite():
        raise Unfit("a number that isn't finite")
    if exact:
        exponent = int(exact.as_tuple().exponent)
        if exponent < -decimals:
            raise Unfit(f"a number with more than {decimals} decimals")
        if exact.adjusted() + 1 + decimals > DIGITS:
            raise Unfit(f"a number with more than {DIGITS - decimals} digits before the point")
    return exact


def _date(value: object) -> object:
    return value if isinstance(value, dt.date) and not isinstance(value, dt.datetime) else _refuse(value)


def _moment(value: object) -> object:
    if isinstance(value, dt.datetime) and value.tzinfo is None:
        raise Unfit("a date and time without a zone")
    return value if isinstance(value, dt.datetime) else _refuse(value)


def _local_moment(value: object) -> object:
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        raise Unfit("a date and time with a zone")
    return value if isinstance(value, dt.datetime) else _refuse(value)


def _list(value: object) -> object:
    fits = isinstance(value, list | tuple) and all(isinstance(each, str) for each in value)
    return value if fits else _refuse(value)


def _refuse(value: object) -> NoReturn:
    raise Unfit(kind_of(value))


_FITTED: Mapping[ColumnType, Callable[[object], object]] = {
    "text": _text,
    "boolean": _boolean,
    "integer": _integer,
    "number": _number,
    "date": _date,
    "datetime": _moment,
    "local datetime": _local_moment,
    "list": _list,
}
