"""What a mapping says, as immutable values: the table that a file is read into and written from.

Nothing is computed here. `type` of a field map is the field's declared type, or what its `as` gives, or
None where nobody said; it is resolved when the mapping is loaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from qualify.vocabulary import FieldType

Word: TypeAlias = str | bool | int | float
"""A value as a mapping's file can name it: in `placeholders`, `labels` and `null`."""


@dataclass(frozen=True, slots=True)
class FieldMap:
    """Where one field comes from and how it is read.

    `sources` are names or paths, the first that is known counts. `placeholders` is None where the mapping's
    are meant, and empty where none are. `any` says that one yes of the sources is a yes; `always` is what it is
    whatever a record says, and has no sources; `currency` and `time` are the properties that stand beside it.
    """

    name: str
    sources: tuple[str, ...]
    as_: str | None = None
    format: str | None = None
    separator: str | None = None
    labels: tuple[tuple[str, Word], ...] = ()
    invert: bool = False
    null: Word | tuple[str, ...] | None = None
    placeholders: tuple[Word, ...] | None = None
    lenient: bool = False
    type: FieldType | None = None
    any: bool = False
    always: Word | None = None
    currency: str | None = None
    time: str | None = None

    @property
    def reads(self) -> tuple[str, ...]:
        """Every property that the field comes from, those that stand beside it too."""
        return (*self.sources, *(each for each in (self.currency, self.time) if each is not None))


@dataclass(frozen=True, slots=True)
class ActivityMap:
    """How the rows of a second source become activities.

    `properties` says which properties each type has; `closed` that a definition was given, so that a property
    that isn't there is not read. Only rows are meant whose properties say one of the words of `only`.
    """

    lead: FieldMap
    type: FieldMap
    at: FieldMap
    types: tuple[tuple[str, str], ...] = ()
    fields: tuple[FieldMap, ...] = ()
    properties: tuple[tuple[str, tuple[tuple[str, FieldType], ...]], ...] = ()
    closed: bool = False
    only: tuple[tuple[str, tuple[Word, ...]], ...] = ()

    @property
    def reads(self) -> tuple[str, ...]:
        """Every property of a row that is read."""
        fields = (self.lead, self.type, self.at, *self.fields)
        return tuple(
            dict.fromkeys((*(each for field in fields for each in field.reads), *(key for key, _ in self.only)))
        )


@dataclass(frozen=True, slots=True)
class Table:
    """A whole mapping. `declared` are the definition's own fields, for the model of its leads.

    What happened comes from one source (`activities`) or from several, by their names (`sources`).
    """

    id: str | None = None
    placeholders: tuple[Word, ...] = ()
    dates: str = "iso"
    timezone: str | None = None
    decimal: Literal[".", ","] = "."
    currency: str | None = None
    rates: tuple[tuple[str, Decimal], ...] = ()
    fields: tuple[FieldMap, ...] = ()
    activities: ActivityMap | None = None
    declared: tuple[tuple[str, FieldType], ...] = ()
    sources: tuple[tuple[str, ActivityMap], ...] = ()
