"""What came of a sync: counts, and a file of what a person has to look at."""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, TextIO

from qualify.errors import QualifyError

Kind = Literal["refused", "rejected", "activity", "passed over", "duplicate", "lifecycle"]

COLUMNS = ("what", "lead_id", "said")


@dataclass(frozen=True, slots=True)
class Planned:
    """What is written to one record, or would be: property to what it held and what it gets."""

    id: str
    stage: str | None
    changes: Mapping[str, tuple[object, object]] = field(repr=False)

    def to_dict(self) -> dict[str, Any]:
        """As plain data, for JSON."""
        changes = {path: {"from": _plain(was), "to": _plain(to)} for path, (was, to) in self.changes.items()}
        return {"id": self.id, "stage": self.stage, "changes": changes}


def _plain(value: object) -> Any:
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


@dataclass(slots=True)
class SyncReport:
    """What came of a sync.

    `read` are records that came, `judged` those that could be read (`rejected` those that couldn't), `written` those
    that were written (in a dry run: would be), `unchanged` those that held it already, and `refused` those that the
    source didn't take. `duplicates` are records that are the same lead as another one. `stayed` counts lifecycle
    properties that were left alone, by why. `passed_over` counts values that couldn't be read and cost no record, by
    field. `troubles` counts what was tried again, by why. `created` are properties that were made, or would be.
    """

    read: int = 0
    judged: int = 0
    rejected: int = 0
    rejected_activities: int = 0
    written: int = 0
    unchanged: int = 0
    refused: int = 0
    left_out: int = 0
    duplicates: int = 0
    stages: Counter[str] = field(default_factory=Counter)
    stayed: Counter[str] = field(default_factory=Counter)
    passed_over: Counter[str] = field(default_factory=Counter)
    troubles: Counter[str] = field(default_factory=Counter)
    created: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    all_anew: bool = True
    finished: bool = False
    as_of: str = ""

    def to_dict(self) -> dict[str, Any]:
        """As plain data, for JSON."""
        found = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: dict(value) if isinstance(value, Counter) else value for name, value in found.items()}


class ReportFile:
    """A CSV file of what a person has to look at, made when there is something, and readable by its owner alone.

    It may hold what the source answered, so it is for the person who runs the sync and for nobody else. What an
    interrupted sync listed stays: `keep`.
    """

    def __init__(self, path: str | os.PathLike[str] | None, *, keep: bool = False) -> None:
        self.path = None if path is None else Path(path)
        self.count = 0
        self._file: TextIO | None = None
        self._keep = keep
        if self.path is not None and not keep:
            self.path.unlink(missing_ok=True)

    def add(self, what: Kind, lead_id: str | None, said: str) -> None:
        """One more line."""
        self.count += 1
        if self.path is None:
            return
        try:
            if self._file is None:
                there = self.path.exists()
                self._file = open(self.path, "a", encoding="utf-8", newline="", opener=_private)  # noqa: SIM115
                if not there:
                    csv.writer(self._file, lineterminator="\n").writerow(COLUMNS)
            csv.writer(self._file, lineterminator="\n").writerow((what, lead_id or "", " ".join(said.split())))
        except OSError as why:
            raise QualifyError(f"{self.path}: the report can't be written: {why.strerror}", code="no-report") from why

    def flush(self) -> None:
        """Be sure that it is on the disk: the next sync won't say it again."""
        if self._file is not None:
            self._file.flush()
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close it. May be called twice."""
        if self._file is not None:
            self._file.close()
            self._file = None


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


__all__ = ["Kind", "Planned", "ReportFile", "SyncReport"]
