"""A verdict's account and its scorecards on the screen, with colours beside the words where somebody watches."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from qualify.cli import screen
from qualify.cli.table import STYLES
from qualify.verdict import Verdict
from qualify.verdict.scorecard import scorecards
from qualify.verdict.scorecard_layout import Line, text_lines

if TYPE_CHECKING:
    from rich.text import Text

BECAUSE = "Because"
BARS = {"=": "green", "-": "red", "~": "yellow", "|": "dim", " ": ""}
_SIDE = re.compile(r"  \S.*?  (yes|no|unknown)(?=  |$)")
_FACT = re.compile(r"  ([-+?=]) .*?: (yes|no|unknown)\. ")


def account_printer() -> Callable[[str], None]:
    """What prints an account: plain through a pipe, coloured in a terminal that has colours."""
    if not screen.is_terminal(sys.stdout):
        return screen.out
    console = screen.console("stdout")

    def print_coloured(account: str) -> None:
        for line in coloured(screen.clean(account).split("\n")):
            console.print(line)

    return print_coloured


def print_scorecards(verdict: Verdict) -> None:
    """The scorecard of each score, with colours on its bars where somebody watches."""
    lines = text_lines(scorecards(verdict, None), screen.width())
    if not screen.is_terminal(sys.stdout):
        screen.out("\n".join(line.text for line in lines))
        return
    console = screen.console("stdout")
    for line in lines:
        console.print(coloured_bar(line))


def coloured_bar(line: Line) -> Text:
    """A line of a scorecard with colours, on its bar alone: what is beside it may say anything."""
    from rich.text import Text

    text = Text(screen.clean(line.text), "bold" if line.heading else "")
    for at in range(*line.bar):
        text.stylize(BARS[line.text[at]], at, at + 1)
    return text


def coloured(lines: Iterable[str]) -> Iterable[Text]:
    """The lines of an account with colours: what is concluded, and each answer beside its own word."""
    from rich.text import Text

    heading, of = True, _SIDE
    for line in lines:
        text = Text(line)
        if heading and line.startswith("  "):
            heading = False
        if heading or line == BECAUSE:
            text.stylize("bold")
        if line == BECAUSE:
            heading, of = False, _FACT
        found = of.match(line)
        if found is not None and not line.startswith("   "):
            style = STYLES[found[found.lastindex or 1]]
            for group in range(1, (found.lastindex or 0) + 1):
                text.stylize(style, *found.span(group))
        yield text


__all__ = ["account_printer", "coloured", "coloured_bar", "print_scorecards"]
