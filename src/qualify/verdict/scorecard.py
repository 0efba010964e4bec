"""A score as its scorecard: each item, its points, out of how many, why, and the total that runs through them.

What stands on a card is decided here; how it looks, in `scorecard_layout`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from math import inf
from typing import Literal, TypeAlias, cast

from qualify.engine.decision import Bounds
from qualify.engine.points import End, Ends, exact_decimal
from qualify.errors import QualifyError
from qualify.rules.logic import settle
from qualify.rules.reads import reads
from qualify.rules.tree import Formula, Highest, Lowest, Name, Number, Product, Sum, Term
from qualify.verdict.account import account, telling
from qualify.verdict.answer import BY_ANSWER
from qualify.verdict.explain import FORMATS
from qualify.verdict.meant import meant
from qualify.verdict.parts import ItemVerdict, ScoreVerdict, SignalVerdict, TierVerdict, TraitVerdict, Tried
from qualify.verdict.phrases import (
    CONSTANT,
    NO_SCORES,
    NOT_KEPT,
    NOT_KEPT_WHY,
    START,
    TOTAL,
    bounded,
    listed,
    number,
    phrases_of,
    points,
)  # fmt: skip
from qualify.verdict.view import View

Piece: TypeAlias = tuple[End, End]
"""From where to where a bar goes on the axis of points."""
ZERO: Ends = (Fraction(0), Fraction(0))
NO_SCORE = (None, None)


@dataclass(frozen=True, slots=True)
class Bar:
    """A row's piece of the waterfall: what is sure of it (from the total before it), and what is open."""

    sure: Piece
    open: Piece

    @classmethod
    def of(cls, before: End, ends: Ends) -> Bar:
        """The bar of points between these ends, after a total of so much."""
        low, high = ends
        sure = low if low > 0 else high if high < 0 else Fraction(0)
        return cls((before, before + sure), (before + low, before + high))


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a card."""

    kind: Literal["start", "item", "part", "floor", "cap", "total"]
    name: str
    points: Bounds
    """What it adds (of a part and the total: what it is); an open end is None."""
    most: Decimal | None
    """Out of how many; None where that says nothing."""
    why: str
    so_far: Bounds | None
    """The total after it; None for a part of a formula, which nothing runs through."""
    bar: Bar

    @property
    def said(self) -> str:
        """Its points in words."""
        return points(*self.points)

    @property
    def out_of(self) -> str:
        """Out of how many, in words."""
        return "" if self.most is None else number(self.most)


@dataclass(frozen=True, slots=True)
class Card:
    """One score: what is said first, and its rows; no rows where there is no score."""

    headline: str
    rows: tuple[Row, ...] = ()


def scorecards(verdict: View, score: str | None, form: str = "text") -> tuple[Card, ...]:
    """The card of a score (one in shadow or proposed too), or of each adopted one, in the definition's order.

    Raises QualifyError for a score or a form that doesn't exist.
    """
    if form not in FORMATS:
        raise QualifyError(f"format is one of {', '.join(FORMATS)}", code="bad-argument")
    if verdict.left_out_by:
        return (Card(account(verdict, None, None, nearest_too=False).headline),)
    tried = {name: status for status in ("shadow", "proposed") for name in getattr(verdict, status).scores}
    if score is None:
        cards = tuple(_Scorer(verdict, name, None).card() for name in verdict.scores)
        return cards or (Card(NO_SCORES),)
    score = meant("score", score, {**verdict.scores, **tried}, verdict.words.facts)
    return (_Scorer(verdict, score, tried.get(score)).card(),)


class _Scorer:
    """Fills one card."""

    def __init__(self, verdict: View, name: str, tried: str | None) -> None:
        self.name, self.tried = name, tried
        self.phrases, self.because = phrases_of(verdict.words), telling(verdict)
        looked: list[View | Tried] = [verdict, verdict.shadow, verdict.proposed] if tried else [verdict]
        self.traits: Mapping[str, TraitVerdict] = dict(chain(*(each.traits.items() for each in looked)))
        self.tiers: Mapping[str, TierVerdict] = dict(chain(*(each.tiers.items() for each in looked)))
        self.signals: Mapping[str, SignalVerdict] = dict(chain(*(each.signals.items() for each in looked)))
        self.scores: Mapping[str, ScoreVerdict] = dict(chain(*(each.scores.items() for each in looked)))
        self.score = self.scores[name]
        self.before: End = Fraction(0)
        self.so_far = ZERO

    def card(self) -> Card:
        score = self.score
        if not self.has_a_value(self.name):
            because = [] if self.asked_for(score) else self.because(score)
            without = [each for each in self.parts(score) if not self.has_a_value(each)]
            return Card(self.phrases.no_score(self.name, because, without))
        most, ends = self.most(score), (score.at_least, score.at_most)
        rows = tuple(self.rows(score))
        total = Row("total", TOTAL, ends, most, "", ends, Bar.of(Fraction(0), _ends(ends)))
        return Card(self.phrases.headline(self.name, points(*ends), most, self.tried), (*rows, total))

    # --- whether there is a score ---

    def has_a_value(self, name: str) -> bool:
        """Whether a score has a value, be it open at both ends."""
        score = self.scores.get(name)
        if score is None or score.at_least is not None or score.at_most is not None:
            return True
        if score.points:
            return any(ends != NO_SCORE for ends in score.points.values())
        return score.of is not None and self.asked_for(score) and all(map(self.has_a_value, self.parts(score)))

    def asked_for(self, score: ScoreVerdict) -> bool:
        """Whether the lead is one that gets this score."""
        seen = {each.asked: BY_ANSWER[each.answer] for each in score.evidence}
        return score.only_when is None or settle(score.only_when, seen.get) is True

    @staticmethod
    def parts(score: ScoreVerdict) -> tuple[str, ...]:
        """The scores that a score of scores is made of."""
        return () if score.of is None else tuple(reads(score.of).values)

    @staticmethod
    def most(score: ScoreVerdict) -> Decimal | None:
        """The most that any lead could have, where there is an end to it and it is something."""
        most = score.cap
        known = [each.most for each in score.items.values()]
        if known and None not in known:
            together = score.start + sum(cast("list[Decimal]", known))
            most = together if most is None else min(most, together)
        return most if most is not None and most > 0 else None

    # --- rows ---

    def rows(self, score: ScoreVerdict) -> Iterator[Row]:
        if score.of is not None:
            yield from self.formula(score.of)
        else:
            if score.start:
                yield self.row("start", START, (score.start, score.start))
            for name, ends in score.points.items():
                item = score.items.get(name)
                most = item.most if item is not None and item.most else None
                yield self.row("item", self.phrases.fact(name), ends, most, self.why(name, item))
        if score.floor is not None:
            yield from self.bounded("floor", score.floor)
        if score.cap is not None:
            yield from self.bounded("cap", score.cap)
        if score.of is None and not score.items and score.points:
            yield from self.not_kept(_ends((score.at_least, score.at_most)))

    def row(
        self,
        kind: Literal["start", "item", "cap", "floor"],
        name: str,
        ends: Bounds,
        most: Decimal | None = None,
        why: str = "",
    ) -> Row:
        """A row that adds to the total."""
        low, high = gained = _ends(ends)
        bar = Bar.of(self.before, gained)
        self.so_far = self.so_far[0] + low, self.so_far[1] + high
        self.before += low if not isinstance(low, float) else high if not isinstance(high, float) else 0
        return Row(kind, name, ends, most, why, _bounds(self.so_far), bar)

    def bounded(self, kind: Literal["cap", "floor"], bound: Decimal) -> Iterator[Row]:
        """The row of a cap or a floor, where it changes an end."""
        pick, at = (min if kind == "cap" else max), Fraction(bound)
        before, after = self.so_far, (pick(self.so_far[0], at), pick(self.so_far[1], at))
        if before == after:
            return
        changes = sorted(Fraction(0) if new == old else new - old for old, new in zip(before, after, strict=True))
        changed, sure = (changes[0], changes[1]), before[0] == before[1]
        end = 1 if kind == "cap" else 0
        bar = Bar.of(before[0], changed) if sure else Bar((at, at), tuple(sorted((before[end], at))))  # type: ignore[arg-type]
        self.so_far = after
        self.before = after[0] if not isinstance(after[0], float) else after[1] if after[1] != inf else self.before
        yield Row(kind, bounded(kind, bound), _bounds(changed), None, "", _bounds(after), bar)

    def not_kept(self, ends: Ends) -> Iterator[Row]:
        """What is left to explain where an older verdict doesn't hold it."""
        if ends != self.so_far:
            changes = sorted(
                Fraction(0) if new == old else new - old for old, new in zip(self.so_far, ends, strict=True)
            )
            bar = Bar.of(self.before, (changes[0], changes[1]))
            yield Row("start", NOT_KEPT, _bounds((changes[0], changes[1])), None, NOT_KEPT_WHY, _bounds(ends), bar)

    def why(self, name: str, item: ItemVerdict | None) -> str:
        """Why an item gives what it gives, in few words."""
        if (trait := self.traits.get(name)) is not None:
            return self.phrases.outcome(str(trait.answer), self.because(trait), assumed=trait.assumed)
        if (tier := self.tiers.get(name)) is not None:
            case = tier.case or listed(tier.possible)
            return self.phrases.outcome(case, self.because(tier), assumed=tier.assumed)
        signal = self.signals.get(name)
        if item is not None and "each" in item.gives:
            return self.phrases.signal_points(name, item, signal.each if signal else None)
        return self.phrases.happened(name, signal.count) if signal is not None else ""

    # --- scores of scores ---

    def formula(self, formula: Formula) -> Iterator[Row]:
        """Each score with its weight, where they are added up; else the formula's parts, and what it makes of them."""
        terms = weighted(formula)
        if terms is not None:
            for weight, name in terms:
                if name is None:
                    yield self.row("start", CONSTANT, (_decimal(weight), _decimal(weight)))
                    continue
                ends = self.ends(name)
                share = _times(ends, (weight, weight))
                why = "" if weight == 1 else f"{number(_decimal(weight))} × {points(*_bounds(ends))}"
                yield self.row("item", self.phrases.fact(name), _bounds(share), None, why)
            return
        for name in reads(formula).values:
            ends = self.ends(name)
            yield Row("part", self.phrases.fact(name), _bounds(ends), None, "", None, Bar.of(Fraction(0), ends))
        ends = self.value(formula)
        yield self.row("item", self.phrases.formula(formula), _bounds(ends))

    def ends(self, name: str) -> Ends:
        """What another score is; all that is possible, where the verdict doesn't hold it."""
        score = self.scores.get(name)
        return (-inf, inf) if score is None else _ends((score.at_least, score.at_most))

    def value(self, formula: Formula | Term) -> Ends:
        """What a formula makes of its scores, before the cap and the floor."""
        match formula:
            case Number(value):
                return Fraction(value), Fraction(value)
            case Name(name):
                return self.ends(name)
            case Sum(parts):
                low = high = cast(End, Fraction(0))
                for sign, part in parts:
                    least, most = _times(self.value(part), (Fraction(sign), Fraction(sign)))
                    low, high = low + least, high + most
                return low, high
            case Product(parts):
                ends: Ends = (Fraction(1), Fraction(1))
                for _, part in parts:
                    ends = _times(ends, self.value(part))
                return ends
            case Highest(parts) | Lowest(parts):
                pick = max if isinstance(formula, Highest) else min
                found = [self.value(part) for part in parts]
                return pick(low for low, _ in found), pick(high for _, high in found)
            case _:
                raise AssertionError("checked: no formula over scores")


def weighted(formula: Formula | Term, weight: Fraction = Fraction(1)) -> list[tuple[Fraction, str | None]] | None:
    """A formula as a sum of scores, each with its weight (None stands for 1); None where it is more than that.

    >>> from qualify.rules.parse import parse_formula
    >>> [(str(weight), name) for weight, name in weighted(parse_formula("0.5 * (fit - engagement) + 10"))]
    [('1/2', 'fit'), ('-1/2', 'engagement'), ('10', None)]
    """
    match formula:
        case Number(value):
            return [(weight * Fraction(value), None)]
        case Name(name):
            return [(weight, name)]
        case Sum(parts):
            found = [weighted(part, weight * sign) for sign, part in parts]
            return None if None in found else [term for terms in found for term in terms or ()]
        case Product(parts):
            scores: list[Formula | Term] = []
            for _, part in parts:
                factor = weighted(part)
                if factor is not None and all(name is None for _, name in factor):
                    weight *= sum(share for share, _ in factor)
                else:
                    scores.append(part)
            return weighted(scores[0], weight) if scores else [(weight, None)]
        case _:
            return None


def _times(ends: Ends, other: Ends) -> Ends:
    found = [Fraction(0) if not a or not b else a * b for a in ends for b in other]
    return min(found), max(found)


def _ends(bounds: Bounds) -> Ends:
    low, high = bounds
    return -inf if low is None else Fraction(low), inf if high is None else Fraction(high)


def _decimal(value: Fraction) -> Decimal:
    return exact_decimal(value)


def _bounds(ends: Ends) -> Bounds:
    low, high = (None if isinstance(end, float) else exact_decimal(end) for end in ends)
    return low, high


__all__ = ["Bar", "Card", "Row", "scorecards", "weighted"]
