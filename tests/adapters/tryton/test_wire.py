"""What a Tryton does rarely, played by a small server: it fails, hangs up, forgets us, repeats itself, or is older."""

import logging

import pytest

from qualify.adapters import ConnectionTrouble, Update
from qualify.adapters.tryton import PASSWORD, USER, TrytonAdapter
from qualify.errors import AdapterError
from tests.adapters.fake_crm import all_records, last_cursor, trouble_of
from tests.adapters.tryton.fake_tryton import FakeTryton, opportunity

ADAPTER = TrytonAdapter()


@pytest.fixture
def tryton(monkeypatch):
    monkeypatch.setenv(USER, "admin")
    monkeypatch.setenv(PASSWORD, "private-password")
    with FakeTryton([opportunity(name, made=name) for name in range(1, 9)]) as fake:
        yield fake


@pytest.fixture
def connect(tryton):
    opened = []

    def connection(**options):
        said = {"url": tryton.address, "database": "crm", "page": "3", **options}
        opened.append(ADAPTER.connect(ADAPTER.mapping.sources, said))
        return opened[-1]

    yield connection
    tryton.troubles.clear()
    for each in opened:
        each.close()


def ids(records):
    return [record["id"] for record in records]


# Trouble


@pytest.mark.parametrize("trouble", ["throttle", "fail", "cut", "html"])
def test_what_may_pass_is_told_as_trouble_and_the_read_goes_on_after_it(tryton, connect, trouble):
    """The same iterator, asked again, misses nothing."""
    pages = connect().pages()
    found = ids(next(pages).records)
    tryton.troubles.append(trouble)

    told = trouble_of(lambda: next(pages))

    assert told.wait == (7.0 if trouble == "throttle" else None)
    assert found + [each for page in pages for each in ids(page.records)] == list(range(1, 9))


def test_trouble_at_the_very_beginning_passes_too(tryton, connect):
    """The log-in can meet it as well."""
    tryton.troubles.append("fail")
    pages = connect().pages()
    assert trouble_of(lambda: next(pages))

    assert [each for page in pages for each in ids(page.records)] == list(range(1, 9))


@pytest.mark.parametrize("trouble", ["throttle", "fail", "cut", "html", "redirect"])
def test_no_error_and_no_log_holds_a_value_or_a_password(tryton, connect, trouble, caplog):
    """Logs are read by many."""
    tryton.troubles += ["expire", trouble]

    with caplog.at_level(logging.DEBUG), pytest.raises(AdapterError) as told:
        all_records(connect())

    shown = f"{told.value!r} {told.value.__cause__} {caplog.text} {connect()!r}"
    assert not any(secret in shown for secret in ("private", "token-"))


def test_a_session_that_ended_is_renewed_once(tryton, connect):
    """A read of an hour outlives its session."""
    pages = connect().pages()
    found = ids(next(pages).records)
    tryton.expire()

    assert found + [each for page in pages for each in ids(page.records)] == list(range(1, 9))
    assert tryton.log_ins == 2


def test_a_server_that_forgets_each_session_at_once_is_an_error(tryton, connect):
    """Several servers without a shared store of sessions behave like that: logging in for ever helps nobody."""
    tryton.is_signed = lambda request: request.json["method"] == "common.db.login"

    with pytest.raises(AdapterError, match="just given us") as told:
        all_records(connect())

    assert not isinstance(told.value, ConnectionTrouble)


def test_records_that_somebody_else_is_changing_are_trouble_that_passes(tryton, connect):
    """Tryton raises ConcurrencyException where two write at once."""
    connection = connect()
    all_records(connection)
    tryton.error = ["ConcurrencyException", ["private"]]

    assert "ConcurrencyException" in str(trouble_of(lambda: connection.write([Update("1", {"comment": "x"})])))


def test_a_refusal_keeps_its_answer_for_the_report_alone(tryton, connect):
    """`The value "7.0" for field ...` is the record's: the message names the kind."""
    connection = connect()
    all_records(connection)
    tryton.error = ["UserError", ['The value "private" is not valid', "", None]]

    with pytest.raises(AdapterError, match=r"refuses it \(UserError\)") as told:
        all_records(connection)

    assert "private" not in f"{told.value} {told.value!r}"
    assert "private" in told.value.answer


def test_an_error_that_is_no_kind_is_not_shown(tryton, connect):
    """Whatever Python raised in the server is its text first, and a text may be a name."""
    connection = connect()
    all_records(connection)
    tryton.error = ["private", "Traceback ..."]

    with pytest.raises(AdapterError, match=r"refuses it \(an error\)"):
        all_records(connection)


def test_a_page_that_comes_again_is_an_error_and_no_endless_read(tryton, connect):
    """Nothing may be taken as read that wasn't."""
    tryton.repeats = True

    with pytest.raises(AdapterError, match="same page again"):
        all_records(connect())


def test_writing_again_after_a_lost_answer_leaves_one_note(tryton, connect):
    """A note that was made before the connection broke is found by the next try."""
    connection, update = connect(), Update("1", {"qualify": {"stage": "mql"}})
    connection.write([update])

    connection.write([update])

    assert len(tryton.notes) == 1


@pytest.mark.parametrize(
    "cursor",
    ["", "yesterday", "2026-13-01T00:00:00.000000Z", "2026-05-01T07:25:37.000Z 00Q", "2026-11-24T10:14:04.235738Z -1"],
)
def test_a_cursor_of_somebody_else_is_refused(connect, cursor):
    """A state file of another adapter, or an edited one."""
    with pytest.raises(AdapterError, match="can't go on from this cursor"):
        connect().pages(cursor)


# A Tryton that has no last_modified_at


@pytest.fixture
def older(tryton):
    """Before `last_modified_at` there were create_date, and a write_date that is null until the first change."""
    del tryton.fields["sale.opportunity"]["last_modified_at"]
    return tryton


def test_an_older_tryton_is_read_whole_and_gives_a_place_at_its_end(older, connect):
    """In no order of change there is no place before the end."""
    pages = list(connect().pages())

    assert [ids(page.records) for page in pages] == [[1, 2, 3], [4, 5, 6], [7, 8]]
    assert [page.cursor is None for page in pages] == [True, True, False]


def test_an_older_tryton_shows_new_and_changed_records_too(older, connect):
    """A new record's write_date is null: `write_date > x` would never see it."""
    cursor = last_cursor(connect())
    older.records += [opportunity(20, made=30), opportunity(21, made=31)]
    older.records[1] = opportunity(2, made=2, changed=40)

    pages = list(connect().pages(cursor))

    found = [each for page in pages for each in ids(page.records)]
    assert found == [2, 8, 20, 21]
    assert ids(all_records(connect(), pages[-1].cursor)) == [2]


# What is asked before anything is sent


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"url": ""}, "needs the option 'url'"),
        ({"database": ""}, "needs the option 'database'"),
        ({"url": "ftp://erp.example"}, "http"),
        ({"url": "https://admin:private@erp.example"}, "neither user nor password"),
        ({"object": "sale.sale"}, "object"),
        ({"domain": "state = lead"}, "domain"),
        ({"domain": '{"state": "lead"}'}, "domain"),
        ({"page": "0"}, "page"),
        ({"overlap": "soon"}, "overlap"),
        ({"urls": "x"}, "did you mean 'url'"),
    ],
)
def test_a_wrong_option_is_refused(connect, options, said):
    """An option that is passed over would read other records than were meant."""
    with pytest.raises(AdapterError, match=said) as told:
        connect(**options)

    assert "private" not in str(told.value)


@pytest.mark.parametrize("name", [USER, PASSWORD])
def test_a_secret_that_is_not_set_is_named(connect, monkeypatch, name):
    """The first thing that everybody meets."""
    monkeypatch.delenv(name)

    with pytest.raises(AdapterError, match=f"{name} isn't set"):
        connect()


def test_moments_of_a_cursor_are_utc(connect):
    """A cursor says what the server said, so that a machine in another zone goes on at the same place."""
    assert last_cursor(connect()) == "2026-11-24T10:08:00.000000Z 8"
