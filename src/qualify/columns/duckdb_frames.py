"""DuckDB's relations: one query over them, which stays a relation."""

from __future__ import annotations

import re
from typing import Any

from sqlglot import exp

from qualify.columns.dialect import quoted
from qualify.columns.dialects import DuckDB
from qualify.columns.expressions import Stored
from qualify.columns.frames import IN_SQL, Found, Job, family_of, planned
from qualify.columns.in_sql import Query, Tables
from qualify.columns.kinds import FrameError
from qualify.columns.zones import agreeing

LEADS, ACTIVITIES = "the leads", "the activities"
_DECIMAL = re.compile(r"DECIMAL\((\d+),\s*(\d+)\)")
_WHOLE = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"}
_KINDS = {
    "VARCHAR": Stored("text"), "UUID": Stored("text"), "BOOLEAN": Stored("flag"), "DATE": Stored("day"),
    "FLOAT": Stored("double"), "DOUBLE": Stored("double"), "TIMESTAMP WITH TIME ZONE": Stored("instant"),
    "UBIGINT": Stored("decimal", 38, 0), "HUGEINT": Stored("decimal", 38, 0), "VARCHAR[]": Stored("texts"),
}  # fmt: skip


def qualified(relation: Any, activities: Any, job: Job) -> Any:
    """A relation with what the definition says beside its columns."""
    happened = None if activities is None else _relation(activities)
    plan, needs = planned(job, kinds(relation), None if happened is None else kinds(happened), IN_SQL, any_case=True)
    counts = happened is not None and needs.activities
    if counts:
        _looked_at(relation, happened, job.lead_id)
    agreeing(plan, lambda query: _rows(relation, query), "DuckDB")
    tables = Tables(
        exp.Table(this=quoted(LEADS)), exp.Table(this=quoted(ACTIVITIES)) if counts else None, job.lead_id,
        keep=tuple(relation.columns), order=counts,
    )  # fmt: skip
    query = Query(plan, job.clock, DuckDB(), tables).whole().sql(dialect="duckdb")
    if not counts:
        return relation.query(LEADS, query)
    names = {ACTIVITIES: "qualify_activities"}
    qualify_activities = happened  # found by its name, as DuckDB finds what is in scope
    del names
    found = relation.query(LEADS, query.replace(f'"{ACTIVITIES}"', "qualify_activities"))
    del qualify_activities
    return found


def kinds(relation: Any) -> Found:
    """How its columns are stored."""
    return {name: stored(str(dtype)) for name, dtype in zip(relation.columns, relation.types, strict=True)}


def stored(dtype: str) -> Stored | str | None:
    """How a column of this type is stored."""
    if dtype in _KINDS:
        return _KINDS[dtype]
    if dtype in _WHOLE:
        return Stored("whole")
    if found := _DECIMAL.fullmatch(dtype):
        return Stored("decimal", int(found[1]), int(found[2]))
    if dtype.startswith("ENUM"):
        return Stored("text")
    if dtype.startswith("TIMESTAMP"):
        return Stored("wall")
    if dtype in ('"NULL"', '"NULL"[]'):
        return None
    if dtype.startswith("VARCHAR["):
        return Stored("texts")
    return dtype


def _relation(frame: Any) -> Any:
    """Activities of another's as what DuckDB can read."""
    import duckdb

    if family_of(frame) == "duckdb":
        return frame
    if family_of(frame) == "pyspark":
        raise FrameError("leads of DuckDB come with activities that DuckDB can read, not Spark's", code="bad-argument")
    return duckdb.from_arrow(frame.collect().to_arrow() if hasattr(frame, "collect") else frame)


def _rows(relation: Any, query: str) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = relation.query(LEADS, query).fetchall()
    return found


def _looked_at(leads: Any, activities: Any, lead_id: str) -> None:
    """FrameError where two leads have one id, or an activity has no lead or no moment."""
    column = quoted(lead_id).sql("duckdb")
    ((many, different),) = leads.query(
        LEADS, f'SELECT COUNT({column}), COUNT(DISTINCT {column}) FROM "{LEADS}"'
    ).fetchall()
    if many > different:
        raise FrameError(
            f"{many - different} leads have an id ('{lead_id}') that another has too: whose activities are they? "
            "Keep one row a lead",
            code="frame-rows",
        )
    ((every, owned, dated),) = activities.query(
        ACTIVITIES, f'SELECT COUNT(*), COUNT("lead_id"), COUNT("at") FROM "{ACTIVITIES}"'
    ).fetchall()
    for number, what in ((every - owned, "lead ('lead_id')"), (every - dated, "moment ('at')")):
        if number:
            raise FrameError(f"{number} activities have no {what}: leave them out, or say which", code="frame-rows")
