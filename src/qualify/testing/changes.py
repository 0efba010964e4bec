"""Small changes of a rule: a threshold moved by one step, a window shifted, `and` for `or`, a part left out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any, Literal, TypeAlias, TypeVar, cast

from qualify.errors import RuleError
from qualify.rules.tree import (
    And,
    AtLeast,
    Compare,
    CompareOp,
    Count,
    Date,
    Days,
    Node,
    Number,
    Or,
    RuleNode,
    Selection,
    Span,
)  # fmt: skip

ChangeKind: TypeAlias = Literal["threshold", "window", "logic", "dropped"]
N = TypeVar("N", bound=Node)

_AT_THE_EDGE: dict[CompareOp, CompareOp] = {">=": ">", ">": ">=", "<=": "<", "<": "<="}


@dataclass(frozen=True, slots=True)
class Changed:
    """A tree after one small change, and the part of it that was changed, before and after, as text."""

    tree: Node
    kind: ChangeKind
    was: str = ""
    now: str = ""
    dropped: str | None = None
    """What happens to a part that is left out: "no longer asks for `a`"."""

    def of(self, tree: Node, before: Node) -> Changed:
        """The same change seen from the tree above; the smallest rule around it tells what it was."""
        if self.was or not isinstance(before, RuleNode | Selection):
            return replace(self, tree=tree)
        return replace(self, tree=tree, was=str(before), now=str(tree))


def changes_of(tree: N) -> Iterator[tuple[N, Changed]]:
    """Every tree that is one small change away, in reading order.

    >>> from qualify.rules.parse import parse
    >>> for changed, _ in changes_of(parse("employees >= 50")):
    ...     print(changed)
    employees > 50
    employees >= 49
    employees >= 51
    """
    for changed in _changes(tree):
        yield cast(N, changed.tree), changed


def _changes(node: Node) -> Iterator[Changed]:
    for changed in _own(node):
        yield changed if changed.was else changed.of(changed.tree, node)
    for name, value in ((each.name, getattr(node, each.name)) for each in fields(node) if each.init):
        if isinstance(value, Node):
            for changed in _changes(value):
                yield from _around(node, name, changed.tree, changed)
        elif isinstance(value, tuple):
            for at, part in enumerate(value):
                inner = part[1] if isinstance(part, tuple) else part
                if isinstance(inner, Node):
                    for changed in _changes(inner):
                        new = (part[0], changed.tree) if isinstance(part, tuple) else changed.tree
                        yield from _around(node, name, (*value[:at], new, *value[at + 1 :]), changed)


def _around(node: Node, name: str, value: object, changed: Changed) -> Iterator[Changed]:
    tree = _replaced(node, **{name: value})
    if tree is not None and not _counts_below_nothing(tree):
        yield changed.of(tree, node)


def _counts_below_nothing(node: Node) -> bool:
    """Whether a count is compared with a number that no count is."""
    return isinstance(node, Compare) and any(
        isinstance(count, Count | Days) and isinstance(number, Number) and number.value < 0
        for count, number in ((node.left, node.right), (node.right, node.left))
    )


def _own(node: Node) -> Iterator[Changed]:
    """The changes of this very node."""
    match node:
        case Number(value):
            step = Decimal(1).scaleb(min(0, int(value.as_tuple().exponent)))
            for new in (value - step, value + step):
                yield from _made("threshold", node, value=new)
        case Date(day):
            for days in (-1, 1):
                yield from _made("threshold", node, value=_shifted(day, days))
        case Span(number):
            for new_number in dict.fromkeys((number - 1, number + 1, number * 2)):
                if new_number > 0:
                    yield from _made("window", node, number=new_number)
        case Compare(left, op, right) if op in _AT_THE_EDGE and not isinstance(left, Count | Days):
            if not isinstance(right, Count | Days):  # of whole numbers '> 2' says what '>= 3' says
                yield from _made("threshold", node, op=_AT_THE_EDGE[op])
        case And(parts) | Or(parts):
            other, asks = (Or, "asks for") if isinstance(node, And) else (And, "accepts")
            yield Changed(other(parts), "logic", str(node), str(other(parts)))
            for at, part in enumerate(parts):
                rest = (*parts[:at], *parts[at + 1 :])
                tree = rest[0] if len(rest) == 1 else replace(node, parts=rest)
                yield Changed(tree, "dropped", str(node), str(tree), f"no longer {asks} `{part}`")
        case AtLeast(number, parts):
            for new_number in (number - 1, number + 1):
                yield from _made("logic", node, number=new_number)
            for at, part in enumerate(parts):
                for changed in _made("dropped", node, parts=(*parts[:at], *parts[at + 1 :])):
                    words = f"no longer counts `{part}`"
                    yield replace(changed, was=str(node), now=str(changed.tree), dropped=words)
        case _:
            pass


def _made(kind: ChangeKind, node: Node, **values: object) -> Iterator[Changed]:
    tree = _replaced(node, **values)
    if tree is not None:
        yield Changed(tree, kind)


def _replaced(node: N, **values: object) -> N | None:
    """The node with other values; None where the language doesn't have it."""
    try:
        return cast(N, replace(cast(Any, node), **values))
    except RuleError:
        return None


def _shifted(day: dt.date, days: int) -> dt.date:
    try:
        return day + dt.timedelta(days=days)
    except OverflowError:
        return day


__all__ = ["ChangeKind", "Changed", "changes_of"]
