"""Pipedrive's custom fields by their names: there they are called by 40 hex digits, and choices by numbers."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from qualify.adapters.web import Table
from qualify.errors import AdapterError, nearest

CUSTOM = "custom."
_CODE = re.compile("[0-9a-f]{40}")


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
