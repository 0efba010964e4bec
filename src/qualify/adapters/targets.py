"""Where a writer's bytes go: a file that takes its place when all is written, or a stream as it comes."""

from __future__ import annotations

import contextlib
import gzip
import os
import secrets
import shutil
import stat
from pathlib import Path
from typing import BinaryIO, cast

from qualify.adapters.contract import Target
from qualify.adapters.sources import name_of, reason
from qualify.errors import AdapterError


class TargetBytes:
    """An open target: `write` bytes, then `commit` or `discard`.

    A regular file (or a path where nothing is yet) is written beside its place and renamed into it by
    `commit`: a reader sees the old one or the new one, never a half. Pipes and devices are written as they
    are, and so is a file in a folder where nothing new may be made. A name that ends in `.gz` is packed
    with gzip.
    """

    def __init__(self, target: Target) -> None:
        self.target_name = name_of(target)
        self._path: Path | None = None
        self._beside: Path | None = None
        self._packed: gzip.GzipFile | None = None
        self._open = True
        if isinstance(target, str | os.PathLike):
            self._path = Path(os.path.realpath(target))  # through links, so that a link stays one
            try:
                self._stream = self._create(self._path)
            except (OSError, ValueError) as why:
                raise AdapterError(f"{self.target_name}: {reason(why)}") from why
            if self._path.suffix.casefold() == ".gz":
                self._packed = gzip.GzipFile(filename="", mode="wb", fileobj=self._stream, mtime=0)
        else:
            self._stream = target

    def _create(self, path: Path) -> BinaryIO:
        exists = path.exists()
        if exists and not stat.S_ISREG(path.stat().st_mode):
            return path.open("wb")
        beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
        try:
            stream = beside.open("xb")
        except PermissionError:
            if not exists:
                raise
            return path.open("wb")
        self._beside = beside
        if exists:
            with contextlib.suppress(OSError):
                shutil.copymode(path, beside)
        return stream

    def write(self, data: bytes) -> None:
        """Write bytes. A closed pipe is the caller's BrokenPipeError; a full disk is an AdapterError."""
        try:
            (self._packed or self._stream).write(data)
        except BrokenPipeError:
            raise
        except OSError as why:
            raise AdapterError(f"{self.target_name}: {reason(why)}") from why

    def commit(self) -> None:
        """All is written: flush it, and let the new file take its place. A second time does nothing."""
        if not self._open:
            return
        try:
            if self._packed is not None:
                self._packed.close()
            self._stream.flush()
            if self._beside is not None and self._path is not None:
                os.fsync(self._stream.fileno())
                self._stream.close()
                self._beside.replace(self._path)
            elif self._path is not None:
                self._stream.close()
            self._open = False
        except BrokenPipeError:
            raise
        except OSError as why:
            self.discard()
            raise AdapterError(f"{self.target_name}: {reason(why)}") from why

    def discard(self) -> None:
        """Throw away what was written beside the place; a stream is left as it is. May be called twice."""
        if not self._open:
            return
        self._open = False
        if self._path is not None:
            with contextlib.suppress(OSError):
                if self._packed is not None:
                    self._packed.close()  # first: it still writes its end
                self._stream.close()
        if self._beside is not None:
            self._beside.unlink(missing_ok=True)


class CountedStream:
    """A target as a file object for libraries that ask where they are, as Arrow does; pipes can't say.

    Once it is `muted`, what is written is thrown away: such libraries finish a file even when it is given up.
    """

    def __init__(self, target: TargetBytes) -> None:
        self._target, self._at = target, 0
        self.closed = self.muted = False

    def write(self, data: bytes) -> int:
        """Write, and count."""
        if not self.muted:
            self._target.write(cast(bytes, memoryview(data)))
        size = memoryview(data).nbytes
        self._at += size
        return size

    def tell(self) -> int:
        """How many bytes were written."""
        return self._at

    def flush(self) -> None:
        """Nothing is kept back here."""

    def close(self) -> None:
        """The target is closed by `commit` or `discard`."""
        self.closed = True

    def readable(self) -> bool:
        """False."""
        return False

    def writable(self) -> bool:
        """True."""
        return True

    def seekable(self) -> bool:
        """False."""
        return False
