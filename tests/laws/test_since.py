"""Between two verdicts on one lead: every change is told, with why, and nothing else is."""

import datetime as dt
from copy import deepcopy
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

import qualify
from qualify.definition.files import define_model
from qualify.verdict import Verdict
from tests.laws.judged import evidence_of, facts, judged, open_cases
from tests.laws.small import ACTIVITIES, FIELDS, small_cases
from tests.strategies import cases


def answers(verdict):
    """What a verdict says, by name."""
    said = {name: fact.answer for name, fact in facts(verdict, "traits").items()}
    said |= {name: fact.case or fact.possible for name, fact in facts(verdict, "tiers").items()}
    said |= {name: (fact.at_least, fact.at_most) for name, fact in facts(verdict, "scores").items()}
    said |= {name: fact.count for name, fact in facts(verdict, "signals").items()}
    return said | {name: stage.state for name, stage in verdict.stages.items()}


def fields_seen(verdict):
    return {name for each in evidence_of(verdict) for name in each.seen if name.isidentifier()}


def changed(case, data, most=3):
    """The case after some of its fields have another value, and the names of those."""
    text = repr(case.definition)
    read = [name for name, known in FIELDS.items() if any(test in text for test in known.tests)]
    names = data.draw(st.lists(st.sampled_from(read), unique=True, max_size=most)) if read else []
    lead = dict(case.lead)
    for name in names:
        others = [value for value in (*FIELDS[name].values, None) if value != lead.get(name)]
        lead[name] = data.draw(st.sampled_from(others))
    return replace(case, lead=lead), set(names)


@given(case=st.one_of(cases(), open_cases()))
def test_nothing_changed_is_nothing_told(case):
    """A report of changes that reports none is read again next week."""
    found = judged(case).since(judged(case))

    assert (dict(found.answers), found.causes) == ({}, ())
    assert found.stage == (judged(case).stage,) * 2


@given(data=st.data())
def test_the_answers_that_differ_are_told_and_no_others(data):
    """Before and after, fact by fact."""
    case = data.draw(small_cases())
    before, after = judged(case), judged(changed(case, data)[0])

    found = after.since(before)

    was, now = answers(before), answers(after)
    expected = {name: (was.get(name), now.get(name)) for name in {**was, **now} if was.get(name) != now.get(name)}
    assert dict(found.answers) == expected
    assert found.stage == (before.stage, after.stage)
    assert found.causes or not expected


@given(data=st.data())
def test_each_field_that_changed_is_a_cause_and_no_other_is(data):
    """Where both verdicts looked at a field, a new value of it is told; a tier looks no further than its first case."""
    case = data.draw(small_cases())
    later, names = changed(case, data)
    before, after = judged(case), judged(later)

    found = after.since(before)

    if not before.left_out_by and not after.left_out_by:
        looked_at = fields_seen(before) & fields_seen(after)
        assert {cause.name for cause in found.causes} == names & looked_at
        assert {cause.kind for cause in found.causes} <= {"fact"}
        for cause in found.causes:
            assert (cause.before, cause.after) == (case.lead.get(cause.name), later.lead.get(cause.name))


@given(case=small_cases(), kind=st.sampled_from(list(ACTIVITIES)), times=st.integers(1, 2))
def test_what_happened_again_is_a_cause(case, kind, times):
    """Two calls within a minute, told alike, are two calls."""
    happened = [*case.lead.get("activities", ()), *[{"type": kind, "at": case.as_of}] * times]
    before, after = judged(case), judged(case, activities=happened)

    found = after.since(before)

    if "activities" in case.lead and not before.left_out_by and not after.left_out_by:
        assert {(cause.kind, cause.name) for cause in found.causes} <= {("fact", kind)}
        assert found.causes or not found.answers
        for cause in found.causes:
            assert cause.after - cause.before == times


@given(case=st.one_of(small_cases(), open_cases()), days=st.integers(0, 400), hours=st.integers(0, 23))
def test_when_only_time_went_by_only_time_is_a_cause(case, days, hours):
    """Nobody did anything, and the lead cooled: that is told as what it is.

    What a lead's source knew beforehand of the time between is no part of it: that has happened meanwhile.
    """
    try:
        later = replace(case, as_of=case.as_of + dt.timedelta(days=days, hours=hours))
        before = judged(case)
        at = [activity.at for each in evidence_of(judged(later)) for activity in each.seen.get("activities") or ()]
    except OverflowError:
        return
    if any(moment > before.as_of for moment in at):
        return

    found = judged(later).since(before)

    assert {cause.kind for cause in found.causes} <= {"time"}
    assert {cause.name for cause in found.causes} <= {*found.answers, *before.left_out_by, *judged(later).left_out_by}
    assert found.causes or not found.answers


@given(case=small_cases(), data=st.data())
def test_when_only_the_definition_changed_only_it_is_a_cause(case, data):
    """The lead is the same: we look at it otherwise."""
    raw = deepcopy(case.definition) | {"version": "2"}
    name = data.draw(st.sampled_from(list(raw["traits"])))
    raw["traits"][name]["when"] = (
        f"not ({raw['traits'][name]['when']})" if data.draw(st.booleans()) else "employees > 3"
    )
    if data.draw(st.booleans()):
        raw["traits"][name]["when"] = 'count(call) >= 1 or city == "Rome"'
    before = judged(case)
    after = judged(replace(case, definition=raw, given=define_model(raw)[0]))

    found = after.since(before)

    assert {cause.kind for cause in found.causes} == {"definition"}
    assert ("Small", "1", "2") in [(cause.name, cause.before, cause.after) for cause in found.causes]
    assert {cause.name for cause in found.causes} <= {"Small", *found.answers}


@given(data=st.data())
def test_a_stored_verdict_tells_the_same(data):
    """Yesterday's verdict lies in a file; today's lead is at hand."""
    case = data.draw(small_cases())
    before, after = judged(case), judged(changed(case, data)[0])
    expected = after.since(before)

    assert after.since(Verdict.from_json(before.to_json())) == expected
    assert Verdict.from_json(after.to_json()).since(before) == expected


def ends(bounds):
    low, high = bounds
    if low is None and high is None:
        return 0.0, 0.0
    return float("-inf") if low is None else float(low), float("inf") if high is None else float(high)


@given(data=st.data(), days=st.sampled_from([0, 0, 3, 40, 400]))
def test_of_points_that_changed_it_is_told_what_became_of_them(data, days):
    """Who reads that points went looks for what took them, and a part of them is not all."""
    case = data.draw(st.one_of(small_cases(), open_cases()))
    try:
        later = replace(case, as_of=case.as_of + dt.timedelta(days=days)) if days else changed(case, data)[0]
        before, after = judged(case), judged(later)
    except OverflowError:
        return

    for each in after.since(before).points:
        (low, high), (at_least, at_most) = ends(each.before), ends(each.after)
        assert (low, high) != (at_least, at_most)
        match each.how:
            case "came":
                assert (low, high) == (0, 0) < (at_least, at_most)
            case "went":
                assert low > 0
                assert (at_least, at_most) == (0, 0)
            case "more":
                assert at_least > low or at_most > high
                assert (low, high) != (0, 0)
            case "fewer":
                assert at_least < low or at_most < high
                assert low <= 0 or (at_least, at_most) != (0, 0)
            case "faded":
                assert days
            case "opened":
                assert at_least <= low <= high <= at_most
            case "settled":
                assert low <= at_least <= at_most <= high


def test_points_of_which_a_window_takes_a_part_are_fewer():
    """Two visits of three are still in the window: the points are not gone."""
    definition = qualify.define(
        name="Visits",
        teams={"sales": "Sales"},
        signals={"visits": {"team": "sales", "each": "page_view within 30 days"}},
        scores={"heat": {"points": {"visits": {"each": 5}}}},
    )
    at = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
    lead = {"activities": [{"type": "page_view", "at": at - dt.timedelta(days=days)} for days in (1, 20)]}

    def told(lead, one, after):
        before, later = (definition.qualify(lead, as_of=at + dt.timedelta(days=days)) for days in (one, after))
        return [each.how for each in later.since(before).points]

    assert told(lead, 0, 15) == ["fewer"]
    assert told(lead, 0, 45) == ["went"]
    assert told(lead, 0, 5) == []
    known, unknown = definition.qualify(lead, as_of=at), definition.qualify({}, as_of=at)
    none = definition.qualify({"activities": []}, as_of=at)
    assert [each.how for each in known.since(none).points] == ["came"]
    assert [each.how for each in unknown.since(none).points] == ["opened"]
    assert [each.how for each in known.since(unknown).points] == ["settled"]


def test_who_is_not_left_out_any_more():
    """A lead that comes out of nothing needs a reason too."""
    definition = qualify.define(
        name="Out",
        teams={"sales": "Sales"},
        left_out_by=["out"],
        traits={"out": {"team": "sales", "when": "opted_out", "why": "-"}},
        stages={"mql": {"requires": {"sales": "not out"}}},
    )
    at = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
    before, after = (definition.qualify({"opted_out": said}, as_of=at) for said in (True, False))

    found = after.since(before)

    assert found.stage == (None, "mql")
    assert [(cause.kind, cause.name, cause.before, cause.after) for cause in found.causes] == [
        ("fact", "out", "yes", "no")
    ]
