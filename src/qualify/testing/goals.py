"""What has to be asked of a lead for an answer to come out: from a goal to the tests that decide it.

A goal (a rule, a fact, a stage, and the answers that will do) is opened step by step into goals that are smaller, by
the meaning of the language; where there are several ways, each is followed. What is left are tests of a lead's own
values, each with the answers that will do. Whether values exist that give them is asked of `Values`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, islice, product
from math import inf
from random import Random
from typing import Literal, TypeAlias, assert_never

from qualify.definition.model import Model, Score, SignalPoints, TierPoints, TraitPoints
from qualify.rules.logic import Test
from qualify.rules.reads import reads
from qualify.rules.tree import (
    And,
    AtLeast,
    Cases,
    Compare,
    Count,
    Formula,
    Holds,
    In,
    Is,
    Known,
    Name,
    Not,
    Number,
    Or,
    Product,
    Rule,
    Selection,
    Sum,
    Term,
)

Answer: TypeAlias = bool | None
Allowed: TypeAlias = frozenset[Answer]
YES, NO, UNKNOWN = (frozenset[Answer]({answer}) for answer in (True, False, None))
NOT_NO, NOT_YES = YES | UNKNOWN, NO | UNKNOWN
MOST_WAYS = 24
"""Ways of meeting one goal that are followed."""


@dataclass(frozen=True, slots=True)
class RuleGoal:
    """A rule gives one of these answers."""

    rule: Rule
    allowed: Allowed


@dataclass(frozen=True, slots=True)
class TraitGoal:
    """A trait's answer, after `when_unknown`, is one of these."""

    trait: str
    allowed: Allowed


@dataclass(frozen=True, slots=True)
class CaseGoal:
    """A tier is settled on one case, or (None) is open between two."""

    tier: str
    case: str
    other: str | None = None


@dataclass(frozen=True, slots=True)
class PointsGoal:
    """A score compares so with a number: it surely does, surely doesn't, or may."""

    score: str
    op: str
    number: Decimal
    answer: Answer


@dataclass(frozen=True, slots=True)
class SumGoal:
    """The items of a score that are left, beside what those before give, make it compare as it should."""

    points: PointsGoal
    items: tuple[tuple[str, tuple[Option, ...]], ...]
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class HappenedGoal:
    """A signal happened so often at least, or at most."""

    signal: str
    least: int = 0
    most: int | None = None


StageState: TypeAlias = Literal["reached", "not_yet", "disqualified", "undetermined"]


@dataclass(frozen=True, slots=True)
class StageGoal:
    """A stage has this state."""

    stage: str
    state: StageState


Goal: TypeAlias = RuleGoal | TraitGoal | CaseGoal | PointsGoal | SumGoal | HappenedGoal | StageGoal
Way: TypeAlias = tuple[Goal, ...]
"""Goals that together meet another."""
Option: TypeAlias = tuple[Way, float, float]
"""What an item of a score can give: the goals for it, at least, at most."""
Wanted: TypeAlias = tuple[Test, Allowed]
"""A test of a lead's own values, and the answers that will do."""


class Opener:
    """Opens the goals of one definition; `chance` puts the ways in another order than the plainest first."""

    def __init__(self, model: Model, chance: Random | None = None) -> None:
        self.model, self.chance = model, chance
        self.cut = False
        """Whether there were more ways than are followed."""

    def ways(self, goal: Goal) -> Wanted | list[Way]:
        """The test that a goal is, or the ways in which it can be met."""
        match goal:
            case RuleGoal(rule, allowed):
                opened = self.rule(rule, allowed)
                if isinstance(opened, tuple):
                    return opened
                ways = opened
            case TraitGoal(name, allowed):
                ways = self.trait(name, allowed)
            case CaseGoal():
                ways = self.case(goal)
            case PointsGoal():
                ways = self.points(goal)
            case SumGoal():
                return list(self.summed(goal))  # in their order, which leads there
            case HappenedGoal(signal, least, most):
                ways = [self.happened(signal, least, most)]
            case StageGoal(stage, state):
                ways = self.stage(stage, state)
            case _:
                assert_never(goal)
        return self.some(ways)

    def some(self, ways: Iterable[Way]) -> list[Way]:
        """So many of the ways, the plainest first, or by chance."""
        found = list(islice(ways, MOST_WAYS + 1 if self.chance is None else 8 * MOST_WAYS))
        if self.chance is not None:
            self.chance.shuffle(found)
        self.cut = self.cut or len(found) > MOST_WAYS
        return found[:MOST_WAYS]

    # --- rules ---

    def rule(self, rule: Rule, allowed: Allowed) -> Wanted | Iterable[Way]:
        """A test is wanted as it is; what is made of others is opened."""
        if len(allowed) == 3:
            return [()]
        match rule:
            case And(parts):
                return self.all_of(parts, allowed, negated=False)
            case Or(parts):
                return self.all_of(parts, _flipped(allowed), negated=True)
            case AtLeast(number, parts):
                return self.at_least(number, parts, allowed)
            case Not(part):
                return [(RuleGoal(part, _flipped(allowed)),)]
            case Holds(name) if name in self.model.traits:
                return [(TraitGoal(name, allowed),)]
            case Is(Name(tier), case, negated) if tier in self.model.tiers:
                return self.is_case(tier, (case,), _flipped(allowed) if negated else allowed)
            case In(Name(tier), Cases(cases), negated) if tier in self.model.tiers:
                return self.is_case(tier, cases, _flipped(allowed) if negated else allowed)
            case Known(Name(name), negated) if name in self.model.traits:
                known = True not in allowed if negated else True in allowed
                return [(TraitGoal(name, YES),), (TraitGoal(name, NO),)] if known else [(TraitGoal(name, UNKNOWN),)]
            case Known(Name(name), negated) if name in self.model.tiers:
                known = True not in allowed if negated else True in allowed
                names = [case.name for case in self.model.tiers[name].cases]
                if known:
                    return [(CaseGoal(name, case),) for case in names]
                return [(CaseGoal(name, one, other),) for one, other in combinations(names, 2)]
            case Compare(Name(name), op, Number(value)) if name in self.model.scores:
                return [(PointsGoal(name, op, value, answer),) for answer in _in_order(allowed)]
            case Compare(Number(value), op, Name(name)) if name in self.model.scores:
                return [(PointsGoal(name, TURNED[op], value, answer),) for answer in _in_order(allowed)]
            case Holds() | Is() | In() | Known() | Compare():
                return rule, allowed
            case _:
                return rule, allowed

    def all_of(self, parts: tuple[Rule, ...], allowed: Allowed, *, negated: bool) -> Iterator[Way]:
        """An `and`; an `or` is one whose parts are turned round."""

        def goal(part: Rule, wanted: Allowed) -> RuleGoal:
            return RuleGoal(part, _flipped(wanted) if negated else wanted)

        if allowed in (YES, NOT_NO):
            yield tuple(goal(part, allowed) for part in parts)
        elif allowed in (NO, NOT_YES):
            yield from ((goal(part, allowed),) for part in parts)
        elif allowed == UNKNOWN:
            for at in range(len(parts)):
                yield tuple(goal(part, UNKNOWN if each == at else NOT_NO) for each, part in enumerate(parts))
        else:  # yes or no, whichever
            yield tuple(goal(part, YES) for part in parts)
            yield from ((goal(part, NO),) for part in parts)

    def at_least(self, number: int, parts: tuple[Rule, ...], allowed: Allowed) -> Iterator[Way]:
        """So many parts have to say yes; so many no, that the others don't suffice; or some are open."""
        if True in allowed:
            wanted = YES if allowed != NOT_NO else NOT_NO
            yield from (tuple(RuleGoal(part, wanted) for part in chosen) for chosen in combinations(parts, number))
        if False in allowed:
            wanted = NO if allowed != NOT_YES else NOT_YES
            few = len(parts) - number + 1
            yield from (tuple(RuleGoal(part, wanted) for part in chosen) for chosen in combinations(parts, few))
        if allowed == UNKNOWN:
            for unknown in (1, len(parts) - number + 1, *range(2, len(parts) + 1)):
                sure = max(0, number - unknown)
                if not 0 < unknown <= len(parts) or sure >= number:
                    continue
                for places in combinations(range(len(parts)), unknown):
                    rest = [at for at in range(len(parts)) if at not in places]
                    for yes in combinations(rest, sure):
                        yield tuple(
                            RuleGoal(part, UNKNOWN if at in places else YES if at in yes else NO)
                            for at, part in enumerate(parts)
                        )

    # --- facts ---

    def trait(self, name: str, allowed: Allowed) -> Iterator[Way]:
        """A trait's rule, where an unknown answer may be replaced."""
        trait = self.model.traits[name]
        if trait.when_unknown is not None:
            assumed = (trait.when_unknown == "yes") in allowed
            allowed = (allowed - UNKNOWN) | (UNKNOWN if assumed else frozenset())
        if allowed:
            yield (RuleGoal(trait.when, allowed),)

    def is_case(self, tier: str, cases: tuple[str, ...], allowed: Allowed) -> Iterator[Way]:
        """A tier is one of these cases, is none of them, or is open between the two."""
        names = [case.name for case in self.model.tiers[tier].cases]
        for answer in _in_order(allowed):
            if answer is None:
                straddling = (
                    (one, other) for one, other in combinations(names, 2) if (one in cases) != (other in cases)
                )
                yield from ((CaseGoal(tier, one, other),) for one, other in straddling)
            else:
                yield from ((CaseGoal(tier, name),) for name in names if (name in cases) is answer)

    def case(self, goal: CaseGoal) -> Iterator[Way]:
        """The cases before say no, and this one yes (or is open, and the next that isn't says yes)."""
        tier = self.model.tiers[goal.tier]
        if goal.other is not None and tier.when_unknown is not None:
            return
        names = [case.name for case in tier.cases]
        last = names.index(goal.other or goal.case)
        way: list[Goal] = []
        for case in tier.cases[: last + 1]:
            if case.when is not None:
                decides = UNKNOWN if goal.other and case.name == goal.case else YES if case is tier.cases[last] else NO
                way.append(RuleGoal(case.when, decides))
        yield tuple(way)
        if tier.when_unknown == goal.case and goal.other is None:
            for case in tier.cases:
                if case.when is not None:
                    yield (RuleGoal(case.when, UNKNOWN),)

    def happened(self, signal: str, least: int, most: int | None) -> Way:
        """Counts of a signal."""
        count = Count(Selection(Name(signal)))
        way: list[Goal] = []
        if least or most is None:
            way.append(RuleGoal(Compare(count, ">=", Number(Decimal(least))), YES))
        if most is not None:
            way.append(RuleGoal(Compare(count, "<=", Number(Decimal(most))), YES))
        return tuple(way)

    # --- scores ---

    def points(self, goal: PointsGoal) -> Iterator[Way]:
        """The choices among a score's items after which it compares so."""
        score = self.model.scores[goal.score]
        only = self.only_when(score)
        if goal.answer is None and score.only_when is not None:
            yield (RuleGoal(score.only_when, NO),)
        weights = {goal.score: Decimal(1)} if score.of is None else weights_of(score.of)
        if weights is None or any(self.model.scores[name].of is not None for name in weights):
            self.cut = True
            yield from ((*only, *way) for way in self.ends(score))
            return
        items: list[tuple[str, tuple[Option, ...]]] = []
        start = 0.0
        for name, weight in weights.items():
            part = self.model.scores[name]
            only = (*only, *self.only_when(part)) if part is not score else only
            start += float(part.start * weight)
            items += [
                (item, tuple(_weighted(each, weight) for each in self.options(part, item))) for item in part.points
            ]
        items.sort(key=lambda item: -max((abs(high) for _, _, high in item[1]), default=0))
        if self.chance is not None:
            self.chance.shuffle(items)
        yield (*only, SumGoal(goal, tuple(items), start, start))

    @staticmethod
    def only_when(score: Score) -> Way:
        """What has to be so for there to be a score at all."""
        return () if score.only_when is None else (RuleGoal(score.only_when, YES),)

    def options(self, score: Score, name: str) -> Iterator[Option]:
        """What an item can give: the goals for it, at least, at most; the last of them leaves it open to anything."""
        given = score.points[name]
        match given:
            case TraitPoints():
                yes, no = float(given.yes), float(given.no)
                yield (TraitGoal(name, YES),), yes, yes
                yield (TraitGoal(name, NO),), no, no
                yield (TraitGoal(name, UNKNOWN),), min(yes, no), max(yes, no)
                yield (), min(yes, no), max(yes, no)
            case TierPoints():
                points = {case.name: float(given.cases.get(case.name, 0)) for case in self.model.tiers[name].cases}
                for case, value in points.items():
                    yield (CaseGoal(name, case),), value, value
                yield (), min(points.values()), max(points.values())
            case SignalPoints():
                each = float(given.each)
                most = inf if given.at_most is None else float(given.at_most)
                for times in (0, 1, 2, 3, 5, 10):
                    sure = max(-most, min(most, each * times))
                    yield (HappenedGoal(name, times, None if times else 0),), sure, sure
                yield (), min(0.0, -most if each < 0 else 0.0), max(0.0, most if each > 0 else 0.0)
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
            fixed = tuple(sorted(fixed, key=lambda each: each[1] - each[2]))  # the most open first
        else:
            fixed = tuple(sorted(fixed, key=lambda each: -each[1] if upward else each[2]))
        for goals, least, most in fixed:
            yield (*goals, SumGoal(points, rest, goal.low + least, goal.high + most))

    @staticmethod
    def can(goal: PointsGoal, bounds: tuple[float, float]) -> bool:
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

    # --- stages ---

    def stage(self, name: str, state: StageState) -> Iterator[Way]:
        """What the sides, the disqualifiers and the stages before have to say."""
        stage = self.model.stages[name]
        sides = list(stage.requires.values())
        fine: Way = tuple(StageGoal(before, "reached") for before in stage.after)
        unbarred: Way = tuple(TraitGoal(trait, NO) for trait in stage.disqualified_by)
        free: Way = tuple(TraitGoal(trait, NOT_YES) for trait in self.bars(name))
        match state:
            case "reached":
                yield (*fine, *(RuleGoal(side, YES) for side in sides), *unbarred)
            case "not_yet":
                yield from ((*free, RuleGoal(side, NO)) for side in sides)
                yield from ((*free, StageGoal(before, "not_yet")) for before in stage.after)
            case "disqualified":
                yield from ((TraitGoal(trait, YES),) for trait in stage.disqualified_by)
                yield from ((StageGoal(before, "disqualified"),) for before in stage.after)
            case "undetermined":
                for at in range(len(sides)):
                    asked = (RuleGoal(side, UNKNOWN if each == at else NOT_NO) for each, side in enumerate(sides))
                    yield (*fine, *asked, *free)
                open_ = tuple(RuleGoal(side, NOT_NO) for side in sides)
                yield from ((*fine, *open_, *free, TraitGoal(trait, UNKNOWN)) for trait in stage.disqualified_by)
                yield from ((*free, *open_, StageGoal(before, "undetermined")) for before in stage.after)
            case _:
                assert_never(state)

    def bars(self, name: str) -> tuple[str, ...]:
        """What bars a lead from a stage, and from those that it comes after."""
        found: dict[str, None] = {}
        rest = [name]
        while rest:
            stage = self.model.stages[rest.pop()]
            found.update(dict.fromkeys(stage.disqualified_by))
            rest += stage.after
        return tuple(found)


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
    low, high = sorted((low * float(weight), high * float(weight)))
    return goals, low, high


TURNED: Mapping[str, str] = {">": "<", "<": ">", ">=": "<=", "<=": ">=", "==": "==", "!=": "!="}


def _in_order(allowed: Allowed) -> list[Answer]:
    return [answer for answer in (True, False, None) if answer in allowed]


def _flipped(allowed: Allowed) -> Allowed:
    return frozenset(None if answer is None else not answer for answer in allowed)


def _bounded(low: float, high: float, score: Score) -> tuple[float, float]:
    if score.floor is not None:
        low, high = max(low, float(score.floor)), max(high, float(score.floor))
    if score.cap is not None:
        low, high = min(low, float(score.cap)), min(high, float(score.cap))
    return low, high


def _compared(bounds: tuple[float, float], goal: PointsGoal) -> Answer:
    """The answer of an interval against a number."""
    low, high = bounds
    number = float(goal.number)
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
