"""`qualify run`: leads in, verdicts out, and a funnel at the end."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import click

from qualify.adapters import Target
from qualify.cli import screen
from qualify.cli.account import account_printer
from qualify.cli.exits import FINE, SOME_REJECTED, debuggable
from qualify.cli.funnel import counted, funnel_lines
from qualify.cli.options import TABLE, about_files, about_leads, check_source, read_format, said_options, source_of
from qualify.cli.progress import Watcher
from qualify.cli.table import LeadTable, Line
from qualify.errors import QualifyError
from qualify.face import Definition, load
from qualify.run import ENGINES, Engine, Funnel, Judged, RejectsFile, Run, run_leads, write_run

REJECTS_SHOWN = 5


def read_rows(context: click.Context, parameter: click.Parameter, number: int) -> int:
    """How many rows a terminal shows."""
    if number < 0:
        raise click.BadParameter("say how many: 0 or more")
    return number


@click.command()
@click.argument("definition")
@click.argument("leads")
@about_leads
@click.option("-o", "--output", metavar="FILE", help="Where verdicts are written; - is standard output.")
@click.option(
    "--format", metavar="NAME", callback=read_format, help="table, csv, jsonl or parquet (the output's ending tells)."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs: each lead, then the funnel.")
@click.option("--rows", metavar="N", type=int, default=20, callback=read_rows, help="Rows that a terminal shows (20).")
@click.option("--rejects", metavar="FILE", help="Where records are listed that can't be read.")
@click.option("--explain", is_flag=True, help="Give each lead's account instead of its row.")
@click.option(
    "--engine",
    metavar="NAME",
    type=click.Choice(ENGINES),
    help="What judges the leads: auto, python, polars, duckdb or spark (auto, columns where there are many leads).",
)
@about_files
@debuggable
def run(definition: str, leads: str, **given: Any) -> int:
    """Judge leads: read a file, write a verdict for each.

    DEFINITION is a file or a folder. LEADS is a file (CSV, JSON, JSON Lines,
    Parquet), a table of a database (sqlite:///crm.db#customers), or - for
    standard input. Without a mapping, columns that are named as fields are
    read.

    Each verdict is one row: the lead's id, its stage, the state of every
    stage, what each side says, each trait's answer, tiers and scores. A
    terminal shows the first rows; a file or a pipe gets all of them. The
    funnel at the end counts leads by stage.

    Many leads are told apart in columns, where that pays: what comes out is
    the same, and what was used is said. --engine says which.

    With --explain each verdict is an account in English (as JSON, the whole
    verdict), which takes much longer.

    A record that can't be read is listed in a file of rejects, and the rest
    goes on; the exit code is then 6.
    """
    return _Job(definition, leads, **given).done()


class _Job:
    """One call of the command."""

    def __init__(
        self,
        definition: str,
        leads: str,
        *,
        mapping: str | None,
        activities: str | None,
        as_of: datetime | None,
        output: str | None,
        format: str | None,
        as_json: bool,
        explain: bool,
        rows: int,
        rejects: str | None,
        engine: Engine | None,
        proposed: bool,
        leads_format: str | None,
        activities_format: str | None,
        delimiter: str | None,
        encoding: str | None,
    ) -> None:
        self.definition, self.leads, self.activities, self.mapping = definition, leads, activities, mapping
        self.as_of, self.proposed, self.as_json, self.rows, self.explain = as_of, proposed, as_json, rows, explain
        if explain and engine not in (None, "auto", "python"):
            raise click.UsageError(f"accounts are made lead by lead: leave out --explain or --engine {engine}")
        self.engine: Engine = "python" if explain else engine or "auto"
        self.formats = (leads_format, activities_format)
        self.options = said_options(delimiter, encoding)
        self.output = None if output == "-" else output
        self.format = format or ("jsonl" if as_json and self.output is None else None)
        if self.format is None and self.output is None:
            self.format = TABLE
        self._check(rejects)
        named = rejects is not None
        self.rejects = RejectsFile(rejects or self._beside_output(), always=named, forgiving=not named)
        to_terminal = self.output is None and self.format != TABLE and screen.is_terminal(sys.stdout)
        self.watcher = Watcher(quiet=to_terminal)

    def _check(self, named: str | None) -> None:
        """Refuse what can't be meant, before anything is read or written."""
        if self.leads == "-" and self.activities == "-":
            raise click.UsageError("leads and activities can't both come from standard input")
        if named == "-":
            raise click.UsageError("--rejects names a file: only leads, activities and output can be -")
        if self.format == TABLE and self.as_json:
            raise click.UsageError("a table is no JSON: leave out --format or --json")
        if self.format == TABLE and self.output is not None:
            raise click.UsageError("a table is for the screen: write a file as csv, jsonl or parquet")
        if self.format == "parquet" and self.output is None and screen.is_terminal(sys.stdout):
            raise click.UsageError("Parquet is not for a terminal: say --output FILE")
        for place, option, said in (
            (self.leads, "--leads-format", self.formats[0]),
            (self.activities, "--activities-format", self.formats[1]),
            (self.output, "--format", self.format),
        ):
            if place is not None:
                check_source(place, option, said)

    def _beside_output(self) -> Path:
        if self.output is not None:
            place, name = Path(self.output).parent, Path(self.output).name
        else:
            place, name = Path(), "leads" if self.leads == "-" else Path(self.leads.partition("#")[0]).name
        return place / f"{Path(name.removesuffix('.gz')).stem or 'leads'}.rejects.csv"

    def _keep_apart(self) -> None:
        """No file that is read may be written to, no two outputs may be one, and their folders must be there."""
        read = {self.leads, self.activities, self.mapping, self.definition} - {None, "-"}
        written = [*filter(None, [self.output]), str(self.rejects.path)]
        for place, each in enumerate(written):
            if not Path(each).parent.is_dir():
                raise QualifyError(f"{each}: there is no folder {Path(each).parent}", code="no-folder")
            for other in filter(None, (*read, *written[:place])):
                if _same(each, other):
                    raise click.UsageError(f"{each} would be read and written at once, or written twice")

    def done(self) -> int:
        """Do it; gives the exit code."""
        self._keep_apart()
        definition = load(self.definition)
        warnings = len(definition.check())
        if warnings:
            screen.tell(f"note: {counted(warnings, 'warning')} about the definition: qualify check {self.definition}")
        try:
            with self._opened(definition) as judging:
                self._note(judging.notes)
                told = len(judging.notes)
                self.rejects.open()
                if self.format == TABLE and self.explain:
                    self._accounts(judging)
                elif self.format == TABLE:
                    self._table(judging)
                else:
                    self._data(judging)
                self.watcher.stop()
                self._note(judging.notes[told:])
                self._tell_rejected(judging)
                self._funnel(judging.funnel)
                return SOME_REJECTED if self._rejected(judging.funnel) else FINE
        except BaseException:
            self.rejects.abort()
            raise
        finally:
            self.watcher.stop()

    def _opened(self, definition: Definition) -> Run:
        return run_leads(
            definition,
            source_of(self.leads),
            mapping=self.mapping,
            activities=None if self.activities is None else source_of(self.activities),
            as_of=self.as_of,
            proposed=self.proposed,
            format=self.formats[0],
            activities_format=self.formats[1],
            options=self.options,
            watch=self.watcher,
            engine=self.engine,
        )

    # --- what is printed ---

    def _data(self, judging: Run) -> None:
        sys.stdout.flush()
        target: Target = sys.stdout.buffer if self.output is None else self.output
        write_run(judging, target, format=self.format, rejects=self.rejects, explain=self.explain)

    def _table(self, judging: Run) -> None:
        leads = judging.judged(self.rejects)
        table = LeadTable(judging.columns, screen.width())
        if not screen.is_terminal(sys.stdout):
            for line in table.lines(each.values() for each in leads):
                sys.stdout.write("".join(part for part, _ in line).rstrip() + "\n")
        else:
            self._first_rows(judging, leads, table)
        self.rejects.close()
        if table.hidden:
            more = counted(len(table.hidden), "more column")
            screen.out(screen.cut(f"{more} (--format csv has all): {', '.join(table.hidden)}", screen.width()))

    def _accounts(self, judging: Run) -> None:
        leads = judging.judged(self.rejects)
        watched = screen.is_terminal(sys.stdout)
        write = account_printer()
        shown = 0
        for each in leads:
            if watched and shown == self.rows:
                continue
            self.watcher.stop()
            write(f"{chr(10) if shown else ''}{each.verdict.explain(width=screen.width())}")
            shown += 1
        self.watcher.stop()
        self.rejects.close()
        self._tell_more(shown, judging.funnel.leads)

    def _first_rows(self, judging: Run, leads: Iterator[Judged], table: LeadTable) -> None:
        first = [each.values() for each in islice(leads, self.rows)]
        self.watcher.stop()
        write = _line_writer()
        for line in table.lines(first):
            write(line)
        for _ in leads:
            pass
        self.watcher.stop()
        self._tell_more(len(first), judging.funnel.leads)

    def _tell_more(self, shown: int, total: int) -> None:
        if shown < total and self.rows:
            screen.out(f"... {shown:,} of {total:,} leads shown; --rows N shows more, --output FILE writes all")

    def _note(self, notes: tuple[str, ...]) -> None:
        for note in notes:
            screen.tell(f"note: {note}")

    def _rejected(self, funnel: Funnel) -> int:
        return funnel.rejected + funnel.rejected_activities

    def _tell_rejected(self, judging: Run) -> None:
        total = self._rejected(judging.funnel)
        if not total:
            return
        where = f"listed in {self.rejects.path}"
        if self.rejects.fault is not None:
            where = f"and could not be listed: {self.rejects.fault}"
        screen.tell(f"{counted(total, 'record')} rejected, {where}")
        causes = judging.causes[:REJECTS_SHOWN]
        for first, count in causes:
            screen.tell(f"  {screen.clean(str(first), one_line=True)}")
            if count > 1:
                screen.tell(f"    and {count - 1:,} more like it")
        rest = total - sum(count for _, count in causes)
        if rest:
            screen.tell(f"  and {rest:,} more, for other causes")

    def _funnel(self, funnel: Funnel) -> None:
        data_on_stdout = self.output is None and self.format != TABLE
        say: Callable[[str], None] = screen.tell if data_on_stdout else screen.out
        if self.as_json:
            listed = self._rejected(funnel) and self.rejects.fault is None
            found = funnel.to_dict() | {"output": self.output, "rejects": str(self.rejects.path) if listed else None}
            say(screen.as_json(found))
            return
        if self.output is not None:
            say(f"{self.output} holds {counted(funnel.leads, 'verdict')}")
        if self.output is not None or (not data_on_stdout and funnel.leads and self.rows):
            say("")
        for line in funnel_lines(funnel, screen.width()):
            say(line)


def _line_writer() -> Callable[[Line], None]:
    from rich.text import Text

    console = screen.console("stdout")

    def write(line: Line) -> None:
        console.print(Text.assemble(*line))

    return write


def _same(one: str, other: str) -> bool:
    """Whether two paths are one file; a pipe or a device may well be both."""
    if Path(one).exists() and Path(other).exists():
        return Path(one).is_file() and Path(one).samefile(other)
    return os.path.realpath(one) == os.path.realpath(other)
