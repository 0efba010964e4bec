"""Reading Odoo's leads in the order of their changes with what belongs to them, and writing them back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from qualify.adapters.changes import oldest_first
from qualify.adapters.odoo.calls import OdooCalls, OdooRefusal, rows_of
from qualify.adapters.odoo.fields import described
from qualify.adapters.records import Answer, Happening, NewProperty, Page, Record, Update
from qualify.adapters.web import Table, table_in
from qualify.adapters.web_adapter import WebConnection, known_columns, top_names
from qualify.errors import AdapterError

if TYPE_CHECKING:
    from qualify.mapping import Mapping as LeadMapping

LEADS = "crm.lead"
SIZE = 500
ALWAYS = ("id", "create_date", "write_date")
OUTCOMES = ("won_status", "date_closed", "lost_reason_id", "expected_revenue")
JOINED = {
    "partner": ("res.partner", "partner_id"),
    "country": ("res.country", "country_id"),
    "tags": ("crm.tag", "tag_ids"),
}
"""What is put beside a lead: its table, of which model, and which field of the lead leads there."""


class OdooConnection(WebConnection):
    """A connection to one database. See `Connection`. A cursor is the moment of a change, in UTC."""

    source = "odoo"
    by_hand = f"Settings, Technical, Fields, of {LEADS}; names begin with x_, and the user needs the right Settings"
    batch_size = 100

    def __init__(
        self, calls: OdooCalls, properties: Sequence[str], own: LeadMapping, *, archived: bool, with_activities: bool
    ) -> None:
        self._calls, self._own, self._with_activities = calls, own, with_activities
        self._context: Table = {"active_test": False} if archived else {}
        self._properties = properties
        self._types: dict[str, dict[str, object]] = {}
        self._model: object = None

    def pages(self, since: str | None = None) -> Iterator[Page]:
        """All leads, or those that were made or changed since; each time those whose change nobody wrote down."""
        if since is not None:
            _moment(since)
        columns = self._columns()
        skip = 0
        while never := self._search(LEADS, [["write_date", "=", False]], columns, "id asc", skip):
            yield Page(tuple(self._joined(never)))
            skip += len(never)

        def read(start: str | None, skip: int) -> list[Table]:
            changed: list[object] = ["write_date", "!=", False] if start is None else ["write_date", ">=", start]
            return self._search(LEADS, [changed], columns, "write_date asc, id asc", skip)

        for rows, last in oldest_first("odoo", read, _changed, lambda row: str(row.get("id")), since, SIZE):
            yield Page(tuple(self._joined(rows)), last)

    def _search(
        self, model: str, domain: Sequence[list[object]], fields: Sequence[str], order: str, skip: int
    ) -> list[Table]:
        found = self._calls.call(
            model,
            "search_read",
            domain=list(domain),
            fields=list(fields),
            order=order,
            offset=skip,
            limit=SIZE,
            context=self._context,
        )
        return rows_of(found)

    def _columns(self) -> list[str]:
        known = self._fields(LEADS)
        wanted = [each for each in top_names(self._properties) if each not in JOINED]
        joins = [key for name, (_, key) in JOINED.items() if self._asked(name) and key in known]
        outcomes = [each for each in OUTCOMES if self._with_activities and each in known]
        columns = known_columns("odoo", wanted, list(known), self._own, self._missing)
        return list(dict.fromkeys((*ALWAYS, *columns, *joins, *outcomes)))

    def _asked(self, joined: str) -> list[str]:
        """The fields that the mapping reads of what is put beside a lead."""
        paths = [each.split(".") for each in self._properties if each.startswith(f"{joined}.")]
        return list(dict.fromkeys(part for path in paths for part in path[1:3] if part != "*"))

    def _fields(self, model: str) -> dict[str, object]:
        """A model's fields, and their types."""
        if model not in self._types:
            found = table_in("odoo", self._calls.call(model, "fields_get", attributes=["type"]))
            self._types[model] = {key: each.get("type") for key, each in found.items() if isinstance(each, dict)}
        return self._types[model]

    def _joined(self, rows: Sequence[Table]) -> Iterator[Record]:
        """Leads with their partner, country and tags, where the mapping asks for them."""
        found: dict[str, dict[int, Table]] = {}
        for name, (model, key) in JOINED.items():
            if asked := self._asked(name):
                columns = ["id", *(each for each in asked if each in self._fields(model))]
                ids = sorted({each for row in rows for each in _ids(row.get(key))})
                read = rows_of(self._calls.call(model, "read", ids=ids, fields=columns)) if ids else []
                found[name] = {each: row for row in read if isinstance(each := row.get("id"), int)}
        for row in rows:
            whole = dict(row)
            for name, by_id in found.items():
                those = [by_id[each] for each in _ids(row.get(JOINED[name][1])) if each in by_id]
                whole[name] = those if name == "tags" else (those[0] if those else None)
            yield whole

    def happenings(self, records: Sequence[Record]) -> Iterable[Happening] | None:
        """Meetings about these leads, and how they ended."""
        return self._happenings(records) if self._with_activities else None

    def _happenings(self, records: Sequence[Record]) -> Iterator[Happening]:
        yield from (Happening("outcomes", record) for record in records if record.get("won_status"))
        ids = [record.get("id") for record in records]
        skip = 0
        while rows := self._search(
            "calendar.event", [["opportunity_id", "in", ids]], ["id", "start", "opportunity_id"], "id asc", skip
        ):
            yield from (Happening("meetings", row) for row in rows)
            skip += len(rows)

    def write(self, updates: Sequence[Update]) -> Sequence[Answer]:
        """Write leads that get the same by one call, and one by one where that is refused: a call is all or nothing."""
        groups: dict[str, list[Update]] = {}
        for update in updates:
            groups.setdefault(json.dumps(self._values(update.changes), sort_keys=True), []).append(update)
        refused: dict[str, str] = {}
        for values, group in groups.items():
            for each, why in self._written(group, json.loads(values)):
                refused[each] = why
        return [Answer(update.id, refused.get(update.id)) for update in updates]

    def _written(self, group: Sequence[Update], values: Table) -> Iterator[tuple[str, str]]:
        known = [update for update in group if update.id.isdecimal()]
        yield from ((update.id, "an id of Odoo is a number") for update in group if update not in known)
        if not known:
            return
        try:
            self._calls.call(LEADS, "write", ids=[int(update.id) for update in known], vals=values)
        except OdooRefusal as why:
            if len(known) == 1:
                yield known[0].id, why.answer
            else:
                for update in known:
                    yield from self._written([update], values)

    def _values(self, changes: Mapping[str, object]) -> Table:
        """Values as Odoo takes them: nothing is false, a moment is in UTC without saying so."""
        types = self._fields(LEADS)
        values: Table = {}
        for key, value in changes.items():
            if key not in types:
                raise AdapterError(f"odoo has no field {key!r} in {LEADS}: make it, or take it out of the mapping")
            if value is None:
                value = False
            elif types[key] == "datetime" and isinstance(value, str):
                value = _utc(value)
            values[key] = value
        return values

    def known(self) -> dict[str, object]:
        """The fields of a lead, and their types."""
        return self._fields(LEADS)

    def forget(self) -> None:
        """Ask for a lead's fields anew."""
        self._types.pop(LEADS, None)

    def make(self, new: NewProperty) -> str | None:
        """Make a field of leads, as an administrator does."""
        try:
            self._calls.call("ir.model.fields", "create", vals_list=[described(new, self._model_id())])
        except OdooRefusal as why:
            return why.answer
        return None

    def _model_id(self) -> object:
        if self._model is None:
            domain = [["model", "=", LEADS]]
            found = rows_of(self._calls.call("ir.model", "search_read", domain=domain, fields=["id"], limit=1))
            if not found:
                raise AdapterError(f"odoo has no model {LEADS}: is CRM installed?")
            self._model = found[0].get("id")
        return self._model

    def close(self) -> None:
        """Close the connections."""
        self._calls.close()


def _ids(found: object) -> list[int]:
    """The ids that a field leads to: [7, "Belgium"] is one of them with its name, [7, 9] are two."""
    if not isinstance(found, list):
        return []
    if len(found) == 2 and isinstance(found[1], str):
        found = found[:1]
    return [each for each in found if isinstance(each, int) and not isinstance(each, bool)]


def _changed(row: Table) -> str:
    """When a lead was last changed, to the second: what is asked for is compared with more than is shown."""
    return str(row.get("write_date"))[:19].replace("T", " ")


def _moment(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S")
    except ValueError:
        raise AdapterError("odoo: this is no place to go on from; read everything (--full)") from None


def _utc(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{moment.astimezone(UTC) if moment.tzinfo else moment:%Y-%m-%d %H:%M:%S}"
