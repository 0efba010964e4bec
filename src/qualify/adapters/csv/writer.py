"""Writing CSV: UTF-8, a line feed after each row, quotes where they are needed, values exact."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Mapping, Sequence

from qualify.adapters.cells import Unwritable, as_text
from qualify.adapters.columns import check_names, columns_of
from qualify.adapters.contract import Column, Target, Writer
from qualify.adapters.csv.encoding import known_encoding
from qualify.adapters.targets import TargetBytes
from qualify.errors import AdapterError

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""How a text begins that a spreadsheet may run as a formula."""


class CsvWriter(Writer):
    """Rows as lines of text. See `Writer`."""

    def __init__(
        self,
        target: Target,
        columns: Sequence[Column | str],
        *,
        encoding: str = "utf-8",
        delimiter: str | None = None,
        escape_formulas: bool = False,
    ) -> None:
        self._columns = tuple(each.name for each in columns_of("csv", columns))
        self._known = frozenset(self._columns)
        self._encoding = known_encoding(encoding)
        self._encoder = codecs.getincrementalencoder(self._encoding)()
        self._escape_formulas = escape_formulas
        self._row = 0
        self._target = TargetBytes(target)
        if delimiter is None:
            delimiter = "\t" if self._target.target_name.casefold().endswith((".tsv", ".tsv.gz")) else ","
        # csv quotes the characters of its line end only, so it must know both; `_Line` leaves one of them.
        self._line = _Line()
        self._csv = csv.writer(self._line, delimiter=delimiter, lineterminator="\r\n")
        try:
            self._put(self._columns)
        except BaseException:
            self._target.discard()
            raise

    def write(self, row: Mapping[str, object]) -> None:
        """Write one row."""
        self._row += 1
        self._put(self._texts(row))

    def texts(self, row: Mapping[str, object]) -> list[str]:
        """The cells of a row, which isn't written: for rows that have most of them in common."""
        self._row += 1
        try:
            return self._texts(row)
        finally:
            self._row -= 1

    def write_texts(self, cells: Sequence[str]) -> None:
        """Write one row, of cells as `texts` gives them."""
        self._row += 1
        self._put(cells)

    def _texts(self, row: Mapping[str, object]) -> list[str]:
        if not row.keys() <= self._known:
            check_names(self._row, row, self._columns)
        cells = []
        for column in self._columns:
            value = row.get(column)
            try:
                text = as_text(value)
            except Unwritable as why:
                raise AdapterError(f"row {self._row}: column {column!r}: {why} can't be written to CSV") from None
            if self._escape_formulas and isinstance(value, str) and text.startswith(FORMULA_STARTS):
                text = "'" + text
            cells.append(text)
        return cells

    def close(self) -> None:
        """Write what is left, and let the file take its place."""
        self._target.commit()

    def abort(self) -> None:
        """Throw the new file away."""
        self._target.discard()

    def _put(self, cells: Sequence[str]) -> None:
        self._csv.writerow(cells)
        try:
            data = self._encoder.encode(self._line.text)
        except UnicodeEncodeError:
            column = next((name for name, cell in zip(self._columns, cells, strict=True) if not self._fits(cell)), "")
            raise AdapterError(
                f"row {self._row}: column {column!r}: it has a character that {self._encoding} doesn't have"
            ) from None
        self._target.write(data)

    def _fits(self, text: str) -> bool:
        try:
            text.encode(self._encoding)
        except UnicodeEncodeError:
            return False
        return True


class _Line:
    """Where csv puts each line: kept as text, ended by a line feed alone."""

    text = ""

    def write(self, line: str) -> None:
        self.text = line.removesuffix("\r\n") + "\n"
