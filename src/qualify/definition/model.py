"""What the teams agreed, as immutable values: the pure model below the public `Definition`.

Order is the file's; names are keys. `Model.declared_fields` and `declared_activities` join what is standard and
what this definition declares.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Literal, TypeAlias

from qualify.rules.tree import Formula, Rule, Selection
from qualify.vocabulary import STANDARD_ACTIVITIES, STANDARD_FIELDS, UNCHANGEABLE, FieldType

Status = Literal["adopted", "shadow", "proposed", "retired"]
WorkUnit = Literal["hours", "days", "working hours", "working days"]
LimitPeriod = Literal["day", "week", "month", "quarter", "year", "ever"]


@dataclass(frozen=True, slots=True)
class Team:
    """One of the sides: what people call it, when it works."""

    title: str
    hours: str | None = None
    holidays: tuple[dt.date, ...] = ()
    timezone: str | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """A typed datum of a lead, or a property of an activity."""

    type: FieldType
    choices: tuple[str, ...] = ()
    label: str | None = None
    ask: str | None = None
    unit: str | None = None
    changeable: bool = True


@dataclass(frozen=True, slots=True)
class ActivityType:
    """A kind of thing that happens with a lead, and what is said of it each time."""

    properties: Mapping[str, Field]
    label: str | None = None


@dataclass(frozen=True, slots=True)
class NamedList:
    """A long list of texts with an owner.

    `file` is where it stands, None where the definition holds it: a list is the same wherever it stands.
    """

    team: str
    values: tuple[str, ...]
    file: str | None = field(default=None, compare=False)
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Trait:
    """A named fact that is yes, no or unknown."""

    team: str
    when: Rule
    why: str
    title: str | None = None
    when_unknown: Literal["yes", "no"] | None = None
    status: Status = "adopted"
    review_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One name that a tier can take; `when` is None for `otherwise`."""

    name: str
    when: Rule | None


@dataclass(frozen=True, slots=True)
class Tier:
    """A named fact that is one of a few names: the first case that holds."""

    team: str
    cases: tuple[Case, ...]
    why: str | None = None
    title: str | None = None
    when_unknown: str | None = None
    status: Status = "adopted"
    review_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Signal:
    """A named selection of activities."""

    team: str
    each: Selection
    why: str | None = None
    title: str | None = None
    status: Status = "adopted"
    review_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class TraitPoints:
    """What a trait gives to a score when it says yes, and when it says no."""

    yes: Decimal = Decimal(0)
    no: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class TierPoints:
    """What each case of a tier gives to a score; a case that isn't named gives 0."""

    cases: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many of each period count: `2 per day`, or `1 ever`."""

    number: int
    period: LimitPeriod

    def __str__(self) -> str:
        return f"{self.number} ever" if self.period == "ever" else f"{self.number} per {self.period}"


@dataclass(frozen=True, slots=True)
class Fade:
    """How points lose worth with age, in whole periods: a share, a number of points, or by half."""

    kind: Literal["percent", "points", "half"]
    amount: Decimal
    number: int
    unit: Literal["hour", "day", "week"]

    def __str__(self) -> str:
        period = f"{self.number} {self.unit}{'' if self.number == 1 else 's'}"
        if self.kind == "half":
            return f"half per {period}"
        amount = format(self.amount.normalize() + 0, "f")
        return f"{amount}% per {period}" if self.kind == "percent" else f"{amount} points per {period}"


@dataclass(frozen=True, slots=True)
class SignalPoints:
    """What each occurrence of a signal gives to a score."""

    each: Decimal
    limit: Limit | None = None
    at_most: Decimal | None = None
    fades: Fade | None = None


Points: TypeAlias = TraitPoints | TierPoints | SignalPoints


@dataclass(frozen=True, slots=True)
class Score:
    """A named number: a scorecard of points, or a formula over other scores (`of`)."""

    team: str | None = None
    points: Mapping[str, Points] = field(default_factory=dict)
    of: Formula | None = None
    start: Decimal = Decimal(0)
    cap: Decimal | None = None
    floor: Decimal | None = None
    only_when: Rule | None = None
    why: str | None = None
    title: str | None = None
    status: Status = "adopted"
    review_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Handoff:
    """Who gets the lead at a stage, how soon they must act, and what happens to it if they don't."""

    team: str
    act_within: tuple[int, WorkUnit]
    when: Rule | None = None
    to: str | None = None
    if_late: str | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """A step that a lead qualifies for: what each side requires, and what bars a lead from it.

    `after` is resolved: the stages that this one comes directly after. `beside` says that it was written
    `after = []`: beside the line, not in it. `after_written` is False where the file said nothing.
    """

    requires: Mapping[str, Rule]
    title: str | None = None
    after: tuple[str, ...] = ()
    beside: bool = False
    after_written: bool = False
    disqualified_by: tuple[str, ...] = ()
    handoff: tuple[Handoff, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What sales may answer, so that answers can be counted."""

    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Approval:
    """That a team agreed to a digest."""

    digest: str
    by: str
    on: dt.date


Fact: TypeAlias = Trait | Tier | Signal | Score


@dataclass(frozen=True)
class Model:
    """A whole definition, checked: whatever stands here is right."""

    name: str
    version: str
    teams: Mapping[str, Team]
    timezone: str = "UTC"
    left_out_by: tuple[str, ...] = ()
    fields: Mapping[str, Field] = field(default_factory=dict)
    activities: Mapping[str, ActivityType] = field(default_factory=dict)
    lists: Mapping[str, NamedList] = field(default_factory=dict)
    traits: Mapping[str, Trait] = field(default_factory=dict)
    tiers: Mapping[str, Tier] = field(default_factory=dict)
    signals: Mapping[str, Signal] = field(default_factory=dict)
    scores: Mapping[str, Score] = field(default_factory=dict)
    stages: Mapping[str, Stage] = field(default_factory=dict)
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    approvals: Mapping[str, Approval] = field(default_factory=dict)

    @cached_property
    def declared_fields(self) -> Mapping[str, Field]:
        """The standard fields, then this definition's own; one that is declared again stands as declared."""
        return declared_fields(self.fields)

    @cached_property
    def declared_activities(self) -> Mapping[str, ActivityType]:
        """The standard activities, then this definition's own; more properties join the standard ones."""
        return declared_activities(self.activities)


def declared_fields(own: Mapping[str, Field]) -> dict[str, Field]:
    """The standard fields and those that a definition declares."""
    standard = {name: Field(kind, changeable=name not in UNCHANGEABLE) for name, kind in STANDARD_FIELDS.items()}
    return {**standard, **own}


def declared_activities(own: Mapping[str, ActivityType]) -> dict[str, ActivityType]:
    """The standard activities and those that a definition declares, with the properties of both."""
    joined = {
        name: ActivityType({prop: Field(kind) for prop, kind in properties.items()})
        for name, properties in STANDARD_ACTIVITIES.items()
    }
    for name, declared in own.items():
        known = joined[name].properties if name in joined else {}
        joined[name] = ActivityType({**known, **declared.properties}, declared.label)
    return joined
