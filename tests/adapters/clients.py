"""Vendors' own clients, or the best kept there are, in an environment of their own: they are asked, not mocked.

Each runs as a program: it gets the address of a played server and what to do, and prints what it found.
"""

import json
import subprocess
from typing import Any

from tests.kept import KEPT, LONGEST, environment

PACKAGES = {
    "odoo": "OdooRPC==0.10.1", "marketo": "marketorestpython==0.5.25", "pipedrive": "pipedrive-python-lib==1.2.3",
    "dynamics365": "PowerPlatform-Dataverse-Client==1.1.0", "zoho": "zohocrmsdk8_0==7.0.0",
}  # fmt: skip
CACHE = KEPT / "clients-3"

BEGIN = """
import json, sys
from urllib.parse import urlsplit
address, secret, write = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
there = urlsplit(address)
"""
PROGRAMS = {
    "odoo": BEGIN
    + """
import odoorpc
odoo = odoorpc.ODOO(there.hostname, port=there.port, timeout=10)
odoo.login("acme", "demo", secret)
for lead, changes in write.items():
    assert odoo.execute("crm.lead", "write", [int(lead)], changes) is True
names, found, page = sorted(odoo.execute("crm.lead", "fields_get")), [], None
while page is None or page:
    page = odoo.execute_kw("crm.lead", "search_read", [[["id", "!=", 0]], names, len(found), 3], {"order": "id"})
    found += page
print(json.dumps({str(each["id"]): each for each in found}))
""",
    "marketo": BEGIN
    + """
from marketorestpython.client import MarketoClient
marketo = MarketoClient("played", "c", secret, max_retry_time=1)
marketo.host = address
if write:
    rows = [{"id": int(lead), **changes} for lead, changes in write.items()]
    marketo.create_update_leads(leads=rows, action="updateOnly", lookupField="id")
names = ",".join(each["rest"]["name"] for each in marketo.describe())
found = marketo.get_multiple_leads_by_list_id(listId="7", fields=names)
print(json.dumps({str(each["id"]): each for each in found}))
""",
    "dynamics365": BEGIN
    + """
import time
from azure.core.credentials import AccessToken
from PowerPlatform.Dataverse.client import DataverseClient
class Credential:
    def get_token(self, *scopes, **more):
        assert scopes == (address + "/.default",)
        return AccessToken(secret, int(time.time()) + 3600)
client = DataverseClient("https://played", Credential())
client._base_url = address  # it insists on TLS, which loopback has none of
for lead, changes in write.items():
    client.records.update("lead", lead, changes)
found = client.records.list("lead", orderby=["modifiedon asc"], include_annotations="*", page_size=2)
print(json.dumps({each["leadid"]: dict(each.items()) for each in found}))
""",
    "zoho": BEGIN
    + """
import datetime, logging, os, tempfile
os.chdir(tempfile.mkdtemp())  # where it keeps the token, and what it knows of fields
from zohocrmsdk.src.com.zoho.api.authenticator import OAuthToken
from zohocrmsdk.src.com.zoho.api.authenticator.store import FileStore
from zohocrmsdk.src.com.zoho.crm.api import HeaderMap, Initializer, ParameterMap
from zohocrmsdk.src.com.zoho.crm.api.dc import DataCenter
from zohocrmsdk.src.com.zoho.crm.api.record import BodyWrapper, GetRecordsParam, Record, RecordOperations
from zohocrmsdk.src.com.zoho.crm.api.sdk_config import SDKConfig
Initializer.initialize(
    environment=DataCenter.Environment(address, address + "/oauth/v2/token", address),
    token=OAuthToken(client_id="c", client_secret="s", refresh_token=secret), store=FileStore("tokens.txt"),
    sdk_config=SDKConfig(pick_list_validation=False), resource_path=os.getcwd(),
)
leads = RecordOperations("Leads")
for lead, changes in write.items():
    record, body = Record(), BodyWrapper()
    record.set_id(int(lead))
    for name, value in changes.items():
        record.add_key_value(name, value)
    body.set_data([record])
    [answer] = leads.update_records(body, HeaderMap()).get_object().get_data()
    assert answer.get_status().get_value() == "success"
found, token, more = {}, None, True
while more:
    asked = ParameterMap()
    asked.add(GetRecordsParam.fields, "Last_Name,Email,Company,Annual_Revenue,Email_Opt_Out,Modified_Time,Qualify_Stage")
    if token:
        asked.add(GetRecordsParam.page_token, token)
    answer = leads.get_records(asked, HeaderMap()).get_object()
    for each in answer.get_data():
        values = each.get_key_values() | {"id": str(each.get_id())}
        found[values["id"]] = {
            name: value.astimezone(datetime.UTC).isoformat() if isinstance(value, datetime.datetime) else value
            for name, value in values.items()
        }
    more, token = answer.get_info().get_more_records(), answer.get_info().get_next_page_token()
print(json.dumps(found))
""",
    "pipedrive": BEGIN
    + """
from pipedrive.client import Client
pipedrive = Client(domain=address)
pipedrive.set_api_token(secret)
for lead, changes in write.items():
    pipedrive.leads.update_lead(lead, changes)
found, more = [], True
while more:
    answer = pipedrive.leads.get_all_leads(params={"start": len(found), "limit": 3})
    found += answer["data"]
    more = answer["additional_data"]["pagination"]["more_items_in_collection"]
print(json.dumps({each["id"]: each for each in found}))
""",
}


def found_by(vendor: str, address: str, secret: str, write: dict[str, dict[str, Any]] | None = None) -> dict[str, Any]:
    """The records that a vendor's client finds, by id, after it wrote some changes. AssertionError where it stumbles."""
    done = asked(vendor, address, secret, write or {})
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def asked(vendor: str, address: str, secret: str, write: dict[str, dict[str, Any]]) -> subprocess.CompletedProcess[str]:
    """The program of a vendor's client, run; skips the test with the reason where it can't be had."""
    programs = environment(CACHE, PACKAGES.values())
    command = [str(programs / "python"), "-c", PROGRAMS[vendor], address, secret, json.dumps(write)]
    return subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, check=False)
