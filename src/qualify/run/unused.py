"""Which properties of a source's records nobody reads, found out from the first of them."""

from __future__ import annotations

from collections.abc import Mapping

from qualify.run.notes import nothing_read_note, unused_note
from qualify.run.opening import Opened


class Unused:
    """Which properties of the first records nothing reads, where a source has no header that says them."""

    def __init__(self, source: Opened) -> None:
        self._source = source
        self._names: dict[str, None] = {}
        self._lists: dict[str, None] = {}
        self._read = self._looked = False

    def look(self, record: Mapping[str, object]) -> None:
        """One more record."""
        found = self._source.mapping.unused(record)
        self._names.update(dict.fromkeys(found))
        if record and not self._read:
            self._looked = True
            self._read = not record.keys() <= {*found} or "activities" in record
            self._lists.update({name: None for name, value in record.items() if _holds_tables(value)})

    def notes(self) -> tuple[str, ...]:
        """What a person should know."""
        if self._looked and not self._read:
            return (nothing_read_note(self._source.name, [*self._lists]),)
        return unused_note(self._source.name, [name for name in self._names if name != "activities"])


def _holds_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], Mapping)


__all__ = ["Unused"]
