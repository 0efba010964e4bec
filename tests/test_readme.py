"""The README is the first thing that anybody tries; what it says must work as it stands."""

import os
import re
import shlex
import subprocess
import sys
import tomllib

import pytest

from tests.pages import ROOT, blocks, run_doctests
from tools.readme import command

README = ROOT / "README.md"


def test_its_python_shows_what_python_answers():
    """A newcomer copies it."""
    assert run_doctests(README).attempted > 0


def test_it_has_two_commands_of_one_line_each():
    """Two lines from nothing to a result: more is a page of its own, and gets skipped."""
    lines = [block.text.rstrip("\n") for block in blocks(README) if block.language == "sh"]

    assert lines == [command("run"), command("test")]
    assert not any("\n" in line for line in lines)


@pytest.mark.parametrize("which", ["run", "test"])
def test_each_makes_a_virtual_environment_of_its_own(which):
    """Where pip refuses to install outside of one, the commands must work all the same."""
    first, *others = command(which).split(" && ")

    assert first == "python3 -m venv .venv"
    assert all(other.startswith(".venv/bin/") for other in others)


@pytest.mark.parametrize("which", ["run", "test"])
def test_the_continuous_build_runs_them_as_they_are_written(which):
    """Else they are right on the day they were written, and on no other."""
    build = (ROOT / ".ci" / "run").read_text(encoding="utf-8")

    assert re.search(rf"^\s*step \S+ readme_command {which}\b", build, re.MULTILINE)
    assert "tools/readme.py" in build


@pytest.mark.parametrize("which", ["run", "test"])
def test_the_extras_that_they_install_exist(which):
    """pip only warns of an extra that doesn't exist."""
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    [wanted] = re.findall(r'"\.\[(.*?)\]"', command(which))

    assert set(wanted.split(",")) <= set(pyproject["project"]["optional-dependencies"])


def test_the_first_command_judges_the_example(tmp_path):
    """The main job, on the example that the repository carries, without a record rejected."""
    last = command("run").split(" && ")[-1]
    words = shlex.split(last)
    assert words[0] == ".venv/bin/qualify"

    done = subprocess.run(
        [sys.executable, "-m", "qualify", *words[1:]],
        cwd=ROOT,
        env=os.environ | {"NO_COLOR": "1", "COLUMNS": "80"},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "mql" in done.stdout
