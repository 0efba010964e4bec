"""Moments to judge at, and the places of the calendar where programs go wrong."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from qualify.testing.pick import Pick
from qualify.testing.written import ZONES

BASES = (
    dt.datetime(2026, 11, 2, 9, 30),
    dt.datetime(2024, 2, 29, 12),
    dt.datetime(2026, 1, 31),
    dt.datetime(2026, 3, 31, 23, 59, 59),
    dt.datetime(2026, 11, 1, 1, 30),
    dt.datetime(2026, 11, 1, 5, 30),
    dt.datetime(2026, 3, 8, 2, 30),
    dt.datetime(2026, 3, 8, 7),
    dt.datetime(2026, 10, 25, 1, 30),
    dt.datetime(2026, 3, 29, 2, 30),
    dt.datetime(2025, 3, 1),
    dt.datetime(2027, 1, 1),
    dt.datetime(2026, 4, 5, 1, 45),
    dt.datetime(2011, 12, 30, 12),
)
ENDS = (dt.datetime(1, 1, 1), dt.datetime(1, 1, 1, 12), dt.datetime(9999, 12, 31, 23, 59, 59, 999_999))
STEPS = tuple(
    dt.timedelta(**step)
    for step in (
        {},
        {"microseconds": 1},
        {"microseconds": -1},
        {"seconds": 1},
        {"hours": -1},
        {"hours": 1},
        {"minutes": -30},
        {"days": 1},
        {"days": -1},
        {"days": -29},
        {"days": 89},
    )
)


@st.composite
def moments(draw: Any, *, aware: bool = False) -> dt.datetime:
    """Moments to judge at: month ends, leap days, clock changes, the ends of time; in any zone or naive."""
    pick = Pick(draw)
    base = pick.of(ENDS) if pick.one_in(20) else pick.of(BASES)
    moment = moved(base, pick.of(STEPS))
    forms: tuple[str, ...] = ("utc", "zone", "utc" if aware else "naive", "fixed")
    match pick.of(forms):
        case "utc":
            return moment.replace(tzinfo=dt.UTC)
        case "naive":
            return moment
        case "zone":
            return instant_or_utc(moment.replace(tzinfo=ZoneInfo(pick.of(ZONES)), fold=pick.whole(0, 1)))
        case _:
            return instant_or_utc(moment.replace(tzinfo=dt.timezone(dt.timedelta(hours=pick.whole(-11, 13)))))


def moved(moment: dt.datetime, step: dt.timedelta) -> dt.datetime:
    """The moment so much later, or itself where that lies outside the calendar."""
    try:
        return moment + step
    except OverflowError:
        return moment


def instant_or_utc(moment: dt.datetime) -> dt.datetime:
    """The moment, or the same wall clock in UTC where its instant lies outside the calendar."""
    try:
        moment.astimezone(dt.UTC)
    except OverflowError:
        return moment.replace(tzinfo=dt.UTC, fold=0)
    return moment
