"""From where and to where leads are synced: the adapters, their mappings and their options."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from qualify.adapters import RecordAdapter, record_adapter
from qualify.adapters.mappings import load_mapping, own_mapping
from qualify.errors import AdapterError, QualifyError
from qualify.face import Definition
from qualify.mapping import Mapping as LeadMapping
from qualify.sync.state import Given

Where = str | RecordAdapter
How = LeadMapping | str | os.PathLike[str] | None


@dataclass(frozen=True, slots=True)
class Place:
    """One end of a sync."""

    adapter: RecordAdapter
    mapping: LeadMapping
    options: Mapping[str, str]


def place(where: Where, how: How, options: Mapping[str, str] | None, definition: Definition) -> Place:
    """An adapter, by its name or itself, with its own mapping where no other is given.

    Raises AdapterError where there is no such adapter, MappingError for a mapping with faults.
    """
    adapter = record_adapter(where) if isinstance(where, str) else where
    if how is None:
        mapping = own_mapping(adapter, definition)
    elif isinstance(how, LeadMapping):
        mapping = how
    else:
        mapping = load_mapping(how, definition)
    return Place(adapter, mapping, dict(options or {}))


def check(source: Place, target: Place, *, dry_run: bool) -> None:
    """Raises AdapterError where an adapter can't do what is asked of it, QualifyError where nothing would be written."""
    if "read" not in source.adapter.can:
        raise AdapterError(f"{source.adapter.name} can't be read from")
    if "write" not in target.adapter.can and not dry_run:
        raise AdapterError(f"{target.adapter.name} can't be written to")
    if target.mapping.write is None:
        raise QualifyError("the mapping says nothing of what is written: it has no [write]", code="no-write")


def given_by(definition: Definition, source: Place, target: Place) -> Given:
    """What a state file remembers of it: digests, and the adapters' names."""
    both = source.mapping.to_toml() + "\n---\n" + target.mapping.to_toml()
    options = json.dumps([sorted(source.options.items()), sorted(target.options.items())])
    return Given(definition.digest, source.adapter.name, target.adapter.name, _digest(both), _digest(options))


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


__all__ = ["How", "Place", "Where", "check", "given_by", "place"]
