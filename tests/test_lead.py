"""A lead on its way in: cleaned, of its types, or refused without showing what was found."""

import json
import pickle
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import qualify
from qualify.errors import LeadError
from qualify.lead import Activity, Lead, lead_model
from qualify.vocabulary import STANDARD_FIELDS

SECRET = "Zebra-Quagga-77"


def test_the_model_has_the_standard_fields():
    """One list of fields, in the vocabulary; the model is written out for editors and must not drift from it."""
    assert list(Lead.model_fields) == [*STANDARD_FIELDS, "activities"]


@pytest.mark.parametrize(
    ("field", "given", "kept"),
    [
        ("job_title", "  Head of Print\u00a0", "Head of Print"),
        ("job_title", "Cafe\u0301", "Café"),
        ("job_title", " \t\u2003", None),
        ("job_title", float("nan"), None),
        ("employees", "", None),
        ("employees", float("nan"), None),
        ("employees", Decimal("NaN"), None),
        ("employees", 0, 0),
        ("employees", Decimal("0.10"), Decimal("0.10")),
        ("opted_out", False, False),
        ("interests", [], ()),
        ("interests", [" samples ", "", None], ("samples",)),
        ("created_at", "2026-11-02T09:30Z", datetime(2026, 11, 2, 9, 30, tzinfo=UTC)),
        ("created_at", "2026-11-02T09:30", datetime(2026, 11, 2, 9, 30)),
        (
            "created_at",
            datetime(2026, 11, 2, 9, 30, tzinfo=timezone(timedelta(hours=2))),
            datetime(2026, 11, 2, 7, 30, tzinfo=UTC),
        ),
    ],
)  # fmt: skip
def test_a_value_is_cleaned_and_kept_in_its_type(field, given, kept):
    """Zero and false are values, an empty list is a value, blank is missing."""
    found = getattr(Lead(**{field: given}), field)

    assert found == kept
    assert type(found) is type(kept)


@pytest.mark.parametrize(
    ("field", "given", "expected", "found"),
    [
        ("employees", SECRET, "a number", "text (15 characters)"),
        ("employees", True, "a number", "true or false"),
        ("employees", float("inf"), "a number", "infinity"),
        ("job_title", 7, "text", "a number"),
        ("opted_out", "no", "true or false", "text (2 characters)"),
        ("opted_out", 0, "true or false", "a number"),
        ("created_at", date(2026, 11, 2), "a date with a time", "a date"),
        ("created_at", "2026-11-02", "a date with a time", "text (10 characters)"),
        ("created_at", "2026-13-02T00:00", "a date with a time", "text that is not a moment of the calendar"),
        ("created_at", datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=9))), "a moment in the years 1 to 9999", "one outside"),
        ("interests", SECRET, "a list of texts", "text (15 characters)"),
        ("interests", [SECRET, 3], "a list of texts", "a list that holds a number"),
        ("activities", SECRET, "a list of activities", "text (15 characters)"),
        ("activities", [{"type": "call"}], "a date with a time", "nothing"),
        ("activities", [{"type": "call", "at": date(2026, 1, 1)}], "a date with a time", "a date"),
        ("activities", [{"at": "2026-11-02T09:30Z"}], "text", "nothing"),
    ],
)  # fmt: skip
def test_what_can_not_be_read_is_told_and_never_shown(field, given, expected, found):
    """No guess, and no personal data in a log."""
    with pytest.raises(LeadError) as refused:
        Lead(id="0031", **{field: given})

    assert refused.value.lead_id == "0031"
    assert refused.value.field.startswith(field)
    assert (refused.value.expected, refused.value.found) == (expected, found)
    assert SECRET not in str(refused.value)
    assert SECRET not in repr(refused.value)


@pytest.mark.parametrize("given", [7, 7.5, True, ["0031"]])
def test_an_id_that_is_no_text_is_named_as_the_field_that_it_is(given):
    """A lead can't be called by such an id, so the message has to say `id`; its number is not for a log."""
    kind = {int: "a number", float: "a number", bool: "true or false", list: "a list (1 entry)"}[type(given)]
    definition = qualify.define(name="None", teams={"sales": "Sales"})

    for judge in (
        lambda: Lead(id=given),
        lambda: lead_model(OWN)(id=given),
        lambda: Lead.model_validate({"id": given}),
        lambda: definition.qualify({"id": given}),
        lambda: definition.qualify({"employees": 5, "id": given}),
    ):
        with pytest.raises(LeadError) as refused:
            judge()
        assert str(refused.value) == f"id: expected text, found {kind}"
        assert (refused.value.lead_id, refused.value.field) == (None, "id")


MOMENT = "2026-11-02T09:30Z"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"type": 7, "at": MOMENT}, "type: expected text, found a number"),
        ({"at": MOMENT}, "type: expected text, found nothing"),
        ({"type": "call"}, "at: expected a date with a time, found nothing"),
        ({"type": "call", "at": SECRET}, "at: expected a date with a time, found text (15 characters)"),
        (
            {"type": "call", "at": MOMENT, "properties": SECRET},
            "properties: expected a table, found text (15 characters)",
        ),
    ],
)
def test_an_activity_of_its_own_has_its_own_faults(given, said):
    """There is no lead yet, and no list of activities that it stands in; in a lead it is told that it does."""
    with pytest.raises(LeadError) as alone:
        Activity(**given)
    with pytest.raises(LeadError) as in_a_lead:
        Lead(id="0031", activities=[given])

    assert str(alone.value) == said
    assert str(in_a_lead.value) == f"lead 0031: activities: {said}"


@pytest.mark.parametrize("model", [Lead, Activity])
def test_what_is_no_table_at_all_is_not_shown_either(model):
    """pydantic shows what it was given, if nobody tells it not to."""
    with pytest.raises(ValueError, match="valid dictionary") as refused:
        model.model_validate(SECRET)

    assert SECRET not in str(refused.value)


def test_an_error_can_be_pickled():
    """A worker's error must reach the one who started it."""
    with pytest.raises(LeadError) as refused:
        Lead(id="0031", employees="many")

    again = pickle.loads(pickle.dumps(refused.value))

    assert (str(again), again.field, again.lead_id) == (str(refused.value), "employees", "0031")


def test_unknown_keys_are_kept():
    """What this definition doesn't know, another may."""
    assert Lead(press_type="offset").model_extra == {"press_type": "offset"}


OWN = (
    ("press_type", "text"), ("jobs", "number"), ("sure", "boolean"), ("day", "date"), ("moment", "datetime"),
    ("many", "list"), ("copy", "text"), ("model_config", "number"),
)  # fmt: skip


def test_a_definitions_own_fields_are_typed():
    """`definition.lead_model()`: an editor completes them, and a wrong type is refused at once."""
    model = lead_model(OWN)

    lead = model(press_type=" offset ", jobs=3, day="2026-11-02", many=["a"])

    assert (lead.press_type, lead.jobs, lead.day, lead.many) == ("offset", 3, date(2026, 11, 2), ("a",))
    with pytest.raises(LeadError):
        model(jobs="three")


def test_fields_may_be_named_like_anything():
    """`copy` is pydantic's own, and still a good name for a field."""
    definition = qualify.define(
        name="Names",
        teams={"sales": "Sales"},
        fields={"copy": {"type": "text"}, "model_config": {"type": "number"}, "declared": {"type": "boolean"}},
        traits={"it": {"team": "sales", "when": 'copy == "a" and model_config > 1 and declared', "why": "Why not."}},
    )
    given = {"copy": " A", "model_config": 2, "declared": True}

    for lead in (given, definition.lead_model()(**given), Lead(**given)):
        assert definition.qualify(lead).traits["it"].answer


def test_the_same_fields_give_the_same_class():
    assert lead_model(OWN) is lead_model(OWN)
    assert lead_model(()) is Lead


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "job_title": st.text(max_size=5).filter(lambda text: text.strip()),
            "employees": st.integers() | st.floats(allow_nan=False, allow_infinity=False),
            "opted_out": st.booleans(),
            "created_at": st.datetimes(timezones=st.none() | st.just(UTC)),
            "interests": st.lists(st.text(min_size=1, max_size=3).filter(lambda text: text.strip())),
        },
    )
)
def test_a_lead_comes_back_from_json_and_from_pickle(values):
    """Leads travel: as JSON between services, pickled to workers."""
    lead = lead_model(OWN)(id="0031", **values, activities=[{"type": "call", "at": datetime(2026, 1, 1, tzinfo=UTC)}])

    assert type(lead).model_validate(json.loads(lead.model_dump_json())) == lead
    assert pickle.loads(pickle.dumps(lead)) == lead


def test_a_lead_is_immutable():
    with pytest.raises(ValueError, match="frozen"):
        Lead(id="0031").employees = 5


def test_a_lead_prints_as_what_is_known():
    """The failing example of a test is read by people."""
    assert repr(Lead(id="0031", employees=50)) == "Lead(id='0031', employees=50)"


def test_exact_amounts_of_activities_survive_json():
    """A queue between a form and a warehouse carries JSON."""
    bought = Activity(
        type="purchase", at="2026-11-02T09:30Z", properties={"amount": Decimal("99.50"), "product": "ink"}
    )

    again = Activity.model_validate_json(bought.model_dump_json())

    assert again.properties == {"amount": 99.5, "product": "ink"}
