"""Rules that make sense, as a strategy: over fields of your own, over a definition's names, or over the standard ones."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import strategies as st

from qualify.definition.model import Model
from qualify.errors import QualifyError, nearest
from qualify.face import Definition
from qualify.rules import Rule
from qualify.testing.worlds import World, standard_world, typed_rules, world_of
from qualify.vocabulary import FIELD_TYPES, FieldType, name_fault


def rules(fields: Mapping[str, FieldType] | Definition | Model | None = None) -> st.SearchStrategy[Rule]:
    """Rules that pass the type check over these fields: names and their types.

    A definition gives its fields, lists, activities and adopted facts; without anything it is the standard fields and
    activities. What is drawn is a tree of `qualify.rules`: `str(rule)` is its text, and it shrinks to the plainest.

    >>> from hypothesis import given
    >>> from qualify.rules import parse
    >>> @given(rules({"employees": "number", "press_type": "text"}))
    ... def what_is_typed_is_what_is_meant(rule):
    ...     assert parse(str(rule)) == rule
    >>> what_is_typed_is_what_is_meant()

    Raises QualifyError for a name that can't be a field's, or a type that there isn't.
    """
    return typed_rules(_world(fields))


def _world(fields: Mapping[str, FieldType] | Definition | Model | None) -> World:
    match fields:
        case None:
            return standard_world()
        case Definition():
            return world_of(fields.model)
        case Model():
            return world_of(fields)
        case Mapping():
            return World(fields=_checked(fields))
        case _:
            raise QualifyError(
                f"rules() takes a mapping of names to types, a definition, or nothing, not {type(fields).__name__}",
                code="bad-argument",
            )


def _checked(fields: Mapping[str, FieldType]) -> dict[str, FieldType]:
    if not fields:
        raise QualifyError("rules() needs at least one field to speak of", code="bad-argument")
    for name, kind in fields.items():
        if fault := name_fault(name):
            raise QualifyError(f"field {name!r}: {fault}", code="bad-name")
        if kind not in FIELD_TYPES:
            near = nearest(str(kind), FIELD_TYPES)
            meant = f"did you mean {near!r}?" if near else f"there are {', '.join(FIELD_TYPES)}"
            raise QualifyError(f"field {name!r}: unknown type {str(kind)!r}; {meant}", code="bad-type")
    return dict(fields)


__all__ = ["rules"]
