"""Records of one source that are one lead: found by their keys, in an index on the disk that holds no value.

A key (an e-mail address, say) is kept as 64 bits of a keyed hash, so that the index tells nobody an address. That two
records are one lead is decided by the values themselves, once both records are at hand.
"""

from __future__ import annotations

import os
import pickle
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Any

from qualify.adapters.records import Record
from qualify.errors import QualifyError
from qualify.text import fold

MOST_OF_ONE = 200
"""More records with one key are taken for what they are: a key that tells nobody from anybody."""

AT_ONCE = 500
MEMORY = 16 * 1024

_INDEX = """
create table if not exists secret (word blob);
create table if not exists keys (id text primary key, hash integer) without rowid;
create index if not exists by_hash on keys (hash);
"""


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as why:
        raise QualifyError(f"the index of duplicates can't be used: {why}; remove it, and sync with --full") from why


def key_of(values: Mapping[str, object], by: Sequence[str]) -> str | None:
    r"""What a lead is known by: what it says in all fields of `by`; None where it doesn't say all.

    >>> key_of({"email": "Ann@Example.com", "company": "Acme"}, ["email", "company"])
    'ann@example.com\nacme'
    >>> key_of({"email": None, "company": "Acme"}, ["email", "company"]) is None
    True
    """
    said = [values.get(field) for field in by]
    return None if None in said else "\n".join(fold(str(each)) for each in said)


class KeyIndex:
    """Which records have which keys. Beside a state file it lasts from one sync to the next, else for one only."""

    def __init__(self, path: Path | None) -> None:
        self.is_new = path is None or not path.exists()
        if path is not None and self.is_new:
            path.touch(mode=0o600)
        with _told():
            self._base = sqlite3.connect("" if path is None else os.fspath(path), isolation_level=None)
            self._base.executescript(f"pragma cache_size = -{MEMORY};{_INDEX}begin;")
            found = self._base.execute("select word from secret").fetchone()
            if found is None:
                found = (secrets.token_bytes(16),)
                self._base.execute("insert into secret values (?)", found)
        self._secret: bytes = found[0]

    def clear(self) -> None:
        """Forget all records: they are read anew."""
        with _told():
            self._base.execute("delete from keys")

    def put(self, lead_id: str, key: str | None) -> None:
        """A record's key as it is now; None where it has none, or isn't there any more."""
        with _told():
            if key is None:
                self._base.execute("delete from keys where id = ?", (lead_id,))
            else:
                self._base.execute("insert or replace into keys values (?, ?)", (lead_id, self._hash(key)))

    def with_same_key(self, lead_id: str) -> list[str]:
        """All records that have the same key, this one too, in the order of their ids; at most MOST_OF_ONE and one."""
        with _told():
            rows = self._base.execute(
                "select id from keys where hash = (select hash from keys where id = ?) limit ?",
                (lead_id, MOST_OF_ONE + 1),
            ).fetchall()
        return sorted({lead_id, *(each for (each,) in rows)}, key=in_order)

    def name_of(self, record: Record) -> str:
        """What a record without an id is called here, by all that it says: the same one each time."""
        return f"without an id: {self._hash(repr(_plain(record))):x}"

    def save(self) -> None:
        """Keep what was put."""
        with _told():
            self._base.execute("commit")
            self._base.execute("begin")

    def close(self) -> None:
        """Close it; what wasn't saved is forgotten."""
        self._base.close()

    def _hash(self, key: str) -> int:
        found = blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8, key=self._secret).digest()
        return int.from_bytes(found, "big", signed=True)


def in_order(lead_id: str) -> tuple[int, int, str]:
    """How ids are ordered: numbers by their size, and before other texts.

    >>> sorted(["10", "9", "b2"], key=in_order)
    ['9', '10', 'b2']
    """
    number = lead_id.isascii() and lead_id.isdigit()
    return (0, len(lead_id.lstrip("0")), lead_id) if number else (1, 0, lead_id)


class Spool:
    """Records that wait on the disk, in a temporary file without a name, until all were read."""

    def __init__(self) -> None:
        with _told():
            self._base = sqlite3.connect("", isolation_level=None)
            self._base.executescript(
                f"pragma temp_store = file; pragma journal_mode = off; pragma synchronous = off;"
                f"pragma cache_size = -{MEMORY};"
                "create table waiting (n integer primary key, id text unique, said blob, done integer default 0); begin;"
            )

    def put(self, lead_id: str, record: Record) -> None:
        """Keep a record; the later one of two with one id."""
        with _told():
            self._base.execute(
                "insert into waiting (id, said) values (?, ?) on conflict (id) do update set said = excluded.said",
                (lead_id, pickle.dumps(_plain(record), pickle.HIGHEST_PROTOCOL)),
            )

    def __contains__(self, lead_id: str) -> bool:
        return self._base.execute("select 1 from waiting where id = ?", (lead_id,)).fetchone() is not None

    def __len__(self) -> int:
        (found,) = self._base.execute("select count(*) from waiting").fetchone()
        return int(found)

    def ids(self) -> Iterator[str]:
        """The ids, in the order in which the records came."""
        last = 0
        while rows := self._base.execute(
            "select n, id from waiting where n > ? order by n limit ?", (last, AT_ONCE)
        ).fetchall():
            last = rows[-1][0]
            yield from (each for _, each in rows)

    def get(self, lead_id: str) -> Record | None:
        """The record with this id, None where it isn't there."""
        row = self._base.execute("select said from waiting where id = ?", (lead_id,)).fetchone()
        found: Record | None = None if row is None else pickle.loads(row[0])  # of our own making
        return found

    def take(self, ids: Iterable[str]) -> None:
        """These were looked at."""
        self._base.executemany("update waiting set done = 1 where id = ?", [(each,) for each in ids])

    def is_taken(self, lead_id: str) -> bool:
        """Whether it was looked at."""
        return self._base.execute("select 1 from waiting where id = ? and done", (lead_id,)).fetchone() is not None

    def close(self) -> None:
        """Throw all of it away."""
        self._base.close()


def _plain(value: object) -> Any:
    """A record as tables and lists, whatever a vendor's client made of it."""
    match value:
        case Mapping():
            return {key: _plain(each) for key, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case _:
            return value


__all__ = ["MOST_OF_ONE", "KeyIndex", "Spool", "in_order", "key_of"]
