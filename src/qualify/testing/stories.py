"""Stories: leads that marketing and sales agree on in words, kept beside the definition (`leads.stories.toml`)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from qualify.errors import Finding, QualifyError, show_findings
from qualify.face import Definition, load
from qualify.testing.story import Story, StoryOutcome
from qualify.testing.story_reading import read_stories

ENDING = ".stories.toml"
_A_HEAD = re.compile(r"^[ \t]*[\"']?format[\"']?[ \t]*=", re.MULTILINE)
_A_TABLE = re.compile(r"^[ \t]*\[", re.MULTILINE)


class StoryError(QualifyError):
    """Stories with faults. `.faults` holds all of them, in the order of the files; the text shows them."""

    code = "story"

    def __init__(self, faults: Iterable[Finding]) -> None:
        self.faults = tuple(faults)
        super().__init__(show_findings(self.faults))


def load_stories(path: str | os.PathLike[str], definition: Definition | None = None) -> tuple[Story, ...]:
    """The stories in a file, or those of a definition, in the order of the files.

    `path` is a file of stories (`leads.stories.toml`), or a definition's file or folder: then the stories are those
    beside `leads.toml` (`leads.stories.toml`), or in and beside the folder `leads/` (`leads/*.stories.toml` and
    `leads.stories.toml`); none where there is no such file. Without `definition` they are checked against the one that
    they stand beside.

        for story in load_stories("leads/"):
            assert story.outcome(definition).passed

    Raises StoryError, which lists every fault of all files with its place; DefinitionError where the definition that
    they stand beside has faults.
    """
    place = Path(path)
    if is_story_file(place):
        files: tuple[Path, ...] = (place,)
        beside = definition_beside(place)
        if definition is None and place.is_file() and beside is None:
            raise StoryError([_no_definition(place)])
    else:
        files, beside = story_files(place), place
        if definition is None and not place.exists():
            raise StoryError([Finding("no-definition", "fault", "there is no such file or folder", file=str(path))])
    if definition is None and files and beside is not None:
        definition = load(beside)
    stories: list[Story] = []
    faults: list[Finding] = []
    for file in files:
        if definition is None:  # a file that isn't there
            faults.append(Finding("unreadable", "fault", "there is no such file of stories", file=str(file)))
            continue
        told, wrong = read_stories(file, definition.model)
        stories += told
        faults += wrong
    if faults:
        raise StoryError(faults)
    return tuple(stories)


def is_story_file(path: Path) -> bool:
    """Whether a path is a file of stories, by its name."""
    return path.name.endswith(ENDING)


def story_files(definition: Path) -> tuple[Path, ...]:
    """The files of stories that stand beside a definition's file, or in and beside its folder."""
    if definition.is_dir():
        inside = sorted(definition.glob(f"*{ENDING}"))
        outside = definition / ".." if definition.name in ("", "..") else definition.parent
        return (*inside, *_there(outside / f"{definition.resolve().name}{ENDING}"))
    return _there(definition.with_suffix(ENDING))


def definition_beside(stories: Path) -> Path | None:
    """The definition that a file of stories stands beside, or in whose folder it stands; None where there is none."""
    name = stories.name.removesuffix(ENDING)
    own = [each for each in (stories.with_name(f"{name}.toml"), stories.with_name(f"{name}.json")) if each.is_file()]
    for each in own:
        if each.suffix == ".json" or _is_head(each):
            return stories.parent if _is_part(each) else each
    folder = stories.with_name(name) if name else None
    if folder is not None and folder.is_dir() and any(folder.glob("*.toml")):
        return folder
    if len(_heads(stories.parent)) == 1:
        return stories.parent
    return own[0] if own else None


def _is_part(file: Path) -> bool:
    """Whether a file that could be a definition is one part of a folder: the one that is read first."""
    return file.name == "definition.toml" and _heads(file.parent) == [file]


def _heads(folder: Path) -> list[Path]:
    """The files in a folder that begin a definition; the others are parts of one, or something else."""
    files = (each for each in sorted(folder.glob("*.toml")) if not each.name.endswith((".mapping.toml", ENDING)))
    return [each for each in files if _is_head(each)]


def _is_head(file: Path) -> bool:
    try:
        text = file.read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return False
    return bool(_A_HEAD.search(_A_TABLE.split(text, 1)[0]))


def _there(file: Path) -> tuple[Path, ...]:
    return (file,) if file.is_file() else ()


def _no_definition(stories: Path) -> Finding:
    name = stories.name.removesuffix(ENDING)
    message = f"no definition stands beside these stories: {name}.toml, {name}.json or the folder {name}/"
    return Finding("no-definition", "fault", message, file=str(stories))


__all__ = ["Story", "StoryError", "StoryOutcome", "definition_beside", "is_story_file", "load_stories", "story_files"]
