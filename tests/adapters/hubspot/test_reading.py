"""Reading HubSpot: every contact once in a while, none ever missed, with what belongs to it beside it."""

import json
from datetime import datetime, timedelta
from itertools import islice

import pytest

from qualify.adapters.records import Update
from qualify.errors import AdapterError
from tests.adapters.hubspot.fake_hubspot import Answer, answers, milliseconds


def ids(pages):
    return [record["id"] for page in pages for record in page.records]


def filled(fake, number, apart=timedelta(minutes=1), start="2026-11-01T00:00:00Z"):
    """So many contacts, each changed a while after the one before."""
    first = datetime.fromisoformat(start)
    return [fake.add(changed=first + apart * at, email=f"{at}@a.example") for at in range(number)]


def test_every_contact_is_read_with_the_properties_that_were_asked_for(fake, connect):
    """HubSpot gives only what is asked for, and what isn't given would be unknown."""
    all_of_them = filled(fake, 250)

    pages = list(connect("properties.email", "properties.hs_email_optout").pages())

    assert ids(pages) == all_of_them
    assert [len(page.records) for page in pages] == [100, 100, 50]
    assert pages[0].records[0]["properties"]["hs_email_optout"] is None, (
        "asked for and null, which a mapping reads as no"
    )
    assert "jobtitle" not in pages[0].records[0]["properties"]


def test_no_request_says_archived(fake, connect):
    """The official client would write False with a capital, which HubSpot's description doesn't allow."""
    fake.add()

    list(connect().pages())

    assert all("archived" not in each.query for each in fake.asked)


def test_an_empty_account_gives_a_page_to_go_on_from(connect):
    """The first sync of an empty account must not make the second one read from nowhere."""
    (page,) = connect().pages()

    assert page.records == ()
    assert page.cursor is not None


def test_a_second_read_gives_what_changed_since_the_first(fake, connect):
    """A nightly sync of a million contacts must cost what changed, not a million."""
    filled(fake, 150)
    first = list(connect().pages())
    fake.now += timedelta(hours=1)
    changed = fake.add(email="new@a.example")

    second = list(connect().pages(first[-1].cursor))

    assert ids(second) == [changed]
    assert second[0].total == 1
    assert ids(connect().pages(second[-1].cursor)) == [changed], "the last minutes are read again, on purpose"


def test_what_changes_during_the_first_read_is_in_the_second(fake, connect):
    """The list goes by id: a contact that was read and then changed would else be lost for ever."""
    everybody = filled(fake, 150)
    fake.now = datetime.fromisoformat("2026-11-30T09:00:00Z")
    reading = connect().pages()
    next(reading)
    fake.now += timedelta(hours=1)
    connection = connect()
    connection.write([Update(everybody[0], {"properties": {"jobtitle": "Owner"}})])
    *_, last = reading

    assert ids(connect().pages(last.cursor)) == [everybody[0]]


def test_a_first_read_that_was_cut_off_goes_on_where_it_was_and_misses_nothing(fake, connect):
    """Whatever was read before the cut may have changed since."""
    everybody = filled(fake, 350)
    (first, second) = islice(connect().pages(), 2)
    fake.now += timedelta(hours=1)
    connect().write([Update(everybody[5], {"properties": {"jobtitle": "Owner"}})])

    rest = ids(connect().pages(second.cursor))

    assert ids([first, second]) == everybody[:200]
    assert rest[:150] == everybody[200:]
    assert everybody[5] in rest[150:]


def test_a_pause_in_a_first_read_does_not_make_it_read_twice_what_we_wrote(fake, connect):
    """After a moment of trouble it goes on; all that was written so far would else come again as changed."""
    everybody = filled(fake, 250)
    connection = connect()
    first = next(connection.pages())
    connection.write([Update(each["id"], {"properties": {"jobtitle": "Owner"}}) for each in first.records])

    assert ids(connection.pages(first.cursor)) == everybody[100:]


def test_contacts_that_we_write_to_while_reading_push_none_out_of_a_page(fake, connect):
    """Each write moves a contact to the end of what changed: by places in the list every second one would be missed."""
    everybody = filled(fake, 1000)
    fake.now = datetime.fromisoformat("2026-11-30T09:00:00Z")
    writing, read = connect(), []
    for page in connect().pages('{"changed": 0}'):
        read += [record["id"] for record in page.records]
        fake.now += timedelta(minutes=1)
        for at in range(0, len(page.records), 100):
            some = page.records[at : at + 100]
            writing.write([Update(each["id"], {"properties": {"jobtitle": "Owner"}}) for each in some])

    assert read == everybody


def test_more_changes_than_a_search_shows_are_read_all_the_same(fake, connect):
    """A search ends after 10,000 results, whatever page is asked for."""
    fake.shown = 400
    everybody = filled(fake, 1000)

    assert ids(connect().pages('{"changed": 0}')) == everybody


def test_an_import_that_changed_thousands_in_one_millisecond_is_read_whole(fake, connect):
    """Nothing but the id tells them apart, and the window could never move on."""
    fake.shown = 400
    before = filled(fake, 50)
    imported = filled(fake, 700, apart=timedelta(), start="2026-11-02T00:00:00Z")
    after = filled(fake, 50, start="2026-11-03T00:00:00Z")

    read = ids(connect().pages('{"changed": 0}'))

    assert set(read) == {*before, *imported, *after}
    assert len(read) <= 1000, "some of one moment may come twice, not all of them"


def test_a_change_that_a_search_shows_late_is_found_by_the_next_read(fake, connect):
    """HubSpot's index is behind its records: what was changed a moment before we asked may be shown after that."""
    filled(fake, 3)
    *_, last = connect().pages('{"changed": 0}')
    late = fake.add(changed=fake.now - timedelta(seconds=40))

    assert late in ids(connect().pages(last.cursor))


def test_cursors_never_go_back(fake, connect):
    """One that moved back by the overlap with each quiet night would end at the beginning of time."""
    filled(fake, 3)
    cursors = []
    cursor = '{"changed": 0}'
    for _ in range(4):
        *_, last = connect().pages(cursor)
        cursor = last.cursor
        cursors.append(cursor)

    moments = [json.loads(each)["changed"] for each in cursors]
    assert moments == sorted(moments)
    assert moments[0] >= milliseconds("2026-11-30T09:00:00Z"), "all was read that had changed when the read began"


def test_the_clock_is_hubspots_own(fake, connect):
    """A computer whose clock is ahead would skip what changed until HubSpot's clock gets there."""
    filled(fake, 1)
    fake.now = datetime.fromisoformat("2020-01-01T00:00:00Z")

    (page,) = connect().pages()

    assert (
        milliseconds("2020-01-01T00:00:00Z")
        <= json.loads(page.cursor)["changed"]
        <= milliseconds("2020-01-01T00:01:00Z")
    )


@pytest.mark.parametrize("cursor", ["", "yesterday", "[]", '{"changed": "1"}', '{"changed": true}', "[" * 100_000])
def test_a_cursor_of_somebody_else_is_refused_with_what_to_do(connect, cursor):
    """A state file may be another program's, or damaged."""
    with pytest.raises(AdapterError, match=r"read everything again \(--full\)"):
        list(connect().pages(cursor))


def test_a_place_that_hubspot_no_longer_knows_is_an_error_that_says_what_to_do(fake, connect):
    """Else the person sees 'validation error' every night."""
    fake.add()
    fake.fail("/contacts", answers(400))

    with pytest.raises(AdapterError, match=r"read everything \(--full\)"):
        list(connect().pages('{"changed": 5, "after": "77"}'))


# What belongs to a contact


def test_a_contact_comes_with_its_primary_company(fake, connect):
    """What is said of the company (industry, size) stands in another record; of two it is the primary one's."""
    one, other = fake.add(email="a@a.example"), fake.add(email="b@b.example")
    wrong, right = fake.add("companies", "29022297486", name="Other"), fake.add("companies", "29022297485", name="Acme")
    fake.link("contacts", one, "companies", wrong, 279)
    fake.link("contacts", one, "companies", right, 279)
    fake.link("contacts", one, "companies", right, 1)

    (page,) = connect("properties.email", "associated_company.properties.name").pages()

    assert page.records[0]["associated_company"]["properties"]["name"] == "Acme"
    assert page.records[1]["id"] == other
    assert page.records[1]["associated_company"] is None, "no company is an answer, though HubSpot calls it an error"


def test_a_company_that_is_gone_is_no_company(fake, connect):
    """A record may be deleted between two requests."""
    fake.link("contacts", fake.add(), "companies", "99", 1)

    (page,) = connect("associated_company.properties.name").pages()

    assert page.records[0]["associated_company"] is None


def test_without_a_primary_the_oldest_company_is_taken(fake, connect):
    """The same one every night, not whichever HubSpot lists first today."""
    contact = fake.add()
    for id in ("1000", "999"):
        fake.add("companies", id, name=id)
        fake.link("contacts", contact, "companies", id, 279)

    (page,) = connect("associated_company.properties.name").pages()

    assert page.records[0]["associated_company"]["id"] == "999"


def test_companies_are_asked_for_a_hundred_at_once(fake, connect):
    """A request for each contact would take hours, and HubSpot's limit of a day."""
    for at in range(300):
        fake.link("contacts", fake.add(), "companies", fake.add("companies", str(9000 + at)), 1)

    list(connect("associated_company.properties.name").pages())

    assert len(fake.paths("associations")) == len(fake.paths("objects/companies/batch/read")) == 3


def test_no_company_is_asked_for_when_the_mapping_reads_none(fake, connect):
    """A mapping of contacts alone needs no right to read companies."""
    fake.add()

    list(connect("properties.email").pages())

    assert fake.paths() == ["/crm/v3/objects/contacts"]


def test_a_contact_comes_with_its_owner(fake, connect):
    """A number is no answer to the question whose lead it is."""
    fake.owners = [{"id": str(at), "email": f"{at}@us.example", "archived": False} for at in range(150)]
    fake.add(hubspot_owner_id="149")
    fake.add(hubspot_owner_id=None)
    fake.add(hubspot_owner_id="gone")

    (page,) = connect("owner.email").pages()

    assert [each["owner"] and each["owner"]["email"] for each in page.records] == ["149@us.example", None, None]


def test_a_record_without_an_id_is_given_as_it_is(fake, connect):
    """Whoever syncs must see it, to say that it can't be written to."""
    fake.add()
    fake.add("companies", "9")
    fake.link("contacts", "501", "companies", "9", 1)
    nobody = {"properties": {"email": "x@a.example", "lastmodifieddate": "2026-11-01T00:00:00Z"}}
    fake.fail("objects/contacts", lambda handler: Answer(200, {"results": [nobody]}))

    (page,) = connect("properties.email", "associated_company.properties.name").pages()

    assert page.records[0]["properties"]["email"] == "x@a.example"
    assert page.records[0]["associated_company"] is None
