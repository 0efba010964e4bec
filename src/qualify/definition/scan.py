"""One pass over TOML or JSON: where each key and value begins and ends, as offsets into the text.

The scanner knows what may stand where, so that a key given twice is seen for what it is, and nothing about
what values mean. TOML and JSON are near enough to share it: they differ in the sign after a key.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator

_Part = tuple[str, int, int]  # one part of a key: its name, where it starts, where it ends

_BARE = re.compile(r"([A-Za-z0-9_-]+)[ \t]*")
_EQUALS = re.compile(r"=[ \t]*")
_BLANK = re.compile(r"[ \t]*")
_GAP = re.compile(r"[ \t\r\n]*")
_COMMA = re.compile(r"[ \t\r\n]*,[ \t\r\n]*(?=[^ \t\r\n#])")  # without comments, as nearly always
_COMMENT = re.compile(r"#[^\n]*[ \t\r\n]*")
_LINE_END = re.compile(r"[ \t\r]*(?:#[^\n]*)?(?:\n[ \t\r\n]*|\Z)")
_FIRST_LINE_END = re.compile(r"\r?\n")  # right after long quotes: no part of the text
_SCALAR = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[^\s,\]}#]*|[^\s,\]}#]+")
_CLOSING = {  # what to look out for after each opening quote
    '"': re.compile(r'\\[^\n]|["\n]'),
    "'": re.compile(r"['\n]"),
    '"""': re.compile(r'\\[\s\S]|"""'),
    "'''": re.compile(r"'''"),
}
_PIECES = {
    "'": re.compile(r"[^\r]+|\r\n?"),
    '"': re.compile(
        r"[^\\\r]+|\r\n"
        r"|\\[ \t]*\r?\n[ \t\r\n]*"  # a line that goes on
        r"|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"  # JSON: a character in two halves
        r"|\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}|\\x[0-9a-fA-F]{2}|\\?[\s\S]"
    ),
}
_ESCAPES = dict(zip('btnfre"\\/', '\b\t\n\f\r\x1b"\\/', strict=True))
_OPEN, _VALUE = 0, -1  # `sealed`: a table so far only implied; a whole value; else the section that made it


class Broken(Exception):
    """The text can't be read further."""


class Scan:
    """One pass over a source. What it finds is a tree in columns, one row a node, row 0 the whole source.

    Rows know each other by number, so that neither reading nor forgetting a deep source recurses.
    """

    def __init__(self, text: str, equals: str) -> None:
        self.text, self.equals, self.section = text, equals, 1
        self.part, self.children = list[str | int](), list[dict[str, int] | list[int] | None]()
        self.parent, self.sealed = array("q"), array("q")
        self.key_at, self.key_to, self.value_at, self.value_to = (array("q") for _ in range(4))
        self.first, self.twice = dict[int, int](), list[int]()
        self.children[self.new(-1, "", 0, 0)] = {}

    def document(self) -> None:
        """Read TOML: statements, each with a line end behind it."""
        text, table, at = self.text, 0, self.gap(0)
        while at < len(text):
            if text[at] == "[":
                many = text.startswith("[[", at)
                parts, to = self.keys(_end(_BLANK, text, at + 1 + many))
                to = self.expect("]]" if many else "]", to)
                table = self.header(parts, at, to, many)
            else:
                parts, to = self.keys(at)
                to = _end(_EQUALS, text, to)
                to = self.value(self.assign(table, parts), to)
            at = _end(_LINE_END, text, to)
            if text.startswith("#", at):
                at = self.gap(at)

    def header(self, parts: list[_Part], at: int, to: int, many: bool) -> int:
        """The table under a header; `many` for the next one of `[[…]]`."""
        self.section += 1
        table = 0
        for part in parts[:-1]:
            table = self.through(table, part, header=True)
        name, key_at, key_to = parts[-1]
        node = self.named(table).get(name)
        known = None if node is None or self.sealed[node] == _VALUE else self.children[node]
        if many:
            if node is None or not isinstance(known, list):
                node, known = self.add(table, parts[-1]), list[int]()
                self.children[node] = known
                self.value_at[node], self.value_to[node], self.sealed[node] = at, to, self.section
            node = self.new(node, len(known), key_at, key_to)
            known.append(node)
            self.children[node] = {}
        elif node is None or not isinstance(known, dict) or self.sealed[node] != _OPEN:
            node = self.add(table, parts[-1])
            self.children[node] = {}
        self.key_at[node], self.key_to[node], self.sealed[node] = key_at, key_to, self.section
        self.value_at[node], self.value_to[node] = at, to
        return node

    def assign(self, table: int, parts: list[_Part]) -> int:
        """The row for the value of a key, which may be dotted."""
        for part in parts[:-1]:
            table = self.through(table, part, header=False)
        return self.add(table, parts[-1])

    def through(self, table: int, part: _Part, *, header: bool) -> int:
        """The table that a key or header passes on its way, made where there is none that may be passed."""
        node = self.named(table).get(part[0])
        if node is not None and self.sealed[node] != _VALUE:
            children = self.children[node]
            if header:
                return children[-1] if isinstance(children, list) else node
            if isinstance(children, dict) and self.sealed[node] in (_OPEN, self.section):
                self.sealed[node] = self.section
                return node
        node = self.add(table, part)
        self.children[node], self.sealed[node] = {}, _OPEN if header else self.section
        return node

    def value(self, node: int, at: int) -> int:
        """Read a value with all that is in it, and say where it ends."""
        text, within = self.text, list[int]()
        while True:
            self.value_at[node], self.sealed[node] = at, _VALUE
            if (bracket := text[at : at + 1]) in ("[", "{"):
                self.children[node] = [] if bracket == "[" else {}
                within.append(node)
                at = self.gap(at + 1)
            else:
                self.value_to[node] = at = self.scalar(at)
                if not within:
                    return at
                at = self.comma(at)
            while text.startswith("]" if isinstance(self.children[within[-1]], list) else "}", at):
                at += 1
                self.value_to[within.pop()] = at
                if not within:
                    return at
                at = self.comma(at)
            container = self.children[within[-1]]
            if isinstance(container, list):
                node = self.new(within[-1], len(container), at, at)
                container.append(node)
            else:
                parts, at = self.keys(at)
                at = self.gap(self.expect(self.equals, self.gap(at)))
                node = self.assign(within[-1], parts)

    def new(self, parent: int, part: str | int, at: int, to: int) -> int:
        """A new row; until its value comes, that stands where its key does."""
        self.part.append(part)
        self.children.append(None)
        self.parent.append(parent)
        self.sealed.append(_OPEN)
        self.key_at.append(at)
        self.key_to.append(to)
        self.value_at.append(at)
        self.value_to.append(to)
        return len(self.part) - 1

    def add(self, table: int, part: _Part) -> int:
        """A new row under its name; a name given twice goes to the later one, so each clash is told once."""
        names, (name, at, to) = self.named(table), part
        taken = names.get(name)
        names[name] = node = self.new(table, name, at, to)
        if taken is not None:
            self.first[node] = self.first.get(taken, taken)
            self.twice.append(node)
        return node

    def named(self, table: int) -> dict[str, int]:
        """The rows in a table by name."""
        children = self.children[table]
        if not isinstance(children, dict):
            raise Broken
        return children

    def keys(self, at: int) -> tuple[list[_Part], int]:
        """The parts of a key, and where the blanks after it end."""
        text, parts = self.text, list[_Part]()
        while True:
            if bare := _BARE.match(text, at):
                parts.append((bare[1], at, bare.end(1)))
                at = bare.end()
            else:
                to = self.quoted(at)
                parts.append(("".join(piece for _, _, piece in pieces(text, at, to))[:-1], at, to))
                at = _end(_BLANK, text, to)
            if not text.startswith(".", at):
                return parts, at
            at = _end(_BLANK, text, at + 1)

    def scalar(self, at: int) -> int:
        """Where the text, number, date or yes and no at `at` ends."""
        if self.text[at : at + 1] in ("'", '"'):
            return self.quoted(at, long=self.text[at] * 3)
        return _end(_SCALAR, self.text, at)

    def quoted(self, at: int, long: str = "") -> int:
        """Where the quoted text at `at` ends; a key can't be in long quotes."""
        text = self.text
        quote = long if long and text.startswith(long, at) else text[at : at + 1]
        if quote not in _CLOSING:
            raise Broken
        at += len(quote)
        while (found := _CLOSING[quote].search(text, at)) and found[0][0] == "\\":
            at = found.end()
        if not found or found[0] != quote:
            raise Broken
        at = found.end()
        for _ in long[:2] if quote == long else "":  # up to two quotes more may belong to the text
            at += text.startswith(quote[0], at)
        return at

    def gap(self, at: int) -> int:
        """Past blanks, line ends and comments."""
        at = _end(_GAP, self.text, at)
        while self.text.startswith("#", at):
            at = _end(_COMMENT, self.text, at)
        return at

    def comma(self, at: int) -> int:
        """Past the comma behind a value, which the last one may lack."""
        if found := _COMMA.match(self.text, at):
            return found.end()
        at = self.gap(at)
        return at if self.text.startswith(("]", "}"), at) else self.gap(self.expect(",", at))

    def expect(self, sign: str, at: int) -> int:
        """Past a sign that must stand at `at`."""
        if not self.text.startswith(sign, at):
            raise Broken
        return at + len(sign)


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Where the pattern that must stand at `at` ends."""
    if found := pattern.match(text, at):
        return found.end()
    raise Broken


def pieces(text: str, at: int, to: int) -> Iterator[tuple[int, int, str]]:
    """The pieces of a quoted text: from where, to where, and as read. The last piece is a closing quote."""
    quote, long = text[at], to - at >= 6 and text.startswith(('"""', "'''"), at)
    start, end = (at + 3, to - 3) if long else (at + 1, to - 1)
    if long and (line_end := _FIRST_LINE_END.match(text, start)):
        start = line_end.end()
    for found in _PIECES[quote].finditer(text, start, end):
        piece = found[0]
        if piece == "\r\n":
            piece = "\n"
        elif piece[0] == "\\" and quote == '"':
            piece = _unescaped(piece)
        yield found.start(), found.end(), piece
    yield end, end + 1, quote


def _unescaped(piece: str) -> str:
    """An escape as it is read; a wrong one as it is written."""
    if piece[1:].isspace():
        return ""
    if len(piece) == 12:
        return chr(0x10000 + ((int(piece[2:6], 16) & 0x3FF) << 10) + (int(piece[8:], 16) & 0x3FF))
    if len(piece) > 2 and piece[1] in "uUx":
        code = int(piece[2:], 16)
        return chr(code) if code <= 0x10FFFF else "\ufffd"
    return _ESCAPES.get(piece[1:], piece)
