"""A verdict from JSON: every published form up to this release's own. What an older one lacks is empty."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from qualify.engine.decision import Bounds
from qualify.errors import QualifyError
from qualify.rules.parse import parse, parse_formula, parse_selection
from qualify.rules.tree import Rule
from qualify.verdict.answer import Answer, StageState
from qualify.verdict.conforming import misfits
from qualify.verdict.document import FORM
from qualify.verdict.frozen import Frozen
from qualify.verdict.parts import (
    REDACTED,
    Agreement,
    Change,
    DefinitionIdentity,
    Evidence,
    FieldWords,
    HandoffVerdict,
    ItemVerdict,
    Missing,
    Nearest,
    ScoreVerdict,
    SignalVerdict,
    StageVerdict,
    TierVerdict,
    TraitVerdict,
    Tried,
    Words,
)  # fmt: skip

REQUIRED = frozenset({
    "as_of", "definition", "name", "version", "digest", "stage", "state", "sides", "answer", "team", "why", "when",
    "asked", "seen", "case", "possible", "at_least", "at_most",
})  # fmt: skip
"""Keys that every form has; no name of a lead's field is told by chance."""

NUMBERS: Mapping[str, Callable[[Any], Any]] = {
    "decimal": Decimal, "double": float, "whole": lambda text: int(Decimal(text)),
}  # fmt: skip
"""Numbers that are told apart by a table of one key."""


def from_json(text: str) -> dict[str, Any]:
    """The parts of the verdict that a text in the published form says.

    Raises QualifyError for what is no verdict, or is in a form that is newer than this release.
    """
    try:
        found = json.loads(text, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise _no_verdict("it is no JSON") from None
    if not isinstance(found, dict) or type(found.get("format")) is not int or found["format"] < 1:
        raise _no_verdict("it has no 'format', which is a whole number from 1")
    if found["format"] > FORM:
        raise QualifyError(
            f"this verdict has form {found['format']}, this release reads forms up to {FORM}: use a newer release",
            code="newer-form",
        )
    wrong = next(misfits(found), None)
    if wrong is not None:
        raise _no_verdict(f"'{wrong}' is not as the form wants it")
    try:
        return _Reader(found).parts()
    except QualifyError as why:
        raise _no_verdict(why.message.splitlines()[0]) from None
    except KeyError as why:
        lacking = f"'{why.args[0]}'" if why.args[0] in REQUIRED else "a key"
        raise _no_verdict(f"it lacks {lacking}") from None
    except (TypeError, ValueError, AttributeError, ArithmeticError) as why:
        raise _no_verdict(f"a part of it is not as the form wants it ({type(why).__name__})") from None


def _no_number(text: str) -> float:
    raise ValueError(text)  # NaN and the infinities are no JSON


def _no_verdict(reason: str) -> QualifyError:
    return QualifyError(f"this is no verdict that can be read: {reason}", code="not-a-verdict")


class _Reader:
    """The published form -> the parts of a verdict."""

    def __init__(self, found: Mapping[str, Any]) -> None:
        self.found = found
        self.types: Mapping[str, str] = found.get("types", {})
        sections = (found, found.get("shadow", {}), found.get("proposed", {}))
        self.traits, self.tiers, self.scores = (
            frozenset(name for section in sections for name in section.get(kind, {}))
            for kind in ("traits", "tiers", "scores")
        )

    def parts(self) -> dict[str, Any]:
        found = self.found
        identity, agreement, handoff = found["definition"], found.get("agreement") or {}, found.get("handoff")
        return {
            "lead_id": found.get("lead_id"),
            "as_of": datetime.fromisoformat(found["as_of"]),
            "definition": DefinitionIdentity(identity["name"], identity["version"], identity["digest"]),
            "stage": found["stage"],
            "left_out_by": tuple(found.get("left_out_by", ())),
            "reasons": tuple(found.get("reasons", ())),
            "stages": self.each("stages", self.stage, found),
            **self.facts(found),
            "shadow": Tried(**self.facts(found.get("shadow", {}))),
            "proposed": Tried(**self.facts(found.get("proposed", {}))),
            "missing": tuple(
                Missing(each["field"], each.get("ask"), tuple(each.get("settles", ())))
                for each in found.get("missing", ())
            ),
            "nearest": self.nearest(found.get("nearest")),
            "agreement": Agreement(
                agreement.get("agreed"),
                Frozen({
                    name: Frozen({team: Answer(answer) for team, answer in sides.items()})
                    for name, sides in agreement.get("contested", {}).items()
                }),
            ),
            "handoff": handoff and HandoffVerdict(
                handoff["team"], handoff.get("to"), datetime.fromisoformat(handoff["act_by"]), handoff.get("if_late")
            ),
            "notes": tuple(found.get("notes", ())),
            "words": self.words(found.get("words", {})),
        }  # fmt: skip

    @staticmethod
    def each(section: str, read: Callable[[Mapping[str, Any]], Any], found: Mapping[str, Any]) -> Frozen[str, Any]:
        return Frozen({name: read(each) for name, each in found.get(section, {}).items()})

    def facts(self, found: Mapping[str, Any]) -> dict[str, Frozen[str, Any]]:
        return {
            "traits": self.each("traits", self.trait, found),
            "tiers": self.each("tiers", self.tier, found),
            "signals": self.each("signals", self.signal, found),
            "scores": self.each("scores", self.score, found),
        }

    def stage(self, found: Mapping[str, Any]) -> StageVerdict:
        return StageVerdict(
            StageState(found["state"]),
            Frozen({team: Answer(answer) for team, answer in found["sides"].items()}),
            tuple(found.get("disqualified_by", ())),
            Frozen({team: _rule(text) for team, text in found.get("requires", {}).items()}),
            Frozen({team: self.evidence({"evidence": each}) for team, each in found.get("evidence", {}).items()}),
            tuple(found.get("after", ())),
            tuple(found.get("disqualifiers", ())),
        )

    def trait(self, found: Mapping[str, Any]) -> TraitVerdict:
        return TraitVerdict(
            Answer(found["answer"]), found["team"], found["why"], found.get("assumed", False), _rule(found["when"]),
            self.evidence(found),
        )  # fmt: skip

    def tier(self, found: Mapping[str, Any]) -> TierVerdict:
        return TierVerdict(
            found["case"], tuple(found["possible"]), found.get("assumed", False), found["team"], found.get("why"),
            Frozen({case["name"]: case["when"] and _rule(case["when"]) for case in found.get("cases", ())}),
            self.evidence(found),
        )  # fmt: skip

    def signal(self, found: Mapping[str, Any]) -> SignalVerdict:
        first, last = (None if found[end] is None else datetime.fromisoformat(found[end]) for end in ("first", "last"))
        each = found.get("each")
        selection = None if each is None else parse_selection(each)
        return SignalVerdict(found["count"], first, last, selection, self.evidence(found))

    def score(self, found: Mapping[str, Any]) -> ScoreVerdict:
        only, of = found.get("only_when"), found.get("of")
        points = {item: _bounds(ends) for item, ends in found.get("points", {}).items()}
        items = {item: self.item(each, points[item]) for item, each in found.get("items", {}).items()}
        cap, floor = (None if bound is None else Decimal(bound) for bound in (found.get("cap"), found.get("floor")))
        return ScoreVerdict(
            *_bounds((found["at_least"], found["at_most"])), Frozen(points), Frozen(items), Decimal(found.get("start", 0)),
            cap, floor, None if of is None else parse_formula(of), None if only is None else _rule(only),
            self.evidence(found),
        )  # fmt: skip

    @staticmethod
    def item(found: Mapping[str, Any], ends: Bounds) -> ItemVerdict:
        gives = {
            name: Decimal(value) if isinstance(value, int | Decimal) else value
            for name, value in found["gives"].items()
        }
        most, happened, counted = found["most"], found["happened"], found["counted"]
        return ItemVerdict(
            *ends, None if most is None else Decimal(most), Frozen(gives), None if happened is None else tuple(happened),
            None if counted is None else tuple(counted),
        )  # fmt: skip

    def evidence(self, found: Mapping[str, Any]) -> tuple[Evidence, ...]:
        return tuple(
            Evidence(_rule(each["asked"]), Answer(each["answer"]), self.seen(each["seen"]))
            for each in found.get("evidence", ())
        )

    def seen(self, found: Mapping[str, Any]) -> Frozen[str, object]:
        return Frozen({name: self.seen_value(name, value) for name, value in found.items()})

    def seen_value(self, name: str, value: Any) -> object:
        if value is None:
            return None
        if name in self.traits:
            return Answer(value)
        if name in self.tiers:
            return tuple(value) if isinstance(value, list) else value
        if name in self.scores:
            return _bounds(value)
        if name == "activities" and isinstance(value, list):
            return tuple(self.activity(each) for each in value)
        return self.value(name, value)

    def activity(self, found: Mapping[str, Any]) -> object:
        from qualify.lead import Activity

        kind = found["type"]
        said = {name: self.value(f"{kind}.{name}", value) for name, value in found.get("properties", {}).items()}
        return Activity.model_construct(type=kind, at=datetime.fromisoformat(found["at"]), properties=said)

    def value(self, name: str, value: Any) -> Any:
        if value == REDACTED:
            return value
        if isinstance(value, Mapping):
            ((kind, number),) = value.items()
            return NUMBERS[kind](number)
        match self.types.get(name):
            case "date" if isinstance(value, str):
                return date.fromisoformat(value)
            case "datetime" if isinstance(value, str) and value != "never":
                return datetime.fromisoformat(value)
            case "decimal" if isinstance(value, int | Decimal):
                return Decimal(value)
            case "decimal" if isinstance(value, list):
                return _bounds(value)
            case _:
                return _plain(value)

    def nearest(self, found: Mapping[str, Any] | None) -> Nearest | None:
        if found is None:
            return None
        sets = (tuple(self.change(change) for change in changes) for changes in found["sets"])
        return Nearest(sets, found["stage"], found["stopped_early"])

    def change(self, found: Mapping[str, Any]) -> Change:
        if "field" in found:
            return Change(field=found["field"], to=self.value(found["field"], found["to"]))
        where, kind = found.get("where"), found["activity"]
        said = {name: self.value(f"{kind}.{name}", value) for name, value in found.get("properties", {}).items()}
        return Change(
            activity=kind, at_least=found["at_least"], more=found.get("more"), where=None if where is None else _rule(where),
            properties=Frozen(said),
        )  # fmt: skip

    @staticmethod
    def words(found: Mapping[str, Any]) -> Words:
        return Words(
            found.get("zone", "UTC"), Frozen(found.get("teams", {})), Frozen(found.get("stages", {})),
            Frozen(found.get("facts", {})),
            Frozen({
                name: FieldWords(each.get("label"), each.get("ask"), each.get("unit"))
                for name, each in found.get("fields", {}).items()
            }),
            Frozen(found.get("activities", {})),
        )  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_plain(each) for each in value)
    return float(value) if isinstance(value, Decimal) else value


def _bounds(ends: Any) -> tuple[Decimal | None, Decimal | None]:
    low, high = (None if end is None else Decimal(end) for end in ends)
    return low, high


@lru_cache(maxsize=4096)
def _rule(text: str) -> Rule:
    return parse(text)
