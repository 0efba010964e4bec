"""Activities for which tests of them give the answers that will do: a few of each kind, at moments that matter."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice, product
from typing import Any, TypeAlias

from qualify.definition.model import Model
from qualify.engine.clock import Clock, instant_of, length
from qualify.engine.meaning import Meaning
from qualify.engine.sight import Event, Events, Sight, types_of
from qualify.rules.logic import tests
from qualify.rules.reads import Tree, walk
from qualify.rules.tree import (
    AnyActivity,
    Days,
    First,
    Following,
    Last,
    Name,
    Number,
    OlderThan,
    Recent,
    Rule,
    Selection,
    Since,
    Total,
    Within,
)
from qualify.testing.goals import Wanted
from qualify.values import Unreadable, amount_in_ten_thousandths
from qualify.verdict.turns import turning_values

MOST_KINDS = 3
MOST_PROPERTIES = 40
MOST_OFTEN = 12
MOST_LOOKED_AT = 300
"""Collections of activities that are asked before the search for one gives up."""
MOST_IN_ALL = 2_000
MOST_MORE = 40
"""Collections that are asked after one was found, for variety."""
MOST_GIVEN = 8
MOST_TIMES = 3_000
AS_ONE = 200
"""Activities that cost as much as asking once more."""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FAR = timedelta(days=4_000_000)
"""Longer than the calendar."""
USUAL = (HOUR, 2 * DAY, 10 * DAY, 45 * DAY, 400 * DAY)
"""How long ago something happened, where no window says more."""

Happened: TypeAlias = tuple[tuple[str, Event], ...]
"""Activities with their types, in the order in which they were put together."""


Apart: TypeAlias = Mapping[tuple[Any, ...], dict[str, Any]]
"""What activities of a type can say, by how tests of it answer."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    kind: str
    said: Mapping[str, Any]
    at: datetime


def trees_of(wanted: Sequence[Wanted], model: Model) -> list[Tree]:
    """The tests, and the selections of the signals that they count."""
    trees: list[Tree] = [test for test, _ in wanted]
    seen: set[str] = set()
    for tree in trees:  # grows by the signals that are read
        for node, _ in walk(tree):
            name = node.of.name if isinstance(node, Selection) and isinstance(node.of, Name) else ""
            if name in model.signals and name not in seen:
                seen.add(name)
                trees.append(model.signals[name].each)
    return trees


@dataclass(slots=True)
class Effort:
    """How many collections of activities have been asked, over a whole search; and what needn't be asked again."""

    spent: int = 0
    said: dict[tuple[Any, ...], Apart] = field(default_factory=dict)
    """What activities can say, by their type and the tests of it."""


def happenings(
    model: Model, clock: Clock, fields: Mapping[str, Any], wanted: Sequence[Wanted], effort: Effort
) -> Iterator[Happened | None]:
    """Collections of activities for which every test answers as it should; None: the source can't tell.

    From nothing, the one that meets the most tests with the fewest activities grows first. Once one does, only a
    little more is looked for.
    """
    if _fits(model, clock, fields, None, wanted):
        yield None
    trees = trees_of(wanted, model)
    candidates = list(_candidates(model, clock, fields, trees, effort))
    often = _often(trees)
    by_day = any(isinstance(node, Days) for tree in trees for node, _ in walk(tree))
    spreads = (False, True)[: 2 if max(often) > 1 else 1] if by_day else (True, False)[: 2 if max(often) > 1 else 1]
    heap: list[tuple[int, int, int, Happened]] = [(_unmet(model, clock, fields, (), wanted), 0, 0, ())]
    given, order, looked, most = 0, 0, 0, min(MOST_LOOKED_AT, MOST_IN_ALL - effort.spent)
    while heap and given < MOST_GIVEN:
        unmet, _, _, happened = heapq.heappop(heap)
        if unmet == 0:
            yield happened
            given += 1
            most = min(most, looked + MOST_MORE)
        for candidate, times, spread in product(candidates, often, spreads):
            if looked >= most:
                break
            if len(happened) + times > MOST_TIMES or (times == 1 and spread is not spreads[0]):
                continue  # once is the same on one day and on days in a row
            grown = (*happened, *_repeated(candidate, times, spread))
            cost = 1 + len(grown) // AS_ONE
            looked, order, effort.spent = looked + cost, order + 1, effort.spent + cost
            left = _unmet(model, clock, fields, grown, wanted)
            if left <= unmet:
                heapq.heappush(heap, (left, len(grown), order, grown))


def _repeated(candidate: _Candidate, times: int, spread: bool) -> Happened:
    """The same several times: at one moment, or on days in a row."""
    if not spread:
        return ((candidate.kind, (candidate.at, candidate.said)),) * times
    days = (candidate.at - datetime.min.replace(tzinfo=candidate.at.tzinfo)).days  # as many as the calendar has
    return tuple((candidate.kind, (candidate.at - at * DAY, candidate.said)) for at in range(min(times, days)))


def as_events(happened: Happened | None) -> Events | None:
    """As a definition reads them."""
    if happened is None:
        return None
    events = Events()
    for kind, event in happened:
        events.setdefault(kind, []).append(event)
    return events


def _unmet(model: Model, clock: Clock, fields: Mapping[str, Any], happened: Happened, wanted: Sequence[Wanted]) -> int:
    meaning = Meaning(model, Sight(fields, as_events(happened)), clock)
    return sum(1 for test, allowed in wanted if meaning.answer(test) not in allowed)


def _fits(
    model: Model, clock: Clock, fields: Mapping[str, Any], happened: Happened | None, wanted: Sequence[Wanted]
) -> bool:
    meaning = Meaning(model, Sight(fields, as_events(happened)), clock)
    return all(meaning.answer(test) in allowed for test, allowed in wanted)


# --- what one activity can be ---


def _candidates(
    model: Model, clock: Clock, fields: Mapping[str, Any], trees: list[Tree], effort: Effort
) -> Iterator[_Candidate]:
    """One for each way in which selections see an activity: its type, what it says, and when it was."""
    nodes = [node for tree in trees for node, _ in walk(tree)]
    selections = list(dict.fromkeys(node for node in nodes if isinstance(node, Selection)))
    taken = {selection: types_of(selection, model) for selection in selections}
    kinds: dict[str, None] = {}
    for selection, types in taken.items():
        if not isinstance(selection.of, AnyActivity):
            kinds.update(dict.fromkeys(types[:MOST_KINDS]))
    if not kinds:
        kinds = dict.fromkeys(list(model.declared_activities)[:1])
    meaning = Meaning(model, Sight(fields, None), clock)
    moments = _moments_told_apart(meaning, trees, nodes)
    alike: set[tuple[Any, ...]] = set()
    for kind in kinds:
        taking = tuple(selection for selection, types in taken.items() if kind in types)
        for seen, said in said_apart(meaning, kind, taking, trees, effort.said).items():
            if (taking, seen) not in alike:
                alike.add((taking, seen))
                yield from (_Candidate(kind, said, at) for at in moments)


def _moments_told_apart(meaning: Meaning, trees: list[Tree], nodes: list[Any]) -> list[datetime]:
    """One for each way in which windows see them; all, where a test asks when something was."""
    moments = list(_moments(meaning.model, meaning.clock, meaning.sight.fields, trees))
    if any(isinstance(node, First | Last | Days | Since | Following) for node in nodes):
        return moments
    windows = list(dict.fromkeys(node for node in nodes if isinstance(node, Recent)))
    found: dict[tuple[Any, ...], datetime] = {}
    for at in moments:
        found.setdefault(tuple(meaning.in_window(at, window, None) for window in windows), at)
    return list(found.values())


def said_apart(
    meaning: Meaning, kind: str, taking: Sequence[Selection], trees: list[Tree], known: dict[tuple[Any, ...], Apart]
) -> Apart:
    """What an activity of a type can say: one for each way in which each `where` answers; all that is summed up."""
    wheres = list(dict.fromkeys(each.where for each in taking if each.where is not None))
    summed = [tree for tree in trees if any(isinstance(node, Total) for node, _ in walk(tree))]
    key = (kind, *wheres, None, *summed)
    if key in known:
        return known[key]
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for said in _properties(meaning.model, meaning.clock, kind, wheres, trees):
        answers = tuple(meaning.answer(where, said) for where in wheres)
        found.setdefault((*answers, repr(said) if summed else None), said)
    known[key] = found
    return found


def _moments(model: Model, clock: Clock, fields: Mapping[str, Any], trees: list[Tree]) -> Iterator[datetime]:
    """Within and before each window, and on both sides of what windows begin at."""
    now = clock.as_of
    found: list[datetime] = [now - ago for ago in USUAL[:3]]
    meaning = Meaning(model, Sight(fields, None), clock)
    for tree in trees:
        for node, _ in walk(tree):
            if isinstance(node, Recent | Within | OlderThan):
                edge = clock.back(node.span).instant
                found += [edge + (now - edge) / 2, *_beside(edge, DAY, HOUR)]
            if isinstance(node, Following | Since):
                span = min(length(node.span) or DAY, FAR) if isinstance(node, Following) else DAY
                for moment in _anchor(meaning, node):
                    found += [*_beside(moment, DAY, span / 2), *_beside(moment, DAY, span + DAY)]
    found += [now - ago for ago in USUAL[3:]]
    yield from dict.fromkeys(at for at in found if at <= now)


def _beside(moment: datetime, before: timedelta, after: timedelta) -> Iterator[datetime]:
    """A moment before another and one after it, within the calendar."""
    for step in (-before, after):
        try:
            yield moment + step
        except OverflowError:
            continue


def _anchor(meaning: Meaning, window: Following | Since) -> Iterator[datetime]:
    if isinstance(window.anchor, First | Last):
        return
    for moment in meaning.moment(window.anchor, None) or ():
        if isinstance(moment, date):
            whole = moment if isinstance(moment, datetime) else datetime(moment.year, moment.month, moment.day)
            yield instant_of(whole, meaning.clock.zone)


def _properties(
    model: Model, clock: Clock, kind: str, wheres: Sequence[Rule], trees: list[Tree]
) -> Iterator[dict[str, Any]]:
    """What an activity can say, so that each `where` holds, doesn't, or can't tell; and amounts to be summed up."""
    declared = model.declared_activities[kind].properties
    amounts = {node.amount: tree for tree in trees for node, _ in walk(tree) if isinstance(node, Total)}
    read = list(dict.fromkeys(
        [node.name for where in wheres for node, _ in walk(where) if hasattr(node, "name") and node.name in declared]
        + [name for name in amounts if name in declared]
    ))  # fmt: skip
    apart = Meaning(model, Sight({}, None), clock)
    values: list[list[Any]] = []
    for name in read:
        asked = [test for where in wheres for test in tests(where)]
        found = list(islice(turning_values(name, declared[name], asked, None, apart), 6))
        if name in amounts:
            limits = [node.value for node, _ in walk(amounts[name]) if isinstance(node, Number)]
            found += [_plain(limit + step) for limit in limits for step in (0, 1, -1)] + [1]
            found = [value for value in found if can_be_summed(value)]  # a `where` may ask for more decimals
        values.append([*dict.fromkeys(found), None])
    for chosen in islice(product(*values), MOST_PROPERTIES):
        yield {name: value for name, value in zip(read, chosen, strict=True) if value is not None}


def can_be_summed(amount: Any) -> bool:
    """Whether an amount can be added up exactly."""
    try:
        amount_in_ten_thousandths(amount)
    except Unreadable:
        return False
    return True


def _plain(number: Any) -> Any:
    return int(number) if number == number.to_integral_value() else number


def _often(trees: list[Tree]) -> list[int]:
    """How often it may have to happen: once, and as often as a number in a test says, once more or less."""
    found = {1}
    for tree in trees:
        for node, in_where in walk(tree):
            if isinstance(node, Number) and not in_where and 0 < node.value <= MOST_TIMES - 1:
                found |= {max(1, int(node.value) - 1), int(node.value), int(node.value) + 1}
    return sorted(found)[:MOST_OFTEN]
