"""`mentions` as regular expressions that all engines read alike.

Words are runs of the characters that the language names, so the classes have explicit ranges; only plain groups stand
in a pattern, no flags, no escapes and no look-around.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qualify.text import word_class

LONGEST = 20_000
"""Characters of one pattern; more phrases are asked for in several."""
_WORD = f"[{word_class()}]"
_APART = f"[^{word_class()}]"


def patterns_of(phrases: Sequence[tuple[tuple[str, ...], bool]]) -> Iterator[str]:
    """Patterns of which one is found in a folded text that holds any of the phrases.

    >>> len(list(patterns_of([(("head", "of"), False), (("automat",), True)])))  # whole words, and stems
    2
    """
    whole = [f"{_APART}+".join(row) for row, stem in phrases if not stem]
    stems = [f"{_APART}+".join(row) for row, stem in phrases if stem]
    for some in _shortened(whole):
        yield f"(^|{_APART})({'|'.join(some)})($|{_APART})"
    for some in _shortened(stems):
        yield f"(^|{_APART})({'|'.join(some)})"


def _shortened(parts: list[str]) -> Iterator[list[str]]:
    some: list[str] = []
    for part in parts:
        if some and sum(map(len, some)) + len(part) > LONGEST:
            yield some
            some = []
        some.append(part)
    if some:
        yield some
