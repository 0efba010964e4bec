"""A verdict as JSON, in the published form.

The form has a number. Numbers are JSON's numbers, written exactly; moments and days are ISO texts, and `types` says of
which names the values are no JSON's own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from qualify.rules.tree import Rule
from qualify.verdict.parts import (
    Change,
    Evidence,
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


def to_json(verdict: View, *, nearest: bool, indent: int | None) -> str:
    """The verdict in the published form."""
    writer = _Writer()
    found = writer.verdict(verdict, nearest)
    separators = None if indent is not None else (",", ":")
    text = json.dumps(found, ensure_ascii=False, indent=indent, separators=separators, default=writer.other)
    if writer.exact:
        text = re.sub(r'"\\u0000(-?[0-9.]+)"', r"\1", text)
    return text


class _Writer:
    """View -> what json.dumps takes."""

    def __init__(self) -> None:
        self.types: dict[str, str] = {}
        self.exact = False

    def verdict(self, verdict: View, nearest: bool) -> dict[str, Any]:
        handoff, agreement, identity = verdict.handoff, verdict.agreement, verdict.definition
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
            "missing": [{"field": each.field, "ask": each.ask, "settles": each.settles} for each in verdict.missing],
            "nearest": None if built is None else self.nearest(built),
            "agreement": {"agreed": agreement.agreed, "contested": agreement.contested},
            "handoff": None if handoff is None else {
                "team": handoff.team, "to": handoff.to, "act_by": handoff.act_by.isoformat(), "if_late": handoff.if_late,
            },
            "notes": verdict.notes,
            "words": self.words(verdict.words),
            "types": self.types,
        }  # fmt: skip

    def stage(self, stage: StageVerdict) -> dict[str, Any]:
        return {
            "state": stage.state, "sides": stage.sides, "disqualified_by": stage.disqualified_by,
            "requires": {team: _text(rule) for team, rule in stage.requires.items()},
            "evidence": {team: self.evidence(each) for team, each in stage.evidence.items()},
            "after": stage.after, "disqualifiers": stage.disqualifiers,
        }  # fmt: skip

    def facts(self, of: View | Tried) -> dict[str, Any]:
        return {
            "traits": {name: self.trait(each) for name, each in of.traits.items()},
            "tiers": {name: self.tier(each) for name, each in of.tiers.items()},
            "signals": {name: self.signal(each) for name, each in of.signals.items()},
            "scores": {name: self.score(each) for name, each in of.scores.items()},
        }

    def trait(self, trait: TraitVerdict) -> dict[str, Any]:
        return {
            "answer": trait.answer, "team": trait.team, "why": trait.why, "assumed": trait.assumed,
            "when": _text(trait.when), "evidence": self.evidence(trait.evidence),
        }  # fmt: skip

    def tier(self, tier: TierVerdict) -> dict[str, Any]:
        return {
            "case": tier.case, "possible": tier.possible, "assumed": tier.assumed, "team": tier.team, "why": tier.why,
            "cases": [{"name": name, "when": None if rule is None else _text(rule)} for name, rule in tier.cases.items()],
            "evidence": self.evidence(tier.evidence),
        }  # fmt: skip

    @staticmethod
    def signal(signal: SignalVerdict) -> dict[str, Any]:
        first, last = (None if at is None else at.isoformat() for at in (signal.first, signal.last))
        return {"count": signal.count, "first": first, "last": last}

    def score(self, score: ScoreVerdict) -> dict[str, Any]:
        return {
            "at_least": score.at_least, "at_most": score.at_most, "points": score.points,
            "only_when": None if score.only_when is None else _text(score.only_when),
            "evidence": self.evidence(score.evidence),
        }  # fmt: skip

    def evidence(self, evidence: tuple[Evidence, ...]) -> list[dict[str, Any]]:
        return [{"asked": _text(each.asked), "answer": each.answer, "seen": self.seen(each.seen)} for each in evidence]

    def seen(self, seen: Mapping[str, object]) -> dict[str, Any]:
        found = {}
        for name, value in seen.items():
            kind = value.__class__
            if kind is str or kind is int or kind is float or value is None or kind is bool:
                found[name] = value
            elif name == "activities" and kind is tuple:
                found[name] = [self.activity(each) for each in value]  # type: ignore[attr-defined]
            else:
                found[name] = self.value(name, value)
        return found

    def activity(self, activity: Any) -> dict[str, Any]:
        kind = activity.type
        said = {name: self.value(f"{kind}.{name}", value) for name, value in activity.properties.items()}
        return {"type": kind, "at": activity.at.isoformat(), "properties": said}

    def value(self, name: str, value: Any) -> Any:
        """A value of a lead; `types` remembers what JSON has no form for."""
        if isinstance(value, datetime | date):
            self.types[name] = "datetime" if isinstance(value, datetime) else "date"
            return value.isoformat()
        if isinstance(value, Decimal) or (
            isinstance(value, tuple) and any(isinstance(each, Decimal) for each in value)
        ):
            self.types[name] = "decimal"
        return value

    def nearest(self, nearest: Nearest) -> dict[str, Any]:
        return {
            "stage": nearest.stage, "stopped_early": nearest.stopped_early,
            "sets": [[self.change(change) for change in changes] for changes in nearest],
        }  # fmt: skip

    def change(self, change: Change) -> dict[str, Any]:
        if change.field is not None:
            return {"field": change.field, "to": self.value(change.field, change.to)}
        found: dict[str, Any] = {"activity": change.activity, "at_least": change.at_least, "more": change.more}
        if change.where is not None:
            found["where"] = _text(change.where)
            found["properties"] = {
                name: self.value(f"{change.activity}.{name}", value) for name, value in change.properties.items()
            }
        return found

    @staticmethod
    def words(words: Words) -> dict[str, Any]:
        fields = {
            name: {key: said for key, said in (("label", each.label), ("ask", each.ask), ("unit", each.unit)) if said}
            for name, each in words.fields.items()
        }
        return {
            "zone": words.zone, "teams": words.teams, "stages": words.stages, "facts": words.facts, "fields": fields,
            "activities": words.activities,
        }  # fmt: skip

    def other(self, value: Any) -> Any:
        """A Decimal, exactly."""
        if not isinstance(value, Decimal):
            raise TypeError(f"no JSON form for {type(value).__name__}")
        if value == value.to_integral_value():
            return int(value)
        double = float(value)
        if Decimal(repr(double)) == value:
            return double
        self.exact = True
        return f"\x00{value:f}"


_texts: dict[int, tuple[Rule, str]] = {}


def _text(rule: Rule) -> str:
    """A rule as text; those of a definition come again and again, and stay alive here while they are remembered."""
    known = _texts.get(id(rule))
    if known is None:
        if len(_texts) >= MOST_REMEMBERED:
            _texts.clear()
        known = _texts[id(rule)] = (rule, str(rule))
    return known[1]
