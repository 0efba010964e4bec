"""Rules, selections and formulas as the grammar allows them, whether or not they make sense."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, Literal, get_args

from hypothesis import strategies as st

from qualify.rules.tree import (
    UNITS,
    After,
    And,
    AnyActivity,
    AnyOf,
    AtLeast,
    Before,
    Between,
    Cases,
    Compare,
    CompareOp,
    Count,
    Date,
    Dates,
    DateTime,
    Days,
    First,
    Following,
    Formula,
    Has,
    Highest,
    Holds,
    In,
    InTheNext,
    Is,
    Known,
    Last,
    Lowest,
    Match,
    MatchHow,
    Name,
    Not,
    Number,
    Numbers,
    OlderThan,
    Or,
    Product,
    Recent,
    Rule,
    Selection,
    Since,
    Span,
    Sum,
    Term,
    Text,
    Texts,
    Total,
    Within,
    WithinAfter,
)  # fmt: skip
from qualify.testing.pick import Pick
from qualify.vocabulary import RESERVED

_NAMES = (
    "a",
    "b",
    "c",
    "employees",
    "job_title",
    "x1",
    "x_",
    "fit",
    "grade",
    "created_at",
    "activity",
    "e5",
    "class",
)
_CASES = ("A", "B", "large", "mid", "C2", "x", "Otherwise_1")
_TEXTS = (
    "a",
    "/pricing",
    "head of",
    'say "hi"',
    "back\\slash",
    "line\nend",
    "tab\t",
    "Straße",
    "\u200b",
    " ",
    "it's",
    "😀",
)
_SMALL = (0, 1, 2, 50, -1, 10**15 - 1, -(10**15 - 1), 100_000)
_DATES = (dt.date(2026, 11, 2), dt.date(2024, 2, 29), dt.date(1, 1, 1), dt.date(9999, 12, 31))
_OFFSETS = (None, 0, 60, -300, 345, 14 * 60, -12 * 60, 1439, -1439)
_COMPARE: tuple[CompareOp, ...] = get_args(CompareOp)
_MATCH: tuple[MatchHow, ...] = get_args(MatchHow)
_SIGNS: tuple[Literal[1, -1], ...] = (1, -1)
_TIMES: tuple[Literal["*", "/"], ...] = ("*", "/")
_ORDERED: tuple[type[After | Before], ...] = (After, Before)
_HAPPENED: tuple[type[Count | Days | First | Last], ...] = (Count, Days, First, Last, Last)


def names() -> st.SearchStrategy[str]:
    """Names as a definition gives them: no word of the language."""
    drawn = st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True)
    return st.sampled_from(_NAMES) | drawn.map(lambda name: f"{name}_" if name in RESERVED else name)


def texts() -> st.SearchStrategy[str]:
    """Any text that a literal can hold."""
    return st.sampled_from(_TEXTS) | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


def numbers() -> st.SearchStrategy[Number]:
    """Any number literal: at most 15 significant digits."""
    digits, places = st.integers(-(10**15) + 1, 10**15 - 1), st.integers(-20, 20)
    drawn = st.builds(lambda whole, exponent: Number(Decimal(whole).scaleb(exponent)), digits, places)
    return st.sampled_from(_SMALL).map(lambda whole: Number(Decimal(whole))) | drawn


def spans() -> st.SearchStrategy[Span]:
    """Any length of time."""
    return st.builds(Span, st.integers(1, 90) | st.integers(1, 10**15 - 1), st.sampled_from(UNITS))


@st.composite
def terms(draw: Any, depth: int = 2) -> Term:
    """Any value that a rule can speak of."""
    return _Grammar(draw).term(depth)


@st.composite
def rules(draw: Any, depth: int = 3) -> Rule:
    """Any rule: every kind of node, brackets up to `depth` connectives and calls."""
    return _Grammar(draw).rule(depth)


@st.composite
def selections(draw: Any, depth: int = 2) -> Selection:
    """Any selection of activities."""
    return _Grammar(draw).selection(depth)


@st.composite
def formulas(draw: Any, depth: int = 3) -> Formula:
    """Any formula over scores."""
    return _Grammar(draw).formula(depth)


_ANY_NAME, _ANY_TEXT, _ANY_NUMBER, _ANY_SPAN = names(), texts(), numbers(), spans()


class _Grammar(Pick):
    def name(self) -> str:
        return str(self.draw(_ANY_NAME))

    def names(self, most: int = 3) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.name() for _ in range(self.whole(1, most))))

    def text(self) -> str:
        return str(self.draw(_ANY_TEXT))

    def number(self) -> Number:
        number: Number = self.draw(_ANY_NUMBER)
        return number

    def span(self) -> Span:
        return self.draw(_ANY_SPAN) if self.one_in(3) else Span(self.whole(1, 90), self.of(UNITS))

    def date(self) -> Date:
        return Date(dt.date.fromordinal(self.whole(1, 3_652_059)) if self.one_in(2) else self.of(_DATES))

    def moment(self) -> DateTime:
        offset = self.of(_OFFSETS)
        day = self.of(_DATES) if offset is None else _DATES[0]
        clock = dt.time(self.whole(0, 23), self.whole(0, 59), self.of((0, 0, 15)))
        zone = None if offset is None else dt.timezone(dt.timedelta(minutes=offset))
        return DateTime(dt.datetime.combine(day, clock, zone))

    def literal(self) -> Number | Text | Date | DateTime:
        match self.whole(0, 3):
            case 0:
                return self.number()
            case 1:
                return Text(self.text())
            case 2:
                return self.date()
            case _:
                return self.moment()

    def term(self, depth: int) -> Term:
        if depth <= 0:
            return self.plain() if self.one_in(3) else self.literal()
        kind = self.whole(0, 9)
        match kind:
            case 0 | 1 | 2:
                return self.plain()
            case 3:
                return self.literal()
            case 4:
                rest = [(self.of(_SIGNS), self.term(depth - 1)) for _ in range(self.whole(1, 3))]
                return Sum(((1, self.term(depth - 1)), *rest))
            case 5:
                factors = [(self.of(_TIMES), self.term(depth - 1)) for _ in range(self.whole(1, 3))]
                return Product((("*", self.term(depth - 1)), *factors))
            case 6:
                return Total(self.name(), self.selection(depth - 1))
            case _:
                return self.of(_HAPPENED)(self.selection(depth - 1))

    def plain(self) -> Name:
        return Name(self.name())

    def open_term(self, depth: int) -> Term:
        """A term that is no literal."""
        found = self.term(depth)
        return self.plain() if isinstance(found, Number | Text | Date | DateTime) else found

    def selection(self, depth: int) -> Selection:
        of = self.whole(0, 4)
        what = AnyActivity() if of == 3 else AnyOf(self.names()) if of == 4 else self.plain()
        where = self.rule(depth - 1) if self.one_in(3) else None
        windows = tuple(self.window(depth - 1) for _ in range(self.whole(0, 2)))
        return Selection(what, where, windows)

    def window(self, depth: int) -> Any:
        match self.whole(0, 2):
            case 0:
                return Recent(self.span())
            case 1:
                return Following(self.span(), self.term(depth))
            case _:
                return Since(self.term(depth))

    def texts(self) -> Texts | Name:
        if self.one_in(3):
            return self.plain()
        return Texts(tuple(self.text() for _ in range(self.whole(1, 3))))

    def values(self) -> Any:
        number = self.whole(1, 3)
        match self.whole(0, 4):
            case 0 | 1:
                return self.texts()
            case 2:
                return Numbers(tuple(self.number() for _ in range(number)))
            case 3:
                return Dates(tuple(self.date() for _ in range(number)))
            case _:
                return Cases(tuple(self.of(_CASES) for _ in range(number)))

    def rule(self, depth: int) -> Rule:
        if depth > 0 and self.one_in(2):
            return self.joined(depth)
        kind = self.whole(0, 13)
        below = depth - 1
        match kind:
            case 0:
                return Holds(self.name())
            case 1 | 2:
                pair = [self.open_term(below), self.term(below)]
                left, right = reversed(pair) if self.one_in(3) else pair
                return Compare(left, self.of(_COMPARE), right)
            case 3:
                return Between(self.open_term(below), self.term(below), self.term(below))
            case 4:
                return In(self.open_term(below), self.values(), self.one_in(2))
            case 5:
                return Match(self.open_term(below), self.of(_MATCH), self.texts())
            case 6:
                return Has(self.open_term(below), self.of(("any", "all", "none")), self.texts())
            case 7:
                return Known(self.term(below), self.one_in(2))
            case 8:
                return Is(self.term(below), self.of(_CASES), self.one_in(2))
            case 9:
                return Within(self.term(below), self.span())
            case 10:
                return WithinAfter(self.open_term(below), self.span(), self.term(below))
            case 11:
                return OlderThan(self.term(below), self.span())
            case 12:
                return InTheNext(self.term(below), self.span())
            case _:
                pair = [self.open_term(below), self.term(below)]
                left, right = reversed(pair) if self.one_in(3) else pair
                return self.of(_ORDERED)(left, right)

    def joined(self, depth: int) -> Rule:
        below = depth - 1
        match self.whole(0, 3):
            case 0:
                return Not(self.rule(below))
            case 1:
                return And(tuple(self.rule(below) for _ in range(self.whole(2, 3))))
            case 2:
                return Or(tuple(self.rule(below) for _ in range(self.whole(2, 3))))
            case _:
                parts = tuple(dict.fromkeys(self.rule(below) for _ in range(self.whole(1, 3))))
                return AtLeast(self.whole(1, len(parts)), parts)

    def formula(self, depth: int) -> Formula:
        if depth <= 0:
            return self.number() if self.one_in(3) else self.plain()
        below = depth - 1
        match self.whole(0, 5):
            case 0 | 1:
                return self.formula(0)
            case 2:
                rest = [(self.of(_SIGNS), self.formula(below)) for _ in range(self.whole(1, 3))]
                return Sum(((1, self.formula(below)), *rest))
            case 3:
                factors: list[Any] = [("*", self.number()) for _ in range(self.whole(1, 2))]
                factors.insert(self.whole(0, len(factors)), ("*", self.factor(below)))
                return Product(tuple(factors))
            case 4:
                return Highest(tuple(self.formula(below) for _ in range(self.whole(1, 3))))
            case _:
                return Lowest(tuple(self.formula(below) for _ in range(self.whole(1, 3))))

    def factor(self, depth: int) -> Formula:
        """What a number is multiplied by; a product there would join this one."""
        found = self.formula(depth)
        return self.plain() if isinstance(found, Product) else found
