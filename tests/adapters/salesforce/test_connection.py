"""Salesforce over the wire, through its client: pages, changes since, what happened, updates, and all that goes wrong."""

import logging
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from qualify.adapters import ConnectionTrouble, NewProperty, Update
from qualify.adapters.making import NotMade
from qualify.adapters.salesforce import SalesforceAdapter
from qualify.errors import AdapterError
from tests.adapters.fake_crm import KINDS, Response, all_records, last_cursor, trouble_of

FIRST = datetime(2026, 5, 1, 7, 25, 37, tzinfo=UTC)


def ident(prefix, number):
    return f"{prefix}{number:012}AAA"


def stamp(minutes):
    return (FIRST + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def lead(number, *, at=None, **columns):
    moment = stamp(number if at is None else at)
    return {"Id": ident("00Q", number), "SystemModstamp": moment, "IsConverted": False,
            "Email": f"private{number}@lead.example", "HasOptedOutOfEmail": False, **columns}  # fmt: skip


def contact(number, **columns):
    return {"Id": ident("003", number), "SystemModstamp": stamp(number), "Email": f"c{number}@x.example", **columns}


def ids(records):
    return [record["Id"] for record in records]


# Reading


def test_pages_are_followed_to_the_last_and_each_tells_where_to_go_on(salesforce, connect):
    """Killed after any page, the next read goes on behind it: no lead is missed and few come twice."""
    salesforce.tables["Lead"] = [lead(number) for number in range(8)]

    pages = list(connect().pages())

    assert [len(page.records) for page in pages] == [3, 3, 2]
    assert {page.total for page in pages} == {8}
    for at, page in enumerate(pages):
        rest = ids(all_records(connect(), page.cursor))
        assert rest == [ident("00Q", number) for number in range(3 * (at + 1), 8)]


def test_done_beside_a_next_page_is_followed(salesforce, connect):
    """`done: true` stands beside nextRecordsUrl in real answers; the client's own iterator stops there."""
    salesforce.tables["Lead"] = [lead(number) for number in range(8)]
    salesforce.says_done = True

    assert len(all_records(connect())) == 8


def test_a_next_page_that_is_gone_is_no_loss_where_all_was_read(salesforce, connect):
    """Where `done: true` was true after all, its address leads nowhere."""
    salesforce.tables["Lead"] = [lead(number) for number in range(3)]
    real = salesforce._page

    def with_an_address_too_many(locator):
        response = real(locator)
        if locator.endswith("-9"):
            salesforce.lost.add(locator)
            return real(locator)
        response.data["nextRecordsUrl"] = f"/services/data/v60.0/query/{locator.partition('-')[0]}-9"
        return response

    salesforce._page = with_an_address_too_many

    assert len(all_records(connect())) == 3


def test_a_page_that_comes_again_and_again_is_an_error_and_no_endless_read(salesforce, connect):
    """A broken proxy may answer the same page for ever; nothing may be taken as read that wasn't."""
    salesforce.tables["Lead"] = [lead(number) for number in range(8)]
    salesforce.repeats = True

    with pytest.raises(AdapterError, match="no new address"):
        all_records(connect())


def test_a_read_that_lost_its_place_asks_anew_from_where_it_was(salesforce, connect):
    """Query locators live for two days; a sync that slept longer goes on without a gap."""
    salesforce.tables["Lead"] = [lead(number) for number in range(8)]
    pages = connect().pages()
    first = next(pages)
    salesforce.lost.add("01g000000000000000-3")

    with pytest.raises(ConnectionTrouble):
        next(pages)

    assert ids(first.records) + [each for page in pages for each in ids(page.records)] == [
        ident("00Q", number) for number in range(8)
    ]


def test_records_of_one_moment_are_told_apart_by_their_ids(salesforce, connect):
    """A data load stamps thousands alike: a cursor of the moment alone would miss some or read all for ever."""
    salesforce.tables["Lead"] = [lead(number, at=0) for number in range(8)]
    pages = list(connect().pages())

    assert ids(all_records(connect(), pages[0].cursor)) == [ident("00Q", number) for number in range(3, 8)]
    assert all_records(connect(), pages[-1].cursor) == []


def test_only_what_changed_is_read_the_next_time(salesforce, connect):
    """An hourly sync of a million leads asks for the few that moved."""
    salesforce.tables["Lead"] = [lead(number) for number in range(8)]
    cursor = last_cursor(connect())
    salesforce.tables["Lead"][2]["SystemModstamp"] = stamp(60)
    salesforce.tables["Lead"].append(lead(9, at=61))

    assert ids(all_records(connect(), cursor)) == [ident("00Q", 2), ident("00Q", 9)]


def test_what_changed_a_moment_ago_is_read_again(salesforce, connect):
    """A long transaction commits late what it stamped before: so the cursor never stands closer than that to now."""
    recent = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    salesforce.tables["Lead"] = [lead(1), lead(2, SystemModstamp=recent)]
    cursor = last_cursor(connect())
    salesforce.tables["Lead"].append(lead(0, SystemModstamp=recent))

    assert ident("00Q", 0) in ids(all_records(connect(), cursor))


def test_a_lead_to_whom_something_happened_counts_as_changed(salesforce, connect):
    """A call that is logged leaves the lead's own moment of change as it was."""
    salesforce.tables["Lead"] = [lead(number) for number in range(8)]
    cursor = last_cursor(connect())
    salesforce.tables["Task"] = [{"Id": ident("00T", 1), "WhoId": ident("00Q", 4), "SystemModstamp": stamp(90)}]
    salesforce.tables["CampaignMember"] = [{"Id": "00v1", "LeadId": ident("00Q", 1), "SystemModstamp": stamp(90)}]

    pages = list(connect().pages(cursor))

    assert [each for page in pages for each in ids(page.records)] == [ident("00Q", 1), ident("00Q", 4)]
    assert pages[0].cursor == cursor


def test_a_contact_whose_account_changed_counts_as_changed(salesforce, connect):
    """Half of what a definition asks of a contact stands on its account."""
    account = {"Id": ident("001", 1), "Name": "Acme", "Type": "Prospect", "SystemModstamp": stamp(0)}
    salesforce.tables["Contact"] = [contact(1, Account=account), contact(2, Account=None)]
    cursor = last_cursor(connect(object="Contact"))
    account |= {"Name": "Acme Ltd", "SystemModstamp": stamp(90)}

    (changed,) = all_records(connect(object="Contact"), cursor)

    assert changed["Account"]["Name"] == "Acme Ltd"
    assert SalesforceAdapter().mapping.lead(changed).company == "Acme Ltd"


def test_converted_leads_are_read_only_where_that_is_asked_for(salesforce, connect):
    """They live on as contacts, and Salesforce refuses every update of them."""
    salesforce.tables["Lead"] = [lead(1), lead(2, IsConverted=True)]

    assert ids(all_records(connect())) == [ident("00Q", 1)]
    assert len(all_records(connect(converted="yes"))) == 2


def test_a_condition_of_ones_own_narrows_what_is_read(salesforce, connect):
    """A pilot begins with some of the leads."""
    salesforce.tables["Lead"] = [lead(1, Rating="Hot"), lead(2, Rating="Cold")]

    assert ids(all_records(connect(where="Rating = 'Hot' OR Rating = 'Warm'"))) == [ident("00Q", 1)]


def test_a_column_that_this_salesforce_lacks_is_left_out_where_our_mapping_asked(salesforce, connect):
    """CountryCode is there only where it is switched on; its absence must not stop a sync."""
    salesforce.tables["Lead"] = [lead(1)]
    del salesforce.columns["Lead"]["HasOptedOutOfEmail"]

    (record,) = all_records(connect())

    assert "HasOptedOutOfEmail" not in record
    assert SalesforceAdapter().mapping.lead(record).opted_out is None


def test_a_column_of_ones_own_that_is_not_there_is_named(salesforce, connect):
    """A misspelled custom field would otherwise be unknown for ever, without a word."""
    with pytest.raises(AdapterError, match=r"Lead has no 'Ratings'.*did you mean 'Rating'"):
        all_records(connect("Ratings"))


@pytest.mark.parametrize(
    "cursor", ["", "yesterday", "2026-13-01T00:00:00.000Z", "2026-05-01T07:25:37.000Z x' OR Id != '"]
)
def test_a_cursor_of_somebody_else_is_refused(connect, cursor):
    """A state file of another adapter, or an edited one, must not become a query."""
    with pytest.raises(AdapterError, match="can't go on from this cursor"):
        connect().pages(cursor)


# The Bulk API


def test_a_bulk_read_gives_the_same_records_and_a_cursor_at_its_end(salesforce, connect):
    """CSV has texts alone; a rule must not see another lead because it came by another road."""
    account = {"Id": ident("001", 1), "Name": "Acme", "NumberOfEmployees": 25, "SystemModstamp": stamp(0)}
    salesforce.tables["Contact"] = [
        contact(1, Account=account, HasOptedOutOfEmail=True, Title='VP, "Print"\nEurope'),
        *(contact(number, Account=None, HasOptedOutOfEmail=False) for number in range(2, 9)),
    ]
    by_query = all_records(connect(object="Contact"))

    pages = list(connect(object="Contact", bulk="yes").pages())

    by_bulk = [dict(record) for page in pages for record in page.records]
    assert by_bulk == [{key: value for key, value in each.items() if key != "attributes"} for each in by_query]
    assert [page.cursor is None for page in pages] == [True, True, False]
    assert [page.total for page in pages] == [8, 8, 8]


def test_what_changes_during_a_bulk_read_is_read_the_next_time(salesforce, connect):
    """A job may take an hour: its cursor is the moment before it began."""
    salesforce.tables["Lead"] = [lead(number) for number in range(8)]
    pages = connect(bulk="yes").pages()
    next(pages)
    salesforce.tables["Lead"][0]["SystemModstamp"] = stamp(60)

    *_, last = pages

    assert ident("00Q", 0) in ids(all_records(connect(), last.cursor))


def test_a_bulk_read_goes_on_after_trouble(salesforce, connect):
    """The job is there still: it isn't begun again for one lost page."""
    salesforce.tables["Lead"] = [lead(number) for number in range(8)]
    pages = connect(bulk="yes").pages()
    found = ids(next(pages).records)
    salesforce.troubles += ["cut", "fail"]
    for _ in range(2):
        assert trouble_of(lambda: next(pages))

    found += [each for page in pages for each in ids(page.records)]

    assert found == [ident("00Q", number) for number in range(8)]
    assert len(salesforce.jobs) == 1


def test_a_bulk_page_that_repeats_is_an_error(salesforce, connect):
    """Nothing is skipped, and nothing is read for ever."""
    salesforce.tables["Lead"] = [lead(number) for number in range(8)]
    salesforce.repeats = True

    with pytest.raises(AdapterError, match="same page"):
        all_records(connect(bulk="yes"))


def test_updates_by_the_bulk_api_tell_which_rows_were_refused(salesforce, connect):
    """The job says JobComplete with failed rows in it; the failed row's own id column is empty."""
    salesforce.tables["Lead"] = [lead(number, Rating="Hot") for number in range(3)]
    salesforce.refusals[ident("00Q", 1)] = "a rule of ours"

    answers = connect(bulk="yes").write(
        [
            Update(ident("00Q", 0), {"Qualify_Stage__c": "mql"}),
            Update(ident("00Q", 1), {"Qualify_Stage__c": "sql"}),
            Update(ident("00Q", 2), {"Qualify_Stage__c": None, "Qualify_Score_fit__c": Decimal("12.5")}),
        ]
    )

    assert [each.refused is None for each in answers] == [True, False, True]
    assert "a rule of ours" in answers[1].refused
    assert salesforce.tables["Lead"][2]["Qualify_Stage__c"] is None
    assert salesforce.tables["Lead"][2]["Qualify_Score_fit__c"] == "12.5"
    assert "Qualify_Score_fit__c" not in salesforce.tables["Lead"][0]


# What happened


def test_tasks_events_and_campaigns_of_a_page_come_under_their_names(salesforce, connect):
    """Each is read by its own table of the mapping."""
    whose = ident("00Q", 1)
    salesforce.tables["Lead"] = [lead(1), lead(2)]
    done = {"Status": "Completed", "TaskSubtype": "Call", "ActivityDate": "2026-11-02", "SystemModstamp": stamp(0)}
    salesforce.tables["Task"] = [{"Id": ident("00T", n), "WhoId": whose, **done} for n in range(5)]
    salesforce.tables["Event"] = [{"Id": ident("00U", 1), "WhoId": whose, "IsChild": False, "SystemModstamp": stamp(0),
                                   "StartDateTime": stamp(5)}]  # fmt: skip
    salesforce.tables["CampaignMember"] = [{"Id": ident("00v", 1), "LeadId": whose, "Status": "Attended",
                                            "FirstRespondedDate": "2026-11-02", "Campaign": {"Name": "Fair"},
                                            "SystemModstamp": stamp(0)}]  # fmt: skip
    connection, mapping = connect(), SalesforceAdapter().mapping

    happened = connection.happenings(all_records(connection))

    said = [each for row in happened for each in mapping.activities_of(row.row, of=row.source)]
    assert [(name, each["type"]) for name, each in said] == [
        *[(whose, "call")] * 5, (whose, "meeting"), (whose, "event_attended"),
    ]  # fmt: skip
    assert said[-1][1]["properties"]["event"] == "Fair"


def test_what_this_user_may_not_see_is_not_told_as_nothing(salesforce, connect):
    """Without access to tasks, no calls means nothing: a rule that counts them stays unknown."""
    salesforce.tables["Lead"] = [lead(1)]
    del salesforce.columns["Task"]

    assert connect().happenings([lead(1)]) is None
    assert ids(all_records(connect(), "2026-05-01T00:00:00.000Z")) == [ident("00Q", 1)]


def test_many_leads_are_asked_about_in_addresses_that_are_not_too_long(salesforce, connect):
    """A query travels in an address of at most 16,000 characters."""
    connect().happenings([lead(number) for number in range(700)])

    from urllib.parse import quote

    asked = [soql for soql in salesforce.soql if "FROM Task" in soql]
    assert len(asked) == 3
    assert all(len(quote(soql)) < 15_000 for soql in asked)


# Writing


def test_each_row_of_an_answer_of_success_is_looked_at(salesforce, connect):
    """HTTP 200 with `success: false` inside: one refused record is told, and the others are written."""
    salesforce.tables["Lead"] = [lead(1), lead(2)]
    salesforce.refusals[ident("00Q", 1)] = "Stage can't be mql"
    updates = [Update(ident("00Q", number), {"Qualify_Stage__c": "mql"}) for number in (1, 2, 3)]

    answers = connect().write(updates)

    assert [answer.id for answer in answers] == [update.id for update in updates]
    assert answers[0].refused == "FIELD_CUSTOM_VALIDATION_EXCEPTION: Stage can't be mql"
    assert answers[1].refused is None
    assert answers[2].refused.startswith("ENTITY_IS_DELETED")
    assert salesforce.written == [(ident("00Q", 2), {"Qualify_Stage__c": "mql"})]
    assert "mql" not in repr(answers) + repr(updates)


def test_a_locked_row_is_tried_once_more(salesforce, connect):
    """Somebody has the record open for a second: that is no refusal."""
    salesforce.tables["Lead"] = [lead(1), lead(2)]
    salesforce.locked.add(ident("00Q", 2))

    answers = connect().write([Update(ident("00Q", n), {"Qualify_Stage__c": "mql"}) for n in (1, 2)])

    assert [answer.refused for answer in answers] == [None, None]


def test_writing_twice_leaves_what_writing_once_did(salesforce, connect):
    """An answer that is lost on the way makes the same batch come again."""
    salesforce.tables["Lead"] = [lead(1)]
    update, connection = (
        Update(ident("00Q", 1), {"Qualify_Stage__c": "mql", "Qualify_Score_fit__c": Decimal(7)}),
        connect(),
    )
    connection.write([update])
    once = dict(salesforce.tables["Lead"][0])

    connection.write([update])

    assert salesforce.tables["Lead"][0] == once
    assert once["Qualify_Score_fit__c"] == 7


def test_an_answer_with_fewer_rows_is_taken_for_none(salesforce, connect):
    """Rows have no ids: with one missing, nobody knows whose result is whose."""
    salesforce.tables["Lead"] = [lead(1), lead(2)]
    salesforce._update = lambda row: None
    real = salesforce.answer

    def short(request):
        response = real(request)
        if "composite" in request.path:
            response.data.pop()
        return response

    salesforce.answer = short

    with pytest.raises(AdapterError, match="another number of results"):
        connect().write([Update(ident("00Q", n), {"Qualify_Stage__c": "mql"}) for n in (1, 2)])


WANTED = [NewProperty("Qualify_Stage__c", "Stage", "text"), NewProperty("Qualify_Grade__c", "Grade", "text")]


def test_fields_of_every_kind_are_made_and_let_edit(salesforce, connect):
    """A permission set that this user has lets it see what it made: nobody else could, and nor could it."""
    more = [
        NewProperty(f"Qualify_{n}__c", f"Qualify: {n} {'x' * 40}", kind, "About it.") for n, kind in enumerate(KINDS)
    ]
    connection = connect(permission_set="Qualify")

    assert [each.name for each in connection.missing(WANTED)] == ["Qualify_Grade__c"]
    connection.create([*WANTED, *more])

    assert list(salesforce.made) == ["Lead.Qualify_Grade__c", *(f"Lead.Qualify_{n}__c" for n in range(6))]
    assert [each["type"] for each in salesforce.made.values()] == [
        "Text", "Text", "LongTextArea", "Number", "Checkbox", "Date", "DateTime",
    ]  # fmt: skip
    assert connection.missing([*WANTED, *more]) == []
    connection.create([*WANTED, *more])


@pytest.mark.parametrize("options", [{}, {"permission_set": "Others"}])
def test_fields_that_are_made_and_not_seen_are_told_and_never_made_twice(salesforce, connect, options):
    """Salesforce hides a new field from everybody, its maker included: a person has to let this user edit it."""
    connection = connect(**options)

    for _ in range(2):
        with pytest.raises(NotMade, match=r"Qualify_Grade__c \(it is there, but .*Set Field-Level Security") as caught:
            connection.create(WANTED)

    assert caught.value.left == ("Qualify_Grade__c",)
    assert list(salesforce.made) == ["Lead.Qualify_Grade__c"]

    salesforce.columns["Lead"]["Qualify_Grade__c"] = {"type": "string", "updateable": True}
    connection.create(WANTED)


def test_a_field_that_is_refused_is_told_with_salesforces_words(salesforce, connect):
    """An administrator has to be asked, and wants to know what for."""
    salesforce.may_make_fields = False

    with pytest.raises(NotMade, match=r"salesforce did not make Qualify_Grade__c \(INSUFFICIENT_ACCESS: insuff"):
        connect().create(WANTED)
    salesforce.may_make_fields = True
    with pytest.raises(NotMade, match=r"Qualify_Grade \(FIELD_INTEGRITY_EXCEPTION: .*ends in __c\)"):
        connect(permission_set="Qualify").create([*WANTED, NewProperty("Qualify_Grade", "Grade", "text")])

    assert list(salesforce.made) == ["Lead.Qualify_Grade__c"]


def test_an_answer_to_a_new_field_that_is_lost_makes_none_twice(salesforce, connect):
    """The field was made, and nobody heard of it."""
    salesforce.loses_an_answer = True
    connection = connect(permission_set="Qualify")

    trouble_of(lambda: connection.create(WANTED))
    connection.create(WANTED)

    assert list(salesforce.made) == ["Lead.Qualify_Grade__c"]


def test_a_permission_set_that_is_not_there_is_named(connect):
    """Its label is not its API name; and the name goes into a query."""
    with pytest.raises(AdapterError, match="has no permission set 'Qualifyers'"):
        connect(permission_set="Qualifyers").create(WANTED)
    with pytest.raises(AdapterError, match="option 'permission_set' is an API name"):
        connect(permission_set="Q' OR Name != '")


def test_a_missing_field_does_not_stop_the_read_that_tells_what_it_would_write(salesforce, connect):
    """`--dry-run` is for before the fields are made."""
    salesforce.tables["Lead"] = [lead(1)]
    connection = connect("Qualify_Grade__c")
    connection.missing(WANTED)

    assert len(all_records(connection)) == 1


def test_a_field_that_only_can_be_read_is_named_before_anything_is_written(salesforce, connect):
    """A formula, or a field that this profile may only read: else every record would be refused one by one."""
    salesforce.columns["Lead"]["Qualify_Stage__c"] = {"type": "string", "updateable": False, "calculated": True}

    with pytest.raises(AdapterError, match="Qualify_Stage__c of Lead can't be written to"):
        connect().missing(WANTED)


def test_another_records_column_is_no_target(connect):
    """An account belongs to many people: one contact's verdict has no place there."""
    with pytest.raises(AdapterError, match=r"Account\.Rating"):
        connect().missing([NewProperty("Rating", "Rating", "text", path="Account.Rating")])


# What goes wrong


@pytest.mark.parametrize("trouble", ["throttle", "fail", "cut", "html"])
def test_what_may_pass_is_told_as_trouble_and_the_read_goes_on_after_it(salesforce, connect, trouble):
    """The same iterator, asked again, misses nothing."""
    salesforce.tables["Lead"] = [lead(number) for number in range(8)]
    pages = connect().pages()
    found = ids(next(pages).records)
    salesforce.troubles.append(trouble)

    told = trouble_of(lambda: next(pages))

    assert told.wait == (7.0 if trouble == "throttle" else None)
    assert found + [each for page in pages for each in ids(page.records)] == [ident("00Q", n) for n in range(8)]


@pytest.mark.parametrize("trouble", ["throttle", "fail", "cut", "html", "expire"])
def test_no_error_and_no_log_holds_a_value_or_a_token(salesforce, connect, trouble, caplog):
    """The client's own errors hold the address, the query and the answer; logs are read by many."""
    salesforce.tables["Lead"] = [lead(1)]
    salesforce.troubles.append(trouble)

    with caplog.at_level(logging.DEBUG), pytest.raises(AdapterError) as told:
        all_records(connect())

    shown = f"{told.value!r} {told.value} {told.value.__cause__} {caplog.text} {connect()!r}"
    assert not any(secret in shown for secret in ("private", "token-"))


def test_a_token_that_expired_says_where_to_put_a_new_one(salesforce, connect):
    """A token can't renew itself: whoever runs the sync has to act."""
    salesforce.expire()

    with pytest.raises(AdapterError, match="SALESFORCE_ACCESS_TOKEN") as told:
        all_records(connect())

    assert not isinstance(told.value, ConnectionTrouble)


def test_the_limit_of_a_day_is_no_trouble_of_a_minute(salesforce, connect):
    """Trying again for ten minutes would only use up tomorrow's."""
    salesforce.daily_limit = True

    with pytest.raises(AdapterError, match="24 hours") as told:
        all_records(connect())

    assert not isinstance(told.value, ConnectionTrouble)


def test_a_salesforce_that_is_not_there_is_trouble(salesforce, connect, monkeypatch):
    """A network that is away comes back."""
    monkeypatch.setenv("SALESFORCE_INSTANCE_URL", "https://127.0.0.1:9")

    assert "can't be reached" in str(trouble_of(lambda: all_records(connect())))


@pytest.fixture
def user(salesforce, monkeypatch, to_salesforce):
    """A user's name and password in place of a token: the log-in goes to login.salesforce.com, which is on loopback."""
    for name in SalesforceAdapter().secrets:
        monkeypatch.delenv(name, raising=False)
    for name in ("SALESFORCE_USERNAME", "SALESFORCE_PASSWORD", "SALESFORCE_TOKEN"):
        monkeypatch.setenv(name, f"secret of {name}")
    monkeypatch.setenv("HTTPS_PROXY", to_salesforce)


@pytest.mark.usefixtures("user")
def test_a_session_that_ends_is_renewed_where_it_can_be(salesforce, connect):
    """A read of an hour outlives its session."""
    salesforce.tables["Lead"] = [lead(number) for number in range(8)]
    pages = connect().pages()
    found = ids(next(pages).records)
    salesforce.expire()

    found += [each for page in pages for each in ids(page.records)]

    assert found == [ident("00Q", number) for number in range(8)]


@pytest.mark.usefixtures("user")
def test_a_session_that_ends_in_a_bulk_read_is_trouble_that_passes(salesforce, connect):
    """There the client doesn't renew it by itself: the next try logs in again."""
    salesforce.tables["Lead"] = [lead(number) for number in range(8)]
    pages = connect(bulk="yes").pages()
    found = ids(next(pages).records)
    salesforce.expire()
    assert trouble_of(lambda: next(pages)).wait == 0.0

    found += [each for page in pages for each in ids(page.records)]

    assert found == [ident("00Q", number) for number in range(8)]


@pytest.mark.usefixtures("user")
def test_a_log_in_that_is_refused_is_told_without_what_was_sent(salesforce, connect):
    """The client's own error repeats the vendor's answer, and an answer may repeat anything."""
    salesforce.refuses_log_in = True

    with pytest.raises(AdapterError, match="refuses to log us in") as told:
        all_records(connect())

    assert "secret" not in str(told.value)
    assert not isinstance(told.value, ConnectionTrouble)


def test_an_address_that_is_no_salesforce_is_told(salesforce, connect):
    """A typing error in the address meets some other web site."""
    salesforce.answer = lambda request: Response(text="<html>private</html>", status=404)

    with pytest.raises(AdapterError, match="check SALESFORCE_INSTANCE_URL") as told:
        all_records(connect())

    assert not isinstance(told.value, ConnectionTrouble)


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "SALESFORCE_ACCESS_TOKEN isn't set"),
        ({"SALESFORCE_ACCESS_TOKEN": "secret"}, "SALESFORCE_INSTANCE_URL isn't set"),
        ({"SALESFORCE_USERNAME": "a", "SALESFORCE_PASSWORD": "secret"}, "SALESFORCE_TOKEN isn't set"),
        ({"SALESFORCE_ACCESS_TOKEN": "secret", "SALESFORCE_INSTANCE_URL": "acme.my.salesforce.com"}, "https://"),
    ],
)
def test_a_secret_that_is_not_set_is_named_and_none_is_shown(monkeypatch, environment, said):
    """The first thing that everybody meets."""
    for name in SalesforceAdapter().secrets:
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(AdapterError, match=said) as told:
        SalesforceAdapter().connect(["Email"])

    assert "secret" not in str(told.value)


@pytest.mark.parametrize(
    "options",
    [
        {"objects": "Lead"},
        {"object": "Account"},
        {"bulk": "perhaps"},
        {"overlap": "soon"},
        {"converted": "1"},
        {"domain": "evil.example/#"},
        {"version": "new"},
    ],
)
def test_a_wrong_option_is_refused(salesforce, connect, options):
    """An option that is passed over would read other records than were meant."""
    with pytest.raises(AdapterError, match="option"):
        connect(**options)
