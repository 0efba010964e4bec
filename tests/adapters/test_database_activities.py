"""What happened after a read pulls its lead into the next one, though the lead's own row is as it was."""

import pytest

from qualify.errors import AdapterError
from tests.adapters.test_database import base, fill, ids, server

__all__ = ["base", "server"]


def last_cursor(connection, since=None):
    """Where a whole read ended."""
    return [page.cursor for page in connection.pages(since) if page.cursor is not None][-1]


def test_an_activity_that_came_later_brings_its_lead(base):
    """A call is logged, and nobody touches the lead's row."""
    fill(base, 5)
    base.say("insert into activities values (2, 'call', '2026-11-02 10:00:00', null)")
    with base.connect(page="2") as open_:
        first = last_cursor(open_)
        base.say("insert into activities values (1, 'call', '2026-11-03 10:00:00', null)")
        base.say("insert into activities values (4, 'call', '2026-11-03 10:00:00', null)")
        second = last_cursor(open_, first)

        assert {1, 4} <= set(ids(open_, first))
        assert 0 not in ids(open_, first)
        assert not {0, 2, 3} & set(ids(open_, second))


def test_a_lead_that_changed_too_comes_once(base):
    """Its change and its activity are one reason to read it."""
    fill(base, 5)
    with base.connect() as open_:
        first = last_cursor(open_)
        base.say("insert into activities values (3, 'call', '2026-11-03 10:00:00', null)")
        base.say("update leads set updated_at = '2026-11-03 10:00:00' where id = 3")

        assert ids(open_, first) == [3]
        assert next(page.total for page in open_.pages(first)) == 1


def test_a_column_that_says_when_it_was_recorded_counts_more_than_when_it_happened(base):
    """An import of last month's calls is new today."""
    base.say("alter table activities add column created_at timestamp")
    fill(base, 5)
    base.say("insert into activities values (2, 'call', '2026-11-02 10:00:00', null, '2026-11-02 10:00:00')")
    with base.connect() as open_:
        first = last_cursor(open_)
        assert ids(open_, first) == []
        base.say("insert into activities values (1, 'call', '2026-01-03 10:00:00', null, '2026-11-03 10:00:00')")

        assert ids(open_, first) == [1]
        assert ids(open_, last_cursor(open_, first)) == []


def test_reading_that_ended_among_changed_leads_still_reads_those_with_activities(base):
    """A sync that is killed between the two must not believe that both were read."""
    fill(base, 5)
    with base.connect(page="2") as open_:
        first = last_cursor(open_)
        base.say("update leads set updated_at = '2026-11-03 10:00:00' where id > 1")
        base.say("insert into activities values (1, 'call', '2026-11-03 10:00:00', null)")
        begun = next(open_.pages(first)).cursor

        assert ids(open_, begun) == [4, 1]


def test_who_wants_no_reading_for_activities_says_so(base):
    """Looking for them takes an index that a table may not have."""
    fill(base, 5)
    with base.connect(activities_changed="none") as open_:
        first = last_cursor(open_)
        base.say("insert into activities values (1, 'call', '2026-11-03 10:00:00', null)")

        assert ids(open_, first) == []
    with pytest.raises(AdapterError, match=r"no column 'made'; it has .*\. Option 'activities_changed'"):
        base.connect(activities_changed="made")


def test_a_day_is_read_again_until_it_is_over(base):
    """A second call on the same day bears the same moment."""
    base.say("drop table activities; create table activities (lead_id integer, type text, at date)")
    fill(base, 3)
    base.say("insert into activities values (1, 'call', '2026-11-02')")
    with base.connect() as open_:
        first = last_cursor(open_)
        base.say("insert into activities values (2, 'call', '2026-11-02')")

        assert ids(open_, first) == [1, 2]


def test_an_sqlite_file_that_is_not_there_is_not_made(tmp_path):
    """A typo must not leave an empty database behind."""
    from qualify.adapters import adapter

    (tmp_path / "crm.db").touch()
    with pytest.raises(AdapterError, match=r"there is no file '.*cmr.db'; did you mean '.*crm.db'\?"):
        adapter("database").connect((), {"url": f"sqlite:///{tmp_path / 'cmr.db'}"})
    with pytest.raises(AdapterError, match=r"it has no table at all\. Option 'leads' says which"):
        adapter("database").connect((), {"url": f"sqlite:///{tmp_path / 'crm.db'}"})
    assert not (tmp_path / "cmr.db").exists()
