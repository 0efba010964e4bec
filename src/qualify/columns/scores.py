"""Scores over columns: items added up at least and at most, formulas over other scores, in parts of the common scale."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from math import inf
from typing import Literal, TypeAlias

from qualify.columns.expressions import (
    NO,
    YES,
    Added,
    Column,
    Constant,
    Expression,
    Extreme,
    Nothing,
    OneOf,
    all_of,
    case,
    columns_in,
    is_known,
    not_,
)
from qualify.columns.intervals import End, Interval, times
from qualify.columns.rules import RuleReader, ScoreRead, TierRead
from qualify.definition.model import Points, Score, SignalPoints, TierPoints, TraitPoints
from qualify.rules.tree import Formula, Highest, Lowest, Name, Number, Product, Sum, Term

Section: TypeAlias = Literal["traits", "tiers", "cases", "scores", "sides", "stages"]
"""What the facts of a layer are."""


class ScoreReader(RuleReader):
    """Reads scores; each fact's columns go into the first layer that comes after all that they read."""

    depths: dict[str, int]
    layers: dict[tuple[int, Section], dict[str, Expression]]

    def kept(self, section: Section, name: str, value: Expression) -> Expression:
        """A column of its own, in the first layer that comes after all that it reads; a constant needs none."""
        if isinstance(value, Constant | Nothing | Column):
            return value
        depth = 1 + max((self.depths.get(column, 0) for column in columns_in(value)), default=0)
        self.depths[name] = depth
        self.layers.setdefault((depth, section), {})[name] = value
        return Column(name)

    def score(self, name: str, score: Score) -> ScoreRead:
        """The sum of its items' intervals (or its formula), then floor, then cap."""
        exists: Expression = YES if score.only_when is None else self.rule(score.only_when)
        if score.only_when is not None:
            exists = self.kept("cases", f"{name} only", case([(exists, YES)], NO))
        if score.of is not None:
            ends, also = self.formula(score.of)
            exists = all_of([exists, also])
        else:
            ends = self.card(score)
        low, high = (self.bounded(end, score) for end in ends)
        named = list[End]()
        for end, which in ((low, "at least"), (high, "at most")):
            if isinstance(end, float):
                named.append(end)
            elif which == "at most" and high == low:
                named.append(named[0])
            else:
                named.append(
                    self.kept("scores", f"{name} {which}", case([(exists, _expression(end))], Nothing("whole")))
                )
        return ScoreRead(Interval(named[0], named[1], parts=self.scale), exists)

    def bounded(self, end: End, score: Score) -> End:
        """Within floor and cap."""
        for bound, which in ((score.floor, "greatest"), (score.cap, "least")):
            if bound is None:
                continue
            limit = Constant(self._whole(bound))
            if isinstance(end, float):
                end = limit if (end < 0) == (which == "greatest") else end
            else:
                assert not isinstance(end, Fraction)
                end = Extreme("greatest" if which == "greatest" else "least", (end, limit))
        return end

    def card(self, score: Score) -> tuple[End, End]:
        """Items added up."""
        lows, highs = list[End](), list[End]()
        for item, given in score.points.items():
            low, high = self.gains(item, given)
            lows.append(low)
            highs.append(high)
        start = self._whole(score.start)
        return _added(lows, start), _added(highs, start)

    def gains(self, item: str, given: Points) -> tuple[End, End]:
        """The least and the most that an item can give."""
        match given:
            case TraitPoints(yes, no):
                answer, gain, loss = self.answers[item], self._whole(yes), self._whole(no)
                if gain == loss:
                    return Constant(gain), Constant(gain)
                if not _can_be_null(answer):
                    sure = case([(answer, Constant(gain))], Constant(loss))
                    return sure, sure
                positive, negative = Constant(max(gain, loss)), Constant(min(gain, loss))
                better = answer if gain > loss else not_(answer)
                surely = case([(better, positive)], negative)  # an unknown one gives the least
                possibly = case([(not_(better), negative)], positive)  # and at most the most
                return surely, possibly
            case TierPoints(cases):
                return self.tier_points(self.tiers[item], cases)
            case SignalPoints():
                found = self.points(item, given)
                return found.low, found.high

    def tier_points(self, read: TierRead, given: Mapping[str, Decimal]) -> tuple[End, End]:
        """Of a settled tier its case's; of an open one the least and the most of all cases that are possible."""
        points = {each.name: self._whole(given.get(each.name, Decimal(0))) for each in read.tier.cases}
        values = sorted(set(points.values()))
        if len(values) == 1:
            return Constant(values[0]), Constant(values[0])
        of_value = {value: tuple(name for name, worth in points.items() if worth == value) for value in values}
        settled = [
            (OneOf(read.settled, of_value[value]), Constant(value)) for value in values if value or len(values) == 1
        ]
        known = [] if 0 not in values else [(is_known(read.settled), Constant(0))]
        if read.tier.when_unknown is not None or not _can_be_null(read.settled):
            sure = case([*settled, *known], Constant(values[0]))
            return sure, sure
        name = next(name for name, each in self.tiers.items() if each is read)
        at_least = [
            (self.is_one_of(name, tuple(each for each, worth in points.items() if worth >= value)), Constant(value))
            for value in reversed(values[1:])
        ]
        at_most = [
            (self.is_one_of(name, tuple(each for each, worth in points.items() if worth <= value)), Constant(value))
            for value in values[:-1]
        ]
        low = case([*settled, *known, *at_least], Constant(values[0]))
        high = case([*settled, *known, *at_most], Constant(values[-1]))
        return low, high

    def formula(self, formula: Formula | Term) -> tuple[tuple[End, End], Expression]:
        """Interval arithmetic over scores, and whether all of them exist."""
        match formula:
            case Number(value):
                points = Constant(self._whole(value))
                return (points, points), YES
            case Name(name):
                read = self.scores[name]
                return (read.ends.low, read.ends.high), read.exists
            case Sum(parts):
                lows, highs, exist = list[End](), list[End](), list[Expression]()
                for sign, part in parts:
                    (low, high), exists = self.formula(part)
                    exist.append(exists)
                    lows.append(low if sign > 0 else _weighted(high, Fraction(-1)))
                    highs.append(high if sign > 0 else _weighted(low, Fraction(-1)))
                return (_added(lows, 0), _added(highs, 0)), all_of(exist)
            case Product(parts):
                weight, scores = Fraction(1), list[Formula | Term]()
                for _, part in parts:
                    if isinstance(part, Number):
                        weight *= Fraction(part.value)
                    else:
                        scores.append(part)
                if not scores:
                    points = Constant(int(weight * self.scale))
                    return (points, points), YES
                (low, high), exists = self.formula(scores[0])
                ends = (_weighted(low, weight), _weighted(high, weight))
                return (ends if weight >= 0 else (ends[1], ends[0])), exists
            case Highest(parts) | Lowest(parts):
                found = [self.formula(part) for part in parts]
                which: Literal["least", "greatest"] = "greatest" if isinstance(formula, Highest) else "least"
                low, high = (_extreme(which, [ends[at] for ends, _ in found]) for at in (0, 1))
                return (low, high), all_of([exists for _, exists in found])
            case _:
                raise AssertionError("checked: no formula over scores")

    def _whole(self, points: Decimal) -> int:
        return int(Fraction(points) * self.scale)


def _expression(end: End) -> Expression:
    assert not isinstance(end, Fraction | float)
    return end


def _added(ends: list[End], start: int) -> End:
    if any(isinstance(end, float) for end in ends):
        return inf if inf in ends else -inf
    total, rest = start, list[Expression]()
    for end in ends:
        assert not isinstance(end, Fraction | float)
        if isinstance(end, Constant):
            total += int(end.value)  # type: ignore[arg-type]
        elif isinstance(end, Added):
            rest += end.parts
        else:
            rest.append(end)
    if not rest:
        return Constant(total)
    parts = (*rest, Constant(total)) if total else tuple(rest)
    return Added(parts) if len(parts) > 1 else parts[0]


def _weighted(end: End, weight: Fraction) -> End:
    if isinstance(end, float):
        return end * (1 if weight > 0 else -1) if weight else Constant(0)
    assert not isinstance(end, Fraction)
    if isinstance(end, Constant):
        return Constant(int(Fraction(int(end.value)) * weight))  # type: ignore[arg-type]
    return times(end, weight.numerator, weight.denominator) if weight else Constant(0)


def _extreme(which: Literal["least", "greatest"], ends: list[End]) -> End:
    beyond = -inf if which == "least" else inf
    if beyond in ends:
        return beyond
    finite = [end for end in ends if not isinstance(end, float)]
    if not finite:
        return -beyond
    return finite[0] if len(finite) == 1 else Extreme(which, tuple(finite))  # type: ignore[arg-type]


def _can_be_null(of: Expression) -> bool:
    """Whether an answer can be missing, as far as it shows."""
    return not isinstance(of, Constant)


__all__ = ["ScoreReader", "Section"]
