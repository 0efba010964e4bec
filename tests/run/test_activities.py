"""Activities are kept by lead, in their order, in memory that doesn't grow with them."""

import datetime as dt
import tracemalloc

from hypothesis import given
from hypothesis import strategies as st

from qualify.run.activities import AT_ONCE, ActivityStore

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
