"""Whole definitions that load: facts of every kind that read each other in no circle, and stages on top."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from qualify.definition.files import define_model
from qualify.definition.model import Model
from qualify.errors import DefinitionError
from qualify.testing.literals import TEXTS
from qualify.testing.worlds import Typist, World
from qualify.vocabulary import STANDARD_ACTIVITIES, STANDARD_FIELDS, FieldType

ZONES = (
    "UTC",
    "America/New_York",
    "Europe/Berlin",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Kiritimati",
    "America/St_Johns",
    "Pacific/Apia",
)
_TEAMS = ("marketing", "sales", "success")
_OWN_FIELDS: dict[str, tuple[FieldType, tuple[str, ...]]] = {
    "press_type": ("text", ("offset", "digital", "Straße")),
    "notes": ("text", ()),
    "seats": ("number", ()),
    "activated": ("boolean", ()),
    "contract_ends": ("date", ()),
    "demo_at": ("datetime", ()),
    "channels": ("list", ("mail", "Phone", "fax")),
    "class": ("text", ()),
    "lead": ("number", ()),
    "model_dump": ("boolean", ()),
    "json": ("list", ()),
    "as_of": ("datetime", ()),
}
_STANDARD = (
    "employees",
    "annual_revenue",
    "industry",
    "job_title",
    "email_domain",
    "email",
    "opted_out",
    "created_at",
    "last_activity_at",
    "interests",
    "country",
)
_OWN_ACTIVITIES: dict[str, dict[str, FieldType]] = {
    "webinar": {"title": "text", "minutes": "number", "live": "boolean"},
    "visit": {"held_on": "date", "ended_at": "datetime", "topics": "list", "amount": "number"},
    "import": {"title": "text"},
    "page_view": {"seconds": "number"},
}
_ACTIVITIES = (
    "page_view",
    "demo_request",
    "purchase",
    "recycled",
    "login",
    "email_open",
    "email_click",
    "won",
    "lost",
)
_FACTS: dict[str, tuple[str, ...]] = {
    "traits": (
        "serves_print",
        "decision_maker",
        "no_mail",
        "wants_it",
        "lambda",
        "competitor",
        "ready",
        "t8",
        "t9",
        "t10",
    ),
    "tiers": ("company_size", "grade", "yield", "r4", "r5", "r6"),
    "signals": ("pricing_visits", "meetings_held", "def", "g4"),
    "scores": ("fit", "engagement", "return", "s4", "s5"),
}
_CASES = ("A", "B", "small", "Mid_1", "x")
_POINTS = ("20", "5", "-5", "0", "0.5", "12.25", "-0.0001", "999999999.9999", "100")
_REVIEW = dt.date(2027, 2, 1)
_ONE = {"traits": "trait", "tiers": "tier", "signals": "signal", "scores": "score"}
READABLE = {
    "adopted": ("adopted",),
    "shadow": ("adopted", "shadow"),
    "proposed": ("adopted", "shadow", "proposed"),
}

_LIMITS = ("1 per day", "2 per day", "2 per week", "1 per month", "3 per quarter", "1 per year", "1 ever", "4 ever")
_FADES = ("25% per 30 days", "5 points per 7 days", "half per 14 days", "100% per day", "2.5% per 12 hours",
          "0.5 points per 3 weeks")  # fmt: skip


@st.composite
def written_definitions(draw: Any, *, facts: int = 7, stages: int = 3, depth: int = 2) -> dict[str, Any]:
    """Definitions as `define_model` takes them: plain values, rules as text.

    `facts` and `stages` are the most of each.
    """
    return _fitting(_Writer(draw).definition(facts, stages, depth))


def _fitting(raw: dict[str, Any]) -> dict[str, Any]:
    """The same, its scores plainer where they outgrow the integers that scores are reckoned in."""
    try:
        define_model(raw)
    except DefinitionError as why:
        if {fault.code for fault in why.faults if fault.level == "fault"} != {"score-too-large"}:
            raise
        for score in raw["scores"].values():
            for points in score.get("points", {}).values():
                if isinstance(points, dict) and "each" in points:
                    points.pop("fades", None)
                    points["at_most"] = 40
            if "of" in score:
                score["of"] = next(name for name in re.findall("[a-z][a-z0-9_]+", score["of"]) if name in raw["scores"])
    return raw


def models(**options: Any) -> st.SearchStrategy[Model]:
    """The models of `written_definitions(...)`."""
    return written_definitions(**options).map(lambda raw: define_model(raw)[0])


class _Writer(Typist):
    def __init__(self, draw: Any) -> None:
        super().__init__(draw)
        self.status: dict[str, str] = {}
        self.cases: dict[str, tuple[str, ...]] = {}
        self.signals: dict[str, dict[str, FieldType]] = {}
        self.sections: dict[str, dict[str, Any]] = {section: {} for section in _FACTS}

    def definition(self, facts: int, stages: int, depth: int) -> dict[str, Any]:
        raw: dict[str, Any] = {"format": 1, "name": "Print-shop leads", "version": "2026.11"}
        if not self.one_in(3):
            raw["timezone"] = self.of(ZONES)
        teams = _TEAMS[: self.whole(1, 3)]
        self.teams = teams
        raw["teams"] = {team: self.team(team) for team in teams}
        self.declared(raw)
        for _ in range(self.whole(0, facts)):
            section = self.of(("traits", "traits", "tiers", "signals", "scores"))
            taken = self.sections[section]
            if len(taken) < len(_FACTS[section]):
                name = _FACTS[section][len(taken)]
                taken[name] = self.fact(section, name, depth)
        for section, entries in self.sections.items():
            if entries:
                raw[section] = {name: entries[name] for name in self.some(list(entries), least=len(entries))}
        adopted = [name for name in self.sections["traits"] if self.status[name] == "adopted"]
        if adopted and self.one_in(6):
            raw["left_out_by"] = self.some(adopted, least=1, most=2)
        counting = self.seen("adopted").in_stage()
        if self.kinds(counting):
            raw["stages"] = self.stages(counting, adopted, stages, depth)
        return raw

    # --- what there is ---

    def team(self, name: str) -> Any:
        if self.one_in(2):
            return name.title()
        team: dict[str, Any] = {"title": name.title(), "hours": "Mon-Fri 09:00-12:00, 13:00-17:00"}
        if self.one_in(2):
            team["holidays"] = [dt.date(2026, 11, 26)]
        if self.one_in(2):
            team["timezone"] = self.of(ZONES)
        return team

    def declared(self, raw: dict[str, Any]) -> None:
        own = {name: _OWN_FIELDS[name] for name in self.some(list(_OWN_FIELDS), most=4)}
        fields: dict[str, FieldType] = {name: STANDARD_FIELDS[name] for name in self.some(_STANDARD, least=2, most=5)}
        fields |= {name: kind for name, (kind, _) in own.items()}
        choices = {name: listed for name, (_, listed) in own.items() if listed and self.one_in(2)}
        if own:
            raw["fields"] = {
                name: {"type": kind} | ({"choices": list(choices[name])} if name in choices else {})
                for name, (kind, _) in own.items()
            }
        activities: dict[str, dict[str, FieldType]] = {
            name: dict(STANDARD_ACTIVITIES[name]) for name in self.some(_ACTIVITIES, least=1, most=4)
        }
        declared = self.some(list(_OWN_ACTIVITIES), most=2)
        for name in declared:
            activities[name] = {**STANDARD_ACTIVITIES.get(name, {}), **_OWN_ACTIVITIES[name]}
        if declared:
            raw["activities"] = {name: {"properties": dict(_OWN_ACTIVITIES[name])} for name in declared}
        lists: tuple[str, ...] = ()
        if self.one_in(3):
            lists = ("competitors",)
            raw["lists"] = {"competitors": {"team": "marketing", "values": self.some(TEXTS, least=1, most=3)}}
        self.base = World(fields=fields, choices=choices, lists=lists, activities=activities)

    def seen(self, status: str) -> World:
        """What a fact of this status may read so far."""
        may = {name for name, its in self.status.items() if its in READABLE[status]}
        return replace(
            self.base,
            traits=tuple(name for name in self.sections["traits"] if name in may),
            tiers={name: self.cases[name] for name in self.sections["tiers"] if name in may},
            scores=tuple(name for name in self.sections["scores"] if name in may),
            signals={name: self.signals[name] for name in self.sections["signals"] if name in may},
        )

    # --- facts ---

    def fact(self, section: str, name: str, depth: int) -> dict[str, Any]:
        status = self.of(("adopted",) * 5 + ("shadow", "proposed", "retired"))
        entry: dict[str, Any] = {}
        if section != "scores" or self.one_in(2):
            entry["team"] = self.of(self.teams)
        if status != "adopted":
            entry["status"] = status
            if status != "retired":
                entry["review_on"] = _REVIEW
        if section == "traits" or self.one_in(4):
            entry["why"] = f"The {_ONE[section]} {name} matters."
        world = self.seen("adopted" if status == "retired" else status)
        getattr(self, f"{_ONE[section]}_of")(entry, name, world, depth, retired=status == "retired")
        self.status[name] = status
        return entry

    def trait_of(self, entry: dict[str, Any], name: str, world: World, depth: int, *, retired: bool) -> None:
        entry["when"] = "gone_field >= 3 and gone_trait" if retired else str(self.rule(world, depth))
        if self.one_in(4):
            entry["when_unknown"] = self.of(("yes", "no"))

    def tier_of(self, entry: dict[str, Any], name: str, world: World, depth: int, *, retired: bool) -> None:
        names = _CASES[: self.whole(1, 4)]
        rules = ["gone_trait" if retired else str(self.rule(world, min(depth, 1))) for _ in names[1:]]
        entry["cases"] = dict(zip(names, [*rules, "otherwise"], strict=True))
        if self.one_in(4):
            entry["when_unknown"] = self.of(names)
        self.cases[name] = names

    def signal_of(self, entry: dict[str, Any], name: str, world: World, depth: int, *, retired: bool) -> None:
        selection = self.selection(world, min(depth, 1))
        entry["each"] = "gone where gone_too" if retired else str(selection)
        self.signals[name] = world.properties(selection.of)

    def score_of(self, entry: dict[str, Any], name: str, world: World, depth: int, *, retired: bool) -> None:
        if not retired and world.scores and self.one_in(2):
            entry["of"] = self.formula_text(world.scores)
        else:
            entry["points"] = self.points(world) if not retired else {"gone": 5}
            if not entry["points"]:
                entry["points"] = {self.spare_trait(world): 1}
            if self.one_in(4):
                entry["start"] = Decimal(self.of(_POINTS))
        ends = sorted((Decimal(self.of(("60", "0", "-10", "7.5", "30"))), Decimal(self.of(("40", "25.5", "0")))))
        if self.one_in(4):
            entry["floor"] = ends[0]
        if self.one_in(3):
            entry["cap"] = ends[1]
        if self.one_in(4) and not retired:
            entry["only_when"] = str(self.rule(world, 1))

    def points(self, world: World) -> dict[str, Any]:
        points: dict[str, Any] = {}
        for name in self.some(world.traits, least=1, most=3):
            number = self.amount()
            points[name] = number if self.one_in(2) else {"yes": number, "no": self.amount()}
        for name in self.some(list(world.tiers), most=2):
            points[name] = {case: self.amount() for case in self.some(world.tiers[name], least=1)}
        for name in self.some(list(world.signals), most=2):
            points[name] = {"each": self.amount()}
            if self.one_in(2):
                points[name]["limit"] = self.of(_LIMITS)
            if self.one_in(3):
                points[name]["at_most"] = self.of((0, 7, 20, Decimal("12.5"), 40))
            if self.one_in(2):
                points[name]["fades"] = self.of(_FADES)
        return points

    def formula_text(self, scores: Sequence[str], deep: int = 0) -> str:
        """A formula over scores."""
        parts = [self.share(scores, deep) for _ in range(self.whole(1, 3))]
        match self.of(("sum", "sum", "highest", "lowest", "difference")):
            case "sum":
                return " + ".join(parts)
            case "difference":
                return f"{' - '.join(parts)} + {self.of((10, '2.5', 0))}"
            case pick:
                return f"{pick} of [{', '.join(parts)}]"

    def share(self, scores: Sequence[str], deep: int) -> str:
        score = self.of(scores) if deep or not self.one_in(4) else f"({self.formula_text(scores, deep + 1)})"
        weight = self.of(("0.6", "2", "0.25", "-1.5", "0.0001"))
        return f"{weight} * {score}" if self.one_in(2) else score

    def amount(self) -> int | Decimal:
        return Decimal(self.of(_POINTS)) if self.one_in(3) else self.of((20, 10, 5, -5, 0, 40))

    def spare_trait(self, world: World) -> str:
        """A trait to give points for, where the world has none yet."""
        self.sections["traits"].setdefault(
            "spare",
            {"team": self.teams[0], "when": str(self.rule(_of_fields(world), 0)), "why": "To score."},
        )
        self.status["spare"] = "adopted"
        return "spare"

    # --- stages ---

    def stages(self, world: World, adopted: list[str], most: int, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name in ("mql", "sql", "pql", "sal", "customer", "class")[: self.whole(0, most)]:
            sides = self.some(self.teams, least=1)
            stage: dict[str, Any] = {"requires": {team: str(self.rule(world, depth)) for team in sides}}
            if found and self.one_in(3):
                stage["after"] = self.some(list(found), most=2)
            if adopted and self.one_in(2):
                stage["disqualified_by"] = self.some(adopted, least=1, most=2)
            if self.one_in(3):
                stage["handoff"] = [self.handoff(world) for _ in range(self.whole(1, 2))]
            found[name] = stage
        return found

    def handoff(self, world: World) -> dict[str, Any]:
        handoff: dict[str, Any] = {
            "team": self.of(self.teams),
            "act_within": self.of(("2 hours", "3 days", "1 hour")),
        }
        if self.one_in(2):
            handoff["when"] = str(self.rule(world, 1))
        if self.one_in(2):
            handoff |= {"to": "field sales", "if_late": "recycle to marketing"}
        return handoff


def _of_fields(world: World) -> World:
    """The world without its facts, which may be shadow ones."""
    return replace(world, traits=(), tiers={}, scores=(), signals={})
