"""Zoho CRM: rows that answer one by one, amounts in another currency, pages by token."""

from datetime import UTC, datetime

import pytest

from qualify.adapters import NewProperty, Update
from qualify.adapters.making import NotMade
from qualify.adapters.zoho import ZohoAdapter
from qualify.errors import AdapterError
from qualify.mapping import loads_mapping
from tests.adapters.fake_crm import KINDS, all_records, last_cursor, sample, trouble_of
from tests.adapters.fake_zoho import FakeZoho


@pytest.fixture
def zoho(monkeypatch):
    with FakeZoho(sample("zoho", "leads.json")["data"]) as fake:
        monkeypatch.setenv("ZOHO_CLIENT_ID", "client")
        monkeypatch.setenv("ZOHO_CLIENT_SECRET", "client-secret")
        monkeypatch.setenv("ZOHO_REFRESH_TOKEN", "refresh-secret")
        yield fake


@pytest.fixture
def adapter():
    return ZohoAdapter()


@pytest.fixture
def connect(adapter, zoho):
    def connect(*more: str, **options: str):
        given = {"address": zoho.address, "accounts": zoho.address, "timeout": "0.4", **options}
        return adapter.connect([*adapter.mapping.sources, *more], given)

    return connect


# The vendor's records


def test_every_lead_and_contact_becomes_a_lead(adapter):
    """One mapping reads both modules: what one calls Designation the other calls Title."""
    leads = [
        adapter.mapping.lead(row) for name in ("leads.json", "contacts.json") for row in sample("zoho", name)["data"]
    ]

    assert len(leads) == 12
    assert (leads[0].email, leads[0].job_title, leads[0].country) == (
        "chau-kitzman@noemail.invalid", "Junior Executive", "US",
    )  # fmt: skip
    assert (leads[7].job_title, leads[7].company) == ("Nurse", "Printing Dimensions (Sample)")
    assert leads[0].id == "7328395000000680100"  # 19 digits: as a float it would be another
    assert leads[0].created_at == datetime(2026, 5, 14, 8, 36, 10, tzinfo=UTC)


def test_an_amount_is_in_the_currency_that_stands_beside_it(adapter):
    """100,000 shillings are no 100,000 dollars: what can't be told is passed over, and said."""
    record = sample("zoho", "leads.json")["data"][0]
    in_shillings = loads_mapping(adapter.mapping_text.replace('currency = "USD"', 'currency = "KES"'))

    assert adapter.mapping.values(record)["annual_revenue"] is None
    assert [each.field for each in adapter.mapping.passed_over(record)] == ["annual_revenue"]
    assert in_shillings.values(record)["annual_revenue"] == 100000
    assert adapter.mapping.values(record | {"$currency_symbol": "$"})["annual_revenue"] == 100000


@pytest.mark.parametrize(
    ("said", "opted_out"),
    [
        ({"Email_Opt_Out": False, "Unsubscribed_Mode": None}, False),
        ({"Email_Opt_Out": True, "Unsubscribed_Mode": None}, True),
        ({"Email_Opt_Out": False, "Unsubscribed_Mode": "Unsubscribe link"}, True),
        ({"Email_Opt_Out": False, "Unsubscribed_Mode": "by a way that is new"}, None),
        ({}, None),
    ],
)
def test_either_of_two_fields_opts_out(adapter, said, opted_out):
    """A link in a mail and a box on a form are two ways to say the same."""
    assert adapter.mapping.values({"id": "1", **said})["opted_out"] is opted_out


def test_empty_text_and_tables_are_missing(adapter):
    """A lead of one word has nothing but it."""
    record = next(row for row in sample("zoho", "leads.json")["data"] if row["id"] == "7328395000000684001")
    values = adapter.mapping.values(record)

    assert (values["last_name"], values["email"], values["last_activity_at"]) == ("Test Lead", None, None)


def test_tags_are_interests_by_their_names(adapter):
    """The number of a tag says nothing."""
    tags = [{"name": "print", "id": "1"}, {"name": "offset", "id": "2"}]

    assert adapter.mapping.values({"id": "1", "Tag": tags})["interests"] == ("print", "offset")


def test_a_call_counts_when_it_was_held_and_is_somebodys(adapter):
    """One is scheduled, one belongs to nobody, and one was logged two years later."""
    calls = {row["id"]: row for row in sample("zoho", "calls.json")["data"]}
    read = {each: adapter.mapping.activity(row, of="calls") for each, row in calls.items()}

    lead, call = read["7328395000000680317"]
    assert (lead, call["type"], call["properties"]) == ("7328395000000680155", "call", {"result": "Interested"})
    assert read["7328395000000680315"] is None
    assert read["7328395000000692006"] is None


def test_every_event_of_a_contact_is_a_meeting(adapter):
    """Those that are still to come count once they are."""
    rows = sample("zoho", "events.json")["data"]

    read = [adapter.mapping.activity(row, of="events") for row in rows]

    assert {each[1]["type"] for each in read if each} == {"meeting"}


# Reading


def test_all_pages_are_read(connect, zoho):
    """Past 2,000 records only a token leads on."""
    found = all_records(connect())

    assert sorted(row["id"] for row in found) == sorted(row["id"] for row in zoho.records)
    assert {row["$currency_symbol"] for row in found} == {"KES"}


def test_a_later_read_gives_what_changed_since(connect, zoho):
    """The moment of a cursor is asked for again: another record may have changed in its second."""
    cursor = last_cursor(connect())
    zoho.records[0]["Modified_Time"] = "2026-05-15T00:00:00+03:00"

    assert zoho.records[0]["id"] in [row["id"] for row in all_records(connect(), cursor)]
    assert last_cursor(connect(), "2030-01-01T00:00:00+03:00") == "2030-01-01T00:00:00+03:00"


def test_an_empty_module_is_an_empty_read(connect, zoho):
    """It answers with no body at all."""
    connection = connect()
    connection._known["Leads"] = list(zoho.records[0])  # an organisation without leads has their fields still
    zoho.records = []

    assert all_records(connection) == []


def test_a_page_that_repeats_is_an_error(connect, zoho):
    """Else it would be read for ever."""
    zoho.repeats = True

    with pytest.raises(AdapterError, match="again and again"):
        all_records(connect())


def test_a_contact_comes_with_its_account(adapter, connect, zoho):
    """Its website and size stand there; where there is no account, they are unknown."""
    zoho.records = sample("zoho", "contacts.json")["data"]
    zoho.accounts = sample("zoho", "accounts.json")["data"]
    zoho.records[0]["Account_Name"] = {"name": "King (Sample)", "id": "7328395000000680055"}

    read = {row["id"]: adapter.mapping.values(row) for row in all_records(connect(module="Contacts"))}

    assert read[zoho.records[0]["id"]]["domain"] == "kingmanufacturing.com"
    assert read[zoho.records[0]["id"]]["employees"] == 445
    assert read["7328395000000705001"]["domain"] is None


def test_a_field_that_is_not_there_is_named(connect):
    """A misspelled custom field must not be unknown for ever."""
    with pytest.raises(AdapterError, match="no field 'Lead_Sourse'; did you mean 'Lead_Source'"):
        all_records(connect("Lead_Sourse"))


def test_calls_are_asked_for_by_what_they_are_about(adapter, connect, zoho):
    """A lead's call has nobody in Who_Id."""
    zoho.calls = [each for each in sample("zoho", "calls.json")["data"] if each["$se_module"] == "Leads"]
    zoho.calls[0]["Call_Status"] = "Attended"

    happened = list(connect().happenings(zoho.records))

    assert [(each.source, each.row["of_lead"]) for each in happened] == [("calls", "7328395000000680100")]
    assert adapter.mapping.activity(happened[0].row, of="calls")[0] == "7328395000000680100"
    assert connect(activities="no").happenings(zoho.records) is None


# Writing


def test_each_row_of_a_success_is_looked_at(connect, zoho):
    """HTTP 207 with an error inside looks like success."""
    zoho.refusals["2"] = "INVALID_DATA"

    answers = connect().write([Update(each, {"Qualify_Stage": "mql"}) for each in ("1", "2", "3")])

    assert [answer.refused for answer in answers] == [None, "INVALID_DATA: invalid data: Qualify_Stage", None]
    assert [row for _, row in zoho.written] == [{"id": each, "Qualify_Stage": "mql"} for each in ("1", "3")]


@pytest.mark.parametrize("name", ["update_lead.json", "upsert.json"])
def test_the_recorded_answers_are_successes(connect, zoho, monkeypatch, name):
    """As the vendor really says it."""
    monkeypatch.setattr(zoho, "_written", lambda row: sample("zoho", name)["data"][0])

    assert connect().write([Update("1", {"Qualify_Stage": "mql"})])[0].refused is None


def test_fields_are_made_with_a_label_that_gives_them_their_names(connect, zoho):
    """Zoho makes a field's name from its label; nobody can say it otherwise."""
    wanted = [
        NewProperty("Lead_Source", "Source", "text"),
        *(NewProperty(f"Qualify_{n}", f"Qualify: {n}", kind, "About it. " * 40) for n, kind in enumerate(KINDS)),
    ]
    connection = connect()

    assert [each.name for each in connection.missing(wanted)] == [each.name for each in wanted[1:]]
    connection.create(wanted)

    assert [field["field_label"] for field in zoho.made.values()] == [f"Qualify {n}" for n in range(6)]
    assert [field["data_type"] for field in zoho.made.values()] == [
        "text", "textarea", "double", "boolean", "date", "text",
    ]  # fmt: skip
    assert connection.missing(wanted) == []


def test_a_token_that_may_not_make_fields_names_the_scope(connect, zoho):
    """A refresh token has the scopes that somebody ticked a year ago."""
    zoho.lacks_scope = True

    with pytest.raises(NotMade, match=r"did not make Qualify_Stage \(OAUTH_SCOPE.*ZohoCRM\.settings\.fields\.CREATE"):
        connect().create([NewProperty("Qualify_Stage", "Stage", "text")])


def test_a_token_that_is_not_taken_is_no_field_that_is_refused(connect, zoho):
    """Whatever else is tried with it would fail the same way."""
    connection = connect()
    connection.missing([])
    wanted = [NewProperty("Qualify_Stage", "Stage", "text")]
    zoho.answer = lambda request, answer=zoho.answer: zoho.expired() if request.method == "POST" else answer(request)

    with pytest.raises(AdapterError, match=r"the token is not taken.*INVALID_TOKEN"):
        connection.create(wanted)


# Trouble


def test_a_token_that_ran_out_is_renewed(connect, zoho):
    """It lasts an hour."""
    connection = connect()
    all_records(connection)
    zoho.expire()

    assert len(all_records(connection)) == 7


def test_a_refresh_token_that_was_revoked_is_an_error_without_a_secret(connect, zoho):
    """Zoho says so with HTTP 200."""
    zoho.refuses_to_renew = True

    with pytest.raises(AdapterError, match=r"the token is not taken.*invalid_code") as caught:
        all_records(connect())

    assert "secret" not in f"{caught.value!r}{caught.value.__context__!r}"


def test_zoho_says_how_long_to_wait(connect, zoho):
    """Its limits are by the minute and by the day."""
    zoho.troubles += ["throttle"]

    assert trouble_of(lambda: all_records(connect())).wait == 7
