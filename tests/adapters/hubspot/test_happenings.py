"""What happened with contacts: the rows that the adapter gives, and the activities that the mapping makes of them."""

import pytest

from qualify.adapters.hubspot import HubSpotAdapter
from qualify.errors import AdapterError, LeadError
from tests.adapters.hubspot.fake_hubspot import answers

COMPLETED = {"hs_timestamp": "2026-11-20T10:00:00Z", "hs_call_status": "COMPLETED"}
CONNECTED = "f240bbac-87c9-4f6e-bf70-924b57d47db7"


@pytest.fixture(scope="module")
def mapping():
    """How HubSpot's records are read."""
    return HubSpotAdapter().mapping


def happened(connection, mapping):
    """Each lead's activities, as a definition sees them: whose, what, when and what is said of it."""
    records = [record for page in connection.pages() for record in page.records]
    found = []
    for each in connection.happenings(records):
        for lead, activity in mapping.activities_of(each.row, of=each.source):
            found.append((lead, activity["type"], activity["at"].isoformat(), activity["properties"]))
    return sorted(found, key=str)


def test_a_call_is_an_activity_of_everybody_who_was_called(fake, connect, mapping):
    """One conversation with two people of a company is something that happened with both."""
    for contact in (fake.add(), fake.add()):
        fake.link("contacts", contact, "calls", "9")
    fake.add("calls", "9", **COMPLETED, hs_call_disposition=CONNECTED)

    assert happened(connect(), mapping) == [
        ("501", "call", "2026-11-20T10:00:00+00:00", {"result": "Connected"}),
        ("502", "call", "2026-11-20T10:00:00+00:00", {"result": "Connected"}),
    ]


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        ("calls", {"hs_timestamp": "2026-11-20T10:00:00Z", "hs_call_status": "NO_ANSWER"}),
        ("calls", {"hs_timestamp": "2026-11-20T10:00:00Z", "hs_call_status": None}),
        ("meetings", {"hs_timestamp": "2026-12-24T10:00:00Z", "hs_meeting_outcome": "SCHEDULED"}),
        ("meetings", {"hs_timestamp": "2026-11-20T10:00:00Z", "hs_meeting_outcome": "NO_SHOW"}),
        (
            "emails",
            {"hs_timestamp": "2026-11-20T10:00:00Z", "hs_email_status": "FAILED", "hs_email_direction": "EMAIL"},
        ),
        ("tasks", {"hs_timestamp": "2026-11-20T10:00:00Z", "hs_task_status": "NOT_STARTED"}),
        ("deals", {"dealstage": "appointmentscheduled", "closedate": None}),
        ("deals", {"dealstage": "qualifiedtobuy", "closedate": "2026-12-31T00:00:00Z"}),
    ],
)
def test_what_did_not_take_place_is_no_activity_and_no_fault(fake, connect, mapping, kind, properties):
    """A plan is nothing that happened, and a plan without a moment is no reason to refuse the lead."""
    fake.link("contacts", fake.add(), kind, "9")
    fake.add(kind, "9", **properties)

    assert happened(connect(), mapping) == []


@pytest.mark.parametrize(
    ("kind", "properties", "activity"),
    [
        (
            "meetings",
            {"hs_meeting_outcome": "COMPLETED", "hs_meeting_start_time": "2026-11-20T10:00:00Z"},
            ("501", "meeting", "2026-11-20T10:00:00+00:00", {"result": "Completed"}),
        ),
        (
            "emails",
            {"hs_email_status": "SENT", "hs_email_direction": "INCOMING_EMAIL", "hs_timestamp": "2026-11-20T10:00:00Z"},
            ("501", "email_received", "2026-11-20T10:00:00+00:00", {}),
        ),
        (
            "tasks",
            {
                "hs_task_status": "COMPLETED",
                "hs_timestamp": "2026-12-01T10:00:00Z",
                "hs_task_completion_date": "2026-11-20T10:00:00Z",
            },
            ("501", "task_done", "2026-11-20T10:00:00+00:00", {}),
        ),
        (
            "deals",
            {"dealstage": "closedwon", "closedate": "2026-11-20T10:00:00Z", "amount": "5000.00"},
            ("501", "won", "2026-11-20T10:00:00+00:00", {"amount": 5000}),
        ),
        (
            "deals",
            {"dealstage": "closedlost", "closedate": "2026-11-20T10:00:00Z", "closed_lost_reason": "no budget"},
            ("501", "lost", "2026-11-20T10:00:00+00:00", {"reason": "no budget"}),
        ),
    ],
)
def test_what_took_place_is_an_activity_of_its_type(fake, connect, mapping, kind, properties, activity):
    """Definitions count meetings, not 'engagements'."""
    fake.link("contacts", fake.add(), kind, "9")
    fake.add(kind, "9", **properties)

    assert happened(connect(), mapping) == [activity]


def test_a_deal_in_a_currency_without_a_rate_has_no_amount(fake, connect, mapping):
    """100,000 KES are not 100,000 USD."""
    fake.link("contacts", fake.add(), "deals", "9")
    closed = {"dealstage": "closedwon", "closedate": "2026-11-20T10:00:00Z"}
    fake.add("deals", "9", **closed, amount="100000", deal_currency_code="KES")

    assert happened(connect(), mapping) == [("501", "won", "2026-11-20T10:00:00+00:00", {})]


def test_forms_are_told_by_the_contacts_own_list_with_their_names(fake, connect, mapping):
    """A definition asks for the demo form, not for 591e2731; and only the last and the first stand in other properties."""
    fake.read_only["hs_calculated_form_submissions"] = True
    fake.forms = [{"id": f"form-{at}", "name": f"Form {at}"} for at in range(150)]
    fake.add(hs_calculated_form_submissions="form-149::1773300826615;gone::1773300826616")
    fake.add(hs_calculated_form_submissions=None)

    assert happened(connect(), mapping) == [
        ("501", "form_submit", "2026-03-12T07:33:46.615000+00:00", {"form": "Form 149"}),
        ("501", "form_submit", "2026-03-12T07:33:46.616000+00:00", {"form": "gone"}),
    ]


def test_the_place_of_the_next_page_of_forms_is_not_encoded_twice(fake, connect, mapping):
    """HubSpot gives it percent-encoded here, unlike elsewhere, and the client encodes what it is given."""
    fake.read_only["hs_calculated_form_submissions"] = True
    fake.forms = [{"id": f"form-{at}", "name": f"Form {at}"} for at in range(250)]
    fake.add(hs_calculated_form_submissions="form-249::1773300826615")

    happened(connect(), mapping)

    assert [each.query.get("after") for each in fake.asked if "forms" in each.path] == [None, ["100=="], ["200=="]]


def test_a_submission_without_a_moment_is_refused_with_the_reason(fake, connect, mapping):
    """It happened, nobody knows when: counting it is wrong, and leaving it out without a word too."""
    fake.read_only["hs_calculated_form_submissions"] = True
    fake.add(hs_calculated_form_submissions="form-1")

    with pytest.raises(LeadError, match="lead 501: activities: at: expected a date with a time"):
        happened(connect(), mapping)


def test_page_views_are_read_of_those_alone_who_have_any(fake, connect, mapping):
    """Each contact costs a request: most have never been on the pages."""
    fake.read_only["hs_analytics_num_page_views"] = True
    for views in ("3", "0", None):
        fake.add(hs_analytics_num_page_views=views)
    for at, page in enumerate(["https://a.example/pricing", ""]):
        properties = {"hs_url": page, "hs_referrer": ""}
        fake.events.append({
            "objectType": "CONTACT", "objectId": "501", "eventType": "e_visited_page", "id": str(at),
            "occurredAt": f"2026-11-20T10:0{at}:00.075Z", "properties": properties,
        })  # fmt: skip

    assert happened(connect(activities="page_views"), mapping) == [
        ("501", "page_view", "2026-11-20T10:00:00.075000+00:00", {"page": "https://a.example/pricing"}),
        ("501", "page_view", "2026-11-20T10:01:00.075000+00:00", {}),
    ]
    assert len(fake.paths("events")) == 1


def test_many_engagements_of_one_contact_are_read_to_the_last(fake, connect, mapping):
    """HubSpot gives associations in pages too: the five hundredth mail is not the last."""
    contact = fake.add()
    for at in range(1100):
        fake.link("contacts", contact, "calls", fake.add("calls", str(90_000 + at), **COMPLETED))

    assert len(happened(connect(activities="calls"), mapping)) == 1100


def test_who_asks_for_no_activities_hears_that_they_are_not_known(fake, connect):
    """Nothing would be zero visits, a fact; and nobody counted."""
    fake.add()

    assert connect(activities="none").happenings([]) is None
    assert list(connect(activities="calls").happenings([])) == []


def test_a_kind_that_is_not_there_is_named_with_the_nearest():
    """Options come from a command line."""
    from qualify.adapters.hubspot.happened import kinds_in

    with pytest.raises(AdapterError, match="knows no 'call'; did you mean 'calls'"):
        kinds_in("call, forms")
    with pytest.raises(AdapterError, match="knows no 'xyz'; there are calls, "):
        kinds_in("xyz")


def test_a_token_that_may_not_read_one_kind_says_which_right_is_missing(fake, connect):
    """Else calls would be zero for everybody, and every lead that was called would look forgotten."""
    fake.link("contacts", fake.add(), "calls", "9")
    scopes = {"context": {"requiredGranularScopes": ["crm.objects.contacts.read", "Ada Secret <ada@secret.example>"]}}
    body = {"status": "error", "message": "no", "category": "MISSING_SCOPES", "errors": [scopes]}
    fake.fail("calls", answers(403, body))

    with pytest.raises(AdapterError) as why:
        list(connect().happenings([{"id": "501"}]))

    assert "(403), for the calls of contacts: give its app one of the scopes crm.objects.contacts.read" in str(
        why.value
    )
    assert "secret" not in str(why.value)
