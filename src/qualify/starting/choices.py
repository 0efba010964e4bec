"""Which words of a column may be written into a definition: a few, that many rows have, and that say nothing of a person."""

from __future__ import annotations

import re
from collections import Counter

from qualify.starting.column import Column
from qualify.starting.words import MAY_HAVE_CHOICES, PRIVATE_WORDS
from qualify.text import fold, refused_character

MOST_CHOICES = 20
MOST_VALUES = 60
"""A column with more different values is no choice, whatever many of them are."""

LEAST_ROWS = 5
LEAST_SHARE = 0.01
COVERED = 0.95
LONGEST_CHOICE = 60

_PRIVATE = re.compile(r"@|https?:|www\.|\d[\d\s().+/-]{5,}\d|[+]\d")


def may_be_private(words: str) -> bool:
    """Whether a column so called may hold what is personal."""
    return bool(PRIVATE_WORDS & set(words.split()))


def choices_of(column: Column, standard: str | None, rows: int) -> tuple[tuple[str, ...], str]:
    """The column's choices, the commonest first, and what to say about them; none where it is not a choice of few."""
    allowed = standard in MAY_HAVE_CHOICES if standard else not may_be_private(column.words)
    if not allowed or not column.known or column.texts < column.known:
        return (), ""
    spellings: dict[str, str] = {}
    counts = Counter[str]()
    for text, count in sorted(column.as_text(), key=lambda each: (-each[1], each[0])):
        spellings.setdefault(fold(text), text)
        counts[fold(text)] += count
    if len(counts) > MOST_VALUES:
        return (), ""
    least = max(LEAST_ROWS, LEAST_SHARE * rows)
    common = [
        word for word, count in counts.most_common(MOST_CHOICES) if count >= least and _can_stand(spellings[word])
    ]
    covered = sum(counts[word] for word in common)
    if len(common) < 2 or covered < COVERED * column.known:
        return (), ""
    rare = len(counts) - len(common)
    said = f"{len(common)} different words"
    if rare:
        outside = column.known - covered
        said = f"{len(common)} of {len(counts)} different words stand here, the rest is in {outside:,} row{'s' * (outside != 1)}"
    return tuple(spellings[word] for word in common), said


def _can_stand(text: str) -> bool:
    return (
        len(text) <= LONGEST_CHOICE
        and text.isprintable()
        and refused_character(text) is None
        and not _PRIVATE.search(text)
    )
