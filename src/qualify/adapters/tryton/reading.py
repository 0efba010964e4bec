"""Reading page by page in the order of change, each page asked for by what comes after the last record.

Not by its number: a record that changes meanwhile moves to the end, and the one behind it would slip by.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from qualify.adapters.records import Page
from qualify.adapters.tryton.models import tagged
from qualify.adapters.tryton.places import Place, moment
from qualify.errors import AdapterError

Search = Callable[[Sequence[object], Sequence[Sequence[str]]], Sequence[Mapping[str, Any]]]
"""The next records of a domain in an order, at most a page of them."""

CHANGED = "last_modified_at"


class ChangedPages(Iterator[Page]):
    """Pages of records changed since a place, or of all; `next` can be called again after trouble.

    Records that didn't change, but what belongs to them did (`linked`: names of their moments of change, such as
    `party.last_modified_at`), come first, with the cursor that was there before. Where a model has no
    `last_modified_at` (`by_change` is False), a new record's `write_date` is null: it is found by `create_date`, and
    there is a place to go on from only when all is read.
    """

    def __init__(
        self,
        search: Search,
        since: Place | None,
        *,
        total: int | None,
        size: int,
        linked: Sequence[str],
        by_change: bool,
        now: datetime | None,
        margin: timedelta,
    ) -> None:
        self._search, self._since, self._total, self._size = search, since, total, size
        self._linked, self._by_change, self._now, self._margin = linked, by_change, now, margin
        self._place = self._reached = since
        self._latest: datetime | None = None
        self._last_id = 0
        self._looks_beside = since is not None and (bool(linked) or not by_change)
        self._over = False

    def __next__(self) -> Page:
        if self._over:
            raise StopIteration
        if self._looks_beside and self._since is not None:
            return self._beside(self._since)
        return self._in_order() if self._by_change else self._by_id()

    def _in_order(self) -> Page:
        records = self._search(self._after(), [[CHANGED, "ASC"], ["id", "ASC"]])
        if records:
            stamp = moment(records[-1].get(CHANGED))
            if stamp is None:
                raise AdapterError(f"Tryton gives a record without {CHANGED}: there is no place to go on from")
            place = Place(stamp, int(records[-1]["id"]))
            if self._place is not None and place <= self._place:
                raise AdapterError("Tryton gives the same page again: nothing is skipped")
            self._place = place
        self._over = len(records) < self._size
        return Page(tuple(records), self._cursor(), self._total)

    def _by_id(self) -> Page:
        """All records of a model that doesn't tell when each was last changed."""
        records = self._search([["id", ">", self._last_id]], [["id", "ASC"]])
        self._go_on(records)
        self._over = len(records) < self._size
        return Page(tuple(records), self._where_it_began() if self._over else None, self._total)

    def _beside(self, since: Place) -> Page:
        """What changed only beside the record, or, without `last_modified_at`, all that changed."""
        stamps = self._linked if self._by_change else (*self._linked, "create_date", "write_date")
        domain = [["id", ">", self._last_id], ["OR", *([name, ">=", tagged(since.stamp)] for name in stamps)]]
        records = self._search(domain, [["id", "ASC"]])
        self._go_on(records)
        if len(records) < self._size:
            self._looks_beside, self._last_id = False, 0
            if not self._by_change:
                self._over = True
                return Page(tuple(records), self._where_it_began())
        return Page(tuple(records), str(since))

    def _go_on(self, records: Sequence[Mapping[str, Any]]) -> None:
        for record in records:
            if int(record["id"]) <= self._last_id:
                raise AdapterError("Tryton gives the same page again: nothing is skipped")
            self._last_id = int(record["id"])
            stamps = (moment(record.get("create_date")), moment(record.get("write_date")))
            self._latest = max((stamp for stamp in (self._latest, *stamps) if stamp is not None), default=None)

    def _after(self) -> list[object]:
        if self._place is None:
            return []
        stamp = tagged(self._place.stamp)
        if not self._place.id:
            return [[CHANGED, ">=", stamp]]
        return ["OR", [CHANGED, ">", stamp], [[CHANGED, "=", stamp], ["id", ">", self._place.id]]]

    def _cursor(self) -> str | None:
        """Never further than what may still come before it when the read began, and never back."""
        if self._place is None:
            return None
        place = self._place.settled(self._now, self._margin)
        if self._reached is None or place > self._reached:
            self._reached = place
        return str(self._reached)

    def _where_it_began(self) -> str | None:
        """After a read in no order: all that was changed before it began was read."""
        if self._latest is None:
            return None if self._since is None else str(self._since)
        place = Place(Place(self._latest).settled(self._now, self._margin).stamp)
        return str(place if self._since is None else max(place, self._since))


__all__ = ["CHANGED", "ChangedPages"]
