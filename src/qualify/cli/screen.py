"""What is written to the terminal: the result to stdout, the rest to stderr, neither with anybody's control codes."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TextIO

if TYPE_CHECKING:
    from rich.console import Console

NARROWEST = 40
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def prepare() -> None:
    """Let no character be a reason to fail: what the terminal's encoding doesn't have is written as an escape."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever called: nothing comes from there, nobody listens there
            setattr(sys, name, Path(os.devnull).open("r" if name == "stdin" else "w", encoding="utf-8"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def clean(text: str, *, one_line: bool = False) -> str:
    r"""The text without control codes, which a file's content must never send to a terminal.

    >>> clean("id \x1b[31m7")
    'id \\x1b[31m7'
    """
    if one_line:
        text = text.replace("\n", "\\n").replace("\t", "\\t")
    return _CONTROL.sub(lambda found: ascii(found[0])[1:-1], text)


def width() -> int:
    """How many columns a line may have: the terminal's, or what COLUMNS says, or 80 through a pipe."""
    return max(NARROWEST, shutil.get_terminal_size((80, 24)).columns)


def is_terminal(stream: TextIO) -> bool:
    """Whether somebody watches."""
    return stream.isatty()


def out(text: str = "") -> None:
    """A line, or several, of the result."""
    sys.stdout.write(clean(text) + "\n")


def tell(text: str) -> None:
    """A line, or several, beside the result."""
    sys.stdout.flush()
    sys.stderr.write(clean(text) + "\n")


def out_json(value: object, *, indent: int | None = 2) -> None:
    """A value as JSON on stdout; control codes as JSON's own escapes."""
    sys.stdout.write(as_json(value, indent=indent) + "\n")


def as_json(value: object, *, indent: int | None = None) -> str:
    """A value as JSON that holds no control codes."""
    return safe_json(json.dumps(value, indent=indent, ensure_ascii=False))


def safe_json(text: str) -> str:
    """JSON without control codes: they become JSON's own escapes."""
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def size_of(text: str) -> int:
    """How many columns a text takes: some characters take two, some none."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def padded(text: str, size: int, *, right: bool = False) -> str:
    """The text, filled up with blanks to so many columns."""
    blanks = " " * (size - size_of(text))
    return blanks + text if right else text + blanks


def cut(text: str, size: int) -> str:
    """The text in so many columns, its end cut off where it has more."""
    if size_of(text) <= size:
        return text
    from rich.cells import set_cell_size

    return set_cell_size(text, size - 1).rstrip() + "…"


def console(which: Literal["stdout", "stderr"]) -> Console:
    """Rich's console for a stream: no markup, no guessing what is a number, nothing wrapped."""
    from rich.console import Console

    return Console(file=getattr(sys, which), markup=False, emoji=False, highlight=False, soft_wrap=True, width=width())
