"""A run to its end: each lead's flat row to a file or a stream, the rejected records to another."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from qualify.adapters import Column, FileAdapter, Target, adapter_for, file_adapter
from qualify.adapters.csv.writer import CsvWriter
from qualify.errors import QualifyError
from qualify.run.funnel import Funnel
from qualify.run.rejects import RejectsFile
from qualify.run.running import Judged, Run

EXPLANATION = "explanation"
MOST_REMEMBERED = 10_000


def target_adapter(target: Target, format: str | None = None) -> FileAdapter:
    """The adapter that writes a target: the named one, else the one that the path's ending tells.

    Raises AdapterError where there is none, QualifyError where it can't write.
    """
    if format is not None:
        found = file_adapter(format)
    elif isinstance(target, str | os.PathLike):
        found = adapter_for(target)
    else:
        raise QualifyError("a stream has no ending that tells its format: say which", code="bad-argument")
    if "write" not in found.can:
        raise QualifyError(f"adapter {found.name!r} can't write", code="bad-argument")
    return found


def write_run(
    run: Run,
    target: Target,
    *,
    format: str | None = None,
    rejects: str | os.PathLike[str] | RejectsFile | None = None,
    explain: bool = False,
) -> Funnel:
    """Judge all leads of a run and write each one's flat row; gives the funnel.

    With `explain`, JSON has the whole verdict (`verdict.to_json()`) in the row's place, and every other format a column
    `explanation` more. A path is written whole or not at all. Rejected records go to `rejects`, as CSV; without it they are only
    counted. Raises AdapterError where a target can't be written, MissingExtra where a package is missing.
    """
    adapter = target_adapter(target, format)
    listed = RejectsFile(rejects, always=True) if isinstance(rejects, str | os.PathLike) else rejects
    try:
        if listed is not None:
            listed.open()
        columns, row = _rows(run, adapter, explain)
        with adapter.write(target, columns) as writer:
            if run.in_columns and isinstance(writer, CsvWriter) and not explain:
                _write_texts(run.judged(listed), run.flat.own, writer)
            else:
                for each in run.judged(listed):
                    writer.write(row(each))
    except BaseException:
        if listed is not None:
            listed.abort()
        raise
    if listed is not None:
        listed.close()
    return run.funnel


def _write_texts(leads: Iterable[Judged], own: int, writer: CsvWriter) -> None:
    """The same rows as text; of leads with the same outcomes, what they have in common is made to text once."""
    said: dict[int, tuple[object, list[str]]] = {}
    for each in leads:
        outcomes = each.outcomes
        known = said.get(id(outcomes))
        if known is None:
            cells = writer.texts(each.row())
            if len(said) >= MOST_REMEMBERED:
                said.clear()
            said[id(outcomes)] = (outcomes, cells[own:])  # which keeps them, and so their place in memory, theirs
            writer.write_texts(cells)
        else:
            lead_id = each.lead_id or ""
            writer.write_texts([lead_id, *known[1]] if own == 1 else [str(each.number), lead_id, *known[1]])


def _rows(
    run: Run, adapter: FileAdapter, explain: bool
) -> tuple[tuple[Column, ...], Callable[[Judged], Mapping[str, object]]]:
    """Which columns are written, and how a lead becomes a row."""
    columns = run.flat.written
    if not explain:
        return columns, Judged.row
    if adapter.name == "jsonl":
        return (), lambda each: json.loads(each.verdict.to_json(), parse_float=Decimal)
    taken = any(column.name == EXPLANATION for column in columns)
    name = f"verdict.{EXPLANATION}" if taken else EXPLANATION
    return (*columns, Column(name, "text")), lambda each: {**each.row(), name: each.verdict.explain()}


__all__ = ["target_adapter", "write_run"]
