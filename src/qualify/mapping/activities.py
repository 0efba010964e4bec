"""Rows of a second source as activities: whose, what, when, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as AbcMapping
from dataclasses import replace
from typing import Any

from qualify.errors import LeadError
from qualify.mapping.conversions import Conversion
from qualify.mapping.reading import Column, Record
from qualify.mapping.table import ActivityMap, Table
from qualify.text import clean, fold
from qualify.values import EXPECTED, Unreadable, Value, kind_of
from qualify.vocabulary import FieldType


class ActivityReader:
    """Reads rows by an `[activities]` table."""

    __slots__ = ("_at", "_by_type", "_lead", "_others", "_type", "_types", "sources")

    def __init__(self, said: ActivityMap, table: Table, conversions: AbcMapping[str, Conversion]) -> None:
        self._lead, self._type, self._at = (
            Column(each, table, conversions) for each in (said.lead, said.type, said.at)
        )
        self._types = {fold(clean(word)): name for word, name in said.types}
        columns: dict[tuple[str, FieldType | None], Column] = {}

        def read_for(declared: AbcMapping[str, FieldType]) -> Iterator[Column]:
            for field in said.fields:
                kind = declared.get(field.name)
                if kind is None and said.closed:
                    continue  # the definition has no such property: nothing can read it
                if field.as_ is not None and kind not in (None, field.type):
                    continue  # what `as` gives is another property's type
                typed = field if field.as_ is not None else replace(field, type=kind)
                if (key := (field.name, typed.type)) not in columns:
                    columns[key] = Column(typed, table, conversions)
                yield columns[key]

        self._by_type = {activity: tuple(read_for(dict(pairs))) for activity, pairs in said.properties}
        self._others = tuple(read_for({}))
        self.sources = [source for field in (said.lead, said.type, said.at, *said.fields) for source in field.sources]

    def read(self, record: Record) -> tuple[str, dict[str, Any]]:
        """The lead's id and the activity; LeadError where the row doesn't say them, or can't be read."""
        if not isinstance(record, AbcMapping):
            raise LeadError(field="activities", expected="a record (a table of properties)", found=kind_of(record))
        lead_id = _known("lead", self._lead, record, None, "text")
        kind = _known("type", self._type, record, lead_id, "text")
        kind = self._types.get(fold(kind), kind)
        at = _known("at", self._at, record, lead_id, EXPECTED["datetime"])
        properties: dict[str, Value] = {}
        for column in self._by_type.get(kind, self._others):
            value = _read(column.field.name, column, record, lead_id)
            if value is not None:
                properties[column.field.name] = value
        return lead_id, {"type": kind, "at": at, "properties": properties}


def _read(name: str, column: Column, record: Record, lead_id: str | None) -> Value | None:
    try:
        return column.whole(record)
    except Unreadable as why:
        raise LeadError(field=f"activities: {name}", expected=why.expected, found=why.found, lead_id=lead_id) from None


def _known(name: str, column: Column, record: Record, lead_id: str | None, expected: str) -> Any:
    value = _read(name, column, record, lead_id)
    if value is None:
        raise LeadError(field=f"activities: {name}", expected=expected, found="nothing", lead_id=lead_id)
    return value
