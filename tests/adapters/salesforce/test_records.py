"""Salesforce's real records: each becomes a lead, and what they do is read as it is meant."""

import pytest

from qualify.adapters.salesforce import SalesforceAdapter
from qualify.adapters.salesforce.ids import record_id
from qualify.errors import LeadError
from qualify.values import Unreadable
from tests.adapters.fake_crm import sample

MAPPING = SalesforceAdapter().mapping
FILES = ("leads_query.json", "leads_tree.json", "contacts_query.json")


def by_id(file):
    return {MAPPING.values(record)["id"]: record for record in sample("salesforce", file)["records"]}


def named(file, key, value):
    return next(record for record in sample("salesforce", file)["records"] if record.get(key) == value)


@pytest.mark.parametrize("file", FILES)
def test_every_real_record_becomes_a_lead(file):
    """Nobody is lost on the way, however sparse the record is."""
    records = sample("salesforce", file)["records"]

    leads = [MAPPING.lead(record) for record in records]

    assert len(leads) == len(records) > 0
    assert [lead.first_name for lead in leads] == [record["FirstName"] for record in records]


@pytest.mark.parametrize(
    "file", ["accounts_query_page1.json", "opportunities_query.json", "opportunity_with_account.json"]
)
def test_a_record_of_another_table_is_refused_by_its_id(file):
    """An account or an opportunity is no person; a verdict of one must not be made."""
    for record in sample("salesforce", file)["records"]:
        with pytest.raises(LeadError, match=r"id: expected the id of a Salesforce lead \(00Q\.\.\.\) or contact"):
            MAPPING.lead(record)


def test_a_change_event_has_no_id_to_write_to():
    """It carries what changed and the ids of records beside it: no lead is made of it that anybody could write to."""
    assert MAPPING.lead(sample("salesforce", "change_event_lead.json")).id is None


def test_what_real_records_say_is_read_or_left_on_purpose():
    """A property that nobody looked at may be the one that says no."""
    unread = {
        name for file in FILES for record in sample("salesforce", file)["records"]
        for name in MAPPING.unused(record) if not name.startswith("attributes")
    }  # fmt: skip

    assert unread == {
        "AccountId", "Address.geocodeAccuracy", "Address.latitude", "Address.longitude", "Address.postalCode",
        "Address.street", "CleanStatus", "CurrentGenerators__c", "Fax", "IsConverted", "IsUnreadByOwner",
        "MailingPostalCode", "MailingStreet", "NumberofLocations__c", "PostalCode", "Primary__c", "ProductInterest__c",
        "Rating", "SICCode__c", "Salutation", "Street", "SystemModstamp",
    }  # fmt: skip


def test_an_account_tells_its_place_and_size():
    """Accounts are joined under `Account`; one that comes alone isn't a person, and isn't refused either."""
    account = sample("salesforce", "account.json")

    lead = MAPPING.lead({"Id": "003dM00001vWOXJQA4", "Account": account})

    assert (lead.company, lead.domain, lead.industry, lead.employees) == ("Edge Communications", "edgecomm.com",
                                                                         "Electronics", 1000)  # fmt: skip
    assert (lead.country, lead.region, lead.city, lead.customer) == ("US", "TX", "Austin", True)


def test_a_record_without_an_id_has_it_in_its_address():
    """A query that didn't ask for Id tells it in attributes.url alone; without it nothing could be written back."""
    leads = [MAPPING.lead(record) for record in sample("salesforce", "leads_query.json")["records"]]

    assert leads[0].id == "00Qak00000696HFEAY"
    assert all(lead.id and lead.id.startswith("00Q") for lead in leads)


def test_an_export_without_ids_gives_leads_without_ids():
    """A tree export has reference names, which no Salesforce knows: an id must not be made up."""
    assert {MAPPING.lead(record).id for record in sample("salesforce", "leads_tree.json")["records"]} == {None}


def test_a_short_id_is_the_same_record_as_the_long_one():
    """Reports export 15 characters, the API 18: one lead must not become two."""
    assert record_id("00Qak00000696HF") == "00Qak00000696HFEAY"
    assert record_id("003dM00001vWOXJ") == "003dM00001vWOXJQA4"


@pytest.mark.parametrize(
    "value", ["0031", "", "00Qak0000069-HFE", 31, None, "https://acme.example/leads/", "001dM00003jU9GxQAK"]
)
def test_what_is_no_id_is_refused_without_being_shown(value):
    """An update to a wrong id would write to somebody else."""
    with pytest.raises(Unreadable):
        record_id(value)


def test_an_absent_opt_out_is_unknown_and_a_false_one_is_no():
    """HasOptedOutOfEmail is never null: where it is missing, this user may not see it, and nobody may be mailed."""
    assert MAPPING.lead({"Id": "00Qak00000696HFEAY"}).opted_out is None
    assert MAPPING.lead({"Id": "00Qak00000696HFEAY", "HasOptedOutOfEmail": False}).opted_out is False
    assert MAPPING.lead({"Id": "00Qak00000696HFEAY", "HasOptedOutOfEmail": True}).opted_out is True


def test_a_bounce_that_is_null_never_happened_and_an_absent_one_is_unknown():
    """EmailBouncedDate is a moment; whether there is one is the fact."""
    assert MAPPING.lead({"Id": "00Qak00000696HFEAY"}).bounced is None
    assert MAPPING.lead({"Id": "00Qak00000696HFEAY", "EmailBouncedDate": None}).bounced is False
    assert MAPPING.lead({"EmailBouncedDate": "2026-05-01T07:25:37.000+0000"}).bounced is True


def test_an_address_with_a_bad_host_costs_the_domain_and_not_the_lead():
    """`www.expressl&t.net` stands in Salesforce's own demo data: one bad text must not lose a person."""
    record = {"Id": "003dM00001vWOXSQA4", "Account": {"Website": "www.expressl&t.net"}}

    assert MAPPING.lead(record).domain is None
    assert [each.field for each in MAPPING.passed_over(record)] == ["domain"]


def test_an_email_that_is_wrong_by_syntax_is_kept():
    """Sales can read it and call; refusing the record would hide the person."""
    contact = by_id("contacts_query.json")["003dM00001vWOXSQA4"]

    assert MAPPING.lead(contact).email.endswith("@expressl&t.net")


def test_countries_are_told_apart_from_the_ways_they_are_written():
    """USA, US, United States and a code are one country; a street that holds everything gives none."""
    contacts = by_id("contacts_query.json")

    assert {MAPPING.lead(each).country for each in sample("salesforce", "leads_tree.json")["records"]} >= {"US"}
    assert MAPPING.lead(contacts["003dM00001vWOXMQA4"]).country == "FR"
    assert MAPPING.lead(contacts["003dM00001vWOXJQA4"]).country is None
    assert MAPPING.lead({"Address": {"country": "Taiwan"}}).country == "TW"


def test_a_contact_without_an_account_keeps_its_own_facts():
    """The company may be missing: what stands on the person is no less true."""
    contact = by_id("contacts_query.json")["003dM00001wBXA1QAO"]

    lead = MAPPING.lead({**contact, "Account": None})

    assert (lead.last_name, lead.company, lead.first_name) == (contact["LastName"], None, None)


@pytest.mark.parametrize("reference", ["LeadRef19", "LeadRef21"])
def test_a_status_that_says_converted_makes_nobody_a_customer(reference):
    """`Closed - Converted` with IsConverted false: the two contradict, and neither is a sale."""
    record = next(
        each for each in sample("salesforce", "leads_tree.json")["records"]
        if each["attributes"]["referenceId"] == reference
    )  # fmt: skip

    lead = MAPPING.lead(record)

    assert (lead.lead_status, record["IsConverted"], lead.customer) == ("Closed - Converted", False, None)


def test_what_nobody_chose_is_not_read():
    """CleanStatus, IsUnreadByOwner and a default number of locations are Salesforce's, not the lead's."""
    record = sample("salesforce", "leads_tree.json")["records"][0]

    assert {"CleanStatus", "IsUnreadByOwner", "NumberofLocations__c"} <= set(MAPPING.unused(record))


def test_salesforces_own_filler_is_missing():
    """A web form without a company gets `[not provided]`: no company is called that."""
    assert MAPPING.lead({"Company": "[not provided]", "LastName": "[not provided]"}).company is None


def test_an_amount_in_another_currency_is_no_number_of_dollars():
    """With several currencies the record's own stands beside the amount."""
    assert MAPPING.lead({"AnnualRevenue": 900750000}).annual_revenue == 900750000
    assert MAPPING.lead({"AnnualRevenue": 1000, "CurrencyIsoCode": "EUR"}).annual_revenue is None
    assert MAPPING.lead({"AnnualRevenue": 1000, "CurrencyIsoCode": "USD"}).annual_revenue == 1000


def test_moments_with_an_offset_without_a_colon_are_read():
    """`+0000` is how Salesforce writes UTC."""
    contact = by_id("contacts_query.json")["003dM00001vWOXJQA4"]

    assert MAPPING.lead(contact).created_at.isoformat() == "2026-05-01T07:25:37+00:00"


def test_an_id_of_another_shape_is_an_error_that_says_what_was_expected():
    """A record whose id can't be one is refused by name, without its value."""
    with pytest.raises(LeadError, match=r"id: expected the id of a Salesforce lead") as refused:
        MAPPING.lead({"Id": "private-4711"})

    assert "4711" not in str(refused.value)


# What happened


def activity(of, **row):
    return [(lead, each["type"]) for lead, each in MAPPING.activities_of({"WhoId": LEAD, **row}, of=of)]


LEAD = "00Qak00000696HFEAY"


def test_a_completed_call_happened_and_an_open_one_did_not():
    """A planned call has no answer yet."""
    call = {"TaskSubtype": "Call", "ActivityDate": "2026-11-02"}

    assert activity("tasks", **call, Status="Completed") == [(LEAD, "call")]
    assert activity("tasks", **call, Status="Not Started") == []


def test_a_task_of_nobody_is_passed_over():
    """Tasks without a name on them are common, and no fault."""
    assert activity("tasks", WhoId=None, TaskSubtype="Call", ActivityDate="2026-11-02", Status="Completed") == []


def test_an_event_is_a_meeting_once():
    """Each invited colleague has a child event: the lead met once."""
    event = {"StartDateTime": "2026-11-02T09:00:00.000+0000"}

    assert activity("events", **event, IsChild=False) == [(LEAD, "meeting")]
    assert activity("events", **event, IsChild=True) == []


def test_a_campaign_says_what_the_lead_did_by_its_status():
    """Sent is what we did; Registered and Attended is what they did."""
    row = {"WhoId": None, "LeadId": LEAD, "CreatedDate": "2026-11-02T09:00:00.000+0000", "Campaign": {"Name": "Fair"}}

    assert activity("campaign_members", **row, Status="Attended") == [(LEAD, "event_attended")]
    assert activity("campaign_members", **row, Status="Registered") == [(LEAD, "event_registered")]
