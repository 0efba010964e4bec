"""The sources of a run, opened: each with its adapter, its mapping, and what a person should know of it."""

from __future__ import annotations

import io
import os
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO, cast

from qualify.adapters import FileAdapter, Reader, Source, adapter_for, file_adapter
from qualify.adapters.database import open_table
from qualify.adapters.sources import is_database, name_of
from qualify.definition.model import Model
from qualify.errors import QualifyError
from qualify.mapping import Mapping as LeadMapping
from qualify.mapping import identity_mapping
from qualify.run.notes import absent_notes, check_activities, spelling_hint, unused_note

LOOKED_AT = 4096
GZIP = b"\x1f\x8b"
MARK = b"\xef\xbb\xbf"
ONE_OBJECT = {"form": "array"}


@dataclass(frozen=True, slots=True)
class Opened:
    """A source that is open: its rows, what it is called, how its records are read, what to know of it."""

    reader: Reader
    name: str
    mapping: LeadMapping
    notes: tuple[str, ...] = ()


class Opening:
    """Opens the sources of a run with the options that were given for all of them."""

    def __init__(self, options: Mapping[str, str]) -> None:
        self._options = options
        self._used: set[str] = set()
        self._readers: list[Reader] = []
        self._names: list[str] = []
        self.notes: list[str] = []

    def open(self, source: Source | Reader, format: str | None, table: str = "leads") -> tuple[Reader, str]:
        """A reader of the source, and what it is called.

        `format` is an adapter's name; where none is given a path tells by its ending, and a stream by its
        first bytes. A database's URL names a table after its `#`, else it is `table`. Raises AdapterError and
        MissingExtra as adapters do.
        """
        if isinstance(source, Reader):
            return source, "the source"
        if format is None and isinstance(source, str) and is_database(source):
            reader, name = open_table(source, table)
            self._readers.append(reader)
            self._names.append(name)
            return reader, name
        found, source, start = _adapter(source, format)
        known = {name: value for name, value in self._options.items() if name in found.read_options}
        self._used.update(known)
        reader = found.read(source, {**ONE_OBJECT, **known} if found.name == "jsonl" and _is_spread(start) else known)
        self._readers.append(reader)
        self._names.append(name_of(source))
        encoding = reader.facts.encoding
        if encoding is not None and not encoding.startswith("utf") and "encoding" not in known:
            self.notes.append(f"{self._names[-1]}: it is no UTF-8, and is read as {encoding}, which is a guess")
        return reader, self._names[-1]

    def check_options(self) -> None:
        """Raises QualifyError for an option that no source's adapter knows."""
        for option in self._options:
            if option not in self._used:
                names = " and ".join(self._names) or "the source"
                raise QualifyError(f"{names}: files of this kind have no option {option!r}", code="bad-argument")

    def close(self) -> None:
        """Close what was opened so far."""
        for reader in self._readers:
            reader.close()


def opened_leads(source: tuple[Reader, str], mapping: LeadMapping | None, model: Model) -> Opened:
    """The leads' source with its mapping; where none is given, columns are read that are named as fields.

    Raises QualifyError where no column would be read.
    """
    reader, name = source
    columns = reader.facts.columns
    if columns is None:
        return Opened(reader, name, mapping or identity_mapping(model, model.declared_fields))
    used = mapping or identity_mapping(model, columns)
    if not used.fields and mapping is None:
        raise QualifyError(
            f"{name}: none of its columns is named as a field; a mapping says which is which"
            + spelling_hint(columns, model.declared_fields),
            code="no-columns",
        )
    notes = absent_notes(name, used, columns)
    unread = [each for each in used.unused(columns) if mapping is not None or each != "activities"]
    free = [] if mapping is not None else [field for field in model.declared_fields if field not in used.fields]
    return Opened(reader, name, used, (*notes, *unused_note(name, unread, spelling_hint(unread, free))))


def opened_activities(source: tuple[Reader, str], mapping: LeadMapping | None, model: Model) -> Opened:
    """The activities' source; where the mapping says nothing of it, its columns are named as Python's keys.

    Raises QualifyError where a column is missing without which nothing is an activity.
    """
    reader, name = source
    said = mapping is not None and mapping.activities is not None
    used = mapping if mapping is not None and said else identity_mapping(model, ())
    columns = reader.facts.columns
    if columns is None:
        return Opened(reader, name, used)
    check_activities(name, used, columns, said=said)
    return Opened(reader, name, used, unused_note(name, used.unused(columns, of="activities")))


def _adapter(source: Source, format: str | None) -> tuple[FileAdapter, Source, bytes]:
    """The adapter for a source, the source, and (of a stream) its first bytes."""
    if isinstance(source, str | os.PathLike):
        return adapter_for(source) if format is None else file_adapter(format), source, b""
    source, start = _beginning(source)
    if start.startswith(GZIP):
        start = zlib.decompressobj(wbits=31).decompress(start, LOOKED_AT)
    return file_adapter(format or _kind(start)), source, start


def _kind(start: bytes) -> str:
    if start.startswith(b"PAR1"):
        return "parquet"
    return "jsonl" if start.removeprefix(MARK).lstrip()[:1] in (b"{", b"[") else "csv"


def _is_spread(start: bytes) -> bool:
    r"""Whether this begins one object that is spread over several lines, as people and programs print it.

    >>> _is_spread(b'{\n  "id": 7\n}'), _is_spread(b'{"id": 7}\n{"id": 8}\n'), _is_spread(b'{"id": \n{"id": 8}\n')
    (True, False, False)
    """
    first, _, rest = start.removeprefix(MARK).lstrip().partition(b"\n")
    return first.startswith(b"{") and not first.rstrip().endswith(b"}") and rest.lstrip().startswith(b'"')


def _beginning(stream: BinaryIO) -> tuple[BinaryIO, bytes]:
    """A stream's first bytes, which are still to be read; the stream may have to be another one for that."""
    if hasattr(stream, "peek"):
        return stream, stream.peek(LOOKED_AT)[:LOOKED_AT]
    start = stream.read(LOOKED_AT) or b""
    return cast(BinaryIO, _Again(start, stream)), start


class _Again(io.RawIOBase):
    """A stream whose first bytes were looked at already. Closing it leaves the stream open."""

    def __init__(self, start: bytes, stream: BinaryIO) -> None:
        super().__init__()
        self._start, self._stream = start, stream
        self.name = getattr(stream, "name", None)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if not self._start:
            return self._stream.read(size) or b""
        found = self._start if size < 0 else self._start[:size]
        self._start = self._start[len(found) :]
        return found


__all__ = ["Opened", "Opening", "opened_activities", "opened_leads"]
