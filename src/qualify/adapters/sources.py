"""The bytes of a source, from its beginning to its end: a path or a stream, packed with gzip or not."""

from __future__ import annotations

import gzip
import io
import os
import re
import stat
import zlib
from pathlib import Path
from typing import BinaryIO

from qualify.adapters.contract import Source
from qualify.errors import AdapterError

GZIP = b"\x1f\x8b"
DAMAGED = (EOFError, gzip.BadGzipFile, zlib.error)


_URL = re.compile(r"[A-Za-z][A-Za-z0-9+]+://")


def is_database(place: object) -> bool:
    """Whether a name is the URL of a database.

    >>> is_database("sqlite:///crm.db#customers"), is_database("leads.csv"), is_database("C:/leads.csv")
    (True, False, False)
    """
    return isinstance(place, str) and _URL.match(place) is not None


def name_of(place: Source) -> str:
    """What to call a source or a target in a message.

    >>> name_of("leads.csv"), name_of(io.BytesIO())
    ('leads.csv', 'the stream')
    """
    if isinstance(place, str | os.PathLike):
        return os.fspath(place)
    name = getattr(place, "name", None)
    known = {"<stdin>": "standard input", "<stdout>": "standard output"}
    return known.get(name, name) if isinstance(name, str) else "the stream"


class SourceBytes(io.RawIOBase):
    """A source as bytes. `look` shows its beginning without taking it; `done` is the share that was read.

    What the system answers (no such file, may not be read, a directory) is an AdapterError with the
    source's name. A stream that was given is not closed with it.
    """

    def __init__(self, source: Source) -> None:
        super().__init__()
        self.source_name = name_of(source)
        self._owned = isinstance(source, str | os.PathLike)
        self._ahead = b""
        self._size: int | None = None
        self._share: float | None = None
        self._stream = self._open(source)
        self._below: BinaryIO = self._stream
        if self.look(len(GZIP)) == GZIP:
            self._stream = gzip.GzipFile(fileobj=_Rest(self._ahead, self._stream))  # type: ignore[assignment]
            self._ahead = b""

    def _open(self, source: Source) -> BinaryIO:
        if not isinstance(source, str | os.PathLike):
            return source
        try:
            stream = Path(source).open("rb", buffering=0)  # noqa: SIM115 - closed in `close`
        except (OSError, ValueError) as why:
            raise AdapterError(f"{self.source_name}: {reason(why)}") from why
        about = os.fstat(stream.fileno())
        if stat.S_ISREG(about.st_mode):
            self._size = about.st_size
            self._share = 0.0 if self._size else 1.0
        return stream

    def look(self, size: int) -> bytes:
        """The first bytes, `size` of them or all that there are. They are still to be read."""
        parts, have = [self._ahead], len(self._ahead)
        while have < size and (more := self._more(size - have)):
            parts.append(more)
            have += len(more)
        self._ahead = b"".join(parts)
        return self._ahead[:size]

    def done(self) -> float | None:
        """How much was read, from 0.0 to 1.0; None where the size isn't known."""
        if self._size and not self._below.closed:
            self._share = min(1.0, self._below.tell() / self._size)
        return self._share

    def seekable_file(self) -> BinaryIO | None:
        """The file itself, from its beginning, where the source is a plain file of known size; else None."""
        if self._size is None or self._stream is not self._below:
            return None
        self._ahead = b""
        self._below.seek(0)
        return self._below

    def readable(self) -> bool:
        """True: it can be read, and nothing else."""
        return True

    def readinto(self, buffer: object) -> int:
        """As any raw stream of bytes does."""
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        if not self._ahead:
            self._ahead = self._more(len(view))
        size = min(len(view), len(self._ahead))
        view[:size] = self._ahead[:size]
        self._ahead = self._ahead[size:]
        return size

    def close(self) -> None:
        """Close the file, if it was opened here."""
        if self._owned and not self.closed and hasattr(self, "_below"):
            self.done()
            self._below.close()
        super().close()

    def _more(self, size: int) -> bytes:
        try:
            found = self._stream.read(size)
        except DAMAGED as why:
            raise AdapterError(f"{self.source_name}: a gzip file that is cut off or damaged") from why
        except (OSError, ValueError) as why:
            raise AdapterError(f"{self.source_name}: {reason(why)}") from why
        if not isinstance(found, bytes | None):
            raise AdapterError(f"{self.source_name}: the stream gives text; open it in binary mode")
        return found or b""


class _Rest(io.RawIOBase):
    """What was looked at already, and the rest of the stream after it, for gzip."""

    def __init__(self, ahead: bytes, stream: BinaryIO) -> None:
        super().__init__()
        self._ahead, self._stream = ahead, stream

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if not self._ahead:
            return self._stream.read(size) or b""
        found = self._ahead if size < 0 else self._ahead[:size]
        self._ahead = self._ahead[len(found) :]
        return found


def reason(why: Exception) -> str:
    """What the system said, in words for the person who gave the path."""
    match why:
        case FileNotFoundError():
            return "no such file"
        case IsADirectoryError():
            return "a folder, not a file"
        case PermissionError():
            return "it may not be read or written by this user"
        case OSError():
            return why.strerror or type(why).__name__
        case _:
            return "can't be opened: " + (str(why) or type(why).__name__)
