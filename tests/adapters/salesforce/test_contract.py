"""The contract of adapters, kept by the one for Salesforce."""

from typing import ClassVar

import pytest

from qualify.adapters.salesforce import SalesforceAdapter
from qualify.testing import AdapterContract
from tests.adapters.salesforce.fake_salesforce import CREATED, FakeSalesforce

MEETING = {"IsChild": False, "StartDateTime": "2026-05-02T09:00:00.000+0000"}


class TestSalesforce(AdapterContract):
    """Leads as a query gives them, and what happened with them."""

    adapter = SalesforceAdapter()
    clients = ("simple_salesforce", "requests")
    records = (
        {
            "attributes": {"type": "Lead", "url": "/services/data/v60.0/sobjects/Lead/00Q000000000001AAA"},
            "Id": "00Q000000000001AAA", "FirstName": "Ada", "LastName": "Demo", "Email": "ada@demo.example",
            "Title": "VP, Print", "Company": "Demo & Sons", "Country": "USA", "State": "VA", "City": "Roanoke",
            "Website": "https://www.demo.example/shop", "NumberOfEmployees": 40, "AnnualRevenue": 900750000,
            "HasOptedOutOfEmail": False, "IsConverted": False, "Status": "Working - Contacted",
            "CreatedDate": CREATED, "LastActivityDate": "2026-05-04", "SystemModstamp": CREATED,
        },
        {
            "attributes": {"type": "Lead", "url": "/services/data/v60.0/sobjects/Lead/00Q000000000002AAA"},
            "Id": "00Q000000000002AAA", "LastName": "Demo", "Email": None, "Website": "www.demo&t.example",
            "Address": {"city": None, "country": "Taiwan", "state": None}, "Company": "[not provided]",
            "HasOptedOutOfEmail": True, "IsConverted": False, "SystemModstamp": "2026-05-02T07:25:37.000+0000",
        },
        {
            "attributes": {"type": "Lead", "url": "/services/data/v60.0/sobjects/Lead/00Q000000000003AAA"},
            "Id": "00Q000000000003AAA", "IsConverted": False, "SystemModstamp": "2026-05-02T07:25:37.000+0000",
        },
    )  # fmt: skip
    not_read = ("attributes", "IsConverted", "SystemModstamp")
    happened: ClassVar = {
        "tasks": [{"WhoId": "00Q000000000001AAA", "Status": "Completed", "TaskSubtype": "Call", "Type": None,
                   "ActivityDate": "2026-05-02", "CompletedDateTime": None, "CallDisposition": "Interested"}],
        "events": [{"WhoId": "00Q000000000001AAA", **MEETING}],
        "campaign_members": [{"LeadId": "00Q000000000002AAA", "Status": "Attended", "FirstRespondedDate": "2026-05-02",
                              "Campaign": {"Name": "Fair"}}],
    }  # fmt: skip
    changes = ({"Qualify_Stage__c": "mql"}, {"Qualify_Stage__c": "sql", "Qualify_Score_fit__c": 45})

    new_property = "Qualify_Contract__c"

    @pytest.fixture
    def source(self, pem, monkeypatch):
        """A Salesforce on loopback that holds the records."""
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(pem))
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        for name in self.adapter.secrets:
            monkeypatch.delenv(name, raising=False)
        with FakeSalesforce(pem, Lead=list(self.records)) as fake:
            fake.page_size = 2
            monkeypatch.setenv("SALESFORCE_ACCESS_TOKEN", fake.token)
            monkeypatch.setenv("SALESFORCE_INSTANCE_URL", fake.address)
            yield lambda properties: self.adapter.connect(properties, {"permission_set": "Qualify"})
