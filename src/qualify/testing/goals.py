"""What is asked of a lead for an answer to come out: a rule's answer, a fact, a score's points, a stage's state."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from qualify.rules.logic import Test
from qualify.rules.tree import Rule

Answer: TypeAlias = bool | None
Allowed: TypeAlias = frozenset[Answer]
YES, NO, UNKNOWN = (frozenset[Answer]({answer}) for answer in (True, False, None))
NOT_NO, NOT_YES = YES | UNKNOWN, NO | UNKNOWN


@dataclass(frozen=True, slots=True)
class RuleGoal:
    """A rule gives one of these answers."""

    rule: Rule
    allowed: Allowed


@dataclass(frozen=True, slots=True)
class TraitGoal:
    """A trait's answer, after `when_unknown`, is one of these."""

    trait: str
    allowed: Allowed


@dataclass(frozen=True, slots=True)
class CaseGoal:
    """A tier is settled on one case, or (None) is open between two."""

    tier: str
    case: str
    other: str | None = None


@dataclass(frozen=True, slots=True)
class PointsGoal:
    """A score compares so with a number: it surely does, surely doesn't, or may."""

    score: str
    op: str
    number: Decimal
    answer: Answer


@dataclass(frozen=True, slots=True)
class SumGoal:
    """The items of a score that are left, beside what those before give, make it compare as it should."""

    points: PointsGoal
    items: tuple[tuple[str, tuple[Option, ...]], ...]
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class HappenedGoal:
    """A signal happened so often at least, or at most."""

    signal: str
    least: int = 0
    most: int | None = None


StageState: TypeAlias = Literal["reached", "not_yet", "disqualified", "undetermined"]


@dataclass(frozen=True, slots=True)
class StageGoal:
    """A stage has this state."""

    stage: str
    state: StageState


Goal: TypeAlias = RuleGoal | TraitGoal | CaseGoal | PointsGoal | SumGoal | HappenedGoal | StageGoal
Way: TypeAlias = tuple[Goal, ...]
"""Goals that together meet another."""
Option: TypeAlias = tuple[Way, Decimal, Decimal]
"""What an item of a score can give: the goals for it, at least, at most."""
Wanted: TypeAlias = tuple[Test, Allowed]
"""A test of a lead's own values, and the answers that will do."""
