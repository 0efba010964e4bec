"""A verdict as a note on the record that it is about: a line for each thing that is said, for people and for us.

Tryton has no fields of one's own without a module. A note needs none: it stands beside the opportunity or the party,
and nobody's comment is overwritten.

    Lead qualification (kept by qualify)
    stage: mql
    score_fit: 45
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal

HEAD = "Lead qualification (kept by qualify)"


def note_of(said: Mapping[str, object]) -> str:
    r"""The note for what is said.

    >>> print(note_of({"stage": "mql", "score_fit": 45, "reason": "line\nline", "reached": None}))
    Lead qualification (kept by qualify)
    stage: mql
    score_fit: 45
    reason: "line\nline"
    """
    return "\n".join([HEAD, *(f"{name}: {_written(value)}" for name, value in said.items() if value is not None)])


def said_in(note: str) -> dict[str, object]:
    """What a note says; lines that people wrote between are passed over.

    >>> said_in(note_of({"stage": "mql", "score_fit": 45, "grade": "1"}))
    {'stage': 'mql', 'score_fit': 45, 'grade': '1'}
    """
    said: dict[str, object] = {}
    for line in note.splitlines()[1:]:
        name, colon, text = line.partition(": ")
        if colon and name:
            said[name] = _read(text)
    return said


def flat(said: Mapping[str, object], above: str = "") -> dict[str, object]:
    """Tables inside as names with points, so that each thing has its line."""
    found: dict[str, object] = {}
    for name, value in said.items():
        found |= flat(value, f"{above}{name}.") if isinstance(value, Mapping) else {f"{above}{name}": value}
    return found


def _written(value: object) -> str:
    if isinstance(value, str):
        plain = value.isprintable() and value == value.strip() and value and _read(value) == value
        return value if plain else json.dumps(value, ensure_ascii=False)
    if isinstance(value, Decimal):
        return str(value)
    return json.dumps(value, ensure_ascii=False, default=str)


def _read(text: str) -> object:
    try:
        return json.loads(text, parse_float=Decimal)
    except ValueError:
        return text


__all__ = ["HEAD", "flat", "note_of", "said_in"]
