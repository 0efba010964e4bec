"""How often a signal's points count, and how fast they fade, as they are written: read, or refused with what was meant."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal, cast

from qualify.definition.keys import MOST_DECIMALS
from qualify.definition.model import Fade, Limit, LimitPeriod

_LIMIT = re.compile(r"(\d{1,9}) (?:per (day|week|month|quarter|year)|(ever))", re.ASCII)
_LOOSE_LIMIT = re.compile(
    r"(?P<number>\d{1,9}|once)? ?(?:x|times)? ?(?:(?:per|a|an|each|every|/|in a) ?)?"
    r"(?P<period>day|week|month|quarter|year|ever)s?",
    re.ASCII | re.IGNORECASE,
)
_ONCE = {
    "daily": "1 per day",
    "weekly": "1 per week",
    "monthly": "1 per month",
    "yearly": "1 per year",
    "once": "1 ever",
}
_FADE = re.compile(
    r"(?:(?P<share>\d{1,9}(?:\.\d+)?) ?% |(?P<points>\d{1,9}(?:\.\d+)?) points? |(?P<half>half ))"
    r"per (?:(?P<number>\d{1,9}) )?(?P<unit>[a-z]+?)s?",
    re.ASCII,
)
_LOOSE_FADE = re.compile(
    r"-?(?P<amount>\d{1,9}(?:\.\d+)?)? ?(?P<what>%|percent|pct|points?|half|halve[sd]?)"
    r"(?: ?(?:per|a|an|each|every|in|/)? ?(?P<number>\d{1,9})? ?(?P<unit>hour|day|week|month|quarter|year)s?)?",
    re.ASCII | re.IGNORECASE,
)
_IN_DAYS = {"month": 30, "quarter": 90, "year": 365}


def read_limit(text: str) -> Limit:
    """A limit of a signal's points. Raises ValueError, with the form that was meant.

    >>> read_limit("2 per day")
    Limit(number=2, period='day')
    >>> read_limit("2")
    Traceback (most recent call last):
    ValueError: a limit says of what period: write '2 per day' (or week, month, quarter, year), or '2 ever'
    """
    text = text.strip()
    found = _LIMIT.fullmatch(text)
    if found is not None and int(found[1]):
        return Limit(int(found[1]), cast(LimitPeriod, found[2] or found[3]))
    if found is not None:
        raise ValueError("a limit is at least 1: what never counts stands in no score")
    if re.fullmatch(r"\d{1,9}", text, re.ASCII) and int(text):
        raise ValueError(
            f"a limit says of what period: write '{text} per day' (or week, month, quarter, year), or '{text} ever'"
        )
    loose = _LOOSE_LIMIT.fullmatch(text)
    meant = _ONCE.get(text.lower())
    if loose is not None:
        number, period = (loose["number"] or "once").lower(), loose["period"].lower()
        number = "1" if number == "once" else str(int(number))
        if number != "0":
            meant = f"{number} {'ever' if period == 'ever' else f'per {period}'}"
    if meant is not None:
        raise ValueError(f"a limit is written in one way: write '{meant}'")
    raise ValueError("a limit is written '2 per day' (or week, month, quarter, year), or '1 ever'")


def read_fade(text: str) -> Fade:
    """How points fade. Raises ValueError, with the form that was meant.

    >>> str(read_fade("25% per 30 days"))
    '25% per 30 days'
    >>> read_fade("5% a month")
    Traceback (most recent call last):
    ValueError: fading counts in hours, days or weeks, since months differ in length: write '5% per 30 days'
    """
    text = text.strip()
    found = _FADE.fullmatch(text)
    if found is None or found["unit"] not in ("hour", "day", "week") or found["number"] == "0":
        raise ValueError(_meant(text))
    unit = cast(Literal["hour", "day", "week"], found["unit"])
    number = int(found["number"] or 1)
    if number == 0:
        raise ValueError("points fade in periods of at least 1 hour, day or week")
    if found["half"]:
        return Fade("half", Decimal(0), number, unit)
    amount = Decimal(found["share"] or found["points"])
    decimals = -cast(int, (amount.normalize() + 0).as_tuple().exponent)
    if found["share"]:
        if not 0 < amount <= 100:
            what = "0% never fades: leave 'fades' out" if not amount else "100% is all there is"
            raise ValueError(f"a share is above 0% and at most 100%: {what}")
        if decimals > 2:
            raise ValueError("a share has at most 2 decimals")
    elif amount <= 0 or decimals > MOST_DECIMALS:
        raise ValueError(f"points that fade are above 0, with at most {MOST_DECIMALS} decimals")
    return Fade("percent" if found["share"] else "points", amount, number, unit)


def _meant(text: str) -> str:
    """What is said about a text that is no fading."""
    forms = "fading is written '25% per 30 days', '5 points per 7 days' or 'half per 14 days'"
    loose = _LOOSE_FADE.fullmatch(text)
    if loose is None or loose["number"] == "0":
        return forms
    what, unit, number = loose["what"].lower(), (loose["unit"] or "").lower(), int(loose["number"] or 1)
    half = what.startswith("hal")
    if half == bool(loose["amount"]):
        return forms
    much = "half" if half else f"{loose['amount']}{' points' if what.startswith('point') else '%'}"
    if not unit:
        return f"fading says in what time: write '{much} per 30 days'"
    why = "fading is written in one way"
    if unit in _IN_DAYS:
        why = f"fading counts in hours, days or weeks, since {unit}s differ in length"
        number, unit = number * _IN_DAYS[unit], "day"
    return f"{why}: write '{much} per {unit if number == 1 else f'{number} {unit}s'}'"


__all__ = ["read_fade", "read_limit"]
