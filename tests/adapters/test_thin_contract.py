"""The adapters over a vendor's web API keep the contract that plugins are held to."""

import csv
import io
import json
from typing import Any

import pytest

from qualify.adapters.dynamics365 import Dynamics365Adapter
from qualify.adapters.marketo import MarketoAdapter
from qualify.adapters.odoo import OdooAdapter
from qualify.adapters.pipedrive import PipedriveAdapter
from qualify.adapters.zoho import ZohoAdapter
from qualify.testing import AdapterContract
from tests.adapters.fake_crm import DATA
from tests.adapters.fake_dynamics365 import FakeDataverse
from tests.adapters.fake_marketo import FakeMarketo
from tests.adapters.fake_odoo import FakeOdoo
from tests.adapters.fake_pipedrive import STAGE, FakePipedrive
from tests.adapters.fake_zoho import FakeZoho

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the vendors' records are not beside the repository")
LABEL = "@OData.Community.Display.V1.FormattedValue"


def rows(vendor: str, name: str, *way: str) -> list[dict[str, Any]]:
    """The rows of one of the vendor's files; none where there is no such file."""
    path = DATA / vendor / name
    if not path.exists():
        return []
    text = path.read_text(encoding="utf-8")
    found = list(csv.DictReader(io.StringIO(text))) if path.suffix == ".csv" else json.loads(text)
    for key in way:
        found = found[key]
    return found


def secrets(monkeypatch, adapter, **other: str) -> None:
    """Set what the adapter takes from the environment."""
    for name in adapter.secrets:
        monkeypatch.setenv(name, other.get(name, "secret"))


PERSONS = rows("pipedrive", "persons_v1.json", "data")
ORGANIZATIONS = rows("pipedrive", "organizations_v1.json", "data")
PIPEDRIVE = rows("pipedrive", "leads_v1.json", "data")
JOINED = [
    {
        **lead,
        "person": next((each for each in PERSONS if each["id"] == lead["person_id"]), None),
        "organization": next((each for each in ORGANIZATIONS if each["id"] == lead["organization_id"]), None),
        "owner": {"id": 25760681, "name": "Nango"},
    }
    for lead in PIPEDRIVE
]
IN_PIPEDRIVE = {
    "activities": [row | {"of_lead": "7", "done": True} for row in rows("pipedrive", "activities_v1.json", "data")],
    "deals": [
        row | {"of_lead": "7", "status": "won", "won_time": "2026-06-01 08:00:00"}
        for row in rows("pipedrive", "deals_v1.json", "data")
    ],
}
ZOHO = rows("zoho", "leads.json", "data")
IN_ZOHO = {
    "calls": [row | {"of_lead": "7"} for row in rows("zoho", "calls.json", "data")],
    "events": [row | {"of_lead": "7"} for row in rows("zoho", "events.json", "data")],
}
SAYING_MORE = (
    {},
    {"leadid": "0d14e658-25fb-4ccd-a51c-000000000001", "donotemail": True, f"donotemail{LABEL}": "Do Not Allow"},
    {"leadid": "0d14e658-25fb-4ccd-a51c-000000000002", "leadsourcecode": 8, f"leadsourcecode{LABEL}": "Web"},
)
DYNAMICS = [lead | more for lead in rows("dynamics365", "lead.json", "value") for more in SAYING_MORE]
IN_DYNAMICS = {"activities": [row | {"statecode": 1} for row in rows("dynamics365", "phonecall.json", "value")]}
MARKETO = rows("marketo", "leads_bulk_extract.csv")
IN_MARKETO = {
    source: [row | {"activityTypeId": kind} for row in rows("marketo", "activities.json", "result")]
    for source, kind in (("visits", 1), ("forms", 2), ("mails", 10), ("clicks", 11), ("unsubscribes", 9))
}
ODOO = [
    {"partner": None, "tags": [], "country": None, "create_date": False, **each}
    for each in rows("odoo", "crm_lead_demo_page.json", "records")
]
IN_ODOO = {
    "meetings": [{"id": 1, "start": "2026-08-01 09:00:00", "opportunity_id": [2, "Lead"]}],
    "outcomes": [row | {"won_status": "won", "expected_revenue": 40000.0} for row in ODOO[:1]],
}


class TestPipedrive(AdapterContract):
    """Leads as they come from a read: with their person, organization and owner."""

    adapter = PipedriveAdapter()
    records, happened = JOINED, IN_PIPEDRIVE
    changes = ({"custom": {"Qualify stage": "mql"}}, {"custom": {"Qualify stage": "sql"}})

    @pytest.fixture
    def source(self, monkeypatch):
        monkeypatch.setattr("qualify.adapters.pipedrive.connection.SIZE", 2)
        with FakePipedrive([{**lead, STAGE: None} for lead in PIPEDRIVE]) as fake:
            secrets(monkeypatch, self.adapter, PIPEDRIVE_API_TOKEN=fake.token)
            fake.persons, fake.organizations, fake.remembers = PERSONS, ORGANIZATIONS, True
            fake.activities, fake.deals = self.happened["activities"], self.happened["deals"]
            options = {"address": fake.address, "activities": "yes"}
            yield lambda properties: self.adapter.connect(properties, options)


class TestZoho(AdapterContract):
    """Leads, whose amounts are in shillings."""

    adapter = ZohoAdapter()
    records, happened = ZOHO, IN_ZOHO
    changes = ({"Qualify_Stage": "mql"}, {"Qualify_Stage": "sql"})

    @pytest.fixture
    def source(self, monkeypatch):
        with FakeZoho([each | {"Qualify_Stage": None} for each in self.records]) as fake:
            secrets(monkeypatch, self.adapter, ZOHO_REFRESH_TOKEN="refresh-secret")
            fake.calls = [each for each in self.happened["calls"] if each["$se_module"] == "Leads"]
            fake.remembers = True
            options = {"address": fake.address, "accounts": fake.address}
            yield lambda properties: self.adapter.connect(properties, options)


class TestDynamics365(AdapterContract):
    """The lead, and others of its kind that say more."""

    adapter = Dynamics365Adapter()
    records, happened = DYNAMICS, IN_DYNAMICS
    changes = ({"new_qualifystage": "mql"}, {"new_qualifystage": "sql"})
    new_property = "new_qualifycontract"

    @pytest.fixture
    def source(self, monkeypatch):
        with FakeDataverse([each | {"new_qualifystage": None} for each in self.records]) as fake:
            names = {"DYNAMICS365_TENANT_ID": "tenant-1", "DYNAMICS365_CLIENT_SECRET": "client-secret"}
            secrets(monkeypatch, self.adapter, **names)
            fake.activities, fake.remembers = self.happened["activities"], True
            options = {"address": fake.address, "login": fake.address}
            yield lambda properties: self.adapter.connect(properties, options)


class TestMarketo(AdapterContract):
    """Leads of the bulk extract, in which everything is text, played by REST."""

    adapter = MarketoAdapter()
    records, happened = MARKETO, IN_MARKETO
    changes = ({"qualifyStage": "mql"}, {"qualifyStage": "sql"})

    @pytest.fixture
    def source(self, monkeypatch):
        with FakeMarketo([each | {"id": int(each["id"]), "qualifyStage": "null"} for each in self.records]) as fake:
            secrets(monkeypatch, self.adapter, MARKETO_CLIENT_SECRET="client-secret")
            fake.changes, fake.remembers = [each["id"] for each in fake.records], True
            fake.activities = [row for each in self.happened.values() for row in each]
            options = {"address": fake.address, "since": "2026-01-01", "activities": "2023-01-01"}
            yield lambda properties: self.adapter.connect(properties, options)


class TestOdoo(AdapterContract):
    """Leads with false wherever nothing is known."""

    adapter = OdooAdapter()
    records, happened = ODOO, IN_ODOO
    changes = ({"x_qualify_stage": "mql"}, {"x_qualify_stage": "sql"})
    new_property = "x_qualify_contract"

    @pytest.fixture(params=["json-2", "json-rpc"])
    def source(self, request, monkeypatch):
        monkeypatch.setattr("qualify.adapters.odoo.connection.SIZE", 6)  # all twenty have one moment
        beside = {"x_qualify_stage": False, "tag_ids": [], "country_id": False, "partner_id": False}
        with FakeOdoo([{**each, **beside} for each in self.records]) as fake:
            secrets(monkeypatch, self.adapter, ODOO_API_KEY="odoo-key")
            fake.models["calendar.event"], fake.remembers = self.happened["meetings"], True
            options = {"address": fake.address, "database": "acme", "user": "demo", "api": request.param}
            yield lambda properties: self.adapter.connect(properties, options)
