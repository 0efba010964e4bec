"""Reading by query pages: in the order of change, from a place, and what hangs on records changed elsewhere first.

An iterator that goes on where it was when `next` is called again after trouble.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from qualify.adapters.records import Page
from qualify.adapters.salesforce.client import Client, PlaceLost
from qualify.adapters.salesforce.places import Place, place_in
from qualify.errors import AdapterError

Records = tuple[Mapping[str, Any], ...]


@dataclass(slots=True)
class Query:
    """A query's pages, one after the other; `next_page` can be called again after trouble."""

    client: Client
    soql: str
    url: str | None = None
    total: int | None = None
    read: int = 0
    _seen: set[str] = field(default_factory=set)
    over: bool = False

    def next_page(self) -> Records:
        """The next records. After it `over` says whether they were the last ones."""
        try:
            answer = self.client.query(self.soql) if self.url is None else self.client.more(self.url)
        except PlaceLost:
            if self.total is not None and self.read >= self.total:  # it said that it was done, and it was
                self.over = True
                return ()
            raise
        records, total = answer.get("records"), answer.get("totalSize")
        if not isinstance(records, list):
            raise AdapterError("Salesforce's answer to a query has no records")
        self.total = total if isinstance(total, int) else self.total
        self.read += len(records)
        self._go_on(answer)
        return tuple(records)

    def _go_on(self, answer: Mapping[str, Any]) -> None:
        """An address of a next page is followed, also beside `done: true`; one that was there before is none."""
        following = answer.get("nextRecordsUrl")
        if self.url is not None:
            self._seen.add(self.url)
        if isinstance(following, str) and following not in self._seen:
            self.url = following
        elif answer.get("done") is False:
            raise AdapterError(
                "Salesforce says that there is more, and gives no new address for it: nothing is skipped"
            )
        else:
            self.over = True


def all_records(client: Client, soql: str) -> list[Mapping[str, Any]]:
    """Everything that a query finds."""
    query, found = Query(client, soql), list[Mapping[str, Any]]()
    while not query.over:
        found.extend(query.next_page())
    return found


class ChangedPages(Iterator[Page]):
    """Records in the order of their change, after a place or all of them.

    `linked` gives, for a place, conditions for records that didn't change themselves but what belongs to them did:
    they come first, with the cursor that was there before, since a later one would say that they were read.
    """

    def __init__(
        self,
        client: Client,
        select: Callable[[str, str], str],
        since: Place | None,
        *,
        linked: Callable[[Place], Sequence[str]],
        margin: timedelta,
    ) -> None:
        self._client, self._select, self._since, self._linked = client, select, since, linked
        self._margin, self._place, self._reached = margin, since, since
        self._conditions: deque[str] | None = None if since is not None else deque()
        self._query: Query | None = None
        self._began = client.now
        self._over = False

    def __next__(self) -> Page:
        if self._over:
            raise StopIteration
        if self._conditions is None:
            assert self._since is not None
            self._conditions = deque(self._linked(self._since))
        if self._conditions:
            return self._linked_page(self._conditions)
        if self._query is None:
            after = "" if self._place is None else self._place.after()
            self._query = Query(self._client, self._select(after, "SystemModstamp, Id"))
        try:
            records = self._query.next_page()
        except PlaceLost:
            self._query = None  # asked anew from where it was, when it is tried again
            raise
        self._over = self._query.over
        for record in reversed(records):
            if place := place_in(record):
                self._place = place
                break
        return Page(records, self._cursor(), self._query.total)

    def _linked_page(self, conditions: deque[str]) -> Page:
        if self._query is None:
            self._query = Query(self._client, self._select(conditions[0], "Id"))
        try:
            records = self._query.next_page()
        except PlaceLost:
            self._query = None
            raise
        if self._query.over:
            conditions.popleft()
            self._query = None
        return Page(records, None if self._since is None else str(self._since))

    def _cursor(self) -> str | None:
        """Never further than what can have changed unseen since the read began, and never back."""
        if self._place is None:
            return None
        place = self._place.settled(self._began, self._margin)
        if self._reached is None or (place.stamp, place.id) > (self._reached.stamp, self._reached.id):
            self._reached = place
        return str(self._reached)


__all__ = ["ChangedPages", "Query", "all_records"]
