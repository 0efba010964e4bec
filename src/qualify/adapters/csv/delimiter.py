"""Which character separates the cells: the one that cuts most of the first rows like the header."""

from __future__ import annotations

import csv
import io

CANDIDATES = (",", ";", "\t", "|")
ROWS_LOOKED_AT = 200


def find_delimiter(text: str, *, whole: bool) -> str:
    r"""The separator of a table whose beginning is `text`; a comma where there is one column only.

    `whole` says that nothing follows; else the last row may be cut off, and doesn't count.

    >>> find_delimiter("Name;Umsatz\nAcme, Inc.;1,5\n", whole=True)
    ';'
    """
    best, most = CANDIDATES[0], (0.0, 1)
    for candidate in CANDIDATES:
        widths = _widths(text, candidate, whole)
        if widths and widths[0] > 1:
            alike = sum(width == widths[0] for width in widths) / len(widths)
            if (alike, widths[0]) > most:
                best, most = candidate, (alike, widths[0])
    return best


def _widths(text: str, delimiter: str, whole: bool) -> list[int]:
    widths: list[int] = []
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in rows:
            if len(widths) > ROWS_LOOKED_AT:
                return widths[:-1]
            if row:
                widths.append(len(row))
    except csv.Error:  # this candidate makes a cell of what is none; what was read before it counts
        return widths
    return widths if whole or len(widths) < 2 else widths[:-1]
