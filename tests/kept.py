"""What tests make once and keep for the next run: an installation that takes its time, in the user's cache."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

LONGEST = 600.0
KEPT = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "qualify-tests"


def made_once(folder: Path, build: Callable[[], None]) -> None:
    """Let `build` make a folder, unless it is there; of several processes one makes it. A made one has a file `ready`."""
    fcntl = pytest.importorskip("fcntl", reason="making something once for all needs a lock on a file")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "ready").exists():
            build()


def environment(folder: Path, packages: Iterable[str]) -> Path:
    """Python with these packages, in a folder; its programs. Skips the test with the reason where it can't be had."""

    def build() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        for command in (
            [sys.executable, "-m", "venv", str(folder)],
            [str(programs / "pip"), "install", "--quiet", "--retries=1", *packages],
        ):
            done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, check=False)
            if done.returncode:
                last = (done.stderr.strip().splitlines() or ["no word why"])[-1]
                raise OSError(f"{Path(command[0]).name} failed: {last}")
        (folder / "ready").touch()

    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    try:
        made_once(folder, build)
    except (OSError, subprocess.SubprocessError) as why:
        pytest.skip(f"no {folder.name} here: {why}")
    return programs
