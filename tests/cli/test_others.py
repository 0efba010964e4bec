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
    own = [each for each in said if each["package"] == "qualify"]
    assert [(each["name"], each["can"], each["error"]) for each in own] == [
        (name, ["read", "write"], None) for name in ("csv", "jsonl", "parquet")
    ]
    assert all(re.search(rf"^{each['name']} +qualify", done.out, re.MULTILINE) for each in own)


@pytest.mark.parametrize("command", ["", "check", "run", "explain", "schema", "adapters"])
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
