"""What a signal's occurrences give to a score: which are kept, what each is worth, and the sum of it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import datetime, timedelta
from decimal import Context, Decimal
from fractions import Fraction
from functools import lru_cache
from math import inf
from typing import TypeAlias, assert_never

from qualify.definition.model import Limit, LimitPeriod, SignalPoints
from qualify.definition.scale import worth
from qualify.engine.clock import Clock

End: TypeAlias = Fraction | float
"""One end of an exact interval; a float is an infinity, where there is no end."""
Ends: TypeAlias = tuple[End, End]

_EXACT = Context(prec=200)
_HOURS = {"hour": 1, "day": 24, "week": 168}


def signal_points(points: SignalPoints, sure: list[datetime], every: list[datetime], clock: Clock) -> Ends:
    """At least and at most what occurrences give: from the sure ones, and from the unsure too."""
    certain, possible = (_bounded(total(points, times, clock), points.at_most) for times in (sure, every))
    return (certain, possible) if points.each >= 0 else (possible, certain)


def untold(points: SignalPoints) -> Ends:
    """The same where the source can't tell what happened: from nothing to as much as there can be."""
    bounds: list[End] = [inf]
    if points.at_most is not None:
        bounds.append(Fraction(points.at_most))
    if points.limit is not None and points.limit.period == "ever":
        bounds.append(abs(Fraction(points.each)) * points.limit.number)
    most = min(bounds) if points.each else Fraction(0)
    return (Fraction(0), most) if points.each >= 0 else (-most, Fraction(0))


def total(points: SignalPoints, times: Iterable[datetime], clock: Clock) -> Fraction:
    """What these occurrences are worth together."""
    period, now = fading_period(points), clock.as_of
    counting = kept(times, points.limit, clock)
    return sum((worth(points, 0 if period is None else (now - at) // period) for at in counting), Fraction(0))


def kept(times: Iterable[datetime], limit: Limit | None, clock: Clock) -> list[datetime]:
    """The occurrences that count: the latest so many of each period."""
    latest = sorted(times, reverse=True)
    if limit is None:
        return latest
    counted: dict[Hashable, int] = {}
    found = []
    for at in latest:
        period = period_of(at, limit.period, clock)
        counted[period] = counted.get(period, 0) + 1
        if counted[period] <= limit.number:
            found.append(at)
    return found


def period_of(at: datetime, period: LimitPeriod, clock: Clock) -> Hashable:
    """Which day, week (from Monday), month, quarter or year of the zone a moment lies in."""
    if period == "ever":
        return None
    day = clock.day(at)
    match period:
        case "day":
            return day
        case "week":
            return day.toordinal() - day.weekday()
        case "month":
            return day.year, day.month
        case "quarter":
            return day.year, (day.month - 1) // 3
        case "year":
            return day.year
        case _:
            assert_never(period)


def fading_period(points: SignalPoints) -> timedelta | None:
    """The period in which points fade; None where they don't."""
    if points.fades is None:
        return None
    try:
        return timedelta(hours=_HOURS[points.fades.unit] * points.fades.number)
    except OverflowError:
        return timedelta.max


@lru_cache(maxsize=4096)
def exact_decimal(value: End, scale: int = 1) -> Decimal:
    """A number of parts as a Decimal: all that scores can be has an end as a decimal, and an open end is infinite."""
    if isinstance(value, float):
        return Decimal(value)
    fraction = Fraction(value) / scale
    return _EXACT.divide(Decimal(fraction.numerator), Decimal(fraction.denominator)) + 0


def _bounded(points: Fraction, at_most: Decimal | None) -> Fraction:
    if at_most is None:
        return points
    most = Fraction(at_most)
    return max(-most, min(most, points))
