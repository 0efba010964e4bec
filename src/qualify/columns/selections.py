"""Activities over columns: which activities a rule selects, as flags of an activity's row, and what of them a lead needs.

A flag says yes where an activity surely counts and is unknown where it may. All that is asked of activities comes from
one pass over them, and one more for each step that needs a lead's own moments (`since last(recycled)`): what a pass
finds is a column of the lead.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from fractions import Fraction
from math import inf
from typing import Any, Literal, assert_never

from qualify.columns.expressions import (
    Added,
    Aggregate,
    And,
    Case,
    Column,
    Compare,
    Constant,
    Different,
    Edge,
    Expression,
    Extreme,
    IsNull,
    Nothing,
    Number,
    OneOf,
    Or,
    Outermost,
    TenThousandths,
    Total,
    all_of,
    any_of,
    case,
    columns_in,
    is_known,
    is_null,
    parts_of,
)
from qualify.columns.intervals import Interval
from qualify.columns.moments import UNTOLD, Moment, Moments
from qualify.columns.sources import Sources
from qualify.definition.model import Model
from qualify.engine.clock import Clock
from qualify.engine.sight import properties_of
from qualify.rules.tree import (
    AnyActivity,
    AnyOf,
    First,
    Following,
    Last,
    Name,
    Recent,
    Rule,
    Selection,
    Since,
    Term,
)
from qualify.vocabulary import FieldType

TOO_FAR = "asks how far one of several possible moments lies from another"
TYPE, AT, LEAD = Column("type"), Column("at"), Column("lead_id")


@dataclass(slots=True)
class Pass:
    """One pass over the activities: what is carried to them from their lead, what is reckoned of each, what of all."""

    carried: dict[str, None] = field(default_factory=dict)
    flags: dict[str, Expression] = field(default_factory=dict)
    placed: dict[str, Expression] = field(default_factory=dict)
    found: dict[str, Aggregate] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A selection: its flag's column and what that says, in which pass it is known, whether it may be open."""

    name: str
    flag: Expression
    says: Expression
    level: int
    unsure: bool


class SelectionReader:
    """Reads selections; what they need is in `passes`."""

    def __init__(self, model: Model, sources: Sources, clock: Clock, scale: int) -> None:
        self.model, self.sources, self.clock, self.scale = model, sources, clock, scale
        self.times = Moments(clock, model.timezone)
        self.passes: list[Pass] = []
        self.levels: dict[str, int] = {}
        """For each column that a pass found, in which."""
        self.chosen: dict[Selection, Chosen] = {}
        self.types: dict[str, None] | None = {}
        """The types of activity that anything asks for; None where all of them are."""

    @abstractmethod
    def where(self, rule: Rule, kinds: Mapping[str, FieldType]) -> Expression:
        """What a rule says of an activity with these properties."""

    @abstractmethod
    def cannot(self, rule: Rule | Selection, why: str) -> Exception:
        """The error for a rule or selection that columns can't say."""

    @abstractmethod
    def moment(self, term: Term) -> Moment:
        """A lead's moment."""

    # --- which activities ---

    def choose(self, selection: Selection) -> Chosen:
        """The flag of a selection."""
        known = self.chosen.get(selection)
        if known is None:
            known = self.chosen[selection] = self._choose(selection)
        return known

    def _choose(self, selection: Selection) -> Chosen:
        level, parts = 0, list[Expression]()
        match selection.of:
            case Name(name) if name in self.model.signals:
                signal = self.choose(self.model.signals[name].each)
                if selection == Selection(selection.of):
                    return signal
                level, parts = signal.level, [signal.says]
            case Name(name):
                parts = [Compare(TYPE, "==", Constant(name))]
                self._look_at(name)
            case AnyOf(names):
                parts = [OneOf(TYPE, names)]
                self._look_at(*names)
            case AnyActivity():
                self.types = None
            case _:
                assert_never(selection.of)
        if selection.where is not None:
            parts.append(self.where(selection.where, properties_of(selection, self.model)))
        for window in selection.windows:
            part, needs = self._window(window, selection)
            level = max(level, needs)
            parts.append(part)
        return self._kept(self._name_of(selection), all_of(parts), level)

    def _look_at(self, *names: str) -> None:
        if self.types is not None:
            self.types.update(dict.fromkeys(names))

    def _name_of(self, selection: Selection) -> str:
        """A signal's own name, else the type's and a number."""
        for name, signal in self.model.signals.items():
            if signal.each == selection:
                return name
        match selection.of:
            case Name(name):
                base = name
            case AnyOf(names):
                base = " or ".join(names[:2]) + (" or others" if len(names) > 2 else "")
            case AnyActivity():
                base = "any activity"
            case _:
                assert_never(selection.of)
        taken = {chosen.name for chosen in self.chosen.values()}
        number = 1
        while f"{base} {number}" in taken:
            number += 1
        return f"{base} {number}"

    def _kept(self, name: str, flag: Expression, level: int) -> Chosen:
        unsure = _can_be_unknown(flag)
        column = f"is {name}"
        self.at_level(level).flags[column] = flag
        self._carry(level, flag)
        return Chosen(name, Column(column), flag, level, unsure)

    def at_level(self, level: int) -> Pass:
        """The pass of this number."""
        while len(self.passes) <= level:
            self.passes.append(Pass())
        return self.passes[level]

    def _carry(self, level: int, *expressions: Expression) -> None:
        names = columns_in(*expressions)
        self.at_level(level).carried.update(dict.fromkeys(sorted(each for each in names if each.startswith("lead "))))

    def _window(self, window: Recent | Following | Since, of: Selection) -> tuple[Expression, int]:
        match window:
            case Recent(span):
                return Compare(AT, ">=", Edge(("back", span), "instant")), 0
            case Following(span, anchor):
                moment, level = self._carried(anchor)
                if moment.happening and not moment.is_point:
                    raise self.cannot(of, TOO_FAR)
                return self.times.within_after(Moment("instant", AT, AT), span, moment), level
            case Since(anchor):
                moment, level = self._carried(anchor)
                return self.times.since(AT, moment, ever=isinstance(anchor, Last)), level
            case _:
                assert_never(window)

    def _carried(self, anchor: Term) -> tuple[Moment, int]:
        """A lead's moment as it is carried to the lead's activities, and in which pass it can be."""
        moment = self.moment(anchor)
        level = 0
        for end in (moment.first, moment.last, moment.never):
            for name in columns_in(end):
                level = max(level, self.levels.get(name, -1) + 1, 1)
        carried = replace(
            moment, first=_from_lead(moment.first), last=_from_lead(moment.last), never=_from_lead(moment.never)
        )
        return carried, level

    # --- what a lead needs of them ---

    def found(self, level: int, name: str, aggregate: Aggregate) -> Column:
        """A column of the lead that a pass finds."""
        self.at_level(level).found[name] = aggregate
        self.levels[name] = level
        return Column(name)

    def count(self, selection: Selection) -> Interval:
        """How many activities."""
        if self.sources.activities is None:
            return Interval(Fraction(0), inf)
        chosen = self.choose(selection)
        sure = self.found(chosen.level, f"{chosen.name} count", Number(chosen.flag))
        if not chosen.unsure:
            return Interval(sure, sure)
        maybe = self.found(chosen.level, f"{chosen.name} may count", Number(chosen.flag, sure=False))
        return Interval(sure, Added((sure, maybe)))

    def days(self, selection: Selection) -> Interval:
        """On how many different calendar days."""
        if self.sources.activities is None:
            return Interval(Fraction(0), inf)
        chosen, day = self.choose(selection), self.times.day_of(AT)
        sure = self.found(chosen.level, f"{chosen.name} days", Different(day, chosen.flag))
        if not chosen.unsure:
            return Interval(sure, sure)
        every = self.found(chosen.level, f"{chosen.name} possible days", Different(day, chosen.flag, sure=False))
        return Interval(sure, every)

    def total(self, amount: str, selection: Selection) -> Interval | None:
        """A property added up; None where nothing is known of it."""
        activities = self.sources.activities
        if activities is None:
            return None
        chosen = self.choose(selection)
        stored = activities.get(amount)
        value: Expression = Nothing("whole") if stored is None else TenThousandths(Column(amount), stored)
        name, level, possible = f"{chosen.name} {amount}", chosen.level, possible_of(chosen)
        missing = self.found(level, f"{name} missing", Number(all_of([possible, is_null(value)])))
        total = self.found(level, name, Total(value, chosen.flag, wide=True))
        low = high = total
        ends: list[Expression] = [low, high]
        if chosen.unsure:
            nought = Constant(0)
            for at, which in enumerate(("least", "greatest")):
                clipped = Extreme("least" if which == "least" else "greatest", (value, nought))
                more = self.found(
                    level, f"{name} {'at least' if at == 0 else 'at most'}",
                    Total(Case(((is_known(value), clipped),), Nothing("whole")), all_of([IsNull(chosen.flag)]), wide=True),
                )  # fmt: skip
                ends[at] = Added((total, more))
        none = Compare(missing, "==", Constant(0))
        known = [case([(none, end)], Nothing("whole")) for end in ends]
        if not chosen.unsure:
            known[1] = known[0]
        return Interval(known[0], known[1], parts=10_000)

    def happening(self, term: First | Last) -> Moment:
        """The first or last moment, or what it can be."""
        if self.sources.activities is None:
            return UNTOLD
        chosen = self.choose(term.selection)
        which: Literal["first", "last"] = "first" if isinstance(term, First) else "last"
        settled = self.found(chosen.level, f"{which} {chosen.name}", Outermost(which, AT, chosen.flag))
        if not chosen.unsure:
            return Moment("instant", settled, settled, never=IsNull(settled), happening=True)
        possible = possible_of(chosen)
        level = chosen.level
        outer = self.found(level, f"possible {which} {chosen.name}", Outermost(which, AT, possible))
        other: Literal["first", "last"] = "last" if which == "first" else "first"
        unsure = self.found(level, f"unsure {other} {chosen.name}", Outermost(other, AT, IsNull(chosen.flag)))
        inner = case([(is_known(settled), settled)], unsure)
        first, last = (outer, inner) if which == "first" else (inner, outer)
        return Moment("instant", first, last, never=IsNull(settled), happening=True)

    def happens_at(self, term: First | Last, literal: Moment) -> Expression:
        """Whether one of the moments that `first` or `last` can be is this one: needed where several are possible."""
        chosen = self.choose(term.selection)
        moment, at = self.times.pair(Moment("instant", AT, AT), literal)
        possible = all_of([possible_of(chosen), Compare(moment.first, "==", at.first)])
        number = sum(name.startswith(f"{chosen.name} at ") for name in self.levels)
        found = self.found(chosen.level, f"{chosen.name} at {number + 1}", Number(possible))
        return Compare(found, ">", Constant(0))


def possible_of(chosen: Chosen) -> Expression:
    """Whether an activity counts or may."""
    return any_of([chosen.flag, IsNull(chosen.flag)]) if chosen.unsure else chosen.flag


def _from_lead(of: Expression) -> Expression:
    """An expression over a lead's columns as one over what is carried to its activities."""
    if isinstance(of, Column):
        return Column(f"lead {of.name}")
    changed: dict[str, Any] = {}
    for each in fields(of):
        value = getattr(of, each.name)
        if isinstance(value, Expression):
            changed[each.name] = _from_lead(value)
        elif isinstance(of, And | Or | Added | Extreme) and each.name == "parts":
            changed[each.name] = tuple(map(_from_lead, value))
        elif isinstance(of, Case) and each.name == "branches":
            changed[each.name] = tuple((_from_lead(one), _from_lead(other)) for one, other in value)
    return replace(of, **changed)


def _can_be_unknown(flag: Expression) -> bool:
    """Whether a flag of an activity can be unknown: where it reads what may be missing, a property or a lead's moment."""
    if isinstance(flag, IsNull):
        return False
    if isinstance(flag, Nothing):
        return True
    if isinstance(flag, Column):
        return flag not in (TYPE, AT, LEAD)
    if isinstance(flag, Case) and isinstance(never := flag.branches[0][0], IsNull):  # it is known in what follows
        rest = [part for part in parts_of(flag) if part != never]
        return any(_can_be_unknown(_without(part, never.of)) for part in rest)
    return any(map(_can_be_unknown, parts_of(flag)))


def _without(of: Expression, known: Expression) -> Expression:
    """A comparison with what is known, without it."""
    if isinstance(of, Compare) and known in (of.left, of.right):
        return of.right if of.left == known else of.left
    return of


__all__ = ["AT", "LEAD", "TYPE", "Chosen", "Pass", "SelectionReader", "possible_of"]
