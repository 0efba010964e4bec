"""Contacts, page after page: all of them by their ids, or those that changed since a moment.

A sync writes to the contacts of a page before it asks for the next one, which changes them. So the list of all is
read in the order of ids, which no change moves; and what changed is read from the last moment seen, not from a place in
a list out of which every written contact moves to the end. That also keeps us far from the 10,000 results that a
search shows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from qualify.adapters.hubspot.joining import Joiner
from qualify.adapters.hubspot.portal import Portal, Refusal, Reply, Table
from qualify.adapters.records import ConnectionTrouble, Page
from qualify.errors import AdapterError

IN_A_LIST, IN_A_SEARCH = 100, 200
"""How many contacts HubSpot gives at once."""

CHANGED = "lastmodifieddate"
OVERLAP = 5 * 60 * 1000
"""How far a read goes back behind the last change that it saw, in milliseconds: a search may show a change late."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a read goes on. `after` is a place in the list of all contacts, None where that has been read.

    `moment` is the change from which on contacts are to be read (again), in milliseconds since 1970 on HubSpot's clock.
    """

    moment: int
    after: str | None = None

    def __str__(self) -> str:
        listed = {} if self.after is None else {"after": self.after}
        return json.dumps({"changed": self.moment, **listed})

    @classmethod
    def read(cls, cursor: str) -> Place:
        """The place that a cursor says; AdapterError where it is none of ours."""
        try:
            said = json.loads(cursor)
            moment, after = said["changed"], said.get("after")
            if type(moment) is int and (after is None or isinstance(after, str)):
                return cls(moment, after)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            pass
        raise AdapterError("this is no place where a read of HubSpot stopped: read everything again (--full)")


class ContactReader:
    """Reads these properties of every contact, with what `joiner` puts beside them."""

    def __init__(self, portal: Portal, properties: Sequence[str], joiner: Joiner) -> None:
        self._portal, self._joiner = portal, joiner
        self._properties = list(dict.fromkeys([*properties, CHANGED]))
        self._began: int | None = None

    def pages(self, since: str | None) -> Iterator[Page]:
        """All contacts, or those made or changed since a cursor."""
        if since is None:
            yield from self._all(None)
            return
        place = Place.read(since)
        if place.after is not None:
            yield from self._all(place)
            if place.moment == self._began:  # begun by us, and gone on with after a pause: no later than any other
                return
        yield from self._changed(place.moment)  # what changed since, of what an earlier read had seen too

    def _all(self, place: Place | None) -> Iterator[Page]:
        after = None if place is None else place.after
        moment = None if place is None else place.moment
        while True:
            begin = {} if after is None else {"after": after}
            try:
                reply = self._portal.ask(
                    "reading contacts", "crm.contacts.basic_api", "get_page",
                    limit=IN_A_LIST, properties=self._properties, **begin,
                )  # fmt: skip
            except Refusal as why:
                if after is None:
                    raise
                raise AdapterError(
                    f"{why}; it may no longer know the place where we were: read everything (--full)"
                ) from None
            found = reply.tables("results")
            if moment is None:  # HubSpot's clock, never ours: what changes from now on is for the next read
                moment = self._began = _clock(reply, found)
            following = reply.after
            if following is not None and following == after:
                raise ConnectionTrouble("HubSpot gave the same page of contacts twice")
            after = following
            yield Page(self._joiner.join(found), str(Place(moment, after)))
            if after is None:
                return

    def _changed(self, since: int) -> Iterator[Page]:
        """What changed since a moment, the oldest change first, up to the moment at which we began."""
        at, until, seen = max(0, since - OVERLAP), None, frozenset[str]()
        total: int | None = None
        while True:
            bounds = [_filter(CHANGED, "GTE", at)]
            if until is not None:
                bounds.append(_filter(CHANGED, "LTE", until))
            reply = self._search(bounds, CHANGED)
            found = reply.tables("results")
            first, more = total is None, reply.after is not None
            if first:
                count = reply.body.get("total")
                total = count if type(count) is int else 0
                until = None if reply.moment is None else max(_milliseconds(reply.moment), at)
            newest = _changed_at(found[-1]) if found else at
            if more and newest == at:  # more contacts than a page holds changed in one millisecond: an import
                yield from self._of_one_moment(at, since, total if first else None)
                at, seen = at + 1, frozenset()
                continue
            fresh = [each for each in found if str(each.get("id")) not in seen]
            if fresh or first or not more:
                # At the end all is read that had changed when we began, by HubSpot's clock.
                cursor = str(Place(max(since, newest, 0 if more or until is None else until)))
                yield Page(self._joiner.join(fresh), cursor, total if first else None)
            if not more:
                return
            if newest < at:
                raise ConnectionTrouble("HubSpot gave changed contacts out of their order")
            seen = frozenset(str(each.get("id")) for each in found if _changed_at(each) == newest)
            at = newest

    def _of_one_moment(self, at: int, since: int, total: int | None) -> Iterator[Page]:
        last, cursor = "0", str(Place(max(since, at)))
        while True:
            reply = self._search([_filter(CHANGED, "EQ", at), _filter("hs_object_id", "GT", last)], "hs_object_id")
            found = reply.tables("results")
            if found:
                yield Page(self._joiner.join(found), cursor, total)
                total = None
            if reply.after is None:
                return
            if str(found[-1].get("id")) == last:
                raise ConnectionTrouble("HubSpot gave the same page of changed contacts twice")
            last = str(found[-1].get("id"))

    def _search(self, filters: Sequence[Mapping[str, str]], order: str) -> Reply:
        reply = self._portal.ask(
            "reading changed contacts",
            "crm.contacts.search_api",
            "do_search",
            public_object_search_request={
                "filterGroups": [{"filters": list(filters)}],
                "sorts": [order],
                "properties": self._properties,
                "limit": IN_A_SEARCH,
                "after": "0",  # always from the beginning: the filters move, see above
            },
        )
        if reply.after is not None and not reply.tables("results"):
            raise ConnectionTrouble("HubSpot gave an empty page of changed contacts and says that there are more")
        return reply


def _filter(name: str, operator: str, value: int | str) -> Mapping[str, str]:
    return {"propertyName": name, "operator": operator, "value": str(value)}


def _milliseconds(moment: datetime) -> int:
    return int((moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1000)


def _changed_at(contact: Table) -> int:
    """When a contact was changed: the property that a search goes by, else the record's own word."""
    properties = contact.get("properties")
    said = properties.get(CHANGED) if isinstance(properties, dict) else None
    for each in (said, contact.get("updatedAt")):
        if isinstance(each, str):
            try:
                moment = datetime.fromisoformat(each)
            except ValueError:
                if each.isascii() and each.isdigit() and len(each) <= 15:
                    return int(each)
                continue
            if moment.tzinfo is not None:
                return _milliseconds(moment)
    raise AdapterError(
        "HubSpot gave a contact without saying when it was changed, so that nothing can be read in order"
    )


def _clock(reply: Reply, found: Sequence[Table]) -> int:
    """A moment on HubSpot's clock that is not later than now."""
    if reply.moment is not None:
        return _milliseconds(reply.moment)
    return max((_changed_at(each) for each in found), default=0)


__all__ = ["ContactReader", "Place"]
