"""The tables of leads, activities and verdicts as they are in the database, and what is made where it is missing."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Engine, MetaData, Table, inspect
from sqlalchemy.exc import NoSuchTableError, SAWarning, SQLAlchemyError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import ExecutableDDLElement
from sqlalchemy.sql.compiler import DDLCompiler
from sqlalchemy.types import JSON, NullType

from qualify.adapters.database.recorded import HAPPENED
from qualify.adapters.database.trouble import meaning
from qualify.adapters.database.values import TYPES, type_of
from qualify.adapters.records import NewProperty
from qualify.errors import AdapterError, enumerated, nearest

OWN = "verdict"
"""The table in a record that holds the row of the verdicts' table."""

VERDICT = f"{OWN}."
"""How paths begin that are columns of the verdicts' table."""

RECORDED = ("updated_at", "created_at", "recorded_at", HAPPENED)
"""What the column may be called that says when an activity was recorded; else when it happened."""

LEAD = "lead_id"
"""The column of the verdicts' table that names the lead."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the tables and their columns are called, and how much is read at once."""

    schema: str | None = None
    leads: str = "leads"
    id: str = "id"
    changed: str | None = "updated_at"
    activities: str | None = None
    activities_lead: str = "lead_id"
    activities_changed: str | None = None
    verdicts: str = "verdicts"
    overlap: int = 60
    page: int = 500
    changed_was_said: bool = False

    @staticmethod
    def said(options: Mapping[str, str]) -> Names:
        """The names that the options say. Raises AdapterError for a number that is none."""
        changed = options.get("changed", "updated_at")
        return Names(
            schema=options.get("schema"),
            leads=options.get("leads", "leads"),
            id=options.get("id", "id"),
            changed=None if changed == "none" else changed,
            activities=options.get("activities"),
            activities_lead=options.get("activities_lead", "lead_id"),
            activities_changed=options.get("activities_changed"),
            verdicts=options.get("verdicts", "verdicts"),
            overlap=_number(options, "overlap", 60),
            page=max(1, _number(options, "page", 500)),
            changed_was_said="changed" in options,
        )


def _number(options: Mapping[str, str], name: str, usual: int) -> int:
    said = options.get(name)
    if said is None:
        return usual
    if not (said.isascii() and said.isdigit() and len(said) < 9):
        raise AdapterError(f"database: option {name!r} is a whole number, not {said!r}")
    return int(said)


def table_of(engine: Engine, name: str, schema: str | None) -> Table | None:
    """A table, or view, with its columns; None where there is none."""
    try:
        with warnings.catch_warnings():  # a type that SQLAlchemy doesn't know is nobody's trouble until it is read
            warnings.simplefilter("ignore", SAWarning)
            found = Table(name, MetaData(), schema=schema, autoload_with=engine)
    except NoSuchTableError:
        return None
    for column in found.columns:
        if isinstance(column.type, JSON):
            column.type.none_as_null = True
    if (
        engine.dialect.name == "sqlite"
    ):  # any column may hold anything there: a date that is none must not cost the page
        for column in found.columns:
            column.info["declared"], column.type = column.type, NullType()
    return found


def tables_there(engine: Engine, name: str, schema: str | None) -> str:
    """What to say where there is no table of that name."""
    there = inspect(engine).get_table_names(schema=schema)
    near = nearest(name, there)
    its = f"it has {enumerated(there)}." if there else "it has no table at all."
    return f"did you mean {near!r}?" if near else its


class Tables:
    """The tables, as they are now. Raises AdapterError where the leads', or a column that was named, isn't there."""

    def __init__(self, engine: Engine, names: Names, where: str) -> None:
        self._engine, self._names, self._where = engine, names, where
        self.sqlite = engine.dialect.name == "sqlite"
        self.look()

    def look(self) -> None:
        """Look at them again."""
        names = self._names
        try:
            self.leads = self._required(names.leads, "leads")
            if names.activities is not None:
                self.activities: Table | None = self._required(names.activities, "activities")
            else:
                self.activities = self._table("activities")
            self.verdicts = self._table(names.verdicts)
        except SQLAlchemyError as why:
            raise meaning(why, self._where) from None
        self.id = self._column(self.leads, names.id, "id")
        self.changed = self.recorded = None
        if names.changed is not None and (names.changed_was_said or names.changed in self.leads.c):
            self.changed = self._column(self.leads, names.changed, "changed")
        if self.activities is not None:
            self.activities_lead = self._column(self.activities, names.activities_lead, "activities_lead")
            self.recorded = self._recorded(self.activities)
        if self.verdicts is not None and LEAD not in self.verdicts.c:
            raise AdapterError(f"{self._where}: the table {self.verdicts.name!r} has no column {LEAD!r}")

    def _recorded(self, activities: Table) -> Column[Any] | None:
        said = self._names.activities_changed
        if said == "none":
            return None
        if said is not None:
            return self._column(activities, said, "activities_changed")
        return next((activities.c[name] for name in RECORDED if name in activities.c), None)

    def _table(self, name: str) -> Table | None:
        return table_of(self._engine, name, self._names.schema)

    def _required(self, name: str, what: str) -> Table:
        found = self._table(name)
        if found is None:
            hint = tables_there(self._engine, name, self._names.schema)
            raise AdapterError(f"{self._where} has no table {name!r} of {what}; {hint} Option {what!r} says which")
        return found

    def _column(self, table: Table, name: str, option: str) -> Column[Any]:
        if name not in table.c:
            near = nearest(name, table.c.keys())
            hint = f"did you mean {near!r}?" if near else f"it has {enumerated(table.c.keys())}."
            raise AdapterError(
                f"{self._where}: the table {table.name!r} has no column {name!r}; {hint} Option {option!r} says which"
            )
        return table.c[name]

    def missing(self, wanted: Sequence[NewProperty]) -> list[NewProperty]:
        """The columns that aren't there."""
        return [each for each in wanted if self._found(each.path or each.name) is None]

    def _found(self, path: str) -> Column[Any] | None:
        table, name = (self.verdicts, path.removeprefix(VERDICT)) if path.startswith(VERDICT) else (self.leads, path)
        return None if table is None else table.c.get(name)

    def create(self, properties: Sequence[NewProperty]) -> None:
        """Make columns, and the verdicts' table where it isn't there."""
        new = [(each.path or each.name, TYPES[each.type]()) for each in self.missing(properties)]
        ours = [Column(path.removeprefix(VERDICT), kind) for path, kind in new if path.startswith(VERDICT)]
        theirs = [Column(path, kind) for path, kind in new if not path.startswith(VERDICT)]
        with self._engine.begin() as open_:
            if ours and self.verdicts is None:
                lead = Column(LEAD, type_of(self.id), primary_key=True, autoincrement=False)
                Table(self._names.verdicts, MetaData(), lead, *ours, schema=self._names.schema).create(open_)
            elif self.verdicts is not None:
                for column in ours:
                    open_.execute(_AddColumn(self.verdicts, column))
            for column in theirs:
                open_.execute(_AddColumn(self.leads, column))
        self.look()


class _AddColumn(ExecutableDDLElement):
    """`ALTER TABLE ... ADD COLUMN ...`, its names quoted as the dialect does it."""

    def __init__(self, table: Table, column: Column[Any]) -> None:
        self.table, self.column = table, column


@compiles(_AddColumn)
def _said(adding: _AddColumn, compiler: DDLCompiler, **_: object) -> str:
    quoted = compiler.preparer
    words = "ADD" if compiler.dialect.name in ("mssql", "oracle") else "ADD COLUMN"
    kind = adding.column.type.compile(compiler.dialect)
    return f"ALTER TABLE {quoted.format_table(adding.table)} {words} {quoted.quote(adding.column.name)} {kind}"


__all__ = ["LEAD", "OWN", "VERDICT", "Names", "Tables"]
