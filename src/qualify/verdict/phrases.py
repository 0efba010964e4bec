# Long because all phrases stand in one file.
"""Every phrase of the English: a reading of the rule tree, in the words of the definition.

`said` reads a rule aloud; `clause` says of one test what was seen and what was asked for. All text that an explanation
is made of stands here; which parts are told is decided in `account`, and how they look in `layout`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal, assert_never, cast

from qualify.engine.clock import wall_of, zone_of
from qualify.rules.logic import Test, subject_of
from qualify.rules.reads import reads, walk
from qualify.rules.tree import (
    MIRRORED,
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
from qualify.verdict.answer import Answer
from qualify.verdict.frozen import Frozen
from qualify.verdict.parts import REDACTED, Change, FieldWords, ItemVerdict, Seen, Words
from qualify.vocabulary import STANDARD_FIELDS

MOST_LISTED = 6
LONGEST_TEXT = 60
MOST_REMEMBERED = 10_000
MOST_DEFINITIONS = 16
NOT_KNOWN = "not known"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
COMPARED = {
    "==": "", "!=": "not ", "<": "less than ", "<=": "at most ", ">": "more than ", ">=": "at least ",
}  # fmt: skip
WHEN_COMPARED = {"==": "", "!=": "not ", "<": "before ", "<=": "at the latest ", ">": "after ", ">=": "from "}
NOTHING_SEEN: Seen = Frozen()
ANYTHING = "something else"
OTHER = ("something else", "anything else")
"""Texts that are none of those in a rule: what they are does not matter."""
SHORT_STAGES = frozenset({"mql", "sql", "pql", "sal", "sao", "mqa", "hql"})
"""Stages that people call by their letters."""
SYMBOLS = frozenset("$€£¥₹")


def human(name: str) -> str:
    """A name as one reads it aloud.

    >>> human("asked_for_demo")
    'asked for demo'
    """
    return name.replace("_", " ")


def listed(items: Iterable[str], word: str = "or") -> str:
    """Things in a row, the first ones where there are many.

    >>> listed(["a", "b", "c"]), listed("abcdefgh")
    ('a, b or c', 'a, b, c, d, e, f or 2 more')
    """
    given = list(items)
    if len(given) > MOST_LISTED + 1:
        given = [*given[:MOST_LISTED], f"{len(given) - MOST_LISTED:,} more"]
    return given[0] if len(given) == 1 else f"{', '.join(given[:-1])} {word} {given[-1]}" if given else "nothing"


def plural(noun: str, number: object) -> str:
    """A noun for so many.

    >>> plural("demo request", 1), plural("reply", 2)
    ('demo request', 'replies')
    """
    if number == 1:
        return noun
    if noun.endswith(("s", "x", "ch", "sh")):
        return f"{noun}es"
    return f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2:-1] not in "aeiou" else f"{noun}s"


def number(value: Any) -> str:
    """A number with no more decimals than it has; from five digits on the thousands are set apart (a year has four).

    >>> number(1250000), number(2015), number(Decimal("0.50"))
    ('1,250,000', '2015', '0.5')
    """
    if isinstance(value, float):
        value = Decimal(repr(value)) if value == value and abs(value) < 1e300 else value
    comma = "," if abs(value) >= 10_000 else ""
    if isinstance(value, Decimal) and value.is_finite():
        if abs(value.adjusted()) > 30:
            return str(value)
        text = format(value, f"{comma}f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    return format(value, comma) if isinstance(value, int) else str(value)


def bounds(low: Any, high: Any) -> str:
    """A number that isn't all known.

    >>> bounds(10, 10), bounds(10, 40), bounds(2, None), bounds(None, 2), bounds(None, None)
    ('10', '10 to 40', '2 or more', '2 or less', 'none')
    """
    if low is None:
        return "none" if high is None else f"{number(high)} or less"
    if high is None:
        return f"{number(low)} or more"
    return number(low) if low == high else f"{number(low)} to {number(high)}"


def cut(text: str) -> str:
    """A text of a lead in one short line."""
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1].rstrip()}…"


def spanned(span: Span, *, one: bool = False) -> str:
    """A length of time: `30 days`; a single one is `day`, or `a day`."""
    if span.number > 1:
        return f"{span.number} {span.unit}s"
    return f"{'an' if span.unit == 'hour' else 'a'} {span.unit}" if one else span.unit


def points(low: Decimal | None, high: Decimal | None) -> str:
    """Points of a scorecard, of which each end may be open.

    >>> points(Decimal(5), Decimal(5)), points(None, Decimal(0)), points(None, None)
    ('5', '0 or less', 'any number')
    """
    return "any number" if low is None and high is None else bounds(low, high)


COLUMNS = ("item", "points", "of", "so far", "why")
"""What stands above the columns of a scorecard."""
START, CONSTANT, TOTAL = "start", "constant", "total"
"""What is given to all, a number in a formula, and the end of a scorecard."""
NOT_KEPT = "start, floor and cap"
NOT_KEPT_WHY = "an older verdict doesn't tell them apart"
NO_SCORES = "There are no scores."
LEGEND = {"=": "= gained", "-": "- lost", "~": "~ open"}


def bounded(kind: Literal["cap", "floor"], bound: Decimal) -> str:
    """The line of a scorecard where its cap or floor changed something: `capped at 60`."""
    return f"{'capped at' if kind == 'cap' else 'not below'} {number(bound)}"


class Phrases:
    """The phrases of one verdict, in the words of its definition."""

    def __init__(self, words: Words) -> None:
        self.words, self.zone = words, zone_of(words.zone)
        self._asked: dict[int, tuple[Test, str, str, tuple[str, ...]]] = {}

    # --- names ---

    def field(self, name: str) -> str:
        """What people call a field."""
        words = self.words.fields.get(name)
        return words.label if words is not None and words.label else human(name)

    def fact(self, name: str) -> str:
        """What people call a trait, a tier, a signal or a score."""
        return self.words.facts.get(name) or human(name)

    def team(self, name: str) -> str:
        """What people call a team."""
        return self.words.teams.get(name) or human(name)

    def stage(self, name: str) -> str:
        """A stage in short: `SQL`."""
        return " ".join(word.upper() if word in SHORT_STAGES else word for word in human(name).split())

    def stage_in_full(self, name: str) -> str:
        """A stage with its title: `an SQL (sales-qualified lead)`."""
        short, title = self.stage(name), self.words.stages.get(name)
        sounds = "AEFHILMNORSX" if short.partition(" ")[0].isupper() else "aeiou"
        told = f" ({title})" if title and title.lower() != short.lower() else ""
        an = short[:1] in sounds and not short.startswith(("one", "uni", "use", "eu"))
        return f"{'an' if an else 'a'} {short}{told}"

    def name(self, name: str) -> str:
        """A name of a rule, whatever it is."""
        return self.fact(name) if name in self.words.facts else self.field(name)

    # --- values ---

    def value(self, value: object, of: str | None = None) -> str:
        """A value as people write it."""
        match value:
            case None:
                return NOT_KNOWN
            case Answer():
                return NOT_KNOWN if value is Answer.UNKNOWN else str(value)
            case bool():
                return "yes" if value else "no"
            case str():
                return "(hidden)" if value == REDACTED else cut(value) or NOT_KNOWN
            case datetime():
                return self.moment(value)
            case date():
                return f"{value.day} {MONTHS[value.month - 1]} {value.year}"
            case int() | float() | Decimal():
                return self.measured(value, self.words.fields.get(of or ""))
            case tuple():
                return listed((self.value(each) for each in value), "and") if value else "none"
            case _:
                return cut(str(value))

    @staticmethod
    def measured(value: int | float | Decimal, words: FieldWords | None) -> str:
        """A number with its unit: `€50,000`, `3 jobs`, `1 job`."""
        unit = words.unit if words is not None else None
        if not unit:
            return number(value)
        if unit in SYMBOLS:
            return f"{unit}{number(value)}"
        one = value == 1 and unit.endswith("s") and len(unit) > 2 and not unit.isupper()
        return f"{number(value)}{'' if unit == '%' else ' '}{unit[:-1] if one else unit}"

    def moment(self, value: datetime) -> str:
        """A moment on the wall clock of the definition's zone."""
        wall = value if value.tzinfo is None else wall_of(value.astimezone(UTC), self.zone)
        day = f"{wall.day} {MONTHS[wall.month - 1]} {wall.year}"
        return day if (wall.hour, wall.minute, wall.second) == (0, 0, 0) else f"{day}, {wall:%H:%M}"

    def due(self, value: datetime) -> str:
        """A moment by which somebody must act: with its weekday and its zone."""
        wall = wall_of(value.astimezone(UTC), self.zone)
        return f"{WEEKDAYS[wall.weekday()]} {wall.day} {MONTHS[wall.month - 1]} {wall.year}, {wall:%H:%M} {self.words.zone}"

    # --- a rule, read aloud ---

    def said(self, rule: Rule) -> str:
        """A rule in words.

        >>> from qualify.rules.parse import parse
        >>> Phrases(Words()).said(parse('employees >= 50 and not opted_out'))
        'employees at least 50 and not opted out'
        """
        match rule:
            case And(parts):
                return " and ".join(
                    f"({self.said(part)})" if isinstance(part, Or) else self.said(part) for part in parts
                )
            case Or(parts):
                return " or ".join(
                    f"({self.said(part)})" if isinstance(part, And) else self.said(part) for part in parts
                )
            case Not(part):
                inner = self.said(part)
                return f"not ({inner})" if isinstance(part, And | Or) else f"not {inner}"
            case AtLeast(needed, parts):
                return f"at least {needed} of {listed((self.said(part) for part in parts), 'and')}"
            case Holds(name):
                return self.name(name)
            case _:
                return f"{self.subject(rule)} {self.asked(rule)}"

    def read(self, test: Test) -> tuple[Test, str, str, tuple[str, ...]]:
        """The test, its subject, what is asked for, and the names it reads; a definition's tests are read once."""
        known = self._asked.get(id(test))
        if known is None:
            if len(self._asked) >= MOST_REMEMBERED:
                self._asked.clear()
            known = self._asked[id(test)] = (test, self.subject(test), self.asked(test), reads(test).facts)
        return known

    def subject(self, test: Test) -> str:
        """What a test is about."""
        match test:
            case Holds(name):
                return self.name(name)
            case Compare(left, _, right):
                return self.term(right if isinstance(left, Number | Text | Date | DateTime) else left)
            case (
                Between(term) | In(term) | Match(term) | Has(term) | Known(term) | Is(term) | Within(term)
                | WithinAfter(term) | OlderThan(term) | InTheNext(term) | After(term) | Before(term)
            ):  # fmt: skip
                return self.term(term)
            case _:
                assert_never(test)

    def asked(self, test: Test, seen: Seen = NOTHING_SEEN) -> str:
        """What a test asks for, without its subject; what was seen tells whether it is about moments."""
        match test:
            case Holds():
                return "yes"
            case Compare(left, op, right):
                if isinstance(left, Number | Text | Date | DateTime):
                    left, op, right = right, MIRRORED[op], left
                compared = WHEN_COMPARED if is_when(left, seen) or is_when(right, seen) else COMPARED
                return f"{compared[op]}{self.term(right, beside=left)}"
            case Between(term, low, high):
                return f"from {self.term(low, beside=term)} to {self.term(high, beside=term)}"
            case In(term, values, negated):
                return ("none of " if negated else "") + self.among(values, term, "or")
            case Match(_, how, values):
                verbs = {
                    "contains": "has",
                    "mentions": "mentions",
                    "starts with": "begins with",
                    "ends with": "ends with",
                }
                return f"{verbs[how]} {self.among(values, None, 'or', quotes=True)}"
            case Has(_, how, values):
                word = "and" if how == "all" else "or"
                return f"{how} of {self.among(values, None, word)}"
            case Known(_, negated):
                return "unknown" if negated else "known"
            case Is(_, case, negated):
                return f"not {case}" if negated else case
            case Within(_, span):
                return f"in the last {spanned(span)}"
            case OlderThan(_, span):
                return f"more than {spanned(span, one=True)} ago"
            case InTheNext(_, span):
                return f"in the next {spanned(span)}"
            case WithinAfter(_, span, anchor):
                return f"within {span} after {self.term(anchor)}"
            case After(_, anchor):
                return f"after {self.term(anchor)}"
            case Before(_, anchor):
                return f"before {self.term(anchor)}"
            case _:
                assert_never(test)

    def among(
        self, values: Texts | Numbers | Dates | Cases | Name, beside: Term | None, word: str, *, quotes: bool = False
    ) -> str:
        """The things that a test lists, or the name of their list."""
        match values:
            case Name(name):
                return f"the list of {human(name)}"
            case Texts(texts):
                return listed((f"“{cut(text)}”" if quotes else cut(text) for text in texts), word)
            case Numbers(numbers):
                return listed((self.term(each, beside=beside) for each in numbers), word)
            case Dates(dates):
                return listed((self.value(each.value) for each in dates), word)
            case Cases(names):
                return listed(names, word)
            case _:
                assert_never(values)

    def term(self, term: Term, beside: Term | None = None) -> str:
        """A value of a rule; a number takes the unit of the field that it stands beside."""
        match term:
            case Name(name):
                return self.name(name)
            case Number(value):
                of = beside.name if isinstance(beside, Name) else None
                return self.measured(value, self.words.fields.get(of or ""))
            case Text(value):
                return f"“{cut(value)}”"
            case Date(value):
                return self.value(value)
            case DateTime(value):
                return self.moment(value)
            case Sum(parts):
                signs = ["" if not at else " + " if sign > 0 else " - " for at, (sign, _) in enumerate(parts)]
                return "".join(f"{sign}{self.part(part)}" for sign, (_, part) in zip(signs, parts, strict=True))
            case Product(parts):
                ops = ["" if not at else f" {op} " for at, (op, _) in enumerate(parts)]
                return "".join(f"{op}{self.part(part)}" for op, (_, part) in zip(ops, parts, strict=True))
            case Count(selection):
                return f"number of {self.selected(selection, 2)}"
            case Days(selection):
                return f"days with {self.selected(selection, 2)}"
            case Total(amount, selection):
                return f"{self.field(amount)} of {self.selected(selection, 2)} in all"
            case First(selection):
                return f"the first {self.selected(selection, 1)}"
            case Last(selection):
                return f"the last {self.selected(selection, 1)}"
            case _:
                assert_never(term)

    def part(self, part: Term | Formula) -> str:
        """A part of a sum or a product."""
        text = self.term(cast(Term, part))
        return f"({text})" if isinstance(part, Sum | Product) else text

    # --- activities ---

    def selected(self, selection: Selection, many: object) -> str:
        """Activities as a noun, with what they are like and when they happen."""
        where = f" where {self.said(selection.where)}" if selection.where is not None else ""
        return f"{self.kind(selection, many)}{where}{''.join(self.window(each) for each in selection.windows)}"

    def kind(self, selection: Selection, many: object) -> str:
        """The noun alone."""
        match selection.of:
            case Name(name):
                return self.happening(name, many)
            case AnyOf(names):
                return listed(self.happening(name, many) for name in names)
            case AnyActivity():
                return plural("activity", many)
            case _:
                assert_never(selection.of)

    def happening(self, name: str, many: object) -> str:
        """One kind of activity, or a signal, as a noun."""
        label = self.words.activities.get(name) or self.words.facts.get(name)
        if label:
            return f"“{label}”"
        noun = human(name)
        if noun.endswith(("ed", " in")):  # it says what was done: “accepted”
            return f"“{noun}”"
        first, _, rest = noun.partition(" ")
        if rest and first.endswith("s"):  # meetings held
            return noun
        if noun.endswith("s") and not noun.endswith("ss"):  # pricing visits
            return noun[:-1] if many == 1 else noun
        return plural(noun, many)

    def window(self, window: Window) -> str:
        """When they happen."""
        match window:
            case Recent(span):
                return f" in the last {spanned(span)}"
            case Following(span, anchor):
                return f" within {span} after {self.term(anchor)}"
            case Since(anchor):
                return f" since {self.term(anchor)}"
            case _:
                assert_never(window)

    # --- points ---

    def signal_points(self, name: str, item: ItemVerdict, each: Selection | None) -> str:
        """How the points of a signal come about: `5 for each of 3 pricing visits, at most 1 a day counted`."""
        gives = item.gives
        limit, fades, most = gives.get("limit"), gives.get("fades"), gives.get("at_most")
        windows = "".join(map(self.window, each.windows)) if each is not None else ""
        if item.counted is None:
            many = self.happening(name, 2)
            said = f"{number(gives['each'])} for each of the {many}{windows}, which are {NOT_KNOWN}"
        else:
            counted = bounds(*item.counted)
            one = item.counted == (1, 1)
            noun = self.happening(name, 1 if one else 2)
            said = f"{number(gives['each'])} for {'' if one else 'each of '}{counted} {noun}{windows}"
            if item.happened is not None and item.happened != item.counted:
                said += f" (of {bounds(*item.happened)})"
        if limit is not None:
            often, _, period = str(limit).partition(" ")
            said += f", at most {often} {'ever' if period == 'ever' else period.replace('per', 'a')} counted"
        if fades is not None:
            share, _, period = str(fades).partition(" per ")
            said += f", fading {'by half' if share == 'half' else share} per {period.removeprefix('1 ')}"
        return said if most is None else f"{said}, at most {number(most)}"

    def formula(self, formula: Formula | Term) -> str:
        """A formula over scores, read aloud."""
        match formula:
            case Highest(parts):
                return f"the highest of {listed(map(self.formula, parts), 'and')}"
            case Lowest(parts):
                return f"the lowest of {listed(map(self.formula, parts), 'and')}"
            case Name(name):
                return self.fact(name)
            case Sum(parts):
                signs = ["" if not at else " + " if sign > 0 else " - " for at, (sign, _) in enumerate(parts)]
                return "".join(f"{sign}{self.formula(part)}" for sign, (_, part) in zip(signs, parts, strict=True))
            case Product(parts):
                factors = ((part, self.formula(part)) for _, part in parts)
                return " × ".join(f"({text})" if isinstance(part, Sum) else text for part, text in factors)
            case _:
                return self.term(formula)

    # --- scorecards ---

    def headline(self, name: str, points: str, most: Decimal | None, tried: str | None) -> str:
        """What a scorecard says first: `Fit: 45 of at most 60`."""
        aside = f" ({tried}, so it doesn't count)" if tried else ""
        out_of = f" of at most {number(most)}" if most is not None else ""
        return f"{self.fact(name)}{aside}: {points}{out_of}"

    def no_score(self, name: str, because: list[str], without: list[str]) -> str:
        """That there is no score, and why: what asks for one isn't so, or scores that it is made of have none."""
        why = (
            "; ".join(because) or f"there is none of {listed(map(self.fact, without), 'and')}"
            if without or because
            else ""
        )
        return f"{self.fact(name)}: there is no score{f': {why}' if why else ''}"

    @staticmethod
    def outcome(outcome: str, because: list[str], *, assumed: bool) -> str:
        """An answer or a case in few words: `yes. industry: Printing, asked for: Printing`."""
        if assumed:
            return f"{outcome}, by agreement where it is not known"
        said = because[0] + (f"; and {len(because) - 1} more" if len(because) > 1 else "") if because else ""
        return f"{outcome}. {said}" if said else outcome

    def happened(self, name: str, count: int | None) -> str:
        """How often a signal happened, where nothing more is known: `3 pricing visits`."""
        return (
            f"{self.happening(name, 2)}: {NOT_KNOWN}" if count is None else f"{count:,} {self.happening(name, count)}"
        )

    # --- what was seen ---

    def clause(self, test: Test, seen: Seen, *, negated: bool = False) -> str:
        """What was seen of a lead, and what was asked for (or, `negated`, was not to be).

        >>> from qualify.rules.parse import parse
        >>> Phrases(Words()).clause(parse("employees >= 50"), {"employees": 80})
        'employees: 80, asked for: at least 50'
        """
        if isinstance(test, Holds):
            return f"{self.name(test.name)}: {self.value(seen.get(test.name))}"
        term, (_, subject, asked, _) = subject_of(test), self.read(test)
        if isinstance(test, Compare) and isinstance(test.left, Name) and isinstance(test.right, Name):
            asked = self.asked(test, seen)
        asked = f"not {asked}" if negated else asked
        if isinstance(term, Count | Days | Total):
            return f"{self.amount(term, seen)}, asked for: {asked}"
        if isinstance(test, Is | In) and isinstance(open_tier := seen.get(str(term)), tuple):
            return f"{subject}: {listed(map(str, open_tier))}, asked for: {asked}"
        return f"{subject}: {self.found(term, seen)}, asked for: {asked}{self.beside(test, seen)}"

    def beside(self, test: Test, seen: Seen) -> str:
        """What was seen of the other side of a comparison, where that is no literal."""
        match test:
            case Compare(left, _, right):
                other = left if subject_of(test) is right else right
            case After(_, other) | Before(_, other) | WithinAfter(_, _, other):
                pass
            case _:
                return ""
        looked_at = isinstance(other, Name | First | Last | Sum | Product) and str(other) in seen
        return f" ({self.found(other, seen)})" if looked_at else ""

    def found(self, term: Term, seen: Seen) -> str:
        """The value that was seen of a term."""
        if isinstance(term, Name):
            value = seen.get(term.name)
            if isinstance(value, tuple) and value and all(end is None or isinstance(end, Decimal) for end in value):
                return bounds(*value)
            return self.value(value, term.name)
        if isinstance(term, First | Last) and str(term) in seen:
            return self.value(seen[str(term)])
        value = seen.get(str(term))
        return bounds(*value) if isinstance(value, tuple) else self.value(value)

    def amount(self, term: Count | Days | Total, seen: Seen) -> str:
        """How much happened: `3 page views in the last 14 days`."""
        value = seen.get(str(term))
        selection = term.selection
        if value is None:
            return f"{self.selected(selection, 2)}: {NOT_KNOWN}"
        many = 1 if value == 1 else 2
        much = "(hidden)" if value == REDACTED else bounds(*value) if isinstance(value, tuple) else number(value)
        match term:
            case Count() if isinstance(selection.of, Name) and self.happening(selection.of.name, 2).startswith("“"):
                return f"{self.selected(selection, many)}: {much}"
            case Count():
                return f"{'no' if value == 0 else much} {self.selected(selection, many)}"
            case Days():
                return f"{much} {plural('day', value)} with {self.selected(selection, 2)}"
            case Total():
                return f"{self.selected(selection, 2)}: {self.field(term.amount)} {much} in all"
            case _:
                assert_never(term)

    def question(self, field: str, ask: str | None) -> str:
        """What to ask next: a field, with its question."""
        if field == "activities":
            return "what the lead did (its activities)"
        return f"{self.field(field)} (“{ask}”)" if ask else self.field(field)

    # --- changes ---

    def change(self, change: Change) -> str:
        """One thing that would have to change."""
        if change.field is not None:
            if change.to is True:
                return f"{self.field(change.field)} becomes yes"
            value = "no" if change.to is False else self.value(change.to, change.field)
            return f"{self.field(change.field)} becomes {ANYTHING if change.to in OTHER else value}"
        kind = str(change.activity)
        where = f" where {self.said(change.where)}" if change.where is not None else ""
        asked = reads_of(change.where) if change.where is not None else frozenset()
        more_said = {name: value for name, value in change.properties.items() if name not in asked}
        if more_said:  # how much it has to be
            said = (f"{self.field(name)} {self.value(value)}" for name, value in more_said.items())
            where += f" ({listed(said, 'and')})"
        more, least = change.more or change.at_least or 1, change.at_least or 1
        noun = self.happening(kind, more)
        return f"{number(more)} {'more ' if least > more else ''}{noun}{where}"


def is_when(term: Term, seen: Seen = NOTHING_SEEN) -> bool:
    """Whether a term is a day or a moment, of which one is before or after another, and not less or more.

    >>> is_when(Name("created_at")), is_when(Name("ends_on"), {"ends_on": date(2026, 11, 20)}), is_when(Name("employees"))
    (True, True, False)
    """
    if isinstance(term, Name):
        return isinstance(seen.get(term.name), date) or STANDARD_FIELDS.get(term.name) in ("date", "datetime")
    return isinstance(term, Date | DateTime | First | Last)


def reads_of(where: Rule) -> frozenset[str]:
    """The properties that a `where` reads."""
    return frozenset(node.name for node, _ in walk(where) if isinstance(node, Name | Holds))


_phrases: dict[int, Phrases] = {}


def phrases_of(words: Words) -> Phrases:
    """The phrases in these words; those of a definition are the same for all its verdicts."""
    known = _phrases.get(id(words))
    if known is None:
        if len(_phrases) >= MOST_DEFINITIONS:
            _phrases.clear()
        known = _phrases[id(words)] = Phrases(words)  # keeps the words alive
    return known
