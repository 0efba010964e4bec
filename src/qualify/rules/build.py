# Long because each test has its builder's method, with the line that it prints.
"""Rules in Python: `field("employees") >= 50`, `trait("a") & ~trait("c")`, `at_least(2, ...)`.

A builder holds a term of the tree and offers the tests that make sense for it; its comparison operators build
rules. What comes out are plain nodes: `parse(str(rule)) == rule`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import NoReturn, cast

from qualify.errors import RuleError
from qualify.rules.parse import parse_span
from qualify.rules.tree import (
    After,
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
    HasHow,
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
    Node,
    Number,
    Numbers,
    OlderThan,
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
    Window,
    Within,
    WithinAfter,
)  # fmt: skip

Literal_ = int | float | Decimal | str | dt.date | dt.datetime


class TermBuilder:
    """A value to be compared: a field, a sum of fields, a count, a moment."""

    __slots__ = ("node",)

    def __init__(self, node: Node) -> None:
        object.__setattr__(self, "node", node)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a builder is immutable")

    node: Node

    def __eq__(self, other: object) -> Rule:  # type: ignore[override]
        return self._compare("==", other)

    def __ne__(self, other: object) -> Rule:  # type: ignore[override]
        return self._compare("!=", other)

    def __lt__(self, other: object) -> Rule:
        return self._compare("<", other)

    def __le__(self, other: object) -> Rule:
        return self._compare("<=", other)

    def __gt__(self, other: object) -> Rule:
        return self._compare(">", other)

    def __ge__(self, other: object) -> Rule:
        return self._compare(">=", other)

    def __hash__(self) -> int:
        return hash((type(self), self.node))

    def __bool__(self) -> bool:
        raise TypeError("this has no answer of its own: compare it, and combine rules with & (and), | (or), ~ (not)")

    def __and__(self, other: object) -> NoReturn:
        raise TypeError("'&' and '|' join rules: compare this with something, or ask a boolean field by .is_true()")

    __or__ = __rand__ = __ror__ = __and__

    def __invert__(self) -> NoReturn:
        raise TypeError("'~' turns a rule: compare this with something, or ask a boolean field by .is_true()")

    def __add__(self, other: object) -> TermBuilder:
        return TermBuilder(Sum(((1, self._term), (1, _term(other)))))

    def __radd__(self, other: object) -> TermBuilder:
        return TermBuilder(Sum(((1, _term(other)), (1, self._term))))

    def __sub__(self, other: object) -> TermBuilder:
        return TermBuilder(Sum(((1, self._term), (-1, _term(other)))))

    def __rsub__(self, other: object) -> TermBuilder:
        return TermBuilder(Sum(((1, _term(other)), (-1, self._term))))

    def __mul__(self, other: object) -> TermBuilder:
        return TermBuilder(Product((("*", self._term), ("*", _term(other)))))

    def __rmul__(self, other: object) -> TermBuilder:
        return TermBuilder(Product((("*", _term(other)), ("*", self._term))))

    def __truediv__(self, other: object) -> TermBuilder:
        return TermBuilder(Product((("*", self._term), ("/", _term(other)))))

    def __rtruediv__(self, other: object) -> TermBuilder:
        return TermBuilder(Product((("*", _term(other)), ("/", self._term))))

    def __str__(self) -> str:
        return str(self.node)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self.node)!r})"

    def __reduce__(self) -> tuple[type, tuple[Node]]:
        return type(self), (self.node,)

    @property
    def _term(self) -> Term:
        return cast(Term, self.node)

    def _compare(self, op: CompareOp, other: object) -> Rule:
        return Compare(self._term, op, _term(other))

    def between(self, low: object, high: object) -> Rule:
        """`x between low and high`, both ends included."""
        return Between(self._term, _term(low), _term(high))

    def is_in(self, values: Iterable[Literal_] | NameBuilder) -> Rule:
        """`x in [...]`, or in a named list: `field("email_domain").is_in(listed("competitors"))`."""
        return In(self._term, _values(values))

    def not_in(self, values: Iterable[Literal_] | NameBuilder) -> Rule:
        """`x not in [...]`."""
        return In(self._term, _values(values), negated=True)

    def is_known(self) -> Rule:
        """`x is known`: yes or no, never unknown."""
        return Known(self._term)

    def is_unknown(self) -> Rule:
        """`x is unknown`: yes or no, never unknown."""
        return Known(self._term, negated=True)

    def within(self, length: str | Span, *, after: object = None) -> Rule:
        """`x within 30 days`, or `x within 30 days after y`."""
        if after is None:
            return Within(self._term, span(length))
        return WithinAfter(self._term, span(length), _term(after))

    def older_than(self, length: str | Span) -> Rule:
        """`x older than 3 months`."""
        return OlderThan(self._term, span(length))

    def in_the_next(self, length: str | Span) -> Rule:
        """`x in the next 90 days`."""
        return InTheNext(self._term, span(length))

    def after(self, moment: object) -> Rule:
        """`x after y`, strictly."""
        return After(self._term, _term(moment))

    def before(self, moment: object) -> Rule:
        """`x before y`, strictly."""
        return Before(self._term, _term(moment))


class NameBuilder(TermBuilder):
    """A name that stands for a value."""

    __slots__ = ()


class FieldBuilder(NameBuilder):
    """A field of a lead, or a property of an activity."""

    __slots__ = ()

    def is_true(self) -> Rule:
        """A boolean field as a rule; printed as its name alone."""
        return Holds(str(self.node))

    def contains(self, *texts: str | NameBuilder) -> Rule:
        """`x contains "a"`: any of the texts stands in it, parts of words too."""
        return self._match("contains", texts)

    def mentions(self, *phrases: str | NameBuilder) -> Rule:
        """`x mentions "vp"`: any of the phrases stands in it as whole words; `*` ends a stem."""
        return self._match("mentions", phrases)

    def starts_with(self, *texts: str | NameBuilder) -> Rule:
        """`x starts with "a"`."""
        return self._match("starts with", texts)

    def ends_with(self, *texts: str | NameBuilder) -> Rule:
        """`x ends with "a"`."""
        return self._match("ends with", texts)

    def has_any(self, *texts: str | NameBuilder) -> Rule:
        """`xs has any ["a", "b"]`."""
        return self._has("any", texts)

    def has_all(self, *texts: str | NameBuilder) -> Rule:
        """`xs has all ["a", "b"]`."""
        return self._has("all", texts)

    def has_none(self, *texts: str | NameBuilder) -> Rule:
        """`xs has none ["a", "b"]`."""
        return self._has("none", texts)

    def _match(self, how: MatchHow, texts: tuple[str | NameBuilder, ...]) -> Rule:
        return Match(self._term, how, _texts(texts))

    def _has(self, how: HasHow, texts: tuple[str | NameBuilder, ...]) -> Rule:
        return Has(self._term, how, _texts(texts))


class TierBuilder(NameBuilder):
    """A tier, to be asked which of its cases it is."""

    __slots__ = ()

    def is_(self, case: str) -> Rule:
        """`company_size is large`."""
        return Is(self._term, case)

    def is_not(self, case: str) -> Rule:
        """`company_size is not large`."""
        return Is(self._term, case, negated=True)

    def is_one_of(self, *cases: str) -> Rule:
        """`grade in [A, B]`."""
        return In(self._term, Cases(cases))

    def is_none_of(self, *cases: str) -> Rule:
        """`grade not in [A, B]`."""
        return In(self._term, Cases(cases), negated=True)


class SelectionBuilder:
    """Which activities: `activity("page_view").where(field("page").contains("/pricing")).within("14 days")`."""

    __slots__ = ("node",)

    node: Selection

    def __init__(self, node: Selection) -> None:
        object.__setattr__(self, "node", node)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a builder is immutable")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SelectionBuilder) and self.node == other.node

    def __hash__(self) -> int:
        return hash((SelectionBuilder, self.node))

    def __str__(self) -> str:
        return str(self.node)

    def __repr__(self) -> str:
        return f"SelectionBuilder({str(self.node)!r})"

    def __reduce__(self) -> tuple[type, tuple[Selection]]:
        return SelectionBuilder, (self.node,)

    def where(self, rule: Rule) -> SelectionBuilder:
        """Only those for which the rule holds; several are joined by `and`. It sees the activity's own properties."""
        before = self.node.where
        return SelectionBuilder(Selection(self.node.of, rule if before is None else before & rule, self.node.windows))

    def within(self, length: str | Span, *, after: object = None) -> SelectionBuilder:
        """Only those of the last so many days, or of so many days after a moment."""
        return self._in(Recent(span(length)) if after is None else Following(span(length), _term(after)))

    def since(self, moment: object) -> SelectionBuilder:
        """Only those after a moment, that moment itself not included."""
        return self._in(Since(_term(moment)))

    def _in(self, window: Window) -> SelectionBuilder:
        return SelectionBuilder(Selection(self.node.of, self.node.where, (*self.node.windows, window)))

    def count(self) -> TermBuilder:
        """`count(...)`: how many."""
        return TermBuilder(Count(self.node))

    def days(self) -> TermBuilder:
        """`days(...)`: on how many different days."""
        return TermBuilder(Days(self.node))

    def sum(self, amount: str) -> TermBuilder:
        """`sum(amount of ...)`: a property added up."""
        return TermBuilder(Total(amount, self.node))

    def first(self) -> TermBuilder:
        """`first(...)`: the moment of the earliest."""
        return TermBuilder(First(self.node))

    def last(self) -> TermBuilder:
        """`last(...)`: the moment of the latest."""
        return TermBuilder(Last(self.node))


def field(name: str) -> FieldBuilder:
    """A field of a lead, or after `where` a property of an activity.

    >>> str(field("employees") >= 50)
    'employees >= 50'
    """
    return FieldBuilder(Name(name))


def trait(name: str) -> Holds:
    """A trait, as a rule.

    >>> str(trait("a") & ~trait("c"))
    'a and not c'
    """
    return Holds(name)


def tier(name: str) -> TierBuilder:
    """A tier.

    >>> str(tier("grade").is_one_of("A", "B"))
    'grade in [A, B]'
    """
    return TierBuilder(Name(name))


def score(name: str) -> NameBuilder:
    """A score: to be compared with a number or another score, or to be reckoned with in a formula.

    >>> str(score("fit") >= 40), str(0.6 * score("fit") + score("engagement"))
    ('fit >= 40', '0.6 * fit + engagement')
    """
    return NameBuilder(Name(name))


def listed(name: str) -> NameBuilder:
    """A named list, where a list of texts may stand.

    >>> str(field("email_domain").is_in(listed("competitors")))
    'email_domain in competitors'
    """
    return NameBuilder(Name(name))


def activity(*names: str) -> SelectionBuilder:
    """Activities of a type, of several types, or (no name) of any.

    >>> str(activity("page_view").where(field("page").contains("/pricing")).within("14 days").count() >= 3)
    'count(page_view where page contains "/pricing" within 14 days) >= 3'
    """
    if not names:
        return SelectionBuilder(Selection(AnyActivity()))
    return SelectionBuilder(Selection(Name(names[0]) if len(names) == 1 else AnyOf(names)))


def signal(name: str) -> SelectionBuilder:
    """A signal: the selection of activities that has this name.

    >>> str(signal("pricing_visits").since(activity("recycled").last()).count() >= 1)
    'count(pricing_visits since last(recycled)) >= 1'
    """
    return SelectionBuilder(Selection(Name(name)))


def at_least(number: int, *rules: Rule) -> AtLeast:
    """Yes when at least `number` of the rules say yes; no as soon as too few still can; else unknown.

    >>> str(at_least(2, trait("budget_confirmed"), trait("decision_maker"), trait("needs_it_this_year")))
    'at least 2 of [budget_confirmed, decision_maker, needs_it_this_year]'

    Raises RuleError when `number` is below 1 or above the number of rules: such a rule could only ever give one answer.
    """
    return AtLeast(number, rules)


def highest_of(*parts: TermBuilder | int | float | Decimal) -> TermBuilder:
    """`highest of [cloud, private]`, in a formula over scores."""
    return TermBuilder(Highest(tuple(cast(Formula, _term(part)) for part in parts)))


def lowest_of(*parts: TermBuilder | int | float | Decimal) -> TermBuilder:
    """`lowest of [cloud, private]`, in a formula over scores."""
    return TermBuilder(Lowest(tuple(cast(Formula, _term(part)) for part in parts)))


def span(length: str | Span) -> Span:
    """A length of time: `"14 days"`.

    >>> span("14 days")
    Span(number=14, unit='day')
    """
    if isinstance(length, Span):
        return length
    return parse_span(length)


def _term(value: object) -> Term:
    match value:
        case TermBuilder():
            return cast(Term, value.node)
        case Name() | Number() | Text() | Date() | DateTime() | Sum() | Product():
            return value
        case Count() | Days() | Total() | First() | Last():
            return value
        case bool():
            raise RuleError("a yes-or-no stands alone: field(name).is_true(), or ~ before it", code="bad-rule")
        case int() | float() | Decimal():
            return Number(cast(Decimal, value))
        case str():
            return Text(value)
        case dt.datetime():
            return DateTime(value)
        case dt.date():
            return Date(value)
        case _:
            raise RuleError(f"a rule compares with text, numbers, dates and names, not with a {type(value).__name__}")


def _values(values: Iterable[Literal_] | NameBuilder) -> Texts | Numbers | Dates | Name:
    if isinstance(values, NameBuilder):
        return cast(Name, values.node)
    if isinstance(values, str):
        raise RuleError("expected a list of values, found text: put it in a list")
    terms = [_term(value) for value in values]
    kinds: set[type] = {type(term) for term in terms}
    if kinds <= {Text}:
        return Texts(tuple(cast(Text, term).value for term in terms))
    if kinds == {Number}:
        return Numbers(tuple(cast(Number, term) for term in terms))
    if kinds == {Date}:
        return Dates(tuple(cast(Date, term) for term in terms))
    raise RuleError("a list holds one kind of thing: texts, numbers or days")


def _texts(texts: tuple[str | NameBuilder, ...]) -> Texts | Name:
    if len(texts) == 1 and isinstance(texts[0], NameBuilder):
        return cast(Name, texts[0].node)
    for text in texts:
        if not isinstance(text, str):
            raise RuleError("expected texts, or one named list: listed(name)")
    return Texts(cast(tuple[str, ...], texts))
