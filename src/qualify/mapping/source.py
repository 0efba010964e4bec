"""A file that people write in TOML: its text, and the table that it says; what is wrong with either has its place."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

from qualify.definition.files import MOST_PARTS
from qualify.errors import Finding
from qualify.mapping.faults import Faults, dotted

LARGEST = 4 * 1024 * 1024


def text_of(file: Path, what: str) -> str | Finding:
    """The text of a file, or why there is none; `what` it holds, in a word."""
    try:
        with file.open("rb") as opened:
            data = opened.read(LARGEST + 1)
    except OSError as why:
        reason = why.strerror or type(why).__name__
        return Finding("unreadable", "fault", f"the {what} can't be read: {reason}", file=str(file))
    if len(data) > LARGEST:
        return too_large(what, str(file))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as why:
        line = data.count(b"\n", 0, why.start) + 1
        message = "this is not UTF-8 text; save the file as UTF-8"
        return Finding("not-utf-8", "fault", message, file=str(file), line=line)


def too_large(what: str, file: str) -> Finding:
    """The fault of a text that is longer than anybody writes."""
    return Finding("too-large", "fault", f"a {what} has at most 4 MB", file=file)


_BROKEN = re.compile(r"(?P<why>.*?) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)", re.DOTALL)

_DEEP_KEY = re.compile(rf"(?<![^\s.=])(?:[^\s.=]++[ \t]*+\.[ \t]*+){{{MOST_PARTS}}}")
_ADVISED = re.compile("expected|invalid (?:value|initial|statement)|illegal", re.IGNORECASE)
_ADVICE = "; texts stand in straight quotes, and names with blanks or accents too"


def table_of(text: str, faults: Faults, what: str) -> dict[str, Any] | None:
    """The table that a text says; None, and what is wrong with it among the faults, where it says none."""
    if _DEEP_KEY.search(text):  # or a text that only looks like one
        depth, place = faults.places.deepest()
        if depth > MOST_PARTS:  # reading a dotted key takes the square of its parts
            faults.at_place("too-deep", f"a key has at most {MOST_PARTS} parts", (), place)
            return None
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as why:
        for path, first, later in faults.places.duplicates:
            other = f"It stands first in line {first.line}."
            faults.at_place("given-twice", f"'{dotted(path)}' is given twice", path, later, other=other)
        if not faults.any:
            faults.findings.append(_broken(str(why), faults))
    except (RecursionError, ValueError):
        faults.add("not-toml", f"this is no {what}: it nests too deep, or holds a number too long to read", ())
    return None


def _broken(why: str, faults: Faults) -> Finding:
    found, lines = _BROKEN.fullmatch(why), faults.places.lines
    reason = found["why"] if found else why
    line, column = len(lines), len(lines[-1]) + 1 if lines else 1  # the end, where it says nothing else
    if found and found["line"]:
        line, column = int(found["line"]), int(found["column"])
    return Finding(
        "not-toml",
        "fault",
        f"this is no TOML: {reason[:1].lower()}{reason[1:]}{_ADVICE if _ADVISED.match(reason) else ''}",
        file=faults.file,
        line=line,
        column=column,
        source=lines[line - 1] if 0 < line <= len(lines) else None,
    )
