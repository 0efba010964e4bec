"""A mapping at work: leads, activities, what it leaves unused, and the way back."""

import pickle
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from qualify.definition.model import ActivityType, Field, Model, Team
from qualify.errors import LeadError, QualifyError
from qualify.lead import Lead
from qualify.mapping import Conversion, identity_mapping, loads_mapping

MODEL = Model(
    name="Print-shop leads",
    version="1",
    teams={"sales": Team("Sales")},
    fields={"press_type": Field("text", choices=("offset", "digital")), "jobs": Field("number")},
    activities={
        "webinar": ActivityType({"minutes": Field("number"), "result": Field("number")}),
        "demo": ActivityType({"result": Field("text")}),
    },
)

CRM = """
id = "Lead Id"
placeholders = ["Select"]
dates = "day first"
timezone = "Europe/Brussels"
[fields]
email = "E-mail"
press_type = { from = "Press", labels = { "Sheet-fed" = "offset", "Toner" = "digital" } }
jobs = "Jobs a Month"
interests = { from = "Topics", separator = "," }
opted_out = { from = "May Mail", as = "yes/no", invert = true }
employees = { from = "Size", as = "lower end of range" }
created_at = "Created"
[activities]
lead = "Lead Id"
type = "Event"
at = "When"
types."Visited page" = "page_view"
types.Webinar = "webinar"
types.Demo = "demo"
fields.page = "URL"
fields.minutes = "Minutes"
fields.result = "Result"
"""

ROW = {
    "Lead Id": "0031",
    "E-mail": " ada@acme.example ",
    "Press": "sheet-fed",
    "Jobs a Month": "1,200",
    "Topics": "webinars, samples",
    "May Mail": "No",
    "Size": "51-200",
    "Created": "02/11/2026 09:30",
}


@pytest.fixture(scope="module")
def crm():
    return loads_mapping(CRM, MODEL)


def test_a_record_becomes_a_lead_of_the_definition(crm):
    """Fields of one's own are read by the types that the teams declared."""
    lead = crm.lead(ROW, activities=[])

    assert isinstance(lead, Lead)
    assert lead.model_dump(exclude_none=True) == {
        "id": "0031",
        "email": "ada@acme.example",
        "press_type": "offset",
        "jobs": 1200,
        "interests": ("webinars", "samples"),
        "opted_out": True,
        "employees": 51,
        "created_at": datetime(2026, 11, 2, 8, 30, tzinfo=UTC),
        "activities": (),
    }
    assert crm.lead(ROW).activities is None


def test_plain_values_are_what_the_lead_holds(crm):
    """The fast way and the comfortable way must not differ."""
    lead = crm.lead(ROW)

    assert {name: getattr(lead, name) for name in crm.values(ROW)} == crm.values(ROW)


@pytest.mark.parametrize(
    ("change", "lead_id", "field", "expected", "found"),
    [
        ({"Size": "large"}, "0031", "employees", "a range, such as 51-200 or 1,000+", "text (5 characters)"),
        ({"Jobs a Month": ["7"]}, "0031", "jobs", "a number", "a list (1 entry)"),
        ({"E-mail": {"value": "x"}}, "0031", "email", "text", "a table (1 entry)"),
        (
            {"Created": "11/13/2026"},
            "0031",
            "created_at",
            "a date with a time (day first, such as 31/12/2026 09:30)",
            "text (10 characters)",
        ),
        ({"Lead Id": 3.5}, None, "id", "text", "a number"),
        ({"Lead Id": "", "Size": "?"}, None, "employees", "a range, such as 51-200 or 1,000+", "text (1 character)"),
    ],
)
def test_what_cannot_be_read_names_lead_field_and_kind(crm, change, lead_id, field, expected, found):
    """The rejects file says what to mend and shows nobody's data."""
    with pytest.raises(LeadError) as caught:
        crm.values({**ROW, **change})

    error = caught.value
    assert (error.lead_id, error.field, error.expected, error.found) == (lead_id, field, expected, found)
    with pytest.raises(LeadError):
        crm.lead({**ROW, **change})


@pytest.mark.parametrize("record", [None, "row", ["a"], 7])
def test_what_is_no_record_is_refused(crm, record):
    """A line of JSON can be anything."""
    for read in (crm.values, crm.lead, crm.activity):
        with pytest.raises(LeadError, match="expected a record"):
            read(record)


def test_an_activity_says_whose_what_when_and_more(crm):
    """Activities come from a second file, one a row."""
    row = {"Lead Id": 31, "Event": "VISITED PAGE", "When": "02/11/2026", "URL": "/pricing", "Minutes": "Select"}

    assert crm.activity(row) == (
        "31",
        {"type": "page_view", "at": datetime(2026, 11, 1, 23, 0, tzinfo=UTC), "properties": {"page": "/pricing"}},
    )


def test_a_property_is_read_by_the_type_that_its_activity_declares(crm):
    """`result` is a number of points in one activity and a word in another."""
    row = {"Lead Id": "31", "When": "02/11/2026", "Result": "12", "Minutes": "40", "URL": "/x"}

    results = {event: crm.activity({**row, "Event": event})[1]["properties"] for event in ("Webinar", "Demo", "Fax")}

    assert results == {"Webinar": {"minutes": 40, "result": 12}, "Demo": {"result": "12"}, "Fax": {}}
    assert crm.activity({**row, "Event": "Fax"})[1]["type"] == "Fax"


@pytest.mark.parametrize(
    ("change", "field", "found"),
    [
        ({"Lead Id": ""}, "activities: lead", "nothing"),
        ({"Event": "Select"}, "activities: type", "nothing"),
        ({"When": None}, "activities: at", "nothing"),
        ({"When": "soon"}, "activities: at", "text (4 characters)"),
        ({"Minutes": "long"}, "activities: minutes", "text (4 characters)"),
    ],
)
def test_a_row_that_is_no_activity_is_refused(crm, change, field, found):
    """An activity without a moment would count in no window, silently."""
    row = {"Lead Id": "31", "Event": "Webinar", "When": "02/11/2026", "Minutes": "40", **change}

    with pytest.raises(LeadError) as caught:
        crm.activity(row)

    assert (caught.value.field, caught.value.found) == (field, found)
    assert caught.value.lead_id == ("31" if row["Lead Id"] else None)


def test_without_a_definition_activities_keep_what_they_say():
    """Standard properties have their types, others stay text."""
    mapping = loads_mapping(CRM)
    row = {"Lead Id": "31", "Event": "Fax", "When": "02/11/2026", "Minutes": "40", "URL": "/x"}

    assert mapping.activity(row)[1]["properties"] == {"minutes": "40", "page": "/x"}


def test_a_mapping_without_activities_says_so():
    """Better than a list that is always empty."""
    with pytest.raises(QualifyError, match=r"no \[activities\]"):
        loads_mapping("[fields]\ncity = 'City'").activity({})


def test_what_no_field_reads_is_reported(crm):
    """A column that everybody filled in and nobody reads is worth a question."""
    assert crm.unused([*ROW, "Notes", "Score"]) == ("Notes", "Score")
    assert crm.unused(["Lead Id", "Event", "Notes"], of="activities") == ("Notes",)

    nested = loads_mapping("[fields]\ncompany = 'org.name'\nemail = 'mails.0.value'")
    assert nested.unused({"org": {"name": "x", "size": 1}, "mails": [], "x": {"y": 1}}) == ("org.size", "x")
    assert nested.unused(["org", "x", None]) == ("x",)


def test_values_go_back_by_the_same_table(crm):
    """Labels, separators, inverted flags and dates as the source writes them."""
    values = {
        "id": "0031",
        "email": "ada@acme.example",
        "press_type": "offset",
        "jobs": 1200,
        "interests": ("webinars", "samples"),
        "opted_out": True,
        "created_at": datetime(2026, 11, 2, 8, 30, tzinfo=UTC),
        "employees": None,
    }

    record = crm.record(values)

    assert record == {
        "Lead Id": "0031",
        "E-mail": "ada@acme.example",
        "Press": "Sheet-fed",
        "Jobs a Month": 1200,
        "Topics": "webinars,samples",
        "May Mail": "no",
        "Created": "02/11/2026 09:30:00",
    }
    assert crm.values(record) == values


def test_paths_go_back_into_tables():
    """A nested record is written as it is read."""
    mapping = loads_mapping("[fields]\ncompany = 'org.name'\nemployees = 'org.size'\ncity = 'No. of City'")

    record = mapping.record({"company": "Acme", "employees": 7, "city": "Ghent"})

    assert record == {"org": {"name": "Acme", "size": 7}, "No. of City": "Ghent"}


@pytest.mark.parametrize(
    ("value", "field", "why"),
    [
        ({"employees": 51}, "employees", "which range?"),
        ({"jobs": "many"}, "jobs", "not of the field's type"),
        ({"press_type": "Toner"}, "press_type", "it would be read as a label's meaning"),
        ({"press_type": "Select"}, "press_type", "it would be read as missing"),
        ({"interests": ("a,b",)}, "interests", "it would come back as two"),
        ({"interests": ()}, "interests", "an empty text says nothing"),
        ({"created_at": datetime(2026, 11, 2, 8, 30)}, "created_at", "naive: of which zone?"),
        ({"created_at": datetime(2026, 10, 25, 1, 30, tzinfo=UTC)}, "created_at", "the second 02:30 of that night"),
        ({"city": "Ghent"}, "city", "not in the mapping"),
    ],
)
def test_what_the_source_has_no_word_for_is_refused_by_name(crm, value, field, why):
    """What would be understood as something else is not written."""
    with pytest.raises(LeadError) as caught:
        crm.record({"id": "0031", **value})

    assert (caught.value.lead_id, caught.value.field) == ("0031", field), why


def test_a_name_comes_without_its_id():
    """Only the source knows the id of a name."""
    mapping = loads_mapping("[fields]\nowner = { from = 'user_id', as = 'id and name' }")

    with pytest.raises(LeadError, match="not id and name"):
        mapping.record({"owner": "Ada"})


def test_two_fields_of_one_property_must_say_the_same():
    """One cell has room for one answer."""
    mapping = loads_mapping("[fields]\ncity = 'Place'\nregion = 'Place'")

    assert mapping.record({"city": "Ghent", "region": "Ghent"}) == {"Place": "Ghent"}
    with pytest.raises(LeadError):
        mapping.record({"city": "Ghent", "region": "Flanders"})


def test_a_mapping_is_data():
    """Tables of what maps where are made from it."""
    mapping = loads_mapping(CRM, MODEL)

    assert (mapping.id, mapping.placeholders, mapping.dates) == ("Lead Id", ("Select",), "day first")
    assert (mapping.timezone, mapping.decimal, mapping.currency, dict(mapping.rates)) == (
        "Europe/Brussels",
        ".",
        None,
        {},
    )
    assert list(mapping.fields) == ["email", "press_type", "jobs", "interests", "opted_out", "employees", "created_at"]
    assert mapping.fields["employees"].as_ == "lower end of range"
    assert mapping.fields["jobs"].type == "number"
    assert mapping.activities is not None
    assert mapping.warnings == ()
    assert loads_mapping(mapping.to_toml(), MODEL) == mapping
    assert loads_mapping(mapping.to_toml()) != mapping  # without the definition, jobs are text
    assert hash(loads_mapping(CRM, MODEL)) == hash(mapping)


def test_rates_are_exact():
    """Money is added up later: a rate of 1.1 must not become 1.1000000000000001."""
    mapping = loads_mapping(
        "currency = 'USD'\n[rates]\nEUR = 1.1\n[fields]\nannual_revenue = { from = 'R', as = 'money' }"
    )

    assert mapping.rates == {"EUR": Decimal("1.1")}
    assert mapping.values({"R": "€1,000,000.10"}) == {"annual_revenue": 1100000.11}


def test_columns_named_as_fields_need_no_mapping():
    """The simplest file of all: our own words in its first row, whatever stands beside them."""
    mapping = identity_mapping(MODEL, ["id", " email", "jobs", "Notes", "created_at", "lead_id"])

    assert mapping.values(
        {"id": "1", " email": "a@x.example", "jobs": "7", "Notes": "?", "created_at": "2026-11-02"}
    ) == {
        "id": "1",
        "email": "a@x.example",
        "jobs": 7,
        "created_at": datetime(2026, 11, 2),
    }
    assert mapping.activity({"lead_id": "1", "type": "webinar", "at": "2026-11-02T09:00Z", "minutes": "5"}) == (
        "1",
        {"type": "webinar", "at": datetime(2026, 11, 2, 9, tzinfo=UTC), "properties": {"minutes": 5}},
    )
    assert loads_mapping(mapping.to_toml(), MODEL) == mapping


def shouted(ways):
    """A conversion as a plugin would bring it."""
    return lambda value: str(value).upper()


OWN = {"shout": Conversion("text", shouted)}


def test_conversions_can_be_added():
    """What a definition reads stays plain data, whoever reads it from the source."""
    mapping = loads_mapping("[fields]\ncity = { from = 'C', as = 'shout' }", conversions=OWN)

    assert mapping.values({"C": "ghent"}) == {"city": "GHENT"}
    assert pickle.loads(pickle.dumps(mapping)) == mapping
    assert pickle.loads(pickle.dumps(mapping)).values({"C": "ghent"}) == {"city": "GHENT"}


def test_threads_share_a_mapping(crm):
    """A web server reads many leads at once."""
    rows = [{**ROW, "Lead Id": str(number), "Jobs a Month": str(number % 70)} for number in range(3000)]

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(crm.values, rows))

    alone = loads_mapping(CRM, MODEL)
    assert together == [alone.values(row) for row in rows]


def test_what_is_remembered_stays_small():
    """A million e-mail addresses pass through; they must not stay in memory."""
    labels = "{ from = 'F', labels = { a = 'A' } }"
    mapping = loads_mapping(f"[fields]\nemail = 'E'\ndomain = {{ from = 'E', as = 'domain' }}\nindustry = {labels}")
    for number in range(5000):
        mapping.values({"E": f"a@{number}.example", "F": "x" * 1000 + str(number)})

    kept = [column.remembered for column in mapping._columns.values()]

    assert all(len(each) <= 1001 for each in kept)
    assert all(text is None or len(text) <= 64 for each in kept for text in each)


def test_a_mapping_prints_shortly():
    """In a notebook one wants to know what it is, and no more."""
    assert repr(loads_mapping("[fields]\ncity = 'C'\nregion = 'R'")) == "<Mapping of 2 fields>"


@pytest.mark.parametrize(
    ("dates", "day", "moment"),
    [
        ("iso", "such as 2026-11-02", "such as 2026-11-02T09:30"),
        ("day first", "day first, such as 31/12/2026", "day first, such as 31/12/2026 09:30"),
        ("month first", "month first, such as 12/31/2026", "month first, such as 12/31/2026 09:30"),
        ("%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M"),
    ],
)
def test_an_example_of_a_date_is_one_that_would_have_been_read(dates, day, moment):
    """Who copies the example must not be refused again; of a date-time, it has a time."""
    mapping = loads_mapping(f'dates = "{dates}"\n[fields]\nmade_on = {{ from = "A", as = "date" }}\ncreated_at = "B"')

    for record, field, kind, said in (
        ({"A": "soon"}, "made_on", "a date", day),
        ({"B": "soon"}, "created_at", "a date with a time", moment),
    ):
        with pytest.raises(LeadError) as refused:
            mapping.values(record)
        assert (refused.value.field, refused.value.expected) == (field, f"{kind} ({said})")
        if "%" not in said:
            assert mapping.values({next(iter(record)): said.partition("such as ")[2]})[field] is not None
