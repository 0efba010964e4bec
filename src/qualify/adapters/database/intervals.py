"""Lengths of time as text of ISO 8601: months and years stay what they are, since no number of days says them."""

from __future__ import annotations

import re
from datetime import timedelta

_WRITTEN = re.compile(
    r"(?:([-+]?\d+) years? ?)?(?:([-+]?\d+) mons? ?)?(?:([-+]?\d+) days? ?)?(?:([-+]?)(\d+):(\d+):(\d+(?:\.\d+)?))?"
)


def interval_text(said: str | timedelta) -> str:
    """An interval as PostgreSQL writes it, or as Python holds it, in the form of ISO 8601; other text stays.

    >>> interval_text("1 year -2 mons +3 days 04:05:06.5"), interval_text("-00:00:01"), interval_text("00:00:00")
    ('P1Y-2M3DT4H5M6.5S', 'PT-1S', 'PT0S')
    >>> interval_text(timedelta(days=32, hours=3)), interval_text(timedelta(seconds=-90.5))
    ('P32DT3H', 'PT-1M-30.5S')
    """
    found = _WRITTEN.fullmatch(_written(said) if isinstance(said, timedelta) else said)
    if found is None or not found[0]:
        return str(said)
    years, months, days, sign, *clock = found.groups()
    day = "".join(_part("", each, unit) for each, unit in zip((years, months, days), "YMD", strict=True))
    time = "".join(_part(sign, each, unit) for each, unit in zip(clock, "HMS", strict=True))
    return f"P{day}T{time}" if time else f"P{day}" if day else "PT0S"


def _part(sign: str, number: str | None, unit: str) -> str:
    if number is None:
        return ""
    shown = number.lstrip("+")
    negative = sign == "-" or shown.startswith("-")
    whole, point, rest = shown.lstrip("-").partition(".")
    rest = rest.rstrip("0")
    whole = whole.lstrip("0") or "0"
    if whole == "0" and not rest:
        return ""
    return f"{'-' if negative else ''}{whole}{point if rest else ''}{rest}{unit}"


def _written(said: timedelta) -> str:
    """As PostgreSQL would write it."""
    sign, length = ("-", -said) if said < timedelta(0) else ("", said)
    clock = timedelta(seconds=length.seconds)
    return f"{sign}{length.days} days {sign}{clock}.{length.microseconds:06}"


__all__ = ["interval_text"]
