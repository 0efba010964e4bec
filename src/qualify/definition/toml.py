"""The model -> the text of one TOML file, laid out as a person would write it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from qualify.definition.model import Model
from qualify.definition.places import Path
from qualify.definition.write import data_of

_BARE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_ESCAPES = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
SPREAD = ("points", "cases", "requires")
"""Tables that stand as dotted keys, an entry a line, when there are few, else as a table of their own."""
MOST_DOTTED = 4
WIDTH = 110


def toml_of(model: Model, *, list_files: bool = False) -> str:
    """The definition as the text of one file.

    A text has no folder, so that lists stand in it with their entries; `list_files` leaves those that have a
    file in it, for a definition that is saved.

    >>> import qualify
    >>> print(qualify.define(name="Small", teams={"sales": "Sales"}).to_toml())
    format = 1
    name = "Small"
    version = "1"
    <BLANKLINE>
    [teams]
    sales = "Sales"
    <BLANKLINE>
    """
    data = data_of(model, list_files=list_files)
    blocks = ["".join(assigned((name,), each) for name, each in data.items() if not isinstance(each, dict))]
    for section, entries in data.items():
        if section == "teams":
            blocks.append("[teams]\n" + "".join(assigned((name,), team) for name, team in entries.items()))
        elif isinstance(entries, dict):
            blocks += [table((section, name), entry) for name, entry in entries.items()]
    return "\n".join(blocks)


def table(path: Path, entry: Mapping[Any, Any]) -> str:
    """An entry with its header, then the tables that stand behind it; its keys are names or paths."""
    lines = [f"[{dotted(path)}]\n"]
    behind: list[str] = []
    for name, each in entry.items():
        if name in SPREAD and isinstance(each, dict):
            if len(each) > MOST_DOTTED and name == "points":
                behind.append(table((*path, name), each))
            else:
                lines += [assigned((name, key), value) for key, value in each.items()]
        elif name == "handoff":
            behind += [handoff_block((*path, name), handoff) for handoff in each]
        else:
            lines.append(assigned(name if isinstance(name, tuple) else (name,), each))
    return "\n".join(["".join(lines), *behind])


def handoff_block(path: Path, handoff: Mapping[str, Any]) -> str:
    """A hand-off with its header."""
    return f"[[{dotted(path)}]]\n" + "".join(assigned((key,), each) for key, each in handoff.items())


def assigned(path: Path, given: Any) -> str:
    """A line that gives a key its value."""
    start = f"{dotted(path)} ="
    return f"{start} {laid_out(start, given)}\n"


def laid_out(start: str, given: Any) -> str:
    """A value as it stands behind `start`: a list that is too long for one line has an entry a line."""
    text = value(given)
    if not isinstance(given, list) or len(start) + len(text) < WIDTH:
        return text
    return "[\n" + "".join(f"    {value(each)},\n" for each in given) + "]"


def dotted(path: Path) -> str:
    """Names joined by dots, each bare where it can be."""
    return ".".join(name if _BARE.fullmatch(name) else _basic(name) for name in map(str, path))


def value(given: Any) -> str:
    """A value as TOML writes it; a text with double quotes stands in single ones."""
    match given:
        case bool():
            return "true" if given else "false"
        case str():
            plain = given.isprintable() and "'" not in given
            return f"'{given}'" if plain and ('"' in given or "\\" in given) else _basic(given)
        case int():
            return str(given)
        case Decimal():
            return format(given.normalize() + 0, "f")
        case dt.date():
            return given.isoformat()
        case list():
            return f"[{', '.join(map(value, given))}]"
        case dict():
            inside = ", ".join(f"{dotted((name,))} = {value(each)}" for name, each in given.items())
            return f"{{ {inside} }}" if inside else "{}"
        case _:
            raise TypeError(f"TOML has no {type(given).__name__}")


def _basic(text: str) -> str:
    return '"' + "".join(_ESCAPES.get(char) or _written(char) for char in text) + '"'


def _written(char: str) -> str:
    return f"\\u{ord(char):04X}" if char < " " or "\x7f" <= char <= "\x9f" else char


__all__ = ["SPREAD", "assigned", "dotted", "handoff_block", "laid_out", "table", "toml_of", "value"]
