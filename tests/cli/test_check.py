"""`check` shows every fault at once, or what the definition is."""

import json

import pytest

import qualify as library
from tests.cli.command import qualify, same_as_printed
from tests.cli.conftest import DEFINITION
from tests.pages import EXAMPLES

FAULTY = DEFINITION.replace("industry in", "industy in").replace('"prints"', '"printz"')


@pytest.mark.parametrize("columns", [80, 120])
def test_a_definition_without_faults_is_shown_in_short(columns):
    """Answer first: no faults; then what it holds, and who agreed."""
    done = qualify("check", "print-shop", folder=EXAMPLES, columns=columns)

    assert (done.code, done.err) == (0, "")
    same_as_printed(f"check-{columns}", done.out)
    assert max(map(len, done.out.splitlines())) <= columns


def test_all_faults_are_shown_with_their_lines(folder):
    """One fault a try would make ten tries of ten faults."""
    (folder / "shops.toml").write_text(FAULTY, encoding="utf-8")

    done = qualify("check", "shops.toml", folder=folder)

    assert (done.code, done.err) == (1, "")
    same_as_printed("check-faults", done.out)


def test_a_program_gets_the_faults_as_data(folder):
    """An editor shows them where they stand."""
    (folder / "shops.toml").write_text(FAULTY, encoding="utf-8")

    done = qualify("check", "shops.toml", "--json", folder=folder)
    said = json.loads(done.out)

    assert done.code == 1
    assert (said["faults"], said["warnings"], said["definition"]) == (2, 0, None)
    assert [(each["file"], each["line"], each["did_you_mean"]) for each in said["findings"]] == [
        ("shops.toml", 11, "industry"),
        ("shops.toml", 29, "prints"),
    ]


def test_the_digest_and_who_approved_it_are_said(folder):
    """What a team approves is the digest; it has to be found somewhere."""
    digest = library.load(folder / "shops.toml").digest
    approvals = "".join(
        f'\n[approvals.{team}]\ndigest = "{each}"\nby = "{by}"\non = 2026-11-20\n'
        for team, each, by in (("marketing", digest, "Ada"), ("sales", "0" * 64, "Bo"))
    )
    (folder / "shops.toml").write_text(DEFINITION + approvals, encoding="utf-8")

    done = qualify("check", "shops.toml", folder=folder)
    said = json.loads(qualify("check", "shops.toml", "--json", folder=folder).out)

    assert done.code == 0
    same_as_printed("check-approvals", done.out)
    assert said["definition"]["digest"] == digest
    assert {team: each["current"] for team, each in said["approvals"].items()} == {"marketing": True, "sales": False}
    assert [each["code"] for each in said["findings"]] == ["approval-outdated"]


def test_a_definition_that_isn_t_there_is_a_fault(tmp_path):
    """Not a traceback."""
    done = qualify("check", "nowhere.toml", folder=tmp_path)

    assert done.code == 1
    assert done.out.startswith("nowhere.toml: there is no such file or folder\n")
