"""A verdict in the published form, as tables that `json.dumps` takes.

The form has a number. Numbers are JSON's numbers, written exactly; moments and days are ISO texts, and `types` says of
which names the values are no JSON's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from qualify.rules.tree import Rule
from qualify.verdict.parts import (
    Agreement,
    Change,
    Evidence,
    HandoffVerdict,
    ItemVerdict,
    Nearest,
    ScoreVerdict,
    SignalVerdict,
    StageVerdict,
    TierVerdict,
    TraitVerdict,
    Tried,
    Words,
)  # fmt: skip
from qualify.verdict.view import View

FORM = 1
"""The number of the form that this release writes; it reads all up to it."""

MOST_REMEMBERED = 20_000
LARGEST_PLAIN = 10**300
"""A number of this size or more is written as text: other readers of JSON could not hold it."""


class Document:
    """A verdict as what `json.dumps` takes: this says what the form is."""

    def __init__(self) -> None:
        self.types: dict[str, str] = {}
        self.exact = False
        self.doubles: set[str] = set()

    def verdict(self, verdict: View, nearest: bool) -> dict[str, Any]:
        """All of it."""
        handoff, identity = verdict.handoff, verdict.definition
        built = verdict.nearest if nearest else None
        return {
            "format": FORM,
            "lead_id": verdict.lead_id,
            "as_of": verdict.as_of.isoformat(),
            "definition": {"name": identity.name, "version": identity.version, "digest": identity.digest},
            "stage": verdict.stage,
            "reached": verdict.reached,
            "left_out_by": verdict.left_out_by,
            "reasons": verdict.reasons,
            "stages": {name: self.stage(stage) for name, stage in verdict.stages.items()},
            **self.facts(verdict),
            "shadow": self.facts(verdict.shadow),
            "proposed": self.facts(verdict.proposed),
            "missing": self.missing(verdict),
            "nearest": None if built is None else self.nearest(built),
            "agreement": self.agreement(verdict.agreement),
            "handoff": None if handoff is None else self.handoff(handoff),
            "notes": verdict.notes,
            "words": self.words(verdict.words),
            "types": dict(sorted(self.types.items())),
        }  # fmt: skip

    @staticmethod
    def missing(verdict: View) -> list[dict[str, Any]]:
        """What would settle what is open."""
        return [{"field": each.field, "ask": each.ask, "settles": each.settles} for each in verdict.missing]

    @staticmethod
    def agreement(agreement: Agreement) -> dict[str, Any]:
        """Whether the sides say the same."""
        return {"agreed": agreement.agreed, "contested": agreement.contested}

    @staticmethod
    def handoff(handoff: HandoffVerdict) -> dict[str, Any]:
        """Who gets the lead."""
        act_by = handoff.act_by.isoformat()
        return {"team": handoff.team, "to": handoff.to, "act_by": act_by, "if_late": handoff.if_late}

    def stage(self, stage: StageVerdict) -> dict[str, Any]:
        """One stage."""
        return {
            "state": stage.state, "sides": stage.sides, "disqualified_by": stage.disqualified_by,
            "requires": {team: _text(rule) for team, rule in stage.requires.items()},
            "evidence": {team: self.evidence(each) for team, each in stage.evidence.items()},
            "after": stage.after, "disqualifiers": stage.disqualifiers,
        }  # fmt: skip

    def facts(self, of: View | Tried) -> dict[str, Any]:
        """Traits, tiers, signals and scores."""
        traits = {name: self.trait(each) for name, each in of.traits.items()}
        scores = {name: self.score(each) for name, each in of.scores.items()}
        return {"traits": traits, **self.tiers_and_signals(of), "scores": scores}

    def tiers_and_signals(self, of: View | Tried) -> dict[str, Any]:
        """The facts whose form is not written straight from the decision."""
        tiers = {name: self.tier(each) for name, each in of.tiers.items()}
        return {"tiers": tiers, "signals": {name: self.signal(each) for name, each in of.signals.items()}}

    def trait(self, trait: TraitVerdict) -> dict[str, Any]:
        """A trait."""
        return {
            "answer": trait.answer, "team": trait.team, "why": trait.why, "assumed": trait.assumed,
            "when": _text(trait.when), "evidence": self.evidence(trait.evidence),
        }  # fmt: skip

    def tier(self, tier: TierVerdict) -> dict[str, Any]:
        """A tier."""
        return {
            "case": tier.case, "possible": tier.possible, "assumed": tier.assumed, "team": tier.team, "why": tier.why,
            "cases": [{"name": name, "when": None if rule is None else _text(rule)} for name, rule in tier.cases.items()],
            "evidence": self.evidence(tier.evidence),
        }  # fmt: skip

    def signal(self, signal: SignalVerdict) -> dict[str, Any]:
        """A signal."""
        first, last = (None if at is None else at.isoformat() for at in (signal.first, signal.last))
        each = None if signal.each is None else str(signal.each)
        evidence = self.evidence(signal.evidence)
        return {"count": signal.count, "first": first, "last": last, "each": each, "evidence": evidence}

    def score(self, score: ScoreVerdict) -> dict[str, Any]:
        """A score."""
        return {
            "at_least": score.at_least, "at_most": score.at_most, "points": score.points,
            "items": {name: self.item(each) for name, each in score.items.items()},
            "start": score.start, "cap": score.cap, "floor": score.floor,
            "of": None if score.of is None else str(score.of),
            "only_when": None if score.only_when is None else _text(score.only_when),
            "evidence": self.evidence(score.evidence),
        }  # fmt: skip

    @staticmethod
    def item(item: ItemVerdict) -> dict[str, Any]:
        """An item of a score, without its points."""
        return {"most": item.most, "gives": item.gives, "happened": item.happened, "counted": item.counted}

    def evidence(self, evidence: tuple[Evidence, ...]) -> list[dict[str, Any]]:
        """The tests of a rule."""
        return [{"asked": _text(each.asked), "answer": each.answer, "seen": self.seen(each.seen)} for each in evidence]

    def seen(self, seen: Mapping[str, object]) -> dict[str, Any]:
        """What was seen."""
        found = {}
        for name, value in seen.items():
            kind = value.__class__
            if kind is str or value is None or kind is bool:
                found[name] = value
            elif name == "activities" and kind is tuple:
                found[name] = [self.activity(each) for each in value]  # type: ignore[attr-defined]
            else:
                found[name] = self.value(name, value)
        return found

    def activity(self, activity: Any) -> dict[str, Any]:
        """Something that happened."""
        kind = activity.type
        said = {name: self.value(f"{kind}.{name}", value) for name, value in activity.properties.items()}
        return {"type": kind, "at": activity.at.isoformat(), "properties": said}

    def value(self, name: str, value: Any) -> Any:
        """A value of a lead; `types` remembers what JSON has no form for."""
        if isinstance(value, datetime | date):
            self.types[name] = "datetime" if isinstance(value, datetime) else "date"
            return value.isoformat()
        if isinstance(value, int | Decimal) and not -LARGEST_PLAIN < value < LARGEST_PLAIN:
            return {"whole" if isinstance(value, int) else "decimal": str(Decimal(value))}
        if isinstance(value, Decimal) or (not name.isidentifier() and _has_decimal(value)):
            if name in self.doubles:  # the same property of another activity
                return {"decimal": str(value)}
            self.types[name] = "decimal"
        elif isinstance(value, float):
            if self.types.get(name) == "decimal":
                return {"double": value}
            self.doubles.add(name)
        return value

    def nearest(self, nearest: Nearest) -> dict[str, Any]:
        """The nearest changes."""
        return {
            "stage": nearest.stage, "stopped_early": nearest.stopped_early,
            "sets": [[self.change(change) for change in changes] for changes in nearest],
        }  # fmt: skip

    def change(self, change: Change) -> dict[str, Any]:
        """One change."""
        if change.field is not None:
            return {"field": change.field, "to": self.value(change.field, change.to)}
        found: dict[str, Any] = {"activity": change.activity, "at_least": change.at_least, "more": change.more}
        if change.where is not None:
            found["where"] = _text(change.where)
        said = {name: self.value(f"{change.activity}.{name}", value) for name, value in change.properties.items()}
        return {**found, "properties": said}

    @staticmethod
    def words(words: Words) -> dict[str, Any]:
        """What people call things."""
        fields = {
            name: {key: said for key, said in (("label", each.label), ("ask", each.ask), ("unit", each.unit)) if said}
            for name, each in words.fields.items()
        }
        return {
            "zone": words.zone, "teams": words.teams, "stages": words.stages, "facts": words.facts, "fields": fields,
            "activities": words.activities,
        }  # fmt: skip

    def other(self, value: Any) -> Any:
        """A table as a dict, and a Decimal exactly."""
        if isinstance(value, Mapping):
            return dict(value)
        if not isinstance(value, Decimal):
            raise TypeError(f"no JSON form for {type(value).__name__}")
        if value == value.to_integral_value():
            return int(value)
        double = float(value)
        if Decimal(repr(double)) == value:
            return double
        self.exact = True
        return f"\x00{value:f}"


def _has_decimal(value: object) -> bool:
    return isinstance(value, tuple) and any(isinstance(each, Decimal) for each in value)


def number(value: Decimal) -> str:
    """A Decimal as JSON writes it."""
    found = Document().other(value)
    return found[1:] if isinstance(found, str) else repr(found)


_texts: dict[int, tuple[Rule, str]] = {}


def _text(rule: Rule) -> str:
    """A rule as text; those of a definition come again and again, and stay alive here while they are remembered."""
    known = _texts.get(id(rule))
    if known is None:
        if len(_texts) >= MOST_REMEMBERED:
            _texts.clear()
        known = _texts[id(rule)] = (rule, str(rule))
    return known[1]
