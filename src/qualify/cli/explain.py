"""`qualify explain`: one lead's verdict as an account, and the verdict's stage as the exit code."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import click

from qualify.cli import screen
from qualify.cli.account import account_printer, print_scorecards
from qualify.cli.exits import FINE, LEFT_OUT, NOT_YET, SOME_REJECTED, UNDETERMINED, debuggable
from qualify.cli.funnel import counted
from qualify.cli.options import about_files, about_leads, check_source, said_options, source_of
from qualify.cli.progress import Watcher
from qualify.errors import QualifyError
from qualify.face import load
from qualify.run import FoundLead, find_lead, last_of_line, outcome
from qualify.run.finding import Outcome
from qualify.verdict.meant import meant

CODES: dict[Outcome | None, int] = {
    "reached": FINE,
    "not_yet": NOT_YET,
    "disqualified": NOT_YET,
    "undetermined": UNDETERMINED,
    "left_out": LEFT_OUT,
    None: FINE,
}
SHOWN = 5


@click.command()
@click.argument("definition")
@click.argument("lead_id", required=False)
@click.option("-l", "--leads", metavar="FILE", required=True, help="Where the lead is found; - is standard input.")
@click.option("--row", metavar="N", type=int, help="The lead's row, in the place of its id, or beside it.")
@about_leads
@click.option("--team", metavar="NAME", help="Tell what one side says (both).")
@click.option("--stage", metavar="NAME", help="Tell of this stage, and judge it (the next one; the last).")
@click.option("--scores", is_flag=True, help="Tell where the points of each score come from, after the account.")
@click.option("--format", "form", type=click.Choice(["text", "markdown", "html"]), help="How it is written (text).")
@click.option("--redacted", is_flag=True, help="Show no value of the lead.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole verdict as JSON, for programs.")
@about_files
@debuggable
def explain(
    definition: str,
    lead_id: str | None,
    leads: str,
    *,
    row: int | None,
    mapping: str | None,
    activities: str | None,
    as_of: datetime | None,
    proposed: bool,
    team: str | None,
    stage: str | None,
    scores: bool,
    form: Literal["text", "markdown", "html"] | None,
    redacted: bool,
    as_json: bool,
    leads_format: str | None,
    activities_format: str | None,
    delimiter: str | None,
    encoding: str | None,
) -> int:
    """Explain one lead: where it stands, and who said so.

    DEFINITION is a file or a folder. LEAD_ID is the lead's id in the file
    that --leads names; --row says its row instead, and where the file holds
    one lead alone, neither is needed.

    The exit code judges the last stage of the line, or --stage: 0 reached,
    3 not yet or disqualified, 4 undetermined, 5 left out; 6 where the lead's
    record can't be read.
    """
    if as_json and form is not None:
        raise click.UsageError("JSON has a form of its own: leave out --format or --json")
    if as_json and scores:
        raise click.UsageError("JSON holds the scores already: leave out --scores or --json")
    if leads == "-" and activities == "-":
        raise click.UsageError("leads and activities can't both come from standard input")
    check_source(leads, "--leads-format", leads_format)
    if activities is not None:
        check_source(activities, "--activities-format", activities_format)
    loaded = load(definition)
    team = _meant("team", team, {name: each.title for name, each in loaded.model.teams.items()})
    stage = _meant("stage", stage, {name: each.title for name, each in loaded.model.stages.items()})
    watcher = Watcher(quiet=False)
    try:
        found = find_lead(
            loaded,
            source_of(leads),
            lead_id,
            row=row,
            mapping=mapping,
            activities=None if activities is None else source_of(activities),
            as_of=as_of,
            proposed=proposed,
            format=leads_format,
            activities_format=activities_format,
            options=said_options(delimiter, encoding),
            watch=watcher,
        )
    finally:
        watcher.stop()
    _tell(found)
    if found.verdict is None:
        screen.tell(f"{found.rejected}; so there is no verdict")
        return SOME_REJECTED
    verdict = found.verdict.redacted() if redacted else found.verdict
    if as_json:
        screen.out(screen.safe_json(verdict.to_json(nearest=True, indent=2)))
    elif form in (None, "text"):
        account_printer()(verdict.explain(team, stage=stage, nearest=True, width=screen.width()))
        if scores and verdict.scores:
            screen.out()
            print_scorecards(verdict)
    else:
        screen.out(verdict.explain(team, form, stage=stage, nearest=True))
        if scores and verdict.scores:
            screen.out(("\n" if form == "markdown" else "") + verdict.scorecard(format=form))
    return CODES[outcome(verdict, stage or last_of_line(loaded.model))]


def _meant(what: str, said: str | None, titles: Mapping[str, str | None]) -> str | None:
    """The team or the stage that is meant; what the definition doesn't have is a misuse of the command."""
    if said is None:
        return None
    try:
        return meant(what, said, titles, {name: title for name, title in titles.items() if title})
    except QualifyError as why:
        raise click.BadParameter(why.message, param_hint=f"--{what}") from None


def _tell(found: FoundLead) -> None:
    """What a person should know beside the account."""
    for note in found.notes:
        screen.tell(f"note: {note}")
    if found.again:
        rows = ", ".join(f"{row:,}" for row in found.again[:SHOWN]) + (", ..." if len(found.again) > SHOWN else "")
        more = f"{counted(len(found.again), 'more record')} with this id, in row{'s' * (len(found.again) > 1)} {rows}"
        screen.tell(f"note: {found.file}: this is row {found.number:,}; there {_are(found.again)} {more} (--row)")
    bad = found.rejected_activities
    if bad:
        theirs = "which is" if len(bad) == 1 else "which are"
        screen.tell(f"{counted(len(bad), 'record')} of the activities can't be read, {theirs} this lead's or may be")
        for each in bad[:SHOWN]:
            screen.tell(f"  {screen.clean(str(each), one_line=True)}")
        if len(bad) > SHOWN:
            screen.tell(f"  and {len(bad) - SHOWN:,} more")


def _are(things: tuple[int, ...]) -> str:
    return "is" if len(things) == 1 else "are"
