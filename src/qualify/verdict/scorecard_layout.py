"""How scorecards look: as text with bars of ASCII, as Markdown, as HTML with bars of SVG."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from textwrap import wrap

from qualify.engine.points import End, exact_decimal
from qualify.verdict.layout import NARROWEST, WIDTH, escaped, safe, shown, wrapped
from qualify.verdict.phrases import COLUMNS, LEGEND, number, points
from qualify.verdict.scorecard import Bar, Card, Piece, Row, scorecards
from qualify.verdict.view import View

LONGEST_BAR, SHORTEST_BAR = 40, 12
ROOM_FOR_WHY = 44
WIDEST_NAME = 28
SVG_WIDTH, SVG_HEIGHT = 240, 12
GAINED, LOST, OPEN = "=", "-", "~"
COLOURS = {GAINED: ("gained", "#2e7d32"), LOST: ("lost", "#c62828"), OPEN: ("open", "#f9a825")}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, and where in it a bar is drawn."""

    text: str
    bar: tuple[int, int] = (0, 0)
    heading: bool = False


def scorecard(verdict: View, score: str | None, form: str, width: int | None) -> str:
    """Scorecards of a verdict in one of the three forms."""
    cards = scorecards(verdict, score, form)
    if form == "markdown":
        return "\n\n".join(map(_markdown, cards))
    if form == "html":
        return "".join(map(_html, cards))
    return "\n".join(line.text for line in text_lines(cards, width))


def text_lines(cards: Iterable[Card], width: int | None) -> Iterator[Line]:
    """The cards as lines of text, none wider than `width`; what the bars mean is told at the end."""
    width = max(NARROWEST, width or WIDTH)
    used = ""
    for at, card in enumerate(cards):
        if at:
            yield Line("")
        for line in _Text(card, width).lines():
            used += line.text[slice(*line.bar)]
            yield line
    legend = [said for sign, said in LEGEND.items() if sign in used]
    if legend and legend != [LEGEND[GAINED]]:
        yield Line("")
        yield Line(f"  ({', '.join(legend)})")


# --- the axis ---


class _Axis:
    """From which number of points to which the bars of a card go."""

    def __init__(self, rows: Iterable[Row]) -> None:
        ends = [end for row in rows for piece in (row.bar.sure, row.bar.open) for end in piece]
        known = [*(end for end in ends if isinstance(end, Fraction)), Fraction(0)]
        self.low, self.high = min(known), max(known)
        self.ends = self.low, self.high
        beyond = (self.high - self.low or Fraction(4)) / 4  # so that what has no end is longer than what has one
        self.low -= beyond if float("-inf") in ends else 0
        self.high += beyond if float("inf") in ends else 0
        self.size = self.high - self.low or Fraction(1)

    def place(self, end: End, size: int) -> Fraction:
        """Where a number of points lies, in so many columns."""
        if isinstance(end, float):
            return Fraction(0 if end < 0 else size)
        return (end - self.low) / self.size * size

    def columns(self, piece: Piece, size: int) -> range:
        """The columns that a piece takes: at least one, where it is anything."""
        if piece[0] == piece[1]:
            return range(0)
        start, end = sorted(round(self.place(each, size)) for each in piece)
        start = min(start, size - 1)
        return range(start, max(end, start + 1))


def _sign(bar: Bar) -> str:
    return GAINED if bar.sure[1] > bar.sure[0] else LOST


# --- text ---


class _Text:
    """One card as lines of text."""

    def __init__(self, card: Card, width: int) -> None:
        self.card, self.width, self.axis = card, width, _Axis(card.rows)
        rows = card.rows
        self.names = min(max((len(shown(row.name)) for row in rows), default=0), WIDEST_NAME, width * 2 // 5)
        self.points = max((len(row.said) for row in rows), default=0)
        self.points = max(self.points, len(COLUMNS[1]))
        self.out_of = max((len(row.out_of) for row in rows), default=0)
        self.out_of = max(self.out_of, len(COLUMNS[2])) if self.out_of else 0
        self.at = 2 + self.names + 2 + self.points + 2 + (self.out_of + 2 if self.out_of else 0)
        free = width - self.at
        self.beside = free >= SHORTEST_BAR * 2 + 2 + ROOM_FOR_WHY
        self.bar = min(free - ROOM_FOR_WHY - 2, LONGEST_BAR) if self.beside else min(free, LONGEST_BAR)

    def lines(self) -> Iterator[Line]:
        """The headline, then each row; with too little room for columns, each row as a sentence."""
        for text in wrapped(self.card.headline, "", "", self.width):
            yield Line(text, heading=True)
        if not self.card.rows:
            return
        if self.bar < SHORTEST_BAR:
            for row in self.card.rows:
                of = f" of {row.out_of}" if row.out_of else ""
                why = f". {row.why}" if row.why else ""
                yield from map(Line, wrapped(f"{row.name}: {row.said}{of}{why}", "  ", "    ", self.width))
            return
        heads = self.columns("", COLUMNS[1], COLUMNS[2] if self.out_of else "")
        yield Line((heads + self.scale()).rstrip())
        for row in self.card.rows:
            yield from self.row(row)

    def columns(self, name: str, said: str, out_of: str) -> str:
        of = f"{out_of:>{self.out_of}}  " if self.out_of else ""
        return f"  {name:<{self.names}}  {said:>{self.points}}  {of}"

    def scale(self) -> str:
        """The ends of the axis above the bars, where there is room for both."""
        ends = self.axis.ends
        low, high = (number(exact_decimal(end)) if end in (self.axis.low, self.axis.high) else "" for end in ends)
        if ends[0] == ends[1]:
            return ""
        return low + high.rjust(self.bar - len(low)) if len(low) + len(high) + 2 <= self.bar else ""

    def row(self, row: Row) -> Iterator[Line]:
        name, *more = wrap(shown(row.name), self.names) or [""]
        start = self.columns(name, row.said, row.out_of)
        bar = self.drawn(row.bar)
        place = (len(start), len(start) + len(bar.rstrip()))
        rest = " " * (self.at + self.bar + 2)
        if self.beside and row.why:
            first, *others = wrapped(row.why, f"{start}{bar}  ", rest, self.width)
        else:
            first, *others = (start + bar).rstrip(), *([] if self.beside else self.beneath(row.why))
        yield Line(first, place)
        if self.beside:  # what is left of a name stands in its column, the reasons in theirs
            for at in range(max(len(more), len(others))):
                left = f"  {more[at] if at < len(more) else '':<{self.names}}"
                right = others[at][len(left) :] if at < len(others) else ""
                yield Line((left + right).rstrip())
            return
        yield from (Line(f"  {each}") for each in more)
        yield from map(Line, others)

    def beneath(self, why: str) -> list[str]:
        return wrapped(why, "    ", "    ", self.width) if why else []

    def drawn(self, bar: Bar) -> str:
        """A bar in its columns; `|` is 0, where something lies below it."""
        cells = [" "] * self.bar
        if self.axis.low < 0:
            cells[min(round(self.axis.place(Fraction(0), self.bar)), self.bar - 1)] = "|"
        sure, unsure = (self.axis.columns(piece, self.bar) for piece in (bar.sure, bar.open))
        for at in unsure:
            cells[at] = OPEN
        for at in sure:
            cells[at] = _sign(bar)
        if unsure and OPEN not in cells:  # the open part is smaller than a column: it shows all the same
            cells[unsure[-1] if _sign(bar) == GAINED else unsure[0]] = OPEN
        return "".join(cells)


# --- Markdown ---


def _markdown(card: Card) -> str:
    heading = f"**{escaped(card.headline)}**"
    if not card.rows:
        return heading
    lines = [f"| {' | '.join(COLUMNS)} |", "|---|--:|--:|--:|---|"]
    for row in card.rows:
        cells = [escaped(each) for each in (row.name, row.said, row.out_of, _so_far(row), row.why)]
        cells = [f"**{cell}**" if cell and row.kind == "total" else cell for cell in cells]
        lines.append(f"| {' | '.join(cells)} |")
    return f"{heading}\n\n" + "\n".join(lines)


def _so_far(row: Row) -> str:
    return "" if row.so_far is None or row.kind == "total" else points(*row.so_far)


# --- HTML ---


def _html(card: Card) -> str:
    """A fragment without script and style; the bars say in words what they show."""
    start = f'<section class="qualify-scorecard"><p><strong>{safe(card.headline)}</strong></p>'
    if not card.rows:
        return f"{start}</section>"
    axis = _Axis(card.rows)
    item, said, of, so_far, why = (f'<th scope="col">{column}</th>' for column in COLUMNS)
    rows = "".join(
        f'<tr class="qualify-{row.kind}"><th scope="row">{safe(row.name)}</th><td>{safe(row.said)}</td>'
        f"<td>{safe(row.out_of)}</td><td>{_svg(row, axis)}</td><td>{safe(_so_far(row))}</td><td>{safe(row.why)}</td></tr>"
        for row in card.rows
    )
    head = f"<thead><tr>{item}{said}{of}<td></td>{so_far}{why}</tr></thead>"
    return f"{start}<table>{head}<tbody>{rows}</tbody></table></section>"


def _svg(row: Row, axis: _Axis) -> str:
    signed = ((row.bar.open, OPEN), (row.bar.sure, _sign(row.bar)))
    rects = "".join(_rect(piece, sign, axis) for piece, sign in signed if piece[0] != piece[1])
    zero = _decimals(axis.place(Fraction(0), SVG_WIDTH))
    return (
        f'<svg role="img" aria-label="{safe(f"{row.name}: {row.said}")}" width="{SVG_WIDTH}" height="{SVG_HEIGHT}" '
        f'viewBox="0 0 {SVG_WIDTH} {SVG_HEIGHT}">{rects}'
        f'<rect class="qualify-zero" x="{zero}" y="0" width="0.5" height="{SVG_HEIGHT}" fill="#888888"></rect></svg>'
    )


def _rect(piece: Piece, sign: str, axis: _Axis) -> str:
    start, end = sorted(axis.place(each, SVG_WIDTH) for each in piece)
    name, colour = COLOURS[sign]
    place = f'x="{_decimals(start)}" y="2" width="{_decimals(max(end - start, Fraction(1)))}" height="{SVG_HEIGHT - 4}"'
    look = f'fill="none" stroke="{colour}" stroke-dasharray="3 2"' if sign == OPEN else f'fill="{colour}"'
    return f'<rect class="qualify-{name}" {place} {look}></rect>'


def _decimals(value: Fraction) -> Decimal:
    return exact_decimal(round(value, 2)).normalize() + 0


__all__ = ["Line", "scorecard", "text_lines"]
