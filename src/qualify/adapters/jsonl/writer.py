"""Writing JSON: one object a line, or an array with one object a line; numbers with all their digits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qualify.adapters.cells import Unwritable, as_json
from qualify.adapters.columns import check_names, columns_of
from qualify.adapters.contract import Column, Target, Writer
from qualify.adapters.targets import TargetBytes
from qualify.errors import AdapterError


class JsonWriter(Writer):
    """Rows as objects. A key that a row doesn't have is left out; None is null. See `Writer`."""

    def __init__(self, target: Target, columns: Sequence[Column | str], *, array: bool) -> None:
        self._columns = tuple(each.name for each in columns_of("jsonl", columns, needed=False))
        self._known = frozenset(self._columns)
        self._array = array
        self._row = 0
        self._target = TargetBytes(target)
        self._closed = False

    def write(self, row: Mapping[str, object]) -> None:
        """Write one row."""
        self._row += 1
        if self._columns:
            if not row.keys() <= self._known:
                check_names(self._row, row, self._columns)
            row = {name: row[name] for name in self._columns if name in row}
        try:
            text = as_json(row)
        except Unwritable as why:
            where = f"row {self._row}: {self._culprit(row)}"
            raise AdapterError(f"{where}{why} can't be written as JSON") from None
        try:
            data = text.encode("utf-8")
        except UnicodeEncodeError:
            where = f"row {self._row}: {self._culprit(row)}"
            raise AdapterError(f"{where}half of a surrogate pair is no text") from None
        before = (b"[\n" if self._row == 1 else b",\n") if self._array else b""
        self._target.write(before + data + (b"" if self._array else b"\n"))

    def close(self) -> None:
        """Write what is left, and let the file take its place."""
        if self._closed:
            return
        self._closed = True
        if self._array:
            self._target.write(b"\n]\n" if self._row else b"[]\n")
        self._target.commit()

    def abort(self) -> None:
        """Throw the new file away."""
        self._closed = True
        self._target.discard()

    def _culprit(self, row: Mapping[str, object]) -> str:
        """The property that can't be written, for a message."""
        for name, value in row.items():
            try:
                as_json({name: value}).encode("utf-8")
            except (Unwritable, UnicodeEncodeError):
                shown = str(name).encode("utf-8", "backslashreplace").decode("utf-8")
                return f"{shown!r}: "
        return ""
