"""Leads in, verdicts out: a source, a mapping and a definition at work together, one lead at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from types import TracebackType
from typing import Any, Literal, Self, cast

from qualify.adapters import BadRow, Facts, Reader, Row, Source
from qualify.adapters.mappings import load_mapping
from qualify.engine.evaluate import Evaluator, Raw, Session
from qualify.errors import QualifyError
from qualify.face import Definition
from qualify.mapping import Mapping as LeadMapping
from qualify.run.activities import ActivityStore
from qualify.run.by_columns import Engine, InColumns, batches, chosen
from qualify.run.columns import FlatColumn, FlatRows
from qualify.run.funnel import Counter, Funnel
from qualify.run.notes import (
    has_ids,
    no_activities_note,
    unknown_types_note,
    unmatched_note,
)
from qualify.run.opening import Opened, Opening, opened_activities, opened_leads
from qualify.run.rejects import Causes, Rejected, RejectsFile, rejected_lead, rejection
from qualify.run.unused import Unused
from qualify.verdict import Verdict

Options = Mapping[str, str]
Fields = Mapping[str, Any] | Callable[[], Mapping[str, Any]]
"""A lead's fields, or how to read them where somebody asks."""
WATCHED_EVERY = 1000
LOOKED_AT_FOR_UNUSED = 1000
REJECTS_KEPT = 20


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: what it reads, how many rows it has read, and what share (None where nobody can know)."""

    reads: Literal["activities", "leads"]
    rows: int
    share: float | None


class Judged:
    """One lead that was judged: the row it stands in, and its verdict."""

    __slots__ = ("_fields", "_raw", "_run", "lead_id", "number")

    def __init__(self, number: int, lead_id: str | None, fields: Fields, raw: Raw, run: Run) -> None:
        self.number = number
        self.lead_id = lead_id
        """The lead's id, or None where it has none."""
        self._fields, self._raw, self._run = fields, raw, run

    @property
    def stage(self) -> str | None:
        """The last stage reached, or None."""
        found: str | None = self._raw[0]
        return found

    @property
    def outcomes(self) -> Raw:
        """What the row is made of: one and the same object for leads that were judged as one."""
        return self._raw

    @property
    def verdict(self) -> Verdict:
        """The whole verdict, as `definition.qualify` gives it."""
        fields = self._fields
        return Verdict(self._run._session, fields() if callable(fields) else fields, self._raw)

    def values(self) -> tuple[Any, ...]:
        """The lead's flat row, in the order of `run.columns`: what the command writes. None is empty."""
        return self._run._flat.values(self.number, self.lead_id, self._raw)

    def row(self) -> dict[str, Any]:
        """The same with the columns' names."""
        return self._run._flat.row(self.number, self.lead_id, self._raw)

    def __repr__(self) -> str:
        return f"<Judged row {self.number}: {self.stage or 'no stage'}>"


class Run:
    """Leads on their way through a definition: iterate it once, in a `with` block.

    Gives a `Judged` for each lead and a `Rejected` for each record that can't be read, in the source's order
    (those of the activities first). `funnel`, `notes` and `rejected` hold what is known so far.
    """

    def __init__(
        self,
        session: Session,
        leads: Opened,
        activities: Opened | None,
        *,
        carries_activities: bool,
        notes: Iterable[str],
        watch: Callable[[Progress], None] | None,
        in_columns: InColumns | None = None,
    ) -> None:
        self._in_columns = in_columns
        self.in_columns = in_columns is not None
        """Whether leads are told apart in columns."""
        self._session, self._leads, self._activities = session, leads, activities
        self._carries, self._watch = carries_activities, watch
        self._notes = [*notes, *leads.notes, *(activities.notes if activities else ())]
        self._has_ids = has_ids(leads.mapping, leads.reader.facts.columns)
        self._flat = FlatRows(session, numbered=not self._has_ids)
        if activities is not None and not self._has_ids:
            self._notes.append(f"{activities.name}: activities are found by the lead's id, and {leads.name} has none")
        self._counter = Counter(session, shared=self.in_columns)
        self._rejected: list[Rejected] = []
        self._causes = Causes()
        self._unnamed = False  # whether a lead was rejected that nobody can name
        self._store: ActivityStore | None = None

    # --- what is known ---

    @property
    def columns(self) -> tuple[FlatColumn, ...]:
        """The columns of each lead's flat row."""
        return self._flat.columns

    @property
    def flat(self) -> FlatRows:
        """The columns as an adapter writes them, and how rows are made."""
        return self._flat

    @property
    def facts(self) -> Facts:
        """What was found out about the leads' source: encoding, separator, columns."""
        return self._leads.reader.facts

    @property
    def as_of(self) -> datetime:
        """The moment of all verdicts, in UTC."""
        return self._session.clock.as_of

    @property
    def funnel(self) -> Funnel:
        """What became of the leads so far."""
        return self._counter.funnel()

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know: columns that nothing reads, columns that aren't there. More may come."""
        return tuple(self._notes)

    @property
    def rejected(self) -> tuple[Rejected, ...]:
        """The first records that were rejected; `funnel` counts all of them."""
        return tuple(self._rejected)

    @property
    def causes(self) -> tuple[tuple[Rejected, int], ...]:
        """Why records were rejected: the first record of each cause, and how many have it."""
        return self._causes.all()

    # --- the work ---

    def judged(self, rejects: RejectsFile | None = None) -> Iterator[Judged]:
        """The leads that were judged; the rejected records go to the file, if there is one."""
        for each in self:
            if each.__class__ is Judged:
                yield each
            elif rejects is not None and isinstance(each, Rejected):
                rejects.add(each)

    def __iter__(self) -> Iterator[Judged | Rejected]:
        if self._activities is not None:
            yield from self._take_activities(self._activities)
        unused = Unused(self._leads) if self._leads.reader.facts.columns is None else None
        yield from self._one_by_one(self._leads.reader, unused) if self._in_columns is None else self._by_columns()
        self._last_notes(unused)

    def _one_by_one(self, reader: Reader, unused: Unused | None) -> Iterator[Judged | Rejected]:
        for rows, row in enumerate(reader, start=1):
            yield self._one(row)
            if unused is not None and isinstance(row, Row) and rows <= LOOKED_AT_FOR_UNUSED:
                unused.look(row.record)
            if not rows % WATCHED_EVERY:
                self._tell("leads", rows, reader)

    def _by_columns(self) -> Iterator[Judged | Rejected]:
        """The same, batch by batch, each lead's outcomes being those of all that come out alike."""
        in_columns, reader, count = self._in_columns, self._leads.reader, self._counter.add
        assert in_columns is not None
        self._notes += in_columns.all_taken()
        done = 0
        for rows, fault in batches(reader):
            known = in_columns.known(rows, self._judge) if in_columns.pays else [None] * len(rows)
            for row, told in zip(rows, known, strict=True):
                done += 1
                if told is None or isinstance(row, BadRow):
                    yield self._one(row)
                else:
                    lead_id, raw = told
                    if self._store is not None and lead_id is not None:
                        self._store.seen(lead_id)
                    fields = partial(self._fields_of, row)
                    count(fields, raw)
                    yield Judged(row.number, lead_id, fields, raw, self)
                if not done % WATCHED_EVERY:
                    self._tell("leads", done, reader)
            if fault is not None:
                raise fault

    def _one(self, row: Row | BadRow) -> Judged | Rejected:
        """One lead, judged by itself."""
        if isinstance(row, BadRow):
            return self._reject(Rejected(self._leads.name, row.number, None, row.reason))
        values: dict[str, Any] = {}
        try:
            fields, raw = self._judge(row, values)
        except QualifyError as why:
            mapping, lead_id = self._leads.mapping, values.get("id")
            return self._reject(rejected_lead(self._leads.name, row.number, why, lead_id, mapping, row.record))
        self._counter.add(fields, raw)
        return Judged(row.number, fields.get("id"), fields, raw, self)

    def _judge(self, row: Row, values: dict[str, Any] | None = None) -> tuple[Mapping[str, Any], Raw]:
        """A lead's fields and outcomes; `values` gets what was read of it, even where it can't be judged."""
        read = cast(dict[str, Any], self._leads.mapping.values(row.record))
        if values is not None:
            values |= read
        if self._store is not None:
            lead_id = read.get("id")
            read["activities"] = None if lead_id is None else self._store.of(lead_id)
        elif self._carries:
            read["activities"] = row.record.get("activities")
        return self._session.judge(read)

    def _fields_of(self, row: Row) -> Mapping[str, Any]:
        return self._judge(row)[0]

    def _take_activities(self, source: Opened) -> Iterator[Rejected]:
        self._store = store = ActivityStore()
        read, known, unknown = source.mapping.activity, self._session.evaluator.model.declared_activities, 0
        for rows, row in enumerate(source.reader, start=1):
            if isinstance(row, BadRow):
                yield self._reject(Rejected(source.name, row.number, None, row.reason, "activities"))
            else:
                try:
                    lead_id, activity = read(row.record)
                    store.add(lead_id, activity)
                    if self._in_columns is not None:
                        self._in_columns.take(lead_id, activity)
                    unknown += activity["type"] not in known
                except QualifyError as why:
                    yield self._reject(rejection(source.name, row.number, why, None, "activities"))
            if not rows % WATCHED_EVERY:
                self._tell("activities", rows, source.reader)
        store.sort()
        self._notes += unknown_types_note(source.name, unknown, store.count)

    def _reject(self, one: Rejected) -> Rejected:
        if one.of == "leads":
            self._counter.rejected += 1
            if one.lead_id is None:
                self._unnamed = True
            elif self._store is not None:
                self._store.seen(one.lead_id)
        else:
            self._counter.rejected_activities += 1
        self._causes.add(one)
        if len(self._rejected) < REJECTS_KEPT:
            self._rejected.append(one)
        return one

    def _tell(self, reads: Literal["activities", "leads"], rows: int, reader: Reader) -> None:
        if self._watch is not None:
            self._watch(Progress(reads, rows, reader.done()))

    def _last_notes(self, unused: Unused | None) -> None:
        if unused is not None:
            self._notes += unused.notes()
        store, source = self._store, self._activities
        if source is None or store is None:
            return
        self._counter.unmatched_activities = number = store.unmatched()
        if number and self._counter.leads and self._has_ids:
            self._notes.append(
                unmatched_note(source.name, self._leads.name, number, store.count, unnamed=self._unnamed)
            )

    def close(self) -> None:
        """Close what was opened; streams and readers that were given stay open."""
        self._leads.reader.close()
        if self._activities is not None:
            self._activities.reader.close()
        if self._store is not None:
            self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def run_leads(
    definition: Definition,
    leads: Source | Reader,
    *,
    mapping: LeadMapping | str | os.PathLike[str] | None = None,
    activities: Source | Reader | None = None,
    as_of: datetime | None = None,
    proposed: bool = False,
    format: str | None = None,
    activities_format: str | None = None,
    options: Options | None = None,
    watch: Callable[[Progress], None] | None = None,
    engine: Engine = "python",
) -> Run:
    r"""Judge the leads of a source, one by one: what the command `qualify run` does.

    `leads` and `activities` are paths, streams of bytes or readers. Without a mapping, columns that are named
    as fields are read (text by the field's type), and activities by the columns `lead_id`, `type`, `at` and
    their properties' names. `as_of` is now, to the second, where nothing is said. `format` is an adapter's
    name, where a file's name doesn't tell; the URL of a database names a table after its `#`
    (`sqlite:///crm.db#customers`; else `leads`, and `activities`). `options` go to the adapters that know them (`encoding`,
    `delimiter`). `watch` is called every thousand rows. `engine` tells leads apart in
    columns ("polars", "duckdb", "spark"; "auto" where the source is large and they can): what comes out is the same.

    Activities are read first, as a whole, and kept by lead in a temporary database; leads are never kept.

    Raises AdapterError and MissingExtra where a source can't be read, MappingError for a mapping with faults,
    and QualifyError where nothing in the source is read, or an option is of no use.

    >>> import io
    >>> import qualify
    >>> definition = qualify.define(
    ...     name="Small",
    ...     teams={"sales": "Sales"},
    ...     traits={"large": {"team": "sales", "when": "employees >= 50", "why": "They need us."}},
    ...     stages={"sql": {"requires": {"sales": "large"}}},
    ... )
    >>> with run_leads(definition, io.BytesIO(b"id,employees\n0031,80\n0032,\n0033,many\n")) as run:
    ...     for each in run:
    ...         print(each if isinstance(each, Rejected) else each.row())
    {'lead_id': '0031', 'stage': 'sql', 'sql': 'reached', 'sql_sales': 'yes', 'large': 'yes', 'left_out_by': None}
    {'lead_id': '0032', 'stage': None, 'sql': 'undetermined', 'sql_sales': 'unknown', 'large': 'unknown', 'left_out_by': None}
    the stream:4: lead 0033: employees: expected a number, found text (4 characters)
    """
    session = Evaluator(definition.model).session(as_of or datetime.now(UTC).replace(microsecond=0), proposed)
    if not (mapping is None or isinstance(mapping, LeadMapping)):
        mapping = load_mapping(mapping, definition)
    opening = Opening(options or {})
    try:
        first = opened_leads(opening.open(leads, format), mapping, definition.model)
        second = None
        if activities is not None:
            second = opened_activities(
                opening.open(activities, activities_format, "activities"), mapping, definition.model
            )
        opening.check_options()
        reads = activities is None and session.evaluator.reader.reads_activities
        none_given = no_activities_note(mapping, reads=reads)
        carries = mapping is None and activities is None
        happened = None if second is None or activities is None else (second, activities)
        in_columns, told = chosen(engine, session, first, leads, happened, carries=carries)
        return Run(
            session,
            first,
            second,
            carries_activities=carries,
            notes=[*told, *opening.notes, *none_given],
            watch=watch,
            in_columns=in_columns,
        )
    except BaseException:
        opening.close()
        raise


__all__ = ["Judged", "Progress", "Run", "run_leads"]
