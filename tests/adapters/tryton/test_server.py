"""Tryton itself, from PyPI, on loopback: read, judged, written back, read again."""

import logging
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

import qualify
from qualify.adapters import ConnectionTrouble, NewProperty, Update
from qualify.adapters.tryton import PASSWORD, TrytonAdapter
from qualify.adapters.tryton.notes import HEAD
from qualify.errors import AdapterError
from qualify.sync import sync_leads
from tests.adapters.fake_crm import all_records, last_cursor

MAPPING = TrytonAdapter().mapping
DEFINITION = """
format = 1
name = "Print-shop leads"
version = "2026.11"

[teams]
marketing = "Marketing"

[traits.in_france]
team = "marketing"
when = 'country == "FR"'
why = "Our shops are there."

[traits.can_be_reached]
team = "marketing"
when = "email is known"
why = "Nobody calls without asking first."

[scores.fit.points]
in_france = 20

[stages.mql]
requires.marketing = "in_france and can_be_reached"
"""


def a_second_passes():
    """The server tells its time in whole seconds; what it stamped in this one isn't settled before the next."""
    time.sleep(1.05)


def ids(records):
    return [record["id"] for record in records]


# Reading


def test_an_opportunity_comes_with_its_party_addresses_and_mechanisms(office, connect):
    """Who it is stands on the party: without it a lead would be an amount and a date."""
    party = office.party("Offset Demo Co", city="Paris", email="private@lead.example", phone="+33140200000",
                         website="https://www.offset-demo.example/shop")  # fmt: skip
    made = office.opportunities({"party": party, "description": "Two presses"})

    (record,) = all_records(connect(made))

    lead = MAPPING.lead(record)
    assert (lead.id, lead.company, lead.email) == (str(made[0]), "Offset Demo Co", "private@lead.example")
    assert (lead.phone, lead.domain, lead.country, lead.city) == ("+33140200000", "offset-demo.example", "FR", "Paris")
    assert (lead.lead_status, lead.owner, lead.opted_out) == ("lead", "Demo Seller", None)
    assert timedelta(0) <= datetime.now(UTC) - lead.created_at < timedelta(hours=1)


def test_an_opportunity_without_a_party_is_a_lead_of_which_little_is_known(office, connect):
    """An inquiry may come before anybody knows from whom."""
    (record,) = all_records(connect(office.opportunities({"description": "Who?"})))

    lead = MAPPING.lead(record)

    assert (lead.company, lead.email, lead.phone, lead.domain) == (None, None, None, None)


def test_an_empty_phone_is_missing(office, connect):
    """A party's computed phone is "" where it has none."""
    (record,) = all_records(connect(office.opportunities({"party": office.party("Blank Demo")})))

    assert record["party."]["phone"] == ""
    assert MAPPING.lead(record).phone is None


def test_the_opportunitys_own_contact_goes_first(office, connect):
    """The party's first address is the front desk's; the contact is who asked."""
    party = office.party("Label Demo Inc", email="office@label-demo.example")
    (contact,) = office.do("party.contact_mechanism", "create", [
        {"party": party, "type": "email", "value": "ada@label-demo.example"}
    ])  # fmt: skip

    (record,) = all_records(connect(office.opportunities({"party": party, "contact": contact})))

    assert MAPPING.lead(record).email == "ada@label-demo.example"


def test_parties_alone_are_leads_too(office, connect):
    """Not everybody who may buy has an opportunity yet."""
    party = office.party("Party Demo", city="Lyon", email="a@party-demo.example")

    (record,) = all_records(connect([party], object="party.party"))

    lead = MAPPING.lead(record)
    assert (lead.id, lead.company, lead.email, lead.city) == (str(party), "Party Demo", "a@party-demo.example", "Lyon")


def test_pages_go_on_behind_each_other_where_all_were_made_in_one_transaction(office, connect):
    """One moment for all of them: the id decides, and no page repeats or skips."""
    made = office.opportunities(*({"description": f"Number {n}"} for n in range(5)))

    a_second_passes()

    pages = list(connect(made).pages())

    assert [ids(page.records) for page in pages] == [made[:2], made[2:4], made[4:]]
    assert {page.total for page in pages} == {5}
    for at, page in enumerate(pages):
        assert ids(all_records(connect(made), page.cursor)) == made[2 * (at + 1) :]


def test_a_new_record_whose_write_date_is_null_is_seen(office, connect):
    """`write_date > x` never finds what was made and not changed since."""
    first = office.opportunities({"description": "old"})
    a_second_passes()
    cursor = last_cursor(connect(first))
    new = office.opportunities({"description": "new"})
    assert office.read(new[0], "write_date")["write_date"] is None

    assert ids(all_records(connect([*first, *new]), cursor)) == new


def test_a_changed_record_is_seen_and_an_unchanged_one_is_not(office, connect):
    """The next hour's sync asks for little."""
    made = office.opportunities({"description": "a"}, {"description": "b"})
    a_second_passes()
    cursor = last_cursor(connect(made))
    office.do("sale.opportunity", "write", [made[1]], {"description": "c"})

    assert ids(all_records(connect(made), cursor)) == [made[1]]


@pytest.mark.parametrize("what", ["party", "address", "mechanism"])
def test_an_opportunity_whose_party_changed_is_seen(office, connect, what):
    """A new e-mail leaves the opportunity's own moment of change as it was."""
    party = office.party("Changing Demo", city="Nice", email="old@changing-demo.example")
    made = office.opportunities({"party": party}, {"description": "another"})
    a_second_passes()
    cursor = last_cursor(connect(made))
    match what:
        case "party":
            office.do("party.party", "write", [party], {"name": "Changed Demo"})
        case "address":
            office.do("party.party", "write", [party], {"addresses": [["create", [{"city": "Lille"}]]]})
        case "mechanism":
            (name,) = office.read(party, "contact_mechanisms", model="party.party")["contact_mechanisms"]
            office.do("party.contact_mechanism", "write", [name], {"value": "new@changing-demo.example"})

    assert ids(all_records(connect(made), cursor)) == [made[0]]


def test_what_changed_a_moment_ago_is_read_again_by_default(office, connect):
    """A transaction stamps what it writes with its beginning, and is seen at its end."""
    made = office.opportunities({"description": "a"})

    assert ids(all_records(connect(made), last_cursor(connect(made, overlap="300")))) == made


# Writing back


def test_leads_are_judged_written_and_found_as_they_were_left(office, connect, signed_in):
    """The whole way: read, verdict, note on the opportunity, and a second sync that has nothing to do."""
    party = office.party("Whole Demo", city="Paris", email="a@whole-demo.example")
    made = office.opportunities({"party": party, "comment": "Asked for a demo"}, {"description": "Who?"})
    options = {"url": office.url, "database": "crm", "domain": f'[["id", "in", {made}]]', "overlap": "0"}
    definition, adapter = qualify.loads(DEFINITION), TrytonAdapter()

    def sync():
        return sync_leads(definition, adapter, options=options)

    first, again = sync(), sync()

    assert (first.read, first.written, again.written) == (2, 2, 0)
    (note,) = office.notes(made[0])
    assert note.startswith(f"{HEAD}\n")
    assert "\nstage: mql\n" in note
    assert office.read(made[0], "comment")["comment"] == "Asked for a demo"
    held = {record["id"]: record["qualify"] for record in all_records(connect(made))}
    assert (held[made[0]]["stage"], held[made[0]]["score_fit"]) == ("mql", 20)
    assert held[made[0]]["digest"] == definition.digest
    assert "stage" not in held[made[1]]


def test_one_note_stays_however_often_it_is_written(office, connect):
    """A note can't be changed in Tryton: a new one takes its place, and the same is not written again."""
    (made,) = office.opportunities({"description": "a"})
    connection = connect([made])
    for stage in ("mql", "mql", "sql"):
        connection.write([Update(str(made), {"qualify": {"stage": stage, "reason": "in\ntwo lines"}})])

    (note,) = office.notes(made)

    assert "stage: sql" in note
    (record,) = all_records(connection)
    assert record["qualify"] == {"stage": "sql", "reason": "in\ntwo lines"}


def test_what_is_not_said_anew_stays_and_what_is_taken_back_goes(office, connect):
    """Only what changed is sent."""
    (made,) = office.opportunities({"description": "a"})
    connection = connect([made])
    connection.write([Update(str(made), {"qualify": {"stage": "mql", "score_fit": Decimal("12.5"), "tier_size": "1"}})])

    connection.write([Update(str(made), {"qualify": {"stage": None}})])

    (record,) = all_records(connection)
    assert record["qualify"] == {"score_fit": Decimal("12.5"), "tier_size": "1"}


def test_other_peoples_notes_are_left_alone(office, connect):
    """A note that a seller wrote is neither read as ours nor taken away."""
    (made,) = office.opportunities({"description": "a"})
    office.do("ir.note", "create", [{"resource": f"sale.opportunity,{made}", "message": "Call again on Monday"}])

    connect([made]).write([Update(str(made), {"qualify": {"stage": "mql"}})])

    assert "Call again on Monday" in office.notes(made)


def test_a_field_of_ones_own_is_written_beside_the_note(office, connect):
    """Whoever has a module with fields names them in the mapping; their types are Tryton's."""
    (made,) = office.opportunities({"description": "a"})
    changes = {"comment": "mql", "end_date": "2026-12-15", "amount": Decimal("12.50"), "conversion_probability": "0.25"}

    (answer,) = connect([made]).write([Update(str(made), {**changes, "qualify": {"stage": "mql"}})])

    assert answer.refused is None
    assert office.read(made, "comment", "amount", "conversion_probability", "end_date") == {
        "id": made, "comment": "mql", "amount": {"__class__": "Decimal", "decimal": "12.50"},
        "conversion_probability": 0.25, "end_date": {"__class__": "date", "year": 2026, "month": 12, "day": 15},
    }  # fmt: skip


def test_one_refused_record_is_told_and_the_others_are_written(office, connect):
    """Tryton takes all of a call or nothing: the rest goes on record by record."""
    made = office.opportunities(*({"description": str(n)} for n in range(3)))
    updates = [
        Update(str(made[0]), {"comment": "x", "qualify": {"stage": "mql"}}),
        Update(str(made[1]), {"conversion_probability": 7.0, "qualify": {"stage": "mql"}}),
        Update(str(made[2]), {"comment": "y"}),
        Update("999999", {"qualify": {"stage": "mql"}}),
        Update("nobody", {"qualify": {"stage": "mql"}}),
    ]

    answers = connect(made).write(updates)

    assert [answer.id for answer in answers] == [update.id for update in updates]
    assert [answer.refused is None for answer in answers] == [True, False, True, False, False]
    assert "Conversion Probability" in answers[1].refused
    assert [office.read(name, "comment")["comment"] for name in made] == ["x", None, "y"]
    assert [len(office.notes(name)) for name in made] == [1, 0, 0]


def test_writing_leaves_the_moment_of_change_as_it_was(office, connect):
    """A note is no change of the opportunity: what we write isn't read again the next hour."""
    made = office.opportunities({"description": "a"})
    connection = connect(made)
    a_second_passes()
    cursor = last_cursor(connection)

    connection.write([Update(str(made[0]), {"qualify": {"stage": "mql"}})])

    assert all_records(connection, cursor) == []


def test_properties_that_are_missing_or_only_read_are_named(connect):
    """A note's lines needn't be made; fields come with a module, which we can't install."""
    connection = connect()
    note = NewProperty("stage", "Stage", "text", path="qualify.stage")
    own = NewProperty("qualify_stage", "Stage", "text", path="qualify_stage")

    assert connection.missing([note, own, NewProperty("comment", "x", "text", path="comment")]) == [own]
    with pytest.raises(AdapterError, match=r"qualify_stage has to be a field of sale\.opportunity"):
        connection.create([own])
    with pytest.raises(AdapterError, match=r"state of sale\.opportunity may only be read"):
        connection.missing([NewProperty("state", "x", "text", path="state")])
    with pytest.raises(AdapterError, match=r"not to party\.\.name"):
        connection.missing([NewProperty("name", "x", "text", path="party..name")])


# What goes wrong


def test_a_wrong_password_says_what_to_check_and_shows_nothing(connect, monkeypatch, caplog):
    """The first thing that everybody meets."""
    monkeypatch.setenv(PASSWORD, "private-wrong")

    with caplog.at_level(logging.DEBUG), pytest.raises(AdapterError, match="TRYTON_PASSWORD") as told:
        all_records(connect())

    assert not isinstance(told.value, ConnectionTrouble)
    assert "private" not in f"{told.value!r} {caplog.text}"


def test_a_database_that_is_not_there_is_told(connect):
    """A name misspelled, or a server that serves another."""
    with pytest.raises(AdapterError, match=r"no such database|refuses to log us in"):
        all_records(connect(database="nosuch"))


def test_a_field_that_is_not_there_is_named(connect):
    """Tryton's own word for it is `'descriptio'`, and nothing else."""
    with pytest.raises(AdapterError, match=r"sale\.opportunity has no 'descriptio'; did you mean 'description'"):
        all_records(connect(None, "descriptio"))


def test_a_session_that_the_server_forgot_is_renewed(office, connect):
    """Sessions end after a while, and with a restart."""
    made = office.opportunities(*({"description": str(n)} for n in range(5)))
    connection = connect(made)
    pages = connection.pages()
    found = ids(next(pages).records)
    connection._server._session = "YWRtaW46MTpmb3Jnb3R0ZW4="

    assert found + [each for page in pages for each in ids(page.records)] == made


def test_a_domain_that_tryton_refuses_is_an_error_of_whoever_wrote_it(connect):
    """The reason stands in the answer, which may hold values: the message says the kind."""
    with pytest.raises(AdapterError, match="Tryton refuses it"):
        all_records(connect(domain='[["nosuch", "=", 1]]'))
