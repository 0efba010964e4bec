"""The logic of rules: the tests that a rule is made of, and its answer from theirs, by Kleene's strong logic."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias, assert_never

from qualify.rules.tree import (
    After,
    And,
    AtLeast,
    Before,
    Between,
    Compare,
    Date,
    DateTime,
    Has,
    Holds,
    In,
    InTheNext,
    Is,
    Known,
    Match,
    Name,
    Not,
    Number,
    OlderThan,
    Or,
    Rule,
    Term,
    Text,
    Within,
    WithinAfter,
)  # fmt: skip

Test: TypeAlias = (
    Holds
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
"""A rule that isn't made of other rules."""


def tests(rule: Rule) -> Iterator[Test]:
    """The tests of a rule, in reading order.

    >>> from qualify.rules.parse import parse
    >>> [str(test) for test in tests(parse("a and not (b or employees > 5)"))]
    ['a', 'b', 'employees > 5']
    """
    rest = [rule]
    while rest:
        match rest.pop():
            case And(parts) | Or(parts) | AtLeast(_, parts):
                rest += reversed(parts)
            case Not(part):
                rest.append(part)
            case test:
                yield test


def subject_of(test: Test) -> Term:
    """What a test is about: its left side, or the other one where that is a literal."""
    match test:
        case Holds(name):
            return Name(name)
        case Compare(left, _, right):
            return right if isinstance(left, Number | Text | Date | DateTime) else left
        case (
            Between(term) | In(term) | Match(term) | Has(term) | Known(term) | Is(term) | Within(term)
            | WithinAfter(term) | OlderThan(term) | InTheNext(term) | After(term) | Before(term)
        ):  # fmt: skip
            return term
        case _:
            assert_never(test)


def settle(rule: Rule, answer_to: Callable[[Test], bool | None]) -> bool | None:
    """The answer of a rule, from the answers to its tests."""
    match rule:
        case And(parts):
            given = [settle(part, answer_to) for part in parts]
            return False if False in given else None if None in given else True
        case Or(parts):
            given = [settle(part, answer_to) for part in parts]
            return True if True in given else None if None in given else False
        case Not(part):
            answer = settle(part, answer_to)
            return None if answer is None else not answer
        case AtLeast(number, parts):
            given = [settle(part, answer_to) for part in parts]
            sure = given.count(True)
            return True if sure >= number else None if sure + given.count(None) >= number else False
        case (
            Holds() | Compare() | Between() | In() | Match() | Has() | Known() | Is() | Within() | WithinAfter()
            | OlderThan() | InTheNext() | After() | Before()
        ):  # fmt: skip
            return answer_to(rule)
        case _:
            assert_never(rule)
