"""What a rule reads, and whether learning more can turn it."""

import pytest
from hypothesis import given

from qualify.rules import parse, parse_formula, parse_selection
from qualify.rules.reads import is_stable, parts, reads, walk
from qualify.rules.tree import Count, Days, First, Known, Last, Total
from tests.strategies import rules

READ = {
    "employees >= 50": (("employees",), (), (), False),
    "a and (b or not c) and a": (("a", "b", "c"), (), (), False),
    "email_domain in competitors": (("email_domain",), ("competitors",), (), False),
    "job_title mentions titles or xs has any topics": (("job_title", "xs"), ("titles", "topics"), (), False),
    "grade in [A, B] and company_size is large": (("grade", "company_size"), (), (), False),
    "count(page_view where page in pages and referrer is known) > n": (("n",), ("pages",), ("page_view",), False),
    "count(any of [a, b] within 3 days after c) == 0": (("c",), (), ("a", "b"), False),
    "days(any activity since last(d)) > 0": ((), (), ("d",), True),
    "sum(amount of purchase) / employees > 2": (("employees",), (), ("purchase",), False),
    "x within 3 days after first(y where z == 1)": (("x",), (), ("y",), False),
    "at least 1 of [a, b is known]": (("a", "b"), (), (), False),
    "x between y and z": (("x", "y", "z"), (), (), False),
}
STABLE = ("a", "not a or b", "x >= 5", "x in [1, 2]", 'x mentions "vp"', "grade is A", "x within 3 days", "a + b > 2")
UNSTABLE = (
    "x is known",
    "a and x is unknown",
    "count(a) > 1",
    "days(a) > 1",
    "sum(b of a) > 1",
    "first(a) before x",
    "x within 2 days after last(a)",
    "at least 1 of [a, not (b or last(c) is known)]",
)


@pytest.mark.parametrize(("text", "expected"), READ.items(), ids=list(READ))
def test_a_rule_says_what_it_reads(text, expected):
    """What is missing, which facts come first, which list is unused: all are asked of this one reading."""
    found = reads(parse(text))

    assert (found.values, found.lists, found.activities, found.any_activity) == expected


def test_selections_and_formulas_say_it_too():
    """Signals and scores stand in the same order of evaluation as traits."""
    assert reads(parse_selection("visits where page == x since last(y)")).activities == ("visits", "y")
    assert reads(parse_formula("2 * fit + highest of [a, b]")).facts == ("fit", "a", "b")


@pytest.mark.parametrize("text", STABLE)
def test_what_only_compares_is_stable(text):
    """One more fact never turns its yes into a no."""
    assert is_stable(parse(text))


@pytest.mark.parametrize("text", UNSTABLE)
def test_what_asks_for_knowledge_or_for_what_happened_is_not(text):
    """Stability is only promised where it holds."""
    assert not is_stable(parse(text))


@given(rule=rules())
def test_every_node_is_walked_in_the_order_of_the_text(rule):
    """A node that a reading misses is a field that nobody asks for."""
    nodes = [node for node, _ in walk(rule)]

    assert nodes[0] is rule
    assert all(part in nodes for node in nodes for part in parts(node))
    assert is_stable(rule) == (not any(isinstance(each, Known | Count | Days | Total | First | Last) for each in nodes))
