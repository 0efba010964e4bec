"""What tests make once and keep for the next run: an installation that takes its time, in the user's cache."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

KEPT = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "qualify-tests"


def made_once(folder: Path, build: Callable[[], None]) -> None:
    """Let `build` make a folder, unless it is there; of several processes one makes it. A made one has a file `ready`."""
    fcntl = pytest.importorskip("fcntl", reason="making something once for all needs a lock on a file")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "ready").exists():
            build()
