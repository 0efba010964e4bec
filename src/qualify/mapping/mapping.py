"""A mapping at work: records of one source become leads, and a lead's values become a record again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as AbcMapping
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from functools import partial
from types import MappingProxyType
from typing import Any, Literal, overload

from qualify.errors import Finding, LeadError, QualifyError, nearest, shown
from qualify.lead import Lead, blank, lead_model, lead_of_read
from qualify.mapping.activities import ActivityReader
from qualify.mapping.backward import written_back
from qualify.mapping.columnwise import ManyValues, read_columns
from qualify.mapping.conversions import CONVERSIONS, Conversion
from qualify.mapping.grouped import Pass
from qualify.mapping.pages import page_in
from qualify.mapping.paths import Record
from qualify.mapping.reading import Column, PassedOver, conversion_of
from qualify.mapping.table import ActivityMap, FieldMap, SameMap, Table, Target, Word, WriteMap
from qualify.mapping.unused import fits, unused
from qualify.mapping.write_values import write_value
from qualify.mapping.writing import to_toml
from qualify.values import Unreadable, Value, kind_of


class Mapping:
    """Which property of a source's record becomes which field, and how: `load_mapping` reads one from a file.

    Immutable: equal when it says the same, and to be pickled and shared between threads.

    >>> from qualify.mapping import loads_mapping
    >>> mapping = loads_mapping('''
    ... id = "Lead Id"
    ... placeholders = ["Select"]
    ... [fields]
    ... industry = "Industry"
    ... employees = { from = "Company Size", as = "lower end of range" }
    ... ''')
    >>> mapping.values({"Lead Id": "0031", "Industry": "Select", "Company Size": "51-200"})
    {'id': '0031', 'industry': None, 'employees': 51}
    """

    __slots__ = (
        "_activities", "_columns", "_conversions", "_fields", "_from_record", "_model", "_nothing", "_pass",
        "_passed_over", "_said", "_sources", "_strictly", "_table", "_unknown", "_warnings",
    )  # fmt: skip

    def __init__(
        self,
        table: Table,
        conversions: AbcMapping[str, Conversion] = CONVERSIONS,
        warnings: Iterable[Finding] = (),
    ) -> None:
        fields = table.fields
        if table.id is not None:
            fields = (FieldMap("id", (table.id,), type="text"), *fields)
        self._table, self._conversions, self._warnings = table, conversions, tuple(warnings)
        self._fields = MappingProxyType({field.name: field for field in table.fields})
        self._columns = {field.name: Column(field, table, conversions) for field in fields}
        self._from_record = tuple(field.name for field in fields if field.always is None)
        self._nothing: dict[str, Value | None] = dict.fromkeys(self._columns)
        self._pass = Pass(self._columns)
        lenient = [field for field in fields if field.lenient]
        self._passed_over = tuple(PassedOver(field, table, conversions) for field in lenient)
        strict = {field.name: Column(replace(field, lenient=False), table, conversions) for field in lenient}
        self._strictly = Pass(strict)
        self._model = lead_model(table.declared)
        # What our own conversions give is of the field's type; a stranger's is read once more by the model.
        ours = all(conversion_of(field, conversions) in (None, *CONVERSIONS.values()) for field in fields)
        self._unknown: dict[str, Any] | None = dict(blank(self._model)) if ours else None
        self._said = frozenset((*self._columns, "activities"))
        self._activities = None if table.activities is None else ActivityReader(table.activities, table, conversions)
        self._sources = {name: ActivityReader(each, table, conversions) for name, each in table.sources}

    @property
    def id(self) -> str | None:
        """The property that names the lead (None where it stands under `fields`, or nowhere)."""
        return self._table.id

    @property
    def placeholders(self) -> tuple[Word, ...]:
        """What means missing in every property, beside empty."""
        return self._table.placeholders

    @property
    def dates(self) -> str:
        """How the source writes days: `iso`, `day first`, `month first` or a format."""
        return self._table.dates

    @property
    def timezone(self) -> str | None:
        """The zone of the source's naive times; None where they stay naive."""
        return self._table.timezone

    @property
    def decimal(self) -> Literal[".", ","]:
        """The source's decimal sign."""
        return self._table.decimal

    @property
    def currency(self) -> str | None:
        """The currency that `money` is read in."""
        return self._table.currency

    @property
    def rates(self) -> AbcMapping[str, Decimal]:
        """What one unit of another currency is worth in the mapping's."""
        return MappingProxyType(dict(self._table.rates))

    @property
    def fields(self) -> AbcMapping[str, FieldMap]:
        """How each field is read, by its name, in the order of the file."""
        return self._fields

    @property
    def activities(self) -> ActivityMap | None:
        """How the rows of a second source become activities; None where the mapping says nothing of them."""
        return self._table.activities

    @property
    def activity_sources(self) -> AbcMapping[str, ActivityMap]:
        """The sources of activities that have names (`[activities.calls]`), by their names."""
        return MappingProxyType(dict(self._table.sources))

    @property
    def write(self) -> WriteMap | None:
        """What of a verdict is written to which property; None where the mapping says nothing of it."""
        return self._table.write

    @property
    def same(self) -> SameMap | None:
        """Which records are one lead; None where the mapping says nothing of it."""
        return self._table.same

    @property
    def sources(self) -> tuple[str, ...]:
        """Every property of a lead's record that is read or written, as names and paths: what to ask a source for.

        Of what is written for all scores, tiers or traits (`"*"`), see `WriteMap.of_score`.
        """
        read = [each for column in self._columns.values() for each in column.field.reads]
        written = () if self._table.write is None else self._table.write.paths
        return tuple(dict.fromkeys((*read, *written)))

    def write_value(self, target: Target, value: object) -> object:
        r"""What a verdict says, as the target's property holds it: by its labels, and the mapping's ways.

        >>> from qualify.mapping import loads_mapping
        >>> mapping = loads_mapping('[fields]\ncity = "City"\n[write]\nstage = { to = "Stage", labels = { mql = "MQL" } }')
        >>> mapping.write_value(mapping.write.target("stage"), "mql")
        'MQL'
        """
        return write_value(target, value, self._table)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What is doubtful, though no fault: a label outside the field's choices."""
        return self._warnings

    def lead(self, record: Record, activities: Iterable[object] | None = None) -> Lead:
        """The lead that a record says; `activities` are its own, None where the source can't tell.

        Raises LeadError (lead, field, expected, kind of what was found) where a value can't be read, and where this
        is no record but a page of them, as a source answers.
        """
        if self._unknown is None:
            given: dict[str, Any] = {**self.values(record), "activities": activities}
            return self._model(**given)
        return lead_of_read(self._model, self._read(record, self._unknown.copy()), activities, self._said)

    def values(self, record: Record) -> dict[str, Value | None]:
        """The lead's fields as plain values, None where missing: what `lead` gives, without making a model.

        Raises LeadError like `lead`.
        """
        return self._read(record, self._nothing.copy())

    def many_values(self, columns: AbcMapping[str, Sequence[object]], records: int) -> ManyValues:
        r"""The fields of many records whose properties stand as columns: what `values` gives of each, and faster.

        Which records can't be read is said by their numbers; `unreadable` says of each of them why.

        >>> from qualify.mapping import loads_mapping
        >>> mapping = loads_mapping('[fields]\nemployees = "Size"')
        >>> mapping.many_values({"Size": ["12", "a few", None]}, 3)
        ManyValues(fields={'employees': [12, None, None]}, unreadable=(1,))
        """
        return read_columns(self._columns, columns, records)

    def _read(self, record: Record, values: dict[str, Any]) -> dict[str, Any]:
        """These values, with those that the record says filled in."""
        if type(record) is not dict and not isinstance(record, AbcMapping):
            raise LeadError(field=None, expected="a record (a table of properties)", found=kind_of(record))
        try:
            self._pass.read(record, values)
        except Unreadable:
            pass
        else:
            if values.get("id") is None:
                self._refuse_page(record, values)
            return values
        raise self.unreadable(record)[0]

    def _refuse_page(self, record: Record, values: dict[str, Any]) -> None:
        """Refuse a page of records that was given for one: nothing is known of it."""
        for name in self._from_record:
            if values[name] is not None:
                return
        read = (each for column in self._columns.values() for each in column.field.reads)
        page = page_in(record, read, self._table.id)
        if page is not None:
            where, number = page
            found = f"a page of them: {number} in '{shown(where)}', to be read one by one"
            raise LeadError(field=None, expected="one record", found=found)

    def unreadable(self, record: Record) -> tuple[LeadError, ...]:
        r"""Every value of a record that can't be read, where `values` raises the first one.

        >>> from qualify.mapping import loads_mapping
        >>> mapping = loads_mapping('[fields]\nemployees = "Size"\nlast_activity_at = "Seen"')
        >>> [each.field for each in mapping.unreadable({"Size": "many", "Seen": "yesterday"})]
        ['employees', 'last_activity_at']
        """
        found = []
        for name, column in self._columns.items():
            try:
                column.whole(record)
            except Unreadable as why:
                who = None if name == "id" else self._lead_id(record)
                found.append(LeadError(field=name, expected=why.expected, found=why.found, lead_id=who))
        return tuple(found)

    def readable(self, record: Record) -> dict[str, Value | None]:
        r"""What can be read of a record that `values` refuses: a field that can't be read is None there.

        >>> from qualify.mapping import loads_mapping
        >>> mapping = loads_mapping('[fields]\nemail = "Mail"\nemployees = "Size"')
        >>> mapping.readable({"Mail": "ann@a.example", "Size": "a few"})
        {'email': 'ann@a.example', 'employees': None}
        """
        found = self._nothing.copy()
        for name, column in self._columns.items():
            with suppress(Unreadable):
                found[name] = column.whole(record)
        return found

    def passed_over(self, record: Record) -> tuple[LeadError, ...]:
        r"""What can't be read of a record and is missing for it, since its field is `lenient`: to be told, not lost.

        >>> from qualify.mapping import loads_mapping
        >>> mapping = loads_mapping('[fields]\nemployees = { from = ["Size", "Staff"], lenient = true }')
        >>> mapping.values({"Size": "a few", "Staff": 12}), [str(each) for each in mapping.passed_over({"Size": "a few"})]
        ({'employees': 12}, ['employees: expected a number, found text (5 characters)'])
        """
        try:
            self._strictly.read(record, {})
            return ()
        except Unreadable:
            pass
        found = [(each.name, why) for each in self._passed_over for why in each(record)]
        who = self._lead_id(record)
        return tuple(LeadError(field=name, expected=why.expected, found=why.found, lead_id=who) for name, why in found)

    def _lead_id(self, record: Record) -> str | None:
        try:
            found = self._columns["id"].whole(record)
        except (KeyError, Unreadable):
            return None
        return found if isinstance(found, str) else None

    @overload
    def activity(self, row: Record) -> tuple[str, dict[str, Any]]: ...
    @overload
    def activity(self, row: Record, *, of: str) -> tuple[str, dict[str, Any]] | None: ...
    def activity(self, row: Record, *, of: str | None = None) -> tuple[str, dict[str, Any]] | None:
        """The lead's id and the activity (`type`, `at`, `properties`) that a row of the second source says.

        `of` names the source where the mapping has several (`[activities.calls]`); then a row that isn't meant
        (`only`), or is nobody's, gives None.

        Raises LeadError where the row names no lead, type or moment or a value can't be read, or names several
        leads (see `activities_of`), and QualifyError when the mapping says nothing of activities, or of this
        source.
        """
        if of is None:
            return self._flat().read(row)
        all_of = self.activities_of(row, of=of)
        if len(all_of) > 1:
            found = f"{len(all_of)} leads"
            raise LeadError(field="activities: lead", expected="one lead (activities_of reads several)", found=found)
        return all_of[0] if all_of else None

    def activities_of(self, row: Record, *, of: str) -> list[tuple[str, dict[str, Any]]]:
        r"""The activity that a row says, for each of its leads: a meeting is had with several people.

        >>> from qualify.mapping import loads_mapping
        >>> mapping = loads_mapping('''
        ... [activities.meetings]
        ... lead = "with.*.id"
        ... type = { always = "meeting" }
        ... at = "start"
        ... only = { status = ["held"] }
        ... ''')
        >>> row = {"with": [{"id": 7}, {"id": 8}], "start": "2026-11-02T09:30:00Z", "status": "Held"}
        >>> [(lead, activity["type"]) for lead, activity in mapping.activities_of(row, of="meetings")]
        [('7', 'meeting'), ('8', 'meeting')]

        Raises like `activity`.
        """
        reader = self._sources.get(of)
        if reader is None:
            near = nearest(of, self._sources)
            hint = f"; did you mean '{near}'?" if near else ""
            raise QualifyError(f"this mapping has no [activities.{of}]{hint}", code="no-activities")
        return reader.read_meant(row)

    def _flat(self) -> ActivityReader:
        if self._activities is None:
            several = f"its sources have names, such as of='{next(iter(self._sources))}'" if self._sources else ""
            why = several or "it has no [activities]"
            raise QualifyError(f"this mapping says nothing of activities: {why}", code="no-activities")
        return self._activities

    def record(self, values: AbcMapping[str, object]) -> dict[str, Any]:
        r"""The source's properties for these values of fields: the same table, backwards.

        What is None is left out, since nothing is known of it. Each property is read back before it is
        given away: LeadError names the first field that the mapping doesn't have, or whose value the source
        has no word for.

        >>> from qualify.mapping import loads_mapping
        >>> mapping = loads_mapping('[fields]\ninterests = { from = "Topics", separator = ";" }')
        >>> mapping.record({"interests": ("webinars", "samples")})
        {'Topics': 'webinars;samples'}
        """
        return written_back(values, self._columns, self._table, self._conversions)

    def unused(self, columns: Iterable[str] | Record, *, of: str = "leads") -> tuple[str, ...]:
        """The columns, or a record's properties (nested ones as paths), that the mapping neither reads nor writes.

        `of` is what they are columns of: leads, activities, or the name of a source of activities.
        """
        if of == "leads":
            sources = list(self.sources)
        elif of == "activities":
            sources = [] if self._activities is None else list(self._activities.sources)
        else:
            sources = list(self._sources[of].sources) if of in self._sources else []
        written = () if self._table.write is None or of != "leads" else self._table.write.for_all
        return tuple(each for each in unused(columns, sources) if not any(map(partial(fits, each), written)))

    def to_toml(self) -> str:
        """The mapping as a file; `loads_mapping` reads the same mapping from it."""
        return to_toml(self._table)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Mapping):
            return NotImplemented
        return self._table == other._table and dict(self._conversions) == dict(other._conversions)

    def __hash__(self) -> int:
        return hash((self._table.id, self._table.dates, tuple(self._fields)))

    def __repr__(self) -> str:
        return f"<Mapping of {len(self._columns)} fields>"

    def __reduce__(self) -> tuple[Any, ...]:
        own = {name: each for name, each in self._conversions.items() if CONVERSIONS.get(name) is not each}
        return _restored, (self._table, own, self._warnings)


def _restored(table: Table, own: dict[str, Conversion], warnings: tuple[Finding, ...]) -> Mapping:
    return Mapping(table, {**CONVERSIONS, **own} if own else CONVERSIONS, warnings)


__all__ = ["Mapping"]
