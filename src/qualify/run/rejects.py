"""Records that could not be read: what is said of each, and the file that they are listed in."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from qualify.adapters import Writer, file_adapter
from qualify.errors import AdapterError, LeadError, QualifyError

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
    where = f"{why.field}: " if why.field else ""
    return Rejected(file, number, why.lead_id or lead_id, f"{where}expected {why.expected}, found {why.found}", of)


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


__all__ = ["Rejected", "RejectsFile", "rejection"]
