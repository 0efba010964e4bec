"""What is nearest reaches the stage, and nothing smaller does."""

from itertools import combinations

import pytest
from hypothesis import given

import qualify
from tests.laws.judged import judged, open_cases
from tests.laws.small import AT, all_changes, changed, other_values, small_cases
from tests.strategies import cases


def next_stage(verdict, model):
    """The first in the line not reached whose predecessors are."""
    for name, stage in model.stages.items():
        before = [verdict.stages[earlier].state for earlier in stage.after]
        if not stage.beside and verdict.stages[name].state != "reached" and set(before) <= {"reached"}:
            return name
    return None


@given(case=cases())
def test_each_set_of_changes_reaches_the_stage(case):
    """A promise to sales: do this, and the lead is theirs."""
    verdict = judged(case)

    for changes in verdict.nearest:
        after = verdict.after(changes)
        assert not after.left_out_by
        assert after.stages[verdict.nearest.stage].state == "reached"


@given(case=open_cases())
def test_each_set_of_changes_made_by_hand_reaches_the_stage(case):
    """What is proposed is all that has to be done: whoever types it in comes to the same."""
    verdict = judged(case)
    definition = qualify.Definition(case.model)

    for changes in verdict.nearest:
        lead = dict(case.lead)
        for change in changes:
            if change.field is not None:
                lead[change.field] = change.to
            else:
                more = {"type": change.activity, "at": case.as_of, "properties": dict(change.properties)}
                lead["activities"] = [*(lead.get("activities") or ()), *[more] * change.more]
        after = definition.qualify(lead, as_of=case.as_of)
        assert after.stages[verdict.nearest.stage].state == "reached", changes
        assert after == verdict.after(changes)


@given(case=open_cases())
def test_what_is_nearest_is_about_the_next_stage_and_has_its_order(case):
    """Five short ways to the next step: nobody reads more, and nobody can change a country."""
    verdict = judged(case)
    found = verdict.nearest

    assert found == judged(case).nearest
    assert len(found) <= 5
    assert [len(changes) for changes in found] == sorted(len(changes) for changes in found)
    assert all(changes not in found[:at] for at, changes in enumerate(found))
    if verdict.left_out_by:
        assert (found, found.stage) == ((), None)
        return
    assert found.stage == next_stage(verdict, case.model)
    assert found.stage is not None or not found
    for changes in found:
        assert changes
        for change in changes:
            assert (change.field is None) is not (change.activity is None)
            if change.field is not None:
                declared = case.model.declared_fields[change.field]
                assert declared.changeable
                assert change.to is not None
                assert change.to != case.lead.get(change.field)
                if declared.choices:
                    chosen = change.to if isinstance(change.to, tuple) else (change.to,)
                    assert declared.type == "list" or set(chosen) <= set(declared.choices)


@given(case=small_cases())
def test_no_smaller_set_reaches_the_stage_and_none_is_left_out(case):
    """`The smallest change` is only worth saying where it is true: every other one was tried."""
    _compared_with_every_other(case, other_values(case))


@given(case=small_cases(related=True))
def test_none_is_left_out_where_two_fields_stand_in_one_test(case):
    """Fifty roles in a firm of sixty: what one field has to be depends on what the other has become."""
    _compared_with_every_other(case, other_values(case, related=True))


def _compared_with_every_other(case, values):
    verdict = judged(case)
    stage, found = verdict.nearest.stage, verdict.nearest
    if stage is None:
        return
    definition = qualify.Definition(case.model)

    def reaches(names):
        leads = (changed(case, changes) for changes in all_changes(values, names))
        return any(
            v.stages and v.stages[stage].state == "reached" for v in definition.qualify_many(leads, as_of=case.as_of)
        )

    said = [frozenset(change.field or change.activity for change in changes) for changes in found]
    smallest = []
    for size in range(1, len(values) + 1):
        for names in combinations(values, size):
            if not any(known <= set(names) for known in smallest) and reaches(names):
                smallest.append(frozenset(names))

    assert len(set(said)) == len(said)
    assert set(said) <= set(smallest), (said, smallest)
    assert len(said) == min(5, len(smallest)) or found.stopped_early, (said, smallest)
    if len(said) == 5:
        assert max(map(len, said)) <= sorted(map(len, smallest))[4]


@given(case=small_cases(facts=2))
def test_a_number_moves_to_the_nearest_threshold(case):
    """Ask for 50 people, not for 61."""
    verdict = judged(case)
    values, definition = other_values(case), qualify.Definition(case.model)

    for changes in verdict.nearest:
        if len(changes) == 1 and changes[0].field == "employees" and case.lead.get("employees") is not None:
            now = case.lead["employees"]
            reaching = [
                value
                for value in values["employees"]
                if definition.qualify({**case.lead, "employees": value}, as_of=case.as_of)
                .stages[verdict.nearest.stage]
                .state
                == "reached"
            ]
            assert abs(changes[0].to - now) == min(abs(value - now) for value in reaching)


def test_a_long_chain_of_nested_rules_is_looked_through():
    """A definition may be as deep as it is long."""
    chain = {"t0": {"team": "sales", "when": "employees > 5", "why": "-"}}
    for number in range(1, 300):
        rule = f"t{number - 1}"
        for _ in range(6):
            rule = f"(({rule} or opted_out) and bounced)"
        chain[f"t{number}"] = {"team": "sales", "when": rule, "why": "-"}
    definition = qualify.define(
        name="Long", teams={"sales": "Sales"}, traits=chain, stages={"mql": {"requires": {"sales": "t299"}}}
    )

    verdict = definition.qualify({"employees": 1, "opted_out": False, "bounced": True}, as_of=AT)

    assert [[change.field for change in changes] for changes in verdict.nearest] == [["employees"], ["opted_out"]]


def test_a_number_moves_no_further_than_it_has_to():
    """Two thresholds can turn the answer: the nearer one is told, wherever it stands in the rule."""
    definition = qualify.define(
        name="Two ways",
        teams={"sales": "Sales"},
        traits={
            "out": {"team": "sales", "when": "not (employees < 10 or not employees between 20 and 60)", "why": "-"}
        },
        stages={"mql": {"requires": {"sales": "not out"}}},
    )

    verdict = definition.qualify({"employees": 60}, as_of=AT)

    assert [[change.to for change in changes] for changes in verdict.nearest] == [[61]]


@pytest.mark.parametrize(
    ("rule", "lead", "expected"),
    [
        ("price * 4 == 10", {"price": 1}, [{"price": 2.5}]),
        ("price / 3 > 33.25 and price / 3 < 33.3", {"price": 1}, [{"price": 99.8}]),
        ("price / seats >= 100", {"seats": 30, "price": 600}, [{"price": 3000}, {"seats": 6}]),
        ("price == 50 and seats > price", {"price": 1, "seats": 1}, [{"price": 50, "seats": 51}]),
        ("price + seats > 100 and price <= 60 and seats <= 60", {"price": 1, "seats": 1}, [{"price": 59, "seats": 42}]),
        ("seats <= price and price >= 10 and seats > 40", {"price": 4, "seats": -2}, [{"price": 41, "seats": 41}]),
        ("price + seats > 100", {}, [{"price": 0, "seats": 101}]),
        ('job_title starts with "vp" and job_title != "vp"', {"job_title": "clerk"}, [{"job_title": "vp clerk"}]),
        ('job_title mentions "vp*" and not job_title contains "clerk"', {"job_title": "clerk"}, [{"job_title": "vps"}]),
        ('job_title contains "b" and job_title starts with "a"', {}, [{"job_title": "a b"}]),
        ("count(call) < 3", {}, [{"call": 1}]),
        (
            'count(call where result == "yes") >= 1 and count(call where duration > 5) >= 2 and count(call) >= 2',
            {"activities": []},
            [{"call": 2}],
        ),
        ('count(call where result == "yes") >= 1 and count(call where result == "no") >= 1', {"activities": []}, [{"call": 1}]),
        ("count(call) >= employees", {"employees": 3, "activities": []}, [{"call": 3}, {"employees": 0}]),
        ("sum(duration of call) > employees", {"employees": 3, "activities": []}, [{"call": 1}, {"employees": -1}]),
    ],
)  # fmt: skip
def test_what_one_person_would_find_by_hand(rule, lead, expected):
    """Arithmetic, fields beside fields, phrases beside phrases, and counts of what nobody has recorded yet."""
    definition = qualify.define(
        name="Small",
        teams={"sales": "Sales"},
        fields={"price": {"type": "number"}, "seats": {"type": "number"}},
        activities={"call": {"properties": {"duration": {"type": "number"}, "result": {"type": "text"}}}},
        traits={"t": {"team": "sales", "when": rule, "why": "-"}},
        stages={"sql": {"requires": {"sales": "t"}}},
    )

    verdict = definition.qualify({"id": "1", **lead}, as_of=AT)

    found = [{each.field or each.activity: each.to if each.field else each.more for each in s} for s in verdict.nearest]
    assert sorted(found, key=repr) == expected
    assert all(verdict.after(changes).stage == "sql" for changes in verdict.nearest)
