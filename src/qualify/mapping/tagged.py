"""Values that JSON has no form for, as Tryton writes them: `{"__class__": "Decimal", "decimal": "120000.00"}`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import cast

from qualify.values import Unreadable

TAG = "__class__"


def untagged(value: object) -> object:
    """The value that a tagged table stands for; any other value as it is.

    A length of time is its number of seconds. Raises Unreadable for a tag whose parts make no value.

    >>> untagged({"__class__": "date", "year": 2026, "month": 10, "day": 1}), untagged({"amount": 7})
    (datetime.date(2026, 10, 1), {'amount': 7})
    """
    if not isinstance(value, Mapping) or TAG not in value:
        return value
    parts = cast(Mapping[str, int], value)
    try:
        match value[TAG]:
            case "Decimal":
                return Decimal(str(value["decimal"]))
            case "date":
                return date(parts["year"], parts["month"], parts["day"])
            case "datetime":
                return datetime(parts["year"], parts["month"], parts["day"], *_clock(parts))
            case "time":
                return time(*_clock(parts))
            case "timedelta":
                return value["seconds"]
            case _:
                return value
    except (KeyError, TypeError, ValueError, OverflowError, InvalidOperation):
        raise Unreadable("a tagged value", f"a {value[TAG]} whose parts make none") from None


def _clock(parts: Mapping[str, int]) -> tuple[int, int, int, int]:
    return parts["hour"], parts["minute"], parts.get("second", 0), parts.get("microsecond", 0)


__all__ = ["untagged"]
