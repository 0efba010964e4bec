"""Activities from a second file, grouped by lead, in bounded memory.

They are read once and kept in a temporary database, which stays in memory while it is small and moves to the
disk as it grows: about as many bytes as the file has, twice while it is sorted. A lead's own are then found by
its id, in whatever order the leads come.
"""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC
from typing import Any

from qualify.errors import AdapterError

MEMORY = 64 * 1024
"""In kilobytes; what is more goes to the disk."""

AT_ONCE = 5000

_PLAN = f"""
pragma temp_store = file;
pragma journal_mode = off;
pragma synchronous = off;
pragma cache_size = -{MEMORY};
create table come (lead text, said blob);
create table met (lead text primary key, n integer) without rowid;
begin;
"""


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as why:  # such as a full disk
        raise AdapterError(f"activities are kept in a temporary file, which can't be written: {why}") from why


class ActivityStore:
    """Activities by their lead's id. `add` all of them, `sort` once, then ask `of` a lead.

    It remembers which leads were asked for (and had some), on the disk like the rest, so that the others'
    activities can be counted: `unmatched`.
    """

    def __init__(self) -> None:
        self._base = sqlite3.connect("", isolation_level=None)  # no name: private, and gone when it is closed
        self._base.executescript(_PLAN)
        self._waiting: list[tuple[str, bytes]] = []
        self._met: list[tuple[str, int]] = []
        self.count = 0

    def add(self, lead_id: str, activity: Mapping[str, Any]) -> None:
        """Keep an activity of the lead with this id."""
        self._waiting.append((lead_id, _packed(activity)))
        self.count += 1
        if len(self._waiting) >= AT_ONCE:
            self._put()

    def _put(self) -> None:
        with _told():
            self._base.executemany("insert into come values (?, ?)", self._waiting)
        self._waiting.clear()

    def sort(self) -> None:
        """All are here: sort them by lead; those of one lead stay in their order."""
        self._put()
        with _told():
            self._base.executescript(
                """
            create table kept (lead text, n integer, said blob, primary key (lead, n)) without rowid;
            insert into kept select lead, rowid, said from come order by lead, rowid;
            drop table come;
            """
            )

    def of(self, lead_id: str) -> list[Mapping[str, Any]]:
        """The activities of a lead, in the order in which they came; none is an empty list."""
        rows = self._base.execute("select said from kept where lead = ? order by n", (lead_id,)).fetchall()
        if rows:
            self._meet(lead_id, len(rows))
        return [_unpacked(said) for (said,) in rows]

    def seen(self, lead_id: str) -> None:
        """There is such a lead, though nobody needs its activities."""
        (number,) = self._base.execute("select count(*) from kept where lead = ?", (lead_id,)).fetchone()
        if number:
            self._meet(lead_id, number)

    def _meet(self, lead_id: str, number: int) -> None:
        self._met.append((lead_id, number))
        if len(self._met) >= AT_ONCE:
            self._put_met()

    def _put_met(self) -> None:
        with _told():  # a lead may come twice
            self._base.executemany("insert or ignore into met values (?, ?)", self._met)
        self._met.clear()

    def unmatched(self) -> int:
        """How many activities belong to leads that nobody asked for so far."""
        self._put_met()
        (met,) = self._base.execute("select coalesce(sum(n), 0) from met").fetchone()
        return self.count - int(met)

    def close(self) -> None:
        """Throw all of it away."""
        self._base.close()


def _packed(activity: Mapping[str, Any]) -> bytes:
    """An activity as bytes; a moment in UTC without its zone, which takes three times as long to write."""
    at = activity["at"]
    in_utc = at.tzinfo is UTC
    said = (activity["type"], at.replace(tzinfo=None) if in_utc else at, in_utc, activity["properties"])
    return pickle.dumps(said, pickle.HIGHEST_PROTOCOL)


def _unpacked(said: bytes) -> dict[str, Any]:
    kind, at, in_utc, properties = pickle.loads(said)  # of our own making, from a file that has no name
    return {"type": kind, "at": at.replace(tzinfo=UTC) if in_utc else at, "properties": properties}


__all__ = ["ActivityStore"]
