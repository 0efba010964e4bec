"""Scorecards of every kind over what happened with a lead, and what they give, reckoned in fractions.

The reckoning is written from the language's meaning alone and shares nothing with the engines.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import inf
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from tests.strategies.pick import Pick

Ends: TypeAlias = tuple[Fraction | float, Fraction | float]

ZONES = ("UTC", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Kiritimati")
SIGNALS = {
    "logins": "login",
    "pricing": 'page_view where page == "/pricing"',
    "touches": "any of [login, chat]",
    "later": "chat since created_at",
    "recent": "login within 30 days",
    "pricing_lately": "pricing within 2 weeks",
}
TRAITS = {"out": "opted_out", "sent": "bounced"}
TIERS = {"size": {"small": "employees <= 50", "mid": "employees <= 500", "large": "otherwise"}}
LIMITS = (
    "1 per day",
    "2 per day",
    "1 per week",
    "2 per week",
    "1 per month",
    "1 per quarter",
    "2 per year",
    "1 ever",
    "3 ever",
)
FADES = (
    "25% per 30 days", "100% per 1 day", "2.5% per 12 hours", "33.3% per 36 hours", "5 points per 7 days",
    "0.5 points per 3 hours", "half per 14 days", "half per 1 hour", "half per 1 week",
)  # fmt: skip
POINTS = ("5", "20", "-5", "0", "0.5", "-12.25", "0.001", "33.33")
WEIGHTS = ("0.6", "2", "-1.5", "0", "0.01")
BASES = (
    datetime(2026, 11, 20, 12), datetime(2026, 11, 1, 6), datetime(2026, 3, 8, 7), datetime(2026, 4, 1),
    datetime(2027, 1, 1, 4, 59), datetime(2024, 2, 29, 23, 59, 59), datetime(2026, 11, 23),
)  # fmt: skip
STEPS = (
    timedelta(), timedelta(microseconds=1), timedelta(microseconds=-1), timedelta(hours=1), timedelta(hours=5, minutes=45),
    timedelta(hours=11),
)  # fmt: skip


@dataclass(frozen=True)
class Card:
    """A definition of scorecards, a lead, and when it is looked at."""

    definition: dict[str, Any]
    lead: dict[str, Any]
    as_of: datetime


@st.composite
def cards(draw: Any, *, limits: bool = True) -> Card:
    """Cards whose activities lie at the edges of periods; without `limits` nothing depends on the calendar."""
    pick = Pick(draw)
    as_of = (pick.of(BASES) + pick.of(STEPS)).replace(tzinfo=UTC)
    scores: dict[str, Any] = {}
    for name in ("fit", "engagement")[: pick.whole(1, 2)]:
        scores[name] = _bounded(pick, {"points": _points(pick, limits)})
        if pick.one_in(3):
            scores[name]["start"] = Decimal(pick.of(POINTS))
    for name, weights in (("overall", WEIGHTS), ("best", WEIGHTS[1:4]))[: pick.whole(0, 2)]:  # finer ones would not fit
        scores[name] = _bounded(pick, {"of": formula(pick, list(scores), weights)})
    definition = {
        "name": "Cards",
        "timezone": pick.of(ZONES),
        "teams": {"sales": "Sales"},
        "signals": {name: {"team": "sales", "each": each} for name, each in SIGNALS.items()},
        "traits": {name: {"team": "sales", "when": rule, "why": "It matters."} for name, rule in TRAITS.items()},
        "tiers": {name: {"team": "sales", "cases": cases} for name, cases in TIERS.items()},
        "scores": scores,
    }
    lead: dict[str, Any] = {"id": "0031"}
    for name in ("opted_out", "bounced", "consented"):
        if not pick.one_in(3):
            lead[name] = pick.one_in(2)
    if not pick.one_in(3):
        lead["employees"] = pick.of((50, 51, 501))
    if not pick.one_in(3):
        lead["created_at"] = _moment(pick, as_of)
    if not pick.one_in(5):
        lead["activities"] = [_activity(pick, as_of) for _ in range(pick.whole(0, 8))]
    return Card(definition, lead, as_of)


def _bounded(pick: Pick, score: dict[str, Any]) -> dict[str, Any]:
    if pick.one_in(3):
        score["cap"] = Decimal(pick.of(("30", "12.5", "0")))
    if pick.one_in(3):
        score["floor"] = Decimal(pick.of(("-10", "0", "-0.5")))
    if pick.one_in(4):
        score["only_when"] = "consented"
    return score


def _points(pick: Pick, limits: bool) -> dict[str, Any]:
    points: dict[str, Any] = {}
    for name in pick.some(list(SIGNALS), least=1, most=3):
        given: dict[str, Any] = {"each": Decimal(pick.of(POINTS))}
        if limits and pick.one_in(2):
            given["limit"] = pick.of(LIMITS)
        if pick.one_in(3):
            given["at_most"] = Decimal(pick.of(("20", "7.5", "0", "100")))
        if pick.one_in(2):
            given["fades"] = pick.of(FADES)
        points[name] = given
    for name in pick.some(list(TRAITS), most=2):
        points[name] = {"yes": Decimal(pick.of(POINTS)), "no": Decimal(pick.of(POINTS))}
    if pick.one_in(2):
        points["size"] = {case: Decimal(pick.of(POINTS)) for case in pick.some(list(TIERS["size"]), least=1)}
    return points


def formula(pick: Pick, names: list[str], weights: tuple[str, ...]) -> str:
    """A weighted sum, or the highest or lowest of weighted scores."""
    parts = [f"{pick.of(weights)} * {pick.of(names)}" for _ in range(pick.whole(1, 3))]
    match pick.of(("sum", "highest", "lowest")):
        case "sum":
            return f"{' + '.join(parts)} - {pick.of(('10', '2.5'))}"
        case which:
            return f"{which} of [{', '.join(parts)}]"


def _moment(pick: Pick, as_of: datetime) -> datetime:
    """Some whole periods before, or a midnight, a moment more or less."""
    hours = pick.of((0, 24, 7 * 24, 14 * 24, 30 * 24, 1, 12, 36, 3, 126 * 24, 140 * 24, 365 * 24, 31 * 24))
    moment = as_of - timedelta(hours=hours * pick.whole(1, 3))
    if pick.one_in(3):
        moment = moment.replace(hour=pick.of((0, 4, 5, 18, 10, 13)), minute=pick.of((0, 15)), second=0, microsecond=0)
    return moment + pick.of(STEPS)


def _activity(pick: Pick, as_of: datetime) -> dict[str, Any]:
    kind = pick.of(("login", "page_view", "chat"))
    activity = {"type": kind, "at": _moment(pick, as_of)}
    if kind == "page_view" and not pick.one_in(3):
        activity["properties"] = {"page": pick.of(("/pricing", "/blog"))}
    return activity


# What they give


class Reckoning:
    """The scores of a card, in fractions."""

    def __init__(self, card: Card) -> None:
        self.card, self.lead, self.as_of = card, card.lead, card.as_of
        self.zone = ZoneInfo(card.definition["timezone"])
        self.scores: dict[str, Ends | None] = {}
        for name, score in card.definition["scores"].items():
            self.scores[name] = self.score(score)

    def score(self, score: Mapping[str, Any]) -> Ends | None:
        if "only_when" in score and self.lead.get("consented") is not True:
            return None
        if "of" in score:
            ends = self.formula(score["of"])
            if ends is None:
                return None
            low, high = ends
        else:
            items = [self.item(name, given) for name, given in score["points"].items()]
            start = Fraction(score.get("start", 0))
            low, high = start + sum(low for low, _ in items), start + sum(high for _, high in items)
        if "floor" in score:
            low, high = max(low, Fraction(score["floor"])), max(high, Fraction(score["floor"]))
        if "cap" in score:
            low, high = min(low, Fraction(score["cap"])), min(high, Fraction(score["cap"]))
        return low, high

    def formula(self, text: str) -> Ends | None:
        if " of [" in text:
            which, _, listed = text.rstrip("]").partition(" of [")
            found = [self.weighted(part) for part in listed.split(", ")]
            if None in found:
                return None
            pick = max if which == "highest" else min
            return pick(ends[0] for ends in found if ends), pick(ends[1] for ends in found if ends)
        plus, _, minus = text.rpartition(" - ")
        found = [self.weighted(part) for part in plus.split(" + ")]
        if None in found:
            return None
        low, high = (sum(ends[at] for ends in found if ends) - Fraction(minus) for at in (0, 1))
        return low, high

    def weighted(self, text: str) -> Ends | None:
        weight, _, name = text.partition(" * ")
        ends, times = self.scores[name], Fraction(weight)
        if ends is None:
            return None
        if not times:
            return Fraction(0), Fraction(0)
        low, high = sorted(end * times for end in ends)
        return low, high

    def item(self, name: str, given: Mapping[str, Any]) -> Ends:
        if name in TRAITS:
            answer = self.lead.get(TRAITS[name])
            possible = [given["yes"]] if answer is True else [given["no"]] if answer is False else list(given.values())
        elif name in TIERS:
            employees = self.lead.get("employees")
            cases = ["small", "mid", "large"]
            if employees is not None:
                cases = ["small" if employees <= 50 else "mid" if employees <= 500 else "large"]
            possible = [given.get(case, 0) for case in cases]
        else:
            return self.signal(name, given)
        return Fraction(min(possible)), Fraction(max(possible))

    def signal(self, name: str, given: Mapping[str, Any]) -> Ends:
        each = Fraction(given["each"])
        if self.lead.get("activities") is None:
            ends = [inf]
            if "at_most" in given:
                ends.append(Fraction(given["at_most"]))
            number, _, ever = given.get("limit", "").partition(" ")
            if ever == "ever":
                ends.append(int(number) * abs(each))
            most = min(ends) if each else Fraction(0)
            return (Fraction(0), most) if each >= 0 else (-most, Fraction(0))
        sure, every = [], []
        for activity in self.lead["activities"]:
            counts = self.counts(name, activity)
            if activity["at"] <= self.as_of and counts is not False:
                every.append(activity["at"])
                if counts:
                    sure.append(activity["at"])
        low, high = sorted((self.worth(sure, given), self.worth(every, given)))
        return low, high

    def counts(self, name: str, activity: Mapping[str, Any]) -> bool | None:
        kind, at, page = activity["type"], activity["at"], activity.get("properties", {}).get("page")
        is_pricing = False if kind != "page_view" else None if page is None else page == "/pricing"
        created = self.lead.get("created_at")
        match name:
            case "logins":
                return kind == "login"
            case "pricing":
                return is_pricing
            case "touches":
                return kind in ("login", "chat")
            case "later":
                return False if kind != "chat" else None if created is None else at > created
            case "recent":
                return kind == "login" and at >= self.as_of - timedelta(days=30)
            case _:
                return is_pricing if at >= self.as_of - timedelta(weeks=2) else False

    def worth(self, times: list[datetime], given: Mapping[str, Any]) -> Fraction:
        kept = times
        if "limit" in given:
            number, _, period = given["limit"].partition(" ")
            listed = defaultdict(list)
            for at in sorted(times):
                listed[self.period(at, period)].append(at)
            kept = [at for every in listed.values() for at in every[-int(number) :]]
        total = sum((self.faded(at, given) for at in kept), Fraction(0))
        if "at_most" in given:
            bound = Fraction(given["at_most"])
            total = max(-bound, min(bound, total))
        return total

    def period(self, at: datetime, period: str) -> object:
        day = at.astimezone(self.zone).date()
        match period.removeprefix("per "):
            case "day":
                return day
            case "week":
                return day.isocalendar()[:2]
            case "month":
                return day.strftime("%Y-%m")
            case "quarter":
                return day.year, {1: 1, 2: 1, 3: 1, 4: 2, 5: 2, 6: 2, 7: 3, 8: 3, 9: 3}.get(day.month, 4)
            case "year":
                return day.year
            case _:
                return "ever"

    def faded(self, at: datetime, given: Mapping[str, Any]) -> Fraction:
        each = Fraction(given["each"])
        if "fades" not in given:
            return each
        how, _, span = given["fades"].partition(" per ")
        number, unit = span.split()
        period = timedelta(**{unit.rstrip("s") + "s": int(number)})
        age = 0
        while self.as_of - at >= (age + 1) * period and age < 100_000:
            age += 1
        if how == "half":
            return each * Fraction(1, 2) ** age if age < 10 else Fraction(0)
        if how.endswith("%"):
            return each * max(Fraction(0), 1 - age * Fraction(how[:-1]) / 100)
        left = max(Fraction(0), abs(each) - age * Fraction(how.split()[0]))
        return left if each >= 0 else -left
