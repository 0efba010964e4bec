"""What is right by the grammar and hardly meant is told, and what is meant is not."""

import pytest

from qualify.rules import parse, parse_selection
from qualify.rules.doubtful import doubtful

DOUBTFUL = {
    "employees between 100 and 50": "write 'employees between 50 and 100'",
    "created_at between 2026-12-31 and 2026-01-01": "write 'created_at between 2026-01-01 and 2026-12-31'",
    "created_at between 2026-12-31T10:00 and 2026-12-31T09:00": "no value lies between",
    "not (a and count(call where minutes between 9 and 3) > 1)": "write 'minutes between 3 and 9'",
    'industry contains "*pharma"': "'*' stands for itself in 'contains' (only 'mentions' has word*): write 'contains \"pharma\"'",
    'industry contains ["food", "pharma*"]': "write 'mentions \"pharma*\"'",
    'industry contains "%pharma%"': "'%' stands for itself in 'contains': write 'contains \"pharma\"'",
    'industry == "pharma*"': "write 'starts with \"pharma\"'",
    'industry in ["*pharma"]': "write 'ends with \"pharma\"'",
    'industry != "*pharma*"': "write 'contains \"pharma\"'",
}
MEANT = (
    "employees between 50 and 100",
    "employees between 50 and 50",
    "employees between trucks and 5",
    "created_at between 2026-12-31T10:00Z and 2026-12-31T09:00",
    'industry mentions "pharma*"',
    'industry contains "50%" or industry contains "* * *" or industry == "C++"',
)


@pytest.mark.parametrize(("text", "said"), DOUBTFUL.items(), ids=list(DOUBTFUL))
def test_a_test_that_hardly_says_what_was_meant_is_told(text, said):
    """It would never be noticed: the rule just says no, day after day."""
    (problem,) = doubtful(parse(text))

    assert problem.code == "doubtful-test"
    assert said in problem.message


@pytest.mark.parametrize("text", MEANT)
def test_what_is_meant_is_not_doubted(text):
    """A warning about what is right is soon read by nobody."""
    assert doubtful(parse(text)) == []


def test_selections_are_looked_at_too():
    """A signal's rule stands after its `where`."""
    (problem,) = doubtful(parse_selection('page_view where page contains "*pricing*"'))

    assert problem.entry == 0
