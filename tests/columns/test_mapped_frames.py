"""Frames of a source's own columns: a mapping makes the fields of each row as it does of a record."""

from __future__ import annotations

import polars as pl
import pytest

import qualify
from qualify.errors import QualifyError
from qualify.mapping import loads_mapping
from tests.columns.libraries import (
    AS_OF,
    DEFINITION,
    EXPECTED,
    MAPPING,
    WITH_ACTIVITIES,
    Columns,
    Library,
    activities,
    everywhere,
    payments,
    records,
    refused,
)


@everywhere
def test_a_mapping_makes_the_fields_of_each_row_as_it_does_of_a_record(library: Library) -> None:
    """One file says what a source's words mean, for one record and for a million."""
    rows = [dict(zip(records(), row, strict=True)) for row in zip(*records().values(), strict=True)]
    bought = [dict(zip(payments(), row, strict=True)) for row in zip(*payments().values(), strict=True)]
    happened = [WITH_ACTIVITIES.activity(row) for row in bought]

    found = library.read(
        DEFINITION.qualify_frame(
            library.make(records()), library.make(payments()), WITH_ACTIVITIES, as_of=AS_OF, explain=True
        )
    )

    for at, row in enumerate(rows):
        lead = WITH_ACTIVITIES.lead(row)
        lead = WITH_ACTIVITIES.lead(row, [activity for whose, activity in happened if whose == lead.id])
        verdict = DEFINITION.qualify(lead, as_of=AS_OF)
        assert found["stage"][at] == verdict.stage
        assert found["sql_state"][at] == verdict.stages["sql"].state
        for name, trait in verdict.traits.items():
            assert found[name][at] == {"yes": True, "no": False, "unknown": None}[str(trait.answer)], name
    assert found["stage"] == EXPECTED["stage"]
    assert {name: found[name] for name in records()} == records()


@everywhere
def test_activities_stay_as_they_are_where_the_mapping_says_nothing_of_them(library: Library) -> None:
    """Visits often come from another system, with names of ours."""
    found = DEFINITION.qualify_frame(library.make(records()), library.make(activities()), MAPPING, as_of=AS_OF)

    assert type(found) is type(library.make(records()))
    assert library.read(found)["stage"] == EXPECTED["stage"]


@everywhere
def test_a_mapping_reads_a_frame_without_rows(library: Library) -> None:
    """The night on which nobody came breaks no job."""
    nobody: Columns = {name: [] for name in records()}
    nothing: Columns = {name: [] for name in payments()}

    found = DEFINITION.qualify_frame(library.make(nobody), library.make(nothing), WITH_ACTIVITIES, as_of=AS_OF)

    assert library.read(found)["stage"] == []


@everywhere
def test_rows_that_the_mapping_can_not_read_are_counted_and_the_first_is_told(library: Library) -> None:
    """An error in a thousand rows is one error, and holds no value."""
    sizes = ["about forty", "12", "some"]
    why = refused(library, records(**{"Company Size": sizes}), payments(), mapping=WITH_ACTIVITIES)
    bad_payments = payments(Paid=["lots", "1", "2"])
    other = refused(library, records(), bad_payments, mapping=WITH_ACTIVITIES)

    assert str(why).startswith("2 rows can't be read by the mapping; the first: lead a: employees: expected")
    assert "forty" not in str(why)
    assert str(other).startswith(
        "1 of the activities can't be read by the mapping; the first: lead a: activities: amount"
    )
    assert "lots" not in str(other)


@everywhere
def test_columns_that_the_mapping_reads_and_are_not_there_are_named_at_once(library: Library) -> None:
    """A renamed export is found out before it makes everybody unknown."""
    there = records(Industry=None, Topics=None, Seen=None)  # "Seen before" is still there
    gone = {name: values for name, values in payments().items() if name != "When"}

    why = refused(library, there, gone, mapping=WITH_ACTIVITIES, explain=True)

    assert str(why) == (
        "the leads come without 'Industry', 'Topics'; the activities come without 'When': the mapping reads them"
    )


def test_numbers_of_a_mapping_are_stored_so_that_none_loses_a_digit() -> None:
    """Whole numbers, fractions and long decimals each have a column that holds them exactly, or are refused."""
    employees = loads_mapping('id = "id"\n[fields]\nemployees = "n"', DEFINITION.model)

    def answers(*numbers: object) -> list[bool | None]:
        frame = pl.DataFrame({"id": ["1", "2"], "n": [str(each) for each in numbers]})
        small = qualify.define(
            name="Exact",
            teams={"sales": "Sales"},
            traits={"it": {"team": "sales", "when": "employees > 900719925474099", "why": "So."}},
            stages={"sql": {"requires": {"sales": "it"}}},
        )
        return small.qualify_frame(frame, mapping=employees, explain=True)["it"].to_list()  # type: ignore[no-any-return]

    assert answers(900719925474099, 900719925474100) == [False, True]
    assert answers("0.5", 2**53) == [False, True]
    assert answers("900719925474099.000001", 2**80) == [True, True]
    with pytest.raises(QualifyError, match="'employees': the mapping reads numbers that no column holds together"):
        answers("0.5", 2**53 + 1)


def test_times_with_and_without_a_zone_are_refused_where_the_mapping_says_no_zone() -> None:
    """What a wall clock shows can't be compared with what a clock everywhere shows, but by a zone."""
    seen = loads_mapping('id = "id"\n[fields]\nlast_activity_at = "t"', DEFINITION.model)
    frame = pl.DataFrame({"id": ["1", "2"], "t": ["2026-11-01T09:00:00", "2026-11-01T09:00:00Z"]})
    small = qualify.define(
        name="Seen",
        teams={"sales": "Sales"},
        traits={"it": {"team": "sales", "when": "last_activity_at within 30 days", "why": "So."}},
        stages={"sql": {"requires": {"sales": "it"}}},
    )

    with pytest.raises(QualifyError, match="'last_activity_at': the mapping reads times with a zone and times without"):
        small.qualify_frame(frame, mapping=seen, as_of=AS_OF)


def test_activities_of_several_sources_are_no_single_frame() -> None:
    """Which of the sources a row would be of, nobody said."""
    several = loads_mapping(
        'id = "id"\n[activities.calls]\nlead = "l"\ntype = { always = "call" }\nat = "t"', DEFINITION.model
    )

    with pytest.raises(QualifyError, match=r"activities of several sources \(calls\)"):
        DEFINITION.qualify_frame(pl.DataFrame({"id": ["a"]}), pl.DataFrame({"l": ["a"]}), several)
