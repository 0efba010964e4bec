"""The ways from a goal to the tests of a lead's own values that decide it.

A goal (a rule, a fact, a stage, and the answers that will do) is opened step by step into goals that are smaller, by
the meaning of the language; where there are several ways, each is followed. What is left are tests of a lead's own
values, each with the answers that will do. Whether values exist that give them is asked of `Values`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import combinations, islice
from typing import assert_never

from qualify.rules.tree import (
    MIRRORED,
    And,
    AtLeast,
    Between,
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
from qualify.testing.goals import (
    NO,
    NOT_NO,
    NOT_YES,
    UNKNOWN,
    YES,
    Allowed,
    Answer,
    CaseGoal,
    Goal,
    HappenedGoal,
    PointsGoal,
    RuleGoal,
    StageGoal,
    StageState,
    SumGoal,
    TraitGoal,
    Wanted,
    Way,
)
from qualify.testing.score_ways import ScoreOpener

MOST_WAYS = 24
"""Ways of meeting one goal that are followed."""


class Opener(ScoreOpener):
    """Opens the goals of one definition; `chance` puts the ways in another order than the plainest first."""

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
                return [(PointsGoal(name, MIRRORED[op], value, answer),) for answer in _in_order(allowed)]
            case Compare(Name(one), _, Name(other)) if one in self.model.scores and other in self.model.scores:
                return self.compared(one, other)
            case Between(Name(name) as score, Number() as low, Number() as high) if name in self.model.scores:
                return [(RuleGoal(And((Compare(score, ">=", low), Compare(score, "<=", high))), allowed),)]
            case Holds() | Is() | In() | Known() | Compare() | Between():
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
            self.cut = True  # more of the others may say yes
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
        self.cut = (
            self.cut or goal.other is not None or tier.when_unknown is not None
        )  # there are other ways to be open
        names = [case.name for case in tier.cases]
        last = names.index(goal.other or goal.case)
        way: list[Goal] = []
        for case in tier.cases[: last + 1]:
            if case.when is not None:
                decides = UNKNOWN if goal.other and case.name == goal.case else YES if case is tier.cases[last] else NO
                way.append(RuleGoal(case.when, decides))
        yield tuple(way)
        if goal.other is not None:  # bands of one field are open together
            rules = [case.when for case in tier.cases if case.when is not None]
            before = names.index(goal.case)
            for first in dict.fromkeys((0, before)):
                closed = (RuleGoal(rule, NO) for rule in rules[:first])
                yield (*closed, *(RuleGoal(rule, UNKNOWN) for rule in rules[first:]))
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


def _in_order(allowed: Allowed) -> list[Answer]:
    return [answer for answer in (True, False, None) if answer in allowed]


def _flipped(allowed: Allowed) -> Allowed:
    return frozenset(None if answer is None else not answer for answer in allowed)
