"""Reading Pipedrive's leads with who they are, and writing to their custom fields.

Leads come from API v1, which alone lists them; persons, organizations, activities and deals from v2.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from qualify.adapters.changes import oldest_first
from qualify.adapters.pipedrive.custom import CUSTOM, CustomFields, described, fault_of, label_of
from qualify.adapters.records import Answer, Happening, NewProperty, Page, Record, Update
from qualify.adapters.web import REFUSALS, Reply, Table, Web, in_parts, rows_in, table_in, told
from qualify.adapters.web_adapter import WebConnection, top_names
from qualify.errors import AdapterError

if TYPE_CHECKING:
    from qualify.mapping import Mapping as LeadMapping

SIZE, MOST_IDS = 500, 100
PEOPLE = {"person": ("person_id", "/api/v2/persons"), "organization": ("organization_id", "/api/v2/organizations")}
HAPPENINGS = {"activities": "/api/v2/activities", "deals": "/api/v2/deals"}
FIELDS = "/api/v2/dealFields"
"""A lead's custom fields are those of deals."""
LEAD_REFUSALS = REFUSALS - {403}
"""Who may not write one lead may write none."""
OVERLAP = timedelta(minutes=1)
"""What the vendor's clocks may differ by among themselves."""


class PipedriveConnection(WebConnection):
    """A connection to one account. See `Connection`.

    A cursor is two moments: up to where leads were read, and up to where changes of persons and organizations were
    followed, since a change of a person leaves its leads as they are.
    """

    source, by_hand = "pipedrive", "Data fields, Lead/deal; your API token's user must be allowed to add fields"
    batch_size = 50

    def __init__(self, web: Web, properties: Sequence[str], own: LeadMapping, *, with_activities: bool) -> None:
        self._web, self._with_activities = web, with_activities
        self._tops = frozenset(top_names(properties))
        self._names = _custom_names(properties)
        self._optional = frozenset(_custom_names(own.sources))
        self._custom: CustomFields | None = None
        self._owners: dict[str, Table] | None = None
        self._began: datetime | None = None

    def pages(self, since: str | None = None) -> Iterator[Page]:
        """All leads, or those that were made or changed since, themselves or in their person or organization."""
        leads_since, people_since = _moments(since)
        touched = {kind: self._touched(path, people_since) for kind, (_, path) in PEOPLE.items() if people_since}
        followed = people_since if any(touched.values()) else None
        last: str | None = leads_since
        for rows, last in self._walk(leads_since):
            yield Page(tuple(self._joined(rows)), _cursor(last, followed or self._now))
        if followed is None:
            return
        for rows, _ in self._walk(None):  # older ones; 500 a request, where asking for each person's would be one each
            older = [row for row in rows if _changed(row) < (leads_since or "") and _is_touched(row, touched)]
            if older:
                yield Page(tuple(self._joined(older)))
        yield Page((), _cursor(last, self._now))

    def _walk(self, since: str | None) -> Iterator[tuple[list[Table], str | None]]:
        return oldest_first("pipedrive", self._leads, _changed, lambda row: str(row.get("id")), since, SIZE)

    def _leads(self, since: str | None, skip: int) -> list[Table]:
        params: dict[str, object] = {"sort": "update_time ASC, id ASC", "start": skip, "limit": SIZE}
        return self._rows(self._get("/v1/leads", {**params, **({"updated_since": since} if since else {})}))

    def _touched(self, path: str, since: str) -> set[str]:
        params = {"updated_since": since, "sort_by": "update_time", "sort_direction": "asc", "limit": SIZE}
        return {str(row.get("id")) for row in self._all(path, params)}

    def _joined(self, rows: Sequence[Table]) -> Iterator[Record]:
        """Leads with their person, organization, owner and custom fields, where the mapping asks for them."""
        joined: dict[str, dict[str, Table]] = {}
        for kind, (key, path) in PEOPLE.items():
            if kind in self._tops:
                joined[kind] = {}
                ids = [str(row[key]) for row in rows if row.get(key) is not None]
                more = {"include_fields": "marketing_status"} if kind == "person" else {}
                for part in in_parts(ids, MOST_IDS):
                    found = self._rows(self._get(path, {"ids": ",".join(part), "limit": MOST_IDS, **more}))
                    joined[kind] |= {str(each.get("id")): each for each in found}
        if "owner" in self._tops and rows and self._owners is None:
            self._owners = {str(each.get("id")): each for each in self._rows(self._get("/v1/users"))}
        for row in rows:
            whole = dict(row)
            for kind, found_by_id in joined.items():
                whole[kind] = found_by_id.get(str(row.get(PEOPLE[kind][0])))
            if self._owners is not None:
                whole["owner"] = self._owners.get(str(row.get("owner_id")))
            if self._names:
                whole["custom"] = self._custom_fields().named(row, self._names, self._optional | self._missing)
            yield whole

    def happenings(self, records: Sequence[Record]) -> Iterable[Happening] | None:
        """Activities and deals of these leads and their persons; None where the option `activities` isn't yes."""
        return self._happenings(records) if self._with_activities else None

    def _happenings(self, records: Sequence[Record]) -> Iterator[Happening]:
        for record in records:
            person, lead = record.get("person_id"), record.get("id")
            asked: list[tuple[str, dict[str, object]]] = [("activities", {"lead_id": lead})]
            if person is not None:
                asked += [("activities", {"person_id": person}), ("deals", {"person_id": person})]
            seen = set()
            for source, params in asked:
                for row in self._all(HAPPENINGS[source], {**params, "limit": SIZE}):
                    if (source, row.get("id")) not in seen:
                        seen.add((source, row.get("id")))
                        yield Happening(source, {**row, "of_lead": lead})

    def write(self, updates: Sequence[Update]) -> Sequence[Answer]:
        """Write each lead by a request of its own: there is none for many."""
        return [self._written(update) for update in updates]

    def _written(self, update: Update) -> Answer:
        body: Table = {key: value for key, value in update.changes.items() if key != "custom"}
        custom = update.changes.get("custom")
        if isinstance(custom, Mapping):
            body |= self._custom_fields().coded(custom)
        path = f"/v1/leads/{_part(update.id)}"
        return Answer(update.id, self._refused(self._web.ask("PATCH", path, body=body, accept=LEAD_REFUSALS)))

    @staticmethod
    def _refused(reply: Reply) -> str | None:
        answer = reply.data if isinstance(reply.data, dict) else {}
        if reply.status in REFUSALS or answer.get("success") is False:
            return told(answer.get("error"), answer.get("error_info"), f"HTTP {reply.status}")
        return None

    def known(self) -> frozenset[str]:
        """The custom fields of leads."""
        return self._custom_fields().names

    def called(self, new: NewProperty) -> str:
        """A custom field by the name that people read: its code is the server's, made with it."""
        return label_of(new)

    def forget(self) -> None:
        """Ask for the custom fields anew."""
        self._custom = None

    def cannot_make(self, new: NewProperty) -> str | None:
        """Why no custom field can be made for it."""
        return fault_of(new)

    def make(self, new: NewProperty) -> str | None:
        """Make a custom field of leads and deals."""
        return self._refused(self._web.ask("POST", FIELDS, body=described(new), accept=REFUSALS))

    def _custom_fields(self) -> CustomFields:
        if self._custom is None:
            self._custom = CustomFields(list(self._all(FIELDS, {"limit": SIZE})))
        return self._custom

    def _all(self, path: str, params: Mapping[str, object]) -> Iterator[Table]:
        """Every row of a list of API v2, page after page."""
        cursor: object = None
        while True:
            reply = self._get(path, {**params, **({"cursor": cursor} if cursor else {})})
            yield from self._rows(reply)
            more = table_in("pipedrive", reply.data).get("additional_data")
            before, cursor = cursor, more.get("next_cursor") if isinstance(more, dict) else None
            if not cursor:
                return
            if cursor == before:
                raise AdapterError(f"pipedrive: GET {path}: it gives the same page again and again")

    def _get(self, path: str, params: Mapping[str, object] | None = None) -> Reply:
        reply = self._web.get(path, params)
        self._began = self._began or reply.at
        return reply

    def _rows(self, reply: Reply) -> list[Table]:
        answer = table_in("pipedrive", reply.data)
        if answer.get("success") is False:
            self._web.refuse("pipedrive", answer)
        return rows_in("pipedrive", answer, "data")

    @property
    def _now(self) -> str:
        """When this read began, by the vendor's clock."""
        return f"{(self._began or datetime.now(UTC)) - OVERLAP:%Y-%m-%dT%H:%M:%SZ}"

    def close(self) -> None:
        """Close the connections."""
        self._web.close()


def _custom_names(properties: Sequence[str]) -> list[str]:
    return [each.removeprefix(CUSTOM) for each in properties if each.startswith(CUSTOM)]


def _moments(since: str | None) -> tuple[str | None, str | None]:
    """A cursor's two moments."""
    if since is None:
        return None, None
    parts = since.split(" ")
    if len(parts) != 2 or not parts[1]:
        raise AdapterError("pipedrive: this is no place to go on from; read everything (--full)")
    return parts[0] or None, parts[1]


def _cursor(leads: str | None, people: str) -> str:
    return f"{leads or ''} {people}"


def _changed(row: Table) -> str:
    """When a lead was last changed, to the second: `updated_since` knows no more."""
    return f"{str(row.get('update_time') or row.get('add_time'))[:19]}Z"


def _is_touched(row: Table, touched: Mapping[str, set[str]]) -> bool:
    return any(str(row.get(PEOPLE[kind][0])) in ids for kind, ids in touched.items())


def _part(text: str) -> str:
    """An id as a part of a path."""
    from urllib.parse import quote

    return quote(text, safe="")
