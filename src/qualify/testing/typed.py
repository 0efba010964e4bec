"""A lead as one would type it, and as plain fields: what a failed law shows, and what a law changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pydantic import BaseModel


def fields_of(lead: object) -> dict[str, Any]:
    """What is known of a lead, as a dict: of a `Lead`, a dict, or any object.

    >>> from qualify import Lead
    >>> fields_of(Lead(employees=50))
    {'employees': 50}
    """
    if isinstance(lead, Mapping):
        found = dict(lead)
    elif isinstance(lead, BaseModel):
        found = {**lead.__dict__, **(lead.__pydantic_extra__ or {})}
    else:
        found = dict(vars(lead))
    known = {name: value for name, value in found.items() if value is not None}
    if known.get("activities"):
        known["activities"] = [_activity(each) for each in known["activities"]]
    return known


def _activity(each: Any) -> dict[str, Any]:
    names = ("type", "at", "properties")
    found = dict(each) if isinstance(each, Mapping) else {name: getattr(each, name) for name in names}
    return {name: value for name, value in found.items() if name != "properties" or value}


def typed(lead: object) -> str:
    """A lead as one would type it.

    >>> from qualify import Lead
    >>> print(typed(Lead(employees=50, activities=[{"type": "call", "at": "2026-11-02T09:30Z"}])))
    Lead(employees=50, activities=[{"type": "call", "at": "2026-11-02T09:30:00Z"}])
    """
    known = fields_of(lead)
    if isinstance(lead, Mapping):
        return _value(known)
    return f"Lead({', '.join(f'{name}={_value(value)}' for name, value in known.items())})"


def _value(value: object) -> str:
    match value:
        case str():
            quoted = repr(value)
            return f'"{quoted[1:-1]}"' if quoted[0] == "'" and '"' not in quoted else quoted
        case dt.datetime() | dt.date():
            return f'"{value.isoformat()}"'.replace("+00:00", "Z")
        case Decimal() if value.is_finite():
            plain = format(value.normalize() + 0, "f")
            return plain if "." not in plain else f'Decimal("{plain}")'
        case Mapping():
            return "{" + ", ".join(f"{_value(key)}: {_value(each)}" for key, each in value.items()) + "}"
        case list() | tuple():
            return f"[{', '.join(map(_value, value))}]"
        case _:
            return repr(value)


__all__ = ["fields_of", "typed"]
