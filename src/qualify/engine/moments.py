"""Tests on moments, where `first(...)` and `last(...)` may be one of several, or never have happened.

A moment in question is a tuple of what it can be: a moment, or NEVER. Where all that it can be give one answer,
that is the answer; where nothing has happened, every test says no.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Literal, TypeAlias, assert_never

from qualify.engine.clock import Clock, Edge, Moment, length, shifted
from qualify.rules.tree import CompareOp, Span


class Never(Enum):
    """It has not happened."""

    NEVER = "never"


NEVER: Literal[Never.NEVER] = Never.NEVER
Possible: TypeAlias = tuple[Moment | Literal[Never.NEVER], ...]
"""What a moment can be; None stands for unknown."""


def possible(sure: Iterable[datetime], unsure: Iterable[datetime], which: Literal["first", "last"]) -> Possible:
    """What the first or last of these can be, where the unsure ones may or may not count."""
    certain = list(sure)
    if which == "first":
        settled = min(certain, default=None)
        others = {at for at in unsure if settled is None or at < settled}
    else:
        settled = max(certain, default=None)
        others = {at for at in unsure if settled is None or at > settled}
    return (NEVER if settled is None else settled, *sorted(others))


def ask(test: Callable[[Moment], bool], of: Possible | None) -> bool | None:
    """The answer on which all that a moment can be agree."""
    if of is None:
        return None
    answer: bool | None = None
    for moment in of:
        each = False if moment is NEVER else test(moment)
        if answer is not None and each is not answer:
            return None
        answer = each
    return answer


def ask_both(test: Callable[[Moment, Moment], bool], one: Possible | None, other: Possible | None) -> bool | None:
    """The same of two moments; where one of them never happened the answer is no, whatever the other is."""
    if one == (NEVER,) or other == (NEVER,):
        return False
    if one is None or other is None:
        return None
    answer: bool | None = None
    for left in one:
        for right in other:
            each = False if left is NEVER or right is NEVER else test(left, right)
            if answer is not None and each is not answer:
                return None
            answer = each
    return answer


def is_settled(of: Possible | None) -> bool:
    """Whether it happened, and it is settled when."""
    return of is not None and len(of) == 1 and of[0] is not NEVER


def compare_moments(op: CompareOp, one: Possible | None, other: Possible | None, clock: Clock) -> bool | None:
    """`one op other`, in the form in which two such moments are compared."""

    def test(left: Moment, right: Moment) -> bool:
        a, b = clock.pair(left, right)
        match op:
            case "==":
                return a == b
            case "!=":
                return a != b
            case "<":
                return a < b
            case "<=":
                return a <= b
            case ">":
                return a > b
            case ">=":
                return a >= b
            case _:
                assert_never(op)

    return ask_both(test, one, other)


def within(of: Possible | None, span: Span, clock: Clock) -> bool | None:
    """`of within span`: from so long ago up to now."""
    low, high = clock.back(span), clock.now
    return ask(lambda moment: between(moment, low, high), of)


def in_the_next(of: Possible | None, span: Span, clock: Clock) -> bool | None:
    """`of in the next span`: from now up to so far ahead."""
    low, high = clock.now, clock.ahead(span)
    return ask(lambda moment: between(moment, low, high), of)


def older_than(of: Possible | None, span: Span, clock: Clock) -> bool | None:
    """`of older than span`: before so long ago."""
    edge = clock.back(span)
    return ask(lambda moment: bool(moment < _form(moment, edge)), of)


def within_after(of: Possible | None, span: Span, anchor: Possible | None, clock: Clock) -> bool | None:
    """`of within span after anchor`: from the anchor up to so long after it."""
    elapsed = length(span) or timedelta.max
    return ask_both(lambda moment, start: follows(moment, start, elapsed, clock), of, anchor)


def follows(moment: Moment, start: Moment, elapsed: timedelta, clock: Clock) -> bool:
    """start <= moment <= start + elapsed; a day is its first moment on the wall clock, unless days are asked."""
    if not isinstance(moment, datetime):
        first = clock.day(start)
        midnight = datetime(first.year, first.month, first.day)
        return first <= moment <= shifted(midnight, elapsed).date()
    if not isinstance(start, datetime):
        start = datetime(start.year, start.month, start.day)
    if start.tzinfo is None:
        return start <= clock.wall(moment) <= shifted(start, elapsed)
    end = shifted(start, elapsed)
    if moment.tzinfo is None:
        return clock.wall(start) <= moment <= clock.bound(end)
    return start <= moment <= end


def since(moment: datetime, anchor: Possible | None, clock: Clock, ever: bool) -> bool | None:
    """Whether an activity comes after an anchor: strictly, or from a day's first moment on.

    `ever`: the anchor is a `last(...)`; where that never happened, everything came since.
    """
    if anchor is None:
        return None
    answers = {ever if start is NEVER else _later(moment, start, clock) for start in anchor}
    return answers.pop() if len(answers) == 1 else None


def _later(moment: datetime, start: Moment, clock: Clock) -> bool:
    a, b = clock.pair(moment, start)
    return bool(a > b) if isinstance(start, datetime) else bool(a >= b)


def between(moment: Moment, low: Edge, high: Edge) -> bool:
    """Whether a moment lies between two edges, both included."""
    return bool(_form(moment, low) <= moment <= _form(moment, high))


def _form(moment: Moment, edge: Edge) -> date:
    """An edge in the form of what is compared with it."""
    if not isinstance(moment, datetime):
        return edge.day
    return edge.wall if moment.tzinfo is None else edge.instant
