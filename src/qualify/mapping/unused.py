"""Which of a source's properties a mapping leaves unread."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_ENTRY = re.compile(r"\[[^\[\]=]+=[^\[\]]*\]")


def fits(path: str, for_all: str) -> bool:
    """Whether a path is one of those that a target for all (`qualify_*`) stands for.

    >>> fits("properties.qualify_fit", "properties.qualify_*"), fits("properties.fit", "properties.qualify_*")
    (True, False)
    """
    return re.fullmatch(".+".join(map(re.escape, for_all.split("*"))), path) is not None


def unused(columns: Iterable[str] | Mapping[str, object], sources: Iterable[str]) -> tuple[str, ...]:
    """The columns that none of the sources reads; of a record, tables in it are looked into.

    >>> unused(["Email", "City"], ["Email"]), unused({"org": {"name": "Acme", "size": 3}}, ["org.name"])
    (('City',), ('org.size',))
    """
    used = frozenset(each for source in sources for each in (source, _ENTRY.sub("", source)))
    heads = frozenset(source[:at] for source in used for at, letter in enumerate(source) if letter == ".")
    return tuple(_unread("", columns, used, heads))


def _unread(above: str, columns: object, used: frozenset[str], heads: frozenset[str]) -> Iterable[str]:
    for name in columns if isinstance(columns, Iterable) else ():
        if not isinstance(name, str):
            continue  # what stands in a row beyond the last column
        path = above + name
        if path in used:
            continue
        if path not in heads:
            yield path
        elif isinstance(columns, Mapping) and isinstance(columns[name], Mapping):
            yield from _unread(path + ".", columns[name], used, heads)
