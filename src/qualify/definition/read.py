# Long because every key of the file is read here, each with its own fault.
"""The file's data -> the model: each entry by the table of keys, every fault told, nothing guessed."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, TypeVar, assert_never, cast
from zoneinfo import ZoneInfo

from qualify.definition.faults import Faults
from qualify.definition.habits import OTHERWISE, STATUSES, TYPES, meant_key, meant_zone, plain_case, plain_name
from qualify.definition.hours import parse_hours
from qualify.definition.keys import (
    FACT_SECTIONS,
    HANDOFF,
    LARGEST_POINTS,
    MOST_DECIMALS,
    OUTCOME_NAMES,
    SECTIONS,
    SIGNAL_POINTS,
    TOP,
    Key,
    Shape,
)  # fmt: skip
from qualify.definition.model import (
    ActivityType,
    Approval,
    Case,
    Field,
    Handoff,
    NamedList,
    Outcome,
    Points,
    Score,
    Signal,
    SignalPoints,
    Stage,
    Team,
    Tier,
    TierPoints,
    Trait,
    TraitPoints,
    WorkUnit,
)  # fmt: skip
from qualify.definition.pace import read_fade, read_limit
from qualify.definition.places import Path
from qualify.errors import RuleError, enumerated, nearest
from qualify.rules.build import SelectionBuilder, TermBuilder
from qualify.rules.check import nearest_case
from qualify.rules.habits import dates_meant, number_meant
from qualify.rules.parse import Parsed, read_formula, read_rule, read_selection
from qualify.rules.tree import Node, Rule, quoted
from qualify.text import clean, fold, refused_character
from qualify.vocabulary import (
    FIELD_TYPES,
    RESERVED,
    STANDARD_ACTIVITIES,
    STANDARD_FIELDS,
    UNCHANGEABLE,
    case_fault,
    name_fault,
)

Form = Literal["toml", "json", "python"]
Raw = Mapping[str, Any]
E = TypeVar("E")


@dataclass
class Entries:
    """What could be read: the model's parts, and each rule with the places of its nodes.

    An entry with a fault is missing here, but its rules and its team are not; `unknowable` are names whose kind can't
    be told because of one, `shared` those that stand for two things. `newer` says that the file is of a later format,
    and that nothing else was read.
    """

    top: dict[str, Any] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    fields: dict[str, Field] = field(default_factory=dict)
    activities: dict[str, ActivityType] = field(default_factory=dict)
    lists: dict[str, NamedList] = field(default_factory=dict)
    traits: dict[str, Trait] = field(default_factory=dict)
    tiers: dict[str, Tier] = field(default_factory=dict)
    signals: dict[str, Signal] = field(default_factory=dict)
    scores: dict[str, Score] = field(default_factory=dict)
    stages: dict[str, Stage] = field(default_factory=dict)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    approvals: dict[str, Approval] = field(default_factory=dict)
    given: dict[str, tuple[str, ...]] = field(default_factory=dict)
    tier_cases: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unknowable: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)
    retired: set[Path] = field(default_factory=set)
    parsed: dict[Path, Parsed[Any]] = field(default_factory=dict)
    named_teams: dict[Path, str] = field(default_factory=dict)
    newer: bool = False


SAID_OF: Mapping[str, str] = {"shadow": "in shadow", "proposed": "proposed", "retired": "retired", "adopted": "adopted"}

ReadList = Callable[[Path, str], tuple[str, ...] | None]
"""Reads a list's file; tells its own faults, then gives None."""


_AS_TABLE: Mapping[str, str] = {
    "fields": ', such as { type = "number" }', "outcomes": ', such as { reasons = ["...", "..."] }',
    "lists": ', such as { team = "...", values = ["...", "..."] }', "traits": ": its rule stands in 'when'",
    "scores": ": points stand in [scores.NAME.points]", "signals": ": what it selects stands in 'each'",
    "stages": ": what a team requires stands in 'requires'", "tiers": ": its cases stand in 'cases'",
}  # fmt: skip


def read_entries(raw: Raw, faults: Faults, form: Form, read_list: ReadList) -> Entries:
    """Everything that the data say, and a fault for everything that they shouldn't."""
    return _Reader(faults, form, read_list).whole(raw)


def shared_names(given: Mapping[str, tuple[str, ...]]) -> set[str]:
    """The names that stand for two things, which is a fault; whoever uses one has no other fault by that.

    >>> shared_names({"fields": ("vip", "size"), "traits": ("vip",), "signals": ("login",)}) == {"vip", "login"}
    True
    """
    facts = [set(given.get(section, ())) for section in ("lists", "traits", "tiers", "scores")]
    values = Counter(name for names in (set(STANDARD_FIELDS) | set(given.get("fields", ())), *facts) for name in names)
    beside = {*STANDARD_ACTIVITIES, *given.get("activities", ()), *given.get("traits", ()), *given.get("tiers", ())}
    return {name for name, times in values.items() if times > 1} | (beside & set(given.get("signals", ())))


class _Reader:
    def __init__(self, faults: Faults, form: Form, read_list: ReadList) -> None:
        self.faults, self.form, self.read_list = faults, form, read_list
        self.out = Entries()
        self.context: str | None = None
        self.present: set[str] = set()

    def whole(self, raw: Raw) -> Entries:
        if isinstance(raw.get("format"), int) and raw["format"] > 1:
            self.faults.add(
                "unknown-format", "this release reads format 1: a newer release of qualify reads it", ("format",)
            )
            self.out.newer = True
            return self.out
        known = {**TOP, **{section: Key("text", "") for section in SECTIONS}}
        meant = self.unknown_keys(raw, known, ())
        for name, value in raw.items():  # a misspelled section: what stands there is not missed
            if name not in known and isinstance(value, Mapping) and meant.intersection(SECTIONS):
                self.out.unknowable.update(map(str, value))
        self.context = None
        top = {name: value for name, value in raw.items() if name in TOP}
        self.out.top = self.table(top, TOP, (), meant)
        if "teams" not in raw and "teams" not in meant:
            self.faults.add("missing-key", "a definition needs [teams]: who writes it together", ())
        readers: dict[str, Callable[[Path, dict[str, Any], str], object]] = {
            "teams": self.team, "fields": self.field, "activities": self.activity, "lists": self.list_, "traits": self.trait,
            "tiers": self.tier, "signals": self.signal, "scores": self.score, "stages": self.stage,
            "outcomes": self.outcome, "approvals": self.approval,
        }  # fmt: skip
        for section, read in readers.items():
            entries = self.entries(section, raw.get(section))
            self.out.given[section] = tuple(name for name, _ in entries)
            if section == "scores":  # the last of the facts, and the first whose keys are names
                self.out.shared = shared_names(self.out.given)
            if section == "teams" and isinstance(raw.get("teams"), Mapping) and not entries:
                self.faults.add("missing-key", "a definition needs at least one team", (section,))
            for name, entry in entries:
                path = (section, name)
                if not self.good_name(section, name, path):
                    continue
                made = self.entry(section, name, entry, path, read)
                if made is None:
                    if section in ("fields", "activities"):
                        self.out.unknowable.add(name)
                else:
                    getattr(self.out, section)[name] = made
        return self.out

    def entries(self, section: str, raw: object) -> list[tuple[str, Any]]:
        """The entries of a section that are tables; a fault for each that is none, and one for one without a name."""
        found: list[tuple[str, Any]] = []
        nameless = False
        for name, entry in self.named(raw, (section,)):
            path = (section, name)
            if isinstance(entry, Mapping) or (section == "teams" and isinstance(entry, str)):
                found.append((name, entry))
            elif name in SECTIONS[section][1] and section != "teams":
                if not nameless:
                    self.faults.add("wrong-type", f"an entry has a name: write [{section}.NAME] above '{name}'", path)
                nameless = True
            elif name in TOP:
                meant = "what is said of the whole definition stands above its first [table]"
                self.faults.add("unknown-key", f"unknown key '{name}'; {meant}", path)
            else:
                self.faults.add("wrong-type", f"'{section}.{name}' is a table{_AS_TABLE.get(section, '')}", path)
                self.out.unknowable.add(name)
                if section in ("teams", "stages"):  # whoever names it has no fault by that
                    found.append((name, entry))
        return found

    def named(self, raw: object, path: Path) -> list[tuple[str, Any]]:
        """Name and entry; in JSON, where order means something, a list of tables with a `name`."""
        if raw is None:
            return []
        ordered = path == ("stages",)
        if isinstance(raw, Mapping) and not (ordered and self.form == "json"):
            return [(str(name), entry) for name, entry in raw.items()]
        if ordered and self.form != "toml" and isinstance(raw, list | tuple):
            found: list[tuple[str, Any]] = []
            for at, entry in enumerate(raw):
                if isinstance(entry, Mapping) and isinstance(entry.get("name"), str):
                    rest = {key: value for key, value in entry.items() if key != "name"}
                    if entry["name"] in dict(found):
                        self.faults.add("given-twice", f"the stage '{entry['name']}' is given twice", (*path, at))
                    found.append((entry["name"], rest))
                else:
                    self.faults.add("wrong-type", "a stage is a table with a name", (*path, at))
            return found
        wanted = (
            "a list of tables, each with a name (their order means something)"
            if ordered and self.form == "json"
            else "a table"
        )
        self.faults.add("wrong-type", f"[{path[0]}] is {wanted}", path)
        return []

    def good_name(self, section: str, name: str, path: Path) -> bool:
        if section == "outcomes":
            if name in OUTCOME_NAMES:
                return True
            near = nearest(name, OUTCOME_NAMES)
            self.faults.add(
                "unknown-key",
                f"unknown outcome '{name}'; reasons are listed for {', '.join(OUTCOME_NAMES)}",
                path,
                did_you_mean=near,
            )
            return False
        if section == "approvals":
            return True
        if fault := name_fault(name):
            plain = plain_name(name)
            near = None if name in RESERVED or name_fault(plain) else plain
            said = fault if name in RESERVED else f"'{name[:80]}' can't be a name: {fault}"
            self.faults.add("bad-name", f"{said}; write '{near}'" if near else said, path, did_you_mean=near)
            self.out.unknowable.update((name, plain))
            return False
        return True

    def entry(
        self, section: str, name: str, raw: object, path: Path, read: Callable[[Path, dict[str, Any], str], E]
    ) -> E | None:
        if section == "teams" and isinstance(raw, str):
            raw = {"title": raw}
        if not isinstance(raw, Mapping):
            return None  # which has been told
        team = raw.get("team")
        self.context = f"In {section}.{name} ({team})." if isinstance(team, str) else f"In {section}.{name}."
        shape = SECTIONS[section][1]
        if section == "fields" and name in STANDARD_FIELDS:
            shape = {**shape, "type": Key("type", shape["type"].says)}
        self.present = {key for key, value in raw.items() if value is not None}
        if raw.get("status") == "retired":
            self.out.retired.add(path)
        before = len(self.faults.told)
        values = self.table(raw, shape, path)
        ready = all(key in values for key, each in shape.items() if each.required)
        made = read(path, values, name) if ready else None
        if section == "tiers" and not ready:
            self.settled(path, values, name)
        whole = len(self.faults.told) == before
        return made if whole or section == "stages" else None  # what else a stage names can still be looked at

    # --- keys and values ---

    def unknown_keys(self, raw: Raw, shape: Mapping[str, Key], path: Path) -> set[str]:
        """Tell the keys that nobody knows; the answer is what was meant by them."""
        meant_keys: set[str] = set()
        for name in raw:
            if name not in shape:
                near = meant_key(str(name), shape, raw)
                meant_keys.update((near,) if near and near not in raw else ())
                meant = f"; did you mean '{near}'?" if near else f"; there are {enumerated(shape, 20)}"
                if path and not near and name in TOP:
                    meant = "; what is said of the whole definition stands above its first [table]"
                self.faults.add(
                    "unknown-key",
                    f"unknown key '{name}'{meant}",
                    (*path, name),
                    did_you_mean=near,
                    context=self.context,
                )
        return meant_keys

    def table(self, raw: Raw, shape: Shape, path: Path, meant: Set[str] | None = None) -> dict[str, Any]:
        """Key to value for what is right; a fault for each key that is unknown, missing or of a wrong type.

        `meant` are keys that stand there under a wrong name, where that has been told: they are not missed.
        """
        if meant is None:
            meant = self.unknown_keys(raw, shape, path)
            self.present |= meant if len(path) == 2 else set()
        found: dict[str, Any] = {}
        for name, key in shape.items():
            if name in raw and raw[name] is not None:
                value = self.value(key, raw[name], (*path, name))
                if value is not None:
                    found[name] = value
            elif key.required and name not in meant:
                where = f"'{'.'.join(map(str, path))}' needs" if path else "a definition needs"
                self.tell("missing-key", f"{where} '{name}': {key.says}", path)
        return found

    def tell(self, code: str, message: str, path: Path, **more: Any) -> None:
        self.faults.add(code, message, path, context=self.context, **more)

    def at_value(self, code: str, message: str, path: Path, **more: Any) -> None:
        """Tell a fault of what a key holds, at what it holds."""
        self.tell(code, message, path, at=lambda places: places.value(path), **more)

    def wrong(self, wanted: str, path: Path) -> None:
        *_, before, last = ("", *path)
        what = f"'{last}'" if isinstance(last, str) else f"entry {last + 1} of '{before}'"
        self.tell("wrong-type", f"{what} is {wanted}", path)

    def value(self, key: Key, raw: Any, path: Path) -> Any:
        """The value as the model holds it, or None after a fault."""
        match key.holds:
            case "text" | "file":
                return self.text(raw, path)
            case "team":
                team = self.text(raw, path)
                if team is not None:
                    self.out.named_teams[path] = team
                return team
            case "texts":
                return self.texts(raw, path)
            case "flag":
                if not isinstance(raw, bool):
                    self.wrong("true or false", path)
                    return None
                return raw
            case "number":
                return self.number(raw, path)
            case "date":
                return self.date(raw, path)
            case "dates":
                if not isinstance(raw, list | tuple):
                    self.wrong(f"a list of dates{_as_list(raw, quotes=False)}", path)
                    return None
                dates = [self.date(each, (*path, at)) for at, each in enumerate(raw)]
                return None if None in dates else tuple(dates)
            case "format":
                if raw != 1 or isinstance(raw, bool):
                    self.tell("unknown-format", "this release reads format 1: write format = 1", path)
                    return None
                return 1
            case "zone":
                return self.zone(raw, path)
            case "hours":
                return self.hours(raw, path)
            case "type":
                if raw not in FIELD_TYPES:
                    near = TYPES.get(str(raw).lower()) or nearest(str(raw), FIELD_TYPES)
                    meant = f"; did you mean '{near}'?" if near else ""
                    self.at_value(
                        "unknown-type", f"a type is one of {', '.join(FIELD_TYPES)}{meant}", path, did_you_mean=near
                    )
                    return None
                return raw
            case "status":
                known = ("adopted", "shadow", "proposed", "retired")
                if raw not in known:
                    near = STATUSES.get(str(raw).lower()) or nearest(str(raw), known)
                    meant = f"; did you mean '{near}'?" if near else ""
                    self.at_value(
                        "unknown-status", f"a status is one of {', '.join(known)}{meant}", path, did_you_mean=near
                    )
                    return None
                return raw
            case "names":
                return self.names(raw, path)
            case "rule":
                return self.rule(raw, path)
            case "selection":
                return self.parse(raw, path, read_selection, "a selection of activities")
            case "formula":
                return self.parse(raw, path, read_formula, "a formula over scores")
            case "act within":
                return self.act_within(raw, path)
            case "yes or no":
                if raw not in ("yes", "no"):
                    self.tell("wrong-type", f'\'{path[-1]}\' is "yes" or "no", in quotes', path)
                    return None
                return raw
            case "case":
                return self.text(raw, path)
            case "cases":
                return self.cases(raw, path)
            case "points" | "requires" | "properties":
                if not isinstance(raw, Mapping) or not all(isinstance(name, str) for name in raw):
                    self.wrong(f"a table: {key.says}", path)
                    return None
                return raw
            case "handoffs":
                if isinstance(raw, Mapping) or not isinstance(raw, list | tuple):
                    self.wrong("a list of tables: [[stages.NAME.handoff]]", path)
                    return None
                return raw
            case "digest":
                text = self.text(raw, path)
                if text is not None and not re.fullmatch("[0-9a-f]{64}", text):
                    self.tell(
                        "wrong-type", "a digest is 64 digits and letters a to f, as `qualify check` prints it", path
                    )
                    return None
                return text
            case _:
                assert_never(key.holds)

    def text(self, raw: object, path: Path) -> str | None:
        if not isinstance(raw, str):
            self.wrong("text, in quotes", path)
            return None
        if not clean(raw):
            self.wrong("text, not blank", path)
            return None
        if any("\ud800" <= char <= "\udfff" for char in raw):
            self.wrong("text without half characters (lone surrogates)", path)
            return None
        return raw

    def texts(self, raw: object, path: Path) -> tuple[str, ...] | None:
        if not isinstance(raw, list | tuple):
            self.wrong(f"a list of texts{_as_list(raw)}", path)
            return None
        if not raw:
            self.wrong("a list with at least one text", path)
            return None
        found = [self.text(each, (*path, at)) for at, each in enumerate(raw)]
        return None if None in found else tuple(cast(list[str], found))

    def number(self, raw: object, path: Path) -> Decimal | None:
        if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal):
            meant = number_meant(raw) if isinstance(raw, str) else None
            self.wrong(f"a number, without quotes{f': {meant}' if meant else ''}", path)
            return None
        number = Decimal(repr(raw)) if isinstance(raw, float) else Decimal(raw)
        if number.is_nan():
            self.tell("bad-number", f"'{path[-1]}' is a number, and 'nan' is none", path)
            return None
        if not number.is_finite() or abs(number) >= LARGEST_POINTS:
            self.tell("bad-number", f"'{path[-1]}' is below {LARGEST_POINTS:,} in size", path)
            return None
        number = number.normalize() + 0
        if -cast(int, number.as_tuple().exponent) > MOST_DECIMALS:
            self.tell("bad-number", f"'{path[-1]}' has at most {MOST_DECIMALS} decimals", path)
            return None
        return number

    def date(self, raw: object, path: Path) -> dt.date | None:
        if isinstance(raw, str) and self.form == "json" and re.fullmatch(r"\d{4}-\d\d-\d\d", raw, re.ASCII):
            try:
                return dt.date.fromisoformat(raw)
            except ValueError:
                self.wrong("a day of the calendar", path)
                return None
        if isinstance(raw, dt.datetime) or not isinstance(raw, dt.date):
            quotes = "" if self.form == "json" else " (without quotes)"
            if isinstance(raw, str) and (meant := dates_meant(raw)):
                shown = meant[0] if len(meant) == 1 else f"{meant[0]}, or {meant[1]} where the month came first"
                self.wrong(f"a date: write {shown}{quotes}", path)
            else:
                self.wrong(f"a date, such as 2026-11-20{quotes}", path)
            return None
        return raw

    def zone(self, raw: object, path: Path) -> str | None:
        name = self.text(raw, path)
        if name is None:
            return None
        try:
            ZoneInfo(name)
        except (ValueError, KeyError, OSError):
            near = meant_zone(name)
            meant = f"; did you mean '{near}'?" if near else ", such as 'America/New_York'"
            self.at_value("unknown-zone", f"unknown time zone '{name[:80]}'{meant}", path, did_you_mean=near)
            return None
        return name

    def hours(self, raw: object, path: Path) -> str | None:
        text = self.text(raw, path)
        if text is None:
            return None
        try:
            parse_hours(text)
        except ValueError as why:
            self.tell("bad-hours", str(why), path)
            return None
        return text

    def names(self, raw: object, path: Path) -> tuple[str, ...] | None:
        if not isinstance(raw, list | tuple) or not all(isinstance(each, str) for each in raw):
            self.wrong(f"a list of names{_as_list(raw)}", path)
            return None
        again = _again(raw)
        for at in again:
            self.tell("given-twice", f"'{raw[at][:80]}' stands twice in '{path[-1]}'", (*path, at))
        return None if again else tuple(raw)

    def rule(self, raw: object, path: Path) -> Rule | None:
        return cast("Rule | None", self.parse(raw, path, read_rule, "a rule"))

    def parse(self, raw: object, path: Path, read: Callable[[str], Parsed[Any]], what: str) -> Any:
        if isinstance(raw, Node | SelectionBuilder | TermBuilder):
            raw = str(raw)
        if not isinstance(raw, str):
            several = ""
            if isinstance(raw, list | tuple) and read is not read_formula:
                several = (
                    ": join several by 'and' or 'or'" if read is read_rule else ", such as 'any of [page_view, call]'"
                )
            self.wrong(f"{what}, as text in quotes{several}", path)
            return None
        try:
            parsed = read(raw)
        except RuleError as why:
            position, length = why.position, why.length
            hint = ""
            if self.form == "toml" and "straight double quotes" in why.reason:
                hint = "; a rule that holds double quotes stands in single ones"
            self.tell(
                why.code, f"{why.reason}{hint}", path, did_you_mean=why.did_you_mean,
                at=lambda places: places.inside(path, position, length),
            )  # fmt: skip
            return None
        self.out.parsed[path] = parsed
        return parsed.tree

    def cases(self, raw: object, path: Path) -> tuple[Case, ...] | None:
        pairs: list[tuple[object, object, Path]]
        if isinstance(raw, Mapping) and self.form != "json":
            pairs = [(name, when, (*path, name)) for name, when in raw.items()]
        elif isinstance(raw, list | tuple) and self.form != "toml":
            pairs = []
            for at, each in enumerate(raw):
                if not isinstance(each, Mapping) or set(each) != {"name", "when"}:
                    self.wrong("a list of tables with 'name' and 'when' (their order means something)", (*path, at))
                    return None
                pairs.append((each["name"], each["when"], (*path, at, "when")))
        else:
            form = (
                "a list of tables with 'name' and 'when' (their order means something)"
                if self.form == "json"
                else 'a table: case to rule, in order, such as { small = "employees < 50", large = "otherwise" }'
            )
            self.wrong(form, path)
            return None
        if not pairs:
            self.tell("no-cases", "a tier needs at least one case, the last of which is 'otherwise'", path)
            return None
        names = [str(name) for name, _, _ in pairs]
        self.out.tier_cases[str(path[1])] = tuple(plain_case(name) if case_fault(name) else name for name in names)
        found: list[Case] = []
        taken: set[str] = set()
        good, otherwise = True, False
        for at, (name, when, place) in enumerate(pairs):
            last = at == len(pairs) - 1
            if not isinstance(name, str) or (fault := case_fault(name)):
                plain = plain_case(name) if isinstance(name, str) else ""
                near = None if name in RESERVED or case_fault(plain) else plain
                said = (
                    f"'{str(name)[:80]}' can't be a case: {fault if isinstance(name, str) else 'it is no text'}"
                    if name not in RESERVED
                    else str(case_fault(str(name)))
                )
                self.tell("bad-name", f"{said}; write '{near}'" if near else said, place, did_you_mean=near)
                good = False
            elif name in taken:
                self.tell("given-twice", f"the case '{name}' is given twice", place)
                good = False
            elif isinstance(when, str) and when.strip() == "otherwise":
                if not last and not otherwise:
                    self.tell(
                        "otherwise-not-last",
                        "'otherwise' stands once, in the last case: what follows could never be",
                        place,
                    )
                    good = False
                otherwise = True
                taken.add(name)
                found.append(Case(name, None))
            else:
                taken.add(name)
                if last and not otherwise:
                    self.tell(
                        "no-otherwise", "the last case of a tier is 'otherwise', so that every lead has one", place
                    )
                    good = False
                    if isinstance(when, str) and when.strip().lower() in OTHERWISE:
                        continue
                if isinstance(when, str) and when.strip().lower() in OTHERWISE - {"any", "other", "rest"}:
                    message = f"{quoted(when)} would be 'otherwise', which stands once, in the last case"
                    self.at_value("otherwise-not-last", message, place)
                    good, otherwise = False, True
                    continue
                rule = self.rule(when, place)
                good = good and rule is not None
                if rule is not None:
                    found.append(Case(name, rule))
        return tuple(found) if good else None

    def act_within(self, raw: object, path: Path) -> tuple[int, WorkUnit] | None:
        if not isinstance(raw, str):
            self.wrong('a length of time in quotes, such as "2 working hours"', path)
            return None
        text = self.text(raw, path)
        if text is None:
            return None
        match = re.fullmatch(r"(\d+) (working )?(hour|day)s?", text.strip(), re.ASCII)
        if match is not None and len(match[1]) > 6:
            self.tell("bad-span", "'act_within' is longer than anybody would wait: at most 999,999", path)
            return None
        if match is None or int(match[1]) < 1:
            self.tell(
                "bad-span", "'act_within' is a whole number of hours, days, working hours or working days, "
                "such as '2 working hours'", path,
            )  # fmt: skip
            return None
        return int(match[1]), cast(WorkUnit, f"{match[2] or ''}{match[3]}s")

    # --- entries ---

    def team(self, path: Path, values: dict[str, Any], name: str) -> Team:
        return Team(**values)

    def field(self, path: Path, values: dict[str, Any], name: str) -> Field | None:
        standard = STANDARD_FIELDS.get(name)
        if standard is not None:
            if values.get("type", standard) != standard:
                self.tell(
                    "standard-field", f"'{name}' is a standard field and a {standard}: declaring it again can add choices, "
                    "label, ask and unit, not change its type", (*path, "type"),
                )  # fmt: skip
                return None
            values = {"type": standard, "changeable": name not in UNCHANGEABLE, **values}
        return self.typed(path, values)

    def typed(self, path: Path, values: dict[str, Any]) -> Field | None:
        choices = values.get("choices", ())
        if choices and values["type"] not in ("text", "list"):
            self.tell("wrong-type", f"choices are for texts and lists, not for a {values['type']}", (*path, "choices"))
            return None
        self.literals(choices, (*path, "choices"))
        self.once(choices, "choice", (*path, "choices"))
        return Field(**values)

    def once(self, texts: tuple[str, ...], what: str, path: Path) -> None:
        """Texts of which each stands once, as people read them: case makes no other one."""
        cleaned = [clean(text) for text in texts]
        for at in _again([fold(text) for text in cleaned]):
            why = "" if cleaned[at] in cleaned[:at] else ": case makes no other one"
            self.tell("given-twice", f"the {what} {quoted(cleaned[at][:80])} stands twice{why}", (*path, at))

    def literals(self, texts: tuple[str, ...], path: Path) -> None:
        for at, text in enumerate(texts):
            if char := refused_character(text):
                self.tell(
                    "refused-character", f"the character U+{ord(char):04X} is compared differently by different engines, so no "
                    "choice or list entry may hold it", (*path, at),
                )  # fmt: skip

    def activity(self, path: Path, values: dict[str, Any], name: str) -> ActivityType:
        properties: dict[str, Field] = {}
        for prop, raw in values.get("properties", {}).items():
            place = (*path, "properties", prop)
            if fault := name_fault(prop):
                self.tell("bad-name", fault if prop in RESERVED else f"'{prop[:80]}' can't be a name: {fault}", place)
                continue
            if isinstance(raw, str):
                raw = {"type": raw}
            standard = STANDARD_ACTIVITIES.get(name, {}).get(prop)
            if standard is not None and isinstance(raw, Mapping) and raw.get("type", standard) != standard:
                self.tell("standard-field", f"'{name}' is a standard activity, and its '{prop}' is a {standard}", place)
                continue
            if not isinstance(raw, Mapping):
                self.wrong('a type in quotes, or a table such as { type = "text" }', place)
                continue
            told = len(self.faults.told)
            read = self.table(raw, SECTIONS["fields"][1], place)
            made = self.typed(place, read) if len(self.faults.told) == told else None
            if made is not None:
                properties[prop] = made
        return ActivityType(properties, values.get("label"))

    def list_(self, path: Path, values: dict[str, Any], name: str) -> NamedList | None:
        if ("file" in self.present) == ("values" in self.present):
            self.tell("missing-key", f"the list '{name}' needs 'file' or 'values', one of them", path)
            return None
        entries = values.get("values")
        if entries is None:
            entries = self.read_list((*path, "file"), values["file"]) if "file" in values else None
            if entries is None:
                return None
        else:
            self.literals(entries, (*path, "values"))
        return NamedList(
            values["team"], tuple(clean(entry) for entry in entries), values.get("file"), values.get("why")
        )

    def reviewed(self, values: dict[str, Any], path: Path) -> None:
        if values.get("status") in ("shadow", "proposed") and "review_on" not in self.present:
            self.tell(
                "missing-key",
                f"what is {SAID_OF[values['status']]} says when it will be looked at again: review_on = 2027-02-01",
                path,
            )

    def trait(self, path: Path, values: dict[str, Any], name: str) -> Trait:
        self.reviewed(values, path)
        return Trait(**values)

    def tier(self, path: Path, values: dict[str, Any], name: str) -> Tier:
        self.reviewed(values, path)
        self.settled(path, values, name)
        return Tier(**values)

    def settled(self, path: Path, values: dict[str, Any], name: str) -> None:
        """The case that stands for an open tier is one of its cases, whatever their rules are worth."""
        settled, cases = values.get("when_unknown"), self.out.tier_cases.get(name, ())
        if settled is not None and cases and settled not in cases:
            near = nearest_case(settled, cases)
            meant = f"; did you mean '{near}'?" if near else f": it is one of {enumerated(cases)}"
            self.tell(
                "unknown-case", f"'{name}' has no case '{settled}'{meant}", (*path, "when_unknown"), did_you_mean=near
            )

    def signal(self, path: Path, values: dict[str, Any], name: str) -> Signal:
        self.reviewed(values, path)
        return Signal(**values)

    def score(self, path: Path, values: dict[str, Any], name: str) -> Score | None:
        self.reviewed(values, path)
        if ("points" in self.present) == ("of" in self.present):
            self.tell("missing-key", f"the score '{name}' needs 'points' or 'of', one of them", path)
            return None
        if "start" in values and "of" in self.present:
            self.tell("bad-score", "'start' goes with 'points': a formula adds its own number", (*path, "start"))
        cap, floor = values.get("cap"), values.get("floor")
        if cap is not None and floor is not None and floor > cap:
            self.tell("floor-above-cap", f"the floor of '{name}' lies above its cap", (*path, "floor"))
        points: dict[str, Points] = {}
        if "points" in values and not values["points"]:
            self.tell("missing-key", f"the score '{name}' gives no points", (*path, "points"))
        for item, raw in values.pop("points", {}).items():
            read = self.points(item, raw, (*path, "points", item), retired=values.get("status") == "retired")
            if read is not None:
                points[item] = read
        return Score(points=points, **values)

    def points(self, item: str, raw: object, path: Path, *, retired: bool) -> Points | None:
        given = self.out.given
        if item in self.out.shared or item in self.out.unknowable:
            return None
        if isinstance(raw, Mapping) and not raw and item not in given.get("signals", ()):
            self.wrong("a number, or a table of numbers", path)
            return None
        if item in given.get("traits", ()) or (retired and not isinstance(raw, Mapping)):
            if not isinstance(raw, Mapping):
                if isinstance(raw, str) and (meant := number_meant(raw)):
                    self.at_value(
                        "wrong-type", f"points are a number, without quotes: {meant}", path, did_you_mean=meant
                    )
                    return None
                number = self.number(raw, path)
                return None if number is None else TraitPoints(yes=number)
            shape = {"yes": Key("number", "points for yes"), "no": Key("number", "points for no")}
            paced = [key for key in raw if key in SIGNAL_POINTS and key not in shape]
            for key in paced:
                why = f"'{key}' goes with the points of a signal, which happens several times; '{item}' is a trait"
                self.tell("unknown-key", why, (*path, key))
            return TraitPoints(**self.table({key: raw[key] for key in raw if key not in paced}, shape, path))
        if item in given.get("tiers", ()):
            cases = self.out.tier_cases.get(item, ())
            if not isinstance(raw, Mapping):
                shown = zip(cases[:2] or ("mid", "large"), (15, 10), strict=False)
                example = ", ".join(f"{case} = {number}" for case, number in shown)
                self.wrong(f"a table of cases, such as {{ {example} }}", path)
                return None
            found: dict[str, Decimal] = {}
            for case, number in raw.items():
                if cases and case not in cases:
                    near = nearest_case(str(case), cases)
                    meant = f"; did you mean '{near}'?" if near else f": it is one of {enumerated(cases)}"
                    self.tell("unknown-case", f"'{item}' has no case '{case}'{meant}", (*path, case), did_you_mean=near)
                    continue
                read = self.number(number, (*path, case))
                if read is not None:
                    found[case] = read
            return TierPoints(found)
        if item in given.get("signals", ()) or retired:
            if not isinstance(raw, Mapping):
                plain = isinstance(raw, int | float | Decimal) and not isinstance(raw, bool)
                each = f"{{ each = {raw} }}, for each time" if plain else '{ each = 5, limit = "1 per day" }'
                self.wrong(f"a signal, so its points are a table with 'each', such as {each}", path)
                return None
            return self.signal_points(raw, path)
        facts = [name for section in FACT_SECTIONS for name in given.get(section, ())]
        if item in facts:
            self.tell(
                "wrong-type", f"'{item}' is a score: a score of scores is a formula, as in of = \"{item} + 5\"", path
            )
        else:
            near = nearest(item, facts)
            meant = f"; did you mean '{near}'?" if near else ""
            said = f"points for a fact that does not exist: '{item[:80]}'{meant}"
            if item in STANDARD_FIELDS or item in given.get("fields", ()):
                near, said = None, f"'{item}' is a field: the question about it that earns points is to be a trait"
            elif name_fault(item) and near is None:
                said = f"{said}; what a rule asks is to be a trait, and its name stands here"
            self.tell("unknown-fact", said, path, did_you_mean=near)
        return None

    def signal_points(self, raw: Raw, path: Path) -> SignalPoints | None:
        rest = dict(raw)
        plain = rest.pop("limit") if type(raw.get("limit")) is int else None
        if plain is not None:
            self.paced(read_limit, str(plain), (*path, "limit"), "bad-limit")
        values = self.table(rest, SIGNAL_POINTS, path)
        limit = self.paced(read_limit, values.get("limit"), (*path, "limit"), "bad-limit")
        fades = self.paced(read_fade, values.get("fades"), (*path, "fades"), "bad-fade")
        if values.get("at_most", 1) < 0:
            self.at_value("bad-number", "'at_most' is a size, and not below 0", (*path, "at_most"))
        if "each" not in values:
            return None
        return SignalPoints(values["each"], limit, values.get("at_most"), fades)

    def paced(self, read: Callable[[str], E], text: str | None, path: Path, code: str) -> E | None:
        try:
            return None if text is None else read(text)
        except ValueError as why:
            self.at_value(code, str(why), path)
            return None

    def stage(self, path: Path, values: dict[str, Any], name: str) -> Stage:
        requires: dict[str, Rule] = {}
        if not values["requires"]:
            self.tell(
                "missing-key",
                f"the stage '{name}' needs at least one side: requires.TEAM = \"...\"",
                (*path, "requires"),
            )
        for team, raw in values["requires"].items():
            rule = self.rule(raw, (*path, "requires", team))
            if rule is not None:
                requires[team] = rule
        handoffs: list[Handoff] = []
        for at, raw in enumerate(values.get("handoff", ())):
            place = (*path, "handoff", at)
            if not isinstance(raw, Mapping):
                self.wrong("a table", place)
                continue
            told = len(self.faults.told)
            read = self.table(raw, HANDOFF, place)
            if len(self.faults.told) == told:
                handoffs.append(Handoff(**read))
        after = values.get("after")
        return Stage(
            requires=requires, title=values.get("title"), after=after or (), beside=after == (),
            after_written=after is not None, disqualified_by=values.get("disqualified_by", ()), handoff=tuple(handoffs),
        )  # fmt: skip

    def outcome(self, path: Path, values: dict[str, Any], name: str) -> Outcome:
        self.once(values["reasons"], "reason", (*path, "reasons"))
        return Outcome(values["reasons"])

    def approval(self, path: Path, values: dict[str, Any], name: str) -> Approval:
        return Approval(**values)


def _again(entries: Sequence[str]) -> list[int]:
    """Where entries stand that stood before."""
    first: dict[str, int] = {}
    return [at for at, entry in enumerate(entries) if first.setdefault(entry, at) != at]


def _as_list(raw: object, *, quotes: bool = True) -> str:
    """How what stands in a list's place would be written as one."""
    if isinstance(raw, str) and clean(raw) and quotes:
        return f": write [{', '.join(quoted(clean(part)[:40]) for part in raw.split(',') if clean(part))}]"
    if isinstance(raw, dt.date):
        return f": write [{raw}]"
    return ", in an order that a set doesn't have" if isinstance(raw, set | frozenset) else ""


__all__ = ["Entries", "Form", "ReadList", "read_entries"]
