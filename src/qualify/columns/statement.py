"""The query as text: what it assumes stands above it, so that who runs it can see whether that is so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from textwrap import wrap
from typing import Any

from qualify.columns.expressions import Stored
from qualify.columns.kinds import FITS
from qualify.columns.needs import PLAIN, needs_of, plan_of
from qualify.columns.plan import Plan
from qualify.columns.sources import Sources
from qualify.definition.model import Model
from qualify.engine.clock import Clock, zone_of
from qualify.errors import FrameError, MissingExtra, QualifyError, nearest

MOST_DIGITS = 38
_DECIMAL = re.compile(r"decimal\((\d+),\s*(\d+)\)")
TYPES: Mapping[str, Stored] = {
    "text": Stored("text"), "boolean": Stored("flag"), "integer": Stored("whole"), "double": Stored("double"),
    "number": Stored("number"), "date": Stored("day"), "timestamp": Stored("wall"),
    "timestamp with time zone": Stored("instant"), "list": Stored("texts"),
}  # fmt: skip
"""What can be said of how a column is stored."""
NO_COLUMN = "none"
"""What is said of a field that the table has no column of: it is unknown of every lead."""
WITHOUT_COMPOSING = ("snowflake", "databricks")
_ANY = datetime(2020, 1, 1, tzinfo=UTC)
_CLOCK = "CURRENT_TIMESTAMP"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a query is asked for: of which tables, in which dialect, when, and how its columns are called."""

    dialect: str
    clock: Clock | None
    table: str
    activities: str | None = None
    types: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    explain: bool = False
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A query, what it does step by step, and what it assumes of the tables, in lines."""

    query: str
    plan: Plan
    assumed: tuple[str, ...]


def statement_of(model: Model, wanted: Wanted) -> str:
    """The query that judges a table, as text in one dialect; without a clock of ours the engine's own is read."""
    written = written_of(model, wanted)
    title = f"{model.name} {model.version}: the verdict on each lead of {wanted.table}."
    lines = (title, _when(model, wanted.clock), *written.assumed)
    return "\n".join([*commented(lines), written.query, ""])


def written_of(model: Model, wanted: Wanted, stands_for: Mapping[str, str] | None = None) -> Written:
    """The query without what stands above it.

    `stands_for` is what is written in the place of a table's name or of the engine's clock (`CURRENT_TIMESTAMP`), as it
    stands.
    """
    try:
        from sqlglot import exp

        from qualify.columns.dialects import DIALECTS
        from qualify.columns.in_sql import Query, Tables
    except ModuleNotFoundError as why:
        if why.name != "sqlglot":
            raise
        raise MissingExtra("to_sql", "SQLGlot", "sql") from None
    dialect, columns, instead = wanted.dialect, wanted.columns, stands_for or {}
    if dialect not in DIALECTS:
        near = nearest(dialect, DIALECTS)
        hint = f"; did you mean '{near}'?" if near else f": there are {', '.join(DIALECTS)}"
        raise QualifyError(f"no dialect '{dialect}'{hint}", code="bad-argument")
    happened = wanted.activities is not None
    needs = needs_of(model, activities=happened, explain=wanted.explain)
    stored = {name: Stored(PLAIN[kind]) for name, kind in needs.fields.items()}
    if "email_domain" in stored:
        stored["email"] = Stored("text")
    told = {name: Stored(PLAIN[kind]) for name, kind in needs.properties.items()} | {"at": Stored("instant")}
    _check_columns(columns, (*model.declared_fields, "id", "email"))
    for name, said in wanted.types.items():
        where, needed = (told, needs.properties) if name.startswith("activities.") else (stored, needs.fields)
        _say(where, {**needed, "at": "datetime"}, name.removeprefix("activities."), said)
    leads = {columns.get(name, name): each for name, each in stored.items()}
    moment = wanted.clock or Clock(_ANY, zone_of(model.timezone))
    sources = Sources(leads, told if happened else None, dict(columns))
    plan = plan_of(model, sources, moment, explain=wanted.explain, prefix=wanted.prefix)

    _check_names(plan)

    def named(name: str) -> Any:
        return exp.Var(this=instead[name]) if name in instead else _table(exp, name, dialect)

    tables = Tables(
        named(wanted.table), None if wanted.activities is None else named(wanted.activities), columns.get("id", "id")
    )
    query = Query(plan, wanted.clock, DIALECTS[dialect](), tables).whole()
    if _CLOCK in instead:
        for each in query.find_all(exp.Var):
            if each.this == _CLOCK:
                each.set("this", instead[_CLOCK])
    text = query.sql(dialect=dialect, pretty=True, max_text_width=100)
    assumed = (
        *_reads(plan, columns.get("id", "id")),
        *_assumed(dialect, happened, stored, told if plan.passes else {}),
    )
    return Written(text, plan, assumed)


def _table(exp: Any, name: Any, dialect: str) -> Any:
    from sqlglot.errors import SqlglotError

    try:
        found: Any = exp.to_table(name, dialect=dialect) if isinstance(name, str) else None
    except SqlglotError:
        found = None
    plain = type(found) is exp.Table and all(type(each) is exp.Identifier for each in found.args.values() if each)
    if found is None or not found.name or not plain or found.comments:
        raise QualifyError(f"'{name}' is no name of a table, such as crm.leads", code="bad-argument")
    return found


def _check_names(plan: Plan) -> None:
    names = ["lead_id", *(output.name.lower() for output in plan.outputs)]
    for name in names:
        if names.count(name) > 1:
            raise FrameError(
                f"two columns would be called '{name}': give the fact, stage or team another name, or say a prefix",
                code="frame-columns",
            )


def _check_columns(columns: Iterable[str], known: Sequence[str]) -> None:
    for name in columns:
        if name not in known:
            near = nearest(name, known)
            hint = f"; did you mean '{near}'?" if near else ""
            raise QualifyError(f"columns: the definition has no field '{name}'{hint}", code="bad-argument")


def _say(stored: dict[str, Stored], wanted: Mapping[str, str], name: str, said: str) -> None:
    if said.strip().lower() == NO_COLUMN and name in stored and name != "at":
        del stored[name]
        return
    found = _DECIMAL.fullmatch(said.strip().lower())
    kind = Stored("decimal", int(found[1]), int(found[2])) if found else TYPES.get(said.strip().lower())
    if kind is None:
        raise QualifyError(
            f"types: '{said}' is no type of a column; there are {', '.join(TYPES)}, decimal(digits, decimals), "
            f"and {NO_COLUMN} where there is no such column",
            code="bad-argument",
        )
    if kind.kind == "decimal" and not kind.decimals <= kind.digits <= MOST_DIGITS:
        raise QualifyError(
            f"types: '{said}' is no decimal that all databases have: say one of at most {MOST_DIGITS} digits, its decimals "
            "among them",
            code="bad-argument",
        )
    if name not in stored:
        near = nearest(name, stored)
        hint = f"; did you mean '{near}'?" if near else ""
        raise QualifyError(f"types: the definition reads no '{name}'{hint}", code="bad-argument")
    field = wanted.get(name)
    if field is not None and kind.kind not in FITS[field]:  # type: ignore[index]
        raise FrameError(
            f"types: '{name}' is {field} in the definition, which no column of {said} holds", code="frame-type"
        )
    stored[name] = kind


def _when(model: Model, clock: Clock | None) -> str:
    """When the answers are true."""
    if clock is None:
        return (
            f"As of the engine's clock, read once, in {model.timezone}: it can't be run again with the same answer, and "
            "hangs on the server's zone data."
        )
    return f"As of {constant(clock)}: a constant. Write the query anew for another moment."


def constant(clock: Clock) -> str:
    """A moment as it is written."""
    return clock.as_of.isoformat().replace("+00:00", "Z")


def commented(lines: Iterable[str], before: str = "-- ") -> list[str]:
    """Lines as a comment above the query."""
    return [before + part for line in lines for part in wrap(line, 110)]


def _reads(plan: Plan, lead_id: str) -> Iterator[str]:
    """Which columns have to be there, and what they have to hold: a database names only the first that isn't."""
    leads = {each.column: each.stored for each in plan.fields.values() if each.column}
    if plan.domain_from is not None:
        leads[plan.domain_from] = Stored("text")
    leads.pop(lead_id, None)
    yield f"Columns read of the leads: {', '.join([lead_id, *map(_held, leads.items())])}."
    if plan.passes:
        happened = {each.column: each.stored for each in plan.properties.values() if each.column}
        columns = {"type": Stored("text"), "at": plan.at, **happened}
        yield f"Columns read of the activities: {', '.join(['lead_id', *map(_held, columns.items())])}."
        yield "Nothing looks whether leads' ids differ, and activities have a lead, a type and a moment: they have to."


def _held(column: tuple[str, Stored]) -> str:
    """A column and what it holds, in the words that are said of types.

    >>> _held(("employees", Stored("decimal", 12, 2)))
    'employees (decimal(12, 2))'
    """
    name, stored = column
    said = next(
        (word for word, each in TYPES.items() if each == stored), f"decimal({stored.digits}, {stored.decimals})"
    )
    return f"{name} ({said})"


def _assumed(dialect: str, happened: bool, stored: Mapping[str, Stored], told: Mapping[str, Stored]) -> Iterator[str]:
    """What is assumed of the tables."""
    if not happened:
        yield "No table of activities was named: what happened is unknown of every lead."
    numbers = [name for name, each in stored.items() if each.kind == "number"]
    instants = [*(name for name, each in stored.items() if each.kind == "instant"), *(["at"] if told else [])]
    if numbers:
        yield f"Numbers are compared as they are stored, float32 excepted (say types): {', '.join(numbers)}."
    if instants:
        yield f"Taken for moments with a time zone: {', '.join(instants)}."
    if dialect in WITHOUT_COMPOSING:
        yield "Texts have to be in composed form (NFC), which this dialect has no function for."
