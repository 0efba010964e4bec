"""Frames in, the same kind of frame out: what stays as it was, and what comes beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import qualify
from qualify.errors import QualifyError
from tests.columns.libraries import (
    AS_OF,
    DEFINITION,
    EXPECTED,
    LIBRARIES,
    MAPPING,
    Columns,
    Library,
    activities,
    everywhere,
    in_duckdb,
    leads,
    of_pandas,
    records,
)


@everywhere
def test_the_same_kind_comes_back_with_results_beside_the_columns(library: Library) -> None:
    """Whoever gives a frame goes on working with it."""
    frame = library.make(leads())

    found = DEFINITION.qualify_frame(frame, library.make(activities()), as_of=AS_OF)

    assert type(found) is type(frame)
    columns = library.read(found)
    assert list(columns) == [*leads(), *EXPECTED]
    assert {name: columns[name] for name in EXPECTED} == EXPECTED
    assert columns["id"] == ["a", "b", "c"]
    assert columns["kept"] == [1.5, None, 2.5]


@everywhere
def test_activities_may_be_of_any_library(library: Library) -> None:
    """Leads come from a warehouse, visits from a file."""
    for other in LIBRARIES:
        found = DEFINITION.qualify_frame(library.make(leads()), other.make(activities()), as_of=AS_OF)
        assert library.read(found)["stage"] == EXPECTED["stage"], other.name


@everywhere
def test_without_activities_what_happened_is_unknown(library: Library) -> None:
    """Nobody told, which isn't that nothing happened; no activities at all are."""
    untold = DEFINITION.qualify_frame(library.make(leads()), as_of=AS_OF, explain=True)
    nothing = DEFINITION.qualify_frame(
        library.make(leads()), pl.DataFrame(activities()).clear(), as_of=AS_OF, explain=True
    )

    assert library.read(untold)["spends"] == [None, None, None]
    assert library.read(nothing)["spends"] == [False, False, False]


@everywhere
def test_traits_and_what_is_in_shadow_come_out_where_they_are_asked_for(library: Library) -> None:
    """A trait in shadow is compared with what was, and never mistaken for one that counts."""
    found = library.read(DEFINITION.qualify_frame(library.make(leads()), as_of=AS_OF, explain=True))

    assert found["large"] == [True, False, None]
    assert found["technical"] == [True, None, False]
    assert found["shadow_tried"] == [True, True, None]


@everywhere
def test_a_frame_without_rows_comes_back_without_rows(library: Library) -> None:
    """The night on which nobody came breaks no job."""
    nobody: Columns = {name: [] for name in leads()}
    nothing = pl.DataFrame(activities()).clear()

    found = DEFINITION.qualify_frame(library.make(nobody), nothing, as_of=AS_OF)

    assert library.read(found)["stage"] == []
    assert type(found) is type(library.make(nobody))


@everywhere
def test_a_column_of_nulls_is_unknown_whatever_its_type(library: Library) -> None:
    """What a source doesn't know needs no type."""
    nobody_knows = {name: [None] * 3 for name in leads() if name != "id"}

    found = DEFINITION.qualify_frame(library.make(leads(**nobody_knows)), as_of=AS_OF, explain=True)

    assert library.read(found)["large"] == [None, None, None]


@everywhere
def test_what_the_definition_does_not_read_may_be_of_any_type(library: Library) -> None:
    """A frame carries more than leads."""
    odd = leads(mood=[{"deep": [1]}, None, {"deep": []}], phone=[b"1", b"2", None])

    found = DEFINITION.qualify_frame(library.make(odd), library.make(activities(form=[b"", None, b"x"])), as_of=AS_OF)

    assert library.read(found)["stage"] == EXPECTED["stage"]


@everywhere
def test_ids_may_be_whole_numbers(library: Library) -> None:
    """A database counts its leads."""
    found = DEFINITION.qualify_frame(
        library.make(leads(id=[1, 2, 3])), library.make(activities(lead_id=[1, 1, 99])), as_of=AS_OF
    )

    assert library.read(found)["stage"] == EXPECTED["stage"]


@everywhere
def test_a_dict_says_which_column_a_field_stands_in(library: Library) -> None:
    """A column keeps the name that everybody knows it by."""
    called = {'No. of "staff"': [80, 12, None], "Lead Id": ["a", "b", "c"]}

    found = DEFINITION.qualify_frame(
        library.make(leads(id=None, employees=None, **called)),
        library.make(activities()),
        {"employees": 'No. of "staff"', "id": "Lead Id"},
        as_of=AS_OF,
    )

    assert library.read(found)["stage"] == EXPECTED["stage"]


def test_lazy_frames_stay_lazy_and_nothing_is_collected(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan over files that don't fit into memory is only a plan until somebody asks."""
    collected = []

    def looked(frame: pl.DataFrame) -> pl.DataFrame:
        collected.append(frame.height)
        return frame

    for mapping in (None, MAPPING):
        columns = leads() if mapping is None else records()
        frame = pl.LazyFrame(columns, strict=False).map_batches(looked, schema=pl.LazyFrame(columns).collect_schema())
        found = DEFINITION.qualify_frame(frame, pl.LazyFrame(activities()), mapping, as_of=AS_OF)
        assert isinstance(found, pl.LazyFrame)
        assert found.collect_schema().names()[-1] == "fit_at_most"
        assert not collected
        assert found.collect()["stage"].to_list() == EXPECTED["stage"]
        assert collected
        collected.clear()


def test_pandas_keeps_its_index_and_the_names_of_its_columns() -> None:
    """An index may say one thing twice, and a column may be called 3."""
    frame = pd.DataFrame(leads(), index=pd.MultiIndex.from_tuples([(1, "x"), (1, "x"), (2, "y")], names=["n", "k"]))
    frame[3], frame.columns.name, frame.attrs = [object()] * 3, "all", {"from": "us"}

    found = DEFINITION.qualify_frame(frame, pd.DataFrame(activities()), as_of=AS_OF)

    assert found.index.equals(frame.index)
    assert found.index.names == ["n", "k"]
    assert list(found.columns) == [*frame.columns, *EXPECTED]
    assert (found.columns.name, found.attrs) == ("all", {"from": "us"})
    assert found[3].tolist() == frame[3].tolist()
    assert {name: str(found[name].dtype) for name in EXPECTED} == {
        "stage": "string", "sql_state": "string", "sql_sales": "boolean", "fit_at_least": "Int64", "fit_at_most": "Int64",
    }  # fmt: skip
    assert "stage" not in frame.columns


def test_arrow_comes_back_in_its_plainest_types() -> None:
    """The next tool reads strings, not views of them."""
    found = DEFINITION.qualify_frame(pa.table(leads()), as_of=AS_OF)

    assert [str(found.schema.field(name).type) for name in EXPECTED] == ["string", "string", "bool", "int64", "int64"]
    assert found.schema.field("kept") == pa.table(leads()).schema.field("kept")


def test_relations_keep_the_order_of_their_rows_and_their_connection() -> None:
    """What was sorted stays sorted, and a database that isn't the default one is as good."""
    connection = duckdb.connect()
    connection.execute("CREATE TABLE known AS SELECT range AS id, range % 100 AS employees FROM range(10000)")
    small = qualify.define(
        name="Small",
        teams={"sales": "Sales"},
        traits={
            "large": {"team": "sales", "when": "employees >= 50", "why": "They need us."},
            "keen": {"team": "sales", "when": "count(demo_request) >= 1", "why": "They asked."},
        },
        stages={"sql": {"requires": {"sales": "large and keen"}}},
    )
    relation = connection.sql("SELECT * FROM known ORDER BY employees DESC, id")
    happened = connection.sql("SELECT range * 2 AS lead_id, 'demo_request' AS type, now() AS at FROM range(5000)")

    found = small.qualify_frame(relation, happened, as_of=datetime(2100, 1, 1, tzinfo=UTC))

    assert [row[0] for row in found.fetchall()] == [row[0] for row in relation.fetchall()]
    assert found.aggregate("count(stage)").fetchall() == [(2500,)]
    connection.execute("CREATE TABLE out AS SELECT * FROM found")


def test_relations_of_two_databases_meet() -> None:
    """Leads and visits may lie in two files."""
    found = DEFINITION.qualify_frame(in_duckdb(leads()), in_duckdb(activities()), as_of=AS_OF)

    assert found.to_arrow_table()["stage"].to_pylist() == EXPECTED["stage"]


def test_a_column_of_nulls_that_a_database_took_for_numbers_is_unknown() -> None:
    """`CREATE TABLE ... AS SELECT NULL` makes a column of whole numbers."""
    connection = duckdb.connect()
    connection.execute("CREATE TABLE shops AS SELECT 'a' AS id, 80 AS employees, NULL AS industry, NULL AS opted_out")
    small = qualify.define(
        name="Small",
        teams={"sales": "Sales"},
        traits={"it": {"team": "sales", "when": 'industry == "Printing" or opted_out', "why": "So."}},
        stages={"sql": {"requires": {"sales": "it"}}},
    )

    assert small.qualify_frame(connection.table("shops")).project("sql_state").fetchall() == [("undetermined",)]


def test_categories_and_enums_are_texts() -> None:
    """They are texts that somebody stored well."""
    ids = pl.Enum(["a", "b", "c"])
    polars = pl.DataFrame(leads(), strict=False).with_columns(
        pl.col("industry").cast(pl.Categorical), pl.col("id").cast(ids)
    )
    pandas = pd.DataFrame(leads()).astype({"industry": "category", "id": "category"})

    for frame in (polars, pandas):
        assert (
            list(DEFINITION.qualify_frame(frame, pl.DataFrame(activities()), as_of=AS_OF)["sql_state"])
            == EXPECTED["sql_state"]
        )


def test_midnights_of_pandas_are_days_where_days_are_wanted() -> None:
    """pandas has no dates; a time of day that would be lost is still refused."""
    days = pd.to_datetime(pd.Series(["2026-12-01", None, "1960-01-01"]))
    frame = pd.DataFrame(leads(renewal=None)).assign(renewal=days)

    found = DEFINITION.qualify_frame(frame, as_of=AS_OF, explain=True)

    assert of_pandas(found)["due"] == [True, None, False]
    with pytest.raises(QualifyError, match="'renewal' has to be a date and is a date with a time: cast it: "):
        DEFINITION.qualify_frame(frame.assign(renewal=days + pd.Timedelta(hours=1)), as_of=AS_OF)
    with pytest.raises(QualifyError, match="'renewal' has to be a date and is a date with a time: cast it: "):
        DEFINITION.qualify_frame(frame.assign(renewal=days.dt.tz_localize("UTC")), as_of=AS_OF)


def test_gaps_in_columns_of_objects_are_gaps() -> None:
    """pandas writes NaN where an answer is missing, beside True."""
    frame = pd.DataFrame(leads(opted_out=[True, float("nan"), None], employees=[Decimal("80.0"), pd.NA, 2**70]))

    found = DEFINITION.qualify_frame(frame, as_of=AS_OF, explain=True)

    assert of_pandas(found)["bars"] == [True, None, None]
    assert of_pandas(found)["large"] == [True, None, True]


KEPT_AS = {
    **{f"at, {unit} {zone}": {"seen_at": pa.timestamp(unit, zone)}
       for unit in ("ms", "us", "ns") for zone in ("UTC", "Asia/Kathmandu", "+05:30")},
    "a single": {"amount": pa.float32()}, "a half": {"amount": pa.float16()}, "64 bits without a sign": {"amount": pa.uint64()},
    "8 bits": {"amount": pa.int8()}, "a decimal of 256 bits": {"amount": pa.decimal256(30, 2)},
    "a category": {"text": pa.dictionary(pa.int8(), pa.string())}, "large text": {"text": pa.large_string()},
    "text by view": {"text": pa.string_view()}, "large lists": {"texts": pa.large_list(pa.string())},
    "lists of two": {"texts": pa.list_(pa.string(), 2)},
}  # fmt: skip


NOT_IN_DUCKDB = ("a half", "a decimal of 256 bits")


@pytest.mark.parametrize(
    ("kept", "family"),
    [(kept, family) for kept in KEPT_AS for family in ("arrow", "pandas", "duckdb")
     if family != "duckdb" or kept not in NOT_IN_DUCKDB],
)  # fmt: skip
def test_how_wide_a_column_is_kept_changes_no_answer(kept: str, family: str) -> None:
    """Zones by offset, nanoseconds, and lists of two in several chunks each stopped an engine, or turned its clock."""
    types = KEPT_AS[kept]
    usual = {"id": pa.string(), "seen_at": pa.timestamp("us", "UTC"), "amount": pa.float64(), "text": pa.string(),
             "texts": pa.list_(pa.string())}  # fmt: skip
    columns: Columns = {
        "id": ["a", "b", "c", "d"],
        "seen_at": [AS_OF, datetime(2026, 11, 19, 23, 59, 59, 999_000, tzinfo=UTC), None, datetime(1960, 1, 1, tzinfo=UTC)],
        "amount": [0.5, 2.0, None, 3.0] if types.get("amount") in (pa.float16(), pa.float32()) else [1, 2, None, 3],
        "text": ["Yes", " yes ", None, "no"], "texts": [["a", "b"], ["A", "c"], None, ["c", "d"]],
    }  # fmt: skip
    rules = (
        "seen_at within 12 hours",
        "seen_at >= 2026-11-20",
        "amount >= 2",
        "amount == 0.5",
        'text == "yes"',
        'texts has any ["a"]',
    )
    definition = qualify.define(
        name="Wide",
        timezone="Europe/Berlin",
        teams={"sales": "Sales"},
        fields={
            "seen_at": {"type": "datetime"},
            "amount": {"type": "number"},
            "text": {"type": "text"},
            "texts": {"type": "list"},
        },
        traits={f"t{at}": {"team": "sales", "when": rule, "why": "So."} for at, rule in enumerate(rules)},
        stages={"sql": {"requires": {"sales": "t0"}}},
    )
    kept_as = dict(columns)
    if kept == "a half":  # as Arrow's older releases want it
        kept_as["amount"] = [each if each is None else np.float16(each) for each in columns["amount"]]
    table = pa.table({name: pa.array(values, (usual | types)[name]) for name, values in kept_as.items()})
    chunked = pa.concat_tables([table.slice(0, 1), table.slice(1)])
    frame = {"arrow": lambda it: it, "pandas": lambda it: it.to_pandas(types_mapper=pd.ArrowDtype),
             "duckdb": duckdb.connect().from_arrow}[family](chunked)  # fmt: skip

    found = definition.qualify_frame(frame, as_of=AS_OF, explain=True)

    judged = found.to_arrow_table() if family == "duckdb" else pa.table(found) if family == "pandas" else found
    verdicts = [definition.qualify(dict(zip(columns, row, strict=True)), as_of=AS_OF)
                for row in zip(*columns.values(), strict=True)]  # fmt: skip
    said = {True: "yes", False: "no", None: "unknown"}
    for name in definition.model.traits:
        assert [said[each] for each in judged[name].to_pylist()] == [each.traits[name].answer for each in verdicts]


def test_lists_of_nothing_are_empty_and_not_unknown() -> None:
    """DuckDB gives them a type of its own."""
    relation = duckdb.sql("SELECT * FROM (VALUES ('a', []), ('b', NULL)) AS t(id, interests)")
    definition = qualify.define(
        name="Chosen",
        teams={"sales": "Sales"},
        traits={"it": {"team": "sales", "when": 'interests has none ["no mail"]', "why": "So."}},
        stages={"sql": {"requires": {"sales": "it"}}},
    )

    assert definition.qualify_frame(relation).project("sql_state").fetchall() == [("reached",), ("undetermined",)]


def in_relation(table: pa.Table) -> duckdb.DuckDBPyRelation:
    """A table of Arrow's in a DuckDB of its own."""
    return duckdb.connect().from_arrow(table)


def answers(found: Any, name: str) -> list[Any]:
    """A column of whatever came back."""
    return (found.to_arrow_table() if isinstance(found, duckdb.DuckDBPyRelation) else found)[name].to_pylist()  # type: ignore[no-any-return]


@pytest.mark.parametrize("make", [pa.table, in_relation], ids=["Arrow", "DuckDB"])
@pytest.mark.parametrize("zone", ["UTC", None])
def test_what_is_finer_than_a_microsecond_is_cut_off(make: Callable[[pa.Table], Any], zone: str | None) -> None:
    """DuckDB rounds it: a moment before midnight would be of the next day."""
    definition = qualify.define(
        name="Fine",
        teams={"sales": "Sales"},
        fields={"seen_at": {"type": "datetime"}},
        traits={"early": {"team": "sales", "when": "seen_at < 1970-01-01", "why": "So."}},
        stages={"sql": {"requires": {"sales": "early"}}},
    )
    nanoseconds = [-1000, -501, -500, -1, 0, 1, 999, None]
    table = pa.table({"seen_at": pa.array(nanoseconds, pa.timestamp("ns", zone))})

    found = definition.qualify_frame(make(table), as_of=AS_OF, explain=True)

    assert answers(found, "early") == [True, True, True, True, False, False, False, None]


@pytest.mark.parametrize("make", [pa.table, in_relation], ids=["Arrow", "DuckDB"])
def test_an_amount_that_nobody_could_add_up_leaves_the_sum_unknown(make: Callable[[pa.Table], Any]) -> None:
    """The least whole number has no opposite: Polars takes it for its own, and DuckDB stops."""
    definition = qualify.define(
        name="Sums",
        teams={"sales": "Sales"},
        activities={"purchase": {"properties": {"amount": "number"}}},
        traits={"paid": {"team": "sales", "when": "sum(amount of purchase) >= 0", "why": "So."}},
        stages={"sql": {"requires": {"sales": "paid"}}},
    )
    amounts = [-(2**63), 2**63 - 1, 10**12, -(10**12), 10**12 - 1]
    ids = [str(at) for at in range(len(amounts))]
    happened = pa.table({"lead_id": ids, "type": ["purchase"] * 5, "at": pa.array([AS_OF] * 5, pa.timestamp("us", "UTC")),
                         "amount": pa.array(amounts, pa.int64())})  # fmt: skip

    found = definition.qualify_frame(make(pa.table({"id": ids})), happened, as_of=AS_OF, explain=True)

    assert answers(found, "paid") == [None, None, None, None, True]
