"""`qualify init`: a definition to begin with, the starter or one drawn from a file."""

from __future__ import annotations

import shlex
import sys

import click

from qualify.adapters import Source
from qualify.cli import screen
from qualify.cli.exits import FINE, debuggable
from qualify.cli.funnel import counted
from qualify.starting import Guess, Started, start

KINDS = {"boolean": "yes/no", None: "left out"}
WIDEST = 32


@click.command()
@click.argument("folder", default="leads")
@click.option("--from", "from_", metavar="FILE", help="Leads to draw it from: CSV, JSON Lines, Parquet, or -.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
@debuggable
def init(folder: str, from_: str | None, as_json: bool) -> int:
    """Write a definition to begin with, into FOLDER (leads).

    Without --from it is a small one that explains itself in comments, with
    five invented leads to try it on. With --from it is drawn from a file's
    columns and first rows, with the mapping that reads them; every guess
    says what it rests on.

    Nothing is overwritten.
    """
    source: Source | None = sys.stdin.buffer if from_ == "-" else from_
    started = start(folder, source)
    if as_json:
        screen.out_json(started.to_dict())
        return FINE
    screen.out("wrote")
    for file in started.files:
        screen.out(f"  {file}")
    if from_ is not None:
        _drawn(started)
    screen.out("\nnext")
    for words in started.next:
        screen.out(f"  {shlex.join(words)}")
    return FINE


def _drawn(started: Started) -> None:
    """What each column was taken for, then what a person has to look at."""
    which = "all" if started.whole else "the first"
    bad = f", of which {started.bad_rows:,} can't be read" if started.bad_rows else ""
    columns = counted(len(started.guesses), "column")
    screen.out(f"\n{columns}, guessed from {which} {counted(started.rows + started.bad_rows, 'row')}{bad}")
    size = min(WIDEST, max(screen.size_of(each.field or "-") for each in started.guesses))
    for each in started.guesses:
        screen.out(screen.cut(_row(each, size), screen.width()).rstrip())
    from textwrap import wrap

    doubts = [each for each in started.guesses if each.doubt]
    if doubts:
        screen.out("\nlook at")
        for each in doubts:
            said = wrap(f"{each.field}: {each.doubt}", screen.width() - 4, break_long_words=False)
            screen.out("  " + "\n    ".join(said))
    for note in started.notes:
        screen.tell(f"note: {screen.clean(note, one_line=True)}")


def _row(guess: Guess, size: int) -> str:
    field = screen.padded(screen.cut(guess.field or "-", size), size)
    kind = KINDS.get(guess.type, guess.type) or ""
    return f"  {field}  {kind:<8}  {screen.clean(guess.column, one_line=True)}"
