"""A run to its end: each lead's flat row to a file or a stream, the rejected records to another."""

from __future__ import annotations

import os

from qualify.adapters import FileAdapter, Target, adapter_for, file_adapter
from qualify.errors import QualifyError
from qualify.run.funnel import Funnel
from qualify.run.rejects import RejectsFile
from qualify.run.running import Run


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
    run: Run, target: Target, *, format: str | None = None, rejects: str | os.PathLike[str] | RejectsFile | None = None
) -> Funnel:
    """Judge all leads of a run and write each one's flat row; gives the funnel.

    A path is written whole or not at all. Rejected records go to `rejects`, as CSV; without it they are only
    counted. Raises AdapterError where a target can't be written, MissingExtra where a package is missing.
    """
    adapter = target_adapter(target, format)
    listed = RejectsFile(rejects, always=True) if isinstance(rejects, str | os.PathLike) else rejects
    try:
        if listed is not None:
            listed.open()
        with adapter.write(target, run.flat.written) as writer:
            for each in run.judged(listed):
                writer.write(each.row())
    except BaseException:
        if listed is not None:
            listed.abort()
        raise
    if listed is not None:
        listed.close()
    return run.funnel


__all__ = ["target_adapter", "write_run"]
