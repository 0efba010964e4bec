"""A value on its way in: cleaned, of its type, or refused.

Nothing is guessed from text (that is a mapping's work), except that dates and moments may come as ISO text,
since JSON has no other form for them. What is refused is described by its kind, never by its value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from math import isinf
from numbers import Integral
from typing import Any, assert_never

from qualify.errors import LeadError
from qualify.text import clean
from qualify.vocabulary import FieldType

Value = str | int | float | Decimal | bool | date | datetime | tuple[str, ...]
"""What a field or a property can hold once it is read; missing is None."""


class Unreadable(Exception):
    """A value that is not of its type: what was expected, and the kind of what was found."""

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(f"expected {expected}, found {found}")
        self.expected, self.found = expected, found

    def __reduce__(self) -> tuple[type[Unreadable], tuple[str, str]]:
        return Unreadable, (self.expected, self.found)


EXPECTED: Mapping[FieldType, str] = {
    "text": "text",
    "number": "a number",
    "boolean": "true or false",
    "date": "a date",
    "datetime": "a date with a time",
    "list": "a list of texts",
}


def kind_of(value: object) -> str:
    """The kind of a value, for a message: never the value itself.

    >>> kind_of("secret"), kind_of(True), kind_of([1, 2]), kind_of({1})
    ('text (6 characters)', 'true or false', 'a list (2 entries)', 'a set (1 entry)')
    """
    match value:
        case None:
            return "nothing"
        case bool():
            return "true or false"
        case str():
            return f"text ({len(value)} character{'' if len(value) == 1 else 's'})"
        case int() | float() | Decimal():
            return "a number"
        case datetime():
            return "a date with a time"
        case date():
            return "a date"
        case list() | tuple():
            return f"a list ({len(value)} entr{'y' if len(value) == 1 else 'ies'})"
        case set() | frozenset():
            return f"a set ({len(value)} entr{'y' if len(value) == 1 else 'ies'})"
        case dict():
            return f"a table ({len(value)} entr{'y' if len(value) == 1 else 'ies'})"
        case _:
            return f"something of type {type(value).__name__}"


def is_missing(value: object) -> bool:
    """Whether a value stands for nothing: None, blank text, NaN (and pandas' NaT)."""
    if value is None:
        return True
    if isinstance(value, str):
        return not clean(value)
    if isinstance(value, float | datetime):
        return value != value
    return isinstance(value, Decimal) and value.is_nan()


def read_value(kind: FieldType, value: object) -> Value | None:
    """The value as a lead holds it, None where it stands for nothing; Unreadable where it is of another type."""
    return None if is_missing(value) else READERS[kind](value)


def _text(value: object) -> str:
    if isinstance(value, str):
        return clean(value if type(value) is str else str.__str__(value))
    raise Unreadable("text", kind_of(value))


def _number(value: object) -> int | float | Decimal:
    if isinstance(value, bool):
        raise Unreadable("a number", kind_of(value))
    if isinstance(value, float):
        if isinf(value):
            raise Unreadable("a number", "infinity")
        return float(value)
    if isinstance(value, Decimal):
        if value.is_infinite():
            raise Unreadable("a number", "infinity")
        return value
    if isinstance(value, int | Integral):
        return int(value)
    raise Unreadable("a number", kind_of(value))


def _boolean(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise Unreadable("true or false", kind_of(value))


_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:?\d\d)?", re.ASCII)


def _date(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and _DATE.fullmatch(text := clean(value)):
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise Unreadable("a date", "text that is not a day of the calendar") from None
    raise Unreadable("a date", kind_of(value))


def _moment(value: object) -> datetime:
    if isinstance(value, str) and _MOMENT.fullmatch(text := clean(value)):
        try:
            value = datetime.fromisoformat(text.upper())
        except ValueError:
            raise Unreadable(EXPECTED["datetime"], "text that is not a moment of the calendar") from None
    if not isinstance(value, datetime):
        raise Unreadable(EXPECTED["datetime"], kind_of(value))
    return value if value.tzinfo is None else instant(value)


def instant(value: datetime) -> datetime:
    """An aware date-time as an instant in UTC; one outside the years 1 to 9999 is refused."""
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise Unreadable("a moment in the years 1 to 9999", "one outside") from None


def _list(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise Unreadable("a list of texts", kind_of(value))
    for entry in value:
        if not (isinstance(entry, str) or is_missing(entry)):
            raise Unreadable("a list of texts", f"a list that holds {kind_of(entry)}")
    return tuple(_text(entry) for entry in value if not is_missing(entry))


READERS: Mapping[FieldType, Callable[[object], Value]] = {
    "text": _text,
    "number": _number,
    "boolean": _boolean,
    "date": _date,
    "datetime": _moment,
    "list": _list,
}
"""For each type, the function that reads a value that is not missing."""


def amount_in_ten_thousandths(amount: int | float | Decimal) -> int:
    """An amount as the whole number of ten-thousandths that `sum` adds up, so that no order matters.

    Whole numbers and decimals exactly (more than 4 decimals, and 10^12 and more, are refused); a float as
    floor(amount x 10000 + 0.5).

    >>> amount_in_ten_thousandths(Decimal("12.5")), amount_in_ten_thousandths(0.1)
    (125000, 1000)
    """
    if not -(10**12) < amount < 10**12:
        raise Unreadable("an amount below 1,000,000,000,000", "a larger one")
    if isinstance(amount, float):
        from math import floor

        return floor(amount * 10000 + 0.5)
    if isinstance(amount, int):
        return amount * 10000
    sign, digits, exponent = amount.as_tuple()
    whole = int("".join(map(str, digits)) or "0")
    assert isinstance(exponent, int)
    if exponent >= -4:
        whole *= 10 ** (exponent + 4)
    else:
        dropped = -4 - exponent
        whole, rest = divmod(whole, 10**dropped) if dropped <= len(digits) else (0, whole)
        if rest:
            raise Unreadable("an amount with at most 4 decimals", "one with more")
    return -whole if sign else whole


def read_activity(given: object) -> tuple[str, datetime, dict[str, Any]]:
    """Type, moment and properties of an activity given as a table or an object; LeadError where one is wrong."""
    if isinstance(given, Mapping):
        kind, at, properties = given.get("type"), given.get("at"), given.get("properties")
    elif hasattr(given, "type") and hasattr(given, "at"):
        kind, at, properties = given.type, given.at, getattr(given, "properties", None)
    else:
        raise LeadError(field="activities", expected="a table with 'type', 'at' and 'properties'", found=kind_of(given))
    if is_missing(kind) or not isinstance(kind, str):
        raise LeadError(field="activities: type", expected="text", found=kind_of(kind))
    if is_missing(at):
        raise LeadError(field="activities: at", expected=EXPECTED["datetime"], found="nothing")
    try:
        moment = _moment(at)
    except Unreadable as why:
        raise LeadError(field="activities: at", expected=why.expected, found=why.found) from None
    if properties is None:
        properties = {}
    if not isinstance(properties, Mapping):
        raise LeadError(field="activities: properties", expected="a table", found=kind_of(properties))
    return _text(kind), moment, {str(name): _tidy(value) for name, value in properties.items()}


def _tidy(value: object) -> Any:
    """A property's value before its type is known."""
    if is_missing(value):
        return None
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list | tuple):
        return tuple(_tidy(entry) for entry in value if not is_missing(entry))
    if isinstance(value, datetime) and value.tzinfo is not None:
        try:
            return instant(value)
        except Unreadable as why:
            raise LeadError(field="activities: properties", expected=why.expected, found=why.found) from None
    return value


def python_type(kind: FieldType) -> object:
    """The annotation of a field of this type in a lead's model."""
    match kind:
        case "text":
            return str
        case "number":
            return int | float | Decimal
        case "boolean":
            return bool
        case "date":
            return date
        case "datetime":
            return datetime
        case "list":
            return tuple[str, ...]
        case _:
            assert_never(kind)
