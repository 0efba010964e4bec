"""One lead of a source, found by its id or its row, and judged: what the command `qualify explain` does.

The source is read record by record, and of all but the one that is looked for nothing but the id.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, cast

from qualify.adapters import BadRow, Reader, Row, Source
from qualify.adapters.mappings import load_mapping
from qualify.definition.model import Model
from qualify.engine.evaluate import Evaluator, Session
from qualify.errors import LeadError, QualifyError
from qualify.face import Definition
from qualify.mapping import Mapping as LeadMapping
from qualify.mapping.conversions import CONVERSIONS
from qualify.mapping.table import Table
from qualify.run.notes import has_ids, no_activities_note
from qualify.run.opening import Opened, Opening, opened_activities, opened_leads
from qualify.run.rejects import Rejected, rejected_lead, rejection
from qualify.run.running import WATCHED_EVERY, Options, Progress
from qualify.text import clean
from qualify.verdict import StageState, Verdict

LONGEST_ID_TOLD = 64

Outcome = Literal["reached", "not_yet", "disqualified", "undetermined", "left_out"]


@dataclass(frozen=True, slots=True)
class FoundLead:
    """The lead that was looked for: in which file and row it stands, and its verdict.

    `verdict` is None where the record can't be read: `rejected` then tells why. `again` are the rows of other
    records with the same id, as far as the source was read. `notes` is what a person should know of the source, and
    `rejected_activities` are those that can't be read and are this lead's, or may be.
    """

    file: str
    number: int
    verdict: Verdict | None
    rejected: Rejected | None = None
    again: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    rejected_activities: tuple[Rejected, ...] = ()


def find_lead(
    definition: Definition,
    leads: Source | Reader,
    lead_id: str | None = None,
    *,
    row: int | None = None,
    mapping: LeadMapping | str | os.PathLike[str] | None = None,
    activities: Source | Reader | None = None,
    as_of: datetime | None = None,
    proposed: bool = False,
    format: str | None = None,
    activities_format: str | None = None,
    options: Options | None = None,
    watch: Callable[[Progress], None] | None = None,
) -> FoundLead:
    r"""The lead with this id, or in this row, and its verdict: what the command `qualify explain` does.

    `row` counts as `run` does: the line in a text file, else the record. Of several leads with one id the first is
    taken; both can be said. Where neither is, the source must hold one lead alone. The rest is as for `run_leads`.

    Raises QualifyError where there is no such lead, or where it isn't said which of several is meant; else as
    `run_leads` does.

    >>> import io
    >>> import qualify
    >>> definition = qualify.define(
    ...     name="Small",
    ...     teams={"sales": "Sales"},
    ...     traits={"large": {"team": "sales", "when": "employees >= 50", "why": "They need us."}},
    ...     stages={"sql": {"requires": {"sales": "large"}}},
    ... )
    >>> found = find_lead(definition, io.BytesIO(b"id,employees\n0031,80\n0032,12\n"), "0032")
    >>> found.number, str(found.verdict.stages["sql"].state)
    (3, 'not_yet')
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
        reads = session.evaluator.reader.reads_activities
        told = second.notes if second else no_activities_note(mapping, reads=reads)
        notes = (*opening.notes, *first.notes, *told)
        search = _Search(session, first, second, carries=mapping is None, notes=notes, watch=watch)
        return search.found(None if lead_id is None else clean(lead_id), row)
    finally:
        opening.close()


class _Search:
    """One search through one source."""

    def __init__(
        self,
        session: Session,
        leads: Opened,
        activities: Opened | None,
        *,
        carries: bool,
        notes: tuple[str, ...],
        watch: Callable[[Progress], None] | None,
    ) -> None:
        self.session, self.leads, self.activities, self.watch = session, leads, activities, watch
        self.carries, self.notes = carries and activities is None, notes
        self.looked = self.unreadable = 0
        self.ids = _of_ids(leads.mapping)

    def found(self, lead_id: str | None, row: int | None) -> FoundLead:
        if lead_id is not None and not has_ids(self.leads.mapping, self.leads.reader.facts.columns):
            raise QualifyError(f"{self.leads.name}: its leads have no id; name one by its row", code="no-ids")
        if row is not None:
            return self.judged(self.in_row(row, lead_id), ())
        if lead_id is None:
            return self.judged(self.alone(), ())
        same = self.with_id(lead_id)
        first = next(same, None)
        if first is None:
            raise QualifyError(
                f"{self.leads.name}: no lead has the id {_told(lead_id)}; {self.looked_through()}", code="no-such-lead"
            )
        return self.judged(first, tuple(each.number for each in same))

    # --- which record it is ---

    def records(self) -> Iterator[Row | BadRow]:
        reader = self.leads.reader
        for record in reader:
            self.looked += 1
            self.unreadable += isinstance(record, BadRow)
            yield record
            if self.watch is not None and not self.looked % WATCHED_EVERY:
                self.watch(Progress("leads", self.looked, reader.done()))

    def id_of(self, record: Row | BadRow) -> str | None:
        if isinstance(record, BadRow):
            return None
        try:
            found = self.ids.values(record.record).get("id")
        except LeadError as why:
            self.unreadable += why.lead_id is None
            return why.lead_id
        return found if isinstance(found, str) else None

    def with_id(self, lead_id: str) -> Iterator[Row | BadRow]:
        return (record for record in self.records() if self.id_of(record) == lead_id)

    def in_row(self, row: int, lead_id: str | None) -> Row | BadRow:
        for record in self.records():
            if record.number == row:
                if lead_id is not None and self.id_of(record) != lead_id:
                    raise QualifyError(
                        f"{self.leads.name}: the lead in row {row} has not the id {_told(lead_id)}", code="no-such-lead"
                    )
                return record
            if record.number > row:
                raise self.nothing_in(row, f"the next one begins in row {record.number:,}")
        raise self.nothing_in(row, self.looked_through())

    def nothing_in(self, row: int, said: str) -> QualifyError:
        return QualifyError(f"{self.leads.name}: no record begins in row {row:,}; {said}", code="no-such-lead")

    def alone(self) -> Row | BadRow:
        records = self.records()
        first = next(records, None)
        if first is None:
            raise QualifyError(f"{self.leads.name}: it holds no lead", code="no-such-lead")
        if next(records, None) is not None:
            raise QualifyError(
                f"{self.leads.name}: it holds more than one lead; say the id or the row of one", code="which-lead"
            )
        return first

    def looked_through(self) -> str:
        """How many there were, and how many of them it may be."""
        some = "1 record was" if self.looked == 1 else f"{self.looked:,} records were"
        said = f"{some} looked through"
        if self.unreadable:
            said += f", of which {self.unreadable:,} can't be read"
        return said

    # --- the record as a lead ---

    def judged(self, record: Row | BadRow, again: tuple[int, ...]) -> FoundLead:
        file, number = self.leads.name, record.number
        if isinstance(record, BadRow):
            rejected = Rejected(file, number, None, record.reason)
            return FoundLead(file, number, None, rejected, again, self.notes)
        values: dict[str, Any] = {}
        bad: tuple[Rejected, ...] = ()
        try:
            values = cast(dict[str, Any], self.leads.mapping.values(record.record))
            if self.activities is not None:
                values["activities"], bad = self.happened(values.get("id"))
            elif self.carries:
                values["activities"] = record.record.get("activities")
            verdict = Verdict(self.session, *self.session.judge(values))
        except QualifyError as why:
            rejected = rejected_lead(file, number, why, values.get("id"), self.leads.mapping, record.record)
            return FoundLead(file, number, None, rejected, again, self.notes)
        return FoundLead(file, number, verdict, None, again, self.notes, bad)

    def happened(self, lead_id: str | None) -> tuple[list[Mapping[str, Any]] | None, tuple[Rejected, ...]]:
        """What the second source says of this lead; a lead without an id has activities that nobody knows."""
        if lead_id is None or self.activities is None:
            return None, ()
        source, own, bad = self.activities, list[Mapping[str, Any]](), list[Rejected]()
        for rows, row in enumerate(source.reader, start=1):
            if isinstance(row, BadRow):
                bad.append(Rejected(source.name, row.number, None, row.reason, "activities"))
            else:
                try:
                    whose, activity = source.mapping.activity(row.record)
                    if whose == lead_id:
                        own.append(activity)
                except QualifyError as why:
                    said = rejection(source.name, row.number, why, None, "activities")
                    if said.lead_id in (None, lead_id):
                        bad.append(said)
            if self.watch is not None and not rows % WATCHED_EVERY:
                self.watch(Progress("activities", rows, source.reader.done()))
        return own, tuple(bad)


def _of_ids(mapping: LeadMapping) -> LeadMapping:
    """The same mapping, of which nothing is read but the id; the whole one where the id has a meaning of its own."""
    said = tuple(field for field in mapping.fields.values() if field.name == "id")
    if any(field.as_ not in (None, *CONVERSIONS) for field in said):
        return mapping
    return LeadMapping(Table(id=mapping.id, placeholders=mapping.placeholders, fields=said))


def _told(lead_id: str) -> str:
    """An id that a person typed, in a message."""
    return repr(lead_id if len(lead_id) <= LONGEST_ID_TOLD else f"{lead_id[:LONGEST_ID_TOLD]}…")


def last_of_line(model: Model) -> str | None:
    """The stage that a lead is on its way to: the last one that isn't beside the line; None where there is none."""
    line = [name for name, stage in model.stages.items() if not stage.beside]
    found = line or [*model.stages]
    return found[-1] if found else None


def outcome(verdict: Verdict, stage: str | None) -> Outcome | None:
    """Where a lead stands with a stage, or that it is left out; None where there are no stages.

    >>> import qualify
    >>> definition = qualify.define(
    ...     name="Small",
    ...     teams={"sales": "Sales"},
    ...     traits={"large": {"team": "sales", "when": "employees >= 50", "why": "They need us."}},
    ...     stages={"sql": {"requires": {"sales": "large"}}},
    ... )
    >>> outcome(definition.qualify({"employees": 12}), last_of_line(definition.model))
    'not_yet'
    """
    if verdict.left_out_by:
        return "left_out"
    if stage is None:
        return None
    match verdict.stages[stage].state:
        case StageState.REACHED:
            return "reached"
        case StageState.NOT_YET:
            return "not_yet"
        case StageState.DISQUALIFIED:
            return "disqualified"
        case StageState.UNDETERMINED:
            return "undetermined"


__all__ = ["FoundLead", "Outcome", "find_lead", "last_of_line", "outcome"]
