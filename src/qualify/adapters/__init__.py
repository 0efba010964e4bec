"""Where leads are read and verdicts written: the host of the adapters, and the contract that each fulfils.

An adapter is a plugin, the built-in ones for files too. A package offers one by an entry point in the group
`qualify`, whose object has the hook `qualify_adapter`; see the reference, Adapters.
"""

from typing import TYPE_CHECKING

from qualify.adapters.contract import (
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
from qualify.adapters.host import InstalledAdapter, adapter, adapter_for, file_adapter, installed_adapters
from qualify.adapters.options import known_options

__all__ = [
    "Ability",
    "Adapter",
    "BadRow",
    "Column",
    "ColumnType",
    "Facts",
    "FileAdapter",
    "InstalledAdapter",
    "Reader",
    "Row",
    "Source",
    "Target",
    "Writer",
    "adapter",
    "adapter_for",
    "file_adapter",
    "hookimpl",
    "installed_adapters",
    "known_options",
]

if TYPE_CHECKING:
    from qualify.adapters.hooks import hookimpl
else:  # pluggy is loaded with the first adapter, not with this room

    def __getattr__(name):
        if name != "hookimpl":
            raise AttributeError(f"module 'qualify.adapters' has no attribute {name!r}")
        from qualify.adapters.hooks import hookimpl

        return hookimpl
