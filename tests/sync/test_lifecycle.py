"""The lifecycle property: forward only, never of somebody who opted out, and never over what a person put there."""

import pytest

from tests.sync.conftest import LEADS
from tests.sync.shelf import MAPPING, Shelf

BACKWARD = MAPPING + "backward = true\n"


@pytest.mark.parametrize(
    ("present", "becomes"),
    [
        (None, "sales"),
        ("", "sales"),
        ("new", "sales"),
        ("Marketing", "sales"),
        ("sales", "sales"),
        ("customer", "customer"),
        ("evangelist", "evangelist"),
    ],
)
def test_it_moves_forward_only(sync, present, becomes):
    """A customer who is a good lead again stays a customer, and a stage that nobody knows is somebody's own."""
    shelf = Shelf([{**LEADS[0], "lifecycle": present}])

    sync(shelf)

    assert shelf.records["1"]["lifecycle"] == becomes


def test_a_value_that_the_order_does_not_know_is_reported(sync, tmp_path):
    """It is left alone, and somebody should say where it belongs."""
    shelf = Shelf([{**LEADS[0], "lifecycle": "evangelist"}])

    report = sync(shelf, report=tmp_path / "report.csv")

    assert report.stayed == {"unknown": 1}
    assert "lifecycle,1," in (tmp_path / "report.csv").read_text()
    assert "evangelist" not in (tmp_path / "report.csv").read_text()


def test_a_lead_that_opted_out_is_not_moved_forward(shelf, sync):
    """The lifecycle starts workflows, and workflows send mail."""
    report = sync(shelf)

    assert shelf.verdict("5")["stage"] == "sql"
    assert "lifecycle" not in shelf.records["5"]
    assert report.stayed == {"opted out": 1}


@pytest.mark.parametrize(
    ("present", "becomes"), [("customer", "sales"), ("new", "sales"), ("evangelist", "evangelist")]
)
def test_it_moves_backward_where_the_mapping_says_so(sync, present, becomes):
    """Some teams want the CRM to say what the definition says."""
    shelf = Shelf([{**LEADS[0], "lifecycle": present}], mapping=BACKWARD)

    sync(shelf)

    assert shelf.records["1"]["lifecycle"] == becomes


def test_a_lead_without_a_stage_is_not_moved(sync):
    """There is nothing to say."""
    shelf = Shelf([{**LEADS[2], "lifecycle": "new"}], mapping=BACKWARD)

    sync(shelf)

    assert shelf.records["3"]["lifecycle"] == "new"


def test_a_lead_that_is_left_out_is_not_moved(sync):
    """Nothing is written of it."""
    shelf = Shelf([{**LEADS[3], "size": 90}])

    sync(shelf)

    assert "lifecycle" not in shelf.records["4"]
