"""Every request that the official client makes for this adapter is valid by HubSpot's own description.

Prism (from npm) stands between the client and the fake: it refuses what the description doesn't allow, on both sides.
"""

import json
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from qualify.adapters.hubspot import HubSpotAdapter
from qualify.adapters.records import ConnectionTrouble, NewProperty, Update
from tests.adapters.hubspot.fake_hubspot import TOKEN, FakeHubSpot, Server, throttled
from tests.adapters.hubspot.vendor_description import DESCRIPTIONS, merged
from tests.kept import KEPT

CACHE = KEPT / "prism"
LONGEST_INSTALL, LONGEST_START = 180, 60


def prism_command() -> str:
    """Prism's command, installed once on this machine; skips where it can't be had."""
    if not DESCRIPTIONS.is_dir():
        pytest.skip("HubSpot's descriptions (../shared/specs/hubspot) are not here")
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("node and npm are not installed: Prism can't check requests by HubSpot's description")
    command = CACHE / "node_modules" / ".bin" / "prism"
    if not command.exists():
        CACHE.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=CACHE.parent))  # of two tests that install at once, one wins
        install = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(fresh), "@stoplight/prism-cli@5"]
        try:
            subprocess.run(install, check=True, capture_output=True, timeout=LONGEST_INSTALL)
            fresh.rename(CACHE)
        except (subprocess.SubprocessError, OSError):
            shutil.rmtree(fresh, ignore_errors=True)
    if not command.exists():
        pytest.skip("@stoplight/prism-cli could not be installed from npm")
    return str(command)


@contextmanager
def prism(upstream: str, folder: Path):
    """Prism in front of a server, checking requests and answers: gives its address."""
    description = folder / "hubspot.json"
    description.write_text(json.dumps(merged()))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [prism_command(), "proxy", str(description), upstream, "-h", "127.0.0.1", "-p", str(port), "--errors"]
    with (folder / "prism.log").open("w") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            until = time.monotonic() + LONGEST_START
            while "Prism is listening" not in (folder / "prism.log").read_text():
                assert process.poll() is None, (folder / "prism.log").read_text()[-2000:]
                assert time.monotonic() < until, "Prism did not start"
                time.sleep(0.1)
            yield address
        finally:
            process.terminate()
            process.wait(10)


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A server whose account is changed for each test, and Prism in front of it."""
    prism_command()
    with Server(FakeHubSpot()) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        with prism(server.address, tmp_path_factory.mktemp("prism")) as address:
            yield server, address
        server.shutdown()


@pytest.fixture
def address(served, fake):
    """Prism's address, with this test's account behind it: what `connect` connects to."""
    server, found = served
    server.fake = fake
    return found


def test_prism_refuses_what_the_description_does_not_allow(address, fake):
    """The tests below are worth what this one says."""
    request = urllib.request.Request(
        f"{address}/crm/v3/objects/contacts/search",
        data=json.dumps({"filterGroups": []}).encode(),
        headers={"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"},
    )

    with pytest.raises(urllib.error.HTTPError) as refused, urllib.request.urlopen(request):
        pass

    refused.value.close()
    assert refused.value.code == 422
    assert fake.asked == []


def test_all_that_is_asked_for_when_reading_is_valid(fake, connect):
    """By the mapping that people use: every property, company, owner, and whatever happened."""
    fake.read_only |= dict.fromkeys(["hs_calculated_form_submissions", "hs_analytics_num_page_views"], True)
    fake.forms = [{"id": f"form-{at}", "name": f"Form {at}"} for at in range(120)]
    fake.owners = [
        {
            "id": "7", "email": "owner@us.example", "type": "PERSON", "archived": False,
            "createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-01T00:00:00Z",
        }
    ]  # fmt: skip
    for at in range(120):
        contact = fake.add(
            changed=fake.now - timedelta(days=9),
            email=f"{at}@a.example",
            hubspot_owner_id="7",
            hs_calculated_form_submissions="form-3::1773300826615",
            hs_analytics_num_page_views="1" if at < 3 else "0",
        )
        fake.link("contacts", contact, "companies", fake.add("companies", str(9000 + at), name="Acme"), 1)
    for kind in ("calls", "meetings", "emails", "tasks", "deals"):
        fake.link("contacts", "501", kind, fake.add(kind, "77", hs_timestamp="2026-11-20T10:00:00Z"))
    fake.events = [
        {
            "objectType": "CONTACT", "objectId": "501", "eventType": "e_visited_page", "id": "1",
            "occurredAt": "2026-11-20T10:00:00.075Z", "properties": {"hs_url": "https://a.example/pricing"},
        }
    ]  # fmt: skip
    mapping = HubSpotAdapter().mapping
    connection = connect(*mapping.sources, activities="calls,meetings,emails,tasks,deals,forms,page_views")

    pages = list(connection.pages())
    rows = [row for page in pages for row in connection.happenings(page.records)]
    fake.add(changed=fake.now + timedelta(days=1), email="new@a.example")
    changed = list(connection.pages(pages[-1].cursor))

    assert [len(page.records) for page in (*pages, *changed)] == [100, 20, 1]
    assert pages[0].records[0]["associated_company"]["properties"]["name"] == "Acme"
    assert pages[0].records[0]["owner"]["email"] == "owner@us.example"
    assert {row.source for row in rows} == {"calls", "meetings", "emails", "tasks", "deals", "forms", "page_views"}
    assert {each.answered for each in fake.asked} <= {200, 207}


def test_all_that_is_asked_for_when_setting_up_and_writing_is_valid(fake, connect):
    """Properties of every type, a batch that is written, and one of which a part is refused."""
    everybody = [fake.add() for _ in range(150)]
    new = [NewProperty(f"qualify_{kind.replace(' ', '_')}", kind, kind, "By qualify") for kind in
           ("text", "long text", "number", "boolean", "date", "datetime")]  # fmt: skip
    connection = connect()

    connection.create(connection.missing(new))
    changes = {"properties": {"qualify_text": "mql", "qualify_number": 35.5, "qualify_boolean": True, "jobtitle": None}}
    answers = [
        answer
        for at in (0, 100)
        for answer in connection.write([Update(id, changes) for id in everybody[at : at + 100]])
    ]
    (gone,) = connection.write([Update("999999", changes)])

    assert {each.refused for each in answers} == {None}
    assert gone.refused == "999999 not found"
    assert fake.contact("650")["qualify_number"] == "35.5"
    assert fake.groups == ["contactinformation", "qualify"]
    assert {each.answered for each in fake.asked} <= {200, 201, 207}


def test_a_throttled_answer_comes_through_with_its_wait(fake, connect):
    """It is valid by the description too, and the wait stands beside it."""
    fake.fail("contacts", throttled("3"))

    with pytest.raises(ConnectionTrouble) as trouble:
        list(connect().pages())

    assert trouble.value.wait == 3.0
