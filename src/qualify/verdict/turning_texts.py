"""Where tests of texts and lists turn: texts put together of the phrases that a rule names, and choices among entries.

Phrases that no test tells apart are one phrase, so that long lists cost little.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from math import prod
from typing import Any

from qualify.engine.meaning import Meaning
from qualify.rules.tree import Compare, Has, In, Match, Name, Rule, Text, Texts
from qualify.text import clean, fold
from qualify.verdict.phrases import OTHER

MOST_TEXTS = 300
LONGEST_KEPT = 300
"""Characters of a text that a phrase is added to; a longer one is replaced."""
MOST_CHOICES = 512
"""Ways of choosing among a list's entries up to which all are tried."""


def turning_texts(name: str, tests: list[Rule], now: str | None, meaning: Meaning) -> Iterator[str]:
    """The texts that rules name, those that hold their phrases in every combination, and others."""
    matches = [test for test in tests if isinstance(test, Match)]
    starts: list[str] = [""]
    ends: list[str] = [""]
    held: list[list[str]] = []
    for test in tests:
        match test:
            case Compare(Name(), _, Text(text)) | Compare(Text(text), _, Name()):
                yield clean(text)
            case Compare(Name(one), _, Name(other)):
                value = meaning.sight.fields.get(other if one == name else one)
                if isinstance(value, str):
                    yield value
            case In(Name(), Texts() | Name() as listed):
                yield from _apart(name, (clean(text) for text in meaning.texts(listed)[:MOST_TEXTS]), tests, meaning)
            case Match(Name(), how, listed):
                phrases = [_holding(text, how) for text in meaning.texts(listed)[:MOST_TEXTS]]
                phrases = _apart(name, phrases, matches, meaning)
                yield from (clean(text) for text in phrases)
                if how == "starts with":
                    starts += phrases
                elif how == "ends with":
                    ends += phrases
                else:
                    held.append(["", *phrases])
            case _:
                pass
    between = [now] if now and len(now) <= LONGEST_KEPT else []
    for start, end, *phrases in product(starts, ends, *held):
        once = tuple(dict.fromkeys(phrase for phrase in phrases if phrase))
        for kept in (*between, "", OTHER[0]):
            text = clean(" ".join(part for part in (start, kept, *once, end) if part))
            if text:  # an empty one would be missing
                yield text
    yield from OTHER


def _holding(text: str, how: str) -> str:
    """A text for which a match with this one says yes: a word that ends in `*` goes on, and blanks have something beside."""
    if how == "mentions":
        return f"{text[:-1]}s" if text.endswith("*") else text
    return f"x{text}x" if how == "contains" and text != clean(text) else text


def _apart(name: str, texts: Iterable[str], tests: Sequence[Rule], meaning: Meaning) -> list[str]:
    """One text for each way in which tests answer."""
    found: dict[tuple[Any, ...], str] = {}
    for text in texts:
        found.setdefault(tuple(meaning.answer(test, {name: text}) for test in tests), text)
    return list(found.values())


def turning_lists(
    choices: tuple[str, ...], tests: list[Rule], now: tuple[str, ...] | None, meaning: Meaning
) -> Iterator[Any]:
    """Every choice among the entries that tests tell apart, the likest to what is there first, and other entries."""
    have = {fold(clean(each)): each for each in now or ()}
    groups = _groups(tests, meaning)
    spoken = {entry: text for group in groups for entry, text in group.items()}
    others = tuple(text for entry, text in have.items() if entry not in spoken)
    options = [_options(group, have) for group in groups]
    chosen = frozenset(have) & frozenset(spoken)
    if prod(map(len, options)) <= MOST_CHOICES:
        picked = [frozenset[str]().union(*parts) for parts in product(*options)]
    else:
        picked = [chosen | option for options_ in options for option in options_]
        picked += [frozenset(option) for options_ in options for option in options_]
        picked += [frozenset(spoken)]
    for pick in sorted(dict.fromkeys(picked), key=lambda each: len(chosen ^ each)):
        kept = tuple(text for entry, text in have.items() if entry in pick or entry not in spoken)
        yield (*kept, *(text for entry, text in spoken.items() if entry in pick and entry not in have))
    yield others
    yield (choices[0],) if choices else (OTHER[0],)
    yield ()


def tells_all(tests: list[Rule], now: Any, meaning: Meaning) -> bool:
    """Whether what is tried for a text or a list is all that its tests can tell apart."""
    named = (test.values for test in tests if isinstance(test, Match | In | Has))
    if any(len(meaning.texts(values)) > MOST_TEXTS for values in named if isinstance(values, Texts | Name)):
        return False
    if not any(isinstance(test, Has) for test in tests):
        return True
    have = {fold(clean(each)): each for each in now or ()}
    return prod(len(_options(group, have)) for group in _groups(tests, meaning)) <= MOST_CHOICES


def _groups(tests: list[Rule], meaning: Meaning) -> list[dict[str, str]]:
    """The entries that rules name, folded and as written; those that stand in the same rules together."""
    listed = [
        {fold(clean(text)): clean(text) for text in meaning.texts(test.values)[:MOST_TEXTS]}
        for test in tests
        if isinstance(test, Has)
    ]
    groups: dict[tuple[bool, ...], dict[str, str]] = {}
    for entry, text in {entry: text for texts in listed for entry, text in texts.items()}.items():
        groups.setdefault(tuple(entry in texts for texts in listed), {})[entry] = text
    return list(groups.values())


def _options(group: dict[str, str], have: dict[str, str]) -> list[frozenset[str]]:
    """What can be chosen of entries that stand in the same rules: none, what is there, one more, or all."""
    entries = list(group)
    there = frozenset(entry for entry in entries if entry in have)
    found = [frozenset[str](), there, frozenset(entries), frozenset(entries[:1])]
    return list(dict.fromkeys(found))
