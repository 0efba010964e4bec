"""`qualify sync`: a CRM's leads judged, and what differs written back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from qualify.cli import screen
from qualify.cli.exits import FINE, SOME_REJECTED, debuggable
from qualify.cli.funnel import counted
from qualify.cli.options import read_moment
from qualify.cli.progress import Watcher
from qualify.errors import QualifyError, enumerated
from qualify.face import Definition, load
from qualify.run.funnel import moment_text
from qualify.sync import Planned, Sync, SyncReport

MOST_TOLD = 5
SHORT = 18
"""So long is a value at most that a dry run shows; of a longer one it shows that it changes."""

STAYED = {
    "unknown": "of a value that the order doesn't know",
    "opted out": "of leads that opted out",
    "may have opted out": "of leads that may have opted out, in a record that can't be read",
}


def read_options(context: click.Context, parameter: click.Parameter, said: tuple[str, ...]) -> dict[str, str]:
    """Options of an adapter, each as NAME=VALUE."""
    found = {}
    for each in said:
        name, equals, value = each.partition("=")
        if not equals or not name:
            raise click.BadParameter("say NAME=VALUE, such as url=sqlite:///leads.db")
        found[name.strip()] = value
    return found


def read_number(context: click.Context, parameter: click.Parameter, number: int | None) -> int | None:
    """How many, where it is said."""
    if number is not None and number < 0:
        raise click.BadParameter("say how many: 0 or more")
    return number


@click.command()
@click.argument("definition")
@click.option("--from", "source", metavar="NAME", required=True, help="The adapter that leads are read with.")
@click.option("--to", "target", metavar="NAME", help="The one that verdicts are written with (the same).")
@click.option("-m", "--mapping", metavar="FILE", help="Your own mapping (the adapter's).")
@click.option("--to-mapping", metavar="FILE", help="The same for --to, where that is another adapter.")
@click.option(
    "--option", "options", metavar="NAME=VALUE", multiple=True, callback=read_options, help="For the adapter."
)
@click.option(
    "--to-option", "to_options", metavar="NAME=VALUE", multiple=True, callback=read_options, help="The same for --to."
)
@click.option("--state", metavar="FILE", help="What remembers where the last sync was.")
@click.option("--full", is_flag=True, help="Judge all leads, not only those that changed.")
@click.option("--setup", is_flag=True, help="Make the properties that are missing, first.")
@click.option("--dry-run", is_flag=True, help="Write nothing; show what would be written.")
@click.option("--as-of", metavar="TIME", callback=read_moment, help="The moment to judge at (now).")
@click.option("--limit", metavar="N", type=int, callback=read_number, help="Read so many records at most.")
@click.option(
    "--rows", metavar="N", type=int, default=20, callback=read_number, help="Records that a dry run shows (20)."
)
@click.option(
    "--patience",
    metavar="N",
    type=int,
    default=600,
    callback=read_number,
    help="Seconds for which a source is asked again that is in trouble (600).",
)
@click.option("--report", metavar="FILE", help="Where is listed what a person has to look at (NAME.sync-report.csv).")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
@debuggable
def sync(definition: str, source: str, **given: Any) -> int:
    """Judge a CRM's leads and write their verdicts back.

    DEFINITION is a file or a folder. Leads are read with the adapter that
    --from names (`qualify adapters` lists them), and what the mapping says
    under [write] is written to each record: only what differs from what the
    record holds, so that doing it again changes nothing.

    With --state only records that changed since the last sync are read; where
    the definition or the mapping changed, all. A sync that was killed goes on
    where it was. Time alone changes verdicts too: sync with --full now and
    then.

    What the source refuses, what can't be read and what is there twice is
    listed in a report; the exit code is then 6 for the first two.
    """
    return _Job(definition, source, **given).done()


class _Job:
    """One call of the command."""

    def __init__(
        self,
        definition: str,
        source: str,
        *,
        target: str | None,
        mapping: str | None,
        to_mapping: str | None,
        options: dict[str, str],
        to_options: dict[str, str],
        state: str | None,
        full: bool,
        setup: bool,
        dry_run: bool,
        as_of: datetime | None,
        limit: int | None,
        rows: int,
        patience: int,
        report: str | None,
        as_json: bool,
    ) -> None:
        if target in (None, source) and (to_mapping or to_options):
            raise click.UsageError("--to-mapping and --to-option are for a --to that is another adapter than --from")
        self.source, self.target, self.dry_run, self.rows, self.as_json = source, target, dry_run, rows, as_json
        self.definition = load(definition)
        self.path = Path(report or f"{source}.sync-report.csv")
        for each in filter(None, (state, report)):
            if not Path(each).parent.is_dir():
                raise QualifyError(f"{each}: there is no folder {Path(each).parent}", code="no-folder")
        self.watcher = Watcher(quiet=False)
        self.shown: list[Planned] = []
        self.job = Sync(
            self.definition,
            source,
            target,
            mapping=mapping,
            target_mapping=to_mapping,
            options=options,
            target_options=to_options,
            state=state,
            report=self.path,
            full=full,
            dry_run=dry_run,
            setup=setup,
            as_of=as_of,
            limit=limit,
            patience=patience,
            trouble=self._tell_pause,
            watch=self.watcher,
            tell=self._tell_one if dry_run else None,
        )

    def done(self) -> int:
        """Do it; gives the exit code."""
        try:
            found = self.job.run()
        except BaseException:
            self.watcher.stop()
            if self.job.report.read:
                self._tell_troubles(self.job.report)
                screen.tell("\n".join(report_lines(self.job.report, self.definition, self.source, self.dry_run)))
            elif self.job.report.created and not self.dry_run:
                screen.tell(_made(self.job.report))
            raise
        self.watcher.stop()
        self._tell_troubles(found)
        if self.as_json:
            (screen.tell if self.dry_run else screen.out)(screen.as_json(found.to_dict()))
        else:
            if self.dry_run:
                self._table(found)
            for line in report_lines(found, self.definition, self.source, self.dry_run):
                screen.out(screen.cut(line, screen.width()))
        if self.path.exists():
            screen.tell(f"what a person has to look at is listed in {self.path}")
        return SOME_REJECTED if found.refused or found.rejected or found.rejected_activities else FINE

    def _tell_pause(self, trouble: str, seconds: float) -> None:
        """Somebody who waits wants to know what for."""
        self.watcher.stop()
        screen.tell(f"{trouble}; trying again in {max(1, round(seconds))} s")

    def _tell_one(self, planned: Planned) -> None:
        if self.as_json:
            self.watcher.stop()
            screen.out(screen.as_json(planned.to_dict()))
        elif len(self.shown) < self.rows:
            self.shown.append(planned)

    def _table(self, found: SyncReport) -> None:
        if found.created:
            screen.out("would make")
            for path in found.created:
                screen.out(f"  {path}")
            screen.out()
        for line in change_lines(self.shown, screen.width()):
            screen.out(line)
        if len(self.shown) < found.written:
            screen.out(f"... {len(self.shown):,} of {counted(found.written, 'record')} shown; --rows N shows more")
        if self.shown:
            screen.out()

    def _tell_troubles(self, found: SyncReport) -> None:
        for note in found.notes:
            screen.tell(f"note: {note}")
        for trouble, times in found.troubles.most_common(MOST_TOLD):
            screen.tell(f"note: {trouble}: tried again {'once' if times == 1 else f'{times:,} times'}")
        if found.passed_over:
            said = ", ".join(f"{field} {times:,}" for field, times in found.passed_over.most_common(MOST_TOLD))
            screen.tell(f"note: values that can't be read were taken as missing: {said}")


def report_lines(found: SyncReport, definition: Definition, source: str, dry_run: bool) -> Iterator[str]:
    """What came of a sync, line by line: first what it was, then the counts that aren't nothing."""
    what = "all" if found.all_anew else "what changed"
    when = f" as of {moment_text(datetime.fromisoformat(found.as_of))}" if found.as_of else ""
    by = f"by {definition.name} {definition.version}"
    first = f"{source}: {counted(found.read, 'record')} read ({what}){when}"
    yield from (f"{first}, {by}",) if screen.size_of(f"{first}, {by}") <= screen.width() else (first, by)
    if found.created and not dry_run:
        yield _made(found)
    for name, number in (
        ("would be written" if dry_run else "written", found.written),
        ("unchanged", found.unchanged),
        ("refused", found.refused),
        ("rejected", found.rejected),
        ("rejected activities", found.rejected_activities),
        ("left out", found.left_out),
        ("duplicates", found.duplicates),
    ):
        if number or name in ("written", "would be written", "unchanged"):
            yield f"  {number:>9,}  {name}"
    for why, number in found.stayed.items():
        yield f"  {number:>9,}  lifecycle left alone, {STAYED.get(why, why)}"
    stages = [(stage, found.stages[stage]) for stage in definition.model.stages if found.stages[stage]]
    for stage, number in stages:
        yield f"  {number:>9,}  at stage {stage}"
    if found.stages[""]:
        yield f"  {found.stages['']:>9,}  at no stage"
    if not found.finished:
        yield "  not all was read"


def _made(found: SyncReport) -> str:
    return f"made {enumerated(found.created, most=3)}"


def change_lines(planned: list[Planned], width: int) -> Iterator[str]:
    """The changes of each record: its id, its stage, and what was there and what comes."""
    if not planned:
        return
    ids = min(max(map(len, ["id", *(each.id for each in planned)])), 24)
    stages = max(map(len, ["stage", *(each.stage or "-" for each in planned)]))
    yield f"{'id':<{ids}}  {'stage':<{stages}}  would write"
    for each in planned:
        who = screen.padded(screen.cut(each.id, ids), ids)
        line = f"{who}  {each.stage or '-':<{stages}}  {_changes(each)}"
        yield screen.cut(screen.clean(line, one_line=True), width)


def _changes(planned: Planned) -> str:
    """Stage, lifecycle and scores with what they were and will be; of longer values only what they are called."""
    short = {
        path: change for path, change in planned.changes.items() if all(len(_said(each)) <= SHORT for each in change)
    }
    long = [path.rpartition(".")[2] for path in planned.changes if path not in short]
    said = ", ".join(_change(path, was, to) for path, (was, to) in short.items())
    return " ".join(filter(None, (said, f"+ {', '.join(long)}" if long else "")))


def _change(path: str, was: object, to: object) -> str:
    before = "" if was in (None, "") else f"{_said(was)} -> "
    return f"{path.rpartition('.')[2]}: {before}{_said(to)}"


def _said(value: object) -> str:
    return "nothing" if value in (None, "") else str(value)
