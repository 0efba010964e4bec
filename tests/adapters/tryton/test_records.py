"""Tryton's answers as they were received: each record becomes a lead, and what they do is read as it is meant."""

import pytest

from qualify.adapters.tryton import TrytonAdapter
from qualify.adapters.tryton.notes import HEAD, note_of, said_in
from qualify.mapping import loads_mapping
from tests.adapters.fake_crm import sample

MAPPING = TrytonAdapter().mapping


def records(file):
    return {record["id"]: record for record in sample("tryton", file)["result"]}


@pytest.mark.parametrize("file", ["opportunity_read.json", "party_read.json"])
def test_every_record_becomes_a_lead(file):
    """Opportunities, with a party or without, and parties alone: nobody is lost on the way."""
    for name, record in records(file).items():
        lead = MAPPING.lead(record)

        assert lead.id == str(name)
        assert lead.company == (record.get("party.") or record).get("name")


def test_a_tagged_moment_is_utc():
    """Tryton writes year, month, day ... and no zone."""
    assert (
        MAPPING.lead(records("opportunity_read.json")[1]).created_at.isoformat() == "2026-11-24T10:14:04.235738+00:00"
    )


def test_a_tagged_amount_is_a_number_in_the_currency_that_stands_beside_it():
    """`{"__class__": "Decimal"}` is no table without an amount, and dollars are not everybody's."""
    mapping = loads_mapping(
        'id = "id"\ncurrency = "USD"\n[fields]\nannual_revenue = { from = "amount", as = "money", currency = "currency..code" }'
    )
    record = {**records("opportunity_read.json")[1], "currency.": {"code": "USD"}}

    assert mapping.lead(record).annual_revenue == 120000
    assert mapping.lead(records("opportunity_read.json")[4]).annual_revenue is None


def test_an_opportunity_whose_party_is_null_says_what_it_says():
    """`party.` is null where there is none: nothing is known of who it is."""
    lead = MAPPING.lead(records("opportunity_read.json")[4])

    assert (lead.company, lead.email, lead.lead_status, lead.owner) == (None, None, "lead", "Demo Seller")


def test_an_empty_computed_phone_is_missing():
    """A party's phone, mobile and website are "" where it has none."""
    offset, blank = records("party_read.json").values()

    assert (MAPPING.lead(offset).phone, MAPPING.lead(blank).phone) == ("+12125550123", None)
    assert MAPPING.lead(offset).domain is None


def test_addresses_that_are_only_ids_tell_no_place_and_cost_no_lead():
    """A read that didn't ask for what is in them gives numbers; which fields that costs is told."""
    party = records("party_read.json")[3]

    assert party["addresses"] == [1]
    assert (MAPPING.lead(party).country, MAPPING.lead(party).email) == (None, "buyer@offset-demo.example.com")
    assert [str(each) for each in MAPPING.passed_over(party)] == [
        f"lead 3: {field}: expected a property 'addresses.', which has what is in 'addresses' (the path is '{path}'), "
        "found a list (1 entry)"
        for field, path in (
            ("country", "addresses..0.country..code"),
            ("region", "addresses..0.subdivision..name"),
            ("city", "addresses..0.city"),
        )
    ]


def test_the_property_that_the_hint_names_has_the_place():
    """So a party's addresses look that were read with names: what they say stands beside their ids."""
    place = {"city": "Lyon", "country.": {"code": "FR"}, "subdivision.": {"name": "Rhône"}}
    whole = {**records("party_read.json")[3], "addresses.": [{"id": 1, **place}]}
    lead = MAPPING.lead(whole)

    assert (lead.country, lead.region, lead.city) == ("FR", "Rhône", "Lyon")
    assert MAPPING.passed_over(whole) == ()


def test_an_opt_out_is_unknown_since_tryton_has_none():
    """Nobody is mailed by mistake: a mapping has to say where it is kept."""
    assert {MAPPING.lead(each).opted_out for each in records("opportunity_read.json").values()} == {None}


def test_an_archived_party_that_says_1_is_active_in_a_mapping_of_ones_own():
    """SQLite gives 1 for true."""
    mapping = loads_mapping('id = "id"\n[fields]\ncustomer = { from = "active", as = "yes/no" }')

    assert mapping.lead(records("party_read.json")[3]).customer is True


def test_a_default_probability_and_a_planned_end_are_not_read():
    """0.5 is what Tryton fills in; an end date of an open opportunity is a plan. Neither is a fact of the lead."""
    unused = MAPPING.unused(records("opportunity_read.json")[1])

    assert {"conversion_probability"} <= set(unused)
    assert any(each.startswith("end_date") for each in unused)


@pytest.mark.parametrize(
    "value",
    ["mql", "1", "true", "null", "", " x ", "a: b", "in\ntwo", '"quoted"', "[1]", "ünï", 7, 2.5, True, ["a", "b"]],
)
def test_a_note_gives_back_what_was_written(value):
    """What is read is compared with what would be written: a difference of form would write for ever."""
    assert said_in(note_of({"x": value, "y": "after"})) == {"x": value, "y": "after"}


def test_a_note_is_plain_to_read():
    """Sellers read it in Tryton's own client."""
    assert note_of({"stage": "mql", "reason": "Asked for a demo: twice"}).splitlines() == [
        HEAD, "stage: mql", "reason: Asked for a demo: twice",
    ]  # fmt: skip


def test_a_line_that_somebody_wrote_into_a_note_is_passed_over():
    """People write where they can."""
    assert said_in(f"{HEAD}\nstage: mql\ncall her!\n") == {"stage": "mql"}
