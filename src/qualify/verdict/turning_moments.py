"""Where tests of days and moments turn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from qualify.engine.clock import Clock, Edge, length, shifted
from qualify.engine.meaning import Meaning
from qualify.rules.reads import walk
from qualify.rules.tree import (
    After,
    Before,
    Between,
    Compare,
    Date,
    Dates,
    DateTime,
    In,
    InTheNext,
    Known,
    Name,
    OlderThan,
    Rule,
    Term,
    Within,
    WithinAfter,
)  # fmt: skip

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


def turning_moments(name: str, test: Rule, meaning: Meaning, *, days: bool) -> Iterator[Any]:
    """The edges of windows and the moments that rules name, with the days or seconds next to them."""
    clock = meaning.clock
    match test:
        case Within(_, span):
            yield from _around_edges(clock, [clock.now, clock.back(span)], days)
        case OlderThan(_, span):
            yield from _around_edges(clock, [clock.back(span)], days)
        case InTheNext(_, span):
            yield from _around_edges(clock, [clock.now, clock.ahead(span)], days)
        case Known():
            yield clock.now.day if days else clock.as_of
        case _:
            spans = [length(node.span) or timedelta() for node, _ in walk(test) if isinstance(node, WithinAfter)]
            for term in _terms(test):
                for moment in _beside(name, term, meaning):
                    yield from _around_moment(clock, moment, days)
                    for elapsed in spans:
                        yield from _around_moment(clock, _plus(moment, elapsed), days)
                        yield from _around_moment(clock, _plus(moment, elapsed, -1), days)


def _terms(test: Rule) -> list[Term | Dates]:
    match test:
        case Compare(left, _, right):
            return [left, right]
        case Between(_, low, high):
            return [low, high]
        case In(_, Dates(dates)):
            return list(dates)
        case After(term, anchor) | Before(term, anchor) | WithinAfter(term, _, anchor):
            return [term, anchor]
        case _:
            return []


def _beside(name: str, term: Any, meaning: Meaning) -> Iterator[date]:
    match term:
        case Date(value) | DateTime(value):
            yield value
        case Name(other) if other == name:
            return
        case _ if meaning.kind(term, None) not in ("date", "datetime"):
            return  # a count, whose window begins or ends at the field
        case Name(other) if meaning.sight.fields.get(other) is None:
            yield meaning.clock.as_of
        case _:
            for moment in meaning.moment(term, None) or ():
                if isinstance(moment, date):
                    yield moment


def _around_edges(clock: Clock, edges: list[Edge], days: bool) -> Iterator[Any]:
    for edge in edges:
        yield from _around_moment(clock, edge.day if days else edge.instant, days)


def _around_moment(clock: Clock, moment: date, days: bool) -> Iterator[Any]:
    """A moment and its neighbours: the days beside a day, the seconds beside a time."""
    if days:
        day = clock.day(moment)
        yield from (day, _plus(day, -DAY), _plus(day, DAY))
    elif isinstance(moment, datetime):
        yield from (moment, _plus(moment, -SECOND), _plus(moment, SECOND))
    else:
        start = datetime(moment.year, moment.month, moment.day)
        yield from (start, shifted(start, SECOND, -1), shifted(start, DAY))


def _plus(moment: Any, span: timedelta, sign: int = 1) -> Any:
    try:
        return moment + span if sign > 0 else moment - span
    except OverflowError:
        return moment
