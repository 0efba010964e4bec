"""Frames in, the same kind of frame out: whose they are, and what must be true of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from qualify.columns.expressions import Stored
from qualify.columns.kinds import FrameError, fitting, missing
from qualify.columns.needs import Needs, needs_of, plan_of
from qualify.columns.plan import Plan
from qualify.columns.sources import Sources
from qualify.definition.model import Model
from qualify.engine.clock import Clock
from qualify.errors import QualifyError
from qualify.vocabulary import FieldType

Found: TypeAlias = Mapping[str, Stored | str | None]
"""The columns of a table as an engine tells them: how each is stored, None where nothing is in it, else what it is."""
Family: TypeAlias = Literal["polars", "pandas", "pyarrow", "duckdb", "pyspark"]

IN_POLARS: Mapping[FieldType, str] = {
    "text": 'cast it: pl.col("{name}").cast(pl.String)',
    "number": 'cast it: pl.col("{name}").cast(pl.Float64)',
    "boolean": 'say what means yes: pl.col("{name}") == "yes"',
    "date": 'cast it: pl.col("{name}").str.to_date() or .dt.date()',
    "datetime": 'cast it: pl.col("{name}").str.to_datetime() or .cast(pl.Datetime("us", "UTC"))',
    "list": 'take it apart: pl.col("{name}").str.split(";")',
}
IN_SQL: Mapping[FieldType, str] = {
    "text": 'cast it: CAST("{name}" AS VARCHAR)',
    "number": 'cast it: CAST("{name}" AS DOUBLE)',
    "boolean": "say what means yes: \"{name}\" = 'yes'",
    "date": 'cast it: CAST("{name}" AS DATE)',
    "datetime": 'cast it: CAST("{name}" AS TIMESTAMP)',
    "list": "take it apart: SPLIT(\"{name}\", ';')",
}
IN_PANDAS: Mapping[FieldType, str] = {
    "text": 'cast it: df["{name}"].astype("string")',
    "number": 'cast it: pd.to_numeric(df["{name}"])',
    "boolean": 'say what means yes: (df["{name}"] == \'yes\').astype("boolean")',
    "date": 'cast it: pd.to_datetime(df["{name}"]).dt.date',
    "datetime": 'cast it: pd.to_datetime(df["{name}"], utc=True)',
    "list": "take it apart: df[\"{name}\"].str.split(';')",
}


@dataclass(frozen=True, slots=True)
class Job:
    """One frame to judge: by which definition, when, and how its columns are called."""

    model: Model
    clock: Clock
    explain: bool
    prefix: str
    columns: Mapping[str, str]
    """The column of a field that is called otherwise."""

    def column_of(self, name: str) -> str:
        """The column that a field stands in."""
        return self.columns.get(name, name)

    @property
    def lead_id(self) -> str:
        """The column that holds the lead's id."""
        return self.column_of("id")


def family_of(frame: object) -> Family:
    """Whose frame it is; QualifyError for what is none."""
    module = type(frame).__module__.partition(".")[0]
    kind = type(frame).__name__
    if module == "polars" and kind in ("DataFrame", "LazyFrame"):
        return "polars"
    if module == "pandas" and kind == "DataFrame":
        return "pandas"
    if module == "pyarrow" and kind in ("Table", "RecordBatch"):
        return "pyarrow"
    if module in ("duckdb", "_duckdb") and kind == "DuckDBPyRelation":
        return "duckdb"
    if module == "pyspark" and kind == "DataFrame":
        return "pyspark"
    raise QualifyError(
        f"qualify_frame takes a frame of Polars, pandas, PyArrow, DuckDB or PySpark, found {type(frame).__name__}; "
        "one lead is judged by qualify, many by qualify_many",
        code="bad-argument",
    )


def planned(
    job: Job, leads: Found, activities: Found | None, cast: Mapping[FieldType, str], *, any_case: bool = False
) -> tuple[Plan, Needs]:
    """The steps for these tables; FrameError where they aren't what the definition reads, all that is wrong at once."""
    needs = needs_of(job.model, activities=activities is not None, explain=job.explain)
    fields = {job.column_of(name): kind for name, kind in needs.fields.items()}
    absent = [name for name in fields if name not in leads]
    domain, email = job.column_of("email_domain"), job.column_of("email")
    if domain in absent and email in leads:
        absent.remove(domain)
        fields[email] = "text"
    if absent:
        raise missing(absent, "the leads come", "what nobody knows is a column of nulls")
    told: dict[str, Stored] | None = None
    if activities is not None:
        told = _activities(job, needs, activities, cast)
        if needs.activities and job.lead_id not in leads:
            raise missing([job.lead_id], "the leads come", "it says which activities are whose")
    if "email" not in needs.fields and email in leads and domain in fields:
        fields[email] = "text"
    stored = fitting(leads, fields, "the leads", cast)
    sources = Sources(stored, told, dict(job.columns))
    plan = plan_of(job.model, sources, job.clock, explain=job.explain, prefix=job.prefix)
    _shadowed(plan, leads, any_case=any_case)
    return plan, needs


def _activities(job: Job, needs: Needs, found: Found, cast: Mapping[FieldType, str]) -> dict[str, Stored]:
    """How the activities' columns are stored, those that are read."""
    if not needs.activities:
        return {}
    types: dict[str, FieldType] = {"type": "text", "at": "datetime", **needs.properties}
    absent = [name for name in ("lead_id", *types) if name not in found]
    if absent:
        raise missing(absent, "the activities come", "a property that nobody knows is a column of nulls")
    clash = [name for name in ("lead_id", "type", "at") if name in needs.properties]
    if clash:
        raise FrameError(
            f"the definition reads a property called '{clash[0]}', which in a table of activities is a column of its own: "
            "use qualify_many",
            code="frame-columns",
        )
    return fitting(found, types, "the activities", cast)


def _shadowed(plan: Plan, leads: Found, *, any_case: bool) -> None:
    """FrameError where a name that comes out is there already, or comes out twice."""
    names = [output.name for output in plan.outputs]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise FrameError(
            f"two results would be called '{twice[0]}': give the fact, stage or team another name", code="frame-columns"
        )
    there = {name.lower() for name in leads} if any_case else set(leads)
    shadowed = [name for name in names if (name.lower() if any_case else name) in there]
    if shadowed:
        listed = ", ".join(f"'{name}'" for name in shadowed)
        raise FrameError(
            f"the frame has columns of its own that are called like results: {listed}; keep them apart with prefix=, "
            "as in prefix='q_'",
            code="frame-columns",
        )
