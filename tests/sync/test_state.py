"""Where a sync was: the state file, what makes it read all anew, and what is in it."""

import json
from datetime import UTC, datetime, timedelta

import pytest

import qualify
from qualify.errors import QualifyError
from qualify.sync import StateFile
from tests.sync.conftest import AS_OF, LEADS
from tests.sync.shelf import DEFINITION, MAPPING, Shelf


@pytest.fixture
def state(tmp_path):
    return tmp_path / "state.json"


def test_the_next_sync_reads_what_changed_alone(shelf, sync, state):
    """A CRM with a million records is not read for the three that changed."""
    first = sync(shelf, state=state)
    shelf.put({"id": "2", "size": 70})
    shelf.put({"id": "6", "size": 1, "industry": "Printing"})

    second = sync(shelf, state=state)

    assert (first.read, first.all_anew) == (5, True)
    assert (second.read, second.written, second.all_anew) == (2, 2, False)
    assert shelf.verdict("2")["stage"] == "sql"


def test_what_we_wrote_comes_back_as_changed_and_is_left_alone(shelf, sync, state):
    """Writing changes a record, so the CRM gives it again: that must come to an end."""
    shelf.bumps = True
    sync(shelf, state=state)
    shelf.writes.clear()

    again = sync(shelf, state=state)

    assert not shelf.writes
    assert sync(shelf, state=state).read == 0
    assert again.written == 0


def test_full_reads_all(shelf, sync, state):
    """Time changes verdicts too, and changes no record."""
    sync(shelf, state=state)

    report = sync(shelf, state=state, full=True)

    assert (report.read, report.written) == (5, 0)


def test_a_changed_definition_judges_all_anew(shelf, sync, state):
    """Teams agreed on something else: no record may keep the old answer because nobody touched it."""
    sync(shelf, state=state)
    changed = qualify.loads(DEFINITION.to_toml().replace("employees >= 50", "employees >= 5"))

    report = sync(shelf, changed, state=state)

    assert report.read == 5
    assert shelf.verdict("2")["stage"] == "sql"


@pytest.mark.parametrize("said", [{"mapping": "other"}, {"options": {"colour": "red"}}])
def test_a_changed_mapping_or_another_source_judges_all_anew(shelf, sync, state, said, tmp_path):
    """What was read otherwise may be judged otherwise."""
    sync(shelf, state=state)
    if "mapping" in said:
        said["mapping"] = tmp_path / "own.toml"
        said["mapping"].write_text(MAPPING.replace('employees = "size"', 'employees = "staff_count"'))

    assert sync(shelf, state=state, **said).read == 5


def test_the_file_holds_no_value_of_a_lead(shelf, sync, state):
    """It lies beside scripts, and is copied into tickets."""
    sync(shelf, state=state)

    said = json.loads(state.read_text())
    assert said["given"]["definition"] == DEFINITION.digest
    assert said["unfinished"] is None
    assert not [each for each in ("example", "ann", "Printing") if each in state.read_text()]


def test_a_sync_that_failed_goes_on_where_it_was(shelf, sync, state, monkeypatch):
    """What was written and answered is not read again."""
    monkeypatch.setattr("qualify.sync.syncing.SAVED_EVERY", 1)
    reads = 0

    def stop(progress):
        nonlocal reads
        reads += 1
        if reads == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sync(shelf, state=state, watch=stop)
    assert json.loads(state.read_text())["unfinished"]
    report = sync(shelf, state=state)

    assert (report.read, report.written) == (2, 2)
    assert all(shelf.verdict(each["id"]) for each in LEADS)


def test_an_interrupted_sync_is_finished_at_its_own_moment(shelf, sync, state):
    """Else half of the records would be judged at one moment and half at another."""
    begun = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)
    shelf.troubles = [("write", KeyboardInterrupt())]
    with pytest.raises(KeyboardInterrupt):
        sync(shelf, state=state, as_of=begun)

    report = sync(shelf, state=state, as_of=None)

    assert datetime.fromisoformat(report.as_of) == begun


def test_one_that_was_interrupted_days_ago_is_judged_now(shelf, sync, state):
    """Nobody wants last week's answer."""
    shelf.troubles = [("write", KeyboardInterrupt())]
    with pytest.raises(KeyboardInterrupt):
        sync(shelf, state=state, as_of=AS_OF - timedelta(days=400))

    report = sync(shelf, state=state, as_of=None)

    assert datetime.now(UTC) - datetime.fromisoformat(report.as_of) < timedelta(days=1)


def test_a_limit_reads_so_many_and_loses_none(shelf, sync, state):
    """For a first try; the rest comes with the next sync."""
    report = sync(shelf, state=state, limit=4)
    rest = sync(shelf, state=state)

    assert (report.read, report.finished) == (4, False)
    assert rest.finished
    assert all(shelf.verdict(each["id"]) for each in LEADS)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 1}', '{"format": 1, "given": {"a": 1}, "cursor": null}'])
def test_what_is_no_state_file_is_refused(shelf, sync, state, text):
    """A path that was mistyped must not be overwritten."""
    state.write_text(text)

    with pytest.raises(QualifyError, match="no state file"):
        sync(shelf, state=state)
    assert state.read_text() == text


def test_a_state_file_of_a_newer_release_is_refused(shelf, sync, state):
    """It may mean something that we don't know."""
    state.write_text('{"format": 2}')

    with pytest.raises(QualifyError, match="newer release"):
        sync(shelf, state=state)


def test_two_syncs_never_use_one_state_file_at_once(shelf, sync, state):
    """A timer starts one an hour, and one may take longer."""
    with StateFile(state).held(), pytest.raises(QualifyError, match="another sync"):
        sync(shelf, state=state)

    assert sync(shelf, state=state).finished


def test_without_a_state_file_all_is_read_each_time(shelf, sync):
    """Nothing is remembered that nobody asked to remember."""
    sync(shelf)

    assert sync(shelf).read == 5


def test_a_source_without_cursors_is_read_as_a_whole(sync, state):
    """A record that is missed once is missed for good."""

    class Plain(Shelf):
        def connect(self, properties, options=None):
            connection = super().connect(properties, options)
            pages = connection.pages
            connection.pages = lambda since=None: (type(page)(page.records) for page in pages(None))
            return connection

    shelf = Plain(LEADS)
    sync(shelf, state=state)
    shelf.put({"id": "1", "size": 3})

    assert sync(shelf, state=state).read == 5
