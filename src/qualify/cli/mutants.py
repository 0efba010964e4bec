"""What `qualify check --mutants` tells: small changes of a definition that no story notices, and stories that would."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from textwrap import indent
from typing import Any

from qualify.cli import screen
from qualify.face import Definition
from qualify.testing.mutation import Survivor, mutants, survivors
from qualify.testing.pasting import as_story, together
from qualify.testing.stories import Story


def unnoticed(definition: Definition, stories: Sequence[Story]) -> tuple[int, list[Survivor]]:
    """How many small changes there are, and those that no story notices."""
    total = sum(1 for _ in mutants(definition))
    if screen.is_terminal(sys.stderr):
        screen.tell(f"making {total} small changes and looking for leads that notice them, which takes a while ...")
    return total, survivors(definition, stories)


def account(stories: Sequence[Story], file: str, total: int, found: Sequence[Survivor]) -> str:
    """The report: how many changes no story notices, stories that would, and what nothing was found for."""
    if not stories:
        head = f"There are no stories beside this definition ({file}): nothing notices any of {total} small changes."
    elif not found:
        return f"Each of {total} small changes is noticed by a story."
    else:
        head = f"{len(found)} of {total} small changes would be noticed by no story ({len(stories)} in all)."
    parts = [head]
    told = together((each.mutant.what, each.found) for each in found if each.found is not None)
    if told:
        count = sum(len(words) for words, _ in told)
        if len(told) == 1:
            parts.append(f"This story would notice {_changes(count)}. If it is right, paste it into {file}:")
        else:
            parts.append(
                f"These {len(told)} stories would notice {_changes(count)}. Paste those that are right into {file};\n"
                "where one is wrong, so is the definition:"
            )
        for words, noticed in told:
            parts.append("".join(f"# {what}\n" for what in words) + as_story(noticed).rstrip("\n"))
    silent = [each.mutant.what for each in found if each.found is None]
    if silent:
        parts.append(
            f"For {_changes(len(silent))} no lead was found that would tell; perhaps nothing depends on it:\n"
            + indent("\n".join(silent), "  ")
        )
    return "\n\n".join(parts)


def as_data(stories: Sequence[Story], total: int, found: Sequence[Survivor]) -> dict[str, Any]:
    """The same for programs."""
    return {
        "stories": len(stories),
        "changes": total,
        "unnoticed": [
            {
                "name": each.mutant.name,
                "what": each.mutant.what,
                "place": each.mutant.place,
                "story": None if each.found is None else each.as_story(),
            }
            for each in found
        ],
    }


def _changes(number: int) -> str:
    return "one change" if number == 1 else f"{number} changes"


__all__ = ["account", "as_data", "unnoticed"]
