"""What of a verdict is written where: the mapping's `[write]`, with the definition's names put in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from qualify.adapters.records import PropertyType
from qualify.definition.model import Model
from qualify.run import last_of_line, outcome
from qualify.sync.comparing import Kind
from qualify.sync.paragraph import paragraph
from qualify.verdict import Verdict

Said = str | bool | int | float | datetime | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a verdict: what it is called, what it is like, and how it is taken from a verdict."""

    label: str
    kind: Kind
    type: PropertyType
    about: str
    take: Callable[[Verdict], Said]


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def whole_parts(model: Model) -> Mapping[str, Part]:
    """The parts that every verdict has."""
    last = last_of_line(model)
    titles = {name: stage.title or name for name, stage in model.stages.items()}
    stages = ", ".join(titles)
    return {
        "stage": Part("Stage", "text", "text", f"The last stage reached: {stages}", lambda v: v.stage),
        "reached": Part("Stages reached", "list", "text", "All stages reached", lambda v: v.reached or None),
        "state": Part("State", "text", "text", f"Where the lead stands with {last}", lambda v: outcome(v, last)),
        "reason": Part("Reason", "text", "long text", "Why, in plain English", paragraph),
        "reasons": Part("Reason codes", "list", "long text", "Facts and their answers", lambda v: v.reasons or None),
        "missing": Part(
            "Missing",
            "list",
            "long text",
            "What to ask, most useful first",
            lambda v: tuple(m.field for m in v.missing) or None,
        ),
        "digest": Part(
            "Definition's digest", "text", "text", "SHA-256 of what was agreed", lambda v: v.definition.digest
        ),
        "definition": Part(
            "Definition", "text", "text", "By which definition", lambda v: f"{v.definition.name} {v.definition.version}"
        ),
        "as_of": Part("Judged at", "moment", "datetime", "The moment of the verdict", lambda v: v.as_of),
        "left_out": Part(
            "Left out", "boolean", "boolean", "Whether the lead is not to be looked at", lambda v: bool(v.left_out_by)
        ),
    }


def score_part(name: str, title: str | None) -> Part:
    """A score: the points that are sure."""

    def take(verdict: Verdict) -> Said:
        return _number(verdict.scores[name].at_least)

    return Part(title or _words(name), "number", "number", "The points that are sure", take)


def tier_part(name: str, title: str | None) -> Part:
    """A tier: the case that it is settled on."""
    return Part(title or _words(name), "text", "text", "The case, once it is settled", lambda v: v.tiers[name].case)


def trait_part(name: str, title: str | None) -> Part:
    """A trait's answer: yes, no or unknown."""
    return Part(title or _words(name), "text", "text", "yes, no or unknown", lambda v: str(v.traits[name].answer))


def _words(name: str) -> str:
    said = name.replace("_", " ")
    return said[:1].upper() + said[1:]


__all__ = ["Part", "Said", "score_part", "tier_part", "trait_part", "whole_parts"]
