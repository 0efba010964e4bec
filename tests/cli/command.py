"""The command as a person calls it, and pictures of what it printed.

`qualify` calls it within this process, which is fast; `apart` in a process of its own, which is the truth.
"""

import io
import os
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from qualify.cli.program import run

SHOTS = Path(__file__).parent / "printed"
PLAIN = {"NO_COLOR": "1", "PYTHONIOENCODING": "utf-8", "TERM": "dumb"}


@dataclass(frozen=True, slots=True)
class Done:
    """How a call ended, and what it said."""

    code: int
    out: str
    err: str


def qualify(*words, folder=None, given=b"", columns=80):
    """Call `qualify` with these words in a folder, with `given` on standard input."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for _ in range(2))
    with (
        chdir(folder or Path.cwd()),
        patch.dict(os.environ, PLAIN | {"COLUMNS": str(columns)}),
        patch.object(sys, "stdin", Stdin(given)),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        code = run([str(word) for word in words])
    texts = []
    for stream in (out, err):
        stream.flush()
        texts.append(stream.buffer.getvalue().decode("utf-8", "replace"))
    return Done(code, *texts)


class Stdin:
    """Standard input that holds some bytes."""

    def __init__(self, given):
        self.buffer = io.BufferedReader(Named(given))


class Named(io.BytesIO):
    """Bytes that are called as the system calls standard input."""

    name = "<stdin>"


def apart(*words, folder=None, given=b"", columns=80, timeout=120, **options):
    """The same in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "qualify", *map(str, words)],
        cwd=folder,
        env=os.environ | PLAIN | {"COLUMNS": str(columns)},
        input=given,
        timeout=timeout,
        check=False,
        **({"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options),
    )
    out, err = ((each or b"").decode("utf-8", "replace") for each in (done.stdout, done.stderr))
    assert "Traceback" not in out + err
    return Done(done.returncode, out, err)


def same_as_printed(name, text):
    """Compare with the picture in `printed/`; QUALIFY_PRINT=1 in the environment takes a new one."""
    shot = SHOTS / f"{name}.txt"
    if os.environ.get("QUALIFY_PRINT"):
        SHOTS.mkdir(exist_ok=True)
        shot.write_text(text, encoding="utf-8")
    assert text == shot.read_text(encoding="utf-8")
    assert all(line == line.rstrip() for line in text.splitlines())
