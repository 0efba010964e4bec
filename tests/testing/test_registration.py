"""`st.from_type` draws our types wherever the package is installed, and costs nobody anything who doesn't ask."""

import subprocess
import sys
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

import qualify
from qualify.rules import Rule

KINDS = get_args(Rule)
DRAW = (
    "@settings(max_examples=3, database=None)\n"
    "@given(st.from_type(Lead), st.from_type(Activity), st.from_type(Rule), st.from_type(Definition))\n"
    "def draw(lead, activity, rule, definition):\n"
    "    drawn.append((lead, activity, rule, definition))\n"
    "drawn = []\n"
    "draw()\n"
    "assert any(activity.type for _, activity, _, _ in drawn)\n"
    "assert all(isinstance(rule, Rule) for _, _, rule, _ in drawn)\n"
    "from hypothesis import find\n"
    "assert find(st.from_type(Lead), lambda lead: lead.employees is not None).employees == 0\n"
)
HYPOTHESIS = "from hypothesis import given, settings, strategies as st\n"
OURS = "from qualify import Activity, Definition, Lead, Verdict\nfrom qualify.rules import Rule\n"


def in_a_fresh_python(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("before", [HYPOTHESIS + OURS, OURS + HYPOTHESIS, HYPOTHESIS + "import qualify.face\n" + OURS])
def test_types_are_drawn_in_whatever_order_they_were_imported(before):
    """An import that a formatter moved must not change what a suite draws."""
    in_a_fresh_python(before + DRAW)


def test_rules_alone_are_drawn_too():
    """An adapter that turns rules into a CRM's search needs no lead."""
    in_a_fresh_python(
        HYPOTHESIS + "from qualify.rules import Rule, parse\n"
        "@settings(max_examples=5, database=None)\n"
        "@given(st.from_type(Rule))\n"
        "def draw(rule):\n"
        "    assert parse(str(rule)) == rule\n"
        "draw()\n"
    )


def test_hypothesis_alone_loads_nothing_of_ours_but_the_registration():
    """Somebody has us installed and tests something else."""
    seen = in_a_fresh_python("import hypothesis, sys\nprint(*sorted(sys.modules))").split()

    assert [name for name in seen if name.split(".")[0] == "qualify"] in (
        ["qualify", "qualify.testing", "qualify.testing.registration"],
        [],  # only where the package is no more than a folder on the path
    )
    assert "pydantic" not in seen


def test_a_types_own_registration_stays():
    """Who says how their leads are drawn has said it."""
    in_a_fresh_python(
        HYPOTHESIS + "import qualify\n"
        "st.register_type_strategy(qualify.Lead, st.just(qualify.Lead(id='mine')))\n"
        "qualify.Verdict, qualify.Definition\n"
        "@given(st.from_type(qualify.Lead))\n"
        "def draw(lead):\n"
        "    assert lead.id == 'mine'\n"
        "draw()\n"
    )


@given(verdict=st.from_type(qualify.Verdict), lead=st.from_type(qualify.Lead))
def test_a_verdict_is_one_of_a_drawn_definition(verdict, lead):
    """A program that shows verdicts wants any."""
    assert isinstance(verdict, qualify.Verdict)
    assert isinstance(lead, qualify.Lead)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_each_kind_of_rule_can_be_asked_for(kind):
    """A translation of `between` is tested with betweens."""

    @given(rule=st.from_type(kind))
    def drawn(rule):
        assert type(rule) is kind
        assert qualify.parse(str(rule)) == rule

    drawn()
