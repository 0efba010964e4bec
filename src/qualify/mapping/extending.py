"""A mapping that changes another one: `extends` names an adapter's, key by key; `without` takes something out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from qualify.definition.places import Path
from qualify.errors import QualifyError, nearest
from qualify.mapping.activity_tables import has_names
from qualify.mapping.faults import Faults
from qualify.mapping.source import table_of

Bases = Callable[[str], str]
"""Gives the text of the mapping of that name; QualifyError where there is none."""

NAMED = ("scores", "tiers", "traits")
MOST_BASES = 10


def extended(given: dict[str, Any], faults: Faults, bases: Bases | None) -> dict[str, Any] | None:
    """The file's table, over that of the mapping that it extends; None where there is no such mapping."""
    own = {key: value for key, value in given.items() if key not in ("extends", "without")}
    name, without = given.get("extends"), given.get("without", [])
    if not isinstance(without, list) or not all(isinstance(each, str) for each in without):
        faults.wrong_type(("without",), "a list of keys, such as ['fields.phone']", without)
        without = []
    if name is None:
        if "without" in given:
            message = "'without' takes out of what 'extends' names; nothing is extended"
            faults.add("useless-key", message, ("without",), at="key")
        return own
    if not isinstance(name, str):
        faults.wrong_type(("extends",), "the name of an adapter, whose mapping this file changes", name)
        return None
    base = _base(name, faults, bases, ())
    if base is None:
        return None
    for at, path in enumerate(without):
        if not _taken_out(base, path):
            near = nearest(path, _paths(base, ()))
            faults.add("unknown-key", f"the mapping of '{name}' has no '{path}'", ("without", at), did_you_mean=near)
    faults.base = name
    return _over(base, own)


def _base(name: str, faults: Faults, bases: Bases | None, seen: tuple[str, ...]) -> dict[str, Any] | None:
    """The table of another mapping, which may extend a third one itself."""
    path: Path = ("extends",)
    if bases is None:
        faults.add(
            "unknown-base", f"there is no mapping of '{name}' here: load this file with qualify.load_mapping", path
        )
        return None
    if name in seen or len(seen) >= MOST_BASES:
        faults.add("unknown-base", f"the mapping of '{name}' extends itself", path)
        return None
    try:
        text = bases(name)
    except QualifyError as why:
        faults.add("unknown-base", why.message, path)
        return None
    within = Faults(text, f"the mapping of {name}")
    table = table_of(text, within, "mapping")
    if table is None:
        faults.findings += within.findings
        return None
    below = table.pop("extends", None)
    if not isinstance(below, str):
        return table
    base = _base(below, faults, bases, (*seen, name))
    for taken in table.pop("without", []):
        _taken_out(base or {}, taken)
    return None if base is None else _over(base, table)


def _over(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """The own table over the other one."""
    base = {**base}
    if "id" in own:
        base["fields"] = {key: value for key, value in base.get("fields", {}).items() if key != "id"}
    if isinstance(fields := own.get("fields"), dict) and "id" in fields:
        base.pop("id", None)
    if isinstance(same := own.get("same"), dict) and "take" in same and isinstance(base.get("same"), dict):
        base["same"] = {
            key: value for key, value in base["same"].items() if key != "newest_by" or same["take"] != "first"
        }
    activities, others = base.get("activities"), own.get("activities")
    if isinstance(activities, dict) and isinstance(others, dict) and has_names(activities) != has_names(others):
        base.pop("activities")  # one source and several named ones can't be merged
    return _merged(base, own, ())


def _merged(base: dict[str, Any], own: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    merged = {**base}
    for key, value in own.items():
        below = merged.get(key)
        if isinstance(below, dict) and isinstance(value, dict) and _is_merged((*path, key)):
            value = _merged(below, value, (*path, key))
        merged[key] = value
    return merged


def _is_merged(path: tuple[str, ...]) -> bool:
    """Whether the tables there are merged key by key; else the own one takes the other's place."""
    match path:
        case ("fields" | "rates" | "activities" | "write" | "same",):
            return True
        case ("write", "scores" | "tiers" | "traits" | "lifecycle") | ("write", "lifecycle", "values"):
            return True
        case ("activities", "lead" | "type" | "at" | "only") | ("activities", "fields" | "types", _):
            return False
        case ("activities", _) | ("activities", _, "fields" | "types"):
            return True
        case _:
            return False


def _taken_out(table: dict[str, Any], path: str) -> bool:
    """Take what stands at a path out of a table; names may have points in them."""
    parts = path.split(".")
    for length in range(len(parts), 0, -1):
        name = ".".join(parts[:length])
        if name not in table:
            continue
        if length == len(parts):
            del table[name]
            return True
        inside = table[name]
        return isinstance(inside, dict) and _taken_out(inside, ".".join(parts[length:]))
    return False


def _paths(table: dict[str, Any], above: tuple[str, ...]) -> Iterator[str]:
    for key, value in table.items():
        yield ".".join((*above, key))
        if isinstance(value, dict) and len(above) < 2:
            yield from _paths(value, (*above, key))


__all__ = ["Bases", "extended"]
