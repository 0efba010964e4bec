"""New fields as Marketo takes them.

By "Create Fields" of "Leads" in Marketo's documents for developers, and the request "CreateLeadField" of its API's
description: a name, a display name without special characters, and one of the types listed there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from qualify.adapters.records import NewProperty, PropertyType
from qualify.adapters.web import Table

TYPES: Mapping[PropertyType, str] = MappingProxyType(
    {"text": "string", "number": "float", "boolean": "boolean", "date": "date", "datetime": "datetime"}
)
"""What Marketo calls our types (string: up to 255 characters). It makes text areas for people only."""

_SPECIAL = re.compile(r"[^A-Za-z0-9 ]+")


def fault_of(new: NewProperty) -> str | None:
    """Why no field can be made for it."""
    return None if new.type in TYPES else "a text area, which its API can't make"


def described(new: NewProperty) -> Table:
    """A new field as the API takes it.

    >>> described(NewProperty("qualifyStage", "Qualify: Stage", "text"))
    {'displayName': 'Qualify Stage', 'name': 'qualifyStage', 'dataType': 'string'}
    """
    about = {"description": new.description} if new.description else {}
    shown = " ".join(_SPECIAL.sub(" ", new.label).split())
    return {"displayName": shown or new.name, "name": new.name, "dataType": TYPES[new.type], **about}
