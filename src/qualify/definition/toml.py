"""The model -> the text of one TOML file, laid out as a person would write it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from qualify.definition.model import Model
from qualify.definition.write import data_of

_BARE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_ESCAPES = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
SPREAD = ("points", "cases", "requires")
"""Tables that stand as dotted keys, an entry a line, when there are few, else as a table of their own."""
MOST_DOTTED = 4


def toml_of(model: Model) -> str:
    """The definition as the text of one file.

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
    data = data_of(model)
    blocks = ["\n".join(f"{key(name)} = {value(each)}" for name, each in data.items() if not isinstance(each, dict))]
    for section, entries in data.items():
        if section == "teams":
            blocks.append("\n".join(["[teams]", *(f"{key(name)} = {value(team)}" for name, team in entries.items())]))
        elif isinstance(entries, dict):
            blocks += [table((section, name), entry) for name, entry in entries.items()]
    return "\n\n".join(blocks) + "\n"


def table(path: tuple[str, ...], entry: Mapping[str, Any]) -> str:
    """An entry with its header, then the tables that stand behind it."""
    lines = [f"[{dotted(*path)}]"]
    behind: list[str] = []
    for name, each in entry.items():
        if name in SPREAD and isinstance(each, dict):
            if len(each) > MOST_DOTTED and name == "points":
                behind.append(
                    "\n".join([f"[{dotted(*path, name)}]", *(f"{key(k)} = {value(v)}" for k, v in each.items())])
                )
            else:
                lines += [f"{dotted(name, k)} = {value(v)}" for k, v in each.items()]
        elif name == "handoff":
            for handoff in each:
                keys = "\n".join(f"{key(k)} = {value(v)}" for k, v in handoff.items())
                behind.append(f"[[{dotted(*path, name)}]]\n{keys}")
        else:
            lines.append(f"{key(name)} = {value(each)}")
    return "\n\n".join(["\n".join(lines), *behind])


def dotted(*names: str) -> str:
    """Names joined by dots."""
    return ".".join(map(key, names))


def key(name: str) -> str:
    """A name as a key: bare where it can be."""
    return name if _BARE.fullmatch(name) else _basic(name)


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
            return (
                "{ " + ", ".join(f"{key(name)} = {value(each)}" for name, each in given.items()) + " }"
                if given
                else "{}"
            )
        case _:
            raise TypeError(f"TOML has no {type(given).__name__}")


def _basic(text: str) -> str:
    out = []
    for char in text:
        if char in _ESCAPES:
            out.append(_ESCAPES[char])
        elif char < " " or "\x7f" <= char <= "\x9f":
            out.append(f"\\u{ord(char):04X}")
        else:
            out.append(char)
    return '"' + "".join(out) + '"'
