"""Marketo: HTTP 200 whatever is wrong, the word null, tokens beside the end, rows skipped in a success."""

import csv
import io
from datetime import UTC, datetime

import pytest

from qualify.adapters import NewProperty, Update
from qualify.adapters.making import NotMade
from qualify.adapters.marketo import MarketoAdapter
from qualify.errors import AdapterError
from tests.adapters.fake_crm import KINDS, Response, all_records, last_cursor, sample, trouble_of
from tests.adapters.fake_marketo import FakeMarketo


def bulk(name: str) -> list[dict[str, str]]:
    """The rows of a bulk extract."""
    return list(csv.DictReader(io.StringIO(sample("marketo", name))))


@pytest.fixture
def marketo(monkeypatch):
    with FakeMarketo(sample("marketo", "leads.json")) as fake:
        monkeypatch.setenv("MARKETO_CLIENT_ID", "client")
        monkeypatch.setenv("MARKETO_CLIENT_SECRET", "client-secret")
        yield fake


@pytest.fixture
def adapter():
    return MarketoAdapter()


@pytest.fixture
def connect(adapter, marketo):
    def connect(*more: str, **options: str):
        given = {"address": marketo.address, "timeout": "0.4", **options}
        return adapter.connect([*adapter.mapping.sources, *more], given)

    return connect


# The vendor's records


def test_every_lead_becomes_a_lead_by_rest_and_in_bulk(adapter):
    """One mapping reads typed JSON and a CSV in which everything is text."""
    rows = [*sample("marketo", "leads.json"), *sample("marketo", "lead_by_id.json")["result"]]
    rows += [row for page in sample("marketo", "leads_by_program.json")["responses"] for row in page["result"]]
    leads = [adapter.mapping.lead(row) for row in [*rows, *bulk("leads_bulk_extract.csv")]]

    assert len(leads) == len(rows) + 8
    assert (leads[0].id, leads[0].email) == ("103280", "JohnDoe_10093@tdtest.combo")
    assert (leads[1].email, leads[1].opted_out) == (None, None)  # an anonymous one, of which nothing was asked
    assert {lead.opted_out for lead in leads[-8:]} == {False}


def test_the_word_null_is_no_value(adapter):
    """A hundred cells of a row say it, and one would be somebody's name."""
    for row in bulk("leads_bulk_extract.csv"):
        assert "null" not in map(str, adapter.mapping.values(row).values())


def test_a_record_updated_before_it_was_created_is_read_as_it_is(adapter):
    """All eight are, by a second: nothing compares the two, and an update is nothing that a lead did."""
    row = bulk("leads_bulk_extract.csv")[0]
    values = adapter.mapping.values(row)

    assert row["updatedAt"] < row["createdAt"]
    assert (values["created_at"], values["last_activity_at"]) == (datetime(2017, 9, 8, 16, 39, 14, tzinfo=UTC), None)


def test_fields_named_like_a_company_that_hold_the_leads_own_id_are_not_read(adapter):
    """`contactCompany` is a number of Marketo's own."""
    row = bulk("leads_bulk_extract.csv")[0]

    assert row["contactCompany"] == row["id"]
    assert adapter.mapping.values(row)["company"] == "TD_TESTING"


def test_a_moment_in_any_zone_is_one(adapter):
    """Some are Z, some -08:00."""
    row = sample("marketo", "lead_by_id.json")["result"][0]

    assert adapter.mapping.values(row)["created_at"] == datetime(2015, 5, 2, 0, 47, 30, tzinfo=UTC)


def test_a_visit_has_its_page_from_a_list_of_names_and_values(adapter):
    """The name of a fact is data there; empty is missing."""
    row = sample("marketo", "activities.json")["result"][0]
    in_bulk = row | {"activityTypeId": "1", "attributes": '{"Webpage URL": "/munchkintest2.html", "Referrer URL": ""}'}

    for each in (row, in_bulk):
        lead, visit = adapter.mapping.activity(each, of="visits")
        assert (lead, visit["type"], visit["properties"]) == ("1", "page_view", {"page": "/munchkintest2.html"})


def test_what_marketo_did_is_no_activity_of_the_lead(adapter):
    """All twelve rows say that a lead was imported."""
    rows = bulk("activities_bulk_extract.csv")

    for source in adapter.mapping.activity_sources:
        assert [adapter.mapping.activity(row, of=source) for row in rows] == [None] * 12


def test_members_of_a_program_say_nothing_that_contradicts_itself(adapter):
    """One reached success and was only clicked, with no date of it: no property of it is mapped by default."""
    row = bulk("program_members_bulk_extract.csv")[2]

    assert (row["reachedSuccess"], row["reachedSuccessDate"], row["statusName"]) == ("1", "null", "03 Clicked")
    assert adapter.mapping.values(row)["created_at"] is not None


# Reading


def test_the_leads_of_a_list_are_read_page_by_page(connect, marketo):
    """The last page has no token."""
    assert [row["id"] for row in all_records(connect(list="7"))] == [row["id"] for row in marketo.records]


def test_what_changed_since_a_day_is_read_by_the_log_of_changes(connect, marketo):
    """There is no other way to ask for all; a lead that changed twice is looked up once a page."""
    marketo.changes = [103280, 103280, 103373, 103374, 103280]

    found = [row["id"] for row in all_records(connect(since="2026-01-01"))]

    assert found == [103280, 103373, 103374, 103280]


def test_a_token_beside_the_end_is_the_next_reads_cursor(connect, marketo):
    """Whoever follows it as a page reads for ever; whoever drops it begins anew."""
    marketo.changes = [103280, 103373, 103374]

    cursor = last_cursor(connect(since="2026-01-01"))
    asked = len(marketo.requests)
    marketo.changes.append(103375)

    assert cursor == "at-3"
    assert [row["id"] for row in all_records(connect(), cursor)] == [103375]
    assert len(marketo.requests) - asked == 4  # a token, the fields, the log, the lead


def test_an_empty_page_is_not_the_end(connect, marketo):
    """A log that is searched in portions has portions without anything."""
    marketo.changes, marketo.empty_pages = [103280], 2

    assert [row["id"] for row in all_records(connect(since="2026-01-01"))] == [103280]


def test_an_answer_without_result_is_an_empty_one(connect, marketo):
    """Success, and no rows: not even the key."""
    assert all_records(connect(since="2026-01-01")) == []
    assert "result" not in sample("marketo", "zero_records.json")


def test_a_whole_database_can_not_be_asked_for_and_the_error_says_what_can(connect):
    """It would come as nothing otherwise."""
    with pytest.raises(AdapterError, match=r"--option list=ID, or --option since=2026-01-01"):
        all_records(connect())


def test_options_are_checked_before_anything_is_asked(connect):
    """A list is a number, a day a day."""
    with pytest.raises(AdapterError, match="the id of a static list"):
        connect(list="Webinar")
    with pytest.raises(AdapterError, match="'since' is a day"):
        connect(since="last week")


def test_ids_and_fields_stand_in_no_address(connect, marketo):
    """Three hundred ids are too long for one, and addresses are logged."""
    marketo.changes = [103280]
    all_records(connect(since="2026-01-01"))

    lookup = next(each for each in marketo.requests if each.path == "/rest/v1/leads.json")
    assert lookup.query == {"_method": "GET"}
    assert lookup.form["filterValues"] == "103280"


def test_what_happened_is_read_since_a_day_where_somebody_says_which(connect, marketo):
    """Marketo keeps its log for a while only: since when it is read has to be said."""
    marketo.activities = sample("marketo", "activities.json")["result"] * 3

    assert connect().happenings([{"id": 1}]) is None
    assert [each.source for each in connect(activities="2026-01-01").happenings([{"id": 1}])] == ["visits"] * 3


# Writing


def test_a_row_that_was_skipped_in_a_success_is_told(connect, marketo):
    """Answers have no id of it: its place is the request's."""
    marketo.refusals["2"] = "1004"

    answers = connect().write([Update(each, {"qualifyStage": "mql"}) for each in ("1", "2", "3")])

    assert [answer.refused for answer in answers] == [None, "skipped: 1004: not found", None]
    assert marketo.written == [(each, {"id": int(each), "qualifyStage": "mql"}) for each in ("1", "3")]


def test_the_recorded_answers_are_read_as_they_are(connect, marketo, monkeypatch):
    """Two created, one skipped, in a success."""
    rows = iter(sample("marketo", "sync_leads_partial.json")["result"])
    monkeypatch.setattr(marketo, "_written", lambda row: next(rows))

    answers = connect().write([Update(each, {"qualifyStage": "mql"}) for each in ("50", "51", "52")])

    assert [answer.refused for answer in answers] == [None, None, "skipped: 1005: Lead already exists"]


def test_fields_of_every_kind_are_made_but_text_areas(connect, marketo):
    """Its API makes none, and a shorter text would cut the reason off in the middle."""
    wanted = [
        NewProperty("email", "E-mail", "text"),
        *(NewProperty(f"qualify{n}", f"Qualify: it's {n}", kind) for n, kind in enumerate(KINDS)),
    ]
    connection = connect()

    assert [each.name for each in connection.missing(wanted)] == [each.name for each in wanted[1:]]
    with pytest.raises(NotMade, match=r"made qualify0, .*, but not qualify1 \(a text area.*Field Management") as caught:
        connection.create(wanted)

    assert caught.value.left == ("qualify1",)
    assert [field["dataType"] for field in marketo.made.values()] == ["string", "float", "boolean", "date", "datetime"]
    assert marketo.made["qualify0"]["displayName"] == "Qualify it s 0"


def test_a_field_that_is_skipped_inside_a_success_is_told(connect, marketo):
    """As rows of leads are."""
    rows = [{"name": "qualifyStage", "status": "skipped", "reasons": [{"code": "1011", "message": "not now"}]}]
    marketo._make_fields = lambda body: marketo.result(rows)

    with pytest.raises(NotMade, match=r"qualifyStage \(skipped: 1011: not now\)"):
        connect().create([NewProperty("qualifyStage", "Stage", "text")])


# Trouble


def test_a_token_that_ran_out_is_renewed(connect, marketo):
    """Marketo says so with HTTP 200 and a code that is text."""
    connection = connect(list="7")
    all_records(connection)
    marketo.expire()

    assert len(all_records(connection)) == 4


@pytest.mark.parametrize(("code", "wait"), [("606", 20.0), ("615", 2.0), ("608", None), ("713", None)])
def test_codes_that_pass_are_trouble(connect, marketo, code, wait):
    """Its limit is a hundred calls in twenty seconds, and it never says Retry-After."""
    marketo.code = code

    assert trouble_of(lambda: all_records(connect(list="7"))).wait == wait


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("601", "the token is not taken"),
        ("603", "its user may not do this (603)"),
        ("607", "the day's quota of calls is used up (607)"),
        ("1006", "it has no such field (1006)"),
        ("999", "it refuses (999)"),
    ],
)
def test_codes_that_stay_are_errors_without_the_vendors_words(connect, marketo, code, told):
    """They may repeat what a lead says."""
    marketo.code = code

    with pytest.raises(AdapterError) as caught:
        all_records(connect(list="7"))

    assert told in str(caught.value)
    assert "private" not in repr(caught.value)


@pytest.mark.parametrize("name", ["error_response_level.json", "not_found.json"])
def test_the_recorded_errors_are_errors(connect, marketo, monkeypatch, name):
    """As the vendor really says it."""
    monkeypatch.setattr(marketo, "answer", lambda request: Response(sample("marketo", name)))

    with pytest.raises(AdapterError, match="marketo: GET"):
        all_records(connect(list="7"))


def test_a_secret_that_is_wrong_is_an_error_without_it(connect, monkeypatch):
    """The vendor's own word says what is wrong."""
    monkeypatch.setenv("MARKETO_CLIENT_SECRET", "private-secret")

    with pytest.raises(AdapterError, match=r"the token is not taken.*invalid_client") as caught:
        all_records(connect(list="7"))

    assert "private" not in repr(caught.value)
