"""The values of a way that stand next to an edge: where a test turns one step further.

Of fields these are numbers, days and moments; of activities the moments at which windows begin and end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import combinations
from typing import Any

from qualify.engine.clock import Clock, instant_of, length, shifted
from qualify.rules.reads import Tree, walk
from qualify.rules.tree import (
    Date,
    DateTime,
    Days,
    First,
    Following,
    Last,
    Name,
    OlderThan,
    Recent,
    Within,
    WithinAfter,
)
from qualify.testing.goals import Wanted
from qualify.testing.happened import FAR, Happened, as_events, trees_of
from qualify.testing.search import WHILE
from qualify.testing.values import ACTIVITIES, Island, Range, Values

NEAR = 2
"""Values of a field that are taken where no test turns beside one."""
MOST_ACTIVITIES = 60
"""Activities of a collection beyond which it is left as it is."""
MOST_SEEDS = 12
MOST_EARLIER = 6
MOST_BESIDE = 2
"""Choices away from all edges that stay beside those at one."""
OFTEN = 3
"""How much more often those at an edge are drawn."""
MOST_LOOKED_AT = 400
"""Collections that are judged for one island."""
MOST_AT_EDGES = 24
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


def edged(island: Island, values: Values) -> Island:
    """The same island, with what stands next to an edge only; where there is none, as it is."""
    if island.is_of_activities:
        return replace(island, together=tuple(_together(island, values)))
    return _edged_field(island, values) if island.values else island


# --- fields ---


def _edged_field(island: Island, values: Values) -> Island:
    """Of a number or a moment, the values at which a test turns: those with another answer one step further."""
    (name,) = island.names
    single = [value for value in island.values if not isinstance(value, Range) and value is not None]
    for each in island.values:
        if isinstance(each, Range):
            single += [end for end in (each.low, each.high) if end is not None]
    if values.model.declared_fields[name].type not in ("number", "date", "datetime") or not single:
        return island
    candidates = values.candidates(name, list(island.tests), {}, values.clocks[0], usual=True)
    every = sorted((value for value in candidates if value is not None), key=_order)
    good = set(single)
    next_to_one = [
        value
        for at, value in enumerate(every)
        if value in good and any(each not in good for each in every[max(0, at - 1) : at + 2])
    ]
    return replace(island, values=tuple(next_to_one or single[:NEAR]))


def _order(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return float(value) if isinstance(value, int | float | Decimal) else value


# --- activities ---


def _together(island: Island, values: Values) -> list[Mapping[str, Any]]:
    """A few choices of an island, and those in which one activity is moved to the edge of a window."""
    found: dict[tuple[Any, ...], Mapping[str, Any]] = {}
    looked, now, step = 0, values.clocks[0].as_of, _step(values)
    for choice in _seeds(island, values):
        fields = {name: value for name, value in choice.items() if name != ACTIVITIES}
        for place, steps in _moved(choice[ACTIVITIES], fields, island.wanted, values):
            looked += len(steps)
            fitting = [_fit(each, fields, island.wanted, values) for each in steps]
            if any(fitting) and not all(fitting):  # the answer turns here
                for each, fits in zip(steps, fitting, strict=True):
                    kind, (at, _) = each[place]
                    if fits and len(found) < MOST_AT_EDGES and shifted(at, step) != now:  # just now is no edge
                        found.setdefault((kind, at, repr(fields)), {**fields, ACTIVITIES: each})
        if looked > MOST_LOOKED_AT:
            break
    return [
        *island.together[: MOST_BESIDE if found else None],
        *found.values(),
        *found.values(),
    ]  # edges twice as often


def _seeds(island: Island, values: Values) -> list[Mapping[str, Any]]:
    """Choices in which an activity can be moved: small ones first, those with another answer, and two in one."""
    own = [each for each in island.together if each.get(ACTIVITIES) is not None]
    others = [each for side in values.beside(island) for each in side.together if each.get(ACTIVITIES) is not None]
    trees = trees_of(island.wanted, values.model)
    nodes = [node for tree in trees for node, _ in walk(tree)]
    seeds = sorted([*own, *(each for each in others if each not in own)], key=_size)
    pairs: list[Mapping[str, Any]] = []
    if any(isinstance(node, First | Last) for node in nodes):  # one may begin a window for the other
        alike = {tuple(kind for kind, _ in seed[ACTIVITIES]): seed for seed in reversed(seeds)}
        pairs = [
            {**one, ACTIVITIES: (*one[ACTIVITIES], *other[ACTIVITIES])}
            for (kinds, one), (other_kinds, other) in combinations(alike.items(), 2)
            if set(kinds).isdisjoint(other_kinds)
        ]
        pairs.sort(key=_size)
    earlier = [
        _earlier(each, by + DAY) for by in _lengths(nodes) for each in (*pairs[:MOST_EARLIER], *seeds[:MOST_EARLIER])
    ]
    groups = (seeds[:MOST_SEEDS], pairs[:MOST_SEEDS], earlier)
    return [seed for group in groups for seed in group if 0 < _size(seed) <= MOST_ACTIVITIES]


def _size(choice: Mapping[str, Any]) -> int:
    return len(choice[ACTIVITIES])


def _earlier(choice: Mapping[str, Any], by: timedelta) -> Mapping[str, Any]:
    """The same, so much longer ago that a window that followed on it has ended."""
    happened: Happened = choice[ACTIVITIES]
    return {**choice, ACTIVITIES: tuple((kind, (shifted(at, by, -1), said)) for kind, (at, said) in happened)}


def _moved(
    happened: Happened, fields: Mapping[str, Any], wanted: Sequence[Wanted], values: Values
) -> Iterator[tuple[int, list[Happened]]]:
    """For each activity and each edge that it may have: its place, and the same with it just before, at and after that."""
    clock = values.clocks[0]
    step = _step(values)
    trees = trees_of(wanted, values.model)
    seen: set[str] = set()
    for place, (kind, (at, said)) in enumerate(happened):
        if repr((kind, at, said)) in seen:  # the same again is moved only once
            continue
        seen.add(repr((kind, at, said)))
        others = [moment for other, (_, (moment, _)) in enumerate(happened) if other != place]
        for edge in dict.fromkeys(edges(trees, fields, others, clock)):
            yield place, [
                (*happened[:place], (kind, (shifted(edge, step * by), said)), *happened[place + 1 :])
                for by in (-1, 0, 1)
            ]  # fmt: skip


def _step(values: Values) -> timedelta:
    """A second; what is to hold a while keeps further away from edges."""
    return SECOND if len(values.clocks) == 1 else WHILE + WHILE / 2


def edges(
    trees: Iterable[Tree], fields: Mapping[str, Any], others: Sequence[datetime], clock: Clock
) -> Iterator[datetime]:
    """The instants at which it may turn an answer when something happened.

    `others` are the moments of what else happened, from which windows may be reckoned.
    """
    nodes = [node for tree in trees for node, _ in walk(tree)]
    anchors: list[date] = []
    for node in nodes:
        match node:
            case Recent(span) | Within(_, span) | OlderThan(_, span):
                yield clock.back(span).instant
            case Date(day) | DateTime(day):
                anchors.append(day)
            case Name(name) if isinstance(fields.get(name), date):
                anchors.append(fields[name])
            case _:
                pass
    if any(isinstance(node, First | Last) for node in nodes):
        anchors += others
    spans = [timedelta(), *_lengths(nodes)]
    for anchor in anchors:
        for instant in _instants(anchor, clock):
            for elapsed in spans:
                yield from (shifted(instant, elapsed), shifted(instant, elapsed, -1))
    if any(isinstance(node, Days) for node in nodes):
        for other in others:
            yield from _instants(clock.day(other), clock)
    yield clock.as_of


def _lengths(nodes: Iterable[Tree]) -> Iterator[timedelta]:
    """How long the windows are that follow on something."""
    for node in nodes:
        if isinstance(node, Following | WithinAfter) and (each := length(node.span)) is not None:
            yield min(each, FAR)


def _instants(moment: date, clock: Clock) -> Iterator[datetime]:
    """A moment as an instant; of a day, where it begins and where the next one does."""
    if isinstance(moment, datetime):
        yield instant_of(moment, clock.zone)
        return
    midnight = datetime(moment.year, moment.month, moment.day)
    yield from (instant_of(each, clock.zone) for each in (midnight, shifted(midnight, DAY)))


def _fit(happened: Happened, fields: Mapping[str, Any], wanted: Sequence[Wanted], values: Values) -> bool:
    """Whether every test answers as it should; what is after the moment has not happened yet."""
    for clock in values.clocks:
        past = tuple(each for each in happened if each[1][0] <= clock.as_of.astimezone(UTC))
        if not all(values.holds_at(clock, wanted, fields, as_events(past))):
            return False
    return True


__all__ = ["edged", "edges"]
