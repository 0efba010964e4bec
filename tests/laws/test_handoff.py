"""Who gets a lead, and by when they must act."""

import datetime as dt
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

import qualify
from tests.laws.judged import judged
from tests.laws.small import small_cases
from tests.strategies import cases

MINUTE = dt.timedelta(minutes=1)
WEEKS = (
    "Mon-Fri 09:00-17:00",
    "Mon-Fri 09:00-12:00, 13:00-17:00",
    "Mon-Sun 00:00-24:00",
    "Sun 01:00-04:00",
    "Sat-Sun 00:30-03:30",
    "Tue 22:00-24:00",
)
ZONES = ("UTC", "America/New_York", "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe")
BASES = (  # before the clock goes forward, before it goes back, a holiday, the end of a year
    dt.datetime(2026, 3, 6, 15),
    dt.datetime(2026, 3, 27, 15),
    dt.datetime(2026, 10, 23, 15),
    dt.datetime(2026, 10, 30, 15),
    dt.datetime(2026, 4, 3, 15),
    dt.datetime(2026, 10, 2, 15),
    dt.datetime(2026, 11, 25, 15),
    dt.datetime(2026, 12, 30, 15),
)
HOLIDAYS = [dt.date(2026, 11, 26), dt.date(2026, 12, 31), dt.date(2026, 11, 1)]
teams = st.tuples(st.sampled_from(WEEKS), st.sampled_from(ZONES), st.booleans())
moments = st.builds(
    lambda base, minutes: (base + minutes * MINUTE).replace(tzinfo=dt.UTC),
    st.sampled_from(BASES), st.integers(0, 4 * 24 * 60),
)  # fmt: skip


@cache
def definition(hours, zone, holidays, within):
    return qualify.define(
        name="Hand-off",
        timezone="Pacific/Apia",
        teams={"sales": {"title": "Sales", "hours": hours, "timezone": zone, "holidays": HOLIDAYS if holidays else []}},
        traits={"wants": {"team": "sales", "when": "customer", "why": "-"}},
        stages={"mql": {"requires": {"sales": "wants"}, "handoff": [{"team": "sales", "act_within": within}]}},
    )


def act_by(team, within, at):
    return definition(*team, within).qualify({"customer": True}, as_of=at).handoff.act_by


def at_work(team, at):
    """Whether the team works in the minute that begins at this instant, as a clock on its wall shows it."""
    hours, zone, holidays = team
    wall = at.astimezone(ZoneInfo(zone))
    if holidays and wall.date() in HOLIDAYS:
        return False
    days, spans = hours.split(" ", 1)
    names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    first, last = (names.index(day) for day in (days.split("-") * 2)[:2])
    if not first <= wall.weekday() <= last:
        return False
    now = f"{wall:%H:%M}"
    return any(begin <= now < end for begin, end in (span.strip().split("-") for span in spans.split(",")))


@given(team=teams, at=moments, hours=st.integers(1, 30))
def test_working_hours_are_the_minutes_that_the_team_works(team, at, hours):
    """Counted minute by minute on the clock in their office, over holidays and changes of the clock."""
    left, now = hours * 60, at
    while left and now < at + dt.timedelta(days=9):
        left -= at_work(team, now)
        now += MINUTE

    due = act_by(team, f"{hours} working hours", at)

    assert due == now if left == 0 else due > now


@given(team=teams, at=moments, seconds=st.integers(0, 86_399))
def test_one_working_hour_more_is_later(team, at, seconds):
    """Nobody who has more time has to act sooner."""
    at = at + dt.timedelta(seconds=seconds)
    due = [act_by(team, f"{hours} working hours", at) for hours in (1, 2, 3, 8, 40)]

    assert due[0] >= at + dt.timedelta(hours=1)
    assert all(sooner < later for sooner, later in pairwise(due))


WITHIN = ("1 working hour", "9 working hours", "1 working day", "3 hours", "2 days")


@given(team=teams, at=moments, other=moments, within=st.sampled_from(WITHIN))
def test_who_gets_it_sooner_has_to_act_sooner(team, at, other, within):
    """A queue keeps its order."""
    sooner, later = sorted((at, other))

    assert sooner < act_by(team, within, sooner) <= act_by(team, within, later)


@given(team=teams, at=moments, days=st.integers(1, 12))
def test_working_days_end_on_a_working_day(team, at, days):
    """`2 working days` from a Friday afternoon is Tuesday, and within their hours."""
    due = act_by(team, f"{days} working days", at)
    sooner = act_by(team, f"{days - 1} working days", at) if days > 1 else at

    assert due > sooner
    assert at_work(team, due) or at_work(team, due - MINUTE)
    zone = ZoneInfo(team[1])
    first = next(at + n * MINUTE for n in range(60 * 24 * 16) if at_work(team, at + n * MINUTE)).astimezone(zone).date()
    worked = [first + dt.timedelta(days=n) for n in range((due.astimezone(zone).date() - first).days + 1)]
    midnight = [dt.datetime.combine(day, dt.time(), zone) for day in worked]
    working = [day for day in midnight if any(at_work(team, day + n * 15 * MINUTE) for n in range(96))]
    ended_at_midnight = due.astimezone(zone).time() == dt.time()
    assert len(working) - 1 == days or ended_at_midnight


@given(at=moments, number=st.integers(1, 400), unit=st.sampled_from(["hours", "days"]))
def test_other_time_is_elapsed_time(at, number, unit):
    """An hour is an hour, a day is 24."""
    assert act_by((WEEKS[0], "UTC", True), f"{number} {unit}", at) == at + dt.timedelta(**{unit: number})


@given(case=st.one_of(cases(), small_cases()))
def test_the_hand_off_is_the_first_that_holds(case):
    """One lead, one owner: of the stage that it has reached, by the first condition that holds."""
    verdict = judged(case)
    declared = case.model.stages[verdict.stage].handoff if verdict.stage else ()
    passed = [note for note in verdict.notes if "passed over" in note]
    found = verdict.handoff

    if found is None:
        assert all(each.when is not None for each in declared)
        assert len(passed) <= len(declared)
    else:
        assert any((found.team, found.to, found.if_late) == (each.team, each.to, each.if_late) for each in declared)
        assert found.act_by > verdict.as_of or verdict.as_of.year == 9999
        assert all(each.when is not None for each in declared[: len(passed)])
    if verdict.stage is None:
        assert found is None
        assert not passed
