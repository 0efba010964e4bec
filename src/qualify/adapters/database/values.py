"""Values on their way into a column and out of it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network
from typing import Any

from sqlalchemy import Boolean, Column, Date, DateTime, Numeric, String, Text, Uuid, literal, types
from sqlalchemy.types import TypeEngine

from qualify.adapters.database.intervals import interval_text
from qualify.adapters.records import PropertyType
from qualify.errors import QualifyError

TYPES: dict[PropertyType, Callable[[], TypeEngine[Any]]] = {
    "text": Text,
    "long text": Text,
    "number": lambda: Numeric(38, 12),  # points and weights of four places, multiplied with each other
    "boolean": Boolean,
    "date": Date,
    "datetime": lambda: DateTime(timezone=True),
}
"""For each type of a new property, its column's."""


class Unfit(QualifyError):
    """A value that a column can't hold."""

    code = "unfit"


def fitted(value: object, kind: TypeEngine[Any], *, sqlite: bool) -> object:
    """A value as a column of this type takes it. Raises Unfit where it can't.

    >>> from sqlalchemy import Integer
    >>> fitted("0031", Integer(), sqlite=False), fitted(True, Text(), sqlite=False)
    (31, 'true')
    """
    if value is None:
        return None
    try:
        found = _fitted(value, kind)
    except (ValueError, TypeError, InvalidOperation):
        raise Unfit(f"the column holds {type(kind).__name__.lower()}, which this isn't") from None
    if sqlite and isinstance(kind, types.JSON):
        return json.dumps(found, ensure_ascii=False)
    return _for_sqlite(found) if sqlite else found


def bound(at: object, column: Column[Any], *, sqlite: bool) -> object:
    """A moment of change as its column is compared with it; one that no calendar has stays as the database wrote it."""
    if sqlite:
        return at
    try:
        return fitted(at, column.type, sqlite=False)
    except Unfit:
        return literal(at, column.type)


def _fitted(value: object, kind: TypeEngine[Any]) -> object:
    match kind:
        case String():
            return _text(value)
        case Uuid():
            return value if isinstance(value, uuid.UUID) else uuid.UUID(str(value))
        case Boolean():
            return value if isinstance(value, bool) else {"true": True, "false": False}[str(value).lower()]
        case types.Integer():
            return value if isinstance(value, int) else _whole(value)
        case Numeric():
            return value if isinstance(value, int | float | Decimal) else Decimal(str(value))
        case DateTime():
            moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
            return moment if kind.timezone or moment.tzinfo is None else moment.astimezone(UTC).replace(tzinfo=None)
        case types.JSON():
            return _plain(value)
        case types.ARRAY():
            if not isinstance(value, list | tuple):
                raise TypeError
            return [None if each is None else _fitted(each, kind.item_type) for each in value]
        case Date():
            day = value.date() if isinstance(value, datetime) else value
            return day if isinstance(day, date) else date.fromisoformat(str(value))
        case _:
            return value


def _plain(value: object) -> object:
    """A value as JSON can say it."""
    match value:
        case Mapping():
            return {str(key): _plain(each) for key, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case None | bool() | int() | float():
            return value
        case _:
            return _text(value)


def _whole(value: object) -> int:
    found = Decimal(str(value))
    if found != found.to_integral_value():
        raise ValueError
    return int(found)


def _text(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case datetime() | date():
            return value.isoformat()
        case list() | tuple():
            return ", ".join(map(str, value))
        case Decimal():
            return f"{value:f}"
        case _:
            return str(value)


def _for_sqlite(value: object) -> object:
    """SQLite has numbers and text: moments are ISO text in UTC, which sorts."""
    match value:
        case bool():
            return int(value)
        case datetime():
            in_utc = value if value.tzinfo is None else value.astimezone(UTC).replace(tzinfo=None)
            return in_utc.isoformat(" ", "microseconds")
        case date() | uuid.UUID():
            return str(value)
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case _:
            return value


def told(value: object, kind: TypeEngine[Any], *, sqlite: bool) -> object:
    """A value of a column as a record holds it.

    What has one obvious text is text, and what SQLite keeps in a column of JSON is what that says.

    >>> told('["print", "labels"]', types.JSON(), sqlite=True), told(timedelta(days=10), types.Interval(), sqlite=False)
    (['print', 'labels'], 'P10D')
    """
    if sqlite and isinstance(kind, types.JSON) and isinstance(value, str):
        with suppress(ValueError, RecursionError):  # SQLite checks nothing: what is no JSON is the text that it is
            return json.loads(value)
    if sqlite and isinstance(kind, Boolean) and value in (0, 1):
        return bool(value)
    return value if type(value) in _AS_THEY_ARE else _said(value)


def _said(value: object) -> object:
    match value:
        case uuid.UUID():
            return str(value)
        case IPv4Address() | IPv6Address() | IPv4Interface() | IPv6Interface() | IPv4Network() | IPv6Network():
            return str(value)
        case timedelta():
            return interval_text(value)
        case time():
            return value.isoformat()
        case memoryview():
            return bytes(value)
        case list():
            return [_said(each) for each in value]
        case _:
            return value


_AS_THEY_ARE = frozenset({str, int, float, bool, type(None), Decimal, datetime, date})


def type_of(column: Column[Any]) -> TypeEngine[Any]:
    """The type that a column was declared with; what is read of SQLite has no other, see `tables`."""
    found: TypeEngine[Any] = column.info.get("declared", column.type)
    return found


__all__ = ["TYPES", "Unfit", "bound", "fitted", "told", "type_of"]
