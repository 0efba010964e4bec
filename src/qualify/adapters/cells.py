"""Values as they are written, exactly: as the text of a cell, and as JSON.

Numbers keep all their digits, moments their offset, and missing stays missing. What has no exact form here
(a set, raw bytes, somebody's object) is refused with its kind.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Mapping
from decimal import Decimal

from qualify.values import kind_of

DEEPEST = 64
"""How deep lists and tables may stand in each other, read or written."""

PLAIN_EXPONENTS = range(-100, 101)
_quoted = json.JSONEncoder(ensure_ascii=False).encode


class Unwritable(Exception):
    """A value that has no exact form; the message has its kind, not the value."""


def as_text(value: object) -> str:
    """A value as the text of a cell: missing is empty, a list or a table is JSON.

    >>> [as_text(each) for each in (None, True, Decimal("60.50"), 0.1, dt.date(2026, 11, 20), ["a", "b"])]
    ['', 'true', '60.50', '0.1', '2026-11-20', '["a", "b"]']
    """
    match value:
        case None:
            return ""
        case str():
            return str.__str__(value)
        case bool():
            return "true" if value else "false"
        case int() | float() | Decimal():
            return _number(value)
        case dt.date() | dt.time():
            return value.isoformat()
        case list() | tuple() | Mapping():
            return as_json(value)
        case _:
            raise Unwritable(kind_of(value))


def as_json(value: object, depth: int = 0) -> str:
    """A value as JSON, in one line. Decimals are numbers with all their digits, dates ISO text.

    NaN and infinities are written as `NaN` and `Infinity`, which JSON proper has not, and which are read
    here.

    >>> as_json({"id": "0031", "fit": Decimal("60.50"), "interests": ("webinars",)})
    '{"id": "0031", "fit": 60.50, "interests": ["webinars"]}'
    """
    match value:
        case None:
            return "null"
        case str():
            return _quoted(str.__str__(value))
        case bool():
            return "true" if value else "false"
        case float() if not math.isfinite(value):
            return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
        case Decimal() if not value.is_finite():
            return "NaN" if value.is_nan() else "-Infinity" if value.is_signed() else "Infinity"
        case int() | float() | Decimal():
            return _number(value)
        case dt.date() | dt.time():
            return f'"{value.isoformat()}"'
        case list() | tuple() | Mapping() if depth >= DEEPEST:
            raise Unwritable(f"lists or tables more than {DEEPEST} deep")
        case list() | tuple():
            return "[" + ", ".join([as_json(each, depth + 1) for each in value]) + "]"
        case Mapping():
            pairs = [f"{_quoted(_key(key))}: {as_json(each, depth + 1)}" for key, each in value.items()]
            return "{" + ", ".join(pairs) + "}"
        case _:
            raise Unwritable(kind_of(value))


def _number(value: int | float | Decimal) -> str:
    match value:
        case int():
            try:
                return int.__repr__(value)
            except ValueError:  # Python's own limit, against slowness
                raise Unwritable("a number with thousands of digits") from None
        case float():
            return float.__repr__(value)
        case Decimal():
            exponent = value.as_tuple().exponent
            return format(value, "f") if exponent in PLAIN_EXPONENTS else str(value)


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise Unwritable(f"a table with {kind_of(key)} as a name")
    return str.__str__(key)
