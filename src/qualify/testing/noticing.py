"""A lead that tells two definitions apart: looked for near the leads that stories tell of, then anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from itertools import chain, islice
from random import Random
from typing import Any, TypeVar

from qualify.definition.model import Model, Score, Tier, Trait
from qualify.face import Definition
from qualify.testing.combining import combined, happened, in_turn
from qualify.testing.nearby import Nearby, Read, read_by_all, read_by_changes
from qualify.verdict import Verdict
from qualify.verdict.answer import ANSWERS

T = TypeVar("T")
Lead = dict[str, Any]
Base = tuple[Mapping[str, Any], datetime]
"""A lead, and the moment at which it is asked."""

MOST_BASES, MOST_COMBINED, MOST_MOMENTS = 30, 6, 2
TRIES_NEAR, TRIES_FURTHER, TRIES_COMBINED, TRIES_ANYWHERE, TRIES_IN_FULL = 4_000, 600, 1_500, 2_500, 60
SECTIONS = ("left_out_by", "stage", "stages", "sides", "handoff", "traits", "tiers", "scores", "missing")
"""What a story can expect, what matters most first."""
_WITHOUT_A_STORY = datetime(2026, 11, 2, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Noticed:
    """A lead on which two definitions answer differently: what the first says of it, as a story expects it."""

    lead: Lead
    as_of: datetime
    expect: Mapping[str, Any]
    because: tuple[str, ...] = ()
    """The fields that the changed part looks at."""


def noticed(one: Definition, other: Definition, bases: Iterable[Base] = ()) -> Noticed | None:
    """A lead that tells two definitions apart by what a story can expect; None where none is found.

    The same definitions and leads give the same lead. Finding none proves nothing.

    >>> import qualify
    >>> def large(number):
    ...     return qualify.define(
    ...         name="Small",
    ...         teams={"sales": "Sales"},
    ...         traits={"large": {"team": "sales", "when": f"employees >= {number}", "why": "They need us."}},
    ...         stages={"sql": {"requires": {"sales": "large"}}},
    ...     )
    >>> found = noticed(large(50), large(51))
    >>> found.lead, found.expect
    ({'employees': 50}, {'stage': 'sql', 'traits': {'large': 'yes'}})
    """
    return _Search(one, other, tuple(bases)).found()


class _Search:
    def __init__(self, one: Definition, other: Definition, bases: tuple[Base, ...]) -> None:
        self.one, self.other = one, other
        self.read = read_by_changes(one.model, other.model)
        moments = list(dict.fromkeys(as_of for _, as_of in bases))[:MOST_MOMENTS] or [_WITHOUT_A_STORY]
        self.bases = [({}, moments[0]), *((_plain(lead), as_of) for lead, as_of in bases[:MOST_BASES])]
        self.near: dict[datetime, Nearby] = {}
        self.random = Random(one.digest + other.digest)
        self.best: tuple[int, int, Lead, datetime] | None = None
        self.tried, self.improved = 0, TRIES_NEAR
        self.quick = _shape(one.model) == _shape(other.model)

    def found(self) -> Noticed | None:
        """The lead whose difference matters most, made as small as it can be."""
        for lead, as_of in islice(self._nearby(), TRIES_NEAR):
            if self._try(lead, as_of) or self.tried > self.improved + TRIES_FURTHER:
                break
        if self.best is None or self.best[0] >= len(SECTIONS):
            for lead, as_of in chain(islice(self._combined(), TRIES_COMBINED), self._anywhere()):
                if self._try(lead, as_of) or (self.best is not None and self.best[0] < len(SECTIONS)):
                    break
        if self.best is None:
            return None
        level, _, lead, as_of = self.best
        return self._told(self._smaller(lead, as_of, level), as_of)

    # --- what is tried ---

    def _nearby(self) -> Iterator[tuple[Lead, datetime]]:
        """The leads of stories, and those that differ from one of them in one thing that the change looks at."""
        yield from self.bases
        yield from in_turn([self._one_thing(lead, as_of) for lead, as_of in self.bases], at_once=20)

    def _one_thing(self, lead: Lead, as_of: datetime) -> Iterator[tuple[Lead, datetime]]:
        near = self._near(as_of)
        for name, values in near.values.items():
            for value in values:
                yield {**lead, name: value}, as_of
        for kind, lots in near.lots.items():
            for lot in lots:
                yield happened(lead, kind, lot), as_of
        if near.lots:
            yield {**lead, "activities": []}, as_of

    def _combined(self) -> Iterator[tuple[Lead, datetime]]:
        """Leads that differ from one of a story in the two or three things that make up a number together."""
        yield from in_turn(
            [self._several_things(lead, as_of) for lead, as_of in self.bases[:MOST_COMBINED]], at_once=20
        )

    def _several_things(self, lead: Lead, as_of: datetime) -> Iterator[tuple[Lead, datetime]]:
        yield from ((made, as_of) for made in combined(self.one, self.read, self._near(as_of), lead, as_of))

    def _anywhere(self) -> Iterator[tuple[Lead, datetime]]:
        """Leads that differ from one of a story in several things, and leads of several things."""
        whole: dict[datetime, Nearby] = {}
        random = self.random
        for at in range(TRIES_ANYWHERE):
            lead, as_of = random.choice(self.bases)
            changed = dict(lead)
            near = self._near(as_of)
            if at % 2:
                if as_of not in whole:
                    whole[as_of] = self._made(read_by_all(self.one.model), as_of)
                for _ in range(random.randint(1, 4)):
                    changed = self._step(changed, whole[as_of])
            for _ in range(random.randint(1, 5)):
                changed = self._step(changed, near)
            yield changed, as_of

    def _step(self, lead: Lead, near: Nearby) -> Lead:
        options = [*near.values, *near.lots]
        if not options:
            return lead
        name = self.random.choice(options)
        if name in near.values:
            return {**lead, name: self.random.choice(near.values[name])}
        return happened(lead, name, self.random.choice(near.lots[name]))

    def _near(self, as_of: datetime) -> Nearby:
        if as_of not in self.near:
            self.near[as_of] = self._made(self.read, as_of)
        return self.near[as_of]

    def _made(self, read: Read, as_of: datetime) -> Nearby:
        witness = self.one.qualify({}, as_of=as_of).witness
        assert witness is not None  # it holds its lead
        return Nearby(self.one.model, read, witness.meaning)

    # --- what it shows ---

    def _try(self, lead: Lead, as_of: datetime) -> bool:
        """Keep the lead where it tells more than the best so far; whether there is nothing better to look for."""
        level = self._level(lead, as_of)
        if level is None:
            return False
        size = _size(lead)
        if self.best is None or (level, size) < self.best[:2]:
            self.best = (level, size, lead, as_of)
            if level < len(SECTIONS):
                self.improved = min(self.improved, self.tried)
        return level <= SECTIONS.index("stage")

    def _level(self, lead: Lead, as_of: datetime) -> int | None:
        """What tells the two apart on this lead, as a place in `SECTIONS`, what is open last; None where nothing does."""
        one, other = self.one.qualify(lead, as_of=as_of), self.other.qualify(lead, as_of=as_of)
        self.tried += 1
        if self.quick and self.tried > TRIES_IN_FULL and one._raw == other._raw:
            return None  # what is missing may differ; too dear to ask of each
        differing = differences(one, other, in_full=self.tried <= TRIES_IN_FULL or not self.quick)
        if not differing:
            return None
        settled = next(iter(_of_settled(differing)), None)
        if settled is not None:
            return SECTIONS.index(settled)
        return len(SECTIONS) + SECTIONS.index(next(iter(differing)))

    def _smaller(self, lead: Lead, as_of: datetime, level: int) -> Lead:
        """The lead without whatever the difference doesn't need; its stage stays what it is."""
        stage = self.one.qualify(lead, as_of=as_of).stage

        def does(candidate: Lead) -> bool:
            found = self._level(candidate, as_of)
            return found is not None and found <= level and self.one.qualify(candidate, as_of=as_of).stage == stage

        lead = {name: value for name, value in lead.items() if value is not None}
        again = True
        while again:
            again = False
            for candidate in (*_without_one(lead), *_plainer(lead, self._near(as_of).values)):
                if does(candidate):
                    lead, again = candidate, True
                    break
        return lead

    def _told(self, lead: Lead, as_of: datetime) -> Noticed:
        one, other = self.one.qualify(lead, as_of=as_of), self.other.qualify(lead, as_of=as_of)
        wanted = differences(one, other)
        wanted = _of_settled(wanted) or wanted
        for dispensable in ("missing", "scores", "handoff", "sides"):
            if len(wanted) > 1:
                wanted.pop(dispensable, None)
        if "stage" in wanted:
            wanted.pop("stages", None)
        elif not one.left_out_by:
            wanted = {"stage": one.stage or "none", **wanted}
        return Noticed(lead, as_of, wanted, tuple(self.read.fields))


def differences(one: Verdict, other: Verdict, *, in_full: bool = True) -> dict[str, Any]:
    """What a story can expect of the first verdict that the second doesn't give, what matters most first.

    `in_full` asks for the hand-off and for what is missing too, which takes longer than all the rest.
    """
    here, there = _decided(one), _decided(other)
    if in_full:
        here, there = {**here, **_asked_for(one)}, {**there, **_asked_for(other)}
    left_out = one.left_out_by or other.left_out_by  # then everything else is empty
    sections = ("left_out_by", "stage") if left_out else SECTIONS
    apart = {section: _apart(here.get(section), there.get(section)) for section in sections}
    return {section: said for section, said in apart.items() if said is not None}


def _apart(said: Any, beside: Any) -> Any:
    """What is said here and not there; None where it is the same."""
    if isinstance(said, dict) and isinstance(beside, dict):
        found = {name: _apart(each, beside.get(name)) for name, each in said.items()}
        return {name: each for name, each in found.items() if each is not None} or None
    return None if said == beside else said


def _decided(verdict: Verdict) -> dict[str, Any]:
    """The decision in the words in which stories expect something of it; all that is open as a list."""
    assert verdict.witness is not None  # it was judged here
    decision, model = verdict.witness.decision, verdict.witness.model
    return {
        "left_out_by": decision.left_out_by,
        "stage": decision.stage or "none",
        "stages": {name: str(stage.state) for name, stage in decision.stages.items()},
        "sides": {
            name: {team: str(ANSWERS[answer]) for team, answer in stage.sides.items()}
            for name, stage in decision.stages.items()
        },
        "traits": {name: str(ANSWERS[trait.answer]) for name, trait in _counting(decision.traits, model.traits)},
        "tiers": {name: tier.case or list(tier.possible) for name, tier in _counting(decision.tiers, model.tiers)},
        "scores": {name: _ends(*score.bounds) for name, score in _counting(decision.scores, model.scores)},
    }


def _counting(outcomes: Mapping[str, T], facts: Mapping[str, Trait | Tier | Score]) -> Iterator[tuple[str, T]]:
    """Those of the facts that count; what is in shadow does not."""
    return ((name, outcome) for name, outcome in outcomes.items() if facts[name].status == "adopted")


def _asked_for(verdict: Verdict) -> dict[str, Any]:
    return {
        "handoff": verdict.handoff.team if verdict.handoff else "none",
        "missing": tuple(missing.field for missing in verdict.missing),
    }


def _ends(low: Decimal | None, high: Decimal | None) -> Any:
    if low is not None and low == high:
        return low
    ends = ["none" if end is None or end.is_infinite() else end for end in (low, high)]
    return "none" if low is None and high is None else ends


def _shape(model: Model) -> tuple[Any, ...]:
    """Where this is the same, two definitions that decide alike say alike, but for what is missing."""
    return tuple((name, tuple(stage.requires), stage.handoff) for name, stage in model.stages.items())


def _of_settled(differing: Mapping[str, Any]) -> dict[str, Any]:
    """The outcomes that are settled: what is open, or only missing, tells a reader less."""
    found = {section: _settled(said) for section, said in differing.items() if section != "missing"}
    if "undetermined" in differing.get("stages", {}).values():
        found.pop("stage", None)
    return {section: said for section, said in found.items() if said is not None}


def _settled(said: Any) -> Any:
    match said:
        case dict():
            return {name: kept for name, each in said.items() if (kept := _settled(each)) is not None} or None
        case list() | "unknown" | "undetermined":
            return None
        case _:
            return said


def _plain(lead: Mapping[str, Any]) -> Lead:
    """A story's lead with its activities as plain data, so that some of them can be left out."""
    found = dict(lead)
    if found.get("activities") is not None:
        found["activities"] = [
            dict(each)
            if isinstance(each, Mapping)
            else {
                "type": each.type,
                "at": each.at,
                **({"properties": dict(each.properties)} if each.properties else {}),
            }
            for each in found["activities"]
        ]
    return found


def _without_one(lead: Lead) -> Iterator[Lead]:
    for name in lead:
        yield {other: value for other, value in lead.items() if other != name}
    happened = lead.get("activities") or []
    for at in range(len(happened)):
        yield {**lead, "activities": [*happened[:at], *happened[at + 1 :]]}


def _size(lead: Lead) -> int:
    """How much there is to read in a lead."""
    happened = {(each["type"], each["at"], repr(each.get("properties"))) for each in lead.get("activities") or ()}
    return len(repr({name: value for name, value in lead.items() if name != "activities"})) + 40 * len(happened)


def _plainer(lead: Lead, values: Mapping[str, Sequence[Any]]) -> Iterator[Lead]:
    """The lead with a shorter value of one field."""
    for name, value in lead.items():
        for other in values.get(name, ()):
            if other is not None and len(repr(other)) < len(repr(value)):
                yield {**lead, name: other}


__all__ = ["Noticed", "differences", "noticed"]
