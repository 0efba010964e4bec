"""Where a goal can be met in several ways from the start: each is a beginning of its own, so that what is found differs.

A search that goes deep comes back with ways that differ in their last choice only. So the goals that decide (the side
that isn't settled, the part that says no, the item of a score that is open) are opened first, one after the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import assert_never

from qualify.definition.model import Model, Points, SignalPoints, TierPoints, TraitPoints
from qualify.rules.tree import Compare, Count, Name, Number, Selection
from qualify.testing.goals import (
    NO,
    UNKNOWN,
    YES,
    Allowed,
    CaseGoal,
    Goal,
    PointsGoal,
    RuleGoal,
    StageGoal,
    TraitGoal,
    Way,
)
from qualify.testing.score_ways import weights_of
from qualify.testing.ways import Opener

MOST_BEGINNINGS = 16
MOST_OPENED = 60
MOST_CASES = 4


def beginnings(goal: Goal, opener: Opener) -> list[Way]:
    """Ways to begin, each with another answer that decides; one alone where there is no choice."""
    found: list[Way] = [(goal,)]
    done: list[Way] = []
    for _ in range(MOST_OPENED):
        if not found or len(found) + len(done) >= MOST_BEGINNINGS:
            break
        way = found.pop(0)
        at = _deciding(way)
        if at is None:
            done.append(way)
            continue
        deciding, rest = way[at], (*way[:at], *way[at + 1 :])
        if isinstance(deciding, PointsGoal):
            done += [(*each, *rest) for each in _open_items(deciding, opener)] or [way]
            continue
        opened = opener.ways(deciding)
        if isinstance(opened, tuple):
            done.append(way)
        else:  # what decides comes first: the rest is chosen so that it goes with it
            found += [(*each, *rest) for each in _few(opened)]
    return [*done, *found][:MOST_BEGINNINGS]


def _few(ways: list[Way]) -> list[Way]:
    """Of a tier with many cases, some."""
    if len(ways) > MOST_CASES and all(isinstance(way[0], CaseGoal) for way in ways):
        return ways[:: len(ways) // MOST_CASES]
    return ways


def _deciding(way: Way) -> int | None:
    """The one goal on which the others wait; None where there is none, or it is settled already."""
    for wanted in (UNKNOWN, NO):
        at = [place for place, goal in enumerate(way) if _answer(goal) == wanted]
        if len(at) == 1:
            return at[0]
        if at:
            return None
    if len(way) == 1 and not isinstance(way[0], CaseGoal):
        return 0
    return None


def _answer(goal: Goal) -> Allowed | None:
    match goal:
        case RuleGoal(_, allowed) | TraitGoal(_, allowed):
            return allowed
        case PointsGoal(_, _, _, answer):
            return UNKNOWN if answer is None else NO if answer is False else YES
        case CaseGoal(_, _, other):
            return None if other is None else UNKNOWN
        case StageGoal(_, state):
            return {"undetermined": UNKNOWN, "not_yet": NO}.get(state, YES)
        case _:
            return None


def _open_items(goal: PointsGoal, opener: Opener) -> Sequence[Way]:
    """Of a score that may pass, each item that can be the one that isn't known."""
    score = opener.model.scores[goal.score]
    weights = {goal.score: Decimal(1)} if score.of is None else weights_of(score.of)
    if goal.answer is not None or weights is None:
        return []
    parts = [opener.model.scores[name] for name in weights]
    items = dict.fromkeys(item for part in parts for item, points in part.points.items() if any(_given(points)))
    return [(_open(item, opener.model), goal) for item in items]


def _given(points: Points) -> Iterator[Decimal]:
    match points:
        case TraitPoints(yes, no):
            yield from (yes, no)
        case TierPoints(cases):
            yield from cases.values()
        case SignalPoints():
            yield points.each
        case _:
            assert_never(points)


def _open(item: str, model: Model) -> Goal:
    """An item of a score that isn't known."""
    if item in model.traits:
        return TraitGoal(item, UNKNOWN)
    if item in model.tiers:
        cases = model.tiers[item].cases
        return CaseGoal(item, cases[0].name, cases[-1].name)
    return RuleGoal(Compare(Count(Selection(Name(item))), ">=", Number(Decimal(1))), UNKNOWN)


__all__ = ["beginnings"]
