"""HubSpot's own OpenAPI descriptions as one file that Prism can check requests and answers by.

The descriptions are of version 2026-03, whose paths the official client doesn't know yet: the same calls are moved to the
paths that it uses. They may not be copied into the repository, so the file is made anew from ../shared/specs.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

DESCRIPTIONS = Path(__file__).resolve().parents[4] / "shared" / "specs" / "hubspot"
NAMES = ("contacts", "companies", "associations", "properties", "owners", "calls", "meetings", "emails", "events")
MOVED = (
    ("/crm/objects/2026-03/", "/crm/v3/objects/"),
    ("/crm/associations/2026-03", "/crm/v4/associations"),
    ("/crm/properties/2026-03", "/crm/v3/properties"),
    ("/crm/owners/2026-03", "/crm/v3/owners"),
    ("/events/event-occurrences/2026-03", "/events/v3/events"),
)
WITH_A_SLASH = ("/crm/v3/owners", "/events/v3/events")
LIKE_CALLS = ("tasks", "deals")
"""Kinds of records whose descriptions we don't have; they are read as calls are."""

Table = dict[str, Any]


def merged() -> Table:
    """One description of all: components named apart, paths as the client asks for them."""
    whole: Table = {
        "openapi": "3.0.1",
        "info": {"title": "HubSpot, as its client knows it", "version": "1"},
        "servers": [{"url": "https://api.hubapi.com"}],
        "paths": {},
        "components": {},
    }
    for name in NAMES:
        described = json.loads((DESCRIPTIONS / f"{name}.json").read_text(encoding="utf-8"))
        _name_apart(described, name)
        for kind, components in described["components"].items():
            mine = whole["components"].setdefault(kind, {})
            mine.update({_apart(kind, name, each): value for each, value in components.items()})
        for path, calls in described["paths"].items():
            whole["paths"].setdefault(_moved(path), {}).update(calls)
    whole["paths"].update(_others(whole["paths"]))
    return whole


def _moved(path: str) -> str:
    for before, now in MOVED:
        path = path.replace(before, now)
    return path + "/" if path in WITH_A_SLASH else path


def _apart(kind: str, name: str, component: str) -> str:
    """Two files describe an `Error`, and not the same one; how to log in is one for all."""
    return component if kind == "securitySchemes" else f"{name}_{component}"


def _name_apart(found: Any, name: str) -> None:
    """Change, throughout a description, what it calls its components, and what its answers are said to be."""
    if isinstance(found, list):
        for each in found:
            _name_apart(each, name)
        return
    if not isinstance(found, dict):
        return
    reference = found.get("$ref")
    if isinstance(reference, str):
        _, _, kind, component = reference.split("/", 3)
        found["$ref"] = f"#/components/{kind}/{_apart(kind, name, component)}"
    if "*/*" in found:
        found["application/json"] = found.pop("*/*")
    _as_records_are(found)
    for value in found.values():
        _name_apart(value, name)


def _as_records_are(found: Table) -> None:
    """Where HubSpot's records are not what its description says: null properties, ids as numbers, codes as text."""
    properties = found.get("properties")
    if not isinstance(properties, dict):
        return
    values = properties.get("properties")
    if isinstance(values, dict) and isinstance(values.get("additionalProperties"), dict):
        values["additionalProperties"]["nullable"] = True
    if isinstance(properties.get("label"), dict):  # of an association that has no name
        properties["label"]["nullable"] = True
    for name in ("toObjectId", "subCategory"):
        if isinstance(properties.get(name), dict):
            properties[name] = {}


def _others(paths: Table) -> Table:
    """What the client asks for beside: records that are read as calls are, and the list of forms."""
    calls = paths["/crm/v3/objects/calls/batch/read"]
    found = {f"/crm/v3/objects/{kind}/batch/read": calls for kind in LIKE_CALLS}
    listed = paths["/crm/v3/objects/contacts"]["get"]
    named = [each for each in listed["parameters"] if each["name"] in ("after", "limit", "archived")]
    answer = {"description": "forms", "content": {"application/json": {"schema": {"type": "object"}}}}
    found["/marketing/v3/forms/"] = {
        "get": {
            "operationId": "forms",
            "parameters": named,
            "responses": {"200": answer},
            "security": listed["security"],
        }
    }
    return found
