"""Records that were read, gathered on the disk until it is known which of them are one lead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qualify.adapters.records import Record
from qualify.mapping import SameMap
from qualify.sync.reading import Read, RecordReader
from qualify.sync.report import ReportFile, SyncReport
from qualify.sync.same import MOST_OF_ONE, KeyIndex, Spool, key_of

AT_ONCE = 100
"""So many records at least are judged together, since what happened with them is asked for together."""


class Grouping:
    """Puts records of one lead together; of most leads there is one record."""

    def __init__(
        self,
        said: SameMap,
        reader: RecordReader,
        index: KeyIndex,
        spool: Spool,
        report: SyncReport,
        file: ReportFile,
    ) -> None:
        self._said, self._reader, self._index, self._spool = said, reader, index, spool
        self._report, self._file = report, file
        self._crowded = 0

    def put(self, records: Sequence[Record]) -> None:
        """Records that are to be judged."""
        for each in self._read(records):
            key = key_of(each.values, self._said.by)
            self._index.put(each.id, key)
            if key is not None or not each.refused:
                self._spool.put(each.id, each.record)

    def lacks_some(self) -> bool:
        """Whether one of them is the same lead as a record that didn't come, since it didn't change."""
        return any(other not in self._spool for lead_id in self._spool.ids() for other in self._others(lead_id))

    def put_others(self, records: Sequence[Record]) -> None:
        """Of all records those that are the same lead as one that is to be judged."""
        for each in self._read(records, again=True):
            if each.id in self._spool:
                continue
            self._index.put(each.id, key_of(each.values, self._said.by))
            if any(other in self._spool for other in self._others(each.id)):
                self._spool.put(each.id, each.record)

    def forget_gone(self) -> None:
        """All records came: those that are still not here are not there any more, or can't be read."""
        for lead_id in self._spool.ids():
            for other in self._others(lead_id):
                if other not in self._spool:
                    self._index.put(other, None)

    def _read(self, records: Sequence[Record], *, again: bool = False) -> Iterator[Read]:
        """Also those that are refused, since they may be the same lead as one that isn't."""
        for each in self._reader.read_all(records, again=again):
            each.id = each.id or self._index.name_of(each.record)
            yield each

    def _others(self, lead_id: str) -> list[str]:
        found = self._index.with_same_key(lead_id)
        return [] if len(found) > MOST_OF_ONE else [each for each in found if each != lead_id]

    def leads(self) -> Iterator[list[list[Read]]]:
        """The leads, each the records that are it, some at a time."""
        waiting: list[list[Read]] = []
        for lead_id in self._spool.ids():
            if self._spool.is_taken(lead_id):
                continue
            lead = self._lead(lead_id)
            self._spool.take(each.id for each in lead)
            if all(each.refused for each in lead):
                continue
            waiting.append(lead)
            if sum(map(len, waiting)) >= AT_ONCE:
                yield waiting
                waiting = []
        if waiting:
            yield waiting
        if self._crowded:
            self._report.notes.append(
                f"{self._crowded:,} records share what they are known by with more than {MOST_OF_ONE} others: "
                "each was taken for a lead of its own"
            )

    def _lead(self, lead_id: str) -> list[Read]:
        ids = self._index.with_same_key(lead_id)
        if len(ids) > MOST_OF_ONE:
            self._crowded += 1
            ids = [lead_id]
        records = [record for each in ids if (record := self._spool.get(each)) is not None]
        read = list(self._read(records, again=True))
        key = next(key_of(each.values, self._said.by) for each in read if each.id == lead_id)
        lead = [each for each in read if each.id == lead_id or (key and key_of(each.values, self._said.by) == key)]
        self._tell(lead)
        return lead

    def _tell(self, lead: Sequence[Read]) -> None:
        first = next((each for each in lead if not each.refused), None)
        if first is None:
            return
        for each in lead:
            if each is first:
                continue
            self._report.duplicates += 1
            more = "; it can't be read, so only its opt-out counts, as far as it can be read" if each.refused else ""
            lead_id = None if each.values.get("id") is None else each.id
            self._file.add("duplicate", lead_id, f"the same lead as {first.id}{more}")


__all__ = ["Grouping"]
