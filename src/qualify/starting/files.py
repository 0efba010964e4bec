"""Putting new files into a folder: all of them or none, and never in the place of another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from qualify.errors import QualifyError

OTHERS = (".mapping.toml", ".stories.toml")
"""Endings of what lies in a definition's folder and is no part of it."""


def put(folder: Path, texts: Mapping[str, str]) -> tuple[Path, ...]:
    """Write each text into a file of that name. Raises QualifyError, and nothing is written, where one is there."""
    check_free(folder, texts)
    made: list[Path] = []
    written: list[Path] = []
    try:
        for each in reversed([folder, *folder.parents]):
            if not each.exists():
                each.mkdir()
                made.append(each)
        for name, text in texts.items():
            path = folder / name
            with path.open("x", encoding="utf-8", newline="\n") as file:
                written.append(path)
                file.write(text)
    except BaseException as why:
        for path in written:
            with suppress(OSError):
                path.unlink()
        for each in reversed(made):
            with suppress(OSError):
                each.rmdir()
        if isinstance(why, FileExistsError):
            raise _there(Path(str(why.filename or folder))) from None
        if isinstance(why, OSError | ValueError):
            reason = getattr(why, "strerror", None) or type(why).__name__
            raise QualifyError(f"{folder}: it can't be written: {reason}", code="unwritable") from why
        raise
    return tuple(written)


def check_free(folder: Path, names: Iterable[str]) -> None:
    """Raises QualifyError where one of these files is there, or another that would be part of the definition."""
    try:
        if not folder.exists():
            return
        if not folder.is_dir():
            raise QualifyError(
                f"{folder} is a file; a definition begins in a folder: say another name", code="no-folder"
            )
        for name in names:
            if (folder / name).exists() or (folder / name).is_symlink():
                raise _there(folder / name)
        for each in sorted(folder.glob("*.toml")):
            if not each.name.endswith(OTHERS):
                raise QualifyError(
                    f"{each} is there, and would be read as a part of the definition: say a folder of its own, "
                    f"such as {folder / 'leads'}",
                    code="already-there",
                )
    except OSError as why:
        raise QualifyError(f"{folder}: {why.strerror or type(why).__name__}", code="no-folder") from why


def _there(path: Path) -> QualifyError:
    return QualifyError(
        f"{path} is there already, and nothing was written: say another folder, or move that file away",
        code="already-there",
    )
