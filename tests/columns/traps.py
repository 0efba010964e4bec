# ruff: noqa: E501 -- a row is read across.
"""What engines are known to disagree on, a row each: a definition in short, and leads that fall into the trap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

AS_OF = datetime(2026, 11, 20, 12, tzinfo=UTC)
NAN, INF = float("nan"), float("inf")
BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")


@dataclass(frozen=True)
class Trap:
    """Rules (each a trait), what else the definition has, and leads."""

    name: str
    rules: tuple[str, ...]
    leads: tuple[Mapping[str, Any], ...]
    more: Mapping[str, Any] = field(default_factory=dict)
    as_of: datetime = AS_OF


def each(name: str, *values: Any) -> tuple[dict[str, Any], ...]:
    """Leads that differ in one field."""
    return tuple({name: value} for value in values)


def acts(*given: tuple[str, Any] | tuple[str, Any, dict[str, Any]]) -> dict[str, Any]:
    """A lead to which this happened."""
    return {"activities": [dict(zip(("type", "at", "properties"), each_, strict=False)) for each_ in given]}


def ago(**span: float) -> datetime:
    """So long before `as_of`."""
    return AS_OF - timedelta(**span)


def _signal(each_: str, **more: Any) -> dict[str, Any]:
    return {"team": "sales", "each": each_, **more}


WHOLE = (2**53, 2**53 + 1, 2**53 - 1, -(2**53) - 1, 2**63 - 1, -(2**63), 0, 1, 50, None)
NUMBERS = (
    "employees == 9007199254740990", "employees > 9007199254740990", "employees >= 0.5", "employees == 0.5", "employees != 0.5",
    "employees < 50.5", "employees between 0.1 and 50", "employees in [1, 0.1, 50]", "employees == 0.1",
    "employees > 100000000000000000000", "employees < 100000000000000000000", "employees == 9223372036854770000",
    "employees * 2 > 100", "employees / 0 > 1", "employees / employees == 1", "employees - 1 == 49", "employees is known",
)  # fmt: skip
DOUBLES = (0.1, 0.5, 50.0, 50.00000000000001, -0.0, 0.0, 1e300, 5e-324, 1e15, 9007199254740992.0, NAN, None)
PLACES = ("0.1", "0.10", "0.15", "0.1500001", "50", "49.9999999999", "12345678901234567890.123456789", "-0.1", "0")
LIMITS = ("1 per day", "1 per week", "1 per month", "1 per quarter", "1 per year", "1 ever", "2 per day", "2 per week",
          "2 per month", "3 per quarter", "2 per year", "2 ever")  # fmt: skip
LIMITED = {
    "signals": {"visits": _signal("page_view within 3 years")},
    "scores": {f"s{at}": {"points": {"visits": {"each": 5, "limit": limit}}} for at, limit in enumerate(LIMITS)},
}
FADES = (
    "25% per 30 days",
    "5 points per 7 days",
    "half per 14 days",
    "100% per day",
    "2.5% per 12 hours",
    "1% per hour",
)
FADING = {
    "signals": {"visits": _signal("page_view"), "doubtful": _signal('page_view where page == "x"')},
    "scores": {
        **{f"s{at}": {"points": {"visits": {"each": 40, "fades": fades}}} for at, fades in enumerate(FADES)},
        **{f"l{at}": {"points": {"doubtful": {"each": -40, "limit": "1 per week", "at_most": 70, "fades": fades}}}
           for at, fades in enumerate(FADES)},
    },
}  # fmt: skip
STEPS = (timedelta(), timedelta(microseconds=1), timedelta(microseconds=-1))
AGES = tuple(
    acts(("page_view", ago(hours=hours) + step, {"page": page}))
    for hours in (0, 1, 12, 24, 100, 168, 336, 720, 840, 1440, 2880, 3360)
    for step in STEPS for page in ("x", None)
    if ago(hours=hours) + step <= AS_OF
)  # fmt: skip
TEXTS = ("", " ", "\t\n", "\u00a0", "\u200b", "İstanbul", "istanbul", "ISTANBUL", "ıstanbul", "Straße", "STRASSE", "strasse",
         "STRAẞE", "ΟΔΟΣ", "οδος", "οδοσ", "ﬁne", "fine", "FINE", "e\u0301cole", "École", "école", "ecole", "\u212aelvin",
         "kelvin", "\u00a0kelvin\u2003", "kel\u00a0vin", "vp", "VP, Head of Sales", "co-vp", "vps", "a vp.", "head  of", "Ａ",
         "100%", "a_b", "a\\b", "it's", 'say "hi"', "x" * 5000, "null", "None", "\U0001f600", "ÅNGSTRÖM", "å", None)  # fmt: skip
SAID = (
    'city == "istanbul"', 'city == "Straße"', 'city == "οδος"', 'city == "fine"', 'city == "école"', 'city == "kelvin"',
    'city in ["kelvin", "100%", "a_b"]', 'city contains "%"', 'city contains "_"', 'city contains "\\\\"', 'city contains "\'"',
    'city contains [" ", "x"]', 'city mentions ["vp", "head of", "kel*"]', 'city starts with "é"', 'city ends with "ß"',
    'city ends with "."', 'city != "fine"', 'city not in ["vp"]', "city is known", "city is unknown", 'city contains "σ"',
)  # fmt: skip
WALLS = (
    datetime(2026, 10, 25, 2, 30), datetime(2026, 10, 25, 1, 59, 59, 999_999), datetime(2026, 10, 25, 3), datetime(2026, 3, 29, 2, 30),
    datetime(2026, 3, 29, 3), datetime(2026, 11, 20, 13), datetime(2026, 11, 20, 12, 59, 59, 999_999), datetime(2026, 10, 20, 13),
    datetime(2026, 10, 21, 12), datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59, 999_999), None,
)  # fmt: skip
INSTANTS = tuple(
    wall if wall is None else wall.replace(tzinfo=zone, fold=fold)
    for wall in WALLS for zone in (UTC, BERLIN, timezone(timedelta(hours=-5))) for fold in (0, 1)
    if wall is None or 1 < wall.year < 9999 or zone is UTC
)  # fmt: skip
MOMENTS = (
    "created_at == 2026-10-25", "created_at != 2026-10-25", "created_at after 2026-10-25T00:30Z", "created_at < 2026-10-25T02:30",
    "created_at within 1 month", "created_at within 30 days", "created_at within 26 days", "created_at older than 1 month",
    "created_at in the next 1 hour", "created_at between 2026-03-29 and 2026-10-25", "created_at after last_activity_at",
    "created_at == last_activity_at", "created_at within 1 hour after last_activity_at", "contract_ends after created_at",
    "created_at within 2 days after contract_ends", "contract_ends within 1 month", "contract_ends in the next 3 days",
    "contract_ends == 2026-11-20", "created_at >= 0001-01-01", "created_at <= 9999-12-31", "contract_ends in [2026-11-20, 2026-10-25]",
)  # fmt: skip
DAYS = (
    date(2026, 11, 20),
    date(2026, 10, 25),
    date(2026, 10, 20),
    date(2026, 10, 21),
    date(1, 1, 1),
    date(9999, 12, 31),
    None,
)
ENDS = {"fields": {"contract_ends": {"type": "date"}}}
HAPPENED = (
    acts(), {"activities": None}, acts(("page_view", ago(days=1), {"page": "/pricing"})),
    acts(("page_view", ago(days=1)), ("login", ago(days=2)), ("login", ago(hours=3))),
    acts(("recycled", ago(days=5)), ("page_view", ago(days=5)), ("page_view", ago(days=4), {"page": "/pricing"})),
    acts(("page_view", AS_OF, {"page": "/Pricing"}), ("page_view", AS_OF + timedelta(microseconds=1), {"page": "/pricing"})),
    acts(("purchase", ago(days=3), {"amount": Decimal("0.0001")}), ("purchase", ago(days=3), {"amount": Decimal("999999999999.9999")})),
    acts(("purchase", ago(days=3), {"amount": None}), ("purchase", ago(days=9), {"amount": Decimal("-5")})),
    acts(*(("purchase", ago(days=at % 7), {"amount": Decimal(999_999_999_999)}) for at in range(1000))),
    acts((" login ", ago(days=1)), ("LOGIN", ago(days=1)), ("unheard_of", ago(days=1))),
)  # fmt: skip
ASKED = (
    "count(page_view) >= 1", 'count(page_view where page contains "/pricing") >= 1', "count(any activity within 1 day) == 0",
    "count(page_view since last(recycled)) >= 1", "count(page_view since first(recycled)) >= 1", "days(login within 30 days) >= 2",
    "sum(amount of purchase) > 0", "sum(amount of purchase) == 1000000000000", "sum(amount of purchase within 7 days) >= 500.5",
    "last(page_view) within 2 days", "first(login) before last(page_view)", "last(recycled) is known", "count(again) >= 1",
    'last(page_view where page == "/pricing") older than 1 hour', "count(page_view within 3 days after first(recycled)) >= 1",
    "count(login within 1 day after last(login)) == 1", 'first(page_view where page == "/pricing") == 2026-11-19',
    "at least 2 of [count(page_view) >= 1, count(login) >= 2, sum(amount of purchase) > 0]", "count(pricing since last(recycled)) >= 1",
)  # fmt: skip
SIGNALS = {
    "signals": {
        "pricing": _signal('page_view where page contains "/pricing" within 90 days'),
        "again": _signal("pricing within 4 days"),
    }
}
SCORES = {
    "tiers": {
        "size": {"team": "sales", "cases": {"small": "employees <= 50", "mid": "employees <= 500", "large": "otherwise"}},
        "grade": {"team": "sales", "cases": {"A": "fit >= 30", "B": "person >= 10", "C": "otherwise"}},
        "shut": {"team": "sales", "cases": {"A": 'city == "x"', "B": "otherwise"}, "when_unknown": "B"},
    },
    "scores": {
        "fit": {"points": {"t0": 20, "t1": {"yes": Decimal("0.0001"), "no": -5}, "size": {"mid": 15, "large": 10, "small": -3},
                           "shut": {"A": 7}}, "floor": 0, "cap": 30, "start": Decimal("2.5")},
        "rare": {"points": {"t0": 999_999_999, "t1": 999_999_999, "t2": 999_999_999}, "only_when": "t1"},
        "person": {"of": "0.6 * fit + 0.4 * rare - 1.5 * fit", "cap": 40, "floor": -40},
        "best": {"of": "highest of [fit, 2 * rare, lowest of [person, 0.0001 * fit]] + 1"},
    },
    "stages": {
        "mql": {"disqualified_by": ["t1"], "requires": {"marketing": "t0 or grade is A", "sales": "fit >= 10"}},
        "pql": {"after": [], "requires": {"marketing": "t2 and size in [mid, large]"}},
        "sql": {"requires": {"sales": "person >= 0 or rare > 5"}},
        "won": {"after": ["sql", "pql"], "requires": {"sales": "best >= 1"}},
    },
}  # fmt: skip
PEOPLE = tuple(
    {"employees": employees, "opted_out": out, "city": city}
    for employees in (10, 50, 51, 500, 501, None) for out in (True, False, None) for city in ("x", "y", None)
)  # fmt: skip
LISTS = tuple({"interests": value} for value in (
    [], ["a"], ["A", "b"], ["a", None], [None], ["", " "], [" a "], ["İ"], ["ß", "SS"], ["a", "b", "c"], ["a", "a"], None,
))  # fmt: skip
HAS = ('interests has any ["a", "ss"]', 'interests has all ["a", "b"]', 'interests has none ["a"]', 'interests has any ["i"]',
       "interests is known", "interests has all long", "interests has any long")  # fmt: skip

TRAPS = (
    Trap("whole numbers near 2^53 and 2^63", NUMBERS, each("employees", *WHOLE)),
    Trap("doubles", NUMBERS, each("employees", *DOUBLES)),
    *(Trap(f"decimal {text}", (*NUMBERS, "employees < 0.15", "employees == 0.15"),
           each("employees", Decimal(text), Decimal(0), None)) for text in PLACES),
    Trap("numbers beyond 64 bits", NUMBERS, each("employees", 2**64, -(2**64), 10**30, None)),
    Trap("whole beside double", ("employees == annual_revenue", "employees < annual_revenue", "employees >= annual_revenue",
                                 "employees * 2 > annual_revenue"),
         tuple({"employees": one, "annual_revenue": other} for one in WHOLE for other in (*DOUBLES, 9.3e18, -1e30))),
    Trap("texts", SAID, each("city", *TEXTS)),
    Trap("a domain from an address", ('email_domain == "firm.example"', "email_domain is known", 'email_domain in ["b.de"]'),
         ({"email": "a@Firm.example "}, {"email": "a@x@firm.EXAMPLE"}, {"email": "nobody"}, {"email": "a@"}, {"email": None},
          {"email": "a@b.de", "email_domain": "firm.example"}, {"email": "a@b.de", "email_domain": " "}, {})),
    *(Trap(f"{what} in {zone}", MOMENTS, tuple(
        {"created_at": value, "last_activity_at": WALLS[at % 9] if aware else value, "contract_ends": DAYS[at % (7 if zone == "UTC" else 4)]}
        for at, value in enumerate(values)), {**ENDS, "timezone": zone})
      for zone in ("UTC", "Europe/Berlin") for what, values, aware in (("walls", WALLS, False), ("instants", INSTANTS, True))),
    Trap("lists", HAS, LISTS, {"lists": {"long": {"team": "sales", "values": [f"entry {at}" for at in range(300)] + ["b"]}}}),
    Trap("activities", ASKED, HAPPENED, SIGNALS),
    Trap("activities in New York", ASKED, HAPPENED, {**SIGNALS, "timezone": "America/New_York"}),
    *(Trap(f"limits in {zone}", ("count(visits) >= 2",), tuple(
        acts(*(("page_view", start + timedelta(hours=hours * at)) for at in range(6)))
        for start in (datetime(2025, 12, 31, 22, tzinfo=UTC), datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 24, 22, tzinfo=UTC),
                      datetime(2026, 6, 30, 21, 59, 59, 999_999, tzinfo=UTC)) for hours in (1, 12, 24, 80, 700)),
        {**LIMITED, "timezone": zone}) for zone in ("UTC", "Europe/Berlin", "Asia/Kathmandu")),
    Trap("fading", ("count(visits) >= 1",), AGES, FADING),
    Trap("scores, tiers and stages", ("opted_out", 'city == "x"', "employees > 50"), PEOPLE, SCORES),
    Trap("left out", ("opted_out", 'city == "x"', "employees > 50"), PEOPLE, {**SCORES, "left_out_by": ["t1"]}),
)  # fmt: skip


def definition_of(trap: Trap) -> dict[str, Any]:
    """The definition, as `qualify.define` takes it."""
    facts = {f"t{at}": {"team": "sales", "when": rule, "why": "It matters."} for at, rule in enumerate(trap.rules)}
    return {"name": "Traps", "teams": {"marketing": "Marketing", "sales": "Sales"}, "traits": facts, **trap.more}
