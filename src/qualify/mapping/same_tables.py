"""The `[same]` of a mapping's file: which records are one lead, and which of them counts."""

from __future__ import annotations

from collections.abc import Mapping as AbcMapping
from typing import Any, Literal, cast

from qualify.definition.places import Path
from qualify.errors import nearest
from qualify.mapping.faults import Faults
from qualify.mapping.table import FieldMap, SameMap

SAME_KEYS = ("by", "take", "newest_by")
TAKES = ("first", "newest", "merge")


def read_same(given: object, fields: AbcMapping[str, FieldMap], faults: Faults) -> SameMap | None:
    """What the table says; `fields` are those that the mapping reads."""
    path: Path = ("same",)
    if not isinstance(given, dict):
        faults.wrong_type(path, "a table: 'by' names the fields by which records are one lead", given)
        return None
    meant = faults.unknown_keys(given, SAME_KEYS, path, ("by",))
    by = given.get("by", [])
    if "by" not in given and "by" not in meant:
        faults.add("missing-key", "records need 'by': the fields by which they are one lead", path, at="key")
    elif not isinstance(by, list) or not all(isinstance(each, str) for each in by):
        faults.wrong_type((*path, "by"), "a list of fields, such as ['email']", by)
        return None
    elif not by and "by" in given:
        faults.add("empty-list", "by no field at all, all records would be one lead", (*path, "by"))
    known = [name for at, name in enumerate(by) if _is_read(name, fields, (*path, "by", at), faults)]
    take = given.get("take", "first")
    if take not in TAKES:
        near = nearest(take, TAKES) if isinstance(take, str) else None
        hint = f"; did you mean '{near}'?" if near else ""
        faults.wrong_value((*path, "take"), f"'first', 'newest' or 'merge'{hint}", take)
        return None
    newest_by = _newest_by(given, take, fields, faults)
    if len(known) < len(by) or not by:
        return None
    return SameMap(tuple(by), cast(Literal["first", "newest", "merge"], take), newest_by)


def _newest_by(given: dict[str, Any], take: str, fields: AbcMapping[str, FieldMap], faults: Faults) -> str | None:
    name, where = given.get("newest_by"), ("same", "newest_by")
    if name is None and take == "newest":
        faults.add("missing-key", "the newest needs 'newest_by': the field that says when", ("same", "take"))
    elif name is not None and not isinstance(name, str):
        faults.wrong_type(where, "the name of a field", name)
    elif name is not None and take == "first":
        faults.add("useless-key", "'newest_by' has no meaning where the first is taken", where, at="key")
    elif name is not None and _is_read(name, fields, where, faults):
        if fields[name].type in ("date", "datetime"):
            return name
        faults.add("other-type", f"'{name}' is no date: it can't say which is the newest", where)
    return None


def _is_read(name: str, fields: AbcMapping[str, FieldMap], path: Path, faults: Faults) -> bool:
    if name not in fields:
        faults.add(
            "unknown-field",
            f"the mapping reads no field '{name}'",
            path,
            did_you_mean=nearest(name, fields),
        )
    return name in fields


__all__ = ["read_same"]
