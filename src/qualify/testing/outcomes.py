"""What a definition's suite can be asked to have seen: each fact, side, disqualifier and threshold, with its outcomes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from qualify.definition.model import Fact, Model, Score, Signal, SignalPoints, Tier, TierPoints, Trait, TraitPoints
from qualify.definition.order import Facts, facts_read, in_order
from qualify.rules.logic import Test, tests
from qualify.rules.reads import Tree, walk
from qualify.rules.tree import Between, Compare, Count, Days, First, Holds, Known, Last, Name, Number, Rule, Total

Kind: TypeAlias = Literal["trait", "tier", "side", "disqualifier", "threshold", "edge"]
KINDS: tuple[Kind, ...] = ("trait", "tier", "side", "disqualifier", "threshold", "edge")
OPEN = "open"
MET = {"yes": "met", "no": "not met", "unknown": "unknown"}
"""What an answer is called of a threshold."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing that verdicts can take to several outcomes; `outcomes` are those that can be asked for."""

    kind: Kind
    name: str
    """As people name it: `right_size`; `sql, sales` of a side; `right_size, employees >= 50` of a threshold."""
    outcomes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a rule stands whose tests a verdict shows: a section of the verdict, a name in it, and a stage's team."""

    section: Literal["traits", "tiers", "scores", "stages"]
    name: str
    team: str | None = None

    def __str__(self) -> str:
        return self.name if self.team is None else f"{self.name}, {self.team}"


def subjects(model: Model) -> tuple[Subject, ...]:
    """Everything that can be asked for, in the definition's order, each kind together: what counts, nothing in shadow."""
    opens = _Opens(model)
    found: list[Subject] = []
    for name, trait in model.traits.items():
        if trait.status == "adopted":
            found.append(Subject("trait", name, _three(("traits", name) in opens)))
    for name, tier in model.tiers.items():
        if tier.status == "adopted":
            cases = tuple(dict.fromkeys(case.name for case in tier.cases))
            found.append(Subject("tier", name, (*cases, OPEN) if ("tiers", name) in opens else cases))
    for name, stage in model.stages.items():
        for team, rule in stage.requires.items():
            found.append(Subject("side", f"{name}, {team}", _three(opens.rule(rule))))
    for name, stage in model.stages.items():
        for trait_name in dict.fromkeys(stage.disqualified_by):
            found.append(Subject("disqualifier", f"{name}, {trait_name}", _three(("traits", trait_name) in opens)))
    edges: list[Subject] = []
    for place, rule in places(model):
        for test in thresholds(rule):
            met = tuple(MET[answer] for answer in _three(opens.rule(test)))
            found.append(Subject("threshold", f"{place}, {test}", met))
            edges += [Subject("edge", f"{place}, {test}", tuple(map(exactly, numbers(test))))]
    return tuple(dict.fromkeys((*found, *edges)))


def places(model: Model) -> Iterator[tuple[Place, Rule]]:
    """Every rule that counts and that a verdict shows the tests of, with its place."""
    for name, trait in model.traits.items():
        if trait.status == "adopted":
            yield Place("traits", name), trait.when
    for name, tier in model.tiers.items():
        if tier.status == "adopted":
            yield from ((Place("tiers", name), case.when) for case in tier.cases if case.when is not None)
    for name, score in model.scores.items():
        if score.status == "adopted" and score.only_when is not None:
            yield Place("scores", name), score.only_when
    for name, stage in model.stages.items():
        yield from ((Place("stages", name, team), rule) for team, rule in stage.requires.items())


def thresholds(rule: Rule) -> tuple[Test, ...]:
    """The tests of a rule that compare with a number, each once.

    >>> from qualify.rules.parse import parse
    >>> [str(test) for test in thresholds(parse("customer or employees >= 50 and industry is known"))]
    ['employees >= 50']
    """
    return tuple(dict.fromkeys(test for test in tests(rule) if numbers(test)))


def numbers(test: Test) -> tuple[Number, ...]:
    """The numbers that a test compares with; none where it is another kind of test."""
    match test:
        case Compare(left, _, right):
            sides = (left, right)
        case Between(_, low, high):
            sides = (low, high)
        case _:
            return ()
    return tuple(dict.fromkeys(side for side in sides if isinstance(side, Number)))


def exactly(number: Number) -> str:
    """What it is called when a threshold was met with this very number."""
    return f"exactly {number}"


def _three(can_be_unknown: bool) -> tuple[str, ...]:
    return ("yes", "no", "unknown") if can_be_unknown else ("yes", "no")


class _Opens:
    """Which facts can be open for some lead: left out are those of which it can be said that they never are."""

    def __init__(self, model: Model) -> None:
        self._facts = Facts(model.traits, model.tiers, model.signals, model.scores)
        self._open: set[tuple[str, str]] = set()
        facts = self._facts.all()
        for key in in_order({key: facts_read(fact, self._facts) for key, fact in facts.items()})[0]:
            if self._fact(facts[key]):
                self._open.add(key)

    def __contains__(self, key: object) -> bool:
        return key in self._open

    def _fact(self, fact: Fact) -> bool:
        match fact:
            case Trait(when=when, when_unknown=given):
                return given is None and self.rule(when)
            case Tier(cases=cases, when_unknown=case_given):
                return case_given is None and any(case.when is not None and self.rule(case.when) for case in cases)
            case Signal():
                return True
            case Score():
                if fact.only_when is not None:  # where that isn't yes there is no score, and comparing it is unknown
                    return True
                return (fact.of is not None and self._reads_open(fact.of)) or any(
                    self._points(item, points) for item, points in fact.points.items()
                )

    def _points(self, item: str, points: TraitPoints | TierPoints | SignalPoints) -> bool:
        match points:
            case TraitPoints(yes, no):
                return yes != no and ("traits", item) in self._open
            case TierPoints():
                return ("tiers", item) in self._open
            case SignalPoints():
                return True

    def rule(self, rule: Rule) -> bool:
        """Whether some lead may make this rule unknown."""
        return any(not isinstance(test, Known) and self._reads_open(test) for test in tests(rule))

    def _reads_open(self, tree: Tree) -> bool:
        for node, _ in walk(tree):
            match node:
                case Count() | Days() | Total() | First() | Last():
                    return True  # of a lead of which nobody can tell what happened
                case Name(name) | Holds(name):
                    keys = [("traits", name), ("tiers", name), ("scores", name)]
                    if any(key in self._open for key in keys) or not self._is_fact(name):
                        return True
                case _:
                    pass
        return False

    def _is_fact(self, name: str) -> bool:
        return name in self._facts.traits or name in self._facts.tiers or name in self._facts.scores


__all__ = ["KINDS", "MET", "OPEN", "Kind", "Place", "Subject", "exactly", "numbers", "places", "subjects", "thresholds"]
