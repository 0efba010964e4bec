"""What an adapter of files has to do, as tests. `AdapterContract` brings them to a plugin's own."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

import pytest

from qualify.adapters import Adapter, BadRow, FileAdapter, Record, Row
from qualify.adapters.loading import is_for_files
from qualify.errors import AdapterError
from qualify.testing.demand import demand, refuse

GARBAGE = (b"", b"\x00" * 64, b"\xff\xfe\xfd" * 50, b"{" * 500, b'"' + b"x" * 5000, b"PK\x03\x04rest", b"\n\n\n")


class FileContract:
    """The part of `AdapterContract` that concerns files."""

    adapter: ClassVar[Adapter]
    records: ClassVar[Sequence[Record]]
    sample: ClassVar[bytes]

    def test_what_it_writes_it_reads_again(self, tmp_path: Path) -> None:
        """Verdicts that are written today are read by somebody tomorrow."""
        path = self._file(tmp_path)
        read = _rows(self._for_files(), path)
        demand(
            read == [dict(each) for each in self.records],
            f"the rows that were read ({len(read)}) aren't `records` ({len(self.records)}): give `records` as read() "
            "gives them, with its types",
        )

    def test_a_stream_is_read_as_a_file_is_and_stays_open(self, tmp_path: Path) -> None:
        """In a pipe there is no path; and whoever opened a stream closes it."""
        path = self._file(tmp_path)
        stream = io.BytesIO(path.read_bytes())
        with self._for_files().read(stream) as rows:
            found = [row.record for row in rows if isinstance(row, Row)]
        demand(found == [dict(each) for each in self.records], "a stream gives other rows than a file of its bytes")
        demand(not stream.closed, "it closes a stream that it was given: leave that to whoever opened it")

    def test_what_goes_wrong_while_writing_leaves_the_old_file(self, tmp_path: Path) -> None:
        """A full disk at midnight must not cost yesterday's file."""
        if "write" not in self.adapter.can:
            return
        path = self._file(tmp_path)
        before = path.read_bytes()
        with pytest.raises(ZeroDivisionError):
            self._write_half(path)
        demand(
            path.read_bytes() == before, "an aborted write has changed the file: write beside it, and rename at last"
        )
        left = sorted(each.name for each in tmp_path.iterdir() if each != path)
        demand(not left, f"an aborted write leaves {', '.join(left)} behind: abort() removes it")

    def test_what_is_no_file_is_an_error_that_names_it(self, tmp_path: Path) -> None:
        """The likeliest fault of all is a path that isn't there."""
        for path in (tmp_path / f"absent{self._for_files().suffixes[0]}", tmp_path):
            try:
                _rows(self._for_files(), path)
            except AdapterError as why:
                demand(path.name in str(why), "the message of the AdapterError doesn't name the file")
            else:
                refuse("a path that is no file is read without an AdapterError")

    def test_any_bytes_are_rows_or_an_error_that_says_why(self, tmp_path: Path) -> None:
        """People give it photographs."""
        for at, content in enumerate(GARBAGE):
            path = tmp_path / f"{at}{self._for_files().suffixes[0]}"
            path.write_bytes(content)
            try:
                with self._for_files().read(path) as rows:
                    for row in rows:
                        demand(
                            isinstance(row, Row | BadRow), f"it gives a {type(row).__name__}: give a Row or a BadRow"
                        )
            except AdapterError:
                pass  # anything else that is raised is the failure

    def _write_half(self, path: Path) -> None:
        with self._for_files().write(path, _columns(self.records)) as rows:
            rows.write(self.records[0])
            raise ZeroDivisionError

    def _file(self, folder: Path) -> Path:
        demand(self.records, "give `records`: some rows, as the adapter reads them")
        adapter = self._for_files()
        path = folder / f"leads{adapter.suffixes[0]}"
        if "write" in adapter.can:
            with adapter.write(path, _columns(self.records)) as rows:
                for each in self.records:
                    rows.write(each)
        else:
            demand(self.sample, "give `sample`: a file's bytes that hold `records`, since the adapter can't write")
            path.write_bytes(self.sample)
        return path

    def _for_files(self) -> FileAdapter:
        if not is_for_files(self.adapter):
            refuse("the adapter is no FileAdapter: does it have `suffixes`, `read_options` and `read` or `write`?")
        return self.adapter


def _rows(adapter: FileAdapter, path: Path) -> list[Mapping[str, object]]:
    with adapter.read(path) as rows:
        return [row.record for row in rows if isinstance(row, Row)]


def _columns(records: Sequence[Record]) -> list[str]:
    return list(dict.fromkeys(name for record in records for name in record))


__all__ = ["FileContract"]
