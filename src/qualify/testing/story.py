"""One story: a lead at a moment, and what marketing and sales expect of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qualify.face import Definition
from qualify.testing.expected import Difference, differences, moment, told
from qualify.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Story:
    """One lead at one moment, and what is expected of the definition that the story stands beside.

    >>> from datetime import UTC
    >>> import qualify
    >>> definition = qualify.define(
    ...     name="Small",
    ...     teams={"sales": "Sales"},
    ...     traits={"large": {"team": "sales", "when": "employees >= 50", "why": "They need us."}},
    ...     stages={"sql": {"requires": {"sales": "large"}}},
    ... )
    >>> story = Story("Fifty are enough", {"employees": 49}, datetime(2026, 11, 2, 12, tzinfo=UTC), {"stage": "sql"})
    >>> outcome = story.outcome(definition)
    >>> outcome.passed, str(outcome.differences[0])
    (False, 'stage: expected sql, came out none')
    """

    title: str
    """What comes out and why, in words."""
    lead: dict[str, Any]
    """The lead's fields, and under `activities` what happened, where the story tells it."""
    as_of: datetime
    """The moment at which it is asked."""
    expect: Mapping[str, Any]
    """What must come out, in the form of the file."""
    file: str | None = None
    """The file that tells it."""
    line: int | None = None
    """The line of its title in that file."""
    number: int | None = None
    """Its number among the leads that were published with the definition (the file's `lead`)."""
    published: str | None = None
    """What was expected of it there, in the words of that page."""
    differs: str | None = None
    """Why something else comes out here than was published."""

    @property
    def place(self) -> str:
        """Where it stands: `leads.stories.toml:14`."""
        return f"{self.file}:{self.line}" if self.line else self.file or "a story"

    def outcome(self, definition: Definition) -> StoryOutcome:
        """What comes out of the story by this definition: its adopted facts, nothing that is in shadow or proposed.

        Raises LeadError where the definition can't read the story's lead.
        """
        verdict = definition.qualify(self.lead, as_of=self.as_of)
        return StoryOutcome(self, verdict, differences(verdict, self.expect))


@dataclass(frozen=True, slots=True)
class StoryOutcome:
    """What came out of a story."""

    story: Story
    verdict: Verdict
    differences: tuple[Difference, ...]
    """What came out otherwise than expected; empty where the story passed."""

    @property
    def passed(self) -> bool:
        """Whether everything came out as the story expects."""
        return not self.differences

    def told(self) -> str:
        """The story, what it expects beside what came out, and the explained verdict: plain text."""
        story = self.story
        head = f"{story.title}\n{story.place}, as of {moment(self.verdict)}"
        if self.passed:
            return f"{head}\n\n  all comes out as told\n\n{self.verdict.explain(width=80)}"
        return f"{head}\n\n{told(self.verdict, self.differences)}"


__all__ = ["Story", "StoryOutcome"]
