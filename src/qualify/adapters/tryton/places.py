"""The place up to which a read has come: a moment of change, in UTC, and an id; and the text of a cursor."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from qualify.errors import AdapterError
from qualify.mapping.tagged import untagged
from qualify.values import Unreadable

_PLACE = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6})Z(?: (\d{1,18}))?")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Every record changed before `stamp` was read, and of those changed at `stamp` the ones up to `id`."""

    stamp: datetime
    id: int = 0

    def __str__(self) -> str:
        stamp = f"{self.stamp.isoformat(timespec='microseconds')}Z"
        return f"{stamp} {self.id}" if self.id else stamp

    def settled(self, now: datetime | None, margin: timedelta) -> Place:
        """The same place, or an earlier one where it stands so near to now that something may still come before it.

        A transaction stamps everything with the moment when it began, and is seen when it ends.
        """
        latest = self.stamp - margin if now is None else now.astimezone(UTC).replace(tzinfo=None) - margin
        return self if self.stamp <= latest else Place(latest)


def place_of(cursor: str) -> Place:
    """The place that a cursor names.

    >>> place_of("2026-11-24T10:14:04.235738Z 7").id
    7

    Raises AdapterError for a text that is no cursor of this adapter.
    """
    found = _PLACE.fullmatch(cursor)
    try:
        if found:
            return Place(datetime.fromisoformat(found[1]), int(found[2] or 0))
    except ValueError:
        pass
    raise AdapterError("tryton can't go on from this cursor: it isn't one of its own; read everything anew")


def moment(value: object) -> datetime | None:
    """A tagged moment of a record, None where it is null or none."""
    try:
        found = untagged(value)
    except Unreadable:
        return None
    return found if isinstance(found, datetime) else None


__all__ = ["Place", "moment", "place_of"]
