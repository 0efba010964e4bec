"""Tryton over JSON-RPC: one call, one answer; a session that is begun by the first call and renewed once it ended.

Errors of a server hold values (`The value "7.0" for field ... in record "1"`). They go on in `Refused.answer`, for the
report of whoever runs the sync, and in no message.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import re
import urllib.error
import urllib.request
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit

from qualify.adapters.answering import retry_after, server_time
from qualify.adapters.records import ConnectionTrouble
from qualify.errors import AdapterError

TIME_LIMIT = 60.0
"""Seconds to wait for the next piece of an answer."""
_KIND = re.compile(r"[A-Z][A-Za-z]{2,60}(?:Error|Exception|Warning)")
_AGAIN = ("ConcurrencyException", "OperationalError", "DatabaseOperationalError", "TimeoutException")


class Refused(AdapterError):
    """The server understood, and says no. `answer` is what it says, which may hold a record's values."""

    def __init__(self, message: str, answer: str) -> None:
        super().__init__(message)
        self.answer = answer


class _StaysHere(urllib.request.HTTPRedirectHandler):
    """A password is sent to the address that was given, and to no other."""

    def redirect_request(self, *_: object) -> None:
        return None


class Server:
    """One database of a Tryton server, for one user."""

    def __init__(self, url: str, database: str, user: str, password: str, *, time_limit: float = TIME_LIMIT) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
            raise AdapterError(
                "tryton: option 'url' begins with http:// or https://, names a host, and holds neither user nor password"
            )
        self._address = f"{url.rstrip('/')}/{quote(database, safe='')}/rpc/"
        self._user, self._password, self._time_limit = user, password, time_limit
        self._session: str | None = None
        self._opener = urllib.request.build_opener(_StaysHere())
        self._calls = 0
        self.now: datetime | None = None
        """The server's own clock when it last answered."""

    def __repr__(self) -> str:  # the arguments hold a password
        return "<Server of Tryton>"

    def call(self, method: str, *parameters: object) -> Any:
        """The result of a method, its tagged values as they are. Raises Refused where the server says no."""
        fresh = self._session is None
        if fresh:
            self._log_in()
        try:
            return self._post(method, parameters)
        except _SessionEnded:
            if fresh:
                raise AdapterError("Tryton ends the session that it has just given us: see its log") from None
        self._log_in()
        try:
            return self._post(method, parameters)
        except _SessionEnded:
            raise AdapterError("Tryton ends the session that it has just given us: see its log") from None

    def close(self) -> None:
        """End the session; a server that is gone has ended it anyway."""
        if self._session is not None:
            with contextlib.suppress(AdapterError, _SessionEnded):
                self._post("common.db.logout", ())
            self._session = None

    def _log_in(self) -> None:
        self._session = None
        refused = AdapterError(
            "Tryton refuses to log us in: check TRYTON_USER, TRYTON_PASSWORD and the database's name"
        )
        try:
            said = self._post("common.db.login", (self._user, {"password": self._password}, "en"))
        except (Refused, _SessionEnded):
            raise refused from None
        if not isinstance(said, list) or len(said) < 2 or not said[1]:
            raise refused
        token = f"{self._user}:{said[0]}:{said[1]}".encode()
        self._session = base64.b64encode(token).decode("ascii")

    def _post(self, method: str, parameters: tuple[object, ...]) -> Any:
        self._calls += 1
        body = json.dumps({"id": self._calls, "method": method, "params": list(parameters)}).encode("utf-8")
        headers = {"Content-Type": "application/json"}
        if self._session is not None:
            headers["Authorization"] = f"Session {self._session}"
        request = urllib.request.Request(self._address, data=body, headers=headers, method="POST")
        try:
            with self._opener.open(request, timeout=self._time_limit) as answer:
                self.now = server_time(answer.headers) or self.now
                text = answer.read()
        except urllib.error.HTTPError as why:
            with why:
                raise _by_status(why.code, dict(why.headers)) from None
        except (OSError, http.client.HTTPException) as why:  # URLError, a timeout and a cut answer are these too
            raise ConnectionTrouble(f"Tryton can't be reached, or broke off ({type(why).__name__})") from None
        return _result(text)


class _SessionEnded(Exception):
    """The server doesn't know our session: it restarted, or the session is older than it keeps them."""


def _by_status(status: int, headers: Mapping[str, str]) -> Exception:
    if status == 401:
        return _SessionEnded()
    if status == 429 or status >= 500:
        return ConnectionTrouble(f"Tryton asks to be asked again later ({status})", wait=retry_after(headers))
    if status == 404:
        return AdapterError("there is no such database at this address (404): check the options url and database")
    if 300 <= status < 400:
        return AdapterError(f"Tryton's address leads elsewhere ({status}): name the place itself in the option url")
    return AdapterError(f"Tryton doesn't take the request ({status})")


def _result(text: bytes) -> Any:
    try:
        said = json.loads(text)
    except ValueError:
        said = None
    if not isinstance(said, dict) or not said.keys() & {"result", "error"}:
        raise ConnectionTrouble("what answers isn't Tryton's JSON-RPC, but a page for people or another program")
    if (error := said.get("error")) is None:
        return said.get("result")
    parts = error if isinstance(error, list) and error else [error]
    kind = parts[0] if isinstance(parts[0], str) and _KIND.fullmatch(parts[0]) else "an error"
    if kind in _AGAIN:
        raise ConnectionTrouble(f"Tryton was changing the same records ({kind})")
    detail = parts[1] if len(parts) > 1 and kind != "an error" else parts[0]
    line = detail[0] if isinstance(detail, list) and detail else detail
    raise Refused(f"Tryton refuses it ({kind})", f"{kind}: {line}")


__all__ = ["Refused", "Server"]
