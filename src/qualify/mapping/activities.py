"""Rows of a second source as activities: whose, what, when, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as AbcMapping
from dataclasses import replace
from typing import Any

from qualify.errors import LeadError
from qualify.mapping.conversions import Conversion
from qualify.mapping.paths import Record, find, gives_list
from qualify.mapping.reading import Column
from qualify.mapping.table import ActivityMap, Table
from qualify.mapping.words import said as said_as
from qualify.text import clean, fold
from qualify.values import EXPECTED, Unreadable, Value, kind_of
from qualify.vocabulary import FieldType


class ActivityReader:
    """Reads rows by an `[activities]` table."""

    __slots__ = ("_at", "_by_type", "_lead", "_only", "_others", "_type", "_types", "sources")

    def __init__(self, said: ActivityMap, table: Table, conversions: AbcMapping[str, Conversion]) -> None:
        several = said.lead.as_ is None and any(map(gives_list, said.lead.sources))
        lead = replace(said.lead, type="list") if several else said.lead
        self._lead, self._type, self._at = (Column(each, table, conversions) for each in (lead, said.type, said.at))
        self._types = {fold(clean(word)): name for word, name in said.types}
        self._only = tuple((name, frozenset(map(said_as, words))) for name, words in said.only)
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
        self.sources = said.reads

    def read(self, record: Record) -> tuple[str, dict[str, Any]]:
        """The lead's id and the activity; LeadError where the row doesn't say them, or can't be read."""
        _a_row(record)
        lead_id = _known("lead", self._lead, record, None, "text")
        if isinstance(lead_id, tuple):
            lead_id = _the_only(lead_id)
        return lead_id, self._happened(record, lead_id)

    def read_meant(self, record: Record) -> list[tuple[str, dict[str, Any]]]:
        """The activity for each of its leads: none of a row that isn't meant, or is nobody's."""
        _a_row(record)
        if not all(said_as(find(record, name)) in words for name, words in self._only):
            return []
        lead_ids = _read("lead", self._lead, record, None)
        if lead_ids is None or lead_ids == ():
            return []
        if not isinstance(lead_ids, tuple):
            lead_ids = (str(lead_ids),)
        happened = self._happened(record, lead_ids[0])
        return [(lead_id, {**happened}) for lead_id in dict.fromkeys(lead_ids)]

    def _happened(self, record: Record, lead_id: str) -> dict[str, Any]:
        kind = _known("type", self._type, record, lead_id, "text")
        kind = self._types.get(fold(kind), kind)
        at = _known("at", self._at, record, lead_id, EXPECTED["datetime"])
        properties: dict[str, Value] = {}
        for column in self._by_type.get(kind, self._others):
            value = _read(column.field.name, column, record, lead_id)
            if value is not None:
                properties[column.field.name] = value
        return {"type": kind, "at": at, "properties": properties}


def _a_row(record: Record) -> None:
    if not isinstance(record, AbcMapping):
        raise LeadError(field="activities", expected="a record (a table of properties)", found=kind_of(record))


def _the_only(lead_ids: tuple[str, ...]) -> str:
    if len(set(lead_ids)) != 1:
        raise LeadError(field="activities: lead", expected="one lead", found=kind_of(lead_ids))
    return lead_ids[0]


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
