"""Definitions as large as the language allows: judged, or refused in words that name the fact and the engine."""

from __future__ import annotations

from typing import Any

import pytest

import qualify
from tests.columns.agreeing import compare, wanted
from tests.columns.differences import unlisted
from tests.columns.engines import Engine, Judge
from tests.columns.traps import AS_OF, acts, ago

PEOPLE = [
    {"employees": number, "city": city, "industry": city} for number in (0, 5, 50, 499, None) for city in ("Entry 5", None, "x")
]  # fmt: skip


def trait(rule: str) -> dict[str, Any]:
    return {"team": "sales", "when": rule, "why": "It matters."}


def chain(number: int) -> dict[str, Any]:
    steps = {f"t{at}": trait(f"t{at - 1} or employees == {at}") for at in range(1, number)}
    return {
        "traits": {"t0": trait("employees > 50"), **steps},
        "stages": {"mql": {"requires": {"sales": f"t{number - 1}"}}},
    }


def cases(number: int) -> dict[str, Any]:
    listed = {f"c{at}": f"employees == {at}" for at in range(number)}
    return {
        "tiers": {"size": {"team": "sales", "cases": {**listed, "z": "otherwise"}}},
        "scores": {"fit": {"points": {"size": {name: at % 7 for at, name in enumerate(listed)}}}},
        "stages": {"mql": {"requires": {"sales": "size in [c1, c5] and fit >= 1"}}},
    }


def parts(number: int) -> dict[str, Any]:
    named = {"a": trait("employees == 0"), "b": trait("employees > 50")}
    many = {f"f{at}": trait(f"employees > {at}") for at in range(200)}
    return {"traits": {
        **named, **many, "either": trait(" or ".join("ab"[at % 2] for at in range(number))),
        "some": trait(f"at least 2 of [{', '.join(many)}]"),
    }}  # fmt: skip


def entries(number: int) -> dict[str, Any]:
    return {
        "lists": {"long": {"team": "sales", "values": [f"entry {at}" for at in range(number)]}},
        "traits": {"found": trait("city in long"), "absent": trait("industry not in long")},
        "tiers": {"size": {"team": "sales", "cases": {"a": "city in long and employees > 1", "b": "otherwise"}}},
    }


def signals(number: int) -> dict[str, Any]:
    first = {"s0": {"team": "sales", "each": "page_view within 90 days"}}
    rest = {f"s{at}": {"team": "sales", "each": f"s{at - 1} within {90 - at} days"} for at in range(1, number)}
    return {"signals": {**first, **rest}, "traits": {"seen": trait(f"count(s{number - 1}) >= 1")}}


VISITED = [acts(("page_view", ago(days=5))), acts(("page_view", ago(days=60))), {"activities": None}, acts()]
LARGE = {
    "3,000 traits, each reading the one before": (chain(3000), PEOPLE),
    "30 traits, each reading the one before": (chain(30), PEOPLE),
    "100 traits, each reading the one before": (chain(100), PEOPLE),
    "a tier with 500 cases": (cases(500), PEOPLE),
    "a rule with 4,000 parts, as long as one may be": (parts(4000), PEOPLE),
    "a list of 100,000 entries": (entries(100_000), PEOPLE),
    "40 signals on signals": (signals(40), VISITED),
}

IN_SPARK = [size for size in LARGE if "traits" in size or "list" in size]


@pytest.mark.parametrize("size", LARGE)
def test_the_largest_definitions_are_judged_or_refused_by_name(opened: tuple[Engine, Judge], size: str) -> None:
    """Nobody's definition ends in a RecursionError, or in words of an engine that its author has never seen."""
    engine, judge = opened
    sections, leads = LARGE[size]
    if not engine.fast and size not in IN_SPARK:
        pytest.skip("Spark takes long to plan it")
    definition = qualify.define(name="Large", teams={"marketing": "Marketing", "sales": "Sales"}, **sections)
    tally = compare(judge, wanted(definition.model, leads, AS_OF))

    assert not tally.different, "\n".join(tally.different)
    assert unlisted(tally.refused) == []
    assert tally.compared or "3,000" in size or (not engine.fast and "100 traits" in size)
