"""Leads whose values are of every kind that a value can be, and hard on whoever writes them down."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import strategies as st

import qualify
from qualify.face import Definition

AT = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
EAST = dt.timezone(dt.timedelta(hours=5, minutes=45))


def definition() -> Definition:
    """A definition that asks for a value of every type, in tests of every kind."""
    return qualify.define(
        name='Odd "leads"',
        teams={"marketing": "Marketing", "sales": {"title": "Sales", "hours": "Mon-Fri 09:00-17:00"}},
        fields={
            "seats": {"type": "number", "label": "Seats", "unit": "seats"},
            "contract_ends": {"type": "date", "ask": "When does it end?"},
            "channels": {"type": "list"},
            "seen_at": {"type": "datetime"},
            "press": {"type": "text", "choices": ["offset", "digital"]},
        },
        activities={"visit": {"properties": {"minutes": "number", "on": "date", "until": "datetime", "topics": "list"}}},
        traits={
            "is_large": {"team": "sales", "when": "employees >= 5 and annual_revenue >= 5", "why": "They pay."},
            "has_seats": {"team": "sales", "when": "seats / 3 >= 5 or seats * 0.1 > employees", "why": "They sit."},
            "of_print": {"team": "marketing", "when": 'industry == "Printing" or job_title mentions ["vp"]', "why": "Ours."},
            "prints": {"team": "marketing", "when": 'press is known and press == "offset"', "why": "Ours too."},
            "ending": {
                "team": "sales", "when": "contract_ends in the next 30 days or contract_ends before created_at", "why": "Now.",
            },
            "was_seen": {"team": "marketing", "when": "seen_at within 30 days", "why": "Here."},
            "reached": {"team": "marketing", "when": 'channels has any ["mail"]', "why": "There."},
            "visits": {
                "team": "marketing",
                "when": "count(visit where minutes > 3 since contract_ends) >= 2 or sum(minutes of visit) > 7.5",
                "why": "They come.",
            },
            "came": {"team": "sales", "when": "last(visit where topics has any [\"a\"]) after seen_at", "why": "They came."},
            "many": {"team": "sales", "when": "0.1 * count(visit where minutes > 3) >= 0.3", "why": "They came."},
            "no_mail": {"team": "marketing", "when": "opted_out", "why": "We keep our word."},
        },
        tiers={"size": {"team": "sales", "cases": {"big": "employees >= 100", "small": "otherwise"}, "why": "Big ones call."}},
        signals={"visited": {"team": "sales", "each": "visit within 1 year"}},
        scores={"fit": {"points": {"is_large": {"yes": 20, "no": -2.5}, "of_print": 10, "size": {"big": 5.25}}}},
        stages={
            "mql": {"disqualified_by": ["no_mail"], "requires": {"marketing": "of_print or fit >= 20 or reached"}},
            "sql": {
                "requires": {
                    "sales": "at least 2 of [is_large, has_seats, ending, came, many]",
                    "marketing": "visits or was_seen or count(visited) >= 1 or prints",
                },
                "handoff": [{"team": "sales", "to": "field sales", "act_within": "2 working hours", "when": "size is big"}],
            },
        },
    )  # fmt: skip


HARD = (
    "Printing",
    "vp",
    "offset",
    "Head of VP",
    "\x00 5",
    '"',
    "\\",
    "</script><b onclick='x'>",
    "😀",
    "e\u0301",
    "\x1b[31m",
)
TEXTS = st.one_of(
    st.sampled_from(HARD),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
)
NUMBER = st.one_of(
    st.integers(-(10**30), 10**30), st.integers(0, 200), st.floats(allow_nan=False, allow_infinity=False),
    st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**20), max_value=10**20),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=200),
)  # fmt: skip
DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31))
ZONES = st.sampled_from([None, dt.UTC, EAST])
MOMENTS = st.one_of(
    st.datetimes(dt.datetime(2026, 6, 1), dt.datetime(2026, 12, 31)),
    st.datetimes(timezones=ZONES),
    st.datetimes(dt.datetime(2026, 6, 1), dt.datetime(2026, 11, 20, 5), timezones=ZONES),
)  # fmt: skip
AMOUNT = st.one_of(
    st.integers(0, 10), st.integers(0, 100).map(lambda n: n / 10), st.decimals(0, 100, places=4, allow_nan=False),
)  # fmt: skip
LISTS = st.lists(st.one_of(st.sampled_from(["mail", "a"]), TEXTS), max_size=3)


def _some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={name: st.one_of(st.none(), each) for name, each in fields.items()})


VISITS = st.fixed_dictionaries(
    {"type": st.sampled_from(["visit", "unheard_of"]), "at": MOMENTS},
    optional={"properties": _some(minutes=AMOUNT, on=DAYS, until=MOMENTS, topics=LISTS)},
)


def odd_leads() -> st.SearchStrategy[dict[str, Any]]:
    """Leads of `definition()`: some values, of every kind."""
    return _some(
        id=TEXTS, employees=NUMBER, annual_revenue=NUMBER, seats=NUMBER, industry=TEXTS, job_title=TEXTS, press=TEXTS,
        contract_ends=DAYS, created_at=MOMENTS, seen_at=MOMENTS, channels=LISTS, opted_out=st.booleans(),
        activities=st.lists(VISITS, max_size=4),
    )  # fmt: skip


__all__ = ["AT", "definition", "odd_leads"]
