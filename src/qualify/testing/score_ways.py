"""How a score comes to compare as it should: the choices among its items, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import product
from random import Random
from typing import assert_never

from qualify.definition.model import Model, Score, SignalPoints, TierPoints, TraitPoints
from qualify.rules.reads import reads
from qualify.rules.tree import Compare, Count, Formula, Name, Number, Product, Selection, Sum, Term
from qualify.testing.goals import (
    NO,
    UNKNOWN,
    YES,
    Answer,
    CaseGoal,
    HappenedGoal,
    Option,
    PointsGoal,
    RuleGoal,
    SumGoal,
    TraitGoal,
    Way,
)

_ENDLESS = Decimal("Infinity")


class ScoreOpener:
    """Opens the goals of scores; what their items can give is reckoned exactly, what the lead then has is judged anyway."""

    def __init__(self, model: Model, chance: Random | None = None, *, settled: bool = False) -> None:
        self.model, self.chance, self.settled = model, chance, settled
        """`settled`: of a score that is open, items that are settled are tried first; else the most open ones."""
        self.cut = False
        """Whether there were more ways than are followed."""

    def points(self, goal: PointsGoal) -> Iterator[Way]:
        """The choices among a score's items after which it compares so."""
        score = self.model.scores[goal.score]
        weights = {goal.score: Decimal(1)} if score.of is None else weights_of(score.of)
        parts = [] if weights is None else [self.model.scores[name] for name in weights]
        gates = list(dict.fromkeys(each.only_when for each in (score, *parts) if each.only_when is not None))
        self.cut = self.cut or bool(gates) or score.of is not None
        if goal.answer is None:
            yield from ((RuleGoal(gate, NO),) for gate in gates)
            yield from ((RuleGoal(gate, UNKNOWN), *way) for gate in gates for way in self.ends(score))
        only: Way = tuple(RuleGoal(gate, YES) for gate in gates)
        if weights is not None and all(part.of is None for part in parts):
            bounded = score.of is not None and any(each.floor is not None or each.cap is not None for each in parts)
            if bounded:  # what a part gives is not the sum of what its items give
                yield from ((*only, *way) for way in self.ends(score))
            yield (*only, self.sum_of(goal, weights))
        else:
            yield from ((*only, *way) for way in self.ends(score))

    def sum_of(self, goal: PointsGoal, weights: Mapping[str, Decimal]) -> SumGoal:
        """The items of the scores that a plain sum is made of, those that give most first."""
        start = Decimal(0)
        items: list[tuple[str, tuple[Option, ...]]] = []
        for name, weight in weights.items():
            part = self.model.scores[name]
            start += part.start * weight
            items += [
                (item, tuple(_weighted(each, weight) for each in self.options(part, item))) for item in part.points
            ]
        items = [
            item for item in items if any(low or high for _, low, high in item[1])
        ]  # what gives 0 may be as it likes
        items.sort(key=lambda item: -max((abs(high) for _, _, high in item[1]), default=Decimal(0)))
        if self.chance is not None:
            self.chance.shuffle(items)
        return SumGoal(goal, tuple(items), start, start)

    def compared(self, one: str, other: str) -> Iterator[Way]:
        """Two scores that are compared: each driven to one of its ends, or open."""
        self.cut = True
        for upward in (True, False):
            yield (*self.end(self.model.scores[one], upward), *self.end(self.model.scores[other], not upward))
            yield self.end(self.model.scores[one], upward)
            yield self.end(self.model.scores[other], upward)
        yield ()

    @staticmethod
    def only_when(score: Score) -> Way:
        """What has to be so for there to be a score at all."""
        return () if score.only_when is None else (RuleGoal(score.only_when, YES),)

    def options(self, score: Score, name: str) -> Iterator[Option]:
        """What an item can give: the goals for it, at least, at most; the last of them leaves it open to anything."""
        given = score.points[name]
        match given:
            case TraitPoints():
                yes, no = given.yes, given.no
                yield (TraitGoal(name, YES),), yes, yes
                yield (TraitGoal(name, NO),), no, no
                yield (TraitGoal(name, UNKNOWN),), min(yes, no), max(yes, no)
                yield (), min(yes, no), max(yes, no)
            case TierPoints():
                self.cut = True  # a tier that is open is no option here
                points = {case.name: given.cases.get(case.name, Decimal(0)) for case in self.model.tiers[name].cases}
                for case, value in points.items():
                    yield (CaseGoal(name, case),), value, value
                yield (), min(points.values()), max(points.values())
            case SignalPoints():
                self.cut = True  # it can happen more often
                each = given.each
                most = _ENDLESS if given.at_most is None else given.at_most
                for times in (0, 1, 2, 3, 5, 10):
                    sure = max(-most, min(most, each * times))
                    yield (HappenedGoal(name, times, None if times else 0),), sure, sure
                least, highest = (-most if each < 0 else Decimal(0)), (most if each > 0 else Decimal(0))
                happened = Compare(Count(Selection(Name(name))), ">=", Number(Decimal(1)))
                yield (RuleGoal(happened, UNKNOWN),), least, highest
                yield (), least, highest
            case _:
                assert_never(given)

    def summed(self, goal: SumGoal) -> Iterator[Way]:
        """The choices for the next item of a score; none where the rest may be as it likes."""
        points, score = goal.points, self.model.scores[goal.points.score]
        low = goal.low + sum(options[-1][1] for _, options in goal.items)
        high = goal.high + sum(options[-1][2] for _, options in goal.items)
        bounds = _bounded(low, high, score)
        if _compared(bounds, points) is points.answer and (points.answer is not None or not goal.items):
            yield ()
            return
        if not goal.items or not self.can(points, bounds):
            return
        (_, options), rest = goal.items[0], goal.items[1:]
        fixed = options[:-1]
        upward = (points.op in (">", ">=", "==")) is not (points.answer is False)
        if self.chance is not None and (points.answer is None or points.op in ("==", "!=")):
            fixed = tuple(self.chance.sample(fixed, len(fixed)))
        elif points.answer is None:
            least_open = 1 if self.settled else -1
            fixed = tuple(sorted(fixed, key=lambda each: least_open * (each[2] - each[1])))
        else:
            fixed = tuple(sorted(fixed, key=lambda each: -each[1] if upward else each[2]))
        for goals, least, most in fixed:
            yield (*goals, SumGoal(points, rest, goal.low + least, goal.high + most))

    @staticmethod
    def can(goal: PointsGoal, bounds: tuple[Decimal, Decimal]) -> bool:
        """Whether a sum between these may still answer so."""
        found = _compared(bounds, goal)
        return found is None or found is goal.answer

    def ends(self, score: Score) -> Iterator[Way]:
        """Of a formula that is no plain sum, the scores that it reads are driven to their ends, in each combination."""
        names = [name for name in reads(score.of).values if name in self.model.scores] if score.of is not None else []
        for upward in product((True, False), repeat=min(len(names), 4)):
            picked = [self.end(self.model.scores[name], up) for name, up in zip(names, upward, strict=False)]
            yield tuple(goal for way in picked for goal in way)

    def end(self, score: Score, upward: bool) -> Way:
        """Each item of a score at the end that gives the most, or the least."""
        chosen = [
            max(list(self.options(score, name))[:-1], key=lambda each: each[1] if upward else -each[2])[0]
            for name in score.points
        ]
        return (*self.only_when(score), *(goal for goals in chosen for goal in goals))


def weights_of(formula: Formula | Term) -> dict[str, Decimal] | None:
    """A sum of scores, each with its weight; None for what is no such sum.

    >>> from qualify.rules.parse import parse_formula
    >>> weights_of(parse_formula("0.5 * fit + engagement"))
    {'fit': Decimal('0.5'), 'engagement': Decimal('1')}
    """
    found: dict[str, Decimal] = {}
    match formula:
        case Name(name):
            return {name: Decimal(1)}
        case Sum(parts):
            for sign, part in parts:
                inner = weights_of(part)
                if inner is None:
                    return None
                for name, weight in inner.items():
                    found[name] = found.get(name, Decimal(0)) + sign * weight
            return found
        case Product(parts):
            names = [part for _, part in parts if not isinstance(part, Number)]
            if len(names) != 1 or any(op == "/" for op, _ in parts):
                return None
            inner = weights_of(names[0])
            factor = Decimal(1)
            for _, part in parts:
                factor *= part.value if isinstance(part, Number) else 1
            return None if inner is None else {name: weight * factor for name, weight in inner.items()}
        case _:
            return None


def _weighted(option: Option, weight: Decimal) -> Option:
    goals, low, high = option
    if not weight:  # an endless number of points, none of which counts
        return goals, weight, weight
    low, high = sorted((low * weight, high * weight))
    return goals, low, high


def _bounded(low: Decimal, high: Decimal, score: Score) -> tuple[Decimal, Decimal]:
    if score.floor is not None:
        low, high = max(low, score.floor), max(high, score.floor)
    if score.cap is not None:
        low, high = min(low, score.cap), min(high, score.cap)
    return low, high


def _compared(bounds: tuple[Decimal, Decimal], goal: PointsGoal) -> Answer:
    """The answer of an interval against a number."""
    low, high = bounds
    number = goal.number
    match goal.op:
        case ">=":
            return True if low >= number else False if high < number else None
        case ">":
            return True if low > number else False if high <= number else None
        case "<=":
            return True if high <= number else False if low > number else None
        case "<":
            return True if high < number else False if low >= number else None
        case "==":
            return True if low == high == number else False if number < low or number > high else None
        case _:
            return False if low == high == number else True if number < low or number > high else None
