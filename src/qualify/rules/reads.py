"""What a rule reads, and whether learning more can ever turn its answer: two readings of the tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from qualify.rules.tree import (
    After,
    And,
    AnyActivity,
    AnyOf,
    AtLeast,
    Before,
    Between,
    Compare,
    Count,
    Date,
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
    Total,
    Window,
    Within,
    WithinAfter,
)  # fmt: skip

Tree: TypeAlias = Rule | Term | Formula | Selection | Window


@dataclass(frozen=True, slots=True)
class Reads:
    """The names that a rule reads, in the order in which it reads them.

    `values` are fields and facts, `lists` what stands behind `in`, `has` and `contains`, `activities` the types
    and signals, `any_activity` whether activities of every type matter. What `where` reads are an activity's
    properties, and lists.
    """

    values: tuple[str, ...]
    lists: tuple[str, ...]
    activities: tuple[str, ...]
    any_activity: bool

    @property
    def facts(self) -> tuple[str, ...]:
        """Everything that can be a named fact: values, then activities."""
        return tuple(dict.fromkeys((*self.values, *self.activities)))


def reads(tree: Tree) -> Reads:
    """What a rule, a selection or a formula reads.

    >>> from qualify.rules.parse import parse
    >>> reads(parse('employees >= 50 and count(page_view where page in pages) >= 3'))
    Reads(values=('employees',), lists=('pages',), activities=('page_view',), any_activity=False)
    """
    values: dict[str, None] = {}
    lists: dict[str, None] = {}
    activities: dict[str, None] = {}
    any_activity = False
    for node, in_where in walk(tree):
        match node:
            case Name(name) | Holds(name) if not in_where:
                values[name] = None
            case Selection(of):
                match of:
                    case Name(name):
                        activities[name] = None
                    case AnyOf(names):
                        activities.update(dict.fromkeys(names))
                    case AnyActivity():
                        any_activity = True
                    case _:
                        assert_never(of)
            case In(_, Name(name)) | Match(_, _, Name(name)) | Has(_, _, Name(name)):
                lists[name] = None
            case _:
                pass
    return Reads(tuple(values), tuple(lists), tuple(activities), any_activity)


def is_stable(tree: Tree) -> bool:
    """Whether one more fact about a lead can only settle this rule's answer, never turn it.

    It can't be said of rules that ask what is known, or what happened.

    >>> from qualify.rules.parse import parse
    >>> is_stable(parse("employees >= 50")), is_stable(parse("employees is unknown"))
    (True, False)
    """
    return not any(isinstance(node, Known | Count | Days | Total | First | Last) for node, _ in walk(tree))


def walk(tree: Tree) -> Iterator[tuple[Tree, bool]]:
    """Every node of a tree in reading order, and whether it stands after a `where`."""
    rest: list[tuple[Tree, bool]] = [(tree, False)]
    while rest:
        node, in_where = rest.pop()
        yield node, in_where
        if isinstance(node, Selection):
            rest += [(window, in_where) for window in reversed(node.windows)]
            if node.where is not None:
                rest.append((node.where, True))
        else:
            rest += [(part, in_where) for part in reversed(parts(node))]


def parts(node: Tree) -> tuple[Tree, ...]:
    """The nodes right below a node (a selection's `of` and the names of lists are not among them)."""
    match node:
        case And(rules) | Or(rules) | AtLeast(_, rules):
            return rules
        case Not(rule):
            return (rule,)
        case Compare(left, _, right):
            return (left, right)
        case Between(term, low, high):
            return (term, low, high)
        case In(term) | Match(term) | Has(term) | Known(term) | Is(term):
            return (term,)
        case Within(term) | OlderThan(term) | InTheNext(term):
            return (term,)
        case WithinAfter(term, _, anchor) | After(term, anchor) | Before(term, anchor):
            return (term, anchor)
        case Sum(signed):
            return tuple(part for _, part in signed)
        case Product(signed):
            return tuple(part for _, part in signed)
        case Highest(formulas) | Lowest(formulas):
            return formulas
        case Count(selection) | Days(selection) | Total(_, selection) | First(selection) | Last(selection):
            return (selection,)
        case Selection(_, where, windows):
            return (*(() if where is None else (where,)), *windows)
        case Following(_, anchor) | Since(anchor):
            return (anchor,)
        case Holds() | Name() | Number() | Text() | Date() | DateTime() | Recent():
            return ()
        case _:
            assert_never(node)


__all__ = ["Reads", "Tree", "is_stable", "parts", "reads", "walk"]
