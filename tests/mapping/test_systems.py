"""What systems of records say in ways of their own: opt-outs in several places, counts, currencies, tagged values."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from qualify.errors import LeadError
from qualify.mapping import loads_mapping

TOP = 'timezone = "Europe/Brussels"\ncurrency = "USD"\nrates = { KES = 0.0077, EUR = 1.08 }\n'


def read(field, record, name="own", top=TOP):
    return loads_mapping(f"{top}[fields]\n{name} = {field}").values(record)[name]


def refused(field, record, name="own", top=TOP):
    with pytest.raises(LeadError) as caught:
        read(field, record, name, top)
    return str(caught.value)


ANY = '{ any = ["mail", "post"] }'


@pytest.mark.parametrize(
    ("record", "means"),
    [
        ({"mail": False, "post": True}, True),
        ({"mail": None, "post": True}, True),
        ({"post": "yes"}, True),
        ({"mail": False, "post": False}, False),
        ({"mail": False, "post": None}, None),
        ({"mail": False}, None),
        ({}, None),
    ],
)
def test_one_yes_of_several_is_a_yes_and_only_all_say_no(record, means):
    """Someone who opted out of one kind of mail has opted out; a property nobody asked for says nothing."""
    assert read(ANY, record, "opted_out") is means


def test_a_null_counts_for_each_of_several():
    """HubSpot says null where nobody ever opted out."""
    both = '{ any = ["mail", "post"], null = "no" }'

    assert read(both, {"mail": None, "post": None}, "opted_out") is False
    assert read(both, {"mail": None, "post": True}, "opted_out") is True
    assert read(both, {"mail": None}, "opted_out") is None


def test_any_can_be_inverted_as_a_whole():
    """Whoever allowed none of the ways may not be called."""
    either = '{ any = ["mail", "post"], invert = true }'

    assert read(either, {"mail": True}, "consented") is False
    assert read(either, {"mail": False, "post": False}, "consented") is True


@pytest.mark.parametrize(
    ("value", "means"),
    [("2", True), (0, False), ("0", False), (-1, False), (0.5, True), ("", None), (None, None), ("1,200", True)],
)
def test_a_count_says_yes_above_zero(value, means):
    """HubSpot counts bounces where a definition asks whether there was one."""
    assert read('{ from = "P", as = "above zero" }', {"P": value}, "bounced") is means


@pytest.mark.parametrize(
    ("value", "known", "null"),
    [
        ("2026-11-02", True, True),
        (0, True, True),
        (False, True, True),
        ({"a": 1}, True, True),
        (None, None, False),
        ("", None, False),
        ([], None, False),
        ({}, None, False),
    ],
)
def test_being_filled_can_be_the_answer(value, known, null):
    """Salesforce says when an address bounced, and nothing where it didn't."""
    assert read('{ from = "P", as = "filled" }', {"P": value}, "bounced") is known
    assert read('{ from = "P", as = "filled", null = "no" }', {"P": value}, "bounced") is null
    assert read('{ from = "P", as = "filled", null = "no" }', {}, "bounced") is None


def test_a_false_that_means_missing_fills_nothing():
    """Odoo says false for every property that nobody filled in."""
    assert read('{ from = "P", as = "filled" }', {"P": False}, "bounced", "placeholders = [false]\n") is None


TAGGED = [
    ("number", {"__class__": "Decimal", "decimal": "12.50"}, Decimal("12.50")),
    ("money", {"__class__": "Decimal", "decimal": "120000.00"}, Decimal("120000.00")),
    ("date", {"__class__": "date", "year": 2026, "month": 10, "day": 1}, date(2026, 10, 1)),
    (
        "datetime",
        {"__class__": "datetime", "year": 2026, "month": 1, "day": 2, "hour": 10, "minute": 4, "second": 5, "microsecond": 6},
        datetime(2026, 1, 2, 9, 4, 5, 6, tzinfo=UTC),
    ),
    ("number", {"__class__": "timedelta", "seconds": 90.5}, 90.5),
]  # fmt: skip


@pytest.mark.parametrize(
    ("as_", "value", "means"), TAGGED, ids=[each[1]["__class__"] + "-" + each[0] for each in TAGGED]
)
def test_a_tagged_value_is_the_value(as_, value, means):
    """Tryton's records are read as they come, without its client."""
    assert read(f'{{ from = "P", as = "{as_}" }}', {"P": value}) == means


@pytest.mark.parametrize(
    "value",
    [
        {"__class__": "date", "year": 2026, "month": 13, "day": 1},
        {"__class__": "date", "year": 2026},
        {"__class__": "Decimal", "decimal": "secret"},
        {"__class__": "Decimal", "decimal": None},
        {"__class__": "bytes", "base64": "c2VjcmV0"},
        {"__class__": ["secret"]},
    ],
)
def test_a_tag_whose_parts_make_no_value_is_refused(value):
    """A lead with a broken date is told, and its date never shown."""
    assert "secret" not in refused('{ from = "P", as = "date" }', {"P": value})


@pytest.mark.parametrize("table", [{"value": 15000}, {"currency": "USD"}, {}])
def test_money_refuses_a_table_without_an_amount(table):
    """An amount under another name would be lost without a word."""
    assert "a table without an amount" in refused('{ from = "P", as = "money" }', {"P": table})


BESIDE = '{ from = "P", as = "money", currency = "unit.code" }'


@pytest.mark.parametrize(
    ("amount", "unit", "means"),
    [
        (100_000, "KES", 770),
        ("100", "€", 108),
        ("100", "usd", 100),
        (100, None, 100),  # an account with one currency doesn't name it
        (100, "", 100),
        ({"__class__": "Decimal", "decimal": "100"}, "EUR", 108),
        ({"amount": 100}, "EUR", 108),
        ({"amount": 100, "currency": "USD"}, "EUR", 100),
        (None, "EUR", None),
        ("", "EUR", None),
    ],
)
def test_an_amount_is_in_the_currency_that_stands_beside_it(amount, unit, means):
    """Zoho's 100,000 are shillings: read as dollars they would make the best lead of the year."""
    assert read(BESIDE, {"P": amount, "unit": {"code": unit}}) == means


@pytest.mark.parametrize(("amount", "unit"), [(100, "GBP"), ("€100", "USD"), (100, 7), ("a lot", "EUR")])
def test_an_amount_in_a_currency_that_nobody_can_tell_is_refused(amount, unit):
    """Neither the amount nor the currency may be guessed."""
    refused(BESIDE, {"P": amount, "unit": {"code": unit}})

    assert read(BESIDE.replace("}", ", lenient = true }"), {"P": amount, "unit": {"code": unit}}) is None


@pytest.mark.parametrize(
    ("day", "clock", "means"),
    [
        ("2026-11-02", "09:30", datetime(2026, 11, 2, 8, 30, tzinfo=UTC)),
        ("02/11/2026", "9:30 pm", datetime(2026, 11, 2, 20, 30, tzinfo=UTC)),
        ("2026-11-02", "09:30:00+00:00", datetime(2026, 11, 2, 9, 30, tzinfo=UTC)),
        (date(2026, 11, 2), time(9, 30), datetime(2026, 11, 2, 8, 30, tzinfo=UTC)),
        (datetime(2026, 11, 2), "09:30", datetime(2026, 11, 2, 8, 30, tzinfo=UTC)),
        ("2026-11-02", "", datetime(2026, 11, 1, 23, tzinfo=UTC)),
        ("2026-11-02", None, datetime(2026, 11, 1, 23, tzinfo=UTC)),
        (None, "09:30", None),
        ("", "09:30", None),
    ],
)
def test_a_day_and_its_time_in_two_properties_are_one_moment(day, clock, means):
    """Pipedrive keeps them apart; a call at nine is not one at midnight."""
    field = '{ from = "day", time = "clock" }'

    assert read(field, {"day": day, "clock": clock}, "last_activity_at", 'dates = "day first"\n' + TOP) == means


@pytest.mark.parametrize(("day", "clock"), [("2026-11-02T08:00", "09:30"), ("2026-11-02", "soon"), ("2026-11-02", 930)])
def test_two_properties_that_make_no_moment_are_refused(day, clock):
    """A day that has a time already has two."""
    refused('{ from = "day", time = "clock" }', {"day": day, "clock": clock}, "last_activity_at")


def test_what_is_always_the_same_needs_no_property():
    """All leads of one form come from one campaign."""
    mapping = loads_mapping('[fields]\ncampaign = { always = "Fair 2026" }\nopted_out = { always = false }')

    assert mapping.values({}) == {"campaign": "Fair 2026", "opted_out": False}
    assert mapping.record({"campaign": "Fair 2026"}) == {}
    with pytest.raises(LeadError):
        mapping.record({"campaign": "Fair 2027"})
    assert mapping.sources == ()


def test_what_a_lenient_field_cannot_read_is_told():
    """Text in a typed property must not cost the lead, nor vanish without a word."""
    mapping = loads_mapping(
        'id = "Id"\n[fields]\nemployees = { from = ["Size", "Staff"], lenient = true }\n'
        'opted_out = { any = ["a", "b"], lenient = true }\ncity = { from = "City", lenient = true }'
    )
    record = {"Id": "7", "Size": "a few", "Staff": "12", "a": "maybe", "b": "never", "City": "Ghent"}

    told = mapping.passed_over(record)

    assert [(each.field, each.lead_id) for each in told] == [("employees", "7"), ("opted_out", "7"), ("opted_out", "7")]
    assert mapping.values(record)["employees"] == 12
    assert mapping.passed_over({"Size": 12, "Staff": "a few"}) == ()
    assert mapping.unreadable(record) == ()


BACK = """
timezone = "Europe/Brussels"
currency = "USD"
[fields]
opted_out = { any = ["mail", "post"] }
annual_revenue = { from = "P", as = "money", currency = "unit.code" }
last_activity_at = { from = "day", time = "clock" }
email = "emails[primary=true].value"
interests = "tags.*.name"
bounced = { from = "B", as = "above zero" }
"""


def test_what_stands_in_two_properties_is_written_to_both():
    """A no is said by all of them; an amount without its currency would be another amount."""
    mapping = loads_mapping(BACK)
    at = datetime(2026, 11, 2, 8, 30, tzinfo=UTC)

    assert mapping.record({"opted_out": False}) == {"mail": False, "post": False}
    assert mapping.record({"opted_out": True}) == {"mail": True}
    assert mapping.record({"annual_revenue": 5}) == {"P": 5, "unit": {"code": "USD"}}
    assert mapping.record({"last_activity_at": at}) == {"day": "2026-11-02", "clock": "09:30:00"}


@pytest.mark.parametrize("values", [{"email": "a@b.example"}, {"interests": ("a",)}, {"bounced": True}])
def test_what_stands_in_a_list_of_tables_is_not_written(values):
    """Writing one entry would take the others away."""
    with pytest.raises(LeadError):
        loads_mapping(BACK).record(values)


def test_what_the_new_keys_read_is_not_left_over():
    """Else everybody would look for a mistake in their mapping."""
    mapping = loads_mapping(BACK)
    record = {
        "mail": 1,
        "post": 1,
        "P": 1,
        "unit": {"code": 1, "name": 2},
        "day": 1,
        "clock": 1,
        "emails": [],
        "tags": [],
    }

    assert mapping.unused(record) == ("unit.name",)
    assert mapping.unused([*record, "fax"]) == ("fax",)
