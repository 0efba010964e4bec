"""JSON Schemas: of the file, so that an editor completes and checks it, and of a definition's leads."""

from __future__ import annotations

from typing import Any, assert_never

from qualify.definition.keys import HANDOFF, OUTCOME_NAMES, SECTIONS, SIGNAL_POINTS, TOP, Key, Shape
from qualify.definition.model import Field, Model
from qualify.vocabulary import FIELD_TYPES, FieldType

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
NAME = "^[a-z][a-z0-9_]{0,63}$"
CASE = "^[A-Za-z][A-Za-z0-9_]*$"
_TEXT: Schema = {"type": "string", "minLength": 1}
_NUMBER: Schema = {"type": "number"}


def file_schema() -> Schema:
    """JSON Schema of a definition's file, in its TOML and its JSON shape, drawn from the table of keys.

    It completes and catches what a shape can say; whether names exist and rules make sense, `qualify check` says.
    """
    properties: Schema = {name: _described(key) for name, key in TOP.items()}
    for section, (says, shape) in SECTIONS.items():
        properties[section] = {"description": f"{says[:1].upper()}{says[1:]}.", **_section(section, shape)}
    return {
        "$schema": DIALECT,
        "title": "A definition of qualified leads",
        "type": "object",
        "properties": properties,
        "required": [*(name for name, key in TOP.items() if key.required), "teams"],
        "additionalProperties": False,
    }


def _section(section: str, shape: Shape) -> Schema:
    if section == "fields":  # a standard field that is declared again needs no type
        shape = {**shape, "type": Key("type", shape["type"].says)}
    entry = _table(shape)
    if section == "teams":
        entry = {"anyOf": [_TEXT, entry]}
    named: Schema = {"type": "object", "propertyNames": {"pattern": NAME}, "additionalProperties": entry}
    if section == "outcomes":
        return {"type": "object", "properties": dict.fromkeys(OUTCOME_NAMES, entry), "additionalProperties": False}
    if section == "stages":
        listed = {**entry, "properties": {"name": {"type": "string", "pattern": NAME}, **entry["properties"]}}
        listed["required"] = ["name", *entry["required"]]
        return {"anyOf": [named, {"type": "array", "items": listed}]}
    return named


def _table(shape: Shape) -> Schema:
    return {
        "type": "object",
        "properties": {name: _described(key) for name, key in shape.items()},
        "required": [name for name, key in shape.items() if key.required],
        "additionalProperties": False,
    }


def _described(key: Key) -> Schema:
    return {"description": f"{key.says[:1].upper()}{key.says[1:]}.", **_holds(key)}


def _holds(key: Key) -> Schema:
    match key.holds:
        case "text" | "file" | "zone" | "rule" | "selection" | "formula" | "hours":
            return _TEXT
        case "team":
            return {"type": "string", "pattern": NAME}
        case "texts":
            return {"type": "array", "items": _TEXT, "minItems": 1}
        case "flag":
            return {"type": "boolean"}
        case "number":
            return _NUMBER
        case "date":
            return {"type": "string", "format": "date"}
        case "dates":
            return {"type": "array", "items": {"type": "string", "format": "date"}}
        case "format":
            return {"const": 1}
        case "type":
            return {"enum": list(FIELD_TYPES)}
        case "status":
            return {"enum": ["adopted", "shadow", "proposed", "retired"]}
        case "names":
            return {"type": "array", "items": {"type": "string", "pattern": NAME}, "uniqueItems": True}
        case "act within":
            return {"type": "string", "pattern": r"^\s*[0-9]{1,6} (working )?(hour|day)s?\s*$"}
        case "yes or no":
            return {"enum": ["yes", "no"]}
        case "case":
            return {"type": "string", "pattern": CASE}
        case "cases":
            entry = {"name": {"type": "string", "pattern": CASE}, "when": _TEXT}
            return {
                "anyOf": [
                    {"type": "object", "propertyNames": {"pattern": CASE}, "additionalProperties": _TEXT, "minProperties": 1},
                    {
                        "type": "array", "minItems": 1,
                        "items": {
                            "type": "object", "properties": entry, "required": ["name", "when"], "additionalProperties": False,
                        },
                    },
                ]
            }  # fmt: skip
        case "points":
            yes_no = {"type": "object", "properties": {"yes": _NUMBER, "no": _NUMBER}, "additionalProperties": False}
            cases = {"type": "object", "propertyNames": {"pattern": CASE}, "additionalProperties": _NUMBER}
            return {
                "type": "object", "minProperties": 1, "propertyNames": {"pattern": NAME},
                "additionalProperties": {"anyOf": [_NUMBER, yes_no, _table(SIGNAL_POINTS), cases]},
            }  # fmt: skip
        case "properties":
            declared = {"anyOf": [{"enum": list(FIELD_TYPES)}, _table(SECTIONS["fields"][1])]}
            return {"type": "object", "propertyNames": {"pattern": NAME}, "additionalProperties": declared}
        case "requires":
            return {
                "type": "object", "minProperties": 1, "propertyNames": {"pattern": NAME}, "additionalProperties": _TEXT,
            }  # fmt: skip
        case "handoffs":
            return {"type": "array", "items": _table(HANDOFF)}
        case "digest":
            return {"type": "string", "pattern": "^[0-9a-f]{64}$"}
        case _:
            assert_never(key.holds)


def lead_schema(model: Model) -> Schema:
    """JSON Schema of a definition's leads: fields with label, question and unit; more than these is kept and ignored.

    Choices are given as examples: a text outside them is kept, and equals none of them.
    """
    kinds = [
        {
            "properties": {
                "type": {"const": name},
                "properties": {
                    "type": "object",
                    "properties": {prop: _value(field) for prop, field in kind.properties.items()},
                },
            }
        }
        for name, kind in model.declared_activities.items()
    ]
    activity: Schema = {
        "type": "object",
        "properties": {"type": _TEXT, "at": _type("datetime"), "properties": {"type": ["object", "null"]}},
        "required": ["type", "at"],
        "anyOf": [*kinds, {"properties": {"type": {"not": {"enum": list(model.declared_activities)}}}}],
    }
    return {
        "$schema": DIALECT,
        "title": f"A lead of {model.name} ({model.version})",
        "type": "object",
        "properties": {
            **{name: _value(field) for name, field in model.declared_fields.items()},
            "activities": {
                "description": "What happened with the lead; null where the source can't tell.",
                "anyOf": [{"type": "null"}, {"type": "array", "items": activity}],
            },
        },
        "additionalProperties": True,
    }


def _value(field: Field) -> Schema:
    told: Schema = {"anyOf": [{"type": "null"}, _type(field.type)]}
    if field.label is not None:
        told["title"] = field.label
    words = " ".join(word for word in (field.ask, f"In {field.unit}." if field.unit else None) if word)
    if words:
        told["description"] = words
    if field.choices:
        told["examples"] = list(field.choices)
    return told


def _type(kind: FieldType) -> Schema:
    match kind:
        case "text":
            return {"type": "string"}
        case "number":
            return {"anyOf": [_NUMBER, _BLANK]}
        case "boolean":
            return {"anyOf": [{"type": "boolean"}, _BLANK]}
        case "date":
            return {"anyOf": [{"type": "string", "format": "date"}, _BLANK]}
        case "datetime":
            return {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "string"}]}
        case "list":
            return {"anyOf": [{"type": "array", "items": {"type": ["string", "null"]}}, _BLANK]}
        case _:
            assert_never(kind)


_BLANK: Schema = {"type": "string", "pattern": r"^\s*$", "description": "blank: missing"}

__all__ = ["file_schema", "lead_schema"]
