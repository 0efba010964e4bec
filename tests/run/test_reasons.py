"""The funnel's reasons are those of the verdicts: what says no, what bars, what is missing."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

import qualify
from qualify.rules import parse
from qualify.run import reasons, run_leads
from qualify.run.reasons import deciding
from tests.run.sources import DEFINITION, jsonl
from tests.run.test_funnel import LEADS


def funnel_of(definition, *leads):
    with run_leads(definition, jsonl(*leads), format="jsonl") as judging:
        verdicts = [each.verdict for each in judging.judged()]
    return judging.funnel, verdicts


@given(st.lists(LEADS))
def test_what_leads_lack_is_what_their_verdicts_miss(leads):
    """The question that would settle most is worth asking on the form."""
    funnel, verdicts = funnel_of(DEFINITION, *leads)

    for name, count in funnel.stages.items():
        missing = Counter(each.field for verdict in verdicts for each in verdict.missing if name in each.settles)
        assert {each.field: each.count for each in count.lacking} == missing
        assert [each.count for each in count.lacking] == sorted(missing.values(), reverse=True)
        assert count.looked_at == count.undetermined


@given(st.lists(LEADS))
def test_what_says_no_is_counted_as_often_as_sides_say_it(leads):
    """Here each side asks for one fact, so its answer is the fact's."""
    funnel, verdicts = funnel_of(DEFINITION, *leads)

    for name, count in funnel.stages.items():
        stages = [verdict.stages[name] for verdict in verdicts if not verdict.left_out_by]
        here = [stage for stage in stages if stage.state == "not_yet"]
        no = Counter(team for stage in here for team, answer in stage.sides.items() if answer == "no")
        assert {each.team: each.count for each in count.reasons if each.team} == no
        waiting = [stage for stage in here if "no" not in stage.sides.values()]
        assert sum(each.count for each in count.reasons if each.team is None) == len(waiting)
        bars = Counter(bar for stage in stages for bar in stage.disqualified_by)
        assert {each.fact: each.count for each in count.barred_by} == bars


@given(st.lists(LEADS, min_size=1), st.integers(min_value=1, max_value=3))
def test_reasons_are_exact_however_many_kinds_of_lead_there_are(leads, most):
    """Kinds are forgotten when there are too many, what was counted isn't."""
    expected = funnel_of(DEFINITION, *leads)[0]
    before, reasons.MOST_ALIKE = reasons.MOST_ALIKE, most
    try:
        found = funnel_of(DEFINITION, *leads)[0]
    finally:
        reasons.MOST_ALIKE = before

    assert {name: sorted_(count) for name, count in found.stages.items()} == {
        name: sorted_(count) for name, count in expected.stages.items()
    }


def sorted_(count):
    said = count.to_dict()
    return {key: sorted(map(str, value)) if isinstance(value, list) else value for key, value in said.items()}


def test_of_many_open_leads_some_are_looked_at_evenly_and_it_is_said():
    """A million leads are not asked one by one; the same file gives the same answer."""
    leads = [{"id": str(n), "opted_out": False, **({"employees": 80} if n % 2 else {})} for n in range(5000)]

    funnel, _ = funnel_of(DEFINITION, *leads)
    again, _ = funnel_of(DEFINITION, *leads)

    stage = funnel.stages["mql"]
    assert stage.undetermined == 5000
    assert 125 <= stage.looked_at <= 250
    assert [each.field for each in stage.lacking] == ["activities"]
    assert again.stages == funnel.stages


def test_what_decides_a_no_is_told_as_small_as_it_is():
    """'no' has one reason or several, and what says yes is none."""
    rule = parse("a and (b or not c) and not (d or e) and at least 2 of [f, g, h] and not (i and j)")
    said = {
        "a": True,
        "b": False,
        "c": True,
        "d": True,
        "e": False,
        "f": True,
        "g": False,
        "h": None,
        "i": True,
        "j": True,
    }
    given_ = {parse(name): answer for name, answer in said.items()}

    assert [str(part) for part in deciding(rule, given_)] == ["b", "not c", "not d", "not i", "not j"]


def test_reasons_are_said_in_the_definition_s_words():
    """The title that both teams know, and the team's own name."""
    definition = qualify.define(
        name="Titled",
        teams={"sales": "The sales people"},
        traits={"large": {"team": "sales", "when": "employees >= 50", "why": "Because.", "title": "Large enough"}},
        scores={"fit": {"title": "Fit", "points": {"large": 20}}},
        stages={"sql": {"requires": {"sales": "large and fit >= 10"}}},
    )

    funnel, _ = funnel_of(definition, {"id": "1", "employees": 5})

    assert [str(each) for each in funnel.stages["sql"].reasons] == [
        "Large enough (The sales people) says no",
        "Fit at least 10 (The sales people) says no",
    ]
