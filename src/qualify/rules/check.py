# Long because every kind of node has its own rule of types, and its own hint.
"""Does a rule make sense? Every name exists, every test fits the type of what it asks about.

A `Scope` says what the names of a definition are; the answer is a list of problems, each with the node it is about,
and none for what only follows from another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias, assert_never

from qualify.errors import enumerated, nearest
from qualify.rules.habits import NO, YES, date_said, dates_meant, number_meant
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
    Node,
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
    quoted,
)  # fmt: skip
from qualify.text import clean, fold, phrase_fault, refused_character
from qualify.vocabulary import FieldType


@dataclass(frozen=True, slots=True)
class FieldKind:
    """A field of a lead, or a property of an activity."""

    type: FieldType
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TraitKind:
    """A trait."""


@dataclass(frozen=True, slots=True)
class TierKind:
    """A tier, with its cases."""

    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScoreKind:
    """A score."""


@dataclass(frozen=True, slots=True)
class ListKind:
    """A named list, with its entries."""

    entries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StageKind:
    """A stage, which no rule may speak of."""


NameKind: TypeAlias = FieldKind | TraitKind | TierKind | ScoreKind | ListKind | StageKind
Properties: TypeAlias = Mapping[str, FieldKind]


@dataclass(frozen=True, slots=True)
class Scope:
    """What the names in a rule are.

    `facts_only` is the scope of stages and hand-offs: named facts, and counts of signals in plain windows.
    `own_properties` is set after `where`: only these names, and lists, are seen there. `unknowable` are names that
    exist, but whose declaration is faulty, so that nothing can be said about what reads them. `suggest` is False where
    nobody would read one more suggestion: to find the nearest of thousands of names takes its time.
    """

    names: Mapping[str, NameKind]
    activities: Mapping[str, Properties]
    signals: Mapping[str, Properties] = field(default_factory=dict)
    facts_only: bool = False
    own_properties: bool = False
    unknowable: frozenset[str] = frozenset()
    suggest: bool = True


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one node of a rule, or with one `entry` of what the node lists."""

    code: str
    message: str
    node: Node
    did_you_mean: str | None = None
    entry: int | None = None


TermType = Literal["text", "number", "boolean", "date", "datetime", "list", "tier", "score", "trait"]
_MOMENTS = ("date", "datetime")
_HABITS = {
    **dict.fromkeys(("null", "nil", "nan", "undefined"), ": what is missing is asked for by 'is unknown'"),
    **dict.fromkeys(("today", "now"), ": ask 'within 30 days', 'older than 30 days' or 'in the next 30 days'"),
}
_NO_LIST = ": lists are declared under [lists], and a text stands in double quotes"
_READS = {
    "text": "a text", "number": "a number", "boolean": "a yes-or-no", "date": "a date", "datetime": "a date with a time",
    "list": "a list of texts", "tier": "a tier", "score": "a score", "trait": "a trait",
}  # fmt: skip


def check_rule(rule: Rule, scope: Scope) -> list[Problem]:
    """All problems of a rule in this scope, in reading order."""
    checker = _Checker(scope)
    checker.rule(rule)
    return checker.problems


def check_selection(selection: Selection, scope: Scope) -> list[Problem]:
    """All problems of a selection in this scope."""
    checker = _Checker(scope)
    checker.selection(selection)
    return checker.problems


def check_formula(formula: Formula, scope: Scope) -> list[Problem]:
    """All problems of a formula over scores."""
    checker = _Checker(scope)
    checker.formula(formula)
    return checker.problems


def shared_properties(kinds: Iterable[Properties]) -> dict[str, FieldKind]:
    """The properties that all of these types of activity have, with one type."""
    listed = list(kinds)
    if not listed:
        return {}
    return {
        name: kind
        for name, kind in listed[0].items()
        if all(name in other and other[name].type == kind.type for other in listed[1:])
    }


def selected_properties(selection: Selection, scope: Scope) -> dict[str, FieldKind]:
    """The properties that a selection's `where` can speak of."""
    match selection.of:
        case Name(name):
            return dict(scope.activities.get(name) or scope.signals.get(name) or {})
        case AnyOf(names):
            return shared_properties(scope.activities.get(name, {}) for name in names)
        case AnyActivity():
            return shared_properties(scope.activities.values())
        case _:
            assert_never(selection.of)


def nearest_case(name: str, cases: Iterable[str]) -> str | None:
    """The case that was most likely meant: case matters in them, and is what is most often wrong.

    >>> nearest_case("a", ["A", "B"]), nearest_case("lagre", ["mid", "large"])
    ('A', 'large')
    """
    listed = tuple(cases)
    same = (case for case in listed if case.lower() == name.lower())
    return next(same, None) or nearest(name, listed)


def half_known(selection: Selection, scope: Scope) -> bool:
    """Whether the properties of what is selected can't be told: it has a fault of its own, or isn't declared."""
    of = selection.of
    names = (of.name,) if isinstance(of, Name) else of.names if isinstance(of, AnyOf) else ()
    declared = (scope.activities, scope.signals)
    return any(name in scope.unknowable or not any(name in each for each in declared) for name in names)


def _yes_or_no(term: Term, op: str, left: Term, right: Term) -> str:
    """How a yes-or-no that is compared is asked for: by what it is compared with, where that says it."""
    value = right if term is left else left
    said = value.value.lower() if isinstance(value, Text) else str(value)
    if said in (*YES, *NO, "1", "0", "y", "n", "t", "f") and op in ("==", "!="):
        yes = (said in (*YES, "1", "y", "t")) == (op == "==")
        return f"'{term}'" if yes else f"'not {term}'"
    return f"'{term}', or 'not {term}'"


def _is_iso(written: str) -> bool:
    return len(written) >= 10 and written[:4].isdigit() and written[4] == written[7] == "-"


class _Checker:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.problems: list[Problem] = []

    def nearest(self, name: str, names: Iterable[str]) -> str | None:
        """The name that was most likely meant."""
        return nearest(name, names) if self.scope.suggest else None

    def problem(
        self, code: str, message: str, node: Node, did_you_mean: str | None = None, entry: int | None = None
    ) -> None:
        self.problems.append(Problem(code, message, node, did_you_mean, entry))

    # --- rules ---

    def rule(self, rule: Rule) -> None:
        match rule:
            case Or(parts):
                for at, part in enumerate(parts):
                    if at == 0 or not self.or_case(parts[at - 1], part):
                        self.rule(part)
            case And(parts) | AtLeast(_, parts):
                for part in parts:
                    self.rule(part)
            case Not(part):
                self.rule(part)
            case Holds(name):
                self.holds(rule, name)
            case Compare(left, op, right):
                self.compare(rule, left, op, right)
            case Between(term, low, high):
                before = len(self.problems)
                self.compare(rule, term, "between", low)
                if len(self.problems) == before:
                    self.compare(rule, term, "between", high)
                else:
                    self.type(high, scores=True)
            case In(term, values):
                self.member(rule, term, values)
            case Match(term, how, values):
                self.match(rule, term, how, values)
            case Has(term, _, values):
                kind = self.type(term)
                if kind == "text":
                    self.problem("wrong-type", f"'{term}' is a text: use 'in', 'contains' or 'mentions'", rule)
                elif kind is not None and kind != "list":
                    self.problem("wrong-type", f"'has' asks a list of texts; '{term}' is {_READS[kind]}", rule)
                self.texts(values, rule, whole=True, of=term)
            case Known(term):
                self.known(rule, term)
            case Is(term, case):
                self.cases(rule, term, (case,), rule)
            case Within(term, span) | OlderThan(term, span) | InTheNext(term, span):
                if not self.happened(rule, term):
                    self.moment(term, rule, span)
            case WithinAfter(term, span, anchor):
                self.elapsed(span, rule)
                if not self.happened(rule, term):
                    self.moment(term, rule, span)
                self.moment(anchor, rule)
            case After(term, anchor) | Before(term, anchor):
                self.moment(term, rule)
                self.moment(anchor, rule)
            case _:
                assert_never(rule)

    def holds(self, rule: Holds, name: str) -> None:
        kind = self.lookup(name, rule)
        match kind:
            case None | TraitKind():
                pass
            case FieldKind("boolean"):
                pass
            case FieldKind(type):
                self.problem(
                    "wrong-type",
                    f"'{name}' is {_READS[type]}, which answers nothing alone: compare it with something",
                    rule,
                )
            case TierKind(cases):
                self.problem("wrong-type", f"'{name}' is a tier: ask for a case, such as '{name} is {cases[0]}'", rule)
            case ScoreKind():
                self.problem("wrong-type", f"'{name}' is a score: compare it, as in '{name} >= 40'", rule)
            case ListKind():
                self.problem("wrong-type", f"'{name}' is a list: it stands behind 'in', 'has' or 'contains'", rule)
            case StageKind():
                pass  # told by lookup
            case _:
                assert_never(kind)

    def or_case(self, before: Rule, part: Rule) -> bool:
        """Whether a case stands alone behind `tier is case or`, which is then told."""
        if not isinstance(before, Is) or not isinstance(part, Holds) or not isinstance(before.term, Name):
            return False
        kind = self.scope.names.get(before.term.name)
        if part.name in self.scope.names or not isinstance(kind, TierKind) or part.name not in kind.cases:
            return False
        test = f"{before.term} {'not ' * before.negated}in [{before.case}, {part.name}]"
        self.problem("unknown-fact", f"each part is a whole question: write '{test}'", part)
        return True

    def happened(self, rule: Rule, term: Term) -> bool:
        """Whether an activity stands where a moment is asked about, which is then told."""
        name = term.name if isinstance(term, Name) else ""
        known = name in self.scope.signals or (name in self.scope.activities and not self.scope.facts_only)
        if not known or name in self.scope.names or self.scope.own_properties:
            return False
        match rule:
            case Within(_, span):
                test = f"count({name} within {span}) >= 1"
            case OlderThan(_, span):
                test = f"last({name}) older than {span}"
            case WithinAfter(_, span, anchor):
                test = f"count({name} within {span} after {anchor}) >= 1"
            case _:
                return False
        self.problem("unknown-field", f"'{name}' is an activity: write '{test}'", rule, test)
        return True

    def of_a_tier(self, rule: Rule, term: Term, op: str, other: Term) -> bool:
        """Whether a tier is compared as if it were a text or a number, which is then told with the form for cases."""
        kind = self.scope.names.get(term.name) if isinstance(term, Name) else None
        if not isinstance(kind, TierKind) or (isinstance(other, Name) and other.name in self.scope.names):
            return False
        given = other.value if isinstance(other, Text) else other.name if isinstance(other, Name) else ""
        near = given if given in kind.cases else nearest_case(given, kind.cases) if given else None
        if op in ("==", "!="):
            test = f"{term} is {'not ' * (op == '!=')}{near or kind.cases[0]}"
            self.problem("wrong-type", f"'{term}' is a tier: write '{test}'", rule, test if near else None)
        else:
            shown = f"{term} is {near or kind.cases[0]}"
            several = f", or '{term} in [{', '.join(kind.cases[:2])}]'" if len(kind.cases) > 1 else ""
            self.problem(
                "wrong-type", f"'{term}' is a tier, and its cases have no order: write '{shown}'{several}", rule
            )
        return True

    def compare(self, rule: Rule, left: Term, op: str, right: Term) -> None:
        if self.of_a_tier(rule, left, op, right) or self.of_a_tier(rule, right, op, left):
            return
        if op in ("==", "!=") and (self.bare(left, right) or self.bare(right, left)):
            return
        one, other = self.type(left, scores=True), self.type(right, scores=True)
        if one is None or other is None:
            return
        for term, kind in ((left, one), (right, other)):
            if kind in ("boolean", "trait"):
                self.problem("wrong-type", f"a yes-or-no stands alone: write {_yes_or_no(term, op, left, right)}", rule)
                return
            if kind == "tier":
                self.problem("wrong-type", f"'{term}' is a tier: write '{term} is' and a case", rule)
                return
            if kind == "list":
                self.problem("wrong-type", f"'{term}' is a list: write '{term} has any [...]'", rule)
                return
        if "score" in (one, other):
            if {one, other} != {"score"} and not isinstance(right if one == "score" else left, Number):
                self.problem("wrong-type", "a score is compared with a number or another score", rule)
            return
        if one == other == "text":
            if op not in ("==", "!="):
                self.problem("wrong-type", f"texts have no order: '{op}' compares numbers, dates and moments", rule)
            for literal, term in ((left, right), (right, left)):
                if isinstance(literal, Text):
                    self.literal(literal.value, literal, whole=True)
                    self.choice(literal.value, term, literal)
            return
        if one == other == "number" or (one in _MOMENTS and other in _MOMENTS):
            return
        for text, kind, value in ((left, one, right), (right, other, left)):
            if op not in ("==", "!=") and kind == "text" and isinstance(text, Name) and isinstance(value, Number):
                message = f"'{text}' is a text, and texts have no order: '{op}' compares numbers, dates and moments"
                self.problem("wrong-type", message, rule)
                return
        for literal, kind in ((left, other), (right, one)):
            if isinstance(literal, Text) and kind in _MOMENTS:
                self.quoted_date(literal)
                return
            if isinstance(literal, Text) and kind == "number":
                meant = number_meant(literal.value)
                said = meant or literal.value[:40]
                self.problem("wrong-type", f"a number stands without quotes: {said}", literal, meant)
                return
            if self.slashed(literal, kind):
                return
            if isinstance(literal, Number | Date | DateTime) and kind == "text":
                self.problem("wrong-type", f'a text stands in double quotes: "{literal}"', literal)
                return
        for moment, kind, number in ((left, one, right), (right, other, left)):
            if kind in _MOMENTS and isinstance(number, Number):
                if number.value == int(number.value) and 1900 <= number.value <= 2100:
                    forms = f"a year is '{moment} between {number}-01-01 and {number}-12-31'"
                else:
                    forms = f"ask '{moment} within {number} days' or '{moment} older than {number} days'"
                self.problem("wrong-type", f"'{moment}' is {_READS[kind]}: {forms}", rule)
                return
        self.problem(
            "wrong-type", f"'{left}' is {_READS[one]} and '{right}' is {_READS[other]}: they can't be compared", rule
        )

    def quoted_date(self, literal: Text) -> None:
        """Tell that a date stands without quotes, and in one form."""
        written = literal.value
        if dates_meant(written) and not _is_iso(written):
            said, meant = date_said(written)
            self.problem("wrong-type", f"{said}, without quotes", literal, meant)
        else:
            self.problem("wrong-type", f"a date stands without quotes: {written[:40]}", literal)

    def slashed(self, literal: Term, kind: TermType) -> bool:
        """Whether a date stands here as 01/06/2027, which is then told."""
        if kind not in _MOMENTS or not isinstance(literal, Sum | Product):
            return False
        if not all(isinstance(part, Number) for _, part in literal.parts):
            return False
        said, meant = date_said("/".join(str(part) for _, part in literal.parts))
        self.problem("wrong-type", said, literal, meant)
        return True

    def bare(self, term: Term, other: Term) -> bool:
        """Whether a text stands here without its quotes, which is then told."""
        kind = self.scope.names.get(other.name) if isinstance(other, Name) else None
        if (
            self.scope.facts_only
            or not (isinstance(kind, FieldKind) and kind.type == "text")
            or not isinstance(term, Name)
        ):
            return False
        name = term.name
        if name in self.scope.names or name in self.scope.unknowable or name in _HABITS:
            return False
        texts = [
            known for known, each in self.scope.names.items() if isinstance(each, FieldKind) and each.type == "text"
        ]
        chosen = fold(name) in {fold(clean(choice)) for choice in kind.choices}
        if not chosen and (name in self.scope.activities or name in self.scope.signals):
            return False
        near = None if chosen else self.nearest(name, texts)
        code, what = ("unknown-property", "property") if self.scope.own_properties else ("unknown-field", "field")
        meant = (
            f"; did you mean '{near}', or the text \"{name}\"?"
            if near
            else f': a text stands in double quotes, "{name}"'
        )
        self.problem(code, f"unknown {what} '{name}'{meant}", term, near or f'"{name}"')
        return True

    def member(self, rule: In, term: Term, values: Texts | Numbers | Dates | Cases | Name) -> None:
        if isinstance(values, Cases):
            named = self.scope.names.get(term.name) if isinstance(term, Name) else None
            if isinstance(named, FieldKind):
                self.problem(
                    "wrong-type", f'a text in a list stands in double quotes: "{values.names[0]}"', values, entry=0
                )
                return
            self.cases(rule, term, values.names, values)
            return
        kind = self.type(term, scores=True)
        wanted: tuple[str, ...]
        match values:
            case Texts():
                wanted = ("text",)
                self.texts(values, rule, whole=True, of=term)
            case Name():
                wanted = ("text",)
                self.texts(values, rule, whole=True, of=term)
            case Numbers():
                wanted = ("number", "score")
            case Dates():
                wanted = _MOMENTS
            case _:
                assert_never(values)
        if kind is None or kind in wanted:
            return
        if kind == "list":
            self.problem("wrong-type", f"'{term}' is a list: write '{term} has any {values}'", rule)
        elif kind == "tier":
            tier = self.scope.names.get(term.name) if isinstance(term, Name) else None
            cases = tier.cases if isinstance(tier, TierKind) else ()
            given = values.values if isinstance(values, Texts) else ()
            meant = [nearest_case(text, cases) for text in given]
            shown = ", ".join(case for case in meant if case) if meant and None not in meant else ", ".join(cases[:2])
            test = f"{term} {'not ' * rule.negated}in [{shown}]"
            self.problem("wrong-type", f"'{term}' is a tier: its cases stand without quotes, as in '{test}'", rule)
        else:
            self.problem(
                "wrong-type", f"'{term}' is {_READS[kind]}, which is not in a list of {_READS[wanted[0]][2:]}s", rule
            )

    def match(self, rule: Match, term: Term, how: str, values: Texts | Name) -> None:
        kind = self.type(term)
        if kind == "list":
            self.problem("wrong-type", f"'{term}' is a list: use 'has any', 'has all' or 'has none'", rule)
        elif kind is not None and kind != "text":
            self.problem("wrong-type", f"'{how}' asks a text; '{term}' is {_READS[kind]}", rule)
        entries = self.texts(values, rule, whole=False, of=None)
        if how == "mentions":
            for at, entry in enumerate(entries):
                if fault := phrase_fault(clean(entry) if isinstance(values, Name) else entry):
                    if (plain := entry.strip("*% ")) and entry[:1] in "*%":
                        fault = f"write 'contains {quoted(plain[:40])}', which looks inside words too"
                    self.problem("bad-phrase", f"{quoted(entry[:40])} can't be mentioned: {fault}", values, entry=at)

    def known(self, rule: Known, term: Term) -> None:
        match term:
            case First(selection) | Last(selection):
                self.selection(selection)
            case Name(name):
                kind = self.lookup(name, term)
                if isinstance(kind, ScoreKind | ListKind):
                    what = "score" if isinstance(kind, ScoreKind) else "list"
                    self.problem("wrong-type", f"'{name}' is a {what}: 'is known' asks fields, traits and tiers", rule)
            case _:
                self.problem(
                    "wrong-type", "'is known' asks a field, a trait, a tier, or first(...) and last(...)", rule
                )

    def cases(self, rule: Rule, term: Term, names: tuple[str, ...], listed: Node) -> None:
        if not isinstance(term, Name):
            self.problem("wrong-type", f"'is' and cases ask a tier; '{term}' is none", rule)
            return
        kind = self.lookup(term.name, term)
        if isinstance(kind, TierKind):
            for at, name in enumerate(names):
                if name not in kind.cases:
                    near = nearest_case(name, kind.cases) if self.scope.suggest else None
                    known = f"; did you mean '{near}'?" if near else f": it is one of {enumerated(kind.cases)}"
                    self.problem("unknown-case", f"'{term.name}' has no case '{name}'{known}", listed, near, at)
        elif isinstance(kind, FieldKind) and kind.type == "text":
            self.problem("wrong-type", f"'{term.name}' is a text: write '{term.name} == \"{names[0]}\"'", rule)
        elif isinstance(kind, TraitKind) or (isinstance(kind, FieldKind) and kind.type == "boolean"):
            self.problem("wrong-type", f"a yes-or-no stands alone: write '{term.name}', or 'not {term.name}'", rule)
        elif kind is not None and not isinstance(kind, StageKind):
            self.problem("wrong-type", f"'{term.name}' is no tier, so it has no cases", rule)

    # --- time ---

    def moment(self, term: Term, rule: Node, span: Span | None = None) -> None:
        kind = self.type(term)
        if kind is None:
            return
        if isinstance(term, Text):
            self.quoted_date(term)
        elif self.slashed(term, "date"):
            pass
        elif kind not in _MOMENTS:
            counted = isinstance(term, Count | Days | Total) and span is not None
            meant = ""
            if counted:
                test = f"{str(term)[:-1]} within {span}) >= 1"
                meant = f": a window stands inside the brackets, as in '{test}'"
            self.problem("wrong-type", f"'{term}' is {_READS[kind]}, not a date or a moment{meant}", rule)
        elif kind == "date" and span is not None and span.unit == "hour":
            self.problem("wrong-type", f"'{term}' is a date, which has no hours: count in days", rule)

    def elapsed(self, span: Span, rule: Node) -> None:
        if span.unit in ("month", "year"):
            self.problem(
                "bad-span", f"'within {span} after' counts in hours, days or weeks: months differ in length", rule
            )

    # --- terms ---

    def type(self, term: Term, *, scores: bool = False) -> TermType | None:
        """The type of a term; None where a problem was told already."""
        match term:
            case Name(name):
                kind = self.lookup(name, term)
                match kind:
                    case None | StageKind():
                        return None
                    case FieldKind(type):
                        return type
                    case TraitKind():
                        return "trait"
                    case TierKind():
                        return "tier"
                    case ScoreKind():
                        if not scores:
                            self.problem(
                                "wrong-type", f"the score '{name}' stands alone on one side of a comparison", term
                            )
                            return None
                        return "score"
                    case ListKind():
                        self.problem(
                            "wrong-type", f"'{name}' is a list: it stands behind 'in', 'has' or 'contains'", term
                        )
                        return None
                    case _:
                        assert_never(kind)
            case Number():
                return "number"
            case Text():
                return "text"
            case Date():
                return "date"
            case DateTime():
                return "datetime"
            case Sum(parts):
                return self.arithmetic([part for _, part in parts], term)
            case Product(parts):
                return self.arithmetic([part for _, part in parts])
            case Count(selection) | Days(selection):
                self.selection(selection)
                return "number"
            case First(selection) | Last(selection):
                self.selection(selection)
                return "datetime"
            case Total(amount, selection):
                self.total(term, amount, selection)
                return "number"
            case _:
                assert_never(term)

    def arithmetic(self, parts: list[Term | Formula], term: Term | None = None) -> TermType | None:
        if isinstance(term, Sum) and all(isinstance(part, Name) for part in parts):
            name = "_".join(str(part) for part in parts)
            minus = all(sign == (-1 if at else 1) for at, (sign, _) in enumerate(term.parts))
            if minus and name in {*self.scope.names, *self.scope.unknowable}:
                self.problem("bad-name", f"a name has no hyphens: write '{name}'", term, name)
                return None
        fine, told = True, False
        for part in parts:
            if isinstance(part, Highest | Lowest):
                self.problem("wrong-type", "'highest of' and 'lowest of' stand in a score's formula ('of')", part)
                fine = False
                continue
            if isinstance(part, Name) and isinstance(self.scope.names.get(part.name), ScoreKind):
                if not told:
                    self.problem(
                        "wrong-type", "a sum of scores is a score of its own, so that it has a name: declare one with "
                        f"of = \"...\" and compare that ('{part.name}' is a score)", part,
                    )  # fmt: skip
                fine, told = False, True
                continue
            kind = self.type(part)
            if kind is not None and kind != "number":
                self.problem("wrong-type", f"'{part}' is {_READS[kind]}: only numbers can be reckoned with", part)
            fine = fine and kind == "number"
        return "number" if fine else None

    def lookup(self, name: str, node: Node) -> NameKind | None:
        kind = self.scope.names.get(name)
        if isinstance(kind, StageKind):
            self.problem(
                "stage-in-rule", f"'{name}' is a stage: rules speak of facts, and stages follow from them", node
            )
            return None
        if self.scope.facts_only and isinstance(kind, FieldKind | ListKind):
            what = "field" if isinstance(kind, FieldKind) else "list"
            self.problem(
                "field-in-stage", f"'{name}' is a {what}, and stages speak of named facts only: give the question a name "
                "and an owner as a trait, then require that", node,
            )  # fmt: skip
            return None
        if kind is None:
            self.unknown(name, node)
        return kind

    def unknown(self, name: str, node: Node) -> None:
        if name in self.scope.unknowable:
            return
        usable = self.usable() if self.scope.suggest or self.scope.own_properties else []
        near = self.nearest(name, usable)
        meant = f"; did you mean '{near}'?" if near else _HABITS.get(name, "")
        if self.scope.own_properties:
            properties = [known for known in usable if isinstance(self.scope.names[known], FieldKind)]
            others = f": it has {enumerated(properties)}" if properties else ""
            self.problem(
                "unknown-property", f"the activity has no property '{name}'{meant or others} ('where' sees nothing of the lead)",
                node, near,
            )  # fmt: skip
        elif self.scope.facts_only:
            self.problem("unknown-fact", f"unknown fact '{name}'{meant}", node, near)
        elif name in self.scope.activities or name in self.scope.signals:
            self.problem(
                "unknown-field",
                f"'{name}' is an activity: ask 'count({name}) >= 1'",
                node,
                f"count({name}) >= 1" if isinstance(node, Holds) else f"count({name})",
            )
        else:
            what = "fact" if near and not isinstance(self.scope.names[near], FieldKind) else "field"
            self.problem(
                "unknown-fact" if what == "fact" else "unknown-field", f"unknown {what} '{name}'{meant}", node, near
            )

    def usable(self) -> list[str]:
        """The names that may stand here."""
        return [
            known
            for known, kind in self.scope.names.items()
            if not isinstance(kind, StageKind)
            and not (self.scope.facts_only and isinstance(kind, FieldKind | ListKind))
        ]

    # --- activities ---

    def total(self, term: Total, amount: str, selection: Selection) -> None:
        if self.scope.facts_only:
            self.problem(
                "field-in-stage", "a stage may count signals, not add up their properties: make it a trait", term
            )
            return
        before = len(self.problems)
        self.selection(selection)
        if len(self.problems) > before:
            return
        if half_known(selection, self.scope):
            return
        properties = selected_properties(selection, self.scope)
        kind = properties.get(amount)
        if kind is None:
            near = self.nearest(amount, properties)
            meant = f"; did you mean '{near}'?" if near else ""
            self.problem("unknown-property", f"'{selection.of}' has no property '{amount}'{meant}", term, near, 0)
        elif kind.type != "number":
            self.problem(
                "wrong-type", f"'{amount}' is {_READS[kind.type]}: only numbers can be added up", term, entry=0
            )

    def selection(self, selection: Selection) -> None:
        scope = self.scope
        if scope.own_properties:
            self.problem(
                "where-in-where", "'where' sees the activity's own properties only, not other activities", selection
            )
            return
        match selection.of:
            case Name(name) as of:
                if scope.facts_only and name not in scope.signals:
                    self.not_a_signal(name, of)
                elif name not in scope.activities and name not in scope.signals:
                    self.unknown_activity(name, of)
            case AnyOf(names) as of:
                if scope.facts_only:
                    self.not_a_signal(names[0], of)
                    return
                for at, name in enumerate(names):
                    if name in scope.signals and name not in scope.activities:
                        self.problem(
                            "wrong-type", f"'any of' lists types of activity; '{name}' is a signal", of, entry=at
                        )
                    elif name not in scope.activities:
                        self.unknown_activity(name, of, at)
            case AnyActivity() as of:
                if scope.facts_only:
                    self.not_a_signal("any activity", of)
            case _:
                assert_never(selection.of)
        if selection.where is not None:
            if scope.facts_only:
                self.problem(
                    "field-in-stage", "a stage counts whole signals: put the 'where' into the signal", selection.where
                )
            else:
                seen: dict[str, NameKind] = {**selected_properties(selection, scope)}
                seen |= {
                    name: kind for name, kind in scope.names.items() if isinstance(kind, ListKind) and name not in seen
                }
                if not half_known(selection, self.scope):
                    inner = _Checker(replace(scope, names=seen, own_properties=True))
                    inner.rule(selection.where)
                    self.problems += inner.problems
        for window in selection.windows:
            match window:
                case Recent():
                    pass
                case Following() | Since() if scope.facts_only:
                    self.problem(
                        "field-in-stage",
                        "a stage counts signals in plain windows ('within 30 days'): name it as a trait",
                        window,
                    )
                case Following(span, anchor):
                    self.elapsed(span, window)
                    self.moment(anchor, window)
                case Since(anchor):
                    self.moment(anchor, window)
                case _:
                    assert_never(window)

    def not_a_signal(self, name: str, node: Node) -> None:
        self.problem(
            "field-in-stage", f"a stage counts signals; '{name}' is none: declare one, so that it has an owner", node
        )

    def unknown_activity(self, name: str, node: Node, entry: int | None = None) -> None:
        if name in self.scope.unknowable:
            return
        near = self.nearest(name, [*self.scope.activities, *self.scope.signals])
        meant = f"; did you mean '{near}'?" if near else ": activities of your own are declared under [activities]"
        self.problem("unknown-activity", f"unknown activity or signal '{name}'{meant}", node, near, entry)

    # --- literals ---

    def texts(self, values: Texts | Name, rule: Node, *, whole: bool, of: Term | None) -> tuple[str, ...]:
        """The texts that are compared with, each looked at."""
        if isinstance(values, Name):
            kind = self.scope.names.get(values.name)
            if isinstance(kind, ListKind):
                return kind.entries
            if kind is None and values.name not in self.scope.unknowable:
                near = self.nearest(
                    values.name, [name for name, each in self.scope.names.items() if isinstance(each, ListKind)]
                )
                meant = f"; did you mean '{near}'?" if near else _NO_LIST
                self.problem("unknown-list", f"unknown list '{values.name}'{meant}", values, near)
            elif kind is not None:
                self.problem(
                    "wrong-type",
                    f"'{values.name}' is no list of texts: write texts in [ ], or declare it under [lists]",
                    values,
                )
            return ()
        for at, text in enumerate(values.values):
            self.literal(text, values, whole=whole, entry=at)
            if of is not None:
                self.choice(text, of, values, at)
        return values.values

    def literal(self, text: str, node: Node, *, whole: bool, entry: int | None = None) -> None:
        if whole and not clean(text):
            self.problem(
                "empty-text", "a blank text can't be compared with; ask for what is missing by 'is unknown'", node,
                entry=entry,
            )  # fmt: skip
        elif char := refused_character(text):
            self.problem(
                "refused-character",
                f"the character U+{ord(char):04X} in {quoted(text[:40])} is compared differently by different "
                "engines, so no literal may hold it", node, entry=entry,
            )  # fmt: skip

    def choice(self, text: str, term: Term, node: Node, entry: int | None = None) -> None:
        kind = self.scope.names.get(term.name) if isinstance(term, Name) else None
        if isinstance(kind, FieldKind) and kind.choices and clean(text):
            known = {fold(clean(choice)) for choice in kind.choices}
            if fold(clean(text)) not in known:
                near = self.nearest(text, kind.choices)
                meant = (
                    f"; did you mean {quoted(near)}?"
                    if near
                    else f": it is one of {enumerated(map(quoted, kind.choices))}"
                )
                self.problem(
                    "not-a-choice", f"{quoted(text[:40])} is not a choice of '{term}'{meant}", node, near, entry
                )

    # --- formulas ---

    def formula(self, formula: Formula) -> None:
        match formula:
            case Number():
                pass
            case Name(name):
                kind = self.scope.names.get(name)
                if not isinstance(kind, ScoreKind) and name not in self.scope.unknowable:
                    scores = [known for known, each in self.scope.names.items() if isinstance(each, ScoreKind)]
                    near = self.nearest(name, scores)
                    meant = f"; did you mean '{near}'?" if near else ": a formula speaks of scores"
                    self.problem("unknown-score", f"'{name}' is no score{meant}", formula, near)
            case Sum(parts):
                for _, part in parts:
                    self.formula_part(part)
            case Product(parts):
                if any(op == "/" for op, _ in parts):
                    self.problem(
                        "bad-formula",
                        "a formula over scores has no division: multiply by a share, such as 0.5",
                        formula,
                    )
                if sum(not isinstance(part, Number) for _, part in parts) > 1:
                    self.problem(
                        "bad-formula",
                        "a product of two scores is not in the language: multiply a score by a number",
                        formula,
                    )
                for _, part in parts:
                    self.formula_part(part)
            case Highest(parts) | Lowest(parts):
                for part in parts:
                    self.formula_part(part)
            case _:
                assert_never(formula)

    def formula_part(self, part: Term | Formula) -> None:
        if isinstance(part, Name | Number | Sum | Product | Highest | Lowest):
            self.formula(part)
        else:
            self.problem("bad-formula", f"a formula holds scores and numbers; '{part}' is neither", part)
