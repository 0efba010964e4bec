"""The hooks by which a plugin registers. The marker for them is `qualify.adapters.hookimpl`.

A plugin has one of them or both. Neither takes arguments. After registering, an adapter is an object with a typed
contract, and calls to it are ordinary calls: no hook is called for each record.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pluggy

from qualify.adapters.contract import Adapter

if TYPE_CHECKING:
    from qualify.mapping import Conversion

PROJECT = "qualify"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def qualify_adapter() -> Adapter:
    """Give the adapter of this plugin.

    When: once in a process, when somebody first asks for the adapter by the name of the plugin's entry
    point, for a list of what all adapters can do, or for a conversion that some plugin may bring. Never when
    `qualify` is imported.

    Gives: an object that fulfils `Adapter`; `FileAdapter` for files, `RecordAdapter` for a system of records.
    Its `name` is the entry point's name. Its `contract`, a whole number, is the version of the contract that
    it was made for (1 where it has none): one that is newer than `qualify.adapters.CONTRACT` is refused, so
    that an old `qualify` never half-understands a new plugin.

    Cost: the call must not ask the network or import a vendor's client; `read`, `write` and `connect` do that.

    An exception, here or at the plugin's import, marks this plugin as broken: it is listed with its
    package, its version and the exception, asking for it raises AdapterError, and all others work.
    """
    raise NotImplementedError  # a specification: plugins implement it


@hookspec
def qualify_conversions() -> Mapping[str, Conversion]:
    """Give the conversions that this plugin brings for mappings: what `as` may say, by name.

    When: once in a process, together with `qualify_adapter`. A mapping that says `as = "email kind"` asks for
    it when it is loaded, and only for names that `qualify` itself doesn't know.

    Gives: a table of names and `qualify.adapters.Conversion`s. A name is in plain words, `"email kind"`, and none
    of `qualify`'s own; a name that two plugins bring is refused, and both are named. Functions are to be
    importable by name, so that a mapping with them can be pickled.

    Cost: the call must not load lists or ask the network; the first value that is read may do that. A
    conversion must give the same answer for the same value on every machine.

    An exception marks the plugin as broken, as in `qualify_adapter`.
    """
    raise NotImplementedError  # a specification: plugins implement it
