"""What an open connection to a source has to do, as tests. `AdapterContract` brings them to a plugin's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

import pytest

from qualify.adapters import Adapter, Connection, NewProperty, Page, PropertyType, Record, Update
from qualify.adapters.loading import is_of_records
from qualify.mapping import Mapping as LeadMapping
from qualify.testing.altered import paths_in
from qualify.testing.mapping_contract import activities_in

Open = Callable[[Sequence[str]], Connection]
NOBODY = "qualify-contract-no-such-record"
MOST_PAGES = 30
NEW = "qualify_contract"


class ConnectionContract:
    """The part of `AdapterContract` that reads from a source and writes to it: a live one, or one played by the tests."""

    adapter: ClassVar[Adapter]
    records: ClassVar[Sequence[Record]]
    changes: ClassVar[Sequence[Record]]

    def test_a_read_gives_every_record_as_the_samples_say(self, source: Open) -> None:
        """A record that a page leaves out is a lead that is never judged."""
        mapping = self._mapping()
        found = self._by_id(self._pages(source))
        for record in self.records:
            lead = mapping.values(record)
            there = found.get(str(lead["id"]))
            assert there is not None, "a record of `records` is not among those that were read"
            differing = sorted(name for name, value in mapping.values(there).items() if lead[name] != value)
            assert not differing, f"read from the source, {', '.join(differing)} of a record are not as in `records`"

    def test_a_read_stopped_after_any_page_goes_on_and_misses_nothing(self, source: Open) -> None:
        """A machine stops whenever it likes; the next read begins where the last one was sure to be."""
        whole = self._pages(source)
        everybody = self._by_id(whole).keys()
        if len(whole) < 2:
            pytest.skip("all records came in one page: let `source` give small pages, so that a read can stop between")
        for stop in range(1, len(whole)):
            before: list[Page] = []
            with source(self._properties()) as connection:
                for page in connection.pages():
                    before.append(page)
                    if len(before) == stop:
                        break
            after = self._pages(source, since=_last_cursor(before))
            missed = everybody - self._by_id([*before, *after]).keys()
            assert not missed, (
                f"stopped after page {stop} and read on from its cursor, {len(missed)} records are missed"
            )

    def test_a_change_after_a_read_is_in_the_next_one(self, source: Open) -> None:
        """An incremental read that misses a change misses it for ever."""
        if not {"incremental", "write"} <= self.adapter.can:
            pytest.skip("it doesn't read incrementally, or can't write")
        cursor = _last_cursor(self._pages(source))
        assert cursor is not None, "it can read incrementally, and gives no page a cursor"
        changed = self._ids()[-1]
        self._write(source, [Update(changed, self._changes()[0])])
        assert changed in self._by_id(self._pages(source, since=cursor)), (
            "a record changed after a read isn't read again"
        )

    def test_what_it_can_do_shows(self, source: Open) -> None:
        """`can` decides what a sync asks for."""
        pages = self._pages(source)
        cursors = [page.cursor for page in pages if page.cursor is not None]
        assert bool(cursors) or "incremental" not in self.adapter.can, "it says 'incremental', and gives no cursor"
        with source(self._properties()) as connection:
            happenings = connection.happenings(self.records)
            if "activities" in self.adapter.can:
                assert happenings is not None, "it says 'activities', and happenings() gives None"
            else:
                assert happenings is None, "happenings() gives something, but `can` doesn't say 'activities'"
            for each in happenings or ():
                activities_in(self._mapping(), each.row, each.source)

    def test_what_is_written_is_there_when_it_is_read_again(self, source: Open) -> None:
        """A write-back that the source took and forgot is worse than one that it refused."""
        change = self._changes()[0]
        self._write(source, [Update(id, change) for id in self._ids()])
        self._all_hold(source, change)

    def test_writing_twice_is_writing_once(self, source: Open) -> None:
        """An answer that was lost on its way is a write that is tried again."""
        updates = [Update(id, self._changes()[0]) for id in self._ids()]
        self._write(source, updates)
        once = self._leads(source)
        self._write(source, updates)
        assert self._leads(source) == once, "a second, equal write has changed the leads"
        self._all_hold(source, self._changes()[0])

    def test_the_last_write_counts(self, source: Open) -> None:
        """A lead that moved on must not be left where it was."""
        first, second = self._changes()
        self._write(source, [Update(id, first) for id in self._ids()])
        self._write(source, [Update(id, second) for id in self._ids()])
        self._all_hold(source, second)

    def test_a_write_that_was_killed_halfway_can_be_made_again(self, source: Open) -> None:
        """The next run doesn't know which updates arrived."""
        updates = [Update(id, self._changes()[0]) for id in self._ids()]
        self._write(source, updates[: max(1, len(updates) // 2)])
        self._write(source, updates)
        self._all_hold(source, self._changes()[0])

    def test_each_update_gets_its_answer_and_one_that_is_refused_stops_no_other(self, source: Open) -> None:
        """Records are deleted while we judge them; the others are none the worse."""
        ids = self._ids()
        updates = [Update(id, self._changes()[0]) for id in (ids[0], NOBODY, *ids[1:])]
        with self._ready(source) as connection:
            assert list(connection.write([])) == [], "no updates, but answers"
            size = connection.batch_size
            batches = [updates[at : at + size] for at in range(0, len(updates), size)]
            answers = [answer for batch in batches for answer in connection.write(batch)]
        assert [answer.id for answer in answers] == [update.id for update in updates], (
            "write() gives an answer for each update, in their order"
        )
        refused = [answer.id for answer in answers if answer.refused]
        assert refused == [NOBODY], "only the update of a record that isn't there is refused, with the source's answer"
        self._all_hold(source, self._changes()[0])

    def test_a_property_that_is_missing_is_made_once(self, source: Open) -> None:
        """A setup that is run twice, or stopped in the middle, must end in the same place."""
        if "setup" not in self.adapter.can:
            pytest.skip("it makes no properties")
        above = next(paths_in(self._changes()[0])).rpartition(".")[0]
        new = NewProperty(
            NEW, "Qualify contract", "text", "Made by a test; may be deleted.", f"{above}.{NEW}".lstrip(".")
        )
        with source(self._properties()) as connection:
            assert list(connection.missing([new])) == [new], f"{NEW} isn't there, and missing() doesn't say so"
            connection.create([new])
            assert list(connection.missing([new])) == [], f"{NEW} was made, and is still said to be missing"
            connection.create([new])

    def test_closing_twice_does_no_harm(self, source: Open) -> None:
        """A `with` block closes what was closed in it."""
        with source(self._properties()) as connection:
            connection.close()

    def _pages(self, source: Open, since: str | None = None) -> list[Page]:
        with source(self._properties()) as connection:
            pages = []
            for page in connection.pages(since):
                assert isinstance(page, Page), f"pages() gives a {type(page).__name__}, no Page"
                pages.append(page)
                assert len(pages) <= MOST_PAGES, f"more than {MOST_PAGES} pages: does the reading end?"
        return pages

    def _write(self, source: Open, updates: Sequence[Update]) -> None:
        with self._ready(source) as connection:
            for at in range(0, len(updates), connection.batch_size):
                for answer in connection.write(updates[at : at + connection.batch_size]):
                    assert answer.refused is None, f"the source refused an update: {answer.refused}"

    def _ready(self, source: Open) -> Connection:
        """A connection to a source that has the properties of `changes`, made as a setup makes them."""
        connection = source(self._properties())
        if "setup" in self.adapter.can:
            changed = {path: _at(change, path) for change in self._changes() for path in paths_in(change)}
            wanted = [
                NewProperty(path.rpartition(".")[2], path, _type_of(value), path=path)
                for path, value in changed.items()
            ]
            connection.create(connection.missing(wanted))
        return connection

    def _all_hold(self, source: Open, change: Record) -> None:
        found = self._by_id(self._pages(source))
        for id in self._ids():
            lacking = sorted(path for path in paths_in(change) if not _holds(found[id], change, path))
            assert not lacking, f"after a write a record doesn't hold it: {', '.join(lacking)}"

    def _leads(self, source: Open) -> dict[str, object]:
        mapping = self._mapping()
        return {id: mapping.values(record) for id, record in self._by_id(self._pages(source)).items()}

    def _by_id(self, pages: Sequence[Page]) -> dict[str, Record]:
        mapping = self._mapping()
        return {str(mapping.values(record)["id"]): record for page in pages for record in page.records}

    def _ids(self) -> list[str]:
        assert self.records, "give `records`: some records, as the source gives them"
        return [str(self._mapping().values(record)["id"]) for record in self.records]

    def _changes(self) -> Sequence[Record]:
        if "write" not in self.adapter.can:
            pytest.skip("it can't write")
        assert len(self.changes) == 2, "give `changes`: two changes of a record that the source takes"
        return self.changes

    def _properties(self) -> list[str]:
        """What the mapping reads, and what is written, so that it can be read again."""
        written = [path for change in self.changes for path in paths_in(change)]
        return list(dict.fromkeys([*self._mapping().sources, *written]))

    def _mapping(self) -> LeadMapping:
        assert is_of_records(self.adapter)
        return self.adapter.mapping


def _last_cursor(pages: Sequence[Page]) -> str | None:
    return next((page.cursor for page in reversed(pages) if page.cursor is not None), None)


def _holds(record: Record, change: Record, path: str) -> bool:
    return _at(record, path) == _at(change, path)


def _at(record: Record, path: str) -> object:
    found: object = record
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _type_of(value: object) -> PropertyType:
    if isinstance(value, bool):
        return "boolean"
    return "number" if isinstance(value, int | float) else "text"


__all__ = ["ConnectionContract"]
