"""Leads that differ from one in two or three things at once: where a score, or two fields together, must hit a number.

One thing at a time rarely does: 49 points are the sum of several. So each change is asked what it adds to the score, and
those are made together that add up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import combinations, islice, pairwise, product
from typing import Any, TypeVar

from qualify.face import Definition
from qualify.rules.logic import Test
from qualify.rules.reads import reads
from qualify.rules.tree import Between, Compare, Name, Number
from qualify.testing.nearby import Nearby, Read

T = TypeVar("T")
Lead = dict[str, Any]
Move = tuple[str, Decimal]
"""What is changed, and the points that this adds."""
Range = tuple[Decimal, Decimal]
MOST_VALUES, MOST_ALIKE, MOST_MOVES, MOST_COMBINED, MOST_SUMS = 12, 2, 200, 20_000, 200


def combined(definition: Definition, read: Read, near: Nearby, lead: Lead, as_of: datetime) -> Iterator[Lead]:
    """Leads that differ from one in several things, so that what was changed in a definition may tell."""
    yield from _two_fields(definition, read, near, lead, as_of)
    for score, wanted in _wanted(read.tests, definition).items():
        yield from _adding_up(definition, score, wanted, near, lead, as_of)


def _two_fields(definition: Definition, read: Read, near: Nearby, lead: Lead, as_of: datetime) -> Iterator[Lead]:
    """Where a test reads two fields: a value of the one, then those of the other at which the test turns beside it."""
    for test in read.tests:
        fields = [name for name in reads(test).values if name in definition.model.declared_fields]
        if len(fields) < 2:
            continue
        for name in fields:
            beside = Read(tests={test: None}, fields={other: None for other in fields if other != name})
            for value in [each for each in near.values.get(name, ()) if each is not None][:MOST_VALUES]:
                moved = {**lead, name: value}
                witness = definition.qualify(moved, as_of=as_of).witness
                assert witness is not None  # it was judged here
                for other, values in Nearby(definition.model, beside, witness.meaning).values.items():
                    yield from ({**moved, other: each} for each in values)


def _wanted(tests: Mapping[Test, None], definition: Definition) -> dict[str, list[Range]]:
    """The scores that are compared with numbers, and where each is wanted: between two of them, or at one."""
    numbers: dict[str, list[Decimal]] = {}
    for test in tests:
        match test:
            case Compare(Name(name), _, Number(value)) | Compare(Number(value), _, Name(name)):
                numbers.setdefault(name, []).append(value)
            case Between(Name(name), Number(low), Number(high)):
                numbers.setdefault(name, []).extend((low, high))
            case _:
                pass
    return {name: list(_beside(each)) for name, each in numbers.items() if name in definition.model.scores}


def _beside(numbers: Sequence[Decimal]) -> Iterator[Range]:
    """Numbers that stand close together are the two sides of a change; any other is looked for by itself."""
    every = sorted(set(numbers))
    yield from ((low, high) for low, high in pairwise(every) if high - low <= 1)
    yield from ((number, number) for number in every)


def _adding_up(
    definition: Definition, score: str, wanted: Sequence[Range], near: Nearby, lead: Lead, as_of: datetime
) -> Iterator[Lead]:
    """Two or three changes whose points bring a score to where it is wanted."""
    start = _points(definition, score, lead, as_of)
    if start is None:
        return
    moves: dict[Move, list[Any]] = {}
    for name, change in islice(_moves(near), MOST_MOVES):
        points = _points(definition, score, _with(lead, name, change, near), as_of)
        if points is not None and points != start:
            moves.setdefault((name, points - start), []).append(change)
    ordered = sorted(moves, key=lambda key: abs(key[1]), reverse=True)
    each = [_sums(ordered, (low - start, high - start)) for low, high in wanted]
    for found in islice(in_turn(each, at_once=1), MOST_SUMS):
        for changes in product(*(moves[key][:MOST_ALIKE] for key in found)):
            made = lead
            for (name, _), change in zip(found, changes, strict=True):
                made = _with(made, name, change, near)
            yield made


def _sums(moves: Sequence[Move], gap: Range) -> Iterator[tuple[Move, ...]]:
    """Two or three changes of different names whose points together fill a gap."""
    for several in (2, 3):
        for found in islice(combinations(moves, several), MOST_COMBINED):
            different = len({name for name, _ in found}) == several
            if different and gap[0] <= sum(points for _, points in found) <= gap[1]:
                yield found


def _moves(near: Nearby) -> Iterator[tuple[str, Any]]:
    """Each other value of a field, and each lot of activities of a type; those of all names in turn."""
    yield from in_turn([*map(_each, near.values.items()), *map(_each, near.lots.items())], at_once=1)


def _each(named: tuple[str, Sequence[Any]]) -> Iterator[tuple[str, Any]]:
    name, changes = named
    return ((name, change) for change in changes)


def in_turn(all_of_them: list[Iterator[T]], at_once: int) -> Iterator[T]:
    """Some of each, and again, so that none takes all the tries."""
    while all_of_them:
        for each in list(all_of_them):
            step = list(islice(each, at_once))
            yield from step
            if not step:
                all_of_them.remove(each)


def _with(lead: Lead, name: str, change: Any, near: Nearby) -> Lead:
    """The lead with another value of a field, or with these activities of one type."""
    return {**lead, name: change} if name in near.values else happened(lead, name, change)


def happened(lead: Lead, kind: str, lot: Sequence[Mapping[str, Any]]) -> Lead:
    """The lead with these activities of one type, instead of those that it has."""
    kept = [each for each in lead.get("activities") or () if each["type"] != kind]
    return {**lead, "activities": [*kept, *lot]}


def _points(definition: Definition, score: str, lead: Lead, as_of: datetime) -> Decimal | None:
    """The points of a lead, or the least where they aren't all known; None where there is no score."""
    witness = definition.qualify(lead, as_of=as_of).witness
    assert witness is not None  # it was judged here
    outcome = witness.decision.scores.get(score)
    low = None if outcome is None else outcome.bounds[0]
    return None if low is None or low.is_infinite() else low


__all__ = ["combined", "happened", "in_turn"]
