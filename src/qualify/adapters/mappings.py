"""Mappings as users load them: with what the adapters bring, their own mappings and conversions."""

from __future__ import annotations

import json
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from qualify.errors import AdapterError

if TYPE_CHECKING:
    from qualify.adapters.records import RecordAdapter
    from qualify.face import Definition
    from qualify.mapping import Mapping


def load_mapping(path: str | PathLike[str], definition: Definition | None = None) -> Mapping:
    """A mapping: which property of a source's record becomes which field, and how.

    With a definition its fields' types are known too. A file that says `extends = "hubspot"` changes the mapping of
    that adapter; an `as` that this library doesn't know is asked of the plugins. Only plugins that are needed are
    imported.

    Raises MappingError, which lists every fault with its place, and AdapterError where two plugins bring the
    conversion.
    """
    from qualify.adapters.host import plugin_conversions
    from qualify.mapping import load_mapping as load_

    model = None if definition is None else definition.model
    return load_(Path(path), model, bases=mapping_text, more_conversions=plugin_conversions)


def loads_mapping(text: str, definition: Definition | None = None, *, file: str = "mapping") -> Mapping:
    """The mapping that a TOML text says, as `load_mapping` reads it from a file; `file` is its name in faults."""
    from qualify.adapters.host import plugin_conversions
    from qualify.mapping import loads_mapping as loads_

    model = None if definition is None else definition.model
    return loads_(text, model, file=file, bases=mapping_text, more_conversions=plugin_conversions)


def own_mapping(adapter: RecordAdapter, definition: Definition | None = None) -> Mapping:
    """An adapter's own mapping, as a definition reads it: what the definition doesn't know is passed over.

    Raises MappingError where the definition gives another type to a field than the mapping does.
    """
    from qualify.adapters.host import plugin_conversions
    from qualify.mapping import loads_mapping

    return loads_mapping(
        f"extends = {json.dumps(adapter.name)}",
        None if definition is None else definition.model,
        file=f"{adapter.name}/mapping.toml",
        bases=lambda name: adapter.mapping_text if name == adapter.name else mapping_text(name),
        more_conversions=plugin_conversions,
    )


def mapping_text(name: str) -> str:
    """The mapping of an adapter's records, as the text of a file.

    Raises AdapterError as `adapter` does, and for one whose records have no fixed shape.

    >>> mapping_text("csv")
    Traceback (most recent call last):
        ...
    qualify.errors.AdapterError: adapter 'csv' has no mapping of its own: its columns are whatever a file has
    """
    from qualify.adapters.host import adapter

    text = getattr(adapter(name), "mapping_text", None)
    if not isinstance(text, str):
        raise AdapterError(f"adapter {name!r} has no mapping of its own: its columns are whatever a file has")
    return text


__all__ = ["load_mapping", "loads_mapping", "mapping_text", "own_mapping"]
