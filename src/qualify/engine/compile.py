# Long because every kind of node is translated here, and the translation is one piece of work.
"""The fast evaluator: a definition becomes one Python function, which the plain one is compared with.

No text of a definition reaches the source: every name in it is made here, and every constant (a literal, a list, a
span) is bound as an object. Answers are True, False and None; a part that stands twice is reckoned once; what a text
answers is remembered, since few texts are new.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction
from operator import itemgetter
from math import inf
from typing import Any, Literal, TypeAlias, assert_never, cast

from qualify.definition.model import Model, Score, Signal, SignalPoints, Tier, TierPoints, Trait, TraitPoints
from qualify.definition.order import Facts, facts_read, in_order, stages_in_order
from qualify.engine import moments, numbers, runtime
from qualify.engine.clock import Clock
from qualify.engine.decision import State
from qualify.engine.sight import types_of
from qualify.rules.tree import (
    After, And, AnyActivity, AnyOf, AtLeast, Before, Between, Cases, Compare, Count, Date, Dates, DateTime, Days, First,
    Following, Has, Holds, In, InTheNext, Is, Known, Last, Match, Name, Not, Number, Numbers, OlderThan, Or, Product,
    Recent, Rule, Selection, Since, Span, Sum, Term, Text, Texts, Total, Within, WithinAfter,
)  # fmt: skip
from qualify.rules.reads import walk
from qualify.text import Phrases, clean, compose, fold
from qualify.values import instant
from qualify.vocabulary import FieldType

STATES: tuple[State, ...] = ("undetermined", "reached", "not_yet", "disqualified")
"""Stage states by the number that the function uses."""
UNDETERMINED, REACHED, NOT_YET, DISQUALIFIED = range(4)

Code: TypeAlias = str
Decide: TypeAlias = Callable[[Mapping[str, Any], Any, Clock, tuple[Any, ...]], tuple[Any, ...]]
"""(fields, events by type, clock, edges) -> the outcomes, in the order of `Compiled.layout`."""

EdgeKey: TypeAlias = tuple[Literal["now", "back", "ahead"], Span | None]
EdgeForm: TypeAlias = Literal["instant", "wall", "day"]
NOW: EdgeKey = ("now", None)
LARGEST_EXACT = 2**53


class Compiled:
    """A definition's function, and how to read what it gives.

    `layout` names each outcome: (section, name) to its place in the tuple. Place 0 is the stage, place 1 the names
    of the traits that left the lead out (then there is nothing behind it).
    """

    def __init__(self, model: Model, *, proposed: bool = False) -> None:
        self.statuses = ("adopted", "shadow", "proposed") if proposed else ("adopted", "shadow")
        writer = _Writer(model, self.statuses)
        self.source, self.layout = writer.whole()
        self.scale = writer.scale
        self.reads_activities = writer.reads_activities
        self.blank: dict[str, None] = dict.fromkeys(writer.lead.taken)
        self._edges = tuple(writer.edges)
        namespace = writer.constants
        exec(compile(self.source, "<a definition>", "exec"), namespace)
        self.decide = cast(Decide, namespace["decide"])

    def edges(self, clock: Clock) -> tuple[Any, ...]:
        """The moments that windows begin and end at, reckoned once for an `as_of`."""
        return tuple(_reckoned(clock, key, form) for key, form in self._edges)


def _reckoned(clock: Clock, key: EdgeKey, form: EdgeForm) -> date:
    way, span = key
    edge = clock.now if span is None else clock.back(span) if way == "back" else clock.ahead(span)
    return edge.day if form == "day" else edge.wall if form == "wall" else edge.instant


class _Writer:
    def __init__(self, model: Model, statuses: tuple[str, ...]) -> None:
        self.model, self.statuses = model, statuses
        self.lines: list[str] = []
        self.indent = 1
        self.count = 0
        self.constants: dict[str, Any] = {
            "__builtins__": {}, "KeyError": KeyError, "Dec": Decimal, "flt": float, "inf": inf, "len": len, "tuple": tuple, "set": set, "type": type,
            "min": min, "max": max,
        }  # fmt: skip
        self.bound: dict[int, tuple[str, object]] = {}
        self.edges: dict[tuple[EdgeKey, EdgeForm], Code] = {}
        self.reads_activities = False
        self.facts = Facts(model.traits, model.tiers, model.signals, model.scores)
        self.lead = _Scope(self, None)
        self.scope = self.lead
        self.atoms = _texts_asked(model, statuses)
        self.scale = _scale(model.scores.values())
        self.answers: dict[str, Code] = {}
        self.masks: dict[str, Code] = {}
        self.bounds: dict[str, tuple[Code, Code]] = {}
        self.selections: dict[Selection, tuple[Code, Code]] = {}

    # --- writing ---

    def line(self, text: str) -> None:
        self.lines.append("    " * self.indent + text)

    def new(self) -> Code:
        self.count += 1
        return f"v{self.count}"

    def let(self, expression: str) -> Code:
        name = self.new()
        self.line(f"{name} = {expression}")
        return name

    def bind(self, value: object) -> Code:
        """A constant of the definition, as a name that is made here."""
        if id(value) in self.bound:
            return self.bound[id(value)][0]
        name = f"K{len(self.bound)}"
        self.bound[id(value)] = (name, value)
        self.constants[name] = value
        return name

    def call(self, function: Callable[..., Any], *arguments: Code) -> Code:
        return f"{self.bind(function)}({', '.join(arguments)})"

    def edge(self, key: EdgeKey, form: EdgeForm) -> Code:
        """A moment that is reckoned once for an `as_of`."""
        if (key, form) not in self.edges:
            self.edges[key, form] = f"E[{len(self.edges)}]"
        return self.edges[key, form]

    # --- the whole ---

    def whole(self) -> tuple[str, dict[tuple[str, str], int]]:
        evaluated = {key: fact for key, fact in self.facts.all().items() if fact.status in self.statuses}
        for section, name in in_order({key: facts_read(fact, self.facts) for key, fact in evaluated.items()})[0]:
            match evaluated[section, name]:
                case Trait() as trait:
                    self.trait(name, trait)
                case Tier() as tier:
                    self.tier(name, tier)
                case Score() as score:
                    self.score(name, score)
                case Signal():
                    pass  # counted where it is read
        self.left_out()
        stage, states = self.stages()
        out: list[Code] = [stage, "None"]
        layout: dict[tuple[str, str], int] = {}

        def place(section: str, name: str, *codes: Code) -> None:
            layout[section, name] = len(out)
            out.extend(codes)

        for name in self.model.traits:
            if name in self.answers:
                place("traits", name, self.answers[name])
        for name in self.model.tiers:
            if name in self.masks:
                place("tiers", name, self.masks[name])
        for name in self.model.scores:
            if name in self.bounds:
                place("scores", name, *self.bounds[name])
        for name, (state, sides) in states.items():
            place("stages", name, state, *sides)
        body = "\n".join([*self.fields_taken(), *self.lines])
        return f"def decide(F, A, C, E):\n{body}\n    return ({', '.join(out)},)\n", layout

    def fields_taken(self) -> list[str]:
        """All fields at once; one that is absent is missing."""
        taken = self.lead.taken
        if not taken:
            return []
        get, blank = self.bind(itemgetter(*taken)), self.bind(dict.fromkeys(taken))
        codes = ", ".join(taken.values())
        return [f"    try: {codes} = {get}(F)", f"    except KeyError: {codes} = {get}({blank} | F)"]

    def left_out(self) -> None:
        bars = [(self.final(name), name) for name in self.model.left_out_by]
        if bars:
            self.line(f"if {' or '.join(code for code, _ in bars)}:")
            names = " + ".join(f"(({self.bind(name)},) if {code} else ())" for code, name in bars)
            self.line(f"    return (None, {names})")

    def final(self, trait: str) -> Code:
        """A trait's answer as everything else reads it."""
        assumed = self.model.traits[trait].when_unknown
        code = self.answers[trait]
        if assumed is None:
            return code
        if trait not in self.lead.finals:
            self.lead.finals[trait] = self.let(f"{assumed == 'yes'} if {code} is None else {code}")
        return self.lead.finals[trait]

    # --- named facts ---

    def trait(self, name: str, trait: Trait) -> None:
        code = self.rule(trait.when)
        self.answers[name] = code if code.startswith("v") else self.let(code)
        self.final(name)

    def tier(self, name: str, tier: Tier) -> None:
        """A mask with a bit for each possible case."""
        mask = self.let("0")
        codes = [None if case.when is None else self.rule(case.when) for case in tier.cases]
        self.line("while True:")
        for at, code in enumerate(codes):
            bit = self.bind(1 << at) if at > 30 else str(1 << at)
            if code is None:
                self.line(f"    {mask} |= {bit}")
                self.line("    break")
            else:
                self.line(f"    if {code} is not False:")
                self.line(f"        {mask} |= {bit}")
                self.line(f"        if {code}: break")
        self.masks[name] = mask
        if tier.when_unknown is not None:
            settled = 1 << [case.name for case in tier.cases].index(tier.when_unknown)
            self.lead.finals[name] = self.let(f"{mask} if not {mask} & ({mask} - 1) else {self.bind(settled)}")

    def mask(self, tier: str) -> Code:
        return self.lead.finals.get(tier, self.masks[tier])

    def score(self, name: str, score: Score) -> None:
        low, high = self.new(), self.new()
        if score.of is not None or any(isinstance(item, SignalPoints) for item in score.points.values()):
            what = "is a formula over other scores" if score.of is not None else "gives points for signals"
            self.line(f"{low} = {high} = {self.call(runtime.not_yet, self.bind(name), self.bind(what))}")
            self.bounds[name] = (low, high)
            return
        only = None if score.only_when is None else self.rule(score.only_when)
        if only is not None:
            self.line(f"if {only}:")
            self.indent += 1
        self.line(f"{low} = {self.whole_points(score.start)}")
        self.line(f"{high} = 0")
        for item, points in score.points.items():
            if isinstance(points, TraitPoints):
                self.trait_points(low, high, self.final(item), self.whole_points(points.yes), self.whole_points(points.no))
            elif isinstance(points, TierPoints):
                table = runtime.TierPoints([self.whole_points(points.cases.get(case.name, Decimal(0))) for case in self.model.tiers[item].cases])
                least, more = self.new(), self.new()
                self.line(f"{least}, {more} = {self.bind(table)}[{self.mask(item)}]")
                self.line(f"{low} += {least}")
                self.line(f"{high} += {more}")
        self.line(f"{high} += {low}")
        for bound, worse in ((score.floor, "<"), (score.cap, ">")):
            if bound is not None:
                limit = self.whole_points(bound)
                self.line(f"if {low} {worse} {limit}: {low} = {limit}")
                self.line(f"if {high} {worse} {limit}: {high} = {limit}")
        if only is not None:
            self.indent -= 1
            self.line("else:")
            self.line(f"    {low} = {high} = None")
        self.bounds[name] = (low, high)

    def trait_points(self, low: Code, more: Code, answer: Code, yes: int, no: int) -> None:
        """`low` takes what is sure; `more` what could come on top."""
        if yes == no:
            self.line(f"{low} += {yes}")
            return
        if yes:
            self.line(f"if {answer}: {low} += {yes}")
        least, spread = min(yes, no), abs(yes - no)
        unsure = f"{more} += {spread}" + (f"; {low} += {least}" if least else "")
        self.line(f"{'elif' if yes else 'if'} {answer} is None: {unsure}")
        if no:
            self.line(f"elif not {answer}: {low} += {no}")

    def whole_points(self, points: Decimal) -> int:
        return int(points * self.scale)

    # --- stages ---

    def stages(self) -> tuple[Code, dict[str, tuple[Code, list[Code]]]]:
        states: dict[str, Code] = {}
        found: dict[str, tuple[Code, list[Code]]] = {}
        for name in stages_in_order(self.model.stages)[0]:
            stage = self.model.stages[name]
            sides = [self.rule(rule) for rule in stage.requires.values()]
            bars = [self.final(trait) for trait in stage.disqualified_by]
            before = [states[earlier] for earlier in stage.after]
            barred = " or ".join([*bars, *(f"{code} == {DISQUALIFIED}" for code in before)]) or "False"
            refused = " or ".join([*(f"{code} is False" for code in sides), *(f"{code} == {NOT_YET}" for code in before)])
            met = " and ".join(
                [*(f"{code} == {REACHED}" for code in before), *sides, *(f"{code} is False" for code in bars)]
            )
            states[name] = self.let(
                f"{DISQUALIFIED} if {barred} else {NOT_YET} if {refused} else {REACHED} if {met} else {UNDETERMINED}"
            )
            found[name] = (states[name], sides)
        stage_code = self.let("None")
        for beside in (True, False):
            for name, each in self.model.stages.items():
                if each.beside is beside:
                    self.line(f"if {states[name]} == {REACHED}: {stage_code} = {self.bind(name)}")
        return stage_code, {name: found[name] for name in self.model.stages}

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
            case Between(Name(name), Number(low), Number(high)) if name not in self.bounds and _is_small(low) and _is_small(high):
                value = self.scope.value(name)
                return self.tested(value, f"{self.exact(low)} <= {value} <= {self.exact(high)}")
            case Between(term, low, high):
                return self.rule(And((Compare(term, ">=", low), Compare(term, "<=", high))))
            case In(term, values, negated):
                found = self.member(rule, term, values)
                return self.negated(found) if negated else found
            case Match(term):
                return self.asked(term, rule)
            case Has(term, how, values):
                wanted = frozenset(fold(clean(text)) for text in self.texts(values))
                return self.let(self.call(runtime.has, self.scope.value(_name(term)), self.bind(how), self.bind(wanted)))
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

    def compare(self, rule: Compare, left: Term, op: str, right: Term) -> Code:
        kinds = {self.kind(left), self.kind(right)}
        if "text" in kinds:
            if isinstance(left, Text) or isinstance(right, Text):
                return self.asked(left if isinstance(right, Text) else right, rule)
            one, other = self.scope.value(_name(left)), self.scope.value(_name(right))
            return self.let(self.call(runtime.same_text, one, other, str(op == "==")))
        if kinds & {"date", "datetime"}:
            return self.moments_compared(op, left, right)
        if isinstance(left, Number):
            return self.compare(rule, right, _MIRRORED[op], left)
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
                sometimes = self.model.scores[left.name].only_when is not None
                return self.let(f"None if {low} is None else ({code})" if sometimes else code)
            beside = self.number(left)
            pair = self.let(f"None if {beside} is None else {self.call(numbers.literal, self.bind(right.value), beside)}")
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
        return self.let(f"False if not {mask} & {self.bind(wanted)} else None if {mask} & {self.bind(others)} else True")

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
        if self.scope is not self.lead:
            code = self.new()
            self.recall(code, runtime.Remembered([self.atom(rule)]), value)
            return code
        asked = self.atoms[name]
        codes = self.lead.asked.get(name)
        if codes is None:
            codes = self.lead.asked[name] = [self.new() for _ in asked]
            self.recall(", ".join(codes), runtime.Remembered([self.atom(each) for each in asked]), value)
        return codes[asked[_question(rule)]]

    def recall(self, codes: Code, answers: runtime.Remembered, text: Code) -> None:
        self.line(f"try: {codes} = {self.bind(answers.known)}[{text}]")
        self.line(f"except KeyError: {codes} = {self.bind(answers.learn)}({text})")

    def atom(self, rule: Rule) -> tuple[runtime.Atom | None, bool | None]:
        """A question about a text as a function, and its answer where there is no text."""
        match _question(rule):
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
        self, term: Term, low: EdgeKey | None, high: EdgeKey, test: Callable[[moments.Possible | None, Span, Clock], bool | None]
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

    # --- activities ---

    def selected(self, selection: Selection) -> tuple[Code, Code]:
        """Two lists of events, of what surely counts and of what may; None and None where the source can't tell."""
        known = self.selections.get(selection)
        if known is not None:
            return known
        self.reads_activities = True
        sure, unsure = self.new(), self.new()
        source: Code | None = None
        source_unsure: Code | None = None
        of = selection.of
        if isinstance(of, Name) and of.name in self.model.signals:
            source, source_unsure = self.selected(self.model.signals[of.name].each)
        anchors = {at: self.anchor(window) for at, window in enumerate(selection.windows)}
        self.line(f"{sure} = {unsure} = None")
        self.line("if A is not None:")
        self.indent += 1
        self.line(f"{sure} = []; {unsure} = []")
        if source is not None and source_unsure is not None:
            self.pick(selection, anchors, source, sure, unsure)
            self.pick(selection, anchors, source_unsure, unsure, unsure)
        elif isinstance(of, AnyActivity):
            listed = self.new()
            self.line(f"for {listed} in A.values():")
            self.indent += 1
            self.pick(selection, anchors, listed, sure, unsure)
            self.indent -= 1
        else:
            for name in (of.name,) if isinstance(of, Name) else of.names:
                listed = self.let(f"A.get({self.bind(name)})")
                self.line(f"if {listed} is not None:")
                self.indent += 1
                self.pick(selection, anchors, listed, sure, unsure)
                self.indent -= 1
        self.indent -= 1
        self.selections[selection] = (sure, unsure)
        return sure, unsure

    def anchor(self, window: Recent | Following | Since) -> Code:
        return "None" if isinstance(window, Recent) else self.moment(window.anchor)

    def pick(self, selection: Selection, anchors: Mapping[int, Code], source: Code, sure: Code, unsure: Code) -> None:
        """A loop over events that puts each where it belongs."""
        event = self.new()
        self.line(f"for {event} in {source}:")
        self.indent += 1
        at = self.let(f"{event}[0]")
        opens: list[Code] = []
        for number, window in enumerate(selection.windows):
            match window:
                case Recent(span):
                    self.line(f"if {at} < {self.edge(('back', span), 'instant')}: continue")
                case Following(span):
                    answer = self.let(
                        self.call(moments.within_after, f"({at},)", self.bind(span), anchors[number], "C")
                    )
                    self.line(f"if {answer} is False: continue")
                    opens.append(answer)
                case Since(anchor):
                    answer = self.let(self.call(moments.since, at, anchors[number], "C", str(isinstance(anchor, Last))))
                    self.line(f"if {answer} is False: continue")
                    opens.append(answer)
                case _:
                    assert_never(window)
        if selection.where is not None:
            outer, self.scope = self.scope, _Scope(self, f"{event}[1]", self.property_kinds(selection))
            answer = self.rule(selection.where)
            self.scope = outer
            self.line(f"if {answer} is False: continue")
            opens.append(answer)
        if opens:
            unsettled = " or ".join(f"{code} is None" for code in opens)
            self.line(f"({unsure} if {unsettled} else {sure}).append({event})")
        else:
            self.line(f"{sure}.append({event})")
        self.indent -= 1

    def property_kinds(self, selection: Selection) -> Mapping[str, FieldType]:
        declared = self.model.declared_activities
        found: dict[str, FieldType] = {}
        for kind in types_of(selection, self.model):
            found.update({name: field.type for name, field in declared[kind].properties.items()})
        return found

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


class _Scope:
    """Where values come from: the lead's fields, or an activity's own properties."""

    def __init__(self, writer: _Writer, said: Code | None, kinds: Mapping[str, FieldType] | None = None) -> None:
        self.writer, self.said = writer, said
        self.kinds = {name: field.type for name, field in writer.model.declared_fields.items()} if kinds is None else kinds
        self.rules: dict[Rule, Code] = {}
        self.values: dict[str, Code] = {}
        self.taken: dict[str, Code] = {}
        self.finals: dict[str, Code] = {}
        self.asked: dict[str, list[Code]] = {}
        self.counts: dict[Count | Days, tuple[Code, Code]] = {}

    def kind(self, name: str) -> str:
        return self.kinds.get(name, "number")

    def value(self, name: str) -> Code:
        code = self.values.get(name)
        if code is None:
            writer = self.writer
            if self.said is not None:
                code = writer.let(f"{self.said}.get({writer.bind(name)})")
            else:
                code = self.taken[name] = writer.new()
                if name == "email_domain":
                    writer.line(f"if not {code} or {code}.isspace(): {code} = {writer.call(runtime.domain, 'F')}")
            self.values[name] = code
        return code


def _is_small(number: Decimal) -> bool:
    """Whether a literal is the same number in every type."""
    return number == number.to_integral_value() and abs(number) <= LARGEST_EXACT


_MIRRORED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


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


def _question(rule: Rule) -> Rule:
    """`not in` asks the same of a text as `in`."""
    return In(rule.term, rule.values) if isinstance(rule, In) and rule.negated else rule


def _texts_asked(model: Model, statuses: tuple[str, ...]) -> dict[str, dict[Rule, int]]:
    """Everything that is asked of each text field, so that all of it is answered at once for a new text."""
    asked: dict[str, dict[Rule, None]] = {}
    kinds = {name: field.type for name, field in model.declared_fields.items()}
    trees: list[Any] = []
    for trait in model.traits.values():
        trees += [trait.when] if trait.status in statuses else []
    for tier in model.tiers.values():
        trees += [case.when for case in tier.cases if case.when is not None] if tier.status in statuses else []
    for score in model.scores.values():
        trees += [score.only_when] if score.only_when is not None and score.status in statuses else []
    for tree in trees:
        for node, in_where in walk(tree):
            if in_where:
                continue
            term: Term | None = None
            match node:
                case Compare(Name() as name, _, Text()) | Compare(Text(), _, Name() as name):
                    term = name
                case In(Name() as name, Texts() | Name()) | Match(Name() as name) | Known(Name() as name):
                    term = name
                case _:
                    pass
            if isinstance(term, Name) and kinds.get(term.name) == "text":
                asked.setdefault(term.name, {})[_question(cast(Rule, node))] = None
    return {name: {rule: at for at, rule in enumerate(rules)} for name, rules in asked.items()}


def _scale(scores: Iterable[Score]) -> int:
    """The power of ten that makes all points of all scores whole."""
    numbers_: list[Decimal] = []
    for score in scores:
        numbers_ += [score.start, score.cap or Decimal(0), score.floor or Decimal(0)]
        for item in score.points.values():
            if isinstance(item, TraitPoints):
                numbers_ += [item.yes, item.no]
            elif isinstance(item, TierPoints):
                numbers_ += item.cases.values()
    decimals = max((-int(number.as_tuple().exponent) for number in numbers_), default=0)
    return int(10 ** max(0, decimals))
