"""The first of the two steps: what is missing, and where a value comes from."""

import pytest

from qualify.errors import LeadError
from qualify.mapping import loads_mapping


def read(record, field, top="", name="own"):
    return loads_mapping(f"{top}\n[fields]\n{name} = {field}").values(record)[name]


@pytest.mark.parametrize(
    ("record", "means", "why"),
    [
        ({}, None, "an absent property says nothing: the source may not have been asked"),
        ({"optout": None}, False, "a null is what this source says for no"),
        ({"optout": "true"}, True, "a value says itself"),
        ({"optout": ""}, None, "empty text is missing, not null"),
        ({"optout": float("nan")}, None, "NaN may be a frame's word for an absent property"),
        ({"optout": "Select"}, None, "a placeholder is missing, not null"),
    ],
)
def test_null_is_told_from_absent(record, means, why):
    """Taking an unasked question for "didn't opt out" would mail people who did."""
    field = '{ from = "optout", null = "no" }'

    assert read(record, field, 'placeholders = ["Select"]', "opted_out") is means, why


def test_null_is_a_word_of_the_source():
    """It is read like any other: labels and `invert` come after it."""
    field = '{ from = "newsletter", null = "nein", labels = { Ja = "yes", Nein = "no" }, invert = true }'

    assert read({"newsletter": None}, field, name="opted_out") is True
    assert read({"newsletter": "Ja"}, field, name="opted_out") is False


def test_null_can_mean_that_nothing_was_chosen():
    """Some sources have no empty list."""
    assert read({"topics": None}, '{ from = "topics", null = [] }', name="interests") == ()


def test_the_first_property_that_is_known_counts():
    """People have a mobile, or a phone, or both."""
    field = '{ from = ["Mobile", "Phone"] }'
    top = 'placeholders = ["--"]'

    assert read({"Mobile": "1", "Phone": "2"}, field, top) == "1"
    assert read({"Mobile": "--", "Phone": "2"}, field, top) == "2"
    assert read({"Phone": " ", "Mobile": None}, field, top) is None


def test_a_null_counts_only_where_no_property_is_known():
    """One of two flags is set: that is the answer."""
    field = '{ from = ["hs_optout", "old_optout"], null = "no" }'

    assert read({"hs_optout": None, "old_optout": "yes"}, field, name="opted_out") is True
    assert read({"hs_optout": None}, field, name="opted_out") is False


def test_what_a_lenient_field_cannot_read_lets_the_next_property_speak():
    """It is missing, as if it weren't there."""
    field = '{ from = ["Size", "Staff"], lenient = true }'

    assert read({"Size": "medium", "Staff": "70"}, field, name="employees") == 70


@pytest.mark.parametrize(
    ("record", "path", "means"),
    [
        ({"company": {"name": "Acme"}}, "company.name", "Acme"),
        ({"company": None}, "company.name", None),
        ({"company": 7}, "company.name", None),
        ({"company": {}}, "company.name", None),
        ({"No. of Staff": "7"}, "No. of Staff", "7"),
        ({"company.name": "Acme"}, "company.name", "Acme"),
        ({"party.": {"name": "Acme"}}, "party..name", "Acme"),
        ({"email": [{"value": "a@x.example"}, {"value": "b@x.example"}]}, "email.1.value", "b@x.example"),
        ({"email": []}, "email.0.value", None),
        ({"email": ["a"]}, f"email.{'9' * 5000}", None),
        ({"a": {"b.c": {"d": "deep"}}}, "a.b.c.d", "deep"),
    ],
)
def test_paths(record, path, means):
    """CRMs nest a company in a person, and name columns with dots."""
    assert read(record, f'"{path}"') == means


@pytest.mark.parametrize(
    ("record", "path", "table", "first", "found"),
    [
        ({"contacts": [{"city": "Ghent"}]}, "contacts.city", "contacts", "contacts.0.city", "a list (1 entry)"),
        ({"a": {"b": ["x", "y"]}}, "a.b.c", "a.b", "a.b.0.c", "a list (2 entries)"),
        ({"a": [[{"b": "x"}]]}, "a.0.b", "a.0", "a.0.0.b", "a list (1 entry)"),
        ({"a.b": [{"c": "x"}]}, "a.b.c", "a.b", "a.b.0.c", "a list (1 entry)"),
    ],
)
def test_a_name_that_leads_into_a_list_is_refused(record, path, table, first, found):
    """Which of the entries is meant, nobody said; a field that is silently empty is found out too late."""
    with pytest.raises(LeadError) as refused:
        read(record, f'"{path}"', name="city")

    assert str(refused.value) == (
        f"city: expected a table in '{table}' (the path is '{path}'; '{first}' reads the first of a list), found {found}"
    )


@pytest.mark.parametrize(
    ("record", "path", "expected"),
    [
        ({"addresses": [1]}, "addresses..0.city", "a property 'addresses.', which has what is in 'addresses'"),
        ({"addresses": [1]}, "addresses..city", "a property 'addresses.', which has what is in 'addresses'"),
        ({"p.": {"a": [7]}}, "p..a..0.c..d", "a property 'p..a.', which has what is in 'p..a'"),
        ({"emails": [{"is": "x"}]}, "emails..is", "a property 'emails.'; 'emails.0.is' reads the first of a list"),
        ({"emails": [{"is": "x"}]}, "emails..0.is", "a property 'emails.'; 'emails.0.is' reads the first of a list"),
        ({"emails": [{"is": "x"}]}, "emails..*.is", "a property 'emails.'; 'emails.0.is' reads the first of a list"),
    ],
)
def test_a_name_with_a_point_that_is_not_there_is_named(record, path, expected):
    """Tryton says which addresses there are in one property and what they say in another: a hint must lead to it."""
    with pytest.raises(LeadError) as refused:
        read(record, f'"{path}"', name="city")

    assert str(refused.value) == f"city: expected {expected} (the path is '{path}'), found a list (1 entry)"


def test_where_nothing_is_in_the_list_the_path_leads_to_nothing():
    """Many programs write an empty table as an empty list."""
    assert read({"company": []}, '"company.name"') is None


def test_a_lenient_field_may_find_a_list_on_the_way():
    """It is missing, as if it weren't there, and the next property speaks."""
    field = '{ from = ["contacts.city", "City"], lenient = true }'

    assert read({"contacts": [{"city": "Ghent"}], "City": "Bruges"}, field) == "Bruges"


def test_a_null_at_the_end_of_a_path_is_null_and_a_null_on_the_way_is_absence():
    """Who has no company there was not asked about it."""
    field = '{ from = "company.optout", null = "no" }'

    assert read({"company": {"optout": None}}, field, name="opted_out") is False
    assert read({"company": None}, field, name="opted_out") is None


@pytest.mark.parametrize(
    ("placeholders", "value", "missing"),
    [
        ('["Select"]', "select", True),
        ('["Select"]', " SELECT ", True),
        ('["Select"]', "Selected", False),
        ('["0"]', 0, True),
        ("[0]", "0", True),
        ("[0]", False, False),
        ("[false]", False, True),
        ("[false]", "False", True),
        ("[2.5]", "2.5", True),
        ('["null"]', "null", True),
    ],
)
def test_placeholders_are_known_by_what_they_say(placeholders, value, missing):
    """A CSV writes 0 as text, a CRM as a number: a default that nobody chose is the same in both."""
    kind = "boolean" if isinstance(value, bool) else "text"
    field = f'{{ from = "P", as = "{"yes/no" if kind == "boolean" else "text"}", placeholders = {placeholders} }}'

    assert (read({"P": value}, field) is None) is missing


def test_a_fields_placeholders_join_those_of_all():
    """Who adds "Other" for cities doesn't mean that "Select" became one."""
    top = 'placeholders = ["Select"]'
    field = '{ from = "City", placeholders = ["Other"] }'

    assert read({"City": "Select"}, field, top) is None
    assert read({"City": "Other"}, field, top) is None
    assert read({"City": "Select"}, '{ from = "City", placeholders = [] }', top) == "Select"


def test_false_for_missing_leaves_flags_alone():
    """A source that writes false for every missing value writes it for no as well."""
    top = "placeholders = [false]"

    assert read({"P": False}, '"P"', top, "email") is None
    assert read({"P": False}, '"P"', top, "bounced") is False


def test_labels_turn_the_sources_words_into_ours():
    """Case doesn't matter, numbers have words too, and what has no label stays."""
    field = '{ from = "P", labels = { "Sheet-fed offset" = "offset", "0" = "open" } }'

    assert read({"P": "SHEET-FED OFFSET "}, field) == "offset"
    assert read({"P": 0}, field) == "open"
    assert read({"P": "Gravure"}, field) == "Gravure"


def test_labels_are_read_as_the_field_is():
    """A word for a size is a size."""
    field = '{ from = "P", as = "lower end of range", labels = { "Self-employed" = 1, "Enterprise" = "5,000+" } }'

    assert read({"P": "self-employed"}, field) == 1
    assert read({"P": "Enterprise"}, field) == 5000
    assert read({"P": "51-200"}, field) == 51
