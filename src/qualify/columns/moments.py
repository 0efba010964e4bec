"""Tests on moments over columns: what `qualify.engine.moments` says of one lead, said of all rows at once.

A moment in question is a first and a last of what it can be; `never` says where it may not have happened at all. Tests
that ask for before and after are settled by these two.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal, assert_never

from qualify.columns.expressions import (
    NO,
    UNKNOWN,
    YES,
    Compare,
    Constant,
    Day,
    Edge,
    Expression,
    Later,
    Midnight,
    Nothing,
    OnTheWall,
    all_of,
    any_of,
    case,
    flag,
    is_known,
    is_null,
    not_,
)
from qualify.engine.clock import Clock, length, shifted
from qualify.engine.compile import reckoned
from qualify.engine.source import NOW, EdgeForm, EdgeKey
from qualify.rules.tree import MIRRORED, CompareOp, Span


@dataclass(frozen=True, slots=True)
class Moment:
    """What a moment can be: its form, its first and last; whether it may be that it `never` happened (then it's missing).

    `unsettled` where it may be one of several, `told` False where nothing at all can be said of it.
    """

    form: EdgeForm
    first: Expression
    last: Expression
    never: Expression = NO
    told: bool = True
    happening: bool = False
    """Whether it is a `first(...)` or `last(...)`."""
    members: Expression | None = None
    """Where several are possible: whether one of them is a moment that was asked for."""

    @property
    def is_point(self) -> bool:
        """Whether it is one moment, known or missing."""
        return self.first == self.last

    @property
    def never_at_all(self) -> Expression:
        """Whether nothing has happened, surely."""
        return is_null(self.last) if self.happening and self.told else NO


UNTOLD = Moment("instant", Nothing("instant"), Nothing("instant"), told=False, happening=True)
"""Of a `first(...)` or `last(...)` where the source can't tell what happened."""


def constant(value: date) -> Moment:
    """A literal of a rule: a day, a wall-clock time or an instant."""
    form: EdgeForm = "day" if not isinstance(value, datetime) else "wall" if value.tzinfo is None else "instant"
    return Moment(form, Constant(value), Constant(value))


class Moments:
    """Tests on moments in a definition's zone."""

    def __init__(self, clock: Clock, zone: str) -> None:
        self.clock, self.zone = clock, zone

    # --- forms ---

    def as_wall(self, of: Moment) -> Moment:
        """On the wall clock; a day is its first moment."""
        match of.form:
            case "wall":
                return of
            case "instant":
                return self._turned(of, "wall", lambda each: self.clock.wall(each), lambda each: self.on_the_wall(each))
            case "day":
                return self._turned(of, "wall", lambda each: datetime.combine(each, time()), Midnight)

    def as_day(self, of: Moment) -> Moment:
        """As a calendar day in the zone."""
        if of.form == "day":
            return of
        wall = self.as_wall(of)
        return self._turned(wall, "day", lambda each: each.date(), Day)

    def _turned(self, of: Moment, form: EdgeForm, now: object, later: object) -> Moment:
        def turn(end: Expression) -> Expression:
            if isinstance(end, Constant):
                return Constant(now(end.value))  # type: ignore[operator]
            return Nothing(form) if isinstance(end, Nothing) else later(end)  # type: ignore[operator]

        return replace(of, form=form, first=turn(of.first), last=turn(of.last))

    def on_the_wall(self, instant: Expression) -> Expression:
        """What a clock on the wall shows at an instant."""
        return OnTheWall(instant, self.zone)

    def day_of(self, instant: Expression) -> Expression:
        """The calendar day of an instant."""
        return Day(self.on_the_wall(instant))

    def pair(self, one: Moment, other: Moment) -> tuple[Moment, Moment]:
        """Two moments in the form in which they are compared."""
        forms = {one.form, other.form}
        if "day" in forms:
            return self.as_day(one), self.as_day(other)
        return (self.as_wall(one), self.as_wall(other)) if "wall" in forms else (one, other)

    # --- tests ---

    def compare(self, op: CompareOp, one: Moment, other: Moment) -> Expression:
        """`one op other`, in the form in which two such moments are compared."""
        if not one.told or not other.told:
            rest = other if not one.told else one
            return case([(rest.never_at_all, NO)], UNKNOWN)
        a, b = self.pair(one, other)
        if a.is_point and b.is_point and one.never == NO and other.never == NO and not _may_not_happen(a, b):
            return _compared(a.first, op, b.first)
        match op:
            case "<" | "<=":
                surely, possibly = _compared(a.last, op, b.first), _compared(a.first, op, b.last)
            case ">" | ">=":
                surely, possibly = _compared(a.first, op, b.last), _compared(a.last, op, b.first)
            case "==" | "!=":
                return self._same(op, a, b)
            case _:
                assert_never(op)
        return self._agreed(a, b, surely, possibly)

    def _same(self, op: Literal["==", "!="], a: Moment, b: Moment) -> Expression:
        settled = [_compared(each.first, "==", each.last) for each in (a, b) if not each.is_point]
        apart = [_compared(a.last, "<", b.first), _compared(b.last, "<", a.first)]
        members = a.members if a.members is not None else b.members
        if members is not None:
            apart.append(not_(members))
        same, differ = all_of([*settled, _compared(a.first, "==", b.first)]), any_of(apart)
        if op == "==":
            return self._agreed(a, b, same, not_(differ))
        return self._agreed(a, b, differ, not_(same))

    def _agreed(self, a: Moment, b: Moment, surely: Expression, possibly: Expression) -> Expression:
        """Yes where every pair says so, no where none does; a moment that never came says no."""
        never = any_of([a.never, b.never])
        missing = [is_null(each.last) for each in (a, b) if not each.happening and not isinstance(each.last, Constant)]
        return case(
            [
                (any_of([a.never_at_all, b.never_at_all]), NO),
                (any_of(missing), UNKNOWN),
                (not_(possibly), NO),
                (all_of([surely, not_(never)]), YES),
            ],
            UNKNOWN,
        )

    def _asked(self, of: Moment, surely: Expression, possibly: Expression) -> Expression:
        """The same of one moment; of a plain one the test alone answers, and is unknown where it is missing."""
        if not of.told:
            return UNKNOWN
        if not of.happening:
            return surely
        return case([(of.never_at_all, NO), (not_(possibly), NO), (all_of([surely, not_(of.never)]), YES)], UNKNOWN)

    def within(self, of: Moment, span: Span) -> Expression:
        """From so long ago up to now."""
        return self._between(of, ("back", span), NOW)

    def in_the_next(self, of: Moment, span: Span) -> Expression:
        """From now up to so far ahead."""
        return self._between(of, NOW, ("ahead", span))

    def _between(self, of: Moment, low: EdgeKey, high: EdgeKey) -> Expression:
        least, most = Edge(low, of.form), Edge(high, of.form)
        both = all_of([self._beside(of.first, ">=", least), self._beside(of.last, "<=", most)])
        # what happened did so before now: of `within` only the lower end is asked, of `in the next` that it is now
        return self._asked(of, both, all_of([self._beside(of.last, ">=", least), self._beside(of.first, "<=", most)]))

    def older_than(self, of: Moment, span: Span) -> Expression:
        """Before so long ago."""
        edge = Edge(("back", span), of.form)
        return self._asked(of, self._beside(of.last, "<", edge), self._beside(of.first, "<", edge))

    def _beside(self, value: Expression, op: CompareOp, edge: Edge) -> Expression:
        """A value beside an edge, which may be an end of the calendar."""
        reached = Constant(reckoned(self.clock, edge.key, edge.form))
        return _compared(value, op, reached) if reached.value in (*FIRST, *LAST) else Compare(value, op, edge)

    def within_after(self, of: Moment, span: Span, anchor: Moment) -> Expression:
        """From the anchor up to so long after it."""
        if not of.told or not anchor.told:
            rest = anchor if not of.told else of
            return case([(rest.never_at_all, NO)], UNKNOWN)
        if of.form == "day":
            of_, start = of, self.as_day(anchor)
        elif anchor.form in ("day", "wall"):
            of_, start = self.as_wall(of), self.as_wall(anchor)
        else:
            of_, start = of, anchor
        elapsed = length(span)
        after = self.pair(of_, start)
        surely = [_compared(after[0].first, ">=", after[1].last)]
        possibly = [_compared(after[0].last, ">=", after[1].first)]
        if elapsed is not None and elapsed < timedelta(days=9999 * 366):
            hours = elapsed // timedelta(hours=1)
            ends = [self._end(end, hours, start.form, of_.form) for end in (start.first, start.last)]
            surely.append(_compared(of_.last, "<=", ends[0]))
            possibly.append(_compared(of_.first, "<=", ends[1]))
        both = all_of(surely)
        if not of.happening and not anchor.happening:
            return both
        return self._agreed(of_, start, both, all_of(possibly))

    def _end(self, start: Expression, hours: int, form: EdgeForm, wanted: EdgeForm) -> Expression:
        """So long after a moment, in the form of what is compared with it."""
        if isinstance(start, Constant) and isinstance(start.value, date):
            value = start.value
            if not isinstance(value, datetime):
                value = shifted(datetime.combine(value, time()), timedelta(hours=hours)).date()
            else:
                value = shifted(value, timedelta(hours=hours))
                if form == "instant" and wanted == "wall":
                    value = self.clock.bound(value)
            return Constant(value)
        end = Later(start, hours, form)
        return self.on_the_wall(end) if form == "instant" and wanted == "wall" else end

    def since(self, at: Expression, anchor: Moment, *, ever: bool) -> Expression:
        """Whether an activity comes after an anchor: strictly, or from a day's first moment on.

        `ever`: where the anchor never happened, everything came since.
        """
        if not anchor.told:
            return UNKNOWN
        op: CompareOp = ">=" if anchor.form == "day" else ">"
        moment, start = self.pair(Moment("instant", at, at), anchor)
        surely, possibly = _compared(moment.first, op, start.last), _compared(moment.first, op, start.first)
        if not anchor.happening:
            return surely
        if anchor.is_point:
            return case([(anchor.never_at_all, flag(ever))], surely)
        if ever:
            return case(
                [(anchor.never_at_all, YES), (surely, YES), (all_of([not_(possibly), not_(anchor.never)]), NO)], UNKNOWN
            )
        return case(
            [(anchor.never_at_all, NO), (not_(possibly), NO), (all_of([surely, not_(anchor.never)]), YES)], UNKNOWN
        )

    def is_settled(self, of: Moment) -> Expression:
        """Whether it happened, and it is settled when."""
        if not of.told:
            return NO
        one = [] if of.is_point else [Compare(of.first, "==", of.last)]
        return all_of([is_known(of.last), not_(of.never), *one])


def _may_not_happen(*moments: Moment) -> bool:
    return any(each.happening for each in moments)


def _compared(left: Expression, op: CompareOp, right: Expression) -> Expression:
    if isinstance(left, Constant) and isinstance(right, Constant):
        one, other = left.value, right.value
        answers = {
            "==": one == other, "!=": one != other,
            "<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other,  # type: ignore[operator]
        }  # fmt: skip
        return flag(answers[op])
    if isinstance(left, Constant):
        left, op, right = right, MIRRORED[op], left
    if isinstance(right, Constant) and right.value in FIRST:
        return _at_an_end(left, op, right, (">=", "<", "<=", ">"))
    if isinstance(right, Constant) and right.value in LAST:
        return _at_an_end(left, op, right, ("<=", ">", ">=", "<"))
    return Compare(left, op, right)


FIRST, LAST = (date.min, datetime.min), (date.max, datetime.max)
"""The ends of the calendar, which every moment beyond them is: a wall clock can show one that an instant isn't."""


def _at_an_end(value: Expression, op: CompareOp, end: Constant, ops: tuple[CompareOp, ...]) -> Expression:
    always, never, reaching, inside = ops
    if op in (always, never):
        return case([(is_known(value), flag(op == always))], UNKNOWN)
    return Compare(value, {"==": reaching, "!=": inside}.get(op, op), end)
