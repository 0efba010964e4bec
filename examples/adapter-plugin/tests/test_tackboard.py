"""The adapter keeps the contract of all adapters, and tells Tackboard's troubles from its refusals."""

import json
from pathlib import Path
from typing import ClassVar

import pytest
from fake_tackboard import TOKEN, FakeTackboard
from qualify_tackboard import TackboardAdapter

from qualify.adapters import ConnectionTrouble
from qualify.errors import AdapterError
from qualify.testing import AdapterContract

SAMPLES = json.loads((Path(__file__).parent / "leads.json").read_text(encoding="utf-8"))


@pytest.fixture
def fake(monkeypatch):
    with FakeTackboard(SAMPLES["leads"], SAMPLES["calls"]) as fake:
        monkeypatch.setenv("TACKBOARD_TOKEN", TOKEN)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield fake


def open_page_by_page(fake):
    return TackboardAdapter().connect([], {"url": fake.url, "page": "2"})


class TestContract(AdapterContract):
    adapter = TackboardAdapter()
    records = SAMPLES["leads"]
    happened: ClassVar = {"calls": SAMPLES["calls"]}
    not_read = ("person.name", "changed", "extra.line_of_business")
    changes = ({"extra": {"qualify_stage": "mql"}}, {"extra": {"qualify_stage": "sql"}})

    @pytest.fixture
    def source(self, fake):
        return lambda properties: open_page_by_page(fake)


def test_who_may_not_be_written_to_has_opted_out():
    """`may_mail` is the question turned round: read as it stands, it would mail exactly the wrong people."""
    mapping = TackboardAdapter().mapping

    assert [mapping.lead(record).opted_out for record in SAMPLES["leads"]] == [False, True, None, None, False]


@pytest.mark.parametrize(
    ("status", "headers", "wait"), [(429, {"Retry-After": "7"}, 7.0), (429, {}, None), (503, {}, None)]
)
def test_what_may_pass_is_trouble_and_says_how_long_to_wait(fake, status, headers, wait):
    """A sync waits as long as Tackboard asks it to."""
    fake.troubles = [(status, headers)]

    with pytest.raises(ConnectionTrouble) as trouble, open_page_by_page(fake) as connection:
        next(connection.pages())

    assert trouble.value.wait == wait


def test_no_answer_is_trouble(fake):
    """Cables are pulled."""
    connection = TackboardAdapter().connect([], {"url": "http://127.0.0.1:1"})

    with pytest.raises(ConnectionTrouble):
        next(connection.pages())


def test_a_page_that_is_no_json_is_trouble(fake):
    """While a server is serviced, it answers in HTML."""
    fake.text = b"<html>back soon</html>"

    with pytest.raises(ConnectionTrouble, match="no JSON"), open_page_by_page(fake) as connection:
        next(connection.pages())


def test_a_token_that_is_refused_is_an_error_that_names_its_variable(fake, monkeypatch):
    """Trying again helps nobody; a new token does."""
    monkeypatch.setenv("TACKBOARD_TOKEN", "an old token")

    with pytest.raises(AdapterError, match="TACKBOARD_TOKEN") as refused, open_page_by_page(fake) as connection:
        next(connection.pages())

    assert not isinstance(refused.value, ConnectionTrouble)
    assert "an old token" not in str(refused.value)


def test_a_redirect_is_not_followed(fake):
    """Another host has no business with the token."""
    fake.troubles = [(302, {"Location": "http://127.0.0.1:1/"})]

    with pytest.raises(AdapterError, match="302"), open_page_by_page(fake) as connection:
        next(connection.pages())


def test_the_token_never_travels_in_plain_text(fake):
    """http:// to anywhere but this machine shows it to all in between."""
    with pytest.raises(AdapterError, match="https"):
        TackboardAdapter().connect([], {"url": "http://api.tackboard.example"})
