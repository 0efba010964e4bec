"""What is right by the grammar, and still hardly meant: told as a warning, with the form that was probably meant."""

from __future__ import annotations

import re

from qualify.rules.check import Problem
from qualify.rules.reads import Tree, walk
from qualify.rules.tree import (
    Between,
    Compare,
    Date,
    DateTime,
    In,
    Match,
    Node,
    Number,
    Product,
    Term,
    Text,
    Texts,
    quoted,
)

CODE = "doubtful-test"
_STARRED = re.compile(r"(?:\*(?=\w).*|.*(?<=\w)\*|%(?=\w).*)", re.DOTALL)


def doubtful(tree: Tree) -> list[Problem]:
    """The tests of a rule, a selection or a formula that hardly say what was meant.

    >>> from qualify.rules.parse import parse
    >>> doubtful(parse("employees between 100 and 50"))[0].message
    "'100' lies above '50', so no value lies between: write 'employees between 50 and 100'"
    """
    found: list[Problem] = []
    for node, _ in walk(tree):
        match node:
            case Between(term, low, high) if _above(low, high):
                test = f"{term} between {high} and {low}"
                message = f"'{low}' lies above '{high}', so no value lies between: write '{test}'"
                found.append(Problem(CODE, message, node, test))
            case Product(factors) if any(
                op == "/" and isinstance(part, Number) and not part.value for op, part in factors
            ):
                message = "a division by zero has no result, so this is unknown for every lead"
                found.append(Problem(CODE, message, node))
            case Match(_, how, Texts(texts) as values) if how != "mentions":
                found += [_sign(how, text, values, at) for at, text in enumerate(texts) if _STARRED.fullmatch(text)]
            case In(_, Texts(texts) as values):
                found += [_sign("in", text, values, at) for at, text in enumerate(texts) if _STARRED.fullmatch(text)]
            case Compare(_, "==" | "!=" as op, Text(text) as literal) if _STARRED.fullmatch(text):
                found.append(_sign(op, text, literal, None))
            case _:
                pass
    return found


def _above(low: Term, high: Term) -> bool:
    """Whether the lower end is certainly above the upper one."""
    if isinstance(low, Number) and isinstance(high, Number):
        return low.value > high.value
    if isinstance(low, Date) and isinstance(high, Date):
        return low.value > high.value
    if isinstance(low, DateTime) and isinstance(high, DateTime):
        one, other = low.value, high.value
        return (one.tzinfo is None) == (other.tzinfo is None) and one > other
    return False


def _sign(how: str, text: str, node: Node, entry: int | None) -> Problem:
    sign = "%" if text.startswith("%") else "*"
    plain = text.strip("*%")
    ending = text.endswith("*") and not text.startswith("*")
    if how == "contains":
        meant = f"mentions {quoted(f'{plain}*')}" if ending else f"contains {quoted(plain)}"
    elif text.startswith(sign) and text.endswith(sign):
        meant = f"contains {quoted(plain)}"
    elif text.endswith(sign):
        meant = f"starts with {quoted(plain)}"
    else:
        meant = f"ends with {quoted(plain)}"
    if sign == "*":
        message = f"'*' stands for itself in '{how}' (only 'mentions' has word*): write '{meant}'"
    else:
        message = f"'%' stands for itself in '{how}': write '{meant}'"
    return Problem(CODE, message, node, None, entry)


__all__ = ["CODE", "doubtful"]
