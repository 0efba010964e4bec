"""Updates of contacts: many at once, an answer for each, and the bad one found where HubSpot refuses them all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from qualify.adapters.hubspot.portal import Portal, Refusal, Reply, Table, in_a_line
from qualify.adapters.hubspot.properties import ContactProperties
from qualify.adapters.records import Answer, Update
from qualify.errors import AdapterError
from qualify.values import kind_of


@dataclass(frozen=True, slots=True)
class _Input:
    """One update as HubSpot takes it; `at` is its place among those that were given."""

    at: int
    id: str
    properties: Mapping[str, str]


class Writer:
    """Writes properties of contacts."""

    def __init__(self, portal: Portal, properties: ContactProperties) -> None:
        self._portal, self._properties = portal, properties

    def write(self, updates: Sequence[Update]) -> list[Answer]:
        """An answer for each update, in their order.

        Raises AdapterError, with nothing written, where a property can't be written to at all.
        """
        inputs = [_Input(at, each.id, _texts(each)) for at, each in enumerate(updates)]
        self._properties.check(dict.fromkeys(name for each in inputs for name in each.properties))
        refused: dict[int, str] = {}
        # Of one contact twice in a batch HubSpot would take neither: the second goes with the next batch.
        while inputs:
            batch = {each.id: each for each in reversed(inputs)}
            self._write([each for each in inputs if batch[each.id] is each], refused)
            inputs = [each for each in inputs if batch[each.id] is not each]
        return [Answer(each.id, refused.get(at)) for at, each in enumerate(updates)]

    def _write(self, inputs: Sequence[_Input], refused: dict[int, str]) -> None:
        try:
            reply = self._portal.ask(
                "writing contacts",
                "crm.contacts.batch_api",
                "update",
                batch_input_simple_public_object_batch_input={
                    "inputs": [
                        {"id": each.id, "properties": dict(each.properties), "objectWriteTraceId": str(each.at)}
                        for each in inputs
                    ]
                },
            )
        except Refusal as why:
            if len(inputs) == 1:
                refused[inputs[0].at] = why.said
                return
            half = len(inputs) // 2  # one bad update makes HubSpot refuse all: find it, write the others
            self._write(inputs[:half], refused)
            self._write(inputs[half:], refused)
            return
        refused.update(_refused_in(reply, inputs))


def _refused_in(reply: Reply, inputs: Sequence[_Input]) -> dict[int, str]:
    """Which updates an answer doesn't show as written, and what it says of them.

    HubSpot counts more errors than it lists, so what was written is believed, never what was not complained of.
    """
    by_place = {str(each.at): each.at for each in inputs}
    by_id = {each.id: each.at for each in inputs}
    written: set[int] = set()
    for result in reply.tables("results"):
        trace, contact = str(result.get("objectWriteTraceId")), str(result.get("id"))
        at = by_place.get(trace, by_id.get(contact))
        if at is not None:
            written.add(at)
    said: dict[int, str] = {}
    for error in reply.tables("errors"):
        for at in _places(error, by_place, by_id):
            said[at] = in_a_line(error.get("message"))
    silent = "HubSpot did not write it, and does not say why"
    return {each.at: said.get(each.at) or silent for each in inputs if each.at not in written}


def _places(error: Table, by_place: Mapping[str, int], by_id: Mapping[str, int]) -> set[int]:
    context = error.get("context")
    found: set[int] = set()
    for key, named in context.items() if isinstance(context, dict) else ():
        places = by_place if key == "objectWriteTraceId" else by_id
        found.update(places[str(each)] for each in (named if isinstance(named, list) else ()) if str(each) in places)
    return found


def _texts(update: Update) -> dict[str, str]:
    """The properties of an update, all of them as the text that HubSpot takes."""
    properties = update.changes.get("properties")
    if update.changes.keys() != {"properties"} or not isinstance(properties, Mapping):
        other = ", ".join(sorted(key for key in update.changes if key != "properties"))
        raise AdapterError(
            "HubSpot's contacts are written in their 'properties' alone"
            + (f", not in {other}; name them properties.{other.split(', ')[0]} under [write]" if other else "")
        )
    return {str(name): text_of(value) for name, value in properties.items()}


def text_of(value: object) -> str:
    """A value as HubSpot takes it: text, and nothing at all to clear the property.

    >>> text_of(True), text_of(63), text_of(None), text_of(("a", "b"))
    ('true', '63', '', 'a;b')
    """
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | float() | Decimal():
            return format(Decimal(str(value)), "f")
        case datetime() if value.tzinfo is not None:
            return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        case date() if not isinstance(value, datetime):
            return value.isoformat()
        case list() | tuple() if all(isinstance(each, str) for each in value):
            return ";".join(value)
        case _:
            raise AdapterError(f"HubSpot's properties hold text, not {kind_of(value)}")


__all__ = ["Writer", "text_of"]
