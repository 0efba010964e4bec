"""What `qualify check --mutants` tells: small changes of a definition that no story notices, and stories that would."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import indent
from typing import Any

from qualify.cli import screen
from qualify.face import Definition
from qualify.testing.mutation import Survivor, mutants, survivors
from qualify.testing.pasting import as_story, together
from qualify.testing.stories import ENDING, load_stories, story_files


class Noticing:
    """What the stories beside a definition notice; made by looking, which takes a while."""

    def __init__(self, path: Path, definition: Definition) -> None:
        files = story_files(path)
        self.file = str(files[0] if files else path.with_suffix(ENDING))
        self.stories = load_stories(path, definition) if files else ()
        self.total = sum(1 for _ in mutants(definition))
        if screen.is_terminal(sys.stderr):
            screen.tell(f"looking for leads that notice {self.total} small changes ...")
        self.unnoticed: Sequence[Survivor] = survivors(definition, self.stories)

    def show(self) -> None:
        """Print how many changes no story notices, stories that would, and those for which nothing was found."""
        screen.out("\n" + "\n\n".join((self._head(), *self._proposed(), *self._silent())))

    def to_json(self) -> dict[str, Any]:
        """The same for programs."""
        return {
            "stories": len(self.stories),
            "changes": self.total,
            "unnoticed": [
                {
                    "name": each.mutant.name,
                    "what": each.mutant.what,
                    "place": each.mutant.place,
                    "story": None if each.found is None else each.as_story(),
                }
                for each in self.unnoticed
            ],
        }

    def _head(self) -> str:
        if not self.stories:
            return f"No stories stand beside the definition, so nothing notices any of {_changes(self.total)}."
        if not self.unnoticed:
            return f"The stories ({len(self.stories)}) notice each of {_changes(self.total)}."
        none = (
            "the one story does not notice"
            if len(self.stories) == 1
            else f"none of {len(self.stories)} stories notices"
        )
        return f"Of {_changes(self.total)} there are {len(self.unnoticed)} that {none}."

    def _proposed(self) -> Iterator[str]:
        told = together((each.mutant.what, each.found) for each in self.unnoticed if each.found is not None)
        if not told:
            return
        count = sum(len(words) for words, _ in told)
        what = "This story" if len(told) == 1 else f"These {len(told)} stories"
        them = "them all" if count == len(self.unnoticed) else f"{count} of them"
        yield (
            f"{what} would notice {them}. Paste what is right into {self.file};\n"
            "where a story is wrong, so is the definition."
        )
        for words, noticed in told:
            yield "".join(f"# {what}\n" for what in words) + as_story(noticed).rstrip("\n")

    def _silent(self) -> Iterator[str]:
        silent = [each.mutant.what for each in self.unnoticed if each.found is None]
        if silent:
            yield (
                f"For {len(silent)} no lead was found that tells them apart; whether there is one isn't known:\n"
                + indent("\n".join(silent), "  ")
            )


def _changes(number: int) -> str:
    return "one small change" if number == 1 else f"{number} small changes"


__all__ = ["Noticing"]
