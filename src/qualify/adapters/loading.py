"""One plugin is imported, registers, and is held to the contract; what it does wrong is its own fault."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeGuard, get_args

from qualify.adapters.claims import GROUP, OWN_CONVERSIONS, Claim, one_line
from qualify.adapters.contract import CONTRACT, Ability, Adapter, FileAdapter
from qualify.adapters.records import RecordAdapter
from qualify.errors import AdapterError, nearest

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from qualify.mapping import Conversion

ABILITIES: tuple[Ability, ...] = get_args(Ability)
HOOKS = ("qualify_adapter", "qualify_conversions")
_FOR_FILES = ("read_options", "write_options", "read", "write")
_OF_RECORDS = ("mapping_text", "mapping", "options", "secrets", "connect")


@dataclass(frozen=True, slots=True)
class Plugin:
    """What one plugin brings: an adapter, conversions, or both."""

    adapter: Adapter | None
    conversions: Mapping[str, Conversion]


_loaded: dict[tuple[str, str, str | None, str], Plugin] = {}


def load(claim: Claim) -> Plugin:
    """Import one plugin and let it register. What it raises is an AdapterError; only Ctrl-C goes through."""
    assert claim.point is not None
    key = (claim.name, claim.package, claim.version, claim.point.value)
    if key not in _loaded:
        try:
            _loaded[key] = _registered(claim, claim.point)
        except KeyboardInterrupt:
            raise
        except AdapterError:
            raise
        except BaseException as why:  # a stranger's import may raise anything, SystemExit too
            raise AdapterError(one_line(why)) from why
    return _loaded[key]


def _registered(claim: Claim, point: EntryPoint) -> Plugin:
    """What one plugin registers, through a plugin manager of its own: no fault is another's."""
    from pluggy import PluginManager

    from qualify.adapters import hooks

    with redirect_stdout(sys.stderr):  # what it prints is no part of what we print
        plugin = point.load()
    plugins = PluginManager(hooks.PROJECT)
    plugins.add_hookspecs(hooks)
    plugins.register(plugin, name=claim.name)  # refuses a hook with arguments that the specification doesn't have
    adapters = plugins.hook.qualify_adapter()
    if adapters and (fault := _newer(adapters[0])):  # first: a later contract may have hooks that we don't know
        raise AdapterError(fault)
    plugins.check_pending()  # a misspelt hook is a fault now, not silence later
    tables = plugins.hook.qualify_conversions()
    if not adapters and not tables:
        raise AdapterError(f"{point.value} registers no adapter: {_why_nothing(plugin)}")
    if adapters and (fault := _fault_of(adapters[0], claim.name)):
        raise AdapterError(f"{point.value} gives something that is no adapter: {fault}")
    if tables and (fault := _fault_of_conversions(tables[0], claim)):
        raise AdapterError(f"{point.value} gives something else than conversions: {fault}")
    return Plugin(adapters[0] if adapters else None, MappingProxyType(dict(tables[0]) if tables else {}))


def _why_nothing(plugin: object) -> str:
    there = [each for each in HOOKS if hasattr(plugin, each)]
    if not there:
        return f"it has no hook {HOOKS[0]}"
    from qualify.adapters.hooks import PROJECT

    if not hasattr(getattr(plugin, there[0]), f"{PROJECT}_impl"):
        return f"its {there[0]} is not marked with @hookimpl"
    return f"its {there[0]} gives None"


def _newer(given: object) -> str | None:
    contract = getattr(given, "contract", CONTRACT)
    if not isinstance(contract, int) or contract <= CONTRACT:
        return None
    return f"it is made for contract {contract}, and this qualify knows contract {CONTRACT}: upgrade qualify"


def _fault_of(given: object, name: str) -> str | None:
    """What keeps an object from fulfilling the contract, as far as one can see without using it."""
    kind = type(given).__name__
    for each, expected in (("name", str), ("summary", str), ("can", frozenset)):
        if not isinstance(getattr(given, each, None), expected):
            return f"a {kind} without {each!r} ({expected.__name__})"
    its_name = getattr(given, "name", None)
    if its_name != name:
        return f"it calls itself {its_name!r}, its entry point {name!r}"
    contract = getattr(given, "contract", CONTRACT)
    if not isinstance(contract, int) or isinstance(contract, bool) or contract < 1:
        return f"a {kind} whose 'contract' is no whole number from 1"
    return _fault_of_can(given, kind) or _fault_for_files(given, kind) or _fault_of_records(given, kind)


def _fault_of_can(given: object, kind: str) -> str | None:
    for each in getattr(given, "can", ()):
        if each not in ABILITIES:
            near = nearest(each, ABILITIES) if isinstance(each, str) else None
            hint = f"did you mean {near!r}?" if near else f"there are {', '.join(ABILITIES)}"
            return f"a {kind} whose 'can' says {each!r}; {hint}"
    return None


def _fault_for_files(given: object, kind: str) -> str | None:
    if getattr(given, "suffixes", None) is None:
        return None
    suffixes = getattr(given, "suffixes", None)
    if not isinstance(suffixes, tuple) or not all(isinstance(each, str) for each in suffixes):
        return f"a {kind} whose 'suffixes' is no tuple of texts"
    for each in _FOR_FILES:
        if not hasattr(given, each):
            return f"a {kind} with 'suffixes' but without {each!r}"
    return None


def _fault_of_records(given: object, kind: str) -> str | None:
    """A mapping's text is really asked for: that its file was left out of a wheel is then seen in the list."""
    there = [each for each in ("mapping_text", "connect") if hasattr(type(given), each) or hasattr(given, each)]
    if not there:
        return None
    for each in _OF_RECORDS:
        if not (hasattr(type(given), each) or hasattr(given, each)):  # the class first: `mapping` is not made for this
            return f"a {kind} with {there[0]!r} but without {each!r}"
    if not isinstance(given.mapping_text, str):  # type: ignore[attr-defined]
        return f"a {kind} whose 'mapping_text' is no text"
    for each in ("options", "secrets"):
        table = getattr(given, each)
        if not isinstance(table, Mapping) or not all(isinstance(text, str) for pair in table.items() for text in pair):
            return f"a {kind} whose {each!r} is no table of names and meanings"
    return None if callable(given.connect) else f"a {kind} whose 'connect' can't be called"  # type: ignore[attr-defined]


def _fault_of_conversions(given: object, claim: Claim) -> str | None:
    from qualify.mapping import Conversion
    from qualify.mapping.conversions import CONVERSIONS

    if not isinstance(given, Mapping):
        return f"a {type(given).__name__}, where a table of names and Conversions was expected"
    for name, each in given.items():
        if not isinstance(name, str) or not name.strip() or name != " ".join(name.split()):
            return "a conversion whose name is no text without blanks around it"
        if name in CONVERSIONS or (name in OWN_CONVERSIONS and not claim.is_own):
            return f"the conversion {name!r} is {GROUP}'s own"
        if not isinstance(each, Conversion):
            return f"{name!r} is a {type(each).__name__}, not a Conversion"
    return None


def is_for_files(found: Adapter | None) -> TypeGuard[FileAdapter]:
    """Whether an adapter that was loaded is one for files."""
    return isinstance(getattr(found, "suffixes", None), tuple)


def is_of_records(found: Adapter | None) -> TypeGuard[RecordAdapter]:
    """Whether an adapter that was loaded is one of a system of records."""
    connect: Callable[..., object] | None = getattr(found, "connect", None)
    return callable(connect)
