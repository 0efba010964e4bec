"""What a person sees at a terminal: the first rows, colours beside words, how far a long run is."""

import os
import re
import struct
import subprocess
import sys

import pytest

if os.name != "posix":
    pytest.skip("pseudo-terminals are those of POSIX", allow_module_level=True)

import fcntl
import pty
import termios

LONG = "id,industry,employees\n" + "".join(f"{n:04},Printing,{n % 90}\n" for n in range(60))


def seen(folder, *words, columns=80, stdout=True, **environment):
    """All that a terminal of this width shows of a call, stderr too (it alone, with `stdout=False`)."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    given = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR", "FORCE_COLOR")}
    with subprocess.Popen(
        [sys.executable, "-m", "qualify", *words],
        cwd=folder, env=given | {"TERM": "xterm"} | environment,
        stdin=subprocess.DEVNULL, stdout=theirs if stdout else subprocess.DEVNULL, stderr=theirs,
    ) as process:  # fmt: skip
        os.close(theirs)
        parts = []
        while part := _more(ours):
            parts.append(part)
    os.close(ours)
    return process.returncode, b"".join(parts).decode("utf-8").replace("\r\n", "\n")


def _more(terminal):
    try:
        return os.read(terminal, 65536)
    except OSError:  # its other end is closed
        return b""


def plain(text):
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)


@pytest.fixture
def long(folder):
    (folder / "long.csv").write_text(LONG, encoding="utf-8")
    return folder


@pytest.mark.parametrize("columns", [80, 120])
def test_a_terminal_shows_the_first_rows_and_says_so(long, columns):
    """Nobody reads a million lines that scroll by; nobody may take twenty for all."""
    code, shown = seen(long, "run", "shops.toml", "long.csv", columns=columns)
    lines = plain(shown).splitlines()

    assert code == 0
    assert sum(line[:4].isdigit() and line[4:6] == "  " for line in lines) == 20
    assert "... 20 of 60 leads shown; --rows N shows more, --output FILE writes all" in lines
    assert max(map(len, lines)) <= columns


def test_as_many_rows_as_one_asks_for(long):
    """None, for who wants the funnel alone."""
    _, fifty = seen(long, "run", "shops.toml", "long.csv", "--rows", "50")
    _, all_of_them = seen(long, "run", "shops.toml", "long.csv", "--rows", "100")
    _, none = seen(long, "run", "shops.toml", "long.csv", "--rows", "0")

    assert "... 50 of 60 leads shown" in fifty
    assert "leads shown" not in all_of_them
    assert none.startswith("60 leads as of ")


def test_colours_stand_beside_words_never_alone(long):
    """Not everybody sees them, and a printer may not."""
    _, coloured = seen(long, "run", "shops.toml", "long.csv", "--as-of", "2026-11-20T12:00Z")
    _, without = seen(long, "run", "shops.toml", "long.csv", "--as-of", "2026-11-20T12:00Z", NO_COLOR="1")

    assert "\x1b[32m" in coloured
    assert "\x1b[32m" not in without
    assert plain(coloured) == plain(without)


def test_parquet_is_not_for_a_terminal(long):
    """It would ring bells."""
    code, shown = seen(long, "run", "shops.toml", "long.csv", "--format", "parquet")

    assert code == 2
    assert "Parquet is not for a terminal: say --output FILE" in shown


def test_a_long_run_shows_how_far_it_is_and_clears_that_away(folder):
    """Else it is stopped half-way by whoever thinks that it hangs."""
    lines = "".join(f"{n},Printing,80\n" for n in range(60_000))
    (folder / "long.csv").write_text(f"id,industry,employees\n{lines}", encoding="utf-8")

    code, shown = seen(
        folder, "run", "shops.toml", "long.csv", "-o", "verdicts.csv", "--rejects", "r.csv", stdout=False
    )
    _, quick = seen(folder, "run", "shops.toml", "good.csv", stdout=False)

    assert code == 0
    assert re.search(r"leads .*\d+%.* [\d,]+ rows", plain(shown))
    assert quick == ""


@pytest.mark.parametrize("columns", [80, 120])
def test_a_terminal_shows_the_first_accounts_and_says_so(long, columns):
    """Sixty accounts are more than anybody reads at once; the funnel still counts all."""
    code, shown = seen(long, "run", "shops.toml", "long.csv", "--explain", "--rows", "3", columns=columns)
    lines = plain(shown).splitlines()

    assert code == 0
    assert sum(line == "Because" for line in lines) == 3
    assert "... 3 of 60 leads shown; --rows N shows more, --output FILE writes all" in lines
    assert any(line.startswith("60 leads as of ") for line in lines)
    assert max(map(len, lines)) <= columns


def test_an_account_s_colours_stand_beside_words(long):
    """The same account as through a pipe."""
    words = ("explain", "shops.toml", "0003", "--leads", "long.csv", "--as-of", "2026-11-20T12:00Z")

    _, coloured = seen(long, *words)
    _, without = seen(long, *words, NO_COLOR="1")

    assert "\x1b[33munknown" in coloured
    assert "\x1b[33m" not in without
    assert plain(coloured) == plain(without)
