"""Which columns a query asks for: those that the mapping reads and that the table has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any

from qualify.errors import AdapterError, nearest

_COMPOUND = {"address", "location"}

Describe = Callable[[str], Mapping[str, Any]]


class TableColumns:
    """The columns of a table as Salesforce describes it, for the user who asks: what they may not see isn't there."""

    def __init__(self, table: str, describe: Describe) -> None:
        self.table, self._describe = table, describe

    @cached_property
    def fields(self) -> Mapping[str, Mapping[str, Any]]:
        """Every column's description, by name."""
        return {str(each["name"]): each for each in self._describe(self.table).get("fields") or ()}

    @cached_property
    def parents(self) -> Mapping[str, str]:
        """The tables that a record points to, by the name under which it has them: `{"Account": "Account"}`."""
        found: dict[str, str] = {}
        for each in self.fields.values():
            name, targets = each.get("relationshipName"), each.get("referenceTo") or []
            if name and targets:  # an owner is a group or a user; both have what is asked of it
                found[str(name)] = "User" if "User" in targets else str(targets[0])
        return found

    def asked(self, properties: Iterable[str], ours: Iterable[str]) -> list[str]:
        """What to ask for so that these properties (names or paths, as in the mapping) are in the record.

        `ours` are those of the adapter's own mapping: they are left out where this Salesforce hasn't got them (a
        Lead has no `Account`, and `CountryCode` is there only where it is switched on). Raises AdapterError for any
        other that isn't there.
        """
        optional, columns = set(ours), ["Id", "SystemModstamp"]
        for path in properties:
            if not path or path.startswith("attributes"):
                continue
            column = self._column(path)
            if column is not None:
                columns.append(column)
            elif path not in optional:
                raise AdapterError(self._unknown(path))
        return list(dict.fromkeys(columns))

    def _column(self, path: str) -> str | None:
        first, _, rest = path.partition(".")
        if first in self.fields:  # an address has parts, which come with it
            return first if not rest or self.fields[first].get("type") in _COMPOUND else None
        if rest and first in self.parents:
            inner = TableColumns(self.parents[first], self._describe)._column(rest)
            return None if inner is None else f"{first}.{inner}"
        return None

    def _unknown(self, path: str) -> str:
        near = nearest(path, [*self.fields, *self.parents])
        hint = f"; did you mean {near!r}?" if near else ""
        return f"salesforce: {self.table} has no {path!r}, or this user may not see it{hint}"


def shaped(row: Mapping[str, str], columns: TableColumns) -> dict[str, Any]:
    """A row of a bulk answer (all text) as the record that a query page would hold."""
    record: dict[str, Any] = {}
    for name, text in row.items():
        *above, last = name.split(".")
        place, described = record, columns
        for each in above:
            place = place.setdefault(each, {})
            described = TableColumns(described.parents.get(each, each), columns._describe)
        place[last] = _typed(text, described.fields.get(last, {}).get("type"))
    for name in columns.parents:  # a parent that isn't there is null, and no table of nothing
        if name in record and _is_empty(record[name]):
            record[name] = None
    return record


def _typed(text: str, kind: object) -> object:
    if text == "":
        return None
    match kind:
        case "boolean":
            return text == "true"
        case "int" | "double" | "currency" | "percent":
            number = float(text)
            return int(number) if number.is_integer() else number
        case _:
            return text


def _is_empty(value: object) -> bool:
    return value is None or (isinstance(value, dict) and all(_is_empty(each) for each in value.values()))


__all__ = ["TableColumns", "shaped"]
