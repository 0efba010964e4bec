"""An open connection to one Salesforce: leads or contacts out, updates in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any, Literal

from qualify.adapters.making import make_missing
from qualify.adapters.records import Answer, Connection, Happening, NewProperty, Page, Record, Update
from qualify.adapters.salesforce.bulk import BulkPages, plain, upserted
from qualify.adapters.salesforce.client import Client, NotThere
from qualify.adapters.salesforce.columns import TableColumns
from qualify.adapters.salesforce.making import FieldMaker, unseen
from qualify.adapters.salesforce.places import Place, literal, place_of
from qualify.adapters.salesforce.reading import ChangedPages, all_records
from qualify.errors import AdapterError, enumerated

Table = Literal["Lead", "Contact"]
IDS_A_QUERY = 300
"""How many ids a query names: its text travels in an address, which may have 16,000 characters."""
BULK_FROM = 10_000
"""From how many records on a first read is a bulk query."""
ROWS_A_CALL, ROWS_A_JOB = 200, 10_000
_LOCKED = "UNABLE_TO_LOCK_ROW"


@dataclass(frozen=True, slots=True)
class Related:
    """A table of what happened with a lead: the mapping's name for it, whose column, what is asked of it."""

    source: str
    table: str
    whose: Mapping[Table, str]
    columns: tuple[str, ...]
    where: str = ""


RELATED = (
    Related(
        "tasks",
        "Task",
        {"Lead": "WhoId", "Contact": "WhoId"},
        ("Status", "IsClosed", "TaskSubtype", "Type", "ActivityDate", "CompletedDateTime", "CallDisposition",
         "CallDurationInSeconds", "CreatedDate"),
    ),
    Related(
        "events",
        "Event",
        {"Lead": "WhoId", "Contact": "WhoId"},
        ("StartDateTime", "EndDateTime", "ActivityDate", "IsAllDayEvent", "IsChild", "EventSubtype", "Type",
         "CreatedDate"),
    ),
    Related(
        "campaign_members",
        "CampaignMember",
        {"Lead": "LeadId", "Contact": "ContactId"},
        ("Status", "HasResponded", "FirstRespondedDate", "Campaign.Name", "Campaign.Type", "CreatedDate"),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choices:
    """What the options say."""

    table: Table = "Lead"
    converted: bool = False
    where: str = ""
    bulk: Literal["auto", "yes", "no"] = "auto"
    margin: timedelta = timedelta(minutes=5)
    permission_set: str = ""


class Begun(Iterator[Page]):
    """Pages whose kind is decided by asking the source: with the first page, so that trouble can be tried again."""

    def __init__(self, begin: Callable[[], Iterator[Page]]) -> None:
        self._begin = begin
        self._pages: Iterator[Page] | None = None

    def __next__(self) -> Page:
        if self._pages is None:
            self._pages = self._begin()
        return next(self._pages)


class SalesforceConnection(Connection):
    """Leads, or contacts with their accounts, through simple-salesforce."""

    def __init__(self, client: Client, properties: Sequence[str], ours: Iterable[str], choices: Choices) -> None:
        self._client, self._choices = client, choices
        self._properties, self._optional = tuple(properties), set(ours)
        self._described: dict[str, Mapping[str, Any]] = {}
        self.batch_size = ROWS_A_JOB if choices.bulk == "yes" else ROWS_A_CALL

    def __repr__(self) -> str:
        return f"<SalesforceConnection of {self._choices.table}>"

    def pages(self, since: str | None = None) -> Iterator[Page]:
        """All records in the order of their last change, or those changed since; `next` may be tried again.

        A first read of many is a bulk query, in no order. Records whose account, tasks, events or campaigns changed
        count as changed.
        """
        place = None if since is None else place_of(since)
        return Begun(lambda: self._first_or_changed(place))

    def _first_or_changed(self, place: Place | None) -> Iterator[Page]:
        if place is None and self._choices.bulk != "no":
            total = self._client.query(self._select("", columns=["COUNT()"])).get("totalSize")
            if self._choices.bulk == "yes" or (isinstance(total, int) and total >= BULK_FROM):
                newest = self._select("", "SystemModstamp DESC, Id DESC", ["Id", "SystemModstamp"])
                return BulkPages(
                    self._client, self._select(""), f"{newest} LIMIT 1", self._columns,
                    total=total, margin=self._choices.margin,
                )  # fmt: skip
        _ = self._asked  # describes the table, which also tells the server's time
        return ChangedPages(self._client, self._select, place, linked=self._linked, margin=self._choices.margin)

    def happenings(self, records: Sequence[Record]) -> list[Happening] | None:
        """Tasks, events and campaigns of these records; None where this user may not see one of the three."""
        if any(columns is None for columns in self._related.values()):
            return None
        ids = [name for record in records if isinstance(name := record.get("Id"), str) and name.isalnum()]
        found = []
        for related in RELATED:
            whose, columns = related.whose[self._choices.table], self._related[related.source]
            for some in _chunks(ids):
                soql = f"SELECT {', '.join(columns or ())} FROM {related.table} WHERE {whose} IN ({some})"
                found += [Happening(related.source, row) for row in all_records(self._client, soql)]
        return found

    def write(self, updates: Sequence[Update]) -> list[Answer]:
        """Update records: each row is taken or refused by itself, and a row that is locked is tried once more."""
        if not updates:
            return []
        if self._choices.bulk == "yes":
            return upserted(self._client, self._choices.table, updates, plain)
        answers = self._write(updates)
        locked = [at for at, answer in enumerate(answers) if (answer.refused or "").startswith(_LOCKED)]
        if locked:
            for at, answer in zip(locked, self._write([updates[at] for at in locked]), strict=True):
                answers[at] = answer
        return answers

    def missing(self, wanted: Sequence[NewProperty]) -> list[NewProperty]:
        """Which of these aren't columns of the table; AdapterError where one is, but can't be written to."""
        fields = self._columns.fields
        if below := [each.path for each in wanted if "." in each.path]:
            raise AdapterError(
                f"salesforce writes to columns of {self._choices.table} itself, not to those of another record: "
                f"{enumerated(below)}"
            )
        self._optional |= {each.name for each in wanted}  # whoever asked knows which aren't there
        fixed = [each.name for each in wanted if each.name in fields and not fields[each.name].get("updateable")]
        if fixed:
            raise AdapterError(
                f"salesforce: {enumerated(fixed)} of {self._choices.table} can't be written to: it is computed, or this "
                "user's profile may only read it (Setup, Object Manager, Fields, Set Field-Level Security)"
            )
        return [each for each in wanted if each.name not in fields]

    def create(self, properties: Sequence[NewProperty]) -> None:
        """Make these fields; what is there is left alone. Raises NotMade for those that are refused, or aren't seen."""
        table = self._choices.table
        maker = FieldMaker(self._client, table, self._choices.permission_set)

        def missing(wanted: Sequence[NewProperty]) -> Sequence[NewProperty]:
            maker.forget()
            self._described.pop(table, None)
            for each in ("_columns", "_asked"):
                self.__dict__.pop(each, None)
            return self.missing(wanted)

        make_missing(
            "salesforce",
            properties,
            missing=missing,
            make=maker.make,
            by_hand=f"Setup, Object Manager, {table}, Fields & Relationships, New",
            unseen=unseen(table),
        )

    def close(self) -> None:
        """Close the session."""
        self._client.close()

    @cached_property
    def _columns(self) -> TableColumns:
        return TableColumns(self._choices.table, self._describe)

    @cached_property
    def _asked(self) -> list[str]:
        return self._columns.asked(self._properties, self._optional)

    @cached_property
    def _related(self) -> dict[str, list[str] | None]:
        """What is asked of each related table, None where the user may not see it."""
        found: dict[str, list[str] | None] = {}
        for related in RELATED:
            whose = related.whose[self._choices.table]
            table = TableColumns(related.table, self._describe)
            try:
                found[related.source] = table.asked([whose, *related.columns], related.columns)
            except NotThere:
                found[related.source] = None
        return found

    def _describe(self, table: str) -> Mapping[str, Any]:
        if table not in self._described:
            self._described[table] = self._client.describe(table)
        return self._described[table]

    def _select(self, condition: str, order: str = "", columns: Sequence[str] | None = None) -> str:
        conditions = [condition] if condition else []
        if self._choices.table == "Lead" and not self._choices.converted:
            conditions.append("IsConverted = false")  # it lives on as a contact, and can't be written to
        if self._choices.where:
            conditions.append(f"({self._choices.where})")
        soql = f"SELECT {', '.join(columns or self._asked)} FROM {self._choices.table}"
        if conditions:
            soql += f" WHERE {' AND '.join(conditions)}"
        return f"{soql} ORDER BY {order}" if order else soql

    def _linked(self, since: Place) -> list[str]:
        """Conditions for the records to which something that belongs to them happened since."""
        stamp, touched = literal(since.stamp), set[str]()
        for related in RELATED:
            whose = related.whose[self._choices.table]
            if self._related[related.source] is not None:
                rows = all_records(
                    self._client,
                    f"SELECT {whose} FROM {related.table} WHERE SystemModstamp >= {stamp} AND {whose} != null",
                )
                touched |= {name for row in rows if isinstance(name := row.get(whose), str) and name.isalnum()}
        conditions = [f"Id IN ({some})" for some in _chunks(sorted(touched))]
        if self._choices.table == "Contact" and "Account" in self._columns.parents:
            conditions.append(f"Account.SystemModstamp >= {stamp}")
        return conditions

    def _write(self, updates: Sequence[Update]) -> list[Answer]:
        kind = {"type": self._choices.table}
        rows = [
            {"attributes": kind, "Id": update.id, **{name: plain(value) for name, value in update.changes.items()}}
            for update in updates
        ]
        said = self._client.send("composite/sobjects", "PATCH", {"allOrNone": False, "records": rows})
        if not isinstance(said, list) or len(said) != len(updates):
            raise AdapterError(f"Salesforce's answer to {len(updates)} updates has another number of results")
        return [Answer(update.id, _refused(result)) for update, result in zip(updates, said, strict=True)]


def _refused(result: object) -> str | None:
    """What a row's result says where it wasn't taken; a row's result can be an error inside an answer of success."""
    if not isinstance(result, Mapping):
        return "an answer of another shape"
    if result.get("success") is True:
        return None
    errors = [each for each in result.get("errors") or () if isinstance(each, Mapping)]
    lines = [f"{each.get('statusCode', 'refused')}: {each.get('message', '')}" for each in errors]
    return "; ".join(lines) or "refused without a reason"


def _chunks(ids: Sequence[str]) -> Iterator[str]:
    for at in range(0, len(ids), IDS_A_QUERY):
        yield ", ".join(f"'{each}'" for each in ids[at : at + IDS_A_QUERY])


__all__ = ["Choices", "SalesforceConnection", "Table"]
