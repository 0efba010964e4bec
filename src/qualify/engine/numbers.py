"""Numbers as intervals: what is known exactly has both ends the same, and a comparison is asked of all of it.

A number is kept in its own type: ints and Decimals compare exactly, floats as the doubles they are, and a literal
is read in the type of what it is compared with. Arithmetic is in doubles, from left to right.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from math import inf, isfinite
from operator import add, mul, sub, truediv
from typing import Literal, TypeAlias

from qualify.rules.tree import CompareOp

Real: TypeAlias = int | float | Decimal | Fraction
Interval: TypeAlias = tuple[Real, Real]
"""At least, at most; `inf` where there is no end."""

EVERYTHING: Interval = (0, inf)


def literal(number: Decimal, beside: Interval) -> Interval:
    """A literal in the type of what it is compared with: the nearest double beside a float, else exactly."""
    value: Real = float(number) if isinstance(beside[0], float) else _exact(number)
    return value, value


def _exact(number: Decimal) -> int | Decimal:
    return int(number) if number == number.to_integral_value() else number


def compare(op: CompareOp, one: Interval | None, other: Interval | None) -> bool | None:
    """Yes when it holds for all pairs of values, no when for none, else unknown."""
    if one is None or other is None:
        return None
    (low, high), (least, most) = one, other
    match op:
        case ">=":
            return True if low >= most else False if high < least else None
        case ">":
            return True if low > most else False if high <= least else None
        case "<=":
            return True if high <= least else False if low > most else None
        case "<":
            return True if high < least else False if low >= most else None
        case "==" | "!=":
            if low == high and least == most:
                same: bool | None = low == least
            else:
                same = False if high < least or most < low else None
            return same if op == "==" or same is None else not same


class _Unknown(Exception):
    """A result that isn't finite."""


def reckon(first: Interval | None, rest: list[tuple[Literal["+", "-", "*", "/"], Interval | None]]) -> Interval | None:
    """Arithmetic on intervals from left to right; None where a part is unknown or a result isn't finite."""
    try:
        result = _doubles(first)
        for sign, part in rest:
            result = _step(sign, result, _doubles(part))
    except _Unknown:
        return None
    return result


def _doubles(part: Interval | None) -> tuple[float, float]:
    if part is None:
        raise _Unknown
    return _double(part[0]), _double(part[1])


def _double(value: Real) -> float:
    try:
        double = float(value)
    except OverflowError:
        raise _Unknown from None
    if not isfinite(double) and not (isinstance(value, float) and abs(value) == inf):
        raise _Unknown
    return double


def _step(sign: str, one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    if sign == "+":
        return _end(add, one[0], other[0]), _end(add, one[1], other[1])
    if sign == "-":
        return _end(sub, one[0], other[1]), _end(sub, one[1], other[0])
    if sign == "/" and other[0] <= 0 <= other[1]:
        raise _Unknown
    op = mul if sign == "*" else truediv
    ends = [_end(op, x, y) for x in set(one) for y in set(other) if not (sign == "/" and abs(x) == abs(y) == inf)]
    return min(ends), max(ends)


def _end(op: Callable[[float, float], float], x: float, y: float) -> float:
    open_end = abs(x) == inf or abs(y) == inf
    if open_end and op is mul and 0 in (x, y):
        return 0.0
    result = op(x, y)
    if not open_end and not isfinite(result):
        raise _Unknown
    return result
