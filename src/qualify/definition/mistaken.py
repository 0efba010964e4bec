"""One kind of file taken for the other: a mapping where a definition is expected, or the other way round.

Each has faults by the dozen when it is read as the other; one line says more.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from qualify.vocabulary import FieldType

OF_A_DEFINITION = frozenset(("format", "teams", "traits", "tiers", "signals", "scores", "stages", "approvals"))
OF_A_MAPPING = frozenset(("id", "placeholders", "dates", "decimal", "currency", "rates"))
TYPES = frozenset(get_args(FieldType))


def is_mapping(given: Mapping[str, Any]) -> bool:
    """Whether a table looks like a mapping's, and not like a definition's.

    >>> is_mapping({"fields": {"employees": "Size"}}), is_mapping({"fields": {"press": {"type": "text"}}})
    (True, False)
    """
    if OF_A_DEFINITION & given.keys():
        return False
    fields = given.get("fields")
    entries = fields.values() if isinstance(fields, dict) else ()
    reads = any(
        each not in TYPES if isinstance(each, str) else isinstance(each, dict) and "from" in each for each in entries
    )
    return reads or bool(OF_A_MAPPING & given.keys())


def is_definition(given: Mapping[str, Any]) -> bool:
    """Whether a table looks like a definition's, or a part of one, and not like a mapping's.

    >>> is_definition({"traits": {}, "fields": {}}), is_definition({"id": "Nr.", "stages": {}})
    (True, False)
    """
    return bool(OF_A_DEFINITION & given.keys()) and not OF_A_MAPPING & given.keys()


__all__ = ["is_definition", "is_mapping"]
