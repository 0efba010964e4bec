"""Places in a record: what stands there, and the tables that a change there needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qualify.adapters.records import Record


def held(record: Record, path: str) -> object:
    """What stands at a path, None where nothing does; a property whose whole name is the path comes first.

    >>> held({"properties": {"stage": "mql"}}, "properties.stage"), held({"a.b": 1}, "a.b"), held({"a": None}, "a.b")
    ('mql', 1, None)
    """
    if path in record:
        return record[path]
    found: object = record
    for step in path.split("."):
        if not isinstance(found, Mapping):
            return None
        found = found.get(step)
    return found


def nested(changes: Mapping[str, object]) -> dict[str, Any]:
    """Values by path as a record's own shape.

    >>> nested({"properties.stage": "mql", "properties.fit": 35, "owner": None})
    {'properties': {'stage': 'mql', 'fit': 35}, 'owner': None}
    """
    record: dict[str, Any] = {}
    for path, value in changes.items():
        *above, name = path.split(".")
        table = record
        for step in above:
            table = table.setdefault(step, {})
        table[name] = value
    return record


__all__ = ["held", "nested"]
