"""Dynamics 365: every column with its label, defaults that nobody chose, a flag whose label says the opposite."""

from datetime import UTC, datetime

import pytest

from qualify.adapters import NewProperty, Update
from qualify.adapters.dynamics365 import Dynamics365Adapter
from qualify.adapters.making import NotMade
from qualify.errors import AdapterError
from qualify.mapping import loads_mapping
from tests.adapters.fake_crm import KINDS, all_records, last_cursor, sample, trouble_of
from tests.adapters.fake_dynamics365 import FakeDataverse

LABEL = "@OData.Community.Display.V1.FormattedValue"
IDS = [f"0d14e658-25fb-4ccd-a51c-6263832c72f{each}" for each in "0123456789"]


@pytest.fixture
def dynamics(monkeypatch):
    lead = sample("dynamics365", "lead.json")["value"][0]
    leads = [lead | {"leadid": each, "modifiedon": f"2024-01-0{at + 1}T02:06:15Z"} for at, each in enumerate(IDS[:5])]
    with FakeDataverse(leads) as fake:
        monkeypatch.setenv("DYNAMICS365_TENANT_ID", "tenant-1")
        monkeypatch.setenv("DYNAMICS365_CLIENT_ID", "client")
        monkeypatch.setenv("DYNAMICS365_CLIENT_SECRET", "client-secret")
        yield fake


@pytest.fixture
def adapter():
    return Dynamics365Adapter()


@pytest.fixture
def connect(adapter, dynamics):
    def connect(*more: str, **options: str):
        given = {"address": dynamics.address, "login": dynamics.address, "timeout": "0.4", **options}
        return adapter.connect([*adapter.mapping.sources, *more], given)

    return connect


# The vendor's records


def test_the_lead_becomes_a_lead(adapter):
    """A real row of 150 columns, most of them null."""
    lead = adapter.mapping.lead(sample("dynamics365", "lead.json")["value"][0])

    assert (lead.id, lead.last_name, lead.company) == ("0d14e658-25fb-4ccd-a51c-6263832c72fe", "Person", "Deskpro")
    assert (lead.domain, lead.lead_status, lead.email) == ("a.b.com", "Open", None)
    assert lead.created_at == datetime(2024, 1, 7, 23, 25, tzinfo=UTC)


def test_contacts_become_leads_by_the_columns_that_were_asked_for(adapter):
    """A page of four columns: what wasn't asked for is unknown, an opt-out too."""
    leads = [adapter.mapping.lead(row) for row in sample("dynamics365", "contacts_page.json")["value"]]

    assert [lead.email for lead in leads] == ["heriberto@northwindtraders.com", "dwayne@alpineskihouse.com"]
    assert [lead.opted_out for lead in leads] == [None, None]


def test_text_in_a_column_of_choices_is_read_and_costs_nothing(adapter):
    """Somebody's import wrote "Partner" where a number belongs."""
    record = sample("dynamics365", "lead.json")["value"][0]

    assert adapter.mapping.values(record)["source"] == "Partner"
    assert adapter.mapping.values(record | {"leadsourcecode": 8, f"leadsourcecode{LABEL}": "Web"})["source"] == "Web"
    assert adapter.mapping.values(record | {"numberofemployees": "a few"})["employees"] is None


@pytest.mark.parametrize(
    ("said", "opted_out"),
    [
        ({"donotemail": False, "donotbulkemail": False, "msdyn_gdproptout": False}, False),
        ({"donotemail": False, "donotbulkemail": True, "msdyn_gdproptout": False}, True),
        ({"donotemail": False, "donotbulkemail": False, "msdyn_gdproptout": True}, True),
        ({"donotemail": False, f"donotemail{LABEL}": "Allow", "donotbulkemail": False}, None),
        ({"donotemail": True, f"donotemail{LABEL}": "Do Not Allow"}, True),
        ({"donotemail": None, "donotbulkemail": False, "msdyn_gdproptout": False}, None),
    ],
)
def test_one_yes_of_three_is_an_opt_out_and_its_label_is_not_asked(adapter, said, opted_out):
    """The label of no is "Allow": whoever reads labels mails those who said no."""
    assert adapter.mapping.values({"leadid": "1", **said})["opted_out"] is opted_out


def test_a_box_that_nobody_ticked_is_no_answer(adapter):
    """`decisionmaker` is false on every lead from the moment that it is made."""
    record = sample("dynamics365", "lead.json")["value"][0]

    assert record["decisionmaker"] is False
    assert adapter.mapping.values(record)["authority_confirmed"] is None
    assert adapter.mapping.values(record | {"decisionmaker": True})["authority_confirmed"] is True


def test_no_default_that_nobody_chose_is_a_fact(adapter):
    """Rating, contact method, stage and priority are all 1 or 2 on a lead that nobody touched."""
    record = sample("dynamics365", "lead.json")["value"][0]
    touched = {"leadqualitycode", "preferredcontactmethodcode", "salesstagecode", "prioritycode", "followemail"}

    assert touched <= {key for key, value in record.items() if value is not None}
    assert touched <= set(adapter.mapping.unused(record))


def test_money_is_in_the_currency_of_its_row(adapter):
    """A column says which, by a lookup; its formatted value is for people."""
    in_euro = loads_mapping(adapter.mapping_text.replace('currency = "USD"', 'currency = "EUR"'))
    row = {"leadid": "1", "revenue": 5000.5, f"revenue{LABEL}": "€5.000,50"}
    row["transactioncurrencyid"] = {"isocurrencycode": "EUR"}

    assert in_euro.values(row)["annual_revenue"] == 5000.5
    assert adapter.mapping.values(row)["annual_revenue"] is None


def test_a_call_that_was_only_planned_has_not_happened(adapter):
    """Half an hour of it stands in the row, and nobody called."""
    row = sample("dynamics365", "phonecall.json")["value"][0]

    assert row["actualdurationminutes"] == 30
    assert adapter.mapping.activity(row, of="activities") is None
    lead, call = adapter.mapping.activity(row | {"statecode": 1}, of="activities")
    assert (lead, call["type"]) == ("80ac35a0-01af-ea11-a812-000d3a8b3ec6", "call")


# Reading


def test_all_pages_are_read_by_the_links_that_are_given(connect):
    """They are opaque, and percent-encoded already."""
    assert [row["leadid"] for row in all_records(connect())] == IDS[:5]


def test_only_columns_are_asked_for_that_the_table_has(connect, dynamics):
    """One name that isn't there refuses the whole query; a contact's columns aren't on a lead."""
    all_records(connect())

    selected = next(each for each in dynamics.requests if each.path.endswith("/leads")).query
    assert {"donotemail", "_ownerid_value", "leadid"} <= set(selected["$select"].split(","))
    assert not {"contactid", "_parentcustomerid_value", "new_qualifystage"} & set(selected["$select"].split(","))
    assert not [each for each in selected["$select"].split(",") if "@" in each or "." in each]
    assert selected["$expand"] == "transactioncurrencyid($select=isocurrencycode)"


def test_a_later_read_gives_what_changed_since(connect, dynamics):
    """And the last one again, since another may have changed in its second."""
    cursor = last_cursor(connect())
    dynamics.records[1]["modifiedon"] = "2024-02-01T00:00:00Z"

    assert [row["leadid"] for row in all_records(connect(), cursor)] == [IDS[4], IDS[1]]


@pytest.mark.parametrize("link", ["http://127.0.0.1:9/api/data/v9.2/leads?$skiptoken=2", "repeat"])
def test_a_link_elsewhere_or_in_a_circle_is_an_error(connect, dynamics, link):
    """It would be sent the token, or be read for ever."""
    dynamics.link = f"{dynamics.address}/api/data/v9.2/leads?$skiptoken=2" if link == "repeat" else link

    with pytest.raises(AdapterError, match=r"on another host|again and again"):
        all_records(connect())


def test_a_cursor_of_another_kind_is_refused(connect):
    """It is put into a query."""
    with pytest.raises(AdapterError, match="read everything"):
        all_records(connect(), "1 or true")


def test_activities_are_asked_for_by_what_they_are_about(connect, dynamics):
    """Fifty at a time."""
    call = sample("dynamics365", "phonecall.json")["value"][0] | {"_regardingobjectid_value": IDS[1]}
    dynamics.activities = [call, call | {"_regardingobjectid_value": IDS[9]}]

    assert [each.row for each in connect().happenings(dynamics.records)] == [call]
    assert connect(activities="no").happenings(dynamics.records) is None


# Writing


def test_many_rows_are_written_by_one_request_and_answered_one_by_one(connect, dynamics):
    """A batch that stops at its first error would leave the rest unwritten, and unsaid."""
    dynamics.refusals[IDS[1]] = "404 Not Found/0x80040217"

    answers = connect().write([Update(each, {"new_qualifystage": "mql"}) for each in IDS[:3]])

    assert [answer.refused for answer in answers] == [None, "HTTP 404: 0x80040217: no such lead", None]
    assert dynamics.written == [(IDS[0], {"new_qualifystage": "mql"}), (IDS[2], {"new_qualifystage": "mql"})]
    assert len([each for each in dynamics.requests if each.path.endswith("$batch")]) == 1


def test_a_part_of_a_batch_that_asks_to_wait_is_trouble(connect, dynamics):
    """Written again, the others are as they were."""
    dynamics.refusals[IDS[1]] = "429 Too Many Requests/0x80072322"

    found = trouble_of(lambda: connect().write([Update(each, {"new_qualifystage": "mql"}) for each in IDS[:3]]))

    assert found.wait == 9


def test_columns_of_every_kind_are_made(connect, dynamics):
    """With labels in the environment's own language, without which Dataverse takes none."""
    wanted = [
        NewProperty("jobtitle", "Job title", "text"),
        *(NewProperty(f"new_qualify{n}", f"Qualify: {n}", kind) for n, kind in enumerate(KINDS)),
    ]
    connection = connect()

    assert [each.name for each in connection.missing(wanted)] == [each.name for each in wanted[1:]]
    connection.create(wanted)

    assert [column["AttributeType"] for column in dynamics.made.values()] == [
        "String", "Memo", "Decimal", "Boolean", "DateTime", "DateTime",
    ]  # fmt: skip
    assert connection.missing(wanted) == []


def test_columns_are_made_in_the_solution_that_is_named(connect, dynamics):
    """There they have its publisher's prefix, and go with it to other environments."""
    wanted = [NewProperty("acme_qualifystage", "Stage", "text")]

    with pytest.raises(NotMade, match=r"did not make acme_qualifystage \(0x80044363: .*prefix of a publisher"):
        connect().create(wanted)
    connect(solution="acme").create(wanted)

    assert list(dynamics.made) == ["acme_qualifystage"]


def test_a_column_that_gets_another_name_is_told(connect, dynamics):
    """Dataverse writes names in small letters: what is written to the other name would be refused."""
    with pytest.raises(
        NotMade, match=r"new_QualifyStage \(it says that it made it, and doesn't have it under this name"
    ):
        connect().create([NewProperty("new_QualifyStage", "Stage", "text")])


# Trouble


def test_a_token_that_ran_out_is_renewed(connect, dynamics):
    """In the middle of the pages, too."""
    pages = connect().pages()
    read = list(next(pages).records)
    dynamics.expire()

    read += [row for page in pages for row in page.records]

    assert len(read) == 5


def test_a_secret_that_is_wrong_is_an_error_without_it(connect, monkeypatch):
    """The login's own word says what is wrong, and nothing else of its answer is shown."""
    monkeypatch.setenv("DYNAMICS365_CLIENT_SECRET", "private-secret")

    with pytest.raises(AdapterError, match=r"the token is not taken.*invalid_client") as caught:
        all_records(connect())

    assert "private" not in repr(caught.value)


def test_dynamics_says_how_long_to_wait(connect, dynamics):
    """Its limits are over five minutes."""
    dynamics.troubles += ["throttle"]

    assert trouble_of(lambda: all_records(connect())).wait == 7
