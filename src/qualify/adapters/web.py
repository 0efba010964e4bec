"""Asking a vendor's web API: one host, JSON, a token that may run out, and trouble told from refusal.

The only place that imports `requests`. Nothing here knows a vendor, tries anything again (but once with a new
token), or lets a secret, an address's query or an answer's text into a message.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urlsplit

from qualify.adapters.answering import retry_after, server_time
from qualify.adapters.records import ConnectionTrouble
from qualify.errors import AdapterError, MissingExtra

if TYPE_CHECKING:
    import requests

CONNECT_TIMEOUT = 10.0
NOT_TAKEN, TOO_MANY = 401, 429
BUSY = frozenset({408, TOO_MANY})
REFUSALS = frozenset({400, 403, 404, 409, 410, 422})
"""With these a vendor answers that it doesn't take what was sent, and says why."""
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,79}")

Table: TypeAlias = dict[str, object]
CodeOf: TypeAlias = Callable[[object], object]
"""From an answer that refuses to the vendor's word for why, such as `OAUTH_SCOPE_MISMATCH`."""


class Token:
    """What a request is signed with: asked for when first needed, and again after `forget`.

    `get` asks for it; without `renewable` a token that isn't taken is not asked for again.
    """

    def __init__(self, get: Callable[[], str], *, header: str = "Authorization", renewable: bool = True) -> None:
        self._get, self._header, self.renewable = get, header, renewable
        self._value: str | None = None

    def headers(self) -> dict[str, str]:
        """The header that signs a request."""
        if self._value is None:
            self._value = self._get()
        return {self._header: self._value}

    def forget(self) -> None:
        """Ask for another one next time."""
        self._value = None

    def __repr__(self) -> str:
        return "<Token>"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: its status, what its JSON says (None where there is no body), its text, the server's time."""

    status: int
    data: object
    text: str
    at: datetime | None
    headers: Mapping[str, str]


class Web:
    """One host of one vendor, asked by whoever reads and writes records there.

    `code_of` finds the vendor's own word for why in an answer that refuses; it is shown only where it looks like a
    code, since the rest of such an answer often repeats what a record says.
    """

    def __init__(
        self,
        name: str,
        address: str,
        token: Token | None = None,
        *,
        timeout: float = 60.0,
        headers: Mapping[str, str] | None = None,
        code_of: CodeOf | None = None,
    ) -> None:
        try:
            import requests
        except ImportError:
            raise MissingExtra(f"the adapter {name}", "requests", "http") from None
        self.name, self.address, self.token = name, host_address(name, address), token
        self._timeout = (min(CONNECT_TIMEOUT, timeout), timeout)
        self._code_of = code_of
        self._session = requests.Session()
        self._session.headers.update({"User-Agent": "qualify", "Accept": "application/json", **(headers or {})})

    def get(self, path: str, params: Mapping[str, object] | None = None, **more: object) -> Reply:
        """`ask` for what can be read."""
        return self.ask("GET", path, params=params, **more)  # type: ignore[arg-type]

    def ask(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, object] | None = None,
        body: object = None,
        form: Mapping[str, str] | None = None,
        text: str | None = None,
        headers: Mapping[str, str] | None = None,
        accept: Collection[int] = (),
        is_json: bool = True,
    ) -> Reply:
        """The answer to one request; its body is JSON, a form or a text.

        `path` stands below the address; a whole address, as a next page's, must be on the same host. Refusals
        (HTTP 4xx) whose status is in `accept` are given back, to be read by the caller.

        Raises ConnectionTrouble where the source can't be reached, fails or asks to wait, and AdapterError where it
        refuses, points elsewhere, or answers with something else than JSON.
        """
        data = text if text is not None else (None if body is None else json.dumps(body))
        sent = {**({} if body is None else {"Content-Type": "application/json"}), **(headers or {})}
        request = (method, self._url(path), params, form if data is None else data.encode(), sent)
        what = f"{self.name}: {method} {_shown(path)}"
        response = self._send(what, *request)
        if response.status_code == NOT_TAKEN and self.token is not None and self.token.renewable:
            self.token.forget()
            response = self._send(what, *request)
        return self._judged(what, response, accept, is_json=is_json)

    def _url(self, path: str) -> str:
        if path.startswith("/"):
            return self.address + path
        here, there = urlsplit(self.address), urlsplit(path)
        if (here.scheme, here.netloc.lower()) != (there.scheme, there.netloc.lower()):
            raise AdapterError(f"{self.name}: its next page is on another host, which is not asked")
        return path

    def _send(
        self,
        what: str,
        method: str,
        url: str,
        params: Mapping[str, object] | None,
        data: Mapping[str, str] | bytes | None,
        headers: Mapping[str, str],
    ) -> requests.Response:
        import requests

        signed = self.token.headers() if self.token is not None else {}

        def sign(request: requests.PreparedRequest) -> requests.PreparedRequest:
            request.headers.update(signed)
            return request

        try:
            return self._session.request(
                method,
                url,
                params=None if params is None else {key: str(value) for key, value in params.items()},
                data=data,
                headers=dict(headers),
                auth=sign,  # else requests would look for a password of this host in the user's .netrc
                timeout=self._timeout,
                allow_redirects=False,
            )
        except requests.exceptions.SSLError:
            raise AdapterError(f"{what}: the host can't prove who it is (TLS)") from None
        except requests.exceptions.Timeout:
            raise ConnectionTrouble(f"{what}: no answer in time") from None
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidHeader):
            raise AdapterError(f"{what}: the address or the token has characters that can't be sent") from None
        except requests.exceptions.RequestException:  # its text has the whole address
            raise ConnectionTrouble(f"{what}: the connection failed, or was cut") from None

    def _judged(self, what: str, response: requests.Response, accept: Collection[int], *, is_json: bool) -> Reply:
        status = response.status_code
        if status in BUSY or status >= 500:
            reason = "it asks to wait" if status == TOO_MANY else "it fails"
            raise ConnectionTrouble(f"{what}: {reason} (HTTP {status})", wait=retry_after(response.headers))
        if 300 <= status < 400 and status != 304:
            raise AdapterError(f"{what}: it points elsewhere (HTTP {status}), which is not followed; check the address")
        data = self._read(what, response) if is_json else None
        if status >= 400 and status not in accept:
            self.refuse(what, data, f"HTTP {status}", not_taken=status == NOT_TAKEN)
        return Reply(
            status, data, response.text if not is_json else "", server_time(response.headers), response.headers
        )

    def _read(self, what: str, response: requests.Response) -> object:
        if not response.content.strip():
            return None
        try:
            return json.loads(response.content)
        except (ValueError, RecursionError):
            if response.status_code >= 400:
                return None
            if "json" in response.headers.get("Content-Type", ""):
                raise ConnectionTrouble(f"{what}: its answer is cut off") from None
        raise AdapterError(f"{what}: its answer is no JSON; is this the address of the API?")

    def refuse(self, what: str, data: object, how: str = "", *, not_taken: bool = False) -> None:
        """Raise AdapterError for an answer that refuses, with the vendor's own code where it gives one."""
        code = None if self._code_of is None else self._code_of(data)
        told = [each for each in (how, str(code)) if each and _CODE.fullmatch(each.replace("HTTP ", ""))]
        why = "the token is not taken: it is wrong, has run out or was revoked" if not_taken else "it refuses"
        raise AdapterError(f"{what}: {why}" + (f" ({', '.join(told)})" if told else ""))

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def __repr__(self) -> str:
        return f"<Web {self.name}>"


def host_address(name: str, address: str) -> str:
    """An address that secrets may be sent to: https, or this very machine; no query, no password in it.

    >>> host_address("odoo", "https://acme.odoo.com/")
    'https://acme.odoo.com'
    >>> host_address("odoo", "http://acme.odoo.com")
    Traceback (most recent call last):
    qualify.errors.AdapterError: odoo: its address begins with https:// (http:// is for this machine alone)
    """
    try:
        parts = urlsplit(address.strip())
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise AdapterError(f"{name}: its address is no https://HOST") from None
    if not host:
        raise AdapterError(f"{name}: its address is no https://HOST")
    if parts.scheme != "https" and not (parts.scheme == "http" and host in LOOPBACK):
        raise AdapterError(f"{name}: its address begins with https:// (http:// is for this machine alone)")
    if parts.query or parts.fragment or parts.username is not None or parts.password is not None:
        raise AdapterError(f"{name}: its address is https://HOST, without a query, user or password")
    return address.strip().rstrip("/")


def table_in(name: str, data: object) -> Table:
    """An answer that is a table; AdapterError where it is something else."""
    if not isinstance(data, dict):
        raise AdapterError(f"{name}: its answer has another shape than its API says")
    return data


def rows_in(name: str, data: object, key: str | None = None) -> list[Table]:
    """The rows of an answer, which are under `key`; none where it or its value is missing."""
    found = data if key is None or data is None else table_in(name, data).get(key)
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise AdapterError(f"{name}: its answer has another shape than its API says")
    return found


def told(*parts: object) -> str:
    """A source's answer to one row in one line: its code and its words, where it says them.

    >>> told("INVALID_DATA", None, "the value is too long")
    'INVALID_DATA: the value is too long'
    """
    said = [" ".join(str(each).split()) for each in parts if isinstance(each, str | int) and str(each).strip()]
    return (": ".join(dict.fromkeys(said)) or "refused, without a reason")[:500]


def in_parts(ids: Sequence[str], size: int) -> list[list[str]]:
    """Ids, each once, so many at a time.

    >>> in_parts(["1", "2", "1", "3"], 2)
    [['1', '2'], ['3']]
    """
    each_once = list(dict.fromkeys(ids))
    return [each_once[at : at + size] for at in range(0, len(each_once), size)]


def _shown(path: str) -> str:
    return urlsplit(path).path[:100]
