"""Calling methods of Odoo's models, in the old way (JSON-RPC, errors by HTTP 200) and the new one (JSON-2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from qualify.adapters.records import ConnectionTrouble
from qualify.adapters.web import Table, Web, table_in, told
from qualify.errors import AdapterError

PASSES = ("psycopg2.", "odoo.exceptions.ConcurrencyError", "odoo.http.SessionExpiredException")
REFUSES = frozenset({"AccessError", "MissingError", "UserError", "ValidationError", "RedirectWarning"})
DENIED = frozenset({"AccessDenied"})


class OdooRefusal(AdapterError):
    """Odoo took the call and refuses what it asks for. `answer` is what it says, which may be of a record."""

    def __init__(self, message: str, answer: str) -> None:
        super().__init__(message)
        self.answer = answer


class OdooCalls(Protocol):
    """Calls of models' methods."""

    def call(self, model: str, method: str, *, ids: Sequence[int] | None = None, **named: object) -> object:
        """What a method says; `ids` are the records that it is called on."""

    def close(self) -> None:
        """Close the connections."""


class Json2:
    """Odoo 19 and later: a path for each method, a key in a header, HTTP's own errors."""

    def __init__(self, web: Web) -> None:
        self._web = web

    def call(self, model: str, method: str, *, ids: Sequence[int] | None = None, **named: object) -> object:
        """What a method says."""
        path = f"/json/2/{model}/{method}"
        body = {**({} if ids is None else {"ids": list(ids)}), **named}
        reply = self._web.ask("POST", path, body=body, accept=(400, 403, 404, 409, 422))
        if reply.status >= 400:
            raise error_of(f"odoo: {model}.{method}", table_in("odoo", reply.data or {}), f"HTTP {reply.status}")
        return reply.data

    def close(self) -> None:
        """Close the connections."""
        self._web.close()


class JsonRpc:
    """Odoo 14 to 21: one path for all, the key in each body, errors by HTTP 200."""

    def __init__(self, web: Web, database: str, user: str, key: str) -> None:
        self._web, self._database, self._user, self._key = web, database, user, key
        self._uid: int | None = None

    def call(self, model: str, method: str, *, ids: Sequence[int] | None = None, **named: object) -> object:
        """What a method says."""
        if self._uid is None:
            uid = self._post("login", "common", "authenticate", [self._database, self._user, self._key, {}])
            if not isinstance(uid, int) or isinstance(uid, bool):
                raise AdapterError("odoo: login: the key is not taken: it is wrong, or another user's or database's")
            self._uid = uid
        on: list[object] = [] if ids is None else [list(ids)]
        if method == "create":
            on.append(named.pop("vals_list"))  # which has to be told by its place there
        args = [self._database, self._uid, self._key, model, method, on, dict(named)]
        return self._post(f"{model}.{method}", "object", "execute_kw", args)

    def _post(self, what: str, service: str, method: str, args: list[object]) -> object:
        params = {"service": service, "method": method, "args": args}
        body = {"jsonrpc": "2.0", "id": 1, "method": "call", "params": params}
        answer = table_in("odoo", self._web.ask("POST", "/jsonrpc", body=body).data)
        error = answer.get("error")
        if error is not None:
            data = error.get("data") if isinstance(error, dict) else None
            raise error_of(f"odoo: {what}", data if isinstance(data, dict) else {})
        return answer.get("result")

    def close(self) -> None:
        """Close the connections."""
        self._web.close()


def error_of(what: str, data: Mapping[str, object], how: str = "") -> AdapterError:
    """What an error of Odoo is, by the name of its exception. Its words, and its traceback, may repeat a value."""
    name = str(data.get("name") or how or "no name")
    kind = name.rsplit(".", 1)[-1][:60]
    if name.startswith(PASSES):
        return ConnectionTrouble(f"{what}: it was in the way of another ({kind})")
    if kind in DENIED:
        return AdapterError(f"{what}: the key is not taken: it is wrong, has run out or was revoked ({kind})")
    if kind in REFUSES:
        return OdooRefusal(f"{what}: it refuses ({kind})", told(kind, data.get("message")))
    return AdapterError(f"{what}: it refuses ({kind})")


def name_in(data: object) -> object:
    """The name of Odoo's exception."""
    return data.get("name") if isinstance(data, dict) else None


def rows_of(found: object) -> list[Table]:
    """What `search_read` and `read` say."""
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise AdapterError("odoo: its answer has another shape than its API says")
    return found
