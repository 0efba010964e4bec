"""What has to be done to judge a table of leads, step by step: what an engine's reading turns into work.

First the fields are read, then passes over the activities find what leads need of them, then the facts come in layers,
each from what stands before it, then sides and stages, and in the end what comes out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from qualify.columns.expressions import Expression, Kind, Stored
from qualify.columns.selections import Pass


@dataclass(frozen=True, slots=True)
class Read:
    """A field or property: where it stands, how it is stored; what it comes out as is its `kind`."""

    column: str
    stored: Stored


@dataclass(frozen=True, slots=True)
class Layer:
    """Columns that are reckoned from those before: of one kind of fact, as the definition calls it."""

    of: Literal["traits", "tiers", "cases", "scores", "sides", "stages"]
    columns: Mapping[str, Expression]


@dataclass(frozen=True, slots=True)
class Output:
    """A column that comes out: its name, what it holds, what it is."""

    name: str
    value: Expression
    kind: Kind
    of: Literal["stage", "state", "side", "score", "tier", "trait", "reason"]
    fact: str
    title: str
    choices: tuple[str, ...] = ()
    always: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """All steps.

    `domain_from` is the e-mail column that a missing domain is taken from, `at` how activities' moments are stored,
    `types` the activities' types that are looked at. `left_out` says of which leads nothing comes out.
    """

    fields: Mapping[str, Read]
    domain_from: str | None
    properties: Mapping[str, Read]
    at: Stored
    passes: tuple[Pass, ...]
    types: tuple[str, ...]
    layers: tuple[Layer, ...]
    left_out: Expression
    outputs: tuple[Output, ...]
    lists: Mapping[str, tuple[str, ...]]
    zone: str
