r"""Where things stand in a definition's source: the line and column of each key, value and character.

tomllib and json read the data but keep no places. What is here only locates, in any text: of broken text it
knows what came before the break.

    >>> places = toml_places('[traits.serves_print]\nteam = "marketing"\n')
    >>> places.key(("traits", "serves_print", "team"))
    Place(line=2, column=1, length=4)
    >>> places.value(("traits", "serves_print"))
    Place(line=1, column=1, length=21)
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import accumulate

from qualify.definition.scan import Broken, Scan, pieces

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: line and column count from 1, `length` in characters on that line."""

    line: int
    column: int
    length: int


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Places:
    """The places of one source: made by `toml_places` or `json_places`, and never changed after.

    `lines` are the source's lines without line ends (after a last line end stands an empty line).
    `duplicates` are the keys and tables given twice, in the text's order (the first 100,000, fewer of
    deep ones): path, first place, later place.
    The other answers are about the later one, as in `json.loads`.
    """

    lines: tuple[str, ...]
    duplicates: tuple[tuple[Path, Place, Place], ...] = field(init=False)
    _scan: Scan
    _starts: array[int]  # of the lines

    def __post_init__(self) -> None:
        object.__setattr__(self, "duplicates", tuple(self._given_twice()))

    def key(self, path: Path) -> Place | None:
        """Where the key stands; None when the source has no such path, or the path is empty.

        Each part of a dotted key or of a header has its own place. A table that is only implied stands where
        it is first mentioned. An array's element stands where its value does; that of `[[a.b]]` at `b`.
        """
        node, found = self._walk(path)
        return self._key(node) if found and node else None

    def value(self, path: Path) -> Place | None:
        """Where the value starts; None when the source has no such path.

        A table's value is its header; one that is only implied has none, and stands where its key does.
        """
        node, found = self._walk(path)
        return self._value(node) if found else None

    def nearest(self, path: Path) -> Place | None:
        """`key(path)`, else the place of the nearest parent that has one, else None.

        >>> toml_places("[traits.serves_print]").nearest(("traits", "serves_print", "when"))
        Place(line=1, column=9, length=12)
        """
        node, _ = self._walk(path)
        return self._key(node) if node else None

    def inside(self, path: Path, offset: int, length: int = 1) -> Place | None:
        r"""Where the characters from `offset` on stand, counted in the text at `path` as it is read.

        The end of the text stands at its closing quote. None when there is no such text.

        >>> toml_places(r'when = "name = \"Ada\" or x"').inside(("when",), 13, 2)
        Place(line=1, column=24, length=2)
        """
        (node, found), scan = self._walk(path), self._scan
        at, to = scan.value_at[node], scan.value_to[node]
        whole = found and scan.children[node] is None and at < to
        if offset < 0 or not whole or scan.text[at] not in ("'", '"'):
            return None
        passed, start, end = 0, -1, to
        for piece_at, piece_to, piece in pieces(scan.text, at, to):
            even = len(piece) == piece_to - piece_at  # character for character; else one escape
            seen = passed + len(piece)
            if start < 0 and offset < seen:
                start = piece_at + (offset - passed if even else 0)
            if start >= 0 and offset + length <= seen:
                end = piece_at + offset + length - passed if even else piece_to
                break
            passed = seen
        return self._place(start, end) if start >= 0 else None

    def deepest(self) -> tuple[int, Place]:
        """How many parts the longest path has, and where it leads.

        >>> toml_places("a.b.c = 1").deepest()
        (3, Place(line=1, column=5, length=1))
        """
        depths = [0] * len(self._scan.parent)
        for node, parent in enumerate(self._scan.parent):
            depths[node] = 0 if parent < 0 else depths[parent] + 1
        node = max(range(len(depths)), key=depths.__getitem__)
        return depths[node], self._key(node)

    def paths(self) -> Iterator[Path]:
        """Every path that the source has, parents before children."""
        waiting: list[tuple[int, Path]] = [(0, ())]
        while waiting:
            node, path = waiting.pop()
            if path:
                yield path
            children = self._scan.children[node] or ()
            named = children.items() if isinstance(children, dict) else enumerate(children)
            waiting += [(child, (*path, part)) for part, child in named]

    def _walk(self, path: Path) -> tuple[int, bool]:
        """The last row on the way down `path`, and whether it is the one that the path means."""
        node = 0
        for part in path:
            children = self._scan.children[node]
            if isinstance(part, str):
                child = children.get(part) if isinstance(children, dict) else self._named(children, part)
            else:
                child = children[part] if isinstance(children, list) and 0 <= part < len(children) else None
            if child is None:
                return node, False
            node = child
        return node, True

    def _named(self, children: list[int] | None, name: str) -> int | None:
        """The table of this name in a list of tables, as JSON writes stages."""
        scan, wanted = self._scan, f'"{name}"'
        for child in children or ():
            inside = scan.children[child]
            own = inside.get("name") if isinstance(inside, dict) else None
            if own is not None and scan.text[scan.value_at[own] : scan.value_to[own]] == wanted:
                return child
        return None

    def _key(self, node: int) -> Place:
        at, to = self._scan.key_at[node], self._scan.key_to[node]
        return self._place(at, to) if to > at else self._value(node)

    def _value(self, node: int) -> Place:
        return self._place(self._scan.value_at[node], self._scan.value_to[node])

    def _place(self, at: int, to: int) -> Place:
        """The characters from `at` to `to`, of which only those on the first line count."""
        line = bisect_right(self._starts, at) - 1
        start = self._starts[line]
        end = start + len(self.lines[line])
        at = min(at, end)  # between the two characters of a line end
        return Place(line + 1, at - start + 1, max(1, min(to, end) - at))

    def _given_twice(self) -> Iterator[tuple[Path, Place, Place]]:
        """The first ones: nobody reads more, and deep paths given again and again would fill the memory."""
        scan, left = self._scan, 100_000  # parts of paths, in all
        for later in scan.twice:
            path, node = list[str | int](), later
            while node and left:
                path.append(scan.part[node])
                node, left = scan.parent[node], left - 1
            if not node:
                yield tuple(reversed(path)), self._key(scan.first[later]), self._key(later)


def toml_places(text: str) -> Places:
    """The places of a TOML text without its byte order mark. Never raises: broken text has fewer places."""
    scan = Scan(text, "=")
    with suppress(Broken):
        scan.document()
    return _places(scan)


def json_places(text: str) -> Places:
    """The places of a JSON text without its byte order mark. Never raises: broken text has fewer places."""
    scan = Scan(text, ":")
    with suppress(Broken):
        scan.value(0, scan.gap(0))
    return _places(scan)


def _places(scan: Scan) -> Places:
    lines = scan.text.split("\n")
    starts = array("q", accumulate((len(line) + 1 for line in lines), initial=0))
    return Places(tuple(line.removesuffix("\r") for line in lines), scan, starts)
