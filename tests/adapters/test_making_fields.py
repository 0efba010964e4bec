"""`qualify sync --setup` over each of the five: it makes what is missing once, and tells what it may not make."""

from typing import Any

import pytest

import qualify
from qualify.adapters import NewProperty, loads_mapping
from qualify.adapters.making import NotMade
from qualify.errors import AdapterError
from qualify.sync import Sync, sync_leads
from tests.adapters.fake_crm import FakeCrm, trouble_of
from tests.adapters.thin import VENDORS, Vendor
from tests.cli import command

DEFINITION = qualify.loads("""
format = 1
name = "Reachable"
version = "1"
[teams]
marketing = "Marketing"
[traits.reachable]
team = "marketing"
when = 'owner is known or created_at is known or email is known'
why = "Somebody can be asked."
[scores.fit.points]
reachable = 20
[stages.mql]
requires.marketing = "reachable"
""")
PARTS = {
    "pipedrive": ("custom.Qualify stage", "custom.Qualify digest", "custom.Qualify as of", "custom.Qualify score fit"),
    "zoho": ("Qualify_Stage", "Qualify_Digest", "Qualify_As_Of", "Qualify_Score_fit"),
    "dynamics365": ("new_qualifystage", "new_qualifydigest", "new_qualifyasof", "new_qualifyscore_fit"),
    "marketo": ("qualifyStage", "qualifyDigest", "qualifyAsOf", "qualifyScore_fit"),
    "odoo": ("x_qualify_stage", "x_qualify_digest", "x_qualify_as_of", "x_qualify_score_fit"),
}
"""What each adapter's own mapping writes, without the long texts, which Marketo's API can't make."""


@pytest.fixture(params=VENDORS, ids=lambda vendor: vendor.name)
def vendor(request, monkeypatch):
    return request.param.signed_in(monkeypatch)


@pytest.fixture
def fake(vendor):
    """The vendor with its records, and none of the fields."""
    with vendor.fake(vendor.records()) as fake:
        fake.remembers = True
        if hasattr(fake, "fields"):
            fake.fields = [each for each in fake.fields if each["field_name"] != "Qualify stage"]
        yield fake


def said(vendor: Vendor, fake: FakeCrm, **more: Any) -> dict[str, Any]:
    """How the vendor is synced: by its own mapping."""
    long = ["write.reason", "write.reasons", "write.missing"]
    mapping = loads_mapping(f'extends = "{vendor.name}"\nwithout = {long}')
    return {"mapping": mapping, "options": vendor.options_for(fake), "sleep": lambda seconds: None, **more}


def makes(fake: FakeCrm) -> int:
    """How many times it was asked to make a field."""
    paths = ("dealFields", "settings/fields", "/Attributes", "schema/fields.json", "ir.model.fields/create")
    return len([each for each in fake.requests if each.method == "POST" and each.path.endswith(paths)])


def test_a_dry_run_lists_what_it_would_make_and_makes_nothing(vendor, fake):
    """Fields show up for everybody: who runs it wants to see them first."""
    report = sync_leads(DEFINITION, vendor.name, **said(vendor, fake, setup=True, dry_run=True))

    assert sorted(report.created) == sorted(PARTS[vendor.name])
    assert report.written == len(fake.records)
    assert (fake.made, fake.written, makes(fake)) == ({}, [], 0)


def test_a_dry_run_tells_what_a_person_has_to_make(monkeypatch):
    """Marketo's API makes no text areas: better known before than after."""
    [marketo] = [each for each in VENDORS if each.name == "marketo"]
    marketo.signed_in(monkeypatch)
    with marketo.fake(marketo.records()) as fake:
        report = sync_leads(DEFINITION, "marketo", dry_run=True, options=marketo.options_for(fake))

    assert sorted(report.created) == sorted(PARTS["marketo"])
    assert report.notes == ["to be made by hand, before a sync: qualifyReason, qualifyReasonCodes, qualifyMissing"]


def test_setup_makes_the_fields_and_the_same_sync_fills_them(vendor, fake):
    """One command for whoever begins."""
    report = sync_leads(DEFINITION, vendor.name, **said(vendor, fake, setup=True))

    assert sorted(report.created) == sorted(PARTS[vendor.name])
    assert len(fake.made) == 4
    assert (report.written, report.refused) == (len(fake.records), 0)
    assert all({"mql", 20} <= {each[name] for name in fake.made} for each in fake.records)


def test_a_second_setup_makes_and_writes_nothing(vendor, fake):
    """Somebody will leave the option in the nightly job."""
    sync_leads(DEFINITION, vendor.name, **said(vendor, fake, setup=True))
    asked, written = makes(fake), len(fake.written)
    report = sync_leads(DEFINITION, vendor.name, **said(vendor, fake, setup=True))

    assert (report.created, report.written) == ([], 0)
    assert (makes(fake), len(fake.written)) == (asked, written)


def test_without_setup_the_missing_fields_are_named_and_nothing_is_made(vendor, fake):
    """Reading leads must not change an account."""
    with pytest.raises(AdapterError, match="make what is missing with --setup"):
        sync_leads(DEFINITION, vendor.name, **said(vendor, fake))

    assert (fake.made, fake.written) == ({}, [])


def test_an_answer_that_is_lost_makes_no_field_twice(vendor, fake):
    """The field was made, and nobody heard of it: the next try finds it there."""
    fake.loses_an_answer = True

    report = sync_leads(DEFINITION, vendor.name, **said(vendor, fake, setup=True))

    assert sorted(report.created) == sorted(PARTS[vendor.name])
    assert (len(fake.made), makes(fake)) == (4, 4)


def test_who_may_not_make_fields_is_told_so_with_the_vendors_words(vendor, fake):
    """An administrator has to be asked, and wants to know what for."""
    fake.may_make_fields = False
    sync = Sync(DEFINITION, vendor.name, **said(vendor, fake, setup=True))

    with pytest.raises(NotMade) as caught:
        sync.run()

    words = {
        "pipedrive": "Scope and URL mismatch: see the docs: HTTP 403",
        "zoho": "NO_PERMISSION: permission denied: HTTP 403",
        "dynamics365": "missing prvCreateAttribute privilege: HTTP 403",
        "marketo": "603: Access denied",
        "odoo": "AccessError: You are not allowed to create",
    }
    assert str(caught.value).startswith(f"{vendor.name} did not make ")
    assert words[vendor.name] in str(caught.value)
    assert str(caught.value).count(words[vendor.name]) == 1  # not once for each
    assert all(name in str(caught.value) for name in PARTS[vendor.name])
    assert "By hand: " in str(caught.value)
    assert (sync.report.created, fake.made, fake.written) == ([], {}, [])


def test_one_that_is_refused_stops_no_other_and_is_told(vendor, fake):
    """What could be made is made and named; nothing is written before all are there."""
    refused = PARTS[vendor.name][1]
    fake.fields_refused = {refused.removeprefix("custom.")}
    sync = Sync(DEFINITION, vendor.name, **said(vendor, fake, setup=True))

    with pytest.raises(NotMade, match=f"made .*, but not {refused} .*no room for another") as caught:
        sync.run()

    assert caught.value.left == (refused,)
    assert sorted([*sync.report.created, refused]) == sorted(PARTS[vendor.name])
    assert (len(fake.made), fake.written) == (3, [])

    fake.fields_refused = set()
    assert sync_leads(DEFINITION, vendor.name, **said(vendor, fake, setup=True)).created == [refused]


def test_the_command_says_what_it_made_before_it_says_what_not(tmp_path, monkeypatch):
    """What was made stays: whoever reads the error wants to know what the account has now."""
    [zoho] = [each for each in VENDORS if each.name == "zoho"]
    zoho.signed_in(monkeypatch)
    (tmp_path / "reachable.json").write_text(DEFINITION.to_json(), encoding="utf-8")
    (tmp_path / "own.toml").write_text(
        'extends = "zoho"\nwithout = ["write.reason", "write.reasons"]', encoding="utf-8"
    )
    with zoho.fake(zoho.records()) as fake:
        fake.fields_refused = {"Qualify_As_Of"}
        options = [word for each in zoho.options_for(fake).items() for word in ("--option", "=".join(each))]
        words = ("sync", "reachable.json", "--from", "zoho", "-m", "own.toml", "--setup", *options)
        done = command.qualify(*words, folder=tmp_path, columns=120)

    made, error = done.err.splitlines()[0], " ".join(done.err.split())
    assert (done.code, done.out) == (1, "")
    assert made == "made Qualify_Stage, Qualify_Missing, Qualify_Digest and 1 more"
    assert "but not Qualify_As_Of (LIMIT_EXCEEDED: no room for another: HTTP 400). By hand: Setup, Modules" in error
    assert fake.written == []


def test_trouble_while_making_is_tried_again_by_the_sync(vendor, fake):
    """A limit of requests is no refusal."""
    connection = qualify.adapter(vendor.name).connect((), vendor.options_for(fake))
    [new] = [NewProperty(path.rpartition(".")[2], "Stage", "text", path=path) for path in PARTS[vendor.name][:1]]
    connection.missing([new])
    fake.troubles += ["throttle"]

    assert trouble_of(lambda: connection.create([new])).wait is not None
    connection.create([new])
    connection.create([new])

    assert (len(fake.made), connection.missing([new])) == (1, [])
