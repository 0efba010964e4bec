"""What happened, from several sources: which rows are meant, whose they are, of which type."""

from datetime import UTC, datetime

import pytest

from qualify.definition.model import Model, Team
from qualify.errors import LeadError, QualifyError
from qualify.mapping import loads_mapping

MODEL = Model(name="Leads", version="1", teams={"sales": Team("Sales")})
MAPPING = """
[activities.calls]
lead = { from = ["lead_id", "person.id"] }
type = { always = "call" }
at = "at"
only = { done = true, status = ["held", "won"] }
fields.result = "outcome"

[activities.meetings]
lead = "who.*.id"
type = "kind"
at = "at"
types.Demo = "demo_request"
"""
AT = {"at": "2026-11-02T09:30:00Z"}
CALL = {"lead_id": "7", "done": True, "status": "Held", "outcome": "Connected", **AT}


@pytest.fixture
def mapping():
    return loads_mapping(MAPPING, MODEL)


def test_each_source_is_read_in_its_own_way(mapping):
    """A CRM has calls, meetings and visits in tables of their own."""
    assert mapping.activity(CALL, of="calls") == (
        "7",
        {"type": "call", "at": datetime(2026, 11, 2, 9, 30, tzinfo=UTC), "properties": {"result": "Connected"}},
    )
    assert mapping.activity({"who": [{"id": 7}], "kind": "demo", **AT}, of="meetings")[1]["type"] == "demo_request"
    assert list(mapping.activity_sources) == ["calls", "meetings"]
    assert mapping.activities is None


@pytest.mark.parametrize(
    "changed",
    [{"done": False}, {"done": None}, {"status": "planned"}, {"status": ""}, {"lead_id": None}, {"lead_id": ""}],
)
def test_a_row_that_is_not_meant_or_is_nobodys_is_no_activity(mapping, changed):
    """A call that was only planned did not happen, and one with a supplier is no lead's."""
    assert mapping.activity({**CALL, **changed}, of="calls") is None


def test_a_word_of_only_is_compared_as_labels_are(mapping):
    """One program says true, the next "True"."""
    assert mapping.activity({**CALL, "done": " TRUE ", "status": "WON"}, of="calls") is not None


def test_a_row_with_several_leads_is_one_activity_of_each(mapping):
    """All who were in the meeting were in it."""
    row = {"who": [{"id": 7}, {"id": "8"}, {"name": "x"}, {"id": 7}], "kind": "meeting", **AT}

    found = mapping.activities_of(row, of="meetings")

    assert [lead for lead, _ in found] == ["7", "8"]
    assert found[0][1] == found[1][1]
    found[0][1]["type"] = "other"
    assert found[1][1]["type"] == "meeting"
    with pytest.raises(LeadError, match="one lead"):
        mapping.activity(row, of="meetings")


def test_nobodys_meeting_is_no_activity(mapping):
    """HubSpot's task without associations is an engagement with nobody."""
    for who in ([], None, [{"name": "x"}]):
        assert mapping.activities_of({"who": who, "kind": "meeting", **AT}, of="meetings") == []
    assert mapping.activities_of({"kind": "meeting", **AT}, of="meetings") == []


def test_a_row_that_is_meant_but_says_no_moment_is_refused(mapping):
    """What happened at no time can't be counted, and must not vanish."""
    with pytest.raises(LeadError, match="lead 7: activities: at"):
        mapping.activity({**CALL, "at": None}, of="calls")


def test_a_source_that_is_not_there_is_named(mapping):
    """An adapter and a mapping that don't fit must not lose a table in silence."""
    with pytest.raises(QualifyError, match="did you mean 'calls'"):
        mapping.activity(CALL, of="call")
    with pytest.raises(QualifyError, match="of='calls'"):
        mapping.activity(CALL)
    with pytest.raises(QualifyError, match=r"no \[activities.calls\]"):
        loads_mapping("[fields]\ncity = 'C'").activity(CALL, of="calls")


def test_one_source_stays_as_it_was():
    """A CSV of what happened has one table, and needs no name."""
    mapping = loads_mapping("[activities]\nlead = 'L'\ntype = 'T'\nat = 'at'", MODEL)

    assert mapping.activity({"L": "7", "T": "call", **AT})[0] == "7"
    assert mapping.activities is not None
    assert mapping.activity_sources == {}
    with pytest.raises(LeadError, match="activities: lead"):
        mapping.activity({"T": "call", **AT})


def test_what_is_left_over_is_told_for_each_source(mapping):
    """An outcome that nobody reads is easily forgotten."""
    assert mapping.unused({**CALL, "fax": 1, "person": {"id": 7, "name": "A"}}, of="calls") == ("fax", "person.name")
    assert mapping.unused(["who", "kind", "at", "room"], of="meetings") == ("room",)


def test_sources_are_written_as_they_were_read(mapping):
    """A mapping made by a program can be reviewed as a file."""
    assert loads_mapping(mapping.to_toml(), MODEL) == mapping
