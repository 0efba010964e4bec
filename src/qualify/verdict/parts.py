"""What a verdict is made of, as immutable values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as filled
from datetime import datetime
from decimal import Decimal
from typing import Literal, TypeAlias

from qualify.engine.decision import Bounds
from qualify.rules.tree import Rule
from qualify.values import Value
from qualify.verdict.answer import Answer, StageState
from qualify.verdict.frozen import Frozen

Seen: TypeAlias = Mapping[str, object]
"""What was seen, by name: a field's value (None where it is missing), `activities` (a tuple of `Activity`; None where
the source can't tell), a trait's `Answer`, a tier's case (a tuple of what it can be while it is open), a score's two
bounds."""

REDACTED = "[redacted]"
"""What stands in the place of a value in a redacted verdict."""


@dataclass(frozen=True, slots=True)
class DefinitionIdentity:
    """By what a verdict was given."""

    name: str
    version: str
    digest: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """One test of a fact's rule: what was asked, the answer, and what was seen of the lead.

    `seen` has the shape of a lead: the same test, asked of a lead that holds nothing else, has the same answer.
    """

    asked: Rule
    answer: Answer
    seen: Seen


@dataclass(frozen=True, slots=True)
class StageVerdict:
    """Where the lead stands with one stage: its state, what each side says, which traits bar it.

    `requires` is what each side asks for, `evidence` its tests; `after` are the stages before it, `disqualifiers` the
    traits that can bar it.
    """

    state: StageState
    sides: Mapping[str, Answer]
    disqualified_by: tuple[str, ...] = ()
    requires: Mapping[str, Rule] = filled(default_factory=Frozen)
    evidence: Mapping[str, tuple[Evidence, ...]] = filled(default_factory=Frozen)
    after: tuple[str, ...] = ()
    disqualifiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TraitVerdict:
    """A trait's answer, whose it is and why it matters; `assumed` where `when_unknown` gave the answer.

    `when` is the trait's rule, `evidence` the tests that it is made of.
    """

    answer: Answer
    team: str
    why: str
    assumed: bool
    when: Rule
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class TierVerdict:
    """The case that a tier is settled on (None while it is open), and those that it can be.

    Where `when_unknown` settled it, `assumed` is True and that case is the only one that is left. `cases` are the
    rules of the cases that were looked at, up to the first that holds (None for `otherwise`).
    """

    case: str | None
    possible: tuple[str, ...]
    assumed: bool
    team: str
    why: str | None
    cases: Mapping[str, Rule | None]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class SignalVerdict:
    """How often a signal happened, when first and last; None where that isn't settled."""

    count: int | None
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True, slots=True)
class ScoreVerdict:
    """A score's bounds, and the same two for each item. Both None: there is no score, for `only_when` isn't yes."""

    at_least: Decimal | None
    at_most: Decimal | None
    points: Mapping[str, Bounds]
    only_when: Rule | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Tried:
    """Facts that are evaluated beside the verdict and never count."""

    traits: Mapping[str, TraitVerdict] = filled(default_factory=Frozen)
    tiers: Mapping[str, TierVerdict] = filled(default_factory=Frozen)
    signals: Mapping[str, SignalVerdict] = filled(default_factory=Frozen)
    scores: Mapping[str, ScoreVerdict] = filled(default_factory=Frozen)


@dataclass(frozen=True, slots=True)
class Missing:
    """A field without a value that would settle what is open: the question to ask, and the stages that hang on it.

    `field` is `activities` where the source can't tell what happened.
    """

    field: str
    ask: str | None
    settles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that would have to change: a field `to` a value, or an activity that happens `at_least` so often.

    `where` is what the activity has to be like, `properties` an example of it, `more` how many have to come.
    """

    field: str | None = None
    to: Value | None = None
    activity: str | None = None
    at_least: int | None = None
    more: int | None = None
    where: Rule | None = None
    properties: Mapping[str, Value] = filled(default_factory=Frozen)


class Nearest(tuple[tuple[Change, ...], ...]):
    """The smallest sets of changes that reach a stage, each a tuple of changes; smaller ones first.

    `stage` is the stage that they reach, None where there is none to reach. `stopped_early` tells that the search
    came to its bound: what is there is right, but there may be more, or something smaller.
    """

    stage: str | None
    stopped_early: bool

    def __new__(
        cls, sets: Iterable[tuple[Change, ...]] = (), stage: str | None = None, stopped_early: bool = False
    ) -> Nearest:
        """The sets, and what is said of them."""
        made = super().__new__(cls, sets)
        made.stage, made.stopped_early = stage, stopped_early
        return made

    def __getnewargs__(self) -> tuple[tuple[tuple[Change, ...], ...], str | None, bool]:
        return tuple(self), self.stage, self.stopped_early


@dataclass(frozen=True, slots=True)
class Agreement:
    """Whether the sides say the same (None where one can't say), and the stages where one says yes and one no."""

    agreed: bool | None
    contested: Mapping[str, Mapping[str, Answer]]


@dataclass(frozen=True, slots=True)
class HandoffVerdict:
    """Who gets the lead, by when they must act, and what happens to it if they don't."""

    team: str
    to: str | None
    act_by: datetime
    if_late: str | None


CauseKind: TypeAlias = Literal["fact", "time", "definition"]


@dataclass(frozen=True, slots=True)
class Cause:
    """Why something changed between two verdicts: a fact, the time that went by, or the definition."""

    kind: CauseKind
    name: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed between two verdicts: the stage, the answers, and why."""

    stage: tuple[str | None, str | None]
    answers: Mapping[str, tuple[object, object]]
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class FieldWords:
    """What people call a field, the question that settles it, and the unit of its number."""

    label: str | None = None
    ask: str | None = None
    unit: str | None = None
    type: str = "text"


@dataclass(frozen=True, slots=True)
class Words:
    """What people call the things of a definition, and the zone of its dates: all that an explanation needs beside
    the verdict.
    """

    zone: str = "UTC"
    teams: Mapping[str, str] = filled(default_factory=Frozen)
    stages: Mapping[str, str] = filled(default_factory=Frozen)
    facts: Mapping[str, str] = filled(default_factory=Frozen)
    fields: Mapping[str, FieldWords] = filled(default_factory=Frozen)
    activities: Mapping[str, str] = filled(default_factory=Frozen)


__all__ = [
    "REDACTED", "Agreement", "Cause", "CauseKind", "Change", "Changes", "DefinitionIdentity", "Evidence", "FieldWords",
    "HandoffVerdict", "Missing", "Nearest", "ScoreVerdict", "Seen", "SignalVerdict", "StageVerdict", "TierVerdict",
    "TraitVerdict", "Tried", "Words",
]  # fmt: skip
