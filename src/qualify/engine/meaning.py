# Long because the meaning of the language stands in one place.
"""The plain evaluator: what a definition means, written to be read. Every other engine is compared with it.

An answer is True, False or None (unknown), by Kleene's strong logic. A missing value is None. A number is an
interval, a moment a tuple of what it can be. Facts are evaluated in an order in which each comes after all that
it reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import assert_never, cast

from qualify.definition.model import Model, Points, Score, Signal, SignalPoints, Tier, TierPoints, Trait, TraitPoints
from qualify.definition.order import Facts, facts_read, in_order, stages_in_order
from qualify.engine.clock import Clock, Moment
from qualify.engine.decision import (
    Bounds,
    Decision,
    ScoreOutcome,
    SignalOutcome,
    StageOutcome,
    State,
    TierOutcome,
    TraitOutcome,
)  # fmt: skip
from qualify.engine.moments import (
    Possible,
    compare_moments,
    in_the_next,
    is_settled,
    older_than,
    possible,
    since,
    within,
    within_after,
)  # fmt: skip
from qualify.engine.numbers import EVERYTHING, Interval, compare, literal, reckon
from qualify.engine.points import End, Ends, exact_decimal, signal_points, untold
from qualify.engine.sight import Event, Sight
from qualify.rules.logic import settle
from qualify.rules.tree import (
    After,
    And,
    AnyActivity,
    AnyOf,
    AtLeast,
    Before,
    Between,
    Cases,
    Compare,
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
    Sum,
    Term,
    Text,
    Texts,
    Total,
    Within,
    WithinAfter,
)  # fmt: skip
from qualify.text import Phrases, clean, compose, fold
from qualify.values import Value, amount_in_ten_thousandths, instant

Answer = bool | None


def decide(model: Model, sight: Sight, clock: Clock, *, proposed: bool = False) -> Decision:
    """What the definition says of one lead at one moment."""
    statuses = ("adopted", "shadow", "proposed") if proposed else ("adopted", "shadow")
    evaluator = Meaning(model, sight, clock)
    evaluator.facts(statuses)
    left_out = tuple(name for name in model.left_out_by if evaluator.traits[name].answer is True)
    if left_out:
        return Decision(left_out_by=left_out)
    return evaluator.decision(statuses)


class Meaning:
    """What rules mean for one lead at one moment; `found` is what its facts gave before, where they were evaluated."""

    def __init__(self, model: Model, sight: Sight, clock: Clock, found: Decision | None = None) -> None:
        self.model, self.sight, self.clock = model, sight, clock
        self.traits: dict[str, TraitOutcome] = dict(found.traits) if found else {}
        self.tiers: dict[str, TierOutcome] = dict(found.tiers) if found else {}
        self.scores: dict[str, ScoreOutcome] = dict(found.scores) if found else {}

    # --- named facts ---

    def facts(self, statuses: tuple[str, ...]) -> None:
        """Evaluate the facts that have one of these statuses, each after all that it reads."""
        facts = Facts(self.model.traits, self.model.tiers, self.model.signals, self.model.scores)
        evaluated = {key: fact for key, fact in facts.all().items() if fact.status in statuses}
        for section, name in in_order({key: facts_read(fact, facts) for key, fact in evaluated.items()})[0]:
            match evaluated[section, name]:
                case Trait() as trait:
                    self.traits[name] = self.trait(trait)
                case Tier() as tier:
                    self.tiers[name] = self.tier(tier)
                case Score() as score:
                    self.scores[name] = self.score(score)
                case Signal():
                    pass  # counted where it is read

    def trait(self, trait: Trait) -> TraitOutcome:
        """The answer of its rule; `when_unknown` replaces an unknown one."""
        answer = self.answer(trait.when)
        if answer is None and trait.when_unknown is not None:
            return TraitOutcome(trait.when_unknown == "yes", assumed=True)
        return TraitOutcome(answer)

    def tier(self, tier: Tier) -> TierOutcome:
        """Possible are the cases that don't say no, up to and including the first that says yes."""
        possible_cases: list[str] = []
        for case in tier.cases:
            answer = True if case.when is None else self.answer(case.when)
            if answer is not False:
                possible_cases.append(case.name)
            if answer is True:
                break
        if len(possible_cases) == 1:
            return TierOutcome(possible_cases[0], tuple(possible_cases))
        if tier.when_unknown is not None:
            return TierOutcome(tier.when_unknown, (tier.when_unknown,), assumed=True)
        return TierOutcome(None, tuple(possible_cases))

    def score(self, score: Score) -> ScoreOutcome:
        """The sum of its items' intervals (or its formula), then floor, then cap."""
        none = ScoreOutcome((None, None), dict.fromkeys(score.points, (None, None)))
        if score.only_when is not None and self.answer(score.only_when) is not True:
            return none
        if score.of is not None:
            ends = self.formula(score.of)
            return none if ends is None else ScoreOutcome(_published(_bounded(ends, score)))
        gains = {item: self.gains(item, given) for item, given in score.points.items()}
        low, high = (Fraction(score.start) + sum(ends) for ends in zip((0, 0), *gains.values(), strict=True))
        points = {item: _published(ends) for item, ends in gains.items()}
        return ScoreOutcome(_published(_bounded((low, high), score)), points)

    def gains(self, item: str, given: Points) -> Ends:
        """The least and the most that an item can give: for an unknown trait or an open tier, of all that is possible."""
        match given:
            case TraitPoints(yes, no):
                answer = self.traits[item].answer
                possible_ = [yes if answer else no] if answer is not None else [yes, no]
            case TierPoints(cases):
                possible_ = [cases.get(case, Decimal(0)) for case in self.tiers[item].possible]
            case SignalPoints():
                found = self.occurrences(Selection(Name(item)))
                if found is None:
                    return untold(given)
                sure = [at for (at, _), is_sure in found if is_sure]
                return signal_points(given, sure, [at for (at, _), _ in found], self.clock)
            case _:
                assert_never(given)
        return Fraction(min(possible_)), Fraction(max(possible_))

    def formula(self, formula: Formula | Term) -> Ends | None:
        """Interval arithmetic over scores; where one of them has no value there is none."""
        match formula:
            case Number(value):
                return Fraction(value), Fraction(value)
            case Name(name):
                low, high = self.scores[name].bounds
                return None if low is None or high is None else (_end(low), _end(high))
            case Sum(parts):
                found = [self.formula(part) for _, part in parts]
                if None in found:
                    return None
                signed = [
                    ends if sign > 0 else (-ends[1], -ends[0])
                    for ends, (sign, _) in zip(found, parts, strict=True)
                    if ends
                ]
                return sum(low for low, _ in signed), sum(high for _, high in signed)
            case Product(parts):
                least = most = cast(End, Fraction(1))
                for _, part in parts:
                    ends = self.formula(part)
                    if ends is None:
                        return None
                    products = [_times(one, other) for one in (least, most) for other in ends]
                    least, most = min(products), max(products)
                return least, most
            case Highest(parts) | Lowest(parts):
                found = [self.formula(part) for part in parts]
                known = [ends for ends in found if ends is not None]
                pick = max if isinstance(formula, Highest) else min
                if len(known) < len(found):
                    return None
                return pick(low for low, _ in known), pick(high for _, high in known)
            case _:
                raise AssertionError("checked: no formula over scores")

    # --- rules ---

    def answer(self, rule: Rule, own: Mapping[str, Value | None] | None = None) -> Answer:
        """What a rule says of the lead, or (after `where`) of an activity with its own properties."""
        match rule:
            case And() | Or() | Not() | AtLeast():
                return settle(rule, lambda test: self.answer(test, own))
            case Holds(name):
                return self.holds(name, own)
            case Compare(left, op, right):
                return self.compare(left, op, right, own)
            case Between(term, low, high):
                return _all((self.compare(term, ">=", low, own), self.compare(term, "<=", high, own)))
            case In(term, Dates(dates), True):  # a test of its own: no, like every other, of what never happened
                return _all(self.compare(term, "!=", date, own) for date in dates)
            case In(term, values, negated):
                found = self.member(term, values, own)
                return _not(found) if negated else found
            case Match(term, how, values):
                text = cast("str | None", self.value(term, own))
                return None if text is None else _matches(text, how, self.texts(values))
            case Has(term, how, values):
                chosen = cast("tuple[str, ...] | None", self.value(term, own))
                if chosen is None:
                    return None
                have = {fold(each) for each in chosen}
                wanted = {fold(clean(each)) for each in self.texts(values)}
                return wanted <= have if how == "all" else bool(wanted & have) == (how == "any")
            case Known(term, negated):
                return self.known(term, own) is not negated
            case Is(term, case, negated):
                is_case = self.is_one_of(cast(Name, term).name, (case,))
                return _not(is_case) if negated else is_case
            case Within(term, span):
                return within(self.moment(term, own), span, self.clock)
            case WithinAfter(term, span, anchor):
                return within_after(self.moment(term, own), span, self.moment(anchor, own), self.clock)
            case OlderThan(term, span):
                return older_than(self.moment(term, own), span, self.clock)
            case InTheNext(term, span):
                return in_the_next(self.moment(term, own), span, self.clock)
            case After(term, anchor):
                return compare_moments(">", self.moment(term, own), self.moment(anchor, own), self.clock)
            case Before(term, anchor):
                return compare_moments("<", self.moment(term, own), self.moment(anchor, own), self.clock)
            case _:
                assert_never(rule)

    def holds(self, name: str, own: Mapping[str, Value | None] | None) -> Answer:
        """A trait's answer, or a yes-or-no field or property."""
        if own is None and name in self.traits:
            return self.traits[name].answer
        return cast(Answer, self.value(Name(name), own))

    def compare(self, left: Term, op: str, right: Term, own: Mapping[str, Value | None] | None) -> Answer:
        """Texts without case, moments in one form, numbers as intervals; what is missing makes it unknown."""
        if own is not None and any(isinstance(side, Name) and own.get(side.name) is None for side in (left, right)):
            return None
        kinds = {self.kind(left, own), self.kind(right, own)}
        if kinds == {"text"}:
            one, other = self.value(left, own), self.value(right, own)
            if one is None or other is None:
                return None
            same = fold(clean(cast(str, one))) == fold(clean(cast(str, other)))
            return same if op == "==" else not same
        if kinds & {"date", "datetime"}:
            return compare_moments(op, self.moment(left, own), self.moment(right, own), self.clock)  # type: ignore[arg-type]
        return compare(op, self.number(left, own, right), self.number(right, own, left))  # type: ignore[arg-type]

    def member(
        self,
        term: Term,
        values: Texts | Numbers | Dates | Cases | Name,
        own: Mapping[str, Value | None] | None,
    ) -> Answer:
        """Whether it is one of these."""
        match values:
            case Cases(names):
                return self.is_one_of(cast(Name, term).name, names)
            case Numbers(numbers):
                return _any(self.compare(term, "==", number, own) for number in numbers)
            case Dates(dates):
                return _any(self.compare(term, "==", date, own) for date in dates)
            case Texts() | Name():
                text = cast("str | None", self.value(term, own))
                return None if text is None else fold(text) in {fold(clean(each)) for each in self.texts(values)}
            case _:
                assert_never(values)

    def is_one_of(self, tier: str, cases: tuple[str, ...]) -> Answer:
        """Yes or no where all possible cases agree."""
        return _agreed(case in cases for case in self.tiers[tier].possible)

    def known(self, term: Term, own: Mapping[str, Value | None] | None) -> bool:
        """Whether a field has a value, a fact is settled, a moment has come."""
        if isinstance(term, First | Last):
            return is_settled(self.moment(term, own))
        name = cast(Name, term).name
        if own is None and name in self.traits:
            return self.traits[name].answer is not None
        if own is None and name in self.tiers:
            return self.tiers[name].case is not None
        return self.value(term, own) is not None

    # --- terms ---

    def kind(self, term: Term, own: Mapping[str, Value | None] | None) -> str:
        """The type of a term: text, number, date, datetime."""
        match term:
            case Name(name):
                if own is not None:
                    return _kind_of(own.get(name))
                field = self.model.declared_fields.get(name)
                return "number" if field is None else field.type
            case Text():
                return "text"
            case Date() | DateTime() | First() | Last():
                return "datetime"
            case Number() | Sum() | Product() | Count() | Days() | Total():
                return "number"
            case _:
                assert_never(term)

    def value(self, term: Term, own: Mapping[str, Value | None] | None) -> Value | None:
        """A text, a list or a yes-or-no."""
        if isinstance(term, Text):
            return term.value
        return (self.sight.fields if own is None else own).get(cast(Name, term).name)

    def texts(self, values: Texts | Name | Numbers | Dates | Cases) -> tuple[str, ...]:
        """The texts that stand here, or in a named list."""
        return self.model.lists[values.name].values if isinstance(values, Name) else cast(Texts, values).values

    def number(self, term: Term, own: Mapping[str, Value | None] | None, beside: Term | None = None) -> Interval | None:
        """At least, at most; a literal in the type of what it stands beside; None where it is unknown."""
        match term:
            case Number(value):
                other = None if beside is None or isinstance(beside, Number) else self.number(beside, own)
                return literal(value, (0.0, 0.0) if other is None else other)
            case Name(name):
                if own is None and name in self.scores:
                    low, high = self.scores[name].bounds
                    return None if low is None or high is None else (low, high)
                value_ = cast("int | float | Decimal | None", self.value(term, own))
                return None if value_ is None else (value_, value_)
            case Sum(parts):
                signed = [("+" if sign > 0 else "-", self.number(cast(Term, part), own)) for sign, part in parts]
                return reckon(signed[0][1], signed[1:])  # type: ignore[arg-type]
            case Product(parts):
                factors = [(op, self.number(cast(Term, part), own)) for op, part in parts]
                return reckon(factors[0][1], factors[1:])  # type: ignore[arg-type]
            case Count(selection):
                found = self.occurrences(selection)
                if found is None:
                    return EVERYTHING
                return _count(found, sure=True), _count(found, sure=True) + _count(found, sure=False)
            case Days(selection):
                found = self.occurrences(selection)
                if found is None:
                    return EVERYTHING
                return len(self.days(found, sure_only=True)), len(self.days(found, sure_only=False))
            case Total(amount, selection):
                return self.total(amount, self.occurrences(selection))
            case _:
                raise AssertionError("checked: not a number")

    def total(self, amount: str, found: list[tuple[Event, bool]] | None) -> Interval | None:
        """An unsure activity adds [min(0, amount), max(0, amount)]; a missing amount makes the sum unknown."""
        if found is None:
            return None
        low = high = 0
        for (_, said), sure in found:
            value = cast("int | float | Decimal | None", said.get(amount))
            if value is None:
                return None
            exact = amount_in_ten_thousandths(value)
            low += exact if sure else min(0, exact)
            high += exact if sure else max(0, exact)
        return Decimal(low).scaleb(-4), Decimal(high).scaleb(-4)

    def days(self, found: list[tuple[Event, bool]], *, sure_only: bool) -> set[object]:
        """The calendar days on which it happened."""
        return {self.clock.day(at) for (at, _), sure in found if sure or not sure_only}

    def moment(self, term: Term, own: Mapping[str, Value | None] | None) -> Possible | None:
        """What a moment can be; None where it is unknown."""
        match term:
            case Date(value) | DateTime(value):
                return (_utc(value),)
            case First(selection) | Last(selection):
                found = self.occurrences(selection)
                if found is None:
                    return None
                sure = [at for (at, _), is_sure in found if is_sure]
                unsure = [at for (at, _), is_sure in found if not is_sure]
                return possible(sure, unsure, "first" if isinstance(term, First) else "last")
            case _:
                value_ = cast("datetime | None", self.value(term, own))
                return None if value_ is None else (value_,)

    # --- activities ---

    def occurrences(self, selection: Selection) -> list[tuple[Event, bool]] | None:
        """The activities that count, each with whether it surely does; None where the source can't tell."""
        events = self.sight.events
        if events is None:
            return None
        match selection.of:
            case Name(name) if name in self.model.signals:
                candidates = self.occurrences(self.model.signals[name].each) or []
            case Name(name):
                candidates = [(event, True) for event in events.get(name, ())]
            case AnyOf(names):
                candidates = [(event, True) for name in names for event in events.get(name, ())]
            case AnyActivity():
                candidates = [(event, True) for listed in events.values() for event in listed]
            case _:
                assert_never(selection.of)
        windows = [(window, self.anchor(window)) for window in selection.windows]
        found: list[tuple[Event, bool]] = []
        for event, sure in candidates:
            answers = [None if not sure else True]
            if selection.where is not None:
                answers.append(self.answer(selection.where, event[1]))
            answers += [self.in_window(event[0], window, anchor) for window, anchor in windows]
            counts = _all(answers)
            if counts is not False:
                found.append((event, counts is True))
        return found

    def anchor(self, window: Recent | Following | Since) -> Possible | None:
        """What a window begins at; None where it needs no such moment."""
        return None if isinstance(window, Recent) else self.moment(window.anchor, None)

    def in_window(self, at: datetime, window: Recent | Following | Since, anchor: Possible | None) -> Answer:
        """Whether a moment lies in a window of a selection."""
        match window:
            case Recent(span):
                return within((at,), span, self.clock)
            case Following(span):
                return within_after((at,), span, anchor, self.clock)
            case Since(of):
                return since(at, anchor, self.clock, ever=isinstance(of, Last))
            case _:
                assert_never(window)

    # --- stages ---

    def decision(self, statuses: tuple[str, ...]) -> Decision:
        """All outcomes, once the facts are evaluated."""
        stages: dict[str, StageOutcome] = {}
        for name in stages_in_order(self.model.stages)[0]:
            stages[name] = self.stage(name, stages)
        in_line = {name: stages[name] for name in self.model.stages}
        reached = [name for name, stage in in_line.items() if stage.state == "reached"]
        beside = [name for name in reached if self.model.stages[name].beside]
        line = [name for name in reached if name not in beside]
        signals = {
            name: self.signal(signal) for name, signal in self.model.signals.items() if signal.status in statuses
        }
        return Decision(
            stage=line[-1] if line else beside[-1] if beside else None, stages=in_line,
            traits={name: self.traits[name] for name in self.model.traits if name in self.traits},
            tiers={name: self.tiers[name] for name in self.model.tiers if name in self.tiers},
            signals=signals,
            scores={name: self.scores[name] for name in self.model.scores if name in self.scores},
        )  # fmt: skip

    def stage(self, name: str, before: Mapping[str, StageOutcome]) -> StageOutcome:
        """Disqualified, not yet, reached or undetermined, in this order."""
        stage = self.model.stages[name]
        sides = {team: self.answer(rule) for team, rule in stage.requires.items()}
        bars = [self.traits[trait].answer for trait in stage.disqualified_by]
        previous = [before[earlier] for earlier in stage.after]
        own = [trait for trait, bar in zip(stage.disqualified_by, bars, strict=True) if bar is True]
        inherited = [trait for earlier in previous for trait in earlier.disqualified_by]
        state: State
        if own or any(earlier.state == "disqualified" for earlier in previous):
            return StageOutcome("disqualified", sides, tuple(dict.fromkeys(own + inherited)))
        if False in sides.values() or any(earlier.state == "not_yet" for earlier in previous):
            state = "not_yet"
        elif (
            all(earlier.state == "reached" for earlier in previous)
            and all(answer is True for answer in sides.values())
            and all(bar is False for bar in bars)
        ):
            state = "reached"
        else:
            state = "undetermined"
        return StageOutcome(state, sides)

    def signal(self, signal: Signal) -> SignalOutcome:
        """How often a signal happened, when first and last."""
        found = self.occurrences(signal.each)
        if found is None:
            return SignalOutcome(0, None, None, None)
        sure = [at for (at, _), is_sure in found if is_sure]
        unsure = [at for (at, _), is_sure in found if not is_sure]
        first, last = possible(sure, unsure, "first"), possible(sure, unsure, "last")
        return SignalOutcome(
            len(sure), len(sure) + len(unsure), cast(datetime, first[0]) if is_settled(first) else None,
            cast(datetime, last[0]) if is_settled(last) else None,
        )  # fmt: skip


def _all(answers: Iterable[Answer]) -> Answer:
    given = set(answers)
    return False if False in given else None if None in given else True


def _any(answers: Iterable[Answer]) -> Answer:
    given = set(answers)
    return True if True in given else None if None in given else False


def _not(answer: Answer) -> Answer:
    return None if answer is None else not answer


def _agreed(answers: Iterable[bool]) -> Answer:
    given = set(answers)
    return given.pop() if len(given) == 1 else None


def _bounded(ends: Ends, score: Score) -> Ends:
    low, high = ends
    if score.floor is not None:
        low, high = max(low, Fraction(score.floor)), max(high, Fraction(score.floor))
    if score.cap is not None:
        low, high = min(low, Fraction(score.cap)), min(high, Fraction(score.cap))
    return low, high


def _published(ends: Ends) -> Bounds:
    return exact_decimal(ends[0]), exact_decimal(ends[1])


def _end(end: Decimal) -> End:
    return Fraction(end) if end.is_finite() else float(end)


def _times(one: End, other: End) -> End:
    return Fraction(0) if not one or not other else one * other


def _matches(text: str, how: str, texts: Iterable[str]) -> bool:
    if how == "mentions":
        return Phrases(texts).found_in(text)
    folded = fold(text)
    wanted = [fold(compose(each)) for each in texts]
    if how == "contains":
        return any(each in folded for each in wanted)
    return any(folded.startswith(each) if how == "starts with" else folded.endswith(each) for each in wanted)


def _count(found: list[tuple[Event, bool]], *, sure: bool) -> int:
    return sum(1 for _, is_sure in found if is_sure is sure)


def _utc(literal: Moment) -> Moment:
    return instant(literal) if isinstance(literal, datetime) and literal.tzinfo is not None else literal


def _kind_of(value: Value | None) -> str:
    if isinstance(value, str):
        return "text"
    return "datetime" if hasattr(value, "year") else "number"
