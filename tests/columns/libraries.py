"""Frames of every library behind one interface, and one small definition with leads for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import qualify
from qualify.errors import QualifyError
from qualify.mapping import loads_mapping

AS_OF = datetime(2026, 11, 20, 12, tzinfo=UTC)
Columns = dict[str, list[Any]]

DEFINITION = qualify.define(
    name="Print",
    teams={"sales": "Sales"},
    fields={"renewal": {"type": "date"}, "mood": {"type": "text"}},
    activities={"purchase": {"properties": {"amount": "number"}}},
    traits={
        "large": {"team": "sales", "when": "employees >= 50", "why": "They need us."},
        "in_print": {"team": "sales", "when": 'industry in ["Printing"]', "why": "We know them."},
        "bars": {"team": "sales", "when": "opted_out", "why": "We keep our word."},
        "due": {"team": "sales", "when": "renewal in the next 90 days", "why": "They decide now."},
        "awake": {"team": "sales", "when": "last_activity_at within 30 days", "why": "They are awake."},
        "technical": {"team": "sales", "when": 'interests has any ["paper"]', "why": "They ask for it."},
        "spends": {"team": "sales", "when": "sum(amount of purchase within 1 year) >= 500", "why": "They pay."},
        "tried": {
            "team": "sales",
            "status": "shadow",
            "when": "employees >= 10",
            "why": "Perhaps.",
            "review_on": date(2027, 2, 1),
        },
    },
    scores={"fit": {"points": {"large": 20}}},
    stages={"sql": {"disqualified_by": ["bars"], "requires": {"sales": "large and in_print and spends"}}},
)


def leads(**changed: list[Any] | None) -> Columns:
    """Three leads; a column that is None is left out."""
    columns: dict[str, list[Any] | None] = {
        "id": ["a", "b", "c"], "employees": [80, 12, None], "industry": ["printing", None, "Mining"],
        "opted_out": [False, None, True], "renewal": [date(2026, 12, 1), None, None],
        "last_activity_at": [AS_OF - timedelta(days=2), None, AS_OF], "interests": [["paper"], None, []],
        "kept": [1.5, None, 2.5],
    }  # fmt: skip
    return {name: values for name, values in {**columns, **changed}.items() if values is not None}


def activities(**changed: list[Any] | None) -> Columns:
    """Their purchases, and one of nobody's."""
    columns: dict[str, list[Any] | None] = {
        "lead_id": ["a", "a", "nobody"], "type": ["purchase"] * 3, "at": [AS_OF - timedelta(days=1)] * 3,
        "amount": [300, 250, 900],
    }  # fmt: skip
    return {name: values for name, values in {**columns, **changed}.items() if values is not None}


EXPECTED = {
    "stage": ["sql", None, None],
    "sql_state": ["reached", "not_yet", "disqualified"],
    "sql_sales": [True, False, False],
    "fit_at_least": [20, 0, 0],
    "fit_at_most": [20, 0, 20],
}


@dataclass(frozen=True)
class Library:
    """One library's frames: how one is made, and what stands in it."""

    name: str
    make: Callable[[Columns], Any]
    read: Callable[[Any], Columns]
    any_case: bool = False


def of_pandas(frame: Any) -> Columns:
    return {
        name: [None if value is None or value is pd.NA or value != value else value for value in frame[name].tolist()]
        for name in frame.columns
    }


def batch(columns: Columns) -> Any:
    return pa.RecordBatch.from_pydict(columns)


CONNECTIONS: list[Any] = []
"""DuckDB's connections, which have to outlive the relations that come from them."""


def in_duckdb(columns: Columns) -> Any:
    CONNECTIONS.append(duckdb.connect())
    return CONNECTIONS[-1].from_arrow(pa.table(columns))


LIBRARIES = (
    Library("polars", lambda it: pl.DataFrame(it, strict=False), lambda it: it.to_dict(as_series=False)),
    Library("lazy polars", lambda it: pl.LazyFrame(it, strict=False), lambda it: it.collect().to_dict(as_series=False)),
    Library("pandas", pd.DataFrame, of_pandas),
    Library("pandas of arrow", lambda it: pa.table(it).to_pandas(types_mapper=pd.ArrowDtype), of_pandas),
    Library("pandas nullable", lambda it: pd.DataFrame(it).convert_dtypes(), of_pandas),
    Library("arrow table", pa.table, lambda it: it.to_pydict()),
    Library("arrow batch", batch, lambda it: it.to_pydict()),
    Library("duckdb", in_duckdb, lambda it: it.to_arrow_table().to_pydict(), any_case=True),
)
everywhere = pytest.mark.parametrize("library", LIBRARIES, ids=lambda each: each.name.replace(" ", "-"))


def refused(library: Library, one: Columns, other: Columns | None = None, **said: Any) -> QualifyError:
    """The error of a frame that can't be judged, whenever it comes."""
    frame, happened = library.make(one), None if other is None else library.make(other)

    def judged() -> Columns:
        return library.read(DEFINITION.qualify_frame(frame, happened, as_of=AS_OF, **said))

    with pytest.raises(QualifyError) as caught:
        judged()
    return caught.value


MAPPING_TEXT = """
id = "Lead Id"
placeholders = ["Select"]
timezone = "America/New_York"
dates = "month first"
[fields]
employees = { from = "Company Size", as = "lower end of range" }
industry = "Industry"
opted_out = { from = "No Mail", as = "yes/no" }
renewal = "Renewal"
last_activity_at = { from = ["Seen", "Seen before"] }
interests = { from = "Topics", separator = ";" }
"""
MAPPING = loads_mapping(MAPPING_TEXT, DEFINITION.model)
WITH_ACTIVITIES = loads_mapping(
    MAPPING_TEXT
    + """
[activities]
lead = "Lead"
type = { always = "purchase" }
at = "When"
fields.amount = "Paid"
""",
    DEFINITION.model,
)


def records(**changed: list[Any] | None) -> Columns:
    """The same leads as a source writes them."""
    columns: dict[str, list[Any] | None] = {
        "Lead Id": [" a", "b", "c"], "Company Size": ["51-200", "12", "Select"], "Industry": ["Printing", "", "Mining"],
        "No Mail": ["No", None, "Yes"], "Renewal": ["12/01/2026", None, "Select"], "Seen": ["", None, "11/20/2026 06:00"],
        "Seen before": ["11/18/2026 12:00", None, None], "Topics": ["paper; ink", None, ""], "kept": [1.5, None, 2.5],
    }  # fmt: skip
    return {name: values for name, values in {**columns, **changed}.items() if values is not None}


def payments(**changed: list[Any]) -> Columns:
    """The same purchases as a source writes them."""
    rows = {"Lead": ["a", "a", "x"], "When": ["11/19/2026 09:00"] * 3, "Paid": ["300", "1,250.50", "9"]}
    return {**rows, **changed}
