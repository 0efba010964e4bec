"""A real Tryton, one for all tests of a module, and connections to it."""

import json

import pytest

from qualify.adapters.tryton import PASSWORD, USER, TrytonAdapter
from tests.adapters.tryton import real_tryton

ADAPTER = TrytonAdapter()  # its mapping is read once


@pytest.fixture(scope="session")
def office(tmp_path_factory):
    """A demo company's Tryton."""
    folder = tmp_path_factory.mktemp("tryton")
    try:
        running = real_tryton.running(folder)
        url = running.__enter__()
    except real_tryton.NotHad as why:
        pytest.skip(str(why))
    try:
        yield real_tryton.Office(url)
    finally:
        running.__exit__(None, None, None)


@pytest.fixture
def signed_in(monkeypatch):
    """The environment holds a user and a password."""
    monkeypatch.setenv(USER, real_tryton.USER)
    monkeypatch.setenv(PASSWORD, real_tryton.PASSWORD)


@pytest.fixture
def connect(office, signed_in):
    """Opens connections that read these opportunities (all, where none are named), each once, and closes them."""
    opened = {}

    def connection(ids=None, *properties, **options):
        if ids is not None:
            options["domain"] = json.dumps([["id", "in", list(ids)]])
        said = {"url": office.url, "database": "crm", "overlap": "0", "page": "2", **options}
        key = (properties, *sorted(said.items()))
        if key not in opened:
            opened[key] = ADAPTER.connect([*ADAPTER.mapping.sources, *properties], said)
        return opened[key]

    yield connection
    for each in opened.values():
        each.close()
