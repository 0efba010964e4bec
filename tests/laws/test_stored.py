"""A verdict as JSON and as a pickle: the same value, in a form that others can check."""

import json
import pickle
from functools import cache

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

import qualify
from qualify.verdict import Verdict
from tests.laws import odd
from tests.laws.judged import judged, open_cases
from tests.laws.small import small_cases
from tests.strategies import cases

definition = cache(odd.definition)
CASES = st.one_of(cases(), open_cases(), small_cases())
SCHEMA = jsonschema.Draft202012Validator(Verdict.json_schema())


def odd_verdict(lead):
    return definition().qualify(lead, as_of=odd.AT)


@given(case=CASES)
def test_json_gives_the_verdict_back(case):
    """A warehouse keeps it for a year, and it is the same account."""
    verdict = judged(case)
    again = Verdict.from_json(verdict.to_json())

    assert again == verdict
    assert again.to_json() == verdict.to_json()
    assert hash(again) == hash(verdict)
    assert again.reasons == verdict.reasons
    assert again.explain(width=100) == Verdict.from_json(again.to_json()).explain(width=100)


@given(lead=odd.odd_leads())
def test_json_gives_every_kind_of_value_back(lead):
    """Dates, moments with a zone and without, exact numbers, large ones, and texts that nobody expected."""
    verdict = odd_verdict(lead)

    again = Verdict.from_json(verdict.to_json(nearest=True))

    assert again == verdict
    assert again.nearest == verdict.nearest
    for section in ("traits", "tiers", "scores"):
        for name, fact in getattr(verdict, section).items():
            assert [each.seen for each in getattr(again, section)[name].evidence] == [
                each.seen for each in fact.evidence
            ]


@given(lead=odd.odd_leads())
def test_a_redacted_verdict_survives_too(lead):
    """What is given away is a verdict like any other."""
    verdict = odd_verdict(lead).redacted()

    assert Verdict.from_json(verdict.to_json(nearest=True)) == verdict
    assert Verdict.from_json(verdict.to_json(nearest=True)).nearest == verdict.nearest
    assert pickle.loads(pickle.dumps(verdict)) == verdict


@given(case=CASES, nearest=st.booleans(), hidden=st.booleans())
def test_json_is_of_the_published_form(case, nearest, hidden):
    """Who reads it in another language has the schema and nothing else."""
    verdict = judged(case)

    SCHEMA.validate(json.loads((verdict.redacted() if hidden else verdict).to_json(nearest=nearest)))


@given(lead=odd.odd_leads())
def test_json_of_every_kind_of_value_is_of_the_published_form(lead):
    """The same for what leads hold in the world."""
    SCHEMA.validate(json.loads(odd_verdict(lead).to_json(nearest=True, indent=2)))


def test_the_schema_is_one():
    """A schema with a fault in it checks nothing."""
    jsonschema.Draft202012Validator.check_schema(Verdict.json_schema())
    with pytest.raises(jsonschema.ValidationError):
        SCHEMA.validate({"format": 1})


@given(lead=odd.odd_leads(), nearest=st.booleans())
def test_the_same_lead_gives_the_same_bytes(lead, nearest):
    """Two runs are compared with `diff`."""
    one, other = odd_verdict(lead), odd.definition().qualify(dict(lead), as_of=odd.AT)

    assert one.to_json(nearest=nearest) == other.to_json(nearest=nearest)
    assert json.loads(one.to_json(indent=2)) == json.loads(one.to_json())


KEPT = ("format", "as_of", "definition", "stage", "stages")


@given(case=CASES, data=st.data())
def test_an_older_form_still_loads_and_explains_itself(case, data):
    """What was written by the first release has less in it, and is read all the same."""
    whole = json.loads(judged(case).to_json(nearest=True))
    dropped = data.draw(st.sets(st.sampled_from([key for key in whole if key not in KEPT])))
    older = {key: value for key, value in whole.items() if key not in dropped}
    if data.draw(st.booleans()):
        older = {key: whole[key] for key in KEPT}
        older["stages"] = {
            name: {"state": stage["state"], "sides": stage["sides"]} for name, stage in whole["stages"].items()
        }

    verdict = Verdict.from_json(json.dumps(older))

    assert verdict.stage == whole["stage"]
    assert all(verdict.explain(format=form) for form in ("text", "markdown", "html"))
    assert Verdict.from_json(verdict.to_json()) == verdict
    assert verdict.since(verdict).causes == ()


def lenient(schema, tagged=False):
    """The same schema for older forms too: what lacks is no fault; of several forms the first key tells which it is."""
    if isinstance(schema, list):
        return [lenient(each, tagged) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: lenient(each, key == "oneOf") for key, each in schema.items() if key != "required"}
    return {**kept, "required": schema["required"][:1]} if tagged and "required" in schema else kept


EVERY_FORM = jsonschema.Draft202012Validator(lenient(Verdict.json_schema()))


def places(found, at=()):
    """Every place of a document."""
    for key, each in found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else ():
        yield (*at, key)
        yield from places(each, (*at, key))


@given(case=CASES, data=st.data())
def test_a_document_that_the_schema_refuses_is_refused(case, data):
    """Somebody edited a stored verdict: it is not read as something that nobody said."""
    document = json.loads(judged(case).to_json(nearest=True))
    *way, last = data.draw(st.sampled_from(list(places(document))))
    place = document
    for key in way:
        place = place[key]
    place[last] = data.draw(st.sampled_from([5, True, None, "never heard of", [1], {"a": 1}]))

    if not EVERY_FORM.is_valid(document):
        with pytest.raises(qualify.QualifyError):
            Verdict.from_json(json.dumps(document))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("as_of", "2026-11-20T12:00:00"),
        ("stage", 5),
        ("notes", "one"),
        ("words", {"zone": "Nowhere/Town"}),
        ("reasons", [1]),
    ],
)
def test_what_is_wrong_with_it_is_said(key, value):
    """The key is named, what stands there is not."""
    document = json.loads(odd_verdict({"id": "1", "city": "Rome"}).to_json())
    document[key] = value

    with pytest.raises(qualify.QualifyError, match=r"'(as_of|stage|notes|zone|reasons)' is not as the form wants it"):
        Verdict.from_json(json.dumps(document))


OTHER_JSON = st.recursive(st.none() | st.integers() | st.text(max_size=3), st.lists).map(json.dumps)


@given(text=st.one_of(st.text(max_size=20), OTHER_JSON))
def test_what_is_no_verdict_is_refused(text):
    """A file by mistake is told as one."""
    with pytest.raises(qualify.QualifyError):
        Verdict.from_json(text)


@given(lead=odd.odd_leads())
def test_equal_verdicts_are_one_in_a_set(lead):
    """A verdict is a value: it can be compared, kept in a set, sent and read back."""
    one, other = odd_verdict(lead), odd_verdict(dict(lead))
    copies = [one, other, pickle.loads(pickle.dumps(one)), Verdict.from_json(one.to_json())]

    assert len(set(copies)) == 1
    assert one != odd_verdict({**lead, "city": "Rome", "id": "another"})
    assert one.redacted().lead_id is None
