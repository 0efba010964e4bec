"""What people call things elsewhere, and what it is called here: so that a fault can propose the right word."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from qualify.definition.model import Status
from qualify.errors import nearest
from qualify.vocabulary import FieldType

KEYS: Mapping[str, tuple[str, ...]] = {
    "owner": ("team", "to"), "owned_by": ("team",), "rule": ("when",), "condition": ("when",), "if": ("when",),
    "when": ("each", "requires"), "activity": ("each",), "event": ("each",), "because": ("why",), "reason": ("why",),
    "rationale": ("why",), "description": ("why", "label"), "name": ("title", "label"), "title": ("label",),
    "max": ("cap", "at_most"), "min": ("floor",), "base": ("start",), "formula": ("of",), "weights": ("points",),
    "values": ("choices",), "options": ("choices",), "enum": ("choices",), "entries": ("values",), "items": ("values",),
    "question": ("ask",), "criteria": ("requires",), "excluded_by": ("disqualified_by",), "sla": ("act_within",),
    "points": ("each",), "value": ("each",), "cap": ("at_most",), "per": ("limit",), "decay": ("fades",),
    "default": ("when_unknown",), "handoffs": ("handoff",), "approved_by": ("by",), "date": ("on",),
}  # fmt: skip
"""A key of another tool -> the keys that it may be here, the likeliest first."""

TYPES: Mapping[str, FieldType] = {
    **dict.fromkeys(("string", "str", "varchar", "enum", "choice", "select", "picklist", "email", "url"), "text"),
    **dict.fromkeys(("int", "integer", "float", "decimal", "numeric", "money", "currency", "percent"), "number"),
    **dict.fromkeys(("bool", "flag", "checkbox", "yes/no"), "boolean"),
    **dict.fromkeys(("timestamp", "time", "moment"), "datetime"),
    **dict.fromkeys(("array", "set", "tags", "texts", "multiselect"), "list"),
}  # fmt: skip
STATUSES: Mapping[str, Status] = {
    **dict.fromkeys(("active", "live", "approved", "accepted", "on"), "adopted"),
    **dict.fromkeys(("draft", "pending", "new"), "proposed"),
    **dict.fromkeys(("test", "testing", "trial", "experimental"), "shadow"),
    **dict.fromkeys(("inactive", "disabled", "archived", "deprecated", "off", "old"), "retired"),
}  # fmt: skip
OTHERWISE = frozenset(("", "otherwise", "else", "default", "true", "*", "other", "rest", "any"))
"""What stands for `otherwise` elsewhere, in lower case."""


def meant_key(name: str, known: Collection[str], given: Collection[str]) -> str | None:
    """The key that was most likely meant by an unknown one.

    >>> meant_key("owner", ("team", "when"), ("owner",)), meant_key("wen", ("team", "when"), ("wen",))
    ('team', 'when')
    """
    for key in KEYS.get(name.lower(), ()):
        if key in known and key not in given:
            return key
    return nearest(name, known)


def plain_name(text: str) -> str:
    """A text as a name: in lower case, with '_' for what can't stand in one.

    >>> plain_name("Right size"), plain_name("MQL")
    ('right_size', 'mql')
    """
    return plain_case(text.lower())


def plain_case(text: str) -> str:
    """A text as a tier's case, in which capitals stay.

    >>> plain_case("Very large")
    'Very_large'
    """
    return re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_")


def meant_zone(name: str) -> str | None:
    """The time zone that was most likely meant: its city alone says enough.

    >>> meant_zone("CET/Berlin"), meant_zone("Amerika/New_York")
    ('Europe/Berlin', 'America/New_York')
    """
    from zoneinfo import available_timezones

    zones = sorted(available_timezones())
    city = name.replace(" ", "_").rsplit("/")[-1].lower()
    same = (zone for zone in zones if "/" in zone and zone.rsplit("/")[-1].lower() == city)
    return next(same, None) or nearest(name, zones)


__all__ = ["KEYS", "OTHERWISE", "STATUSES", "TYPES", "meant_key", "meant_zone", "plain_case", "plain_name"]
