"""Pages that are drawn from the code say what the code says."""

import json

import pytest
from jsonschema import Draft202012Validator

import qualify
from qualify.verdict import parts
from qualify.verdict.view import View
from tools import verdict, verdict_json
from tools.reference import DOCS, PAGES


@pytest.mark.parametrize("name", PAGES)
def test_a_drawn_page_is_up_to_date(name):
    """A key that the page doesn't know is a key that nobody uses. (`python -m tools.reference` writes the pages.)"""
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name]()


def test_every_attribute_of_a_verdict_is_on_its_page():
    """What isn't there is used by nobody, or by somebody who guesses what it means."""
    public = {name for name, each in vars(View).items() if isinstance(each, property) and name[0] != "_"}
    shown = {name for name, _, _ in verdict.attributes()}

    assert shown == public - verdict.NOT_SHOWN


def test_every_part_of_a_verdict_is_on_its_page():
    """A part that came later has its section too."""
    kinds = {name for name in parts.__all__ if isinstance(getattr(parts, name), type)}

    assert kinds == set(verdict.parts())


def test_every_key_of_the_json_has_its_meaning():
    """A key without a meaning is guessed at."""
    shown = [path for path, _ in verdict_json.paths(qualify.Verdict.json_schema())]

    assert shown == list(dict.fromkeys(shown))
    assert set(shown) == set(verdict_json.MEANS)


def test_the_example_of_the_json_is_one():
    """It is what a reader writes their program against."""
    example = json.loads(verdict_json.the_example().to_json(nearest=True))

    Draft202012Validator(json.loads(verdict_json.the_schema())).validate(example)
