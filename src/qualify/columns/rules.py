# Long because every kind of node is translated here.
"""Rules -> columns: the one fold over the rule tree that all engines share, one method for each kind of question.

What facts have answered is in `answers`, `tiers` and `scores`; what an engine has to do comes out as primitives.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import assert_never, cast

from qualify.columns.expressions import (
    NO,
    UNKNOWN,
    YES,
    Added,
    Column,
    Compare,
    Constant,
    Expression,
    Matches,
    Mentions,
    Nothing,
    OneOf,
    Overlaps,
    Stored,
    all_of,
    any_of,
    case,
    is_known,
    is_null,
    not_,
)
from qualify.columns.intervals import CannotCompare, Interval, at_literal, compare, point, reckon
from qualify.columns.moments import Moment, constant
from qualify.columns.selections import TOO_FAR
from qualify.columns.signal_points import PointsReader
from qualify.definition.model import Tier
from qualify.errors import QualifyError
from qualify.rules.tree import (
    MIRRORED,
    After,
    And,
    AtLeast,
    Before,
    Between,
    Cases,
    CompareOp,
    Count,
    Date,
    Dates,
    DateTime,
    Days,
    First,
    Has,
    Holds,
    In,
    InTheNext,
    Is,
    Known,
    Last,
    Match,
    Name,
    Not,
    Number,
    Numbers,
    OlderThan,
    Or,
    Product,
    Rule,
    Selection,
    Sum,
    Term,
    Text,
    Texts,
    Total,
    Within,
    WithinAfter,
)
from qualify.rules.tree import Compare as Comparison
from qualify.text import clean, compose, fold, words
from qualify.values import instant
from qualify.vocabulary import FieldType

MOST_IN_PLACE = 100
"""Texts of a named list that stand where they are asked for; a longer list is a table of its own."""
USE_MANY = "no frame or database answers that exactly; use qualify_many"
SAY_TYPES = "say how both are stored (types={...}, as integer, double or decimal(38, 2)), or use qualify_many"


@dataclass(frozen=True, slots=True)
class TierRead:
    """A tier over columns: what its cases' rules say, and the settled case."""

    tier: Tier
    rules: tuple[Expression, ...]
    settled: Expression


@dataclass(frozen=True, slots=True)
class ScoreRead:
    """A score over columns: its ends in parts of the common scale, and whether there is one at all."""

    ends: Interval
    exists: Expression


class CannotSay(QualifyError):
    """A rule that columns can't say exactly: it names the rule, and why."""


class RuleReader(PointsReader):
    """Reads rules, terms and selections."""

    answers: dict[str, Expression]
    tiers: dict[str, TierRead]
    scores: dict[str, ScoreRead]
    own: Mapping[str, FieldType] | None = None
    """After `where`: the types of the activity's properties."""

    # --- rules ---

    def rule(self, rule: Rule) -> Expression:
        """What a rule says: of a lead, or (after `where`) of an activity."""
        match rule:
            case And(parts):
                return all_of(self.rule(part) for part in parts)
            case Or(parts):
                return any_of(self.rule(part) for part in parts)
            case Not(part):
                return not_(self.rule(part))
            case AtLeast(number, parts):
                return self.at_least(number, [self.rule(part) for part in parts])
            case Holds(name):
                if self.own is None and name in self.answers:
                    return self.answers[name]
                return self.value(name, "boolean")
            case Comparison(left, op, right):
                return self.compared(rule, left, op, right)
            case Between(term, low, high):
                return all_of((self.compared(rule, term, ">=", low), self.compared(rule, term, "<=", high)))
            case In(term, Dates(listed), True):  # a test of its own: no, like every other, of what never happened
                return all_of(self.compared(rule, term, "!=", date) for date in listed)
            case In(term, values, negated):
                found = self.member(rule, term, values)
                return not_(found) if negated else found
            case Match(term, how, values):
                return self.match(self.text(term), how, self.texts(values))
            case Has(term, how, values):
                wanted = tuple(dict.fromkeys(fold(clean(text)) for text in self.texts(values)))
                chosen = self.value(cast(Name, term).name, "list")
                if isinstance(chosen, Nothing):
                    return UNKNOWN
                found = Overlaps(chosen, "all" if how == "all" else "any", wanted)
                return not_(found) if how == "none" else found
            case Known(term, negated):
                found = self.known(term)
                return not_(found) if negated else found
            case Is(term, case_, negated):
                found = self.is_one_of(cast(Name, term).name, (case_,))
                return not_(found) if negated else found
            case Within(term, span):
                return self.times.within(self.moment(term), span)
            case InTheNext(term, span):
                return self.times.in_the_next(self.moment(term), span)
            case OlderThan(term, span):
                return self.times.older_than(self.moment(term), span)
            case WithinAfter(term, span, anchor):
                moments = self.moment(term), self.moment(anchor)
                if any(each.happening and not each.is_point for each in moments):
                    raise self.cannot(rule, TOO_FAR)
                return self.times.within_after(moments[0], span, moments[1])
            case After(term, anchor):
                return self.times.compare(">", self.moment(term), self.moment(anchor))
            case Before(term, anchor):
                return self.times.compare("<", self.moment(term), self.moment(anchor))
            case _:
                assert_never(rule)

    def cannot(self, rule: Rule | Selection, why: str, instead: str = USE_MANY) -> CannotSay:
        """The error for a rule that columns can't say."""
        return CannotSay(f"'{rule}' {why}: {instead}", code="no-columns")

    def at_least(self, number: int, flags: list[Expression]) -> Expression:
        """Yes when so many say yes, no as soon as too few still can."""
        if number == 1:
            return any_of(flags)
        if number == len(flags):
            return all_of(flags)
        one, none = Constant(1), Constant(0)
        sure = Added(tuple(case([(each, one)], none) for each in flags))
        open_ = Added(tuple(case([(any_of([each, is_null(each)]), one)], none) for each in flags))
        least = Constant(number)
        return case([(Compare(sure, ">=", least), YES), (Compare(open_, "<", least), NO)], UNKNOWN)

    def compared(self, rule: Rule, left: Term, op: CompareOp, right: Term) -> Expression:
        """Texts without case, moments in one form, numbers as intervals."""
        kinds = {self.kind(left), self.kind(right)}
        if "text" in kinds:
            return self.same_text(left, right, op)
        if kinds & {"date", "datetime"}:
            return self.moments_compared(rule, left, op, right)
        if isinstance(left, Number):
            left, op, right = right, MIRRORED[op], left
        one = self.number(left)
        if one is None:
            return UNKNOWN
        if isinstance(right, Number):
            return at_literal(op, one, right.value)
        other = self.number(right)
        if other is None:
            return UNKNOWN
        try:
            return compare(op, one, other)
        except CannotCompare as why:
            told = "a number of unknown type" not in str(why)
            raise self.cannot(rule, f"compares {why}", USE_MANY if told else SAY_TYPES) from None

    def same_text(self, left: Term, right: Term, op: CompareOp) -> Expression:
        """Two texts, or a text and a literal."""
        if isinstance(left, Text):
            left, right = right, left
        one = self.text(left)
        if isinstance(right, Text):
            literal = fold(clean(right.value))
            same: Expression = UNKNOWN if isinstance(one, Nothing) else OneOf(one, (literal,))
        else:
            other = self.text(right)
            same = UNKNOWN if isinstance(one, Nothing) or isinstance(other, Nothing) else Compare(one, "==", other)
        return same if op == "==" else not_(same)

    def moments_compared(self, rule: Rule, left: Term, op: CompareOp, right: Term) -> Expression:
        """Two moments; where one may be several, whether it is the other is asked of the activities themselves."""
        one, other = self.moment(left), self.moment(right)
        if op in ("==", "!=") and not (one.is_point and other.is_point):
            first, literal = (left, other) if isinstance(left, First | Last) else (right, one)
            if not isinstance(first, First | Last) or not isinstance(literal.first, Constant):
                raise self.cannot(rule, "asks whether one of several possible moments is another")
            members = self.happens_at(first, literal)
            one, other = (
                (replace(one, members=members), other) if first is left else (one, replace(other, members=members))
            )
        return self.times.compare(op, one, other)

    def member(self, rule: Rule, term: Term, values: Texts | Numbers | Dates | Cases | Name) -> Expression:
        """Whether it is one of these."""
        match values:
            case Cases(names):
                return self.is_one_of(cast(Name, term).name, names)
            case Numbers(listed) | Dates(listed):
                return any_of(self.compared(rule, term, "==", each) for each in listed)
            case Texts() | Name():
                text = self.text(term)
                if isinstance(text, Nothing):
                    return UNKNOWN
                folded = tuple(dict.fromkeys(fold(clean(each)) for each in self.texts(values)))
                name = values.name if isinstance(values, Name) and len(folded) > MOST_IN_PLACE else None
                return OneOf(text, folded, name)
            case _:
                assert_never(values)

    def match(self, text: Expression, how: str, wanted: tuple[str, ...]) -> Expression:
        """Whether a text contains, mentions, starts or ends with any of these."""
        if isinstance(text, Nothing):
            return UNKNOWN
        if how == "mentions":
            phrases = ((tuple(words(clean(each))), each.endswith("*")) for each in wanted)
            return Mentions(text, tuple(dict.fromkeys(phrases)))
        return Matches(text, how, tuple(dict.fromkeys(fold(compose(each)) for each in wanted)))  # type: ignore[arg-type]

    def is_one_of(self, tier: str, cases: tuple[str, ...]) -> Expression:
        """Yes or no where all possible cases agree: `and`, `or` over the cases' rules, from the last to the first."""
        read = self.tiers[tier]
        if read.tier.when_unknown is not None:
            return OneOf(read.settled, cases)
        *conditional, last = read.tier.cases
        found: Expression = YES if last.name in cases else NO
        for case_, said in zip(reversed(conditional), reversed(read.rules), strict=True):
            found = any_of([said, found]) if case_.name in cases else all_of([not_(said), found])
        return found

    def known(self, term: Term) -> Expression:
        """Whether a field has a value, a fact is settled, a moment has come."""
        if isinstance(term, First | Last):
            return self.times.is_settled(self.moment(term))
        name = cast(Name, term).name
        if self.own is None:
            if name in self.answers:
                return is_known(self.answers[name])
            if name in self.tiers:
                return is_known(self.tiers[name].settled)
        return is_known(self.value(name, self.type_of(name)))

    # --- terms ---

    def type_of(self, name: str) -> FieldType:
        """The type of a field or property."""
        return self.model.declared_fields[name].type if self.own is None else self.own[name]

    def kind(self, term: Term) -> str:
        """The type of a term: text, number, date, datetime."""
        match term:
            case Name(name):
                if self.own is None and name in self.scores:
                    return "number"
                return self.type_of(name)
            case Text():
                return "text"
            case Date() | DateTime() | First() | Last():
                return "datetime"
            case Number() | Sum() | Product() | Count() | Days() | Total():
                return "number"
            case _:
                assert_never(term)

    def stored(self, name: str) -> Stored | None:
        """How a field or property is stored; None where it stands in no column."""
        if self.own is None:
            return Stored("text") if name == "email_domain" and self._has_domain() else self.sources.stored(name)
        return (self.sources.activities or {}).get(name)

    def _has_domain(self) -> bool:
        return self.sources.stored("email") is not None or self.sources.stored("email_domain") is not None

    def value(self, name: str, kind: FieldType) -> Expression:
        """A field's or property's value; texts are folded where they are read."""
        if self.stored(name) is None:
            plain = {"boolean": "flag", "list": "texts", "number": "double", "date": "day", "datetime": "instant"}
            return Nothing(plain.get(kind, "text"))  # type: ignore[arg-type]
        if self.own is None:
            self.fields_read[name] = None
        else:
            self.properties_read[name] = kind
        return Column(name)

    def text(self, term: Term) -> Expression:
        """A text, folded."""
        return self.value(cast(Name, term).name, "text")

    def texts(self, values: Texts | Name) -> tuple[str, ...]:
        """The texts that stand here, or in a named list."""
        return self.model.lists[values.name].values if isinstance(values, Name) else values.values

    def number(self, term: Term) -> Interval | None:
        """At least, at most; None where it is always unknown."""
        match term:
            case Number(value):
                return point(Fraction(value))
            case Name(name):
                if self.own is None and name in self.scores:
                    return self.scores[name].ends
                stored = self.stored(name)
                return None if stored is None else point(self.value(name, "number"), stored)
            case Sum(parts):
                return self.reckoned([("+" if sign > 0 else "-", part) for sign, part in parts])
            case Product(parts):
                return self.reckoned(list(parts))
            case Count(selection):
                return self.count(selection)
            case Days(selection):
                return self.days(selection)
            case Total(amount, selection):
                self.properties_read[amount] = "number"
                return self.total(amount, selection)
            case _:
                raise AssertionError("checked: not a number")

    def reckoned(self, parts: list[tuple[str, object]]) -> Interval | None:
        """Arithmetic in doubles, from left to right."""
        found = [(sign, self.number(cast(Term, part))) for sign, part in parts]
        if any(number is None for _, number in found):
            return None
        return reckon(cast(Interval, found[0][1]), found[1:])  # type: ignore[arg-type]

    def moment(self, term: Term) -> Moment:
        """What a moment can be."""
        match term:
            case Date(value):
                return constant(value)
            case DateTime(value):
                return constant(instant(value) if value.tzinfo is not None else value)
            case First() | Last():
                return self.happening(term)
            case _:
                name = cast(Name, term).name
                found, stored = self.value(name, self.type_of(name)), self.stored(name)
                if stored is None:
                    return Moment("day" if self.type_of(name) == "date" else "instant", found, found)
                form = stored.kind
                assert form in ("day", "wall", "instant")
                return Moment(form, found, found)

    # --- after `where` ---

    def where(self, rule: Rule, kinds: Mapping[str, FieldType]) -> Expression:
        """What a rule says of an activity with these properties."""
        with self._of_activity(kinds):
            return self.rule(rule)

    @contextmanager
    def _of_activity(self, kinds: Mapping[str, FieldType]) -> Iterator[None]:
        before, self.own = self.own, kinds
        try:
            yield
        finally:
            self.own = before

    fields_read: dict[str, None]
    properties_read: dict[str, FieldType]


__all__ = ["CannotSay", "RuleReader", "ScoreRead", "TierRead"]
