"""What a signal gives to a score, fast: what `points` says, in integers on the common scale.

An occurrence is never worth more than a later one, so the latest so many of a period are those that are worth the
most; what is kept is found by age, and nothing needs to be in order.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime, timedelta, tzinfo
from fractions import Fraction
from typing import Any, TypeAlias, assert_never

from qualify.definition.model import Limit, LimitPeriod, SignalPoints
from qualify.definition.scale import ages, worth
from qualify.engine.clock import Clock
from qualify.engine.points import End, fading_period, untold
from qualify.engine.sight import Event

MOST_AGES = 10_000
"""Ages whose worth is reckoned beforehand."""
DAY, NEVER = timedelta(days=1), timedelta.max

Key: TypeAlias = Callable[[datetime], Any]
"""Which period a moment of the zone's calendar lies in."""


class SignalCard:
    """What a signal gives to a score, in integers on the common scale."""

    def __init__(self, points: SignalPoints, scale: int) -> None:
        self.given, self.scale = points, scale
        self.each = self._whole(Fraction(points.each))
        self.at_most = None if points.at_most is None else self._whole(Fraction(points.at_most))
        self.period = fading_period(points) or NEVER
        number = ages(points)
        self.complete = number <= MOST_AGES
        self.worth = [self._whole(worth(points, age)) for age in range(min(number, MOST_AGES))]
        self.in_days = not self.period % DAY and number * self.period.days <= MOST_AGES
        if self.in_days:
            self.worth = [each for each in self.worth for _ in range(self.period.days)]
        self.limit = points.limit
        self.key = None if points.limit is None or points.limit.period == "ever" else key_of(points.limit.period)
        low, high = untold(points)
        self.untold: tuple[Any, Any] = (self._end(low), self._end(high))

    def _whole(self, points: Fraction) -> int:
        return int(points * self.scale)

    def _end(self, end: End) -> int | float:
        return end if isinstance(end, float) else self._whole(end)

    def points(self, sure: Collection[Event], unsure: Collection[Event], clock: Clock) -> tuple[int, int]:
        """At least and at most, from the sure occurrences and from the unsure too."""
        certain, possible = self.total(sure, clock), self.total((*sure, *unsure), clock)
        return (certain, possible) if self.each >= 0 else (possible, certain)

    def total(self, events: Collection[Event], clock: Clock) -> int:
        """What these are worth together, within the bound."""
        limit = self.limit
        if limit is not None and len(events) <= limit.number:
            limit = None
        if self.given.fades is None:
            found = self.each * _number(events, limit, self.key, clock)
        elif self.in_days:
            found = self._in_days(events, limit, clock)
        else:
            found = self._in_periods(events, limit, clock)
        if self.at_most is not None:
            return self.at_most if found > self.at_most else -self.at_most if found < -self.at_most else found
        return found

    def _in_days(self, events: Collection[Event], limit: Limit | None, clock: Clock) -> int:
        """Points that fade by whole days, which is what nearly everybody writes."""
        now, worth, found = clock.as_of, self.worth, 0
        left = len(worth)
        if limit is None:
            for at, _ in events:
                age = (now - at).days
                if age < left:
                    found += worth[age]
            return found
        young = [(age, at) for at, _ in events if (age := (now - at).days) < left]
        return sum([worth[age] for age in _youngest(young, limit, self.key, clock)])

    def _in_periods(self, events: Collection[Event], limit: Limit | None, clock: Clock) -> int:
        now, period = clock.as_of, self.period
        aged: Iterable[int] = [(now - at) // period for at, _ in events]
        if limit is not None:
            aged = _youngest(zip(aged, (at for at, _ in events), strict=True), limit, self.key, clock)
        left, found = len(self.worth), 0
        for age in aged:
            if age < left:
                found += self.worth[age]
            elif not self.complete:
                found += self._whole(worth(self.given, age))
        return found


def _number(events: Collection[Event], limit: Limit | None, key: Key | None, clock: Clock) -> int:
    """How many of these count."""
    if limit is None:
        return len(events)
    if key is None:
        return limit.number
    times = local([at for at, _ in events], clock)
    if limit.number == 1:
        return len(set(map(key, times)))
    counted: dict[Any, int] = {}
    for period in map(key, times):
        counted[period] = counted.get(period, 0) + 1
    most = limit.number
    return sum([number if number < most else most for number in counted.values()])


def _youngest(aged: Iterable[tuple[int, datetime]], limit: Limit, key: Key | None, clock: Clock) -> Iterable[int]:
    """The ages of those that count: the youngest so many of each period."""
    pairs = list(aged)
    if key is None:
        return sorted([age for age, _ in pairs])[: limit.number]
    periods = map(key, local([at for _, at in pairs], clock))
    if limit.number == 1:
        youngest: dict[Any, int] = {}
        for (age, _), period in zip(pairs, periods, strict=True):
            if age < youngest.get(period, age + 1):
                youngest[period] = age
        return youngest.values()
    by_period: dict[Any, list[int]] = {}
    for (age, _), period in zip(pairs, periods, strict=True):
        by_period.setdefault(period, []).append(age)
    kept: list[int] = []
    for listed in by_period.values():
        kept += listed if len(listed) <= limit.number else sorted(listed)[: limit.number]
    return kept


def local(times: list[datetime], clock: Clock) -> Iterable[datetime]:
    """Instants as the zone's calendar has them."""
    zone = clock.zone
    return times if zone is UTC else [_local(at, zone, clock) for at in times]


def _local(at: datetime, zone: tzinfo, clock: Clock) -> datetime:
    try:
        return at.astimezone(zone)
    except OverflowError:
        return clock.wall(at)


def key_of(period: LimitPeriod) -> Key:
    """What tells one day, week (from Monday), month, quarter or year from another."""
    match period:
        case "day":
            return datetime.toordinal
        case "week":
            return lambda at: (at.toordinal() - 1) // 7  # the first day of the calendar is a Monday
        case "month":
            return lambda at: (at.year, at.month)
        case "quarter":
            return lambda at: (at.year, (at.month - 1) // 3)
        case "year":
            return lambda at: at.year
        case "ever":
            return lambda _: None
        case _:
            assert_never(period)
