"""Values for which tests give the answers that will do: fields that stand together in a test are looked at together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice, pairwise
from typing import Any, TypeAlias

from qualify.definition.model import Model
from qualify.engine.clock import Clock
from qualify.engine.meaning import Meaning
from qualify.engine.sight import Events, Sight, types_of
from qualify.rules.logic import Test
from qualify.rules.reads import reads, walk
from qualify.rules.tree import Has, In, Match, Name, Number, Numbers, Selection, Texts
from qualify.testing.goals import Allowed, Wanted
from qualify.testing.happened import Effort, Happened, as_events, happenings, trees_of
from qualify.testing.spelling import longer
from qualify.text import clean
from qualify.verdict.turning_numbers import is_reckoned
from qualify.verdict.turns import further_values, turning_values

MOST_VALUES = 400
MOST_EXACT = 100
"""Numbers in tests of a field beside all of which candidates are tried."""
MOST_WRITTEN = 20
"""Texts of one list that leads are drawn with."""
MOST_LONGER = 6
"""Phrases of one list that are put into longer texts."""
MOST_TRIED = 1_500
MOST_TOGETHER = 4
"""Ways of filling fields that stand together in a test."""
ACTIVITIES = "activities"
KIND = "@"
"""Before the name of a type of activity, where fields and activities stand together: `@call`."""

Asked: TypeAlias = Mapping[Test, Allowed]


@dataclass(frozen=True, slots=True)
class Range:
    """Whole numbers from one to another, both included; an open end is None."""

    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Island:
    """Fields (and what happened) that tests ask about together, and what they can be.

    `values` are those of one field alone, with the ranges of numbers between them; `together` are whole choices.
    """

    names: tuple[str, ...]
    wanted: tuple[Wanted, ...]
    values: tuple[Any, ...] = ()
    together: tuple[Mapping[str, Any], ...] = ()
    exact: bool = False
    """Whether nothing else could be: then that there is nothing is proved."""

    def __bool__(self) -> bool:
        return bool(self.values or self.together)

    @property
    def tests(self) -> tuple[Test, ...]:
        """The tests that ask about them."""
        return tuple(test for test, _ in self.wanted)

    @property
    def is_of_activities(self) -> bool:
        """Whether what happened is among what it fills in."""
        return any(name.startswith(KIND) for name in self.names)


class Values:
    """Finds values for one definition, at one moment, or (where it is to hold a while) at each of several."""

    def __init__(self, model: Model, clocks: Sequence[Clock]) -> None:
        self.model, self.clocks, self.effort = model, clocks, Effort()
        self._names: dict[Test, frozenset[str]] = {}
        self._islands: dict[frozenset[tuple[Test, Allowed]], Island] = {}

    def names(self, test: Test) -> frozenset[str]:
        """What of a lead a test reads: fields, and `activities`."""
        found = self._names.get(test)
        if found is None:
            read = reads(test)
            names = {name for name in read.values if name in self.model.declared_fields}
            for tree in trees_of([(test, frozenset())], self.model):  # windows of signals may begin at a field
                names |= {name for name in reads(tree).values if name in self.model.declared_fields}
                selections = [node for node, _ in walk(tree) if isinstance(node, Selection)]
                names |= {KIND + kind for each in selections for kind in types_of(each, self.model)}
            found = self._names[test] = frozenset(names)
        return found

    def beside(self, island: Island) -> Iterator[Island]:
        """What was found for the same tests with other answers."""
        tests = frozenset(island.tests)
        return (each for each in self._islands.values() if frozenset(each.tests) == tests)

    def islands(self, asked: Asked) -> list[Island]:
        """All tests, in the groups that hang together."""
        rest, found = dict(asked), []
        while rest:
            group = self.around(next(iter(rest)), rest)
            found.append(self.island(group))
            for test in group:
                del rest[test]
        return found

    def around(self, test: Test, asked: Asked) -> dict[Test, Allowed]:
        """The tests that hang together with one."""
        names, group = set(self.names(test)), {test: asked[test]}
        grown = True
        while grown:
            grown = False
            for other, allowed in asked.items():
                if other not in group and names & self.names(other):
                    group[other] = allowed
                    names |= self.names(other)
                    grown = True
        return group

    def island(self, group: Asked) -> Island:
        """What can be, for tests that hang together."""
        key = frozenset(group.items())
        found = self._islands.get(key)
        if found is None:
            found = self._islands[key] = self._island(list(group.items()))
        return found

    def _island(self, wanted: list[Wanted]) -> Island:
        names = sorted(frozenset[str]().union(*(self.names(test) for test, _ in wanted)))
        tests = tuple(test for test, _ in wanted)
        if not names:
            fits = all(self.holds(wanted, {}, None))
            exact = not any(reads(test).values for test, _ in wanted)  # what reads a score is open to more than this
            return Island((), tuple(wanted), together=({},) if fits else (), exact=exact)
        if all(name.startswith(KIND) for name in names):
            chosen = self.happened(wanted, {})
            return Island(tuple(names), tuple(wanted), together=tuple({ACTIVITIES: each} for each in chosen))
        if len(names) == 1:
            values = self.of_one_field(names[0], wanted)
            return Island((names[0],), tuple(wanted), tuple(values), exact=self.is_exact(names[0], tests))
        return Island(tuple(names), tuple(wanted), together=tuple(self.together(names, wanted)))

    def is_exact(self, name: str, tests: Sequence[Test]) -> bool:
        """Whether the candidates of a field are all that its tests can tell apart, at the one moment that counts."""
        match self.model.declared_fields[name].type:
            case "boolean":
                return True
            case "number":
                listed = [
                    len(test.values.values)
                    for test in tests
                    if isinstance(test, In) and isinstance(test.values, Numbers)
                ]
                return len(tests) + sum(listed) <= MOST_EXACT and not any(is_reckoned(test) for test in tests)
            case "date":
                return len(self.clocks) == 1
            case _:
                return False

    def holds(self, wanted: Iterable[Wanted], fields: Mapping[str, Any], events: Events | None) -> Iterable[bool]:
        """Whether each test answers as it should, at each moment."""
        for clock in self.clocks:
            yield from self.holds_at(clock, wanted, fields, events)

    def holds_at(
        self, clock: Clock, wanted: Iterable[Wanted], fields: Mapping[str, Any], events: Events | None
    ) -> Iterator[bool]:
        """Whether each test answers as it should, at one moment."""
        meaning = Meaning(self.model, Sight(fields, events), clock)
        return (meaning.answer(test) in allowed for test, allowed in wanted)

    # --- one field ---

    def of_one_field(self, name: str, wanted: list[Wanted]) -> list[Any]:
        """Its values, the plainest first, with the ranges between numbers and moments between moments.

        Where it needn't be known, that is the plainest: a smaller lead shows the same.
        """
        candidates = self.candidates(name, [test for test, _ in wanted], {}, self.clocks[0])
        found = [value for value in candidates if all(self.holds(wanted, {name: value}, None))]
        if self.model.declared_fields[name].type == "number":
            found += self.ranges(name, wanted, [value for value in candidates if value is not None])
            found.sort(key=_roundness)
        return sorted(found, key=lambda value: value is not None)

    def candidates(
        self, name: str, asked: list[Test], fields: Mapping[str, Any], clock: Clock, *, usual: bool = False
    ) -> list[Any]:
        """Values of a field that tests may tell apart, and None; only those that people would say, where `usual`."""
        declared = self.model.declared_fields[name]
        meaning = Meaning(self.model, Sight({**dict.fromkeys(self.model.declared_fields), **fields}, None), clock)
        tried = list(islice(turning_values(name, declared, asked, None, meaning), MOST_VALUES))
        if not declared.choices:  # rules take these for alike, but who copied one may have lost one of them
            tried += _written(declared.type, asked, meaning)
        if usual:
            return [*dict.fromkeys(tried), None]
        tried += list(islice(further_values(name, declared, asked, tried, None, meaning), MOST_VALUES))
        if declared.type in ("date", "datetime"):
            tried += list(_between(tried)) if tried else _usual(declared.type, clock.as_of)
        return [*dict.fromkeys(tried), None]

    def ranges(self, name: str, wanted: list[Wanted], values: list[Any]) -> list[Range]:
        """The stretches of whole numbers in which every number will do, between the numbers where tests turn."""
        edges = sorted({Decimal(repr(value)) if isinstance(value, float) else Decimal(value) for value in values})
        if not edges:
            return []
        whole = [int(edge.to_integral_value()) for edge in edges]
        stretches = [
            Range(None, whole[0] - 1),
            *(Range(low + 1, high - 1) for low, high in pairwise(whole)),
            Range(whole[-1] + 1, None),
        ]
        found = []
        for each in stretches:
            low, high = each.low, each.high
            if low is not None and high is not None and low > high:
                continue
            probe = low if low is not None else high
            if all(self.holds(wanted, {name: probe}, None)):
                found.append(each)
        return found

    # --- several together ---

    def happened(self, wanted: list[Wanted], fields: Mapping[str, Any]) -> list[Happened | None]:
        """Activities that will do, at every moment that is asked for."""
        first, *later = self.clocks
        found = happenings(self.model, first, fields, wanted, self.effort)
        return [each for each in found if not later or all(self.holds(wanted, fields, as_events(each)))]

    def together(self, names: list[str], wanted: list[Wanted]) -> list[Mapping[str, Any]]:
        """Choices for several fields: of whole numbers, as people say them; else of any."""
        return self._together(names, wanted, whole=True) or self._together(names, wanted, whole=False)

    def _together(self, names: list[str], wanted: list[Wanted], *, whole: bool) -> list[Mapping[str, Any]]:
        """One field after the other, each where the ones before have come to."""
        fields = [name for name in names if not name.startswith(KIND)]
        found: list[Mapping[str, Any]] = []
        tried = 0
        stack: list[dict[str, Any]] = [{}]
        while stack and tried < MOST_TRIED and len(found) < MOST_TOGETHER:
            chosen = stack.pop()
            missing = [name for name in fields if name not in chosen]
            if not missing:
                if len(fields) < len(names):
                    found += [{**chosen, ACTIVITIES: each} for each in self.happened(wanted, chosen)[:2]]
                    tried += 300
                elif all(self.holds(wanted, chosen, None)):
                    found.append(chosen)
                continue
            name = missing[0]
            reading = [test for test, _ in wanted if name in self.names(test)]
            settled = [each for each in wanted if self.names(each[0]) <= {*chosen, name}]
            following = []
            candidates = self.candidates(name, reading, chosen, self.clocks[0])
            if self.model.declared_fields[name].type == "number":
                candidates = [*_said_in(reading), *candidates]
            for value in [each for each in candidates if not whole or _is_whole(each)][:60]:
                tried += 1
                grown = {**chosen, name: value}
                if all(self.holds(settled, grown, None)):
                    following.append(grown)
            stack += reversed(following)
        return found


def _said_in(asked: list[Test]) -> Iterator[int]:
    """The whole numbers that tests name: 100000 employees over 1, rather than 1 over a hundred-thousandth."""
    for test in asked:
        yield from (int(node.value) for node, _ in walk(test) if isinstance(node, Number) and _is_whole(node.value))


def _is_whole(value: Any) -> bool:
    """Whether it is no number of parts, nor below nothing."""
    return not isinstance(value, int | float | Decimal) or (value >= 0 and value == int(value))


def _roundness(value: Any) -> tuple[bool, int]:
    """How much there is to say of a number: 50 is rounder than 59, and 3 than 2.6."""
    if isinstance(value, Range) or value is None:
        return True, 0
    return False, len(str(value).strip("-").rstrip("0"))


def _written(kind: str, asked: list[Test], meaning: Meaning) -> Iterator[Any]:
    """The texts that tests of a text or a list name, each by itself; and phrases with something before or after them."""
    for test in asked:
        if isinstance(test, In | Match | Has) and isinstance(test.values, Texts | Name):
            texts = [clean(text) for text in meaning.texts(test.values)[:MOST_WRITTEN]]
            yield from texts if kind == "text" else ((text,) for text in texts)
            if isinstance(test, Match):
                for text in texts[:MOST_LONGER]:
                    yield from longer(text, test.how)


def in_one(islands: list[Island]) -> tuple[Island, ...]:
    """The same islands, where all agree whether anybody can say what happened: a source can tell, or it can't."""
    of_activities = [island for island in islands if island.is_of_activities]
    told = [all(choice[ACTIVITIES] is None for choice in island.together) for island in of_activities]
    if not of_activities or not any(None in (c[ACTIVITIES] for c in island.together) for island in of_activities):
        return tuple(islands)
    silent = any(told)
    return tuple(
        island
        if not island.is_of_activities
        else replace(
            island, together=tuple(choice for choice in island.together if (choice[ACTIVITIES] is None) is silent)
        )
        for island in islands
    )


def _usual(kind: str, as_of: datetime) -> list[Any]:
    """Moments at which windows may begin, where nothing says more of them."""
    days = [as_of - timedelta(days=ago) for ago in (40, 10, 100, 400)]
    return days if kind == "datetime" else [day.date() for day in days]


def _between(moments: list[Any]) -> Iterable[Any]:
    """Moments between neighbours, and well beyond both ends."""
    days = sorted({_naive(each) for each in moments if each is not None})
    if not days:
        return
    for low, high in pairwise(days):
        if high - low > timedelta(days=2):
            yield low + (high - low) / 2
    for step in (timedelta(days=10), timedelta(days=100)):
        try:
            yield days[0] - step
            yield days[-1] + step
        except OverflowError:
            continue


def _naive(moment: date | datetime) -> Any:
    return moment.replace(tzinfo=None) if isinstance(moment, datetime) else moment
