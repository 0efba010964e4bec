"""Codes are words that programs and readers rely on: each is known, has a page, an example and a row."""

import ast
import re
from pathlib import Path

import pytest

import qualify
from qualify.definition.codes import CODES
from qualify.errors import show_findings
from qualify.mapping.codes import CODES as MAPPING_CODES
from tests.definition.test_faults import ROWS, findings_of
from tools import faults

SECTIONS = [faults.section(code) for code in sorted([*CODES, *MAPPING_CODES])]
TESTED_ELSEWHERE = {
    # in test_doubts.py
    "dead-case", "gap-between-cases", "shared-edge", "unreachable-threshold",
    # in test_folder.py
    "no-definition", "not-utf-8", "stage-order", "too-large", "unreadable",
    # in test_shape.py
    "not-json", "unused-list",
    # of Python alone, and of a rule that is too long: in tests/rules
    "bad-product", "bad-rule", "bad-sum", "bad-text", "too-long",
    # in test_written.py
    "approval-outdated",
}  # fmt: skip
NOT_FAULTS = {"bad-argument", "cannot-save"}
"""Codes of errors that are no findings."""


def words_of_the_code():
    """Every constant in the two rooms that looks like a code."""
    rooms = [Path(qualify.__file__).parent / room for room in ("rules", "definition")]
    for file in (each for room in rooms for each in sorted(room.glob("*.py")) if each.name != "codes.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            value = node.value if isinstance(node, ast.Constant) else None
            if isinstance(value, str) and re.fullmatch("[a-z]+(-[a-z0-9]+)+|cycle|unreadable", value):
                yield value


def test_every_code_that_is_used_is_known_and_every_known_one_is_used():
    """A code without a meaning helps nobody; a meaning without a code is a memory."""
    used = set(words_of_the_code()) - {"utf-8", "date-time"} - NOT_FAULTS | {"syntax"}

    assert used == set(CODES)


def test_every_code_has_its_page():
    """The last line of every report sends its reader there."""
    pages = {page.stem for page in faults.FOLDER.iterdir()}

    assert pages == {section.code for section in SECTIONS} == {*CODES, *MAPPING_CODES}


def test_every_code_has_a_row():
    """What is said about it was read by somebody."""
    shown = {each.code for row in ROWS for each in findings_of(row.text)}

    assert shown | TESTED_ELSEWHERE == set(CODES)
    assert not shown & TESTED_ELSEWHERE


@pytest.mark.parametrize(
    "section", [each for each in SECTIONS if each.language != "python"], ids=lambda each: each.code
)
def test_the_example_of_a_code_shows_that_code_and_what_stands_instead_has_no_fault(section):
    """The reader copies both."""
    assert {each.code for each in faults.findings_of(section, section.example)} == {section.code}
    assert faults.findings_of(section, section.instead) == ()


def test_reports_name_their_codes():
    """So that the reader finds the page."""
    findings = findings_of(ROWS[0].text)

    assert show_findings(findings).endswith("4 faults. missing-key: see the reference, Faults")
