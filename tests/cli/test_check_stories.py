"""`check --stories` asks the stories beside a definition, for people who have no pytest."""

import json

import pytest

from tests.cli.command import qualify
from tests.pages import EXAMPLES

STORIES = """\
[[story]]
title = "Eighty printers are an MQL"
as_of = 2026-11-20T12:00:00Z
fields = { industry = "Printing", employees = 80 }
expect = { stage = "mql" }

[[story]]
title = "A farm is nothing"
as_of = 2026-11-20T12:00:00Z
fields = { industry = "Farming" }
expect = { stage = "none", traits = { prints = "no" } }
"""


@pytest.fixture
def told(folder):
    """Stories beside the definition."""

    def write(text):
        (folder / "shops.stories.toml").write_text(text, encoding="utf-8")
        return folder

    return write


def test_a_line_says_that_all_come_out_as_told(told):
    """What is in order needs no more."""
    done = qualify("check", "shops.toml", "--stories", folder=told(STORIES))

    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[-1] == "shops.stories.toml: 2 stories, all come out as told"


def test_a_story_that_comes_out_otherwise_is_told_and_is_a_fault(told):
    """What was expected stands beside the explained verdict."""
    folder = told(STORIES.replace('prints = "no"', 'prints = "yes"'))

    done = qualify("check", "shops.toml", "--stories", folder=folder)
    shown = done.out.splitlines()

    assert (done.code, done.err) == (1, "")
    at = shown.index("shops.stories.toml: 2 stories, 1 comes out otherwise")
    assert shown[at + 1 : at + 8] == [
        "",
        "A farm is nothing",
        "shops.stories.toml:8, as of 2026-11-20 12:00 (UTC)",
        "",
        "                expected  came out",
        "  trait prints  yes       no",
        "    industry: Farming, asked for: Printing or Packaging",
    ]


def test_faults_of_stories_are_told_with_their_lines(told):
    """A misspelled field would be unknown, and the story might pass."""
    folder = told(STORIES.replace("employees", "employes"))

    done = qualify("check", "shops.toml", "--stories", folder=folder)

    assert (done.code, done.err) == (1, "")
    assert "shops.stories.toml: can't be asked" in done.out
    assert "shops.stories.toml:4: unknown field 'employes'; did you mean 'employees'?" in done.out


@pytest.mark.parametrize(("expected", "code"), [("no", 0), ("yes", 1)])
def test_a_program_gets_the_same_as_data(told, expected, code):
    """An editor, or a page that shows how the teams' examples do."""
    folder = told(STORIES.replace('prints = "no"', f'prints = "{expected}"'))

    done = qualify("check", "shops.toml", "--stories", "--json", folder=folder)
    [file] = json.loads(done.out)["stories"]

    assert done.code == code
    assert (file["file"], file["stories"], file["faults"]) == ("shops.stories.toml", 2, [])
    assert [(each["title"], each["line"], each["differences"]) for each in file["failing"]] == [
        ("A farm is nothing", 8, [{"part": "traits", "name": "prints", "expected": "yes", "came_out": "no"}])
    ][:code]


def test_faults_are_data_too(told):
    """With their places."""
    folder = told(STORIES.replace("employees", "employes"))

    done = qualify("check", "shops.toml", "--stories", "--json", folder=folder)
    [file] = json.loads(done.out)["stories"]

    assert done.code == 1
    assert [(each["code"], each["line"]) for each in file["faults"]] == [("unknown-field", 4)]


def test_where_no_stories_stand_it_is_told_where_they_would(folder):
    """A misspelled name of a file would else be in order for ever."""
    done = qualify("check", "shops.toml", "--stories", folder=folder)

    assert done.code == 1
    assert "no stories stand beside shops.toml: they would be in shops.stories.toml" in done.err


def test_every_file_of_stories_beside_the_only_definition_is_asked(told):
    """A second file, for a second meeting."""
    folder = told(STORIES)
    (folder / "more.stories.toml").write_text(STORIES.replace("mql", "sql"), encoding="utf-8")

    done = qualify("check", "shops.toml", "--stories", folder=folder)

    assert done.code == 1
    assert "shops.stories.toml: 2 stories, all come out as told" in done.out
    assert "more.stories.toml:" in done.out


def test_stories_that_may_be_anothers_are_told_of(told):
    """Whoever named them so believes that they are asked."""
    folder = told(STORIES)
    (folder / "cars.toml").write_text((folder / "shops.toml").read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "more.stories.toml").write_text(STORIES, encoding="utf-8")

    done = qualify("check", "shops.toml", "--stories", folder=folder)

    assert done.code == 0
    assert "more.stories.toml: not asked; these stories could speak of cars.toml, shops.toml" in done.err


def test_nothing_stands_beside_standard_input(told):
    """It has no folder."""
    done = qualify("check", "-", "--stories", folder=told(STORIES), given=(told(STORIES) / "shops.toml").read_bytes())

    assert done.code == 2
    assert "not beside standard input" in done.err


def test_the_print_shop_keeps_its_stories_in_its_folder():
    """As the example shows it."""
    done = qualify("check", "print-shop", "--stories", folder=EXAMPLES)

    assert done.code == 0
    assert done.out.splitlines()[-1] == "print-shop/leads.stories.toml: 9 stories, all come out as told"
