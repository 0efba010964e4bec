"""Stories: leads that marketing and sales agree on in words, kept beside the definition (`leads.stories.toml`)."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from qualify.errors import Finding, QualifyError, show_findings
from qualify.face import Definition, load
from qualify.testing.story import Story, StoryOutcome
from qualify.testing.story_places import ENDING, definition_beside, is_story_file, no_definition, story_files
from qualify.testing.story_reading import read_stories


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
    `leads.stories.toml`), and where no other definition stands beside it those of any name; none where there is no such
    file. Without `definition` they are checked against the one that they stand beside.

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
            raise StoryError([no_definition(place)])
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


__all__ = [
    "ENDING", "Story", "StoryError", "StoryOutcome", "definition_beside", "is_story_file", "load_stories", "story_files",
]  # fmt: skip
