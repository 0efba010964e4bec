"""Every engine that judges tables behind one interface: Arrow's tables go in, rows come out.

An engine is opened once (a server is started, a session made) and asked many times. Where its system can't be had here
it says why. Sessions are in a zone that is nobody's, so that an answer that hung on it would be wrong.
"""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

import pyarrow as pa

from qualify.columns.needs import needs_of
from qualify.face import Definition
from tests.adapters import postgres

Rows: TypeAlias = list[dict[str, Any]]
Judge: TypeAlias = Callable[[Definition, pa.Table, pa.Table | None, datetime], Rows]
"""(a definition, leads, activities, as_of) -> what comes out for each lead, in the leads' order."""

ZONE = "Asia/Kolkata"


class CannotHold(Exception):
    """A table that a kind of frame can't hold as it is: why."""


@dataclass(frozen=True)
class Engine:
    """One engine: how it is opened, and why it can't be (None where it can)."""

    name: str
    open: Callable[[], AbstractContextManager[Judge]]
    why_not: Callable[[], str | None]
    fast: bool = True
    """Whether a question costs milliseconds, so that a test may ask hundreds."""
    largest: float | None = None
    """The largest double that it reckons with, and the inverse of the least."""


def without(*packages: str) -> Callable[[], str | None]:
    """Why an engine of these packages can't be had."""

    def look() -> str | None:
        absent = [name for name in packages if importlib.util.find_spec(name) is None]
        return f"{' and '.join(absent)} not installed" if absent else None

    return look


# --- Polars, pandas, Arrow ---


@contextmanager
def polars_eager() -> Iterator[Judge]:
    """Polars, at once."""
    import polars as pl

    def judge(definition: Definition, leads: pa.Table, activities: pa.Table | None, as_of: datetime) -> Rows:
        told = None if activities is None else pl.from_arrow(activities)
        found = definition.qualify_frame(pl.from_arrow(leads), told, as_of=as_of, explain=True)
        return found.to_dicts()  # type: ignore[no-any-return]

    yield judge


@contextmanager
def polars_lazy() -> Iterator[Judge]:
    """Polars, when it is collected."""
    import polars as pl

    def judge(definition: Definition, leads: pa.Table, activities: pa.Table | None, as_of: datetime) -> Rows:
        told = None if activities is None else pl.from_arrow(activities).lazy()  # type: ignore[union-attr]
        frame = pl.from_arrow(leads).lazy()  # type: ignore[union-attr]
        found = definition.qualify_frame(frame, told, as_of=as_of, explain=True)
        assert isinstance(found, pl.LazyFrame)
        return found.collect().to_dicts()

    yield judge


@contextmanager
def pyarrow() -> Iterator[Judge]:
    """Arrow's own tables."""

    def judge(definition: Definition, leads: pa.Table, activities: pa.Table | None, as_of: datetime) -> Rows:
        found = definition.qualify_frame(leads, activities, as_of=as_of, explain=True)
        return found.to_pylist()  # type: ignore[no-any-return]

    yield judge


def pandas(make: Callable[[pa.Table], Any]) -> Callable[[], AbstractContextManager[Judge]]:
    """Frames of pandas, of one kind of column, under an index of their own."""

    @contextmanager
    def opened() -> Iterator[Judge]:
        def judge(definition: Definition, leads: pa.Table, activities: pa.Table | None, as_of: datetime) -> Rows:
            frame = make(leads)
            frame.index = [f"row {at}" for at in range(len(frame), 0, -1)]
            told = None if activities is None else make(activities)
            found = definition.qualify_frame(frame, told, as_of=as_of, explain=True)
            assert list(found.index) == list(frame.index)
            outputs = found.drop(columns=list(frame.columns))
            return pa.Table.from_pandas(outputs, preserve_index=False).to_pylist()  # type: ignore[no-any-return]

        yield judge

    return opened


def in_numpy(table: pa.Table) -> Any:
    """NumPy's columns, as `to_pandas` makes them; CannotHold where whole numbers with gaps would lose digits."""
    for name, column in zip(table.column_names, table.columns, strict=True):
        gaps = pa.types.is_integer(column.type) and column.null_count
        if gaps and any(value is not None and abs(value) > 2**53 for value in column.to_pylist()):
            raise CannotHold(f"NumPy has no whole numbers beyond 2^53 with gaps: '{name}'")
    return table.to_pandas()


def in_arrow(table: pa.Table) -> Any:
    """Arrow's columns."""
    import pandas as pd

    return table.to_pandas(types_mapper=pd.ArrowDtype)


def in_nullable(table: pa.Table) -> Any:
    """The nullable types of pandas."""
    import pandas as pd

    types = {
        pa.bool_(): pd.BooleanDtype(), pa.string(): pd.StringDtype(), pa.float64(): pd.Float64Dtype(),
        pa.float32(): pd.Float32Dtype(), pa.int64(): pd.Int64Dtype(), pa.int32(): pd.Int32Dtype(),
        pa.int16(): pd.Int16Dtype(), pa.int8(): pd.Int8Dtype(), pa.uint64(): pd.UInt64Dtype(),
    }  # fmt: skip
    return table.to_pandas(types_mapper=types.get)


# --- DuckDB ---


@contextmanager
def duckdb() -> Iterator[Judge]:
    """A relation over Arrow's tables."""
    import duckdb as engine

    with engine.connect() as connection:
        connection.execute(f"SET timezone = '{ZONE}'")

        def judge(definition: Definition, leads: pa.Table, activities: pa.Table | None, as_of: datetime) -> Rows:
            told = None if activities is None else connection.from_arrow(activities)
            found = definition.qualify_frame(connection.from_arrow(leads), told, as_of=as_of, explain=True)
            outputs = [f'"{name}"' for name in found.columns if name not in leads.column_names]
            return found.select(", ".join(outputs)).to_arrow_table().to_pylist()  # type: ignore[no-any-return]

        yield judge


# --- PostgreSQL ---

PLAIN = {
    "text": "text", "number": "bigint", "boolean": "boolean", "date": "date", "datetime": "timestamptz", "list": "text[]",
}  # fmt: skip


def in_postgres(kind: pa.DataType, field: str) -> tuple[str, str | None]:
    """The type of a column in PostgreSQL, and what `to_sql` is told of it."""
    is_ = pa.types
    if is_.is_dictionary(kind):
        kind = kind.value_type
    if is_.is_boolean(kind):
        return "boolean", "boolean"
    if is_.is_uint64(kind):
        return "numeric(38, 0)", "decimal(38, 0)"
    if is_.is_integer(kind):
        return "bigint", "integer"
    if is_.is_float32(kind):
        return "real", "double"
    if is_.is_floating(kind):
        return "double precision", "double"
    if is_.is_decimal(kind):
        return f"numeric(38, {kind.scale})", f"decimal(38, {kind.scale})"
    if is_.is_timestamp(kind):
        return ("timestamptz", "timestamp with time zone") if kind.tz else ("timestamp", "timestamp")
    if is_.is_date(kind):
        return "date", "date"
    if is_.is_list(kind) or is_.is_large_list(kind):
        return "text[]", "list"
    if is_.is_null(kind):
        return PLAIN.get(field, "text"), None
    return "text", "text"


def in_postgresql(*, told: bool) -> Callable[[], AbstractContextManager[Judge]]:
    """PostgreSQL, by the text of `to_sql`; `told` where it is said how numbers are stored."""

    @contextmanager
    def opened() -> Iterator[Judge]:
        import psycopg

        with (
            postgres.server() as server,
            psycopg.connect(host=str(server.folder), user="qualify", dbname="postgres", autocommit=True) as connection,
        ):
            connection.execute(f"SET timezone = '{ZONE}'")
            yield lambda *given: _in_postgresql(connection, *given, told=told)

    return opened


def _in_postgresql(
    connection: Any,
    definition: Definition,
    leads: pa.Table,
    activities: pa.Table | None,
    as_of: datetime,
    *,
    told: bool,
) -> Rows:
    model = definition.model
    fields = {name: each.type for name, each in model.declared_fields.items()}
    kinds = _loaded(connection, "leads", leads, fields)
    if activities is not None:
        properties = {
            name: each.type for kind in model.declared_activities.values() for name, each in kind.properties.items()
        }
        found = _loaded(connection, "activities", activities, properties)
        kinds |= {f"activities.{name}": kind for name, kind in found.items()}
    needs = needs_of(model, activities=activities is not None, explain=True)
    read = {*needs.fields, *(f"activities.{name}" for name in needs.properties)}
    numbers = ("integer", "double", "decimal")
    types = {
        name: kind for name, kind in kinds.items() if name in read and (told or not kind.startswith(numbers))
    }  # fmt: skip
    sql = definition.to_sql(
        "postgres", table="leads", activities=None if activities is None else "activities", as_of=as_of, explain=True,
        types=types,
    )  # fmt: skip
    cursor = connection.execute(sql)
    names = [column.name for column in cursor.description]
    by_id = {row[0]: dict(zip(names, row, strict=True)) for row in cursor.fetchall()}
    return [by_id[lead] for lead in leads["id"].to_pylist()]


def _loaded(connection: Any, name: str, table: pa.Table, fields: Mapping[str, str]) -> dict[str, str]:
    """A table made and filled; what can be said of its columns."""
    columns, said = [], {}
    for field in table.schema:
        kind, word = in_postgres(field.type, fields.get(field.name, "text"))
        columns.append(f'"{field.name}" {kind}')
        if word is not None and field.name not in ("id", "lead_id", "type", "at"):
            said[field.name] = word
    connection.execute(f'DROP TABLE IF EXISTS "{name}"')
    connection.execute(f'CREATE UNLOGGED TABLE "{name}" ({", ".join(columns)})')
    wide = [pa.timestamp("us", kind.tz) if pa.types.is_timestamp(kind) else kind for kind in table.schema.types]
    rows = table.cast(pa.schema(list(zip(table.column_names, wide, strict=True)))).to_pylist()
    with connection.cursor().copy(f'COPY "{name}" FROM STDIN') as copy:
        for row in rows:
            copy.write_row(list(row.values()))
    return said


# --- Spark ---


def no_spark() -> str | None:
    """Why Spark can't be had."""
    return without("pyspark")() or (None if shutil.which("java") else "Spark needs Java")


@contextmanager
def spark() -> Iterator[Judge]:
    """A session on two threads of this machine."""
    from pyspark.sql import SparkSession
    from pyspark.sql.pandas.types import from_arrow_schema

    settings = {
        "spark.sql.session.timeZone": ZONE, "spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "1",
        "spark.default.parallelism": "1", "spark.driver.memory": "3g",
        "spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1",
    }  # fmt: skip
    builder = SparkSession.builder.master("local[2]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")

    def frame(table: pa.Table) -> Any:
        return session.createDataFrame(table, from_arrow_schema(table.schema, prefer_timestamp_ntz=True))

    def judge(definition: Definition, leads: pa.Table, activities: pa.Table | None, as_of: datetime) -> Rows:
        told = None if activities is None else frame(activities)
        found = definition.qualify_frame(frame(leads), told, as_of=as_of, explain=True)
        outputs = [name for name in found.columns if name not in leads.column_names]
        by_id = {row["id"]: row.asDict() for row in found.select("id", *outputs).collect()}
        return [by_id[lead] for lead in leads["id"].to_pylist()]

    try:
        yield judge
    finally:
        session.stop()


ENGINES = (
    Engine("polars", polars_eager, without("polars")),
    Engine("polars lazy", polars_lazy, without("polars")),
    Engine("pandas", pandas(in_numpy), without("pandas", "polars")),
    Engine("pandas Arrow", pandas(in_arrow), without("pandas", "polars")),
    Engine("pandas nullable", pandas(in_nullable), without("pandas", "polars")),
    Engine("pyarrow", pyarrow, without("polars")),
    Engine("duckdb", duckdb, without("duckdb", "sqlglot")),
    Engine("postgres", in_postgresql(told=True), lambda: without("sqlglot")() or postgres.why_not(), largest=1e150),
    Engine(
        "postgres untold", in_postgresql(told=False), lambda: without("sqlglot")() or postgres.why_not(), largest=1e150
    ),
    Engine("spark", spark, no_spark, fast=False),
)
