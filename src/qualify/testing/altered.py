"""Records with one property changed or taken away, wherever in them it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from qualify.mapping.paths import ABSENT, parts_of


def altered(record: Mapping[str, object], source: str, value: object = ABSENT) -> dict[str, Any]:
    """A copy of a record in which the property at a name or path has another value, or isn't there at all.

    Where the path goes on into a list or a text, all of that is changed. A record without the property stays as it is.

    >>> altered({"a": {"b": 1, "c": 2}}, "a.b"), altered({"a": [{"b": 1}]}, "a.0.b", None), altered({}, "a", 7)
    ({'a': {'c': 2}}, {'a': None}, {})
    """
    copy = dict(record)
    parts = parts_of(source)
    for length in range(len(parts), 0, -1):
        name = ".".join(parts[:length])
        rest = parts[length:]
        if name not in copy:
            name, *picked = name.split("[", maxsplit=1)
            if not picked or name not in copy:
                continue
            rest = ()
        inner = copy[name]
        if rest and isinstance(inner, Mapping):
            copy[name] = altered(inner, ".".join(rest), value)
        elif value is ABSENT:
            del copy[name]
        else:
            copy[name] = value
        return copy
    return copy


def paths_in(record: Mapping[str, object], above: str = "") -> Iterator[str]:
    """The path of every property of a record that is no table.

    >>> list(paths_in({"id": 7, "a": {"b": 1, "c": {"d": 2}}}))
    ['id', 'a.b', 'a.c.d']
    """
    for name, value in record.items():
        if isinstance(value, Mapping):
            yield from paths_in(value, f"{above}{name}.")
        else:
            yield above + name


__all__ = ["altered", "paths_in"]
