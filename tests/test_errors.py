"""Findings and the nearest name."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from qualify.errors import nearest


@given(seed=st.integers(0, 1000))
def test_the_nearest_of_very_many_names_does_not_hang_on_their_order(seed):
    """Names may come as a set; which of them are compared must be the same in every process."""
    names = ["America/New_York", *(f"America/Place_Number_{number}" for number in range(400))]
    Random(seed).shuffle(names)

    assert nearest("Amerika/New_York", names) == "America/New_York"
