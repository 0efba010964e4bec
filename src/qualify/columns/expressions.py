# Long because the primitives are one closed set, and a set is read in one place.
"""What columns can be asked: a small closed set of primitives, as immutable values.

A definition's rules are folded onto these once (`rules`, `facts`), which is where their meaning stands; an engine reads
these and nothing else (`in_polars`, `in_sql`). A flag is yes, no or null (unknown), by Kleene's strong logic, which is
what `and`, `or` and `not` of all engines do with nulls. What an expression reads is a row of leads or of activities.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, TypeAlias, assert_never

from qualify.definition.model import LimitPeriod
from qualify.engine.source import EdgeForm, EdgeKey
from qualify.rules.tree import CompareOp

Kind: TypeAlias = Literal[
    "text", "flag", "whole", "double", "decimal", "number", "day", "wall", "instant", "texts"
]  # fmt: skip
"""What a column holds. `number` is a number of which the translator wasn't told how it is stored (SQL only); `wall` is
a date-time without a zone, `instant` one with it."""


NANOSECONDS = 9
"""The digits of a second that a moment is kept to, where those are more than six."""


@dataclass(frozen=True, slots=True)
class Stored:
    """How a column is stored: its kind, for a decimal its digits and how many of them are decimals.

    A moment has NANOSECONDS for its digits where an engine would round them.
    """

    kind: Kind
    digits: int = 38
    decimals: int = 0


# --- values ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the row, by its name."""

    name: str


@dataclass(frozen=True, slots=True)
class Nothing:
    """A missing value of some kind."""

    kind: Kind


@dataclass(frozen=True, slots=True)
class Constant:
    """A constant: a flag, a text, a whole number, a double, a day, a wall-clock time (naive) or an instant."""

    value: bool | str | int | float | date | datetime


@dataclass(frozen=True, slots=True)
class Exact:
    """A decimal constant, in the type of the column that it stands beside; of no type where that isn't known."""

    value: Decimal
    beside: Stored


@dataclass(frozen=True, slots=True)
class Edge:
    """`as_of`, or so long before or after it, in the form in which it is compared."""

    key: EdgeKey
    form: EdgeForm


# --- tests -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Compare:
    """Two values of one kind."""

    left: Expression
    op: CompareOp
    right: Expression


@dataclass(frozen=True, slots=True)
class OneOf:
    """A folded text that is one of these, or of a named list's."""

    text: Expression
    texts: tuple[str, ...]
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Matches:
    """A folded text that contains, starts or ends with any of these."""

    text: Expression
    how: Literal["contains", "starts with", "ends with"]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mentions:
    """A folded text that holds any of these phrases: words in a row, the last of which may be a stem."""

    text: Expression
    phrases: tuple[tuple[tuple[str, ...], bool], ...]


@dataclass(frozen=True, slots=True)
class Overlaps:
    """A list of folded texts that has any of these, or all of them."""

    texts: Expression
    how: Literal["any", "all"]
    wanted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IsNull:
    """Whether nothing is there; never unknown."""

    of: Expression


@dataclass(frozen=True, slots=True)
class And:
    """Kleene's `and`."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Kleene's `or`."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Kleene's `not`."""

    of: Expression


@dataclass(frozen=True, slots=True)
class Joined:
    """Texts joined with something between them, without those that are missing."""

    parts: tuple[Expression, ...]
    between: str


# --- choices and numbers ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Case:
    """The value of the first condition that says yes; an unknown one is passed over."""

    branches: tuple[tuple[Expression, Expression], ...]
    otherwise: Expression


@dataclass(frozen=True, slots=True)
class Added:
    """Whole numbers added up; none of them is missing."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Times:
    """A whole number times a constant, divided by another; what comes out is whole."""

    of: Expression
    up: int
    down: int = 1


@dataclass(frozen=True, slots=True)
class Extreme:
    """The least or the greatest of whole numbers; none of them is missing."""

    which: Literal["least", "greatest"]
    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Arithmetic in doubles; what isn't finite is missing, and so is a division by nought.

    Where a side may be `open` (infinite), it stays so, and nought times it is nought.
    """

    left: Expression
    op: Literal["+", "-", "*", "/"]
    right: Expression
    open: bool = False


@dataclass(frozen=True, slots=True)
class ToDouble:
    """The double nearest to a number that counts so many parts of 1."""

    of: Expression
    parts: int = 1


@dataclass(frozen=True, slots=True)
class Rounded:
    """A double as the whole number below or above it, within what 64 bits hold."""

    of: Expression
    way: Literal["down", "up"]


@dataclass(frozen=True, slots=True)
class TenThousandths:
    """An amount as the whole number of ten-thousandths that `sum` adds up; missing from 10^12 on."""

    of: Expression
    stored: Stored


# --- time ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OnTheWall:
    """What a clock on the wall of a zone shows at an instant."""

    of: Expression
    zone: str


@dataclass(frozen=True, slots=True)
class Day:
    """The calendar day of a wall-clock time."""

    of: Expression


@dataclass(frozen=True, slots=True)
class Midnight:
    """The first moment of a day, on the wall clock."""

    of: Expression


@dataclass(frozen=True, slots=True)
class Later:
    """A moment so many hours later; a day so many whole days."""

    of: Expression
    hours: int
    form: EdgeForm


@dataclass(frozen=True, slots=True)
class PeriodOf:
    """The first day of the week (a Monday), month, quarter or year that a day lies in."""

    of: Expression
    period: LimitPeriod


@dataclass(frozen=True, slots=True)
class Age:
    """How many whole periods (of so many hours) an instant lies before `as_of`."""

    of: Expression
    hours: int


# --- of a lead's activities ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Number:
    """How many activities: `sure` those whose flag says yes, else those for which it is unknown."""

    flag: Expression
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Different:
    """How many different values among the activities whose flag says yes (or doesn't say no)."""

    of: Expression
    flag: Expression
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Total:
    """Whole numbers added up over the activities whose flag says yes; `wide` where 64 bits may be too few."""

    of: Expression
    flag: Expression
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Outermost:
    """The first or last moment among the activities whose flag says yes."""

    which: Literal["first", "last"]
    of: Expression
    flag: Expression


@dataclass(frozen=True, slots=True)
class Place:
    """Which in order, the latest first, an activity is among those of its lead that are alike in these values."""

    at: Expression
    alike: tuple[Expression, ...]


Expression: TypeAlias = (
    Column | Nothing | Constant | Exact | Edge
    | Compare | OneOf | Matches | Mentions | Overlaps | IsNull | And | Or | Not
    | Joined | Case | Added | Times | Extreme | Arithmetic | ToDouble | Rounded | TenThousandths
    | OnTheWall | Day | Midnight | Later | PeriodOf | Age | Place
)  # fmt: skip
Aggregate: TypeAlias = Number | Different | Total | Outermost

YES, NO, UNKNOWN = Constant(True), Constant(False), Nothing("flag")


def flag(answer: bool | None) -> Expression:
    """A settled flag."""
    return UNKNOWN if answer is None else YES if answer else NO


def all_of(parts: Iterable[Expression]) -> Expression:
    """`and`, without what is settled: a no is the answer, a yes adds nothing.

    >>> all_of([YES, Column("large")]), all_of([NO, Column("large")])
    (Column(name='large'), Constant(value=False))
    """
    return _joined(And, NO, YES, parts)


def any_of(parts: Iterable[Expression]) -> Expression:
    """`or`, without what is settled."""
    return _joined(Or, YES, NO, parts)


def _joined(node: type[And | Or], strong: Expression, weak: Expression, parts: Iterable[Expression]) -> Expression:
    found: dict[Expression, None] = {}
    for part in parts:
        for each in part.parts if isinstance(part, And | Or) and type(part) is node else (part,):
            if each == strong:
                return strong
            if each != weak:
                found[each] = None
    return node(tuple(found)) if len(found) > 1 else next(iter(found), weak)


def not_(part: Expression) -> Expression:
    """`not`, settled where its part is."""
    match part:
        case Constant(bool() as value):
            return flag(not value)
        case Nothing():
            return part
        case Not(of):
            return of
        case _:
            return Not(part)


def is_null(part: Expression) -> Expression:
    """Whether nothing is there, settled for constants."""
    match part:
        case Constant() | Exact() | Edge():
            return NO
        case Nothing():
            return YES
        case _:
            return IsNull(part)


def is_known(part: Expression) -> Expression:
    """Whether something is there."""
    return not_(is_null(part))


def case(branches: Iterable[tuple[Expression, Expression]], otherwise: Expression) -> Expression:
    """The first branch that holds, without those that never do."""
    found: list[tuple[Expression, Expression]] = []
    for condition, value in branches:
        if condition in (NO, UNKNOWN):
            continue
        if condition == YES:
            otherwise = value
            break
        found.append((condition, value))
    while found and found[-1][1] == otherwise:
        found.pop()
    return Case(tuple(found), otherwise) if found else otherwise


def parts_of(of: Expression | Aggregate) -> tuple[Expression, ...]:
    """The expressions right below one."""
    match of:
        case Column() | Nothing() | Constant() | Exact() | Edge():
            return ()
        case Compare(left, _, right) | Arithmetic(left, _, right):
            return (left, right)
        case OneOf(part) | Matches(part) | Mentions(part) | Overlaps(part) | IsNull(part) | Not(part):
            return (part,)
        case Times(part) | ToDouble(part) | Rounded(part) | TenThousandths(part):
            return (part,)
        case OnTheWall(part) | Day(part) | Midnight(part) | Later(part) | PeriodOf(part) | Age(part):
            return (part,)
        case And(parts) | Or(parts) | Joined(parts) | Added(parts) | Extreme(_, parts):
            return parts
        case Case(branches, otherwise):
            return (*(each for branch in branches for each in branch), otherwise)
        case Place(at, alike):
            return (at, *alike)
        case Number(flagged):
            return (flagged,)
        case Different(value, flagged) | Total(value, flagged) | Outermost(_, value, flagged):
            return (value, flagged)
        case _:
            assert_never(of)


def walk(of: Expression | Aggregate) -> Iterator[Expression | Aggregate]:
    """An expression and all below it."""
    rest: list[Expression | Aggregate] = [of]
    while rest:
        node = rest.pop()
        yield node
        rest += parts_of(node)


def columns_in(*found: Expression | Aggregate) -> set[str]:
    """The names of the columns that expressions read."""
    return {node.name for each in found for node in walk(each) if isinstance(node, Column)}
