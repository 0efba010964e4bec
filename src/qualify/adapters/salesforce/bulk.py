"""The Bulk API 2.0: a query of everything as one job whose answer is CSV, and updates as another.

A job has no order of change, so a read by it has a place to go on from only when all of it was read.
"""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from qualify.adapters.records import Answer, ConnectionTrouble, Page, Update
from qualify.adapters.salesforce.client import Client
from qualify.adapters.salesforce.columns import TableColumns, shaped
from qualify.adapters.salesforce.ids import whole
from qualify.adapters.salesforce.places import Place, place_in
from qualify.errors import AdapterError

ROWS_A_PAGE = 10_000
LONGEST_JOB = 6 * 3600.0
"""Seconds after which a job that isn't done is given up."""
LONGEST_NAP = 10.0
CLEARED = "#N/A"
"""How a row says that a column is to be emptied: an empty cell means that it is to be left as it is."""


class BulkPages(Iterator[Page]):
    """All records, by one query job. `next` can be called again after trouble: the same job goes on."""

    def __init__(
        self,
        client: Client,
        soql: str,
        newest: str,
        columns: TableColumns,
        *,
        total: int | None,
        margin: timedelta,
        nap: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client, self._soql, self._newest, self._columns = client, soql, newest, columns
        self._total, self._margin, self._nap = total, margin, nap
        self._cursor: str | None = None
        self._job: str | None = None
        self._done = self._over = False
        self._locator = ""
        self._seen: set[str] = set()

    def __next__(self) -> Page:
        if self._over:
            raise StopIteration
        if self._job is None:
            self._cursor = self._where_it_stands()
            self._job = str(self._client.send("jobs/query", "POST", {"operation": "query", "query": self._soql})["id"])
        if not self._done:
            self._wait(self._job)
            self._done = True
        parameters = {"maxRecords": str(ROWS_A_PAGE)}
        if self._locator:
            parameters["locator"] = self._locator
        text, headers = self._client.text(f"jobs/query/{self._job}/results", parameters)
        rows = csv.DictReader(io.StringIO(text.replace("\0", ""), newline=""), strict=True)
        records = tuple(shaped(row, self._columns) for row in rows)
        self._seen.add(self._locator)
        self._locator = headers.get("Sforce-Locator") or "null"
        self._over = self._locator == "null"
        if self._locator in self._seen:
            raise AdapterError("Salesforce gives the same page of a bulk query again: nothing is skipped")
        return Page(records, self._cursor if self._over else None, self._total)

    def _where_it_stands(self) -> str | None:
        """The cursor for when all is read: the latest change before the job began, which sees all up to it."""
        records = self._client.query(self._newest).get("records") or ()
        place = place_in(records[0]) if records else None
        if place is None:
            return None
        settled = place.settled(self._client.now, self._margin)
        return str(Place(settled.stamp))

    def _wait(self, job: str) -> None:
        nap, waited = 0.2, 0.0
        while True:
            state = self._client.send(f"jobs/query/{job}", "GET").get("state")
            if state == "JobComplete":
                return
            if state in ("Aborted", "Failed"):
                self._job = None  # a new one, where it is tried again
                raise ConnectionTrouble(f"Salesforce's bulk query came to nothing ({state})")
            if waited > LONGEST_JOB:
                raise AdapterError("Salesforce's bulk query isn't done after six hours")
            self._nap(nap)
            waited, nap = waited + nap, min(nap * 1.5, LONGEST_NAP)


def upserted(client: Client, table: str, updates: Sequence[Update], cell: Callable[[object], object]) -> list[Answer]:
    """Write by a bulk upsert whose key is the record's own id: an answer for each update, in their order."""
    names = list(dict.fromkeys(name for update in updates for name in update.changes))
    rows = [{"Id": update.id, **{name: _cell(update.changes, name, cell) for name in names}} for update in updates]
    jobs = client.bulk(lambda bulk: bulk.upsert(records=rows, external_id_field="Id", wait=1), table)
    refused: dict[str, str] = {}
    for job in jobs:
        for row in _rows(client.bulk(_results("get_failed_records", str(job["job_id"])), table)):
            refused[row.get("Id") or row.get("sf__Id") or ""] = row.get("sf__Error") or "refused without a reason"
        for row in _rows(client.bulk(_results("get_unprocessed_records", str(job["job_id"])), table)):
            refused[row.get("Id") or ""] = "not processed: the job ended before"
    by_id = {whole(name): why for name, why in refused.items()}
    return [Answer(update.id, by_id.get(whole(update.id))) for update in updates]


def _results(which: str, job: str) -> Callable[[Any], str]:
    def ask(bulk: Any) -> str:
        return str(getattr(bulk, which)(job))

    return ask


def _cell(changes: Mapping[str, object], name: str, cell: Callable[[object], object]) -> str:
    if name not in changes:
        return ""
    match cell(changes[name]):
        case None | "":
            return CLEARED
        case bool() as said:
            return "true" if said else "false"
        case other:
            return str(other)


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def plain(value: object) -> object:
    """A value as Salesforce's JSON holds it: numbers as numbers, moments in UTC, a list as a multi-select."""
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case datetime():
            return value.isoformat(timespec="milliseconds")
        case list() | tuple():
            return ";".join(map(str, value))
        case None | bool() | int() | float() | str():
            return value
        case _:
            return str(value)


__all__ = ["CLEARED", "BulkPages", "plain", "upserted"]
