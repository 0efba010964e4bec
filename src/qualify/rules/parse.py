# Long because the grammar is read in one place, line by line.
"""Text -> tree: one function for each line of the grammar, no backtracking, no unbounded recursion.

A syntax error shows the text, a caret, what was expected there and, where it can be guessed, what was meant.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, Literal, NoReturn, TypeVar, cast

from qualify.errors import RuleError, nearest
from qualify.rules.habits import (
    CALLS,
    MISSING,
    NO,
    NUMBERS,
    THOUSANDS,
    TIME_WORDS,
    WORDED,
    YES,
    date_at,
    date_said,
    equals_said,
    pattern_meant,
    time_meant,
    wording_meant,
)
from qualify.rules.lex import Token, tokens_of
from qualify.rules.tree import (
    DEEPEST,
    MOST_DIGITS,
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
    quoted,
)  # fmt: skip
from qualify.vocabulary import RESERVED, case_fault, name_fault

N = TypeVar("N", bound=Node)
T = TypeVar("T")
MOST_STEPS, LONGEST_MENDED = 8, 500
"""How far a text with several faults is mended for a message."""
_TAILS_BEGIN = frozenset(
    ("and", "or", "contains", "mentions", "in", "within", "older", "after", "before", "between", "since", "where", "of")
)  # fmt: skip
_TAIL_WORDS = (
    "contain",
    "include",
    "includes",
    "equals",
    "equal",
    "matches",
    "like",
    "ilike",
    "does",
    "doesn",
    "will",
    "was",
    "are",
    "within",
)
_COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
_TAILS = "'==', '>=', 'in', 'between', 'contains', 'mentions', 'is known', 'within 30 days' or another test"
"""What can follow a value."""


@dataclass(frozen=True)
class Parsed(Generic[N]):
    """A tree and, beside it, where each of its nodes stands in the text.

    `entries` are the places of what is no node of its own: the phrases, cases and names that a node lists.
    """

    tree: N
    text: str
    places: dict[int, tuple[Node, int, int]]
    entries: dict[int, list[tuple[int, int]]]

    def place(self, node: Node, entry: int | None = None) -> tuple[int, int]:
        """Start and length of a node's text, or of one entry of what it lists."""
        start, end = 0, len(self.text)
        if id(node) in self.places:
            _, start, end = self.places[id(node)]
        listed = self.entries.get(id(node), [])
        if entry is not None and entry < len(listed):
            start, end = listed[entry]
        return start, end - start


def parse(text: str) -> Rule:
    """The rule that a text says.

    >>> parse("employees >= 50 and not competitor").parts[1]
    Not(part=Holds(name='competitor'))

    Raises RuleError, which shows where the text goes wrong and what was expected there.
    """
    return read_rule(text).tree


def parse_selection(text: str) -> Selection:
    """The selection of activities that a text says.

    >>> str(parse_selection('page_view where page contains "/pricing" within 90 days'))
    'page_view where page contains "/pricing" within 90 days'
    """
    return read_selection(text).tree


def parse_formula(text: str) -> Formula:
    """The formula over scores that a text says.

    >>> str(parse_formula("0.6 * fit + highest of [cloud, private]"))
    '0.6 * fit + highest of [cloud, private]'
    """
    return read_formula(text).tree


def parse_span(text: str) -> Span:
    """The length of time that a text says.

    >>> parse_span("14 days")
    Span(number=14, unit='day')
    """
    return _read(text, lambda parser: parser.span()).tree


def read_rule(text: str) -> Parsed[Rule]:
    """A rule with the places of its nodes."""
    return _read(text, lambda parser: parser.whole_rule())


def read_selection(text: str) -> Parsed[Selection]:
    """A selection with the places of its nodes."""
    return _read(text, lambda parser: parser.selection(), "'where', 'within', 'since' or the end")


def read_formula(text: str) -> Parsed[Formula]:
    """A formula with the places of its nodes."""
    return _read(text, lambda parser: parser.formula(), "'+', '-', '*' or the end")


def _read(text: str, reading: Callable[[_Parser], N], rest: str = "'and', 'or' or the end") -> Parsed[N]:
    if not isinstance(text, str):
        raise RuleError(f"a rule is text, found {type(text).__name__}")
    try:
        return _once(text, reading, rest)
    except RuleError as why:
        raise _with_the_whole(why, text, reading, rest) from None


def _with_the_whole(why: RuleError, text: str, reading: Callable[[_Parser], N], rest: str) -> RuleError:
    """The same fault, with the whole text mended where that takes more than one step, and ends well."""
    mended, fault, steps = text, why, 0
    while fault.did_you_mean and steps < MOST_STEPS and len(mended) <= LONGEST_MENDED:
        before, after = mended[: fault.position], mended[fault.position + fault.length :]
        apart = [" " if side[-1:].isalnum() and fault.did_you_mean.isalpha() else "" for side in (before, after[:1])]
        mended, steps = f"{before}{apart[0]}{fault.did_you_mean}{apart[1]}{after}", steps + 1
        try:
            tree = _once(mended, reading, rest).tree
        except RuleError as next_one:
            if next_one.reason.startswith("a name has no blanks"):
                break  # what was mended left two names side by side: it was not meant so
            fault = next_one
            continue
        if steps > 1:
            return RuleError(
                f"{why.reason}; the whole: {tree}", code=why.code, text=text, position=why.position,
                length=why.length, did_you_mean=why.did_you_mean,
            )  # fmt: skip
        break
    return why


def _once(text: str, reading: Callable[[_Parser], N], rest: str) -> Parsed[N]:
    parser = _Parser(text)
    tree = reading(parser)
    if parser.now.kind != "end":
        parser.refuse_rest(rest)
    return Parsed(tree, text, parser.places, parser.entries)


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens_of(text)
        self.at = 0
        self.nested = 0
        self.in_where = False
        self.expected = "a value or a name"
        self.places: dict[int, tuple[Node, int, int]] = {}
        self.entries: dict[int, list[tuple[int, int]]] = {}
        self.listed_at: list[tuple[int, int]] = []
        self.called: tuple[int, int] | None = None

    # --- tokens ---

    @property
    def now(self) -> Token:
        return self.tokens[self.at]

    def ahead(self, *words: str) -> bool:
        """Whether these words and signs come next."""
        rest = self.tokens[self.at : self.at + len(words)]
        return [token.text for token in rest if token.kind in ("word", "sign")] == list(words)

    def accept(self, *words: str) -> bool:
        if self.ahead(*words):
            self.at += len(words)
            return True
        return False

    def expect(self, word: str, why: str) -> None:
        if not self.accept(word):
            if self.now.kind == "word" and self.now.text.lower() == word:
                self.fail(f"the words of the language are lower case: write '{word}'", did_you_mean=word)
            self.fail(f"expected '{word}' {why}, found {self.now.shown}")

    def fail(
        self, message: str, *, token: Token | None = None, did_you_mean: str | None = None, code: str | None = None
    ) -> NoReturn:
        place = token or self.now
        raise RuleError(
            message,
            code=code,
            text=self.text,
            position=place.start,
            length=place.end - place.start,
            did_you_mean=did_you_mean,
        )

    def show(self, message: str, start: int, end: int, meant: str | None = None, code: str | None = None) -> NoReturn:
        """A fault of a stretch of the text; `meant` is what should stand there."""
        raise RuleError(
            message, code=code, text=self.text, position=start, length=max(1, end - start), did_you_mean=meant
        )

    def made(self, start: int, build: Callable[[], N]) -> N:
        """A node with its place; what a node refuses is told with its place."""
        end = self.tokens[self.at - 1].end
        try:
            node = build()
        except RuleError as why:
            if why.text is not None:
                raise
            raise RuleError(why.reason, code=why.code, text=self.text, position=start, length=end - start) from None
        self.places[id(node)] = (node, start, end)
        return node

    def made_of(self, entries: list[tuple[int, int]], start: int, build: Callable[[], N]) -> N:
        """A node that lists texts, cases or names, with the place of each."""
        node = self.made(start, build)
        self.entries[id(node)] = entries
        return node

    def nest(self, token: Token) -> None:
        self.nested += 1
        if self.nested > DEEPEST:
            self.fail(f"brackets, 'not' and formulas nest at most {DEEPEST} deep", token=token, code="too-deep")

    # --- rules ---

    def whole_rule(self) -> Rule:
        return self.as_rule(self.either())

    def either(self) -> Rule | Term:
        """`a or b`; a value alone is handed up, since only brackets may hold one."""
        start = self.now.start
        first = self.both()
        if not self.ahead("or"):
            return first
        parts = [self.as_rule(first)]
        while self.accept("or"):
            part = self.both()
            self.whole_question(parts[-1], part, "or")
            parts.append(self.as_rule(part))
        return self.made(start, lambda: Or(tuple(parts)))

    def both(self) -> Rule | Term:
        """`a and b`; as plain a call as `either`, so that deep brackets need little of the stack."""
        start = self.now.start
        first = self.negation()
        if not self.ahead("and"):
            return first
        parts = [self.as_rule(first)]
        while self.accept("and"):
            part = self.negation()
            self.whole_question(parts[-1], part, "and")
            parts.append(self.as_rule(part))
        return self.made(start, lambda: And(tuple(parts)))

    def as_rule(self, node: Rule | Term) -> Rule:
        if isinstance(node, Rule):
            return node
        _, start, end = self.places[id(node)]
        if isinstance(node, Name):
            holds = Holds(node.name)
            self.places[id(holds)] = (holds, start, end)
            return holds
        if isinstance(node, Number):
            message = "a number standing alone answers nothing: compare something with it"
        elif isinstance(node, Text):
            message = 'a text standing alone answers nothing: one of several texts stands in a list, ["...", "..."]'
        elif hyphened := self.hyphened(node):
            self.show(f"a name has no hyphens: write '{hyphened}'", start, end, hyphened, "bad-name")
        else:
            message = f"this is a value, not yet a question: follow it by {_TAILS}"
        raise RuleError(message, text=self.text, position=start, length=end - start)

    def hyphened(self, node: Node) -> str | None:
        """The name that was meant by `right-size`."""
        parts = node.parts if isinstance(node, Sum) else ()
        if not all(isinstance(part, Name) and sign == (-1 if at else 1) for at, (sign, part) in enumerate(parts)):
            return None
        return "_".join(str(part) for _, part in parts) or None

    def whole_question(self, before: Rule, part: Rule | Term, joint: Literal["and", "or"]) -> None:
        """Refuse `x == "a" or "b"`, with the list that was meant."""
        if not isinstance(part, Text | Number):
            return
        values = [part]
        end = self.places[id(part)][2]
        while self.ahead(joint) and self.tokens[self.at + 1].kind in ("text", "number"):
            self.at += 1
            literal = cast("Text | Number", self.literal())
            values.append(literal)
            end = self.places[id(literal)][2]
        if self.now.text in (*_COMPARISONS, "in", "between", "+", "-", "*", "/") and self.now.kind != "text":
            return
        match before:
            case Compare(left, "==", Text() | Number() as first) if joint == "or":
                test = f"{left} in [{', '.join(map(str, (first, *values)))}]"
            case Compare(left, "!=", Text() | Number() as first):
                test = f"{left} not in [{', '.join(map(str, (first, *values)))}]"
            case Match(left, how, Texts(texts)) if joint == "or" and all(isinstance(each, Text) for each in values):
                test = f"{left} {how} [{', '.join([*map(quoted, texts), *map(str, values)])}]"
            case Match(left, how, _):
                test = f"{before} {joint} {left} {how} {values[0]}"
            case Compare(left, op, _):
                test = f"{before} {joint} {left} {op} {values[0]}"
            case _:
                return
        start = self.places[id(before)][1]
        self.show(f"each part is a whole question: write '{test}'", start, end, test)

    def negation(self) -> Rule | Term:
        starts: list[int] = []
        nested = self.nested
        while self.ahead("not"):
            self.nest(self.now)
            starts.append(self.now.start)
            self.at += 1
        node = self.test()
        for start in reversed(starts):
            part = self.as_rule(node)
            node = self.made(start, lambda part=part: Not(part))  # type: ignore[misc]
        self.nested = nested
        return node

    def test(self) -> Rule | Term:
        if self.ahead("at", "least"):
            return self.at_least()
        if self.ahead("any", "of") or self.ahead("all", "of"):
            meant = (
                "join them with 'and'"
                if self.now.text == "all"
                else "join them with 'or', or write 'at least 1 of [...]'"
            )
            self.fail(f"'{self.now.text} of' takes no rules: {meant}")
        if self.ahead("at", "most"):
            self.fail("there is only 'at least': 'at most 2 of [...]' is 'not at least 3 of [...]'")
        start = self.now.start
        self.expected = "a value or a name"
        node = self.sum(self.factors)
        if isinstance(node, Rule):
            if self.now.text in (*_COMPARISONS, "+", "*", "/", "in", "is", "between") and self.now.kind != "text":
                self.fail(f"what stands before {self.now.shown} is a question, not a value: it can't be compared")
            return node
        return self.tail(node, start)

    def at_least(self) -> Rule:
        start = self.now.start
        self.at += 2
        token = self.now
        number = self.whole(token)
        if number is None:
            self.fail(f"expected a whole number after 'at least', found {token.shown}")
        self.at += 1
        self.expect("of", "after the number")
        parts = self.listed(lambda: self.as_rule(self.either()), "a rule")
        return self.made(start, lambda: AtLeast(number, tuple(parts)))

    def listed(self, each: Callable[[], T], what: str) -> list[T]:
        """Entries in `[ ]` with commas, at least one."""
        opening = self.now
        if opening.text == "(":
            end = self.at
            while self.tokens[end].text not in (")", ""):
                end += 1
            if self.tokens[end].text == ")":
                written = f"[{self.text[opening.end : self.tokens[end].start]}]"
                self.show(f"write a list in [ ]: {written}", opening.start, self.tokens[end].end, written)
            self.fail("write a list in [ ]")
        self.expect("[", "before the list")
        self.nest(opening)
        outer, self.in_where = self.in_where, False
        if self.ahead("]"):
            self.fail(f"this list is empty; expected {what}", code="empty-list")
        found, places = list[T](), list[tuple[int, int]]()
        while not found or self.accept(","):
            start = self.now.start
            found.append(each())
            places.append((start, self.tokens[self.at - 1].end))
        if not self.accept("]"):
            before = self.tokens[self.at - 1]
            if self.now.text == "-" and before.kind == "number" and self.tokens[self.at + 1].kind == "number":
                self.fail(
                    f"a range is written 'between {before.text} and {self.tokens[self.at + 1].text}', without brackets"
                )
            self.fail(f"expected ',' or ']' in the list, found {self.now.shown}{self.hint()}")
        self.in_where = outer
        self.nested -= 1
        self.listed_at = places
        return found

    def tail(self, left: Term, start: int) -> Rule | Term:
        token = self.now
        if token.kind == "sign" and token.text in _COMPARISONS:
            self.at += 1
            self.compared_with(left, token, start)
            right = self.term("a value to compare with")
            self.several(left, "in" if token.text == "==" else "not in" if token.text == "!=" else None, right, start)
            if self.now.kind == "sign" and self.now.text in _COMPARISONS:
                self.fail(
                    "comparisons don't chain: write 'x between 10 and 50' (both ends included), or join two with 'and'"
                )
            return self.made(start, lambda: Compare(left, cast(CompareOp, token.text), right))
        self.time(left, start)
        self.wording(left, start)
        if token.kind != "word":
            return left
        match token.text:
            case "between":
                self.at += 1
                if self.ahead("["):
                    self.fail("two ends stand without brackets: write 'between 10 and 50' (both ends included)")
                low = self.term("the lower end")
                self.expect("and", "between the two ends, as in 'between 10 and 50'")
                high = self.term("the upper end")
                return self.made(start, lambda: Between(left, low, high))
            case "in" if self.accept("in", "the", "next"):
                span = self.span()
                return self.made(start, lambda: InTheNext(left, span))
            case "in" | "not":
                negated = self.accept("not")
                if negated and self.now.text in ("contains", "mentions", "starts", "ends", "has", "between", "within"):
                    self.fail(f"write 'not' before the whole test: 'not {left} {self.now.text} ...'")
                if not self.accept("in"):
                    self.fail(f"expected 'in' after 'not', found {self.now.shown}; or put 'not' before the whole test")
                if isinstance(left, Text) and self.now.kind == "word":
                    test = f"{self.now.text} contains {left}"
                    self.show(f"write '{test}', or '{self.now.text} has any [{left}]' for a list", start, self.now.end)
                values = self.values()
                return self.made(start, lambda: In(left, values, negated))
            case "contains" | "mentions":
                self.at += 1
                return self.match(left, cast(MatchHow, token.text), start)
            case "starts" | "ends":
                self.at += 1
                self.expect("with", f"after '{token.text}'")
                return self.match(left, cast(MatchHow, f"{token.text} with"), start)
            case "has":
                self.at += 1
                how = self.now.text
                if how not in ("any", "all", "none"):
                    meant = ": write 'has any [...]'" if self.now.kind == "text" or how == "[" else ""
                    self.fail(f"expected 'any', 'all' or 'none' after 'has', found {self.now.shown}{meant}")
                self.at += 1
                if self.ahead("of"):
                    self.fail(f"write it without 'of': 'has {how} [...]'")
                of = self.texts("a list of texts in [ ], or a list's name")
                return self.made(start, lambda: Has(left, cast(HasHow, how), of))
            case "is":
                self.at += 1
                return self.being(left, start)
            case "within" if not self.in_where:
                self.at += 1
                span = self.span()
                if self.accept("after"):
                    anchor = self.term("a moment")
                    return self.made(start, lambda: WithinAfter(left, span, anchor))
                return self.made(start, lambda: Within(left, span))
            case "older":
                self.at += 1
                self.expect("than", "after 'older'")
                span = self.span()
                return self.made(start, lambda: OlderThan(left, span))
            case "after" | "before":
                self.at += 1
                anchor = self.term("a moment")
                kind = After if token.text == "after" else Before
                return self.made(start, lambda: kind(left, anchor))
            case _:
                return left

    def match(self, left: Term, how: MatchHow, start: int) -> Rule:
        if self.now.kind == "text":
            self.at += 1
            text = cast(str, self.tokens[self.at - 1].value)
            values: Texts | Name = self.made(self.tokens[self.at - 1].start, lambda: Texts((text,)))
            self.several(left, how, Text(text), start)
        else:
            values = self.texts("a text in double quotes, a list of them, or a list's name")
        return self.made(start, lambda: Match(left, how, values))

    def compared_with(self, left: Term, sign: Token, start: int) -> None:
        """Refuse `== yes`, `== NULL` and `== ""`, with the test that was meant."""
        word = self.now.text.lower()
        if sign.text not in ("==", "!=") or self.now.kind != "word" or self.tokens[self.at + 1].text == "(":
            return
        if word in (*YES, *NO) or (word in MISSING and name_fault(self.now.text)):
            message, test = equals_said(str(left), word, negated=sign.text == "!=")
            self.show(message, start, self.now.end, test)

    def several(self, left: Term, how: str | None, first: Term, start: int) -> None:
        """Refuse `x == "a", "b"`, with the list that was meant."""
        texts, ahead = [str(first)], self.at
        while self.tokens[ahead].text == "," and self.tokens[ahead + 1].kind == "text":
            texts.append(self.tokens[ahead + 1].text)
            ahead += 2
        after = self.tokens[ahead]
        if how is None or not isinstance(first, Text) or ahead == self.at:
            return
        if after.kind == "end" or after.text in ("]", ")", "and", "or", ","):
            test = f"{left} {how} [{', '.join(texts)}]"
            self.show(f"several texts stand in a list: write '{test}'", start, self.tokens[ahead - 1].end, test)

    def wording(self, left: Term, start: int) -> None:
        """Refuse `x is greater than 5` and `x does not contain "y"`, with the test that was meant."""
        if self.now.text in _TAILS_BEGIN or (
            self.now.text == "is" and self.tokens[self.at + 1].text in ("known", "unknown")
        ):
            return
        words: list[str] = []
        while self.tokens[self.at + len(words)].kind == "word" and len(words) < 6:
            words.append(self.tokens[self.at + len(words)].text)
        meant = wording_meant(str(left), " ".join(words)) if words else None
        if meant is None:
            return
        test, number = meant
        end = self.at + number
        following = self.tokens[end]
        if words[number - 1].lower() not in ("like", "ilike", "rlike", "matches"):
            more = "" if test.endswith("known") else " ..."
            self.show(f"write '{test}{more}'", start, self.tokens[end - 1].end, test)
        pattern = pattern_meant(str(following.value)) if following.kind == "text" else None
        if pattern is not None:
            test, end = test.removesuffix("contains") + pattern, end + 1
        more = "" if pattern else " ..."
        self.show(f"there are no patterns: write '{test}{more}'", start, self.tokens[end - 1].end, test)

    def length(self, at: int) -> tuple[str, int] | None:
        """The length of time that stands at this token, and the token after it."""
        number, unit = self.tokens[at], self.tokens[min(at + 1, len(self.tokens) - 1)]
        if self.whole(number) is None or unit.kind != "word" or unit.text.lower().removesuffix("s") not in UNITS:
            return None
        return f"{number.text} {unit.text.lower()}", at + 2

    def timed(self) -> tuple[list[str], str, int] | None:
        """The words before a length of time that stand here, that length, and the token after it (and after `ago`)."""
        at = self.at
        while self.tokens[at].text.lower() in TIME_WORDS and self.tokens[at].kind in ("word", "sign"):
            at += 1
        length = self.length(at)
        if length is None:
            return None
        words = [token.text.lower() for token in self.tokens[self.at : at]]
        span, end = length
        if self.tokens[end].text.lower() in ("ago", "old", "back"):
            words, end = words or ["than", "older"], end + 1
        return words, span, end

    def time(self, left: Term, start: int) -> None:
        """Refuse `x in the last 30 days` and `x within next 6 months`, with the test that was meant."""
        found = self.timed()
        if found is None or self.now.kind != "word" or (self.in_where and self.now.text in ("within", "since")):
            return
        words, span, end = found
        if words in (["within"], ["older", "than"], ["in", "the", "next"]) and self.tokens[end - 1].text != "ago":
            return
        meant = time_meant(words)
        if words in (["before"], ["after"]) or meant is None:
            return
        if isinstance(left, Name | First | Last):
            test = f"{left} {meant} {span}"
        elif isinstance(left, Count | Days | Total):
            return  # told where the rest is
        else:
            return
        self.show(f"write '{test}'", start, self.tokens[end - 1].end, test, "bad-span")

    def windowed(self, start: int) -> None:
        """Refuse `page_view in the last 30 days` where activities are selected, with the window that was meant."""
        found = self.timed()
        if found is None or self.now.text == "where" or self.tokens[found[2]].text not in ("", ")"):
            return
        words, span, end = found
        if time_meant(words or ["within"]) != "within":
            return
        written = f"{self.text[start : self.tokens[self.at - 1].end]} within {span}"
        opening = next((at for at, token in enumerate(self.tokens) if token.start == start), 0) - 2
        if opening >= 0 and self.tokens[opening].text in ("count", "days", "first", "last"):
            written = f"{self.tokens[opening].text}({written})"
        self.show(f"write '{written}'", self.now.start, self.tokens[end - 1].end, f"within {span}", "bad-span")

    def being(self, left: Term, start: int) -> Rule:
        token, asked = self.now, self.tokens[self.at - 1].start
        word = token.text.lower()
        if self.accept("known"):
            return self.made(start, lambda: Known(left))
        if self.accept("unknown"):
            return self.made(start, lambda: Known(left, negated=True))
        if token.kind in ("text", "number", "date", "datetime"):
            self.asked_case(left, token, start, negated=False)
        negated = self.accept("not")
        token = self.now
        word = token.text.lower()
        if negated and word in ("known", "unknown"):
            other = "unknown" if word == "known" else "known"
            self.show(f"write 'is {other}'", asked, token.end, f"is {other}")
        if word in ("true", "false", "yes", "no"):
            plain = f"{left}" if (word in ("true", "yes")) != negated else f"not {left}"
            self.show(f"a yes-or-no stands alone: write '{plain}'", start, token.end, plain)
        if word in ("null", "none", "nil", "empty", "missing", "blank", "nan", "defined", "set"):
            right = "is known" if negated != (word in ("defined", "set")) else "is unknown"
            self.show(f"write '{right}'", asked, token.end, right)
        if token.kind in ("text", "number"):
            self.asked_case(left, token, start, negated=True)
        if token.kind != "word":
            self.fail(f"expected a case, 'known' or 'unknown' after 'is', found {token.shown}")
        if word in ("above", "over", "below", "under"):
            word = {"above": ">", "over": ">", "below": "<", "under": "<"}[word]
            self.fail(f"write '{left} {word} ...'" if not negated else f"write 'not {left} {word} ...'")
        if word in ("in", "within", "between", "after", "before", "older"):
            form = f"{left} not in" if negated and word == "in" else f"{'not ' * negated}{left} {word}"
            self.fail(f"write it without 'is': '{form} ...'")
        if fault := case_fault(token.text):
            self.fail(fault, code="bad-name")
        self.at += 1
        return self.made_of([(token.start, token.end)], start, lambda: Is(left, token.text, negated))

    def asked_case(self, left: Term, token: Token, start: int, *, negated: bool) -> NoReturn:
        """Refuse `x is "a"`, which is a text's test or a tier's in the other's form."""
        test = f"{left} {'!=' if negated else '=='} {token.text}"
        case = str(token.value)
        if token.kind != "text" or case_fault(case):
            self.show(f"'is' asks for a tier's case: write '{test}'", start, token.end, test)
        asked = f"{left} is {'not ' * negated}{case}"
        self.show(
            f"cases stand without quotes: write '{asked}' for a tier, '{test}' for a text",
            start, token.end,
        )  # fmt: skip

    # --- lists of literals ---

    def values(self) -> Texts | Numbers | Dates | Cases | Name:
        """What may stand behind `in`."""
        start = self.now.start
        if self.now.kind in ("number", "date"):
            year = self.now.text if self.now.kind == "number" and len(self.now.text) == 4 else ""
            ends = f"; a year is 'between {year}-01-01 and {year}-12-31'" if year else ""
            self.fail(
                f"write it as a list: [{self.now.text}]{ends}", did_you_mean=None if year else f"[{self.now.text}]"
            )
        if self.now.kind == "text":
            self.unlisted()
        if self.now.kind == "word":
            return self.name("a list in [ ], or a list's name")
        entries = self.listed(self.entry, "a text, a number, a date or a case")
        places = self.listed_at
        kinds = {type(entry) for entry in entries}
        if len(kinds) > 1:
            self.fail("a list holds one kind of thing", token=self.tokens[self.at - 1])
        if isinstance(entries[0], Text):
            return self.made_of(places, start, lambda: Texts(tuple(cast(Text, entry).value for entry in entries)))
        if isinstance(entries[0], Number):
            return self.made(start, lambda: Numbers(tuple(cast(Number, entry) for entry in entries)))
        if isinstance(entries[0], Date):
            return self.made(start, lambda: Dates(tuple(cast(Date, entry) for entry in entries)))
        return self.made_of(places, start, lambda: Cases(tuple(cast(str, entry) for entry in entries)))

    def unlisted(self) -> NoReturn:
        """Refuse `in "a", "b"`, with the list that was meant."""
        end = self.at + 1
        while self.tokens[end].text == "," and self.tokens[end + 1].kind == "text":
            end += 2
        written = f"[{', '.join(token.text for token in self.tokens[self.at : end : 2])}]"
        what = "the text" if end == self.at + 1 else "texts"
        self.show(f"write {what} as a list: {written}", self.now.start, self.tokens[end - 1].end, written)

    def entry(self) -> Text | Number | Date | str:
        token = self.now
        if token.kind == "word":
            if fault := case_fault(token.text):
                self.fail(fault, code="bad-name")
            self.at += 1
            return token.text
        if token.kind == "datetime":
            self.fail("a list holds days, not moments: write 2026-11-02")
        literal = self.literal()
        if literal is None or isinstance(literal, DateTime):
            self.fail(f"expected a text, a number, a date or a case, found {token.shown}{self.hint()}")
        return literal

    def texts(self, expected: str) -> Texts | Name:
        start = self.now.start
        if self.now.kind == "word":
            return self.name(expected)
        if self.now.kind == "text":
            self.unlisted()
        if not self.ahead("["):
            self.fail(f"expected {expected}, found {self.now.shown}{self.hint()}")

        def text() -> str:
            if self.now.kind != "text":
                self.fail(f"expected a text in double quotes, found {self.now.shown}")
            self.at += 1
            return cast(str, self.tokens[self.at - 1].value)

        found = self.listed(text, "a text")
        return self.made_of(self.listed_at, start, lambda: Texts(tuple(found)))

    # --- terms ---

    def term(self, expected: str = "a value") -> Term:
        self.expected = expected
        node = self.sum(self.factors)
        if isinstance(node, Rule):
            _, start, end = self.places[id(node)]
            raise RuleError(
                f"expected {expected}, found a question", text=self.text, position=start, length=end - start
            )
        return node

    def factors(self) -> Term | Rule:
        return self.product(self.atom, "*/")

    def sum(self, part: Callable[[], N]) -> N:
        """`a + b - c` of terms, or of formulas."""
        start = self.now.start
        first = part()
        if isinstance(first, Rule) or not (self.ahead("+") or self.ahead("-")):
            return first
        parts: list[tuple[Literal[1, -1], Term]] = [(1, cast(Term, first))]
        while self.ahead("+") or self.ahead("-"):
            sign: Literal[1, -1] = 1 if self.now.text == "+" else -1
            self.at += 1
            parts.append((sign, self.value(part())))
        return cast(N, self.made(start, lambda: Sum(tuple(parts))))

    def product(self, part: Callable[[], N], signs: str) -> N:
        start = self.now.start
        first = part()
        if isinstance(first, Rule) or not (self.ahead("*") or self.ahead("/")):
            return first
        parts: list[tuple[Literal["*", "/"], Term]] = [("*", cast(Term, first))]
        while self.ahead("*") or self.ahead("/"):
            if self.now.text not in signs:
                self.fail("a formula over scores has no division: multiply by a share, such as 0.5", code="bad-formula")
            op: Literal["*", "/"] = "*" if self.now.text == "*" else "/"
            self.at += 1
            parts.append((op, self.value(part())))
        return cast(N, self.made(start, lambda: Product(tuple(parts))))

    def value(self, node: Node) -> Term:
        if isinstance(node, Rule):
            _, start, end = self.places[id(node)]
            raise RuleError("a question can't be reckoned with", text=self.text, position=start, length=end - start)
        return cast(Term, node)

    def atom(self) -> Term | Rule:
        token = self.now
        if token.kind == "sign" and token.text == "(":
            self.nest(token)
            self.at += 1
            outer, self.in_where = self.in_where, False
            inner = self.either()
            self.closing(token)
            self.in_where = outer
            self.nested -= 1
            return inner
        literal = self.literal()
        if literal is not None:
            return literal
        if token.kind == "word" and self.tokens[self.at + 1].text == "(":
            return self.call(token)
        return self.name(self.expected)

    def closing(self, opening: Token) -> None:
        if not self.accept(")"):
            if self.now.kind == "end":
                self.fail("this bracket is never closed", token=opening)
            self.fail(f"expected ')', found {self.now.shown}{self.hint()}")

    def literal(self) -> Number | Text | Date | DateTime | None:
        token = self.now
        if token.kind == "sign" and token.text == "-" and self.tokens[self.at + 1].kind == "number":
            self.at += 2
            number = self.tokens[self.at - 1].text.replace("_", "")
            return self.made(token.start, lambda: Number(-Decimal(number)))
        if token.kind in ("word", "sign", "end"):
            return None
        self.at += 1
        if token.kind == "number":
            return self.made(token.start, lambda: Number(Decimal(token.text.replace("_", ""))))
        if token.kind == "text":
            return self.made(token.start, lambda: Text(cast(str, token.value)))
        if token.kind == "date":
            return self.made(token.start, lambda: Date(cast(dt.date, token.value)))
        return self.made(token.start, lambda: DateTime(cast(dt.datetime, token.value)))

    def name(self, expected: str) -> Name:
        token = self.now
        if (
            token.kind == "sign"
            and token.text in _COMPARISONS
            and self.at
            and self.tokens[self.at - 1].text in ("and", "or")
        ):
            form = 'x in ["...", "..."]' if token.text in ("==", "!=") else "x between 10 and 50"
            self.fail(f"each part is a whole question: name again what is compared, or write '{form}'")
        if token.text == "[" and self.at and self.tokens[self.at - 1].text in ("==", "!="):
            self.fail("a list stands behind 'in' for texts and numbers, behind 'has any' for lists")
        inside = self.tokens[self.at : self.at + 3]
        if [each.text for each in inside[::2]] == ["[", "]"] and inside[1].kind == "word":
            meant = inside[1].text.lower()
            self.show(f"a name stands without brackets: write '{meant}'", token.start, inside[2].end, meant)
        if token.text == "has" and inside[1].kind == "word":
            asked = inside[1].text
            self.fail(f"write 'count({asked}) >= 1' for an activity, '{asked}' alone for a yes-or-no")
        if token.kind != "word":
            self.fail(f"expected {expected}, found {token.shown}{self.hint()}")
        if fault := name_fault(token.text):
            lower = token.text.lower()
            if token.text not in RESERVED and lower in ("and", "or", "not", "in", "is"):
                self.fail(f"the words of the language are lower case: write '{lower}'", did_you_mean=lower)
            if lower in ("true", "false") and self.at and self.tokens[self.at - 1].text in ("==", "!="):
                self.fail("a yes-or-no stands alone: write the name, or 'not' and the name")
            if token.text in RESERVED and self.text[token.start - 1 : token.start] == "-" and self.at > 1:
                before = self.tokens[self.at - 2]
                if before.kind == "word" and before.end == token.start - 1:
                    meant = f"{before.text}_{token.text}"
                    self.show(f"a name has no hyphens: write '{meant}'", before.start, token.end, meant, "bad-name")
            if token.text in RESERVED:
                self.fail(f"expected {expected}, found '{token.text}', which is a word of the language")
            if self.at and self.tokens[self.at - 1].text in ("==", "!="):
                self.bare(self.at)
            if self.at and self.tokens[self.at - 1].text == "in":
                self.fail(f'texts stand in a list, in double quotes: ["{token.text}", "..."]')
            behind = [each.text for each in self.tokens[max(0, self.at - 5) : self.at]]
            if behind[-3:-2] == ["is"] and behind[-1:] == ["or"] and len(behind) > 3:
                test = f"{behind[-4]} in [{behind[-2]}, {token.text}]"
                self.show(
                    f"each part is a whole question: write '{test}'", self.tokens[self.at - 4].start, token.end, test
                )
            if match := date_at(self.text, token.start):
                message, day = date_said(match.group())
                self.show(message, token.start, token.start + len(match.group().rstrip()), day, "bad-date")
            if lower in MISSING and self.at:
                self.fail("what is missing is asked for: write 'x is unknown', or 'x is known'")
            end = self.words_end(self.at)
            lower = "_".join(each.text.lower() for each in self.tokens[self.at : end])
            meant = f"; write '{lower}'" if not name_fault(lower) else ""
            last = self.tokens[end - 1] if meant else token
            self.show(f"{fault}{meant}", token.start, last.end, lower if meant else None, "bad-name")
        self.at += 1
        return self.made(token.start, lambda: Name(token.text))

    def words_end(self, at: int) -> int:
        """The token after the words that stand in a row, as in `Company Size >= 50`."""
        end = at + 1
        while (
            self.tokens[end].kind == "word" and self.tokens[end].text.lower() not in RESERVED - {"of"}
            and self.tokens[end].text.lower() not in (*WORDED, *_TAIL_WORDS) and self.tokens[end + 1].text != "("
        ):  # fmt: skip
            end += 1
        return end

    def call(self, token: Token) -> Term:
        word = token.text
        if word.lower() == "not":
            self.fail("the words of the language are lower case: write 'not'", did_you_mean="not")
        if word.lower() in CALLS:
            first = self.tokens[self.at + 2].text.lower()
            said = (
                CALLS[word.lower()].replace("{x}", first if not name_fault(first) else "x").replace("{}", word.lower())
            )
            self.fail(f"'{word}(' is not in the language: {said}")
        if word not in ("count", "days", "sum", "first", "last"):
            near = nearest(word.lower(), ("count", "days", "sum", "first", "last"))
            meant = f"; did you mean '{near}'?" if near else "; there are count, days, sum, first and last"
            self.fail(f"'{word}(' is not in the language{meant}", did_you_mean=near)
        opening = self.tokens[self.at + 1]
        self.nest(opening)
        self.at += 2
        outer, self.in_where = self.in_where, False
        amount, added = "", list[tuple[int, int]]()
        if word == "sum":
            amount = self.name("the property to add up, as in sum(amount of purchase)").name
            added = [(self.tokens[self.at - 1].start, self.tokens[self.at - 1].end)]
            self.expect("of", "after the property to add up, as in sum(amount of purchase)")
        selection = self.selection()
        self.called = token.start, self.now.start
        self.closing(opening)
        self.in_where = outer
        self.nested -= 1
        builds: dict[str, Callable[[], Term]] = {
            "count": lambda: Count(selection), "days": lambda: Days(selection), "first": lambda: First(selection),
            "last": lambda: Last(selection), "sum": lambda: Total(amount, selection),
        }  # fmt: skip
        return self.made_of(added, token.start, builds[word])

    # --- activities and time ---

    def selection(self) -> Selection:
        start = self.now.start
        of: Name | AnyActivity | AnyOf
        if self.accept("any", "activity"):
            of = self.made(start, AnyActivity)
        elif self.accept("any", "of"):
            names = self.listed(lambda: self.name("an activity").name, "an activity")
            of = self.made_of(self.listed_at, start, lambda: AnyOf(tuple(names)))
        else:
            if self.now.kind == "word" and self.now.text in ("count", "days") and self.tokens[self.at + 1].text == "(":
                self.fail("here stand activities alone, such as 'page_view': to count them is a trait's work")
            if self.now.text == "*":
                self.fail("write 'any activity'", did_you_mean="any activity")
            of = self.name("an activity, a signal, 'any activity' or 'any of [...]'")
        where: Rule | None = None
        if self.accept("where"):
            outer, self.in_where = self.in_where, True
            where = self.as_rule(self.either())
            self.in_where = outer
        windows: list[Window] = []
        while self.now.text in ("within", "since") and self.now.kind == "word":
            if (found := self.timed()) is not None and len(found[0]) > 1:
                self.windowed(start)
            windows.append(self.window())
        self.windowed(start)
        if where is None and (self.now.kind == "text" or self.now.text.lower() in ("on", "with", "for", "of", "to")):
            self.fail("which of them is said by 'where', as in 'page_view where page contains \"...\"'")
        if self.ahead("where"):
            self.fail("'where' stands before the windows: activity where ... within ...")
        return self.made(start, lambda: Selection(of, where, tuple(windows)))

    def window(self) -> Window:
        start = self.now.start
        if self.accept("since"):
            anchor = self.term("a moment")
            return self.made(start, lambda: Since(anchor))
        self.at += 1
        span = self.span()
        if self.accept("after"):
            anchor = self.term("a moment")
            return self.made(start, lambda: Following(span, anchor))
        return self.made(start, lambda: Recent(span))

    def span(self) -> Span:
        token = self.now
        number = self.whole(token)
        if number is None and (found := self.timed()) is not None:  # within the last 30 days, of whatever
            self.show(f"write '{found[1]}'", token.start, self.tokens[found[2] - 1].end, found[1], "bad-span")
        unit = self.tokens[min(self.at + 1, len(self.tokens) - 1)]
        if token.text.lower() in NUMBERS and unit.text.lower().removesuffix("s") in UNITS:
            meant = f"{NUMBERS[token.text.lower()]} {unit.text.lower()}"
            self.show(f"write '{meant}'", token.start, unit.end, meant, "bad-span")
        if number is not None and unit.text.lower() in ("quarter", "quarters"):
            meant = f"{3 * number} months"
            self.show(f"write '{meant}'", token.start, unit.end, meant, "bad-span")
        if number is None:
            self.fail(
                f"expected a length of time, such as '14 days', found {token.shown}{self.hint()}", code="bad-span"
            )
        unit = self.tokens[self.at + 1]
        word = unit.text.removesuffix("s")
        if unit.kind != "word" or word not in UNITS:
            near = nearest(unit.text.lower(), [f"{each}s" for each in UNITS]) if unit.kind == "word" else None
            meant = f"; did you mean '{near}'?" if near else ""
            self.fail(
                f"expected hours, days, weeks, months or years, found {unit.shown}{meant}",
                token=unit, did_you_mean=near, code="bad-span",
            )  # fmt: skip
        self.at += 2
        return self.made(token.start, lambda: Span(number, word))

    # --- formulas over scores ---

    def formula(self) -> Formula:
        return self.sum(self.weighted)

    def weighted(self) -> Formula:
        start = self.now.start
        node = self.product(self.part, "*")
        if isinstance(node, Product) and sum(not isinstance(part, Number) for _, part in node.parts) > 1:
            raise RuleError(
                "a product of two scores is not in the language: multiply a score by a number", code="bad-formula",
                text=self.text, position=start, length=self.tokens[self.at - 1].end - start,
            )  # fmt: skip
        return node

    def part(self) -> Formula:
        token = self.now
        if self.ahead("highest", "of") or self.ahead("lowest", "of"):
            self.at += 2
            parts = self.listed(self.formula, "a score")
            kind = Highest if token.text == "highest" else Lowest
            return self.made(token.start, lambda: kind(tuple(parts)))
        if token.kind == "sign" and token.text == "(":
            self.nest(token)
            self.at += 1
            inner = self.formula()
            self.closing(token)
            self.nested -= 1
            return inner
        if self.now.text in ("max", "min") and self.tokens[self.at + 1].text == "(":
            meant = "highest of" if self.now.text == "max" else "lowest of"
            self.fail(f"write '{meant} [...]'", did_you_mean=meant)
        literal = self.literal()
        if isinstance(literal, Number):
            return literal
        if literal is not None:
            self.fail("a formula holds scores and numbers", token=token)
        return self.name("a score, a number, 'highest of [...]' or 'lowest of [...]'")

    def whole(self, token: Token) -> int | None:
        """The whole number that a token is; one beyond all use stays beyond it, however many digits it has."""
        digits = token.text.replace("_", "")
        return (
            int(digits.lstrip("0")[: MOST_DIGITS + 1] or "0") if token.kind == "number" and digits.isdigit() else None
        )

    # --- what was meant ---

    def hint(self) -> str:
        """A guess at what was meant by the token that stands where it can't."""
        token, before = self.now, self.tokens[self.at - 1] if self.at else None
        if (
            token.text == ","
            and before is not None
            and before.kind == "number"
            and self.tokens[self.at + 1].kind == "number"
        ):
            groups = [before.text]
            rest = self.tokens[self.at :]
            for comma, digits in zip(rest[::2], rest[1::2], strict=False):
                if comma.text != "," or digits.kind != "number":
                    break
                groups.append(digits.text)
            return f": write {''.join(groups)} or {'_'.join(groups)}"
        return ""

    def refuse_rest(self, expected: str) -> NoReturn:
        token = self.now
        lower = token.text.lower()
        behind = [each.text for each in self.tokens[max(0, self.at - 4) : self.at]]
        if token.kind == "word" and lower != token.text and lower in RESERVED:
            self.fail(f"the words of the language are lower case: write '{lower}'", did_you_mean=lower)
        if token.text in (")", "]"):
            self.fail(f"'{token.text}' closes nothing")
        before = self.tokens[self.at - 1]
        self.window_outside()
        if token.kind == "word" and lower in THOUSANDS and before.kind == "number":
            whole = format(Decimal(before.text.replace("_", "")).scaleb(THOUSANDS[lower]), "f")
            self.show(f"a number has no '{token.text}': write {whole}", before.start, token.end, whole)
        if token.kind == "word" and before.kind == "number" and (match := date_at(self.text, before.start)):
            message, meant = date_said(match.group())
            self.show(message, before.start, before.start + len(match.group().rstrip()), meant, "bad-date")
        if before.kind == token.kind == "number" and len(token.text) == 3:
            whole = f"{before.text}{token.text}"
            self.show(f"a number has no blanks: write {whole}", before.start, token.end, whole)
        if token.text == "where" and before.kind == "word":
            self.fail(f"activities are counted: write 'count({before.text} where ...) >= 1'", token=before)
        if token.kind == "word" and lower.removesuffix("s") in UNITS and behind[-2:-1] and behind[-2] in _COMPARISONS:
            left = self.tokens[self.at - 3]
            span = f"{before.text} {token.text}"
            if left.kind == "word":
                forms = f"'{left.text} within {span}' or '{left.text} older than {span}'"
                self.show(
                    f"a length of time stands behind 'within' or 'older than': write {forms}", left.start, token.end
                )
        if token.kind == "word" and lower.removesuffix("s") in UNITS and before.kind == "number":
            self.fail("a length of time stands behind 'within', 'older than', 'in the next' or 'within ... after'")
        if token.kind == "word" and lower in ("matches", "like", "regex", "rlike"):
            self.fail("there are no patterns: use 'contains', 'mentions', 'starts with' or 'ends with'")
        if token.text in _COMPARISONS and behind[:2] == [")", "within"]:
            start, close = self.called or (0, 0)
            written = f"{self.text[start:close].rstrip()} within {' '.join(behind[2:])})"
            self.show(f"a window stands inside the brackets: write '{written}'", start, before.end, written)
        if token.kind == before.kind == "word" and behind[-2:-1] in (
            ["=="],
            ["!="],
            ["contains"],
            ["mentions"],
            ["with"],
        ):
            self.bare(self.at - 1)
        if token.kind == "word" and lower in WORDED and "'and'" in expected:
            self.fail(f"write '{WORDED[lower]}'", did_you_mean=WORDED[lower])
        if self.ahead("does", "not"):
            self.fail("write 'not' before the whole test, as in 'not x contains ...'")
        if "'where'" in expected and token.text in (",", "or", "and"):
            self.fail("several types of activity are written 'any of [page_view, call]'")
        if "'where'" in expected and token.text in (*_COMPARISONS, "between"):
            self.fail("here stand activities alone, such as 'page_view': to count them is a trait's work")
        if token.kind == "word" and behind in (["if"], ["when"]):
            self.fail(f"a rule is the question alone: leave out '{behind[0]}'", token=before)
        if token.kind == "word":
            words = (
                "and",
                "or",
                "in",
                "is",
                "has",
                "contains",
                "mentions",
                "between",
                "within",
                "after",
                "before",
                "starts with",
            )
            if lower in ("this", "current") and before.kind == "word":
                forms = f"'{before.text} within 30 days', or '{before.text} between 2026-11-01 and 2026-11-30'"
                self.fail(f"there are no periods of the calendar: write {forms}")
            if before.kind == "number" and lower not in RESERVED and "'and'" in expected:
                self.show(f"a number stands alone: write {before.text}", before.start, token.end, before.text)
            near = nearest(lower, words) if lower not in words and "'and'" in expected else None
            if before.kind == "word" and near is None and before.text not in RESERVED:
                self.blank_in_name()
            meant = f"; did you mean '{near}'?" if near else ""
            self.fail(f"expected {expected}, found {token.shown}{meant}", did_you_mean=near)
        self.fail(f"expected {expected}, found {token.shown}{self.hint()}")

    def blank_in_name(self) -> None:
        """Refuse `company size >= 50`, with the name that was meant."""
        start, end = self.at - 1, self.words_end(self.at - 1)
        if end > self.at:
            meant = "_".join(token.text.lower() for token in self.tokens[start:end])
            self.show(
                f"a name has no blanks: write '{meant}', or join questions by 'and' or 'or'",
                self.tokens[start].start,
                self.tokens[end - 1].end,
                meant,
            )

    def window_outside(self) -> None:
        """Refuse `count(call) > 3 within 30 days`, with the window where it belongs."""
        found = self.timed()
        if self.called is None or self.now.kind != "word":
            return
        start, close = self.called
        if found is None or time_meant(found[0] or ["within"]) != "within":
            return
        _, span, end = found
        rest = self.text[close : self.now.start].rstrip()
        test = f"{self.text[start:close].rstrip()} within {span}{rest}"
        self.show(f"a window stands inside the brackets: write '{test}'", start, self.tokens[end - 1].end, test)

    def bare(self, at: int) -> NoReturn:
        """A text without its quotes, as far as its words go."""
        end = at
        while self.tokens[end].kind in ("word", "number") and self.tokens[end].text.lower() not in ("and", "or"):
            end += 1
        token = self.tokens[at]
        written = self.text[token.start : self.tokens[max(at, end - 1)].end]
        raise RuleError(
            f"a text stands in double quotes: {quoted(written)}", text=self.text, position=token.start,
            length=len(written), did_you_mean=quoted(written),
        )  # fmt: skip


__all__ = ["Parsed", "parse", "parse_formula", "parse_selection", "read_formula", "read_rule", "read_selection"]
