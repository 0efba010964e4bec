"""Whether a record holds already what would be written, in whichever way the source says it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Literal, assert_never

Kind = Literal["text", "number", "boolean", "moment", "list"]

YES, NO = frozenset({"true", "1", "yes", "t"}), frozenset({"false", "0", "no", "f"})
SEPARATORS = str.maketrans(",\n", ";;")


def is_same(wanted: object, found: object, kind: Kind) -> bool:
    """Whether what a record holds is what would be written.

    A source may say a number as text, a yes as 1, a moment in its own zone or in milliseconds, and nothing as an
    empty text or as false.

    >>> is_same(35, "35.0", "number"), is_same(True, "true", "boolean"), is_same(None, "", "text")
    (True, True, True)
    >>> is_same("2026-11-20T12:00:00Z", "2026-11-20T13:00:00+01:00", "moment"), is_same("mql", "sql", "text")
    (True, False)
    """
    if _is_nothing(found, kind) or _is_nothing(wanted, kind):
        return _is_nothing(found, kind) and _is_nothing(wanted, kind)
    match kind:
        case "text":
            return _text(wanted) == _text(found)
        case "number":
            return _alike(_number(wanted), _number(found), wanted, found)
        case "boolean":
            return _alike(_boolean(wanted), _boolean(found), wanted, found)
        case "moment":
            return _alike(_moment(wanted), _moment(found), wanted, found)
        case "list":
            return _entries(wanted) == _entries(found)
        case _:
            assert_never(kind)


def _alike(one: object, other: object, wanted: object, found: object) -> bool:
    """The same where both can be read, else where both are the same text."""
    return _text(wanted) == _text(found) if one is None or other is None else one == other


def _is_nothing(value: object, kind: Kind) -> bool:
    if value is False:
        return kind != "boolean"
    return value is None or (
        isinstance(value, str | list | tuple) and not (value.strip() if isinstance(value, str) else value)
    )


def _text(value: object) -> str:
    said = value if isinstance(value, str) else str(value)
    return unicodedata.normalize("NFC", said).replace("\r\n", "\n").strip()


def _number(value: object) -> Decimal | None:
    if isinstance(value, Mapping):  # as Tryton says it
        value = value.get("decimal", value.get("amount"))
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        return None
    try:
        found = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _boolean(value: object) -> bool | None:
    said = str(value).strip().lower()
    return True if said in YES else False if said in NO else None


def _moment(value: object) -> datetime | None:
    match value:
        case datetime():
            found = value
        case date():
            found = datetime(value.year, value.month, value.day)
        case int() | float():
            return _of_epoch(value)
        case str() if value.strip().isdigit():
            return _of_epoch(int(value))
        case str():
            try:
                found = datetime.fromisoformat(value.strip())
            except ValueError:
                return None
        case _:
            return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


def _of_epoch(number: float) -> datetime | None:
    """Seconds since 1970, or milliseconds where seconds would be after the year 5000."""
    try:
        return datetime.fromtimestamp(number / 1000 if number > 10**11 else number, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _entries(value: object) -> list[str]:
    entries = value if isinstance(value, list | tuple) else str(value).translate(SEPARATORS).split(";")
    return sorted(filter(None, map(_text, entries)))


__all__ = ["Kind", "is_same"]
