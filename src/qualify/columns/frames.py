"""Frames in, the same kind of frame out: whose they are, and what must be true of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from qualify.columns.expressions import Stored
from qualify.columns.kinds import fitting, sorted_out
from qualify.columns.needs import Needs, needs_of, plan_of
from qualify.columns.plan import Output, Plan
from qualify.columns.sources import Sources
from qualify.definition.model import Model
from qualify.engine.clock import Clock
from qualify.errors import FrameError, QualifyError, nearest
from qualify.vocabulary import FieldType

Found: TypeAlias = Mapping[str, Stored | str | None]
"""The columns of a table as an engine tells them: how each is stored, None where nothing is in it, else what it is."""
Family: TypeAlias = Literal["polars", "pandas", "pyarrow", "duckdb", "pyspark"]
Casts: TypeAlias = Mapping[FieldType, str]
"""How a column is made what a field wants, in a library's own words."""

IN_POLARS: Casts = {
    "text": 'cast it: pl.col("{name}").cast(pl.String)',
    "number": 'cast it: pl.col("{name}").cast(pl.Float64)',
    "boolean": 'say what means yes: pl.col("{name}") == "yes"',
    "date": 'cast it: pl.col("{name}").str.to_date() or .dt.date()',
    "datetime": 'cast it: pl.col("{name}").str.to_datetime() or .cast(pl.Datetime("us", "UTC"))',
    "list": 'take it apart: pl.col("{name}").str.split(";")',
}
IN_SQL: Casts = {
    "text": 'cast it: CAST("{name}" AS VARCHAR)',
    "number": 'cast it: CAST("{name}" AS DOUBLE)',
    "boolean": "say what means yes: \"{name}\" = 'yes'",
    "date": 'cast it: CAST("{name}" AS DATE)',
    "datetime": 'cast it: CAST("{name}" AS TIMESTAMPTZ)',
    "list": "take it apart: SPLIT(\"{name}\", ';')",
}
IN_SPARK: Casts = {
    "text": 'cast it: F.col("{name}").cast("string")',
    "number": 'cast it: F.col("{name}").cast("double")',
    "boolean": 'say what means yes: F.col("{name}") == "yes"',
    "date": 'cast it: F.col("{name}").cast("date")',
    "datetime": 'cast it: F.col("{name}").cast("timestamp")',
    "list": 'take it apart: F.split("{name}", ";")',
}
IN_PANDAS: Casts = {
    "text": 'cast it: df["{name}"].astype("string")',
    "number": 'cast it: pd.to_numeric(df["{name}"])',
    "boolean": 'say what means yes: (df["{name}"] == "yes").astype("boolean")',
    "date": 'cast it: pd.to_datetime(df["{name}"]).dt.date',
    "datetime": 'cast it: pd.to_datetime(df["{name}"], utc=True)',
    "list": 'take it apart: df["{name}"].str.split(";")',
}
IN_ARROW: Casts = {
    "text": 'cast it: table["{name}"].cast(pa.string())',
    "number": 'cast it: table["{name}"].cast(pa.float64())',
    "boolean": 'say what means yes: pc.equal(table["{name}"], "yes")',
    "date": 'cast it: table["{name}"].cast(pa.date32())',
    "datetime": 'cast it: table["{name}"].cast(pa.timestamp("us", "UTC"))',
    "list": 'take it apart: pc.split_pattern(table["{name}"], ";")',
}
CASTS: Mapping[Family, Casts] = {
    "polars": IN_POLARS, "pandas": IN_PANDAS, "pyarrow": IN_ARROW, "duckdb": IN_SQL, "pyspark": IN_SPARK,
}  # fmt: skip
OWN = "qualify: "
"""What the columns of our own begin with while a frame is judged."""


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

    @property
    def activity_columns(self) -> dict[str, FieldType | None]:
        """The columns of activities that are read, each with the type that it has to be of, where that is known."""
        return {"lead_id": None, "type": "text", "at": "datetime", **self.needs(activities=True).properties}

    def lead_columns(self, *, activities: bool) -> dict[str, FieldType | None]:
        """The same of leads; an e-mail's may be read too, for its domain."""
        needs = self.needs(activities=activities)
        names: dict[str, FieldType | None] = {"email": "text", **({"id": None} if activities else {}), **needs.fields}
        return {self.column_of(name): kind for name, kind in names.items()}

    def needs(self, *, activities: bool) -> Needs:
        """What is read, where activities come with the frame or don't."""
        return needs_of(self.model, activities=activities, explain=self.explain)

    def outputs(self, *, activities: bool) -> tuple[Output, ...]:
        """What comes out, whatever the frame holds."""
        return self.needs(activities=activities).named(self.prefix)


def family_of(frame: object) -> Family:
    """Whose frame it is; QualifyError for what is none."""
    for each in type(frame).__mro__:
        match each.__module__.partition(".")[0], each.__name__:
            case "polars", "DataFrame" | "LazyFrame":
                return "polars"
            case "pandas", "DataFrame":
                return "pandas"
            case "pyarrow", "Table" | "RecordBatch":
                return "pyarrow"
            case "duckdb" | "_duckdb", "DuckDBPyRelation":
                return "duckdb"
            case "pyspark", "DataFrame":
                return "pyspark"
    raise QualifyError(
        f"qualify_frame takes a frame of Polars, pandas, PyArrow, DuckDB or PySpark, found {type(frame).__name__}; "
        "one lead is judged by qualify, many by qualify_many",
        code="bad-argument",
    )


def names_of(frame: Any) -> list[str]:
    """The names of a frame's columns; of pandas' only those that are texts, since no other is a field's or a result's."""
    if hasattr(frame, "collect_schema"):
        return list(frame.collect_schema().names())
    names = frame.schema.names if family_of(frame) == "pyarrow" else frame.columns
    return [name for name in names if isinstance(name, str)]


def renamed(model: Model, columns: Mapping[Any, Any], what: str = "mapping") -> dict[str, str]:
    """The columns of fields that are called otherwise, as a person said them; QualifyError for what is no field."""
    found: dict[str, str] = {}
    for name, column in columns.items():
        if not isinstance(name, str) or not isinstance(column, str):
            raise QualifyError(
                f"{what} is a dict of fields and the columns that they stand in, both as texts, such as "
                f"{what}={{'industry': 'Branch'}}",
                code="bad-argument",
            )
        if name not in model.declared_fields:
            near = nearest(name, model.declared_fields)
            hint = f"; did you mean '{near}'?" if near else ""
            backwards = ": the field comes first, then its column" if column in model.declared_fields else hint
            raise QualifyError(f"{what}: the definition has no field '{name}'{backwards}", code="bad-argument")
        found[name] = column
    return found


def planned(
    job: Job,
    leads: Found,
    activities: Found | None,
    cast: Casts,
    *,
    cast_activities: Casts | None = None,
    any_case: bool = False,
) -> tuple[Plan, Needs]:
    """The steps for these tables; FrameError where they aren't what the definition reads, all that is wrong at once."""
    needs = job.needs(activities=activities is not None)
    fields = read_columns(job, needs, leads)
    types: dict[str, FieldType] = {}
    if activities is not None and needs.activities:
        types = {"lead_id": "text", "type": "text", "at": "datetime", **needs.properties}
    _present(job, needs, fields, leads, types, activities or {})
    if types:
        del types["lead_id"]  # whatever it is: it has to be what the leads' ids are
    sound, faults = fitting(leads, fields, "the leads", cast)
    happened, more = fitting(activities or {}, types, "the activities", cast_activities or cast)
    if faults or more:
        raise FrameError("; ".join([*faults, *more]), code="frame-type")
    sources = Sources(sound, None if activities is None else happened, dict(job.columns))
    plan = plan_of(job.model, sources, job.clock, explain=job.explain, prefix=job.prefix)
    kept_apart(plan.outputs, leads, any_case=any_case)
    return plan, needs


def read_columns(job: Job, needs: Needs, there: Iterable[str]) -> dict[str, FieldType]:
    """The leads' columns that are read, each with the type of its field.

    A missing domain of an e-mail is taken from the e-mail, where that is there.
    """
    fields = {job.column_of(name): kind for name, kind in needs.fields.items()}
    domain, email = job.column_of("email_domain"), job.column_of("email")
    if domain in fields and email in there:
        fields[email] = "text"
        if domain not in there:
            del fields[domain]
    return fields


def _present(
    job: Job,
    needs: Needs,
    fields: Iterable[str],
    leads: Iterable[str],
    types: Iterable[str],
    activities: Iterable[str],
) -> None:
    """FrameError for the columns that aren't there, of both tables."""
    wanted = dict.fromkeys([*fields, *([job.lead_id] if types else [])])
    parts = []
    if absent := [name for name in wanted if name not in leads]:
        hint = _spelt(absent, leads)
        parts.append(f"the leads come without {_columns(absent)}{hint}")
        if absent == [job.lead_id] and "id" not in needs.fields:
            parts[-1] += ", which says whose the activities are"
        if (domain := job.column_of("email_domain")) in absent:
            parts[-1] += f" ('{job.column_of('email')}' would do for '{domain}')"
    if missing := [name for name in types if name not in activities]:
        parts.append(f"the activities come without {_columns(missing)}{_spelt(missing, activities, mapping=False)}")
    if parts:
        them = "it" if len(absent) + len(missing) == 1 else "them"
        raise FrameError(
            f"{'; '.join(parts)}: the definition reads {them} (what nobody knows is a column of nulls)",
            code="frame-columns",
        )


def _spelt(absent: Iterable[str], there: Iterable[str], *, mapping: bool = True) -> str:
    """What may have been meant, where it is only spelt otherwise."""
    bare = {sorted_out(name): name for name in there}
    near = {name: bare[sorted_out(name)] for name in absent if sorted_out(name) in bare}
    if not near:
        return ""
    return f" (did you mean mapping={near}?)" if mapping else f" (there is {listed(near.values())})"


def _columns(names: list[str]) -> str:
    return f"the column{'s' if len(names) > 1 else ''} {listed(names)}"


def listed(names: Iterable[str]) -> str:
    """Names in a message: all of them.

    >>> listed(["id", "email"])
    "'id', 'email'"
    """
    return ", ".join(f"'{name}'" for name in names)


def kept_apart(outputs: Iterable[Output], leads: Iterable[str], *, any_case: bool) -> None:
    """FrameError where a name that comes out is there already, or comes out twice."""
    names = [output.name for output in outputs]
    plain = [name.lower() if any_case else name for name in names]
    there = {name.lower() if any_case else name for name in leads}
    if twice := [name for at, name in enumerate(names) if plain[at] in plain[:at]]:
        case = ", capitals aside" if any_case and len(set(names)) == len(names) else ""
        raise FrameError(
            f"two results would be called alike{case}: {listed(twice)}; give the fact, stage or team another name",
            code="frame-columns",
        )
    if shadowed := [name for name, called in zip(names, plain, strict=True) if called in there]:
        raise FrameError(
            f"the frame has columns of its own that are called like results: {listed(shadowed)}; keep them apart with "
            "prefix=, as in prefix='q_'",
            code="frame-columns",
        )
    if ours := [name for name in leads if name.startswith(OWN)]:
        raise FrameError(f"columns that begin with '{OWN}' are taken: rename {listed(ours)}", code="frame-columns")
