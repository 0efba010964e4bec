"""New fields as Zoho CRM takes them.

By "Create Custom Fields" of Zoho CRM's API v8: a label, a type, lengths as in its table "Field Types: Data Types and
Length Limits". The API name can't be said: Zoho makes it from the label, with _ for each space.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from qualify.adapters.records import NewProperty, PropertyType
from qualify.adapters.web import Table

MOST_ABOUT = 255
TEXT: Table = {"data_type": "text", "length": 255}

TYPES: Mapping[PropertyType, Table] = MappingProxyType(
    {
        "text": TEXT,
        "long text": {"data_type": "textarea", "length": 32000, "textarea": {"type": "large"}},
        "number": {"data_type": "double", "length": 16, "decimal_place": 4},
        "boolean": {"data_type": "boolean"},
        "date": {"data_type": "date"},
        "datetime": TEXT,  # a moment is written with Z, and its own type takes an offset only
    }
)


def described(new: NewProperty) -> Table:
    """A new field whose API name will be this one's name.

    >>> described(NewProperty("Qualify_Stage", "Qualify: Stage", "text"))["field_label"]
    'Qualify Stage'
    """
    about = {"tooltip": {"name": "info_icon", "value": new.description[:MOST_ABOUT]}} if new.description else {}
    return {"field_label": new.name.replace("_", " "), **TYPES[new.type], **about}
