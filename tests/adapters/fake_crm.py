"""One small HTTP server that plays a vendor's API: it pages, throttles, fails, hangs, cuts, forgets tokens, repeats.

A subclass per vendor says how its records are asked for and how it answers; what goes wrong is said by the test, as a
list of troubles for the next requests:

    with FakeZoho(records) as zoho:
        zoho.troubles += ["throttle", "fail"]
"""

import contextlib
import json
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, get_args
from urllib.parse import parse_qs, urlsplit

import pytest

from qualify.adapters import ConnectionTrouble, PropertyType

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "crm"
KINDS: tuple[PropertyType, ...] = get_args(PropertyType)
HANGS = 1.0
"""Seconds that a hanging answer takes; a test's own timeout is shorter."""


@dataclass(frozen=True)
class Request:
    """One request as it came in."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        return {key: values[0] for key, values in parse_qs(self.body, keep_blank_values=True).items()}


@dataclass(frozen=True)
class Response:
    """What the fake answers: JSON, or a text as it is."""

    data: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    text: str | None = None

    @property
    def body(self) -> bytes:
        return b"" if self.data is None and self.text is None else (self.text or json.dumps(self.data)).encode()


class FakeCrm:
    """A vendor's API on loopback. `token` is what it takes now; `renewed` counts the new ones it gave."""

    page_size = 3
    token_path = "/token"

    def __init__(self, records: list[dict[str, Any]] | None = None) -> None:
        self.records = [dict(each) for each in records or []]
        self.written: list[tuple[str, dict[str, Any]]] = []
        self.requests: list[Request] = []
        self.troubles: deque[str] = deque()
        self.refusals: dict[str, str] = {}  # a record's id, and what it is refused with
        self.token, self.renewed = "token-0", 0
        self.remembers = False  # whether what is written changes its records, and is refused where there is none
        self.changes_made = 0
        self.made: dict[str, dict[str, Any]] = {}  # fields that were made: name, and what was asked for
        self.may_make_fields = True
        self.fields_refused: set[str] = set()
        self.loses_an_answer = False  # the next time that it makes a field
        self.takes_secrets_in_addresses = False  # as vendors do; ours are never to stand there

    # What a vendor says

    def answer(self, request: Request) -> Response:
        raise NotImplementedError

    def is_signed(self, request: Request) -> bool:
        return request.headers.get("authorization") == f"Bearer {self.token}"

    def expired(self) -> Response:
        return Response({"error": "expired"}, 401)

    def throttled(self) -> Response:
        return Response({"error": "slow down"}, 429, {"Retry-After": "7"})

    def new_token(self, request: Request) -> Response:
        return Response({"access_token": self.token, "expires_in": 3600})

    # What goes wrong

    def expire(self) -> None:
        """Take another token from now on."""
        self.renewed += 1
        self.token = f"token-{self.renewed}"

    def respond(self, request: Request) -> Response | None:
        """The answer to a request; None where the connection is cut."""
        self.requests.append(request)
        if request.path == self.token_path:
            return self.new_token(request)
        trouble = self.troubles.popleft() if self.troubles else None
        match trouble:
            case "throttle":
                return self.throttled()
            case "fail":
                return Response({"error": "a record's private@lead.example"}, 503)
            case "hang":
                time.sleep(HANGS)
            case "cut":
                return None
            case "html":
                return Response(text="<html>private@lead.example</html>", headers={"Content-Type": "text/html"})
            case "redirect":
                return Response(status=302, headers={"Location": "http://127.0.0.1:9/elsewhere"})
            case "expire":
                self.expire()
            case None:
                pass
            case _:
                raise AssertionError(trouble)
        if not self.is_signed(request):
            return self.expired()
        before = len(self.made)
        response = self.answer(request)
        if self.loses_an_answer and len(self.made) > before:
            self.loses_an_answer = False
            return None
        return response

    def make(self, name: str, field: dict[str, Any], empty: object = None) -> None:
        """Have one more field, which is empty in each record."""
        assert name not in self.made
        self.made[name] = field
        for record in self.records:
            record[name] = empty

    def take(self, key: str, who: str, values: dict[str, Any], changed: str, moment: str) -> bool:
        """Take what is written to a record, whose change is then later than all others; whether there is one."""
        self.written.append((who, values))
        if not self.remembers:
            return True
        for record in self.records:
            if str(record.get(key)) == who:
                self.changes_made += 1
                at = datetime(2030, 1, 1) + timedelta(seconds=self.changes_made)
                record.update({**values, changed: f"{at:{moment}}"})
                return True
        del self.written[-1]
        return False

    # The server

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self):
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length).decode()
                parts = urlsplit(self.path)
                query = {key: values[0] for key, values in parse_qs(parts.query, keep_blank_values=True).items()}
                headers = {key.lower(): value for key, value in self.headers.items()}
                response = fake.respond(Request(self.command, parts.path, query, headers, body))
                if response is None:
                    self.send_response(200)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", "1000")
                    self.end_headers()
                    self.wfile.write(b'{"data": [{"id": ')
                    self.close_connection = True
                    return
                self.send_response(response.status)
                for name, value in {"Content-Type": "application/json", **response.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(response.body)))
                self.end_headers()
                self.wfile.write(response.body)

            do_GET = do_POST = do_PUT = do_PATCH = handle_any

            def log_message(self, *said: object) -> None:
                pass

            def handle(self) -> None:
                with contextlib.suppress(ConnectionError):  # a client that waits no longer
                    super().handle()

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *why: object) -> None:
        self._server.shutdown()
        self._server.server_close()


# What tests of all vendors share


def sample(vendor: str, name: str) -> Any:
    """A file of the vendor's real records; the test is skipped where they aren't beside the repository."""
    path = DATA / vendor / name
    if not path.exists():
        pytest.skip(f"the vendors' records are not beside the repository: {path.parent.name}/{name}")
    text = path.read_text(encoding="utf-8")
    return json.loads(text) if path.suffix == ".json" else text


def all_records(connection, since: str | None = None) -> list[dict[str, Any]]:
    """Every record of one read."""
    return [dict(record) for page in connection.pages(since) for record in page.records]


def last_cursor(connection, since: str | None = None) -> str | None:
    """Where the next read goes on."""
    return list(connection.pages(since))[-1].cursor


def trouble_of(act) -> ConnectionTrouble:
    """The trouble that an act runs into."""
    with pytest.raises(ConnectionTrouble) as caught:
        act()
    return caught.value
