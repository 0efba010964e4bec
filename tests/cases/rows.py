"""Rows -> definitions, leads and what is expected: how the files of this folder are read.

A file is a topic, a table in it is a sentence of the language's meaning, with its rows. A row is a `rule` or a small
definition, a lead, and what must come out. The README says what may stand in a row.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
AS_OF = datetime.fromisoformat("2026-11-20T12:00:00+00:00")
SECTIONS = ("fields", "activities", "lists", "traits", "tiers", "signals", "scores", "stages", "left_out_by")
EXPECTED = ("answer", "is", "error", "fault")
KEYS = {*SECTIONS, *EXPECTED, "rule", "lead", "as_of", "zone", "why"}


@dataclass(frozen=True)
class Sentence:
    """A sentence of the language's meaning, and where it is held: in rows, or in a test."""

    topic: str
    key: str
    text: str
    rows: tuple[Row, ...]
    tested_by: str | None


@dataclass(frozen=True)
class Row:
    """One example."""

    name: str
    given: Mapping[str, Any]

    @property
    def definition(self) -> dict[str, Any]:
        """The definition, as `qualify.define` takes it; what every definition needs is filled in."""
        given = self.given
        traits = dict(given.get("traits", {}))
        if "rule" in given:
            traits["it"] = given["rule"]
        sections = {
            "timezone": given.get("zone", "UTC"),
            "teams": {"marketing": "Marketing", "sales": "Sales"},
            "fields": {name: _in_full(field, "type") for name, field in given.get("fields", {}).items()},
            "activities": {name: {"properties": found} for name, found in given.get("activities", {}).items()},
            "lists": {name: {"team": "sales", "values": values} for name, values in given.get("lists", {}).items()},
            "traits": {name: _fact(trait, "when", why="It matters.") for name, trait in traits.items()},
            "tiers": {name: _fact(_cases(tier), "cases") for name, tier in given.get("tiers", {}).items()},
            "signals": {name: _fact(signal, "each") for name, signal in given.get("signals", {}).items()},
            "scores": {name: _decimals(score) for name, score in given.get("scores", {}).items()},
            "stages": given.get("stages", {}),
            "left_out_by": given.get("left_out_by", []),
        }
        return {"name": "Rows", **{key: section for key, section in sections.items() if section}}

    @property
    def lead(self) -> dict[str, Any]:
        """The lead, as a plain dict."""
        return {name: _value(value) for name, value in self.given.get("lead", {}).items()}

    @property
    def as_of(self) -> datetime:
        """The moment to judge at."""
        moment: datetime = self.given.get("as_of", AS_OF)
        return moment


@cache
def sentences() -> tuple[Sentence, ...]:
    """All sentences, in the order of the files and within them."""
    return tuple(each for path in sorted(FOLDER.glob("*.toml")) for each in _sentences_in(path))


def rows() -> tuple[Row, ...]:
    """The rows of all sentences."""
    return tuple(row for sentence in sentences() for row in sentence.rows)


def _sentences_in(path: Path) -> Iterator[Sentence]:
    topic = tomllib.loads(path.read_text(encoding="utf-8"))
    shared = {key: topic.pop(key) for key in list(topic) if key in KEYS}
    for key, group in topic.items():
        text, listed, tested_by = group.pop("sentence"), group.pop("rows", []), group.pop("tested_by", None)
        found = []
        for number, row in enumerate(listed, 1):
            given = {**shared, **group, **row}
            unknown = given.keys() - KEYS
            if unknown or len(given.keys() & set(EXPECTED)) != 1:
                raise AssertionError(f"{path.name}: {key}, row {number}: {unknown or 'one of ' + ', '.join(EXPECTED)}")
            found.append(Row(f"{path.stem}-{key}-{number}", given))
        yield Sentence(path.stem, key, text, tuple(found), tested_by)


def _in_full(given: Any, key: str) -> dict[str, Any]:
    return dict(given) if isinstance(given, Mapping) else {key: given}


def _fact(given: Any, key: str, **more: str) -> dict[str, Any]:
    """A fact as a file has it; a shadow or proposed one with the date that it needs."""
    fact = {"team": "sales", **more, **_in_full(given, key)}
    if fact.get("status") in ("shadow", "proposed"):
        fact.setdefault("review_on", AS_OF.date())
    return fact


def _cases(given: Mapping[str, Any]) -> dict[str, Any]:
    return dict(given) if "cases" in given else {"cases": given}


def _decimals(given: Any) -> Any:
    """Points as a definition's file has them: decimals, where these files have floats."""
    if isinstance(given, float):
        return Decimal(repr(given))
    return {key: _decimals(value) for key, value in given.items()} if isinstance(given, Mapping) else given


def _value(given: Any) -> Any:
    """A lead's value: `{ decimal = "0.1" }` and `{ none = true }` stand for what TOML can't say."""
    if isinstance(given, list):
        return [_value(each) for each in given]
    if not isinstance(given, Mapping):
        return given
    if given.keys() == {"decimal"}:
        return Decimal(given["decimal"])
    if given.keys() == {"none"}:
        return None
    return {key: _value(each) for key, each in given.items()}
