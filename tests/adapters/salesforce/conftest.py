"""A Salesforce on loopback, and an environment that leads to it."""

import contextlib
import shutil
import socket
import socketserver
import threading

import pytest

from qualify.adapters.salesforce import SalesforceAdapter
from tests.adapters.salesforce.fake_salesforce import FakeSalesforce, certificate

ADAPTER = SalesforceAdapter()  # its mapping is read once


@pytest.fixture(scope="session")
def pem(tmp_path_factory):
    """A certificate that this machine alone believes in."""
    pytest.importorskip("simple_salesforce", reason="the extra salesforce isn't installed")
    if shutil.which("openssl") is None:
        pytest.skip("no openssl here to make a certificate with")
    return certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def salesforce(pem, monkeypatch):
    """An empty Salesforce; the environment holds a token for it."""
    for name in ADAPTER.secrets:
        monkeypatch.delenv(name, raising=False)
    with FakeSalesforce(pem) as fake:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(pem))
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        monkeypatch.setenv("SALESFORCE_ACCESS_TOKEN", fake.token)
        monkeypatch.setenv("SALESFORCE_INSTANCE_URL", fake.address)
        yield fake


@pytest.fixture
def connect(salesforce):
    """Opens connections that read what the adapter's own mapping reads, and closes them."""
    opened = []

    def connection(*properties, **options):
        opened.append(ADAPTER.connect([*ADAPTER.mapping.sources, *properties], options))
        return opened[-1]

    yield connection
    for each in opened:
        each.close()


@pytest.fixture
def to_salesforce(salesforce):
    """The address of a proxy that leads every host to our Salesforce: the client has the log-in's host written in it."""
    target = ("127.0.0.1", salesforce.port)

    class Tunnel(socketserver.BaseRequestHandler):
        def handle(self):
            while not self.request.recv(4096).endswith(b"\r\n\r\n"):
                pass
            self.request.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            with socket.create_connection(target) as there:
                back = threading.Thread(target=_carry, args=(there, self.request), daemon=True)
                back.start()
                _carry(self.request, there)
                back.join()

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Tunnel) as proxy:
        proxy.daemon_threads = True
        threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"http://127.0.0.1:{proxy.server_address[1]}"
        proxy.shutdown()


def _carry(here, there):
    with contextlib.suppress(OSError):
        while said := here.recv(65536):
            there.sendall(said)
        there.shutdown(socket.SHUT_WR)
