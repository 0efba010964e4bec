"""Numbers as intervals over columns: what `qualify.engine.numbers` says of one lead, said of all rows at once.

An end is an expression, or a constant that is known now: a fraction, or infinity where there is no end. What is known
exactly has the same end twice. How a number is stored decides how a literal is put beside it, so that no engine has to
turn one kind of number into another: a literal beside whole numbers is moved to the next whole one, and so on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor, inf, isfinite
from typing import Literal, TypeAlias

from qualify.columns.expressions import (
    NO,
    UNKNOWN,
    YES,
    Arithmetic,
    Case,
    Compare,
    Constant,
    Exact,
    Expression,
    Nothing,
    Rounded,
    Stored,
    Times,
    ToDouble,
    all_of,
    any_of,
    case,
    flag,
    is_null,
    not_,
    walk,
)
from qualify.rules.tree import MIRRORED, CompareOp

End: TypeAlias = Expression | Fraction | float
"""One end of an interval; a float is an infinity."""

LARGEST = 2**63 - 1
WHOLE, DOUBLE = Stored("whole"), Stored("double")


class CannotCompare(Exception):
    """Two numbers that no engine compares exactly as they are stored: what they are."""


@dataclass(frozen=True, slots=True)
class Interval:
    """At least, at most, and how both are stored; a whole number counts so many `parts` of 1."""

    low: End
    high: End
    stored: Stored = WHOLE
    parts: int = 1

    @property
    def is_point(self) -> bool:
        """Whether it is one number, known or missing."""
        return self.low is self.high or self.low == self.high


def point(end: End, stored: Stored = WHOLE, parts: int = 1) -> Interval:
    """One number."""
    return Interval(end, end, stored, parts)


def compare(op: CompareOp, one: Interval, other: Interval) -> Expression:
    """Yes when it holds for all pairs of values, no when for none, else unknown."""
    test = _tester(one, other)
    if one.is_point and other.is_point:
        return test(one.low, op, other.low)
    match op:
        case ">=" | ">":
            strict: CompareOp = ">" if op == ">=" else ">="
            return case([(test(one.low, op, other.high), YES), (test(other.low, strict, one.high), NO)], UNKNOWN)
        case "<=" | "<":
            strict = ">" if op == "<=" else ">="
            return case([(test(one.high, op, other.low), YES), (test(one.low, strict, other.high), NO)], UNKNOWN)
        case "==" | "!=":
            apart = any_of([test(one.high, "<", other.low), test(other.high, "<", one.low)])
            settled = all_of([test(one.low, "==", one.high), test(other.low, "==", other.high)])
            return case([(apart, flag(op == "!=")), (settled, flag(op == "=="))], UNKNOWN)


def at_literal(op: CompareOp, of: Interval, value: Decimal) -> Expression:
    """The same beside a literal, which is read in the number's own type."""
    return compare(op, of, point(Fraction(value), of.stored, of.parts))


def _tester(one: Interval, other: Interval) -> Callable[[End, CompareOp, End], Expression]:
    """Compares an end of the first with one of the second, or two ends of one of them."""

    def of(end: End) -> Interval:
        return one if end is one.low or end is one.high else other

    def test(left: End, op: CompareOp, right: End) -> Expression:
        return _ends(left, of(left), op, right, of(right))

    return test


def _ends(left: End, of_left: Interval, op: CompareOp, right: End, of_right: Interval) -> Expression:
    if isinstance(left, Fraction | float):
        if isinstance(right, Fraction | float):
            return flag(_holds(left, op, right))
        return _ends(right, of_right, MIRRORED[op], left, of_left)
    if isinstance(right, float):  # beyond every number; what is missing stays unknown
        return _settled(left, _holds(Fraction(0), op, right))
    if isinstance(right, Fraction):
        return _beside_literal(left, of_left, op, right)
    return _both(left, of_left, op, right, of_right)


def _holds(left: Fraction | float, op: CompareOp, right: Fraction | float) -> bool:
    match op:
        case "==":
            return left == right
        case "!=":
            return left != right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case ">=":
            return left >= right


def _settled(value: Expression, answer: bool) -> Expression:
    """A settled answer, but for a value that is missing."""
    missing = is_null(value)
    return flag(answer) if missing == NO else Case(((not_(missing), flag(answer)),), UNKNOWN)


def _beside_literal(value: Expression, of: Interval, op: CompareOp, literal: Fraction) -> Expression:
    match of.stored.kind:
        case "double":
            return Compare(value, op, Constant(_double(literal)))
        case "number":
            return Compare(value, op, Exact(_decimal(literal), of.stored))
        case _:
            return _on_grid(value, of, op, literal)


def _on_grid(value: Expression, of: Interval, op: CompareOp, literal: Fraction) -> Expression:
    """Beside numbers that lie on a grid: the literal is moved to the next of them."""
    decimals = of.stored.decimals if of.stored.kind == "decimal" else 0
    largest = 10**of.stored.digits - 1 if of.stored.kind == "decimal" else LARGEST
    scaled = literal * (10**decimals if of.stored.kind == "decimal" else of.parts)
    if op in ("==", "!="):
        if scaled.denominator != 1 or abs(scaled) > largest:
            return _settled(value, op == "!=")
        at = int(scaled)
    else:
        at = ceil(scaled) if op in ("<", ">=") else floor(scaled)
        if abs(at) > largest:
            return _settled(value, _holds(Fraction(0), op, Fraction(at)))
    if of.stored.kind == "decimal":
        return Compare(value, op, Exact(Decimal(at).scaleb(-decimals), of.stored))
    return Compare(value, op, Constant(at))


def _both(left: Expression, of_left: Interval, op: CompareOp, right: Expression, of_right: Interval) -> Expression:
    kinds = of_left.stored.kind, of_right.stored.kind
    match kinds:
        case ("whole", "whole"):
            if of_left.parts == of_right.parts:
                return Compare(left, op, right)
            if of_right.parts == 1:
                return _beside_parts(right, MIRRORED[op], left, of_left.parts)
            if of_left.parts == 1:
                return _beside_parts(left, op, right, of_right.parts)
            return Compare(times(left, of_right.parts), op, times(right, of_left.parts))
        case ("whole", "double") if of_left.parts == 1:
            return _whole_beside_double(left, op, right)
        case ("double", "whole") if of_right.parts == 1:
            return _whole_beside_double(right, MIRRORED[op], left)
        case (one, other) if one == other != "number" and of_left.stored.decimals == of_right.stored.decimals:
            return Compare(left, op, right)
        case _:
            raise CannotCompare(f"{_named(of_left)} and {_named(of_right)}")


def _beside_parts(whole: Expression, op: CompareOp, other: Expression, parts: int) -> Expression:
    """A whole number beside one that counts parts: what is too large to be counted in parts is beyond all that are."""
    most, beyond = Constant(LARGEST // parts), Fraction(LARGEST)
    high, low = flag(_holds(beyond, op, Fraction(0))), flag(_holds(-beyond, op, Fraction(0)))
    ends = [(Compare(whole, ">", most), high), (Compare(whole, "<", Constant(-(LARGEST // parts))), low)]
    found = case(ends, Compare(times(whole, parts), op, other))
    return case([(any_of([is_null(whole), is_null(other)]), UNKNOWN)], found)


def _whole_beside_double(whole: Expression, op: CompareOp, double: Expression) -> Expression:
    """Exactly, however large: the double is moved to the next whole number."""
    limit = float(2**63)
    high, low = Compare(double, ">=", Constant(limit)), Compare(double, "<", Constant(-limit))
    if op in ("==", "!="):
        below = Rounded(double, "down")
        is_whole = Compare(below, "==", Rounded(double, "up"))
        same = case([(any_of([high, low]), NO), (is_whole, Compare(whole, "==", below))], NO)
        found = same if op == "==" else not_(same)
    else:
        moved = Rounded(double, "up" if op in ("<", ">=") else "down")
        ends = [(high, flag(op in ("<", "<="))), (low, flag(op in (">", ">=")))]
        found = case(ends, Compare(whole, op, moved))
    return case([(any_of([is_null(whole), is_null(double)]), UNKNOWN)], found)


def _named(of: Interval) -> str:
    if of.stored.kind == "decimal":
        return f"a decimal with {of.stored.decimals} decimals"
    names = {"whole": "a whole number" if of.parts == 1 else "an exact sum", "double": "a double"}
    return names.get(of.stored.kind, "a number of unknown type")


def _double(number: Fraction) -> float:
    return number.numerator / number.denominator if abs(number) < Fraction(2) ** 1100 else inf


def _decimal(number: Fraction) -> Decimal:
    return Decimal(number.numerator) / Decimal(number.denominator)


# --- arithmetic, in doubles from left to right -----------------------------------------------------------------


def reckon(first: Interval, rest: list[tuple[Literal["+", "-", "*", "/"], Interval]]) -> Interval | None:
    """Arithmetic on intervals; None where it is always unknown. A missing part leaves both ends missing."""
    result: Interval | None = _doubles(first)
    for sign, part in rest:
        other = _doubles(part)
        if result is None or other is None:
            return None
        result = _step(sign, result, other)
    return result


def _doubles(part: Interval) -> Interval | None:
    low = _as_double(part.low, part)
    high = low if part.is_point else _as_double(part.high, part)
    return None if low is None or high is None else Interval(low, high, DOUBLE)


def _as_double(end: End, of: Interval) -> End | None:
    if isinstance(end, Fraction):
        value = _double(end)
        return Constant(value) if isfinite(value) else None
    if isinstance(end, float) or of.stored.kind == "double":
        return end
    return ToDouble(end, of.parts)


def _step(sign: Literal["+", "-", "*", "/"], one: Interval, other: Interval) -> Interval | None:
    if one.is_point and other.is_point:
        end = _reckoned(one.low, sign, other.low)
        return None if end is None else Interval(end, end, DOUBLE)
    if sign in ("+", "-"):
        low = _reckoned(one.low, sign, other.low if sign == "+" else other.high)
        high = _reckoned(one.high, sign, other.high if sign == "+" else other.low)
        return None if low is None or high is None else _together(low, high)
    ends = []
    for x in (one.low, one.high) if not one.is_point else (one.low,):
        for y in (other.low, other.high) if not other.is_point else (other.low,):
            if not (sign == "/" and isinstance(x, float) and isinstance(y, float)):
                ends.append(_reckoned(x, sign, y))
    low, high = _outermost("<=", ends), _outermost(">=", ends)
    if low is None or high is None:
        return None
    found = _together(low, high)
    if sign == "/":
        return _unless(_holds_nought(other), found)
    return found


def _together(low: End, high: End) -> Interval:
    """Both ends or none: where one isn't finite there is no number at all."""
    return Interval(_only_with(low, high), _only_with(high, low), DOUBLE)


def _only_with(end: End, other: End) -> End:
    if isinstance(end, float) or isinstance(other, float) or is_null(_expression(other)) == NO:
        return end
    return case([(not_(is_null(_expression(other))), _expression(end))], _missing())


def _unless(condition: Expression, of: Interval) -> Interval | None:
    if condition == YES:
        return None
    if condition == NO:
        return of
    low, high = (case([(condition, _missing())], _end_expression(end)) for end in (of.low, of.high))
    return Interval(low, high, DOUBLE)


def _holds_nought(of: Interval) -> Expression:
    nought = point(Fraction(0), DOUBLE)
    test = _tester(of, nought)
    return all_of([test(of.low, "<=", nought.low), test(of.high, ">=", nought.low)])


def _reckoned(x: End, sign: Literal["+", "-", "*", "/"], y: End) -> End | None:
    """One operation on two ends; None where it is never finite. An open end stays open."""
    if isinstance(x, float) or isinstance(y, float):
        return _open(x, sign, y)
    left, right = _expression(x), _expression(y)
    return Arithmetic(left, sign, right, _may_be_open(left) or _may_be_open(right))


def _may_be_open(of: Expression) -> bool:
    return any(isinstance(node, Constant) and node.value in (inf, -inf) for node in walk(of))


def _open(x: End, sign: Literal["+", "-", "*", "/"], y: End) -> End:
    """An operation with an infinity. Infinity times nought is nought; anything finite over infinity too."""
    infinite = x if isinstance(x, float) else y
    assert isinstance(infinite, float)
    match sign:
        case "+":
            return infinite
        case "-":
            return infinite if isinstance(x, float) else -infinite
        case "/" if isinstance(y, float):
            return Constant(0.0)
        case _:
            pass
    other = y if isinstance(x, float) else x
    if isinstance(other, float):
        return infinite * other
    value = _expression(other)
    up, down = Constant(infinite), Constant(-infinite)
    nought = Constant(0.0)
    return case(
        [
            (Compare(value, ">", nought), up),
            (Compare(value, "<", nought), down),
            (Compare(value, "==", nought), nought),
        ],
        _missing(),
    )


def _outermost(op: CompareOp, ends: list[End | None]) -> End | None:
    """The least (`<=`) or greatest of some ends; None where one of them is none."""
    found = ends[0]
    for end in ends[1:]:
        if found is None or end is None:
            return None
        if isinstance(found, float) or isinstance(end, float):
            beyond = -inf if op == "<=" else inf
            if beyond in (found, end):
                found = beyond
            elif isinstance(found, float):
                found = end
            continue
        one, other = _expression(found), _expression(end)
        found = case([(Compare(one, op, other), one), (Compare(other, op, one), other)], _missing())
    return found


def _expression(end: End) -> Expression:
    if isinstance(end, Fraction):
        return Constant(_double(end))
    assert not isinstance(end, float)
    return end


def _end_expression(end: End) -> Expression:
    return Constant(end) if isinstance(end, float) else _expression(end)


def _missing() -> Expression:
    return Nothing("double")


def times(of: Expression, up: int, down: int = 1) -> Expression:
    """A whole number times a constant; what comes out is whole."""
    return of if up == down else Times(of, up, down)


def shifted(of: Interval, low: End, high: End) -> Interval:
    """The same kind of number with other ends."""
    return replace(of, low=low, high=high)
