"""Activities are kept by lead, in their order, in memory that doesn't grow with them."""

import datetime as dt
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualify.run import run_leads
from qualify.run.activities import AT_ONCE, ActivityStore
from tests.run.sources import DEFINITION, csv, jsonl

LEADS = ["1", "2", "İ", "", "\0", "a'b", "nobody"]
MOMENTS = st.datetimes(timezones=st.sampled_from([None, dt.UTC, dt.timezone(dt.timedelta(hours=2))]))
ACTIVITIES = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["page_view", "call"]),
        "at": MOMENTS,
        "properties": st.dictionaries(st.text(), st.none() | st.text() | st.decimals(allow_nan=False) | MOMENTS),
    }
)


@given(st.lists(st.tuples(st.sampled_from(LEADS[:-1]), ACTIVITIES)))
def test_each_lead_gets_its_own_in_their_order(came):
    """Whose a visit is must not depend on who else came, nor what it was on where it was kept."""
    store = ActivityStore()
    for lead, activity in came:
        store.add(lead, activity)
    store.sort()

    for lead in LEADS:
        kept, own = store.of(lead), [activity for who, activity in came if who == lead]
        assert kept == own
        assert [each["at"].tzinfo for each in kept] == [each["at"].tzinfo for each in own]
    assert store.count == len(came)
    store.close()


def visit(number):
    return {"type": "page_view", "at": dt.datetime(2026, 11, 2, tzinfo=dt.UTC), "properties": {"page": f"/{number}"}}


def test_the_batches_are_one_whole():
    """More come than are taken at once."""
    store = ActivityStore()
    for number in range(AT_ONCE * 2 + 1):
        store.add(str(number % 3), visit(number))
    store.sort()

    assert store.of("1") == [visit(number) for number in range(1, AT_ONCE * 2 + 1, 3)]
    store.close()


def test_python_s_memory_holds_a_few_thousand_at_most():
    """Activities are many more than leads."""

    def peak(number):
        tracemalloc.start()
        store = ActivityStore()
        for each in range(number):
            store.add(str(each), visit(each))
        store.sort()
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        store.close()
        return size

    assert peak(AT_ONCE * 8) < peak(AT_ONCE * 2) * 1.5


@given(st.lists(st.sampled_from(LEADS[:-1])), st.lists(st.sampled_from(LEADS)), st.lists(st.sampled_from(LEADS)))
def test_what_belongs_to_nobody_is_counted_once(came, asked, seen):
    """A lead may come twice, and one that was rejected is there all the same."""
    store = ActivityStore()
    for lead in came:
        store.add(lead, visit(0))
    store.sort()

    for lead in asked:
        store.of(lead)
    for lead in seen:
        store.seen(lead)

    assert store.unmatched() == sum(lead not in {*asked, *seen} for lead in came)
    store.close()


def test_more_leads_may_be_met_than_are_kept_in_memory():
    """They go to the disk like the activities."""
    store = ActivityStore()
    for number in range(AT_ONCE + 2):
        store.add(str(number), visit(number))
    store.sort()

    for number in range(AT_ONCE + 1):
        store.of(str(number))

    assert len(store._met) < AT_ONCE
    assert store.unmatched() == 1
    store.close()


VISIT = ("page_view", "2026-11-02T10:00Z")
VISITS = (("lead_id", "type", "at"), ("1", *VISIT), ("2", *VISIT), ("2", *VISIT), ("3", *VISIT), ("4", *VISIT))


def run(leads, visits=VISITS):
    with run_leads(DEFINITION, leads, activities=csv(*visits)) as judging:
        list(judging)
    return judging.funnel, judging.notes


@pytest.mark.parametrize(
    ("leads", "number", "said"),
    [
        ("1234", 0, None),
        ("14", 3, "3 of its 5 activities belong to leads that are not in the stream"),
        ("1224", 1, "1 of its 5 activities belongs to leads that are not in the stream"),
        ("0", 5, "none of its activities belongs to a lead of the stream; are the ids the same?"),
    ],
)
def test_activities_of_leads_that_are_not_there_are_told(leads, number, said):
    """An export of the leads that is older than that of the visits counts too little, and nobody would know."""
    funnel, notes = run(csv(("id", "employees"), *((lead, "80") for lead in leads)))

    assert funnel.unmatched_activities == funnel.to_dict()["unmatched_activities"] == number
    assert notes == (() if said is None else (f"the stream: {said}",))


def test_a_lead_that_was_rejected_is_among_the_leads():
    """It has a reason of its own already."""
    funnel, notes = run(csv(("id", "employees"), ("1", "80"), ("2", "many"), ("3", "7"), ("4", "")))

    assert (funnel.rejected, funnel.unmatched_activities, notes) == (1, 0, ())


def test_where_a_rejected_lead_has_no_name_the_note_says_so():
    """Nobody can tell whose line it was: it may have been lead 3."""
    funnel, notes = run(csv(("id", "employees"), ("1", "80"), ("2", "7"), ("4", "9"), ("3", "7", "8")))

    assert (funnel.rejected, funnel.unmatched_activities) == (1, 1)
    assert notes == (
        "the stream: 1 of its 5 activities belongs to leads that are not in the stream, "
        "or stand there in a record whose id can't be read",
    )


def test_leads_without_ids_have_no_activities():
    """They are known by their id alone, and this is said before the work begins."""
    with run_leads(DEFINITION, csv(("employees",), ("80",)), activities=csv(*VISITS)) as judging:
        before = judging.notes
        list(judging)

    said = "the stream: activities are found by the lead's id, and the stream has none"
    assert before == judging.notes == (said,)
    assert judging.funnel.unmatched_activities == 5


def test_without_activities_none_is_unmatched():
    """Those that leads carry are their own."""
    with run_leads(DEFINITION, jsonl({"id": "1", "activities": []}), format="jsonl") as judging:
        list(judging)

    assert judging.funnel.unmatched_activities == 0


def test_activities_of_unknown_types_are_told():
    """`Page View` is no `page_view` to any rule, and counts would be 0 without a word."""
    visits = (("lead_id", "type", "at"), ("1", "Page View", VISIT[1]), ("1", *VISIT), ("1", "dance", VISIT[1]))

    _, notes = run(csv(("id", "employees"), ("1", "80")), visits)

    assert notes == (
        "the stream: 2 of its 3 activities are of a type that the definition doesn't know; "
        "a mapping's 'types' can say it",
    )
