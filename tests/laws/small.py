"""Small definitions over a few facts, of which every value that matters is known: what brute force can look through."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from qualify.definition.files import define_model
from tests.strategies import Case
from tests.strategies.pick import Pick

AT = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def _days(*steps: int) -> list[dt.date]:
    return [AT.date() + step * DAY for step in steps]


@dataclass(frozen=True)
class Known:
    """A fact of a lead: tests of it, and a value for each way in which they can answer together."""

    tests: Sequence[str]
    values: Sequence[Any]
    changeable: bool = True


FIELDS = {
    "employees": Known(
        ("employees >= 50", "employees < 10", "employees between 20 and 60", "employees in [5, 50]", "employees != 5"),
        (4, 5, 6, 9, 10, 19, 20, 49, 50, 51, 60, 61),
    ),
    "annual_revenue": Known(
        ("annual_revenue >= 2.5", "annual_revenue > 100"),
        (Decimal("2.4"), Decimal("2.5"), Decimal(100), Decimal(101)),
    ),
    "industry": Known(
        ('industry == "Printing"', 'industry in ["Printing", "Packaging"]', 'industry != "Gambling"', 'industry contains "pack"'),
        ("Printing", "Packaging", "Gambling", "other", "a pack"),
    ),
    "job_title": Known(
        (
            'job_title starts with "vp"',
            'job_title != "VP"',
            'job_title contains "sales"',
            'job_title mentions ["head", "chief*"]',
        ),
        ("vp", "vp x", "vp sales", "sales", "head", "vp head", "head sales", "vp head sales", "other"),
    ),
    "press": Known(('press in ["offset", "both"]', 'press == "digital"'), ("offset", "digital", "both")),
    "opted_out": Known(("opted_out",), (True, False)),
    "interests": Known(
        ('interests has any ["a", "b"]', 'interests has all ["a", "c"]', 'interests has none ["b"]'),
        ((), ("a",), ("b",), ("c",), ("a", "b"), ("a", "c"), ("a", "b", "c"), ("b", "c")),
    ),
    "contract_ends": Known(
        ("contract_ends in the next 30 days", "contract_ends within 10 days", "contract_ends before 2026-11-25"),
        _days(-11, -10, -1, 0, 4, 5, 30, 31),
    ),
    "demo_at": Known(
        ("demo_at within 14 days", "demo_at older than 20 days"),
        tuple(AT - step * DAY for step in (0, 14, 15, 20, 21)),
    ),
    "country": Known(('country == "DE"', 'country in ["DE", "FR"]'), ("DE", "FR", "US"), changeable=False),
}  # fmt: skip
_PEOPLE = (-1000, *FIELDS["employees"].values, 1000)
_ROLES = ("open_roles > employees", "employees + open_roles >= 60")
_ENDED = "demo_at after contract_ends"
RELATED = {
    "employees": Known((*FIELDS["employees"].tests, *_ROLES), _PEOPLE),
    "open_roles": Known(
        ("open_roles <= 40", *_ROLES),
        tuple(sorted({value for n in _PEOPLE for value in (n, n + 1, 60 - n, 59 - n, 40, 41)})),
    ),
    "contract_ends": Known((*FIELDS["contract_ends"].tests, _ENDED), _days(*range(-40, 41))),
    "demo_at": Known(
        ("demo_at within 14 days", _ENDED),
        tuple(AT - step * DAY for step in range(-45, 46)),
    ),
}
"""Fields that stand together in tests, so that what one of them has to be depends on the other."""
ACTIVITIES = {
    "call": Known(("count(call) >= 2", "count(call within 30 days) >= 1", "count(call) == 1"), range(4)),
    "meeting": Known(("last(meeting) within 7 days", "count(meeting) >= 1"), range(2)),
    "login": Known(("days(login within 30 days) >= 1",), range(2)),
    "unsubscribed": Known(("count(unsubscribed) == 0", "count(unsubscribed within 1 year) >= 1"), range(2)),
}


@st.composite
def small_cases(draw: Any, *, facts: int = 4, related: bool = False) -> Case:
    """A definition over at most so many facts, with one stage at least, and a lead of which some is unknown."""
    return _Small(draw).case(facts, related)


class _Small(Pick):
    def case(self, facts: int, related: bool) -> Case:
        pairs = (["employees", "open_roles"], ["contract_ends", "demo_at"])
        names = list(self.of(pairs)) if related else self.some([*FIELDS, *ACTIVITIES], least=1, most=facts)
        self.known = RELATED if related else FIELDS
        self.tests = [test for name in names for test in {**self.known, **ACTIVITIES}[name].tests]
        raw = self.definition()
        return Case(raw, self.lead(names), AT, define_model(raw)[0])

    def definition(self) -> dict[str, Any]:
        raw: dict[str, Any] = {
            "format": 1,
            "name": "Small",
            "version": "1",
            "teams": {"marketing": "Marketing", "sales": {"title": "Sales", "hours": "Mon-Fri 09:00-17:00"}},
            "fields": {
                "press": {"type": "text", "choices": ["offset", "digital", "both"]},
                "contract_ends": {"type": "date"},
                "demo_at": {"type": "datetime"},
                "open_roles": {"type": "number"},
            },
        }
        traits: dict[str, Any] = {}
        for number in range(self.whole(1, 4)):
            entry = {"team": self.team(), "when": self.rule([*self.tests, *traits]), "why": "It matters."}
            if self.one_in(6):
                entry["when_unknown"] = self.of(("no", "yes"))
            traits[f"t{number}"] = entry
        raw["traits"] = traits
        self.about = list(traits)
        if self.one_in(3):
            case = self.rule([*self.tests, *traits])
            raw["tiers"] = {"size": {"team": self.team(), "cases": {"large": case, "small": "otherwise"}}}
            self.about += ["size is large", "size is not large"]
        if self.one_in(3):
            points: dict[str, Any] = {
                name: {"yes": self.of((10, 5, -5)), "no": self.of((0, 0, 5))} for name in self.some(list(traits), 1, 3)
            }
            if "tiers" in raw:
                points["size"] = {"large": self.of((10, -5))}
            raw["scores"] = {"fit": {"points": points}}
            self.about += ["fit >= 10", "fit < 5", "fit == 15"]
        if self.one_in(6):
            raw["left_out_by"] = [self.of(list(traits))]
        raw["stages"] = {name: self.stage(name, list(traits)) for name in ("mql", "sql", "won")[: self.whole(1, 3)]}
        return raw

    def team(self) -> str:
        return self.of(("marketing", "sales"))

    def rule(self, tests: Sequence[str]) -> str:
        parts = self.some(list(dict.fromkeys(tests)), least=1, most=3)
        parts = [f"not {part}" if self.one_in(4) else part for part in parts]
        match self.whole(0, 3):
            case 0:
                return " and ".join(parts)
            case 1:
                return " or ".join(parts)
            case 2:
                return f"at least {self.whole(1, len(parts))} of [{', '.join(parts)}]"
            case _:
                return f"not ({' or '.join(parts)})"

    def stage(self, name: str, traits: list[str]) -> dict[str, Any]:
        stage: dict[str, Any] = {
            "requires": {team: self.rule(self.about) for team in self.some(("marketing", "sales"), least=1)}
        }
        if self.one_in(4):
            stage["disqualified_by"] = self.some(traits, least=1, most=1)
        if name != "mql" and self.one_in(5):
            stage["after"] = []
        if self.one_in(4):
            stage["handoff"] = [
                {"team": "sales", "to": "field sales", "act_within": self.of(("2 working hours", "1 days"))}
            ]
        return stage

    def lead(self, names: list[str]) -> dict[str, Any]:
        lead: dict[str, Any] = {"id": "0031"}
        happened: list[dict[str, Any]] = []
        for name in names:
            if name in self.known and not self.one_in(3):
                lead[name] = self.of([value for value in self.known[name].values if _is_usual(value)])
            if name in ACTIVITIES:
                times = self.of(ACTIVITIES[name].values)
                happened += [{"type": name, "at": AT - self.of((1, 8, 31)) * DAY} for _ in range(times)]
        if any(name in ACTIVITIES for name in names):
            lead["activities"] = happened
        return lead


def _is_usual(value: Any) -> bool:
    """What a lead has at first leaves room on both sides, so that brute force can step beyond it."""
    if isinstance(value, int):
        return abs(value) <= 200
    return not isinstance(value, dt.date) or abs(value.toordinal() - AT.toordinal()) <= 35


def other_values(case: Case, *, related: bool = False) -> dict[str, list[Any]]:
    """For each fact of a case that can change, all that it can become; for an activity, how often it happens more."""
    found: dict[str, list[Any]] = {}
    text = repr(case.definition)
    for name, known in (RELATED if related else FIELDS).items():
        if known.changeable and any(test in text for test in known.tests):
            found[name] = [value for value in known.values if value != case.lead.get(name)]
    for name, known in ACTIVITIES.items():
        if any(test in text for test in known.tests):
            found[name] = [1, 2]
    return found


def changed(case: Case, changes: dict[str, Any]) -> dict[str, Any]:
    """The lead after changes, as somebody would type it."""
    lead = {**case.lead, **{name: value for name, value in changes.items() if name in FIELDS or name in RELATED}}
    more = [
        {"type": name, "at": case.as_of} for name, times in changes.items() if name in ACTIVITIES for _ in range(times)
    ]
    return {**lead, "activities": [*(lead.get("activities") or ()), *more]} if more else lead


def all_changes(values: dict[str, list[Any]], names: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Every way of changing these facts."""
    if not names:
        yield {}
        return
    for value in values[names[0]]:
        for rest in all_changes(values, names[1:]):
            yield {names[0]: value, **rest}
