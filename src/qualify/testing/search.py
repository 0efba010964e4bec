"""Leads that meet a goal: ways are followed until all that is left are tests for whose answers there are values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, TypeAlias, assert_never

from qualify.definition.model import Model
from qualify.definition.order import Facts, trees_of
from qualify.engine.clock import Clock, zone_of
from qualify.rules.logic import Test
from qualify.rules.reads import reads
from qualify.testing.goals import (
    NOT_YES,
    Allowed,
    CaseGoal,
    Goal,
    HappenedGoal,
    PointsGoal,
    RuleGoal,
    StageGoal,
    SumGoal,
    TraitGoal,
)
from qualify.testing.happened import Effort, Happened
from qualify.testing.openings import beginnings
from qualify.testing.unsatisfiable import Unsatisfiable
from qualify.testing.values import ACTIVITIES, KIND, Island, Values, in_one
from qualify.testing.ways import Opener

_For: TypeAlias = tuple[Goal, str]
"""A goal, and the trait that has it ("" where it was asked for itself)."""
MOST_STEPS = 1_500
"""Steps of one search before it starts again in another order."""
MOST_STEPS_VARIED = 300
"""Steps from one of several beginnings."""
MOST_EFFORT_VARIED = 1_500
"""Collections of activities that are asked from all beginnings together."""
MOST_SEARCHES = 6
ENOUGH_SEARCHES = 3
"""Searches after which what was found is enough."""
ENOUGH_BEGINNINGS = 4
"""Beginnings from which a way was found, after which one more search is enough."""
ENOUGH_EFFORT = 300
"""Collections of activities that were asked, after which it is enough too."""
MOST_FOUND = 12
WHILE = timedelta(minutes=10)
"""How long what was found for `now` holds at least."""


@dataclass(frozen=True, slots=True)
class Found:
    """One way of meeting a goal: islands of fields that can be filled in one by one, whatever the others are."""

    islands: tuple[Island, ...]

    @property
    def names(self) -> frozenset[str]:
        """The fields that it fills in, and `activities`."""
        names = (name for island in self.islands for name in island.names)
        return frozenset(ACTIVITIES if name.startswith(KIND) else name for name in names)


class Search:
    """For one definition; what is found is kept for the next goal."""

    def __init__(self, model: Model, as_of: datetime, *, lasting: bool) -> None:
        self.model, self.as_of = model, as_of
        zone = zone_of(model.timezone)
        moments = (as_of, as_of + WHILE) if lasting else (as_of,)
        self.values = Values(model, [Clock(moment, zone) for moment in moments])

    def find(
        self,
        goal: Goal,
        said: str,
        check: Callable[[Found], bool] | None = None,
        *,
        varied: bool = False,
        left_out: bool = False,
        attempts: int = MOST_SEARCHES,
    ) -> tuple[Found, ...]:
        """Ways of meeting a goal, the plainest first; with a `check`, each that it lets through; `varied`, from each beginning.

        A lead that is left out shows nothing, so it isn't, unless that is what is looked for (`left_out`).
        Raises Unsatisfiable where none was found.
        """
        barring = () if left_out else self.model.left_out_by
        goals: tuple[Goal, ...] = (goal, *(TraitGoal(trait, NOT_YES) for trait in barring))
        said += ", of a lead that is not left out" if barring else ""
        found: dict[frozenset[Any], Found] = {}
        trouble = _Trouble()
        empty = [self.nothing_known(happened) for happened in (None, ())] if check is not None else []
        plain = [each for each in empty if check is not None and check(each)]
        if varied:
            found.update(self.from_beginnings(goal, goals[1:], check))
        most = max(MOST_FOUND, len(found) + 2)
        attempts = min(attempts, 1 if len(found) >= ENOUGH_BEGINNINGS else attempts)
        for attempt in range(attempts):
            chance = Random(attempt) if attempt else None
            enough = 3 if attempt == 0 else 2
            for asked in self.asked(goals, Opener(self.model, chance), trouble, lambda: bool(found) and self.weary):
                key = frozenset(asked.items())
                if key not in found:
                    each = Found(in_one(self.values.islands(asked)))
                    if all(each.islands) and (check is None or check(each)):
                        found[key] = each
                        enough -= 1
                    else:
                        trouble.unchecked += 1
                if enough <= 0 or len(found) >= most:
                    break
            enough_of_it = attempt >= ENOUGH_SEARCHES or self.weary
            if len(found) >= most or (found and enough_of_it) or (trouble.whole and not found):
                break
        if not found and not plain:
            raise trouble.error(said)
        ways = [*plain, *found.values()]
        return tuple(sorted(ways, key=lambda each: (len(each.names), sum(len(i.tests) for i in each.islands))))

    def from_beginnings(
        self, goal: Goal, others: tuple[Goal, ...], check: Callable[[Found], bool] | None
    ) -> dict[frozenset[Any], Found]:
        """One way from each beginning that a goal has, as far as they are found soon."""
        found: dict[frozenset[Any], Found] = {}
        ways = beginnings(goal, Opener(self.model))
        before = self.values.effort
        effort = self.values.effort = Effort(said=before.said)  # what is spent here isn't missing later
        for way in ways if len(ways) > 1 else ():
            opener, enough = Opener(self.model, settled=True), _more_than(effort, MOST_EFFORT_VARIED // len(ways))
            for asked in self.asked((*way, *others), opener, _Trouble(), enough, MOST_STEPS_VARIED):
                key = frozenset(asked.items())
                each = Found(in_one(self.values.islands(asked)))
                if key not in found and all(each.islands) and (check is None or check(each)):
                    found[key] = each
                    break
        self.values.effort = before
        return found

    @property
    def weary(self) -> bool:
        """Whether so much was asked already that what was found is enough."""
        return self.values.effort.spent > ENOUGH_EFFORT

    def nothing_known(self, happened: Happened | None) -> Found:
        """A lead of which nothing is known that matters, of whom nothing happened, or nobody can say."""
        facts = Facts(self.model.traits, self.model.tiers, self.model.signals, self.model.scores).all()
        matters = {name for fact in facts.values() for tree in trees_of(fact) for name in reads(tree).values}
        fields = (Island((name,), (), (None,)) for name in self.model.declared_fields if name in matters)
        return Found((*fields, Island((KIND,), (), together=({ACTIVITIES: happened},))))

    def asked(
        self,
        goals: Sequence[Goal],
        opener: Opener,
        trouble: _Trouble,
        enough: Callable[[], bool],
        most: int = MOST_STEPS,
    ) -> Iterator[Mapping[Test, Allowed]]:
        """Tests with answers that will do, for which there are values; each a way of meeting all goals."""
        stack: list[tuple[tuple[_For, ...], dict[Test, Allowed], dict[Test, tuple[str, ...]]]]
        stack = [(tuple((goal, "") for goal in goals), {}, {})]
        steps = 0
        while stack:
            steps += 1
            if steps > most or enough():
                trouble.whole = False
                return
            rest, asked, of_facts = stack.pop()
            if not rest:
                yield asked
                continue
            goal, fact = rest[0]
            opened = opener.ways(goal)
            trouble.whole = trouble.whole and not opener.cut
            if isinstance(opened, tuple):
                test, allowed = opened
                both = asked.get(test, allowed) & allowed
                before = of_facts.get(test, ())
                if not both:
                    parts = (_part(test, asked[test], before), _part(test, allowed, (fact,)))
                    trouble.tell(parts, proved=True)
                    continue
                grown = {**asked, test: both}
                of_facts = {**of_facts, test: (*before, fact)}
                group = self.values.around(test, grown)
                island = self.values.island(group)
                if island:
                    stack.append((rest[1:], grown, of_facts))
                else:
                    trouble.whole = trouble.whole and island.exact
                    told = tuple(_part(each, group[each], of_facts[each]) for each in group)
                    trouble.tell(told, proved=island.exact)
            elif not opened:
                trouble.never(goal)
            else:
                if isinstance(goal, TraitGoal) and goal not in goals:
                    fact = goal.trait
                stack += [((*((each, fact) for each in way), *rest[1:]), asked, of_facts) for way in reversed(opened)]


def _more_than(effort: Effort, number: int) -> Callable[[], bool]:
    """Whether more than so much was spent since now."""
    most = effort.spent + number
    return lambda: effort.spent > most


class _Trouble:
    """What kept a search from finding anything."""

    def __init__(self) -> None:
        self.whole = True
        """Whether every way was followed, and each that ended was proved to end."""
        self.unchecked = 0
        self.parts: tuple[str, ...] = ()
        self.proved = False

    def tell(self, parts: tuple[str, ...], *, proved: bool) -> None:
        """Remember the fewest tests that didn't go together."""
        if not self.parts or (proved, -len(parts)) > (self.proved, -len(self.parts)):
            self.parts, self.proved = parts, proved

    def never(self, goal: Goal) -> None:
        """Remember that there is no way to a goal at all."""
        if not self.parts and not isinstance(goal, SumGoal):  # other choices before it may be the way
            self.parts, self.proved = (_wish(goal),), True

    def error(self, said: str) -> Unsatisfiable:
        """The error that tells it, and no more than that."""
        proved = self.whole and self.proved and not self.unchecked
        if not self.parts:
            told = "no way that was tried led there"
        elif len(self.parts) == 1:
            told = f"{'there is no way to' if self.proved else 'nothing was found for'} {self.parts[0]}"
        else:
            together = "can't hold together" if self.proved else "were not found together"
            told = f"these {together}: {'; '.join(self.parts)}"
        rest = "" if proved else ". The search is bounded: that there is none was not proved"
        return Unsatisfiable(f"no lead was found for {said}: {told}{rest}", parts=self.parts, proved=proved)


def _part(test: Test, allowed: Allowed, of_facts: tuple[str, ...]) -> str:
    """A test, the answers that will do, and the facts that want them; not what was asked for in the first place."""
    named = [fact for fact in dict.fromkeys(of_facts) if fact]
    return f"{test} ({_said(allowed)}{', for ' if named else ''}{', '.join(named)})"


def _wish(goal: Goal) -> str:
    match goal:
        case RuleGoal(rule, allowed):
            return f"`{rule}` being {_said(allowed)}"
        case TraitGoal(name, allowed):
            return f"{name} being {_said(allowed)}"
        case CaseGoal(tier, case, other):
            return f"{tier} being {case}" if other is None else f"{tier} being open between {case} and {other}"
        case PointsGoal(score, op, number, answer) | SumGoal(PointsGoal(score, op, number, answer)):
            return f"`{score} {op} {number}` being {_ANSWERS[answer]}"
        case HappenedGoal(signal):
            return f"{signal} happening so often"
        case StageGoal(stage, state):
            return f"{stage} being {state.replace('_', ' ')}"
        case _:
            assert_never(goal)


def _said(allowed: Allowed) -> str:
    return " or ".join(_ANSWERS[answer] for answer in _ORDER if answer in allowed)


_ANSWERS = {True: "yes", False: "no", None: "unknown"}
_ORDER = (True, False, None)
