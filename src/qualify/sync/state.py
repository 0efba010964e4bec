"""Where a sync was: a small file that is always whole, whenever the program is killed.

A new file takes the old one's place in one step, and is on the disk before that. It holds what the next sync has to
know and no lead's value: the adapter's cursor, and digests of what the verdicts were given by.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from qualify.errors import QualifyError

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Given:
    """By what, from where and to where leads are synced: where any of it changed, all are judged anew."""

    definition: str
    source: str
    target: str
    mapping: str
    options: str


@dataclass(frozen=True, slots=True)
class State:
    """Where a sync was. `unfinished` is the moment at which an interrupted one judges, None after a whole one."""

    given: Given
    cursor: str | None = None
    unfinished: datetime | None = None


class StateFile:
    """The file that remembers. `load` it, `save` it; nobody else can use it meanwhile: `held`."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)

    def load(self) -> State | None:
        """What it says; None where there is no such file.

        Raises QualifyError where it is no state file, or one of a newer release.
        """
        try:
            said = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (ValueError, UnicodeDecodeError):
            raise self._no_state() from None
        if not isinstance(said, dict) or "format" not in said:
            raise self._no_state()
        if said["format"] != FORMAT:
            raise QualifyError(f"{self.path}: a newer release wrote this state file; use that one", code="bad-state")
        try:
            unfinished = said["unfinished"]
            return State(
                Given(**said["given"]),
                said["cursor"],
                None if unfinished is None else datetime.fromisoformat(unfinished),
            )
        except (KeyError, TypeError, ValueError):
            raise self._no_state() from None

    def save(self, state: State) -> None:
        """Let the file say this, and be sure that it does."""
        said = {
            "format": FORMAT,
            "given": asdict(state.given),
            "cursor": state.cursor,
            "unfinished": None if state.unfinished is None else state.unfinished.isoformat(),
        }
        new = self.path.with_name(f".{self.path.name}.new")
        with new.open("w", encoding="utf-8") as file:
            file.write(json.dumps(said, indent=2) + "\n")
            file.flush()
            os.fsync(file.fileno())
        new.replace(self.path)
        _sync_folder(self.path.parent)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other syncs from using it. Raises QualifyError where one does; a killed one holds nothing."""
        if self.path.is_dir():
            raise QualifyError(f"{self.path}: this is a folder; the state is a file", code="bad-state")
        try:
            import fcntl
        except ImportError:  # a system without such locks: two syncs at once are then the caller's to avoid
            yield
            return
        lock = self.path.with_name(f".{self.path.name}.lock")
        with lock.open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise QualifyError(f"{self.path}: another sync uses this state file right now", code="in-use") from None
            yield

    def _no_state(self) -> QualifyError:
        return QualifyError(
            f"{self.path}: this is no state file of a sync; say another, or remove it", code="bad-state"
        )


def _sync_folder(folder: Path) -> None:
    """The file's new name is on the disk too, where the system can tell."""
    try:
        found = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(found)
    except OSError:
        pass
    finally:
        os.close(found)


__all__ = ["Given", "State", "StateFile"]
