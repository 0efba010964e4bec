"""Who says "the plugin of this name is mine": found by the metadata of installed packages, which imports nobody."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qualify.errors import AdapterError

if TYPE_CHECKING:
    from importlib.metadata import Distribution, EntryPoint

GROUP = "qualify"
ALLOWED = "QUALIFY_ADAPTERS"
BUILT_IN = {
    "csv": "qualify.adapters.csv",
    "database": "qualify.adapters.database",
    "dynamics365": "qualify.adapters.dynamics365",
    "email_kind": "qualify.adapters.email_kind",
    "hubspot": "qualify.adapters.hubspot",
    "jsonl": "qualify.adapters.jsonl",
    "marketo": "qualify.adapters.marketo",
    "odoo": "qualify.adapters.odoo",
    "parquet": "qualify.adapters.parquet",
    "pipedrive": "qualify.adapters.pipedrive",
    "salesforce": "qualify.adapters.salesforce",
    "tryton": "qualify.adapters.tryton",
    "zoho": "qualify.adapters.zoho",
}
"""For a source tree without metadata; an installed `qualify` names the same modules in its entry points."""

FOR_FILES = frozenset({"csv", "jsonl", "parquet"})
"""Which of ours read files: to find the one for a file, no other needs to be imported."""

OWN_CONVERSIONS = {"email kind": "email_kind", "salesforce id": "salesforce"}
"""Which of ours gives which conversion: nobody else is asked for it."""

NAMELESS = "a package without a name"
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Claim:
    """A package that says: the plugin of this name is mine. What bars it without loading it stands in `error`."""

    name: str
    package: str
    version: str | None
    point: EntryPoint | None
    error: str | None = None

    def __str__(self) -> str:
        return f"{self.package} {self.version}" if self.version else self.package

    @property
    def is_own(self) -> bool:
        """Whether it is built in."""
        return self.point is not None and BUILT_IN.get(self.name) == self.point.value


def claims(allow: str | Iterable[str] | None = None) -> list[Claim]:
    """Every claim to a name, by name, ours first. Only names in `allow` and in QUALIFY_ADAPTERS stay without error."""
    found = list(_installed())
    for name, module in BUILT_IN.items():
        if not any(claim.is_own for claim in found if claim.name == name):
            from importlib.metadata import EntryPoint

            found.append(Claim(name, GROUP, _own_version(), EntryPoint(name, module, GROUP)))
    found.sort(key=lambda claim: (claim.name, not claim.is_own, claim.package))
    lists = _allow_lists(allow)
    judged: list[Claim] = []
    for claim in found:
        rivals = [each for each in found if each.name == claim.name and each.error is None]
        if claim.error is None and len(rivals) > 1:
            claim = replace(claim, error=_contested(claim, rivals))
        for names, whose in lists:
            if claim.name not in names:
                claim = replace(claim, error=f"switched off: {', '.join(names) or 'none'} alone may be loaded{whose}")
                break
        judged.append(claim)
    return judged


def _allow_lists(allow: str | Iterable[str] | None) -> list[tuple[tuple[str, ...], str]]:
    """Which names are allowed, and whose list it is. What stands in the environment, no program can widen."""
    said = _names(os.environ.get(ALLOWED, ""))
    lists = [(said, f", says {ALLOWED}")] if said else []  # an empty variable is how a shell takes it back
    if allow is not None:
        lists.append((_names(allow) if isinstance(allow, str) else tuple(allow), ""))
    return lists


def _names(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (name.strip() for name in text.split(","))))


def _contested(claim: Claim, rivals: Sequence[Claim]) -> str | None:
    """Why a claim falls that has rivals: our own names are ours, and of strangers nobody is preferred."""
    if claim.is_own:
        return None
    if any(each.is_own for each in rivals):
        return f"the name {claim.name!r} is taken by {GROUP} itself"
    names = " and ".join(dict.fromkeys(str(each) for each in rivals))
    return f"the name {claim.name!r} is claimed more than once, by {names}; uninstall one"


def _installed() -> Iterator[Claim]:
    """The claims of installed packages; of a package that is found twice only the first, as Python does."""
    from importlib.metadata import distributions

    seen: set[str] = set()
    for package in distributions():
        points, error = _points(package)
        if not points and error is None:
            continue
        name, version = _name_and_version(package)
        if re.sub(r"[-_.]+", "-", name).lower() in seen:
            continue
        seen.add(re.sub(r"[-_.]+", "-", name).lower())
        if error is not None:
            yield Claim(name, name, version, None, f"its entry points can't be read: {error}")
        for point in {(each.name, each.value): each for each in points}.values():
            yield Claim(point.name, name, version, point)


def _points(package: Distribution) -> tuple[Sequence[EntryPoint], str | None]:
    """The entry points that are meant for us; or why nobody can read them, whomever they are meant for."""
    try:
        text = package.read_text("entry_points.txt") or ""
        at = _garbled(text)
        if at is not None:
            return (), f"line {at} is no entry point"
        return (tuple(package.entry_points.select(group=GROUP)) if f"[{GROUP}]" in text else ()), None
    except Exception as why:
        return (), one_line(why)


def _garbled(text: str) -> int | None:
    """The first line that is no entry point: where it is, anything that asks for entry points stumbles."""
    begun = False
    for at, line in enumerate(map(str.strip, text.splitlines()), start=1):
        if line.startswith("[") and line.endswith("]"):
            begun = True
        elif begun and line and not line.startswith("#") and "=" not in line:
            return at
    return None


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


def one_line(why: BaseException) -> str:
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
