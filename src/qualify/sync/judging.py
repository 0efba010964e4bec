"""Leads, each of one record or of several, judged, and what that changes in each of its records."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from qualify.adapters.records import Connection
from qualify.engine.evaluate import Session
from qualify.errors import LeadError
from qualify.mapping import Mapping as LeadMapping
from qualify.sync.merging import one_lead
from qualify.sync.planning import Planner
from qualify.sync.reading import Read, RecordReader, happened_with
from qualify.sync.report import Planned, ReportFile, SyncReport
from qualify.sync.retrying import Patience
from qualify.verdict import Verdict


class Judge:
    """Judges leads as they come, and plans what is written to their records."""

    def __init__(
        self,
        session: Session,
        mapping: LeadMapping,
        planner: Planner,
        source: Connection,
        reader: RecordReader,
        patience: Patience,
        report: SyncReport,
        file: ReportFile,
    ) -> None:
        self._session, self._mapping, self._planner = session, mapping, planner
        self._source, self._reader, self._patience = source, reader, patience
        self._report, self._file = report, file
        told = mapping.activities is not None or bool(mapping.activity_sources)
        self._reads_activities = told and session.evaluator.reader.reads_activities

    def judge(self, leads: Sequence[Sequence[Read]], add: Callable[[Planned], None]) -> None:
        """Judge these leads, each the records that are it, and add what changes in each record."""
        records = [record for lead in leads for record in lead if record.values.get("id") is not None]
        happened = None
        if records and self._reads_activities:
            happened = happened_with(records, self._source, self._mapping, self._patience, self._report, self._file)
        for lead in leads:
            activities = None if happened is None else [each for record in lead for each in happened.get(record.id, ())]
            self._one(lead, activities, add)

    def _one(self, lead: Sequence[Read], activities: list[Any] | None, add: Callable[[Planned], None]) -> None:
        report, written = self._report, [record for record in lead if not record.refused]
        said = self._mapping.same
        values = one_lead(lead, said) if said is not None and len(lead) > 1 else lead[0].values
        try:
            verdict = Verdict(self._session, *self._session.judge({**values, "activities": activities}))
        except LeadError as why:
            for record in written:
                self._reader.reject(record.id, why)
            return
        report.judged += 1
        report.stages[verdict.stage or ""] += 1
        report.left_out += bool(verdict.left_out_by)
        opted_out = _opted_out(lead)
        for record in written:
            planned, moved = self._planner.plan(record.id, record.record, verdict, opted_out=opted_out)
            if moved.stays is not None:
                report.stayed[moved.stays] += 1
                if moved.stays == "unknown":
                    self._file.add("lifecycle", record.id, "it has a value that the order doesn't know: left alone")
                if moved.stays == "may have opted out":
                    self._file.add("lifecycle", record.id, "it may have opted out, in a record that can't be read")
            if planned is None:
                report.unchanged += 1
            else:
                add(planned)


def _opted_out(lead: Sequence[Read]) -> bool | None:
    """Whether this person opted out in one of the records; None where one that can't be read may say so."""
    if any(record.opted_out for record in lead):
        return True
    return None if any(record.may_have_opted_out for record in lead) else False


__all__ = ["Judge"]
