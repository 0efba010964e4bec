"""Where leads are read and verdicts written: the host of the adapters, and the contract that each fulfils.

An adapter is a plugin, the built-in ones for files too. A package offers one by an entry point in the group
`qualify`, whose object has the hook `qualify_adapter`, `qualify_conversions` or both; see the reference, Hooks.
"""

from typing import TYPE_CHECKING

from qualify.adapters.contract import (
    CONTRACT,
    Ability,
    Adapter,
    BadRow,
    Column,
    ColumnType,
    Facts,
    FileAdapter,
    Reader,
    Row,
    Source,
    Target,
    Writer,
)
from qualify.adapters.host import (
    InstalledAdapter,
    adapter,
    adapter_for,
    file_adapter,
    installed_adapters,
    plugin_conversions,
    record_adapter,
)
from qualify.adapters.options import known_options
from qualify.adapters.records import (
    Answer,
    Connection,
    ConnectionTrouble,
    Happening,
    NewProperty,
    Page,
    PropertyType,
    Record,
    RecordAdapter,
    Update,
)

__all__ = [
    "CONTRACT",
    "Ability",
    "Adapter",
    "Answer",
    "BadRow",
    "Column",
    "ColumnType",
    "Connection",
    "ConnectionTrouble",
    "Conversion",
    "Facts",
    "FileAdapter",
    "Happening",
    "InstalledAdapter",
    "NewProperty",
    "Page",
    "PropertyType",
    "Reader",
    "Record",
    "RecordAdapter",
    "Row",
    "Source",
    "Target",
    "Unreadable",
    "Update",
    "Ways",
    "Writer",
    "adapter",
    "adapter_for",
    "file_adapter",
    "hookimpl",
    "installed_adapters",
    "known_options",
    "loads_mapping",
    "plugin_conversions",
    "record_adapter",
]

if TYPE_CHECKING:
    from qualify.adapters.hooks import hookimpl
    from qualify.adapters.mappings import loads_mapping
    from qualify.mapping import Conversion, Ways
    from qualify.values import Unreadable
else:  # pluggy is loaded with the first adapter, and mappings with the first mapping, not with this room
    _ROOM = {
        "Conversion": "mapping.conversions",
        "Unreadable": "values",
        "Ways": "mapping.conversions",
        "hookimpl": "adapters.hooks",
        "loads_mapping": "adapters.mappings",
    }

    def __getattr__(name):
        if name not in _ROOM:
            raise AttributeError(f"module 'qualify.adapters' has no attribute {name!r}")
        from importlib import import_module

        value = globals()[name] = getattr(import_module(f"qualify.{_ROOM[name]}"), name)
        return value
