"""What a definition reads of a table: which fields, and which properties of activities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from qualify.columns.expressions import Kind, Stored
from qualify.columns.facts import FactReader
from qualify.columns.plan import Plan
from qualify.columns.sources import Sources
from qualify.definition.model import Model
from qualify.engine.clock import Clock, zone_of
from qualify.vocabulary import FieldType

PLAIN: Mapping[FieldType, Kind] = {
    "text": "text", "number": "number", "boolean": "flag", "date": "day", "datetime": "instant", "list": "texts",
}  # fmt: skip
"""How a field is stored where nothing is said."""


@dataclass(frozen=True, slots=True)
class Needs:
    """The fields and properties that are read, each with its type, and whether activities are."""

    fields: Mapping[str, FieldType]
    properties: Mapping[str, FieldType]
    activities: bool
    outputs: tuple[str, ...]


def needs_of(model: Model, *, activities: bool, explain: bool) -> Needs:
    """What is read of a table, where activities come with it or don't."""
    leads = {name: Stored(PLAIN[field.type]) for name, field in model.declared_fields.items()}
    properties = {
        name: field.type
        for declared in model.declared_activities.values()
        for name, field in declared.properties.items()
    }
    told = {name: Stored(PLAIN[kind]) for name, kind in properties.items()}
    clock = Clock(datetime(2020, 1, 1, tzinfo=UTC), zone_of(model.timezone))
    reader = FactReader(model, Sources(leads, told if activities else None), clock)
    plan = reader.plan(explain=explain)
    fields = {name: model.declared_fields[name].type for name in plan.fields}
    return Needs(
        fields, {name: properties[name] for name in plan.properties}, bool(plan.passes),
        tuple(output.name for output in plan.outputs),
    )  # fmt: skip


def plan_of(
    model: Model, sources: Sources, clock: Clock, *, explain: bool = False, prefix: str = "", shadow: bool = False
) -> Plan:
    """The steps for a definition and the tables that it is asked of."""
    return FactReader(model, sources, clock, shadow=shadow).plan(explain=explain, prefix=prefix)
