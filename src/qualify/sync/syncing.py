"""A sync from its beginning to its end: read, judge, write what changed, remember where it was."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Unpack

from qualify.adapters.making import NotMade, path_of
from qualify.adapters.records import Connection, NewProperty, Record
from qualify.engine.evaluate import Evaluator
from qualify.errors import AdapterError, enumerated
from qualify.face import Definition
from qualify.mapping import Mapping as LeadMapping
from qualify.run import Progress
from qualify.sync.fitting import TellsColumns, check_columns, unread_kinds
from qualify.sync.grouping import Grouping
from qualify.sync.judging import Judge
from qualify.sync.places import Where, check, given_by, place
from qualify.sync.planning import Planner
from qualify.sync.reading import RecordReader, pages_of
from qualify.sync.report import ReportFile, SyncReport
from qualify.sync.retrying import USUAL_PATIENCE, Patience
from qualify.sync.same import KeyIndex, Spool
from qualify.sync.sending import Sender
from qualify.sync.settings import Settings
from qualify.sync.state import State, StateFile

SAVED_EVERY = 500
"""So many records at most are read again after a sync was killed, and those of a page."""

SAVED_AFTER = 5.0
"""In seconds; the same, where reading is slow."""

RESUMED_WITHIN = timedelta(days=1)
"""So old may an interrupted sync be for the next one to judge at its moment."""


@dataclass(frozen=True, slots=True)
class _Some:
    """Records that were read, and the cursor after them; where some were cut off nothing goes on from there."""

    records: Sequence[Record]
    cursor: str | None
    is_cut: bool


class Sync:
    """One sync. `run` does it; `report` says what came of it, also of one that failed on its way.

    See `sync_leads` for what is given.
    """

    def __init__(
        self,
        definition: Definition,
        source: Where,
        target: Where | None = None,
        **said: Unpack[Settings],
    ) -> None:
        self.report = SyncReport()
        self._definition = definition
        self._source = place(source, said.get("mapping"), said.get("options"), definition)
        self._target = self._source
        if target is not None and target != source and target != self._source.adapter.name:
            self._target = place(target, said.get("target_mapping"), said.get("target_options"), definition)
        self._dry_run = said.get("dry_run", False)
        check(self._source, self._target, dry_run=self._dry_run)
        self._given = given_by(definition, self._source, self._target)
        state = said.get("state")
        self._state = None if state is None else StateFile(state)
        self._patience = Patience(
            said.get("patience", USUAL_PATIENCE), sleep=said.get("sleep", time.sleep), tell=said.get("trouble")
        )
        self.report.troubles = self._patience.troubles
        self._said = said

    # --- from the beginning to the end ---

    def run(self) -> SyncReport:
        """Do it. Raises AdapterError where source or target fails for good; what was written until then stays."""
        with ExitStack() as open_:
            if self._state is not None and not self._dry_run:
                open_.enter_context(self._state.held())
            was = None if self._state is None else self._state.load()
            known = was is not None and was.given == self._given and not self._said.get("full")
            self._was = was if known else None
            interrupted = self._was is not None and self._was.unfinished is not None
            self.report.all_anew = self._was is None or self._was.cursor is None
            self._as_of = self._moment(self._was)
            self.report.as_of = self._as_of.isoformat()
            self._file = ReportFile(self._said.get("report"), keep=interrupted)
            open_.callback(self._file.close)
            self._connect(open_)
            if self._source.mapping.same is None:
                finished = self._each_alone()
            else:
                finished = self._with_same(open_)
            self.report.finished = finished
        return self.report

    def _moment(self, was: State | None) -> datetime:
        """The moment to judge at: the one that was said, that of a sync that was interrupted lately, or now."""
        now = datetime.now(UTC).replace(microsecond=0)
        as_of = self._said.get("as_of")
        if as_of is not None:
            return as_of
        begun = None if was is None else was.unfinished
        if begun is not None and begun.tzinfo is not None and timedelta(0) <= now - begun <= RESUMED_WITHIN:
            return begun
        return now

    def _connect(self, open_: ExitStack) -> None:
        source, target = self._source, self._target
        planner = Planner(target.mapping, self._definition.model, compares=target is source)
        asked = [*source.mapping.sources, *(planner.paths if target is source else ())]
        properties = tuple(dict.fromkeys(asked))
        self._from = open_.enter_context(self._patience(lambda: source.adapter.connect(properties, source.options)))
        self._to = self._from
        if target is not source:
            paths = planner.paths
            self._to = open_.enter_context(self._patience(lambda: target.adapter.connect(paths, target.options)))
        needed = planner.needed()
        self._fit(planner, needed)
        self._make_ready(self._to, needed)
        session = Evaluator(self._definition.model).session(self._as_of, False)
        self._reader = RecordReader(source.mapping, self.report, self._file)
        self._judge = Judge(
            session, source.mapping, planner, self._from, self._reader, self._patience, self.report, self._file
        )
        self._sender = Sender(
            self._to, self._patience, self.report, self._file, dry_run=self._dry_run, tell=self._said.get("tell")
        )

    def _fit(self, planner: Planner, needed: Sequence[NewProperty]) -> None:
        """Say what can't be meant, before anything is read."""
        source = self._source
        if isinstance(self._from, TellsColumns):
            made = {each.path or each.name for each in needed} if self._to is self._from else set[str]()
            usual = source.adapter.mapping
            check_columns(source.adapter.name, source.mapping, usual, self._from.columns(), made)
            if self._to is self._from:
                planner.empty_stale(self._from.own_columns(), _read_by(source.mapping))
        unread = unread_kinds(self._definition.model, source.mapping)
        if unread:
            self.report.notes.append(
                f"the definition asks for activities that the mapping doesn't read: {enumerated(unread, most=5)}"
            )

    def _make_ready(self, target: Connection, needed: Sequence[NewProperty]) -> None:
        """Make the properties that are missing, or say which they are."""
        missing = self._patience(lambda: target.missing(needed))
        if not missing:
            return
        names = [path_of(each) for each in missing]
        if self._dry_run:
            makes = "setup" in self._target.adapter.can
            self.report.created = [path_of(each) for each in missing if makes and target.cannot_make(each) is None]
            if by_hand := [each for each in names if each not in self.report.created]:
                self.report.notes.append(f"to be made by hand, before a sync: {enumerated(by_hand)}")
        elif self._said.get("setup"):
            try:
                self._patience(lambda: target.create(missing))
            except NotMade as why:
                self.report.created = [each for each in names if each not in why.left]
                raise
            self.report.created = names
        else:
            raise AdapterError(
                f"{self._target.adapter.name} has no {enumerated(names)}, which the mapping writes to; "
                "make what is missing with --setup, or by hand"
            )

    # --- each record by itself ---

    def _each_alone(self) -> bool:
        """Read page by page, judge and write; whether it came to the end."""
        since = None if self._was is None else self._was.cursor
        cursor, unsaved, saved_at = since, 0, time.monotonic()
        self._save(cursor, finished=False)
        for read in self._read(since):
            self._judge.judge([[each] for each in self._reader.read(read.records)], self._sender.add)
            if read.is_cut:
                self._sender.flush()
                return False
            cursor = read.cursor or cursor
            unsaved += len(read.records)
            if unsaved >= SAVED_EVERY or time.monotonic() - saved_at > SAVED_AFTER:
                self._sender.flush()
                self._save(cursor, finished=False)
                unsaved, saved_at = 0, time.monotonic()
        self._sender.flush()
        self._save(cursor, finished=True)
        return True

    def _read(self, since: str | None) -> Iterator[_Some]:
        """Page by page, told as progress; the last one cut off where there is a limit."""
        limit = self._said.get("limit")
        for page in pages_of(self._from, since, self._patience):
            left = len(page.records) if limit is None else limit - self.report.read
            some = _Some(page.records[:left], page.cursor, is_cut=len(page.records) > left)
            self.report.read += len(some.records)
            self._progress(page.total)
            yield some
            if some.is_cut:
                return

    def _progress(self, total: int | None) -> None:
        watch = self._said.get("watch")
        if watch is not None:
            share = None if not total else min(1.0, self.report.read / total)
            watch(Progress("leads", self.report.read, share))

    def _save(self, cursor: str | None, *, finished: bool) -> None:
        """Remember; all that was read until here is written and answered, and its report is on the disk."""
        if self._state is None or self._dry_run:
            return
        self._file.flush()
        self._state.save(State(self._given, cursor, None if finished else self._as_of))

    # --- records that are one lead ---

    def _with_same(self, open_: ExitStack) -> bool:
        """Read all that changed first, since what is one lead is judged as one; whether it came to the end."""
        said = self._source.mapping.same
        assert said is not None
        index, spool = KeyIndex(self._index_path()), Spool()
        open_.callback(index.close)
        open_.callback(spool.close)
        since = None if self._was is None or index.is_new else self._was.cursor
        if since is None:
            index.clear()
        grouping = Grouping(said, self._reader, index, spool, self.report, self._file)
        cursor = since
        self._save(cursor, finished=False)
        cut = False
        for read in self._read(since):
            grouping.put(read.records)
            cut, cursor = read.is_cut, read.cursor or cursor
        if since is not None and grouping.lacks_some():
            for page in pages_of(self._from, None, self._patience):
                grouping.put_others(page.records)
            grouping.forget_gone()
        for leads in grouping.leads():
            self._judge.judge(leads, self._sender.add)
        self._sender.flush()
        if not cut:
            if not self._dry_run:
                index.save()
            self._save(cursor, finished=True)
        return not cut

    def _index_path(self) -> Path | None:
        """Where the keys of records are kept from one sync to the next: beside the state file."""
        if self._state is None:
            return None
        path = self._state.path.with_name(f"{self._state.path.name}.keys")
        return None if self._dry_run and not path.exists() else path


def _read_by(mapping: LeadMapping) -> set[str]:
    """Every property that a field is read from."""
    return {each for field in mapping.fields.values() for each in field.reads}


def sync_leads(
    definition: Definition, source: Where, target: Where | None = None, **said: Unpack[Settings]
) -> SyncReport:
    """Judge the leads of a source and write their verdicts: what the command `qualify sync` does.

    `source` and `target` are adapters or their names; without a target, verdicts are written where leads were read.
    Only what differs from what a record holds is written, so a sync that is done again changes nothing. With a state
    file only records that changed are read; what was killed goes on where it was. What can be said beside stands in
    `Settings`.

    Raises AdapterError where source or target fails for good, MappingError for a mapping with faults, and QualifyError
    where the mapping writes nothing or another sync uses the state file.
    """
    return Sync(definition, source, target, **said).run()


__all__ = ["Sync", "sync_leads"]
