"""The fenced blocks of our Markdown pages, and how each kind of block is held to its word.

`python`   with `>>>`: runs as a doctest, one session a page; without: must at least compile
`console`  its `$ qualify ...` and `$ pytest ...` lines run in a copy of examples/, and what they print is compared,
           times aside; `$ echo $?` shows the exit code of the command above it; a line `...` stands for any lines
`toml`, `json`  must parse
`{toctree}` and the like are the site's own, and are checked when it is built

A page that makes files of its own is followed from top to bottom, in one folder that is empty at first. A comment
directly before a block says what the block does to a file there:

`<!-- file: leads.csv -->`             the block is the file
`<!-- into: ours/sales.toml -->`       each of its paragraphs takes the place of the one that begins with the same line,
                                       or is added at the end; in a CSV, each line that of the same first cell
`<!-- part of: ours/sales.toml -->`    the block shows lines that stand there

With UPDATE=1 in the environment what a page shows becomes what is printed now, to be read before it is committed.

A comment `<!-- not run: reason -->` directly before a block opts it out; its test is then skipped, with that
reason, so that the run's summary counts it.
"""

import ast
import contextlib
import doctest
import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"

UPDATE = "UPDATE" in os.environ
_FENCE = re.compile(r"^(?P<indent> *)(?P<fence>`{3,}|~{3,}) *(?P<language>[\w+{}-]*)")
_NOT_RUN = re.compile(r"^<!-- *not run: *(?P<reason>.*?) *-->$")
_TIME = re.compile(r"(?<=\d passed )in [\d.]+s|(?<=\d failed )in [\d.]+s")
_ABOUT_A_FILE = re.compile(r"^<!-- *(?P<deed>file|into|part of): *(?P<file>.*?) *-->$")


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block of a page: where its text begins, what it says, what it does to which file of the reader's, and
    why it isn't run, if it isn't.
    """

    page: Path
    line: int
    language: str
    text: str
    not_run: str | None = None
    deed: str | None = None
    file: str | None = None

    @property
    def place(self) -> str:
        """Page and line, as a test's id: `docs/index.md:12`."""
        return f"{self.page.relative_to(ROOT) if self.page.is_relative_to(ROOT) else self.page.name}:{self.line}"


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page, in order; a fence that is never closed is an error."""
    lines = page.read_text(encoding="utf-8").splitlines()
    at = 0
    while at < len(lines):
        opened = _FENCE.match(lines[at])
        if opened is None:
            at += 1
            continue
        start, indent, fence = at + 1, len(opened["indent"]), opened["fence"]
        end = start
        while end < len(lines) and not lines[end].strip().startswith(fence):
            end += 1
        if end == len(lines):
            raise ValueError(f"{page}:{start}: a fenced block that is never closed")
        above = next((line.strip() for line in reversed(lines[:at]) if line.strip()), "")
        opted_out, about = _NOT_RUN.match(above), _ABOUT_A_FILE.match(above)
        yield Block(
            page=page,
            line=start,
            language=opened["language"],
            text="".join(line[indent:] + "\n" for line in lines[start:end]),
            not_run=opted_out["reason"] if opted_out else None,
            deed=about["deed"] if about else None,
            file=about["file"] if about else None,
        )
        at = end + 1


def pages() -> list[Path]:
    """Every page that a reader of the project may meet, the README first."""
    front = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]
    docs = [page for page in sorted((ROOT / "docs").rglob("*.md")) if "_build" not in page.parts]
    examples = (page.relative_to(EXAMPLES) for page in sorted(EXAMPLES.rglob("*.md")))
    ours = (page for page in examples if not any(part.startswith(".") for part in page.parts))  # tools leave theirs
    return [*front, *docs, *(EXAMPLES / page for page in ours)]


def skip_if_not_run(block: Block) -> None:
    """Skip the test of a block that opted out; opting out without a reason is a failure."""
    if block.not_run is not None:
        assert block.not_run, f"{block.place}: 'not run' needs a reason"
        pytest.skip(f"{block.place}: {block.not_run}")


def makes_files(page: Path) -> bool:
    """Whether a page makes files of its own, so that it can only be followed as a whole."""
    return any(block.deed == "file" for block in blocks(page))


def follow(page: Path, folder: Path) -> None:
    """Do what a page says, block by block, in `folder`, as somebody does who has nothing but the page."""
    names: dict[str, object] = {"__name__": "__main__"}
    for block in blocks(page):
        if block.not_run is not None:
            assert block.not_run, f"{block.place}: 'not run' needs a reason"
        elif block.file is not None:
            _do_to_file(block, folder / block.file)
        elif block.language == "console":
            run_console(block, folder)
        elif ">>>" in block.text:
            with contextlib.chdir(folder):
                result, report = _run_session(block, names)
            assert not result.failed, report


def run_doctests(page: Path) -> doctest.TestResults:
    """Run the `>>>` blocks of a page as one session: it can be copied from top to bottom."""
    session = [
        block
        for block in blocks(page)
        if block.language in {"python", "pycon"} and ">>>" in block.text and block.not_run is None
    ]
    names: dict[str, object] = {"__name__": "__main__"}
    done = [_run_session(block, names) for block in session]
    assert not any(result.failed for result, _ in done), "".join(report for _, report in done)
    return doctest.TestResults(0, sum(result.attempted for result, _ in done))


def _run_session(block: Block, names: dict[str, object]) -> tuple[doctest.TestResults, str]:
    """Run one `>>>` block; `names` is what the blocks above it left, and gets what this one leaves."""
    report: list[str] = []
    test = doctest.DocTestParser().get_doctest(block.text, names, block.place, str(block.page), block.line)
    runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS)
    if UPDATE:
        runner = _Rewriter(block)
    result = runner.run(test, out=report.append, clear_globs=False)
    names.update(test.globs)
    if UPDATE:
        return doctest.TestResults(0, result.attempted), ""
    return result, "".join(report)


class _Rewriter(doctest.DocTestRunner):
    """Shows in the page what an example prints now."""

    def __init__(self, block: Block) -> None:
        super().__init__(verbose=False, optionflags=doctest.ELLIPSIS)
        self.block, self.text = block, block.text

    def report_failure(self, out, test, example, got):  # type: ignore[no-untyped-def]
        if "Traceback (most" not in got:  # that holds paths of a machine: to be shown by hand
            self._show(example.want, re.sub(r"(?<=\n)\n", "<BLANKLINE>\n", got), example.lineno)

    def _show(self, want: str, got: str, at: int) -> None:
        lines = self.text.split("\n")
        start = next(i for i in range(at, len(lines)) if "\n".join(lines[i:]).startswith(want) and want)
        new = "\n".join([*lines[:start], got + "\n".join(lines[start:])[len(want) :]])
        rewrite(self.block.page, self.text, new)
        self.text = new


def rewrite(page: Path, old: str, new: str) -> None:
    """Put one text in the place of another in a page."""
    there = page.read_text(encoding="utf-8")
    assert old in there, f"{page}: the block is not there as it was read"
    page.write_text(there.replace(old, new, 1), encoding="utf-8")


def _do_to_file(block: Block, path: Path) -> None:
    """Make a file, change it, or see that it holds what the page shows of it."""
    if block.deed == "file":
        path.write_text(block.text, encoding="utf-8")
        return
    there = path.read_text(encoding="utf-8")
    if block.deed == "part of":
        for part in f"\n{block.text}".split("\n...\n"):
            assert f"\n{part.strip()}\n" in f"\n{there}\n", f"{block.place}: {block.file} has no such lines"
        return
    if path.suffix == ".csv":
        for line in block.text.splitlines():
            there = _with_part(there, line, begins=line.split(",")[0] + ",", ends="\n")
    else:
        for part in block.text.strip("\n").split("\n\n"):
            there = _with_part(there, part, begins=part.split("\n")[0] + "\n", ends="\n\n")
    path.write_text(there, encoding="utf-8")


def _with_part(text: str, part: str, *, begins: str, ends: str) -> str:
    """The text with a part in the place of the one that begins alike, or with the part at its end."""
    text = text.rstrip("\n") + ends
    at = f"\n{text}".find(f"\n{begins}")
    if at < 0:
        return text + part + "\n"
    return text[:at] + part + text[text.index(ends, at) :].rstrip("\n") + "\n"


def commands(block: Block) -> list[tuple[str, str]]:
    """The commands of a console block, each with the output beneath it; a backslash continues a command."""
    shown: list[tuple[str, list[str]]] = []
    lines = iter(block.text.splitlines())
    for line in lines:
        if line.startswith("$ "):
            command = line[2:]
            while command.endswith("\\"):
                command = command[:-1] + next(lines).strip()
            shown.append((command, []))
        else:
            assert shown, f"{block.place}: output before the first `$ ` line"
            shown[-1][1].append(line)
    return [(command, "\n".join(output)) for command, output in shown]


def run_console(block: Block, folder: Path) -> None:
    """Run a console block in `folder`; each command must print what the page shows, 80 columns wide."""
    code, text = 0, block.text
    said = {"COLUMNS": "80", "NO_COLOR": "1", "TERM": "dumb", "PYTHONIOENCODING": "utf-8"}
    said["CI"] = "true"  # Hypothesis then draws the same examples each time
    ours = {name for name in os.environ if name.startswith(("PYTEST_", "COV_"))}  # of the run that runs this
    environment = {name: value for name, value in os.environ.items() if name not in ours} | said
    for command, shown in commands(block):
        if command == "echo $?":
            printed = str(code)
        else:
            words = shlex.split(command)
            assert words[:1] in (["qualify"], ["pytest"]), (
                f"{block.place}: can't run `{command}`; opt the block out, with a reason"
            )
            done = subprocess.run(
                [sys.executable, "-m", *words],
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                timeout=120,
                check=False,
            )
            code, printed = done.returncode, _TIME.sub("in 0.50s", done.stdout)
        if UPDATE and "..." not in shown.splitlines() and not same_output(shown, printed):
            new = text.replace(shown, "\n".join(_trimmed(printed)), 1)
            rewrite(block.page, text, new)
            text = new
            continue
        assert same_output(shown, printed), (
            f"{block.place}: `{command}` (exit code {code}) is shown as\n{shown}\n\nand printed\n{printed}"
        )


def same_output(shown: str, printed: str) -> bool:
    """Whether what was printed is what the page shows, blanks at the ends of lines and of the whole aside."""
    pattern = ""
    for line in _trimmed(shown):
        pattern += r"(?:.*\n)*?" if line.strip() == "..." else re.escape(line) + r"\n"
    return re.fullmatch(pattern, "".join(line + "\n" for line in _trimmed(printed))) is not None


def check_syntax(block: Block) -> None:
    """Blocks that can't be run alone are at least well formed in their language."""
    match block.language:
        case "python":
            ast.parse(block.text)
        case "toml":
            tomllib.loads(block.text)
        case "json":
            json.loads(block.text)


def _trimmed(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip("\n").splitlines()]
