"""New fields as Odoo takes them.

By "ir.model.fields" of "External API" in Odoo's documents for developers: only a field whose state is manual becomes
one of its model, and its name begins with x_.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from qualify.adapters.records import NewProperty, PropertyType
from qualify.adapters.web import Table

TYPES: Mapping[PropertyType, str] = MappingProxyType(
    {
        "text": "char",
        "long text": "text",
        "number": "float",
        "boolean": "boolean",
        "date": "date",
        "datetime": "datetime",
    }
)
"""What Odoo calls our types."""


def described(new: NewProperty, model: object) -> Table:
    """A new field of the model with this id.

    >>> described(NewProperty("x_qualify_stage", "Qualify: Stage", "text"), 7)["ttype"]
    'char'
    """
    about = {"help": new.description} if new.description else {}
    return {
        "name": new.name,
        "field_description": new.label,
        "model_id": model,
        "ttype": TYPES[new.type],
        "state": "manual",
        **about,
    }
