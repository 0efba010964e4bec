"""What signals give to a score, over columns: so many times the same, or what each occurrence is worth, added up."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from qualify.columns.expressions import (
    Added,
    Age,
    Column,
    Compare,
    Constant,
    Different,
    Edge,
    Expression,
    Extreme,
    Number,
    PeriodOf,
    Place,
    Times,
    Total,
    all_of,
    case,
)
from qualify.columns.intervals import Interval
from qualify.columns.selections import AT, Chosen, SelectionReader, possible_of
from qualify.definition.model import Limit, SignalPoints
from qualify.definition.scale import ages, worth
from qualify.engine.points import untold
from qualify.rules.tree import Name, Selection, Span

EDGES_OF_FADING = 40
"""Ages up to which each has an edge of its own; beyond, the age is reckoned."""


class PointsReader(SelectionReader):
    """Reads what signals give."""

    def points(self, item: str, given: SignalPoints) -> Interval:
        """What a signal gives to a score, in parts of the common scale."""
        if self.sources.activities is None:
            least, most = (end if isinstance(end, float) else Constant(int(end * self.scale)) for end in untold(given))
            return Interval(least, most)
        chosen = self.choose(Selection(Name(item)))
        sure = self._points(item, given, chosen, sure=True)
        every = self._points(item, given, chosen, sure=False) if chosen.unsure else sure
        low_, high_ = (sure, every) if given.each >= 0 else (every, sure)
        return Interval(low_, high_)

    def _points(self, item: str, given: SignalPoints, chosen: Chosen, *, sure: bool) -> Expression:
        each, limit = self._parts(abs(given.each)), given.limit
        if not each:
            return Constant(0)
        if given.fades is None and (limit is None or limit.period == "ever" or limit.number == 1):
            total = self._flat(each, limit, chosen, sure=sure)
        else:
            total = self._one_by_one(item, given, chosen, sure=sure)
        if given.at_most is not None:
            total = Extreme("least", (total, Constant(self._parts(given.at_most))))
        return total if given.each > 0 else Times(total, -1)

    def _parts(self, points: Decimal) -> int:
        return int(Fraction(points) * self.scale)

    def _flat(self, each: int, limit: Limit | None, chosen: Chosen, *, sure: bool) -> Expression:
        """Points that stay what they are: so many times the same."""
        number: Expression
        if limit is None or limit.period == "ever":
            number = self.found(chosen.level, f"{chosen.name} count", Number(chosen.flag))
            if not sure:
                maybe = self.found(chosen.level, f"{chosen.name} may count", Number(chosen.flag, sure=False))
                number = Added((number, maybe))
            if limit is not None:
                number = Extreme("least", (number, Constant(limit.number)))
        else:
            name = f"{chosen.name} {'' if sure else 'possible '}{limit.period}s"
            number = self.found(chosen.level, name, Different(self._period(limit), chosen.flag, sure=sure))
        return number if each == 1 else Times(number, each)

    def _period(self, limit: Limit) -> Expression:
        day = self.times.day_of(AT)
        return day if limit.period == "day" else PeriodOf(day, limit.period)

    def _one_by_one(self, item: str, given: SignalPoints, chosen: Chosen, *, sure: bool) -> Expression:
        """What each occurrence that counts is worth, added up."""
        level, kept = chosen.level, chosen.flag if sure else possible_of(chosen)
        limit = given.limit
        which = item if sure else f"possible {item}"
        if limit is not None:
            alike = (kept,) if limit.period == "ever" else (kept, self._period(limit))
            place = f"place of {which} {limit.period}"
            self.at_level(level).placed[place] = Place(AT, alike)
            kept = all_of([kept, Compare(Column(place), "<=", Constant(limit.number))])
        fading = "" if given.fades is None else f" fading {given.fades}"
        name = f"{which} points {given.each} {limit or ''}{fading}".replace(".", ",")
        return self.found(level, name, Total(self._worth(given), kept))

    def _worth(self, given: SignalPoints) -> Expression:
        """What an occurrence is worth at its age."""
        fades = given.fades
        if fades is None:
            return Constant(self._parts(abs(given.each)))
        hours = {"hour": 1, "day": 24, "week": 168}[fades.unit] * fades.number
        sizes = [int(abs(worth(given, at)) * self.scale) for at in range(min(ages(given), EDGES_OF_FADING + 1))]
        if len(sizes) <= EDGES_OF_FADING:
            edges = [Edge(("back", Span(hours * (at + 1), "hour")), "instant") for at in range(len(sizes))]
            branches = [(Compare(AT, ">", edge), Constant(size)) for edge, size in zip(edges, sizes, strict=True)]
            return case(branches, Constant(0))
        age, step = Age(AT, hours), sizes[0] - sizes[1]
        left = Added((Constant(sizes[0]), Times(age, -step)))
        return case([(Compare(age, "<", Constant(ages(given))), left)], Constant(0))
