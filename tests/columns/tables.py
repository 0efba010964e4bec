"""Leads as tables: what a generated lead is as a row, and what a decision is as the columns that come out.

A column has one type and a lead's value doesn't say which, so leads that agree in how their values are stored stand in
one table, and the others in others. What no table can hold (a property that is a float of one activity and a decimal of
the next, a number beyond 38 digits) is left out, and counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa

from qualify.definition.model import Model
from qualify.engine.clock import instant_of, zone_of
from qualify.engine.decision import Decision
from qualify.values import READERS, Unreadable, is_missing

DIGITS = 38


class NoTable(Exception):
    """A lead that no table can hold."""


@dataclass
class Storage:
    """How the columns of one table are stored, as far as its rows have said."""

    kinds: dict[str, tuple[str, int]] = field(default_factory=dict)

    def with_row(self, row: Mapping[str, Any]) -> Storage | None:
        """The same with one more row, None where it doesn't fit."""
        kinds = dict(self.kinds)
        for name, value in row.items():
            kind = stored_as(value)
            if kind is None:
                continue
            before = kinds.get(name, kind)
            if before[0] != kind[0]:
                return None
            whole = max(before[1] // 100, kind[1] // 100)
            decimals = max(before[1] % 100, kind[1] % 100)
            if whole + decimals > DIGITS:
                return None
            kinds[name] = (kind[0], whole * 100 + decimals)
        return Storage(kinds)


def stored_as(value: Any) -> tuple[str, int] | None:
    """How a value is stored: its kind, and for decimals their digits before and after the point."""
    match value:
        case None:
            return None
        case bool():
            return "flag", 0
        case int() if -(2**63) <= value < 2**63:
            return "whole", 0
        case int():
            return _decimal(Decimal(value))
        case float():
            return "double", 0
        case Decimal():
            return None if value.is_nan() else _decimal(value)
        case datetime():
            return ("wall" if value.tzinfo is None else "instant"), 0
        case date():
            return "day", 0
        case list() | tuple():
            return "texts", 0
        case str():
            return "text", 0
        case _:
            raise NoTable(type(value).__name__)


def _decimal(value: Decimal) -> tuple[str, int]:
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    decimals = max(0, -exponent)
    whole = max(1, value.adjusted() + 1) if value else 1
    if whole + decimals > DIGITS:
        raise NoTable("a decimal of more than 38 digits")
    return "decimal", whole * 100 + decimals


@dataclass
class Table:
    """Some leads that stand in one table, and where each came from."""

    leads: Storage
    activities: Storage | None
    rows: list[dict[str, Any]] = field(default_factory=list)
    happened: list[dict[str, Any]] = field(default_factory=list)
    places: list[int] = field(default_factory=list)


def tables(model: Model, leads: Sequence[Mapping[str, Any]]) -> tuple[list[Table], int]:
    """The leads in as few tables as hold them, and how many no table holds."""
    found: list[Table] = []
    left_out = 0
    for place, lead in enumerate(leads):
        try:
            row, happened = row_of(model, lead), happened_of(model, lead, str(place))
            _add(found, place, row, happened)
        except (NoTable, Unreadable):
            left_out += 1
    return found, left_out


def _add(found: list[Table], place: int, row: dict[str, Any], happened: list[dict[str, Any]] | None) -> None:
    for table in [*found, Table(Storage(), None if happened is None else Storage())]:
        if (table.activities is None) is not (happened is None):
            continue
        leads = table.leads.with_row(row)
        activities: Storage | None = table.activities
        for each in happened or []:
            activities = None if activities is None else activities.with_row(each)
            if activities is None:
                break
        if leads is None or (happened is not None and activities is None):
            continue
        table.leads, table.activities = leads, activities
        table.rows.append({"row": str(place), **row})
        table.happened += happened or []
        table.places.append(place)
        if table not in found:
            found.append(table)
        return
    raise NoTable("values that differ in type within one lead")


def row_of(model: Model, lead: Mapping[str, Any]) -> dict[str, Any]:
    """A lead's fields as a table has them."""
    return {name: _value(each.type, lead.get(name)) for name, each in model.declared_fields.items() if name != "id"}


def _value(kind: str, value: Any) -> Any:
    if kind in ("date", "datetime") and isinstance(value, str) and not is_missing(value):
        return READERS[kind](value)  # type: ignore[index]
    if isinstance(value, float) and kind == "number":
        return value
    if is_missing(value) and not isinstance(value, str):
        return None
    if not is_missing(value):
        READERS[kind](value)  # type: ignore[index]
    if kind != "text" and isinstance(value, str):
        return None
    if isinstance(value, list | tuple):
        return [None if is_missing(each) and not isinstance(each, str) else each for each in value]
    return value


def happened_of(model: Model, lead: Mapping[str, Any], place: str) -> list[dict[str, Any]] | None:
    """A lead's activities as a table has them."""
    if lead.get("activities") is None:
        return None
    zone, found = zone_of(model.timezone), []
    for each in lead["activities"]:
        at = READERS["datetime"](each["at"])
        assert isinstance(at, datetime)
        kind = each["type"]
        said = each.get("properties") or {}
        declared = model.declared_activities.get(kind.strip())
        properties = {} if declared is None else {
            name: _value(prop.type, said.get(name)) for name, prop in declared.properties.items()
        }  # fmt: skip
        found.append({"lead_id": place, "type": kind, "at": instant_of(at, zone), **properties})
    return found


def arrow(rows: Iterable[Mapping[str, Any]], storage: Storage, names: Iterable[str]) -> pa.Table:
    """Rows as a table of Arrow's; a column that holds nothing has no type."""
    listed = list(rows)
    types = {
        "flag": pa.bool_(), "whole": pa.int64(), "double": pa.float64(), "wall": pa.timestamp("us"),
        "instant": pa.timestamp("us", "UTC"), "day": pa.date32(), "texts": pa.list_(pa.string()), "text": pa.string(),
    }  # fmt: skip
    columns = {}
    for name in names:
        kind, size = storage.kinds.get(name, ("nothing", 0))
        values = [row.get(name) for row in listed]
        if kind == "decimal":
            values = [None if value is None or value != value else Decimal(value) for value in values]
            columns[name] = pa.array(values, pa.decimal128(DIGITS, size % 100))
        else:
            columns[name] = pa.array(values, types.get(kind, pa.null()), from_pandas=False)
    return pa.table(columns)


def as_arrow(table: Table, model: Model) -> tuple[pa.Table, pa.Table | None]:
    """Leads and activities."""
    names = [name for name in model.declared_fields if name != "id"]
    leads = arrow(table.rows, Storage({**table.leads.kinds, "row": ("text", 0)}), ["row", *names]).rename_columns(
        ["id", *names]
    )
    if table.activities is None:
        return leads, None
    properties = dict.fromkeys(name for each in model.declared_activities.values() for name in each.properties)
    fixed = {"lead_id": ("text", 0), "type": ("text", 0), "at": ("instant", 0)}
    storage = Storage({**table.activities.kinds, **fixed})
    return leads, arrow(table.happened, storage, [*fixed, *properties])


def expected(model: Model, decision: Decision) -> dict[str, Any]:
    """What comes out of a frame, from a decision."""
    out: dict[str, Any] = {"stage": decision.stage}
    gone = bool(decision.left_out_by)
    for name, stage in model.stages.items():
        said = None if gone else decision.stages[name]
        out[f"{name}_state"] = None if said is None else said.state
        out.update({f"{name}_{team}": None if said is None else said.sides[team] for team in stage.requires})
    for name, score in model.scores.items():
        if score.status == "adopted":
            bounds = (None, None) if gone else decision.scores[name].bounds
            for end, which in zip(bounds, ("least", "most"), strict=True):
                out[f"{name}_at_{which}"] = None if end is None or not end.is_finite() else float(end)
    for name, tier in model.tiers.items():
        if tier.status == "adopted":
            out[name] = None if gone else decision.tiers[name].case
    for name, trait in model.traits.items():
        if trait.status == "adopted":
            out[name] = None if gone else decision.traits[name].answer
    return out
