"""The example that the README runs is whole, is what its script makes, and shows every kind of answer."""

import csv
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import UTC, datetime

import pytest

import qualify
from tests.pages import EXAMPLES

PRINT_SHOP = EXAMPLES / "print-shop"
AS_OF = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def test_the_data_are_what_the_script_makes(tmp_path):
    """The folder says that its data are generated; anybody must be able to see that it is so."""
    subprocess.run([sys.executable, PRINT_SHOP / "make_leads.py", tmp_path], check=True)

    for name in ("leads.csv", "activities.csv"):
        assert (tmp_path / name).read_bytes() == (PRINT_SHOP / name).read_bytes()


def test_the_definition_has_no_fault_and_no_warning():
    """What people copy first must be right."""
    assert list(qualify.load(PRINT_SHOP).check()) == []


@pytest.fixture(scope="module")
def verdicts():
    definition = qualify.load(PRINT_SHOP)
    mapping = qualify.load_mapping(PRINT_SHOP / "mappings" / "leads.mapping.toml", definition)
    return [definition.qualify(mapping.lead(record), as_of=AS_OF) for record in rows("leads.csv")]


def rows(name):
    with (PRINT_SHOP / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_answer_occurs_without_activities(verdicts):
    """An example in which nothing is open, or nobody is barred, teaches too little."""
    states = Counter(str(verdict.stages["mql"].state) for verdict in verdicts if not verdict.left_out_by)

    assert set(states) >= {"reached", "not_yet", "disqualified", "undetermined"}
    assert any(verdict.left_out_by for verdict in verdicts)


def test_every_event_of_the_export_is_mapped():
    """An event that the mapping forgets would silently count for nothing."""
    text = (PRINT_SHOP / "mappings" / "leads.mapping.toml").read_text(encoding="utf-8")
    events = defaultdict(int)
    for row in rows("activities.csv"):
        events[row["Event"]] += 1

    assert all(f'"{event}" = ' in text for event in events)
