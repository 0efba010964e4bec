"""Whole syncs of a HubSpot account: contacts judged with their companies and activities, verdicts written back."""

import random
from datetime import UTC, datetime, timedelta

import pytest

import qualify
from qualify.sync import sync_leads
from tests.adapters.hubspot.fake_hubspot import TOKEN, answers, cut, done_but_cut, throttled

pytest.importorskip("tenacity", reason="tenacity is not installed")
AS_OF = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
DEFINITION = qualify.loads("""
format = 1
name = "Print shops"
version = "1"
[teams]
marketing = "Marketing"
sales = "Sales"
[traits.prints]
team = "marketing"
when = 'industry == "Printing"'
why = "We know that business."
[traits.no_mail]
team = "marketing"
when = "opted_out"
why = "We keep our word."
[traits.called]
team = "sales"
when = 'count(call where result == "Connected") >= 1'
why = "Somebody has talked with them."
[scores.fit.points]
prints = 20
[stages.mql]
disqualified_by = ["no_mail"]
requires.marketing = "prints"
[stages.sql]
requires.sales = "called"
""")


@pytest.fixture
def account(fake):
    """Contacts of printers and bakers, one of them called, one opted out, one a customer already."""
    fake.read_only |= dict.fromkeys(
        ["hs_calculated_form_submissions", "hs_analytics_num_page_views", "hs_lead_status", "notes_last_updated"], True
    )
    for id, industry in (("91", "PRINTING"), ("92", "FOOD_PRODUCTION")):
        fake.add("companies", id, name=id, industry=industry)
    for at in range(120):
        contact = fake.add(email=f"{at}@a.example", lifecyclestage="lead")
        fake.link("contacts", contact, "companies", "91" if at % 2 == 0 else "92", 1)
    fake.contact("503")["hs_email_optout"] = "true"
    fake.contact("505")["lifecyclestage"] = "customer"
    fake.link("contacts", "501", "calls", "7")
    connected = "f240bbac-87c9-4f6e-bf70-924b57d47db7"
    fake.add(
        "calls", "7", hs_timestamp="2026-11-20T10:00:00Z", hs_call_status="COMPLETED", hs_call_disposition=connected
    )
    return fake


@pytest.fixture
def sync(account, address, monkeypatch):
    """Syncs the account with itself."""
    pytest.importorskip("hubspot", reason="hubspot-api-client is not installed")
    monkeypatch.setenv("HUBSPOT_ACCESS_TOKEN", TOKEN)

    def run(**said):
        return sync_leads(
            DEFINITION,
            "hubspot",
            options={"host": address, "timeout": "10"},
            as_of=AS_OF,
            setup=True,
            sleep=lambda seconds: None,
            **said,
        )

    return run


def written(fake):
    """What each contact says of its verdict."""
    names = ("lifecyclestage", "qualify_stage", "qualify_score_fit")
    return {id: tuple(each["properties"].get(name) for name in names) for id, each in fake.objects["contacts"].items()}


def test_verdicts_stand_in_the_contacts_afterwards(account, sync):
    """The whole way, with HubSpot's own client on it."""
    report = sync()

    found = written(account)
    assert report.judged == 120
    assert found["501"] == ("salesqualifiedlead", "sql", "20")
    assert found["502"] == ("lead", None, "0")
    assert found["507"] == ("marketingqualifiedlead", "mql", "20")
    assert found["503"][0] == "lead", "nobody who opted out is moved forward"
    assert found["505"] == ("customer", "mql", "20"), "a stage never moves backward"
    assert "known business" not in str(account.contact("501")["qualify_reason"])
    assert account.contact("501")["qualify_digest"] == DEFINITION.digest


def test_a_second_sync_writes_nothing(account, sync):
    """HubSpot says numbers and moments in its own way: they are the same all the same."""
    sync()
    once = len(account.paths("batch/update"))

    report = sync()

    assert report.written == 0
    assert len(account.paths("batch/update")) == once


def test_a_dry_run_asks_and_writes_nothing(account, sync):
    """It may be tried on the real account."""
    before = written(account)

    sync(dry_run=True)

    assert written(account) == before
    assert account.definitions == {}


def test_a_later_sync_reads_what_changed_alone(account, sync, tmp_path):
    """Nightly."""
    for contact in account.objects["contacts"].values():
        contact["properties"]["lastmodifieddate"] = "2026-11-01T00:00:00.000Z"
    sync(state=tmp_path / "state")
    account.now += timedelta(hours=1)
    sync(state=tmp_path / "state")  # what the first one wrote has changed by that
    account.now += timedelta(hours=2)
    account.add(email="new@a.example")

    report = sync(state=tmp_path / "state")

    assert report.read == 1
    assert "a.example" not in (tmp_path / "state").read_text()


@pytest.mark.parametrize("seed", range(5))
def test_a_bad_day_ends_like_a_good_one(account, sync, seed):
    """Throttled, cut off, broken at random places: the same verdicts in the same contacts."""
    pick = random.Random(seed)
    for where in ("objects/contacts", "associations", "companies/batch/read", "properties", "batch/update", "calls"):
        ways = [throttled("1"), answers(500), answers(502, "<html>"), cut, done_but_cut]
        for way in pick.sample(ways, 2):
            account.fail(where, way)

    report = sync()

    assert account.faults == []
    assert report.judged == 120
    assert written(account)["501"] == ("salesqualifiedlead", "sql", "20")
    assert sum(stage == "mql" for _, stage, _ in written(account).values()) == 58
