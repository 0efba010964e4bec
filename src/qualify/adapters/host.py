"""The host: which adapters are installed, and each by its name, without one of them hurting another.

Installed packages are found by their metadata: that imports nobody. A plugin is imported alone, when it is
asked for, and whatever it does then (raise, exit, misspell a hook) is its own fault, listed with its
package and version.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeGuard

from qualify.adapters.contract import Adapter, FileAdapter
from qualify.errors import AdapterError, nearest

if TYPE_CHECKING:
    from importlib.metadata import Distribution, EntryPoint

GROUP = "qualify"
ALLOWED = "QUALIFY_ADAPTERS"
BUILT_IN = {
    "csv": "qualify.adapters.csv",
    "jsonl": "qualify.adapters.jsonl",
    "parquet": "qualify.adapters.parquet",
}
"""For a source tree without metadata; an installed `qualify` names the same modules in its entry points."""

NAMELESS = "a package without a name"
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class InstalledAdapter:
    """One adapter as installed: who brings it, what it can do, and what is wrong with it, if anything.

    `summary` and `can` are known once the plugin was loaded; until then they are None.
    """

    name: str
    package: str
    version: str | None
    summary: str | None = None
    can: tuple[str, ...] | None = None
    suffixes: tuple[str, ...] = ()
    error: str | None = None


@dataclass(frozen=True, slots=True)
class _Claim:
    """A package that says: the adapter of this name is mine."""

    name: str
    package: str
    version: str | None
    point: EntryPoint | None
    error: str | None = None

    def __str__(self) -> str:
        return f"{self.package} {self.version}" if self.version else self.package


def installed_adapters(*, load: bool = False) -> tuple[InstalledAdapter, ...]:
    """All adapters that are installed, by name: package, version, what each can do, what is wrong with it.

    They are found by metadata, and nobody is imported: what only an import can tell (`can`, `summary`,
    whether it works at all) is None. With `load=True` each is imported by itself, and a broken one is
    listed with its reason.

    >>> [each.name for each in installed_adapters() if each.package == "qualify"]
    ['csv', 'jsonl', 'parquet']
    """
    listed = []
    for claim in _claims():
        one = InstalledAdapter(claim.name, claim.package, claim.version, error=claim.error)
        if load and claim.error is None:
            try:
                found = _load(claim)
            except AdapterError as why:
                one = replace(one, error=_one_line(why))
            else:
                suffixes = found.suffixes if _is_for_files(found) else ()
                one = replace(one, summary=found.summary, can=tuple(sorted(found.can)), suffixes=suffixes)
        listed.append(one)
    return tuple(listed)


def adapter(name: str) -> Adapter:
    """The adapter of that name; its plugin is loaded, and no other.

    Raises AdapterError when no installed package has one (with the nearest name), when it is switched off,
    when two packages claim the name, and, with the reason, when it is broken.

    >>> sorted(adapter("csv").can)
    ['read', 'write']
    """
    claims = _claims()
    mine = [claim for claim in claims if claim.name == name]
    if not mine:
        names = list(dict.fromkeys(claim.name for claim in claims))
        near = nearest(name, names)
        hint = f"did you mean {near!r}?" if near else f"installed: {', '.join(names)}"
        raise AdapterError(f"no adapter {name!r}; {hint}")
    usable = [claim for claim in mine if claim.error is None]
    if not usable:
        raise AdapterError(f"adapter {name!r} of {mine[0]} can't be used: {mine[0].error}")
    try:
        return _load(usable[0])
    except AdapterError as why:
        raise AdapterError(f"adapter {name!r} of {usable[0]} can't be used: {_one_line(why)}") from why


def file_adapter(name: str) -> FileAdapter:
    """As `adapter`, for files. Raises AdapterError as `adapter` does, and for one that isn't for files."""
    found = adapter(name)
    if not _is_for_files(found):
        raise AdapterError(f"adapter {name!r} is not for files")
    return found


def adapter_for(path: str | os.PathLike[str]) -> FileAdapter:
    """The adapter for a file, by how its name ends. Only where no built-in one fits are others loaded.

    Raises AdapterError for an ending that no adapter knows, or that two know.

    >>> adapter_for("october.CSV").name
    'csv'
    """
    file = Path(path).name.casefold()
    claims = [claim for claim in _claims() if claim.error is None]
    own = [claim for claim in claims if _is_own(claim)]
    others = [claim for claim in claims if not _is_own(claim)]
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
    raise AdapterError(f"{Path(path).name}: {what}; known are {', '.join(known)}. Or say the adapter's name")


def _for_files(claims: Sequence[_Claim]) -> Iterator[FileAdapter]:
    for claim in claims:
        try:
            found = _load(claim)
        except AdapterError:
            continue  # it is listed with its reason, and no reason to refuse the others
        if _is_for_files(found):
            yield found


def _is_for_files(found: Adapter) -> TypeGuard[FileAdapter]:
    return isinstance(getattr(found, "suffixes", None), tuple)


# Finding


def _claims() -> list[_Claim]:
    """Every claim to a name, by name; what bars one without loading it stands in its `error`."""
    found = list(_installed())
    for name, module in BUILT_IN.items():
        if not any(_is_own(claim) for claim in found if claim.name == name):
            from importlib.metadata import EntryPoint

            found.append(_Claim(name, GROUP, _own_version(), EntryPoint(name, module, GROUP)))
    found.sort(key=lambda claim: (claim.name, not _is_own(claim), claim.package))
    allowed = _allowed()
    judged: list[_Claim] = []
    for claim in found:
        rivals = [each for each in found if each.name == claim.name and each.error is None]
        if claim.error is None and len(rivals) > 1:
            claim = replace(claim, error=_contested(claim, rivals))
        if allowed is not None and claim.name not in allowed:
            claim = replace(claim, error=f"switched off: {ALLOWED} allows {', '.join(allowed)} only")
        judged.append(claim)
    return judged


def _contested(claim: _Claim, rivals: Sequence[_Claim]) -> str | None:
    """Why a claim falls that has rivals: our own names are ours, and of strangers nobody is preferred."""
    if _is_own(claim):
        return None
    if any(_is_own(each) for each in rivals):
        return f"the name {claim.name!r} is taken by {GROUP} itself"
    names = " and ".join(dict.fromkeys(str(each) for each in rivals))
    return f"the name {claim.name!r} is claimed more than once, by {names}; uninstall one"


def _installed() -> Iterator[_Claim]:
    """The claims of installed packages; of a package that is found twice only the first, as Python does."""
    from importlib.metadata import distributions

    seen: set[str] = set()
    for package in distributions():
        try:
            text = package.read_text("entry_points.txt")
        except Exception:  # metadata that can't be read say nothing about us
            continue
        if not text or f"[{GROUP}]" not in text:
            continue
        name, version = _name_and_version(package)
        if re.sub(r"[-_.]+", "-", name).lower() in seen:
            continue
        seen.add(re.sub(r"[-_.]+", "-", name).lower())
        once: set[tuple[str, str]] = set()
        try:
            for point in package.entry_points.select(group=GROUP):
                if (point.name, point.value) not in once:
                    once.add((point.name, point.value))
                    yield _Claim(point.name, name, version, point)
        except Exception as why:
            error = f"its entry points can't be read: {_one_line(why)}"
            yield _Claim(name, name, version, None, error)


def _name_and_version(package: Distribution) -> tuple[str, str | None]:
    try:
        return package.metadata["Name"] or NAMELESS, package.metadata["Version"]
    except Exception:
        return NAMELESS, None


def _own_version() -> str | None:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(GROUP)
    except PackageNotFoundError:
        return None


def _is_own(claim: _Claim) -> bool:
    return claim.point is not None and BUILT_IN.get(claim.name) == claim.point.value


def _allowed() -> tuple[str, ...] | None:
    """The names that may be loaded; None where nothing is said."""
    names = tuple(filter(None, (name.strip() for name in os.environ.get(ALLOWED, "").split(","))))
    return names or None


# Loading

_loaded: dict[tuple[str, str, str | None, str], Adapter] = {}


def _load(claim: _Claim) -> Adapter:
    """Import one plugin and let it register. What it raises is an AdapterError; only Ctrl-C goes through."""
    assert claim.point is not None
    key = (claim.name, claim.package, claim.version, claim.point.value)
    if key not in _loaded:
        try:
            _loaded[key] = _registered(claim.name, claim.point)
        except KeyboardInterrupt:
            raise
        except AdapterError:
            raise
        except BaseException as why:  # a stranger's import may raise anything, SystemExit too
            raise AdapterError(_one_line(why)) from why
    return _loaded[key]


def _registered(name: str, point: EntryPoint) -> Adapter:
    """The adapter that one plugin registers, through a plugin manager of its own: no fault is another's."""
    from pluggy import PluginManager

    from qualify.adapters import hooks

    plugin = point.load()
    plugins = PluginManager(hooks.PROJECT)
    plugins.add_hookspecs(hooks)
    plugins.register(plugin, name=name)
    plugins.check_pending()  # a misspelt hook is a fault now, not silence later
    given = plugins.hook.qualify_adapter()
    if not given:
        hint = "it has no hook qualify_adapter"
        if hasattr(plugin, "qualify_adapter"):
            hint = "its qualify_adapter is not marked with @hookimpl"
        raise AdapterError(f"{point.value} registers no adapter: {hint}")
    fault = _fault_of(given[0], name)
    if fault:
        raise AdapterError(f"{point.value} gives something that is no adapter: {fault}")
    found: Adapter = given[0]
    return found


def _fault_of(given: object, name: str) -> str | None:
    """What keeps an object from fulfilling the contract, as far as one can see without using it."""
    kind = type(given).__name__
    for each, expected in (("name", str), ("summary", str), ("can", frozenset)):
        if not isinstance(getattr(given, each, None), expected):
            return f"a {kind} without {each!r} ({expected.__name__})"
    its_name = getattr(given, "name", None)
    if its_name != name:
        return f"it calls itself {its_name!r}, its entry point {name!r}"
    suffixes = getattr(given, "suffixes", None)
    if suffixes is None:
        return None
    if not isinstance(suffixes, tuple) or not all(isinstance(each, str) for each in suffixes):
        return f"a {kind} whose 'suffixes' is no tuple of texts"
    for each in ("read_options", "write_options", "read", "write"):
        if not hasattr(given, each):
            return f"a {kind} with 'suffixes' but without {each!r}"
    return None


def _one_line(why: BaseException) -> str:
    """An exception as a reason in one line: its kind, and what it says if it can say it."""
    if isinstance(why, AdapterError):
        return why.message
    try:
        said = " ".join(str(why).split())
    except Exception:
        said = ""
    if isinstance(why, SystemExit):
        return "it exits the program" + (f" ({said[:LONGEST_REASON]})" if said else "")
    kind = type(why).__name__
    return f"{kind}: {said[:LONGEST_REASON]}" if said else kind
