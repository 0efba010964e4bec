"""Reading records in the order of their changes, so that a reader who stops anywhere goes on without a gap."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from qualify.adapters.records import ConnectionTrouble
from qualify.adapters.web import Table

ReadFrom = Callable[[str | None, int], Sequence[Table]]
"""Records changed at a moment or later, oldest first, without so many of the first ones."""

SameAs = Callable[[Table], str]


def oldest_first(
    name: str, read: ReadFrom, changed: SameAs, identity: SameAs, since: str | None, size: int
) -> Iterator[tuple[list[Table], str | None]]:
    """Each page's records with the moment of its last one, from which a later read can go on.

    `changed` gives a record's moment as text that sorts, cut to what `read` can be asked for. A page is asked for by
    the moment of the last one, not by its place: a record that is changed meanwhile moves to the end, and every one
    behind it would have slipped by. Only records of one and the same moment are counted through, with half a page
    read twice.
    """
    start, skip, seen = since, 0, set[tuple[str, str]]()
    while True:
        rows = read(start, skip)
        keyed = [((identity(row), changed(row)), row) for row in rows]
        new = [row for key, row in keyed if key not in seen]
        last = changed(rows[-1]) if rows else start
        if len(rows) >= size and not new:
            raise ConnectionTrouble(f"{name}: it gives the same page again and again")
        yield new, last
        if len(rows) < size:
            return
        if last != start:
            start, seen = last, {key for key, _ in keyed if key[1] == last}
            skip = len(seen) // 2
        else:
            seen |= {key for key, _ in keyed}
            skip += max(1, len(rows) // 2)
