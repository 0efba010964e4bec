"""A lead as a definition sees it: its fields read, its activities as instants, by kind.

Whatever comes in (a `Lead`, a dict, any object with the definition's fields) goes through here, for every
evaluator alike, so that all of them see the same and refuse the same.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from functools import cache
from math import isfinite
from typing import TYPE_CHECKING, Any, TypeAlias

from qualify.definition.model import Fact, Model
from qualify.definition.order import trees_of
from qualify.engine.clock import zone_of
from qualify.errors import LeadError
from qualify.rules.reads import walk
from qualify.rules.tree import AnyOf, Name, Selection, Total
from qualify.text import clean
from qualify.values import (
    READERS,
    Unreadable,
    Value,
    amount_in_ten_thousandths,
    instant,
    is_missing,
    kind_of,
    read_activity,
)
from qualify.vocabulary import STANDARD_FIELDS, FieldType

if TYPE_CHECKING:
    from qualify.lead import Lead

Event: TypeAlias = tuple[datetime, Mapping[str, Value | None]]
"""When (in UTC), and what is said of it."""


MOST_REMEMBERED = 10_000
LONGEST_REMEMBERED = 300


class Events(dict[str, list[Event]]):
    """What happened, by type; a type that did not happen is absent."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What a definition sees of one lead; a field that is absent is missing."""

    fields: Mapping[str, Value | None]
    events: Events | None


@cache
def _lead_class() -> type[Lead]:
    from qualify.lead import Lead  # pydantic is loaded only where leads are models

    return Lead


def _activity_class() -> object:
    """Activities that have been read already are of this class; nobody has one before its room is loaded."""
    room = sys.modules.get("qualify.lead")
    return None if room is None else getattr(room, "Activity", None)


def domain_of(email: str | None) -> str | None:
    """What follows the last `@` of an e-mail address."""
    if not email or "@" not in email:
        return None
    return clean(email.rpartition("@")[2]) or None


class Reader:
    """Reads leads for one definition."""

    def __init__(self, model: Model) -> None:
        self.zone: tzinfo = zone_of(model.timezone)
        self.kinds: dict[str, FieldType] = {name: field.type for name, field in model.declared_fields.items()}
        self.own = tuple((name, kind) for name, kind in self.kinds.items() if name not in STANDARD_FIELDS)
        trees = [tree for fact in _evaluated(model) for tree in trees_of(fact)]
        self.reads_activities = any(isinstance(node, Selection) for tree in trees for node, _ in walk(tree))
        summed = {
            (kind, node.amount)
            for tree in trees for node, _ in walk(tree) if isinstance(node, Total)
            for kind in types_of(node.selection, model)
        }  # fmt: skip
        self.properties: dict[str, tuple[tuple[str, FieldType, bool], ...]] = {
            name: tuple((prop, field.type, (name, prop) in summed) for prop, field in declared.properties.items())
            for name, declared in model.declared_activities.items()
        }
        self.plain_said: dict[str, dict[str, type]] = {
            name: {prop: _PLAIN_SAID[kind] for prop, kind, summed in listed if kind in _PLAIN_SAID and not summed}
            for name, listed in self.properties.items()
        }
        self.clean_texts: set[str] = set()
        self.plain: dict[str, frozenset[type]] = {name: _PLAIN[kind] for name, kind in self.kinds.items()}

    def lead_id(self, lead: object) -> str | None:
        """The id of any kind of lead, for a message or a verdict."""
        found = lead.get("id") if isinstance(lead, Mapping) else getattr(lead, "id", None)
        return (clean(found) or None) if isinstance(found, str) else None

    def fields(self, lead: object) -> Mapping[str, Any]:
        """The fields of any kind of lead, read; LeadError for a value that is not of its type.

        Texts of a plain dict may still have white space around them (or be nothing else): the compiled function
        cleans them when it meets a new one. `read` cleans all of them.
        """
        if type(lead) is dict:
            plain = self.plain
            for name, value in lead.items():
                if name in plain and value.__class__ not in plain[name] and not self._is_plain(name, value):
                    return self._read(lead.items(), lead)
            return lead
        if isinstance(lead, Mapping):
            return self._read(lead.items(), lead)
        if isinstance(lead, _lead_class()):
            return self._of_model(lead)
        return self._of_object(lead)

    def _is_plain(self, name: str, value: object) -> bool:
        """Whether a value of another type than most needs no reading either."""
        kind = self.kinds[name]
        if value.__class__ is float:
            return kind == "number" and isfinite(value)
        return value.__class__ is datetime and kind == "datetime" and value.tzinfo in (None, UTC)

    def read(self, lead: object) -> Mapping[str, Any]:
        """The same, every text cleaned."""
        return self._read(self.fields(lead).items(), lead)

    def _of_model(self, lead: Lead) -> Mapping[str, Any]:
        """A `Lead` was read when it was made; what this definition adds to it, only if its model knew of it."""
        fields = lead.__dict__
        if not self.own:
            return fields
        extra = lead.__pydantic_extra__ or {}
        own = {name: (fields if name in fields else extra).get(name) for name, _ in self.own}
        if lead.declared == self.own:
            return {**fields, **own} if extra else fields
        return {**fields, **self._read(own.items(), lead)}

    def _of_object(self, lead: object) -> Mapping[str, Any]:
        found: dict[str, Any] = {}
        for name in (*self.kinds, "activities"):
            try:
                found[name] = getattr(lead, name)
            except AttributeError:
                continue
            except Exception as why:  # a property of a stranger's class; its message may hold a value
                raise LeadError(
                    field=name, expected="a value", found=f"an error of its own ({type(why).__name__})"
                ) from None
        if not any(name in found for name in self.kinds) or isinstance(lead, type):
            raise LeadError(
                field=None,
                expected="a lead: a Lead, a dict, or an object with the definition's fields",
                found=kind_of(lead),
            )
        return self._read(found.items(), lead)

    def _read(self, items: Iterable[tuple[str, Any]], lead: object) -> dict[str, Any]:
        read: dict[str, Any] = {}
        for name, value in items:
            kind = self.kinds.get(name)
            if kind is None:
                if name == "activities":
                    read[name] = value
                continue
            try:
                read[name] = None if is_missing(value) else READERS[kind](value)
            except Unreadable as why:
                raise LeadError(
                    field=name, expected=why.expected, found=why.found, lead_id=self.lead_id(lead)
                ) from None
        return read

    def events(self, activities: object, until: datetime, lead: object) -> Events | None:
        """Activities by type, those after `until` left out, since they have not happened yet.

        They are looked at where the definition speaks of activities at all. What they are added up by has to be an
        exact amount.
        """
        if activities is None or not self.reads_activities:
            return None
        if isinstance(activities, Events):  # read before, at the same moment
            return activities
        found: dict[str, list[Event]] = {}
        try:
            if isinstance(activities, str | bytes | Mapping) or not isinstance(activities, Iterable):
                raise LeadError(field="activities", expected="a list of activities", found=kind_of(activities))
            activity, plain_said, clean_texts, zone = _activity_class(), self.plain_said, self.clean_texts, self.zone
            given: Any
            kind: Any
            at: Any
            said: Any
            for given in activities:
                its_own = given.__class__ is activity
                parts = given.__dict__ if its_own else given if given.__class__ is dict else _NOTHING
                kind, at, said = parts.get("type"), parts.get("at"), parts.get("properties", _NOTHING)
                read = False
                if kind.__class__ is str and at.__class__ is datetime and said.__class__ is dict and kind in plain_said:
                    plain = plain_said[kind]
                    for name, value in said.items():  # nearly all that is said is declared and needs no reading
                        if value.__class__ is str:
                            if value not in clean_texts or plain.get(name) is not str:
                                break
                        elif value.__class__ is not plain.get(name):
                            break
                    else:
                        read = len(said) < 2 or list(said) == [name for name in plain if name in said]
                if not its_own:
                    if read:
                        said = said.copy()  # its owner may change it
                    else:
                        kind, at, said = read_activity(given)
                if kind not in plain_said:
                    continue
                if at.tzinfo is not UTC:
                    at = instant(at if at.tzinfo is not None else at.replace(tzinfo=zone, fold=0))
                if at > until:
                    continue
                event = (at, self._said(kind, said) if said and not read and self.properties[kind] else said)
                listed = found.get(kind)
                if listed is None:
                    found[kind] = [event]
                else:
                    listed.append(event)
        except LeadError as why:
            raise why.of(self.lead_id(lead)) from None
        except Unreadable as why:
            raise LeadError(
                field="activities: at", expected=why.expected, found=why.found, lead_id=self.lead_id(lead)
            ) from None
        return Events(found)

    def _said(self, kind: str, said: Mapping[str, Any]) -> dict[str, Value | None]:
        read: dict[str, Value | None] = {}
        for prop, type_, summed in self.properties[kind]:
            value = said.get(prop)
            if value is None:
                continue
            try:
                value = None if is_missing(value) else READERS[type_](value)
                if summed and value is not None:
                    amount_in_ten_thousandths(value)  # type: ignore[arg-type]
            except Unreadable as why:
                raise LeadError(field=f"activities: {kind}.{prop}", expected=why.expected, found=why.found) from None
            read[prop] = value
            if value.__class__ is str and len(value) <= LONGEST_REMEMBERED:
                if len(self.clean_texts) >= MOST_REMEMBERED:
                    self.clean_texts = set()
                self.clean_texts.add(value)
        return read

    def sight(self, lead: object, until: datetime) -> Sight:
        """Everything a definition sees of a lead at a moment, each text cleaned."""
        fields = dict(self.read(lead))
        activities = fields.pop("activities", None)
        if fields.get("email_domain") is None:
            fields["email_domain"] = domain_of(fields.get("email"))
        return Sight(fields, self.events(activities, until, lead))


def _evaluated(model: Model) -> list[Fact]:
    facts: list[Fact] = [
        *model.traits.values(),
        *model.tiers.values(),
        *model.signals.values(),
        *model.scores.values(),
    ]
    return [fact for fact in facts if fact.status != "retired"]


def types_of(selection: Selection, model: Model) -> tuple[str, ...]:
    """The types of activity that a selection can hold, through signals."""
    of = selection.of
    while isinstance(of, Name) and of.name in model.signals:
        of = model.signals[of.name].each.of
    if isinstance(of, Name):
        return (of.name,)
    return of.names if isinstance(of, AnyOf) else tuple(model.declared_activities)


def properties_of(selection: Selection, model: Model) -> Mapping[str, FieldType]:
    """The types of the properties that all activities of a selection can have."""
    found: dict[str, FieldType] = {}
    for kind in types_of(selection, model):
        found.update({name: field.type for name, field in model.declared_activities[kind].properties.items()})
    return found


_PLAIN: Mapping[FieldType, frozenset[type]] = {
    "text": frozenset({str, type(None)}),
    "number": frozenset({int, type(None)}),
    "boolean": frozenset({bool, type(None)}),
    "date": frozenset({date, type(None)}),
    "datetime": frozenset({type(None)}),
    "list": frozenset({type(None)}),
}
"""Types of values that need no reading at all."""

_NOTHING: dict[str, Any] = {}
_PLAIN_SAID: Mapping[FieldType, type] = {"text": str, "number": int, "boolean": bool}
"""Types of an activity's properties that need none, for a text once it is known to be clean."""

__all__ = ["Event", "Events", "Reader", "Sight", "domain_of", "properties_of", "types_of"]
