"""The query as text: what it assumes stands above it, so that who runs it can see whether that is so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from textwrap import wrap

from qualify.columns.expressions import Stored
from qualify.columns.kinds import FITS, FrameError
from qualify.columns.needs import PLAIN, needs_of, plan_of
from qualify.columns.sources import Sources
from qualify.definition.model import Model
from qualify.engine.clock import Clock, zone_of
from qualify.errors import MissingExtra, QualifyError, nearest

_DECIMAL = re.compile(r"decimal\((\d+),\s*(\d+)\)")
TYPES: Mapping[str, Stored] = {
    "text": Stored("text"), "boolean": Stored("flag"), "integer": Stored("whole"), "double": Stored("double"),
    "number": Stored("number"), "date": Stored("day"), "timestamp": Stored("wall"),
    "timestamp with time zone": Stored("instant"), "list": Stored("texts"),
}  # fmt: skip
"""What can be said of how a column is stored."""
WITHOUT_COMPOSING = ("snowflake", "databricks")


def statement_of(
    model: Model,
    dialect: str,
    clock: Clock | None,
    *,
    table: str,
    activities: str | None,
    types: Mapping[str, str],
    columns: Mapping[str, str],
    explain: bool,
    prefix: str,
) -> str:
    """The query that judges a table, as text in one dialect; without a clock of ours the engine's own is read."""
    try:
        from sqlglot import exp

        from qualify.columns.dialects import DIALECTS
        from qualify.columns.in_sql import Query, Tables
    except ModuleNotFoundError as why:
        if why.name != "sqlglot":
            raise
        raise MissingExtra("to_sql", "SQLGlot", "sql") from None
    if dialect not in DIALECTS:
        raise QualifyError(f"no dialect '{dialect}': there are {', '.join(DIALECTS)}", code="bad-argument")
    needs = needs_of(model, activities=activities is not None, explain=explain)
    stored = {name: Stored(PLAIN[kind]) for name, kind in needs.fields.items()}
    if "email_domain" in stored:
        stored["email"] = Stored("text")
    told = {name: Stored(PLAIN[kind]) for name, kind in needs.properties.items()} | {"at": Stored("instant")}
    for name, said in types.items():
        where, wanted = (told, needs.properties) if name.startswith("activities.") else (stored, needs.fields)
        _say(where, {**wanted, "at": "datetime"}, name.removeprefix("activities."), said)
    leads = {columns.get(name, name): each for name, each in stored.items()}
    sources = Sources(leads, None if activities is None else told, dict(columns))
    moment = clock or Clock(_ANY, zone_of(model.timezone))
    plan = plan_of(model, sources, moment, explain=explain, prefix=prefix)
    tables = Tables(
        exp.to_table(table, dialect=dialect), None if activities is None else exp.to_table(activities, dialect=dialect),
        columns.get("id", "id"),
    )  # fmt: skip
    query = Query(plan, clock, DIALECTS[dialect](), tables).whole()
    above = _above(model, dialect, clock, table, activities, stored, told if plan.passes else {})
    return "\n".join([*above, query.sql(dialect=dialect, pretty=True, max_text_width=100), ""])


from datetime import UTC, datetime  # noqa: E402

_ANY = datetime(2020, 1, 1, tzinfo=UTC)


def _say(stored: dict[str, Stored], wanted: Mapping[str, str], name: str, said: str) -> None:
    found = _DECIMAL.fullmatch(said.strip().lower())
    kind = Stored("decimal", int(found[1]), int(found[2])) if found else TYPES.get(said.strip().lower())
    if kind is None:
        raise QualifyError(
            f"types: '{said}' is no type of a column; there are {', '.join(TYPES)} and decimal(digits, decimals)",
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


def _above(
    model: Model, dialect: str, clock: Clock | None, table: str, activities: str | None,
    stored: Mapping[str, Stored], told: Mapping[str, Stored],
) -> list[str]:  # fmt: skip
    """What the query is, when it is true, and what it assumes of the tables."""
    if clock is None:
        when = (
            f"As of the engine's clock, read once, in {model.timezone}: it can't be run again with the same answer, and hangs "
            "on the server's zone data."
        )
    else:
        when = f"As of {clock.as_of.isoformat().replace('+00:00', 'Z')}: a constant. Write the query anew for another moment."
    lines = [f"{model.name} {model.version}: the verdict on each lead of {table}.", when]
    if activities is None:
        lines.append("No table of activities was named: what happened is unknown of every lead.")
    numbers = [name for name, each in stored.items() if each.kind == "number"]
    instants = [*(name for name, each in stored.items() if each.kind == "instant"), *(["at"] if told else [])]
    if numbers:
        lines.append(f"Numbers are compared as they are stored, float32 excepted (say types): {', '.join(numbers)}.")
    if instants:
        lines.append(f"Taken for moments with a time zone: {', '.join(instants)}.")
    if dialect in WITHOUT_COMPOSING:
        lines.append("Texts have to be in composed form (NFC), which this dialect has no function for.")
    return [f"-- {part}" for line in lines for part in wrap(line, 110)]
