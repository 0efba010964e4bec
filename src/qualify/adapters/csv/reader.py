"""Reading CSV: rows one by one, in constant memory, whatever is in the file.

Python's own parser cuts the cells; this file gives it lines, remembers which ones made up the row at hand,
and says what is wrong with a row that can't be read.
"""

from __future__ import annotations

import csv
import io
import re
from collections import deque
from collections.abc import Iterator

from qualify.adapters.columns import given_twice
from qualify.adapters.contract import BadRow, Facts, Reader, Row, Source
from qualify.adapters.csv.delimiter import find_delimiter
from qualify.adapters.csv.encoding import UNDECODABLE, find_encoding, known_encoding
from qualify.adapters.sources import SourceBytes
from qualify.errors import AdapterError

SAMPLE = 1024 * 1024
"""So many bytes are looked at to find out encoding and separator."""

LONGEST_ROW = 4 * 1024 * 1024
"""In characters. What is longer is a bad row: most likely a quote that nobody closed."""

NOT_TEXT = {
    b"PK\x03\x04": "a spreadsheet (xlsx) or a zip archive",
    b"PAR1": "a Parquet file",
    b"%PDF": "a PDF",
}
_MARKED = re.compile("[\ud800-\udfff]")
_SEPARATOR_LINE = re.compile(r'sep=([^\w\s"]|\t)(?:\r\n?|\n)', re.IGNORECASE)  # a spreadsheet's own way to say it


def open_csv(source: Source, encoding: str | None, delimiter: str | None) -> Reader:
    """A reader of a CSV source; what isn't said is found out."""
    chosen = None if encoding is None else known_encoding(encoding)
    data = SourceBytes(source)
    try:
        name, sample = data.source_name, data.look(SAMPLE)
        for magic, what in NOT_TEXT.items():
            if sample.startswith(magic):
                raise AdapterError(f"{name}: it is {what}, not CSV; save it as CSV first")
        found = chosen or find_encoding(name, sample)
        # Python has one limit for the whole process, too small for a long note; nobody's is lowered.
        csv.field_size_limit(max(csv.field_size_limit(), LONGEST_ROW))
        text = _decoded(name, sample, found)
        marked = _SEPARATOR_LINE.match(text)
        separator = delimiter or (marked[1] if marked else find_delimiter(text, whole=len(sample) < SAMPLE))
        lines = _Lines(data, "utf-8-sig" if found == "utf-8" else found)
        if marked:
            next(lines)
        rows = _Rows(lines, separator, name, found.removesuffix("-sig"))
    except BaseException:
        data.close()
        raise
    facts = Facts(columns=rows.named, encoding=rows.encoding, delimiter=separator)
    return Reader(facts, rows.read(), close=data.close, done=data.done)


def _decoded(name: str, sample: bytes, encoding: str) -> str:
    try:
        return sample.decode(encoding, errors=UNDECODABLE).removeprefix("\ufeff")
    except UnicodeError as why:  # a codec that is for something else than files
        raise AdapterError(f"{name}: it can't be read as {encoding}") from why


class _TooLong(Exception):
    """The row at hand is longer than a row may be."""


class _Lines:
    """The lines of a text, one by one, with an account of those that the row at hand took."""

    def __init__(self, data: SourceBytes, encoding: str) -> None:
        self._text = io.TextIOWrapper(
            io.BufferedReader(data, 1 << 16), encoding=encoding, errors=UNDECODABLE, newline=""
        )
        self._again: deque[str] = deque()
        self.number = 0
        self.suspect_until = 0
        self.start_row()

    def start_row(self) -> None:
        """Forget the last row."""
        self.taken: list[str] = []
        self.size = 0
        self.fault: str | None = None
        self.ended = False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._text.readline(LONGEST_ROW)
        if not line:
            self.ended = True
            raise StopIteration
        self.number += 1
        self.size += len(line)
        self.taken.append(line)
        if self.size >= LONGEST_ROW:
            while line and line[-1] not in "\r\n":  # to the end of a line that is too long by itself
                line = self._text.readline(LONGEST_ROW)
                self.taken[-1] = self.taken[-1].rstrip("\n") + "\n"
            raise _TooLong
        if not line.isascii() and _MARKED.search(line):
            self.fault = "a byte that is no {encoding} text; is the file in another encoding?"
        elif "\0" in line:
            self.fault = "a NUL character"
        return line

    def first_line_only(self) -> None:
        """Give back all lines of the row at hand but the first: they are read again, with suspicion."""
        self.suspect_until = max(self.suspect_until, self.number)
        self.number -= len(self.taken) - 1
        self._again.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]


class _Rows:
    """The header, and the rows after it."""

    def __init__(self, lines: _Lines, delimiter: str, name: str, encoding: str) -> None:
        self._lines, self._delimiter, self._name, self.encoding = lines, delimiter, name, encoding
        self._columns: tuple[str, ...] = ()  # until the header is read
        header = next(self._cells(), None)
        match header:
            case None:
                raise AdapterError(f"{name}: it is empty; its first line should name the columns")
            case BadRow():
                raise AdapterError(f"{name}: line {header.number}, which should name the columns: {header.reason}")
            case _:
                self._columns, self.named = self._names(header[1])

    def _names(self, cells: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The columns' names, those without one by their place; and the named ones alone."""
        names = [cell.strip() for cell in cells]
        columns = tuple(each or f"unnamed column {place}" for place, each in enumerate(names, start=1))
        twice = given_twice(columns)
        if twice is not None:
            places = ", ".join(str(place) for place, each in enumerate(columns, start=1) if each == twice)
            raise AdapterError(f"{self._name}: more than one column is called {twice!r} (columns {places})")
        named = tuple(each for each in names if each)
        if not named:
            raise AdapterError(f"{self._name}: its first line names no column")
        return columns, named

    def read(self) -> Iterator[Row | BadRow]:
        """Each row with its properties by name, or what is wrong with it."""
        columns, width = self._columns, len(self._columns)
        named = frozenset(self.named)
        unnamed = [each for each in columns if each not in named]
        for found in self._cells():
            if isinstance(found, BadRow):
                yield found
                continue
            number, cells = found
            if len(cells) > width and any(cells[width:]):
                yield self._bad(number, f"{len(cells)} cells, but {width} column{'' if width == 1 else 's'}")
                continue
            if number <= self._lines.suspect_until and len(cells) < width:
                yield self._bad(number, "most likely a piece of a row with a quote that is never closed")
                continue
            record: dict[str, object] = dict(zip(columns, cells, strict=False))
            for each in unnamed:
                if not record.get(each):
                    record.pop(each, None)
            yield Row(number, record)

    def _cells(self) -> Iterator[tuple[int, list[str]] | BadRow]:
        """The cells of each row that isn't blank, with the line on which it begins."""
        lines = self._lines
        rows = csv.reader(lines, delimiter=self._delimiter, strict=True)
        while True:
            lines.start_row()
            number = lines.number + 1
            try:
                cells = next(rows)
            except StopIteration:
                return
            except UnicodeError as why:
                where = f"{self._name}: from line {number} on"
                raise AdapterError(f"{where}, it can't be read as {self.encoding}") from why
            except (csv.Error, _TooLong) as why:
                too_long = isinstance(why, _TooLong)
                reason = "a quote stands inside a cell: it should be doubled"
                if len(lines.taken) > 1 and (too_long or lines.ended):
                    reason = "a quote is never closed"
                    if len(self._columns) > 1:
                        lines.first_line_only()
                elif too_long:
                    reason = f"longer than {LONGEST_ROW // 1024 // 1024} million characters"
                elif lines.ended:
                    reason = "a quote is never closed"
                rows = csv.reader(lines, delimiter=self._delimiter, strict=True)
                yield self._bad(number, reason)
                continue
            if lines.fault is not None:
                yield self._bad(number, lines.fault.format(encoding=self.encoding))
            elif len(cells) > 1 or lines.taken[0].strip() or (cells and len(self._columns) == 1):
                yield number, cells

    def _bad(self, number: int, reason: str) -> BadRow:
        """A bad row with its text: the lines that it took, a byte that is no text as its escape."""
        last = number + len(self._lines.taken) - 1
        if last > number:
            reason = f"{reason} (lines {number} to {last})"
        raw = "".join(self._lines.taken).rstrip("\r\n")
        return BadRow(number, reason, raw=raw.encode("utf-8", "backslashreplace").decode("utf-8"))
