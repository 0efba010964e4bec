"""What pytest learns from qualify: stories as tests, fixtures, and comparisons of verdicts that say what differs.

It is loaded in every pytest run of everybody who has the package installed, so nothing of the library is imported
here until a run uses it.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from qualify import Definition, QualifyError
    from qualify.testing import Coverage, Story
    from qualify.testing.stories import StoryOutcome

ENDING = ".stories.toml"
AS_OF = "2026-01-15T12:00:00Z"
WATCHER = "qualify-coverage"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options and settings, in a group of their own."""
    group = parser.getgroup("qualify", "definitions of a qualified lead")
    group.addoption(
        "--qualify-cov",
        action="store_true",
        help="Say at the end which outcomes of the definition (qualify_definition) this run has shown.",
    )
    group.addoption(
        "--qualify-cov-fail-under",
        type=_percent,
        metavar="PERCENT",
        help="Fail where the run has shown fewer than these (0 to 100); switches --qualify-cov on.",
    )
    parser.addini("qualify_definition", "The definition that this suite is about: a file or a folder, from this file.")
    parser.addini("qualify_as_of", f"The moment that the fixture as_of gives ({AS_OF} where nothing is said).")


def _percent(text: str) -> float:
    """What can be required of a hundred; argparse tells what can't."""
    from argparse import ArgumentTypeError

    try:
        percent = float(text)
    except ValueError:
        percent = -1
    if not 0 <= percent <= 100:
        raise ArgumentTypeError(f"a number from 0 to 100 is required, not {text[:40]!r}")
    return percent


def pytest_configure(config: pytest.Config) -> None:
    """Watch what verdicts show, where that was asked for."""
    if config.getoption("--qualify-cov") or config.getoption("--qualify-cov-fail-under") is not None:
        config.pluginmanager.register(_Watcher(config), WATCHER)


# --- stories ---


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A file of stories is a file of tests; the ending of a name alone may be somebody else's."""
    if not file_path.name.endswith(ENDING):
        return None
    if _spoken_of(file_path, parent.config) is None and not _tells_stories(file_path):
        return None
    return StoryFile.from_parent(parent, path=file_path)


class StoryFile(pytest.File):
    """A file of stories: each is a test, named by its title."""

    def collect(self) -> Iterator[StoryItem]:
        """The stories, in the file's order; its faults, all of them, are an error of the collection."""
        from qualify import load
        from qualify.errors import QualifyError
        from qualify.testing.stories import StoryError, load_stories
        from qualify.testing.story_places import no_definition

        path = _from_here(self.path, self.config)
        try:
            spoken_of = _spoken_of(self.path, self.config)
            if spoken_of is None:
                raise StoryError([no_definition(path)])
            definition = load(_from_here(spoken_of, self.config))
            stories = load_stories(path, definition)
        except QualifyError as why:
            raise self.CollectError(str(why)) from None
        for story in stories:
            yield StoryItem.from_parent(self, name=" ".join(story.title.split()), story=story, definition=definition)


def _spoken_of(stories: Path, config: pytest.Config) -> Path | None:
    """The definition of a file of stories: that of its name or folder, else the suite's, else the only one beside it."""
    from qualify.testing.story_places import definition_beside, definition_of

    return definition_of(stories) or _definition_path(config) or definition_beside(stories)


def _tells_stories(file: Path) -> bool:
    return "[[story]]" in file.read_text(encoding="utf-8", errors="replace")


class StoryItem(pytest.Item):
    """A story as a test."""

    def __init__(self, *, story: Story, definition: Definition, **more: Any) -> None:
        super().__init__(**more)
        self.story, self.definition = story, definition

    def runtest(self) -> None:
        """Ask the definition."""
        outcome = self.story.outcome(self.definition)
        if not outcome.passed:
            raise StoryFailure(outcome)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What was expected beside what came out."""
        if isinstance(excinfo.value, StoryFailure):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where the story stands, and its title."""
        return self.path, None if self.story.line is None else self.story.line - 1, self.name


class StoryFailure(AssertionError):
    """A story out of which something else came; its text tells what."""

    def __init__(self, outcome: StoryOutcome) -> None:
        super().__init__(outcome.told())
        self.outcome = outcome


def _from_here(path: Path, config: pytest.Config) -> Path:
    """A path as it is shown: from the folder in which pytest was called, where it lies below it."""
    from pathlib import Path

    start = config.invocation_params.dir
    return path.relative_to(start) if start == Path.cwd() and path.is_relative_to(start) else path


# --- fixtures ---


@pytest.fixture(scope="session")
def qualify_definition(pytestconfig: pytest.Config) -> Definition:
    """The definition that the suite is about: the ini option `qualify_definition` says where it stands."""
    path = _definition_path(pytestconfig)
    if path is None:
        pytest.fail(_UNSET.format("the fixture qualify_definition"), pytrace=False)
    from qualify import load
    from qualify.errors import QualifyError

    try:
        return load(_from_here(path, pytestconfig))
    except QualifyError as why:
        said = _first_line(why)
    pytest.fail(f"qualify_definition: {said}", pytrace=False)


@pytest.fixture(scope="session")
def as_of(pytestconfig: pytest.Config) -> datetime:
    """A moment that stands still: the ini option `qualify_as_of`, else noon of 15 January 2026 (UTC)."""
    from contextlib import suppress
    from datetime import UTC, datetime

    said = str(pytestconfig.getini("qualify_as_of")).strip() or AS_OF
    moment = None
    with suppress(ValueError):
        moment = datetime.fromisoformat(said)
    if moment is None:
        pytest.fail(f"qualify_as_of is a moment, such as {AS_OF}, not {said!r}", pytrace=False)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@pytest.fixture(scope="session")
def assert_verdict() -> Callable[..., None]:
    """Assert what a verdict says, in the words of stories: `assert_verdict(verdict, stage="sql", missing=[])`."""
    from qualify.testing.expected import check_verdict

    return check_verdict


_UNSET = (
    "{} needs to know the definition: set qualify_definition, a file or a folder, "
    'in the settings of pytest, such as qualify_definition = "leads.toml"'
)


def _first_line(why: QualifyError) -> str:
    """What is wrong with a setting: a line where no file can be shown, all faults of a definition that has some."""
    faults = getattr(why, "faults", ())
    return str(why) if any(fault.line for fault in faults) else str(why).partition("\n")[0]


def _definition_path(config: pytest.Config) -> Path | None:
    said = str(config.getini("qualify_definition")).strip()
    return (config.inipath.parent if config.inipath else config.rootpath) / said if said else None


# --- comparisons ---


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """What differs between two verdicts, in words."""
    if op != "==" or "qualify.verdict.verdict" not in sys.modules:
        return None  # nobody has a verdict
    from qualify import Verdict

    if not (isinstance(left, Verdict) and isinstance(right, Verdict)):
        return None
    from qualify.testing.comparing import compared

    return compared(left, right)


# --- coverage of a definition ---


class _Watcher:
    """Sees every verdict of the suite's definition, and says at the end which outcomes were shown.

    Under xdist each worker sees its own, and tells the controller.
    """

    def __init__(self, config: pytest.Config) -> None:
        path = _definition_path(config)
        if path is None:
            raise pytest.UsageError(_UNSET.format("--qualify-cov"))
        from qualify import load
        from qualify.errors import QualifyError
        from qualify.testing.coverage import Coverage

        try:
            self.coverage: Coverage = Coverage(load(_from_here(path, config)))
        except QualifyError as why:
            raise pytest.UsageError(f"qualify_definition: {_first_line(why)}") from None
        self.ran = False
        self.floor: float | None = config.getoption("--qualify-cov-fail-under")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Iterator[None]:
        with self.coverage.watching():
            found = yield  # raises where the run is stopped, or nothing could be collected
        self.ran = not session.config.option.collectonly
        output = getattr(session.config, "workeroutput", None)
        if output is not None:
            output[WATCHER] = self.coverage.to_data()
        elif self.ran and self.short and session.exitstatus == pytest.ExitCode.OK and not session.testsfailed:
            session.testsfailed += 1
        return found

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """A worker of xdist has ended."""
        data = getattr(node, "workeroutput", {}).get(WATCHER)
        if data is not None:
            self.coverage.merge(data)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """The report, and whether it is enough; of a run that came to nothing there is nothing to tell."""
        if not self.ran:
            return
        terminalreporter.section("coverage of the definition")
        for line in self.coverage.report():
            terminalreporter.write_line(line)
        if self.short:
            terminalreporter.write_line(
                f"FAIL: {self.coverage.percent:.1f} % of the outcomes were seen, {self.floor:g} % are required",
                red=True,
            )

    @property
    def short(self) -> bool:
        """Whether fewer outcomes were seen than are required."""
        return self.floor is not None and self.coverage.percent < self.floor
