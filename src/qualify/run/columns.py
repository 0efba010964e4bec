"""A verdict as one flat row: which columns a definition gives, and each row straight from the decision.

Nothing is built that isn't written: an outcome is looked up in a small table of its column, made once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import isinf
from operator import getitem, itemgetter
from typing import Any, Literal

from qualify.adapters import Column, ColumnType
from qualify.definition.model import Status
from qualify.engine.compile import STATES
from qualify.engine.evaluate import Raw, Session
from qualify.engine.points import exact_decimal
from qualify.verdict import Answer

Section = Literal["lead", "stages", "sides", "traits", "tiers", "scores", "left_out_by"]
ANSWERS: Mapping[bool | None, str] = {answer: str(Answer.of(answer)) for answer in (True, False, None)}
UNKNOWN = ANSWERS[None]
MOST_REMEMBERED = 10_000


class _Remembered(dict[Any, Any]):
    """What each outcome is called, reckoned when it first occurs."""

    def __init__(self, reckon: Callable[[Any], Any]) -> None:
        super().__init__()
        self._reckon = reckon

    def __missing__(self, outcome: object) -> Any:
        found = self._reckon(outcome)
        if len(self) < MOST_REMEMBERED:
            self[outcome] = found
        return found


@dataclass(frozen=True, slots=True)
class FlatColumn:
    """One column of the flat row: its name, and where in the definition it comes from.

    `of` is the fact or stage; `team` the side's, `end` which end of a score. `choices` are the words that it
    can hold, where they are few (of `left_out_by`, several at once).
    """

    name: str
    section: Section
    of: str = ""
    team: str | None = None
    end: Literal["at_least", "at_most"] | None = None
    status: Status = "adopted"
    type: ColumnType = "text"
    decimals: int = 0
    choices: tuple[str, ...] = ()


class FlatRows:
    """The columns of one definition at one moment, and the row of each lead."""

    def __init__(self, session: Session, *, numbered: bool = False) -> None:
        model, layout = session.evaluator.model, session.compiled.layout
        self.scale = session.compiled.scale
        places: list[int] = []
        tables: list[Mapping[Any, Any]] = []
        columns = [FlatColumn("row", "lead", type="integer")] if numbered else []
        columns += [FlatColumn("lead_id", "lead"), FlatColumn("stage", "lead", choices=tuple(model.stages))]

        def add(column: FlatColumn, place: int, table: Mapping[Any, Any]) -> None:
            columns.append(column)
            places.append(place)
            tables.append(table)

        states = dict(enumerate(STATES))
        for name, stage in model.stages.items():
            at = layout["stages", name]
            add(FlatColumn(name, "stages", name, choices=STATES), at, states)
            for place, team in enumerate(stage.requires, start=at + 1):
                side = FlatColumn(f"{name}_{team}", "sides", name, team, choices=tuple(ANSWERS.values()))
                add(side, place, ANSWERS)
        kinds: tuple[tuple[Status, str], ...] = (("adopted", ""), ("shadow", "shadow."), ("proposed", "proposed."))
        for status, before in kinds:
            for section, name in layout:
                facts: Mapping[str, Any] = getattr(model, section)
                if section == "stages" or facts[name].status != status:
                    continue
                for column, place, table in self._of_fact(section, name, layout[section, name], model):
                    add(replace(column, name=before + column.name, status=status), place, table)
        columns.append(FlatColumn("left_out_by", "left_out_by", choices=tuple(model.left_out_by)))
        self.columns = tuple(_each_once(columns))
        self._names = tuple(column.name for column in self.columns)
        self._numbered = numbered
        self.own = 2 if numbered else 1
        """So many columns at the beginning are the lead's own; all others tell its outcomes."""
        self._take = _taker(places)
        self._tables = tables
        self._blank: tuple[None, ...] = (None,) * len(tables)

    def _of_fact(self, section: str, name: str, at: int, model: Any) -> Iterator[tuple[FlatColumn, int, Any]]:
        fact = getattr(model, section)[name]
        if section == "traits":
            unknown = UNKNOWN if fact.when_unknown is None else fact.when_unknown
            yield FlatColumn(name, "traits", name, choices=tuple(ANSWERS.values())), at, {**ANSWERS, None: unknown}
        elif section == "tiers":
            cases = tuple(case.name for case in fact.cases)
            still_open = UNKNOWN if fact.when_unknown is None else fact.when_unknown
            table = _Remembered(lambda mask: still_open if mask & (mask - 1) else cases[mask.bit_length() - 1])
            yield FlatColumn(name, "tiers", name, choices=(*cases, UNKNOWN)), at, table
        else:
            scale, decimals = self.scale, _decimals(self.scale)
            points = _Remembered(lambda end: None if end is None or isinf(end) else exact_decimal(end, scale))
            ends: tuple[Literal["at_least", "at_most"], ...] = ("at_least", "at_most")
            for place, end in enumerate(ends, start=at):
                column = FlatColumn(f"{name}_{end}", "scores", name, end=end, type="decimal", decimals=decimals)
                yield column, place, points

    @property
    def written(self) -> tuple[Column, ...]:
        """The columns as an adapter writes them."""
        return tuple(Column(each.name, each.type, each.decimals) for each in self.columns)

    def values(self, number: int, lead_id: str | None, raw: Raw) -> tuple[Any, ...]:
        """The values of one lead, in the order of the columns; None where there is nothing to say."""
        if raw[1] is not None:
            found = (lead_id, None, *self._blank, ", ".join(raw[1]))
        else:
            found = (lead_id, raw[0], *map(getitem, self._tables, self._take(raw)), None)
        return (number, *found) if self._numbered else found

    def row(self, number: int, lead_id: str | None, raw: Raw) -> dict[str, Any]:
        """The same with the columns' names."""
        return dict(zip(self._names, self.values(number, lead_id, raw), strict=True))


def _decimals(scale: int) -> int:
    """So many places a number of such parts has at most.

    >>> _decimals(1), _decimals(20), _decimals(100)
    (0, 2, 2)
    """
    return next(places for places in range(scale.bit_length() + 1) if not 10**places % scale)


def _taker(places: list[int]) -> Callable[[Raw], tuple[Any, ...]]:
    if len(places) > 1:
        return itemgetter(*places)
    return lambda raw: tuple(raw[place] for place in places)


def _each_once(columns: list[FlatColumn]) -> Iterator[FlatColumn]:
    """A name that is taken already gets its section before it: a stage and a trait may have the same one."""
    taken: set[str] = set()
    for column in columns:
        if column.name in taken:
            parts = [column.section, column.of, column.team, column.end]
            column = replace(column, name=".".join(part for part in parts if part))
        taken.add(column.name)
        yield column


__all__ = ["FlatColumn", "FlatRows"]
