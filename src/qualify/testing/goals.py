"""What has to be asked of a lead for an answer to come out: from a goal to the tests that decide it.

A goal (a rule, a fact, a stage, and the answers that will do) is opened step by step into goals that are smaller, by
the meaning of the language; where there are several ways, each is followed. What is left are tests of a lead's own
values, each with the answers that will do. Whether values exist that give them is asked of `Values`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, islice
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
    Holds,
    In,
    Is,
    Known,
    Name,
    Not,
    Number,
    Or,
    Rule,
    Selection,
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


Goal: TypeAlias = RuleGoal | TraitGoal | CaseGoal | PointsGoal | HappenedGoal | StageGoal
Way: TypeAlias = tuple[Goal, ...]
"""Goals that together meet another."""
Wanted: TypeAlias = tuple[Test, Allowed]
"""A test of a lead's own values, and the answers that will do."""


class Opener:
    """Opens the goals of one definition; `chance` puts the ways in another order than the plainest first."""

    def __init__(self, model: Model, chance: Random | None = None) -> None:
        self.model, self.chance = model, chance

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
            case HappenedGoal(signal, least, most):
                ways = [self.happened(signal, least, most)]
            case StageGoal(stage, state):
                ways = self.stage(stage, state)
            case _:
                assert_never(goal)
        return self.some(ways)

    def some(self, ways: Iterable[Way]) -> list[Way]:
        if self.chance is None:
            return list(islice(ways, MOST_WAYS))
        found = list(islice(ways, 8 * MOST_WAYS))
        self.chance.shuffle(found)
        return found[:MOST_WAYS]

    # --- rules ---

    def rule(self, rule: Rule, allowed: Allowed) -> Wanted | Iterable[Way]:
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
        trait = self.model.traits[name]
        if trait.when_unknown is not None:
            assumed = (trait.when_unknown == "yes") in allowed
            allowed = (allowed - UNKNOWN) | (UNKNOWN if assumed else frozenset())
        if allowed:
            yield (RuleGoal(trait.when, allowed),)

    def is_case(self, tier: str, cases: tuple[str, ...], allowed: Allowed) -> Iterator[Way]:
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
        count = Count(Selection(Name(signal)))
        way: list[Goal] = []
        if least or most is None:
            way.append(RuleGoal(Compare(count, ">=", Number(Decimal(least))), YES))
        if most is not None:
            way.append(RuleGoal(Compare(count, "<=", Number(Decimal(most))), YES))
        return tuple(way)

    # --- scores ---

    def points(self, goal: PointsGoal) -> Iterator[Way]:
        score = self.model.scores[goal.score]
        only = () if score.only_when is None else (RuleGoal(score.only_when, YES),)
        if goal.answer is None and score.only_when is not None:
            yield (RuleGoal(score.only_when, NO),)
        if score.of is not None:
            yield from ((*only, *way) for way in self.formula(score, goal))
            return
        items = [(name, list(self.options(score, name))) for name in score.points]
        items.sort(key=lambda item: -max((abs(high) for _, _, high in item[1]), default=0))
        if self.chance is not None:
            self.chance.shuffle(items)
        start = float(score.start)
        for way in islice(self.summed(items, start, start, (), goal, score), 4 * MOST_WAYS):
            yield (*only, *way)

    def options(self, score: Score, name: str) -> Iterator[tuple[Way, float, float]]:
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

    def summed(
        self, items: list[tuple[str, list[tuple[Way, float, float]]]], low: float, high: float, way: Way,
        goal: PointsGoal, score: Score,
    ) -> Iterator[Way]:  # fmt: skip
        """Choices for the rest of the items after which the sum answers as it should."""
        rest_low = low + sum(options[-1][1] for _, options in items)
        rest_high = high + sum(options[-1][2] for _, options in items)
        if goal.answer is not None and _compared(_bounded(rest_low, rest_high, score), goal) is goal.answer:
            yield way
            return
        if not items or not self.can(goal, _bounded(rest_low, rest_high, score)):
            if not items and _compared(_bounded(low, high, score), goal) is goal.answer:
                yield way
            return
        (_, options), rest = items[0], items[1:]
        fixed = options[:-1]
        rising = goal.op in (">", ">=", "==")
        upward = rising is not (goal.answer is False)
        if goal.answer is None or goal.op in ("==", "!="):
            ordered = fixed if self.chance is None else self.chance.sample(fixed, len(fixed))
        else:
            ordered = sorted(fixed, key=lambda each: -each[1] if upward else each[2])
        for goals, least, most in ordered:
            yield from self.summed(rest, low + least, high + most, (*way, *goals), goal, score)

    @staticmethod
    def can(goal: PointsGoal, bounds: tuple[float, float]) -> bool:
        """Whether a sum between these may still answer so."""
        found = _compared(bounds, goal)
        return found is None or found is goal.answer

    def formula(self, score: Score, goal: PointsGoal) -> Iterator[Way]:
        """Of a formula, the scores that it reads are driven to their ends: all of them up, or down."""
        names = [name for name in reads(score.of).values if name in self.model.scores] if score.of is not None else []
        for upward in (True, False):
            ways = [self.extreme(self.model.scores[name], upward) for name in names]
            yield tuple(goal for way in ways for goal in way)
        for pattern in range(2 ** min(len(names), 4)):
            picked = [self.extreme(self.model.scores[name], bool(pattern >> at & 1)) for at, name in enumerate(names)]
            yield tuple(goal for way in picked for goal in way)
        if goal.answer is None:
            yield ()

    def extreme(self, score: Score, upward: bool) -> Way:
        only: Way = () if score.only_when is None else (RuleGoal(score.only_when, YES),)
        chosen = [
            max(list(self.options(score, name))[:-1], key=lambda each: each[1] if upward else -each[2])[0]
            for name in score.points
        ]
        return (*only, *(goal for goals in chosen for goal in goals))

    # --- stages ---

    def stage(self, name: str, state: StageState) -> Iterator[Way]:
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
