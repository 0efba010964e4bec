"""One column under a reading: its values without those that say nothing, and how far each way to read them gets."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Literal

from qualify.mapping import FieldMap
from qualify.mapping.conversions import CONVERSIONS
from qualify.mapping.reading import Meaning, meaning
from qualify.mapping.table import Table
from qualify.starting.sample import Seen, plain
from qualify.starting.words import MAYBE_PLACEHOLDERS, NOT_THERE, PLACEHOLDERS, spoken
from qualify.text import fold
from qualify.values import Unreadable

LOOKED_AT_FIRST = 200

_WRAPPER = re.compile(r"(?:properties|attributes|fields|data|record)\.(?=.)")
"""What CRMs put all properties of a record into; it says nothing of them."""

Order = Literal["day first", "month first"]


@dataclass(frozen=True, slots=True)
class File:
    """What is true of the whole file: how it writes numbers and dates, and how many rows were looked at."""

    rows: int
    table: Table
    order: Order
    order_is_sure: bool
    about_decimal: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a column, and how far it gets: how many values, of how many."""

    field: FieldMap
    read: int
    of: int
    moments: bool = False

    @property
    def share(self) -> float:
        """How much of what is there it reads."""
        return self.read / self.of if self.of else 0.0


class Column:
    """A column's values without those that say nothing, and how they read."""

    def __init__(self, seen: Seen, *, standard: str | None = None) -> None:
        self.seen = seen
        self.words = spoken(_WRAPPER.sub("", seen.name))
        found: dict[str, int] = {}
        folded = Counter[str]()
        for value, count in seen.values.items():
            if isinstance(value, str):
                folded[fold(value)] += count
        maybe = () if standard in NOT_THERE or "name" in self.words.split() else MAYBE_PLACEHOLDERS
        for word in (*PLACEHOLDERS, *maybe):
            if count := folded.get(fold(word), 0):
                found[word] = count
        self.sure = tuple(word for word in found if word not in MAYBE_PLACEHOLDERS)
        self.own = tuple(word for word in found if word in MAYBE_PLACEHOLDERS)
        hidden = {fold(word) for word in found}
        self.values = [
            (value, count)
            for value, count in seen.values.items()
            if not (isinstance(value, str) and fold(value) in hidden)
        ]
        self.said_nothing = sum(found.values())
        self.known = sum(count for _, count in self.values) + seen.long + seen.strange
        self.texts = sum(count for value, count in self.values if isinstance(value, str))

    def as_text(self) -> Iterator[tuple[str, int]]:
        """The values that are text."""
        return ((value, count) for value, count in self.values if isinstance(value, str))

    def try_(self, field: FieldMap, table: Table) -> Reading:
        """How far one way to read the column gets; a way that fails on most of the first values isn't followed."""
        read = meaning(field, table, CONVERSIONS)
        first = _try(read, islice(self.values, LOOKED_AT_FIRST))
        if len(self.values) > LOOKED_AT_FIRST and first.read < first.of / 2:
            return Reading(field, first.read, self.known)
        whole = _try(read, self.values) if len(self.values) > LOOKED_AT_FIRST else first
        long = self.seen.long if field.type == "text" else 0
        return Reading(field, whole.read + long, self.known, whole.moments)


@dataclass(frozen=True, slots=True)
class _Tried:
    read: int
    of: int
    moments: bool


def _try(read: Meaning, values: Iterable[tuple[object, int]]) -> _Tried:
    good = total = 0
    moments = False
    for value, count in values:
        total += count
        try:
            found = read(plain(value))
        except Unreadable:
            continue
        good += count
        moments = moments or (isinstance(found, datetime) and bool(found.hour or found.minute or found.second))
    return _Tried(good, total, moments)
