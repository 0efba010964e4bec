"""Which fields of Tryton's models a mapping's paths name, and how values are sent to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from qualify.adapters.tryton.server import Server
from qualify.errors import AdapterError, nearest
from qualify.mapping.paths import parts_of

Fields = Mapping[str, Mapping[str, Any]]


class Models:
    """The models of one database, as their `fields_get` describes them to this user."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._known: dict[str, dict[str, Mapping[str, Any]]] = {}
        self._looked_for: dict[str, set[str]] = {}

    def fields(self, model: str, names: Iterable[str]) -> Fields:
        """Those of these fields that the model has. Each is asked for once: describing all takes a server long."""
        known, looked_for = self._known.setdefault(model, {}), self._looked_for.setdefault(model, set())
        wanted = sorted(set(names) - looked_for)
        if wanted:
            known |= self._described(model, wanted)
            looked_for.update(wanted)
        return known

    def has(self, model: str, name: str) -> bool:
        """Whether a dotted name can be read."""
        first, *rest = name.split(".")
        field = self.fields(model, [first]).get(first)
        target = None if field is None else field.get("relation")
        return field is not None and (not rest or (isinstance(target, str) and self.has(target, ".".join(rest))))

    def asked(self, model: str, paths: Iterable[str], ours: Iterable[str]) -> list[str]:
        """The names to read, so that these paths of the mapping are in the record.

        `ours` are the adapter's own mapping's, which are left out where the database lacks them: a party has no
        `state`. Raises AdapterError for any other that isn't there.
        """
        optional, names = set(ours), list[str]()
        dotted = {path: names_of(path) for path in paths}
        self.learn(model, [name for each in dotted.values() for name in each])
        for path, each in dotted.items():
            if all(self.has(model, name) for name in each):
                names += each
            elif path not in optional:
                raise AdapterError(self._unknown(model, path))
        return list(dict.fromkeys(names))

    def learn(self, model: str, names: Iterable[str]) -> None:
        """Ask for all fields of a model at once, then for those of the models that they lead to."""
        below: dict[str, list[str]] = {}
        for name in names:
            first, _, rest = name.partition(".")
            below.setdefault(first, []).extend([rest] if rest else [])
        fields = self.fields(model, below)
        further: dict[str, list[str]] = {}
        for first, rest_of in below.items():
            target = fields.get(first, {}).get("relation")
            if rest_of and isinstance(target, str):
                further.setdefault(target, []).extend(rest_of)
        for target, rest_of in further.items():
            self.learn(target, rest_of)

    def _described(self, model: str, names: list[str] | None) -> Fields:
        said = self._server.call(f"model.{model}.fields_get", names, {})
        return said if isinstance(said, dict) else {}

    def _unknown(self, model: str, path: str) -> str:
        near = nearest(names_of(path)[0].split(".")[0], self._described(model, None))
        return f"tryton: {model} has no {path!r}" + (f"; did you mean {near!r}?" if near else "")


def names_of(path: str) -> list[str]:
    """The dotted names that a path needs: in a record `party.` is the party, to be read is `party.name`.

    >>> names_of("party..name"), names_of("party..addresses..0.country..code"), names_of("state")
    (['party.name'], ['party.addresses.country.code'], ['state'])
    >>> names_of("party..contact_mechanisms.[type=email].value")
    ['party.contact_mechanisms.value', 'party.contact_mechanisms.type']
    """
    names, beside = list[str](), list[str]()
    for part in parts_of(path):
        name, picked, key = part.partition("[")
        if name and not name.isdecimal() and name != "*":
            names.append(name)
        if picked:
            beside.append(".".join([*names, key.partition("=")[0].rstrip(".")]))
    return [".".join(names), *beside]


def sent(value: object, kind: object) -> object:
    """A value as a field of this type takes it: what JSON has no form for is tagged.

    >>> sent("12.5", "numeric"), sent("2026-11-30", "date")
    ({'__class__': 'Decimal', 'decimal': '12.5'}, {'__class__': 'date', 'year': 2026, 'month': 11, 'day': 30})
    """
    if value is None:
        return None
    try:
        match kind:
            case "numeric":
                return {"__class__": "Decimal", "decimal": str(Decimal(str(value)))}
            case "integer" | "float":
                number = Decimal(str(value))
                return int(number) if kind == "integer" else float(number)
            case "date":
                day = value if isinstance(value, date) else datetime.fromisoformat(str(value)).date()
                return {"__class__": "date", "year": day.year, "month": day.month, "day": day.day}
            case "datetime" | "timestamp":
                moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
                return tagged(moment)
    except (ValueError, InvalidOperation, OverflowError):
        pass  # as it is: the server says what is wrong with it
    return value if isinstance(value, str | bool | int | float) else str(value)


def tagged(moment: datetime) -> dict[str, object]:
    """A moment as Tryton sends and takes it: in UTC, which isn't said."""
    if moment.tzinfo is not None:
        moment = (moment - (moment.utcoffset() or moment - moment)).replace(tzinfo=None)
    parts = ("year", "month", "day", "hour", "minute", "second", "microsecond")
    return {"__class__": "datetime", **{part: getattr(moment, part) for part in parts}}


__all__ = ["Models", "names_of", "sent", "tagged"]
