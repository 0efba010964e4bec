"""Sets of values of one thing, as ranges on a line, so that cases of a tier can be laid over each other.

Numbers stand on the line as they are, days by their ordinal, texts in the order of their folded letters: of each kind
some set is ever the values that pass a test. What is missing is a value of its own, that only `is unknown` passes.

    >>> line = Line("number")
    >>> str(line.shown((line.test("<=", 500) - line.test("<=", 50)).ranges[0]))
    'above 50 and up to 500'
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor
from typing import Literal, TypeAlias, assert_never

from qualify.rules.tree import CompareOp

Kind = Literal["number", "whole", "day", "text"]
Point: TypeAlias = Decimal | int | str
Cut: TypeAlias = tuple[int, Point, int]
"""A place between the points of a line: right before one (0) or right after it (1)."""
Range: TypeAlias = tuple[Cut, Cut]

START: Cut = (-1, 0, 0)
END: Cut = (1, 0, 0)


@dataclass(frozen=True, slots=True)
class Values:
    """Some values of one thing: ranges in order that don't touch, and whether what is missing is among them."""

    ranges: tuple[Range, ...] = ()
    missing: bool = False

    def __or__(self, other: Values) -> Values:
        return Values(tuple(_joined((*self.ranges, *other.ranges))), self.missing or other.missing)

    def __and__(self, other: Values) -> Values:
        return Values(tuple(_common(self.ranges, other.ranges)), self.missing and other.missing)

    def __sub__(self, other: Values) -> Values:
        return Values(tuple(_common(self.ranges, _outside(other.ranges))), self.missing and not other.missing)

    def __bool__(self) -> bool:
        return bool(self.ranges) or self.missing


NONE = Values()
ALL = Values(((START, END),), missing=True)


@dataclass(frozen=True, slots=True)
class Line:
    """All values that a thing of this kind can have; `points` where they are few, such as the cases of a tier."""

    kind: Kind
    points: tuple[str, ...] | None = None

    @property
    def known(self) -> Values:
        """Every value but the missing one."""
        if self.points is not None:
            return self.of(self.points)
        return Values((((0, 0, 0), END),)) if self.kind == "whole" else Values(((START, END),))

    def of(self, points: Iterable[Point]) -> Values:
        """These values alone."""
        return Values(tuple(_joined((self._before(point), self._after(point)) for point in points)))

    def test(self, op: CompareOp, point: Point) -> Values:
        """The values that pass a comparison.

        >>> Line("whole").test("<", 1).ranges
        (((0, 0, 0), (0, 1, 0)),)
        """
        match op:
            case "==":
                found = self.of((point,))
            case "!=":
                return self.known - self.of((point,))
            case "<":
                found = Values(((START, self._before(point)),))
            case "<=":
                found = Values(((START, self._after(point)),))
            case ">":
                found = Values(((self._after(point), END),))
            case ">=":
                found = Values(((self._before(point), END),))
            case _:
                assert_never(op)
        return self.known & found

    def _before(self, point: Point) -> Cut:
        return (0, ceil(point), 0) if self.kind == "whole" and not isinstance(point, str) else (0, point, 0)

    def _after(self, point: Point) -> Cut:
        if self.kind in ("whole", "day") and not isinstance(point, str):
            return (0, floor(point) + 1, 0)
        return (0, point, 1)

    # --- for people ---

    def single(self, one: Range) -> bool:
        """Whether a range holds one value alone."""
        (at, low, _), (to, high, _) = one
        if at or to:
            return False
        return low == high if self.kind in ("number", "text") else high == low + 1  # type: ignore[operator]

    def shown(self, one: Range) -> str:
        """A range in words."""
        (at, low, above), (to, high, upto) = one
        exact = self.kind in ("number", "text")
        if self.single(one):
            return f"exactly {self._point(low)}"
        least = [] if at else [f"{'above' if above else 'from'} {self._point(low)}"]
        if to:
            return least[0] if least else "anything"
        if exact and not upto:
            most = f"below {self._point(high)}"
        else:
            last = self._point(high if exact else high - 1)  # type: ignore[operator]
            if least and not above:
                return f"{least[0]} to {last}"
            most = f"up to {last}"
        return " and ".join([*least, most])

    def _point(self, point: Point) -> str:
        if isinstance(point, str):
            return f"'{point}'"
        return dt.date.fromordinal(int(point)).isoformat() if self.kind == "day" else format(Decimal(point), "f")

    def holds_a_step(self, one: Range, decimals: int) -> bool:
        """Whether a range with two ends holds a number with so many decimals: 50 to 51 holds no whole one."""
        if self.kind != "number":
            return True
        (_, low, above), (_, high, upto) = one
        least, most = (Decimal(end).scaleb(decimals) for end in (low, high))
        first = floor(least) + 1 if above else ceil(least)
        last = floor(most) if upto else ceil(most) - 1
        return first <= last


def lies_in(one: Range, values: Values) -> bool:
    """Whether the whole range is among these values."""
    return any(low <= one[0] and one[1] <= high for low, high in values.ranges)


def _joined(ranges: Iterable[Range]) -> Iterator[Range]:
    """Ranges in order; those that touch are one, those that hold nothing are none."""
    current: Range | None = None
    for low, high in sorted(each for each in ranges if each[0] < each[1]):
        if current is not None and low <= current[1]:
            current = (current[0], max(current[1], high))
        else:
            if current is not None:
                yield current
            current = (low, high)
    if current is not None:
        yield current


def _common(some: tuple[Range, ...], others: tuple[Range, ...]) -> Iterator[Range]:
    at = to = 0
    while at < len(some) and to < len(others):
        low, high = max(some[at][0], others[to][0]), min(some[at][1], others[to][1])
        if low < high:
            yield low, high
        if some[at][1] < others[to][1]:
            at += 1
        else:
            to += 1


def _outside(ranges: tuple[Range, ...]) -> tuple[Range, ...]:
    cuts = [START, *(cut for one in ranges for cut in one), END]
    return tuple((low, high) for low, high in zip(cuts[::2], cuts[1::2], strict=True) if low < high)


__all__ = ["ALL", "END", "NONE", "START", "Kind", "Line", "Point", "Range", "Values", "lies_in"]
