"""Where a property stands in a record: a name, or a path through tables, lists and text that holds JSON.

    email                          a name
    company.name                   a table in the record
    emails.0.value                 a place in a list
    emails[primary=true].value     the first entry of a list of tables that says so
    tags.*.name                    what all entries of a list say, as a list

A whole name goes before a path at each table: `No. of Employees` is a name wherever there is one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from collections.abc import Mapping as AbcMapping
from enum import Enum
from functools import lru_cache
from typing import Final

from qualify.mapping.words import said
from qualify.values import Unreadable, kind_of

Record = AbcMapping[str, object]
Find = Callable[[Record], object]
LONGEST_JSON = 1_000_000


class _Nothing(Enum):
    ABSENT = 0


ABSENT: Final = _Nothing.ABSENT
"""A property that the record doesn't have, told from one that is null."""

_PART = re.compile(r"(?:\[[^\[\]=]+=[^\[\]]*\]|[^.])*")
_PICK = re.compile(r"(?P<name>.*)\[(?P<key>[^\[\]=]+)=(?P<value>[^\[\]]*)\]", re.DOTALL)
_PLACE = re.compile("[0-9]+")
ALL = "*"


def find(record: Record, source: str) -> object:
    """The property that a name or path leads to, or ABSENT.

    >>> find({"company": {"name": "Acme"}}, "company.name"), find({"a.b": 1}, "a.b")
    ('Acme', 1)
    >>> find({"emails": [{"kind": "home"}, {"kind": "Work", "is": "a@b.example"}]}, "emails[kind=work].is")
    'a@b.example'
    >>> find({"tags": [{"name": "hot"}, {"name": "big"}]}, "tags.*.name"), find({"org": '{"size": 7}'}, "org.size")
    (['hot', 'big'], 7)
    >>> find({"company": None}, "company.name")
    <_Nothing.ABSENT: 0>

    Raises Unreadable where a name leads into a list that has entries: which of them is meant, nobody said.
    """
    return finder(source)(record)


@lru_cache(maxsize=4096)
def finder(source: str) -> Find:
    """`find` for one source, its path taken apart once."""
    if is_name(source):
        return lambda record: record.get(source, ABSENT)
    parts, names = parts_of(source), names_of(source)
    if names is not None:
        return _straight(names, parts)
    return lambda record: record[source] if source in record else _walk(record, parts, parts)


def is_name(source: str) -> bool:
    """Whether a source can only be a property's own name."""
    return "." not in source and _PICK.fullmatch(source) is None


def parts_of(source: str) -> tuple[str, ...]:
    """A path's parts; points inside `[key=value]` are no separators.

    >>> parts_of("attributes[name=Webpage v1.2].value"), parts_of("party..name")
    (('attributes[name=Webpage v1.2]', 'value'), ('party', '', 'name'))
    """
    parts, at = [], 0
    while at <= len(source):
        found = _PART.match(source, at)
        assert found is not None
        parts.append(found[0])
        at = found.end() + 1
    return tuple(parts)


def gives_list(source: str) -> bool:
    """Whether a path collects what all entries of a list say."""
    return ALL in parts_of(source)


def names_of(source: str) -> tuple[str, ...] | None:
    """The names of tables that a plain path goes through, and the last one's property; None for any other path.

    >>> names_of("company.name"), names_of("party..name"), names_of("emails.0"), names_of("a[b=c].d")
    (('company', 'name'), ('party.', 'name'), None, None)
    """
    if is_name(source):
        return (source,)
    names: list[str] = []
    for part in parts_of(source):
        if part == ALL or _PLACE.fullmatch(part) or _PICK.fullmatch(part) or not (part or names):
            return None
        if part:
            names.append(part)
        else:
            names[-1] += "."
    return None if names[-1].endswith(".") else tuple(names)


def _straight(names: tuple[str, ...], parts: tuple[str, ...]) -> Find:
    """A plain path through tables; whatever is built otherwise is walked through."""
    steps = [(name, names_before(parts, names, at), name.endswith(".")) for at, name in enumerate(names)]

    def direct(record: Record) -> object:
        found: object = record
        for name, longer, may_be_shorter in steps:
            if type(found) is not dict or (longer and not found.keys().isdisjoint(longer)):
                break
            if name not in found:
                return _walk(record, parts, parts) if may_be_shorter else ABSENT
            found = found[name]
        else:
            return found
        return ABSENT if found is None else _walk(record, parts, parts)

    return direct


def names_before(parts: tuple[str, ...], names: tuple[str, ...], at: int) -> frozenset[str]:
    """The longer names that go before a name of a plain path: of `a.b.c`, at 0, `a.b` and `a.b.c`."""
    begin = sum(len(name) - len(name.rstrip(".")) + 1 for name in names[:at])
    length = len(names[at]) - len(names[at].rstrip(".")) + 1
    return frozenset(".".join(parts[begin:end]) for end in range(begin + length + 1, len(parts) + 1))


def _walk(found: object, parts: tuple[str, ...], path: tuple[str, ...]) -> object:
    while parts:
        if isinstance(found, str):
            found = _opened(found)
        if isinstance(found, AbcMapping):
            for name, rest, picks in _names(parts):
                if name in found:
                    found, parts = _picked(found[name], picks), rest
                    break
            else:
                return ABSENT
        elif not isinstance(found, list | tuple):
            return ABSENT
        elif _PLACE.fullmatch(parts[0]):
            if len(parts[0]) > 9 or int(parts[0]) >= len(found):
                return ABSENT
            found, parts = found[int(parts[0])], parts[1:]
        elif parts[0] == ALL:
            return list(_collected(found, parts[1:], path))
        elif found:
            raise Unreadable(_a_table(path, len(parts), found), kind_of(found))
        else:
            return ABSENT
    return found


def _names(parts: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...], tuple[tuple[str, str], ...]]]:
    """What the next property may be called, the longest name first; what follows it; which entry is meant."""
    for length in range(len(parts), 0, -1):
        name, rest = ".".join(parts[:length]), parts[length:]
        yield name, rest, ()
        picks: tuple[tuple[str, str], ...] = ()
        while picked := _PICK.fullmatch(name):
            name, picks = picked["name"], ((picked["key"], picked["value"]), *picks)
        if picks:
            yield name, rest, picks


def _picked(found: object, picks: tuple[tuple[str, str], ...]) -> object:
    """The first entry of a list of tables that says everything that is asked of it."""
    if not picks:
        return found
    entries = _opened(found) if isinstance(found, str) else found
    if not isinstance(entries, list | tuple):
        return ABSENT
    wanted = [(finder(key), said(value)) for key, value in picks]
    for entry in entries:
        if isinstance(entry, AbcMapping) and all((said(of(entry)) or "") == value for of, value in wanted):
            return entry
    return ABSENT


def _collected(
    entries: list[object] | tuple[object, ...], rest: tuple[str, ...], path: tuple[str, ...]
) -> Iterator[object]:
    for entry in entries:
        found = _walk(entry, rest, path)
        if isinstance(found, list | tuple):
            yield from found
        elif found is not ABSENT and found is not None:
            yield found


def _opened(text: str) -> object:
    """What a text holds that is JSON; anything else stays text, into which no path leads."""
    if text.lstrip()[:1] not in ("{", "[") or len(text) > LONGEST_JSON:
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _a_table(path: tuple[str, ...], left: int, found: list[object] | tuple[object, ...]) -> str:
    """What a path expects where it found a list, so many parts before its end."""
    source, way, rest = ".".join(path), ".".join(path[:-left]), ".".join(path[-left:])
    if path[-left] == "" and left > 1:  # of `addresses.` there is only `addresses`
        entry = path[-left + 1 :]
        entry = entry[1:] if entry[0] == ALL or _PLACE.fullmatch(entry[0]) else entry
        reads = f"; '{'.'.join((way, '0', *entry))}' reads the first of a list"
        more = reads if isinstance(found[0], AbcMapping) else f", which has what is in '{way}'"
        return f"a property '{way}.'{more} (the path is '{source}')"
    return f"a table in '{way}' (the path is '{source}'; '{way}.0.{rest}' reads the first of a list)"


__all__ = [
    "ABSENT",
    "Find",
    "Record",
    "find",
    "finder",
    "gives_list",
    "is_name",
    "names_before",
    "names_of",
    "parts_of",
]
