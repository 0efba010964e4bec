"""Choices of what a lead holds: of one field, of an island, and of what is left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any, cast

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from qualify.definition.model import Field
from qualify.testing.values import ACTIVITIES, Island, Range

MOST_LOOSE = 8
"""Activities of a lead that may be left out one by one."""
WORDS = ("Acme", "Printing", "director", "Berlin", "DE", "web", "Ångström", "co-owner", "0", "x")


def join(said: dict[str, Any], more: Mapping[str, Any]) -> None:
    """Fill in what stands together; what happened is added to what else happened."""
    before = said.get(ACTIVITIES)
    said.update(more)
    if before is not None and more.get(ACTIVITIES) is not None:
        said[ACTIVITIES] = (*before, *more[ACTIVITIES])


def one_of_island(island: Island, chance: Random | None) -> Mapping[str, Any]:
    """One choice of an island: the first, or any."""
    options: Sequence[Any] = island.together or island.values
    picked = options[0] if chance is None else chance.choice(options)
    if island.together:
        return cast("Mapping[str, Any]", picked)
    if isinstance(picked, Range):
        picked = picked.low if picked.low is not None else picked.high
    return {island.names[0]: picked}


def usual(declared: Field, as_of: datetime, chance: Random) -> Any:
    """A value of a field, by chance."""
    match declared.type:
        case "boolean":
            return chance.random() < 0.5
        case "number":
            return chance.choice((0, 1, 50, 1000))
        case "date":
            return (as_of + timedelta(days=chance.randint(-400, 400))).date()
        case "datetime":
            return as_of + timedelta(days=chance.randint(-400, 400))
        case "list":
            return tuple(chance.sample(declared.choices or WORDS, 1))
        case "text":
            return chance.choice(declared.choices or WORDS)


def numbers_in(numbers: Range) -> SearchStrategy[int]:
    """Whole numbers of a range; an open end is a million away."""
    low, high = numbers.low, numbers.high
    if low is not None:
        return st.integers(low, high if high is not None else low + 10**6)
    assert high is not None
    return st.integers(0, high) if high >= 0 else st.integers(high - 10**6, high)


def shares(values: Sequence[Any]) -> tuple[int, SearchStrategy[int]]:
    """How many of the numbers drawn mean that a field isn't known: a third; a sixth stand for any value."""
    unknown, plain = max(1, (len(values) + 1) * 2 // 3), max(1, len(values) // 3)
    return unknown, st.integers(0, unknown + len(values) + plain - 1)


def loosen(draw: Callable[[SearchStrategy[int]], int], said: dict[str, Any], loose: frozenset[str]) -> None:
    """Leave out what is drawn to be left out: whole fields, and single activities of a few."""
    for name in list(said):
        if name not in loose or said[name] is None:
            continue
        if draw(_LEFT_OUT) == 0:
            del said[name]
        elif name == ACTIVITIES and 1 < len(said[name]) <= MOST_LOOSE:
            said[name] = tuple(each for each in said[name] if draw(_LEFT_OUT) != 0)


_LEFT_OUT = st.integers(0, 30)
