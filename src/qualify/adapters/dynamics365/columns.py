"""New columns as Dataverse takes them.

By "Create and update column definitions using the Web API" of Microsoft's documents; that a label in the base language
must be there, by its "Customize labels to support multiple languages".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from qualify.adapters.records import NewProperty, PropertyType
from qualify.adapters.web import Table

MOST = 100_000_000_000
"""The largest number that a decimal column may hold, and the smallest below nothing."""

KINDS: Mapping[PropertyType, tuple[str, Table]] = MappingProxyType(
    {
        "text": ("String", {"FormatName": {"Value": "Text"}, "MaxLength": 255}),
        "long text": ("Memo", {"Format": "TextArea", "MaxLength": 32000}),
        "number": ("Decimal", {"MinValue": -MOST, "MaxValue": MOST, "Precision": 4}),
        "boolean": ("Boolean", {"DefaultValue": False}),
        "date": ("DateTime", {"Format": "DateOnly"}),
        "datetime": ("DateTime", {"Format": "DateAndTime"}),
    }
)
"""What Dataverse calls our types, and what more it wants to know of each."""


def described(new: NewProperty, language: int) -> Table:
    """A new column, with labels in this language."""
    kind, more = KINDS[new.type]

    def label(text: str) -> Table:
        said = {"@odata.type": "Microsoft.Dynamics.CRM.LocalizedLabel", "Label": text, "LanguageCode": language}
        return {"@odata.type": "Microsoft.Dynamics.CRM.Label", "LocalizedLabels": [said]}

    column: Table = {
        "@odata.type": f"Microsoft.Dynamics.CRM.{kind}AttributeMetadata",
        "AttributeType": kind,
        "AttributeTypeName": {"Value": f"{kind}Type"},
        "SchemaName": new.name,
        "DisplayName": label(new.label),
        "Description": label(new.description or new.label),
        "RequiredLevel": {
            "Value": "None", "CanBeChanged": True, "ManagedPropertyLogicalName": "canmodifyrequirementlevelsettings",
        },
        **more,
    }  # fmt: skip
    return {**column, "OptionSet": _yes_and_no(label)} if new.type == "boolean" else column


def _yes_and_no(label: Callable[[str], Table]) -> Table:
    return {
        "TrueOption": {"Value": 1, "Label": label("Yes")},
        "FalseOption": {"Value": 0, "Label": label("No")},
        "OptionSetType": "Boolean",
    }
