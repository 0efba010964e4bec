"""Draw the picture of a verdict that the README shows: `python tools/picture.py` writes docs/_static/verdict.svg.

What it shows is what `qualify explain` prints of a lead of the example, in the colours of a terminal. The same verdict
gives the same bytes, and the picture needs nothing but itself: it takes whichever fixed-width font is at hand.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path

from rich.text import Text

from qualify.cli.account import coloured

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "_static" / "verdict.svg"

COLUMNS = 80
COMMAND = """\
qualify explain print-shop 0001 --leads print-shop/leads.csv \\
    --mapping print-shop/mappings/leads.mapping.toml \\
    --activities print-shop/activities.csv --as-of 2026-11-20T12:00:00Z"""

SIZE, WIDE, HIGH, EDGE = 14, 8.4, 20, 20  # of the letters; a column, a line, what is left free around them
PAPER, INK, FAINT = "#1b1f27", "#d8dee9", "#8b95a5"
COLOURS = {"green": "#8fc77f", "yellow": "#e5c163", "red": "#e07a7a", "dim": FAINT}


def printed() -> str:
    """What the command prints, run in examples/ as the picture says."""
    words = COMMAND.replace("\\\n", " ").split()
    done = subprocess.run(
        [sys.executable, "-m", "qualify", *words[1:]],
        cwd=ROOT / "examples",
        env=os.environ | {"COLUMNS": str(COLUMNS), "NO_COLOR": "1", "TERM": "dumb", "PYTHONIOENCODING": "utf-8"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.stderr or not done.stdout:
        raise SystemExit(f"`{COMMAND}` failed (exit code {done.returncode}):\n{done.stderr}")
    return done.stdout.rstrip("\n")


def picture(account: str) -> str:
    """The picture as SVG: the command, and the account that it printed."""
    command = [Text(f"{'$' if at == 0 else ' '} {line}", FAINT) for at, line in enumerate(COMMAND.split("\n"))]
    lines = [*command, Text(), *coloured(account.split("\n"))]
    width, height = round(COLUMNS * WIDE + 2 * EDGE), len(lines) * HIGH + 2 * EDGE
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'role="img" aria-labelledby="title">',
        '<title id="title">What qualify explain prints of one lead: which stage it has, what each side says, what to '
        "ask next, and why.</title>",
        f'<rect width="{width}" height="{height}" rx="8" fill="{PAPER}"/>',
        "<g font-family=\"ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace\" "
        f'font-size="{SIZE}" fill="{INK}">',
        *(part for at, line in enumerate(lines) for part in _drawn(line, EDGE + SIZE + at * HIGH)),
        "</g>",
        "</svg>",
    ]
    return "\n".join(drawn) + "\n"


def _drawn(line: Text, y: int) -> Iterator[str]:
    """Each run of letters of one style, at the column where it begins and exactly as wide as its letters."""
    whole = line.plain
    styles = [
        " ".join(str(span.style) for span in line.spans if span.start <= at < span.end) for at in range(len(whole))
    ]
    start = 0
    for end in range(1, len(whole) + 1):
        if end < len(whole) and styles[end] == styles[start]:
            continue
        run = whole[start:end]
        words, before = run.strip(), len(run) - len(run.lstrip())
        if words:
            style = f"{line.style} {styles[start]}".split()
            fill = next((COLOURS.get(word, word) for word in style if word in COLOURS or word == FAINT), None)
            more = (f' fill="{fill}"' if fill else "") + (' font-weight="bold"' if "bold" in style else "")
            x, length = EDGE + (start + before) * WIDE, len(words) * WIDE
            yield f'<text x="{x:.1f}" y="{y}" textLength="{length:.1f}"{more}>{_kept(words)}</text>'
        start = end


def _kept(words: str) -> str:
    """The words as XML, with blanks that no reader of it draws as one."""
    return escape(words, quote=False).replace("  ", "\N{NO-BREAK SPACE}" * 2)


if __name__ == "__main__":
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(picture(printed()), encoding="utf-8")
    print(f"wrote {PICTURE.relative_to(ROOT)}")
