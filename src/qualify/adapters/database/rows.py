"""Updates as rows: columns of the lead's own row, and the lead's row in the verdicts' table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, Connection, Insert, Table, Update, bindparam, insert, update

from qualify.adapters.database.tables import LEAD, OWN, Tables
from qualify.adapters.database.values import Unfit, fitted, type_of
from qualify.adapters.records import Answer
from qualify.adapters.records import Update as Change

KEY = "the lead"
"""The parameter that no column is called."""


class RowWriter:
    """Writes one update at a time into an open transaction."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._updates: dict[tuple[str, ...], Update] = {}
        self._inserts: dict[tuple[str, ...], Insert] = {}

    def write(self, open_: Connection, one: Change) -> Answer:
        """Write one; what can be told before it is tried is refused without trying."""
        tables = self._tables
        ours, theirs = one.changes.get(OWN), {name: said for name, said in one.changes.items() if name != OWN}
        try:
            beside = self._values(tables.leads, theirs)
            own = self._values(tables.verdicts, ours) if isinstance(ours, Mapping) else {}
            key = self._key(tables.id, one.id) if beside else None
            lead = self._key(tables.verdicts.c[LEAD], one.id) if own and tables.verdicts is not None else None
        except Unfit as why:
            return Answer(one.id, why.message)
        if beside:
            done = open_.execute(self._updating(tables.leads, tables.id, tuple(beside)), {KEY: key, **beside})
            if not done.rowcount:
                return Answer(one.id, "no row has this id")
        if own and tables.verdicts is not None:
            column, names = tables.verdicts.c[LEAD], tuple(own)
            if not open_.execute(self._updating(tables.verdicts, column, names), {KEY: lead, **own}).rowcount:
                open_.execute(self._inserting(tables.verdicts, names), {LEAD: lead, **own})
        return Answer(one.id)

    def _updating(self, table: Table, key: Column[Any], names: tuple[str, ...]) -> Update:
        """The statement for these columns: made once, since making it takes longer than running it."""
        known = (table.name, *names)
        if known not in self._updates:
            values: dict[str, Any] = {name: bindparam(name) for name in names}
            self._updates[known] = update(table).where(key == bindparam(KEY)).values(values)
        return self._updates[known]

    def _inserting(self, table: Table, names: tuple[str, ...]) -> Insert:
        if names not in self._inserts:
            self._inserts[names] = insert(table).values({name: bindparam(name) for name in (LEAD, *names)})
        return self._inserts[names]

    def _key(self, column: Column[Any], lead_id: str) -> object:
        try:
            return fitted(lead_id, type_of(column), sqlite=self._tables.sqlite)
        except Unfit:
            raise Unfit("no row has this id") from None

    def _values(self, table: Table | None, changes: Mapping[str, object]) -> dict[str, object]:
        found = {}
        for name, value in changes.items():
            column = None if table is None else table.c.get(name)
            if column is None:
                raise Unfit(f"there is no column {name!r}")
            try:
                found[name] = fitted(value, type_of(column), sqlite=self._tables.sqlite)
            except Unfit as why:
                raise Unfit(f"{name}: {why.message}") from None
        return found


__all__ = ["RowWriter"]
