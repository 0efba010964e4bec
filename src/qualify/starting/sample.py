"""The first rows of a source, column by column: which values were found and how often. Bounded, whatever it holds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from qualify.adapters import BadRow, Reader, Source
from qualify.errors import QualifyError
from qualify.mapping.paths import ABSENT, find
from qualify.run.opening import Opening
from qualify.text import clean
from qualify.values import Unreadable, is_missing

MOST_ROWS = 5000
MOST_CELLS = 500_000
"""Rows of very wide tables are fewer, so that what is remembered has an end."""

MOST_COLUMNS = 1000
LONGEST_NAME = 500
LONGEST_VALUE = 200
"""A longer text is text: only that it was there is remembered."""

DEEPEST = 4
_PHONE = re.compile(r"[+0(](?=(?:\D*\d){8})[\d\s()-]+")


@dataclass(slots=True)
class Seen:
    """One column: its place (from 1), and what its cells hold.

    `values` are the different values with how often each was found, texts clean and by their spelling; `long` counts
    texts that are too long to be anything else, `strange` what no field can hold (tables, lists of others than texts);
    `lists` counts lists of any kind, into which no path leads.
    """

    name: str
    place: int
    values: Counter[object] = field(default_factory=Counter)
    long: int = 0
    strange: int = 0
    lists: int = 0

    @property
    def filled(self) -> int:
        """In how many rows it has a value."""
        return self.values.total() + self.long + self.strange

    def add(self, value: object) -> None:
        """One more cell."""
        if is_missing(value):
            return
        match value:
            case str():
                text = clean(value)
                if len(text) > LONGEST_VALUE:
                    self.long += 1
                else:
                    self.values[text] += 1
            case list() | tuple():
                self.lists += bool(value)
                if all(isinstance(each, str) for each in value) and sum(map(len, value)) <= LONGEST_VALUE:
                    self.values[tuple(value)] += 1
                elif all(isinstance(each, str) or each is None for each in value):
                    self.values[()] += 1
                else:
                    self.strange += 1
            case Mapping():
                self.strange += 1
            case _:
                try:
                    self.values[_Typed(type(value).__name__, value)] += 1
                except TypeError:
                    self.strange += 1


@dataclass(frozen=True, slots=True)
class _Typed:
    """A value that is no text, told from one that only equals it: 1 and true."""

    kind: str
    value: object


def plain(value: object) -> object:
    """A value of `Seen.values` as the source gave it."""
    return value.value if isinstance(value, _Typed) else value


@dataclass(frozen=True, slots=True)
class Sample:
    """What was seen of a source; `whole` says that there are no more rows than these."""

    name: str
    columns: tuple[Seen, ...]
    rows: int
    bad_rows: int
    whole: bool
    delimiter: str | None
    notes: tuple[str, ...] = ()


def sampled(source: Source, format: str | None = None) -> Sample:
    """The beginning of a source. Raises AdapterError and MissingExtra as its adapter does."""
    opening = Opening({})
    try:
        reader, name = opening.open(source, format)
        return _sampled(reader, name, opening.notes)
    finally:
        opening.close()


def _sampled(reader: Reader, name: str, notes: list[str]) -> Sample:
    named = reader.facts.columns
    seen: dict[str, Seen] = {}
    dropped = unnamed = 0
    for each in named or ():
        if len(seen) < MOST_COLUMNS and _can_stand(each):
            seen[each] = Seen(each, len(seen) + 1)
        else:
            dropped += 1
    _not_a_lead(name, named or ())
    width = len(named) if named is not None else 100
    most = max(20, min(MOST_ROWS, MOST_CELLS // max(1, width)))
    rows = bad = 0
    whole = True
    for row in islice(reader, most + 1):
        if rows + bad == most:
            whole = False
            break
        if isinstance(row, BadRow):
            bad += 1
            continue
        rows += 1
        cells = row.record.items() if named is not None else _found(row.record)
        for column, value in cells:
            if (known := seen.get(column)) is not None:
                known.add(value)
            elif named is None and len(seen) < MOST_COLUMNS and _can_stand(column):
                seen[column] = known = Seen(column, len(seen) + 1)
                known.add(value)
            elif named is not None and column.startswith("unnamed column "):
                unnamed += 1
    if named is None:
        _settle_paths(seen)
    said = list(notes)
    if dropped:
        said.append(
            f"{name}: left out are columns after the first {MOST_COLUMNS:,}, and those with a name longer than "
            f"{LONGEST_NAME} characters: {dropped:,}"
        )
    numbers = sum(each.name.replace(".", "").replace(",", "").strip().isdigit() for each in seen.values())
    if numbers and numbers >= len(seen) / 2:
        said.append(
            f"{name}: most of its columns are called by a number; if its first row is a lead, put names above it"
        )
    if unnamed:
        said.append(f"{name}: columns without a name have values; they are left out")
    return Sample(name, tuple(seen.values()), rows, bad, whole, reader.facts.delimiter, tuple(said))


def _can_stand(column: str) -> bool:
    try:
        column.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return bool(clean(column)) and len(column) <= LONGEST_NAME


def _not_a_lead(name: str, columns: tuple[str, ...]) -> None:
    """A first row that is a lead's would put that lead's data into files that many will read."""
    for place, column in enumerate(columns, start=1):
        _, at, host = column.partition("@")
        if (at and "." in host and " " not in column.strip()) or _PHONE.fullmatch(column):
            raise QualifyError(
                f"{name}: its first row looks like a lead, not like the names of columns: cell {place} is an e-mail "
                "address or a number to call. Put a line above it that names the columns",
                code="no-header",
            )


def _settle_paths(seen: dict[str, Seen]) -> None:
    """A table is there by what it holds; where a list stood in its place, what it holds can't be read."""
    tables = set[str]()
    for name, column in seen.items():
        parts = name.split(".")
        for length in range(1, len(parts)):
            above = ".".join(parts[:length])
            if above in seen:
                tables.add(above)
                column.strange += seen[above].lists
    for name in tables:
        if seen[name].strange == seen[name].filled and not seen[name].lists:
            del seen[name]


def _flat(record: Mapping[str, object], before: str = "", depth: int = 1) -> Iterator[tuple[str, object]]:
    """The properties of a record, and what stands in those that are tables, by its path."""
    for key, value in record.items():
        yield f"{before}{key}", value
        if isinstance(value, Mapping) and depth < DEEPEST:
            yield from _flat(value, f"{before}{key}.", depth + 1)


def _found(record: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """The same as a mapping finds it, which may be otherwise where names have dots."""
    for path in dict.fromkeys(path for path, _ in _flat(record)):
        try:
            value = find(record, path)
        except Unreadable:
            value = record
        yield path, None if value is ABSENT else value
