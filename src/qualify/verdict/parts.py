"""What a verdict is made of, as immutable values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as filled
from datetime import datetime
from decimal import Decimal
from typing import Literal, NoReturn, TypeAlias

from qualify.engine.decision import Bounds
from qualify.rules.tree import Formula, Rule, Selection
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
    """The definition's name."""
    version: str
    """Its version, as its file says it."""
    digest: str
    """SHA-256 of its meaning: it changes when what was agreed on changes."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One test of a fact's rule: what was asked, the answer, and what was seen of the lead.

    `seen` has the shape of a lead: the same test, asked of a lead that holds nothing else, has the same answer.
    """

    asked: Rule
    """The test, a part of the fact's rule."""
    answer: Answer
    """What it said."""
    seen: Seen
    """What it looked at, by name: values of fields, `activities`, outcomes of facts, and counts, sums and moments by
    their text.
    """


@dataclass(frozen=True, slots=True)
class StageVerdict:
    """Where the lead stands with one stage: its state, what each side says, which traits bar it."""

    state: StageState
    """`reached`, `not_yet`, `disqualified` or `undetermined`."""
    sides: Mapping[str, Answer]
    """Team to what its side says."""
    disqualified_by: tuple[str, ...] = ()
    """Traits that bar the lead: the stage's own first, then those of the stages before it."""
    requires: Mapping[str, Rule] = filled(default_factory=Frozen)
    """Team to the rule of its side."""
    evidence: Mapping[str, tuple[Evidence, ...]] = filled(default_factory=Frozen)
    """Team to the tests of that rule."""
    after: tuple[str, ...] = ()
    """The stages that have to be reached before it."""
    disqualifiers: tuple[str, ...] = ()
    """The traits that can bar a lead from it."""

    def __bool__(self) -> bool:
        raise ValueError(
            "a stage's verdict is neither yes nor no: compare its .state, as in 'state is StageState.REACHED'"
        )


@dataclass(frozen=True, slots=True)
class TraitVerdict:
    """A trait's answer, whose it is and why it matters."""

    answer: Answer
    """Yes, no or unknown; what `when_unknown` says, where that gave it."""
    team: str
    """The team whose trait it is."""
    why: str
    """The reason that the definition gives for it."""
    assumed: bool
    """Whether the answer was unknown, and `when_unknown` gave it."""
    when: Rule
    """The trait's rule."""
    evidence: tuple[Evidence, ...]
    """The tests that the rule is made of."""

    def __bool__(self) -> bool:
        raise ValueError("a trait's verdict is neither yes nor no: ask its .answer, as in 'answer is Answer.YES'")


@dataclass(frozen=True, slots=True)
class TierVerdict:
    """The case that a tier is settled on, and those that it can be.

    Where `when_unknown` settled it, `assumed` is True and that case is the only one that is left, possible or not.
    """

    case: str | None
    """The case it is settled on; None while it is open."""
    possible: tuple[str, ...]
    """The cases that it can be; the one, once it is settled."""
    assumed: bool
    """Whether it was open, and `when_unknown` settled it."""
    team: str
    """The team whose tier it is."""
    why: str | None
    """The reason that the definition gives for it; None where it gives none."""
    cases: Mapping[str, Rule | None]
    """Case to its rule (None for `otherwise`), up to the first that holds."""
    evidence: tuple[Evidence, ...]
    """The tests that those rules are made of, each once."""


@dataclass(frozen=True, slots=True)
class SignalVerdict:
    """How often a signal happened, when first and last; None where that isn't settled."""

    count: int | None
    """How often; None where activities are not known, or one may or may not count."""
    first: datetime | None
    """When first; None where that isn't settled, or it never happened."""
    last: datetime | None
    """When last; None likewise."""
    each: Selection | None = None
    """What the signal selects."""
    evidence: tuple[Evidence, ...] = ()
    """Whether it happened at all, with the activities that it selects."""


@dataclass(frozen=True, slots=True)
class ItemVerdict:
    """One item of a scorecard: its points, out of how many, and how they come about."""

    at_least: Decimal | None
    """The least that it gives; None where there is no score, or no lower end."""
    at_most: Decimal | None
    """The most that it gives; None where there is no score, or no upper end."""
    most: Decimal | None
    """The most that it could give to any lead; None where there is no end."""
    gives: Mapping[str, Decimal | str]
    """What the definition says: `yes` and `no`, the cases of a tier, or `each`, `limit`, `at_most` and `fades`."""
    happened: tuple[int, int] | None = None
    """How often a signal happened, surely and at most; None for what is no signal, or where nobody can tell."""
    counted: tuple[int, int] | None = None
    """How many of those its limit keeps, likewise."""


@dataclass(frozen=True, slots=True)
class ScoreVerdict:
    """A score's bounds, and those of each item. Both None, of the score and its items: there is no score."""

    at_least: Decimal | None
    """The least that it is; None where there is no score, or no lower end."""
    at_most: Decimal | None
    """The most that it is; None where there is no score, or no upper end."""
    points: Mapping[str, Bounds]
    """The same two for each item."""
    items: Mapping[str, ItemVerdict] = filled(default_factory=Frozen)
    """More of each item: out of how many, and how its points come about."""
    start: Decimal = Decimal(0)
    """What is given to all."""
    cap: Decimal | None = None
    """The most that the score can be, where it is capped."""
    floor: Decimal | None = None
    """The least that the score can be, where it has a floor."""
    of: Formula | None = None
    """The formula of a score of scores."""
    only_when: Rule | None = None
    """Without a yes to this there is no score."""
    evidence: tuple[Evidence, ...] = ()
    """The tests of `only_when`."""


@dataclass(frozen=True, slots=True)
class Tried:
    """Facts that are evaluated beside the verdict and never count."""

    traits: Mapping[str, TraitVerdict] = filled(default_factory=Frozen)
    """As `traits` of the verdict."""
    tiers: Mapping[str, TierVerdict] = filled(default_factory=Frozen)
    """As `tiers` of the verdict."""
    signals: Mapping[str, SignalVerdict] = filled(default_factory=Frozen)
    """As `signals` of the verdict."""
    scores: Mapping[str, ScoreVerdict] = filled(default_factory=Frozen)
    """As `scores` of the verdict."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A field without a value that would settle what is open: the question to ask, and the stages that hang on it.

    `field` is `activities` where the source can't tell what happened, or not what it was like, or how much it was.
    """

    field: str
    """The field's name, or `activities`."""
    ask: str | None
    """The question that the definition has for it; None where it has none."""
    settles: tuple[str, ...]
    """The undetermined stages that it takes part in."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that would have to change: a field to a value, or an activity that happens so often."""

    field: str | None = None
    """The field to change; None where an activity has to happen."""
    to: Value | None = None
    """The value that it would have."""
    activity: str | None = None
    """The activity that would have to happen, at the moment of the verdict; None for a field."""
    at_least: int | None = None
    """How often in all: those that count already, and `more`."""
    more: int | None = None
    """How many have to come."""
    where: Rule | None = None
    """What each of them has to be like; None where any will do."""
    properties: Mapping[str, Value] = filled(default_factory=Frozen)
    """An example of that: property to value."""


class Nearest(tuple[tuple[Change, ...], ...]):
    """The smallest sets of changes that reach a stage, each a tuple of changes; smaller ones first."""

    stage: str | None
    """The stage that they reach; None where there is none to reach."""
    stopped_early: bool
    """Whether the search came to its bound: what is there is right, but there may be more, or something smaller."""

    def __new__(
        cls, sets: Iterable[tuple[Change, ...]] = (), stage: str | None = None, stopped_early: bool = False
    ) -> Nearest:
        """The sets, and what is said of them."""
        made = super().__new__(cls, sets)
        made.__dict__.update(stage=stage, stopped_early=stopped_early)
        return made

    def __setattr__(self, name: str, value: object) -> NoReturn:
        """A verdict's parts stay as they are."""
        raise AttributeError(f"'{name}' can't be set: what is nearest is part of a verdict, which doesn't change")

    def __getnewargs__(self) -> tuple[tuple[tuple[Change, ...], ...], str | None, bool]:
        return tuple(self), self.stage, self.stopped_early


@dataclass(frozen=True, slots=True)
class Agreement:
    """Whether the sides say the same (None where one can't say), and the stages where one says yes and one no."""

    agreed: bool | None
    """False where a stage is contested; else None where a side can't say; else True."""
    contested: Mapping[str, Mapping[str, Answer]]
    """Stage to what its sides say, where one says yes and one no."""


@dataclass(frozen=True, slots=True)
class HandoffVerdict:
    """Who gets the lead, by when they must act, and what happens to it if they don't."""

    team: str
    """The team that gets the lead."""
    to: str | None
    """Whom or which queue in it; None where nothing is said."""
    act_by: datetime
    """By when they must act, in UTC."""
    if_late: str | None
    """What happens to the lead if they don't; None where nothing is said."""


Format: TypeAlias = Literal["text", "markdown", "html"]
"""The forms of an account."""

PointsChanged: TypeAlias = Literal["came", "went", "more", "fewer", "faded", "opened", "settled"]
CauseKind: TypeAlias = Literal["fact", "time", "definition"]


@dataclass(frozen=True, slots=True)
class Cause:
    """Why something changed between two verdicts: a fact, the time that went by, or the definition."""

    kind: CauseKind
    """`fact`, `time` or `definition`."""
    name: str
    """What changed: a field, a type of activity or `activities`; a fact or stage that time or its rule changed; the
    definition.
    """
    before: object
    """What it was: a value, a number of activities, an answer, a version."""
    after: object
    """What it is now."""


@dataclass(frozen=True, slots=True)
class PointsChange:
    """One item of a score that gives other points than before."""

    score: str
    """The score."""
    item: str
    """Its item: a trait, a tier or a signal."""
    before: Bounds
    """At least and at most, before; both None where there was no score."""
    after: Bounds
    """At least and at most, after."""
    how: PointsChanged
    """`more` or `fewer`; `came` where there were none before, `went` where some were and none are left, `faded` where time
    alone took weight from them. `opened` where it is less known than before how many they are, `settled` where more.
    """


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed between two verdicts: the stage, the answers, and why."""

    stage: tuple[str | None, str | None]
    """The stage before and after."""
    answers: Mapping[str, tuple[object, object]]
    """Fact or stage to its outcome before and after, where they differ: an answer, a case, a count, a score's two
    bounds, a state.
    """
    causes: tuple[Cause, ...]
    """Why: facts first, then time, then the definition."""
    points: tuple[PointsChange, ...] = ()
    """The items of scores whose points changed."""


@dataclass(frozen=True, slots=True)
class FieldWords:
    """What people call a field, the question that settles it, and the unit of its number."""

    label: str | None = None
    """What it is called; None where it is called by its name."""
    ask: str | None = None
    """The question that settles it."""
    unit: str | None = None
    """The unit of its number."""
    type: str = "text"
    """Its type."""


@dataclass(frozen=True, slots=True)
class Words:
    """What people call the things of a definition, and the zone of its dates: all that an explanation needs beside
    the verdict.
    """

    zone: str = "UTC"
    """The definition's time zone, in which days and times are told."""
    teams: Mapping[str, str] = filled(default_factory=Frozen)
    """Team to its title."""
    stages: Mapping[str, str] = filled(default_factory=Frozen)
    """Stage to its title, where it has one."""
    facts: Mapping[str, str] = filled(default_factory=Frozen)
    """Fact to its title, where it has one."""
    fields: Mapping[str, FieldWords] = filled(default_factory=Frozen)
    """Field to what it is called, the question for it, and its unit, where it has any of them."""
    activities: Mapping[str, str] = filled(default_factory=Frozen)
    """Activity to its label, where it has one."""


__all__ = [
    "REDACTED", "Agreement", "Cause", "CauseKind", "Change", "Changes", "DefinitionIdentity", "Evidence",
    "FieldWords", "Format", "HandoffVerdict", "ItemVerdict", "Missing", "Nearest", "PointsChange", "PointsChanged",
    "ScoreVerdict", "Seen", "SignalVerdict", "StageVerdict", "TierVerdict", "TraitVerdict", "Tried", "Words",
]  # fmt: skip
