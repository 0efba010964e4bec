"""Texts as people write them: in capitals or without, and phrases with something before and after them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, cast

from qualify.definition.model import Field, Model
from qualify.testing.happened import Happened
from qualify.text import clean, fold, refused_character

MOST_RESPELLED = 40
"""Values of one field (or choices for several) that are spelled otherwise too."""
WAYS: Sequence[Callable[[str], str]] = (str.upper, str.lower, str.title)


def longer(text: str, how: str) -> Iterator[str]:
    """Texts that hold a phrase, and some that nearly do.

    >>> list(longer("fleet*", "mentions"))
    ['fleets', 'Senior fleets manager', 'fleet', 'xfleets']
    """
    match how:
        case "mentions":
            word = f"{text[:-1]}s" if text.endswith("*") else text
            yield from (word, f"Senior {word} manager")
            yield from (text[:-1], f"x{word}") if text.endswith("*") else (f"x{word}", f"{word}x")
        case "starts with":
            yield from (f"{text} and more", f"x{text}")
        case "ends with":
            yield from (f"more {text}", f"{text}x")
        case _:
            yield f"x{text}x"


def respelled(values: Sequence[Any], declared: Field) -> Iterator[Any]:
    """The same texts in other letters: no rule tells them apart, but a program may.

    >>> list(respelled(["Printing"], Field("text")))
    ['PRINTING', 'printing']
    """
    for value in values[:MOST_RESPELLED]:
        for way in WAYS:
            other = _respelled(value, declared, way)
            if other != value:
                yield other


def respelled_together(
    choices: Sequence[Mapping[str, Any]], model: Model, activities: str
) -> Iterator[Mapping[str, Any]]:
    """Whole choices in other letters."""
    for choice in choices[:MOST_RESPELLED]:
        for way in WAYS[:2]:
            other = {
                name: _of_activities(value, model, way) if name == activities
                else _respelled(value, model.declared_fields[name], way)
                for name, value in choice.items()
            }  # fmt: skip
            if other != choice:
                yield other


def _of_activities(happened: Happened | None, model: Model, way: Callable[[str], str]) -> Happened | None:
    if happened is None:
        return None
    return tuple(
        (kind, (at, {
            name: _respelled(value, model.declared_activities[kind].properties[name], way)
            for name, value in said.items()
        }))
        for kind, (at, said) in happened
    )  # fmt: skip


def _respelled(value: Any, declared: Field, way: Callable[[str], str]) -> Any:
    if declared.choices:  # a program that compares these as they are is right
        return value
    match declared.type:
        case "text" if isinstance(value, str):
            return _same(value, way)
        case "list" if isinstance(value, tuple):
            entries = tuple(_same(each, way) for each in cast("tuple[str, ...]", value))
            return entries if len({fold(each) for each in entries}) == len(entries) else value
        case _:
            return value


def _same(text: str, way: Callable[[str], str]) -> str:
    """In other letters, where that is the same text for every engine."""
    other = clean(way(text))
    return other if fold(other) == fold(text) and refused_character(other) is None else text
