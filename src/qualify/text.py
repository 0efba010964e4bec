"""What text means: how it is cleaned, when two texts are the same, and what a word is.

Every engine (Python, frames, SQL) folds and splits text by these tables, so that all give the same answer.
The tables were measured over all code points on the engines' own functions: see docs/explanation/text.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from unicodedata import normalize

Ranges = tuple[tuple[int, int], ...]

WHITE_SPACE: Ranges = (
    (0x0009, 0x000D), (0x001C, 0x0020), (0x0085, 0x0085), (0x00A0, 0x00A0), (0x1680, 0x1680), (0x2000, 0x200A),
    (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000),
)  # fmt: skip
"""The 29 white-space characters that are stripped from both ends of a text."""

WORD_CHARACTERS: Ranges = (
    (0x0030, 0x0039), (0x0041, 0x005A), (0x0061, 0x007A),
    (0x00AA, 0x00AA), (0x00B2, 0x00B3), (0x00B5, 0x00B5), (0x00B9, 0x00BA), (0x00BC, 0x00BE), (0x00C0, 0x00D6),
    (0x00D8, 0x00F6), (0x00F8, 0x167F), (0x1681, 0x1FFF), (0x200C, 0x200D), (0x2070, 0x209F), (0x20D0, 0x218F),
    (0x2460, 0x24FF), (0x2C00, 0x2DFF), (0x2E80, 0x2FEF), (0x3005, 0x3007), (0x3021, 0x302F), (0x3031, 0x303C),
    (0x3040, 0x30FA), (0x30FC, 0xD7FF), (0xF900, 0xFD3D), (0xFD40, 0xFDFF), (0xFE20, 0xFE2F), (0xFE70, 0xFEFE),
    (0xFF10, 0xFF19), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A), (0xFF66, 0xFFDF), (0x10000, 0x1EFFF), (0x1FB00, 0x3FFFD),
)  # fmt: skip
"""What is part of a word; all else separates words, `_ & ' -` too."""

REFUSED_IN_LITERALS: Ranges = (
    (0x019B, 0x019B), (0x0264, 0x0264), (0x0277, 0x0277), (0x027C, 0x027C), (0x1C89, 0x1C8A), (0xA7CB, 0xA7CF),
    (0xA7D2, 0xA7D5), (0xA7DA, 0xA7DD), (0xA7E2, 0xA7E2), (0xAB4B, 0xAB4C), (0xAB6C, 0xAB6D), (0x10D50, 0x10D65),
    (0x10D70, 0x10D85), (0x16EA0, 0x16EB8), (0x16EBB, 0x16ED3), (0x1DF40, 0x1DF41), (0x1DF48, 0x1DF4B),
    (0x1DF4D, 0x1DF4E), (0x1DF51, 0x1DF52), (0x1DF68, 0x1DF6F), (0x1DF72, 0x1DF7F),
)  # fmt: skip
"""150 folded code points on whose case engines disagree; no literal of a definition may hold one."""


def _class(ranges: Ranges) -> str:
    return "".join(chr(low) if low == high else f"{chr(low)}-{chr(high)}" for low, high in ranges)


STRIPPED = "".join(chr(code) for low, high in WHITE_SPACE for code in range(low, high + 1))
"""The 29 white-space characters that are stripped at both ends."""


def word_class() -> str:
    """The characters of words, as they stand between the brackets of a regular expression."""
    return _class(WORD_CHARACTERS)


_WORD = re.compile(f"[{word_class()}]+")
_REFUSED = re.compile(f"[{_class(REFUSED_IN_LITERALS)}]")


def compose(text: str) -> str:
    """A text in composed form (NFC), in which one letter has one spelling."""
    return text if text.isascii() else normalize("NFC", text)


def clean(text: str) -> str:
    r"""A text as it is kept: composed (NFC), without white space at its ends. May come out empty.

    >>> clean("  Acme\u00a0")
    'Acme'
    """
    return compose(text).strip(STRIPPED)


def fold(text: str) -> str:
    """A text as it is compared: without case.

    >>> fold("STRASSE") == fold("Straße"), fold("İstanbul") == fold("ISTANBUL"), fold("é") == fold("e")
    (True, True, False)
    """
    if text.isascii():
        return text.lower()
    return text.replace("İ", "i").replace("ß", "ss").replace("ẞ", "ss").lower().replace("ς", "σ")


def refused_character(literal: str) -> str | None:
    """The first character of a literal on whose case engines disagree, or None."""
    if literal.isascii():
        return None
    found = _REFUSED.search(fold(literal))
    return found.group() if found else None


def words(text: str) -> list[str]:
    """The words of a text, folded, in their order.

    >>> words("Co-owner & Managing_Director")
    ['co', 'owner', 'managing', 'director']
    """
    return _WORD.findall(fold(text))


def phrase_fault(phrase: str) -> str | None:
    """Why `mentions` can't look for this phrase, or None if it can."""
    body = phrase[:-1] if phrase.endswith("*") else phrase
    if not body or not _WORD.search(body):
        return "a phrase needs at least one letter or digit"
    if not _WORD.match(body[-1]) or not _WORD.match(body[0]):
        return "a phrase begins and ends with a letter or digit (only '*' may follow); else it would find every word"
    if "*" in body:
        return "'*' may only end the last word of a phrase"
    return None


class Phrases:
    """Phrases to look for in texts: whole words in a row, the last of which may be a stem (`automat*`).

    >>> Phrases(["vp", "head of", "automat*"]).found_in("Head  of Sales")
    True
    >>> Phrases(["cto"]).found_in("Director")
    False
    """

    __slots__ = ("_rows", "_single", "_stems")

    def __init__(self, phrases: Iterable[str]) -> None:
        single: set[str] = set()
        stems: list[str] = []
        rows: dict[str, list[tuple[list[str], bool]]] = {}
        for phrase in phrases:
            row, stem = words(clean(phrase)), phrase.endswith("*")
            if len(row) > 1:
                rows.setdefault(row[0], []).append((row, stem))
            elif stem:
                stems.append(row[0])
            else:
                single.add(row[0])
        self._single, self._stems, self._rows = frozenset(single), tuple(stems), rows

    def found_in(self, text: str) -> bool:
        """Whether any of the phrases stands in `text`."""
        found = words(text)
        if not self._single.isdisjoint(found):
            return True
        if self._stems and any(word.startswith(self._stems) for word in found):
            return True
        return bool(self._rows) and self._row_in(found)

    def _row_in(self, found: Sequence[str]) -> bool:
        for at, word in enumerate(found):
            for row, stem in self._rows.get(word, ()):
                last = at + len(row) - 1
                if last >= len(found) or list(found[at:last]) != row[:-1]:
                    continue
                if found[last].startswith(row[-1]) if stem else found[last] == row[-1]:
                    return True
        return False
