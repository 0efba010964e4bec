"""The public `Definition`: one line a method, above the rooms that do the work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar, overload

from qualify.definition import files
from qualify.definition.model import Model
from qualify.engine.evaluate import Evaluator, Session
from qualify.errors import Finding, QualifyError
from qualify.verdict import Verdict

if TYPE_CHECKING:
    from qualify.lead import Lead
    from qualify.mapping import Mapping as LeadMapping


class Frame(Protocol):
    """Any frame that `qualify_frame` takes: of Polars, pandas, PyArrow, PySpark, or a relation of DuckDB."""

    @property
    def columns(self) -> Any:
        """The columns, or their names."""


F = TypeVar("F", bound=Frame)


class Definition:
    """One shared definition of a qualified lead, checked: what it says it can answer.

    Made by `load`, `loads` or `define`; immutable, equal when it says the same, safe to share between threads and to
    send to other processes.
    """

    __slots__ = ("__dict__", "_evaluator", "_findings")

    def __init__(self, model: Model, findings: tuple[Finding, ...] = ()) -> None:
        self._evaluator = Evaluator(model)
        self._findings = findings

    # --- what it is ---

    @property
    def model(self) -> Model:
        """The parts: teams, fields, traits, tiers, signals, scores, stages, as immutable values."""
        return self._evaluator.model

    @property
    def name(self) -> str:
        """What the definition is called."""
        return self.model.name

    @property
    def version(self) -> str:
        """Which version it is."""
        return self.model.version

    @property
    def digest(self) -> str:
        """SHA-256 over what was agreed: what teams approve."""
        return self._evaluator.digest

    def check(self) -> tuple[Finding, ...]:
        """What is doubtful about it, as findings. (What is wrong is a DefinitionError when it is loaded.)"""
        return self._check

    @cached_property
    def _check(self) -> tuple[Finding, ...]:
        from qualify.definition.approvals import approval_findings

        return (*self._findings, *approval_findings(self.model, self.digest))

    # --- what it answers ---

    def qualify(self, lead: object, *, as_of: datetime | None = None, proposed: bool = False) -> Verdict:
        """The verdict on one lead: a `Lead`, a dict, or any object that has the definition's fields.

        `as_of` is the moment of the verdict (now where nothing is said; a naive one in the definition's zone).
        `proposed=True` evaluates what is only proposed, into `verdict.proposed`.

        Raises LeadError for a value that is not of its field's type: it names the lead, the field, and kinds.
        """
        session = self._evaluator.session(as_of, proposed)
        return Verdict(session, *session.judge(lead))

    @overload
    def qualify_many(
        self,
        leads: Iterable[object],
        *,
        as_of: datetime | None = None,
        on_error: Literal["raise"] = "raise",
        proposed: bool = False,
    ) -> Iterator[Verdict]: ...
    @overload
    def qualify_many(
        self,
        leads: Iterable[object],
        *,
        as_of: datetime | None = None,
        on_error: Literal["yield"],
        proposed: bool = False,
    ) -> Iterator[Verdict | QualifyError]: ...
    def qualify_many(
        self,
        leads: Iterable[object],
        *,
        as_of: datetime | None = None,
        on_error: Literal["raise", "yield"] = "raise",
        proposed: bool = False,
    ) -> Iterator[Any]:
        """A verdict for each lead, in their order, one by one: memory stays constant.

        All have one `as_of`. `on_error="raise"` stops at a bad lead; `"yield"` gives its error in its place.
        """
        if on_error not in ("raise", "yield"):
            raise QualifyError("on_error is 'raise' or 'yield'", code="bad-argument")
        return _verdicts(self._evaluator.session(as_of, proposed), leads, raising=on_error == "raise")

    def qualify_frame(
        self,
        df: F,
        activities: Frame | None = None,
        mapping: Mapping[str, str] | LeadMapping | None = None,
        *,
        as_of: datetime | None = None,
        explain: bool = False,
        prefix: str = "",
    ) -> F:
        """The same kind of frame, with what the definition says of each lead beside its own columns.

        `df` is a frame of Polars (a lazy one stays lazy), pandas, PyArrow or PySpark, or a relation of DuckDB, one row a
        lead; `activities` a second one of any of these, one row an activity: `lead_id`, `type`, `at`, and a column for
        each property. `mapping` says which column a field stands in where that isn't called as the field is, or is a
        `qualify.Mapping`, which makes the fields from the columns of a source. `prefix` goes before the names of what
        comes out: `stage`, `STAGE_state`, `STAGE_TEAM` (yes, no or null), `SCORE_at_least`, `SCORE_at_most`, `TIER`;
        with `explain=True` each `TRAIT` too, the `reason` as a sentence, all `reasons` as codes, and what is in shadow as
        `shadow_NAME`. A lead that is left out has nulls.

        >>> import polars
        >>> definition = define(
        ...     name="Small",
        ...     teams={"sales": "Sales"},
        ...     traits={"large": {"team": "sales", "when": "employees >= 50", "why": "They need us."}},
        ...     stages={"sql": {"requires": {"sales": "large"}}},
        ... )
        >>> leads = polars.DataFrame({"id": ["7", "8"], "employees": [80, None]})
        >>> definition.qualify_frame(leads).rows()
        [('7', 80, 'sql', 'reached', True), ('8', None, None, 'undetermined', None)]

        Raises QualifyError where columns are missing or of another type (all of them at once), where two leads have one
        id or an activity has no lead, and where a result would be called like a column. Of a lazy frame and of Spark's
        the rows are looked at when they are collected.
        """
        from qualify.columns.entry import qualify_frame

        clock = self._evaluator.clock(as_of)
        found: F = qualify_frame(self.model, df, activities, mapping, clock, explain=explain, prefix=prefix)
        return found

    def to_sql(
        self,
        dialect: Literal["duckdb", "postgres", "spark", "databricks", "snowflake", "bigquery"],
        *,
        table: str = "leads",
        activities: str | None = None,
        as_of: datetime | Literal["clock"] | None = None,
        types: Mapping[str, str] | None = None,
        columns: Mapping[str, str] | None = None,
        explain: bool = False,
        prefix: str = "",
    ) -> str:
        """One query that says of each lead of a table what the definition says, as readable text.

        `table` and `activities` name tables, as the dialect writes names. `as_of="clock"` reads the engine's own clock;
        else the moment stands in the query as a constant. `types` says how columns are stored (`text`, `boolean`,
        `integer`, `double`, `decimal(digits, decimals)`, `date`, `timestamp`, `timestamp with time zone`, `list`; those of
        activities as `activities.NAME`), `columns` which column a field stands in. What comes out is called as by
        `qualify_frame`.

        >>> definition = define(
        ...     name="Small",
        ...     teams={"sales": "Sales"},
        ...     traits={"large": {"team": "sales", "when": "employees >= 50", "why": "They need us."}},
        ...     stages={"sql": {"requires": {"sales": "large"}}},
        ... )
        >>> query = definition.to_sql("postgres", table="crm.leads", columns={"employees": "headcount"})
        >>> "headcount" in query, "crm.leads" in query
        (True, True)

        Raises QualifyError where the dialect can't say a rule exactly, naming it, and MissingExtra without SQLGlot.
        """
        from qualify.columns.entry import to_sql

        clock = None if as_of == "clock" else self._evaluator.clock(as_of)
        return to_sql(
            self.model, dialect, clock, table=table, activities=activities, types=types, columns=columns,
            explain=explain, prefix=prefix,
        )  # fmt: skip

    def to_dbt(
        self,
        dialect: Literal["duckdb", "postgres", "spark", "databricks", "snowflake", "bigquery"],
        *,
        as_of: datetime | Literal["clock", "variable"],
        name: str | None = None,
        table: str = "leads",
        activities: str | None = None,
        types: Mapping[str, str] | None = None,
        columns: Mapping[str, str] | None = None,
        explain: bool = False,
        prefix: str = "",
    ) -> dict[str, str]:
        """The same query as a dbt model: its files by their names, `NAME.sql` and `NAME.yml`.

        `table` and `activities` are another model's name, or `source.table`. With `as_of="variable"` dbt's variable
        `as_of` says the moment.
        """
        from qualify.columns.entry import to_dbt

        return to_dbt(
            self.model, dialect, as_of if isinstance(as_of, str) else self._evaluator.clock(as_of), name=name,
            table=table, activities=activities, types=types, columns=columns, explain=explain, prefix=prefix,
        )  # fmt: skip

    # --- what it is made of, for others ---

    def lead_model(self) -> type[Lead]:
        """The pydantic model of its leads: the standard fields and its own."""
        from qualify.lead import lead_model

        return lead_model(tuple((name, field.type) for name, field in self.model.fields.items()))

    def json_schema(self) -> dict[str, Any]:
        """JSON Schema of its leads, with labels, questions and choices."""
        from qualify.definition.schema import lead_schema

        return lead_schema(self.model)

    def save(self, path: str | PathLike[str]) -> None:
        """Write it to a file (`.toml`, `.json`) or a folder; what stands there keeps its comments and its order."""
        from qualify.definition.save import save_model

        save_model(self.model, Path(path))

    def to_toml(self) -> str:
        """The definition as the text of one file."""
        from qualify.definition.toml import toml_of

        return toml_of(self.model)

    def to_json(self) -> str:
        """The definition as JSON."""
        from qualify.definition.write import json_of

        return json_of(self.model)

    # --- a value ---

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Definition) and self.model == other.model

    def __hash__(self) -> int:
        return hash(self.digest)

    def __repr__(self) -> str:
        return f"<Definition {self.name!r} {self.version}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return Definition, (self.model, self._findings)


def _verdicts(session: Session, leads: Iterable[object], *, raising: bool) -> Iterator[Verdict | QualifyError]:
    judge = session.judge
    for lead in leads:
        try:
            fields, raw = judge(lead)
        except QualifyError as why:
            if raising:
                raise
            yield why
        else:
            yield Verdict(session, fields, raw)


def load(path: str | PathLike[str]) -> Definition:
    """The definition in a file (`.toml`, `.json`) or in a folder of `*.toml` files.

    Raises DefinitionError, which lists every fault with its place.
    """
    return Definition(*files.load_model(Path(path)))


def loads(text: str, *, format: Literal["toml", "json"] = "toml") -> Definition:
    """The definition that a text says.

    Raises DefinitionError, which lists every fault with its line. It has no folder, so lists stand as `values`.
    """
    return Definition(*files.loads_model(text, format))


def define(*, name: str, version: str = "1", format: Literal[1] = 1, **sections: Any) -> Definition:
    """The same shape in Python: `teams`, `fields`, `traits`, ... as dicts, rules as text or built.

    >>> from qualify.rules import field
    >>> definition = define(
    ...     name="Small",
    ...     teams={"sales": "Sales"},
    ...     traits={"large": {"team": "sales", "when": field("employees") >= 50, "why": "They need us."}},
    ...     stages={"sql": {"requires": {"sales": "large"}}},
    ... )
    >>> definition.qualify({"employees": 80}).stage
    'sql'
    """
    return Definition(*files.define_model({"format": format, "name": name, "version": version, **sections}))


__all__ = ["Definition", "define", "load", "loads"]
