"""Reason codes over columns: a fact's name and its answer, in the order in which a verdict gives them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from qualify.columns.expressions import (
    UNKNOWN,
    Compare,
    Constant,
    Expression,
    Joined,
    Nothing,
    case,
    is_known,
    is_null,
    not_,
)
from qualify.columns.rules import TierRead
from qualify.definition.model import Model

BETWEEN = ", "


def reasons(model: Model, answers: Mapping[str, Expression], tiers: Mapping[str, TierRead]) -> Expression:
    """All codes, with a comma between them."""
    said = (case([(holds, Constant(code))], Nothing("text")) for holds, code in codes(model, answers, tiers))
    return Joined(tuple(each for each in said if not isinstance(each, Nothing)), BETWEEN)


def codes(
    model: Model, answers: Mapping[str, Expression], tiers: Mapping[str, TierRead]
) -> Iterator[tuple[Expression, str]]:
    """Each code and when it is said: disqualifiers first, then no, unknown, yes, in the file's order."""
    bars = {trait for stage in model.stages.values() for trait in stage.disqualified_by}
    traits = {name: answers[name] for name, trait in model.traits.items() if trait.status == "adopted"}
    settled = {name: tiers[name].settled for name, tier in model.tiers.items() if tier.status == "adopted"}
    yield from ((answer, f"{name}=yes") for name, answer in traits.items() if name in bars)
    yield from ((not_(answer), f"{name}=no") for name, answer in traits.items())
    yield from ((is_null(answer), f"{name}=unknown") for name, answer in (traits | settled).items())
    yield from ((answer, f"{name}=yes") for name, answer in traits.items() if name not in bars)
    for name, case_ in settled.items():
        for each in model.tiers[name].cases:
            yield _is(case_, each.name), f"{name}={each.name}"


def _is(settled: Expression, name: str) -> Expression:
    if isinstance(settled, Constant):
        return is_known(settled) if settled.value == name else UNKNOWN
    return UNKNOWN if isinstance(settled, Nothing) else Compare(settled, "==", Constant(name))


__all__ = ["codes", "reasons"]
