"""HubSpot is slow, down, throttled, cut off or says nonsense: what can be tried again, what can't, and no secret told."""

import logging
import subprocess
import sys
import traceback
from datetime import timedelta
from email.utils import format_datetime

import pytest

from qualify.adapters.hubspot import HubSpotAdapter
from qualify.adapters.hubspot.portal import loopback
from qualify.adapters.records import ConnectionTrouble, Update
from qualify.errors import AdapterError, MissingExtra
from tests.adapters.hubspot.fake_hubspot import TOKEN, Answer, answers, cut, hang, throttled

READS = [
    pytest.param(lambda it: list(it.pages()), "objects/contacts", id="reading all"),
    pytest.param(lambda it: list(it.pages('{"changed": 0}')), "search", id="reading changes"),
    pytest.param(lambda it: list(it.happenings([{"id": "501"}])), "associations", id="happenings"),
    pytest.param(lambda it: it.write([Update("501", {"properties": {"jobtitle": "x"}})]), "update", id="writing"),
    pytest.param(lambda it: it.missing([]) or it.write([Update("501", {"properties": {"a": "x"}})]), "properties", id="setup"),
]  # fmt: skip
PASSING = [
    pytest.param(throttled(), id="throttled"),
    pytest.param(answers(500), id="500"),
    pytest.param(answers(502, "<html>Bad gateway</html>"), id="502"),
    pytest.param(answers(503), id="503"),
    pytest.param(answers(423), id="locked"),
    pytest.param(answers(477), id="the account is being moved"),
    pytest.param(answers(200, "<html>Log in to the hotel's network</html>"), id="HTML where JSON should be"),
    pytest.param(answers(200, "[1, 2]"), id="a list where a table should be"),
    pytest.param(cut, id="cut"),
    pytest.param(hang, id="no answer in time"),
]


@pytest.mark.parametrize("way", PASSING)
@pytest.mark.parametrize(("work", "where"), READS)
def test_what_may_go_well_another_time_is_trouble_and_goes_well_another_time(fake, connect, work, where, way):
    """Whoever syncs waits and tries again; the client itself must not, unseen and without a bound."""
    fake.add()
    fake.fail(where, way)
    connection = connect("properties.email", activities="calls", timeout="0.3")

    with pytest.raises(ConnectionTrouble):
        work(connection)
    if where != "properties":
        work(connection)

    assert fake.faults == []


def test_it_asks_to_wait_as_long_as_hubspot_says(fake, connect):
    """Who comes back too soon is sent away for longer."""
    fake.fail("contacts", throttled("11"))

    with pytest.raises(ConnectionTrouble, match=r"asks to be left alone for a while \(429\)") as trouble:
        list(connect().pages())

    assert trouble.value.wait == 11.0


def test_a_moment_to_wait_for_is_one_of_hubspots_clock(fake, connect):
    """Retry-After may be a date, and our clock may be wrong by an hour."""
    fake.now = fake.now.replace(year=2031)
    until = format_datetime(fake.now + timedelta(seconds=31), usegmt=True)
    fake.fail("contacts", throttled(until))

    with pytest.raises(ConnectionTrouble) as trouble:
        list(connect().pages())

    assert trouble.value.wait == 30.0


@pytest.mark.parametrize("wait", [None, "soon", "-1", "9" * 5000, "Mon, 99 Nov"])
def test_a_wait_that_says_nothing_is_none(fake, connect, wait):
    """Then whoever syncs decides how long."""
    fake.fail("contacts", throttled(wait))

    with pytest.raises(ConnectionTrouble) as trouble:
        list(connect().pages())

    assert trouble.value.wait is None


def test_a_limit_of_the_day_is_not_tried_again(fake, connect):
    """It ends at midnight, and every try counts."""
    fake.fail("contacts", throttled(policy="DAILY"))

    with pytest.raises(AdapterError, match="its daily limit is used up") as why:
        list(connect().pages())

    assert not isinstance(why.value, ConnectionTrouble)


def test_a_token_that_is_no_longer_good_is_not_tried_again(fake, connect, monkeypatch):
    """It doesn't get better by waiting; the message says which variable to mend."""
    connection = connect()
    fake.fail("contacts", answers(401))

    with pytest.raises(AdapterError, match="put a new one into HUBSPOT_ACCESS_TOKEN") as why:
        list(connection.pages())

    assert not isinstance(why.value, ConnectionTrouble)


def test_a_page_that_repeats_itself_does_not_go_on_for_ever(fake, connect):
    """A list that says 'next: here' would never end."""
    for _ in range(150):
        fake.add()
    page = {"results": [{"id": "501", "properties": {}}], "paging": {"next": {"after": "600", "link": "x"}}}
    fake.fail("contacts", lambda handler: Answer(200, page), times=2)

    with pytest.raises(ConnectionTrouble, match="the same page of contacts twice"):
        list(connect().pages())


def test_a_page_that_comes_again_loses_nobody(fake, connect):
    """Twice is no harm, once too few is."""
    everybody = [fake.add() for _ in range(250)]
    again = {}

    def first_again(handler):
        again["page"] = again.get("page") or handler.fake_answer()
        return again["page"]

    fake.fail("contacts", first_again)
    connection = connect()
    pages = connection.pages()
    read = [each["id"] for each in next(pages).records]
    fake.fail("contacts", lambda handler: again["page"])
    with pytest.raises(ConnectionTrouble):
        next(pages)
    cursor = '{"changed": 0, "after": "600"}'

    read += [each["id"] for page in connection.pages(cursor) for each in page.records]

    assert set(read) == set(everybody)


def test_a_search_that_promises_more_and_gives_nothing_ends(fake, connect):
    """Else it would be asked again, at once and for ever."""
    empty = {"total": 5, "results": [], "paging": {"next": {"after": "200", "link": "x"}}}
    fake.fail("search", answers(200, empty))

    with pytest.raises(ConnectionTrouble, match="says that there are more"):
        list(connect().pages('{"changed": 0}'))


def test_a_contact_that_does_not_say_when_it_changed_is_an_error(fake, connect):
    """Nothing could be read in order any more."""
    fake.fail("search", answers(200, {"total": 1, "results": [{"id": "501", "properties": {}}]}))

    with pytest.raises(AdapterError, match="without saying when it was changed"):
        list(connect().pages('{"changed": 0}'))


# Secrets


@pytest.mark.parametrize("way", [*PASSING, pytest.param(answers(400), id="400"), pytest.param(answers(403), id="403")])
def test_no_error_and_no_log_tells_the_token_or_what_a_contact_says(fake, connect, caplog, way):
    """Errors and logs are read by people who may not see either."""
    caplog.set_level(logging.DEBUG)
    fake.add(email="ada@secret.example")
    fake.fail("contacts", way)
    connection = connect(timeout="0.3")

    with pytest.raises(AdapterError) as why:
        list(connection.pages())

    told = "".join(traceback.format_exception(why.value)) + caplog.text + repr(connection)
    list(connection.pages())
    told += caplog.text
    assert TOKEN not in told
    assert "secret.example" not in told


def test_a_token_is_needed_and_nothing_is_asked_without(monkeypatch):
    """The message says what to do."""
    monkeypatch.delenv("HUBSPOT_ACCESS_TOKEN", raising=False)

    with pytest.raises(AdapterError, match="make a private app in HubSpot and put its token into HUBSPOT_ACCESS_TOKEN"):
        HubSpotAdapter().connect(["properties.email"])


@pytest.mark.parametrize("token", ["pat-1\nX-Evil: 1", "pat ü", "pat one"])
def test_what_can_be_no_token_is_refused_without_being_shown(monkeypatch, token):
    """The HTTP library's own error would show it."""
    monkeypatch.setenv("HUBSPOT_ACCESS_TOKEN", token)

    with pytest.raises(AdapterError, match="HUBSPOT_ACCESS_TOKEN holds no access token") as why:
        HubSpotAdapter().connect(["properties.email"])

    assert token not in str(why.value)


@pytest.mark.parametrize(
    "host",
    [
        "https://api.hubapi.com", "http://127.0.0.1.evil.example", "http://127.0.0.1@evil.example", "ftp://127.0.0.1",
        "http://10.0.0.1", "127.0.0.1:80", "http://localhost:port", "", "http://[::1", "http://x@localhost",
    ],
)  # fmt: skip
def test_another_host_is_on_this_machine_or_refused(host):
    """An option must not send the token to a stranger."""
    with pytest.raises(AdapterError, match="is for tests on this machine"):
        loopback(host)


@pytest.mark.parametrize("host", ["http://127.0.0.1:1", "https://localhost", "http://[::1]:8080"])
def test_this_machine_may_be_named_in_its_ways(host):
    """Tests listen on one of these."""
    assert loopback(host + "/") == host


@pytest.mark.parametrize("timeout", ["0", "-1", "soon", "nan", "inf", "99999"])
def test_a_timeout_is_a_number_of_seconds(monkeypatch, timeout):
    """Zero would be for ever, to the HTTP library."""
    monkeypatch.setenv("HUBSPOT_ACCESS_TOKEN", TOKEN)

    with pytest.raises(AdapterError, match="'timeout' is a number of seconds"):
        HubSpotAdapter().connect([], {"timeout": timeout})


def test_an_unknown_option_is_named_with_the_nearest():
    """Options come from a command line."""
    with pytest.raises(AdapterError, match="hubspot has no option 'timout'; did you mean 'timeout'"):
        HubSpotAdapter().connect([], {"timout": "3"})


def test_without_the_client_the_error_names_the_extra(monkeypatch):
    """Whoever has only `qualify` must learn what to install."""
    monkeypatch.setenv("HUBSPOT_ACCESS_TOKEN", TOKEN)
    monkeypatch.setitem(sys.modules, "hubspot", None)

    with pytest.raises(MissingExtra, match=r'pip install "qualify\[hubspot\]"'):
        HubSpotAdapter().connect([])


def test_the_mapping_needs_no_client_and_imports_none():
    """`qualify.adapter("hubspot").mapping.lead(record)` works wherever qualify does."""
    program = (
        "import sys; from qualify.adapters.hubspot import HubSpotAdapter\n"
        "print(HubSpotAdapter().mapping.lead({'id': '7', 'properties': {'email': 'a@b.example'}}).email)\n"
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'hubspot', 'urllib3', 'requests'}))"
    )

    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert ran.stdout.splitlines() == ["a@b.example", "[]"]


def test_it_can_be_closed_twice(connect):
    """A with block may follow a close."""
    connection = connect()
    list(connection.pages())

    connection.close()
    connection.close()
