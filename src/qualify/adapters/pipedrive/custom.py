"""Pipedrive's custom fields by their names: there they are called by 40 hex digits, and choices by numbers."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

from qualify.adapters.records import NewProperty, PropertyType
from qualify.adapters.web import Table
from qualify.errors import AdapterError, nearest

CUSTOM = "custom."
_CODE = re.compile("[0-9a-f]{40}")

TYPES: Mapping[PropertyType, str] = MappingProxyType(
    {"text": "varchar", "long text": "text", "number": "double", "date": "date", "datetime": "varchar"}
)
"""What Pipedrive calls our types (varchar: up to 255 characters). It has none for a moment, and none for yes and no."""


class CustomFields:
    """The custom fields of leads, which are those of deals.

    >>> fields = CustomFields([{"field_name": "Grade", "field_code": "d" * 40, "options": [{"id": 7, "label": "A"}]}])
    >>> fields.named({"d" * 40: 7}, ["Grade"]), fields.named({}, ["Grade"])
    ({'Grade': 'A'}, {'Grade': None})
    >>> fields.coded({"Grade": "A"}) == {"d" * 40: 7}
    True
    """

    def __init__(self, described: Sequence[Table]) -> None:
        self._codes: dict[str, str] = {}
        self._labels: dict[str, dict[str, object]] = {}
        self._twice: set[str] = set()
        for each in described:
            name, code, options = str(each.get("field_name")), str(each.get("field_code")), each.get("options")
            if not _CODE.fullmatch(code):
                continue
            if name in self._codes:
                self._twice.add(name)
            self._codes[name] = code
            if isinstance(options, list):
                self._labels[code] = {str(one.get("id")): one.get("label") for one in options if isinstance(one, dict)}

    @property
    def names(self) -> frozenset[str]:
        """What the custom fields are called."""
        return frozenset(self._codes)

    def named(self, row: Table, names: Sequence[str], optional: Collection[str] = ()) -> Table:
        """These fields of a lead by name; one that the lead doesn't have is null, as a field that nobody filled.

        Raises AdapterError for a field that isn't there, unless it is an optional one.
        """
        values: Table = {}
        for name in names:
            code = self._found(name) if name in optional else self._code(name)
            if code is not None:
                values[name] = self._label(code, row.get(code))
        return values

    def coded(self, values: Mapping[str, object]) -> Table:
        """Values by name as the API wants them; AdapterError for a field that isn't there."""
        coded: Table = {}
        for name, value in values.items():
            code = self._code(name)
            ids = {label: int(each) if each.isdigit() else each for each, label in self._labels.get(code, {}).items()}
            coded[code] = ids.get(value, value) if isinstance(value, str) else value
        return coded

    def _code(self, name: str) -> str:
        code = self._found(name)
        if code is None:
            near = nearest(name, self._codes)
            raise AdapterError(
                f"pipedrive has no custom field {name!r}" + (f"; did you mean {near!r}?" if near else "")
            )
        return code

    def _found(self, name: str) -> str | None:
        if name in self._twice:
            raise AdapterError(f"pipedrive has more than one custom field {name!r}; rename one")
        return self._codes.get(name)

    def _label(self, code: str, value: object) -> object:
        labels = self._labels.get(code)
        if not labels or value is None or isinstance(value, bool):
            return value
        if isinstance(value, str | int) and str(value) in labels:
            return labels[str(value)]
        if isinstance(value, str) and all(each in labels for each in value.split(",")):  # of several choices
            return [labels[each] for each in value.split(",")]
        return value


def label_of(new: NewProperty) -> str:
    """The name of a custom field that a mapping writes to.

    >>> label_of(NewProperty("Qualify stage", "Stage", "text", path="custom.Qualify stage"))
    'Qualify stage'
    """
    return (new.path or new.name).removeprefix(CUSTOM)


def fault_of(new: NewProperty) -> str | None:
    """Why no custom field can be made for it."""
    if new.path and not new.path.startswith(CUSTOM):
        return f"only a custom field can be made: write to {CUSTOM}NAME"
    if new.type not in TYPES:
        return 'it has no type for yes and no: write it as = "yes/no" or as = "text"'
    return None


def described(new: NewProperty) -> Table:
    """A new custom field as the API takes it.

    By "Create one deal field" of Pipedrive's API v2: a name, a type, a description; the code is the server's answer.
    """
    about = {"description": new.description} if new.description else {}
    return {"field_name": label_of(new), "field_type": TYPES[new.type], **about}
