"""Where the answer to a test turns: for each kind of test the values on either side of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from qualify.definition.model import Field
from qualify.engine.meaning import Meaning
from qualify.rules.tree import Rule
from qualify.values import Value
from qualify.verdict.turning_moments import turning_moments
from qualify.verdict.turning_numbers import between, is_reckoned, is_solved, solutions, turning_numbers
from qualify.verdict.turning_texts import tells_all, turning_lists, turning_texts


def turning_values(name: str, declared: Field, tests: Iterable[Rule], now: Any, meaning: Meaning) -> Iterator[Value]:
    """Values of a field (or property) at which its tests may answer otherwise, each once, never the present one."""
    seen: set[tuple[type, object]] = set()
    for value in _values(name, declared, list(tests), now, meaning):
        key = (type(value), value)
        if value != now and value is not None and key not in seen:
            seen.add(key)
            yield value


def further_values(
    name: str, declared: Field, tests: Iterable[Rule], tried: list[Value], now: Any, meaning: Meaning
) -> Iterator[Value]:
    """Numbers that nobody would say first, but that may be the only ones that are left."""
    if declared.type == "number":
        yield from (value for value in between(tried, now) if value != now)
        for test in tests:
            if is_reckoned(test):
                yield from (value for value in solutions(name, test, now, meaning) if value != now)


def turns_elsewhere(name: str, declared: Field, tests: Iterable[Rule], now: Any, meaning: Meaning) -> bool:
    """Whether the tests may tell more values apart than those that are tried."""
    match declared.type:
        case "text" | "list":
            return not declared.choices and not tells_all(list(tests), now, meaning)
        case "number":
            return not all(is_solved(name, test, meaning) for test in tests if is_reckoned(test))
        case _:
            return False


def distance(value: Any, now: Any) -> float:
    """How far a value is from the present one, among numbers and among moments; else all are as far."""
    try:
        if isinstance(value, bool | str | tuple):
            return 0.0
        if isinstance(value, int | float | Decimal):
            return abs(float(value) - float(now or 0))
        if isinstance(value, datetime):
            return 0.0 if now is None else abs((_naive(value) - _naive(now)).total_seconds())
        return 0.0 if now is None else abs((value - now).days)
    except OverflowError:
        return float("inf")


def _naive(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)


def _values(name: str, declared: Field, tests: list[Rule], now: Any, meaning: Meaning) -> Iterator[Any]:
    match declared.type:
        case "boolean":
            yield True
            yield False
        case "text":
            yield from declared.choices or turning_texts(name, tests, now, meaning)
        case "list":
            yield from turning_lists(declared.choices, tests, now, meaning)
        case "number":
            for test in tests:
                yield from turning_numbers(name, test, now, meaning)
        case "date" | "datetime":
            for test in tests:
                yield from turning_moments(name, test, meaning, days=declared.type == "date")
