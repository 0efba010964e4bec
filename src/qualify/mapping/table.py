"""What a mapping says, as immutable values: the table that a file is read into and written from.

Nothing is computed here. `type` of a field map is the field's declared type, or what its `as` gives, or
None where nobody said; it is resolved when the mapping is loaded.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal, TypeAlias

from qualify.vocabulary import FieldType

Word: TypeAlias = str | bool | int | float
"""A value as a mapping's file can name it: in `placeholders`, `labels` and `null`."""

WritePart = Literal[
    "stage", "reached", "state", "reason", "reasons", "missing", "digest", "definition", "as_of", "left_out"
]
"""What a verdict says once."""


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
class Target:
    """Where one thing that a verdict says is written, and how.

    `to` is a name or a path through tables. `labels` turn our words into the target's. Of a rule for all (`"*"`)
    its own `*` stands for the name.
    """

    to: str
    as_: str | None = None
    format: str | None = None
    separator: str | None = None
    labels: tuple[tuple[str, Word], ...] = ()

    def of(self, name: str) -> Target:
        """The target of one name, where this is that of all."""
        return replace(self, to=self.to.replace("*", name))


Targets: TypeAlias = tuple[tuple[str, Target], ...]


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """A property that says how far a lead has come: its value for each stage, and the order of all its values."""

    to: str
    values: tuple[tuple[str, str], ...]
    order: tuple[str, ...]
    backward: bool = False


@dataclass(frozen=True, slots=True)
class WriteMap:
    """What of a verdict is written to which property.

    `parts` are the things that a verdict says once (`stage`, `reason`, ...); of scores, tiers and traits each has its
    own target, or that of all (`"*"`).
    """

    parts: Targets = ()
    scores: Targets = ()
    tiers: Targets = ()
    traits: Targets = ()
    lifecycle: Lifecycle | None = None

    def target(self, part: WritePart) -> Target | None:
        """Where this part of a verdict is written; None where it isn't.

        >>> WriteMap(parts=(("stage", Target("qualify_stage")),)).target("stage").to
        'qualify_stage'
        """
        return dict(self.parts).get(part)

    def of_score(self, name: str) -> Target | None:
        """Where this score is written; None where it isn't."""
        return _target_of(self.scores, name)

    def of_tier(self, name: str) -> Target | None:
        """Where this tier is written; None where it isn't."""
        return _target_of(self.tiers, name)

    def of_trait(self, name: str) -> Target | None:
        """Where this trait's answer is written; None where it isn't."""
        return _target_of(self.traits, name)

    @property
    def paths(self) -> tuple[str, ...]:
        """Every property that is written, but for the rules for all, which no verdict has named yet."""
        paths = [target.to for name, target in self._targets() if name != "*"]
        return (*paths, *(() if self.lifecycle is None else (self.lifecycle.to,)))

    @property
    def for_all(self) -> tuple[str, ...]:
        """The properties of all scores, tiers or traits, with `*` for the name."""
        return tuple(target.to for name, target in self._targets() if name == "*")

    def _targets(self) -> Targets:
        return (*self.parts, *self.scores, *self.tiers, *self.traits)


def _target_of(targets: Targets, name: str) -> Target | None:
    said = dict(targets)
    return said.get(name) or (said["*"].of(name) if "*" in said else None)


@dataclass(frozen=True, slots=True)
class SameMap:
    """When two records are one lead, and which of them counts.

    Records are one lead that say the same in all fields of `by`. `take` says which counts: the `first`, the `newest`
    (by the field `newest_by`), or what is known in any of them (`merge`).
    """

    by: tuple[str, ...]
    take: Literal["first", "newest", "merge"] = "first"
    newest_by: str | None = None


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
    write: WriteMap | None = None
    same: SameMap | None = None
