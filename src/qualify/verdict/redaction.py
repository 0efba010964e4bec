"""A verdict without a lead's values: what was asked and answered stays, what was seen goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from qualify.verdict.build import PARTS
from qualify.verdict.frozen import Frozen
from qualify.verdict.parts import (
    REDACTED,
    Change,
    Evidence,
    Nearest,
    ScoreVerdict,
    Seen,
    SignalVerdict,
    TierVerdict,
    TraitVerdict,
    Tried,
)
from qualify.verdict.view import View


def redacted(verdict: View) -> dict[str, Any]:
    """The parts of the verdict, each without values. What is nearest is looked for now, since it needs the lead."""
    parts = {name: getattr(verdict, name) for name in PARTS if name not in ("nearest", "shadow", "proposed")}
    facts = [*verdict.traits, *verdict.tiers, *verdict.scores]
    for tried in (verdict.shadow, verdict.proposed):
        facts += [*tried.traits, *tried.tiers, *tried.scores]
    hide = _Hide(frozenset(facts))
    return parts | {
        "stage": verdict.stage,
        "left_out_by": verdict.left_out_by,
        "lead_id": None,
        "stages": Frozen({
            name: replace(stage, evidence=Frozen({team: hide.evidence(each) for team, each in stage.evidence.items()}))
            for name, stage in verdict.stages.items()
        }),
        "traits": hide.traits(verdict.traits),
        "tiers": hide.tiers(verdict.tiers),
        "signals": hide.signals(verdict.signals),
        "scores": hide.scores(verdict.scores),
        "shadow": hide.tried(verdict.shadow),
        "proposed": hide.tried(verdict.proposed),
        "nearest": hide.nearest(verdict),
    }  # fmt: skip


class _Hide:
    def __init__(self, facts: frozenset[str]) -> None:
        self.facts = facts

    def seen(self, seen: Seen) -> Seen:
        """That there was a value stays to be seen, and the outcomes of facts."""
        return Frozen({
            name: value if name in self.facts or value is None else REDACTED for name, value in seen.items()
        })  # fmt: skip

    def evidence(self, evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
        return tuple(replace(each, seen=self.seen(each.seen)) for each in evidence)

    def traits(self, traits: Mapping[str, TraitVerdict]) -> Frozen[str, TraitVerdict]:
        return Frozen({name: replace(each, evidence=self.evidence(each.evidence)) for name, each in traits.items()})

    def tiers(self, tiers: Mapping[str, TierVerdict]) -> Frozen[str, TierVerdict]:
        return Frozen({name: replace(each, evidence=self.evidence(each.evidence)) for name, each in tiers.items()})

    def scores(self, scores: Mapping[str, ScoreVerdict]) -> Frozen[str, ScoreVerdict]:
        return Frozen({name: replace(each, evidence=self.evidence(each.evidence)) for name, each in scores.items()})

    def signals(self, signals: Mapping[str, SignalVerdict]) -> Frozen[str, SignalVerdict]:
        """How often stays; when is the lead's own."""
        return Frozen(
            {
                name: SignalVerdict(each.count, None, None, each.each, self.evidence(each.evidence))
                for name, each in signals.items()
            }
        )

    def tried(self, tried: Tried) -> Tried:
        return Tried(
            self.traits(tried.traits), self.tiers(tried.tiers), self.signals(tried.signals), self.scores(tried.scores)
        )

    def nearest(self, verdict: View) -> Nearest | None:
        """Which things would have to change; what to, only where it is a yes or a no."""
        built: Nearest | None = verdict.nearest_known
        if built is None:
            return None
        hidden = (tuple(self.change(change) for change in changes) for changes in built)
        return Nearest(hidden, built.stage, built.stopped_early)

    def change(self, change: Change) -> Change:
        if change.field is None:  # how much more it takes tells how much there is
            said = {
                name: REDACTED if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else value
                for name, value in change.properties.items()
            }
            return replace(change, properties=Frozen(said))
        return change if isinstance(change.to, bool) else replace(change, to=REDACTED)


__all__ = ["redacted"]
