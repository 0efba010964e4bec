"""A definition's evaluators together: what is prepared once and shared by all leads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property
from threading import Lock
from typing import Any, TypeVar, cast

from qualify.definition.model import Model, Tier, Trait
from qualify.definition.write import digest_of
from qualify.engine import meaning
from qualify.engine.clock import Clock, read_as_of
from qualify.engine.compile import STATES, Compiled
from qualify.engine.decision import Bounds, Decision, ScoreOutcome, StageOutcome, TierOutcome, TraitOutcome
from qualify.engine.points import End, exact_decimal
from qualify.engine.questions import Questions
from qualify.engine.sight import Events, Reader
from qualify.values import Unreadable

T = TypeVar("T")
Raw = tuple[Any, ...]
"""What the compiled function gives: the stage, who left the lead out, then the outcomes by `layout`."""


class Evaluator:
    """Judges leads by one definition. Safe to share between threads; made anew where it is unpickled."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.reader = Reader(model)
        self._compiled: dict[bool, Compiled] = {}
        self._questions: dict[bool, Questions] = {}
        self._kept: dict[str, Any] = {}
        self._lock = Lock()
        self._last: Session | None = None

    def __reduce__(self) -> tuple[type, tuple[Model]]:
        return Evaluator, (self.model,)

    @cached_property
    def digest(self) -> str:
        """The definition's digest."""
        return digest_of(self.model)

    def compiled(self, proposed: bool) -> Compiled:
        """The definition as a function, with or without what is only proposed."""
        found = self._compiled.get(proposed)
        if found is None:
            with self._lock:
                found = self._compiled.setdefault(proposed, Compiled(self.model, proposed=proposed))
        return found

    def questions(self, proposed: bool) -> Questions:
        """The tests that the definition's rules are made of, as a function."""
        compiled = self.compiled(proposed)
        found = self._questions.get(proposed)
        if found is None:
            with self._lock:
                found = self._questions.setdefault(proposed, Questions(self.model, compiled))
        return found

    def kept(self, what: str, make: Callable[[Model], T]) -> T:
        """What the rooms above make of a definition once, and keep."""
        found: T | None = self._kept.get(what)
        if found is None:
            found = self._kept[what] = make(self.model)
        return found

    def clock(self, as_of: object) -> Clock:
        """The moment of an evaluation: now where nothing is said."""
        return Clock(read_as_of(as_of, self.reader.zone), self.reader.zone)

    def session(self, as_of: datetime | None, proposed: bool = False) -> Session:
        """What judges leads at one moment; the last one is kept, since the next lead mostly has the same moment."""
        last = self._last
        if last is None or as_of is None or last.asked is not as_of or last.proposed is not proposed:
            last = self._last = Session(self, as_of, proposed)
        return last

    def explained(self, lead: object, clock: Clock, *, proposed: bool = False) -> Decision:
        """The plain evaluator's decision, with the points of each item and every signal."""
        return meaning.decide(self.model, self.reader.sight(lead, clock.as_of), clock, proposed=proposed)


class Session:
    """One definition at one moment: judges leads."""

    __slots__ = ("_asked_edges", "asked", "clock", "compiled", "edges", "evaluator", "proposed")

    def __init__(self, evaluator: Evaluator, as_of: datetime | None, proposed: bool) -> None:
        self.evaluator, self.asked, self.proposed = evaluator, as_of, proposed
        self.clock = evaluator.clock(as_of)
        self.compiled = evaluator.compiled(proposed)
        self.edges = self.compiled.edges(self.clock)
        self._asked_edges: tuple[Any, ...] | None = None

    def ask(self, fields: Mapping[str, Any], events: Events | None, raw: Raw) -> tuple[Any, ...]:
        """The answer to each of the definition's questions, for a lead that was judged before."""
        questions = self.evaluator.questions(self.proposed)
        if self._asked_edges is None:
            self._asked_edges = questions.edges(self.clock)
        return questions.ask(fields, events, self.clock, self._asked_edges, raw)

    def events(self, fields: Mapping[str, Any]) -> Events | None:
        """The activities of a lead that was judged before."""
        return self.evaluator.reader.events(fields.get("activities"), self.clock.as_of, fields)

    def judge(self, lead: object) -> tuple[Mapping[str, Any], Raw]:
        """The fields that were looked at, which are the session's own, and the outcomes.

        Raises LeadError where the lead has a value that can't be read.
        """
        reader, compiled = self.evaluator.reader, self.compiled
        fields = reader.fields(lead)
        if fields is lead:  # a plain dict, which may change after this
            fields = {**compiled.blank, **fields}
        try:
            events = None
            if reader.reads_activities:
                events = reader.events(fields.get("activities"), self.clock.as_of, lead)
                if events is not None and fields is not getattr(lead, "__dict__", None):
                    cast(dict[str, Any], fields)["activities"] = events  # a generator is empty now, a list may change
            return fields, compiled.decide(fields, events, self.clock, self.edges)
        except (TypeError, AttributeError, Unreadable):
            reader.read(fields)  # tells which value it was, in a lead that was changed behind its model's back
            raise


def decision_of(raw: Raw, compiled: Compiled, model: Model) -> Decision:
    """What the compiled function gave, as plain data (without the points of each item, and without signals)."""
    if raw[1] is not None:
        return Decision(left_out_by=raw[1])
    layout = compiled.layout
    traits = {name: outcomes[raw[at]] for name, at, outcomes in _trait_outcomes(compiled, model)}
    tiers, scores, stages = {}, {}, {}
    for (section, name), at in layout.items():
        if section == "tiers":
            tiers[name] = _tier(raw[at], model.tiers[name])
        elif section == "scores":
            scores[name] = ScoreOutcome(_bounds(raw[at], raw[at + 1], compiled.scale))
        elif section == "stages":
            stages[name] = _stage(name, raw, layout, model)
    return Decision(stage=raw[0], stages=stages, traits=traits, tiers=tiers, scores=scores)


def _trait_outcomes(compiled: Compiled, model: Model) -> list[tuple[str, int, dict[bool | None, TraitOutcome]]]:
    """Where each trait's answer stands, and what each answer means; made once."""
    if compiled.trait_outcomes is None:
        compiled.trait_outcomes = [
            (name, at, {answer: _trait(answer, model.traits[name]) for answer in (True, False, None)})
            for (section, name), at in compiled.layout.items() if section == "traits"
        ]  # fmt: skip
    return compiled.trait_outcomes


_TRAITS = {
    (answer, assumed): TraitOutcome(answer, assumed) for answer in (True, False, None) for assumed in (True, False)
}


def _trait(answer: bool | None, trait: Trait) -> TraitOutcome:
    if answer is None and trait.when_unknown is not None:
        return _TRAITS[trait.when_unknown == "yes", True]
    return _TRAITS[answer, False]


def _tier(mask: int, tier: Tier) -> TierOutcome:
    possible = tuple(case.name for at, case in enumerate(tier.cases) if mask >> at & 1)
    if len(possible) == 1:
        return TierOutcome(possible[0], possible)
    if tier.when_unknown is not None:
        return TierOutcome(tier.when_unknown, (tier.when_unknown,), assumed=True)
    return TierOutcome(None, possible)


def _bounds(low: End | None, high: End | None, scale: int) -> Bounds:
    return (None if low is None else exact_decimal(low, scale), None if high is None else exact_decimal(high, scale))


def _stage(name: str, raw: Raw, layout: Mapping[tuple[str, str], int], model: Model) -> StageOutcome:
    stage, at = model.stages[name], layout["stages", name]
    sides = dict(zip(stage.requires, raw[at + 1 : at + 1 + len(stage.requires)], strict=True))
    state = STATES[raw[at]]
    return StageOutcome(state, sides, bars_of(name, raw, layout, model) if state == "disqualified" else ())


def bars_of(name: str, raw: Raw, layout: Mapping[tuple[str, str], int], model: Model) -> tuple[str, ...]:
    """The traits that bar a lead from a stage: its own, then those of the stages that it comes after."""
    found: dict[str, None] = {}
    rest, seen = [name], {name}
    while rest:
        stage = model.stages[rest.pop(0)]
        for trait in stage.disqualified_by:
            if _trait(raw[layout["traits", trait]], model.traits[trait]).answer is True:
                found[trait] = None
        for before in stage.after:
            if before not in seen:
                seen.add(before)
                rest.append(before)
    return tuple(found)
