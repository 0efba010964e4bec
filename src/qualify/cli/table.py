"""Verdicts as a table for a person: who and how far, then who said it, then why; as much as the width holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from qualify.cli import screen
from qualify.run import FlatColumn

BETWEEN = 2
MEASURED = 200
"""So many rows are looked at to know how wide a column is that can hold anything."""
WIDEST = 40
NOTHING = "-"
STYLES = {
    "reached": "green", "yes": "green", "undetermined": "yellow", "unknown": "yellow",
    "disqualified": "red", "no": "dim", "not yet": "dim", "left out": "dim", NOTHING: "dim",
}  # fmt: skip

Values = tuple[Any, ...]
Line = list[tuple[str, str]]
"""Parts of a line, each with its style."""


@dataclass(slots=True)
class _Column:
    """One column of the table: what stands above it, and how a lead's values become its cell."""

    title: str
    cell: Callable[[Values], str]
    names: tuple[str, ...]
    group: str = ""
    right: bool = False
    size: int = field(default=0)


class LeadTable:
    """A table of leads, one line each. `lines` gives them as the leads come; `hidden` is known after the first."""

    def __init__(self, columns: Sequence[FlatColumn], width: int) -> None:
        self._width = width
        self._columns = _in_order(columns)
        self.hidden: tuple[str, ...] = ()

    def lines(self, leads: Iterable[Values]) -> Iterator[Line]:
        """The head, then a line for each lead. Widths are found out from the first leads."""
        rest = iter(leads)
        first = list(islice(rest, MEASURED))
        if not first:
            return
        self._measure(first)
        yield from self._head()
        for lead in first:
            yield self._line(lead)
        for lead in rest:
            yield self._line(lead)

    def _measure(self, leads: list[Values]) -> None:
        for column in self._columns:
            widest = max(screen.size_of(column.cell(lead)) for lead in leads)
            column.size = min(max(column.size, widest, screen.size_of(column.title)), WIDEST)
        used, shown = 0, 0
        for at, column in enumerate(self._columns):
            if column.group and (at == 0 or self._columns[at - 1].group != column.group):
                self._widen_group(at)
            used += column.size + (BETWEEN if at else 0)
            if used > self._width and at > 1:
                break
            shown = at + 1
        self.hidden = tuple(name for column in self._columns[shown:] for name in column.names)
        self._columns = self._columns[:shown]

    def _widen_group(self, start: int) -> None:
        """Make room for the name of a stage above its columns."""
        group = self._columns[start].group
        members = [column for column in self._columns[start:] if column.group == group]
        room = sum(column.size + BETWEEN for column in members) - BETWEEN
        members[-1].size += max(0, min(len(group), WIDEST) - room)

    def _head(self) -> Iterator[Line]:
        if any(column.group for column in self._columns):
            above, at = "", 0
            for place, column in enumerate(self._columns):
                if column.group and (place == 0 or self._columns[place - 1].group != column.group):
                    above = above.ljust(at) + column.group
                at += column.size + BETWEEN
            yield [(above, "bold")]
        yield [(self._joined([column.title for column in self._columns]), "bold")]

    def _joined(self, cells: list[str]) -> str:
        shown = (
            screen.padded(cell, column.size, right=column.right)
            for cell, column in zip(cells, self._columns, strict=True)
        )
        return (" " * BETWEEN).join(shown).rstrip()

    def _line(self, lead: Values) -> Line:
        line: Line = []
        for column in self._columns:
            cell = column.cell(lead)
            shown = screen.padded(screen.cut(cell, column.size), column.size, right=column.right)
            line += [(" " * BETWEEN if line else "", ""), (shown, STYLES.get(cell, ""))]
        return line


def _in_order(columns: Sequence[FlatColumn]) -> list[_Column]:
    """Who and how far; each stage with its sides; scores, tiers, traits; then what never counts."""
    at = {column.name: place for place, column in enumerate(columns)}
    left_out = len(columns) - 1

    def plain(column: FlatColumn, title: str | None = None, group: str = "", missing: str = "") -> _Column:
        place = at[column.name]

        def cell(lead: Values) -> str:
            value = lead[place]
            return missing if value is None else screen.clean(str(value), one_line=True).replace("not_yet", "not yet")

        widest = max((len(choice) for choice in column.choices), default=0)
        return _Column(
            column.name if title is None else title, cell, (column.name,), group, column.name == "row", widest
        )

    def stage(column: FlatColumn) -> _Column:
        place = at[column.name]

        def cell(lead: Values) -> str:
            return "left out" if lead[left_out] is not None else lead[place] or NOTHING

        return _Column("stage", cell, ("stage",), size=max(len("left out"), *map(len, column.choices or ("",))))

    def score(low: FlatColumn, high: FlatColumn) -> _Column:
        first, last = at[low.name], at[high.name]
        return _Column(
            low.name.removesuffix("_at_least").removesuffix(".at_least"),
            lambda lead: points(lead[first], lead[last]),
            (low.name, high.name),
            right=True,
        )

    def facts(status: str) -> Iterator[_Column]:
        for section in ("scores", "tiers", "traits"):
            found = [column for column in columns if column.section == section and column.status == status]
            if section == "scores":
                yield from (score(*pair) for pair in zip(found[::2], found[1::2], strict=True))
            else:
                yield from map(plain, found)

    ordered = [plain(column) for column in columns if column.section == "lead" and column.name != "stage"]
    ordered += [stage(column) for column in columns if column.section == "lead" and column.name == "stage"]
    for column in columns:
        if column.section == "stages":
            ordered.append(plain(column, "state", column.of))
        elif column.section == "sides":
            ordered.append(plain(column, column.team, column.of))
    for status in ("adopted", "shadow", "proposed"):
        ordered += facts(status)
    return [*ordered, plain(columns[left_out])] if columns[left_out].choices else ordered


def points(low: object, high: object) -> str:
    """A score as it is said: one number, or from where to where.

    >>> points(40, 40), points(0, 85), points(5, None), points(None, 5), points(None, None)
    ('40', '0 to 85', '5 or more', '5 or less', '')
    """
    if low is None:
        return "" if high is None else f"{high} or less"
    if high is None:
        return f"{low} or more"
    return f"{low}" if low == high else f"{low} to {high}"


__all__ = ["LeadTable", "Line"]
