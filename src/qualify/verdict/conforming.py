"""Whether a stored verdict is of the published form: what `json_schema` says of each part that is there.

Only what that schema uses is known here. What an older form lacks is no fault, so `required` is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from qualify.verdict.json_schema import json_schema

Schema = Mapping[str, Any]


def misfits(document: Mapping[str, Any]) -> Iterator[str]:
    """The keys of the form whose values are not as it wants them; no name or value of the lead's own is told."""
    return _misfits(document, _schema(), "the document")


@lru_cache(maxsize=1)
def _schema() -> Schema:
    return json_schema()


def _misfits(value: Any, schema: Schema, key: str) -> Iterator[str]:
    either = schema.get("anyOf") or schema.get("oneOf")
    if either:
        if not any(_is_of(value, each) and next(_misfits(value, each, key), None) is None for each in either):
            yield key
    elif not _fits(value, schema):
        yield key
    elif isinstance(value, Mapping):
        for name, each in value.items():
            known = schema.get("properties", {}).get(name)
            other = schema.get("additionalProperties", {})
            yield from _misfits(each, known if known is not None else other, name if known is not None else key)
    elif isinstance(value, list):
        for each in value:
            yield from _misfits(each, schema.get("items", {}), key)


def _is_of(value: Any, schema: Schema) -> bool:
    """Whether a table is of this form among several: the first of the keys that it needs tells."""
    needed = schema.get("required", [])[:1]
    return not isinstance(value, Mapping) or all(key in value for key in needed)


def _fits(value: Any, schema: Schema) -> bool:
    """Whether a value itself is as the schema says, whatever it holds."""
    if "enum" in schema:
        return value in schema["enum"]
    match schema.get("type"):
        case None:
            return True
        case "string":
            return isinstance(value, str) and _reads(value, schema.get("format"))
        case "boolean":
            return isinstance(value, bool)
        case "null":
            return value is None
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return isinstance(value, int | Decimal) and not isinstance(value, bool)
        case "array":
            return isinstance(value, list) and schema.get("minItems", 0) <= len(value) <= schema.get(
                "maxItems", len(value)
            )
        case _:
            return isinstance(value, Mapping)


def _reads(text: str, form: str | None) -> bool:
    try:
        match form:
            case "date-time":
                return datetime.fromisoformat(text).tzinfo is not None
            case "time-zone":
                return bool(ZoneInfo(text).key)
            case _:
                return True
    except (ValueError, KeyError, OSError):  # a zone that is not there, or a folder
        return False
