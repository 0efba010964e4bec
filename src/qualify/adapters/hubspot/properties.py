"""The account's properties of contacts: which there are, which can't be written, and new ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from qualify.adapters.hubspot.portal import Portal, Reply, in_a_line
from qualify.adapters.records import NewProperty, PropertyType
from qualify.errors import AdapterError, nearest

GROUP, GROUP_LABEL = "qualify", "Qualification"

TYPES: Mapping[PropertyType, tuple[str, str]] = MappingProxyType({
    "text": ("string", "text"),
    "long text": ("string", "textarea"),
    "number": ("number", "number"),
    "boolean": ("bool", "booleancheckbox"),
    "date": ("date", "date"),
    "datetime": ("datetime", "date"),
})  # fmt: skip
"""What HubSpot calls our types: its `type` and `fieldType`."""

YES_AND_NO = [
    {"label": "Yes", "value": "true", "displayOrder": 0, "hidden": False},
    {"label": "No", "value": "false", "displayOrder": 1, "hidden": False},
]


class ContactProperties:
    """What the account says of its contacts' properties, asked for once."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._read_only: dict[str, bool] | None = None

    def _known(self) -> dict[str, bool]:
        if self._read_only is None:
            reply = self._portal.ask(
                "reading the properties of contacts", "crm.properties.core_api", "get_all", "contacts"
            )
            self._read_only = {str(each.get("name")): _kept_by_hubspot(each) for each in reply.tables("results")}
        return self._read_only

    def check(self, names: Iterable[str]) -> None:
        """AdapterError for a property that isn't there, or that HubSpot keeps for itself: nothing is written then."""
        known = self._known()
        for name in names:
            if name not in known:
                near = nearest(name, known)
                hint = f", or did you mean '{near}'?" if near else ""
                raise AdapterError(
                    f"HubSpot's contacts have no property '{name}' to write to: make it with --setup{hint}"
                )
            if known[name]:
                raise AdapterError(
                    f"HubSpot keeps '{name}' itself and lets nobody write it; name another property under [write]"
                )

    def missing(self, wanted: Sequence[NewProperty]) -> list[NewProperty]:
        """Those that the account doesn't have."""
        return [each for each in wanted if each.name not in self._known()]

    def create(self, properties: Sequence[NewProperty]) -> None:
        """Make those that aren't there, in a group of their own."""
        self._read_only = None  # somebody may have made one since we asked; a second try must do no harm
        new = self.missing(properties)
        if not new:
            return
        self._make_group()
        reply = self._portal.ask(
            "making properties",
            "crm.properties.batch_api",
            "create",
            "contacts",
            batch_input_property_create={"inputs": [_described(each) for each in new]},
        )
        self._read_only = None
        if left := self.missing(new):
            why = "; ".join(dict.fromkeys(in_a_line(each.get("message")) for each in reply.tables("errors")))
            names = ", ".join(each.name for each in left)
            raise AdapterError(f"HubSpot did not make {names}: {why or 'it does not say why'}")

    def _make_group(self) -> None:
        groups: Reply = self._portal.ask(
            "reading the groups of properties", "crm.properties.groups_api", "get_all", "contacts"
        )
        if not any(each.get("name") == GROUP for each in groups.tables("results")):
            self._portal.ask(
                "making a group of properties", "crm.properties.groups_api", "create", "contacts",
                property_group_create={"name": GROUP, "label": GROUP_LABEL},
            )  # fmt: skip


def _kept_by_hubspot(definition: Mapping[str, Any]) -> bool:
    modification = definition.get("modificationMetadata")
    return isinstance(modification, Mapping) and modification.get("readOnlyValue") is True


def _described(new: NewProperty) -> dict[str, object]:
    kind, shown_as = TYPES[new.type]
    described: dict[str, object] = {
        "name": new.name,
        "label": new.label,
        "type": kind,
        "fieldType": shown_as,
        "groupName": GROUP,
        "description": new.description,
    }
    return {**described, "options": YES_AND_NO} if new.type == "boolean" else described


__all__ = ["GROUP", "ContactProperties"]
