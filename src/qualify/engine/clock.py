"""One moment for one evaluation: `as_of`, and every edge of time that is reckoned from it.

Hours, days and weeks are elapsed time; months and years are calendar time on the wall clock of the definition's
zone, a day past the month's end becoming the last. An edge outside the years 1 to 9999 is that end of the calendar.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Literal

from qualify.errors import QualifyError
from qualify.rules.tree import Span
from qualify.values import kind_of

Moment = date | datetime
"""A day, a wall-clock time in the definition's zone (naive), or an instant (in UTC)."""

FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Edge:
    """One moment in the three forms in which it is compared: as an instant, on the wall clock, as a day."""

    instant: datetime
    wall: datetime
    day: date


@lru_cache(maxsize=64)
def zone_of(name: str) -> tzinfo:
    """The time zone of this name (a definition has checked it)."""
    if name == "UTC":
        return UTC
    from zoneinfo import ZoneInfo

    return ZoneInfo(name)


def read_as_of(as_of: object, zone: tzinfo) -> datetime:
    """The moment of an evaluation as an instant: now where nothing is said, a naive one in the zone.

    Raises QualifyError for a date, which is a whole day and no moment, and for anything else.
    """
    if as_of is None:
        return datetime.now(UTC)
    if not isinstance(as_of, datetime):
        hint = " (a whole day: say at what time)" if isinstance(as_of, date) else ""
        raise QualifyError(
            f"as_of is a datetime, such as datetime(2026, 11, 20, 12, 0), found {kind_of(as_of)}{hint}",
            code="bad-as-of",
        )
    return instant_of(as_of, zone)


def instant_of(moment: datetime, zone: tzinfo) -> datetime:
    """An instant in UTC; a naive time is read in the zone, the first of two where the clock goes back."""
    aware = moment.replace(tzinfo=zone, fold=0) if moment.tzinfo is None else moment
    try:
        return aware.astimezone(UTC)
    except OverflowError:
        return FIRST if moment.year < 5000 else LAST


def wall_of(instant: datetime, zone: tzinfo) -> datetime:
    """What a clock on the wall of the zone shows at an instant."""
    try:
        return instant.astimezone(zone).replace(tzinfo=None, fold=0)
    except OverflowError:
        return datetime.min if instant.year < 5000 else datetime.max


class Clock:
    """The one moment of an evaluation, and the edges of the windows before and after it."""

    __slots__ = ("_edges", "as_of", "now", "zone")

    def __init__(self, as_of: datetime, zone: tzinfo) -> None:
        self.as_of, self.zone = as_of, zone
        wall = wall_of(as_of, zone)
        self.now = Edge(as_of, wall, wall.date())
        self._edges: dict[tuple[Span, int], Edge] = {}

    def back(self, span: Span) -> Edge:
        """`as_of` minus a length of time."""
        return self._edge(span, -1)

    def ahead(self, span: Span) -> Edge:
        """`as_of` plus a length of time."""
        return self._edge(span, 1)

    def _edge(self, span: Span, sign: Literal[-1, 1]) -> Edge:
        key = (span, sign)
        if key not in self._edges:
            elapsed = length(span)
            if elapsed is not None:
                instant = shifted(self.as_of, elapsed, sign)
            else:
                wall = _months(self.now.wall, span, sign)
                ends = {datetime.min: FIRST, datetime.max: LAST}
                instant = ends[wall] if wall in ends else instant_of(wall, self.zone)
            self._edges[key] = Edge(instant, self.bound(instant), self._day(span, sign))
        return self._edges[key]

    def _day(self, span: Span, sign: Literal[-1, 1]) -> date:
        """The same asked of calendar days."""
        midnight = datetime(self.now.day.year, self.now.day.month, self.now.day.day)
        elapsed = length(span)
        moved = _months(midnight, span, sign) if elapsed is None else shifted(midnight, elapsed, sign)
        return moved.date()

    def bound(self, instant: datetime) -> datetime:
        """The end of a window on the wall clock: an end of the calendar is that end in every zone."""
        if instant in (FIRST, LAST):
            return instant.replace(tzinfo=None)
        return wall_of(instant, self.zone)

    def wall(self, moment: datetime) -> datetime:
        """A moment on the wall clock: a naive one is there already."""
        return moment if moment.tzinfo is None else wall_of(moment, self.zone)

    def day(self, moment: Moment) -> date:
        """The calendar day of a moment in the zone."""
        return self.wall(moment).date() if isinstance(moment, datetime) else moment

    def pair(self, one: Moment, other: Moment) -> tuple[Moment, Moment]:
        """Two moments in the form in which they are compared.

        Where one is a day, both are days; where one is naive, both are on the wall clock; else both are instants.
        """
        if not isinstance(one, datetime) or not isinstance(other, datetime):
            return self.day(one), self.day(other)
        if one.tzinfo is None or other.tzinfo is None:
            return self.wall(one), self.wall(other)
        return one, other


def length(span: Span) -> timedelta | None:
    """Elapsed time; None for months and years, which are calendar time."""
    hours = {"hour": 1, "day": 24, "week": 168}.get(span.unit)
    if hours is None:
        return None
    try:
        return timedelta(hours=hours * span.number)
    except OverflowError:
        return timedelta.max


def shifted(moment: datetime, elapsed: timedelta, sign: Literal[-1, 1] = 1) -> datetime:
    """A moment plus (or minus) elapsed time, or that end of the calendar."""
    try:
        return moment + elapsed if sign > 0 else moment - elapsed
    except OverflowError:
        return (datetime.max if sign > 0 else datetime.min).replace(tzinfo=moment.tzinfo)


def _months(wall: datetime, span: Span, sign: Literal[-1, 1]) -> datetime:
    from dateutil.relativedelta import relativedelta

    months = span.number * (12 if span.unit == "year" else 1)
    try:
        return wall + relativedelta(months=sign * months)
    except (ValueError, OverflowError):
        return datetime.max if sign > 0 else datetime.min
