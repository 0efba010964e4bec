"""From a file of stories to the stories: every key, name and value checked, all faults at once, each with its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path as FilePath
from typing import Any

from qualify.definition.model import Field, Model
from qualify.definition.places import Path, Place
from qualify.errors import Finding, Level, enumerated, nearest
from qualify.mapping.faults import OTHER_WORDS, Faults, Where, dotted, toml_kind
from qualify.mapping.source import table_of, text_of
from qualify.rules.tree import quoted
from qualify.testing.expected import ANSWERS, NONE, PARTS, STATES
from qualify.testing.story import Story
from qualify.text import clean, fold
from qualify.values import Unreadable, read_value

KEYS = ("title", "as_of", "fields", "activities", "expect", "lead", "published", "differs")
NEEDED = ("title", "as_of", "fields", "expect")
ACTIVITY_KEYS = ("type", "at", "properties", "times")
MOST_TIMES = 10_000
_MANY = ("field", "activity")
"""Of these there are too many to list where a name is unknown: most are the standard ones."""
WHAT = "story file"


def read_stories(file: FilePath, model: Model) -> tuple[list[Story], list[Finding]]:
    """The stories in a file, and what is wrong with it: where anything is, the stories are not to be asked."""
    text = text_of(file, WHAT)
    if isinstance(text, Finding):
        return [], [text]
    faults = _Faults(text, str(file))
    given = table_of(text, faults, WHAT)
    told = [] if given is None else _Reader(faults, model).stories(given)
    return told, faults.in_order()


class _Faults(Faults):
    """Faults that say in which story they stand: by its title, which people know, not by its number."""

    titles: Mapping[int, str] = {}

    def unknown(
        self, code: str, what: str, name: str, known: Iterable[str], path: Path, *, at: Where = "value"
    ) -> None:
        """Note a name that isn't there, with the nearest that is; where none is near, with all that there are."""
        names = tuple(known)
        if nearest(name, names) is None and names and what not in _MANY:
            self.add(code, f"unknown {what} '{name}'; there are: {enumerated(names)}", path, at=at)
        else:
            super().unknown(code, what, name, names, path, at=at)

    def not_a_choice(self, text: str, choices: tuple[str, ...], field: str, path: Path) -> None:
        """Note a text that a field can't be, in the words in which a rule's is told."""
        near = nearest(text, choices)
        meant = f"; did you mean {quoted(near)}?" if near else f": it is one of {enumerated(map(quoted, choices))}"
        self.add("not-a-choice", f"{quoted(text[:40])} is not a choice of '{field}'{meant}", path)
        self.findings[-1] = replace(self.findings[-1], did_you_mean=near)

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
        message = message.replace(f"'{dotted(path)}'", f"'{dotted(path[2:]) or dotted(path)}'")  # not by its number
        super().at_place(code, message, path, place, level=level, did_you_mean=did_you_mean, other=other)
        number = path[1] if len(path) > 1 and path[0] == "story" else None
        title = self.titles.get(number) if isinstance(number, int) else None
        context = f'In the story "{title}".' if title else None
        self.findings[-1] = replace(self.findings[-1], context=context)


class _Reader:
    def __init__(self, faults: _Faults, model: Model) -> None:
        self.faults, self.model = faults, model
        self.expected: dict[str, Any] = {}

    def stories(self, given: Mapping[str, Any]) -> list[Story]:
        faults = self.faults
        if faults.unknown_keys(given, ("story",), (), ("story",)):
            return []  # what is meant to be a story stands under another name
        told = given.get("story", [])
        if not isinstance(told, list) or not all(isinstance(each, dict) for each in told):
            faults.add(
                "wrong-type", f"each story is a table of its own, [[story]], found {toml_kind(told)}", ("story",)
            )
            return []
        if not told and not faults.any:
            faults.add("missing-key", "this file tells no story: each begins with [[story]]", ())
        titles = {at: each.get("title") for at, each in enumerate(told)}
        faults.titles = {at: title for at, title in titles.items() if isinstance(title, str) and clean(title)}
        self._titles_once()
        return [story for at, each in enumerate(told) if (story := self.story(each, ("story", at))) is not None]

    def _titles_once(self) -> None:
        first: dict[str, int] = {}
        for at, title in self.faults.titles.items():
            name = " ".join(title.split())
            if name in first:
                place = self.faults.places.key(("story", first[name], "title"))
                other = f"It stands first in line {place.line}." if place else None
                self.faults.add("given-twice", "two stories have this title", ("story", at, "title"), other=other)
            first.setdefault(name, at)

    def story(self, given: Mapping[str, Any], path: Path) -> Story | None:
        faults = self.faults
        before = len(faults.findings)
        meant = faults.unknown_keys(given, KEYS, path, NEEDED)
        for key in NEEDED:
            if key not in given and key not in meant:
                faults.add("missing-key", f"a story has '{key}': {_MEANING[key]}", path)
        title = given.get("title")
        if "title" in given and not (isinstance(title, str) and clean(title)):
            faults.wrong_value((*path, "title"), "what comes out and why, in words", title)
        as_of = given.get("as_of")
        if "as_of" in given and not isinstance(as_of, datetime):
            faults.wrong_type((*path, "as_of"), "a moment, such as 2026-11-24T12:00:00Z", as_of)
        for key in ("published", "differs"):
            if key in given and not (isinstance(given[key], str) and clean(given[key])):
                faults.wrong_value((*path, key), "text", given[key])
        if "lead" in given and (isinstance(given["lead"], bool) or not isinstance(given["lead"], int)):
            faults.wrong_type((*path, "lead"), "the number of the lead on the page that published it", given["lead"])
        lead = self.fields(given.get("fields", {}), (*path, "fields"))
        if "activities" in given:
            lead["activities"] = self.activities(given["activities"], (*path, "activities"))
        expect = self.expect(given["expect"], (*path, "expect")) if "expect" in given else {}
        if len(faults.findings) > before or not isinstance(title, str) or not isinstance(as_of, datetime):
            return None
        place = faults.places.key((*path, "title"))
        more = (given.get("lead"), given.get("published"), given.get("differs"))
        return Story(title, lead, as_of, expect, faults.file, place.line if place else None, *more)

    # --- the lead ---

    def fields(self, given: object, path: Path) -> dict[str, Any]:
        if not self._is_table(given, path, "a table: what is known of the lead"):
            return {}
        assert isinstance(given, dict)
        declared = self.model.declared_fields
        for name, value in given.items():
            if name == "activities":
                self.faults.add(
                    "unknown-field", "'activities' stand beside 'fields', not in them", (*path, name), at="key"
                )
            elif name not in declared:
                self.faults.unknown("unknown-field", "field", name, declared, (*path, name), at="key")
            else:
                self._value(declared[name], value, (*path, name))
        return dict(given)

    def _value(self, declared: Field, value: object, path: Path) -> None:
        """A value of the right type and, where the field has choices, one of them: no rule could ask for another."""
        try:
            read = read_value(declared.type, value)
        except Unreadable as why:
            self.faults.add("wrong-type", f"'{path[-1]}' is {why.expected}, found {toml_kind(value)}", path)
            return
        if not declared.choices or read is None:
            return
        known = {fold(clean(choice)) for choice in declared.choices}
        several = isinstance(value, list)
        for at, text in enumerate(read if isinstance(read, tuple) else (read,)):
            if isinstance(text, str) and clean(text) and fold(clean(text)) not in known:
                self.faults.not_a_choice(text, declared.choices, str(path[-1]), (*path, at) if several else path)

    def activities(self, given: object, path: Path) -> list[dict[str, Any]]:
        if not isinstance(given, list):
            self.faults.wrong_type(path, "a list of what happened; an empty one says that nothing did", given)
            return []
        found: list[dict[str, Any]] = []
        for at, each in enumerate(given):
            here = (*path, at)
            if not self._is_table(each, here, "a table with 'type' and 'at'"):
                continue
            self._activity(each, here)
            times = each.get("times", 1)
            if isinstance(times, bool) or not isinstance(times, int) or not 1 <= times <= MOST_TIMES:
                self.faults.add("wrong-type", f"'times' is a number from 1 to {MOST_TIMES}", (*here, "times"))
                times = 1
            found += [{key: value for key, value in each.items() if key != "times"}] * times
        return found

    def _activity(self, given: Mapping[str, Any], path: Path) -> None:
        faults, declared = self.faults, self.model.declared_activities
        kind = given.get("type")
        told_of = declared[kind].properties if isinstance(kind, str) and kind in declared else {}
        astray = [
            key
            for key in given
            if key not in ACTIVITY_KEYS and (key in told_of or nearest(key, (*ACTIVITY_KEYS, *OTHER_WORDS)) is None)
        ]
        for key in astray:
            example = "properties = { " + key + " = ... }"
            message = f"unknown key '{key}': what is told of an activity stands under 'properties', as in {example}"
            faults.add("unknown-key", message, (*path, key), at="key")
        meant = faults.unknown_keys([key for key in given if key not in astray], ACTIVITY_KEYS, path, ("type", "at"))
        for key in ("type", "at"):
            if key not in given and key not in meant:
                faults.add("missing-key", f"an activity has '{key}'", path)
        if "type" in given and not isinstance(kind, str):
            faults.wrong_type((*path, "type"), "an activity's name", kind)
        elif isinstance(kind, str) and kind not in declared:
            faults.unknown("unknown-activity", "activity", kind, declared, (*path, "type"))
        if "at" in given and not isinstance(given["at"], datetime):
            faults.wrong_type((*path, "at"), "a moment, such as 2026-11-24T12:00:00Z", given["at"])
        properties = given.get("properties", {})
        if not self._is_table(properties, (*path, "properties"), "a table"):
            return
        if not isinstance(kind, str) or kind not in declared:
            return
        known = declared[kind].properties
        for name, value in properties.items():
            here = (*path, "properties", name)
            if name not in known:
                faults.unknown("unknown-property", f"property of {kind}:", name, known, here, at="key")
            else:
                self._value(known[name], value, here)

    # --- what is expected ---

    def expect(self, given: object, path: Path) -> dict[str, Any]:
        """What is expected; a list of cases comes in the tier's own order."""
        if not self._is_table(given, path, "a table: what must come out"):
            return {}
        assert isinstance(given, dict)
        self.faults.unknown_keys(given, PARTS, path)
        if not given:
            self.faults.add("missing-key", f"a story expects something: {', '.join(PARTS)}", path)
        return {part: self._part(part, given[part], (*path, part)) for part in given if part in PARTS}

    def _part(self, part: str, given: Any, path: Path) -> Any:
        model = self.model
        match part:
            case "stage":
                self._word(given, (*path,), "stage", (*model.stages, NONE))
            case "handoff":
                self._word(given, (*path,), "team", (*model.teams, NONE))
            case "missing":
                self._words(given, path, "field", (*model.declared_fields, "activities"))
            case "left_out_by":
                self._words(given, path, "trait", model.left_out_by, "fact")
            case _ if not self._is_table(given, path, "a table: each name with what is expected of it"):
                pass
            case _ if not given:
                self.faults.add("missing-key", f"'{part}' expects nothing", path, at="key")
            case "stages":
                for name in self._known(given, path, "stage", model.stages):
                    self._answer(given[name], (*path, name), STATES)
            case "sides":
                for name in self._known(given, path, "stage", model.stages):
                    self._sides(given[name], (*path, name), name)
            case _:
                return {**given, **{name: self._fact(part, name, given[name], (*path, name)) for name in given}}
        return given

    def _sides(self, given: Any, path: Path, stage: str) -> None:
        sides = self.model.stages[stage].requires
        if not self._is_table(given, path, "a table: each team with what it says"):
            return
        if not given:
            self.faults.add("missing-key", f"'{stage}' expects nothing of its sides", path, at="key")
        for team, said in given.items():
            here = (*path, team)
            if team in sides:
                self._answer(said, here, ANSWERS)
            elif team in self.model.teams:
                message = f"the team '{team}' requires nothing for '{stage}': only {enumerated(sides)}"
                self.faults.add("unknown-team", message, here, at="key")
            else:
                self.faults.unknown("unknown-team", "team", team, sides, here, at="key")

    def _fact(self, part: str, name: str, given: Any, path: Path) -> Any:
        sections = ("traits", "tiers", "signals", "scores") if part == "facts" else (part,)
        what = "fact" if part == "facts" else part[:-1]
        known = {each: fact for section in sections for each, fact in getattr(self.model, section).items()}
        if name not in known:
            code = "unknown-score" if part == "scores" else "unknown-fact"
            adopted = [each for each, fact in known.items() if fact.status == "adopted"]
            self.faults.unknown(code, what, name, adopted, path, at="key")
            return given
        if (status := known[name].status) != "adopted":
            state = "in shadow" if status == "shadow" else status
            message = f"the {what} '{name}' is {state}: stories are told of what is adopted"
            self.faults.add("unknown-fact", message, path, at="key")
            return given
        if name in self.model.traits and part in ("traits", "facts"):
            self._answer(given, path, ANSWERS)
        elif name in self.model.tiers and part in ("tiers", "facts"):
            return self._cases(given, path, tuple(case.name for case in self.model.tiers[name].cases))
        elif name in self.model.signals and part == "facts":
            if given != "unknown" and (isinstance(given, bool) or not isinstance(given, int) or given < 0):
                self.faults.wrong_type(path, "how often it happened (a whole number), or 'unknown'", given)
        else:
            return self._score(given, path)
        return given

    def _cases(self, given: Any, path: Path, cases: tuple[str, ...]) -> Any:
        if isinstance(given, list) and given:
            for at, each in enumerate(given):
                self._word(each, (*path, at), "case", cases)
            if len(given) == 1:
                return given[0]
            return [case for case in cases if case in given] if {*map(str, given)} <= {*cases} else given
        if isinstance(given, str):
            self._word(given, path, "case", cases)
        else:
            self.faults.wrong_type(path, "a case of the tier, or the list of all that it can be", given)
        return given

    def _score(self, given: Any, path: Path) -> Any:
        ends = given if isinstance(given, list) and len(given) == 2 else [given]
        if not all(_is_number(each) or each == NONE for each in ends):
            self.faults.wrong_type(path, f"a number, [at least, at most], or '{NONE}'", given)
        return ends[0] if ends[0] == ends[-1] else given

    def _answer(self, given: object, path: Path, words: tuple[str, ...]) -> None:
        if given in words:
            return
        said = f"{', '.join(words[:-1])} or {words[-1]}"
        near = nearest(given.lower().replace(" ", "_"), words) if isinstance(given, str) else None
        if isinstance(given, str) and near is not None:
            message = f"'{path[-1]}' is {said}, not '{given[:40]}'"
            self.faults.add("wrong-type", message, path, did_you_mean=near)
        else:
            self.faults.wrong_value(path, said, given)

    def _known(self, given: Mapping[str, Any], path: Path, what: str, known: Iterable[str]) -> list[str]:
        names = tuple(known)
        for name in given:
            if name not in names:
                self.faults.unknown(f"unknown-{what}", what, name, names, (*path, name), at="key")
        return [name for name in given if name in names]

    def _word(self, given: object, path: Path, what: str, known: tuple[str, ...], code: str | None = None) -> None:
        if not isinstance(given, str):
            self.faults.wrong_type(path, f"a {what}'s name", given)
        elif given not in known:
            self.faults.unknown(f"unknown-{code or what}", what, given, known, path)

    def _words(self, given: object, path: Path, what: str, known: tuple[str, ...], code: str | None = None) -> None:
        if not isinstance(given, list):
            self.faults.wrong_type(path, f"a list of {what}s; an empty one says that there is none", given)
            return
        for at, each in enumerate(given):
            self._word(each, (*path, at), what, known, code)

    def _is_table(self, given: object, path: Path, expected: str) -> bool:
        if isinstance(given, dict):
            return True
        self.faults.wrong_type(path, expected, given)
        return False


def _is_number(value: object) -> bool:
    if isinstance(value, Decimal):
        return value.is_finite()
    return isinstance(value, int) and not isinstance(value, bool)


_MEANING = {
    "title": "what comes out and why, in words",
    "as_of": "the moment at which it is asked",
    "fields": "what is known of the lead; {} where nothing is",
    "expect": "what must come out",
}

__all__ = ["read_stories"]
