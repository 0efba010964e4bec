"""The funnel counts what the verdicts say, no more and no less."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from qualify.run import run_leads
from qualify.run.funnel import ORDER
from tests.run.sources import DEFINITION, jsonl

LEADS = st.fixed_dictionaries(
    {"id": st.just("1")},
    optional={
        "employees": st.sampled_from([5, 80, None, "x"]),
        "opted_out": st.booleans(),
        "staff": st.booleans(),
        "activities": st.sampled_from([None, []]),
    },
)


@given(st.lists(LEADS))
def test_the_funnel_is_the_sum_of_the_verdicts(leads):
    """Two numbers for one thing are one too many in a meeting."""
    with run_leads(DEFINITION, jsonl(*leads), format="jsonl") as judging:
        verdicts = [each.verdict for each in judging.judged()]
    funnel = judging.funnel

    assert funnel.leads == len(verdicts)
    assert funnel.leads + funnel.rejected == len(leads)
    assert funnel.left_out == {"ours": sum("ours" in verdict.left_out_by for verdict in verdicts)}
    judged = [verdict for verdict in verdicts if not verdict.left_out_by]
    assert funnel.left_out_leads == len(verdicts) - len(judged)
    for name, count in funnel.stages.items():
        states = Counter(str(verdict.stages[name].state) for verdict in judged)
        assert {state: getattr(count, state) for state in ORDER} == {state: states[state] for state in ORDER}
        assert sum(states.values()) + funnel.left_out_leads == funnel.leads


def test_no_leads_are_no_division_by_nothing():
    """An empty list is a list."""
    with run_leads(DEFINITION, jsonl(), format="jsonl") as judging:
        assert list(judging) == []

    assert judging.funnel.share(0) == 0.0


def test_its_json_says_by_what_and_when():
    """A number without its definition and its moment can't be compared with next month's."""
    with run_leads(DEFINITION, jsonl({"id": "1", "employees": 80, "activities": []}), format="jsonl") as judging:
        list(judging)
    said = judging.funnel.to_dict()

    assert said["definition"] == {"name": "Print shops", "version": "3", "digest": DEFINITION.digest}
    assert said["as_of"] == judging.as_of.isoformat().replace("+00:00", "Z")
    assert said["stages"]["mql"] == {
        "reached": 0, "undetermined": 0, "not_yet": 1, "disqualified": 0,
        "reasons": [{"team": "marketing", "fact": "looked", "asked": "looked", "count": 1}],
        "barred_by": [], "lacking": [], "looked_at": 0,
    }  # fmt: skip
