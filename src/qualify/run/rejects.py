"""Records that could not be read: what is said of each, and the file that they are listed in."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from qualify.adapters import Writer, file_adapter
from qualify.errors import AdapterError, LeadError, QualifyError
from qualify.mapping import Mapping
from qualify.mapping.reading import Record

COLUMNS = ("file", "row", "lead_id", "reason")


@dataclass(frozen=True, slots=True)
class Rejected:
    """One record that could not be read: in which file, in which row, of which lead, and why.

    `reason` names the field, what was expected and the kind of what was found, never the value.

    >>> print(Rejected("leads.csv", 7, "0031", "employees: expected a number, found text (5 characters)"))
    leads.csv:7: lead 0031: employees: expected a number, found text (5 characters)
    """

    file: str
    number: int
    lead_id: str | None
    reason: str
    of: Literal["leads", "activities"] = "leads"

    def __str__(self) -> str:
        who = f"lead {self.lead_id}: " if self.lead_id else ""
        return f"{self.file}:{self.number}: {who}{self.reason}"


def rejection(
    file: str, number: int, why: QualifyError, lead_id: str | None, of: Literal["leads", "activities"] = "leads"
) -> Rejected:
    """What an error says of a record."""
    if not isinstance(why, LeadError):
        return Rejected(file, number, lead_id, why.message, of)
    return Rejected(file, number, why.lead_id or lead_id, _said(why), of)


def rejected_lead(
    file: str, number: int, why: QualifyError, lead_id: str | None, mapping: Mapping, record: Record
) -> Rejected:
    """What is wrong with a lead's record: every value of it that can't be read, where that is what is wrong."""
    first = rejection(file, number, why, lead_id)
    bad = mapping.unreadable(record) if isinstance(why, LeadError) and why.field is not None else ()
    if len(bad) < 2:
        return first
    said = "; ".join(_said(each) for each in bad[:MOST_TOLD])
    return replace(first, reason=said + (f"; and {len(bad) - MOST_TOLD:,} more" if len(bad) > MOST_TOLD else ""))


def _said(why: LeadError) -> str:
    where = f"{why.field}: " if why.field else ""
    return f"{where}expected {why.expected}, found {why.found}"


MOST_TOLD = 8
"""Of one record's values that can't be read, so many are told."""

MOST_CAUSES = 100
"""So many different causes are told apart; what comes after them is counted only."""

_SIZE = re.compile(r" \([0-9,]+ (?:characters?|entry|entries)\)")


class Causes:
    """Rejected records by their cause: the first of each, and how many are like it, whatever their length.

    >>> causes = Causes()
    >>> for row, size in ((2, 5), (7, 9)):
    ...     causes.add(Rejected("leads.csv", row, None, f"employees: expected a number, found text ({size} characters)"))
    >>> [(first.number, count) for first, count in causes.all()]
    [(2, 2)]
    """

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], list[Any]] = {}

    def add(self, one: Rejected) -> None:
        """One more record."""
        cause = (one.file, _SIZE.sub("", one.reason))
        known = self._found.get(cause)
        if known is not None:
            known[1] += 1
        elif len(self._found) < MOST_CAUSES:
            self._found[cause] = [one, 1]

    def all(self) -> tuple[tuple[Rejected, int], ...]:
        """The first record of each cause, and how many have it, in the order in which they came."""
        return tuple((first, count) for first, count in self._found.values())


class RejectsFile:
    """A CSV file of rejected records, made when the first one comes; with `always`, made in any case.

    A `forgiving` one that can't be written says so in `fault`, and the run goes on.
    """

    def __init__(self, path: str | os.PathLike[str], *, always: bool = False, forgiving: bool = False) -> None:
        self.path = Path(path)
        self.count = 0
        self.fault: str | None = None
        self._always, self._forgiving = always, forgiving
        self._writer: Writer | None = None

    def open(self) -> None:
        """Make the file, if it is made in any case. Raises AdapterError where it can't be."""
        if self._always:
            self._opened()

    def _opened(self) -> Writer:
        if self._writer is None:
            self._writer = file_adapter("csv").write(self.path, COLUMNS)
        return self._writer

    def add(self, one: Rejected) -> None:
        """One more record. Raises AdapterError where the file can't be written."""
        self.count += 1
        if self.fault is None:
            try:
                self._opened().write(
                    {"file": one.file, "row": one.number, "lead_id": one.lead_id, "reason": one.reason}
                )
            except AdapterError as why:
                self._failed(why)

    def close(self) -> None:
        """Let the file take its place. May be called twice."""
        if self._writer is not None and self.fault is None:
            try:
                self._writer.close()
            except AdapterError as why:
                self._failed(why)

    def abort(self) -> None:
        """Throw the new file away."""
        if self._writer is not None:
            self._writer.abort()

    def _failed(self, why: AdapterError) -> None:
        self.abort()
        if not self._forgiving:
            raise why
        self.fault = why.message


__all__ = ["Causes", "Rejected", "RejectsFile", "rejected_lead", "rejection"]
