"""Leads at the border: one step on either side of every threshold, date cut-off, set edge, count and score."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from hypothesis.strategies import SearchStrategy

from qualify.definition.model import Model
from qualify.face import Definition
from qualify.lead import Lead
from qualify.rules.logic import tests
from qualify.rules.tree import MIRRORED, Compare, Holds, Is, Name, Number, Rule, RuleNode
from qualify.testing.edges import edged
from qualify.testing.goals import NO, YES, Goal, PointsGoal, RuleGoal, StageGoal
from qualify.testing.lead_strategies import worlds_of
from qualify.testing.search import Found, Search
from qualify.testing.unsatisfiable import Unsatisfiable


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of one border: a test (or a score's threshold), and the answer there."""

    said: str
    goal: Goal


def borderline_leads(
    rule_or_definition: RuleNode | str | Definition,
    *,
    definition: Definition | None = None,
    as_of: datetime | None = None,
) -> SearchStrategy[Lead]:
    """Leads one step on either side of each border of a rule, or of all rules of a definition.

    Everything else about such a lead is so that the rest of the rule lets the border decide, where that is found;
    of a definition, leads that reach a stage, or just don't, come among them. With `as_of` the edges of windows are
    met exactly; without it, what is drawn keeps ten minutes away from them.

    Raises Unsatisfiable where no border has a lead on either side.

    >>> from hypothesis import find
    >>> leads = borderline_leads("employees >= 50")
    >>> find(leads, lambda lead: lead.employees < 50).employees
    49
    >>> find(leads, lambda lead: lead.employees >= 50).employees
    50
    """
    world, rules = worlds_of(rule_or_definition, definition, as_of)
    stages = world.model.stages if isinstance(rule_or_definition, Definition) else ()
    search = Search(world.model, world.as_of, lasting=world.lasting)
    found: list[Found] = []
    trouble: Unsatisfiable | None = None
    for side in dict.fromkeys((*_stages(stages), *_sides(rules, world.model))):
        try:
            ways = search.find(side.goal, side.said)
        except Unsatisfiable as why:
            trouble = why
            continue
        found += ways[:2]
    if not found:
        raise trouble or Unsatisfiable("there is no border: no rule compares, counts or asks for a fact")
    return world.at_borders([_nearest(way, search) for way in found])


def _stages(names: Iterable[str]) -> Iterator[_Side]:
    """Leads that just reach a stage, and leads that just don't."""
    for name in names:
        yield _Side(f"{name} reached", StageGoal(name, "reached"))
        yield _Side(f"{name} not yet", StageGoal(name, "not_yet"))


def _sides(rules: list[Rule], model: Model) -> Iterator[_Side]:
    """Both sides of each test: with the whole rule on its side where the test alone decides, and by itself."""
    for rule in rules:
        for wanted in (YES, NO):
            yield _Side(f"`{rule}`", RuleGoal(rule, wanted))
        for test in tests(rule):
            match test:
                case Compare(Name(name), op, Number(value)) if name in model.scores:
                    yield from _points_beside(str(test), PointsGoal(name, op, value, True), model)
                case Compare(Number(value), op, Name(name)) if name in model.scores:
                    yield from _points_beside(str(test), PointsGoal(name, MIRRORED[op], value, True), model)
                case Holds(name) if name in model.traits:
                    continue  # its own rule is looked at
                case Is():
                    continue
                case _:
                    yield _Side(f"`{test}`", RuleGoal(test, YES))
                    yield _Side(f"`{test}`", RuleGoal(test, NO))


def _points_beside(said: str, met: PointsGoal, model: Model) -> Iterator[_Side]:
    """A score exactly at a threshold and one step below it, else on either side of it."""
    for number in (met.number, met.number + _step(model, met.score)):
        yield _Side(f"`{said}`", PointsGoal(met.score, "==", number, True))
    yield _Side(f"`{said}`", met)
    yield _Side(f"`{said}`", replace(met, answer=False))


def _step(model: Model, score: str) -> Decimal:
    """One step below a threshold: the smallest points that the score gives."""
    given = [abs(points) for item in model.scores[score].points.values() for points in _points(item) if points]
    return -min(given, default=Decimal(1))


def _points(item: Any) -> Iterator[Decimal]:
    for name in ("yes", "no", "each"):
        value = getattr(item, name, None)
        if isinstance(value, Decimal):
            yield value
    yield from getattr(item, "cases", {}).values()


def _nearest(way: Found, search: Search) -> Found:
    """The same way, with what stands next to the edges only."""
    return Found(tuple(edged(island, search.values) for island in way.islands))
