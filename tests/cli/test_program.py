"""However a command ends, it ends with a sentence or in silence, and with a code that a script can ask for."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from qualify.cli import program, screen
from tests.cli.command import PLAIN, apart, qualify

posix = pytest.mark.skipif(os.name != "posix", reason="signals, pipes and /dev are those of POSIX here")


LISTENING = (  # a build server may start us deaf to Ctrl-C, and a child inherits that
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from qualify.cli import main; main()"
)


@pytest.fixture
def broken(monkeypatch):
    """A mistake of our own, with a lead's value in its message."""

    def break_(context):
        raise KeyError("secret")

    monkeypatch.setattr(program.program, "invoke", break_)


def test_a_mistake_of_our_own_is_one_line_without_values(broken):
    """A newcomer must not meet a traceback, nor a report hold personal data."""
    done = qualify("schema")

    assert done.code == 70
    assert len(done.err.splitlines()) == 1
    assert done.err.startswith("qualify: an error of its own, KeyError")
    assert "secret" not in done.err


def test_with_debug_it_shows_where(broken):
    """For whoever mends it."""
    done = qualify("schema", "--debug")

    assert done.code == 70
    assert "Traceback" in done.err
    assert done.err.endswith("Please report it; --debug shows more.\n")


def test_the_line_says_where_in_our_own_code(monkeypatch, folder):
    """A report without a place is hard to use."""
    monkeypatch.setattr("qualify.cli.check.load", lambda path: {}["secret"])

    done = qualify("check", "shops.toml", folder=folder)

    assert done.code == 70
    assert done.err.startswith("qualify: an error of its own, KeyError at cli/check.py:")


def test_a_machine_without_memory_is_told(monkeypatch, folder):
    """It is nobody's mistake in a definition."""

    def full(path):
        raise MemoryError

    monkeypatch.setattr("qualify.cli.check.load", full)

    done = qualify("check", "shops.toml", folder=folder)

    assert (done.code, done.err) == (1, "qualify: this machine hasn't enough memory for that\n")


def test_control_codes_of_a_file_reach_no_terminal(folder):
    """A lead's id comes from a web form, and a form's user may know escape codes."""
    (folder / "leads.csv").write_text("id,employees\n\x1b]0;a\x07,80\n\x1b[2J\u202e,x\n", encoding="utf-8")

    done = qualify("run", "shops.toml", "leads.csv", folder=folder)

    assert done.code == 6
    assert not {"\x1b", "\x07", "\u202e"} & set(done.out + done.err)
    assert r"\x1b]0;a\x07" in done.out
    assert r"lead \x1b[2J\u202e: employees" in done.err


def test_json_stays_json_whatever_a_file_holds():
    """Escapes of a terminal's codes must be JSON's own."""
    assert screen.as_json({"a": "\x9b\u202e\n"}) == '{"a": "\\u009b\\u202e\\n"}'


def test_a_terminal_that_has_few_characters_gets_escapes(folder):
    """An error about an encoding would hide the answer."""
    (folder / "leads.csv").write_text("id,employees\nŁódź,80\n", encoding="utf-8")
    environment = os.environ | PLAIN | {"PYTHONIOENCODING": "ascii"}

    done = subprocess.run(
        [sys.executable, "-m", "qualify", "run", "shops.toml", "leads.csv"],
        cwd=folder, env=environment, capture_output=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0
    assert rb"\u0141\xf3d\u017a" in done.stdout


@posix
@pytest.mark.parametrize("format", ["csv", "table"])
def test_a_closed_pipe_is_quiet(folder, format):
    """`| head` is how people look."""
    lines = "".join(f"{n},80\n" for n in range(20_000))
    (folder / "many.csv").write_text(f"id,employees\n{lines}", encoding="utf-8")

    with subprocess.Popen(
        [sys.executable, "-m", "qualify", "run", "shops.toml", "many.csv", "--format", format],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ | PLAIN,
    ) as process:  # fmt: skip
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()

    assert (process.returncode, said) == (141, b"")


@posix
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full disk to try")
@pytest.mark.parametrize("format", ["csv", "table"])
def test_a_full_disk_is_told(folder, format):
    """The list is not whole, and its reader must know."""
    with Path("/dev/full").open("wb") as full:
        done = apart("run", "shops.toml", "leads.csv", "--format", format, folder=folder, stdout=full)

    assert done.code == 1
    assert "No space left on device" in done.err


@posix
def test_an_interrupted_command_is_quiet_and_leaves_files_as_they_were(folder):
    """Ctrl-C means: I know."""
    (folder / "verdicts.csv").write_text("old", encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-c", LISTENING, "run", "shops.toml", "-", "--leads-format", "csv", "-o", "verdicts.csv"],
        cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ | PLAIN,
    ) as process:  # fmt: skip
        process.stdin.write(b"id,company\n" + b"1,%b\n" % (b"x" * 8000) * 200)
        process.stdin.flush()
        deadline = time.monotonic() + 60
        while not list(folder.glob(".verdicts.csv.*")) and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        said = b"".join(process.communicate(timeout=60))

    assert (process.returncode, said) == (130, b"")
    assert (folder / "verdicts.csv").read_text(encoding="utf-8") == "old"
    assert not list(folder.glob(".verdicts.csv.*"))
