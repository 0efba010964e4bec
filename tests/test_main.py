"""How the command line starts, and what it says where its libraries are missing."""

import subprocess
import sys
import tomllib

import pytest

from tests.pages import ROOT

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
MODULE, FUNCTION = PYPROJECT["project"]["scripts"]["qualify"].split(":")


@pytest.mark.parametrize(
    "start",
    [
        "import runpy; runpy.run_module('qualify', run_name='__main__')",
        f"from {MODULE} import {FUNCTION}; {FUNCTION}()",
    ],
    ids=["python -m qualify", "qualify"],
)
@pytest.mark.parametrize("missing", ["click", "rich"])
def test_without_its_libraries_the_command_names_the_extra(start, missing):
    """Who installed only the library gets a sentence, not a traceback."""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.modules[{missing!r}] = None; {start}"],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )

    assert done.returncode == 1
    assert 'pip install "qualify[cli]"' in done.stderr
    assert "Traceback" not in done.stderr
