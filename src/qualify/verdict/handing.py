"""The hand-off of a verdict, and the working time that it is reckoned in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import groupby

from qualify.definition.hours import parse_hours
from qualify.definition.model import Handoff, Model, Team
from qualify.engine.clock import LAST, instant_of, shifted, wall_of, zone_of
from qualify.verdict.parts import HandoffVerdict
from qualify.verdict.witness import Witness

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LONGEST_SEARCH = 366 * 30
"""Days looked through for working time; a team that works less than that is never due."""


def handoff(witness: Witness, stage: str | None) -> tuple[HandoffVerdict | None, tuple[int, ...]]:
    """The first hand-off of the stage whose condition holds, and the places of those passed over as unknown."""
    unknown: list[int] = []
    for at, each in enumerate(witness.model.stages[stage].handoff if stage else ()):
        answer = True if each.when is None else witness.settle(each.when)
        if answer:
            due = act_by(each, witness.model, witness.session.clock.as_of)
            return HandoffVerdict(each.team, each.to, due, each.if_late), tuple(unknown)
        if answer is None:
            unknown.append(at)
    return None, tuple(unknown)


def act_by(handoff: Handoff, model: Model, as_of: datetime) -> datetime:
    """`as_of` plus what the hand-off gives: elapsed time, or working time of its team, in UTC.

    A working day later is the same time of day on the team's next working day.
    """
    number, unit = handoff.act_within
    match unit:
        case "hours":
            return shifted(as_of, _times(HOUR, number))
        case "days":
            return shifted(as_of, _times(DAY, number))
        case "working hours":
            left = _times(HOUR, number)
            for start, end in working_spans(model, handoff.team, as_of):
                if end - start >= left:
                    return start + left
                left -= end - start
            return LAST
        case "working days":
            return _after_working_days(model, handoff.team, as_of, number)


def working_spans(model: Model, team: str, after: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The team's working time from a moment on, as instants, span by span.

    Where the clock is put forward a span loses what it skips, where it goes back a span has it twice.
    """
    zone, week = _zone(model, team), parse_hours(model.teams[team].hours or "")
    holidays = frozenset(model.teams[team].holidays)
    first = wall_of(after, zone).date()
    for step in range(LONGEST_SEARCH):
        try:
            day = first + step * DAY
        except OverflowError:
            return
        if day in holidays:
            continue
        for start, end in week[day.weekday()]:
            begins, ends = _instant(day, start, zone), _instant(day, end, zone)
            if ends > after and ends > begins:
                yield max(begins, after), ends


def _after_working_days(model: Model, team: str, as_of: datetime, number: int) -> datetime:
    """The same time of day so many working days later, moved into that day's hours.

    Outside the team's hours the count begins with its next working moment.
    """
    zone = _zone(model, team)
    days = groupby(working_spans(model, team, as_of), key=lambda span: wall_of(span[0], zone).date())
    first: datetime | None = None
    for later, (day, spans) in enumerate(days):
        hours = list(spans)
        if first is None:
            first = wall_of(hours[0][0], zone)
        if later == number:
            due = instant_of(datetime.combine(day, first.time()), zone)
            return next((max(start, due) for start, end in hours if due <= end), hours[-1][1])
    return LAST


def _instant(day: date, at: time, zone: tzinfo) -> datetime:
    if at == time.max:  # written 24:00
        return instant_of(shifted(datetime.combine(day, time()), DAY), zone)
    return instant_of(datetime.combine(day, at), zone)


def _zone(model: Model, team: str) -> tzinfo:
    declared: Team = model.teams[team]
    return zone_of(declared.timezone or model.timezone)


def _times(length: timedelta, number: int) -> timedelta:
    try:
        return length * number
    except OverflowError:
        return timedelta.max
