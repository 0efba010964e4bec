"""Reading Marketo's leads of a list or by their changes, what they did, and writing many rows at once.

Marketo lists no database: a first read is a list's, or everything since a day. A token that says where to go on
stands beside an answer that says there is no more: it is the next read's cursor, and no next page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from qualify.adapters.marketo.calls import MarketoCalls, MarketoRefusal
from qualify.adapters.marketo.fields import described, fault_of
from qualify.adapters.records import Answer, Happening, NewProperty, Page, Record, Update
from qualify.adapters.web import Table, in_parts, rows_in, told
from qualify.adapters.web_adapter import WebConnection, known_columns, top_names
from qualify.errors import AdapterError

if TYPE_CHECKING:
    from qualify.mapping import Mapping as LeadMapping

SIZE, MOST_LEADS = 300, 30
ALWAYS = ("id", "createdAt", "updatedAt")
KINDS = {"1": "visits", "2": "forms", "8": "mails", "9": "unsubscribes", "10": "mails", "11": "clicks"}
"""Types of activities that are read, and the mapping's table for each."""
OVERLAP = timedelta(minutes=5)


class MarketoConnection(WebConnection):
    """A connection to one instance. See `Connection`. A cursor is a paging token of its changes."""

    source, by_hand = "marketo", "Admin, Field Management, New Custom Field"
    batch_size = SIZE

    def __init__(
        self,
        calls: MarketoCalls,
        properties: Sequence[str],
        own: LeadMapping,
        *,
        of_list: str | None = None,
        since: str | None = None,
        activities: str | None = None,
    ) -> None:
        self._calls, self._properties, self._own = calls, properties, own
        self._list, self._since, self._activities = of_list, since, activities
        if of_list is not None and not of_list.isdecimal():
            raise AdapterError("marketo: option 'list' is a number, the id of a static list")
        self._described: list[str] | None = None

    def pages(self, since: str | None = None) -> Iterator[Page]:
        """The list's leads, or those changed since a day; or those that were made or changed since a cursor."""
        if since is not None:
            yield from self._changed(since)
        elif self._list is not None:
            yield from self._members(self._list)
        elif self._since is not None:
            yield from self._changed(self._token(self._since))
        else:
            raise AdapterError("marketo lists no whole database: --option list=ID, or --option since=2026-01-01")

    def _members(self, of_list: str) -> Iterator[Page]:
        form = {"fields": ",".join(self._columns()), "batchSize": str(SIZE)}
        now = self._calls.at or datetime.now(UTC)
        following = self._token(f"{now - OVERLAP:%Y-%m-%dT%H:%M:%SZ}")  # before: it may change while we read
        path, tokens = f"/rest/v1/list/{of_list}/leads.json", set[str]()
        while True:
            answer = self._calls.look_up(path, form)
            token = answer.get("nextPageToken")
            rows = tuple(rows_in("marketo", answer, "result"))
            if not isinstance(token, str) or not token:
                yield Page(rows, following)
                return
            yield Page(rows)
            if token in tokens:
                raise AdapterError("marketo: it gives the same page again and again")
            tokens.add(token)
            form["nextPageToken"] = token

    def _token(self, since: str) -> str:
        token = self._calls.get("/rest/v1/activities/pagingtoken.json", {"sinceDatetime": since}).get("nextPageToken")
        if not isinstance(token, str):
            raise AdapterError("marketo: it gives no paging token for a moment")
        return token

    def _changed(self, token: str) -> Iterator[Page]:
        """Leads that were made or changed, by the ids that the log of changes names; a page may be empty."""
        params: dict[str, object] = {"fields": ",".join(self._columns()), "batchSize": SIZE}
        if self._list is not None:
            params["listId"] = self._list
        for rows, cursor in self._logged("/rest/v1/activities/leadchanges.json", params, token):
            ids = [str(row.get("leadId")) for row in rows if row.get("leadId") is not None]
            yield Page(tuple(row for part in in_parts(ids, SIZE) for row in self._by_ids(part)), cursor)

    def _logged(self, path: str, params: dict[str, object], token: str) -> Iterator[tuple[list[Table], str]]:
        """The pages of a log, each with the token that leads on from it. Only `moreResult` says that more follow."""
        while True:
            answer = self._calls.get(path, {**params, "nextPageToken": token})
            following = str(answer.get("nextPageToken") or token)
            yield rows_in("marketo", answer, "result"), following
            if answer.get("moreResult") is not True:
                return
            if following == token:
                raise AdapterError("marketo: it gives the same page again and again")
            token = following

    def _by_ids(self, ids: Sequence[str]) -> list[Table]:
        form = {"filterType": "id", "filterValues": ",".join(ids), "fields": ",".join(self._columns())}
        return rows_in(
            "marketo", self._calls.look_up("/rest/v1/leads.json", {**form, "batchSize": str(SIZE)}), "result"
        )

    def _columns(self) -> list[str]:
        return list(
            dict.fromkeys(
                (
                    *ALWAYS,
                    *known_columns("marketo", top_names(self._properties), self.known(), self._own, self._missing),
                )
            )
        )

    def known(self) -> list[str]:
        """The fields of a lead."""
        if self._described is None:
            rows = rows_in("marketo", self._calls.get("/rest/v1/leads/describe.json"), "result")
            self._described = [str(rest.get("name")) for row in rows if isinstance(rest := row.get("rest"), dict)]
        return self._described

    def happenings(self, records: Sequence[Record]) -> Iterable[Happening] | None:
        """What these leads did since the day of the option `activities`; None without it."""
        return None if self._activities is None else self._happenings(records, self._activities)

    def _happenings(self, records: Sequence[Record], since: str) -> Iterator[Happening]:
        for part in in_parts([str(record.get("id")) for record in records], MOST_LEADS):
            params: dict[str, object] = {"activityTypeIds": ",".join(KINDS), "leadIds": ",".join(part)}
            for rows, _ in self._logged("/rest/v1/activities.json", params, self._token(since)):
                for row in rows:
                    if source := KINDS.get(str(row.get("activityTypeId"))):
                        yield Happening(source, row)

    def write(self, updates: Sequence[Update]) -> Sequence[Answer]:
        """Write all by one request: only leads that are there, never a new one. An answer for each, by its place."""
        if not updates:
            return []
        rows = [{**update.changes, "id": _number(update.id)} for update in updates]
        body = {"action": "updateOnly", "lookupField": "id", "input": rows}
        answers = rows_in("marketo", self._calls.post("/rest/v1/leads.json", body), "result")
        if len(answers) != len(updates):
            raise AdapterError("marketo: it answers with another number of rows than were written")
        return [_answered(update.id, row) for update, row in zip(updates, answers, strict=True)]

    def forget(self) -> None:
        """Ask for a lead's fields anew."""
        self._described = None

    def cannot_make(self, new: NewProperty) -> str | None:
        """Why no field can be made for it."""
        return fault_of(new)

    def make(self, new: NewProperty) -> str | None:
        """Make a field, which can be hidden later and never be deleted."""
        try:
            answer = self._calls.post("/rest/v1/leads/schema/fields.json", {"input": [described(new)]})
        except MarketoRefusal as why:
            return why.answer
        rows = rows_in("marketo", answer, "result")
        return None if rows and rows[0].get("status") == "created" else _reasons(rows[0] if rows else {})

    def close(self) -> None:
        """Close the connections."""
        self._calls.close()


def day(option: str, text: str | None) -> str | None:
    """A day as the moment that it begins with, in UTC."""
    if text is None:
        return None
    try:
        return f"{date.fromisoformat(text)}T00:00:00Z"
    except ValueError:
        raise AdapterError(f"marketo: option {option!r} is a day, such as 2026-01-01") from None


def _number(text: str) -> object:
    return int(text) if text.isdecimal() else text


def _answered(who: str, row: Table) -> Answer:
    """A row that was skipped stands in an answer that says success."""
    if row.get("status") in ("updated", "created"):
        return Answer(who)
    return Answer(who, _reasons(row))


def _reasons(row: Table) -> str:
    reasons = [told(each.get("code"), each.get("message")) for each in rows_in("marketo", row, "reasons")]
    return told(row.get("status"), "; ".join(reasons))
