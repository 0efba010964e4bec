"""Leads of a run told apart by columns: an engine says which come out alike, and one of each kind is judged in Python.

So rows, words, funnel and rejected records are those of a run that judges lead by lead. Leads that a column can't hold
as they are (and all that can't be read) are judged one by one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypeAlias

from qualify.adapters import BadRow, Reader, Row, Source
from qualify.columns.holding import Column, Happened, column_of, fits_at_sight
from qualify.columns.outcomes import EngineName, Outcomes, lacking
from qualify.engine.compile import STATES
from qualify.engine.evaluate import Raw, Session
from qualify.errors import LeadError, QualifyError
from qualify.mapping.columnwise import columns_read
from qualify.run.opening import Opened

Engine: TypeAlias = Literal["auto", "python", "polars", "duckdb", "spark"]
ENGINES: tuple[Engine, ...] = ("auto", "python", "polars", "duckdb", "spark")
TITLES: Mapping[EngineName, str] = {"polars": "Polars", "duckdb": "DuckDB", "spark": "Spark"}
BATCH = 20_000
LARGE_ROWS, LARGE_BYTES = 20_000, 4_000_000
"""From so many records, or bytes of text, on it pays to judge in columns."""
MOST_HELD_ROWS, MOST_HELD_BYTES = 2_000_000, 200_000_000
"""Up to so many activities, or bytes of text, they are held in columns where nobody asks for that: all at once."""
MOST_REMEMBERED = 200_000
MOSTLY_UNLIKE = 2
"""Where fewer leads than this come out alike, on the average, telling them apart costs more than it saves."""

Known: TypeAlias = tuple[str | None, Raw] | None
"""A lead's id and outcomes; None for a lead that has to be judged by itself."""


class InColumns:
    """Tells the leads of one run apart. FrameError, CannotSay or MissingExtra where the engine can't."""

    def __init__(
        self, session: Session, leads: Opened, engine: EngineName, *, activities: bool, asked_for: bool
    ) -> None:
        self._session, self._leads, self.engine, self._asked_for, self._gone = session, leads, engine, asked_for, False
        model = session.evaluator.model
        self._outcomes = Outcomes(model, session.clock, engine, activities=activities)
        self._happened = Happened(self._outcomes.needs.properties) if activities else None
        self._kinds = {name: field.type for name, field in model.declared_fields.items()}
        self._raws: dict[Any, Raw | None] = {}
        columns = leads.reader.facts.columns or ()
        self._columns = columns_read(leads.mapping.sources, columns)
        self._width = len(columns)
        self.rows = self.kinds = 0

    def take(self, lead_id: str, activity: Mapping[str, Any]) -> None:
        """One activity; whose it is where it can't be read is judged by itself."""
        happened, reader = self._happened, self._session.evaluator.reader
        assert happened is not None
        try:
            events = reader.events([activity], self._session.clock.as_of, {})
        except LeadError:
            happened.odd.add(lead_id)
            return
        for kind, listed in (events or {}).items():
            for at, said in listed:
                happened.add(lead_id, kind, at, said)

    def all_taken(self) -> tuple[str, ...]:
        """All activities were given; says so where no column holds them (CannotSay where the engine was asked for)."""
        try:
            if self._happened is not None:
                self._outcomes.take(self._happened)
        except QualifyError as why:
            if self._asked_for:
                raise
            self._gone = True
            return (f"{self._leads.name}: judged lead by lead, since {why.message}",)
        return ()

    @property
    def pays(self) -> bool:
        """Whether so many leads came out alike that one for all is less work, or nobody asks for that."""
        unlike = self.rows >= BATCH // 2 and self.rows < self.kinds * MOSTLY_UNLIKE
        return self._asked_for or not (self._gone or unlike)

    def known(self, rows: Sequence[Row | BadRow], judge: Callable[[Row], tuple[Any, Raw]]) -> list[Known]:
        """The outcomes of each row's lead."""
        found: list[Known] = [None] * len(rows)
        whole = [at for at, row in enumerate(rows) if isinstance(row, Row) and len(row.record) == self._width]
        if not whole:
            return found
        records = [rows[at].record for at in whole]  # type: ignore[union-attr]
        given = {name: [record[name] for record in records] for name in self._columns}
        read = self._leads.mapping.many_values(given, len(records))
        ids: Sequence[Any] = read.fields.get("id") or [None] * len(records)
        odd = set(read.unreadable) | self._alone(ids, read.fields)
        columns: dict[str, Column] = {}
        for name, values in read.fields.items():
            if name not in self._outcomes.fields and fits_at_sight(self._kinds[name], values):
                continue
            column = column_of(self._kinds[name], values)
            odd |= column.odd
            if name in self._outcomes.fields:
                columns[name] = column
        told = [None if at in odd else each for at, each in enumerate(ids)]
        for alike in self._outcomes.alike(told, columns):
            places = [at for at in alike.places if at not in odd]
            if not places:
                continue
            self.kinds += alike.kind not in self._raws
            self.rows += len(places)
            raw = self._raw(alike.kind, alike.states, rows[whole[places[0]]], judge)
            if raw is not None:
                for at in places:
                    found[whole[at]] = (ids[at], raw)
        return found

    def _alone(self, ids: Sequence[Any], fields: Mapping[str, Sequence[Any]]) -> set[int]:
        """Leads that are judged by themselves for what they are called."""
        odd = {at for at, each in enumerate(ids) if each is not None and type(each) is not str}
        nameless = [at for at, each in enumerate(ids) if each is None]
        odd.update(at for at in nameless if all(values[at] is None for values in fields.values()))  # perhaps a page
        if self._happened is not None:
            odd.update(nameless)
            seen: set[str] = set()
            for at, each in enumerate(ids):
                if each in seen or each in self._happened.odd:
                    odd.add(at)
                seen.add(each)
        return odd

    def _raw(self, kind: Any, states: Mapping[str, str], row: Row | BadRow, judge: Callable[..., Any]) -> Raw | None:
        """The outcomes of all leads of a kind, judged once."""
        try:
            return self._raws[kind]
        except KeyError:
            pass
        raw: Raw | None
        try:
            _, raw = judge(row)
        except QualifyError:
            raw = None  # then each of them says for itself what is wrong
        if raw is not None and raw[1] is None:
            layout = self._session.compiled.layout
            for name, said in states.items():
                if STATES[raw[layout["stages", name]]] != said:
                    raise QualifyError(
                        f"{TITLES[self.engine]} says of stage '{name}' what Python doesn't, a fault of ours that should be "
                        "reported; the engine python judges lead by lead",
                        code="engines-differ",
                    )
        if len(self._raws) >= MOST_REMEMBERED:
            self._raws.clear()
        self._raws[kind] = raw
        return raw


def batches(reader: Reader) -> Iterator[tuple[list[Row | BadRow], QualifyError | None]]:
    """Rows by many, and what ended them before their end, to be raised after the last ones."""
    rows: list[Row | BadRow] = []
    try:
        for row in reader:
            rows.append(row)
            if len(rows) >= BATCH:
                yield rows, None
                rows = []
    except QualifyError as why:
        yield rows, why
        return
    yield rows, None


def chosen(
    engine: Engine,
    session: Session,
    leads: Opened,
    source: Source | Reader,
    activities: tuple[Opened, Source | Reader] | None,
    *,
    carries: bool,
) -> tuple[InColumns | None, tuple[str, ...]]:
    """What judges the leads, None for Python; and what a person should know of it.

    Raises QualifyError where an engine is asked for by name that can't.
    """
    if engine not in ENGINES:
        raise QualifyError(f"no engine '{engine}': there are {', '.join(ENGINES)}", code="bad-argument")
    if engine == "python":
        return None, ()
    size = _size(leads.reader, source, LARGE_ROWS, LARGE_BYTES)
    if engine == "auto" and size is None:
        return None, ()
    why = _unfit(session, leads, carries)
    if why is None and engine == "auto" and activities is not None and _too_many(activities):
        why = "its activities are too many to be held at once, or nobody knows how many they are"
    name: EngineName = "polars" if engine == "auto" else engine
    if why is None:
        if engine == "auto" and lacking("polars") is not None and lacking("duckdb") is None:
            name = "duckdb"
        try:
            found = InColumns(session, leads, name, activities=activities is not None, asked_for=engine != "auto")
        except QualifyError as error:
            if engine != "auto":
                raise
            why = error.message
        else:
            because = "as asked for" if engine != "auto" else f"since it is large ({size})"
            return found, (f"{leads.name}: judged in columns by {TITLES[name]}, {because}",)
    if engine != "auto":
        raise QualifyError(f"{leads.name}: the engine {engine} can't judge it, since {why}", code="bad-argument")
    return None, (f"{leads.name}: judged lead by lead though it is large ({size}), since {why}",)


def _unfit(session: Session, leads: Opened, carries: bool) -> str | None:
    """Why these leads can't stand in columns."""
    columns = leads.reader.facts.columns
    if session.proposed:
        return "what is only proposed is judged lead by lead"
    if columns is None:
        return "its records have no columns in common"
    if carries and "activities" in columns:
        return "its leads carry their activities"
    return None


def _size(reader: Reader, source: Source | Reader, rows: int, bytes: int) -> str | None:
    """How large a source is, in words, where it has so many rows or bytes; None where it hasn't, or nobody knows."""
    number = reader.facts.rows
    if number is not None:
        return f"{number:,} rows" if number >= rows else None
    size = _bytes(source)
    return None if size is None or size < bytes else f"{size / 1e6:,.0f} MB"


def _too_many(activities: tuple[Opened, Source | Reader]) -> bool:
    """Whether there may be more activities than are held unasked."""
    opened, source = activities
    known = opened.reader.facts.rows is not None or _bytes(source) is not None
    return not known or _size(opened.reader, source, MOST_HELD_ROWS, MOST_HELD_BYTES) is not None


def _bytes(source: Source | Reader) -> int | None:
    if not isinstance(source, str | os.PathLike):
        return None
    try:
        return Path(source).stat().st_size
    except OSError:
        return None


__all__ = ["ENGINES", "Engine", "InColumns", "batches", "chosen"]
