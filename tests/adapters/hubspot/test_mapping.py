"""HubSpot's published records, one by one: each becomes a lead with nothing lost, or an error that says why."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qualify.adapters.hubspot import HubSpotAdapter
from qualify.adapters.hubspot.portal import in_a_line
from qualify.adapters.records import Update
from qualify.errors import AdapterError, LeadError
from qualify.mapping import loads_mapping
from tests.adapters.hubspot.fake_hubspot import answers

RECORDS = Path(__file__).resolve().parents[4] / "shared" / "data" / "crm" / "hubspot"
CONTACTS = ("contacts_page", "contact_created", "contact_updated", "contacts_search_page1", "contacts_search_page2")
OF_NO_USE = {
    # HubSpot's own book-keeping: of the record, of its imports and its seats, never of the person
    "hs_object_id", "hs_all_contact_vids", "lastmodifieddate", "hs_is_contact", "hs_pipeline",
    "hs_object_source", "hs_object_source_id", "hs_object_source_label",
    "hs_registered_member", "hs_membership_has_accessed_private_content",
    "hs_associated_target_accounts", "hs_currently_enrolled_in_prospecting_agent",
    "hs_prospecting_agent_actively_enrolled_count", "hs_prospecting_agent_total_enrolled_count",
    "hs_sequences_actively_enrolled_count",
    # the same fact again: of the e-mail, of the names, of the phone
    "hs_email_domain", "hs_full_name_or_email", "hs_searchable_calculated_phone_number",
    # when it entered a stage of HubSpot's, and what nobody but a definition's own fields could read
    "hs_lifecyclestage_lead_date", "hs_v2_date_entered_current_stage", "hs_v2_time_in_current_stage",
    "hs_is_unworked", "num_notes",
}  # fmt: skip
"""What the mapping leaves, each with its reason: a definition's own field may still read it (see the tests below)."""


def published(name):
    """One file of the published records."""
    path = RECORDS / f"{name}.json"
    if not path.exists():
        pytest.skip("HubSpot's published records (../shared/data/crm/hubspot) are not here")
    return json.loads(path.read_text(encoding="utf-8"))


def contacts():
    """Every published contact."""
    for name in CONTACTS:
        page = published(name)
        yield from page.get("results", [page])


def contact(id, name="contacts_page"):
    """One published contact."""
    page = published(name)
    return next(each for each in page.get("results", [page]) if each["id"] == id)


@pytest.fixture(scope="module")
def mapping():
    """The adapter's own mapping."""
    return HubSpotAdapter().mapping


def changed(more, without=()):
    """The mapping with a file of one's own on top."""
    adapter = HubSpotAdapter()
    return loads_mapping(f'extends = "hubspot"\n{more}', bases=lambda name: adapter.mapping_text)


def values(mapping, company=None, **properties):
    """The fields of a contact that has these properties."""
    return mapping.values(
        {"id": "7", "properties": properties, "associated_company": company and {"properties": company}}
    )


# Nothing is lost


def test_every_published_contact_becomes_a_lead(mapping):
    """Eighteen contacts of five answers: pages, searches, one that was just made, one that was changed."""
    leads = [mapping.lead(each) for each in contacts()]

    assert len(leads) == 18
    assert all(lead.id for lead in leads)
    assert [lead.email for lead in leads if lead.email is None] == [None], "contact_updated alone comes without"


def test_every_property_of_every_contact_is_read_or_left_for_a_reason(mapping):
    """A property that nobody looked at may be the one that a definition wants."""
    left = {name for each in contacts() for name in mapping.unused(each)}

    assert left - {f"properties.{name}" for name in OF_NO_USE} == {"archived", "updatedAt", "url"}


def test_no_published_contact_holds_a_value_that_is_passed_over(mapping):
    """Lenient fields lose what they can't read; here there is nothing of that kind."""
    assert [mapping.passed_over(each) for each in contacts() if mapping.passed_over(each)] == []


def test_every_published_company_gives_its_facts_to_its_contacts(mapping):
    """What a definition asks of a lead is mostly said of its company."""
    companies = published("companies_page")["results"]
    used = {"name", "domain", "website", "industry", "country", "state", "city", "phone"}
    own = {"createdate", "description", "hs_lastmodifieddate", "hs_object_id"}

    for company in companies:
        record = {"id": "7", "properties": {}, "associated_company": company}
        lead = mapping.lead(record)
        assert lead.company == company["properties"]["name"]
        assert mapping.passed_over(record) == ()
        assert {name for name, said in company["properties"].items() if said} <= used | own


def test_the_mapping_is_a_file_that_can_be_written_and_read_again(mapping):
    """Whoever starts from it must not lose a word."""
    assert loads_mapping(mapping.to_toml()) == mapping
    assert mapping.warnings == ()


@pytest.mark.parametrize("name", CONTACTS)
def test_a_contact_goes_back_to_the_properties_it_came_from(mapping, name):
    """The way back says the same in HubSpot's words."""
    page = published(name)
    for record in page.get("results", [page]):
        read = mapping.values(record)
        kept = {field: said for field, said in read.items() if field != "created_at"}
        back = mapping.record(kept)["properties"] if any(kept.values()) else {}
        for property_, said in back.items():
            assert record["properties"].get(property_, said) == said


# Each quirk of the published records


def test_who_was_never_asked_for_an_opt_out_is_unknown_and_a_null_is_no(mapping):
    """Of all published contacts it was not read; HubSpot has null for people who never opted out."""
    assert {mapping.lead(each).opted_out for each in contacts()} == {None}
    assert values(mapping, hs_email_optout=None)["opted_out"] is False
    assert values(mapping, hs_email_optout="true")["opted_out"] is True
    assert values(mapping, hs_email_optout="false")["opted_out"] is False
    assert values(mapping, hs_email_optout="")["opted_out"] is None
    with pytest.raises(LeadError, match="lead 7: opted_out: expected yes or no"):
        values(mapping, hs_email_optout="maybe")


def test_an_opt_out_of_one_subscription_counts_where_a_file_says_so():
    """Each subscription has a property of its own, and whoever mails for it must ask that one."""
    mine = changed(
        'fields.opted_out = { any = ["properties.hs_email_optout", "properties.hs_email_optout_77"], null = "no" }'
    )

    assert values(mine, hs_email_optout=None, hs_email_optout_77="true")["opted_out"] is True
    assert values(mine, hs_email_optout="false", hs_email_optout_77=None)["opted_out"] is False
    assert values(mine, hs_email_optout=None)["opted_out"] is None, "one that was not read may say yes"


def test_a_contact_without_an_email_a_name_or_a_title_is_a_lead_all_the_same(mapping):
    """Absent here, null there: both are unknown, and neither is a fault."""
    no_email = mapping.lead(contact("713492963559", "contact_updated"))
    no_title = mapping.lead(contact("713492963559"))
    no_names = mapping.lead(contact("731222970591"))

    assert (no_email.email, no_email.last_name) == (None, "Contact")
    assert no_title.job_title is None
    assert (no_names.first_name, no_names.last_name, no_names.email) == (None, None, "test-contact-12345@example.com")


def test_moments_come_in_three_ways_and_all_are_read():
    """With milliseconds, without, and as a number in text, all in one record."""
    mine = changed(
        '[fields]\nbecame_lead_at = { from = "properties.hs_lifecyclestage_lead_date", as = "epoch milliseconds" }\n'
        'in_stage_since = { from = "properties.hs_v2_time_in_current_stage", as = "datetime" }'
    )
    created = mine.values(contact("734931097788", "contact_created"))
    updated = mine.values(contact("713492963559", "contact_updated"))

    moment = datetime(2026, 3, 12, 7, 33, 46, 615000, UTC)
    assert (created["created_at"], created["became_lead_at"], created["in_stage_since"]) == (moment, moment, moment)
    assert updated["last_activity_at"] == datetime(2026, 3, 9, 12, 0, tzinfo=UTC)


def test_a_change_of_the_record_is_no_activity_of_the_lead(mapping):
    """Our own writing changes it: every lead would be active for ever."""
    lead = mapping.lead(contact("734931097788", "contact_created"))

    assert lead.last_activity_at is None
    assert lead.created_at is not None


def test_an_inverted_flag_can_be_read_the_right_way_round():
    """HubSpot's 'unworked' is true when nobody worked on it, and its count of notes is text."""
    mine = changed(
        '[fields]\nworked_on = { from = "properties.hs_is_unworked", as = "yes/no", invert = true }\n'
        'notes = { from = "properties.num_notes", as = "number" }'
    )

    read = mine.values(contact("734931097788", "contact_created"))

    assert (read["worked_on"], read["notes"]) == (False, 0)


def test_of_a_domain_and_a_website_that_contradict_the_domain_counts(mapping):
    """HubSpot keeps the domain; the website is what somebody typed."""
    companies = {each["id"]: each for each in published("companies_page")["results"]}

    def domain(id, **properties):
        return mapping.values({"id": "7", "properties": properties, "associated_company": companies[id]})["domain"]

    assert domain("407382956268") == "updated-example.com"
    assert domain("406649106618") is None
    assert domain("406649106618", website="https://www.acme.example/about") == "acme.example"


def test_a_country_is_one_country_however_it_is_written(mapping):
    """'United States' and 'USA', in records of one account."""
    countries = {mapping.values({"id": "7", "properties": {}, "associated_company": each})["country"]
                 for each in published("companies_page")["results"]}  # fmt: skip

    assert countries == {None, "US"}
    assert values(mapping, hs_country_region_code="DE", country="Germany")["country"] == "DE"


def test_what_cannot_be_read_is_passed_over_and_told(mapping):
    """A website that is none must not cost us the lead, nor be lost without a word."""
    record = {
        "id": "7",
        "properties": {"website": "not yet", "country": "Atlantis", "numemployees": "a lot", "annualrevenue": "good"},
    }

    lead = mapping.lead(record)

    assert (lead.domain, lead.country, lead.employees, lead.annual_revenue) == (None, None, None, None)
    assert {each.field for each in mapping.passed_over(record)} == {"domain", "country", "employees", "annual_revenue"}


def test_labels_are_those_that_people_see_in_hubspot(mapping):
    """A definition says 'Attempted to Contact', as the screen does."""
    menus = {each["name"]: each["options"] for each in published("properties_contacts")["results"]}

    for field, property_ in (("lead_status", "hs_lead_status"), ("source", "hs_analytics_source")):
        for option in menus[property_]:
            assert values(mapping, **{property_: option["value"]})[field] == option["label"]


def test_every_step_of_a_menu_of_sizes_has_a_lower_end(mapping):
    """A menu here, a number at the company: both are employees."""
    menus = {each["name"]: each["options"] for each in published("properties_contacts")["results"]}

    sizes = [values(mapping, numemployees=option["value"])["employees"] for option in menus["numemployees"]]

    assert sizes == [1, 5, 25, 50, 100, 500, 1000]
    assert values(mapping, {"numberofemployees": "43"}, numemployees="1000+")["employees"] == 43


def test_every_lifecycle_stage_is_kept_and_two_of_them_say_customer(mapping):
    """Who is no customer yet may be one whose stage lags behind."""
    menus = {each["name"]: each["options"] for each in published("properties_contacts")["results"]}
    read = {each["value"]: values(mapping, lifecyclestage=each["value"]) for each in menus["lifecyclestage"]}

    assert {stage: said["lifecycle_stage"] for stage, said in read.items()} == {stage: stage for stage in read}
    assert {stage for stage, said in read.items() if said["customer"]} == {"customer", "evangelist"}
    assert {said["customer"] for said in read.values()} == {True, None}
    assert list(read) == list(mapping.write.lifecycle.order)


def test_only_a_consent_is_a_consent(mapping):
    """'Not applicable' and a legitimate interest (with its long dash) are other things, and no fault."""
    menus = {each["name"]: each["options"] for each in published("properties_contacts")["results"]}
    for option in menus["hs_legal_basis"]:
        record = {"id": "7", "properties": {"hs_legal_basis": option["value"]}}
        given = option["value"] == "Freely given consent from contact"
        assert mapping.values(record)["consented"] is (True if given else None)
        assert mapping.passed_over(record) == ()


def test_bounces_are_counted_and_a_count_is_an_answer(mapping):
    """'2' is a yes, '0' a no, and null nobody's word."""
    assert [values(mapping, hs_email_bounce=said)["bounced"] for said in ("2", "0", None)] == [True, False, None]


def test_money_in_free_text_is_read_in_the_accounts_currency(mapping):
    """A contact's revenue is text that people type."""
    assert values(mapping, annualrevenue="$1.5M")["annual_revenue"] == 1_500_000
    assert values(mapping, annualrevenue="5000000")["annual_revenue"] == 5_000_000
    assert values(mapping, annualrevenue="€1.5M")["annual_revenue"] is None
    assert values(changed('currency = "EUR"'), annualrevenue="€1.5M")["annual_revenue"] == 1_500_000


def test_several_choices_are_a_list(mapping):
    """HubSpot joins them by semicolons."""
    assert values(mapping, {"web_technologies": "hubspot;google_analytics"})["technologies"] == (
        "hubspot", "google_analytics",
    )  # fmt: skip


def test_tasks_that_did_not_say_they_are_done_are_no_activities(mapping):
    """Eight tasks: their status was not asked for, and some belong to nobody."""
    tasks = published("tasks_page")["results"]

    assert [mapping.activities_of(each, of="tasks") for each in tasks] == [[]] * 8
    assert any("associations" not in each for each in tasks)


def test_deals_that_are_open_are_no_outcome(mapping):
    """Six deals: five without a date, one with a date that is a plan."""
    assert [mapping.activities_of(each, of="deals") for each in published("deals_page")["results"]] == [[]] * 6


def test_a_visit_whose_page_is_blank_is_a_visit_of_a_page_that_is_unknown(mapping):
    """Each property that was not set is an empty text, the page too."""
    visits = [mapping.activity(each, of="page_views") for each in published("events_visited_page")["results"]]

    assert [(lead, visit["type"], visit["properties"]) for lead, visit in visits] == [
        ("221021723238", "page_view", {}),
        ("222875712435", "page_view", {}),
    ]


# The published answers, played to the adapter


def test_the_published_associations_give_one_a_company_and_the_other_none(fake, connect):
    """Its id is a number here and text elsewhere, one pair has two types, and 'no company' is called an error."""
    body = published("associations_contacts_to_companies_207")
    for id in ("501", "103107104018"):
        fake.add(id=id)
    fake.add("companies", "29022297485", name="Acme")
    fake.fail("associations", answers(207, body))

    (page,) = connect("associated_company.properties.name").pages()

    assert [bool(each["associated_company"]) for each in page.records] == [True, False]


def test_the_published_owners_are_known_by_their_addresses(fake, connect, mapping):
    """Whose lead it is, is a number in the record."""
    fake.owners = published("owners")["results"]
    fake.add(hubspot_owner_id="88842095")

    (page,) = connect("owner.email").pages()

    assert mapping.lead(page.records[0]).owner == "owner@example.com"


def test_the_published_partial_answer_refuses_one_and_writes_the_other(fake, connect):
    """Its status is COMPLETE, and one of two was not written."""
    body = published("batch_create_partial")
    fake.fail("batch/update", answers(207, body))

    refused, written = connect().write([
        Update("171591000198", {"properties": {"firstname": "Siena"}}),
        Update("171596044870", {"properties": {"firstname": "Siena"}}),
    ])  # fmt: skip

    assert refused.refused == "Contact already exists. Existing ID: 171591000198"
    assert written.refused is None


def test_the_published_refusal_says_each_thing_once(fake):
    """The message is JSON in a text, and repeats itself for every contact of the batch."""
    said = in_a_line(published("batch_create_invalid_properties")["message"])

    assert said == 'Property "first000name" does not exist; Property "last000name" does not exist'


def test_the_published_forms_go_on_at_their_next_page(fake, connect):
    """Its place is encoded already."""
    fake.read_only["hs_calculated_form_submissions"] = True
    record = {"id": "501", "properties": {"hs_calculated_form_submissions": "591e2731-c869-445d-b422-26f43145e9d2::1"}}
    fake.fail("forms", answers(200, published("forms")))
    fake.fail("forms", answers(200, {"results": []}))

    (row,) = connect(activities="forms").happenings([record])

    assert row.row["formName"] == "Tell me about yourself"
    assert [each.query.get("after") for each in fake.asked] == [None, ["MQ=="]]


def test_no_published_property_that_is_read_only_is_ever_written(fake, connect):
    """27 of 75 definitions: calculated, or HubSpot's own."""
    definitions = published("properties_contacts")["results"]
    kept = [each["name"] for each in definitions if each["modificationMetadata"]["readOnlyValue"]]
    fake.fail("properties/contacts", answers(200, {"results": definitions}))
    connection = connect()

    for name in kept:
        with pytest.raises(AdapterError, match=f"HubSpot keeps '{name}' itself"):
            connection.write([Update("501", {"properties": {name: "1"}})])

    assert "hs_email_optout" in kept
    assert fake.paths("update") == []
