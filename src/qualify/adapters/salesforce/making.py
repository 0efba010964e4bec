"""New fields of a table, by the Tooling API; and who may see them.

By "CustomField" of Salesforce's Tooling API (its `Metadata` is the Metadata API's `CustomField`) and "FieldPermissions"
of its Object Reference. A field that is made so is seen by nobody, its maker included, until a permission set or a
profile lets them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from qualify.adapters.records import NewProperty, PropertyType
from qualify.adapters.salesforce.client import Client, Refused
from qualify.adapters.web import told
from qualify.errors import AdapterError

SUFFIX, MOST_LABEL, MOST_ABOUT = "__c", 40, 1000
ALREADY = "DUPLICATE_VALUE"
"""The permission set lets it be seen already."""

TYPES: Mapping[PropertyType, Mapping[str, object]] = MappingProxyType(
    {
        "text": {"type": "Text", "length": 255},
        "long text": {"type": "LongTextArea", "length": 32768, "visibleLines": 3},
        "number": {"type": "Number", "precision": 18, "scale": 4},
        "boolean": {"type": "Checkbox", "defaultValue": "false"},
        "date": {"type": "Date"},
        "datetime": {"type": "DateTime"},
    }
)
"""What Salesforce calls our types, and what more it wants to know of each."""


class FieldMaker:
    """Makes fields of one table, and lets those see them who have a permission set, where one is named."""

    def __init__(self, client: Client, table: str, permission_set: str) -> None:
        self._client, self._table, self._permission_set = client, table, permission_set
        self._there: frozenset[str] | None = None
        self._parent: str | None = None

    def make(self, new: NewProperty) -> str | None:
        """Make a field, unless it is there and only isn't seen; gives Salesforce's answer where it refuses."""
        try:
            if new.name not in self._fields():
                self._send("tooling/sobjects/CustomField", described(self._table, new))
            return self._let_see(new) if self._permission_set else None
        except Refused as why:
            return why.answer

    def _let_see(self, new: NewProperty) -> str | None:
        try:
            self._send("sobjects/FieldPermissions", self._permission(new))
        except Refused as why:
            return None if why.answer.startswith(ALREADY) else f"made, but {why.answer}"
        return None

    def forget(self) -> None:
        """Ask anew which fields there are."""
        self._there = None

    def _fields(self) -> frozenset[str]:
        """The table's custom fields, also those that this user doesn't see."""
        if self._there is None:
            soql = f"SELECT DeveloperName, NamespacePrefix FROM CustomField WHERE TableEnumOrId = '{self._table}'"
            rows = self._rows("tooling/query", soql)
            own = [row for row in rows if not row.get("NamespacePrefix")]
            self._there = frozenset(f"{row.get('DeveloperName')}{SUFFIX}" for row in own)
        return self._there

    def _permission(self, new: NewProperty) -> dict[str, object]:
        if self._parent is None:
            rows = self._rows("query", f"SELECT Id FROM PermissionSet WHERE Name = '{self._permission_set}'")
            if not rows:
                raise AdapterError(
                    f"salesforce has no permission set {self._permission_set!r}; its API name is asked for"
                )
            self._parent = str(rows[0].get("Id"))
        return {
            "ParentId": self._parent,
            "SobjectType": self._table,
            "Field": f"{self._table}.{new.name}",
            "PermissionsRead": True,
            "PermissionsEdit": True,
        }

    def _rows(self, path: str, soql: str) -> Sequence[Mapping[str, Any]]:
        said = self._client.send(path, "GET", parameters={"q": soql})
        rows = said.get("records") if isinstance(said, Mapping) else None
        return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []

    def _send(self, path: str, body: Mapping[str, object]) -> None:
        said = self._client.send(path, "POST", dict(body))
        if not isinstance(said, Mapping) or said.get("success") is not True:
            errors = said.get("errors") if isinstance(said, Mapping) else None
            first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], Mapping) else {}
            answer = told(first.get("statusCode"), first.get("message"))
            raise Refused("Salesforce doesn't make a field", answer)


def described(table: str, new: NewProperty) -> dict[str, object]:
    """A new field as the Tooling API takes it.

    >>> described("Lead", NewProperty("Qualify_Stage__c", "Qualify: Stage", "text"))["FullName"]
    'Lead.Qualify_Stage__c'
    """
    about = {"description": new.description[:MOST_ABOUT]} if new.description else {}
    metadata = {"label": new.label[:MOST_LABEL], **TYPES[new.type], **about}
    return {"FullName": f"{table}.{new.name}", "Metadata": metadata}


def unseen(table: str) -> str:
    """What is left to a person, where a field is there and this user doesn't see it."""
    return (
        "it is there, but this user may not see it: let the user edit it (Setup, Object Manager, "
        f"{table}, Fields & Relationships, the field, Set Field-Level Security), or name a permission set of the "
        "user's with --option permission_set=NAME"
    )


__all__ = ["FieldMaker", "described", "unseen"]
