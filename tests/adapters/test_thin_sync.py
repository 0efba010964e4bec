"""A whole sync over each of the five, on a bad day: whatever goes wrong on the way, it ends as on a good one."""

import json
from typing import Any

import pytest

import qualify
from qualify.adapters import loads_mapping
from qualify.sync import sync_leads
from tests.adapters.fake_crm import FakeCrm
from tests.adapters.fake_dynamics365 import FakeDataverse
from tests.adapters.thin import VENDORS, Vendor

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
[stages.mql]
requires.marketing = "reachable"
""")
BAD_DAY = ["fail", "cut", "throttle", "hang", "expire", "fail", "cut", "throttle"]


@pytest.fixture(params=VENDORS, ids=lambda vendor: vendor.name)
def vendor(request, monkeypatch):
    return request.param.signed_in(monkeypatch)


def played(vendor: Vendor) -> FakeCrm:
    """The vendor with its records, none of which has a stage."""
    fake = vendor.fake([each | {vendor.stage: vendor.empty} for each in vendor.records()])
    fake.remembers = True
    return fake


def synced(vendor: Vendor, fake: FakeCrm, **more: Any):
    """The report of one sync."""
    more.setdefault(
        "mapping",
        loads_mapping(f'extends = "{vendor.name}"\nwithout = ["write"]\n[write]\nstage = {json.dumps(vendor.target)}'),
    )
    said = {"options": vendor.options_for(fake), "sleep": lambda seconds: None}
    return sync_leads(DEFINITION, vendor.name, **said, **more)


def stages(vendor: Vendor, fake: FakeCrm) -> list[object]:
    return [each[vendor.stage] for each in fake.records]


def test_every_lead_gets_its_stage_and_a_second_sync_writes_nothing(vendor):
    """What stands there already is not written again, or every night would change every record."""
    with played(vendor) as fake:
        first = synced(vendor, fake)
        written = len(fake.written)
        second = synced(vendor, fake)

    assert set(stages(vendor, fake)) == {"mql"}
    assert (first.written, first.refused, first.rejected) == (written, 0, 0)
    assert (second.written, len(fake.written)) == (0, written)


def test_a_bad_day_ends_as_a_good_one(vendor, tmp_path):
    """Failures, cut connections, limits, hanging and a token that runs out, one after the other."""
    with played(vendor) as fake:
        fake.troubles += [each for each in BAD_DAY if each != "expire" or vendor.name not in ("pipedrive", "odoo")]
        report = synced(vendor, fake, state=tmp_path / "state.json")

    assert not fake.troubles
    assert report.finished
    assert set(stages(vendor, fake)) == {"mql"}
    assert sum(report.troubles.values()) >= 7


def test_one_record_that_is_refused_stops_no_other(vendor):
    """It is told, with what the source says of it."""
    with played(vendor) as fake:
        key = fake.key if isinstance(fake, FakeDataverse) else "id"
        refused = str(fake.records[1][key])
        fake.refusals[refused] = "400 Bad Request/0x1" if isinstance(fake, FakeDataverse) else "INVALID_DATA"
        report = synced(vendor, fake)

    assert report.refused == 1
    assert [each[vendor.stage] == "mql" for each in fake.records].count(False) == 1


def test_nothing_private_is_in_a_state_file_or_a_count_of_troubles(vendor, tmp_path):
    """A state file is copied about, and a report printed."""
    state = tmp_path / "state.json"
    with played(vendor) as fake:
        fake.troubles += ["fail", "throttle"]
        report = synced(vendor, fake, state=state)

    said = state.read_text(encoding="utf-8") + " ".join(report.troubles) + " ".join(report.notes)
    for secret in ("private", "example", *vendor.secrets.values()):
        assert len(secret) < 3 or secret not in said
