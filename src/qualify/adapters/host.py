"""The host: which adapters are installed, and each by its name, without one of them hurting another.

Installed packages are found by their metadata: that imports nobody. A plugin is imported alone, when it is
asked for, and whatever it does then (raise, exit, misspell a hook) is its own fault, listed with its
package and version.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from qualify.adapters.claims import FOR_FILES, OWN_CONVERSIONS, Claim, claims, one_line
from qualify.adapters.contract import Adapter, FileAdapter
from qualify.adapters.loading import ABILITIES, Plugin, is_for_files, is_of_records, load
from qualify.adapters.records import RecordAdapter
from qualify.errors import AdapterError, nearest

if TYPE_CHECKING:
    from qualify.mapping import Conversion

INSTEAD = {
    **dict.fromkeys((".xlsx", ".xls", ".ods"), "save the sheet as CSV"),
    **dict.fromkeys(
        (".sqlite", ".sqlite3", ".db"), "qualify run reads a table of it by its URL, as in sqlite:///crm.db#customers"
    ),
}
"""What helps with files that people have and that no adapter reads."""


@dataclass(frozen=True, slots=True)
class InstalledAdapter:
    """One plugin as installed: who brings it, what it can do, and what is wrong with it, if anything.

    `source` is the module (or the object in one) that its entry point names. What can be known only once the
    plugin was loaded (`summary`, `can`, `conversions`) is None until then. A plugin may bring conversions for
    mappings and no adapter: then `can` is empty.
    """

    name: str
    package: str
    version: str | None
    source: str | None = None
    summary: str | None = None
    can: tuple[str, ...] | None = None
    suffixes: tuple[str, ...] = ()
    conversions: tuple[str, ...] | None = None
    error: str | None = None


def installed_adapters(*, load: bool = False, allow: str | Iterable[str] | None = None) -> tuple[InstalledAdapter, ...]:
    """All adapters that are installed, by name: package, version, what each can do, what is wrong with it.

    They are found by metadata, and nobody is imported: what only an import can tell (`can`, `summary`,
    whether it works at all) is None. With `load=True` each is imported by itself, and a broken one is
    listed with its reason; those that aren't in `allow` (names, or a text with commas) are never imported.

    >>> listed = {each.name: each for each in installed_adapters(load=True, allow="csv,jsonl")}
    >>> listed["csv"].can, listed["parquet"].can, listed["parquet"].error
    (('read', 'write'), None, 'switched off: csv, jsonl alone may be loaded')
    """
    return tuple(_listed(claim, load) for claim in claims(allow))


def _listed(claim: Claim, loaded: bool) -> InstalledAdapter:
    source = None if claim.point is None else claim.point.value
    one = InstalledAdapter(claim.name, claim.package, claim.version, source, error=claim.error)
    if not loaded or claim.error is not None:
        return one
    try:
        plugin = load(claim)
    except AdapterError as why:
        return replace(one, error=one_line(why))
    found = plugin.adapter
    return replace(
        one,
        summary=_summary(plugin),
        can=() if found is None else tuple(each for each in ABILITIES if each in found.can),
        suffixes=found.suffixes if is_for_files(found) else (),
        conversions=tuple(plugin.conversions),
    )


def _summary(plugin: Plugin) -> str:
    if plugin.adapter is not None:
        return plugin.adapter.summary
    return "for mappings: " + ", ".join(f'as = "{name}"' for name in plugin.conversions)


def adapter(name: str, *, allow: str | Iterable[str] | None = None) -> Adapter:
    """The adapter of that name; its plugin is loaded, and no other, and only where `allow` has the name.

    Raises AdapterError when no installed package has one (with the nearest name), when it is switched off,
    when two packages claim the name, and, with the reason, when it is broken.

    >>> sorted(adapter("csv").can)
    ['read', 'write']
    """
    there = claims(allow)
    mine = [claim for claim in there if claim.name == name]
    if not mine:
        names = list(dict.fromkeys(claim.name for claim in there))
        near = nearest(name, names)
        hint = f"did you mean {near!r}?" if near else f"installed: {', '.join(names)}"
        raise AdapterError(f"no adapter {name!r}; {hint}")
    found = _usable(mine).adapter
    if found is None:
        raise AdapterError(f"{name!r} of {mine[0]} is no adapter: it brings conversions for mappings only")
    return found


def _usable(mine: Sequence[Claim]) -> Plugin:
    """The plugin of the one claim to a name that stands; else an AdapterError that says why none does."""
    claim = next((each for each in mine if each.error is None), mine[0])
    if claim.error is not None:
        raise AdapterError(f"adapter {claim.name!r} of {claim} can't be used: {claim.error}")
    try:
        return load(claim)
    except AdapterError as why:
        raise AdapterError(f"adapter {claim.name!r} of {claim} can't be used: {one_line(why)}") from why


def file_adapter(name: str, *, allow: str | Iterable[str] | None = None) -> FileAdapter:
    """As `adapter`, for files. Raises AdapterError as `adapter` does, and for one that isn't for files."""
    found = adapter(name, allow=allow)
    if not is_for_files(found):
        raise AdapterError(f"adapter {name!r} is not for files")
    return found


def record_adapter(name: str, *, allow: str | Iterable[str] | None = None) -> RecordAdapter:
    """As `adapter`, for a system of records. Raises AdapterError as `adapter` does, and for one of files.

    >>> record_adapter("csv")
    Traceback (most recent call last):
    qualify.errors.AdapterError: adapter 'csv' is not for a system of records (a CRM, a database)
    """
    found = adapter(name, allow=allow)
    if not is_of_records(found):
        raise AdapterError(f"adapter {name!r} is not for a system of records (a CRM, a database)")
    return found


def adapter_for(path: str | os.PathLike[str], *, allow: str | Iterable[str] | None = None) -> FileAdapter:
    """The adapter for a file, by how its name ends. Only where no built-in one fits are others loaded.

    Raises AdapterError for an ending that no adapter knows, or that two know.

    >>> adapter_for("october.CSV").name
    'csv'
    """
    file = Path(path).name.casefold()
    there = [claim for claim in claims(allow) if claim.error is None]
    own = [claim for claim in there if claim.is_own and claim.name in FOR_FILES]
    others = [claim for claim in there if not claim.is_own]
    known: list[str] = []
    for group in (own, others):
        fitting = []
        for each in _for_files(group):
            known += each.suffixes
            if file.endswith(each.suffixes):
                fitting.append(each)
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            names = " and ".join(repr(each.name) for each in fitting)
            raise AdapterError(f"{Path(path).name}: {names} both read such files; say which")
    ending = Path(path).suffix
    what = f"no adapter for files that end in {ending!r}" if ending else "its name doesn't tell what it is"
    instead = f" ({INSTEAD[ending.lower()]})" if ending.lower() in INSTEAD else ""
    raise AdapterError(f"{Path(path).name}: {what}{instead}; known are {', '.join(known)}. Or say the adapter's name")


def _for_files(those: Sequence[Claim]) -> Iterator[FileAdapter]:
    for _, plugin in _working(those):
        if is_for_files(plugin.adapter):
            yield plugin.adapter


def _working(those: Iterable[Claim]) -> Iterator[tuple[Claim, Plugin]]:
    for claim in those:
        try:
            yield claim, load(claim)
        except AdapterError:
            continue  # it is listed with its reason, and no reason to refuse the others


def plugin_conversions(names: Iterable[str], *, allow: str | Iterable[str] | None = None) -> dict[str, Conversion]:
    """The conversions of these names that plugins bring; a name that nobody brings is left out.

    For the names of ours only ours is imported. For others every other package's plugin is, since only that
    tells who has one; those that `allow` (or QUALIFY_ADAPTERS) leaves out never are.

    Raises AdapterError for a name that two plugins bring, and for one of ours that is switched off.

    >>> plugin_conversions(["email kind"])["email kind"].gives
    'text'
    """
    wanted = dict.fromkeys(names)
    if not wanted:
        return {}
    there = claims(allow)
    found = {}
    for name in wanted:
        if name in OWN_CONVERSIONS:
            plugin = _usable([claim for claim in there if claim.name == OWN_CONVERSIONS[name] and claim.is_own])
            found[name] = plugin.conversions[name]
    if wanted.keys() <= found.keys():
        return found
    givers: dict[str, Claim] = {}
    for claim, plugin in _working(claim for claim in there if claim.error is None and not claim.is_own):
        for name in wanted.keys() & plugin.conversions.keys():
            if name in givers:
                raise AdapterError(
                    f"the conversion {name!r} is brought by both {givers[name]} and {claim}; uninstall one"
                )
            givers[name], found[name] = claim, plugin.conversions[name]
    return found
