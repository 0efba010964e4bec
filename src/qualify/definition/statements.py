r"""A TOML text as its statements, so that one of them can be changed and every other stays as it was typed.

A statement is a header or a key with its value; the blank lines and comments above it, and what follows it on its
line, belong to it. Put together again, the statements are the text.

    >>> text = '[traits.large]\nwhen = "employees >= 50" # they need us\n'
    >>> [statement.path for statement in statements(text)[0]]
    [('traits', 'large'), ('traits', 'large', 'when')]
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from qualify.definition.places import Path
from qualify.definition.scan import Scan

_BLANK = re.compile(r"[ \t]*")


@dataclass(slots=True, eq=False)
class Statement:
    """A header, or a key with its value.

    `context` is the table that keys are written under where this stands: for a header its own path. The text is
    `lead` (blank lines and comments above it), `head` (all up to the value), `value` and `tail` (to the line's end).
    `placed` says that it was put here by us, so that the blank lines around it are ours to care for.
    """

    path: Path
    context: Path
    is_header: bool
    lead: str
    head: str
    value: str
    tail: str
    placed: bool = False

    @property
    def text(self) -> str:
        """The statement as it stands in its file."""
        return f"{self.lead}{self.head}{self.value}{self.tail}"


def statements(text: str, context: Path = ()) -> tuple[list[Statement], str]:
    """The statements of a text that is known to be TOML, and what stands behind the last one.

    `context` is the table that the first of them are written under.
    """
    scan = Scan(text, "=")
    found: list[Statement] = []
    tables: dict[Path, int] = {}
    at = 0
    while (start := scan.gap(at)) < len(text):
        line = text.rfind("\n", 0, start) + 1
        is_header = text[start] == "["
        if is_header:
            many = text.startswith("[[", start)
            parts, to = scan.keys(_past_blanks(text, start + 1 + many))
            to = value_at = scan.expect("]]" if many else "]", to)
            path = context = _through(tuple(name for name, _, _ in parts), tables, many=many)
        else:
            parts, to = scan.keys(start)
            value_at = _past_blanks(text, scan.expect("=", to))
            to = scan.value(scan.new(0, "", value_at, value_at), value_at)
            path = (*context, *(name for name, _, _ in parts))
        end = text.find("\n", to) + 1 or len(text)
        found.append(
            Statement(
                path, context, is_header, text[at:line], text[line:value_at], text[value_at:to], text[to:end]
            )
        )  # fmt: skip
        at = end
    return found, text[at:]


class Document:
    """One file: its name, its statements, and what stands behind the last one."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.statements, self.end = statements(text)
        self.line_end = "\r\n" if "\r\n" in text else "\n"

    def text(self) -> str:
        """All of it, with a blank line above the headers that were put here."""
        pieces: list[str] = []
        before: Statement | None = None
        for each in self.statements:
            if before is not None and not before.text.endswith("\n"):
                pieces.append(self.line_end)
            piece = each.text
            if each.is_header and (each.placed or (before is not None and before.placed)):
                piece = piece.lstrip("\r\n")
                if before is not None:
                    piece = self.line_end + piece
            pieces.append(piece)
            before = each
        return "".join(pieces) + self.end

    def below(self, path: Path) -> list[Statement]:
        """What is said of the thing at `path` and of what is in it."""
        size = len(path)
        return [each for each in self.statements if each.path[:size] == path]

    def behind(self, path: Path) -> int:
        """The place for a new header behind all that is said of a thing; the end where nothing is."""
        said = self.below(path)
        at = self.statements.index(said[-1]) + 1 if said else len(self.statements)
        while at < len(self.statements) and not self.statements[at].is_header:
            at += 1
        return at

    def behind_the_top(self) -> int:
        """The place for a new key of the top."""
        keys = [number for number, each in enumerate(self.statements) if each.context == () and len(each.path) == 1]
        return keys[-1] + 1 if keys else 0

    def insert(self, at: int, text: str, context: Path = ()) -> int:
        """Put new statements before the one at `at`; gives the place behind them."""
        return self.put(at, statements(text.replace("\n", self.line_end), context)[0])

    def put(self, at: int, new: list[Statement]) -> int:
        """Put statements before the one at `at`; gives the place behind them."""
        for each in new:
            each.placed = True
        if at == 0 and self.statements:
            about_the_file, self.statements[0].lead = apart(self.statements[0].lead)
            new[0].lead = about_the_file + new[0].lead
        if at == len(self.statements) and self.end.strip() and new[0].is_header:
            new[0].lead, self.end = self.end + new[0].lead, ""
        self.statements[at:at] = new
        return at + len(new)

    def take(self, old: list[Statement]) -> None:
        """Take statements out, with the comments directly above each: they are put somewhere else."""
        for each in old:
            at = self.statements.index(each)
            del self.statements[at]
            left, each.lead = apart(each.lead)
            self._leave(at, left)

    def remove(self, path: Path) -> None:
        """Take out what is said of a thing, with the comments directly above it (but none from the file's top)."""
        for each in self.below(path):
            at = self.statements.index(each)
            del self.statements[at]
            self._leave(at, each.lead if at == 0 else apart(each.lead)[0])

    def _leave(self, at: int, lead: str) -> None:
        """Comments above what went away that are about something else stay."""
        if not lead.strip():
            return
        if at < len(self.statements):
            self.statements[at].lead = lead + self.statements[at].lead.lstrip("\r\n")
        else:
            self.end = lead + self.end


def apart(lead: str) -> tuple[str, str]:
    r"""What stands above a statement, in two: up to the last blank line, and the comments directly above it.

    >>> apart("# Traits\n\n# why large\n")
    ('# Traits\n\n', '# why large\n')
    """
    lines = lead.splitlines(keepends=True)
    at = len(lines)
    while at and lines[at - 1].strip():
        at -= 1
    return "".join(lines[:at]), "".join(lines[at:])


def _through(names: tuple[str, ...], tables: dict[Path, int], *, many: bool) -> Path:
    """The path that a header means: through a list of tables it goes on in the last one."""
    path: Path = ()
    for name in names[:-1]:
        path = (*path, name)
        if path in tables:
            path = (*path, tables[path])
    path = (*path, names[-1])
    if many:
        tables[path] = tables.get(path, -1) + 1
        path = (*path, tables[path])
    return path


def _past_blanks(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at


__all__ = ["Document", "Statement", "apart", "statements"]
