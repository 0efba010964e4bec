"""Reading a module of Zoho CRM (API v8) in the order of its records' changes, and writing many rows at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from qualify.adapters.records import Answer, Happening, NewProperty, Page, Record, Update
from qualify.adapters.web import REFUSALS, Table, Web, in_parts, rows_in, table_in, told
from qualify.adapters.web_adapter import WebConnection, known_columns, top_names
from qualify.adapters.zoho.fields import described
from qualify.errors import AdapterError

if TYPE_CHECKING:
    from qualify.mapping import Mapping as LeadMapping

SIZE, MOST_IDS, MOST_COLUMNS, MOST_ROWS = 200, 50, 50, 2000
ALWAYS = ("id", "Created_Time", "Modified_Time")
COLUMNS = {
    "calls": ("Calls", ("Call_Start_Time", "Call_Status", "Call_Result")),
    "events": ("Events", ("Start_DateTime", "Event_Title")),
}
FIELDS, SCOPE = "/crm/v8/settings/fields", "OAUTH_SCOPE_MISMATCH"
A_SECOND = timedelta(seconds=1)


class ZohoConnection(WebConnection):
    """A connection to one module of one organisation. See `Connection`. A cursor is the moment of a change."""

    source = "zoho"
    batch_size = 100

    def __init__(
        self, web: Web, module: str, properties: Sequence[str], own: LeadMapping, *, with_activities: bool
    ) -> None:
        self._web, self._module, self._own, self._with_activities = web, module, own, with_activities
        self._paths = [each for each in properties if not each.startswith("$")]  # what is beside the record comes
        self._known: dict[str, list[str]] = {}

    def pages(self, since: str | None = None) -> Iterator[Page]:
        """All records, or those that were made or changed since."""
        headers = {} if since is None else {"If-Modified-Since": _before(since)}
        params: dict[str, object] = {
            "fields": ",".join(self._columns()),
            "sort_by": "Modified_Time",
            "sort_order": "asc",
            "per_page": SIZE,
        }
        cursor, tokens, seen = since, set[str](), set[tuple[object, object]]()
        while True:
            data = self._web.get(f"/crm/v8/{self._module}", params, headers=headers).data
            rows = rows_in("zoho", data, "data")
            keys = [(row.get("id"), row.get("Modified_Time")) for row in rows]
            new = [row for row, key in zip(rows, keys, strict=True) if key not in seen]
            seen = set(keys)
            cursor = str(rows[-1].get("Modified_Time") or cursor) if rows else cursor
            yield Page(tuple(self._joined(new)), cursor)
            token = _next(data)
            if token is None:
                return
            if token in tokens:
                raise AdapterError("zoho: it gives the same page again and again")
            tokens.add(token)
            params["page_token"] = token

    def _columns(self) -> list[str]:
        wanted = [each for each in top_names(self._paths) if each != "account"]
        columns = list(
            dict.fromkeys(
                (*ALWAYS, *known_columns("zoho", wanted, self._fields(self._module), self._own, self._missing))
            )
        )
        if len(columns) > MOST_COLUMNS:
            raise AdapterError(
                f"zoho gives at most {MOST_COLUMNS} fields of a record; the mapping reads {len(columns)}"
            )
        return columns

    def _fields(self, module: str) -> list[str]:
        if module not in self._known:
            data = self._web.get(FIELDS, {"module": module}).data
            self._known[module] = [str(row.get("api_name")) for row in rows_in("zoho", data, "fields")]
        return self._known[module]

    def _joined(self, rows: Sequence[Table]) -> Iterator[Record]:
        """Contacts with their account, where the mapping asks for it."""
        columns = top_names([each.removeprefix("account.") for each in self._paths if each.startswith("account.")])
        if self._module != "Contacts" or not columns:
            yield from rows
            return
        wanted = [each for each in columns if each in self._fields("Accounts")]
        found: dict[str, Table] = {}
        for part in in_parts([_id_of(row.get("Account_Name")) for row in rows if row.get("Account_Name")], MOST_IDS):
            params = {"ids": ",".join(part), "fields": ",".join(["id", *wanted]), "per_page": SIZE}
            data = self._web.get("/crm/v8/Accounts", params).data
            found |= {str(each.get("id")): each for each in rows_in("zoho", data, "data")}
        for row in rows:
            yield {**row, "account": found.get(_id_of(row.get("Account_Name")))}

    def happenings(self, records: Sequence[Record]) -> Iterable[Happening] | None:
        """Calls and events of these records, by queries for 50 at a time."""
        return self._happenings(records) if self._with_activities else None

    def _happenings(self, records: Sequence[Record]) -> Iterator[Happening]:
        # A lead is what a call is about; a contact is who was called.
        whose = "'What_Id->Leads.id'" if self._module == "Leads" else "Who_Id"
        for part in in_parts([str(record.get("id")) for record in records], MOST_IDS):
            ids = ", ".join(f"'{each}'" for each in part if each.isdecimal())
            for source, (module, columns) in COLUMNS.items():
                query = f"select {', '.join(columns)}, {whose} from {module} where {whose} in ({ids})"
                for row in self._queried(f"{query} order by id asc") if ids else ():
                    lead = row.get("What_Id->Leads.id") if self._module == "Leads" else _id_of(row.get("Who_Id"))
                    yield Happening(source, {**row, "of_lead": lead})

    def _queried(self, query: str) -> Iterator[Table]:
        start, more = 0, True
        while more:
            body = {"select_query": f"{query} limit {start}, {MOST_ROWS}"}
            data = self._web.ask("POST", "/crm/v8/coql", body=body).data
            rows = rows_in("zoho", data, "data")
            yield from rows
            info = data.get("info") if isinstance(data, dict) else None
            start += len(rows)
            more = bool(rows) and isinstance(info, dict) and info.get("more_records") is True

    def write(self, updates: Sequence[Update]) -> Sequence[Answer]:
        """Write all by one request, whose answer has a row for each."""
        if not updates:
            return []
        rows = [{**update.changes, "id": update.id} for update in updates]
        reply = self._web.ask("PUT", f"/crm/v8/{self._module}", body={"data": rows}, accept=(400,))
        answers = reply.data.get("data") if isinstance(reply.data, dict) else None
        if not isinstance(answers, list) or len(answers) != len(updates):
            self._web.refuse(f"zoho: PUT /crm/v8/{self._module}", reply.data, f"HTTP {reply.status}")
        return [_answered(update.id, row) for update, row in zip(updates, answers or (), strict=True)]

    def known(self) -> list[str]:
        """The fields of the module."""
        return self._fields(self._module)

    @property
    def by_hand(self) -> str:
        """Where a person makes a field."""
        return f"Setup, Modules and Fields, {self._module}"

    def forget(self) -> None:
        """Ask for the module's fields anew."""
        self._known.pop(self._module, None)

    def make(self, new: NewProperty) -> str | None:
        """Make a field, which Zoho puts into the standard layout and lets every profile edit."""
        field = described(new)
        reply = self._web.ask(
            "POST", FIELDS, params={"module": self._module}, body={"fields": [field]}, accept=(401, *REFUSALS)
        )
        answer = table_in("zoho", reply.data or {})
        if reply.status == 401 and code_in(answer) != SCOPE:
            self._web.refuse(f"zoho: POST {FIELDS}", answer, "HTTP 401", not_taken=True)
        rows = rows_in("zoho", answer, "fields") or [answer]
        if reply.status < 400 and all(row.get("code") == "SUCCESS" for row in rows):
            return None
        if code_in(answer) == SCOPE:
            return f"{SCOPE}: the refresh token needs the scope ZohoCRM.settings.fields.CREATE"
        return told(rows[0].get("code"), rows[0].get("message"), f"HTTP {reply.status}")

    def close(self) -> None:
        """Close the connections."""
        self._web.close()


def token_from(accounts: Web, form: Mapping[str, str]) -> str:
    """A new access token for the refresh token; Zoho says no with HTTP 200."""
    data = table_in("zoho", accounts.ask("POST", "/oauth/v2/token", form=form, accept=(400,)).data)
    token = data.get("access_token")
    if not isinstance(token, str):
        accounts.refuse("zoho: POST /oauth/v2/token", data, not_taken=True)
    return f"Zoho-oauthtoken {token}"


def code_in(data: object) -> object:
    """Zoho's word for why, such as OAUTH_SCOPE_MISMATCH."""
    return data.get("code") or data.get("error") if isinstance(data, dict) else None


def _answered(who: str, row: object) -> Answer:
    if not isinstance(row, dict):
        return Answer(who, "an answer that says nothing")
    if row.get("status") == "success" or row.get("code") == "SUCCESS":
        return Answer(who)
    details = row.get("details")
    return Answer(who, told(row.get("code"), row.get("message"), isinstance(details, dict) and details.get("api_name")))


def _next(data: object) -> str | None:
    """The next page's token, where there is a next page."""
    info = data.get("info") if isinstance(data, dict) else None
    if not isinstance(info, dict) or info.get("more_records") is not True:
        return None
    token = info.get("next_page_token")
    if not isinstance(token, str) or not token:
        raise AdapterError("zoho: it has more records, but doesn't say how to get them")
    return token


def _before(since: str) -> str:
    """A moment a second earlier: what is asked for is later than it, and seconds are all that Zoho tells."""
    try:
        moment = datetime.fromisoformat(since) - A_SECOND
    except (ValueError, OverflowError):
        raise AdapterError("zoho: this is no place to go on from; read everything (--full)") from None
    return moment.isoformat()


def _id_of(lookup: object) -> str:
    return str(lookup.get("id")) if isinstance(lookup, dict) else ""
