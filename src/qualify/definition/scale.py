"""How exact scores are: the integers that they are reckoned in, on one common scale, and how large they can grow.

Points, weights and shares are decimals, so every score is a whole number of some smallest part. The common scale is the
number of parts in 1 that all scores of a definition are whole numbers of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, lcm

from qualify.definition.model import Model, Points, Score, SignalPoints, TierPoints, TraitPoints
from qualify.definition.order import FactKey, Facts, facts_read, in_order
from qualify.rules.tree import Formula, Highest, Lowest, Name, Number, Product, Sum, Term

LARGEST_INTEGER = 2**63
HALVINGS = 9
"""From the tenth halving on nothing is left."""
MOST_OCCURRENCES = 1_000_000
"""Occurrences of a signal without a limit or a bound that a score must have room for."""


@dataclass(frozen=True, slots=True)
class Size:
    """How large a score can grow, and the number of parts in 1 that it is a whole number of."""

    largest: Fraction
    parts: int

    @classmethod
    def of(cls, *numbers: Decimal | Fraction) -> Size:
        """Of plain numbers."""
        exact = [Fraction(number) for number in numbers]
        return cls(max(map(abs, exact), default=Fraction(0)), lcm(*(number.denominator for number in exact)))


def sizes(scores: Iterable[tuple[str, Score]]) -> dict[str, Size]:
    """The size of each score; they come in an order in which each comes after those that it reads."""
    found: dict[str, Size] = {}
    for name, score in scores:
        size = _formula(score.of, found) if score.of is not None else _card(score)
        bounds = Size.of(*(bound for bound in (score.cap, score.floor) if bound is not None))
        found[name] = Size(max(size.largest, bounds.largest), lcm(size.parts, bounds.parts))
    return found


def common_scale(found: Mapping[str, Size]) -> int:
    """The parts in 1 that all scores are whole numbers of."""
    return lcm(*(size.parts for size in found.values()))


def scale_of(model: Model) -> int:
    """The common scale of a definition's scores."""
    facts = Facts(model.traits, model.tiers, model.signals, model.scores)
    scores = {("scores", name): score for name, score in model.scores.items() if score.status != "retired"}
    edges: dict[FactKey, tuple[FactKey, ...]] = {
        ("scores", name): facts_read(score, facts) for (_, name), score in scores.items()
    }
    return common_scale(sizes((name, model.scores[name]) for _, name in in_order(edges)[0]))


def worth(points: SignalPoints, age: int) -> Fraction:
    """What an occurrence gives at an age in whole periods: all of it at first, in the end nothing."""
    each, fades = Fraction(points.each), points.fades
    if fades is None:
        return each
    if fades.kind == "half":
        return each / 2**age if age <= HALVINGS else Fraction(0)
    lost = abs(each) * Fraction(fades.amount) / 100 if fades.kind == "percent" else Fraction(fades.amount)
    left = max(Fraction(0), abs(each) - lost * age)
    return left if each > 0 else -left


def ages(points: SignalPoints) -> int:
    """The ages at which something is left: those below this number."""
    each, fades = abs(Fraction(points.each)), points.fades
    if fades is None or not each:
        return 1
    if fades.kind == "half":
        return HALVINGS + 1
    lost = each * Fraction(fades.amount) / 100 if fades.kind == "percent" else Fraction(fades.amount)
    return ceil(each / lost)


def _card(score: Score) -> Size:
    total, parts = Size.of(score.start), []
    largest = total.largest
    for item in score.points.values():
        size = _item(item)
        largest += size.largest
        parts.append(size.parts)
    return Size(largest, lcm(total.parts, *parts))


def _item(item: Points) -> Size:
    match item:
        case TraitPoints(yes, no):
            return Size.of(yes, no)
        case TierPoints(cases):
            return Size.of(*cases.values())
        case SignalPoints(each, limit, at_most):
            often = limit.number if limit is not None and limit.period == "ever" else MOST_OCCURRENCES
            largest = abs(Fraction(each)) * often
            if at_most is not None:
                largest = min(largest, Fraction(at_most))
            worth = _worth_parts(item)
            return Size(largest, lcm(worth, Fraction(at_most or 0).denominator))


def _worth_parts(points: SignalPoints) -> int:
    """The parts of all that an occurrence can be worth, without listing them."""
    each, fades = Fraction(points.each), points.fades
    if fades is None:
        return each.denominator
    if fades.kind == "half":
        return Fraction(each, 2**HALVINGS).denominator
    lost = each * Fraction(fades.amount) / 100 if fades.kind == "percent" else Fraction(fades.amount)
    return lcm(each.denominator, lost.denominator)


def _formula(formula: Formula | Term, scores: Mapping[str, Size]) -> Size:
    match formula:
        case Name(name):
            return scores.get(name, Size(Fraction(0), 1))
        case Number(value):
            return Size.of(value)
        case Sum(signed):
            sizes_ = [_formula(part, scores) for _, part in signed]
            return Size(sum((size.largest for size in sizes_), Fraction(0)), lcm(*(size.parts for size in sizes_)))
        case Product(factors):
            size = Size(Fraction(1), 1)
            for _, part in factors:
                each = _formula(part, scores)
                size = Size(size.largest * each.largest, size.parts * each.parts)
            return size
        case Highest(parts) | Lowest(parts):
            sizes_ = [_formula(part, scores) for part in parts]
            return Size(max(size.largest for size in sizes_), lcm(*(size.parts for size in sizes_)))
        case _:
            return Size(Fraction(0), 1)  # no part of a formula, which has been told
