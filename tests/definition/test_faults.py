"""What is said about every fault: one file of snippets with, under each, the findings as a person reads them.

`UPDATE=1 pytest tests/definition/test_faults.py` writes into the file what is said now; the difference is then to be
read as its readers will read it.
"""

import json
import os
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from qualify.definition.files import loads_model
from qualify.errors import DefinitionError, Finding

FILE = Path(__file__).parent / "faults.txt"
FRAME = """\
format = 1
name = "Leads"
version = "1"
teams.marketing = "Marketing"
teams.sales = "Sales"

"""


@dataclass(frozen=True)
class Row:
    """A snippet (below the frame, unless it is a whole definition) and what is shown for it."""

    name: str
    given: str
    shown: str

    @property
    def text(self) -> str:
        return self.given if self.name.startswith("whole: ") else FRAME + self.given


def rows() -> list[Row]:
    found = []
    for part in FILE.read_text(encoding="utf-8").split("=== ")[1:]:
        name, _, rest = part.partition("\n")
        given, _, shown = rest.partition("---\n")
        found.append(Row(name, given, shown))
    return found


ROWS = rows()
ONLY_IN_TOML = ("a digest that is none, a day in quotes", "working hours", "numbers in scores", "tiers")


def findings_of(text: str, form: str = "toml") -> tuple[Finding, ...]:
    """What is found in a definition, faults and warnings."""
    try:
        return loads_model(text, form)[1]
    except DefinitionError as why:
        return why.faults


def shown(findings: tuple[Finding, ...]) -> str:
    """Each finding as data and as text: code, column and suggestion first."""
    parts = []
    for each in findings:
        meant = f" -> {each.did_you_mean}" if each.did_you_mean else ""
        parts.append(f"[{each.code} {each.column}{meant}]\n{each}\n")
    return "\n".join("\n".join(line.rstrip() for line in part.split("\n")) for part in parts)


@pytest.fixture(scope="module", autouse=True)
def updated():
    """With UPDATE=1 the file is written anew after the tests, from what is said now."""
    yield
    if os.environ.get("UPDATE"):
        now = [replace(row, shown=shown(findings_of(row.text))) for row in ROWS]
        FILE.write_text("".join(f"=== {row.name}\n{row.given}---\n{row.shown}" for row in now), encoding="utf-8")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_what_is_said_about_a_fault_stays_as_it_was_read(row):
    """A message is for the person who made the mistake; nobody may change it without reading it."""
    if not os.environ.get("UPDATE"):
        assert shown(findings_of(row.text)) == row.shown


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_faults_are_told_in_the_order_of_the_file_and_once(row):
    """Whoever mends a file goes through it from top to bottom, and mends each place once."""
    findings = findings_of(row.text)

    places = [(each.line or 0, each.column or 0) for each in findings]
    assert places == sorted(places)
    assert len(set(findings)) == len(findings)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_fault_stands_where_its_line_shows_it(row):
    """The caret points at characters that are there."""
    for each in findings_of(row.text):
        if each.line is not None:
            line = row.text.split("\n")[each.line - 1]
            assert each.source is None or each.source == line
            assert each.column is None or each.column + each.length - 1 <= max(1, len(line) + 1)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_same_faults_are_found_in_json(row):
    """The shape is the same; so are its faults, in other places."""
    if row.name.startswith("whole: ") or row.name in ONLY_IN_TOML:
        pytest.skip("about TOML itself, or about what JSON has no form for")
    data = tomllib.loads(row.text)
    found = findings_of(json.dumps(in_json_shape(data), default=str, indent=1), "json")

    assert sorted(each.code for each in found) == sorted(each.code for each in findings_of(row.text))
    assert all(each.line for each in found)


def in_json_shape(data: dict) -> dict:
    """Where order means something, JSON has lists of tables with names."""
    data = dict(data)
    if isinstance(data.get("stages"), dict):
        data["stages"] = [{"name": name, **entry} for name, entry in data["stages"].items()]
    if isinstance(data.get("tiers"), dict):
        data["tiers"] = {
            name: {**tier, "cases": [{"name": case, "when": when} for case, when in tier["cases"].items()]}
            if isinstance(tier.get("cases"), dict)
            else tier
            for name, tier in data["tiers"].items()
        }
    return data
