"""Mutants: a definition with one small change each, to learn which changes no story notices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, Protocol, TypeVar, cast

from qualify.definition.model import Model, Score, SignalPoints, Stage, TierPoints, TraitPoints
from qualify.definition.write import data_of
from qualify.errors import QualifyError
from qualify.face import Definition, define
from qualify.rules.parse import parse
from qualify.rules.tree import Node, Not, Rule
from qualify.testing.changes import Changed, changes_of
from qualify.testing.noticing import Noticed, noticed
from qualify.testing.pasting import as_story

_NEVER = parse("id is known and id is unknown")
_ASSUMED: tuple[Literal["yes", "no"] | None, ...] = ("yes", "no", None)
V = TypeVar("V")


class Told(Protocol):
    """What is asked of a story; `Story` is one, and so is anything else that can be held against a definition."""

    @property
    def lead(self) -> Mapping[str, Any]: ...
    @property
    def as_of(self) -> datetime: ...
    def outcome(self, definition: Definition, /) -> Any: ...


@dataclass(frozen=True, slots=True)
class Mutant:
    """A definition with one small change."""

    name: str
    """Its own among all mutants of a definition: where, and which kind of change."""
    what: str
    """The change in words: "`employees >= 50` of right_size becomes `employees >= 51`"."""
    place: str
    """Where in the file: `traits.right_size`, `stages.sql.requires.sales`."""
    definition: Definition


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that no story noticed, and a lead that would have, where one was found."""

    mutant: Mutant
    found: Noticed | None

    @property
    def lead(self) -> dict[str, Any] | None:
        """A lead on which the definition and the mutant answer differently."""
        return None if self.found is None else self.found.lead

    @property
    def as_of(self) -> datetime | None:
        """The moment at which they do."""
        return None if self.found is None else self.found.as_of

    @property
    def words(self) -> str:
        """The change in words; and where no lead was found, that none was."""
        return self.mutant.what if self.found else f"{self.mutant.what} (no lead was found that tells them apart)"

    def as_story(self) -> str:
        """A story in TOML, ready to paste: that lead, and what the definition (not the mutant) says of it.

        Where no lead was found it is a comment that says so.
        """
        if self.found is None:
            return f"# {self.mutant.what}:\n# no lead was found that tells them apart\n"
        return f"# {self.mutant.what}\n{as_story(self.found)}"


def mutants(definition: Definition) -> Iterator[Mutant]:
    """Each small change of a definition that makes another one of it, in the definition's order.

    A threshold or a window moves, `and` and `or` change places, a part of a rule, a case, a disqualifier, a side, a
    list's first entry or the stage before is dropped, a trait says no or the opposite or is no longer assumed, a side
    goes to the other team, points change or no longer fade. What is in shadow or proposed counts for nothing and is
    left alone. A change that makes no definition is left out.

    >>> import qualify
    >>> small = qualify.define(
    ...     name="Small",
    ...     teams={"sales": "Sales"},
    ...     traits={"large": {"team": "sales", "when": "employees >= 50", "why": "They need us."}},
    ...     stages={"sql": {"requires": {"sales": "large"}}},
    ... )
    >>> for mutant in mutants(small):
    ...     print(mutant.what)
    `employees >= 50` of large becomes `employees > 50`
    `employees >= 50` of large becomes `employees >= 49`
    `employees >= 50` of large becomes `employees >= 51`
    large always says no
    large says the opposite: no instead of yes, yes instead of no
    """
    model = replace(definition.model, approvals={})
    seen = {definition.digest}
    counts: dict[str, int] = {}
    for place, kind, what, changed in _changed(model):
        try:
            made = define(**data_of(changed))
        except QualifyError:
            continue  # not every change makes a definition
        if made.digest in seen:
            continue
        seen.add(made.digest)
        key = f"{place}/{kind}"
        counts[key] = counts.get(key, 0) + 1
        yield Mutant(f"{key}-{counts[key]}", what, place, made)


def survivors(definition: Definition, stories: Iterable[Told]) -> list[Survivor]:
    """The mutants that no story notices, each with a lead that would have, where one is found.

    A story notices a mutant when what it expects does not come out of it. A story that doesn't hold of the definition
    itself notices nothing.
    """
    told = tuple(story for story in stories if _passes(story, definition))
    bases = tuple((story.lead, story.as_of) for story in told)
    return [
        Survivor(mutant, noticed(definition, mutant.definition, bases))
        for mutant in mutants(definition)
        if all(_passes(story, mutant.definition) for story in told)
    ]


def _passes(story: Told, definition: Definition) -> bool:
    try:
        return bool(story.outcome(definition).passed)
    except QualifyError:
        return False  # it speaks of what is gone


_Change = tuple[str, str, str, Model]
"""Place, kind, words, and the model after it."""


def _changed(model: Model) -> Iterator[_Change]:
    for name in model.left_out_by:
        rest = tuple(each for each in model.left_out_by if each != name)
        yield "left_out_by", "dropped", f"{name} no longer leaves a lead out", replace(model, left_out_by=rest)
    for name, listed in model.lists.items():
        for entry in listed.values[:1]:  # one speaks for all
            fewer = replace(listed, values=listed.values[1:])
            what = f"{name} no longer lists {entry!r}"
            yield f"lists.{name}", "dropped", what, replace(model, lists=_with(model.lists, name, fewer))
    yield from _traits(model)
    yield from _tiers(model)
    yield from _signals(model)
    for name, score in model.scores.items():
        if score.status == "adopted":
            for kind, what, new in _score(name, score):
                yield f"scores.{name}", kind, what, replace(model, scores=_with(model.scores, name, new))
    yield from _stages(model)


def _traits(model: Model) -> Iterator[_Change]:
    for name, trait in model.traits.items():
        if trait.status != "adopted":
            continue
        opposite = trait.when.part if isinstance(trait.when, Not) else _negated(trait.when)
        rules = [*_rule(trait.when, name), ("always-no", f"{name} always says no", _NEVER)]
        if opposite is not None:
            rules.append(("negated", f"{name} says the opposite: no instead of yes, yes instead of no", opposite))
        for kind, what, rule in rules:
            new = replace(trait, when=rule)
            yield f"traits.{name}", kind, what, replace(model, traits=_with(model.traits, name, new))
        for assumed in _ASSUMED if trait.when_unknown else ():
            what = f"{name} is {assumed or 'open'} where it can't be told, instead of {trait.when_unknown}"
            new = replace(trait, when_unknown=assumed)
            yield f"traits.{name}", "assumed", what, replace(model, traits=_with(model.traits, name, new))


def _tiers(model: Model) -> Iterator[_Change]:
    for name, tier in model.tiers.items():
        if tier.when_unknown is not None and tier.status == "adopted":
            what = f"{name} is open where it can't be told, instead of {tier.when_unknown}"
            new = replace(tier, when_unknown=None)
            yield f"tiers.{name}", "assumed", what, replace(model, tiers=_with(model.tiers, name, new))
        for at, case in enumerate(tier.cases):
            if case.when is None or tier.status != "adopted":
                continue
            rules = [*_rule(case.when, f"{name} {case.name}"), ("dropped", f"{name} never says {case.name}", _NEVER)]
            for kind, what, rule in rules:
                cases = (*tier.cases[:at], replace(case, when=rule), *tier.cases[at + 1 :])
                new = replace(tier, cases=cases)
                yield f"tiers.{name}.{case.name}", kind, what, replace(model, tiers=_with(model.tiers, name, new))


def _signals(model: Model) -> Iterator[_Change]:
    for name, signal in model.signals.items():
        if signal.status == "adopted":
            for each, change in changes_of(signal.each):
                new = replace(signal, each=each)
                what = _words(change, name)
                yield f"signals.{name}", change.kind, what, replace(model, signals=_with(model.signals, name, new))


def _score(name: str, score: Score) -> Iterator[tuple[str, str, Score]]:
    for item, points in score.points.items():
        for what, new_points in _points(item, name, points):
            yield "points", what, replace(score, points=_with(score.points, item, new_points))
    if score.start:
        for start in _steps(score.start):
            yield "points", f"{name} starts at {start:f} instead of {score.start:f}", replace(score, start=start)
    if score.cap is not None:
        for cap in _steps(score.cap):
            yield "points", f"{name} is at most {cap:f} instead of {score.cap:f}", replace(score, cap=cap)
    if score.floor is not None:
        for floor in _steps(score.floor):
            yield "points", f"{name} is at least {floor:f} instead of {score.floor:f}", replace(score, floor=floor)
    if score.of is not None:
        for formula, change in changes_of(cast(Node, score.of)):
            what = f"{name} is `{formula}` instead of `{score.of}`"
            yield change.kind, what, replace(score, of=cast(Any, formula))
    if score.only_when is not None:
        for kind, what, rule in _rule(score.only_when, name):
            yield kind, what, replace(score, only_when=rule)


def _points(item: str, score: str, points: object) -> Iterator[tuple[str, Any]]:
    """Points that are not given, and one more than is given."""
    match points:
        case TraitPoints(yes, no):
            for new in _others(yes):
                yield f"{item} gives {new:f} to {score} instead of {yes:f}", replace(points, yes=new)
            for new in _others(no):
                what = f"{item} gives {new:f} to {score} when it says no, instead of {no:f}"
                yield what, replace(points, no=new)
        case TierPoints(cases):
            for case, given in cases.items():
                for new in _others(given):
                    what = f"{item} {case} gives {new:f} to {score} instead of {given:f}"
                    yield what, TierPoints(_with(cases, case, new))
        case SignalPoints(each, limit, at_most, fades):
            for new in _others(each):
                yield f"each {item} gives {new:f} to {score} instead of {each:f}", replace(points, each=new)
            if limit is not None:
                for number in (limit.number - 1, limit.number + 1):
                    other = replace(limit, number=number)
                    yield f"{item} counts {other} in {score} instead of {limit}", replace(points, limit=other)
            if fades is not None:
                yield f"{item} no longer fades in {score}", replace(points, fades=None)
            if at_most is not None:
                for most in _steps(at_most):
                    what = f"{item} gives at most {most:f} to {score} instead of {at_most:f}"
                    yield what, replace(points, at_most=most)


def _stages(model: Model) -> Iterator[_Change]:
    for name, stage in model.stages.items():
        for place, kind, what, new in _stage(name, stage, tuple(model.teams)):
            yield f"stages.{name}.{place}", kind, what, replace(model, stages=_with(model.stages, name, new))


def _stage(name: str, stage: Stage, teams: tuple[str, ...]) -> Iterator[tuple[str, str, str, Stage]]:
    for before in stage.after:
        after = tuple(each for each in stage.after if each != before)
        what = f"{name} no longer comes after {before}"
        yield "after", "dropped", what, replace(stage, after=after, after_written=True, beside=not after)
    for trait in stage.disqualified_by:
        rest = tuple(each for each in stage.disqualified_by if each != trait)
        what = f"{trait} no longer bars a lead from {name}"
        yield "disqualified_by", "dropped", what, replace(stage, disqualified_by=rest)
    for team, rule in stage.requires.items():
        for kind, what, new in _rule(rule, f"{name} ({team})"):
            yield f"requires.{team}", kind, what, replace(stage, requires=_with(stage.requires, team, new))
        others = {each: required for each, required in stage.requires.items() if each != team}
        if others:
            what = f"{name} no longer asks {team}"
            yield f"requires.{team}", "dropped", what, replace(stage, requires=others)
    for at, one in enumerate(stage.requires):
        for other in (*list(stage.requires)[at + 1 :], *(each for each in teams if each not in stage.requires)):
            other_rule = stage.requires.get(other)
            swapped = {**stage.requires, other: stage.requires[one]}
            if other_rule is None:
                del swapped[one]
                what = f"what {name} asks of {one} is asked of {other}"
            else:
                swapped[one] = other_rule
                what = f"what {name} asks of {one} is asked of {other}, and the other way round"
            yield f"requires.{one}", "swapped", what, replace(stage, requires=swapped)
    for place, handoff in enumerate(stage.handoff):
        if handoff.when is not None:
            for kind, what, new in _rule(handoff.when, f"the hand-off of {name}"):
                handoffs = (*stage.handoff[:place], replace(handoff, when=new), *stage.handoff[place + 1 :])
                yield f"handoff.{place}", kind, what, replace(stage, handoff=handoffs)


def _rule(rule: Rule, owner: str) -> Iterator[tuple[str, str, Rule]]:
    for new, change in changes_of(cast(Node, rule)):
        yield change.kind, _words(change, owner), cast(Rule, new)


def _words(change: Changed, owner: str) -> str:
    if change.dropped is not None:
        return f"{owner} {change.dropped}"
    return f"`{change.was}` of {owner} becomes `{change.now}`"


def _negated(rule: Rule) -> Rule | None:
    try:
        return Not(rule)
    except QualifyError:  # nested as deep as can be
        return None


def _steps(number: Decimal) -> tuple[Decimal, Decimal]:
    step = Decimal(1).scaleb(min(0, int(number.as_tuple().exponent)))
    return number - step, number + step


def _others(number: Decimal) -> tuple[Decimal, ...]:
    return (Decimal(0), _steps(number)[1]) if number else ()


def _with(entries: Mapping[str, V], name: str, value: V) -> dict[str, V]:
    return {**entries, name: value}


__all__ = ["Mutant", "Survivor", "mutants", "survivors"]
