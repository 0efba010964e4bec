"""What a signal gives to a score, fast: what `points` says, in integers on the common scale.

An occurrence is never worth more than a later one, so the latest so many of a period are those that are worth the
most; what is kept is found by age, and nothing needs to be in order.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from fractions import Fraction
from math import inf
from typing import Any, TypeAlias

from qualify.definition.model import LimitPeriod, SignalPoints
from qualify.definition.scale import ages, worth
from qualify.engine.clock import Clock, wall_of
from qualify.engine.points import End, fading_period, untold
from qualify.engine.sight import Event

MOST_AGES = 10_000
"""Ages whose worth is reckoned beforehand."""
DAY = timedelta(days=1)

PeriodOf: TypeAlias = Callable[[datetime], Any]
Total: TypeAlias = Callable[[Collection[Event], Clock], int]


class SignalCard:
    """What a signal gives to a score, in integers on the common scale.

    `total` says what occurrences are worth together, within the bound. It is made for the card's limit and fading, and
    reckons in sizes, to which the sign comes last.
    """

    def __init__(self, points: SignalPoints, scale: int, zone: tzinfo) -> None:
        self.given, self.scale = points, scale
        self.sign = -1 if points.each < 0 else 1
        self.each = self.size(Fraction(points.each))
        self.most = inf if points.at_most is None else self.size(Fraction(points.at_most))
        low, high = untold(points)
        self.untold: tuple[int | float, int | float] = (self._end(low), self._end(high))
        self.period_of = None
        if points.limit is not None and points.limit.period != "ever":
            self.period_of = period_in(zone, points.limit.period)
        self.total: Total = (_flat if points.fades is None else _faded)(self)

    def size(self, points: Fraction) -> int:
        """Points as a whole number, without their sign."""
        return int(abs(points) * self.scale)

    def _end(self, end: End) -> int | float:
        return end if isinstance(end, float) else int(end * self.scale)

    def points(self, sure: Collection[Event], unsure: Collection[Event], clock: Clock) -> tuple[int, int]:
        """At least and at most, from the sure occurrences and from the unsure too."""
        certain, possible = self.total(sure, clock), self.total((*sure, *unsure), clock)
        return (certain, possible) if self.sign > 0 else (possible, certain)


def _flat(card: SignalCard) -> Total:
    """Points that stay what they are."""
    each, sign, most, limit, period_of = card.each, card.sign, card.most, card.given.limit, card.period_of

    def total(events: Collection[Event], clock: Clock) -> int:
        number = len(events)
        if limit is not None and number > limit.number:
            if period_of is None:
                number = limit.number
            elif limit.number == 1:
                number = len({period_of(at) for at, _ in events})
            else:
                counted: dict[Any, int] = {}
                number = 0
                for at, _ in events:
                    period = period_of(at)
                    before = counted.get(period, 0)
                    if before < limit.number:
                        counted[period] = before + 1
                        number += 1
        found = each * number
        return sign * (found if found < most else int(most))

    return total


def _faded(card: SignalCard) -> Total:
    """Points that lose worth with age."""
    sign, most, limit, period_of = card.sign, card.most, card.given.limit, card.period_of
    by_age, step, left = _worth_by_age(card)

    def total(events: Collection[Event], clock: Clock) -> int:
        now, found = clock.as_of, 0
        if limit is None or len(events) <= limit.number:
            for at, _ in events:
                age = (now - at).days if step is None else (now - at) // step
                if age < left:
                    found += by_age[age]
        elif limit.number == 1 and period_of is not None:
            best: dict[Any, int] = {}
            for at, _ in events:
                age = (now - at).days if step is None else (now - at) // step
                if age < left:
                    worth, period = by_age[age], period_of(at)
                    if worth > best.get(period, 0):
                        best[period] = worth
            found = sum(best.values())
        else:
            listed: dict[Any, list[int]] = {}
            for at, _ in events:
                age = (now - at).days if step is None else (now - at) // step
                if age < left:
                    listed.setdefault(period_of and period_of(at), []).append(by_age[age])
            for each in listed.values():
                if len(each) > limit.number:
                    each.sort(reverse=True)
                    del each[limit.number :]
                found += sum(each)
        return sign * (found if found < most else int(most))

    return total


def _worth_by_age(card: SignalCard) -> tuple[Mapping[int, int] | list[int], timedelta | None, int]:
    """What an occurrence is worth at each age, the period that ages are counted in, and the age at which nothing is left.

    The period is None for days, which are counted fastest, and which nearly everybody writes.
    """
    points, period = card.given, fading_period(card.given)
    assert period is not None
    number = ages(points)
    if number > MOST_AGES:
        return _Worth(card), period, number
    by_age = [card.size(worth(points, age)) for age in range(number)]
    if period % DAY or number * period.days > MOST_AGES:
        return by_age, period, number
    by_day = [each for each in by_age for _ in range(period.days)]
    return by_day, None, len(by_day)


class _Worth(dict[int, int]):
    """Age -> worth, reckoned when it is asked for."""

    def __init__(self, card: SignalCard) -> None:
        super().__init__()
        self.card = card

    def __missing__(self, age: int) -> int:
        return self.card.size(worth(self.card.given, age))


def period_in(zone: tzinfo, period: LimitPeriod) -> PeriodOf:
    """Which day, week (from Monday), month, quarter or year of the zone an instant lies in."""
    within = _PERIODS[period]
    if zone is UTC:
        return within

    def period_of(at: datetime) -> Any:
        try:
            return within(at.astimezone(zone))
        except OverflowError:
            return within(wall_of(at, zone))

    return period_of


_PERIODS: Mapping[LimitPeriod, PeriodOf] = {
    "day": datetime.toordinal,
    "week": lambda at: (at.toordinal() - 1) // 7,  # the first day of the calendar is a Monday
    "month": lambda at: at.year * 12 + at.month,
    "quarter": lambda at: at.year * 4 + (at.month - 1) // 3,
    "year": lambda at: at.year,
}
