"""From where a later read goes on: the last row whose moment of change is settled."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from qualify.errors import AdapterError

Key = tuple[object, str]
"""What rows are ordered by: the moment of their change, and their id."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Until where activities were read: the last moment that is settled, in this column of theirs."""

    column: str
    at: object


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the order of changes, of one table of one database.

    >>> here = Cursor("d1", "leads", "2026-11-20 12:00:00", "0031")
    >>> Cursor.read(str(here), "d1", "leads") == here
    True
    >>> Cursor.read(str(here), "d2", "leads")
    Traceback (most recent call last):
    qualify.errors.AdapterError: database: this cursor is of another database or table; read all of it anew
    """

    database: str
    table: str
    at: object
    id: str
    seen: Seen | None = None

    def __str__(self) -> str:
        said: dict[str, object] = {
            "database": self.database,
            "table": self.table,
            "at": _written(self.at),
            "id": self.id,
        }
        if self.seen is not None:
            said["seen"] = {"column": self.seen.column, "at": _written(self.seen.at)}
        return json.dumps(said)

    @staticmethod
    def read(text: str, database: str, table: str) -> Cursor:
        """The place that a text says. Raises AdapterError where it is none of this table."""
        try:
            said = json.loads(text)
            seen = said.get("seen")
            found = Cursor(
                said["database"],
                said["table"],
                _read(said["at"]),
                said["id"],
                None if seen is None else Seen(seen["column"], _read(seen["at"])),
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            raise AdapterError("database: this cursor is none of this adapter's; read all of it anew") from None
        if (found.database, found.table) != (database, table):
            raise AdapterError("database: this cursor is of another database or table; read all of it anew")
        return found


def _written(at: object) -> object:
    match at:
        case datetime():
            return {"moment": at.isoformat()}
        case date():
            return {"day": at.isoformat()}
        case _:
            return at


def _read(at: object) -> object:
    if not isinstance(at, dict):
        return at
    return date.fromisoformat(at["day"]) if "day" in at else datetime.fromisoformat(at["moment"])


_AFTER_ALL = re.compile(r"infinity|\d{5,}-(?!.* BC$)")
"""Moments of PostgreSQL that come after all of Python's."""


def is_settled(at: object, began: datetime, overlap: int) -> bool:
    """Whether no row that a transaction still holds back can come before this moment.

    Such a row bears the moment at which it was changed, not that at which others can see it. What lies within the
    overlap before the read, or after it (somebody's clock is wrong), is read again by the next one. Numbers that
    count changes are taken as they are.

    >>> now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    >>> is_settled("2026-11-20 11:58:00", now, 60), is_settled(datetime(2030, 1, 1), now, 60), is_settled(17, now, 60)
    (True, False, True)
    """
    if isinstance(at, str):
        if _AFTER_ALL.match(at):
            return False
        try:
            at = datetime.fromisoformat(at)
        except ValueError:
            return True
    if not isinstance(at, datetime):
        return True
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return at <= began - timedelta(seconds=overlap)


__all__ = ["Cursor", "Key", "Seen", "is_settled"]
