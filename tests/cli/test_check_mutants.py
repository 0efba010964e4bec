"""`qualify check --mutants`: what no story notices, and the story that would."""

import json
import tomllib

import pytest

from tests.cli.command import qualify

DEFINITION = """
format = 1
name = "Print leads"
version = "1"

[teams]
sales = "Sales"

[traits.right_size]
team = "sales"
when = 'employees >= 50'
why = "Smaller shops buy online."

[stages.sql.requires]
sales = "right_size"
"""
STORY = """
[[story]]
title = "Eighty are enough"
as_of = 2026-11-20T12:00:00Z
fields = { employees = 80 }

[story.expect]
stage = "sql"
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "leads.toml").write_text(DEFINITION, encoding="utf-8")
    (tmp_path / "leads.stories.toml").write_text(STORY, encoding="utf-8")
    return tmp_path


def stories_in(text):
    """What is printed between the words, as somebody would paste it."""
    lines = text.split("\n\n")
    start = next(at for at, part in enumerate(lines) if "[[story]]" in part)
    return "\n\n".join(lines[start:])


def test_it_tells_how_many_changes_nothing_notices_and_proposes_stories(folder):
    """A number alone helps nobody: the story to paste stands beneath it."""
    done = qualify("check", "leads.toml", "--mutants", folder=folder)

    assert done.code == 0
    assert "Of 5 small changes there are 3 that the one story does not notice." in done.out
    assert "# `employees >= 50` of right_size becomes `employees >= 51`" in done.out
    assert 'title = "With employees 50 the stage is sql: right_size is yes"' in done.out


def test_what_is_proposed_can_be_pasted_and_then_nothing_is_left(folder):
    """The way out of the report must be as short as it says."""
    proposed = stories_in(qualify("check", "leads.toml", "--mutants", folder=folder).out)
    (folder / "leads.stories.toml").write_text(STORY + proposed, encoding="utf-8")

    done = qualify("check", "leads.toml", "--stories", "--mutants", folder=folder)

    assert tomllib.loads(proposed)["story"]
    assert done.code == 0, done
    assert "notice each of 5 small changes" in done.out


def test_a_failing_story_is_what_fails(folder):
    """The report is no fault; what was agreed on and doesn't come out is one."""
    (folder / "leads.stories.toml").write_text(STORY.replace("= 80", "= 10"), encoding="utf-8")

    assert qualify("check", "leads.toml", "--mutants", folder=folder).code == 0
    assert qualify("check", "leads.toml", "--mutants", "--stories", folder=folder).code == 1


def test_without_stories_it_says_so_and_proposes_the_first(folder):
    """Whoever has none yet is shown what one looks like, and where it goes."""
    (folder / "leads.stories.toml").unlink()

    done = qualify("check", "leads.toml", "--mutants", folder=folder)

    assert done.code == 0
    assert "No stories stand beside the definition, so nothing notices any of 5 small changes." in done.out
    assert "into leads.stories.toml" in done.out


def test_of_what_nothing_was_found_no_more_is_said(folder):
    """All points come in tens here, so 49 and 50 mean the same; but a search that found nothing knows of nothing."""
    scored = DEFINITION.replace('requires]\nsales = "right_size"', 'requires]\nsales = "fit >= 50"') + (
        "\n[scores.fit]\nstart = 40\npoints.right_size = 10\n"
    )
    (folder / "leads.toml").write_text(scored, encoding="utf-8")

    done = qualify("check", "leads.toml", "--mutants", folder=folder)
    said = done.out[done.out.index("no lead was found") :].splitlines()

    assert said[0] == "no lead was found that tells them apart; whether there is one isn't known:"
    assert "  `fit >= 50` of sql (sales) becomes `fit >= 49`" in said
    assert "perhaps" not in done.out


def test_programs_get_the_same(folder):
    """A pull request can be told what it leaves open."""
    said = json.loads(qualify("check", "leads.toml", "--mutants", "--json", folder=folder).out)["mutants"]

    assert (said["stories"], said["changes"], len(said["unnoticed"])) == (1, 5, 3)
    assert set(said["unnoticed"][0]) == {"name", "what", "place", "story"}
    assert tomllib.loads(said["unnoticed"][0]["story"])["story"][0]["fields"] == {"employees": 50}


def test_there_are_no_stories_beside_standard_input(folder):
    """It has no place that they could stand beside."""
    assert qualify("check", "-", "--mutants", folder=folder, given=DEFINITION.encode()).code == 2
