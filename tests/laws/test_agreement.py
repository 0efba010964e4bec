"""Every engine agrees with the plain evaluator, errors included."""

from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from qualify.engine.evaluate import Evaluator, decision_of
from qualify.errors import QualifyError
from tests.engines import comparable, compiled, compiled_over_models, plain
from tests.strategies import cases, leads, models, moments, wrong_leads


@given(case=cases())
def test_engines_agree(case):
    """A lead that passes in the form's backend passes in the nightly job."""
    expected = comparable(plain(case.model, [case.lead], case.as_of)[0])

    assert comparable(compiled(case.model, [case.lead], case.as_of)[0]) == expected


@given(case=cases())
def test_a_lead_is_judged_alike_in_every_form(case):
    """A dict from a form, a `Lead` from an adapter and a row of an ORM are one lead."""
    expected = comparable(compiled(case.model, [case.lead], case.as_of)[0])

    assert comparable(compiled_over_models(case.model, [case.lead], case.as_of)[0]) == expected
    if any(name in case.model.declared_fields for name in case.lead):  # an object without any of the fields is no lead
        assert comparable(compiled(case.model, [SimpleNamespace(**case.lead)], case.as_of)[0]) == expected


@given(data=st.data())
def test_engines_refuse_alike(data):
    """The same bad lead, the same words: the field, what was expected, the kind of what was found."""
    model = data.draw(models())
    lead, field = data.draw(wrong_leads(model))
    as_of = data.draw(moments(aware=True))

    refused = plain(model, [lead], as_of)[0]

    assert comparable(compiled(model, [lead], as_of)[0]) == comparable(refused)
    assert field.split(".")[0].split("[")[0] in str(refused)


@given(data=st.data())
def test_many_leads_are_judged_as_each_alone(data):
    """What is remembered of one lead's texts must not show on the next."""
    model = data.draw(models())
    as_of = data.draw(moments(aware=True))
    listed = data.draw(st.lists(leads(model, as_of), min_size=2, max_size=5))

    together = compiled(model, listed, as_of)

    assert [comparable(each) for each in together] == [comparable(compiled(model, [lead], as_of)[0]) for lead in listed]


@given(case=cases())
def test_engines_agree_on_what_is_only_proposed(case):
    """Who tries a trait before it counts must see what it will say."""
    evaluator = Evaluator(case.model)
    try:
        expected = evaluator.explained(case.lead, evaluator.clock(case.as_of), proposed=True)
    except QualifyError:
        return
    session = evaluator.session(case.as_of, proposed=True)

    found = decision_of(session.judge(case.lead)[1], session.compiled, case.model)

    assert comparable(found) == comparable(expected)
