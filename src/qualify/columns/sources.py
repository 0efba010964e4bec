"""What the translator is told of the tables that come in: which columns there are, and how each is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from qualify.columns.expressions import Stored


@dataclass(frozen=True, slots=True)
class Sources:
    """The leads' columns and the activities', by name; `activities` is None where nothing is told of what happened.

    `fields` says which column a field stands in, where that isn't called as the field is. A field that stands in no
    column is unknown of every lead, and a property of every activity.
    """

    leads: Mapping[str, Stored]
    activities: Mapping[str, Stored] | None = None
    fields: Mapping[str, str] = field(default_factory=dict)

    def column_of(self, name: str) -> str:
        """The column that a field stands in."""
        return self.fields.get(name, name)

    def stored(self, name: str) -> Stored | None:
        """How a field is stored; None where it stands in no column."""
        return self.leads.get(self.column_of(name))
