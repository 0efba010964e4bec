"""HubSpot's adapter keeps the contract that every stranger's is held to."""

import json
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from qualify.adapters.hubspot import HubSpotAdapter
from qualify.testing import AdapterContract
from tests.adapters.hubspot.fake_hubspot import TOKEN, FakeHubSpot, serving

RECORDS = Path(__file__).resolve().parents[4] / "shared" / "data" / "crm" / "hubspot"


def published(name):
    """A page of published records; none where they are not here."""
    path = RECORDS / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8"))["results"] if path.exists() else []


CONTACTS = published("contacts_page") or [
    {
        "id": str(501 + at),
        "properties": {"email": f"{at}@a.example", "createdate": "2026-02-25T16:23:49.023Z", "hs_email_optout": None},
        "createdAt": "2026-02-25T16:23:49.023Z",
        "updatedAt": "2026-02-25T16:23:49.023Z",
        "archived": False,
    }
    for at in range(3)
]


WHOSE = {"associations": {"contacts": {"results": [{"id": CONTACTS[0]["id"]}, {"id": CONTACTS[1]["id"]}]}}}
AT = {"hs_timestamp": "2026-11-20T10:00:00Z"}
HAPPENED = {
    "calls": [{**WHOSE, "properties": {**AT, "hs_call_status": "COMPLETED"}}],
    "meetings": [{**WHOSE, "properties": {**AT, "hs_meeting_outcome": "COMPLETED"}}],
    "emails": [{**WHOSE, "properties": {**AT, "hs_email_status": "SENT", "hs_email_direction": "EMAIL"}}],
    "tasks": [*published("tasks_page"), {**WHOSE, "properties": {**AT, "hs_task_status": "COMPLETED"}}],
    "deals": [
        *published("deals_page"),
        {**WHOSE, "properties": {"dealstage": "closedwon", "closedate": "2026-11-20T10:00:00Z", "amount": "5000.00"}},
    ],
    "forms": [{"contactId": CONTACTS[0]["id"], "formId": "f", "formName": "Demo", "submittedAt": "1773300826615"}],
    "page_views": [
        *published("events_visited_page"),
        {
            "objectId": CONTACTS[0]["id"],
            "occurredAt": "2026-11-20T10:00:00Z",
            "properties": {"hs_url": "https://a.example"},
        },
    ],
}


class TestHubSpot(AdapterContract):
    """What is asked of every adapter of a system of records."""

    adapter = HubSpotAdapter()
    records = CONTACTS
    happened = HAPPENED
    changes = ({"properties": {"jobtitle": "Owner"}}, {"properties": {"jobtitle": "Director"}})
    clients = ("hubspot", "urllib3")

    @pytest.fixture
    def source(self, monkeypatch):
        """An account that holds the records."""
        pytest.importorskip("hubspot", reason="hubspot-api-client is not installed")
        monkeypatch.setenv("HUBSPOT_ACCESS_TOKEN", TOKEN)
        fake = FakeHubSpot()
        for record in json.loads(json.dumps(list(self.records))):
            fake.objects["contacts"][record["id"]] = record
            fake.read_only |= {name: fake.read_only.get(name, False) for name in record["properties"]}
            fake.now += timedelta(seconds=1)
        del fake.read_only["hs_email_optout"]  # the records were read without it
        with contextmanager(serving)(fake) as address:
            yield lambda properties: self.adapter.connect(properties, {"host": address})
