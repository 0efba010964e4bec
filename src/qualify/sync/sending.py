"""Updates on their way to the target: in batches, each answered before its records count as done."""

from __future__ import annotations

from collections.abc import Callable

from qualify.adapters.records import Connection
from qualify.errors import AdapterError
from qualify.sync.planning import update_of
from qualify.sync.report import Planned, ReportFile, SyncReport
from qualify.sync.retrying import Patience


class Sender:
    """Gathers what is planned and sends it in batches; in a dry run it only counts."""

    def __init__(
        self,
        target: Connection,
        patience: Patience,
        report: SyncReport,
        file: ReportFile,
        *,
        dry_run: bool,
        tell: Callable[[Planned], None] | None,
    ) -> None:
        self._target, self._patience, self._report, self._file = target, patience, report, file
        self._dry_run, self._tell = dry_run, tell
        self._waiting: dict[str, Planned] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, planned: Planned) -> None:
        """One more; a full batch is sent. Two changes of one record never stand in one batch."""
        if planned.id in self._waiting:
            self.flush()
        self._waiting[planned.id] = planned
        if len(self._waiting) >= max(1, self._target.batch_size):
            self.flush()

    def flush(self) -> None:
        """Send what is left. A record that the target refuses is reported with its answer."""
        batch = [*self._waiting.values()]
        self._waiting.clear()
        if not batch:
            return
        refused: dict[str, str] = {}
        if not self._dry_run:
            updates = [update_of(each) for each in batch]
            answers = self._patience(lambda: self._target.write(updates))
            if [each.id for each in answers] != [each.id for each in updates]:
                raise AdapterError(
                    f"the target answered {len(answers)} of {len(updates)} updates, or others: what was written isn't known"
                )
            refused = {each.id: each.refused for each in answers if each.refused is not None}
        for each in batch:
            if each.id in refused:
                self._report.refused += 1
                self._file.add("refused", each.id, refused[each.id])
            else:
                self._report.written += 1
                if self._tell is not None:
                    self._tell(each)


__all__ = ["Sender"]
