"""What a verdict holds, part by part: the stage at once, the rest built when it is looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from qualify.engine.evaluate import Raw, Session
from qualify.errors import QualifyError
from qualify.verdict.answer import StageState
from qualify.verdict.build import Build
from qualify.verdict.parts import (
    Agreement,
    DefinitionIdentity,
    HandoffVerdict,
    Missing,
    Nearest,
    ScoreVerdict,
    SignalVerdict,
    StageVerdict,
    TierVerdict,
    TraitVerdict,
    Tried,
    Words,
)  # fmt: skip
from qualify.verdict.witness import Witness

T = TypeVar("T")


class View:
    """The parts of a verdict: of a lead that was judged, or (without a session) read back from where they were kept."""

    __slots__ = ("_builder", "_built", "_lead", "_raw", "_session", "_witness")
    _built: dict[str, Any]
    _builder: Build
    _witness: Witness

    def __init__(self, session: Session | None, lead: Mapping[str, Any], raw: Raw) -> None:
        self._session, self._lead, self._raw = session, lead, raw

    # --- who, when, by what ---

    @property
    def lead_id(self) -> str | None:
        """The lead's id, or None where it has none."""
        return self._part("lead_id", Build.lead_id)

    @property
    def as_of(self) -> datetime:
        """The moment of the verdict, in UTC."""
        return self._part("as_of", Build.as_of)

    @property
    def definition(self) -> DefinitionIdentity:
        """Name, version and digest of the definition."""
        return self._part("definition", Build.definition)

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
        return self._part("stages", Build.stages)

    @property
    def traits(self) -> Mapping[str, TraitVerdict]:
        """The answer of each adopted trait, with its evidence."""
        return self._part("traits", Build.traits)

    @property
    def tiers(self) -> Mapping[str, TierVerdict]:
        """The case of each adopted tier."""
        return self._part("tiers", Build.tiers)

    @property
    def signals(self) -> Mapping[str, SignalVerdict]:
        """How often each adopted signal happened."""
        return self._part("signals", Build.signals)

    @property
    def scores(self) -> Mapping[str, ScoreVerdict]:
        """The bounds of each adopted score, and of its items."""
        return self._part("scores", Build.scores)

    @property
    def shadow(self) -> Tried:
        """The same for the facts in shadow, which never count."""
        return self._part("shadow", Build.shadow)

    @property
    def proposed(self) -> Tried:
        """The same for what is only proposed, where it was asked for."""
        return self._part("proposed", Build.proposed)

    # --- what follows from it ---

    @property
    def missing(self) -> tuple[Missing, ...]:
        """The fields that would settle what is open, most useful first, each with the question to ask."""
        return self._part("missing", Build.missing)

    @property
    def nearest(self) -> Nearest:
        """The smallest sets of changes that reach the next stage of the line, at most 5.

        Raises QualifyError for a verdict that was read from JSON which was written without them.
        """
        found = self.nearest_known
        if found is None:
            raise QualifyError(
                "this verdict was written without its nearest changes: write it with to_json(nearest=True)",
                code="not-in-json",
            )
        return found

    @property
    def nearest_known(self) -> Nearest | None:
        """The same; None where the verdict was written without them."""
        return self._part("nearest", Build.nearest)

    @property
    def agreement(self) -> Agreement:
        """Whether the sides say the same of the lead, and where they don't."""
        return self._part("agreement", Build.agreement)

    @property
    def handoff(self) -> HandoffVerdict | None:
        """Who gets the lead now, and by when they must act; None where nobody does."""
        return self._part("handoff", Build.handoff)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know, such as a value that is none of its field's choices."""
        return self._part("notes", Build.notes)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Stable codes for programs: a fact's name and its answer (`decision_maker=no`, `company_size=large`).

        Traits that bar the lead come first, then what says no, what is unknown, and what says yes, each in the
        definition's order.
        """
        return self._part("reasons", Build.reasons)

    # --- how it is built ---

    @property
    def words(self) -> Words:
        """What people call what the verdict speaks of."""
        return self._part("words", Build.words)

    def _part(self, name: str, build: Callable[[Build], T]) -> T:
        try:
            built = self._built
        except AttributeError:  # nothing was looked at yet
            built = self._built = {}
        try:
            found: T = built[name]
        except KeyError:
            found = built[name] = build(self._build)
        return found

    @property
    def witness(self) -> Witness | None:
        """What can be said of the lead that was judged; None for a verdict that was kept without it."""
        if self._session is None:
            return None
        try:
            return self._witness
        except AttributeError:
            self._witness = Witness(self._session, self._lead, self._raw)
            return self._witness

    @property
    def _build(self) -> Build:
        try:
            return self._builder
        except AttributeError:
            witness = self.witness
            assert witness is not None  # a stored verdict has all its parts
            self._builder = Build(witness)
            return self._builder
