"""What is told beside the rows: what is misspelled, what isn't there, what nothing reads."""

import pytest

from qualify.errors import QualifyError
from qualify.mapping import loads_mapping
from qualify.run import run_leads
from tests.run.sources import DEFINITION, csv, jsonl


def run(leads, **options):
    with run_leads(DEFINITION, leads, **options) as judging:
        return list(judging), judging.notes


def test_a_column_that_is_only_spelled_otherwise_is_pointed_at():
    """A spreadsheet says `Job Title`; who knows the fields sees nothing wrong."""
    _, notes = run(csv(("id", "Job Title", "Notes"), ("1", "Director", "-")))

    assert notes == (
        "the stream: nothing reads 'Job Title', 'Notes'; 'Job Title' is read when it is called 'job_title'",
    )


def test_so_it_is_where_nothing_at_all_is_read():
    """The error is the first thing that a newcomer sees."""
    with pytest.raises(QualifyError, match="'ID' is read when it is called 'id'; 'Employees' is read when"):
        run(csv(("ID", "Employees"), ("1", "80")))


def test_a_field_that_is_read_already_needs_no_hint():
    """`ID` beside `id` is something else."""
    assert run(csv(("id", "ID"), ("1", "2")))[1] == ("the stream: nothing reads 'ID'",)


def test_leads_without_their_column_of_ids_are_numbered():
    """Else nobody could tell which lead a row is about."""
    mapping = loads_mapping('id = "Id"\n[fields]\nemployees = "Size"', DEFINITION.model)

    [one], notes = run(csv(("Number", "Size"), ("7", "80")), mapping=mapping)

    assert one.row()["row"] == 2
    assert notes == ("the stream: it has no column 'Id', so no lead has an id", "the stream: nothing reads 'Number'")


@pytest.mark.parametrize(
    ("records", "said"),
    [
        ([{"leads": [{"id": "1"}], "next": None}], "nothing is read of its records; are the leads in 'leads'?"),
        ([{"Name": "Ada"}, {}, {"Name": "Bo"}], "nothing is read of its records"),
        ([{"Name": "Ada"}, {"id": "2"}], "nothing reads 'Name'"),
        ([{"activities": []}], None),
        ([{}], None),
    ],
)
def test_records_of_which_nothing_is_read_are_told(records, said):
    """An export may wrap the leads: they would be one lead of whom nothing is known."""
    _, notes = run(jsonl(*records), format="jsonl")

    assert notes == (() if said is None else (f"the stream: {said}",))


def test_a_needed_column_of_activities_is_found_though_spelled_otherwise():
    """`Lead_ID` is what many programs write."""
    activities = csv(("Lead_ID", "type", "at"), ("1", "page_view", "2026-11-02T10:00Z"))

    with pytest.raises(QualifyError, match="no column 'lead_id'; did you mean 'Lead_ID'"):
        run(csv(("id",), ("1",)), activities=activities)
