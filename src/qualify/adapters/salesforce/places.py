"""The place up to which a read has come, as a moment of change and an id, and as the text of a cursor."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from qualify.errors import AdapterError

_PLACE = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)(?: ([A-Za-z0-9]{15,18}))?")


@dataclass(frozen=True, slots=True)
class Place:
    """Every record changed before `stamp` was read, and of those changed at `stamp` the ones up to `id`."""

    stamp: datetime
    id: str = ""

    def __str__(self) -> str:
        return f"{literal(self.stamp)} {self.id}".strip()

    def settled(self, now: datetime | None, margin: timedelta) -> Place:
        """The same place, or an earlier one where it stands so near to now that something may still come before it.

        A long transaction commits what it stamped a while ago, and a record may change again within its second.
        """
        latest = self.stamp - margin if now is None else now - margin
        return self if self.stamp <= latest else Place(latest)

    def after(self) -> str:
        """The condition for what comes after it."""
        stamp = literal(self.stamp)
        if not self.id:
            return f"SystemModstamp >= {stamp}"
        return f"(SystemModstamp > {stamp} OR (SystemModstamp = {stamp} AND Id > '{self.id}'))"


def literal(moment: datetime) -> str:
    """A moment as a query writes it, and as a cursor does.

    >>> literal(datetime(2026, 5, 1, 7, 25, 37, tzinfo=UTC))
    '2026-05-01T07:25:37.000Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"


def place_of(cursor: str) -> Place:
    """The place that a cursor names.

    >>> place_of("2026-05-01T07:25:37.000Z 003dM00001vWOXJQA4").id
    '003dM00001vWOXJQA4'

    Raises AdapterError for a text that is no cursor of this adapter.
    """
    found = _PLACE.fullmatch(cursor)
    try:
        if found:
            return Place(datetime.fromisoformat(found[1]), found[2] or "")
    except ValueError:
        pass
    raise AdapterError("salesforce can't go on from this cursor: it isn't one of its own; read everything anew")


def place_in(record: object) -> Place | None:
    """Where a record stands in the order of reading, None where it doesn't say."""
    if not isinstance(record, dict):
        return None
    stamp, name = record.get("SystemModstamp"), record.get("Id")
    if not isinstance(stamp, str) or not isinstance(name, str) or not name.isalnum():
        return None
    try:
        moment = datetime.fromisoformat(stamp)
    except ValueError:
        return None
    return None if moment.tzinfo is None else Place(moment, name)


__all__ = ["Place", "literal", "place_in", "place_of"]
