"""An environment as a user has it: fresh, with a wheel of ours, and with nothing of this checkout's."""

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.pages import ROOT


class FreshEnvironment:
    """A virtual environment in a folder; pip takes packages from the registry that this machine is set up for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "environment"
        venv.create(self.folder, with_pip=False)  # ours can install into it, and making another takes its time
        self.bin = self.folder / ("Scripts" if os.name == "nt" else "bin")
        self.python = self.bin / "python"
        if self.pip("download", "-q", "--retries=1", "--no-deps", "-d", folder / "there", "hatchling").returncode:
            pytest.skip("no package registry can be reached, so nothing can be installed into a fresh environment")
        wheels = folder / "wheels"
        assert not self.pip("wheel", "-q", "--no-deps", "-w", wheels, ROOT).returncode
        (self.wheel,) = wheels.glob("qualify-*.whl")

    def pip(self, *words):
        """Run pip in it."""
        return run(sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", self.python, *words)

    def install(self, *words):
        """Install, or fail."""
        assert not self.pip("install", "-q", "--no-compile", *words).returncode
        ours = run(self.python, "-c", "import qualify; print(qualify.__file__)", cwd=self.folder)
        assert Path(ours.stdout.strip()).is_relative_to(self.folder.resolve())


def run(*command, cwd=None):
    """Run a command as a continuous build does, and show it with what it printed."""
    ours = ("PYTEST", "HYPOTHESIS", "PYTHON", "COV_", "VIRTUAL_ENV")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=kept | {"CI": "true", "NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=600,
        check=False,
    )
    print("$", *(Path(word).name if isinstance(word, Path) else word for word in command))
    print(done.stdout, file=sys.stdout)
    return done
