"""Activities are kept by lead, in their order, in memory that doesn't grow with them."""

import tracemalloc

from hypothesis import given
from hypothesis import strategies as st

from qualify.run.activities import AT_ONCE, ActivityStore

LEADS = st.sampled_from(["1", "2", "İ", "", "\0", "a'b"])


@given(st.lists(st.tuples(LEADS, st.integers())))
def test_each_lead_gets_its_own_in_their_order(given_):
    """Whose a visit is must not depend on who else came."""
    store = ActivityStore()
    for lead, number in given_:
        store.add(lead, {"number": number})
    store.sort()

    for lead in ["1", "2", "İ", "", "\0", "a'b", "nobody"]:
        assert store.of(lead) == [{"number": number} for who, number in given_ if who == lead]
    assert store.count == len(given_)
    store.close()


def test_the_batches_are_one_whole():
    """More come than are taken at once."""
    store = ActivityStore()
    for number in range(AT_ONCE * 2 + 1):
        store.add(str(number % 3), {"number": number})
    store.sort()

    assert [each["number"] for each in store.of("1")] == list(range(1, AT_ONCE * 2 + 1, 3))


def test_python_s_memory_holds_a_few_thousand_at_most():
    """Activities are many more than leads."""

    def peak(number):
        tracemalloc.start()
        store = ActivityStore()
        for each in range(number):
            store.add(str(each), {"type": "page_view", "properties": {"page": f"/page/{each}"}})
        store.sort()
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size

    assert peak(AT_ONCE * 8) < peak(AT_ONCE * 2) * 1.5
