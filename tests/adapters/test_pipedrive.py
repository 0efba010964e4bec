"""Pipedrive: leads whose facts sit in a person and an organization that may be missing."""

from datetime import UTC, datetime

import pytest

from qualify.adapters import Happening, NewProperty, Update
from qualify.adapters.making import NotMade
from qualify.adapters.pipedrive import PipedriveAdapter
from qualify.errors import AdapterError
from tests.adapters.fake_crm import KINDS, all_records, last_cursor, sample, trouble_of
from tests.adapters.fake_pipedrive import GRADE, STAGE, FakePipedrive


@pytest.fixture
def pipedrive(monkeypatch):
    with FakePipedrive(sample("pipedrive", "leads_v1.json")["data"]) as fake:
        monkeypatch.setenv("PIPEDRIVE_API_TOKEN", fake.token)
        fake.persons = sample("pipedrive", "persons_v1.json")["data"]
        fake.organizations = sample("pipedrive", "organizations_v1.json")["data"]
        yield fake


@pytest.fixture
def adapter():
    return PipedriveAdapter()


@pytest.fixture
def connect(adapter, pipedrive):
    def connect(*more: str, **options: str):
        given = {"address": pipedrive.address, "timeout": "0.4", **options}
        return adapter.connect([*adapter.mapping.sources, *more], given)

    return connect


# The vendor's records


def test_every_lead_becomes_a_lead_with_what_its_person_and_organization_say(adapter, connect):
    """A lead of Pipedrive is a title and two links: who it is stands elsewhere."""
    leads = [adapter.mapping.lead(record) for record in all_records(connect())]

    assert len(leads) == 6
    known = {lead.id: lead for lead in leads}["a9c7d540-5044-11f1-8fc2-6ded4282a24d"]
    assert (known.email, known.first_name, known.company) == ("jane.smith@acme.com", "Jane", "Acme Corp")
    assert (known.owner, known.lead_status, known.source) == ("Nango", "open", "API")
    assert known.created_at == datetime(2026, 5, 15, 9, 58, 46, 164000, tzinfo=UTC)


def test_a_lead_without_organization_or_person_is_a_lead_with_less(adapter, connect, pipedrive):
    """Facts that sit in a company that may be missing are unknown, and no error."""
    for each in pipedrive.records:
        each["organization_id"] = each["person_id"] = None

    leads = [adapter.mapping.lead(record) for record in all_records(connect())]

    assert [(lead.email, lead.company, lead.opted_out) for lead in leads] == [(None, None, None)] * 6


def test_every_person_of_the_account_can_be_read(adapter):
    """Recorded persons have naive times, empty addresses, and nulls beside missing keys."""
    persons = sample("pipedrive", "persons_v1.json")["data"]
    persons += [each["data"] for each in sample("pipedrive", "recents_v1.json")["data"]]

    leads = [adapter.mapping.lead({"id": "1", "person": person}) for person in persons]

    assert [lead.email for lead in leads[-2:]] == [None, None]  # an empty address, and a deleted person
    assert leads[0].created_at == datetime(2026, 5, 15, 9, 58, 20, tzinfo=UTC)


def test_the_primary_address_counts_wherever_it_stands(adapter):
    """The first of a list is not the one that the person uses."""
    emails = [{"value": "old@a.example", "primary": False}, {"value": "new@a.example", "primary": True}]

    for key in ("emails", "email"):
        assert adapter.mapping.values({"id": "1", "person": {key: emails}})["email"] == "new@a.example"


@pytest.mark.parametrize(
    ("status", "opted_out", "consented"),
    [
        ("unsubscribed", True, None),
        ("subscribed", False, True),
        ("no_consent", None, False),
        ("archived", None, None),
        (None, None, None),
    ],
)
def test_only_a_marketing_status_says_whether_somebody_opted_out(adapter, status, opted_out, consented):
    """Who never consented did not opt out, and an account without that status can't tell."""
    values = adapter.mapping.values({"id": "1", "person": {"marketing_status": status}})

    assert (values["opted_out"], values["consented"]) == (opted_out, consented)


def test_an_account_without_marketing_status_leaves_the_opt_out_unknown(adapter):
    """An absent property is not a null one, and neither is a no."""
    assert adapter.mapping.values({"id": "1", "person": {}})["opted_out"] is None


def test_what_is_planned_is_no_activity(adapter):
    """All five recorded activities are to be done still."""
    rows = sample("pipedrive", "activities_v1.json")["data"]

    assert [adapter.mapping.activity(row, of="activities") for row in rows] == [None] * 5


def test_an_activity_is_at_its_day_and_time_in_utc(adapter):
    """Two columns are one moment, and a naive one is UTC."""
    row = sample("pipedrive", "activities_v1.json")["data"][0] | {"done": True, "of_lead": "7"}

    lead, activity = adapter.mapping.activity(row, of="activities")

    assert (lead, activity["type"], activity["at"]) == ("7", "call", datetime(2026, 5, 20, 10, tzinfo=UTC))


def test_a_won_deal_tells_its_amount_but_not_one_that_nobody_said(adapter):
    """A deal is worth 0 until somebody says what it is worth."""
    deals = [each | {"of_lead": "7"} for each in sample("pipedrive", "deals_v1.json")["data"]]
    won = deals[0] | {"status": "won", "won_time": "2026-06-01 08:00:00"}

    assert [adapter.mapping.activity(row, of="deals") for row in deals] == [None] * 3
    assert adapter.mapping.activity(won, of="deals")[1]["properties"] == {"amount": 50000}
    assert adapter.mapping.activity(won | {"value": 0}, of="deals")[1]["properties"] == {}


# Reading


def test_a_later_read_gives_what_changed_since(connect, pipedrive):
    """A night's work should be as large as the day before."""
    cursor = last_cursor(connect())
    pipedrive.records[2]["update_time"] = "2026-05-16T00:00:00.000Z"

    changed = [record["id"] for record in all_records(connect(), cursor)]

    assert pipedrive.records[2]["id"] in changed
    assert len(changed) <= 2  # it, and the last one again


def test_a_change_of_a_person_brings_its_leads_again(connect, pipedrive):
    """An opt-out is said of a person, and leaves its leads as they are."""
    cursor = last_cursor(connect())
    person = next(each for each in pipedrive.persons if each["id"] == 1)
    person |= {"update_time": "2099-01-01 00:00:00", "marketing_status": "unsubscribed"}

    changed = [record for record in all_records(connect(), cursor) if record["person_id"] == 1]

    assert {record["id"] for record in changed} == {each["id"] for each in pipedrive.records if each["person_id"] == 1}
    assert {record["person"]["marketing_status"] for record in changed} == {"unsubscribed"}


def test_a_cursor_of_another_kind_is_refused(connect):
    """A place that nobody knows must not become a read of nothing."""
    with pytest.raises(AdapterError, match="read everything"):
        all_records(connect(), "2026-05-15")


def test_custom_fields_have_their_names_and_their_words(connect, pipedrive):
    """40 hex digits and a 7 say nothing to anybody; a field that nobody filled is null, not absent."""
    pipedrive.records[0] |= {GRADE: 7}

    found = {each["id"]: each["custom"] for each in all_records(connect("custom.Grade", "custom.Qualify stage"))}

    assert found[pipedrive.records[0]["id"]] == {"Grade": "A", "Qualify stage": None}


def test_a_custom_field_that_is_not_there_is_named(connect):
    """A misspelled one must not be unknown for ever."""
    with pytest.raises(AdapterError, match="no custom field 'Grades'; did you mean 'Grade'"):
        all_records(connect("custom.Grades"))


def test_what_happened_is_asked_for_only_where_somebody_wants_to_pay_for_it(connect, pipedrive):
    """Three requests for each lead are many: not being able to tell is not the same as nothing."""
    record = {"id": "7", "person_id": 1}
    pipedrive.activities = sample("pipedrive", "activities_v1.json")["data"]
    pipedrive.deals = [{"id": 1, "person_id": 1, "status": "won"}]

    assert connect().happenings([record]) is None
    found = list(connect(activities="yes").happenings([record]))
    assert [each.source for each in found].count("activities") == len(
        [each for each in pipedrive.activities if each["person_id"] == 1]
    )
    assert Happening("deals", {"id": 1, "person_id": 1, "status": "won", "of_lead": "7"}) in found


# Writing


def test_a_field_is_written_by_its_name_and_its_word(connect, pipedrive):
    """The mapping says names; the API wants digits."""
    answers = connect().write([Update("7", {"custom": {"Qualify stage": "mql", "Grade": "B"}})])

    assert [answer.refused for answer in answers] == [None]
    assert pipedrive.written == [("7", {STAGE: "mql", GRADE: 8})]


def test_a_refused_lead_is_told_and_the_rest_is_written(connect, pipedrive):
    """One bad record is no reason to stop."""
    pipedrive.refusals["7"] = "Lead is archived"

    answers = connect().write([Update(each, {"custom": {"Qualify stage": "mql"}}) for each in ("6", "7", "8")])

    assert [answer.refused for answer in answers] == [None, "Lead is archived: see the docs: HTTP 400", None]
    assert [lead for lead, _ in pipedrive.written] == ["6", "8"]


def test_a_field_that_is_not_there_is_named_with_the_nearest(connect):
    """Most likely it is spelled otherwise."""
    with pytest.raises(AdapterError, match="no custom field 'Qualify stages'; did you mean 'Qualify stage'"):
        connect().write([Update("7", {"custom": {"Qualify stages": "mql"}})])


def test_custom_fields_are_made_by_their_names(connect, pipedrive):
    """Their codes are the server's; what is written afterwards goes to these."""
    kinds = [kind for kind in KINDS if kind != "boolean"]
    wanted = [
        NewProperty("custom.Qualify stage", "Stage", "text"),
        *(
            NewProperty(f"Qualify {n}", f"Qualify: {n}", kind, path=f"custom.Qualify {n}")
            for n, kind in enumerate(kinds)
        ),
    ]
    connection = connect()

    assert connection.missing(wanted) == wanted[1:]
    connection.create(wanted)
    connection.write([Update("7", {"custom": {"Qualify 0": "mql"}})])

    assert [field["field_type"] for field in pipedrive.made.values()] == [
        "varchar",
        "text",
        "double",
        "date",
        "varchar",
    ]
    assert connection.missing(wanted) == []
    [(lead, changes)] = pipedrive.written
    assert (lead, changes) == ("7", {next(iter(pipedrive.made)): "mql"})


def test_what_no_custom_field_can_hold_is_told_and_the_rest_is_made(connect, pipedrive):
    """It has no type for yes and no, and a lead's own properties are what they are."""
    wanted = [
        NewProperty("Out", "Left out", "boolean", path="custom.Out"),
        NewProperty("verdict", "Stage", "text", path="verdict"),
        NewProperty("Qualify note", "Note", "text", path="custom.Qualify note"),
    ]

    with pytest.raises(NotMade, match=r"made custom\.Qualify note, but not custom\.Out \(.*yes/no.*; verdict \(only a"):
        connect().create(wanted)

    assert [field["field_name"] for field in pipedrive.made.values()] == ["Qualify note"]


# Trouble


def test_a_token_that_is_not_taken_is_a_clear_error(connect, pipedrive):
    """It is the person's own: there is no other to ask for."""
    pipedrive.expire()

    with pytest.raises(AdapterError, match=r"^pipedrive: GET /v1/leads: the token is not taken.*HTTP 401"):
        all_records(connect())


def test_pipedrive_says_how_long_to_wait(connect, pipedrive):
    """Its budget of requests is refilled at a moment that it knows."""
    pipedrive.troubles += ["throttle"]

    assert trouble_of(lambda: all_records(connect())).wait == 7
