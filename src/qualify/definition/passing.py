"""A rule read as the values of one thing: those with which it says yes, whatever else it asks about.

What can't be told (another thing, a text that is looked through, a moment) counts as never or as perhaps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from qualify.definition.model import NamedList
from qualify.definition.ranges import Kind, Line, Point, Values
from qualify.rules.tree import (
    MIRRORED,
    And,
    AtLeast,
    Between,
    Cases,
    Compare,
    Count,
    Date,
    Dates,
    Days,
    Holds,
    In,
    Is,
    Known,
    Name,
    Node,
    Not,
    Number,
    Numbers,
    Or,
    Product,
    Rule,
    Sum,
    Term,
    Text,
    Texts,
    Total,
)  # fmt: skip
from qualify.text import clean, fold

MOST_ENTRIES = 1_000
"""Of a list that a rule reads: a longer one is not looked into."""

_YES_NO = ("no", "yes")


@dataclass(frozen=True, slots=True)
class Test:
    """A test of one thing: which of its values pass; the rest don't."""

    subject: str
    line: Line
    passes: Callable[[Line], Values]


@dataclass(frozen=True, slots=True)
class Reading:
    """How rules are read as values: what the lists hold, and which cases the tiers have."""

    lists: Mapping[str, NamedList]
    tier_cases: Mapping[str, tuple[str, ...]]

    def passing(self, rule: Rule, subject: str, line: Line, unclear: Values) -> Values:
        """The values of one thing with which a rule says yes: surely (`unclear` is NONE), or perhaps (ALL)."""
        return self.answers(rule, subject, line, unclear)[0] & (line.known | Values(missing=True))

    def answers(self, rule: Rule, subject: str, line: Line, unclear: Values) -> tuple[Values, Values]:
        """The values with which it says yes, and those with which it says no."""
        match rule:
            case And(parts) | Or(parts) | AtLeast(_, parts):
                found = [self.answers(part, subject, line, unclear) for part in parts]
                every = isinstance(rule, And) or (isinstance(rule, AtLeast) and rule.number == len(parts))
                if not every and not isinstance(rule, Or) and not (isinstance(rule, AtLeast) and rule.number == 1):
                    return unclear, unclear
                yes, no = found[0]
                for one, other in found[1:]:
                    yes, no = (yes & one, no | other) if every else (yes | one, no & other)
                return yes, no
            case Not(part):
                yes, no = self.answers(part, subject, line, unclear)
                return no, yes
            case Known(term, negated) if str(term) == subject:
                known, missing = line.known, Values(missing=True)
                return (missing, known) if negated else (known, missing)
            case _:
                test = self.test(rule)
                if test is None or test.subject != subject:
                    return unclear, unclear
                passes = test.passes(line)
                return passes, line.known - passes

    def test(self, rule: Rule) -> Test | None:
        """The test that a rule is, where it asks about one thing, beside literals."""
        match rule:
            case Compare(left, op, right):
                if _point(left) is not None:
                    left, op, right = right, MIRRORED[op], left
                point = _point(right)
                if point is None:
                    return None
                return self._of(left, _kind(right, left), lambda line: line.test(op, point))
            case Between(term, low, high):
                least, most = _point(low), _point(high)
                if least is None or most is None:
                    return None
                return self._of(term, _kind(low, term), lambda line: line.test(">=", least) & line.test("<=", most))
            case In(term, Cases(names), negated):
                return self._among(term, "text", names, negated, self._cases_of(term))
            case In(term, Texts(texts), negated):
                return self._among(term, "text", _folded(texts), negated)
            case In(term, Name(name), negated):
                named = self.lists.get(name)
                if named is None or len(named.values) > MOST_ENTRIES:
                    return None
                return self._among(term, "text", _folded(named.values), negated)
            case In(term, Numbers(values), negated):
                return self._among(term, _kind(values[0], term), tuple(each.value for each in values), negated)
            case In(term, Dates(days), negated):
                return self._among(term, "day", tuple(each.value.toordinal() for each in days), negated)
            case Is(term, case, negated):
                return self._among(term, "text", (case,), negated, self._cases_of(term))
            case Holds(name):
                return self._among(Name(name), "text", ("yes",), False, _YES_NO)
            case _:
                return None

    def _among(
        self,
        term: Term,
        kind: Kind,
        points: tuple[Point, ...],
        negated: bool,
        all_points: tuple[str, ...] | None = None,
    ) -> Test | None:
        def passes(line: Line) -> Values:
            return line.known - line.of(points) if negated else line.known & line.of(points)

        return self._of(term, kind, passes, all_points)

    def _of(
        self, term: Term, kind: Kind, passes: Callable[[Line], Values], points: tuple[str, ...] | None = None
    ) -> Test | None:
        if not isinstance(term, Name | Count | Days | Total | Sum | Product):
            return None  # of what never happened, every test says no
        return Test(str(term), Line(kind, points), passes)

    def _cases_of(self, term: Term) -> tuple[str, ...] | None:
        return self.tier_cases.get(term.name) if isinstance(term, Name) else None


def _point(term: Term) -> Point | None:
    match term:
        case Number(value):
            return value
        case Date(day):
            return day.toordinal()
        case Text(text):
            return fold(clean(text))
        case _:
            return None


def _kind(literal: Term, beside: Term) -> Kind:
    if isinstance(literal, Number):
        return "whole" if isinstance(beside, Count | Days) else "number"
    return "day" if isinstance(literal, Date) else "text"


def _folded(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(fold(clean(text)) for text in texts)


def swapped(node: Node) -> bool:
    """Whether this is a `between` whose ends stand the wrong way round."""
    if not isinstance(node, Between):
        return False
    low, high = _point(node.low), _point(node.high)
    return low is not None and high is not None and type(low) is type(high) and low > high  # type: ignore[operator]


__all__ = ["MOST_ENTRIES", "Reading", "Test", "swapped"]
