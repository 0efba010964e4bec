"""Pages of a source, each once, whatever happens on the way; and what their records say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, cast

from qualify.adapters.records import Connection, Page, Record
from qualify.errors import AdapterError, LeadError
from qualify.mapping import Mapping as LeadMapping
from qualify.sync.report import ReportFile, SyncReport
from qualify.sync.retrying import Patience

MOST_REPEATS = 3


def pages_of(connection: Connection, since: str | None, patience: Patience) -> Iterator[Page]:
    """The pages since a cursor. After trouble it goes on from the last cursor, which may give some records again.

    A page that was given already, record by record the same, is left out; a source that gives nothing else is one
    that repeats itself without end, which is an AdapterError.
    """
    cursor, repeats, seen = since, 0, set[bytes]()
    pages: Iterator[Page] | None = None

    def following() -> Page | None:
        nonlocal pages
        going_on = connection.pages(cursor) if pages is None else pages
        pages = None  # one that raises is at its end: the next try begins at the cursor
        found = next(going_on, None)
        pages = going_on
        return found

    while (page := patience(following)) is not None:
        cursor = page.cursor or cursor
        known = _fingerprint(page)
        if page.records and known in seen:
            repeats += 1
            if repeats >= MOST_REPEATS:
                raise AdapterError("the source gives the same pages again and again, and would never come to an end")
            continue
        repeats = 0
        seen.add(known)
        yield page


def _fingerprint(page: Page) -> bytes:
    return blake2b(repr((page.records, page.cursor)).encode("utf-8", "backslashreplace"), digest_size=8).digest()


@dataclass(slots=True)
class Read:
    """A record that could be read: its id, and its lead's fields.

    One that is `refused` couldn't: its values are what can be read of it, and its id may be empty.
    """

    id: str
    record: Record
    values: dict[str, Any]
    refused: bool = False

    @property
    def opted_out(self) -> bool:
        """Whether it says that this person opted out."""
        return self.values.get("opted_out") is True

    @property
    def may_have_opted_out(self) -> bool:
        """Whether it can't be read, and doesn't say that this person did not opt out."""
        return self.refused and self.values.get("opted_out", False) is not False


class RecordReader:
    """Reads records by the mapping, and tells what can't be read."""

    def __init__(self, mapping: LeadMapping, report: SyncReport, file: ReportFile) -> None:
        self._mapping, self._report, self._file = mapping, report, file
        self._lenient = any(field.lenient for field in mapping.fields.values())

    def read(self, records: Sequence[Record], *, again: bool = False) -> Iterator[Read]:
        """Those that can be read; of the others it is reported why, unless that was done before (`again`)."""
        return (each for each in self.read_all(records, again=again) if not each.refused)

    def read_all(self, records: Sequence[Record], *, again: bool = False) -> Iterator[Read]:
        """As `read`, and those that are refused too."""
        for record in records:
            try:
                values = cast(dict[str, Any], self._mapping.values(record))
            except LeadError as why:
                if not again:
                    self.reject(why.lead_id, why)
                if isinstance(record, Mapping):
                    yield Read(why.lead_id or "", record, cast(dict[str, Any], self._mapping.readable(record)), True)
                continue
            lead_id = values.get("id")
            if not isinstance(lead_id, str):
                if not again:
                    self._report.rejected += 1
                    self._file.add("rejected", None, "it has no id, so nothing can be written to it")
                yield Read("", record, values, True)
                continue
            if self._lenient and not again:
                self._pass_over(lead_id, record)
            yield Read(lead_id, record, values)

    def reject(self, lead_id: str | None, why: LeadError) -> None:
        """A record that can't be judged."""
        self._report.rejected += 1
        self._file.add("rejected", lead_id, _said(why))

    def _pass_over(self, lead_id: str, record: Record) -> None:
        for why in self._mapping.passed_over(record):
            self._report.passed_over[why.field or "a field"] += 1
            self._file.add("passed over", lead_id, _said(why))


def _said(why: LeadError) -> str:
    where = f"{why.field}: " if why.field else ""
    return f"{where}expected {why.expected}, found {why.found}"


def happened_with(
    reads: Sequence[Read],
    connection: Connection,
    mapping: LeadMapping,
    patience: Patience,
    report: SyncReport,
    file: ReportFile,
) -> dict[str, list[dict[str, Any]]] | None:
    """What happened with these leads, by their ids; None where the source can't tell."""

    def asked() -> list[Any] | None:
        found = connection.happenings([each.record for each in reads])
        return None if found is None else list(found)

    rows = patience(asked)
    if rows is None:
        return None
    by_lead: dict[str, list[dict[str, Any]]] = {each.id: [] for each in reads}
    named = mapping.activity_sources
    for row in rows:
        try:
            if row.source in named:
                found = mapping.activities_of(row.row, of=row.source)
            elif mapping.activities is not None:
                found = [mapping.activity(row.row)]
            else:
                continue
        except LeadError as why:
            report.rejected_activities += 1
            file.add("activity", why.lead_id, f"{row.source}: {_said(why)}")
            continue
        for lead_id, activity in found:
            if lead_id in by_lead:
                by_lead[lead_id].append(activity)
    return by_lead


__all__ = ["Read", "RecordReader", "happened_with", "pages_of"]
