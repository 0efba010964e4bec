"""What an open connection to a source has to do, as tests. `AdapterContract` brings them to a plugin's own."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import pytest

from qualify.adapters import Adapter, Connection, NewProperty, Page, PropertyType, Record, Update
from qualify.adapters.loading import is_of_records
from qualify.mapping import Mapping as LeadMapping
from qualify.testing.altered import paths_in
from qualify.testing.demand import demand, readable, refuse
from qualify.testing.mapping_contract import activities_in

Open = Callable[[Sequence[str]], Connection]
NOBODY = "qualify-contract-no-such-record"
MOST_PAGES = 30
PLAIN_READ = "test_a_read_gives_every_record_as_the_samples_say"
NEW = "qualify_contract"


class ConnectionContract:
    """The part of `AdapterContract` that reads from a source and writes to it: a live one, or one played by the tests."""

    adapter: ClassVar[Adapter]
    records: ClassVar[Sequence[Record]]
    changes: ClassVar[Sequence[Record]]
    new_property: ClassVar[str]

    def test_a_read_gives_every_record_as_the_samples_say(self, source: Open) -> None:
        """A record that a page leaves out is a lead that is never judged."""
        found = self._by_id(self._pages(source))
        for at, (id, record) in enumerate(zip(self._ids(), self.records, strict=True)):
            if id not in found:
                refuse(
                    f"record {at} of `records` is not among those that were read: does `source` hold the records, does "
                    "pages() go on to the last page, and is the mapping's `id` the property that names a lead?"
                )
            lead = self._values(record, f"record {at}")
            there = self._values(found[id], f"record {at}, as the source gives it,")
            differing = sorted(name for name, value in there.items() if lead[name] != value)
            demand(
                not differing,
                f"read from the source, {', '.join(differing)} of record {at} are not as in `records`: does pages() "
                "change the records, or ask for too few properties?",
            )

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
            demand(
                not missed,
                f"stopped after page {stop} and read on from its cursor, {len(missed)} records are missed: a cursor "
                "stands at what was given last, never beyond it, and what shares its moment is read again",
            )

    def test_a_read_from_the_last_cursor_gives_the_last_record_again(self, source: Open) -> None:
        """Two records share a moment, and the second is written when the first was read: only once more is safe."""
        if "incremental" not in self.adapter.can:
            pytest.skip("it doesn't read incrementally")
        pages = self._pages(source)
        cursor = self._cursor(pages)
        last = next((page.records[-1] for page in reversed(pages) if page.records), {})
        id = self._id(last, "the record that was given last")
        if not _is_moment(cursor, last, id):
            pytest.skip("its cursor says more than a moment: let two `records` share theirs across the end of a page")
        again = self._by_id(self._pages(source, since=cursor))
        demand(
            id in again,
            "read on from the last cursor, the record that was given last doesn't come again: what was changed at its "
            "moment, but later, would be missed for ever. Begin at the cursor inclusively (>= instead of >)",
        )

    def test_a_change_after_a_read_is_in_the_next_one(self, source: Open) -> None:
        """An incremental read that misses a change misses it for ever."""
        if not {"incremental", "write"} <= self.adapter.can:
            pytest.skip("it doesn't read incrementally, or can't write")
        self._is_read(source)
        cursor = self._cursor(self._pages(source))
        changed = self._ids()[-1]
        self._write(source, [Update(changed, self._changes()[0])])
        demand(
            changed in self._by_id(self._pages(source, since=cursor)),
            "a record changed after a read isn't read again from that read's cursor: does the source note the moment "
            "of a change (a fake has to), and does pages() ask by it?",
        )

    def test_what_it_can_do_shows(self, source: Open) -> None:
        """`can` decides what a sync asks for."""
        pages = self._pages(source)
        cursors = [page.cursor for page in pages if page.cursor is not None]
        demand(
            cursors or "incremental" not in self.adapter.can,
            "it says 'incremental', and gives no cursor: give each Page one, or take the word out of `can`",
        )
        with source(self._properties()) as connection:
            happenings = connection.happenings(self.records)
            if "activities" in self.adapter.can:
                demand(
                    happenings is not None,
                    "it says 'activities', and happenings() gives None: give what happened, or take the word out of `can`",
                )
            else:
                demand(
                    happenings is None,
                    "happenings() gives something, but `can` doesn't say 'activities': say it, or give None",
                )
            for each in happenings or ():
                with readable(f"a happening of {each.source!r}"):
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
        demand(
            self._leads(source) == once,
            "a second, equal write has changed the leads: write() sets properties, and never adds to them",
        )
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
        first, ids = self._changes()[0], self._ids()
        self._is_read(source)
        updates = [Update(id, first) for id in (ids[0], NOBODY, *ids[1:])]
        with self._ready(source) as connection:
            demand(not list(connection.write([])), "write([]) gives answers: without updates there are none")
            size = connection.batch_size
            batches = [updates[at : at + size] for at in range(0, len(updates), size)]
            answers = [answer for batch in batches for answer in connection.write(batch)]
        demand(
            [answer.id for answer in answers] == [update.id for update in updates],
            "write() gives an answer for each update, in their order, and with its id: these are others",
        )
        refused = [answer.id for answer in answers if answer.refused]
        demand(NOBODY in refused, "write() answers `refused` for a record that isn't there; here it was taken")
        demand(
            refused == [NOBODY],
            f"only the update of a record that isn't there is refused; of {len(updates)}, {len(refused)} were",
        )
        self._all_hold(source, self._changes()[0])

    def test_a_property_that_is_missing_is_made_once(self, source: Open) -> None:
        """A setup that is run twice, or stopped in the middle, must end in the same place."""
        if "setup" not in self.adapter.can:
            pytest.skip("it makes no properties")
        above = next(paths_in(self._changes()[0])).rpartition(".")[0]
        name = self.new_property
        new = NewProperty(
            name, "Qualify contract", "text", "Made by a test; may be deleted.", f"{above}.{name}".lstrip(".")
        )
        with source(self._properties()) as connection:
            demand(
                list(connection.missing([new])) == [new],
                f"missing() doesn't give the new property {name}: either it looks in the wrong place, or an earlier run "
                "has made it in this account, and you may delete it",
            )
            connection.create([new])
            demand(
                not list(connection.missing([new])),
                f"{name} was made by create(), and missing() still gives it: both have to use one name",
            )
            connection.create([new])

    def test_closing_twice_does_no_harm(self, source: Open) -> None:
        """A `with` block closes what was closed in it."""
        with source(self._properties()) as connection:
            connection.close()

    def _pages(self, source: Open, since: str | None = None) -> list[Page]:
        with source(self._properties()) as connection:
            pages = []
            for page in connection.pages(since):
                demand(isinstance(page, Page), f"pages() gives a {type(page).__name__}: it has to give a Page each")
                pages.append(page)
                demand(
                    len(pages) <= MOST_PAGES,
                    f"more than {MOST_PAGES} pages: does the reading end? If it does, let `source` give larger ones",
                )
        return pages

    def _cursor(self, pages: Sequence[Page]) -> str:
        cursor = _last_cursor(pages)
        if cursor is None:
            refuse("it says 'incremental', and gives no cursor: give each Page one, or take the word out of `can`")
        return cursor

    def _is_read(self, source: Open) -> None:
        """What is written can be looked at only where it is read: no test of writing is to be blamed for reading."""
        demand(
            set(self._ids()) <= self._by_id(self._pages(source)).keys(),
            f"not all of `records` are read yet: see {PLAIN_READ} first",
        )

    def _write(self, source: Open, updates: Sequence[Update]) -> None:
        self._is_read(source)
        with self._ready(source) as connection:
            for at in range(0, len(updates), connection.batch_size):
                for answer in connection.write(updates[at : at + connection.batch_size]):
                    demand(
                        answer.refused is None,
                        "the source refused an update of a record that is there, saying "
                        f"{_without_values(str(answer.refused), self.records)!r}: do `changes` hold what it takes, in "
                        "the shape of a record, and is the mapping's `id` the property that names a lead?",
                    )

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
        for at, id in enumerate(self._ids()):
            demand(id in found, f"record {at} isn't read any more after it was written: see {PLAIN_READ}")
            lacking = sorted(path for path in paths_in(change) if not _holds(found[id], change, path))
            demand(
                not lacking,
                f"after a write a record doesn't hold it: {', '.join(lacking)}. Does write() send it, and does pages() "
                "ask for it when it is among the properties of `source`?",
            )

    def _leads(self, source: Open) -> dict[str, object]:
        found = self._by_id(self._pages(source))
        return {id: self._values(record, "a record that was read") for id, record in found.items()}

    def _by_id(self, pages: Sequence[Page]) -> dict[str, Record]:
        return {self._id(record, "a record that was read"): record for page in pages for record in page.records}

    def _ids(self) -> list[str]:
        demand(self.records, "give `records`: some records, as the source gives them")
        return [self._id(record, f"record {at}") for at, record in enumerate(self.records)]

    def _id(self, record: Record, what: str) -> str:
        id = self._values(record, what).get("id")
        demand(id, f"{what} has no id: say which property names the lead, at the mapping's top (`id = ...`)")
        return str(id)

    def _values(self, record: Record, what: str) -> dict[str, Any]:
        with readable(what):
            return self._mapping().values(record)

    def _changes(self) -> Sequence[Record]:
        if "write" not in self.adapter.can:
            pytest.skip("it can't write")
        demand(len(self.changes) == 2, "give `changes`: two changes of a record that the source takes")
        return self.changes

    def _properties(self) -> list[str]:
        """What the mapping reads, and what is written, so that it can be read again."""
        written = [path for change in self.changes for path in paths_in(change)]
        return list(dict.fromkeys([*self._mapping().sources, *written]))

    def _mapping(self) -> LeadMapping:
        if not is_of_records(self.adapter):
            refuse("the adapter is no RecordAdapter: does it have `mapping`, `mapping_text` and `connect`?")
        return self.adapter.mapping


def _last_cursor(pages: Sequence[Page]) -> str | None:
    return next((page.cursor for page in reversed(pages) if page.cursor is not None), None)


def _is_moment(cursor: str, last: Record, id: str) -> bool:
    """Whether a cursor is a value of the record that was given last, and no place among those that share it."""
    if re.search(rf"(?<!\w){re.escape(id)}(?!\w)", cursor) and cursor != id:
        return False
    values = {str(_at(last, path)) for path in paths_in(last)}
    return any(value == cursor or (len(value) >= 8 and value in cursor) for value in values)


def _without_values(said: str, records: Sequence[Record]) -> str:
    """What a source says, with everything left out that stands in a record."""
    values = {str(_at(record, path)) for record in records for path in paths_in(record)}
    for value in sorted(values, key=len, reverse=True):
        if len(value) > 2:  # `1` and `no` stand in any sentence
            said = said.replace(value, "...")
    return said


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
