"""How low and how high each score can come out, whatever is learned of a lead: interval arithmetic, nothing more.

What hangs together (two traits that exclude each other, a score that stands twice in a formula) is not seen, so a
score may never come as far as its ends; beyond them it never comes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from math import inf
from typing import TypeAlias, assert_never, cast

from qualify.definition.model import Points, Score, SignalPoints, TierPoints, TraitPoints
from qualify.definition.order import Facts, facts_read, in_order
from qualify.definition.passing import swapped
from qualify.definition.places import Path
from qualify.definition.read import Entries
from qualify.rules.check import Problem
from qualify.rules.reads import walk
from qualify.rules.tree import (
    Between,
    Compare,
    CompareOp,
    Formula,
    Highest,
    In,
    Lowest,
    Name,
    Number,
    Numbers,
    Product,
    Sum,
    Term,
)  # fmt: skip

End: TypeAlias = Fraction | float
"""A float is an infinity: there is no end."""
Reach: TypeAlias = tuple[End, End]

EVERYWHERE: Reach = (-inf, inf)


def reaches(scores: Iterable[tuple[str, Score]], tier_cases: Mapping[str, tuple[str, ...]]) -> dict[str, Reach]:
    """From where to where each score can come; each comes after those that it reads."""
    found: dict[str, Reach] = {}
    for name, score in scores:
        if score.of is not None:
            low, high = _formula(score.of, found)
        else:
            low, high = Fraction(score.start), Fraction(score.start)
            for item, points in score.points.items():
                least, most = _item(points, tier_cases.get(item, ()))
                low, high = low + least, high + most
        if score.floor is not None:
            low, high = (max(end, Fraction(score.floor)) for end in (low, high))
        if score.cap is not None:
            low, high = (min(end, Fraction(score.cap)) for end in (low, high))
        found[name] = (low, high)
    return found


def _item(points: Points, cases: tuple[str, ...]) -> Reach:
    match points:
        case TraitPoints(yes, no):
            given = [yes, no]
        case TierPoints(of):
            given = [of.get(case, Decimal(0)) for case in cases] or [Decimal(0), *of.values()]
        case SignalPoints(each, limit, at_most):
            most: End = inf if each else Fraction(0)
            if limit is not None and limit.period == "ever":
                most = min(most, abs(Fraction(each)) * limit.number)
            if at_most is not None:
                most = min(most, Fraction(at_most))
            return (Fraction(0), most) if each >= 0 else (-most, Fraction(0))
        case _:
            assert_never(points)
    return Fraction(min(given)), Fraction(max(given))


def _formula(formula: Formula | Term, scores: Mapping[str, Reach]) -> Reach:
    match formula:
        case Number(value):
            return Fraction(value), Fraction(value)
        case Name(name):
            return scores.get(name, EVERYWHERE)
        case Sum(signed):
            low, high = cast(Reach, (Fraction(0), Fraction(0)))
            for sign, part in signed:
                least, most = _formula(part, scores)
                low, high = (low + least, high + most) if sign > 0 else (low - most, high - least)
            return low, high
        case Product(factors):
            found: Reach = (Fraction(1), Fraction(1))
            for _, part in factors:
                ends = [_times(one, other) for one in found for other in _formula(part, scores)]
                found = (min(ends), max(ends))
            return found
        case Highest(parts) | Lowest(parts):
            pick = max if isinstance(formula, Highest) else min
            each = [_formula(part, scores) for part in parts]
            return pick(low for low, _ in each), pick(high for _, high in each)
        case _:
            return EVERYWHERE  # no part of a formula, which has been told


def _times(one: End, other: End) -> End:
    return one * other if one and other else Fraction(0)


# --- tests beyond the ends ---


def out_of_reach(entries: Entries) -> Iterator[tuple[Path, Problem]]:
    """Tests of a score that no lead can pass."""
    scores = {name: score for name, score in entries.scores.items() if score.status != "retired"}
    if not scores:
        return
    facts = Facts({}, {}, {}, scores)
    ordered = in_order({("scores", name): facts_read(score, facts) for name, score in scores.items()})[0]
    found = reaches(((name, scores[name]) for _, name in ordered), entries.tier_cases)
    for path, parsed in entries.parsed.items():
        if path[:2] in entries.retired or path[2] in ("of", "each"):
            continue
        for node, in_where in walk(parsed.tree):
            if in_where or not isinstance(node, Compare | Between | In):
                continue
            name = next((side.name for side in _sides(node) if isinstance(side, Name) and side.name in found), None)
            if name is not None and _never(node, found):
                told = f"'{node}' is never yes: {_said(name, found[name], scores[name])}"
                yield path, Problem("unreachable-threshold", told, node)


def _sides(node: Compare | Between | In) -> tuple[Term, ...]:
    return (node.left, node.right) if isinstance(node, Compare) else (node.term,)


def _never(node: Compare | Between | In, found: Mapping[str, Reach]) -> bool:
    match node:
        case Compare(left, op, right):
            one, other = _reach(left, found), _reach(right, found)
            return one is not None and other is not None and _misses(op, one, other)
        case Between(term, low, high):
            one, least, most = _reach(term, found), _reach(low, found), _reach(high, found)
            if one is None or least is None or most is None or swapped(node):
                return False
            return _misses(">=", one, least) or _misses("<=", one, most)
        case In(term, Numbers(values), False):
            one = _reach(term, found)
            ends = [(Fraction(each.value), Fraction(each.value)) for each in values]
            return one is not None and all(_misses("==", one, each) for each in ends)
        case _:
            return False


def _reach(term: Term, found: Mapping[str, Reach]) -> Reach | None:
    if isinstance(term, Number):
        return Fraction(term.value), Fraction(term.value)
    return found.get(term.name) if isinstance(term, Name) else None


def _misses(op: CompareOp, one: Reach, other: Reach) -> bool:
    """Whether a comparison holds for no two values between these ends."""
    (low, high), (least, most) = one, other
    match op:
        case ">=":
            return high < least
        case ">":
            return high <= least
        case "<=":
            return low > most
        case "<":
            return low >= most
        case "==":
            return high < least or most < low
        case "!=":
            return low == high == least == most


def _said(name: str, reach: Reach, score: Score) -> str:
    """From where to where a score goes, and what holds it there."""
    low, high = reach
    most = " (its cap)" if score.cap is not None and high == Fraction(score.cap) else ""
    least = " (its floor)" if score.floor is not None and low == Fraction(score.floor) else ""
    if isinstance(high, float):
        return f"'{name}' is at least {_number(low)}{least}"
    if isinstance(low, float):
        return f"'{name}' is at most {_number(high)}{most}"
    return f"'{name}' goes from {_number(low)}{least} to {_number(high)}{most}"


def _number(end: End) -> str:
    return format((Decimal(Fraction(end).numerator) / Decimal(Fraction(end).denominator)).normalize() + 0, "f")


__all__ = ["EVERYWHERE", "End", "Reach", "out_of_reach", "reaches"]
