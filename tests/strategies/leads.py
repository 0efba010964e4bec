"""Leads near a definition's edges: values beside its literals, moments at the ends of its windows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from qualify.definition.files import define_model
from qualify.definition.model import Field, Model
from qualify.definition.order import trees_of
from qualify.rules.reads import Tree, parts, walk
from qualify.rules.tree import (
    AnyActivity,
    AnyOf,
    Between,
    Compare,
    Date,
    DateTime,
    Following,
    Has,
    In,
    InTheNext,
    Match,
    Name,
    Number,
    Numbers,
    OlderThan,
    Recent,
    Selection,
    Span,
    Text,
    Texts,
    Within,
    WithinAfter,
)  # fmt: skip
from qualify.testing.moments import BASES, ENDS, STEPS, instant_or_utc, moments, moved
from qualify.testing.pick import Pick
from qualify.testing.written import written_definitions

_SIZES = {"hour": dt.timedelta(hours=1), "day": dt.timedelta(days=1), "week": dt.timedelta(weeks=1)}
_TRAPS = (
    "İ",
    "ß",
    "ẞ",
    "ς",
    "Σ",
    "ı",
    "ﬁ",
    "e\u0301",
    "Ａ",
    "\u00a0",
    "\u200b",
    "ꟊ",
    "\U0001e900",
    "x" * 300,
    "co-owner",
    "VP, Head  of Sales",
    "Automation",
    "director",
    "none",
    "null",
    "0",
    "'",
    '"',
    "\\",
    "%",
    "_",
)
_SIMPLE: tuple[int | float, ...] = (0, 1, 50, -1, 0.5, 1e15, -0.0, 10**20, 2**53 + 1, 1e-9, 1e300)
_FORMS = ("plain", "plain", "utc", "zone", "fixed", "text", "text utc")


@dataclass(frozen=True)
class Case:
    """A definition, a lead and a moment to judge it at; prints as plain Python values."""

    definition: dict[str, Any]
    lead: dict[str, Any]
    as_of: dt.datetime
    given: Model | None = field(default=None, repr=False, compare=False)

    @cached_property
    def model(self) -> Model:
        """The definition's model."""
        return self.given or define_model(self.definition)[0]


@st.composite
def cases(draw: Any, **options: Any) -> Case:
    """A definition (with the options of `written_definitions`), a lead that fits it, and a moment."""
    raw = draw(written_definitions(**options))
    model = define_model(raw)[0]
    as_of = draw(moments())
    return Case(raw, draw(leads(model, as_of)), as_of, model)


@st.composite
def leads(draw: Any, model: Model, as_of: dt.datetime | None = None) -> dict[str, Any]:
    """Leads as plain dicts that fit the definition: no value is refused, any may be missing.

    Values lie beside the literals that the definition compares with; with `as_of`, moments lie at the
    ends of its windows too.
    """
    return _Filler(draw, model, as_of).lead()


@st.composite
def wrong_leads(draw: Any, model: Model, as_of: dt.datetime | None = None) -> tuple[dict[str, Any], str]:
    """Leads with one value that is not of its field's type, and the name of that field."""
    filler = _Filler(draw, model, as_of)
    lead = filler.lead()
    name = filler.of(filler.fields)
    lead[name] = filler.of(_WRONG[model.declared_fields[name].type])
    return lead, name


_WRONG: Mapping[str, tuple[Any, ...]] = {
    "text": (5, True, ["a"], dt.date(2026, 1, 1)),
    "number": ("12", True, float("inf"), Decimal("-Infinity"), [1]),
    "boolean": ("yes", 1, 0.0),
    "date": (dt.datetime(2026, 1, 1), "2026-02-30", "1.2.2026", 20260101),
    "datetime": (dt.date(2026, 1, 1), "2026-01-01", "2026-13-01T00:00", 1.5),
    "list": ("a", [1], {"a": 1}, [["a"]]),
}


def _trees(model: Model) -> Iterator[Tree]:
    for section in (model.traits, model.tiers, model.signals, model.scores):
        for fact in section.values():
            if fact.status != "retired":
                yield from trees_of(fact)
    for stage in model.stages.values():
        yield from stage.requires.values()


class _Edges:
    """What a definition compares with: literals by name, spans, and the activities it asks for."""

    def __init__(self, model: Model) -> None:
        self.near: dict[str, list[Any]] = {}
        self.moments: list[dt.date] = []
        self.spans: dict[Span, None] = {}
        self.names: dict[str, None] = {}
        self.activities: dict[str, None] = {}
        for tree in _trees(model):
            for node, _ in walk(tree):
                self.look(node, model)

    def look(self, node: Tree, model: Model) -> None:
        match node:
            case Name(name):
                self.names[name] = None
            case Date(value) | DateTime(value):
                self.moments.append(value)
            case Within(_, span) | OlderThan(_, span) | InTheNext(_, span) | WithinAfter(_, span):
                self.spans[span] = None
            case Recent(span) | Following(span):
                self.spans[span] = None
            case Selection(Name(name)):
                self.activities[name] = None
            case Selection(AnyOf(listed)):
                self.activities.update(dict.fromkeys(listed))
            case Selection(AnyActivity()):
                self.activities["page_view"] = None
            case Compare() | Between():
                self.beside(node, [each for part in parts(node) for each in _literals(part)])
            case In(_, Texts(values)) | Match(_, _, Texts(values)) | Has(_, _, Texts(values)):
                self.beside(node, list(values))
            case In(_, Name(name)) | Match(_, _, Name(name)) | Has(_, _, Name(name)):
                self.beside(node, list(model.lists[name].values))
            case In(_, Numbers(numbers)):
                self.beside(node, [number.value for number in numbers])
            case _:
                pass
        if (name := getattr(node, "name", None)) and isinstance(name, str):
            self.names[name] = None

    def beside(self, node: Tree, literals: list[Any]) -> None:
        for part in parts(node):
            for each, _ in walk(part):
                if isinstance(each, Name):
                    self.near.setdefault(each.name, []).extend(literals)


def _literals(part: Tree) -> Iterator[Any]:
    for each, _ in walk(part):
        if isinstance(each, Number | Text):
            yield each.value


class _Filler(Pick):
    def __init__(self, draw: Any, model: Model, as_of: dt.datetime | None) -> None:
        super().__init__(draw)
        self.model, self.zone = model, ZoneInfo(model.timezone)
        self.edges = _Edges(model)
        wall = as_of or self.of(BASES)
        self.wall = self.on_the_wall(wall)
        read = [name for name in self.edges.names if name in model.declared_fields]
        self.fields = read or ["employees"]
        known = model.declared_activities
        read = [name for name in self.edges.activities if name in known]
        for name in self.edges.activities:
            if name in model.signals:
                of = model.signals[name].each.of
                read += [each for each in ([of.name] if isinstance(of, Name) else ["login"]) if each in known]
        self.types = list(dict.fromkeys(read)) or ["page_view"]

    def lead(self) -> dict[str, Any]:
        lead: dict[str, Any] = {"id": "0031"} if not self.one_in(4) else {}
        for name in self.fields:
            if not self.one_in(5):
                lead[name] = self.value(name, self.model.declared_fields[name])
        if "email_domain" in lead and self.one_in(2):
            lead["email"] = f"ada@{lead.pop('email_domain') or ''}"
        if self.one_in(6):
            lead["not_in_any_definition"] = 1
        if self.edges.activities and not self.one_in(5):
            lead["activities"] = [self.activity() for _ in range(self.of((2, 1, 0, 3, 6)))]
        elif self.one_in(3):
            lead["activities"] = None
        return lead

    def activity(self) -> dict[str, Any]:
        if self.one_in(8):
            return {"type": "unheard_of", "at": self.shaped(self.moment()), "properties": {"page": 1}}
        name = self.of(self.types)
        activity: dict[str, Any] = {"type": name, "at": self.shaped(self.moment())}
        kinds = self.model.declared_activities[name].properties
        if kinds and not self.one_in(5):
            activity["properties"] = {
                prop: self.value(prop, kind, small=True) for prop, kind in kinds.items() if not self.one_in(4)
            }
        return activity

    # --- values ---

    def value(self, name: str, kind: Field, *, small: bool = False) -> Any:
        if self.one_in(6):
            return self.of((None, "", " \t", float("nan"), Decimal("NaN")))
        near = self.edges.near.get(name, [])
        match kind.type:
            case "text":
                return self.text([*kind.choices, *(each for each in near if isinstance(each, str))])
            case "number":
                return self.number([each for each in near if isinstance(each, Decimal)], small=small)
            case "boolean":
                return self.one_in(2)
            case "date":
                day = self.moment().date()
                return day.isoformat() if self.one_in(4) else day
            case "datetime":
                return self.shaped(self.moment())
            case "list":
                options = [*kind.choices, *(each for each in near if isinstance(each, str))]
                return [self.text(options) for _ in range(self.whole(0, 3))]

    def text(self, near: list[str]) -> str:
        base = self.of(near) if near and not self.one_in(5) else self.of(_TRAPS)
        match self.whole(0, 8):
            case 0 | 1 | 2:
                return base
            case 3:
                return base.upper()
            case 4:
                return base.lower()
            case 5:
                return f"\u00a0{base} "
            case 6:
                return base + self.of(_TRAPS)
            case 7:
                return f"{self.of(_TRAPS)} {base} {self.of(_TRAPS)}"
            case _:
                return base.swapcase()[: self.whole(1, 4)]

    def number(self, near: list[Decimal], *, small: bool) -> int | float | Decimal:
        base = self.of(near) if near and not self.one_in(4) else Decimal(str(self.of(_SIMPLE)))
        base += Decimal(self.of(("0", "0", "1", "-1", "0.5", "-0.0001")))
        if small:  # amounts are added up: at most 4 decimals, below 10^12
            base = (base if abs(base) < 10**9 else Decimal(7)).quantize(Decimal("0.0001"))
        match self.whole(0, 2):
            case 0 if base == base.to_integral_value():
                return int(base)
            case 1:
                return float(base)
            case _:
                return base

    def moment(self) -> dt.datetime:
        """A wall-clock time of the definition's zone near something that matters."""
        base = self.wall
        if self.edges.moments and self.one_in(3):
            literal = self.of(self.edges.moments)
            base = literal if isinstance(literal, dt.datetime) else dt.datetime.combine(literal, dt.time())
            if base.tzinfo is not None:
                base = self.on_the_wall(base)
        elif self.one_in(12):
            base = self.of((*BASES, *ENDS))
        if self.edges.spans and not self.one_in(3):
            base = self.apart(base, self.of(list(self.edges.spans)), back=not self.one_in(4))
        return moved(base, self.of(STEPS))

    def apart(self, base: dt.datetime, span: Span, *, back: bool) -> dt.datetime:
        sign = -1 if back else 1
        try:
            if span.unit in _SIZES:
                return base + sign * span.number * _SIZES[span.unit]
            months = base.year * 12 + base.month - 1 + sign * span.number * (12 if span.unit == "year" else 1)
            return base.replace(year=months // 12, month=months % 12 + 1, day=min(base.day, 28 + 3 * self.whole(0, 1)))
        except (OverflowError, ValueError):
            return base

    def shaped(self, wall: dt.datetime) -> dt.datetime | str:
        """The moment in one of the forms in which sources give it."""
        match self.of(_FORMS):
            case "plain":
                return wall
            case "utc":
                return self.as_instant(wall)
            case "zone":
                return instant_or_utc(wall.replace(tzinfo=self.zone, fold=self.whole(0, 1)))
            case "fixed":
                return instant_or_utc(wall.replace(tzinfo=dt.timezone(dt.timedelta(hours=self.whole(-11, 13)))))
            case "text":
                return wall.isoformat()
            case _:
                return self.as_instant(wall).isoformat().replace("+00:00", "Z")

    def on_the_wall(self, moment: dt.datetime) -> dt.datetime:
        """What the clock on the wall shows in the definition's zone."""
        try:
            return moment.astimezone(self.zone).replace(tzinfo=None, fold=0) if moment.tzinfo else moment
        except OverflowError:
            return moment.replace(tzinfo=None)

    def as_instant(self, wall: dt.datetime) -> dt.datetime:
        return instant_or_utc(wall.replace(tzinfo=self.zone)).astimezone(dt.UTC)
