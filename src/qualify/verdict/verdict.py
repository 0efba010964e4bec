"""The answer for one lead at one moment. The stage is there at once; the rest is built when it is looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from qualify.definition.model import Status
from qualify.engine.decision import Bounds, Decision
from qualify.engine.evaluate import Evaluator, Raw, Session, decision_of
from qualify.text import clean, fold
from qualify.verdict.answer import Answer, StageState
from qualify.verdict.frozen import Frozen

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class DefinitionIdentity:
    """By what a verdict was given."""

    name: str
    version: str
    digest: str


@dataclass(frozen=True, slots=True)
class StageVerdict:
    """Where the lead stands with one stage: its state, what each side says, which traits bar it."""

    state: StageState
    sides: Mapping[str, Answer]
    disqualified_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TraitVerdict:
    """A trait's answer, whose it is and why it matters; `assumed` where `when_unknown` gave the answer."""

    answer: Answer
    team: str
    why: str
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class TierVerdict:
    """The case that a tier is settled on (None while it is open), and those that it can be.

    Where `when_unknown` settled it, `assumed` is True and that case is the only one that is left.
    """

    case: str | None
    possible: tuple[str, ...]
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class SignalVerdict:
    """How often a signal happened, when first and last; None where that isn't settled."""

    count: int | None
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True, slots=True)
class ScoreVerdict:
    """A score's bounds, and the same two for each item. Both None: there is no score."""

    at_least: Decimal | None
    at_most: Decimal | None
    points: Mapping[str, Bounds]


@dataclass(frozen=True, slots=True)
class Tried:
    """Facts that are evaluated beside the verdict and never count."""

    traits: Mapping[str, TraitVerdict] = field(default_factory=dict)
    tiers: Mapping[str, TierVerdict] = field(default_factory=dict)
    signals: Mapping[str, SignalVerdict] = field(default_factory=dict)
    scores: Mapping[str, ScoreVerdict] = field(default_factory=dict)


class Verdict:
    """The answer for one lead at one moment, by one definition. An immutable value.

    `stage` is the last stage reached, or None. Reading it costs only the decision.
    """

    __slots__ = ("_built", "_lead", "_raw", "_session")
    _built: dict[str, Any]

    def __init__(self, session: Session, lead: object, raw: Raw) -> None:
        self._session, self._lead, self._raw = session, lead, raw

    @property
    def _evaluator(self) -> Evaluator:
        return self._session.evaluator

    # --- who, when, by what ---

    @property
    def lead_id(self) -> str | None:
        """The lead's id, or None where it has none."""
        return self._evaluator.reader.lead_id(self._lead)

    @property
    def as_of(self) -> datetime:
        """The moment of the verdict, in UTC."""
        return self._session.clock.as_of

    @property
    def definition(self) -> DefinitionIdentity:
        """Name, version and digest of the definition."""
        model = self._evaluator.model
        return DefinitionIdentity(model.name, model.version, self._evaluator.digest)

    # --- the decision ---

    @property
    def stage(self) -> str | None:
        """The last stage reached in order; one beside the line only where no other is. None where none is."""
        stage: str | None = self._raw[0]
        return stage

    @property
    def left_out_by(self) -> tuple[str, ...]:
        """Traits that left the lead out: then everything else is empty."""
        return self._raw[1] or ()

    @property
    def reached(self) -> tuple[str, ...]:
        """All stages reached, in the definition's order."""
        return tuple(name for name, stage in self.stages.items() if stage.state is StageState.REACHED)

    @property
    def stages(self) -> Mapping[str, StageVerdict]:
        """Where the lead stands with each stage."""
        return self._part("stages", self._stages)

    @property
    def traits(self) -> Mapping[str, TraitVerdict]:
        """The answer of each adopted trait."""
        return self._part("traits", lambda: self._traits("adopted"))

    @property
    def tiers(self) -> Mapping[str, TierVerdict]:
        """The case of each adopted tier."""
        return self._part("tiers", lambda: self._tiers("adopted"))

    @property
    def signals(self) -> Mapping[str, SignalVerdict]:
        """How often each adopted signal happened."""
        return self._part("signals", lambda: self._signals("adopted"))

    @property
    def scores(self) -> Mapping[str, ScoreVerdict]:
        """The bounds of each adopted score, and of its items."""
        return self._part("scores", lambda: self._scores("adopted"))

    @property
    def shadow(self) -> Tried:
        """The same for the facts in shadow, which never count."""
        return self._part("shadow", lambda: self._tried("shadow"))

    @property
    def proposed(self) -> Tried:
        """The same for what is only proposed, where it was asked for."""
        return self._part("proposed", lambda: self._tried("proposed") if self._session.proposed else Tried())

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know, such as a value that is none of its field's choices."""
        return self._part("notes", self._noted)

    # --- a value ---

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Verdict) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash((self.lead_id, self.as_of, self.stage, self.definition))

    def __repr__(self) -> str:
        return f"<Verdict of lead {self.lead_id or 'without an id'} at {self.as_of.isoformat()}: {self.stage or 'no stage'}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (self._evaluator, self._lead, self.as_of, self._raw, self._session.proposed)

    def _key(self) -> tuple[Any, ...]:
        return (
            self.lead_id, self.as_of, self.definition, self.stage, self.left_out_by, self.stages, self.traits, self.tiers,
            self.signals, self.scores, self.shadow, self.proposed, self.notes,
        )  # fmt: skip

    # --- how it is built ---

    def _part(self, name: str, build: Callable[[], T]) -> T:
        try:
            built = self._built
        except AttributeError:  # nothing was looked at yet
            built = self._built = {}
        if name not in built:
            built[name] = build()
        found: T = built[name]
        return found

    def _decision(self) -> Decision:
        return self._part("decision", lambda: decision_of(self._raw, self._session.compiled, self._evaluator.model))

    def _explained(self) -> Decision:
        if self.left_out_by:
            return self._decision()
        return self._part(
            "explained",
            lambda: self._evaluator.explained(self._lead, self._session.clock, proposed=self._session.proposed),
        )

    def _stages(self) -> Frozen[str, StageVerdict]:
        return Frozen({
            name: StageVerdict(
                StageState(stage.state),
                Frozen({team: Answer.of(answer) for team, answer in stage.sides.items()}),
                stage.disqualified_by,
            )
            for name, stage in self._decision().stages.items()
        })  # fmt: skip

    def _traits(self, status: Status) -> Frozen[str, TraitVerdict]:
        declared = self._evaluator.model.traits
        return Frozen({
            name: TraitVerdict(Answer.of(found.answer), declared[name].team, declared[name].why, found.assumed)
            for name, found in self._decision().traits.items()
            if declared[name].status == status
        })  # fmt: skip

    def _tiers(self, status: Status) -> Frozen[str, TierVerdict]:
        declared = self._evaluator.model.tiers
        return Frozen({
            name: TierVerdict(found.case, found.possible, found.assumed)
            for name, found in self._decision().tiers.items()
            if declared[name].status == status
        })  # fmt: skip

    def _signals(self, status: Status) -> Frozen[str, SignalVerdict]:
        declared = self._evaluator.model.signals
        if not any(signal.status == status for signal in declared.values()):
            return Frozen()
        return Frozen({
            name: SignalVerdict(found.at_least if found.at_least == found.at_most else None, found.first, found.last)
            for name, found in self._explained().signals.items()
            if declared[name].status == status
        })  # fmt: skip

    def _scores(self, status: Status) -> Frozen[str, ScoreVerdict]:
        declared = self._evaluator.model.scores
        if not any(score.status == status for score in declared.values()):
            return Frozen()
        items = self._explained().scores
        return Frozen({
            name: ScoreVerdict(*found.bounds, Frozen(items[name].points))
            for name, found in self._decision().scores.items()
            if declared[name].status == status
        })  # fmt: skip

    def _tried(self, status: Status) -> Tried:
        if self.left_out_by:
            return Tried()
        return Tried(self._traits(status), self._tiers(status), self._signals(status), self._scores(status))

    def _noted(self) -> tuple[str, ...]:
        if self.left_out_by:
            return ()
        declared = {name: field for name, field in self._evaluator.model.declared_fields.items() if field.choices}
        if not declared:
            return ()
        fields = self._evaluator.reader.read(self._lead)
        notes = []
        for name, declaration in declared.items():
            value = fields.get(name)
            given = (value,) if isinstance(value, str) else value or ()
            known = {fold(clean(choice)) for choice in declaration.choices}
            if any(fold(clean(each)) not in known for each in given):
                notes.append(
                    f"{declaration.label or name}: a value that is none of its choices, so it equals none of them"
                )
        return tuple(notes)


def _restored(evaluator: Evaluator, lead: object, as_of: datetime, raw: Raw, proposed: bool) -> Verdict:
    return Verdict(evaluator.session(as_of, proposed), lead, raw)
