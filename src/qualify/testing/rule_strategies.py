"""Rules that make sense, as a strategy: over fields of your own, over a definition's names, or over the standard ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from hypothesis import strategies as st

from qualify.definition.model import Model
from qualify.errors import QualifyError, nearest
from qualify.face import Definition
from qualify.rules import Rule
from qualify.rules.tree import (
    After,
    And,
    AtLeast,
    Before,
    Between,
    Compare,
    CompareOp,
    Has,
    Holds,
    In,
    InTheNext,
    Is,
    Known,
    Match,
    Name,
    Not,
    Number,
    OlderThan,
    Or,
    Within,
    WithinAfter,
)  # fmt: skip
from qualify.testing.literals import ELAPSED
from qualify.testing.worlds import Typist, World, standard_world, typed_rules, world_of
from qualify.vocabulary import FIELD_TYPES, FieldType, name_fault

_OPERATORS: tuple[CompareOp, ...] = get_args(CompareOp)


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


def rules_of(
    kind: type[Rule], fields: Mapping[str, FieldType] | Definition | Model | None = None
) -> st.SearchStrategy[Rule]:
    """Rules whose outermost node is of this kind, built as such; `is` of two tiers where the fields have none.

    >>> from hypothesis import given
    >>> from qualify.rules.tree import Not
    >>> @given(rules_of(Not))
    ... def a_not_is_one(rule):
    ...     assert str(rule).startswith("not ")
    >>> a_not_is_one()

    Raises QualifyError for what is no kind of rule.
    """
    if kind not in get_args(Rule):
        raise QualifyError(f"{getattr(kind, '__name__', kind)} is no kind of rule", code="bad-argument")
    return _of_kind(kind, _world(fields))


@st.composite
def _of_kind(draw: Any, kind: type[Rule], world: World) -> Rule:
    return _Smith(draw).made(kind, world)


class _Smith(Typist):
    def made(self, kind: type[Rule], world: World) -> Rule:
        if kind is And:
            return And(self.rules(world, 2))
        if kind is Or:
            return Or(self.rules(world, 2))
        if kind is Not:
            return Not(self.rule(world, 1))
        if kind is AtLeast:
            parts = tuple(dict.fromkeys(self.rules(world, 1)))
            return AtLeast(self.whole(1, len(parts)), parts)
        if kind is Is:
            tiers = world.tiers or {"company_size": ("small", "mid", "large"), "grade": ("A", "B", "C")}
            name = self.of(list(tiers))
            return Is(Name(name), self.of(tiers[name]), self.one_in(3))
        return self.plain(kind, world)

    def rules(self, world: World, least: int) -> tuple[Rule, ...]:
        return tuple(self.rule(world, 1) for _ in range(self.whole(least, 3)))

    def plain(self, kind: type[Rule], world: World) -> Rule:
        """A test of a field."""
        made = {
            Holds: self.holds,
            Known: self.known,
            In: self.one_of,
            Match: self.matching,
            Has: self.having,
            Compare: self.measured,
            Between: self.between,
        }
        if kind in made:
            return made[kind](world, 0)
        return self.dated(kind, world)

    def measured(self, world: World, depth: int) -> Rule:
        return Compare(self.number_term(world, 1), self.of(_OPERATORS), self.number())

    def between(self, world: World, depth: int) -> Rule:
        low, high = sorted((self.number().value, self.number().value))
        return Between(self.number_term(world, 1), Number(low), Number(high))

    def dated(self, kind: type[Rule], world: World) -> Rule:
        term, is_date = self.moment_term(world, 1)
        spans = tuple(span for span in ELAPSED if span.unit != "hour" or not is_date)
        if kind is After or kind is Before:
            return kind(term, self.moment_literal())
        if kind is WithinAfter:
            return WithinAfter(term, self.of(spans), self.anchor(world, 1))
        made: type[Within | OlderThan | InTheNext] = kind  # type: ignore[assignment]  # those are left
        return made(term, self.of(spans))


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


__all__ = ["rules", "rules_of"]
