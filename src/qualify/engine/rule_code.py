# Long because every kind of node is translated here.
"""Rules -> source: the compiler's reading of the tree, one method for each kind of question.

Each part's answer (True, False or None) gets a name, and the same part is reckoned once.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction
from typing import assert_never, cast

from qualify.definition.model import Model
from qualify.definition.scale import scale_of
from qualify.engine import moments, numbers, runtime
from qualify.engine.clock import Clock
from qualify.engine.selection_code import SelectionWriter, question_of, text_questions
from qualify.engine.source import NOW, Code, EdgeForm, EdgeKey
from qualify.rules.reads import Tree, reads
from qualify.rules.tree import (
    MIRRORED,
    After,
    And,
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
    Span,
    Sum,
    Term,
    Text,
    Texts,
    Total,
    Within,
    WithinAfter,
)  # fmt: skip
from qualify.text import Phrases, clean, compose, fold
from qualify.values import instant

LARGEST_EXACT = 2**53


class RuleWriter(SelectionWriter):
    """Writes rules, terms and selections; what facts have answered is in `answers`, `masks` and `bounds`."""

    def __init__(self, model: Model, statuses: tuple[str, ...]) -> None:
        super().__init__(model)
        self.statuses = statuses
        self.atoms = _texts_asked(model, statuses)
        self.scale = scale_of(model)
        self.answers: dict[str, Code] = {}
        self.masks: dict[str, Code] = {}
        self.bounds: dict[str, tuple[Code, Code]] = {}
        self.maybe: dict[str, bool] = {}

    def final(self, trait: str) -> Code:
        """A trait's answer as everything else reads it."""
        assumed = self.model.traits[trait].when_unknown
        code = self.answers[trait]
        if assumed is None:
            return code
        if trait not in self.lead.finals:
            self.lead.finals[trait] = self.let(f"{assumed == 'yes'} if {code} is None else {code}")
        return self.lead.finals[trait]

    def sometimes(self, score: str) -> bool:
        """Whether a score may have no value at all."""
        rest, seen = [score], set[str]()
        while rest:
            name = rest.pop()
            if name in self.maybe:
                if self.maybe[name]:
                    return True
                continue
            declared = self.model.scores[name]
            if declared.only_when is not None:
                return True
            if declared.of is not None and name not in seen:
                seen.add(name)
                rest += reads(declared.of).values
        return False

    def settle_tier(self, name: str) -> None:
        """Let an open tier be the case that `when_unknown` says."""
        tier = self.model.tiers[name]
        if tier.when_unknown is not None:
            settled = 1 << [case.name for case in tier.cases].index(tier.when_unknown)
            mask = self.let(self.masks[name])
            self.lead.finals[name] = self.let(f"{mask} if not {mask} & ({mask} - 1) else {self.bind(settled)}")

    def mask(self, tier: str) -> Code:
        return self.lead.finals.get(tier, self.masks[tier])

    # --- rules ---

    def rule(self, rule: Rule) -> Code:
        """The name of the rule's answer; the same rule in the same scope is reckoned once."""
        known = self.scope.rules.get(rule)
        if known is None:
            known = self.scope.rules[rule] = self.write(rule)
        return known

    def write(self, rule: Rule) -> Code:
        match rule:
            case And(parts):
                codes = [self.rule(part) for part in parts]
                code = self.let(" and ".join(codes))
                self.line(f"if {code} is None and ({_any_of(codes[1:], 'False')}): {code} = False")
                return code
            case Or(parts):
                codes = [self.rule(part) for part in parts]
                code = self.let(" or ".join(codes))
                self.line(f"if {code} is False and ({_any_of(codes[:-1], 'None')}): {code} = None")
                return code
            case Not(part):
                return self.negated(self.rule(part))
            case AtLeast(number, parts):
                codes = [self.rule(part) for part in parts]
                sure = self.let(" + ".join(f"(1 if {code} else 0)" for code in codes))
                can = " + ".join(f"(1 if {code} is None else 0)" for code in codes)
                return self.let(f"True if {sure} >= {number} else None if {sure} + {can} >= {number} else False")
            case Holds(name):
                return self.final(name) if self.scope is self.lead and name in self.answers else self.scope.value(name)
            case Compare(left, op, right):
                return self.compare(rule, left, op, right)
            case Between(Name(name), Number(low), Number(high)) if (
                name not in self.bounds and _is_small(low) and _is_small(high)
            ):
                value = self.scope.value(name)
                return self.tested(value, f"{self.exact(low)} <= {value} <= {self.exact(high)}")
            case Between(term, low, high):
                return self.rule(And((Compare(term, ">=", low), Compare(term, "<=", high))))
            case In(term, Dates(listed), True):  # a test of its own: no, like every other, of what never happened
                different = tuple(Compare(term, "!=", date) for date in listed)
                return self.rule(different[0] if len(different) == 1 else And(different))
            case In(term, values, negated):
                found = self.member(rule, term, values)
                return self.negated(found) if negated else found
            case Match(term):
                return self.asked(term, rule)
            case Has(term, how, values):
                wanted = frozenset(fold(clean(text)) for text in self.texts(values))
                return self.let(
                    self.call(runtime.has, self.scope.value(_name(term)), self.bind(how), self.bind(wanted))
                )
            case Known(term, negated):
                return self.known(rule, term, negated)
            case Is(term, case, negated):
                found = self.is_one_of(_name(term), (case,))
                return self.negated(found) if negated else found
            case Within(term, span):
                return self.window(term, ("back", span), NOW, moments.within)
            case InTheNext(term, span):
                return self.window(term, NOW, ("ahead", span), moments.in_the_next)
            case OlderThan(term, span):
                return self.window(term, None, ("back", span), moments.older_than)
            case WithinAfter(term, span, anchor):
                return self.let(
                    self.call(moments.within_after, self.moment(term), self.bind(span), self.moment(anchor), "C")
                )
            case After(term, anchor):
                return self.moments_compared(">", term, anchor)
            case Before(term, anchor):
                return self.moments_compared("<", term, anchor)
            case _:
                assert_never(rule)

    def tested(self, value: Code, test: Code) -> Code:
        """A test of a value that may be missing. (A comparison that only jumps is the interpreter's fastest.)"""
        return self.let(f"None if {value} is None else True if {test} else False")

    def negated(self, code: Code) -> Code:
        return self.let(f"None if {code} is None else not {code}")

    def compare(self, rule: Compare, left: Term, op: CompareOp, right: Term) -> Code:
        kinds = {self.kind(left), self.kind(right)}
        if "text" in kinds:
            if isinstance(left, Text) or isinstance(right, Text):
                return self.asked(left if isinstance(right, Text) else right, rule)
            one, other = self.scope.value(_name(left)), self.scope.value(_name(right))
            return self.let(self.call(runtime.same_text, one, other, str(op == "==")))
        if kinds & {"date", "datetime"}:
            return self.moments_compared(op, left, right)
        if isinstance(left, Number):
            return self.compare(rule, right, MIRRORED[op], left)
        if isinstance(right, Number):
            if isinstance(left, Name) and left.name not in self.bounds:
                value = self.scope.value(left.name)
                return self.tested(value, f"{value} {op} {self.literal(value, right.value)}")
            if isinstance(left, Count | Days):
                low, high = self.counted(left)
                return self.let(_bounds_compared(op, low, high, self.exact(right.value)))
            if isinstance(left, Name):
                low, high = self.bounds[left.name]
                code = self.score_compared(op, low, high, right.value * self.scale)
                sometimes = self.sometimes(left.name)
                return self.let(f"None if {low} is None else ({code})" if sometimes else code)
            beside = self.number(left)
            pair = self.let(
                f"None if {beside} is None else {self.call(numbers.literal, self.bind(right.value), beside)}"
            )
            return self.let(self.call(numbers.compare, self.bind(op), beside, pair))
        return self.let(self.call(numbers.compare, self.bind(op), self.number(left), self.number(right)))

    def score_compared(self, op: str, low: Code, high: Code, threshold: Decimal) -> Code:
        whole = threshold.to_integral_value(ROUND_CEILING)
        if whole != threshold:  # points are whole on the scale: 'above 3.5' is 'from 4'
            if op in ("==", "!="):
                bound = self.bind(Fraction(threshold))
                return self.call(numbers.compare, self.bind(op), f"({low}, {high})", f"({bound}, {bound})")
            op, threshold = (">=", whole) if op in (">", ">=") else ("<", whole)
        return _bounds_compared(op, low, high, self.exact(threshold))

    def member(self, rule: In, term: Term, values: Texts | Numbers | Dates | Cases | Name) -> Code:
        match values:
            case Cases(names):
                return self.is_one_of(_name(term), names)
            case Texts() | Name():
                return self.asked(term, rule)
            case Numbers(listed):
                parts = [Compare(term, "==", number) for number in listed]
            case Dates(listed):
                parts = [Compare(term, "==", date) for date in listed]
            case _:
                assert_never(values)
        return self.rule(parts[0] if len(parts) == 1 else Or(tuple(parts)))

    def is_one_of(self, tier: str, cases: tuple[str, ...]) -> Code:
        mask = self.mask(tier)
        names = [case.name for case in self.model.tiers[tier].cases]
        wanted = sum(1 << at for at, name in enumerate(names) if name in cases)
        others = (1 << len(names)) - 1 - wanted
        return self.let(
            f"False if not {mask} & {self.bind(wanted)} else None if {mask} & {self.bind(others)} else True"
        )

    def known(self, rule: Known, term: Term, negated: bool) -> Code:
        if isinstance(term, First | Last):
            found = self.call(moments.is_settled, self.moment(term))
            return self.let(f"not {found}" if negated else found)
        name = _name(term)
        is_not = "is" if negated else "is not"
        if self.scope is self.lead:
            if name in self.answers:
                return self.let(f"{self.final(name)} {is_not} None")
            if name in self.masks:
                mask = self.mask(name)
                return self.let(f"({mask} & ({mask} - 1)) {'!=' if negated else '=='} 0")
            if self.kind(term) == "text":
                return self.asked(term, rule)
        return self.let(f"{self.scope.value(name)} {is_not} None")

    def asked(self, term: Term, rule: Rule) -> Code:
        """The answer to a question about a text: of a field's texts all questions are answered together."""
        name = _name(term)
        value = self.scope.value(name)
        asked = self.atoms[name] if self.scope is self.lead else self.scope.atoms.get(name, {question_of(rule): 0})
        if len(asked) == 1 and self.scope is not self.lead:
            code = self.new()
            self.recall(code, runtime.Remembered([self.atom(rule)]), value)
            return code
        codes = self.scope.asked.get(name)
        if codes is None:
            codes = self.scope.asked[name] = [self.new() for _ in asked]
            self.recall(", ".join(codes), runtime.Remembered([self.atom(each) for each in asked]), value)
        return codes[asked[question_of(rule)]]

    def recall(self, codes: Code, answers: runtime.Remembered, text: Code) -> None:
        self.line(f"try: {codes} = {self.bind(answers.known)}[{text}]")
        self.line(f"except KeyError: {codes} = {self.bind(answers.learn)}({text})")

    def atom(self, rule: Rule) -> tuple[runtime.Atom | None, bool | None]:
        """A question about a text as a function, and its answer where there is no text."""
        match question_of(rule):
            case Compare(left, op, right):
                literal = fold(clean((right if isinstance(right, Text) else cast(Text, left)).value))
                return (lambda folded, _: (folded == literal) is (op == "==")), None
            case In(_, values):
                listed = frozenset(fold(clean(text)) for text in self.texts(cast(Texts, values)))
                return (lambda folded, _: folded in listed), None
            case Match(_, "mentions", values):
                phrases = Phrases(self.texts(values))
                return (lambda _, text: phrases.found_in(text)), None
            case Match(_, how, values):
                wanted = tuple(fold(compose(text)) for text in self.texts(values))
                if how == "contains":
                    return (lambda folded, _: any(text in folded for text in wanted)), None
                if how == "starts with":
                    return (lambda folded, _: folded.startswith(wanted)), None
                return (lambda folded, _: folded.endswith(wanted)), None
            case Known(_, negated):
                return (lambda _, __: not negated), negated
            case _:
                raise AssertionError("not a question about a text")

    def texts(self, values: Texts | Name) -> tuple[str, ...]:
        return self.model.lists[values.name].values if isinstance(values, Name) else values.values

    # --- time ---

    def window(
        self,
        term: Term,
        low: EdgeKey | None,
        high: EdgeKey,
        test: Callable[[moments.Possible | None, Span, Clock], bool | None],
    ) -> Code:
        """A moment between two edges (or, without a lower one, before the upper one)."""
        if not isinstance(term, Name):
            span = next(key[1] for key in (high, low) if key is not None and key[1] is not None)
            return self.let(self.call(test, self.moment(term), self.bind(span), "C"))
        value = self.scope.value(term.name)

        def lies(form: EdgeForm) -> Code:
            if low is None:
                return f"{value} < {self.edge(high, form)}"
            return f"{self.edge(low, form)} <= {value} <= {self.edge(high, form)}"

        if self.kind(term) == "date":
            return self.tested(value, lies("day"))
        return self.tested(value, f"({lies('wall')} if {value}.tzinfo is None else {lies('instant')})")

    def moments_compared(self, op: str, left: Term, right: Term) -> Code:
        return self.let(self.call(moments.compare_moments, self.bind(op), self.moment(left), self.moment(right), "C"))

    def moment(self, term: Term) -> Code:
        """What a moment can be, as a tuple; None where it is unknown."""
        match term:
            case Date(value):
                return self.bind((value,))
            case DateTime(value):
                return self.bind((instant(value) if value.tzinfo is not None else value,))
            case First(selection) | Last(selection):
                sure, unsure = self.selected(selection)
                which = self.bind("first" if isinstance(term, First) else "last")
                return self.let(self.call(runtime.possible, sure, unsure, which))
            case _:
                value_ = self.scope.value(_name(term))
                return self.let(f"None if {value_} is None else ({value_},)")

    # --- numbers ---

    def literal(self, value: Code, number: Decimal) -> Code:
        """A literal in the type of the value beside it."""
        exact = self.exact(number)
        if _is_small(number):
            return exact
        double = self.bind(float(number))
        if number == number.to_integral_value():
            return f"({double} if type({value}) is flt else {exact})"
        return f"({self.bind(number)} if type({value}) is Dec else {double})"

    def exact(self, number: Decimal) -> Code:
        if number == number.to_integral_value():
            whole = int(number)
            return str(whole) if 0 <= whole <= LARGEST_EXACT else self.bind(whole)
        return self.bind(number)

    def counted(self, term: Count | Days) -> tuple[Code, Code]:
        known = self.lead.counts.get(term)
        if known is None:
            sure, unsure = self.selected(term.selection)
            low, high = self.new(), self.new()
            if isinstance(term, Count):
                self.line(f"if {sure} is None: {low} = 0; {high} = inf")
                self.line(f"else: {low} = len({sure}); {high} = {low} + len({unsure})")
            else:
                self.line(f"{low}, {high} = {self.call(runtime.days, sure, unsure, 'C')}")
            known = self.lead.counts[term] = (low, high)
        return known

    def number(self, term: Term) -> Code:
        """At least and at most, as a pair; None where it is unknown."""
        match term:
            case Number(value):
                return self.bind((float(value), float(value)))
            case Name(name) if self.scope is self.lead and name in self.bounds:
                low, high = self.bounds[name]
                return self.let(f"None if {low} is None else ({low}, {high})")
            case Name(name):
                value_ = self.scope.value(name)
                return self.let(f"None if {value_} is None else ({value_}, {value_})")
            case Sum(parts):
                signed = [("+" if sign > 0 else "-", self.number(cast(Term, part))) for sign, part in parts]
                rest = ", ".join(f"({self.bind(sign)}, {code})" for sign, code in signed[1:])
                return self.let(self.call(numbers.reckon, signed[0][1], f"({rest},)"))
            case Product(parts):
                factors = [(op, self.number(cast(Term, part))) for op, part in parts]
                rest = ", ".join(f"({self.bind(op)}, {code})" for op, code in factors[1:])
                return self.let(self.call(numbers.reckon, factors[0][1], f"({rest},)"))
            case Count() | Days():
                return self.let(f"({', '.join(self.counted(term))})")
            case Total(amount, selection):
                sure, unsure = self.selected(selection)
                return self.let(self.call(runtime.total, sure, unsure, self.bind(amount)))
            case _:
                raise AssertionError("checked: not a number")

    # --- kinds ---

    def kind(self, term: Term) -> str:
        match term:
            case Name(name):
                return self.scope.kind(name)
            case Text():
                return "text"
            case Date() | DateTime() | First() | Last():
                return "datetime"
            case _:
                return "number"


def _is_small(number: Decimal) -> bool:
    """Whether a literal is the same number in every type."""
    return number == number.to_integral_value() and abs(number) <= LARGEST_EXACT


def _bounds_compared(op: str, low: Code, high: Code, threshold: Code) -> str:
    if op in (">", ">="):
        return f"True if {low} {op} {threshold} else None if {high} {op} {threshold} else False"
    if op in ("<", "<="):
        return f"True if {high} {op} {threshold} else None if {low} {op} {threshold} else False"
    same, differs = ("True", "False") if op == "==" else ("False", "True")
    return f"{differs} if {threshold} < {low} or {high} < {threshold} else {same} if {low} == {high} else None"


def _any_of(codes: list[Code], answer: str) -> str:
    return " or ".join(f"{code} is {answer}" for code in codes)


def _name(term: Term) -> str:
    return cast(Name, term).name


def _texts_asked(model: Model, statuses: tuple[str, ...]) -> dict[str, dict[Rule, int]]:
    """Everything that is asked of each text field, so that all of it is answered at once for a new text."""
    kinds = {name: field.type for name, field in model.declared_fields.items()}
    trees: list[Tree] = []
    for trait in model.traits.values():
        trees += [trait.when] if trait.status in statuses else []
    for tier in model.tiers.values():
        trees += [case.when for case in tier.cases if case.when is not None] if tier.status in statuses else []
    for score in model.scores.values():
        trees += [score.only_when] if score.only_when is not None and score.status in statuses else []
    return text_questions(trees, kinds)
