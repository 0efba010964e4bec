"""The `[write]` of a mapping's file: what of a verdict goes to which property, and how."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as AbcMapping
from typing import Any, Literal, cast, get_args

from qualify.definition.model import Model
from qualify.definition.places import Path
from qualify.errors import nearest
from qualify.mapping.conversions import CONVERSIONS
from qualify.mapping.faults import Faults
from qualify.mapping.fields import word_of
from qualify.mapping.moments import dates_fault
from qualify.mapping.paths import names_of
from qualify.mapping.table import Lifecycle, Target, Targets, Word, WriteMap, WritePart
from qualify.mapping.words import said
from qualify.text import clean, fold

Kind = Literal["text", "list", "moment", "number", "yes or no"]
PARTS: AbcMapping[WritePart, Kind] = {
    **dict.fromkeys(get_args(WritePart), "text"), "reached": "list", "reasons": "list", "missing": "list",
    "as_of": "moment", "left_out": "yes or no",
}  # fmt: skip
NAMED: AbcMapping[Literal["scores", "tiers", "traits"], Kind] = {"scores": "number", "tiers": "text", "traits": "text"}
WAYS: AbcMapping[Kind, tuple[str, ...]] = {
    "text": ("text",),
    "list": ("text", "list"),
    "moment": ("text", "datetime", "date", "epoch seconds", "epoch milliseconds"),
    "number": ("text", "number"),
    "yes or no": ("text", "yes/no"),
}
"""What `as` can say of each kind of thing that a verdict says."""
LIFECYCLE_KEYS = ("to", "values", "order", "backward")
TARGET_KEYS = ("to", "as", "format", "separator", "labels")


class WriteReader:
    """Reads `[write]`, knowing the definition if there is one."""

    def __init__(self, faults: Faults, model: Model | None) -> None:
        self.faults, self.model = faults, model
        self._taken: dict[str, Path] = {}

    def read(self, given: object) -> WriteMap | None:
        """The whole table."""
        path: Path = ("write",)
        if not isinstance(given, dict):
            self.faults.wrong_type(path, "a table: what a verdict says, and its property", given)
            return None
        self.faults.unknown_keys(given, (*PARTS, *NAMED, "lifecycle"), path)
        parts = [
            (part, target)
            for part, kind in PARTS.items()
            if part in given and (target := self._target(given[part], (*path, part), kind)) is not None
        ]
        named = {what: self._all_of(given.get(what, {}), what, (*path, what)) for what in NAMED}
        lifecycle = self._lifecycle(given["lifecycle"], (*path, "lifecycle")) if "lifecycle" in given else None
        return WriteMap(tuple(sorted(parts, key=lambda part: list(given).index(part[0]))), **named, lifecycle=lifecycle)

    def _all_of(self, given: object, what: Literal["scores", "tiers", "traits"], path: Path) -> Targets:
        """The targets of scores, of tiers or of traits, by name."""
        if not isinstance(given, dict):
            self.faults.wrong_type(path, f"a table: {what} and their properties, '*' for all", given)
            return ()
        known: Iterable[str] | None = None if self.model is None else getattr(self.model, what)
        targets = []
        for name, each in given.items():
            here = (*path, name)
            if known is not None and name not in known and name != "*":
                self._not_there(what[:-1], name, known, here)
            target = self._target(each, here, NAMED[what], all_of=what if name == "*" else None)
            if target is not None:
                targets.append((name, target))
        return tuple(targets)

    def _not_there(self, what: str, name: str, known: Iterable[str], path: Path) -> None:
        """Note a name that the definition lacks, unless it is an adapter's own mapping that has it."""
        if self.faults.places.key(path) is not None:
            code = "unknown-fact" if what in ("tier", "trait") else f"unknown-{what}"
            self.faults.unknown(code, what, name, known, path, at="key")

    def _target(self, given: object, path: Path, kind: Kind, *, all_of: str | None = None) -> Target | None:
        faults = self.faults
        if isinstance(given, str):
            given = {"to": given}
        elif not isinstance(given, dict):
            faults.wrong_type(path, "a property's name or a table, such as { to = 'Stage', as = 'text' }", given)
            return None
        else:
            faults.unknown_keys(given, TARGET_KEYS, path, ("to",))
        to = self._to(given, path, all_of)
        as_, form, separator = self._as(given, path, kind), self._format(given, path), given.get("separator")
        for key, value, meant in (
            ("format", form, kind == "moment" and as_ in (None, "datetime", "date")),
            ("separator", separator, kind == "list" and as_ != "list"),
        ):
            if value is not None and not meant:
                how = f"as '{as_}'" if as_ is not None else f"as {kind}"
                faults.add("useless-key", f"'{key}' has no meaning for what is written {how}", (*path, key), at="key")
        if separator is not None and not (isinstance(separator, str) and separator):
            faults.wrong_value((*path, "separator"), "what stands between two entries, such as ';'", separator)
            separator = None
        labels = self._labels(given.get("labels", {}), (*path, "labels"))
        return None if to is None else Target(to, as_, form, separator, labels)

    def _to(self, given: dict[str, Any], path: Path, all_of: str | None = None) -> str | None:
        to, where = given.get("to"), (*path, "to") if self.faults.places.value((*path, "to")) else path
        if to is None:
            self.faults.add("missing-key", f"'{path[-1]}' needs 'to': the property that it is written to", path)
        elif not isinstance(to, str) or not clean(to):
            self.faults.wrong_value(where, "a property's name, or a path through tables", to)
        elif all_of is not None and "*" not in to:
            self.faults.add("wrong-type", f"of all {all_of}, '*' stands in the property for the name of each", where)
        elif names_of(to.replace("*", "x") if all_of else to) is None:
            self.faults.add("wrong-type", "what is written has a name, or a path through tables alone", where)
        elif (first := self._taken.setdefault(to, where)) != where:
            other = self.faults.places.nearest(first)
            beside = f"It is written first in line {other.line}." if other else None
            self.faults.add("given-twice", f"'{to}' can hold one thing only", where, other=beside)
        else:
            return to
        return None

    def _as(self, given: dict[str, Any], path: Path, kind: Kind) -> str | None:
        value, where = given.get("as"), (*path, "as")
        if value is None:
            return None
        if not isinstance(value, str):
            self.faults.wrong_type(where, "how it is written", value)
        elif value in WAYS[kind]:
            return value
        elif value in CONVERSIONS:
            ways = " or ".join(f"'{way}'" for way in WAYS[kind])
            self.faults.add("other-type", f"'{path[-1]}' can be written as {ways}, not as '{value}'", where)
        else:
            near = nearest(value, WAYS[kind])
            there = "" if near else f"; there are {', '.join(WAYS[kind])}"
            self.faults.add("unknown-conversion", f"unknown conversion '{value}'{there}", where, did_you_mean=near)
        return None

    def _format(self, given: dict[str, Any], path: Path) -> str | None:
        value, where = given.get("format"), (*path, "format")
        if value is None:
            return None
        if not isinstance(value, str):
            self.faults.wrong_type(where, "'iso', 'day first', 'month first' or a format", value)
        elif (why := dates_fault(value)) is not None:
            self.faults.add("bad-dates", why[0], where, did_you_mean=why[1])
        else:
            return value
        return None

    def _labels(self, given: object, path: Path) -> tuple[tuple[str, Word], ...]:
        if not isinstance(given, dict):
            self.faults.wrong_type(path, "a table: our words and those of the property", given)
            return ()
        labels: dict[str, tuple[str, Word]] = {}
        for ours, theirs in given.items():
            word, here = word_of(theirs, (*path, ours), self.faults), (*path, ours)
            if (first := labels.get(said(ours) or "")) is not None:
                message = f"'{ours}' and '{first[0]}' are one word: case doesn't matter"
                self.faults.add("given-twice", message, here, at="key")
            elif word is not None:
                labels[said(ours) or ""] = (ours, word)
        return tuple(labels.values())

    def _lifecycle(self, given: object, path: Path) -> Lifecycle | None:
        faults = self.faults
        if not isinstance(given, dict):
            faults.wrong_type(path, "a table: 'to', 'values' and 'order'", given)
            return None
        meant = faults.unknown_keys(given, LIFECYCLE_KEYS, path, ("to", "values", "order"))
        for key, why in (
            ("values", "which value each stage has"),
            ("order", "all its values, from the first to the last"),
        ):
            if key not in given and key not in meant:
                faults.add("missing-key", f"a lifecycle needs '{key}': {why}", path, at="key")
        to, order = self._to(given, path), self._order(given.get("order", []), (*path, "order"))
        values = self._values(given.get("values", {}), order, (*path, "values"))
        backward = given.get("backward", False)
        if not isinstance(backward, bool):
            faults.wrong_type((*path, "backward"), "true or false", backward)
        return None if to is None else Lifecycle(to, values, order, backward is True)

    def _order(self, given: object, path: Path) -> tuple[str, ...]:
        if not isinstance(given, list) or not all(isinstance(each, str) and clean(each) for each in given):
            self.faults.wrong_type(path, "a list of the property's values, from the first to the last", given)
            return ()
        seen: dict[str, str] = {}
        for at, value in enumerate(given):
            if seen.setdefault(fold(clean(value)), value) is not value or given.index(value) != at:
                self.faults.add("given-twice", f"'{value}' has two places in the order", (*path, at))
        return tuple(cast(list[str], given))

    def _values(self, given: object, order: tuple[str, ...], path: Path) -> tuple[tuple[str, str], ...]:
        if not isinstance(given, dict):
            self.faults.wrong_type(path, "a table: stages and their values", given)
            return ()
        places, values = {fold(clean(each)) for each in order}, []
        for stage, value in given.items():
            here = (*path, stage)
            if self.model is not None and stage not in self.model.stages:
                self._not_there("stage", stage, self.model.stages, here)
            if not isinstance(value, str):
                self.faults.wrong_type(here, "a value of the property", value)
            elif order and fold(clean(value)) not in places:
                near = nearest(value, order)
                self.faults.add("not-in-order", f"'{value}' has no place in the order", here, did_you_mean=near)
            else:
                values.append((stage, value))
        return tuple(values)


__all__ = ["WriteReader"]
