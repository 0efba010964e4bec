# Long because the nodes are one closed set, and a set is read in one place.
"""The rule tree: what a rule is, as immutable values that compare by structure.

A tree holds names, not kinds: what a name is (a field, a trait, a tier, ...) is decided when a definition is
checked. Nodes hold data; `str()` and the operators `& | ~` are their only behaviour, and every reading of the
tree (check, meaning, compiler, ...) is a function in a file of its own. `parse(str(rule)) == rule` for every rule.

A node refuses what the language couldn't say, so that whatever can be built can be written down.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from itertools import chain
from types import UnionType
from typing import Any, Literal, TypeAlias, get_args

from qualify.errors import RuleError
from qualify.vocabulary import case_fault, name_fault

DEEPEST = 50
LONGEST = 20_000
MOST_DIGITS = 15
_EXACT = Context(prec=MOST_DIGITS, Emax=MAX_EMAX, Emin=MIN_EMIN)

CompareOp = Literal["==", "!=", "<", "<=", ">", ">="]
MIRRORED: dict[CompareOp, CompareOp] = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
"""The same comparison with its sides exchanged."""
MatchHow = Literal["contains", "mentions", "starts with", "ends with"]
HasHow = Literal["any", "all", "none"]
Unit = Literal["hour", "day", "week", "month", "year"]
UNITS: tuple[Unit, ...] = get_args(Unit)


def quoted(text: str) -> str:
    """A text as the language writes it: in double quotes, with the escapes of LANGUAGE and no other."""
    out = []
    for char in text:
        if char in '"\\':
            out.append("\\" + char)
        elif char == "\n":
            out.append("\\n")
        elif char == "\t":
            out.append("\\t")
        elif char.isprintable() or ord(char) > 0xFFFF:
            out.append(char)
        else:
            out.append(f"\\u{ord(char):04x}")
    return '"' + "".join(out) + '"'


def _decimal(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise RuleError(f"expected a number, found {type(value).__name__}", code="bad-number")
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def _is_day(value: object) -> bool:
    return isinstance(value, dt.date) and not isinstance(value, dt.datetime)


def _is_moment(value: object) -> bool:
    return isinstance(value, dt.datetime)


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _set(node: object, **values: object) -> None:
    for name, value in values.items():
        object.__setattr__(node, name, value)


def _deepest(*nodes: Node) -> int:
    return max((node.depth for node in nodes), default=0)


def _terms(*nodes: object) -> int:
    """How deep the deepest of these values is; RuleError where one is no value, or holds a formula over scores."""
    depth = 0
    for node in nodes:
        if isinstance(node, Highest | Lowest) or (isinstance(node, Sum | Product) and node.of_scores):
            raise RuleError("'highest of' and 'lowest of' stand in formulas over scores only", code="bad-rule")
        if not isinstance(node, Term):
            raise _not("a value", node)
        depth = max(depth, node.depth)
    return depth


def _formulas(*nodes: object) -> int:
    """How deep the deepest of these formulas is; RuleError where one is none."""
    depth = 0
    for node in nodes:
        match node:
            case Name() | Number() | Highest() | Lowest():
                pass
            case Sum(parts):
                _formulas(*(part for _, part in parts))
            case Product(parts):
                if any(op == "/" for op, _ in parts):
                    raise RuleError(
                        "a formula over scores has no division: multiply by a share, such as 0.5", code="bad-formula"
                    )
                if sum(not isinstance(part, Number) for _, part in parts) > 1:
                    raise RuleError(
                        "a product of two scores is not in the language: multiply a score by a number",
                        code="bad-formula",
                    )
                _formulas(*(part for _, part in parts))
            case _:
                raise _not("a formula over scores", node)
        depth = max(depth, node.depth)
    return depth


def _rules(*nodes: object) -> int:
    """How deep the deepest of these rules is; RuleError where one is none."""
    depth = 0
    for node in nodes:
        if not isinstance(node, RuleNode):
            raise _not("a rule", node)
        depth = max(depth, node.depth)
    return depth


def _each(values: object, kind: type | UnionType, wanted: str) -> tuple[Any, ...]:
    """The values as a tuple, each of this kind."""
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise _not(f"a list of which each is {wanted}", values)
    found = tuple(values)
    for value in found:
        if not isinstance(value, kind):
            raise _not(wanted, value)
    return found


def _one_of(value: object, kinds: type | UnionType, wanted: str) -> None:
    if not isinstance(value, kinds):
        raise _not(wanted, value)


def _not(wanted: str, found: object) -> RuleError:
    hint = "; a boolean field becomes a rule by .is_true()" if wanted == "a rule" and hasattr(found, "is_true") else ""
    return RuleError(f"expected {wanted}, found {type(found).__name__}{hint}", code="bad-rule")


@dataclass(frozen=True, slots=True)
class Node:
    """What all nodes share: how deep their brackets nest, which is limited so that no reading can overflow."""

    depth: int = field(init=False, compare=False, repr=False)

    def _nests(self, depth: int) -> None:
        if depth > DEEPEST:
            raise RuleError(f"brackets, 'not' and formulas nest at most {DEEPEST} deep", code="too-deep")
        object.__setattr__(self, "depth", depth)


# --- terms: what is compared -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A name that stands for a value: a field, a property, a tier, a score, a list or an activity."""

    name: str

    def __post_init__(self) -> None:
        _checked_name(self.name)
        self._nests(0)

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Number(Node):
    """A number literal, exact, with at most 15 significant digits."""

    value: Decimal

    def __post_init__(self) -> None:
        value = _decimal(self.value)
        if not value.is_finite():
            raise RuleError("a number in a rule is finite", code="bad-number")
        if value and (len(value.as_tuple().digits) > 10_000 or abs(value.adjusted()) > 300):
            raise RuleError("this number is beyond what an engine's numbers hold", code="bad-number")
        digits = "".join(map(str, value.as_tuple().digits)).strip("0")
        if len(digits) > MOST_DIGITS:
            raise RuleError(
                f"a number has at most {MOST_DIGITS} significant digits, this one has {len(digits)}", code="bad-number"
            )
        _set(self, value=_EXACT.plus(_EXACT.normalize(value)))
        self._nests(0)

    def __str__(self) -> str:
        return format(self.value, "f")


@dataclass(frozen=True, slots=True)
class Text(Node):
    """A text literal, as it was written."""

    value: str

    def __post_init__(self) -> None:
        _checked_text(self.value)
        self._nests(0)

    def __str__(self) -> str:
        return quoted(self.value)


@dataclass(frozen=True, slots=True)
class Date(Node):
    """A day of the calendar."""

    value: dt.date

    def __post_init__(self) -> None:
        if not _is_day(self.value):
            raise RuleError(f"expected a date, found {type(self.value).__name__}", code="bad-date")
        self._nests(0)

    def __str__(self) -> str:
        return self.value.isoformat()


@dataclass(frozen=True, slots=True)
class DateTime(Node):
    """A moment: an instant where it has an offset, else a wall-clock time in the definition's zone."""

    value: dt.datetime

    def __post_init__(self) -> None:
        if not _is_moment(self.value):
            raise RuleError(f"expected a date with a time, found {type(self.value).__name__}", code="bad-date")
        offset = self.value.utcoffset()
        if self.value.microsecond or (offset is not None and offset % dt.timedelta(minutes=1)):
            raise RuleError("a moment in a rule has whole seconds and an offset of whole minutes", code="bad-date")
        if offset is not None:
            try:
                self.value.astimezone(dt.UTC)
            except OverflowError:
                raise RuleError("a moment lies in the years 1 to 9999", code="bad-date") from None
        zone = None if offset is None else dt.timezone(offset)
        _set(self, value=self.value.replace(tzinfo=zone, fold=0))
        self._nests(0)

    def __str__(self) -> str:
        offset = self.value.utcoffset()
        text = self.value.replace(tzinfo=None).isoformat(timespec="seconds" if self.value.second else "minutes")
        if offset is None:
            return text
        return text + (self.value.isoformat()[-6:] if offset else "Z")


@dataclass(frozen=True, slots=True)
class Sum(Node):
    """`a + b - c`: parts with a sign, reckoned from left to right. A sum in a sum is one sum."""

    parts: tuple[tuple[Literal[1, -1], Term | Formula], ...]
    of_scores: bool = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        given = self.parts  # a sum among them has been looked at
        flat: list[tuple[Literal[1, -1], Term | Formula]] = []
        for sign, part in given:
            if isinstance(part, Sum):
                flat += part.parts if sign == 1 else [(1 if inner == sign else -1, each) for inner, each in part.parts]
            else:
                flat.append((sign, part))
        if len(flat) < 2 or flat[0][0] != 1:
            raise RuleError("a sum has at least two parts, and the first is not subtracted", code="bad-sum")
        _set(self, parts=tuple(flat), of_scores=_of_scores(given))
        self._nests(_deepest(*(part for _, part in given)))

    def __str__(self) -> str:
        first, *rest = self.parts
        return str(first[1]) + "".join(f" {'+' if sign > 0 else '-'} {part}" for sign, part in rest)


@dataclass(frozen=True, slots=True)
class Product(Node):
    """`a * b / c`, reckoned from left to right. A product in the first place of a product is one product."""

    parts: tuple[tuple[Literal["*", "/"], Term | Formula], ...]
    of_scores: bool = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        flat = self.parts
        while flat and isinstance(flat[0][1], Product):
            flat = flat[0][1].parts + flat[1:]
        if len(flat) < 2 or flat[0][0] != "*":
            raise RuleError("a product has at least two parts, and the first is not a divisor", code="bad-product")
        _set(self, parts=tuple(flat), of_scores=_of_scores(flat))
        self._nests(max(part.depth + isinstance(part, Sum | Product) for _, part in flat))

    def __str__(self) -> str:
        first, *rest = ((op, f"({part})" if isinstance(part, Sum | Product) else str(part)) for op, part in self.parts)
        return first[1] + "".join(f" {op} {part}" for op, part in rest)


def _of_scores(parts: Iterable[tuple[object, Term | Formula]]) -> bool:
    """Whether this sum or product can only be a formula over scores; RuleError where a part is no value at all."""
    found = False
    for _, part in parts:
        if isinstance(part, Highest | Lowest):
            found = True
        elif isinstance(part, Sum | Product):
            found = found or part.of_scores
        else:
            _one_of(part, Term, "a value")
    return found


@dataclass(frozen=True, slots=True)
class Span(Node):
    """A length of time: `14 days`. Hours, days and weeks are elapsed time, months and years calendar time."""

    number: int
    unit: Unit

    def __post_init__(self) -> None:
        if not _whole(self.number) or self.number < 1:
            raise RuleError("a length of time is a whole number from 1 and a unit, such as '14 days'", code="bad-span")
        if self.unit not in UNITS:
            raise RuleError(
                f"'{self.unit}' is no unit of time: use hours, days, weeks, months or years", code="bad-span"
            )
        if self.number >= 10**MOST_DIGITS:
            raise RuleError("this length of time is longer than the calendar", code="bad-span")
        self._nests(0)

    def __str__(self) -> str:
        return f"{self.number} {self.unit}" if self.number == 1 else f"{self.number} {self.unit}s"


@dataclass(frozen=True, slots=True)
class AnyActivity(Node):
    """`any activity`: of any type that the definition knows."""

    def __post_init__(self) -> None:
        self._nests(0)

    def __str__(self) -> str:
        return "any activity"


@dataclass(frozen=True, slots=True)
class AnyOf(Node):
    """`any of [email_open, email_click]`: activities of any of these types, each named once."""

    names: tuple[str, ...]

    def __post_init__(self) -> None:
        _set(self, names=_each(self.names, str, "a name"))
        if not self.names:
            raise RuleError("'any of' needs at least one activity", code="empty-list")
        for name in self.names:
            _checked_name(name)
        if len(set(self.names)) < len(self.names):
            raise RuleError("an activity stands twice in 'any of'", code="named-twice")
        self._nests(1)

    def __str__(self) -> str:
        return f"any of [{', '.join(self.names)}]"


@dataclass(frozen=True, slots=True)
class Recent(Node):
    """A window of a selection: `within 14 days`, up to now."""

    span: Span

    def __post_init__(self) -> None:
        _one_of(self.span, Span, "a length of time")
        self._nests(0)

    def __str__(self) -> str:
        return f"within {self.span}"


@dataclass(frozen=True, slots=True)
class Following(Node):
    """A window of a selection: `within 14 days after created_at`."""

    span: Span
    anchor: Term

    def __post_init__(self) -> None:
        _one_of(self.span, Span, "a length of time")
        self._nests(_terms(self.anchor))

    def __str__(self) -> str:
        return f"within {self.span} after {self.anchor}"


@dataclass(frozen=True, slots=True)
class Since(Node):
    """A window of a selection: `since last(recycled)`, that moment itself not included."""

    anchor: Term

    def __post_init__(self) -> None:
        self._nests(_terms(self.anchor))

    def __str__(self) -> str:
        return f"since {self.anchor}"


@dataclass(frozen=True, slots=True)
class Selection(Node):
    """Which activities: of which type or signal, where what holds, in which windows (all of them)."""

    of: Name | AnyActivity | AnyOf
    where: Rule | None = None
    windows: tuple[Window, ...] = ()

    def __post_init__(self) -> None:
        _one_of(self.of, Name | AnyActivity | AnyOf, "an activity or a signal")
        _set(self, windows=_each(self.windows, Recent | Following | Since, "a window"))
        where = 0 if self.where is None else max(_rules(self.where), _where_depth(self.where))
        self._nests(max(self.of.depth, where, _deepest(*self.windows)))

    def __str__(self) -> str:
        where = [] if self.where is None else ["where " + _in_where(self.where)]
        return " ".join([str(self.of), *where, *map(str, self.windows)])


@dataclass(frozen=True, slots=True)
class Count(Node):
    """`count(selection)`: how many activities."""

    selection: Selection

    def __post_init__(self) -> None:
        _one_of(self.selection, Selection, "a selection of activities")
        self._nests(self.selection.depth + 1)

    def __str__(self) -> str:
        return f"count({self.selection})"


@dataclass(frozen=True, slots=True)
class Days(Node):
    """`days(selection)`: on how many different calendar days of the definition's zone."""

    selection: Selection

    def __post_init__(self) -> None:
        _one_of(self.selection, Selection, "a selection of activities")
        self._nests(self.selection.depth + 1)

    def __str__(self) -> str:
        return f"days({self.selection})"


@dataclass(frozen=True, slots=True)
class Total(Node):
    """`sum(amount of selection)`: a property of the activities, added up exactly."""

    amount: str
    selection: Selection

    def __post_init__(self) -> None:
        _checked_name(self.amount)
        _one_of(self.selection, Selection, "a selection of activities")
        self._nests(self.selection.depth + 1)

    def __str__(self) -> str:
        return f"sum({self.amount} of {self.selection})"


@dataclass(frozen=True, slots=True)
class First(Node):
    """`first(selection)`: the moment of the earliest one."""

    selection: Selection

    def __post_init__(self) -> None:
        _one_of(self.selection, Selection, "a selection of activities")
        self._nests(self.selection.depth + 1)

    def __str__(self) -> str:
        return f"first({self.selection})"


@dataclass(frozen=True, slots=True)
class Last(Node):
    """`last(selection)`: the moment of the latest one."""

    selection: Selection

    def __post_init__(self) -> None:
        _one_of(self.selection, Selection, "a selection of activities")
        self._nests(self.selection.depth + 1)

    def __str__(self) -> str:
        return f"last({self.selection})"


# --- lists of literals, as they stand behind `in`, `has` and `contains` ----------------------------------------


@dataclass(frozen=True, slots=True)
class Texts(Node):
    """`["a", "b"]`."""

    values: tuple[str, ...]

    def __post_init__(self) -> None:
        _set(self, values=_each(self.values, str, "a text"))
        if not self.values:
            raise RuleError("an empty list of texts can't be compared with", code="empty-list")
        for value in self.values:
            _checked_text(value)
        self._nests(1)

    def __str__(self) -> str:
        return f"[{', '.join(map(quoted, self.values))}]"


@dataclass(frozen=True, slots=True)
class Numbers(Node):
    """`[1, 2]`."""

    values: tuple[Number, ...]

    def __post_init__(self) -> None:
        _set(self, values=_each(self.values, Number, "a number"))
        if not self.values:
            raise RuleError("an empty list of numbers can't be compared with", code="empty-list")
        self._nests(1)

    def __str__(self) -> str:
        return f"[{', '.join(map(str, self.values))}]"


@dataclass(frozen=True, slots=True)
class Dates(Node):
    """`[2026-11-02, 2026-11-03]`."""

    values: tuple[Date, ...]

    def __post_init__(self) -> None:
        _set(self, values=_each(self.values, Date, "a date"))
        if not self.values:
            raise RuleError("an empty list of dates can't be compared with", code="empty-list")
        self._nests(1)

    def __str__(self) -> str:
        return f"[{', '.join(map(str, self.values))}]"


@dataclass(frozen=True, slots=True)
class Cases(Node):
    """`[A, B]`: cases of the tier at the left."""

    names: tuple[str, ...]

    def __post_init__(self) -> None:
        _set(self, names=_each(self.names, str, "a case"))
        if not self.names:
            raise RuleError("an empty list of cases can't be compared with", code="empty-list")
        for name in self.names:
            _checked_case(name)
        self._nests(1)

    def __str__(self) -> str:
        return f"[{', '.join(self.names)}]"


# --- rules: what is answered -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RuleNode(Node):
    """What all rules share: `&`, `|` and `~` build larger ones."""

    def __and__(self, other: Rule) -> And:
        return And((_rule(self), _rule(other)))

    def __or__(self, other: Rule) -> Or:
        return Or((_rule(self), _rule(other)))

    def __invert__(self) -> Not:
        return Not(_rule(self))

    def __bool__(self) -> bool:
        raise TypeError("a rule has no answer of its own: combine rules with & (and), | (or), ~ (not)")


@dataclass(frozen=True, slots=True)
class Holds(RuleNode):
    """A name alone: a trait, or a boolean field."""

    name: str

    def __post_init__(self) -> None:
        _checked_name(self.name)
        self._nests(0)

    def is_known(self) -> Known:
        """`name is known`: yes or no, never unknown."""
        return Known(Name(self.name))

    def is_unknown(self) -> Known:
        """`name is unknown`: yes or no, never unknown."""
        return Known(Name(self.name), negated=True)

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class And(RuleNode):
    """`a and b and c`: one node with many parts, so that long rules stay shallow."""

    parts: tuple[Rule, ...]

    def __post_init__(self) -> None:
        _rules(*self.parts)
        given = self.parts
        flat = tuple(chain.from_iterable(part.parts if isinstance(part, And) else (part,) for part in given))
        if len(flat) < 2:
            raise RuleError("'and' joins at least two rules", code="bad-rule")
        _set(self, parts=flat)
        self._nests(max(part.depth + isinstance(part, Or) for part in given))

    def __str__(self) -> str:
        return " and ".join(f"({part})" if isinstance(part, Or) else str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Or(RuleNode):
    """`a or b or c`: one node with many parts."""

    parts: tuple[Rule, ...]

    def __post_init__(self) -> None:
        _rules(*self.parts)
        given = self.parts
        flat = tuple(chain.from_iterable(part.parts if isinstance(part, Or) else (part,) for part in given))
        if len(flat) < 2:
            raise RuleError("'or' joins at least two rules", code="bad-rule")
        _set(self, parts=flat)
        self._nests(max(part.depth + isinstance(part, And) for part in given))

    def __str__(self) -> str:
        return " or ".join(f"({part})" if isinstance(part, And) else str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Not(RuleNode):
    """`not a`. A double `not` stays."""

    part: Rule

    def __post_init__(self) -> None:
        self._nests(_rules(self.part) + 1 + isinstance(self.part, And | Or))

    def __str__(self) -> str:
        return f"not ({self.part})" if isinstance(self.part, And | Or) else f"not {self.part}"


@dataclass(frozen=True, slots=True)
class AtLeast(RuleNode):
    """`at least 2 of [a, b, c]`: yes when so many say yes, no as soon as too few still can."""

    number: int
    parts: tuple[Rule, ...]

    def __post_init__(self) -> None:
        if not _whole(self.number):
            raise RuleError("'at least' needs a whole number", code="bad-at-least")
        depth = _rules(*self.parts)
        _set(self, parts=tuple(self.parts))
        if not 1 <= self.number <= len(self.parts):
            raise RuleError(
                f"'at least {self.number} of' {len(self.parts)} rules can only ever give one answer: "
                f"the number goes from 1 to {max(1, len(self.parts))}",
                code="bad-at-least",
            )
        if len(set(self.parts)) < len(self.parts):
            raise RuleError("a rule stands twice in 'at least': it would count twice", code="named-twice")
        self._nests(depth + 1)

    def __str__(self) -> str:
        return f"at least {self.number} of [{', '.join(map(str, self.parts))}]"


@dataclass(frozen=True, slots=True)
class Compare(RuleNode):
    """`employees >= 50`. At least one side is not a literal."""

    left: Term
    op: CompareOp
    right: Term

    def __post_init__(self) -> None:
        if self.op not in get_args(CompareOp):
            raise RuleError(
                f"'{self.op}' is no comparison; there are {', '.join(get_args(CompareOp))}", code="bad-rule"
            )
        if isinstance(self.left, Literals) and isinstance(self.right, Literals):
            raise RuleError("both sides are literals: the answer would never change", code="literal-only")
        self._nests(_terms(self.left, self.right))

    def __str__(self) -> str:
        return f"{self.left} {self.op} {self.right}"


@dataclass(frozen=True, slots=True)
class Between(RuleNode):
    """`employees between 50 and 500`, both ends included."""

    term: Term
    low: Term
    high: Term

    def __post_init__(self) -> None:
        if isinstance(self.term, Literals) and (isinstance(self.low, Literals) or isinstance(self.high, Literals)):
            raise RuleError("both sides are literals: the answer would never change", code="literal-only")
        self._nests(_terms(self.term, self.low, self.high))

    def __str__(self) -> str:
        return f"{self.term} between {self.low} and {self.high}"


@dataclass(frozen=True, slots=True)
class In(RuleNode):
    """`industry in ["Printing"]`, `email_domain not in competitors`, `grade in [A, B]`."""

    term: Term
    values: Texts | Numbers | Dates | Cases | Name
    negated: bool = False

    def __post_init__(self) -> None:
        if isinstance(self.term, Literals):
            raise RuleError("both sides are literals: the answer would never change", code="literal-only")
        _one_of(self.values, Texts | Numbers | Dates | Cases | Name, "a list of literals, or a list's name")
        self._nests(max(_terms(self.term), self.values.depth))

    def __str__(self) -> str:
        return f"{self.term} {'not in' if self.negated else 'in'} {self.values}"


@dataclass(frozen=True, slots=True)
class Match(RuleNode):
    """`job_title mentions ["vp", "head of"]`: a text that contains, mentions, starts or ends with any of these."""

    term: Term
    how: MatchHow
    values: Texts | Name

    def __post_init__(self) -> None:
        if self.how not in get_args(MatchHow):
            raise RuleError(
                f"'{self.how}' is no test of a text; there are {', '.join(get_args(MatchHow))}", code="bad-rule"
            )
        if isinstance(self.term, Literals):
            raise RuleError("both sides are literals: the answer would never change", code="literal-only")
        _one_of(self.values, Texts | Name, "a list of texts, or a list's name")
        self._nests(max(_terms(self.term), self.values.depth))

    def __str__(self) -> str:
        return f"{self.term} {self.how} {_few(self.values)}"


@dataclass(frozen=True, slots=True)
class Has(RuleNode):
    """`interests has any ["webinars", "samples"]`: a list that has any, all or none of these."""

    term: Term
    how: HasHow
    values: Texts | Name

    def __post_init__(self) -> None:
        if self.how not in get_args(HasHow):
            raise RuleError("'has' is followed by any, all or none", code="bad-rule")
        if isinstance(self.term, Literals):
            raise RuleError("both sides are literals: the answer would never change", code="literal-only")
        _one_of(self.values, Texts | Name, "a list of texts, or a list's name")
        self._nests(max(_terms(self.term), self.values.depth))

    def __str__(self) -> str:
        return f"{self.term} has {self.how} {self.values}"


@dataclass(frozen=True, slots=True)
class Known(RuleNode):
    """`annual_revenue is known` or (negated) `is unknown`: never unknown itself."""

    term: Term
    negated: bool = False

    def __post_init__(self) -> None:
        self._nests(_terms(self.term))

    def __str__(self) -> str:
        return f"{self.term} is {'unknown' if self.negated else 'known'}"


@dataclass(frozen=True, slots=True)
class Is(RuleNode):
    """`company_size is large` or `company_size is not large`."""

    term: Term
    case: str
    negated: bool = False

    def __post_init__(self) -> None:
        _checked_case(self.case)
        self._nests(_terms(self.term))

    def __str__(self) -> str:
        return f"{self.term} is {'not ' if self.negated else ''}{self.case}"


@dataclass(frozen=True, slots=True)
class Within(RuleNode):
    """`last_activity_at within 30 days`, up to now."""

    term: Term
    span: Span

    def __post_init__(self) -> None:
        _one_of(self.span, Span, "a length of time")
        self._nests(_terms(self.term))

    def __str__(self) -> str:
        return f"{self.term} within {self.span}"


@dataclass(frozen=True, slots=True)
class WithinAfter(RuleNode):
    """`last(login) within 14 days after created_at`."""

    term: Term
    span: Span
    anchor: Term

    def __post_init__(self) -> None:
        _one_of(self.span, Span, "a length of time")
        if isinstance(self.term, Literals) and isinstance(self.anchor, Literals):
            raise RuleError("both sides are literals: the answer would never change", code="literal-only")
        self._nests(_terms(self.term, self.anchor))

    def __str__(self) -> str:
        return f"{self.term} within {self.span} after {self.anchor}"


@dataclass(frozen=True, slots=True)
class OlderThan(RuleNode):
    """`last(meeting) older than 3 months`."""

    term: Term
    span: Span

    def __post_init__(self) -> None:
        _one_of(self.span, Span, "a length of time")
        self._nests(_terms(self.term))

    def __str__(self) -> str:
        return f"{self.term} older than {self.span}"


@dataclass(frozen=True, slots=True)
class InTheNext(RuleNode):
    """`contract_ends in the next 90 days`, from now on."""

    term: Term
    span: Span

    def __post_init__(self) -> None:
        _one_of(self.span, Span, "a length of time")
        self._nests(_terms(self.term))

    def __str__(self) -> str:
        return f"{self.term} in the next {self.span}"


@dataclass(frozen=True, slots=True)
class After(RuleNode):
    """`last(opted_in) after last(unsubscribed)`, strictly."""

    term: Term
    anchor: Term

    def __post_init__(self) -> None:
        if isinstance(self.term, Literals) and isinstance(self.anchor, Literals):
            raise RuleError("both sides are literals: the answer would never change", code="literal-only")
        self._nests(_terms(self.term, self.anchor))

    def __str__(self) -> str:
        return f"{self.term} after {self.anchor}"


@dataclass(frozen=True, slots=True)
class Before(RuleNode):
    """`contract_ends before 2027-01-01`, strictly."""

    term: Term
    anchor: Term

    def __post_init__(self) -> None:
        if isinstance(self.term, Literals) and isinstance(self.anchor, Literals):
            raise RuleError("both sides are literals: the answer would never change", code="literal-only")
        self._nests(_terms(self.term, self.anchor))

    def __str__(self) -> str:
        return f"{self.term} before {self.anchor}"


# --- formulas: scores of scores --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Highest(Node):
    """`highest of [cloud, private]`."""

    parts: tuple[Formula, ...]

    def __post_init__(self) -> None:
        _set(self, parts=tuple(self.parts))
        if not self.parts:
            raise RuleError("'highest of' needs at least one part", code="empty-list")
        self._nests(_formulas(*self.parts) + 1)

    def __str__(self) -> str:
        return f"highest of [{', '.join(map(str, self.parts))}]"


@dataclass(frozen=True, slots=True)
class Lowest(Node):
    """`lowest of [cloud, private]`."""

    parts: tuple[Formula, ...]

    def __post_init__(self) -> None:
        _set(self, parts=tuple(self.parts))
        if not self.parts:
            raise RuleError("'lowest of' needs at least one part", code="empty-list")
        self._nests(_formulas(*self.parts) + 1)

    def __str__(self) -> str:
        return f"lowest of [{', '.join(map(str, self.parts))}]"


Literals = Number | Text | Date | DateTime
Term: TypeAlias = Name | Number | Text | Date | DateTime | Sum | Product | Count | Days | Total | First | Last
Window: TypeAlias = Recent | Following | Since
Rule: TypeAlias = (
    Holds
    | And
    | Or
    | Not
    | AtLeast
    | Compare
    | Between
    | In
    | Match
    | Has
    | Known
    | Is
    | Within
    | WithinAfter
    | OlderThan
    | InTheNext
    | After
    | Before
)
Formula: TypeAlias = Name | Number | Sum | Product | Highest | Lowest
"""`Sum` and `Product` of scores and numbers; a product has at most one factor that is not a number."""


def _rule(value: object) -> Rule:
    if isinstance(value, Rule):
        return value
    raise TypeError(f"expected a rule, found {type(value).__name__}; a boolean field becomes one by .is_true()")


def _few(values: Texts | Name) -> str:
    """One text stands without brackets."""
    return quoted(values.values[0]) if isinstance(values, Texts) and len(values.values) == 1 else str(values)


def _in_where(rule: Rule) -> str:
    """A rule after `where`, in which `within` would belong to the activity: brackets keep it with the property."""
    match rule:
        case Within() | WithinAfter():
            return f"({rule})"
        case And(parts):
            return " and ".join(f"({part})" if isinstance(part, Or) else _in_where(part) for part in parts)
        case Or(parts):
            return " or ".join(f"({part})" if isinstance(part, And) else _in_where(part) for part in parts)
        case Not(part) if not isinstance(part, And | Or):
            return f"not {_in_where(part)}"
        case _:
            return str(rule)


def _where_depth(rule: Rule) -> int:
    match rule:
        case Within() | WithinAfter():
            return rule.depth + 1
        case And(parts) | Or(parts):
            return max(rule.depth, *map(_where_depth, parts))
        case Not(part) if not isinstance(part, And | Or):
            return max(rule.depth, _where_depth(part) + 1)
        case _:
            return rule.depth


def _checked_name(name: object) -> None:
    if not isinstance(name, str):
        raise RuleError(f"a name is text, found {type(name).__name__}", code="bad-name")
    if fault := name_fault(name):
        raise RuleError(fault, code="bad-name")


def _checked_case(name: object) -> None:
    if not isinstance(name, str):
        raise RuleError(f"a case is a name, found {type(name).__name__}", code="bad-name")
    if fault := case_fault(name):
        raise RuleError(fault, code="bad-name")


def _checked_text(text: object) -> None:
    if not isinstance(text, str):
        raise RuleError(f"expected text, found {type(text).__name__}", code="bad-text")
    if not text:
        raise RuleError(
            "an empty text can't be compared with; ask for what is missing by 'is unknown'", code="empty-text"
        )
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise RuleError("a text holds half a character (a lone surrogate)", code="bad-text")
