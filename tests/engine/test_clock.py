"""The one moment of an evaluation, and the edges that are reckoned from it."""

import ast
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

import qualify
from qualify.engine.clock import FIRST, LAST, Clock, read_as_of, zone_of
from qualify.engine.evaluate import Evaluator
from qualify.errors import QualifyError
from qualify.rules.tree import Span
from tests.pages import ROOT

NEW_YORK = zone_of("America/New_York")
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize("given", [date(2026, 11, 20), "2026-11-20T12:00", 1_795_176_000, True])
def test_a_date_is_no_moment(given):
    """A day has 24 hours, and a verdict for "today" would depend on which of them was meant."""
    with pytest.raises(QualifyError) as refused:
        read_as_of(given, UTC)

    assert refused.value.code == "bad-as-of"
    assert "as_of is a datetime, such as datetime(2026, 11, 20, 12, 0), found" in refused.value.message


def test_where_nothing_is_said_it_is_now():
    """Most callers mean now, and get it in UTC, whatever the definition's zone is."""
    before = datetime.now(UTC)
    found = read_as_of(None, NEW_YORK)
    after = datetime.now(UTC)

    assert before <= found <= after
    assert found.utcoffset() == timedelta(0)


def test_nothing_else_reads_the_clock():
    """Two engines that each looked at their own clock would not agree at midnight."""
    rooms = [
        path
        for room in ("engine", "verdict", "rules", "definition")
        for path in (ROOT / "src/qualify" / room).glob("*.py")
    ]
    places = [ROOT / "src/qualify" / name for name in ("values.py", "lead.py", "text.py", "face.py")]
    read = {
        path.name
        for path in (*rooms, *places)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("now", "today", "utcnow", "time", "time_ns", "monotonic")
        if isinstance(node.value, ast.Name) and node.value.id in ("datetime", "date", "time")
    }

    assert read == {"clock.py"}


def test_an_edge_is_reckoned_once():
    """A window costs one comparison for each lead, whatever its months and zones cost."""
    clock = Clock(NOON, NEW_YORK)
    definition = qualify.define(
        name="Windows",
        teams={"sales": "Sales"},
        traits={
            name: {"team": "sales", "when": f"{field} within 3 months", "why": "They are awake."}
            for name, field in (("recent", "created_at"), ("active", "last_activity_at"))
        },
    )
    session = Evaluator(definition.model).session(NOON)

    assert clock.back(Span(3, "month")) is clock.back(Span(3, "month"))
    assert len(session.edges) == len(set(session.edges))


@pytest.mark.parametrize(
    ("naive", "instant"),
    [
        (datetime(2026, 3, 8, 1, 59, 59), datetime(2026, 3, 8, 6, 59, 59, tzinfo=UTC)),
        (datetime(2026, 3, 8, 2, 30), datetime(2026, 3, 8, 7, 30, tzinfo=UTC)),
        (datetime(2026, 3, 8, 3), datetime(2026, 3, 8, 7, tzinfo=UTC)),
        (datetime(2026, 11, 1, 1, 30), datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),
        (datetime(2026, 11, 1, 1, 30, fold=1), datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),
        (datetime(2026, 11, 1, 2), datetime(2026, 11, 1, 7, tzinfo=UTC)),
    ],
)
def test_a_naive_time_at_a_clock_change_is_read_with_fold_0(naive, instant):
    """Two programs that read the doubled hour differently would give two verdicts."""
    assert read_as_of(naive, NEW_YORK) == instant


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati"])
@pytest.mark.parametrize("unit", ["hour", "day", "week", "month", "year"])
@pytest.mark.parametrize("number", [10**8, 10**9])
def test_an_edge_beyond_the_calendar_is_its_end(zone, unit, number):
    """A window of a thousand million days is a way to say ever; it must not be an overflow."""
    clock = Clock(NOON, zone_of(zone))

    back, ahead = clock.back(Span(number, unit)), clock.ahead(Span(number, unit))

    assert (back.instant, back.wall, back.day) == (FIRST, datetime.min, date.min)
    assert (ahead.instant, ahead.wall, ahead.day) == (LAST, datetime.max, date.max)


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Pacific/Kiritimati"])
@pytest.mark.parametrize("as_of", [FIRST, LAST, datetime.min, datetime.max])
def test_the_ends_of_the_calendar_are_moments_too(zone, as_of):
    """Systems write 9999-12-31 for never."""
    definition = qualify.define(
        name="Ends",
        timezone=zone,
        teams={"sales": "Sales"},
        fields={"runs_out": {"type": "date"}},
        traits={
            "windows": {"team": "sales", "when": "runs_out within 1 day or created_at in the next 1 month", "why": "x"},
            "old": {"team": "sales", "when": "created_at older than 1 year or last(login) within 1 hour", "why": "x"},
        },
    )

    for moment in (datetime.min, datetime.max, FIRST, LAST, datetime(2026, 1, 1)):
        verdict = definition.qualify(
            {"runs_out": moment.date(), "created_at": moment, "activities": [{"type": "login", "at": NOON}]},
            as_of=as_of,
        )
        assert len(verdict.traits) == 2


def test_a_zone_that_skipped_a_day_has_its_windows():
    """Apia had no 30th of December 2011."""
    clock = Clock(datetime(2012, 1, 30, 12, tzinfo=UTC), ZoneInfo("Pacific/Apia"))

    assert clock.back(Span(1, "month")).wall == datetime(2011, 12, 31, 2)
    assert clock.back(Span(31, "day")).day == date(2011, 12, 31)
