"""What the generated function calls: the parts that are no faster written out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from math import inf
from typing import Any, TypeAlias

from qualify.engine import moments, numbers
from qualify.engine.clock import Clock
from qualify.engine.sight import LONGEST_REMEMBERED, MOST_REMEMBERED, domain_of
from qualify.text import clean, fold
from qualify.values import Unreadable, amount_in_ten_thousandths, kind_of

Atom: TypeAlias = Callable[[str, str], bool]
"""A question about a text: its folded form and its own."""


class Remembered:
    """Text -> the answers to all that is asked of a field, reckoned when a text is new.

    One question has a bare answer, several have a tuple. The memory is bounded, and long texts are not kept.
    """

    def __init__(self, atoms: list[tuple[Atom | None, bool | None]]) -> None:
        self.atoms = atoms
        self.missing = self._joined(nothing for _, nothing in atoms)
        self.known: dict[str | None, Any] = {None: self.missing}
        self.last: tuple[str, Any] = ("", self.missing)

    @staticmethod
    def _joined(answers: Iterable[bool | None]) -> Any:
        given = tuple(answers)
        return given if len(given) > 1 else given[0]

    def learn(self, text: object) -> Any:
        """The answers for a text that is not known yet; Unreadable for what is no text."""
        if text is None:  # another thread has just emptied the memory
            return self.missing
        if not isinstance(text, str):
            raise Unreadable("text", kind_of(text))
        if text is self.last[0]:  # a long text that is asked about again and again
            return self.last[1]
        answers = self.missing
        if cleaned := clean(text):
            folded = fold(cleaned)
            answers = self._joined(True if atom is None else atom(folded, cleaned) for atom, _ in self.atoms)
        if len(text) <= LONGEST_REMEMBERED:
            if len(self.known) >= MOST_REMEMBERED:
                self.known.clear()
                self.known[None] = self.missing
            self.known[text] = answers
        else:
            self.last = (text, answers)
        return answers


class TierPoints(dict[int, tuple[int, int]]):
    """Mask -> the least that its possible cases give, and what could come on top."""

    def __init__(self, points: list[int]) -> None:
        super().__init__()
        self.points = points

    def __missing__(self, mask: int) -> tuple[int, int]:
        given = [points for at, points in enumerate(self.points) if mask >> at & 1]
        found = self[mask] = (min(given), max(given) - min(given))
        return found


def added(signs: tuple[int, ...], *parts: tuple[Any, Any]) -> tuple[Any, Any]:
    """Scores added up and subtracted; none where one of them has no value."""
    least = most = 0
    for sign, (low, high) in zip(signs, parts, strict=True):
        if low is None:
            return None, None
        least, most = (least + low, most + high) if sign > 0 else (least - high, most - low)
    return least, most


def weighted(up: int, down: int, part: tuple[Any, Any]) -> tuple[Any, Any]:
    """A score times a number, which the scale has room for."""
    low, high = part
    if low is None:
        return None, None
    if not up:
        return 0, 0
    ends = [end * up if isinstance(end, float) else end * up // down for end in (low, high)]
    return (ends[0], ends[1]) if up > 0 else (ends[1], ends[0])


def picked(pick: Callable[..., Any], *parts: tuple[Any, Any]) -> tuple[Any, Any]:
    """The highest or lowest of scores; none where one of them has no value."""
    if any(low is None for low, _ in parts):
        return None, None
    return pick(low for low, _ in parts), pick(high for _, high in parts)


def domain(fields: Mapping[str, Any]) -> str | None:
    """What follows the last `@` of a lead's e-mail address."""
    return domain_of(fields.get("email"))


def has(chosen: tuple[str, ...] | None, how: str, wanted: frozenset[str]) -> bool | None:
    """`chosen has any|all|none wanted`, the wanted ones folded."""
    if chosen is None:
        return None
    have = {fold(each) for each in chosen}
    return wanted <= have if how == "all" else (not wanted.isdisjoint(have)) is (how == "any")


def same_text(one: str | None, other: str | None, wanted: bool) -> bool | None:
    """Whether two texts are (`wanted`) or are not the same."""
    if one is None or other is None:
        return None
    left, right = clean(one), clean(other)
    return (fold(left) == fold(right)) is wanted if left and right else None


def possible(sure: Any, unsure: Any, which: Any) -> moments.Possible | None:
    """What the first or last of these events can be."""
    if sure is None:
        return None
    return moments.possible([at for at, _ in sure], [at for at, _ in unsure], which)


def days(sure: Any, unsure: Any, clock: Clock) -> tuple[int, float]:
    """On how many days these events surely happened, and can have happened."""
    if sure is None:
        return 0, inf
    certain = {clock.day(at) for at, _ in sure}
    return len(certain), len(certain.union(clock.day(at) for at, _ in unsure))


def total(sure: Any, unsure: Any, amount: str) -> numbers.Interval | None:
    """A property of these events added up: an unsure one may count or not, a missing amount makes it unknown."""
    if sure is None:
        return None
    low = high = 0
    for events, is_sure in ((sure, True), (unsure, False)):
        for _, said in events:
            value = said.get(amount)
            if value is None:
                return None
            exact = amount_in_ten_thousandths(value)
            low += exact if is_sure else min(0, exact)
            high += exact if is_sure else max(0, exact)
    return Decimal(low).scaleb(-4), Decimal(high).scaleb(-4)
