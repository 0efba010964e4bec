"""What an evaluator decides about one lead: every fact's outcome and every stage's state, as plain data.

Both evaluators give this; it is what they are compared by, and what a verdict is made of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal

State = Literal["reached", "not_yet", "disqualified", "undetermined"]
Bounds = tuple[Decimal | None, Decimal | None]
"""At least, at most. Both None: there is no score. An end that is open is infinite."""


@dataclass(frozen=True, slots=True)
class TraitOutcome:
    """Yes, no or (None) unknown; `assumed` where `when_unknown` gave the answer."""

    answer: bool | None
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class TierOutcome:
    """The case it is settled on, those that it can be (that one alone, once it is settled); `assumed` by `when_unknown`."""

    case: str | None
    possible: tuple[str, ...]
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class SignalOutcome:
    """How often it happened (at least, at most), and when first and last, where that is settled."""

    at_least: int
    at_most: int | None
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True, slots=True)
class ScoreOutcome:
    """Its bounds, and those of each item."""

    bounds: Bounds
    points: Mapping[str, Bounds] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StageOutcome:
    """Its state, what each side says, and which traits bar the lead from it."""

    state: State
    sides: Mapping[str, bool | None]
    disqualified_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """All of it. Where traits left the lead out, everything else is empty."""

    left_out_by: tuple[str, ...] = ()
    stage: str | None = None
    stages: Mapping[str, StageOutcome] = field(default_factory=dict)
    traits: Mapping[str, TraitOutcome] = field(default_factory=dict)
    tiers: Mapping[str, TierOutcome] = field(default_factory=dict)
    signals: Mapping[str, SignalOutcome] = field(default_factory=dict)
    scores: Mapping[str, ScoreOutcome] = field(default_factory=dict)
