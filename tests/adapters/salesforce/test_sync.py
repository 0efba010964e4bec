"""Leads of Salesforce synced: read, judged, written back, and nothing done twice."""

import pytest

import qualify
from qualify.adapters.making import NotMade
from qualify.errors import AdapterError
from qualify.sync import sync_leads

DEFINITION = """
format = 1
name = "Print-shop leads"
version = "2026.11"

[teams]
marketing = "Marketing"
sales = "Sales"

[fields.rating]
type = "text"

[traits.no_mail]
team = "marketing"
when = "opted_out"
why = "We keep our word."

[traits.large]
team = "marketing"
when = "employees >= 50"
why = "Small shops buy online."

[traits.called]
team = "sales"
when = "count(call) >= 1"
why = "A call tells more than a form."

[scores.fit.points]
large = 20

[stages.mql]
disqualified_by = ["no_mail"]
requires.marketing = "large"

[stages.sql]
requires.sales = "called"
"""
MAPPING = """
extends = "salesforce"
without = [
    "write.reached", "write.reasons", "write.missing", "write.definition", "write.digest", "write.as_of",
    "write.left_out",
]

[fields]
rating = "Rating"
"""


@pytest.fixture
def definition():
    return qualify.loads(DEFINITION)


@pytest.fixture
def mapping(tmp_path):
    file = tmp_path / "salesforce.mapping.toml"
    file.write_text(MAPPING)
    return file


@pytest.fixture
def leads(salesforce):
    """Seven leads of two sizes; one opted out, one was called, one may not be written to."""
    table = [
        {"Id": f"00Q00000000000{n}AAA", "SystemModstamp": f"2026-05-0{n}T07:25:37.000+0000", "IsConverted": False,
         "HasOptedOutOfEmail": n == 2, "NumberOfEmployees": 10 if n == 3 else 100, "Email": f"p{n}@lead.example"}
        for n in range(1, 8)
    ]  # fmt: skip
    salesforce.tables["Lead"] = table
    salesforce.tables["Task"] = [{"Id": "00T000000000001AAA", "WhoId": table[0]["Id"], "Status": "Completed",
                                  "TaskSubtype": "Call", "ActivityDate": "2026-06-01",
                                  "SystemModstamp": "2026-05-01T07:25:37.000+0000"}]  # fmt: skip
    salesforce.refusals[table[6]["Id"]] = "a rule of ours"
    return table


def stages(leads):
    return [each.get("Qualify_Stage__c") for each in leads]


@pytest.mark.parametrize("bulk", ["auto", "yes"])
def test_verdicts_are_written_once_and_refusals_are_told(leads, definition, mapping, tmp_path, bulk):
    """The next night's sync has nothing to do but what Salesforce refused."""
    said = {
        "mapping": mapping,
        "state": tmp_path / "state",
        "report": tmp_path / "report.csv",
        "options": {"bulk": bulk},
    }

    first = sync_leads(definition, "salesforce", **said)

    assert (first.read, first.written, first.refused) == (7, 6, 1)
    assert stages(leads) == ["sql", None, None, "mql", "mql", "mql", None]
    assert leads[0]["Qualify_Score_fit__c"] in (20, "20")
    assert "a rule of ours" in (tmp_path / "report.csv").read_text()

    again = sync_leads(definition, "salesforce", **{**said, "full": True})

    assert (again.read, again.written, again.refused) == (7, 0, 1)


def test_trouble_on_the_way_changes_nothing_in_the_end(salesforce, leads, definition, mapping):
    """Throttled, failing, cut off: every record ends as one clean run leaves it."""
    salesforce.troubles += [None, "throttle", None, "cut", None, None, "fail", "html", None, None, "cut"]

    report = sync_leads(definition, "salesforce", mapping=mapping, sleep=lambda seconds: None)

    assert stages(leads) == ["sql", None, None, "mql", "mql", "mql", None]
    assert sum(report.troubles.values()) == 5


def test_contacts_are_judged_by_their_accounts(salesforce, definition, mapping):
    """The same mapping, another table."""
    account = {"Id": "001000000000001AAA", "NumberOfEmployees": 100, "SystemModstamp": "2026-05-01T07:25:37.000+0000"}
    salesforce.tables["Contact"] = [
        {"Id": "003000000000001AAA", "SystemModstamp": "2026-05-01T07:25:37.000+0000", "HasOptedOutOfEmail": False,
         "Account": account}
    ]  # fmt: skip
    salesforce.columns["Contact"]["Rating"] = {"type": "picklist"}

    sync_leads(definition, "salesforce", mapping=mapping, options={"object": "Contact"})

    assert salesforce.tables["Contact"][0]["Qualify_Stage__c"] == "mql"


def test_setup_makes_the_fields_and_the_same_sync_fills_them(salesforce, leads, definition):
    """With the adapter's own mapping there are nine to make."""
    with pytest.raises(AdapterError, match="Qualify_Reached__c") as told:
        sync_leads(definition, "salesforce")
    dry = sync_leads(definition, "salesforce", dry_run=True)
    assert (salesforce.made, salesforce.written) == ({}, [])

    said = {"setup": True, "options": {"permission_set": "Qualify"}}
    first = sync_leads(definition, "salesforce", **said)
    written = len(salesforce.written)
    second = sync_leads(definition, "salesforce", **said)

    assert "Qualify_Stage__c" not in str(told.value)
    assert first.created == dry.created
    assert sorted(salesforce.made) == sorted(f"Lead.{each}" for each in first.created)
    assert salesforce.made["Lead.Qualify_Left_Out__c"]["type"] == "Checkbox"
    assert leads[0]["Qualify_Stage__c"] == "sql"
    assert (first.refused, second.created, len(salesforce.written)) == (1, [], written)


def test_fields_that_nobody_sees_yet_stop_the_sync(salesforce, leads, definition):
    """Every record would be refused, one by one."""
    with pytest.raises(NotMade, match="Set Field-Level Security"):
        sync_leads(definition, "salesforce", setup=True)

    assert "Lead.Qualify_Reached__c" in salesforce.made
    assert salesforce.written == []
