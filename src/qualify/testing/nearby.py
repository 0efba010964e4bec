"""Values and activities at and beside what rules turn on: what a search for a telling lead tries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import islice, product
from typing import Any, cast

from qualify.definition.model import Fact, Model, Score, SignalPoints, Stage
from qualify.definition.order import Facts, facts_read, trees_of
from qualify.engine.meaning import Meaning
from qualify.engine.sight import types_of
from qualify.rules.logic import Test, tests
from qualify.rules.reads import reads, walk
from qualify.rules.tree import (
    AnyActivity,
    Compare,
    Count,
    Date,
    DateTime,
    Following,
    InTheNext,
    Name,
    Number,
    OlderThan,
    Recent,
    Rule,
    RuleNode,
    Selection,
    Since,
    Span,
    Total,
    Within,
    WithinAfter,
)  # fmt: skip
from qualify.verdict.turns import further_values, turning_values

Lot = tuple[Mapping[str, Any], ...]
"""Activities of one type that come together."""

MOST_VALUES, MOST_LOTS, MOST_TYPES, MOST_ALIKE = 60, 160, 3, 60
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@dataclass(slots=True)
class Beside:
    """What a selection of activities is compared with: numbers, lengths of time, days."""

    numbers: set[int] = field(default_factory=set)
    spans: dict[Span, None] = field(default_factory=dict)
    days: dict[date, None] = field(default_factory=dict)


@dataclass(slots=True)
class Read:
    """What a part of a definition looks at, down to fields and selections of activities."""

    tests: dict[Test, None] = field(default_factory=dict)
    selections: dict[Selection, Beside] = field(default_factory=dict)
    fields: dict[str, None] = field(default_factory=dict)

    def of(self, model: Model, trees: Iterable[Any], scores: Iterable[Score] = ()) -> None:
        """Take in rules, selections and formulas, and all the facts that they read."""
        facts = Facts(model.traits, model.tiers, model.signals, model.scores)
        every = facts.all()
        rest = list(trees)
        seen: set[object] = set()
        for score in scores:
            rest += _score_trees(score, facts, every)
        for tree in rest:  # grows by what the facts are made of
            self._take(tree)
            for key in facts.named(reads(tree)):
                if key not in seen:
                    seen.add(key)
                    fact = every[key]
                    rest += trees_of(fact)
                    if isinstance(fact, Score):
                        rest += _score_trees(fact, facts, every)
            self.fields.update(dict.fromkeys(name for name in reads(tree).values if name in model.declared_fields))

    def _take(self, tree: Any) -> None:
        found = list(_tests(tree))
        self.tests.update(dict.fromkeys(found))
        for part in found or [tree]:
            nodes = [node for node, in_where in walk(part) if not in_where]
            for selection in (node for node in nodes if isinstance(node, Selection)):
                beside = self.selections.setdefault(selection, Beside())
                for node in nodes:
                    match node:
                        case Number(value):
                            beside.numbers.add(int(value))
                        case Date(day) | DateTime(day):
                            beside.days[day] = None
                        case Within(_, span) | OlderThan(_, span) | InTheNext(_, span) | WithinAfter(_, span):
                            beside.spans[span] = None
                        case _:
                            pass


def _tests(tree: Any) -> Iterator[Test]:
    return tests(cast(Rule, tree)) if isinstance(tree, RuleNode) else iter(())


def _score_trees(score: Score, facts: Facts, every: Mapping[Any, Any]) -> list[Any]:
    """What a scorecard reads: signals as counts around their limits, since only those that count give points."""
    found: list[Any] = []
    for item, points in score.points.items():
        if isinstance(points, SignalPoints):
            limit = points.limit.number if points.limit is not None else 1
            most = int(points.at_most / points.each) if points.at_most is not None and points.each else 1
            for number in {1, limit, abs(most)} - {0}:
                found.append(Compare(Count(Selection(Name(item))), ">=", Number(Decimal(number))))
    for key in facts_read(score, facts):
        found += trees_of(every[key])
        if key[0] == "scores" and every[key] is not score:
            found += _score_trees(every[key], facts, every)
    return found


def read_by_changes(one: Model, other: Model) -> Read:
    """What the parts look at in which two definitions differ, in either of them."""
    found = Read()
    for model, beside in ((one, other), (other, one)):
        trees: list[Any] = []
        scores: list[Score] = []
        listed = {name for name, entries in model.lists.items() if beside.lists.get(name) != entries}
        for facts, others in (
            (model.traits, beside.traits),
            (model.tiers, beside.tiers),
            (model.signals, beside.signals),
        ):
            for name, fact in cast(Mapping[str, Any], facts).items():
                if cast(Mapping[str, Any], others).get(name) != fact or (listed and _reads_any(fact, listed)):
                    trees += trees_of(fact)
                    if name in model.signals:
                        trees.append(Selection(Name(name)))
        for name, score in model.scores.items():
            if beside.scores.get(name) != score:
                scores.append(score)
                trees += trees_of(score)
        for name, stage in model.stages.items():
            if beside.stages.get(name) != stage:
                trees += _of_stage(stage, model)
                for before in stage.after:
                    trees += _of_stage(model.stages[before], model)
        trees += [model.traits[name].when for name in model.left_out_by if name not in beside.left_out_by]
        found.of(model, trees, scores)
    return found


def read_by_all(model: Model) -> Read:
    """What a whole definition looks at."""
    found = Read()
    trees = [tree for stage in model.stages.values() for tree in _of_stage(stage, model)]
    trees += [model.traits[name].when for name in model.left_out_by]
    found.of(model, trees)
    return found


def _reads_any(fact: Fact, listed: set[str]) -> bool:
    return any(listed & set(reads(tree).lists) for tree in trees_of(fact))


def _of_stage(stage: Stage, model: Model) -> list[Rule]:
    barring = [model.traits[name].when for name in stage.disqualified_by]
    return [*stage.requires.values(), *barring, *(each.when for each in stage.handoff if each.when is not None)]


class Nearby:
    """For one moment: the values of each field, and the lots of each type of activity, that are worth trying."""

    def __init__(self, model: Model, read: Read, meaning: Meaning) -> None:
        self._model, self._meaning, self._now = model, meaning, meaning.clock.as_of
        self.lots: dict[str, list[Lot]] = {}
        for selection, beside in read.selections.items():
            for kind in self._types(selection):
                found = self.lots.setdefault(kind, [()])
                found += islice(self._lots(kind, selection, beside), MOST_LOTS)
        self.lots = {kind: _once(found)[: 4 * MOST_LOTS] for kind, found in self.lots.items()}
        self.values: dict[str, list[Any]] = {}
        for name in read.fields:
            self.values[name] = [None, *islice(self._values(name, list(read.tests)), MOST_VALUES)]

    # --- fields ---

    def _values(self, name: str, all_tests: list[Test]) -> Iterator[Any]:
        declared = self._model.declared_fields[name]
        asked = [test for test in all_tests if name in reads(test).values]
        tried = list(turning_values(name, declared, asked, None, self._meaning))
        yield from tried
        yield from further_values(name, declared, asked, tried, None, self._meaning)
        if declared.type in ("date", "datetime"):
            for days in (10, 40, 400):
                moment = self._back(timedelta(days=days))
                yield moment if declared.type == "datetime" else moment.date()

    # --- activities ---

    def _types(self, selection: Selection) -> list[str]:
        found = list(types_of(selection, self._model))
        if isinstance(selection.of, AnyActivity):  # the definition's own, and what every site has
            return list(dict.fromkeys([*self._model.activities, "page_view"]))[:MOST_TYPES]
        return found

    def _lots(self, kind: str, selection: Selection, beside: Beside) -> Iterator[Lot]:
        whole = self._resolved(selection)
        moments = list(dict.fromkeys(self._moments(whole, beside)))
        said = self._said(kind, whole)
        numbers = sorted({max(1, each + by) for each in {1, *beside.numbers} for by in (-1, 0, 1)} | {1})
        for number, properties, moment in product([each for each in numbers if each <= MOST_ALIKE], said, moments):
            one = {"type": kind, "at": moment, **({"properties": properties} if properties else {})}
            yield (one,) * number
            if number > 1:
                yield tuple({**one, "at": _shifted(moment, DAY, -at)} for at in range(number))

    def _resolved(self, selection: Selection) -> list[Selection]:
        """A selection and, where it is of a signal, what the signal selects."""
        found = [selection]
        if isinstance(selection.of, Name) and selection.of.name in self._model.signals:
            found.append(self._model.signals[selection.of.name].each)
        return found

    def _moments(self, selections: list[Selection], beside: Beside) -> Iterator[datetime]:
        clock = self._meaning.clock
        yield _shifted(self._now, timedelta(hours=1), -1)
        for selection in selections:
            for window in selection.windows:
                match window:
                    case Recent(span):
                        yield from _around(clock.back(span).instant)
                    case Following(span, _):
                        for days in (10, 40):
                            start = _shifted(self._now, timedelta(days=days), -1)
                            end = _shifted(start, self._now - clock.back(span).instant)
                            yield from (start, *_around(end))
                    case Since():
                        yield from (_shifted(self._now, timedelta(days=days), -1) for days in (9, 11))
        for span in beside.spans:
            yield from _around(clock.back(span).instant)
        for day in beside.days:
            start = day if isinstance(day, datetime) else datetime(day.year, day.month, day.day)
            yield from _around(start.replace(tzinfo=start.tzinfo or clock.zone).astimezone(UTC))
        yield from (_shifted(self._now, timedelta(days=days), -1) for days in (10, 40, 400))
        yield self._now

    def _said(self, kind: str, selections: list[Selection]) -> list[dict[str, Any]]:
        """Properties: some for each way in which the selections' `where` answer."""
        wheres = [selection.where for selection in selections if selection.where is not None]
        declared = self._model.declared_activities[kind].properties
        options: dict[str, list[Any]] = {}
        for where in wheres:
            for test in tests(where):
                for name in reads_in_where(test):
                    if name in declared:
                        found = turning_values(name, declared[name], [test], None, self._meaning)
                        options.setdefault(name, []).extend(islice(found, 12))
        for selection in selections:
            for node, _ in walk(selection):
                if isinstance(node, Total) and node.amount in declared:
                    options.setdefault(node.amount, []).extend((1, 100))
        found_by: dict[tuple[bool | None, ...], list[dict[str, Any]]] = {}
        for values in islice(product(*options.values()), 400):
            properties = dict(zip(options, values, strict=True))
            own = {**dict.fromkeys(declared), **properties}
            found_by.setdefault(tuple(self._meaning.answer(where, own) for where in wheres), []).append(properties)
        ranked = sorted(found_by.items(), key=lambda each: [answer is not True for answer in each[0]])
        return [properties for _, listed in ranked for properties in listed[:2]] + ([{}] if options else []) or [{}]

    def _back(self, span: timedelta) -> datetime:
        return _shifted(self._now, span, -1).replace(microsecond=0)


def _around(edge: datetime) -> tuple[datetime, ...]:
    """An edge of a window, half a day and a second beside it."""
    return (edge, *(_shifted(edge, by, sign) for by in (DAY / 2, SECOND) for sign in (1, -1)))


def reads_in_where(test: Test) -> tuple[str, ...]:
    """The properties that a test after `where` reads."""
    return reads(test).values


def _once(lots: list[Lot]) -> list[Lot]:
    return list({repr(lot): lot for lot in lots}.values())


def _shifted(moment: datetime, span: timedelta, sign: int = 1) -> datetime:
    try:
        return moment + span if sign > 0 else moment - span
    except OverflowError:
        return datetime(2000, 1, 1, tzinfo=UTC)


__all__ = ["Lot", "Nearby", "Read", "read_by_all", "read_by_changes"]
