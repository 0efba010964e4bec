"""Trouble on the way: tried again as the source asks, for so long, and without harm."""

import pytest

from qualify.adapters import ConnectionTrouble
from qualify.errors import AdapterError
from qualify.sync.retrying import Patience
from tests.sync.conftest import LEADS
from tests.sync.shelf import Shelf, trouble


@pytest.mark.parametrize("call", ["read", "write", "answer", "happenings", "missing"])
def test_trouble_is_tried_again_and_counted(sync, call):
    """A CRM that is busy for a moment costs a moment."""
    clean, shelf = Shelf(LEADS, calls=[]), Shelf(LEADS, calls=[])
    shelf.troubles = trouble(call, times=3)
    sync(clean)

    report = sync(shelf)

    assert shelf.records == clean.records
    assert report.troubles == {"the shelf is busy": 3}


def test_trouble_between_two_pages_goes_on_from_the_last_cursor(sync):
    """A generator that raised is at its end: without the cursor the rest would be lost without a word."""
    shelf = Shelf([{**LEADS[0], "id": str(number)} for number in range(20)])
    met = 0

    def stumble(progress):
        nonlocal met
        met += 1
        shelf.troubles = trouble("read")

    report = sync(shelf, watch=stumble)

    assert report.read == 20
    assert met == 7


def test_trouble_at_the_very_call_for_pages_loses_none(sync):
    """An adapter may ask at once, or only when the first page is taken."""

    class Eager(Shelf):
        def connect(self, properties, options=None):
            connection = super().connect(properties, options)
            pages = connection.pages

            def at_once(since=None):
                connection._meet("call")
                return pages(since)

            connection.pages = at_once
            return connection

    shelf = Eager([{**LEADS[0], "id": str(number)} for number in range(9)])
    shelf.troubles = [*trouble("call"), *trouble("read"), *trouble("call", times=2)]

    assert sync(shelf).read == 9


def test_a_wait_that_the_source_asks_for_is_kept():
    """Retry-After is no proposal: who ignores it is locked out."""
    waited, calls = [], []

    def call():
        calls.append(1)
        if len(calls) == 1:
            raise ConnectionTrouble("busy", wait=42)
        return "done"

    assert Patience(600, sleep=waited.append)(call) == "done"
    assert len(waited) == 1
    assert waited[0] >= 42


def test_pauses_grow_and_are_never_the_same():
    """A hundred programs that were refused together must not come back together."""
    waited = []

    def call():
        if len(waited) < 8:
            raise ConnectionTrouble("busy")

    Patience(600, sleep=waited.append)(call)

    assert len(set(waited)) == 8
    assert waited[7] > waited[3] > waited[0]
    assert max(waited) <= 62


def test_patience_ends_at_once_where_the_wait_is_longer():
    """A daily limit is not waited for with a terminal open."""
    waited = []

    def call():
        raise ConnectionTrouble("the daily limit is reached", wait=7200)

    with pytest.raises(ConnectionTrouble, match="daily limit"):
        Patience(600, sleep=waited.append)(call)
    assert not waited


def test_what_will_not_pass_is_not_tried_again(shelf, sync):
    """A revoked scope stays revoked."""
    shelf.troubles = [("write", AdapterError("the token may not write"))]

    with pytest.raises(AdapterError, match="may not write"):
        sync(shelf)
    assert not shelf.troubles


def test_a_page_that_comes_twice_is_judged_once(sync):
    """Some servers repeat a page after a timeout."""

    class Stutters(Shelf):
        def connect(self, properties, options=None):
            connection = super().connect(properties, options)
            pages = connection.pages
            connection.pages = lambda since=None: (page for each in pages(since) for page in (each, each))
            return connection

    report = sync(Stutters(LEADS))

    assert report.read == 5


def test_a_source_that_repeats_itself_without_end_is_stopped(sync):
    """A cursor that doesn't move would keep a sync busy for good."""

    class Stuck(Shelf):
        def connect(self, properties, options=None):
            connection = super().connect(properties, options)
            page = next(connection.pages())
            connection.pages = lambda since=None: iter(lambda: page, None)
            return connection

    with pytest.raises(AdapterError, match="again and again"):
        sync(Stuck(LEADS))


def test_too_few_answers_are_no_answers(sync):
    """Whether the others were written is then anybody's guess."""

    class Mumbles(Shelf):
        def connect(self, properties, options=None):
            connection = super().connect(properties, options)
            write = connection.write
            connection.write = lambda updates: write(updates)[:-1]
            return connection

    with pytest.raises(AdapterError, match="answered 1 of 2"):
        sync(Mumbles(LEADS))
