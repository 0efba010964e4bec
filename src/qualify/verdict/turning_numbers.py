"""Where tests of numbers turn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from itertools import pairwise
from math import inf, isfinite, nextafter
from typing import Any, cast

from qualify.engine.meaning import Meaning
from qualify.rules.reads import walk
from qualify.rules.tree import Between, Compare, Count, Days, In, Name, Number, Numbers, Product, Rule, Sum, Term, Total

STEPS = 60
"""Doublings of the distance in which arithmetic is searched for a turn."""

EXACT = 2**53
"""Up to here every whole number is a double."""

Gap = Callable[[float], float | None]


def turning_numbers(name: str, test: Rule, now: Any, meaning: Meaning) -> Iterator[Any]:
    """Numbers that a person would say: thresholds with the ones next to them; whole ones where it is reckoned."""
    if is_reckoned(test):
        yield from _whole_numbers(name, test, now, meaning)
        return
    match test:
        case Compare() | Between():
            for node, _ in walk(test):
                if isinstance(node, Number):
                    yield from _around(node.value, now)
                elif isinstance(node, Name) and node.name != name:
                    value = meaning.sight.fields.get(node.name)
                    if isinstance(value, float):
                        yield from _around(Decimal(repr(value)), now)
                    elif isinstance(value, int | Decimal) and not isinstance(value, bool):  # else a window's anchor
                        yield from _around(Decimal(value), now)
                    elif value is None:  # then both may get one
                        yield from (0, 1)
            for side in (test.left, test.right) if isinstance(test, Compare) else ():
                if isinstance(side, Count | Days | Total):
                    for end in meaning.number(side, None) or ():
                        if isfinite(end):
                            yield from _around(Decimal(str(end)).normalize(), now)
        case In(_, Numbers(numbers)):
            for number in numbers:
                yield from _around(number.value, now)
        case _:
            yield 1
            yield 0


def is_reckoned(test: Rule) -> bool:
    """Whether a test does arithmetic."""
    return any(isinstance(node, Sum | Product) for node, _ in walk(test))


def between(values: Iterable[Any], now: Any) -> Iterator[Any]:
    """A number between each two neighbours that are at most 1 apart: some tests leave only that."""
    exact = sorted({Decimal(repr(value)) if isinstance(value, float) else Decimal(value) for value in values})
    for low, high in pairwise(exact):
        if high - low <= 1:
            yield _like((low + high) / 2, now)


def solutions(name: str, test: Rule, now: Any, meaning: Meaning) -> Iterator[Any]:
    """Where the two sides of arithmetic are the same, in as few decimals as will do, and the doubles next to it."""
    for left, right in _sides(test):
        found = _solved(_gap(name, left, right, meaning), float(now or 0))
        if found is None:
            continue
        for decimals in (1, 2, 4) if abs(found) < EXACT else ():
            step = 10**-decimals
            near = round(found, decimals)
            yield from (_like(Decimal(repr(round(near + by, decimals))), now) for by in (0, step, -step))
        for value in (found, nextafter(found, inf), nextafter(found, -inf)):
            yield _like(Decimal(repr(value)), now)


def is_solved(name: str, test: Rule, meaning: Meaning) -> bool:
    """Whether what is tried for a field is all that this arithmetic can tell apart."""
    for left, right in _sides(test):
        gap = _gap(name, left, right, meaning)
        if gap(1.0) is not None and gap(2.0) is not None and _solved(gap, 0.0) is None and gap(1.0) != gap(2.0):
            return False
    return True


def _around(threshold: Decimal, now: Any) -> Iterator[Any]:
    """A threshold and the numbers next to it, with as many decimals as it has."""
    step = Decimal(1).scaleb(min(0, int(threshold.as_tuple().exponent)))
    for value in (threshold, threshold - step, threshold + step):
        yield _like(value, now)


def _like(value: Decimal, now: Any) -> int | float | Decimal:
    if value == value.to_integral_value():
        return int(value)
    return value if isinstance(now, Decimal) else float(value)


# --- arithmetic ---


def _sides(test: Rule) -> list[tuple[Term, Term]]:
    match test:
        case Compare(left, _, right):
            return [(left, right)]
        case Between(term, low, high):
            return [(term, low), (term, high)]
        case In(term, Numbers(numbers)):
            return [(term, number) for number in numbers]
        case _:
            return []


def _gap(name: str, left: Term, right: Term, meaning: Meaning) -> Gap:
    """How far one side is above the other, for each value of a field; None where that is unknown."""
    fields = cast(dict[str, Any], meaning.sight.fields)

    def gap(value: float) -> float | None:
        before = fields.get(name)
        fields[name] = value
        try:
            one, other = meaning.number(left, None), meaning.number(right, None)
        finally:
            fields[name] = before
        if one is None or other is None or one[0] != one[1] or other[0] != other[1]:
            return None
        apart = float(one[0]) - float(other[0])
        return apart if isfinite(apart) else None

    return gap


def _solved(gap: Gap, start: float) -> float | None:
    """Where a gap closes, if it is a straight line of the value, or of one over the value."""
    line = _line(gap, start)
    if line is not None:
        return line
    over = _line(lambda value: gap(1 / value) if value else None, 1 / start if start else 1.0)
    return None if not over else 1 / over


def _line(gap: Gap, start: float) -> float | None:
    first, second, third = gap(start), gap(start + 1), gap(start + 2)
    if first is None or second is None or third is None or first == second:
        return None
    slope = second - first
    if abs(third - second - slope) > 1e-9 * max(abs(first), abs(third), abs(slope)):
        return None
    found = start - first / slope
    again = gap(found)  # nearer to it there is less to round
    if again is not None and isfinite(found - again / slope):
        found -= again / slope
    return found if isfinite(found) else None


def _whole_numbers(name: str, test: Rule, now: Any, meaning: Meaning) -> Iterator[int]:
    """The whole numbers nearest to the present one at which arithmetic turns, one below and one above."""
    fields = cast(dict[str, Any], meaning.sight.fields)
    before = fields.get(name)

    def answer(value: int) -> bool | None:
        fields[name] = value
        return meaning.answer(test)

    try:
        start = int(now or 0)
        asked = answer(start)
        if now is None:
            yield from (0, 1)
        for sign in (1, -1):
            far = next((step for step in range(STEPS) if answer(start + sign * 2**step) is not asked), None)
            if far is None:
                continue
            near, away = (0 if far == 0 else 2 ** (far - 1)), 2**far
            while away - near > 1:
                middle = (near + away) // 2
                if answer(start + sign * middle) is not asked:
                    away = middle
                else:
                    near = middle
            yield start + sign * away
        for left, right in _sides(test):
            found = _solved(_gap(name, left, right, meaning), float(start))
            if found is not None and abs(found) < EXACT:
                whole = round(found)
                yield from (whole, whole - 1, whole + 1)
    finally:
        fields[name] = before
