"""PySpark's frames: one query over them, which Spark plans and runs wherever it runs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlglot import exp

from qualify.columns.dialect import quoted
from qualify.columns.dialects import Spark
from qualify.columns.expressions import Stored
from qualify.columns.frames import IN_SPARK, Found, Job, family_of, planned
from qualify.columns.in_sql import Query, Tables
from qualify.columns.zones import asks_the_wall, changes, check, checked
from qualify.errors import FrameError

LEADS, ACTIVITIES = "qualify: the leads", "qualify: the activities"
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
    plan, needs = planned(job, kinds(frame), None if activities is None else kinds(activities), IN_SPARK, any_case=True)
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
    tables = Tables(
        exp.Table(this=quoted(LEADS)), exp.Table(this=quoted(ACTIVITIES)) if counts else None, job.lead_id,
        keep=tuple(frame.columns), checked=counts,
    )  # fmt: skip
    query = Query(plan, job.clock, Spark(), tables).whole().sql(dialect="spark")
    query = query.replace("{", "{{").replace("}", "}}")  # Spark finds its frames in braces
    frames = {"leads": frame, **({"activities": activities} if counts else {})}
    for name, table in (("leads", LEADS), ("activities", ACTIVITIES)):
        query = query.replace(f"`{table}`", f"{{{name}}}")
    return session.sql(query, **frames)


def kinds(frame: Any) -> Found:
    """How its columns are stored; in small letters too, since Spark finds a column whatever its case."""
    exact = {each.name: stored(each.dataType.simpleString()) for each in frame.schema.fields}
    if str(frame.sparkSession.conf.get("spark.sql.caseSensitive", "false")) == "true":
        return exact
    return {**{name.lower(): kind for name, kind in exact.items()}, **exact}


def stored(dtype: str) -> Stored | str | None:
    """How a column of this type is stored."""
    if dtype.startswith("decimal("):
        digits, decimals = dtype[8:-1].split(",")
        return Stored("decimal", int(digits), int(decimals))
    return _KINDS.get(dtype, dtype)


def _same_clock(session: Any, zone: str) -> None:
    """FrameError where Spark's clock in the zone isn't ours."""
    at = [f"(TIMESTAMP_NTZ '{moment:%Y-%m-%d %H:%M:%S}')" for moment, _ in changes(zone)]
    query = f"SELECT CAST(CONVERT_TIMEZONE('UTC', '{zone}', t) AS STRING) FROM (VALUES {', '.join(at)}) AS v(t)"
    walls = [datetime.fromisoformat(row[0]).replace(tzinfo=UTC) for row in session.sql(query).collect()]
    check(zone, [wall - moment for wall, (moment, _) in zip(walls, changes(zone), strict=True)], "Spark")
