"""A small CRM in memory: records that remember when they changed, pages, refusals, and trouble when it is ordered.

It is a whole adapter, and its connection fulfils the contract as one of a real CRM does.
"""

import json
from collections.abc import Iterator, Sequence
from copy import deepcopy

import qualify
from qualify.adapters import Answer, Connection, ConnectionTrouble, Happening, NewProperty, Page, Update

DEFINITION = qualify.loads(
    """
format = 1
name = "Print shops"
version = "3"
left_out_by = ["ours"]

[teams]
marketing = "Marketing"
sales = "Sales"

[fields.staff]
type = "boolean"

[traits.ours]
team = "sales"
when = 'staff'
when_unknown = "no"
why = "We don't sell to ourselves."

[traits.large]
team = "sales"
when = 'employees >= 50'
why = "They need us."

[traits.prints]
team = "marketing"
when = 'industry == "Printing"'
why = "We know that business."

[traits.called]
team = "sales"
when = 'count(call) >= 1'
why = "Who talks to us is interested."

[tiers.size]
team = "sales"
cases.small = 'employees < 50'
cases.big = 'otherwise'
why = "Big ones want a call."

[scores.fit.points]
prints = 20
large = 15.5

[stages.mql]
title = "Marketing-qualified lead"
requires.marketing = "prints"

[stages.sql]
requires.sales = "large"
"""
)

MAPPING = """
id = "id"

[fields]
email = "email"
employees = "size"
industry = "industry"
opted_out = "no_mail"
staff = "staff"
created_at = "made"
last_activity_at = "seen"

[activities.calls]
lead = "with"
type = { always = "call" }
at = "at"

[write]
stage = "verdict.stage"
reached = "verdict.reached"
state = "verdict.state"
reason = "verdict.reason"
reasons = "verdict.codes"
missing = "verdict.missing"
definition = "verdict.definition"
digest = "verdict.digest"
as_of = "verdict.as_of"
left_out = "verdict.left_out"
scores = { "*" = "verdict.score_*" }
tiers = { "*" = "verdict.tier_*" }
traits = { "*" = "verdict.trait_*" }

[write.lifecycle]
to = "lifecycle"
values = { mql = "marketing", sql = "sales" }
order = ["new", "marketing", "sales", "customer"]
"""

SAME = """
[same]
by = ["email"]
take = "{take}"
"""


class Shelf:
    """The CRM, and the adapter for it. Records are `records`, by their id, each with a number of its last change."""

    name = "shelf"
    summary = "a CRM in memory"
    contract = 1
    can = frozenset({"read", "write", "incremental", "activities", "setup"})
    options = {"colour": "nothing at all"}  # noqa: RUF012
    secrets: dict[str, str] = {}  # noqa: RUF012

    def __init__(self, records=(), *, calls=None, mapping=MAPPING, page=3, batch=2, made=True):
        self.mapping_text = mapping
        self.records, self.changed, self.clock = {}, {}, 0
        self.calls, self.page, self.batch = calls, page, batch
        self.made = set() if made is False else None
        self.troubles, self.refuses, self.writes, self.reads = [], {}, [], 0
        self.bumps = False
        for each in records:
            self.put(each)

    def put(self, record):
        """Somebody makes or changes a record."""
        self.clock += 1
        self.records[record["id"]] = {**self.records.get(record["id"], {}), **deepcopy(record)}
        self.changed[record["id"]] = self.clock

    def verdict(self, lead_id):
        """What is written to a record."""
        return self.records[lead_id].get("verdict", {})

    def connect(self, properties: Sequence[str], options=None) -> Connection:
        """Open a connection."""
        return ShelfConnection(self)


class ShelfConnection(Connection):
    """See `Shelf`. `troubles` are raised one by one, each at the call that it names."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf, self.batch_size = shelf, shelf.batch

    def _meet(self, call: str) -> None:
        if self.shelf.troubles and self.shelf.troubles[0][0] == call:
            raise self.shelf.troubles.pop(0)[1]

    def pages(self, since: str | None = None) -> Iterator[Page]:
        after = -1 if since is None else int(json.loads(since)["after"])
        while True:
            self._meet("read")
            left = sorted((at, one) for one, at in self.shelf.changed.items() if at > after)
            now = left[: self.shelf.page]
            if not now:
                return
            after = now[-1][0]
            self.shelf.reads += 1
            records = tuple(deepcopy(self.shelf.records[one]) for _, one in now)
            yield Page(records, json.dumps({"after": after}), len(self.shelf.records))

    def happenings(self, records):
        self._meet("happenings")
        if self.shelf.calls is None:
            return None
        ids = {each["id"] for each in records}
        return [Happening("calls", row) for row in self.shelf.calls if row.get("with") in ids]

    def write(self, updates: Sequence[Update]) -> Sequence[Answer]:
        assert len(updates) <= self.batch_size
        assert len({each.id for each in updates}) == len(updates)
        self._meet("write")
        answers = []
        for each in updates:
            if each.id in self.shelf.refuses:
                answers.append(Answer(each.id, self.shelf.refuses[each.id]))
                continue
            self.shelf.writes.append((each.id, deepcopy(dict(each.changes))))
            record = self.shelf.records[each.id]
            for name, value in each.changes.items():
                if isinstance(value, dict):
                    record.setdefault(name, {}).update(value)
                else:
                    record[name] = value
            if self.shelf.bumps:
                self.shelf.put({"id": each.id})
            answers.append(Answer(each.id))
        self._meet("answer")
        return answers

    def missing(self, wanted: Sequence[NewProperty]) -> Sequence[NewProperty]:
        self._meet("missing")
        return [] if self.shelf.made is None else [each for each in wanted if each.path not in self.shelf.made]

    def create(self, properties: Sequence[NewProperty]) -> None:
        self.shelf.made.update(each.path for each in properties)


def trouble(call, wait=None, times=1):
    """So many times trouble at this call."""
    return [(call, ConnectionTrouble("the shelf is busy", wait=wait)) for _ in range(times)]
