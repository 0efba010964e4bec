"""The `[activities]` of a mapping's file: one source of what happened, or several by their names."""

from __future__ import annotations

from typing import Any

from qualify.definition.model import Field
from qualify.definition.places import Path
from qualify.mapping.fields import FieldReader, properties_by_type, word_of, words_of
from qualify.mapping.table import ActivityMap, FieldMap, Word
from qualify.text import clean, fold
from qualify.vocabulary import FieldType, name_fault

NEEDED: dict[str, FieldType] = {"lead": "text", "type": "text", "at": "datetime"}
ACTIVITY_KEYS = (*NEEDED, "types", "fields")
SOURCE_KEYS = (*ACTIVITY_KEYS, "only")
Sources = tuple[tuple[str, ActivityMap], ...]


def read_activities(given: object, reader: FieldReader) -> tuple[ActivityMap | None, Sources]:
    """The one source of activities, or all by their names."""
    path: Path = ("activities",)
    if not isinstance(given, dict):
        reader.faults.wrong_type(path, "a table: 'lead', 'type', 'at', 'types' and 'fields'", given)
        return None, ()
    if not has_names(given):
        return _source(given, path, ACTIVITY_KEYS, reader), ()
    sources = []
    for name, each in given.items():
        here = (*path, name)
        if (why := name_fault(name)) is not None:
            reader.faults.add("bad-name", why, here, at="key")
        elif (source := _source(each, here, SOURCE_KEYS, reader)) is not None:
            sources.append((name, source))
    return None, tuple(sources)


def has_names(given: dict[str, Any]) -> bool:
    """Whether `[activities]` names several sources (`[activities.calls]`), rather than being one."""
    tables = [each for each in given.values() if isinstance(each, dict)]
    return (
        bool(tables)
        and len(tables) == len(given)
        and given.keys().isdisjoint(SOURCE_KEYS)
        and not all("from" in each for each in tables)
    )


def _source(given: dict[str, Any], path: Path, keys: tuple[str, ...], reader: FieldReader) -> ActivityMap | None:
    faults = reader.faults
    meant = faults.unknown_keys(given, keys, path, tuple(NEEDED))
    needed: dict[str, FieldMap] = {}
    for key, kind in NEEDED.items():
        if key not in given and key in meant:
            continue  # it is there, misspelled
        if key not in given:
            faults.add("missing-key", f"activities need '{key}': the column that it comes from", path, at="key")
        elif (field := reader.field(key, given[key], (*path, key), Field(kind))) is not None:
            needed[key] = field
    types = _types(given.get("types", {}), (*path, "types"), reader)
    fields = reader.properties(given["fields"], (*path, "fields")) if "fields" in given else ()
    only = _only(given.get("only", {}), (*path, "only"), reader)
    if len(needed) < len(NEEDED):
        return None
    _known_type(needed["type"], types, (*path, "type", "always"), reader)
    known = properties_by_type(reader.activities)
    return ActivityMap(
        **needed, types=types, fields=fields, properties=known, closed=reader.model is not None, only=only
    )


def _known_type(field: FieldMap, types: tuple[tuple[str, str], ...], path: Path, reader: FieldReader) -> None:
    """A type that is always the same is a word that `types` turns into one of ours, or a type itself."""
    name = field.always
    if isinstance(name, str) and fold(clean(name)) not in {fold(clean(word)) for word, _ in types}:
        _a_type(name, path, reader)


def _a_type(name: str, path: Path, reader: FieldReader) -> bool:
    if name in reader.activities:
        return True
    if reader.model is not None:
        reader.faults.unknown("unknown-activity", "activity", name, reader.activities, path)
    elif (why := name_fault(name)) is not None:
        reader.faults.add("bad-name", why, path)
    else:
        return True
    return False


def _types(given: object, path: Path, reader: FieldReader) -> tuple[tuple[str, str], ...]:
    faults = reader.faults
    if not isinstance(given, dict):
        faults.wrong_type(path, "a table: the source's words and the types of activities", given)
        return ()
    types: dict[str, tuple[str, str]] = {}
    for word, name in given.items():
        here = (*path, word)
        if not isinstance(name, str):
            faults.wrong_type(here, "a type of activity", name)
        elif not _a_type(name, here, reader):
            continue
        elif (same := types.get(fold(clean(word)))) is not None:
            faults.add("given-twice", f"'{word}' and '{same[0]}' are one word: case doesn't matter", here, at="key")
        else:
            types[fold(clean(word))] = (word, name)
    return tuple(types.values())


def _only(given: object, path: Path, reader: FieldReader) -> tuple[tuple[str, tuple[Word, ...]], ...]:
    """Which rows are meant: each property, and the words that it may say."""
    if not isinstance(given, dict):
        reader.faults.wrong_type(path, "a table: properties, and the words that they must say", given)
        return ()
    only = []
    for name, said in given.items():
        here = (*path, name)
        if isinstance(said, list):
            words = words_of(said, here, reader.faults)
            if not said:
                reader.faults.add("empty-list", f"no row could ever say one of no words in '{name}'", here)
        else:
            word = word_of(said, here, reader.faults)
            words = () if word is None else (word,)
        only.append((name, words))
    return tuple(only)
