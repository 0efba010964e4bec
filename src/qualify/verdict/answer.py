"""The words of a verdict: an answer has three, a stage four."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Answer(StrEnum):
    """Yes, no, or unknown.

    An unknown answer is neither: `if answer:` is an error for it, so that nobody takes unknown for no.

    >>> bool(Answer.YES), bool(Answer.NO), str(Answer.UNKNOWN)
    (True, False, 'unknown')
    """

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    def __bool__(self) -> bool:
        if self is Answer.UNKNOWN:
            raise ValueError("this answer is unknown, neither yes nor no: compare it, as in 'answer is Answer.YES'")
        return self is Answer.YES

    @classmethod
    def of(cls, answer: bool | None) -> Answer:
        """The answer of a rule: True, False or (None) unknown."""
        return ANSWERS[answer]


ANSWERS: Mapping[bool | None, Answer] = {True: Answer.YES, False: Answer.NO, None: Answer.UNKNOWN}
"""What an engine says, as the word for it."""
BY_ANSWER: Mapping[Answer, bool | None] = {word: answer for answer, word in ANSWERS.items()}
"""The other way round."""


class StageState(StrEnum):
    """Where a lead stands with a stage."""

    REACHED = "reached"
    NOT_YET = "not_yet"
    DISQUALIFIED = "disqualified"
    UNDETERMINED = "undetermined"
