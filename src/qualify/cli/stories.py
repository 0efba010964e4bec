"""`qualify check --stories`: the stories beside a definition are asked, without pytest."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from qualify.cli import screen
from qualify.errors import Finding, QualifyError, show_findings
from qualify.face import Definition
from qualify.testing.expected import Difference, plain
from qualify.testing.stories import ENDING, StoryError, StoryOutcome, load_stories, story_files
from qualify.testing.story_places import no_definition, unclaimed


@dataclass(frozen=True, slots=True)
class AskedFile:
    """What came of the stories in one file, or what is wrong with it."""

    file: Path
    outcomes: tuple[StoryOutcome, ...] = ()
    faults: tuple[Finding, ...] = ()

    @property
    def failing(self) -> list[StoryOutcome]:
        """The stories out of which something else came."""
        return [each for each in self.outcomes if not each.passed]

    @property
    def fine(self) -> bool:
        """Whether there is nothing to do about this file."""
        return not self.faults and not self.failing


@dataclass(frozen=True, slots=True)
class AskedStories:
    """What came of all the stories beside a definition."""

    files: tuple[AskedFile, ...]
    unclaimed: tuple[Path, ...] = ()
    """Files of stories beside it that may as well be another definition's; nobody asks them."""

    @classmethod
    def beside(cls, path: Path, definition: Definition) -> AskedStories:
        """Ask every story beside a definition, a file after the other.

        Raises QualifyError where no stories stand beside it.
        """
        files = story_files(path)
        if not files:
            name = path.resolve().name if path.is_dir() else path.stem
            where = f"{name}/*{ENDING}, or {name}{ENDING} beside the folder" if path.is_dir() else f"{name}{ENDING}"
            told = "".join(f"\n{file}: {no_definition(file).message}" for file in unclaimed(path))
            raise QualifyError(f"no stories stand beside {path}: they would be in {where}{told}", code="no-stories")
        return cls(tuple(_asked(file, definition) for file in files), unclaimed(path))

    @property
    def fine(self) -> bool:
        """Whether everything comes out as told."""
        return all(each.fine for each in self.files)

    def show(self) -> None:
        """Print a line a file, and below it whatever is wrong."""
        for each in self.files:
            if each.faults:
                screen.out(f"{each.file}: can't be asked\n\n{show_findings(each.faults)}")
                continue
            several, failing = len(each.outcomes) > 1, len(each.failing)
            told = f"{len(each.outcomes)} {'stories' if several else 'story'}"
            if failing:
                screen.out(f"{each.file}: {told}, {failing} {'come' if failing > 1 else 'comes'} out otherwise")
            else:
                screen.out(f"{each.file}: {told}, {'all come out' if several else 'comes out'} as told")
            for outcome in each.failing:
                screen.out(f"\n{outcome.told()}")
        for file in self.unclaimed:
            screen.tell(f"{file}: not asked; {no_definition(file).message}")

    def to_json(self) -> list[dict[str, Any]]:
        """The same for programs, a file after the other."""
        return [
            {
                "file": str(each.file),
                "stories": len(each.outcomes),
                "faults": [finding.to_dict() for finding in each.faults],
                "failing": [
                    {
                        "title": outcome.story.title,
                        "line": outcome.story.line,
                        "differences": [_difference(differing) for differing in outcome.differences],
                        "told": outcome.told(),
                    }
                    for outcome in each.failing
                ],
            }
            for each in self.files
        ]


def _asked(file: Path, definition: Definition) -> AskedFile:
    try:
        told = load_stories(file, definition)
    except StoryError as why:
        return AskedFile(file, faults=why.faults)
    return AskedFile(file, tuple(story.outcome(definition) for story in told))


def _difference(found: Difference) -> dict[str, Any]:
    return {
        "part": found.part,
        "name": found.name,
        "expected": _data(plain(found.expected)),
        "came_out": _data(plain(found.came_out)),
    }


def _data(value: object) -> object:
    match value:
        case list():
            return [_data(each) for each in value]
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case _:
            return value
