"""DuckDB's relations: one query over them, which stays a relation of its connection.

Whether ids are there and differ, and whether activities have all that they must, is asked at once, by one small query.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from qualify.columns.expressions import NANOSECONDS, Stored
from qualify.columns.frames import CASTS, IN_SQL, Found, Job, family_of, listed, planned
from qualify.columns.kinds import check_ids, check_rows
from qualify.columns.plan import Plan
from qualify.columns.zones import agreeing
from qualify.errors import FrameError, MissingExtra
from qualify.vocabulary import FieldType

LEADS, ACTIVITIES = "the leads", "_qualify_activities_"
_DECIMAL = re.compile(r"DECIMAL\((\d+),\s*(\d+)\)")
_WHOLE = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"}
_KINDS = {
    "VARCHAR": Stored("text"), "UUID": Stored("text"), "BOOLEAN": Stored("flag"), "DATE": Stored("day"),
    "FLOAT": Stored("double"), "DOUBLE": Stored("double"), "TIMESTAMP WITH TIME ZONE": Stored("instant"),
    "TIMESTAMPTZ_NS": Stored("instant", NANOSECONDS), "TIMESTAMP_NS": Stored("wall", NANOSECONDS),
    "UBIGINT": Stored("decimal", 38, 0), "HUGEINT": Stored("decimal", 38, 0),
    "VARCHAR[]": Stored("texts"), '"NULL"[]': Stored("texts"),
}  # fmt: skip


def qualified(relation: Any, activities: Any, job: Job) -> Any:
    """A relation with what the definition says beside its columns."""
    needs_sqlglot()
    told, happened = (None, None) if activities is None else taken(relation, activities, job)
    cast = IN_SQL if activities is None else CASTS[family_of(activities)]
    told_apart(relation.columns)
    found = without_nulls(relation, kinds(relation), job.lead_columns(activities=told is not None))
    plan, needs = planned(job, found, happened, IN_SQL, cast_activities=cast, any_case=True)
    if told is None or happened is None or not needs.activities:
        return judged(relation, None, job, plan, keep=relation.columns)
    check_ids(found[job.lead_id], job.lead_id, happened["lead_id"])
    _look_at(relation, told, job.lead_id)
    return judged(relation, told, job, plan, keep=relation.columns)


def judged(relation: Any, activities: Any, job: Job, plan: Plan, *, keep: Sequence[str]) -> Any:
    """The query over a relation and (a relation, or a table of Arrow's) what happened."""
    from sqlglot import exp

    from qualify.columns.dialect import quoted
    from qualify.columns.dialects import DuckDB
    from qualify.columns.in_sql import Query, Tables

    agreeing(plan, lambda query: rows(relation, query), "DuckDB")
    told = None if activities is None else exp.Table(this=quoted(ACTIVITIES))
    tables = Tables(
        exp.Table(this=quoted(LEADS)), told, job.lead_id, keep=tuple(keep), order=told is not None or bool(plan.lists)
    )
    return asked(relation, activities, Query(plan, job.clock, DuckDB(), tables).whole().sql(dialect="duckdb"))


def asked(relation: Any, activities: Any, query: str) -> Any:
    """A query over leads and activities: DuckDB finds the latter by the name of a variable, as it does for anybody."""
    if activities is None:
        return relation.query(LEADS, query)
    _qualify_activities_ = activities
    found = relation.query(LEADS, query)
    del _qualify_activities_
    return found


def taken(relation: Any, activities: Any, job: Job) -> tuple[Any, Found]:
    """Another's activities as what the relation's connection can read, and how they are stored."""
    import duckdb

    if family_of(activities) == "duckdb":
        told_apart(activities.columns)
        try:
            asked(relation, activities, f'SELECT 1 FROM "{ACTIVITIES}"')
        except duckdb.InvalidInputException:
            pass  # a relation of another database: its rows have to be brought here
        else:
            return activities, kinds(activities)
    from qualify.columns.arrow_tables import as_arrow

    found = as_arrow(activities, job.activity_columns)
    return found.table, found.found


def needs_sqlglot() -> None:
    """MissingExtra where SQLGlot isn't there."""
    try:
        import sqlglot  # noqa: F401
    except ModuleNotFoundError as why:
        if why.name != "sqlglot":
            raise
        raise MissingExtra("qualify_frame of a relation of DuckDB", "SQLGlot", "sql") from None


def told_apart(columns: Sequence[str]) -> None:
    """FrameError where names differ in capitals at most: DuckDB takes each for the first."""
    lowered = [name.lower() for name in columns]
    if alike := [name for name in columns if lowered.count(name.lower()) > 1]:
        raise FrameError(f"DuckDB can't tell columns apart that are called alike: {listed(alike)}; rename all but one",
                         code="frame-columns")  # fmt: skip


def kinds(relation: Any) -> Found:
    """How its columns are stored."""
    return {name: stored(str(dtype)) for name, dtype in zip(relation.columns, relation.types, strict=True)}


def without_nulls(relation: Any, found: Found, wanted: Mapping[str, FieldType | None]) -> Found:
    """The same, but for columns of nothing but nulls that DuckDB takes for whole numbers, as it does where no type is said."""
    whole = Stored("whole")
    doubted = [name for name, kind in wanted.items() if kind not in (None, "number") and found.get(name) == whole]
    if not doubted:
        return found
    counts = ", ".join('COUNT("' + name.replace('"', '""') + '")' for name in doubted)
    (known,) = rows(relation, f'SELECT {counts} FROM "{LEADS}"')
    return {**found, **{name: None for name, count in zip(doubted, known, strict=True) if not count}}


def stored(dtype: str) -> Stored | str | None:
    """How a column of this type is stored."""
    if dtype in _KINDS:
        return _KINDS[dtype]
    if dtype in _WHOLE:
        return Stored("whole")
    if found := _DECIMAL.fullmatch(dtype):
        return Stored("decimal", int(found[1]), int(found[2]))
    if dtype.startswith("ENUM") and not dtype.endswith("]"):
        return Stored("text")
    if dtype.startswith("TIMESTAMP") and not dtype.endswith("]"):
        return Stored("wall")
    if dtype == '"NULL"':
        return None
    if re.fullmatch(r"VARCHAR\[\d*\]", dtype):
        return Stored("texts")
    return dtype


def rows(relation: Any, query: str) -> list[tuple[Any, ...]]:
    """What a query over a relation finds."""
    found: list[tuple[Any, ...]] = relation.query(LEADS, query).fetchall()
    return found


def _look_at(leads: Any, activities: Any, lead_id: str) -> None:
    """FrameError for the rows that can't be judged."""
    column = '"' + lead_id.replace('"', '""') + '"'
    ids = f'SELECT COUNT(*) AS a, COUNT({column}) AS b, COUNT(DISTINCT {column}) AS c FROM "{LEADS}"'
    told = f'SELECT COUNT(*) AS d, COUNT("lead_id") AS e, COUNT("at") AS f, COUNT("type") AS g FROM "{ACTIVITIES}"'
    found = asked(leads, activities, f"SELECT * FROM ({ids}) AS ids, ({told}) AS told").fetchall()
    ((leads_, known, different, every, owned, dated, typed),) = found
    check_rows(
        lead_id, doubled=known - different, nameless=leads_ - known, lost=every - owned, undated=every - dated,
        untyped=every - typed,
    )  # fmt: skip
