"""How far a long run is: a line on stderr, while somebody watches there."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from qualify.cli import screen
from qualify.run import Progress

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

PATIENCE = 0.7
"""In seconds: what is done sooner needs no line."""


class Watcher:
    """Shows progress once a run takes longer. `stop` before anything else is printed; it comes back by itself."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet or not screen.is_terminal(sys.stderr)
        self._since = time.monotonic()
        self._bar: Bar | None = None

    def __call__(self, progress: Progress) -> None:
        """What a run tells."""
        if self._quiet or (self._bar is None and time.monotonic() - self._since < PATIENCE):
            return
        if self._bar is None:
            self._bar = _bar()
            self._bar.add_task(progress.reads, total=None, rows="0")
            self._bar.start()
        share = progress.share
        self._bar.update(
            self._bar.task_ids[0],
            description=progress.reads,
            completed=progress.rows if share is None else share * 100,
            total=None if share is None else 100,
            rows=f"{progress.rows:,}",
        )

    def stop(self) -> None:
        """Take the line away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


def _bar() -> Bar:
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    return Bar(
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TaskProgressColumn(),
        TextColumn("{task.fields[rows]} rows"),
        TimeRemainingColumn(),
        console=screen.console("stderr"),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )


__all__ = ["Watcher"]
