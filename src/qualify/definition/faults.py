"""Findings on their way: each knows the path of the thing in the file; places are looked up only when asked for.

Scanning a file for places costs more than reading it, so a right definition never pays for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from qualify.definition.places import Path, Place, Places, json_places, toml_places
from qualify.errors import Finding, Level


@dataclass
class Source:
    """One file (or text) of a definition: its name, its text and, when needed, where everything stands in it."""

    file: str | None
    text: str = ""
    form: str = "toml"

    @cached_property
    def places(self) -> Places:
        """Where everything stands in the text."""
        return (json_places if self.form == "json" else toml_places)(self.text)


@dataclass
class _Told:
    code: str
    level: Level
    message: str
    path: Path
    source: Source | None
    names: tuple[str, ...]
    did_you_mean: str | None
    context: str | None
    locate: Callable[[Places], Place | None]
    other: tuple[Source | None, Path] | None


@dataclass
class Faults:
    """What was found so far. `owner` says in which source a path stands."""

    owner: Callable[[Path], Source | None]
    sources: list[Source]
    told: list[_Told] = field(default_factory=list)
    ready: list[Finding] = field(default_factory=list)

    def add(
        self,
        code: str,
        message: str,
        path: Path,
        *,
        level: Level = "fault",
        source: Source | None = None,
        did_you_mean: str | None = None,
        context: str | None = None,
        at: Callable[[Places], Place | None] | None = None,
        other: tuple[Source | None, Path] | None = None,
    ) -> None:
        """Tell a finding about the thing at `path`; `at` finds a closer place in its source."""
        name = ".".join(str(part) for part in path[:2])
        self.told.append(
            _Told(
                code, level, message, path, source or self.owner(path), (name,) if name else (), did_you_mean,
                context, at or (lambda places: places.nearest(path)), other,
            )
        )  # fmt: skip

    def __bool__(self) -> bool:
        return any(told.level == "fault" for told in self.told) or any(each.level == "fault" for each in self.ready)

    def findings(self) -> tuple[Finding, ...]:
        """All findings with their places, in the order of the files."""
        order = {id(source): number for number, source in enumerate(self.sources)}
        placed = [(order.get(id(told.source), 0), self._placed(told)) for told in self.told]
        numbers = {source.file: number for number, source in enumerate(self.sources)}
        placed += [(numbers.get(each.file, 0), each) for each in self.ready]
        placed.sort(key=lambda pair: (pair[0], pair[1].line or 0, pair[1].column or 0))
        return tuple(dict.fromkeys(finding for _, finding in placed))

    def _placed(self, told: _Told) -> Finding:
        place, line = None, None
        file = told.source.file if told.source else None
        if told.source is not None and told.source.text:
            places = told.source.places
            place = told.locate(places) or places.nearest(told.path)
            if place is not None and place.line <= len(places.lines):
                line = places.lines[place.line - 1]
        other = None
        if told.other is not None:
            second, path = told.other
            where = second.places.nearest(path) if second is not None and second.text else None
            if where is not None:
                other = f"It also stands at {f'{second.file}:' if second and second.file else 'line '}{where.line}."
        return Finding(
            told.code, told.level, told.message, told.names, file, place.line if place else None,
            place.column if place else None, told.did_you_mean, line, place.length if place else 1, told.context, other,
        )  # fmt: skip
