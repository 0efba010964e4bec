"""Reading rows of Dataverse with their labels, page by page as it says, and writing many in one batch request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

from qualify.adapters.dynamics365.batch import batch_answers, batch_of
from qualify.adapters.dynamics365.columns import described
from qualify.adapters.records import Answer, Happening, NewProperty, Page, Record, Update
from qualify.adapters.web import REFUSALS, Table, Web, in_parts, rows_in, table_in, told
from qualify.adapters.web_adapter import WebConnection, known_columns, top_names
from qualify.errors import AdapterError

if TYPE_CHECKING:
    from qualify.mapping import Mapping as LeadMapping

API = "/api/data/v9.2"
HEADERS = {"OData-MaxVersion": "4.0", "OData-Version": "4.0"}
SIZE, MOST_IDS, ENGLISH = 500, 50, 1033
CURRENCY = "transactioncurrencyid"
ACTIVITY = ("activityid", "activitytypecode", "statecode", "actualend", "scheduledend", "_regardingobjectid_value")


class DynamicsConnection(WebConnection):
    """A connection to one table of one environment. See `Connection`. A cursor is the moment of a change."""

    source = "dynamics365"
    batch_size = 100

    def __init__(
        self,
        web: Web,
        table: str,
        properties: Sequence[str],
        own: LeadMapping,
        *,
        with_activities: bool,
        solution: str | None = None,
    ) -> None:
        self._web, self._table, self._own, self._with_activities = web, table, own, with_activities
        self._solution, self._language = solution, 0
        self._properties = properties
        self._key = f"{table}id"
        self._described: frozenset[str] | None = None

    def pages(self, since: str | None = None) -> Iterator[Page]:
        """All rows, or those that were made or changed since."""
        params: dict[str, object] | None = {
            "$select": ",".join(self._columns()),
            "$orderby": f"modifiedon asc,{self._key} asc",
        }
        if any(each.startswith(f"{CURRENCY}.") for each in self._properties):
            params = {**(params or {}), "$expand": f"{CURRENCY}($select=isocurrencycode)"}
        if since is not None:
            params = {**(params or {}), "$filter": f"modifiedon ge {_moment(since)}"}
        link, links, cursor = f"{API}/{self._table}s", set[str](), since
        while True:
            data = self._read(link, params)
            rows = rows_in("dynamics365", data, "value")
            cursor = str(rows[-1].get("modifiedon") or cursor) if rows else cursor
            yield Page(tuple(rows), cursor)
            following = data.get("@odata.nextLink")
            if not isinstance(following, str):
                return
            if following in links:
                raise AdapterError("dynamics365: it gives the same page again and again")
            links.add(following)
            link, params = following, None  # as it stands: it is the source's own

    def _read(self, path: str, params: Mapping[str, object] | None) -> Table:
        prefer = f'odata.include-annotations="*",odata.maxpagesize={SIZE}'
        return table_in("dynamics365", self._web.get(path, params, headers={"Prefer": prefer}).data)

    def _columns(self) -> list[str]:
        """The columns to ask for; their labels come along."""
        wanted = [each for each in top_names(self._properties) if each not in (CURRENCY, self._other_key)]
        known = [*self.known(), *(f"_{each}_value" for each in self.known())]  # lookups are read by another name
        return list(
            dict.fromkeys(
                (self._key, "modifiedon", *known_columns("dynamics365", wanted, known, self._own, self._missing))
            )
        )

    @property
    def _other_key(self) -> str:
        return "contactid" if self._table == "lead" else "leadid"

    def known(self) -> frozenset[str]:
        """The columns of the table."""
        if self._described is None:
            data = self._web.get(self._attributes, {"$select": "LogicalName"}).data
            self._described = frozenset(str(row.get("LogicalName")) for row in rows_in("dynamics365", data, "value"))
        return self._described

    def happenings(self, records: Sequence[Record]) -> Iterable[Happening] | None:
        """Activities about these records, by requests for 50 at a time."""
        return self._happenings(records) if self._with_activities else None

    def _happenings(self, records: Sequence[Record]) -> Iterator[Happening]:
        for part in in_parts([str(record.get(self._key)) for record in records], MOST_IDS):
            ids = ",".join(f"'{each}'" for each in part if _is_guid(each))
            within = f"Microsoft.Dynamics.CRM.In(PropertyName='regardingobjectid',PropertyValues=[{ids}])"
            params: Mapping[str, object] | None = {"$select": ",".join(ACTIVITY), "$filter": within}
            link = f"{API}/activitypointers" if ids else ""
            while link:
                data = self._read(link, params)
                for row in rows_in("dynamics365", data, "value"):
                    yield Happening("activities", row)
                following, params = data.get("@odata.nextLink"), None
                link = following if isinstance(following, str) and following != link else ""

    def write(self, updates: Sequence[Update]) -> Sequence[Answer]:
        """Write all by one batch request, which goes on after an error and answers each."""
        if not updates:
            return []
        paths = [f"{API}/{self._table}s({quote(update.id, safe='-')})" for update in updates]
        text, headers = batch_of(paths, [update.changes for update in updates])
        reply = self._web.ask("POST", f"{API}/$batch", text=text, headers=headers, is_json=False)
        refused = batch_answers(reply.text, reply.headers.get("Content-Type", ""), len(updates))
        return [Answer(update.id, why) for update, why in zip(updates, refused, strict=True)]

    @property
    def _attributes(self) -> str:
        return f"{API}/EntityDefinitions(LogicalName='{self._table}')/Attributes"

    @property
    def by_hand(self) -> str:
        """Where a person makes a column."""
        return (
            f"the table {self._table}, in a solution of yours, whose publisher's prefix begins the columns' names; an "
            "application user needs the role System Customizer for it"
        )

    def forget(self) -> None:
        """Ask for the table's columns anew."""
        self._described = None

    def make(self, new: NewProperty) -> str | None:
        """Make a column, in the solution that was named or the default one. It needs no publishing."""
        body = described(new, self._base_language())
        headers = {} if self._solution is None else {"MSCRM.SolutionUniqueName": self._solution}
        reply = self._web.ask("POST", self._attributes, body=body, headers=headers, accept=REFUSALS)
        if reply.status < 400:
            return None
        error = reply.data.get("error") if isinstance(reply.data, dict) else None
        error = error if isinstance(error, dict) else {}
        return told(error.get("code"), error.get("message"), f"HTTP {reply.status}")

    def _base_language(self) -> int:
        """The language that every label must be said in."""
        if not self._language:
            data = self._web.get(f"{API}/organizations", {"$select": "languagecode"}).data
            code = next((row.get("languagecode") for row in rows_in("dynamics365", data, "value")), None)
            self._language = code if isinstance(code, int) else ENGLISH
        return self._language

    def close(self) -> None:
        """Close the connections."""
        self._web.close()


def token_from(login: Web, form: Mapping[str, str]) -> str:
    """A token of the client's own."""
    path = "/oauth2/v2.0/token"
    data = table_in("dynamics365", login.ask("POST", path, form=form, accept=(400, 401)).data)
    token = data.get("access_token")
    if not isinstance(token, str):
        login.refuse(f"dynamics365: POST {path}", data, not_taken=True)
    return f"Bearer {token}"


def code_in(data: object) -> object:
    """Dataverse's code for why, such as 0x80040220, or the login's, such as invalid_client."""
    error = data.get("error") if isinstance(data, dict) else None
    return error.get("code") if isinstance(error, dict) else error


def _moment(since: str) -> str:
    from datetime import UTC, datetime

    try:
        return datetime.fromisoformat(since).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError):
        raise AdapterError("dynamics365: this is no place to go on from; read everything (--full)") from None


def _is_guid(text: str) -> bool:
    return len(text) == 36 and all(each in "0123456789abcdefABCDEF-" for each in text)
