"""Where the answer to a test turns: for each kind of test the values on either side of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import combinations, pairwise
from typing import Any, cast

from qualify.definition.model import Field
from qualify.engine.clock import Clock, Edge, length, shifted
from qualify.engine.meaning import Meaning
from qualify.rules.reads import walk
from qualify.rules.tree import (
    After,
    Before,
    Between,
    Compare,
    Date,
    Dates,
    DateTime,
    Has,
    Holds,
    In,
    InTheNext,
    Known,
    Match,
    Name,
    Number,
    Numbers,
    OlderThan,
    Product,
    Rule,
    Sum,
    Term,
    Text,
    Texts,
    Within,
    WithinAfter,
)  # fmt: skip
from qualify.text import clean, fold
from qualify.values import Value
from qualify.verdict.phrases import OTHER

MOST_TEXTS = 30
LONGEST_KEPT = 300
"""Characters of a text that a phrase is added to; a longer one is replaced."""
MOST_SPOKEN = 6
"""Texts of a list up to which every choice among them is tried."""
STEPS = 60
"""Doublings of the distance in which arithmetic is searched for a turn."""
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


def turning_values(name: str, declared: Field, tests: Iterable[Rule], now: Any, meaning: Meaning) -> Iterator[Value]:
    """Values of a field (or property) at which its tests may answer otherwise, each once, never the present one."""
    seen: set[tuple[type, object]] = set()
    for value in _values(name, declared, list(tests), now, meaning):
        key = (type(value), value)
        if value != now and value is not None and key not in seen:
            seen.add(key)
            yield value


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
            yield from _of_choices(declared, _texts(name, tests, now, meaning))
        case "list":
            yield from _lists(declared, tests, now, meaning)
        case "number":
            for test in tests:
                yield from _numbers(name, test, now, meaning)
        case "date" | "datetime":
            for test in tests:
                yield from _moments(name, test, meaning, days=declared.type == "date")


# --- texts and lists ---


def _of_choices(declared: Field, values: Iterator[str]) -> Iterator[str]:
    return values if not declared.choices else iter(declared.choices)


def _texts(name: str, tests: list[Rule], now: str | None, meaning: Meaning) -> Iterator[str]:
    phrases: list[str] = []
    for test in tests:
        match test:
            case Compare(Name(), _, Text(text)) | Compare(Text(text), _, Name()):
                yield clean(text)
            case Compare(Name(one), _, Name(other)):
                value = meaning.sight.fields.get(other if one == name else one)
                if isinstance(value, str):
                    yield value
            case In(Name(), Texts() | Name() as listed):
                yield from (clean(text) for text in meaning.texts(listed)[:MOST_TEXTS])
            case Match(Name(), how, listed):
                texts = [text.rstrip("*") for text in meaning.texts(listed)[:MOST_TEXTS]]
                phrases += texts[:1]
                for text in texts:
                    yield clean(text)
                    if now and len(now) <= LONGEST_KEPT:
                        yield f"{text} {now}" if how == "starts with" else f"{now} {text}"
            case _:
                pass
    if len(phrases) > 1:
        yield " ".join(dict.fromkeys(phrases))
        if now and len(now) <= LONGEST_KEPT:
            yield f"{now} {' '.join(dict.fromkeys(phrases))}"
    yield from OTHER


def _lists(declared: Field, tests: list[Rule], now: tuple[str, ...] | None, meaning: Meaning) -> Iterator[Any]:
    have = now or ()
    spoken: dict[str, str] = {}
    for test in tests:
        if isinstance(test, Has):
            spoken |= {fold(clean(text)): clean(text) for text in meaning.texts(test.values)[:MOST_TEXTS]}
    others = tuple(each for each in have if fold(clean(each)) not in spoken)
    if len(spoken) <= MOST_SPOKEN:
        chosen = {fold(clean(each)) for each in have} & set(spoken)
        subsets = [subset for size in range(len(spoken) + 1) for subset in combinations(spoken, size)]
        for subset in sorted(subsets, key=lambda each: len(chosen ^ set(each))):
            kept = tuple(each for each in have if fold(clean(each)) in subset or fold(clean(each)) not in spoken)
            yield (*kept, *(spoken[each] for each in subset if each not in chosen))
    else:
        for test in tests:
            if isinstance(test, Has):
                wanted = [clean(text) for text in meaning.texts(test.values)[:MOST_TEXTS]]
                for text in wanted:
                    yield (*have, text)
                    yield (*others, text)
                yield (*have, *wanted)
                yield (*others, *wanted)
        yield (*have, *spoken.values())
    yield others
    yield (declared.choices[0],) if declared.choices else (OTHER[0],)
    yield ()


# --- numbers ---


def _numbers(name: str, test: Rule, now: Any, meaning: Meaning) -> Iterator[Any]:
    if any(isinstance(node, Sum | Product) for node, _ in walk(test)):
        yield from _reckoned(name, test, now, meaning)
        return
    match test:
        case Compare() | Between():
            for node, _ in walk(test):
                if isinstance(node, Number):
                    yield from _around(node.value, now)
                elif isinstance(node, Name) and node.name != name:
                    value = meaning.sight.fields.get(node.name)
                    if isinstance(value, float):
                        yield from _around(Decimal(repr(value)), now)
                    elif isinstance(value, int | Decimal) and not isinstance(value, bool):  # else a window's anchor
                        yield from _around(Decimal(value), now)
                    elif value is None:  # then both may get one
                        yield from (0, 1)
        case In(_, Numbers(numbers)):
            for number in numbers:
                yield from _around(number.value, now)
        case _:
            yield 1
            yield 0


def between(values: Iterable[Any], now: Any) -> Iterator[Any]:
    """A number between each two neighbours that are at most 1 apart: some tests leave only that."""
    exact = sorted({Decimal(repr(value)) if isinstance(value, float) else Decimal(value) for value in values})
    for low, high in pairwise(exact):
        if high - low <= 1:
            yield _like((low + high) / 2, now)


def _around(threshold: Decimal, now: Any) -> Iterator[Any]:
    """A threshold and the numbers next to it, with as many decimals as it has."""
    step = Decimal(1).scaleb(min(0, int(threshold.as_tuple().exponent)))
    for value in (threshold, threshold - step, threshold + step):
        yield _like(value, now)


def _like(value: Decimal, now: Any) -> int | float | Decimal:
    if value == value.to_integral_value():
        return int(value)
    return value if isinstance(now, Decimal) else float(value)


def _reckoned(name: str, test: Rule, now: Any, meaning: Meaning) -> Iterator[int]:
    """The whole numbers nearest to the present one at which arithmetic turns, one below and one above."""
    fields = cast(dict[str, Any], meaning.sight.fields)
    before = fields.get(name)

    def answer(value: int) -> bool | None:
        fields[name] = value
        return meaning.answer(test)

    try:
        start = int(now or 0)
        asked = answer(start)
        if now is None:
            yield from (0, 1)
        for sign in (1, -1):
            far = next((step for step in range(STEPS) if answer(start + sign * 2**step) is not asked), None)
            if far is None:
                continue
            near, away = (0 if far == 0 else 2 ** (far - 1)), 2**far
            while away - near > 1:
                middle = (near + away) // 2
                if answer(start + sign * middle) is not asked:
                    away = middle
                else:
                    near = middle
            yield start + sign * away
    finally:
        fields[name] = before


# --- days and moments ---


def _moments(name: str, test: Rule, meaning: Meaning, *, days: bool) -> Iterator[Any]:
    clock = meaning.clock
    match test:
        case Within(_, span):
            yield from _around_edges(clock, [clock.now, clock.back(span)], days)
        case OlderThan(_, span):
            yield from _around_edges(clock, [clock.back(span)], days)
        case InTheNext(_, span):
            yield from _around_edges(clock, [clock.now, clock.ahead(span)], days)
        case Known():
            yield clock.now.day if days else clock.as_of
        case _:
            spans = [length(node.span) or timedelta() for node, _ in walk(test) if isinstance(node, WithinAfter)]
            for term in _terms(test):
                for moment in _beside(name, term, meaning):
                    yield from _around_moment(clock, moment, days)
                    for elapsed in spans:
                        yield from _around_moment(clock, _plus(moment, elapsed), days)
                        yield from _around_moment(clock, _plus(moment, elapsed, -1), days)


def _terms(test: Rule) -> list[Term | Dates]:
    match test:
        case Compare(left, _, right):
            return [left, right]
        case Between(_, low, high):
            return [low, high]
        case In(_, Dates(dates)):
            return list(dates)
        case After(term, anchor) | Before(term, anchor) | WithinAfter(term, _, anchor):
            return [term, anchor]
        case _:
            return []


def _beside(name: str, term: Any, meaning: Meaning) -> Iterator[date]:
    match term:
        case Date(value) | DateTime(value):
            yield value
        case Name(other) if other == name:
            return
        case _ if meaning.kind(term, None) not in ("date", "datetime"):
            return  # a count, whose window begins or ends at the field
        case Name(other) if meaning.sight.fields.get(other) is None:
            yield meaning.clock.as_of
        case _:
            for moment in meaning.moment(term, None) or ():
                if isinstance(moment, date):
                    yield moment


def _around_edges(clock: Clock, edges: list[Edge], days: bool) -> Iterator[Any]:
    for edge in edges:
        yield from _around_moment(clock, edge.day if days else edge.instant, days)


def _around_moment(clock: Clock, moment: date, days: bool) -> Iterator[Any]:
    """A moment and its neighbours: the days beside a day, the seconds beside a time."""
    if days:
        day = clock.day(moment)
        yield from (day, _plus(day, -DAY), _plus(day, DAY))
    elif isinstance(moment, datetime):
        yield from (moment, _plus(moment, -SECOND), _plus(moment, SECOND))
    else:
        start = datetime(moment.year, moment.month, moment.day)
        yield from (start, shifted(start, SECOND, -1), shifted(start, DAY))


def _plus(moment: Any, span: timedelta, sign: int = 1) -> Any:
    try:
        return moment + span if sign > 0 else moment - span
    except OverflowError:
        return moment


__all__ = ["Holds", "distance", "turning_values"]
