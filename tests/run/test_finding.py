"""One lead is found by its id or its row, and gets the verdict that a whole run gives it."""

import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

import qualify
from qualify.errors import QualifyError
from qualify.mapping import loads_mapping
from qualify.run import find_lead, last_of_line, outcome, run_leads
from tests.run.sources import DEFINITION, csv, jsonl, reader

AS_OF = datetime(2026, 11, 20, 12, tzinfo=UTC)


@given(
    st.lists(st.fixed_dictionaries({"id": st.sampled_from("abc"), "employees": st.sampled_from([5, 80, None, "x"])}))
)
def test_a_lead_gets_the_same_answer_alone_as_among_all(leads):
    """Who asks about a row of a table must not hear anything else than the table says."""
    with run_leads(DEFINITION, jsonl(*leads), format="jsonl", as_of=AS_OF) as run:
        rows = {each.number: getattr(each, "verdict", None) for each in run}

    for lead_id in {lead["id"] for lead in leads}:
        same = [at for at, lead in enumerate(leads, start=1) if lead["id"] == lead_id]
        found = find_lead(DEFINITION, jsonl(*leads), lead_id, format="jsonl", as_of=AS_OF)
        assert (found.number, *found.again) == tuple(same)
        assert found.verdict == rows[found.number]
        assert (found.verdict is None) is (found.rejected is not None)


def test_a_row_is_where_the_source_stops_being_read():
    """A large file is not read to its end for its third record."""

    def records():
        for number in range(1, 4):
            yield {"id": str(number), "employees": 80}
        raise AssertionError("read on")

    assert find_lead(DEFINITION, reader(records()), row=3).verdict.lead_id == "3"


def test_rows_count_as_in_a_run():
    """In CSV the header is line 1, and a cell may have several lines."""
    text = b'id,employees,city\n1,5,"New\nYork"\n2,80,Rome\n'
    with run_leads(DEFINITION, io.BytesIO(text)) as run:
        numbers = {each.lead_id: each.number for each in run}

    for lead_id, number in numbers.items():
        assert find_lead(DEFINITION, io.BytesIO(text), row=number).verdict.lead_id == lead_id
        assert find_lead(DEFINITION, io.BytesIO(text), lead_id).number == number


def test_activities_are_those_of_the_lead_alone():
    """Its own count, nobody else's; and an unreadable one is told where it is its own, or may be."""
    did = csv(
        ("lead_id", "type", "at", "page"),
        ("1", "page_view", "2026-11-02T10:00Z", "/pricing"),
        ("2", "page_view", "yesterday", "/pricing"),
        ("2", "page_view", "2026-11-02T10:00Z", "/"),
        ("1", "page_view", "today", "/pricing"),
    )

    found = find_lead(DEFINITION, csv(("id", "employees"), ("1", "80"), ("2", "80")), "2", activities=did, as_of=AS_OF)

    assert str(found.verdict.traits["looked"].answer) == "no"
    assert [each.number for each in found.rejected_activities] == [3]


def test_activities_in_the_record_count_where_there_is_no_other_source():
    """As in a run."""
    happened = [{"type": "page_view", "at": "2026-11-02T10:00Z", "properties": {"page": "/pricing"}}]

    found = find_lead(DEFINITION, jsonl({"id": "1", "activities": happened}), format="jsonl", as_of=AS_OF)

    assert str(found.verdict.traits["looked"].answer) == "yes"


def test_one_lead_alone_needs_no_name():
    """Another program gives the one that it asks about."""
    assert find_lead(DEFINITION, jsonl({"employees": 80}), format="jsonl").verdict.lead_id is None
    with pytest.raises(QualifyError, match="more than one lead"):
        find_lead(DEFINITION, jsonl({}, {}), format="jsonl")
    with pytest.raises(QualifyError, match="holds no lead"):
        find_lead(DEFINITION, jsonl(), format="jsonl")


def test_one_object_may_be_spread_over_lines():
    """As people write it, and programs print it."""
    found = find_lead(DEFINITION, io.BytesIO(b'{\n  "id": "7",\n  "employees": 80\n}\n'))

    assert (found.verdict.lead_id, found.number) == ("7", 1)


def test_a_lead_that_is_not_there_is_told_with_how_many_were_looked_through():
    """And with nothing of the others: their ids are personal data."""
    leads = (("id", "employees"), ("anna@example.com", "80"), ("bo@example.com", "5", "6"), ("cy@example.com", "x"))

    with pytest.raises(QualifyError) as why:
        find_lead(DEFINITION, csv(*leads), "ann@example.com")

    assert str(why.value) == (
        "the stream: no lead has the id 'ann@example.com'; 3 records were looked through, of which 1 can't be read"
    )


@pytest.mark.parametrize(
    ("row", "said"), [(1, "the next one begins in row 2"), (9, "2 records were looked through"), (-1, "row 2")]
)
def test_a_row_that_is_not_there_is_told(row, said):
    """A header is no lead."""
    with pytest.raises(QualifyError, match=said):
        find_lead(DEFINITION, csv(("id", "employees"), ("1", "80"), ("2", "5")), row=row)


def test_an_id_and_a_row_must_be_of_the_same_lead():
    """Two leads may have one id; the row says which of them, and never another one."""
    leads = (("id", "employees"), ("1", "80"), ("1", "5"), ("2", "5"))

    assert find_lead(DEFINITION, csv(*leads), "1", row=3).number == 3
    with pytest.raises(QualifyError, match="has not the id '1'"):
        find_lead(DEFINITION, csv(*leads), "1", row=4)


def test_where_leads_have_no_id_a_row_names_them():
    """The list came from a fair."""
    with pytest.raises(QualifyError, match="its leads have no id; name one by its row"):
        find_lead(DEFINITION, csv(("employees",), ("80",)), "1")


def test_an_id_is_read_as_the_mapping_says():
    """It may stand under any name, and a placeholder is no id."""
    mapping = loads_mapping('id = "Nr."\nplaceholders = ["N/A"]\n[fields]\nemployees = "Size"\n', DEFINITION.model)
    leads = (("Nr.", "Size"), ("N/A", "80"), (" 7 ", "many"), ("8", "80"))

    assert find_lead(DEFINITION, csv(*leads), "8", mapping=mapping).number == 4
    assert find_lead(DEFINITION, csv(*leads), "7", mapping=mapping).rejected.number == 3
    with pytest.raises(QualifyError, match="no lead has the id"):
        find_lead(DEFINITION, csv(*leads), "N/A", mapping=mapping)


def test_a_record_that_can_t_be_read_is_told_with_all_that_is_wrong_in_it():
    """Whoever mends the row mends it once."""
    found = find_lead(DEFINITION, csv(("id", "employees", "opted_out"), ("1", "many", "perhaps")), "1")

    assert found.verdict is None
    assert str(found.rejected) == (
        "the stream:2: lead 1: employees: expected a number, found text (4 characters); opted_out: expected yes or no "
        "(or true, false, 1, 0; 'labels' can say more), found text (7 characters)"
    )


def test_what_is_judged_is_the_last_stage_of_the_line():
    """A stage beside the line is not where a lead is on its way to."""
    big = {"large": {"team": "sales", "when": "employees >= 50", "why": "They need us."}}
    asked = {"requires": {"sales": "large"}}
    definition = qualify.define(
        name="Beside", teams={"sales": "Sales"}, traits=big, stages={"sql": asked, "pql": asked | {"after": []}}
    )

    assert last_of_line(definition.model) == "sql"
    assert outcome(definition.qualify({"employees": 80}), "sql") == "reached"
    assert outcome(definition.qualify({}), "sql") == "undetermined"
    assert outcome(DEFINITION.qualify({"staff": True}), "sql") == "left_out"
    assert outcome(DEFINITION.qualify({"opted_out": True}), "sql") == "disqualified"
