"""Whether an engine says of leads in a table what the plain evaluator and the generated function say of each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import isnan
from typing import Any

from qualify.columns.rules import CannotSay
from qualify.definition.model import Model
from qualify.engine.decision import Decision
from qualify.errors import FrameError, QualifyError
from qualify.face import Definition
from qualify.values import READERS
from tests.columns.engines import CannotHold, Judge
from tests.columns.tables import as_arrow, expected, tables
from tests.engines import compiled, plain


@dataclass
class Tally:
    """How many verdicts were compared, and which leads were left out, by reason."""

    compared: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    """No table holds them, or their values are refused for every engine."""
    refused: Counter[str] = field(default_factory=Counter)
    """The translator refuses their definition, or the engine their table."""
    different: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Both together."""
        self.compared += other.compared
        self.left_out += other.left_out
        self.refused += other.refused
        self.different += other.different


@dataclass(frozen=True)
class Wanted:
    """Leads of one definition that are to be judged, and what each has to come out as."""

    model: Model
    leads: Sequence[Mapping[str, Any]]
    as_of: datetime
    rows: Sequence[Mapping[str, Any]]
    left_out: Counter[str]


def wanted(model: Model, leads: Sequence[Mapping[str, Any]], as_of: datetime, *, twice: bool = True) -> Wanted:
    """What the generated function says, and (`twice`) the plain evaluator too; what both refuse is left out."""
    kept, rows, left_out = list[Mapping[str, Any]](), list[Mapping[str, Any]](), Counter[str]()
    found = compiled(model, leads, as_of)
    stated = plain(model, leads, as_of) if twice else found
    for lead, one, other in zip(leads, found, stated, strict=True):
        if isinstance(one, QualifyError) or isinstance(other, QualifyError):
            assert str(one) == str(other)
            left_out["no lead: " + general(one)] += 1
            continue
        assert isinstance(other, Decision)
        if model.timezone != "UTC" and at_an_end(lead):
            left_out["an activity in the first or last day of the calendar"] += 1
            continue
        row = expected(model, other)
        assert expected(model, one) == row
        kept.append(lead)
        rows.append(row)
    return Wanted(model, kept, as_of, rows, left_out)


def at_an_end(lead: Mapping[str, Any]) -> bool:
    """Whether something happened in the first or last day of the calendar, where a wall clock can be outside it."""
    for each in lead.get("activities") or ():
        at = READERS["datetime"](each["at"])
        assert isinstance(at, datetime)
        if not datetime(1, 1, 3) < at.replace(tzinfo=None) < datetime(9999, 12, 29):
            return True
    return False


def general(why: object) -> str:
    """A reason without the names that stand in it."""
    text = re.sub(r"^'.*'(?= (?:compares|asks))", "…", str(why), flags=re.DOTALL)
    text = re.sub(r"'[^']{1,64}'", "…", text)
    text = re.sub(r"\b\d[\d,.:+T-]*\b", "0", text)
    return re.sub(r"the clock of \S+", "the clock of …", text)


def compare(judge: Judge, given: Wanted, most: int = 3, largest: float | None = None) -> Tally:
    """One engine beside what is wanted; at most so many differences are told.

    `largest` where an engine reckons with no doubles beyond it: leads that have such are left out.
    """
    tally = Tally(left_out=Counter(given.left_out))
    if largest is not None:
        small = [at for at, lead in enumerate(given.leads) if not any(_beyond(each, largest) for each in lead.values())]
        if without := len(given.leads) - len(small):
            tally.left_out["a double that the engine doesn't reckon with"] += without
            leads, rows = [given.leads[at] for at in small], [given.rows[at] for at in small]
            given = replace(given, leads=leads, rows=rows)
    listed, without = tables(given.model, given.leads)
    if without:
        tally.left_out["no table holds the lead"] += without
    for table in listed:
        leads, activities = as_arrow(table, given.model)
        try:
            rows = judge(Definition(given.model), leads, activities, given.as_of)
        except (CannotSay, FrameError, CannotHold) as why:
            tally.refused[f"{type(why).__name__}: {general(why)}"] += len(table.places)
            continue
        assert len(rows) == len(table.places), f"{len(rows)} rows for {len(table.places)} leads"
        for row, place in zip(rows, table.places, strict=True):
            tally.compared += 1
            wrong = {
                name: (row[name], value) for name, value in given.rows[place].items() if not _same(row[name], value)
            }
            if wrong and len(tally.different) < most:
                tally.different.append(_told(given, given.leads[place], wrong))
    return tally


def _beyond(value: Any, largest: float) -> bool:
    return isinstance(value, float) and value != 0 and not 1 / largest <= abs(value) <= largest and not isnan(value)


def _same(found: Any, wanted_: Any) -> bool:
    return bool(found == wanted_) and isinstance(found, bool) == isinstance(wanted_, bool)


def _told(given: Wanted, lead: Mapping[str, Any], wrong: Mapping[str, tuple[Any, Any]]) -> str:
    """A difference, with the facts that it is about."""
    model = given.model
    lines = [f"as_of {given.as_of!r}, {model.timezone}, lead {dict(lead)!r}"]
    for name, (found, value) in wrong.items():
        lines.append(f"  {name}: found {found!r}, wanted {value!r}: {_said(model, name)}")
    for name, signal in model.signals.items():
        lines.append(f"  signal {name}: {signal.each}")
    return "\n".join(lines)


def _said(model: Model, name: str) -> str:
    score = model.scores.get(re.sub(r"_at_(least|most)$", "", name))
    if score is not None:
        return (
            f"{score.of or score.points} start {score.start} floor {score.floor} cap {score.cap} only {score.only_when}"
        )
    if name in model.tiers:
        return str([(case.name, str(case.when)) for case in model.tiers[name].cases])
    if name in model.traits:
        return f"{model.traits[name].when} else {model.traits[name].when_unknown}"
    return str({stage: {team: str(rule) for team, rule in its.requires.items()} for stage, its in model.stages.items()})
