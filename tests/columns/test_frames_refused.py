"""Frames that can't be judged as they are: what is wrong is said in words, all of a kind at once, never a value."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pytest

import qualify
from qualify.errors import QualifyError
from tests.columns.libraries import (
    AS_OF,
    DEFINITION,
    EXPECTED,
    Columns,
    Library,
    activities,
    everywhere,
    leads,
    refused,
)


@everywhere
def test_all_missing_columns_are_named_at_once(library: Library) -> None:
    """One look at the error, one look at the source."""
    why = refused(
        library,
        leads(employees=None, industry=None, Industry=["x"] * 3, renewal=None),
        activities(at=None, amount=None),
    )

    assert why.code == "frame-columns"
    assert str(why) == (
        "the leads come without the columns 'employees', 'industry', 'renewal' (did you mean mapping={'industry': "
        "'Industry'}?); the activities come without the columns 'at', 'amount': the definition reads them (what nobody "
        "knows is a column of nulls)"
    )


@everywhere
def test_an_email_is_named_where_its_domain_is_missing(library: Library) -> None:
    """Few tables have a column of domains, and most have one of addresses."""
    definition = qualify.define(
        name="Free mail",
        teams={"sales": "Sales"},
        traits={"free": {"team": "sales", "when": 'email_domain == "mail.example"', "why": "They rarely buy."}},
    )
    frame = library.make({"id": ["a"], "Mail": ["a@mail.example"]})
    with pytest.raises(QualifyError) as refusal:
        definition.qualify_frame(frame, mapping={"email": "E-mail"}, explain=True)

    assert "without the column 'email_domain' ('E-mail' would do for 'email_domain'): the definition" in str(
        refusal.value
    )


@everywhere
def test_wrong_types_say_what_was_found_and_how_to_cast(library: Library) -> None:
    """Each in the words of the library that the column is in; none with a value."""
    why = refused(
        library,
        leads(employees=["many", "few", None], industry=[7001, 7002, None], last_activity_at=["soon"] * 3),
        activities(amount=["a lot"] * 3),
    )

    assert why.code == "frame-type"
    for said in (
        "'employees' has to be a number and is text: ", "'industry' has to be text and is a", "'amount' has to be a number",
        "'last_activity_at' has to be a date with a time and is text",
    ):  # fmt: skip
        assert said in str(why)
    how = {"polars": "pl.col(", "pandas": "pd.to_numeric(df[", "arrow": 'table["', "duckdb": "CAST("}
    assert next(words for name, words in how.items() if name in library.name) in str(why)
    assert not any(value in str(why) for value in ("many", "few", "7001", "soon", "a lot"))


@everywhere
def test_rows_that_can_not_be_judged_are_counted(library: Library) -> None:
    """Whose an activity is must be clear, and when it was."""
    why = refused(library, leads(id=["a", "a", None]), activities(lead_id=["a", None, "b"], at=[AS_OF, AS_OF, None]))

    assert why.code == "frame-rows"
    if library.name == "lazy polars":  # looked at one by one, as they are read
        assert "leave them out" in str(why) or "whose" in str(why)
        return
    assert str(why) == (
        "1 lead has an id ('id') that another has too: whose activities are they? Keep one row a lead; 1 lead has no id "
        "('id'), so that nobody knows what happened there: give each one, or judge them without activities; 1 activity "
        "names no lead ('lead_id'): leave them out; 1 activity has no moment ('at'): leave them out"
    )


@everywhere
def test_ids_of_two_types_are_refused(library: Library) -> None:
    """Text 7 and number 7 would quietly never meet."""
    why = refused(library, leads(id=[1, 2, 3]), activities())

    assert str(why).startswith("the activities' 'lead_id' is text and the leads' 'id' is a whole number: cast one")


@everywhere
def test_a_column_that_is_called_like_a_result_is_kept_apart_by_a_prefix(library: Library) -> None:
    """Most frames have a column `stage` of their own."""
    theirs = leads(stage=["x", "y", "z"], Fit_At_Most=[1, 2, 3])

    why = refused(library, theirs)
    found = library.read(DEFINITION.qualify_frame(library.make(theirs), as_of=AS_OF, prefix="q_"))

    assert "keep them apart with prefix=" in str(why)
    assert "'stage'" in str(why)
    assert ("'fit_at_most'" in str(why)) is library.any_case
    assert found["stage"] == ["x", "y", "z"]
    assert found["q_fit_at_most"] == EXPECTED["fit_at_most"]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"employees": [1, "x", None]}, "a mix of numbers and text"),
        (
            {"last_activity_at": [AS_OF, AS_OF.replace(tzinfo=None), None]},
            "a mix of times with a zone and times without",
        ),
        ({"renewal": [date(2026, 1, 1), datetime(2026, 1, 1, 5), None]}, "a mix of dates and dates with a time"),
        ({"interests": [["a", 1], None, None]}, "lists of mixed kinds"),
        ({"id": ["a", 1, 2]}, "a mix of numbers and text"),
    ],
)
def test_columns_of_objects_of_several_kinds_are_refused(changed: Columns, words: str) -> None:
    """Arrow alone would take naive times for UTC, and cut a day off its hours."""
    frame = pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in leads(**changed).items()})

    with pytest.raises(QualifyError, match=words):
        DEFINITION.qualify_frame(frame, pd.DataFrame(activities()), as_of=AS_OF)


def test_columns_that_can_not_be_told_apart_are_refused() -> None:
    """DuckDB would quietly read the first of two."""
    connection = duckdb.connect()
    alike = connection.sql("SELECT 'a' AS id, 80 AS employees, 8 AS \"Employees\"")
    twice = pd.concat([pd.DataFrame(leads()), pd.DataFrame({"employees": [1, 2, 3]})], axis=1)

    with pytest.raises(QualifyError, match="can't tell columns apart that are called alike: 'employees', 'Employees'"):
        DEFINITION.qualify_frame(alike)
    with pytest.raises(QualifyError, match="several columns called 'employees'"):
        DEFINITION.qualify_frame(twice)


def test_two_results_of_one_name_are_refused() -> None:
    """Which of the two a reader would get, nobody could say."""
    twice = qualify.define(
        name="Twice",
        teams={"sales": "Sales"},
        traits={"sql_state": {"team": "sales", "when": "employees >= 50", "why": "They need us."}},
        stages={"sql": {"requires": {"sales": "sql_state"}}},
    )

    assert twice.qualify_frame(pl.DataFrame({"employees": [80]}))["stage"].to_list() == ["sql"]
    with pytest.raises(QualifyError, match="two results would be called alike: 'sql_state'"):
        twice.qualify_frame(pl.DataFrame({"employees": [80]}), explain=True)


@pytest.mark.parametrize("name", ["type", "lead_id"])
def test_a_property_called_like_a_column_of_its_own_is_refused(name: str) -> None:
    """One column can't be two things."""
    definition = qualify.define(
        name="Named",
        teams={"sales": "Sales"},
        activities={"purchase": {"properties": {name: "text"}}},
        traits={"it": {"team": "sales", "when": f'count(purchase where {name} == "x") >= 1', "why": "So."}},
        stages={"sql": {"requires": {"sales": "it"}}},
    )

    with pytest.raises(QualifyError, match=f"a property called '{name}'"):
        definition.qualify_frame(pl.DataFrame({"id": ["a"]}), pl.DataFrame(activities()))


def test_a_property_of_two_types_is_refused_where_both_are_read() -> None:
    """One column holds one type; what isn't read needs none."""

    def definition(rule: str) -> qualify.Definition:
        return qualify.define(
            name="Typed",
            teams={"sales": "Sales"},
            activities={"bought": {"properties": {"size": "number"}}, "returned": {"properties": {"size": "text"}}},
            traits={"it": {"team": "sales", "when": rule, "why": "So."}},
            stages={"sql": {"requires": {"sales": "it"}}},
        )

    happened = pl.DataFrame({"lead_id": ["a"], "type": ["bought"], "at": [AS_OF], "size": [7]})
    one = "count(bought where size >= 5) >= 1"
    both = f'{one} and count(returned where size == "L") == 0'

    found = definition(one).qualify_frame(pl.DataFrame({"id": ["a"]}), happened, as_of=AS_OF)
    assert found["stage"].to_list() == ["sql"]
    with pytest.raises(QualifyError, match="a property 'size' that is a number of one activity and text of another"):
        definition(both).qualify_frame(pl.DataFrame({"id": ["a"]}), happened, as_of=AS_OF)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (3, "found int; one lead is judged by qualify, many by qualify_many"),
        ([{"id": "a"}], "found list"),
        (pd.Series([1]), "found Series"),
        (None, "found NoneType"),
    ],
)
def test_what_is_no_frame_is_refused(given: Any, words: str) -> None:
    """The error names what was meant instead."""
    with pytest.raises(QualifyError, match=words):
        DEFINITION.qualify_frame(given)


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ({"employes": "Staff"}, "the definition has no field 'employes'; did you mean 'employees'"),
        ({"Staff": "employees"}, "the definition has no field 'Staff': the field comes first, then its column"),
        ({"employees": 3}, "a dict of fields and the columns"),
        ("leads.mapping.toml", r"a qualify.Mapping \(load_mapping reads one\), found str"),
        ({"employees": "Staff"}, "without the column 'Staff'"),
    ],
)
def test_a_mapping_that_says_nothing_is_refused(mapping: Any, words: str) -> None:
    """A misspelled field would be a column that nobody reads."""
    with pytest.raises(QualifyError, match=words):
        DEFINITION.qualify_frame(pl.DataFrame(leads(), strict=False), mapping=mapping)


def test_a_prefix_and_a_table_are_texts() -> None:
    """What is said wrongly is told as such, not as a failure somewhere inside."""
    given: Any = 3
    with pytest.raises(QualifyError, match="prefix is text, such as 'q_', found int"):
        DEFINITION.qualify_frame(pl.DataFrame(leads(), strict=False), as_of=AS_OF, prefix=given)
    with pytest.raises(QualifyError, match="'3' is no name of a table"):
        DEFINITION.to_sql("duckdb", table=given, as_of=AS_OF)
