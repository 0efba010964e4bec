"""`schema` and `adapters`, the version and the help."""

import json
import re

import pytest

import qualify as library
from tests.cli.command import qualify, same_as_printed


def test_the_schema_of_a_definition_s_leads(folder):
    """The same as Python gives."""
    done = qualify("schema", "shops.toml", folder=folder)

    assert done.code == 0
    assert json.loads(done.out) == library.load(folder / "shops.toml").json_schema()


def test_the_schema_of_the_file():
    """For an editor."""
    done = qualify("schema")

    assert done.code == 0
    assert json.loads(done.out)["$schema"].startswith("https://json-schema.org/")


def test_adapters_are_listed():
    """The built-in ones at least."""
    done = qualify("adapters")
    said = json.loads(qualify("adapters", "--json").out)

    assert done.code == 0
    own = {each["name"]: each for each in said if each["package"] == "qualify"}
    assert {"csv", "jsonl", "parquet", "email_kind"} <= own.keys()
    assert own["csv"]["can"] == ["read", "write"]
    assert own["csv"]["source"] == "qualify.adapters.csv"
    assert own["email_kind"]["conversions"] == ["email kind"]
    assert not [each["error"] for each in own.values() if each["error"]]
    assert all(re.search(rf"^{name} +qualify", done.out, re.MULTILINE) for name in own)


def test_adapters_that_are_not_allowed_are_listed_and_not_loaded():
    """Whoever asks what is there need not run it."""
    done = qualify("adapters", "--allow", "csv")

    assert done.code == 0
    lines = done.out.splitlines()
    assert next(line for line in lines if line.startswith("csv")).endswith("  read, write")
    assert "can't be used: switched off: csv alone may be" in next(line for line in lines if line.startswith("jsonl"))
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("command", ["", "check", "run", "explain", "sync", "sql", "schema", "adapters"])
def test_help_is_at_most_eighty_columns_wide(command):
    """It is read in the smallest window that people have."""
    done = qualify(*filter(None, [command]), "--help", columns=200)

    assert done.code == 0
    assert max(map(len, done.out.splitlines())) <= 80
    same_as_printed(f"help-{command or 'all'}", done.out)


def test_nothing_said_is_a_call_for_help():
    """A newcomer types the name first."""
    assert qualify().out == qualify("--help").out


def test_the_version_is_said():
    """For a report."""
    done = qualify("--version")

    assert (done.code, done.out.split()[0]) == (0, "qualify")
