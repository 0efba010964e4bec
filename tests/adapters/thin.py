"""The five vendors whose web APIs are reached by our own transport, as tests play them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.adapters.fake_crm import FakeCrm, sample
from tests.adapters.fake_dynamics365 import FakeDataverse
from tests.adapters.fake_marketo import FakeMarketo
from tests.adapters.fake_odoo import FakeOdoo
from tests.adapters.fake_pipedrive import STAGE, FakePipedrive
from tests.adapters.fake_zoho import FakeZoho


@dataclass(frozen=True)
class Vendor:
    """How one vendor is played."""

    name: str
    fake: Callable[[list[dict[str, Any]]], FakeCrm]
    records: Callable[[], list[dict[str, Any]]]
    stage: str
    empty: object
    target: str
    secrets: dict[str, str]
    options: dict[str, str]

    def signed_in(self, monkeypatch: pytest.MonkeyPatch) -> "Vendor":
        """The same, with its secrets in the environment of a test."""
        for name, value in self.secrets.items():
            monkeypatch.setenv(name, value)
        return self

    def options_for(self, fake: FakeCrm) -> dict[str, str]:
        """What is said when connecting to it."""
        options = {key: fake.address if value == "ADDRESS" else value for key, value in self.options.items()}
        return {**options, "address": fake.address, "timeout": "0.4"}


VENDORS = [
    Vendor(
        "pipedrive", FakePipedrive, lambda: sample("pipedrive", "leads_v1.json")["data"], STAGE, None,
        "custom.Qualify stage", {"PIPEDRIVE_API_TOKEN": "token-0"}, {},
    ),
    Vendor(
        "zoho", FakeZoho, lambda: sample("zoho", "leads.json")["data"], "Qualify_Stage", None, "Qualify_Stage",
        {"ZOHO_CLIENT_ID": "c", "ZOHO_CLIENT_SECRET": "s", "ZOHO_REFRESH_TOKEN": "refresh-secret"},
        {"accounts": "ADDRESS"},
    ),
    Vendor(
        "dynamics365", FakeDataverse,
        lambda: [
            sample("dynamics365", "lead.json")["value"][0] | {"leadid": f"0d14e658-25fb-4ccd-a51c-00000000000{at}"}
            for at in range(7)
        ],
        "new_qualifystage", None, "new_qualifystage",
        {
            "DYNAMICS365_TENANT_ID": "tenant-1", "DYNAMICS365_CLIENT_ID": "c",
            "DYNAMICS365_CLIENT_SECRET": "client-secret",
        },
        {"login": "ADDRESS"},
    ),
    Vendor(
        "marketo", FakeMarketo, lambda: sample("marketo", "leads.json"), "qualifyStage", None, "qualifyStage",
        {"MARKETO_CLIENT_ID": "c", "MARKETO_CLIENT_SECRET": "client-secret"}, {"list": "7"},
    ),
    Vendor(
        "odoo", FakeOdoo,
        lambda: [each | {"create_date": False} for each in sample("odoo", "crm_lead_demo_page.json")["records"]],
        "x_qualify_stage", False, "x_qualify_stage", {"ODOO_API_KEY": "odoo-key"},
        {"database": "acme", "user": "demo", "activities": "no"},
    ),
]  # fmt: skip
