"""The hooks by which a plugin registers. The marker for them is `qualify.adapters.hookimpl`."""

from __future__ import annotations

import pluggy

from qualify.adapters.contract import Adapter

PROJECT = "qualify"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def qualify_adapter() -> Adapter:
    """Give the adapter of this plugin.

    When: once in a process, when somebody first asks for the adapter by the name of the plugin's entry
    point, or for a list of what all adapters can do. Never when `qualify` is imported.

    Gives: an object that fulfils `Adapter`, or `FileAdapter` for files. Its `name` is the entry point's name.

    Cost: the call must not read files, ask the network or import a vendor's client; `read` and `write` do
    that.

    An exception, here or at the plugin's import, marks this adapter as broken: it is listed with its
    package, its version and the exception, asking for it raises AdapterError, and all others work.
    """
    raise NotImplementedError  # a specification: plugins implement it
