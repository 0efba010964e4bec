"""An open database: pages of leads with their verdicts, what happened with them, and updates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, Select, String, Table, and_, cast, exists, func, not_, or_, select
from sqlalchemy.exc import SQLAlchemyError

from qualify.adapters.database.cursor import Cursor, Seen, is_settled
from qualify.adapters.database.loaders import engine_at, rows
from qualify.adapters.database.place import Place
from qualify.adapters.database.recorded import is_new, newest_settled
from qualify.adapters.database.rows import RowWriter
from qualify.adapters.database.tables import LEAD, OWN, VERDICT, Names, Tables
from qualify.adapters.database.trouble import answer_of, may_pass, meaning
from qualify.adapters.database.values import Unfit, bound, fitted, told, type_of
from qualify.adapters.records import Answer, Connection, Happening, NewProperty, Page, Record, Update
from qualify.errors import AdapterError

ASKED_AT_ONCE = 500


class DatabaseConnection(Connection):
    """See `Connection`. Every page and every batch is a transaction of its own."""

    batch_size = 100

    def __init__(self, place: Place, names: Names, properties: Sequence[str]) -> None:
        self._place, self._names, self._properties = place, names, tuple(properties)
        self._engine = engine_at(place)
        try:
            self._tables = Tables(self._engine, names, place.name)
        except BaseException:
            self._engine.dispose()
            raise
        self._sqlite = self._tables.sqlite
        self._writer = RowWriter(self._tables)

    # --- reading ---

    def pages(self, since: str | None = None) -> Iterator[Page]:
        """Leads in the order of their changes, then those with which something happened since.

        Those whose moment of change is null come last, each time.
        """
        tables = self._tables
        place = None if since is None else self._cursor(since)
        try:
            began, total, seen = self._beginning(place)
            if tables.changed is None:
                yield from self._by_id(None, None, total)
                return
            # Until those with new activities were read, the cursor says of activities what it said.
            known = seen if place is None else place.seen
            last, settled, is_open = place, place, False
            while True:
                found = self._rows(self._after(last))
                for row in found:
                    last = Cursor(self._place.fingerprint, tables.leads.name, row[0], str(row[1]), known)
                    is_open = is_open or not is_settled(row[0], began, self._names.overlap)
                    settled = settled if is_open else last
                yield Page(tuple(self._record(row) for row in found), None if settled is None else str(settled), total)
                if len(found) < self._names.page:
                    break
            if place is not None and settled is not None and tables.recorded is not None:
                yield from self._by_id(self._happened_since(place), settled, total)
                if seen not in (None, known):
                    settled = replace(settled, seen=seen)
                    yield Page((), str(settled), total)
            if tables.changed.nullable:
                yield from self._by_id(tables.changed.is_(None), settled, total)
        except SQLAlchemyError as why:
            raise meaning(why, self._place.name) from None

    def _by_id(self, which: Any | None, settled: Cursor | None, total: int | None) -> Iterator[Page]:
        """Leads by their id: all of them, or those of which that is true."""
        last: object = None
        while True:
            asked = self._asked()
            if which is not None:
                asked = asked.where(which)
            if last is not None:
                asked = asked.where(self._tables.id > last)
            found = self._rows(asked.order_by(self._tables.id))
            if found or which is None:
                yield Page(tuple(self._record(row) for row in found), None if settled is None else str(settled), total)
            if len(found) < self._names.page:
                return
            last = found[-1][1]

    def _happened_since(self, place: Cursor) -> Any:
        """Whether something was recorded of a lead that isn't read anyway."""
        tables = self._tables
        assert tables.changed is not None
        assert tables.recorded is not None
        new = is_new(tables.recorded, place.seen, sqlite=self._sqlite)
        its = exists().where(self._is_of(tables.id, tables.activities_lead), new).correlate(tables.leads)
        return and_(tables.changed.is_not(None), not_(self._later(place)), its)

    def _cursor(self, since: str) -> Cursor:
        if self._tables.changed is None:
            raise AdapterError(
                f"{self._place.name}: no column says when a lead was changed, so there is no reading since: read all anew"
            )
        return Cursor.read(since, self._place.fingerprint, self._tables.leads.name)

    def _beginning(self, place: Cursor | None) -> tuple[datetime, int, Seen | None]:
        """The database's own clock, how many leads there are to read, and until where activities are settled."""
        tables = self._tables
        asked: Select[Any] = select(func.count()).select_from(tables.leads)
        if place is not None and tables.changed is not None:
            which = [self._later(place), tables.changed.is_(None)]
            asked = asked.where(or_(*which, *([] if tables.recorded is None else [self._happened_since(place)])))
        with self._engine.connect() as open_:
            now = None if self._sqlite else open_.execute(select(func.current_timestamp())).scalar_one()
            began = now if isinstance(now, datetime) and now.tzinfo is not None else datetime.now(UTC)
            seen = None
            if tables.recorded is not None:  # before any lead is read: what comes meanwhile is for the next read
                newest = newest_settled(tables.recorded, began, self._names.overlap, sqlite=self._sqlite)
                ((at,),) = rows(open_, newest)
                seen = None if at is None else Seen(tables.recorded.name, at)
            return began, int(open_.execute(asked).scalar_one()), seen

    def _after(self, last: Cursor | None) -> Select[Any]:
        changed = self._tables.changed
        assert changed is not None
        asked = self._asked().order_by(changed, self._tables.id)
        return asked.where(changed.is_not(None) if last is None else self._later(last))

    def _later(self, last: Cursor) -> Any:
        changed, key = self._tables.changed, self._tables.id
        assert changed is not None
        at: Any = bound(last.at, changed, sqlite=self._sqlite)
        same = and_(changed == at, key > fitted(last.id, type_of(key), sqlite=self._sqlite))
        return or_(changed > at, same)

    def _asked(self) -> Select[Any]:
        """The columns that are asked for, after the two that say where a row stands."""
        tables = self._tables
        first = [tables.id if tables.changed is None else tables.changed, tables.id]
        self._shown = [each for each in tables.leads.c if self._wanted(each.name)]
        verdicts = tables.verdicts
        # All of it: also what an earlier definition wrote, which the sync empties.
        beside = verdicts is not None and (not self._properties or any(map(_is_verdict, self._properties)))
        self._beside = list(verdicts.c) if verdicts is not None and beside else []
        columns = [each.label(f"c{at}") for at, each in enumerate([*first, *self._shown, *self._beside])]
        asked = select(*columns).limit(self._names.page)
        if verdicts is None or not self._beside:
            return asked.select_from(tables.leads)
        return asked.select_from(tables.leads.outerjoin(verdicts, self._is_of(tables.id, verdicts.c[LEAD])))

    def columns(self) -> tuple[str, ...]:
        """The columns of the leads' table and, as `verdict.x`, of the verdicts' table."""
        return (*self._tables.leads.c.keys(), *self.own_columns())

    def own_columns(self) -> tuple[str, ...]:
        """The columns of the verdicts' table, as `verdict.x`."""
        verdicts = self._tables.verdicts
        return () if verdicts is None else tuple(VERDICT + each.name for each in verdicts.c if each.name != LEAD)

    def _wanted(self, name: str) -> bool:
        if not self._properties or name == self._names.id:
            return True
        return any(each == name or each.startswith(f"{name}.") for each in self._properties)

    def _is_of(self, key: Column[Any], lead: Column[Any]) -> Any:
        """Whether a row is of a lead, whatever type its id has there."""
        if type_of(key)._type_affinity is type_of(lead)._type_affinity:
            return key == lead
        return cast(key, String(255)) == cast(lead, String(255))

    def _rows(self, asked: Select[Any]) -> Sequence[Any]:
        with self._engine.connect() as open_:
            return rows(open_, asked)

    def _record(self, row: Sequence[Any]) -> Record:
        cut = 2 + len(self._shown)
        record = self._as_record(self._shown, row[2:cut])
        if self._beside:
            record[OWN] = self._as_record(self._beside, row[cut:])
        return record

    def _as_record(self, columns: Iterable[Column[Any]], values: Sequence[Any]) -> dict[str, object]:
        return {
            column.name: told(value, type_of(column), sqlite=self._sqlite)
            for column, value in zip(columns, values, strict=True)
        }

    # --- what happened ---

    def happenings(self, records: Sequence[Record]) -> Iterable[Happening] | None:
        """The rows of the activities' table that are of these leads; None where there is no such table."""
        table = self._tables.activities
        if table is None:
            return None
        return self._happened(table, [record.get(self._names.id) for record in records])

    def _happened(self, table: Table, ids: Sequence[object]) -> Iterator[Happening]:
        lead, columns = self._tables.activities_lead, list(table.c)
        try:
            for start in range(0, len(ids), ASKED_AT_ONCE):
                some = []
                for each in ids[start : start + ASKED_AT_ONCE]:
                    try:
                        some.append(fitted(each, type_of(lead), sqlite=self._sqlite))
                    except Unfit:  # a lead's id that no activity can have
                        continue
                for row in self._rows(select(*columns).where(lead.in_(some)).order_by(lead)):
                    yield Happening("activities", self._as_record(columns, row))
        except SQLAlchemyError as why:
            raise meaning(why, self._place.name) from None

    # --- writing ---

    def write(self, updates: Sequence[Update]) -> Sequence[Answer]:
        """Write all in one transaction; where the database refuses that, each in one of its own."""
        try:
            with self._engine.begin() as open_:
                return [self._writer.write(open_, each) for each in updates]
        except SQLAlchemyError as why:
            if may_pass(why):
                raise meaning(why, self._place.name) from None
            return [self._write_alone(each) for each in updates]

    def _write_alone(self, one: Update) -> Answer:
        try:
            with self._engine.begin() as open_:
                return self._writer.write(open_, one)
        except SQLAlchemyError as why:
            if may_pass(why):
                raise meaning(why, self._place.name) from None
            return Answer(one.id, answer_of(why))

    # --- what is missing ---

    def missing(self, wanted: Sequence[NewProperty]) -> Sequence[NewProperty]:
        """The columns that aren't there."""
        return self._tables.missing(wanted)

    def create(self, properties: Sequence[NewProperty]) -> None:
        """Add columns to the leads' table, or to the verdicts', which is made where it isn't there."""
        try:
            self._tables.create(properties)
            self._writer = RowWriter(self._tables)
        except SQLAlchemyError as why:
            raise meaning(why, self._place.name) from None

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def _is_verdict(path: str) -> bool:
    return path.startswith(VERDICT)


__all__ = ["DatabaseConnection"]
