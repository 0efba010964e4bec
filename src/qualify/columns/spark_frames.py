"""PySpark's frames: one query over them, which Spark plans and runs wherever it runs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlglot import exp

from qualify.columns.dialect import quoted
from qualify.columns.dialects import Spark
from qualify.columns.expressions import Stored
from qualify.columns.frames import IN_SQL, Found, Job, family_of, planned
from qualify.columns.in_sql import Query, Tables
from qualify.columns.kinds import FrameError
from qualify.columns.zones import asks_the_wall, changes, check, checked

_KINDS = {
    "string": Stored("text"), "boolean": Stored("flag"), "date": Stored("day"), "float": Stored("double"),
    "double": Stored("double"), "tinyint": Stored("whole"), "smallint": Stored("whole"), "int": Stored("whole"),
    "bigint": Stored("whole"), "timestamp": Stored("instant"), "timestamp_ntz": Stored("wall"),
    "array<string>": Stored("texts"), "void": None, "array<void>": None,
}  # fmt: skip


def qualified(frame: Any, activities: Any, job: Job) -> Any:
    """A frame with what the definition says beside its columns; nothing runs until it is asked for."""
    if activities is not None and family_of(activities) != "pyspark":
        activities = frame.sparkSession.createDataFrame(activities)
    plan, needs = planned(job, kinds(frame), None if activities is None else kinds(activities), IN_SQL, any_case=True)
    session = frame.sparkSession
    if str(session.conf.get("spark.sql.parser.escapedStringLiterals", "false")) == "true":
        raise FrameError(
            "Spark is set to take '\\' in texts as it stands (spark.sql.parser.escapedStringLiterals), which misreads some "
            "of the definition's: set it to false",
            code="frame-engine",
        )
    if plan.zone != "UTC" and asks_the_wall(plan) and not checked("Spark", plan.zone):
        _same_clock(session, plan.zone)
    counts = activities is not None and needs.activities
    leads, happened = f"leads_{uuid4().hex}", f"activities_{uuid4().hex}"
    frame.createOrReplaceTempView(leads)
    if counts:
        activities.createOrReplaceTempView(happened)
    try:
        tables = Tables(
            exp.Table(this=quoted(leads)), exp.Table(this=quoted(happened)) if counts else None, job.lead_id,
            keep=tuple(frame.columns), checked=counts,
        )  # fmt: skip
        return session.sql(Query(plan, job.clock, Spark(), tables).whole().sql(dialect="spark"))
    finally:
        session.catalog.dropTempView(leads)
        if counts:
            session.catalog.dropTempView(happened)


def kinds(frame: Any) -> Found:
    """How its columns are stored."""
    return {each.name: stored(each.dataType.simpleString()) for each in frame.schema.fields}


def stored(dtype: str) -> Stored | str | None:
    """How a column of this type is stored."""
    if dtype.startswith("decimal("):
        digits, decimals = dtype[8:-1].split(",")
        return Stored("decimal", int(digits), int(decimals))
    return _KINDS.get(dtype, dtype)


def _same_clock(session: Any, zone: str) -> None:
    """FrameError where Spark's clock in the zone isn't ours."""
    at = [f"(TIMESTAMP_NTZ '{moment:%Y-%m-%d %H:%M:%S}')" for moment, _ in changes(zone)]
    query = (
        f"SELECT TIMESTAMPDIFF(SECOND, t, CONVERT_TIMEZONE('UTC', '{zone}', t)) FROM (VALUES {', '.join(at)}) AS v(t)"
    )
    check(zone, [timedelta(seconds=int(row[0])) for row in session.sql(query).collect()], "Spark")
