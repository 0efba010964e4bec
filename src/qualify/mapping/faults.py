"""Collecting what is wrong in a mapping's file: every fault with its place, in the order of the file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from qualify.definition.places import Path, Place, toml_places
from qualify.errors import Finding, Level, nearest
from qualify.text import clean

Where = Literal["key", "value"]
MOST_SHOWN = 40
OTHER_WORDS = {
    **dict.fromkeys(("column", "source", "property", "field", "path", "name", "key"), "from"),
    **dict.fromkeys(("type", "conversion", "convert"), "as"),
    **dict.fromkeys(("map", "values", "translate"), "labels"),
}
"""What other programs call our keys."""


OF_THE_DEFINITION = frozenset(f"unknown-{what}" for what in ("activity", "fact", "field", "property", "score", "stage"))
"""Faults of a mapping that names what this definition doesn't have."""


class Faults:
    """The findings of one file while it is read."""

    def __init__(self, text: str, file: str) -> None:
        self.file, self.places = file, toml_places(text)
        self.findings: list[Finding] = []
        self.base: str | None = None  # the adapter whose mapping the file extends

    @property
    def any(self) -> bool:
        """Whether anything is wrong (warnings aside)."""
        return any(finding.level == "fault" for finding in self.findings)

    def add(
        self,
        code: str,
        message: str,
        path: Path,
        *,
        at: Where = "value",
        level: Level = "fault",
        did_you_mean: str | None = None,
        other: str | None = None,
    ) -> None:
        """Note a finding about what stands at `path`; the nearest right name is put into the message."""
        if self.base is not None and not self.stands_here(path) and not self.stands_here(path[:-1]):
            if level == "warning" or code in OF_THE_DEFINITION:
                return  # what other definitions have, a mapping for all may name
            message += f" (in the mapping of '{self.base}')"
            place = self.places.value(("extends",))
        else:
            place = (self.places.key(path) if at == "key" else self.places.value(path)) or self.places.nearest(path)
        self.at_place(code, message, path, place, level=level, did_you_mean=did_you_mean, other=other)

    def stands_here(self, path: Path) -> bool:
        """Whether the file itself says what stands at a path, and not the mapping that it extends."""
        return len(path) > 1 and self.places.key(path) is not None

    def at_place(
        self,
        code: str,
        message: str,
        path: Path,
        place: Place | None,
        *,
        level: Level = "fault",
        did_you_mean: str | None = None,
        other: str | None = None,
    ) -> None:
        """Note a finding whose place is known."""
        if did_you_mean is not None:
            message += f"; did you mean '{did_you_mean}'?"
        name = dotted(path)
        self.findings.append(
            Finding(
                code,
                level,
                message,
                names=(name,) if name else (),
                file=self.file,
                line=place.line if place else None,
                column=place.column if place else None,
                did_you_mean=did_you_mean,
                source=self.places.lines[place.line - 1] if place else None,
                length=place.length if place else 1,
                context=f"In {dotted(path[:2])}." if len(path) > 1 else None,
                other=other,
            )
        )

    def unknown(
        self, code: str, what: str, name: str, known: Iterable[str], path: Path, *, at: Where = "value"
    ) -> None:
        """Note a name that isn't there, with the nearest that is."""
        self.add(code, f"unknown {what} '{name}'", path, at=at, did_you_mean=nearest(name, known))

    def unknown_keys(
        self, given: Iterable[str], known: tuple[str, ...], path: Path, needed: tuple[str, ...] = ()
    ) -> set[str]:
        """Note the keys that don't belong here; the answer is what they were most likely meant to be.

        A needed key that isn't there is likelier meant than another: `form` is `from` before it is `format`.
        """
        there = frozenset(given)
        absent = [key for key in needed if key not in there]
        meant: set[str] = set()
        for key in given:
            if key not in known:
                near = nearest(key, absent) or nearest(key, known)
                if near is None and (usual := OTHER_WORDS.get(key)) in known and usual not in there:
                    near = usual
                self.add("unknown-key", f"unknown key '{key}'", (*path, key), at="key", did_you_mean=near)
                meant |= {near} if near else set()
        return meant

    def wrong_type(self, path: Path, expected: str, found: object) -> None:
        """Note a value of another type than the key has."""
        self.add("wrong-type", f"{_name(path)} is {expected}, found {toml_kind(found)}", path)

    def wrong_value(self, path: Path, expected: str, found: object) -> None:
        """Note a text that is none of those that the key may have, or a value of another type."""
        if not isinstance(found, str):
            self.wrong_type(path, expected, found)
            return
        shown = f"not '{found[:MOST_SHOWN]}{'…' if len(found) > MOST_SHOWN else ''}'" if clean(found) else "not blank"
        self.add("wrong-type", f"{_name(path)} is {expected}, {shown}", path)

    def in_order(self) -> list[Finding]:
        """The findings from the top of the file to its end."""
        return sorted(self.findings, key=lambda finding: (finding.line or 0, finding.column or 0))


def dotted(path: Path) -> str:
    """A path as people write it: `fields.employees.as`."""
    return ".".join(map(str, path))


def _name(path: Path) -> str:
    parts = [str(part) for part in path if isinstance(part, str)]
    return f"'{parts[-1]}'" if parts else "this"


def toml_kind(value: object) -> str:
    """What a TOML value is, in words."""
    match value:
        case bool():
            return "true or false"
        case str():
            return "text"
        case dict():
            return "a table"
        case list():
            return "a list"
        case int() | float():
            return "a number"
        case _:
            return f"a {type(value).__name__}" if type(value).__name__ != "Decimal" else "a number"
