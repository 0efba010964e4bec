"""What a definition reads of a table: which fields, and which properties of activities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from qualify.columns.expressions import Kind, Stored
from qualify.columns.facts import FactReader
from qualify.columns.kinds import WANTED
from qualify.columns.plan import Output, Plan
from qualify.columns.sources import Sources
from qualify.definition.model import Model
from qualify.engine.clock import Clock, zone_of
from qualify.errors import FrameError
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
    outputs: tuple[Output, ...]

    def named(self, prefix: str) -> tuple[Output, ...]:
        """What comes out, under its names."""
        return tuple(replace(each, name=prefix + each.name) for each in self.outputs)


class _OfOneType(dict[str, FieldType]):
    """Properties by name; FrameError where one name is read as two types, which no column has."""

    def __setitem__(self, name: str, kind: FieldType) -> None:
        if self.get(name, kind) != kind:
            raise FrameError(
                f"the definition reads a property '{name}' that is {WANTED[self[name]]} of one activity and {WANTED[kind]} "
                "of another, which no column holds: give one of them another name, or use qualify_many",
                code="frame-columns",
            )
        super().__setitem__(name, kind)


def needs_of(model: Model, *, activities: bool, explain: bool) -> Needs:
    """What is read of a table, where activities come with it or don't."""
    # taken for whole, numbers can all be compared with each other: whether those that come can is asked of what they are
    kinds: Mapping[FieldType, Kind] = {**PLAIN, "number": "whole"}
    leads = {name: Stored(kinds[field.type]) for name, field in model.declared_fields.items()}
    properties = {
        name: field.type
        for declared in model.declared_activities.values()
        for name, field in declared.properties.items()
    }
    told = {name: Stored(kinds[kind]) for name, kind in properties.items()}
    clock = Clock(datetime(2020, 1, 1, tzinfo=UTC), zone_of(model.timezone))
    reader = FactReader(model, Sources(leads, told if activities else None), clock, shadow=explain)
    reader.properties_read = _OfOneType()
    plan = reader.plan(explain=explain)
    read = reader.properties_read
    taken = [name for name in ("lead_id", "type", "at") if name in read]
    if taken:
        raise FrameError(
            f"the definition reads a property called '{taken[0]}', which in a table of activities is a column of its own: "
            "use qualify_many",
            code="frame-columns",
        )
    fields = {name: model.declared_fields[name].type for name in plan.fields}
    return Needs(fields, {name: read[name] for name in plan.properties}, bool(plan.passes), plan.outputs)


def plan_of(model: Model, sources: Sources, clock: Clock, *, explain: bool = False, prefix: str = "") -> Plan:
    """The steps for a definition and the tables that it is asked of; what is in shadow comes out where more is asked for."""
    return FactReader(model, sources, clock, shadow=explain).plan(explain=explain, prefix=prefix)
