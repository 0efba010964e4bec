"""A HubSpot on loopback, and the adapter connected to it through HubSpot's own client."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from qualify.adapters.hubspot import HubSpotAdapter
from qualify.adapters.records import Connection
from tests.adapters.hubspot.fake_hubspot import TOKEN, FakeHubSpot, serving

Connect = Callable[..., Connection]


@pytest.fixture
def fake() -> FakeHubSpot:
    """The account that the other fixtures show."""
    return FakeHubSpot()


@pytest.fixture
def address(fake: FakeHubSpot) -> Iterator[str]:
    """Where the account is served."""
    yield from serving(fake)


@pytest.fixture
def connect(address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connect]:
    """Opens connections: `connect("properties.email", activities="none")`."""
    pytest.importorskip("hubspot", reason="hubspot-api-client is not installed")
    monkeypatch.setenv("HUBSPOT_ACCESS_TOKEN", TOKEN)
    with ExitStack() as opened:

        def open_one(*paths: str, **options: str) -> Connection:
            connection = HubSpotAdapter().connect(paths or ("properties.email",), {"host": address, **options})
            return opened.enter_context(connection)

        yield open_one
