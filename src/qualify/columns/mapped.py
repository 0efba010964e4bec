"""Frames of a source's own columns: a mapping makes them the fields of leads and activities, then they are judged.

What a field is stored as is known once all its values are: a lazy frame of Polars is mapped when it is collected, a
relation of DuckDB at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from qualify.columns.expressions import Stored
from qualify.columns.frames import Job, listed
from qualify.columns.kinds import WANTED
from qualify.columns.needs import Needs
from qualify.errors import FrameError, LeadError, QualifyError
from qualify.mapping import Mapping as LeadMapping
from qualify.mapping.columnwise import columns_read
from qualify.values import Unreadable, Value, read_value
from qualify.vocabulary import FieldType

_PLAIN: Mapping[FieldType, Stored] = {
    "text": Stored("text"), "boolean": Stored("flag"), "date": Stored("day"), "list": Stored("texts"),
}  # fmt: skip
_LARGEST_WHOLE, _WHOLE_IN_DOUBLES, _DIGITS = 2**63, 2**53, 38


@dataclass(frozen=True, slots=True)
class Values:
    """A column of values, and how it is stored; None where nothing is known of any lead."""

    stored: Stored | None
    values: Sequence[Value | None]


@dataclass(frozen=True, slots=True)
class Reading:
    """A mapping and the definition that its fields are for: what is read of which columns."""

    mapping: LeadMapping
    job: Job
    needs: Needs
    activities: bool
    """Whether activities are mapped too."""

    def check(self, leads: Iterable[str], activities: Iterable[str] | None) -> None:
        """FrameError where a field that is read comes from columns of which none is there, or an activity does."""
        faults, there, gone = [], set(leads), list[str]()
        fields = {**dict.fromkeys(self.needs.fields), **({"id": None} if activities is not None else {})}
        absent = []
        for name in fields:
            sources = self._sources(name)
            if sources and not columns_read(sources, there):
                absent.append(sources[0])
            if name == "id" and not sources and activities is not None and self.needs.activities:
                raise FrameError("the mapping has no id, which says whose the activities are", code="frame-columns")
        if absent:
            faults.append(f"the leads come without {listed(absent)}")
        said = self.mapping.activities
        if self.activities and activities is not None and said is not None:
            have = set(activities)
            parts = [said.lead, said.type, said.at]
            gone = [part.sources[0] for part in parts if part.sources and not columns_read(part.sources, have)]
            if gone:
                faults.append(f"the activities come without {listed(gone)}")
        if faults:
            them = "it" if len(absent) + len(gone) == 1 else "them"
            raise FrameError(f"{'; '.join(faults)}: the mapping reads {them}", code="frame-columns")

    def _sources(self, name: str) -> tuple[str, ...]:
        if name == "id" and self.mapping.id is not None:
            return (self.mapping.id,)
        field = self.mapping.fields.get(name)
        return () if field is None or field.always is not None else field.sources

    def lead_columns(self, columns: Iterable[str]) -> tuple[str, ...]:
        """The leads' columns that the mapping reads."""
        said = [] if self.mapping.id is None else [self.mapping.id]
        reads = [each for field in self.mapping.fields.values() for each in field.reads]
        return columns_read([*said, *reads], columns)

    def activity_columns(self, columns: Iterable[str]) -> tuple[str, ...]:
        """The activities' columns that the mapping reads."""
        return () if self.mapping.activities is None else columns_read(self.mapping.activities.reads, columns)

    # --- leads ---

    def leads(self, columns: Mapping[str, Sequence[object]], rows: int) -> dict[str, Values]:
        """The fields that the definition reads, as columns; FrameError where the mapping can't read a row."""
        many = self.mapping.many_values(columns, rows)
        if many.unreadable:
            first = many.unreadable[0]
            why = self.mapping.unreadable({name: values[first] for name, values in columns.items()})[0]
            raise _refused("rows", len(many.unreadable), why)
        found = {}
        for name in self._fields():
            kind = self.job.model.declared_fields[name].type
            found[name] = _stored(name, kind, many.fields.get(name) or [None] * rows, rows)
        return found or {"id": Values(None, [None] * rows)}

    def _fields(self) -> list[str]:
        """The fields to have as columns; a domain that nothing says is left to the e-mail."""
        known = {*self.mapping.fields, *([] if self.mapping.id is None else ["id"])}
        names = dict.fromkeys(self.needs.fields)
        if self.needs.activities:
            names["id"] = None
        if "email_domain" in names and "email" in known:
            names["email"] = None
            if "email_domain" not in known:
                del names["email_domain"]
        return list(names)

    # --- activities ---

    def happened(self, columns: Mapping[str, Sequence[object]], rows: int) -> dict[str, Values]:
        """Activities as columns, with the properties that the definition reads; FrameError like `leads`."""
        found: dict[str, list[Any]] = {"lead_id": [], "type": [], "at": []}
        properties: dict[str, list[Any]] = {name: [] for name in self.needs.properties}
        refused, first = 0, None
        records = zip(*columns.values(), strict=True) if columns else iter([()] * rows)
        for record in records:
            try:
                whose, activity = self.mapping.activity(dict(zip(columns, record, strict=True)))
            except LeadError as why:
                refused, first = refused + 1, first or why
                continue
            found["lead_id"].append(whose)
            found["type"].append(activity["type"])
            found["at"].append(activity["at"])
            said = activity["properties"]
            declared = self.job.model.declared_activities.get(activity["type"])
            for name, values in properties.items():
                known = declared is not None and name in declared.properties
                values.append(said.get(name) if known else None)
        if first is not None:
            raise _refused("activities", refused, first)
        count = len(found["at"])
        columns_ = {
            "lead_id": Values(Stored("text"), found["lead_id"]), "type": Values(Stored("text"), found["type"]),
            "at": _stored("at", "datetime", found["at"], count),
        }  # fmt: skip
        for name, kind in self.needs.properties.items():
            columns_[name] = _stored(name, kind, properties[name], count)
        return columns_


def reading_of(mapping: LeadMapping, job: Job, *, activities: bool) -> Reading:
    """A mapping at work for one frame; QualifyError where its activities can't stand in one frame."""
    if activities and mapping.activities is None and mapping.activity_sources:
        raise QualifyError(
            f"the mapping reads activities of several sources ({', '.join(mapping.activity_sources)}), and one frame holds "
            "those of one: use qualify_many, or one [activities]",
            code="no-activities",
        )
    mapped = activities and mapping.activities is not None
    return Reading(mapping, job, job.needs(activities=activities), mapped)


def _refused(what: str, number: int, first: LeadError) -> FrameError:
    many = f"1 of the {what} can't" if number == 1 else f"{number:,} {what} can't"
    return FrameError(f"{many} be read by the mapping; the first: {first}", code="frame-rows")


# --- how values are stored ---


def _stored(name: str, kind: FieldType, values: Sequence[Any], rows: int) -> Values:
    """The values as one column; FrameError where none holds them all."""
    known = [value for value in values if value is not None]
    classes = set(map(type, known))
    if not classes:
        return Values(None, [None] * rows)
    if not classes <= _CLASSES[kind]:  # what a stranger's conversion gave, or a mapping made without the definition
        values = _read_again(name, kind, values)
        known = [value for value in values if value is not None]
    if kind == "number":
        return _numbers(name, values, known)
    if kind == "datetime":
        zones = {value.tzinfo is None for value in known}
        if len(zones) > 1:
            raise FrameError(
                f"'{name}': the mapping reads times with a zone and times without: say `timezone` in it",
                code="frame-type",
            )
        return Values(Stored("wall" if zones == {True} else "instant"), values)
    return Values(_PLAIN[kind], values)


def _read_again(name: str, kind: FieldType, values: Sequence[Any]) -> list[Value | None]:
    found: list[Value | None] = []
    refused, first = 0, None
    for value in values:
        try:
            found.append(read_value(kind, value))
        except Unreadable as why:
            refused, first = refused + 1, first or why
    if first is not None:
        raise _refused("rows", refused, LeadError(field=name, expected=WANTED[kind], found=first.found))
    return found


def _numbers(name: str, values: Sequence[Any], known: Sequence[Any]) -> Values:
    """Whole numbers, decimals or doubles, whichever holds all of them exactly."""
    classes = set(map(type, known))
    if classes == {int} and all(-_LARGEST_WHOLE <= value < _LARGEST_WHOLE for value in known):
        return Values(Stored("whole"), values)
    if float in classes:
        if Decimal not in classes and all(type(value) is float or abs(value) <= _WHOLE_IN_DOUBLES for value in known):
            return Values(Stored("double"), [None if value is None else float(value) for value in values])
    else:
        parts = [Decimal(value).as_tuple() for value in known]
        decimals = max(max(0, -part.exponent) for part in parts)  # type: ignore[operator]
        digits = max(len(part.digits) + part.exponent for part in parts)  # type: ignore[operator]
        if max(digits, 0) + decimals <= _DIGITS:
            exact = [None if value is None else Decimal(value) for value in values]
            return Values(Stored("decimal", _DIGITS, decimals), exact)
    raise FrameError(
        f"'{name}': the mapping reads numbers that no column holds together exactly (very long ones, or decimals beside "
        "doubles): use qualify_many",
        code="frame-type",
    )


_CLASSES: Mapping[FieldType, set[type]] = {
    "text": {str}, "number": {int, float, Decimal}, "boolean": {bool}, "date": {date},
    "datetime": {datetime}, "list": {tuple},
}  # fmt: skip
