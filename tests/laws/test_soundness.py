"""What a definition may never do to a lead."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from string import printable

from hypothesis import assume, given
from hypothesis import strategies as st

import qualify
from qualify.definition.files import define_model
from qualify.engine.compile import Compiled
from qualify.engine.decision import Decision
from qualify.errors import LeadError
from qualify.testing.laws import Case, rewards_never_lower, stable_facts
from tests.engines import comparable, compiled, plain
from tests.strategies import cases, leads, models, moments


@given(case=cases())
def test_a_definition_that_passes_check_never_fails_on_a_lead(case):
    """The nightly job must not die at lead 81,344."""
    result = compiled(case.model, [case.lead], case.as_of)[0]

    assert isinstance(result, Decision | LeadError)


ANYTHING = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.decimals(), st.text(), st.binary(), st.complex_numbers(),
        st.dates(), st.times(), st.datetimes(), st.datetimes(timezones=st.timezones()), st.timedeltas(), st.builds(object),
        st.fractions(), st.sampled_from([int, Decimal("sNaN"), datetime.min, datetime.max, 10**400, "0001-01-01T00:00+14:00"]),
    ),
    lambda each: st.one_of(
        st.lists(each, max_size=3), st.frozensets(st.text(), max_size=3), st.dictionaries(st.text(), each, max_size=3)
    ),
    max_leaves=4,
)  # fmt: skip


@given(data=st.data())
def test_whatever_a_lead_holds_it_is_judged_or_refused(data):
    """Sources hold what nobody thought of; whichever engine meets it, it is told in the same words."""
    model = data.draw(models())
    names = [*model.declared_fields, "activities"]
    kind = st.sampled_from([*model.declared_activities, "unheard_of"])
    activity = st.fixed_dictionaries(
        {"type": kind, "at": st.one_of(st.datetimes(), ANYTHING)},
        optional={"properties": st.dictionaries(st.sampled_from(["page", "amount", "reason", "title"]), ANYTHING)},
    )
    lead = data.draw(st.dictionaries(st.sampled_from(names), ANYTHING, max_size=4))
    if data.draw(st.booleans()):
        lead["activities"] = data.draw(st.lists(st.one_of(activity, ANYTHING), max_size=3))
    as_of = data.draw(moments(aware=True))

    results = [engine(model, [lead], as_of)[0] for engine in (plain, compiled)]

    assert all(isinstance(result, Decision | LeadError) for result in results)
    assert comparable(results[0]) == comparable(results[1])


@given(data=st.data())
def test_one_more_fact_never_turns_a_yes_into_a_no(data):
    """Stability: sales can ask one more question without a lead losing what it had."""
    model = data.draw(models())
    as_of = data.draw(moments(aware=True))
    full = data.draw(leads(model, as_of))
    known = [name for name, value in full.items() if value is not None and name not in ("id", "activities", "email")]
    assume(known)
    fact = data.draw(st.sampled_from(known))
    less = {name: value for name, value in full.items() if name != fact}

    before, after = compiled(model, [less, full], as_of)

    assume(isinstance(before, Decision) and isinstance(after, Decision))
    assume(not before.left_out_by and not after.left_out_by)
    for name in (name for section, name in stable_facts(model) if section == "traits"):
        if name in before.traits and before.traits[name].answer is not None:
            assert after.traits[name].answer is before.traits[name].answer, name


@given(case=cases())
def test_a_score_stays_within_its_bounds(case):
    """A cap that can be passed caps nothing."""
    result = compiled(case.model, [case.lead], case.as_of)[0]
    assume(isinstance(result, Decision))

    for name, outcome in result.scores.items():
        low, high = outcome.bounds
        if low is not None:
            score = case.model.scores[name]
            assert low <= high
            assert score.cap is None or high <= score.cap
            assert score.floor is None or low >= score.floor


@given(case=cases())
def test_the_items_of_a_score_add_up_to_it(case):
    """What a person is shown beside a score must give the score."""
    result = plain(case.model, [case.lead], case.as_of)[0]
    assume(isinstance(result, Decision))

    for name, outcome in result.scores.items():
        score = case.model.scores[name]
        if outcome.bounds[0] is not None and score.of is None:
            for end in (0, 1):
                total = score.start + sum(points[end] for points in outcome.points.values())
                total = total if score.floor is None else max(total, score.floor)
                assert outcome.bounds[end] == (total if score.cap is None else min(total, score.cap))


@given(case=cases())
def test_who_is_left_out_shows_nothing(case):
    """Who objected to being looked at is not looked at."""
    traits = {
        **case.model.traits,
        "objected": replace(define_model(OBJECTED)[0].traits["objected"], team=next(iter(case.model.teams))),
    }
    model = replace(case.model, traits=traits, left_out_by=("objected",))
    try:
        verdict = qualify.Definition(model).qualify({**case.lead, "first_name": "objected"}, as_of=case.as_of)
    except LeadError:
        return

    assert verdict.left_out_by == ("objected",)
    assert verdict.stage is None
    parts = (
        verdict.stages,
        verdict.traits,
        verdict.tiers,
        verdict.signals,
        verdict.scores,
        verdict.notes,
        verdict.reached,
    )
    assert not any(parts)
    assert verdict.shadow == verdict.proposed == type(verdict.shadow)()


OBJECTED = {
    "format": 1,
    "name": "Objected",
    "version": "1",
    "teams": {"sales": "Sales"},
    "traits": {"objected": {"team": "sales", "when": 'first_name == "objected"', "why": "They said no."}},
}

NASTY = st.sampled_from(
    [
        '"); import os; os.abort(); ("', "__import__('os').abort()", "{0.__class__}", "\\n    raise SystemExit", "'''", '"""',
        "%s", "\\", "#", "v1", "K0", "F", "return None", "\n\ndef decide(*a): return 1/0\n", "\u2028", "lambda: 1",
    ]
)  # fmt: skip


@given(nasty=st.lists(NASTY, min_size=1, max_size=4, unique=True), padding=st.text(printable, max_size=5))
def test_no_text_of_a_definition_becomes_source(nasty, padding):
    """A definition comes from a repository, a form, a customer: it must not be able to run anything."""
    texts = [text + padding for text in nasty if (text + padding).strip()]
    assume(texts)
    from qualify.rules import field, trait

    definition = qualify.define(
        name=texts[0],
        teams={"sales": texts[0]},
        lists={"listed": {"team": "sales", "values": texts}},
        traits={
            "same": {"team": "sales", "when": field("job_title").is_in(texts), "why": texts[0]},
            "inside": {"team": "sales", "when": field("city").contains(*texts), "why": texts[0]},
            "in_list": {"team": "sales", "when": "company in listed", "why": texts[0]},
            "counted": {
                "team": "sales",
                "when": qualify.parse("count(page_view where page in listed) >= 1") | trait("same"),
                "why": texts[0],
            },
        },
        stages={"sql": {"title": texts[0], "requires": {"sales": "same or inside or in_list or counted"}}},
    )

    source = Compiled(definition.model).source
    verdict = definition.qualify({"job_title": texts[0], "city": f"a{texts[-1]}b", "company": "x", "activities": []})

    assert not any(text in source for text in texts if len(text.strip()) > 6 and "return None" not in text)
    assert verdict.traits["same"].answer
    assert verdict.traits["inside"].answer


def test_the_generated_function_has_no_builtins():
    """Even what slipped in could call nothing."""
    definition = qualify.define(**OBJECTED)

    assert Compiled(definition.model).decide.__globals__["__builtins__"] == {}


@given(case=cases(facts=9), data=st.data())
def test_more_of_what_is_rewarded_never_lowers_a_stage(case, data):
    """What the library claims of a definition's structure has to hold of every lead."""

    def choose(options):
        return data.draw(st.sampled_from(options))

    try:
        assert rewards_never_lower(Case(qualify.Definition(case.model), case.lead, case.as_of, choose)) is None
    except LeadError:
        return
