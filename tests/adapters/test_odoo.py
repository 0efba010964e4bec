"""Odoo: false that means missing, naive times that are UTC, errors by HTTP 200, two APIs for the same."""

import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime

import pytest

from qualify.adapters import ConnectionTrouble, NewProperty, Update
from qualify.adapters.making import NotMade
from qualify.adapters.odoo import OdooAdapter
from qualify.errors import AdapterError
from tests.adapters.fake_crm import KINDS, all_records, last_cursor, sample
from tests.adapters.fake_odoo import FakeOdoo

APIS = ("json-2", "json-rpc")


@pytest.fixture
def odoo(monkeypatch):
    records = sample("odoo", "crm_lead_search_read.json") + sample("odoo", "crm_lead_demo_page.json")["records"][1:]
    with FakeOdoo(
        [{"create_date": False, "x_qualify_stage": False, "as_of": False, **each} for each in records]
    ) as fake:
        monkeypatch.setenv("ODOO_API_KEY", "odoo-key")
        yield fake


@pytest.fixture
def adapter():
    return OdooAdapter()


@pytest.fixture(params=APIS)
def connect(request, adapter, odoo):
    def connect(*more: str, **options: str):
        given = {"address": odoo.address, "database": "acme", "user": "demo", "timeout": "0.4", "api": request.param}
        return adapter.connect([*adapter.mapping.sources, *more], given | options)

    return connect


# The vendor's records


def test_every_lead_becomes_a_lead(adapter):
    """Twenty-two of two connectors: one with naive times, one with a T and microseconds."""
    rows = sample("odoo", "crm_lead_search_read.json") + sample("odoo", "crm_lead_demo_page.json")["records"]
    leads = [adapter.mapping.lead(row) for row in rows]

    assert len(leads) == 22
    assert leads[0].created_at == datetime(2026, 7, 22, 11, 42, 29, tzinfo=UTC)
    assert (leads[2].email, leads[2].company, leads[2].lead_status) == (
        "jdunagan@leclub.example.com", "Le Club SARL", "New",
    )  # fmt: skip


def test_false_is_missing_for_everything_but_yes_and_no(adapter):
    """An e-mail that is false is no address, and a blacklist that says false is a no."""
    row = sample("odoo", "crm_lead_search_read.json")[0]

    values = adapter.mapping.values(row | {"country_id": False, "is_blacklisted": False, "user_id": False})

    assert row["email_from"] is False
    assert (values["email"], values["phone"], values["country"], values["owner"]) == (None, None, None, None)
    assert values["opted_out"] is False


def test_a_blacklist_that_was_not_asked_is_unknown(adapter):
    """It is a list of its own, and a database may have none."""
    assert adapter.mapping.values(sample("odoo", "crm_lead_search_read.json")[0])["opted_out"] is None


def test_facts_of_a_lead_may_sit_in_its_partner(adapter):
    """Leads of known companies have no name of it; some have no partner, either."""
    rows = {row["id"]: row for row in sample("odoo", "crm_lead_demo_page.json")["records"]}
    assert rows[32]["partner_name"] is False

    with_partner = rows[32] | {"partner_id": [9, "Deco Addict"], "partner": {"phone": "", "city": "Paris"}}
    values = adapter.mapping.values(with_partner)

    assert (values["company"], values["city"], values["phone"]) == ("Deco Addict", "Paris", None)
    assert adapter.mapping.values(rows[32] | {"partner_id": False, "partner": None})["company"] is None


def test_every_partner_can_stand_beside_a_lead(adapter):
    """One of them has an empty text where the others say false."""
    partners = sample("odoo", "partners_search_read.json")
    values = [adapter.mapping.values({"id": 1, "partner": each}) for each in partners]

    assert [each["email"] for each in values] == [each["email"] or None for each in partners]
    assert {each["phone"] for each in values} == {each["phone"] or None for each in partners}


def test_every_lead_of_the_demo_data_becomes_a_lead(adapter):
    """In its XML the moments are expressions, which nobody evaluates: they are left out."""
    tree = ET.fromstring(sample("odoo", "crm_lead_demo.xml"))
    rows = []
    for record in tree.iter("record"):
        if record.get("model") == "crm.lead":
            plain = [each for each in record if each.text and not each.attrib.keys() - {"name"}]
            rows.append({"id": record.get("id"), **{each.get("name"): each.text for each in plain}})
    leads = [adapter.mapping.lead(row) for row in rows]

    assert len(leads) == 22
    assert {lead.lifecycle_stage for lead in leads} == {"lead", "opportunity"}
    assert leads[0].job_title == "Training Manager"


def test_an_outcome_is_what_the_lead_says_of_itself(adapter):
    """A stage is called Won in one file and has a probability of 80 in another: neither is asked."""
    rows = {row["id"]: row for row in sample("odoo", "crm_lead_demo_page.json")["records"]}
    assert rows[23]["stage_id"][1] == "Won"

    assert adapter.mapping.activity(rows[23], of="outcomes") is None
    lost = rows[23] | {"won_status": "lost", "lost_reason_id": [2, "Too expensive"], "expected_revenue": 0.0}
    lead, outcome = adapter.mapping.activity(lost, of="outcomes")
    assert (lead, outcome["type"], outcome["properties"]) == ("23", "lost", {"reason": "Too expensive"})


# Reading


def test_all_leads_are_read(connect, odoo):
    """Over either API."""
    assert sorted(row["id"] for row in all_records(connect())) == sorted(row["id"] for row in odoo.records)


def test_a_later_read_gives_what_changed_since(connect, odoo):
    """A cursor is a second, and what is compared has microseconds."""
    cursor = last_cursor(connect())
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", cursor)
    odoo.records[3]["write_date"] = "2026-09-01 00:00:00"

    assert odoo.records[3]["id"] in [row["id"] for row in all_records(connect(), cursor)]
    assert len(all_records(connect(), cursor)) == 2


def test_a_lead_whose_change_nobody_wrote_down_is_read_every_time(connect, odoo):
    """An import past the ORM leaves no date, and no cursor would ever see it."""
    odoo.records[0]["write_date"] = False
    connection = connect()

    assert len(all_records(connection)) == len(odoo.records)
    assert odoo.records[0]["id"] in [row["id"] for row in all_records(connection, last_cursor(connection))]


def test_country_and_tags_are_read_by_their_ids(adapter, connect, odoo):
    """A name of a country is in the language of the user; its code isn't."""
    odoo.records = [each | {"country_id": False, "tag_ids": [], "partner_id": False} for each in odoo.records]
    odoo.records[0] |= {"country_id": [75, "Frankreich"], "tag_ids": [4, 5], "partner_id": [9, "Deco"]}
    odoo.models["res.country"] = [{"id": 75, "code": "FR"}]
    odoo.models["crm.tag"] = [{"id": 4, "name": "Product"}, {"id": 5, "name": "Design"}]
    odoo.models["res.partner"] = [{"id": 9, "email": "deco@a.example", "phone": False, "city": "Lyon"}]

    values = {row["id"]: adapter.mapping.values(row) for row in all_records(connect())}

    known, other = values[odoo.records[0]["id"]], values[odoo.records[1]["id"]]
    assert (known["country"], known["interests"]) == ("FR", ("Product", "Design"))
    assert (known["city"], known["email"]) == ("Lyon", "deco@a.example")
    assert (other["country"], other["interests"]) == (None, ())


def test_a_field_that_is_not_there_is_named(connect):
    """Odoo would refuse the whole query with a traceback."""
    with pytest.raises(AdapterError, match="no field 'partner_nam'; did you mean 'partner_name'"):
        all_records(connect("partner_nam"))


def test_archived_leads_are_read_where_somebody_asks_for_them(connect, odoo):
    """Lost ones are archived."""
    all_records(connect())
    all_records(connect(archived="yes"))

    assert odoo.contexts[0] == {}
    assert odoo.contexts[-1] == {"active_test": False}


def test_meetings_are_read_with_their_leads(adapter, connect, odoo):
    """A moment of a calendar is UTC, too."""
    odoo.models["calendar.event"] = [{"id": 1, "start": "2026-08-01 09:00:00", "opportunity_id": [2, "Lead"]}]

    [happened] = connect().happenings([{"id": 2}, {"id": 3}])

    lead, meeting = adapter.mapping.activity(happened.row, of=happened.source)
    assert (lead, meeting["type"], meeting["at"]) == ("2", "meeting", datetime(2026, 8, 1, 9, tzinfo=UTC))
    assert connect(activities="no").happenings([{"id": 2}]) is None


def test_a_cursor_of_another_kind_is_refused(connect):
    """It is put into a query."""
    with pytest.raises(AdapterError, match="read everything"):
        all_records(connect(), "2026-07-22T11:42:29Z")


# Writing


def test_leads_that_get_the_same_are_written_by_one_call(connect, odoo):
    """A call has the same values for all of its records."""
    answers = connect().write([Update(each, {"x_qualify_stage": "mql"}) for each in ("1", "2")])

    assert [answer.refused for answer in answers] == [None, None]
    assert odoo.written == [("1", {"x_qualify_stage": "mql"}), ("2", {"x_qualify_stage": "mql"})]
    assert len([each for each in odoo.requests if '"vals"' in each.body]) == 1


def test_one_that_is_refused_leaves_the_others_written(connect, odoo):
    """A call is all or nothing: then each is asked for by itself."""
    odoo.refusals["2"] = "A stage is needed"

    answers = connect().write([Update(each, {"x_qualify_stage": "mql"}) for each in ("1", "2", "3", "x")])

    assert [answer.refused for answer in answers] == [
        None, "ValidationError: A stage is needed", None, "an id of Odoo is a number",
    ]  # fmt: skip
    assert [each for each, _ in odoo.written] == ["1", "3"]


def test_nothing_is_written_as_false_and_a_moment_as_odoo_reads_it(connect, odoo):
    """Null is no value there, and a zone no part of a moment."""
    connect().write([Update("1", {"x_qualify_stage": None, "as_of": "2026-11-30T10:00:00+01:00"})])

    assert odoo.written == [("1", {"x_qualify_stage": False, "as_of": "2026-11-30 09:00:00"})]


def test_fields_of_every_kind_are_made(connect, odoo):
    """By either API: what is made is told by its name in one, and by its place in the other."""
    wanted = [
        NewProperty("x_qualify_stage", "Stage", "text"),
        *(NewProperty(f"x_qualify_{n}", f"Qualify: {n}", kind, "About it.") for n, kind in enumerate(KINDS)),
    ]
    connection = connect()

    assert [each.name for each in connection.missing(wanted)] == [each.name for each in wanted[1:]]
    connection.create(wanted)

    assert [field["ttype"] for field in odoo.made.values()] == ["char", "text", "float", "boolean", "date", "datetime"]
    assert connection.missing(wanted) == []


def test_a_name_that_odoo_does_not_take_is_told_with_its_words(connect):
    """Custom fields begin with x_ there."""
    with pytest.raises(NotMade, match=r"qualify_stage \(ValidationError: .*must have a name that starts with 'x_'"):
        connect().create([NewProperty("qualify_stage", "Stage", "text")])


def test_a_database_without_crm_says_so(connect, odoo):
    """Somebody may have the wrong one."""
    odoo.models["ir.model"].clear()

    with pytest.raises(AdapterError, match=r"has no model crm\.lead"):
        connect().create([NewProperty("x_qualify_reason", "Reason", "text")])


# Trouble


def test_a_key_that_is_not_taken_is_an_error_without_it(connect, monkeypatch):
    """One API answers with 401, the other with false."""
    monkeypatch.setenv("ODOO_API_KEY", "private-key")

    with pytest.raises(AdapterError, match="is not taken") as caught:
        all_records(connect())

    assert "private" not in repr(caught.value)


@pytest.mark.parametrize("name", ["psycopg2.errors.SerializationFailure", "odoo.exceptions.ConcurrencyError"])
def test_what_was_in_the_way_of_another_is_trouble(connect, odoo, name):
    """Somebody saved the same lead: a moment later it goes."""
    odoo.fails = [name]

    with pytest.raises(ConnectionTrouble, match="in the way of another"):
        all_records(connect())


@pytest.mark.parametrize("name", ["odoo.exceptions.AccessError", "odoo.exceptions.AccessDenied", "builtins.KeyError"])
def test_an_error_is_told_by_its_name_and_without_its_traceback(connect, odoo, name):
    """The traceback has the values of the call."""
    odoo.fails = [name]

    with pytest.raises(AdapterError) as caught:
        all_records(connect())

    assert name.rsplit(".", 1)[-1] in str(caught.value)
    assert "private" not in str(caught.value)
    assert not isinstance(caught.value, ConnectionTrouble)
