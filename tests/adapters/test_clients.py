"""The played servers speak as the vendors do: clients that others wrote for these find what our adapters find."""

from contextlib import suppress
from datetime import datetime

import pytest

import qualify
from tests.adapters.clients import asked, found_by
from tests.adapters.fake_crm import FakeCrm, all_records
from tests.adapters.thin import VENDORS, Vendor

SECRETS = {"odoo": "odoo-key", "marketo": "client-secret", "pipedrive": "token-0", "dynamics365": "token-0",
           "zoho": "refresh-secret"}  # fmt: skip


@pytest.fixture(params=VENDORS, ids=lambda vendor: vendor.name)
def vendor(request, monkeypatch):
    return request.param.signed_in(monkeypatch)


@pytest.fixture
def played(vendor):
    fake = vendor.fake([each | {vendor.stage: vendor.empty} for each in vendor.records()])
    fake.remembers = fake.takes_secrets_in_addresses = True
    with fake:
        yield fake


def read(vendor: Vendor, fake: FakeCrm):
    """What the adapter finds, by id."""
    names = sorted({key for record in fake.records for key in record})
    with qualify.adapter(vendor.name).connect(names, vendor.options_for(fake)) as connection:
        return {id_of(record): record for record in all_records(connection)}


def as_said(value: object) -> object:
    """A value as it is compared: Zoho's client makes moments of texts."""
    with suppress(ValueError):
        return datetime.fromisoformat(value) if isinstance(value, str) and "T" in value else value
    return value


def id_of(record) -> str:
    return str(record["leadid"] if "leadid" in record else record["id"])


def test_a_client_finds_the_records_that_the_adapter_finds(vendor, played):
    """Ours was written beside the played server; theirs was not."""
    theirs, ours = found_by(vendor.name, played.address, SECRETS[vendor.name]), read(vendor, played)

    assert theirs.keys() == ours.keys()
    for lead, record in theirs.items():
        assert {key: as_said(ours[lead].get(key)) for key in record} == {key: as_said(record[key]) for key in record}


def test_what_a_client_writes_the_adapter_reads(vendor, played):
    """And what one of both writes, the other one finds."""
    lead = id_of(played.records[0])

    theirs = found_by(vendor.name, played.address, SECRETS[vendor.name], {lead: {vendor.stage: "mql"}})

    assert theirs[lead][vendor.stage] == "mql"
    assert read(vendor, played)[lead][vendor.stage] == "mql"


REFUSED = {"odoo": "Wrong login ID or password", "marketo": "private", "pipedrive": "UnauthorizedError",
           "dynamics365": "401", "zoho": "INVALID"}  # fmt: skip


def test_a_client_knows_a_secret_that_is_refused_for_what_it_is(vendor, played):
    """A played refusal that no client understands would test nothing."""
    done = asked(vendor.name, played.address, "wrong", {})

    assert done.returncode != 0
    assert REFUSED[vendor.name] in done.stderr
