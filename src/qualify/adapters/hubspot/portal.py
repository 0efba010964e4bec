"""HubSpot's own client, one request at a time: what it answered, or why not, in words that hold no secret."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from qualify.adapters.answering import retry_after, server_time
from qualify.adapters.records import ConnectionTrouble
from qualify.errors import AdapterError, MissingExtra

Table = Mapping[str, Any]

AGAIN_LATER = frozenset({408, 423, 425, 429, 477})
"""Answers, beside the 500s, that ask to try again: too slow, locked, too many, the account is being moved."""

MOST_SAID = 300


class Refusal(AdapterError):
    """HubSpot did not take a request: `status`, and what it `said`, which may hold what a record says."""

    def __init__(self, message: str, status: int, said: str) -> None:
        super().__init__(message)
        self.status, self.said = status, said


@dataclass(frozen=True, slots=True)
class Reply:
    """What HubSpot answered, as the JSON it was, and its clock at that moment (None where it doesn't tell)."""

    body: Table
    moment: datetime | None = None

    def tables(self, key: str) -> list[Table]:
        """The tables in a list of the answer; no list is an empty one."""
        found = self.body.get(key)
        return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []

    @property
    def after(self) -> str | None:
        """Where the next page begins, None on the last."""
        return next_of(self.body)


def next_of(table: Table) -> str | None:
    """The place of the next page that a table's `paging` tells."""
    paging = table.get("paging")
    following = paging.get("next") if isinstance(paging, dict) else None
    after = following.get("after") if isinstance(following, dict) else None
    return str(after) if after is not None and after != "" else None


class Portal:
    """One account, through hubspot-api-client. Its groups of calls are made once, so that connections are kept.

    Raises MissingExtra where the client isn't installed.
    """

    def __init__(self, token: str, *, host: str | None = None, timeout: float = 30.0) -> None:
        try:
            import hubspot
            from urllib3.util.retry import Retry
        except ImportError:
            raise MissingExtra("the adapter hubspot", "hubspot-api-client", "hubspot") from None
        # The client would retry beneath us, unseen and without a bound that we know: whoever syncs does that.
        never = Retry(total=0, status=0, respect_retry_after_header=False)
        self._client: Any = hubspot.Client.create(
            access_token=token, retry=never, **({"host": host} if host is not None else {})
        )
        self._groups: dict[str, Any] = {}
        self._timeout = timeout

    def ask(self, doing: str, group: str, call: str, *given: object, **named: object) -> Reply:
        """One request: `group` and `call` name it in the client, `doing` says in an error what it was for.

        Raises ConnectionTrouble for what may go well another time, Refusal for a request that HubSpot doesn't take,
        and AdapterError where the token isn't enough for it.
        """
        from urllib3.exceptions import HTTPError

        try:
            # Raw answers keep the vendor's shape; the client's models rename keys and lose some.
            answer = getattr(self._group(group), call)(
                *given, **named, _preload_content=False, _request_timeout=(min(self._timeout, 5.0), self._timeout)
            )
            data, headers = answer.data, answer.headers
        except HTTPError as why:
            raise ConnectionTrouble(f"HubSpot could not be reached for {doing} ({type(why).__name__})") from None
        except Exception as why:  # each group of the client has an error class of its own, with no common one
            if not isinstance(status := getattr(why, "status", None), int):
                raise
            raise _refusal(doing, status, getattr(why, "headers", None) or {}, getattr(why, "body", None)) from None
        body = _json(data)
        if body is None:
            raise ConnectionTrouble(f"HubSpot answered with something that is no JSON, for {doing}")
        return Reply(body, server_time(headers))

    def _group(self, name: str) -> Any:
        if name not in self._groups:
            found = self._client
            for part in name.split("."):
                found = getattr(found, part)
            self._groups[name] = found
        return self._groups[name]

    def close(self) -> None:
        """Close the connections that were kept open."""
        for group in self._groups.values():
            group.api_client.rest_client.pool_manager.clear()
        self._groups.clear()


def _json(data: object) -> Table | None:
    try:
        body = json.loads(data) if isinstance(data, bytes | str) else None
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _refusal(doing: str, status: int, headers: Mapping[str, str], data: object) -> AdapterError:
    body = _json(data) or {}
    if status == 0:
        return ConnectionTrouble(f"no safe connection to HubSpot could be made for {doing}")
    if status == 429 and body.get("policyName") == "DAILY":
        return AdapterError("HubSpot takes no more requests of this account today: its daily limit is used up")
    if status in AGAIN_LATER or status >= 500:
        wait = retry_after(headers)
        what = "asks to be left alone for a while" if status == 429 else "could not answer"
        return ConnectionTrouble(f"HubSpot {what} ({status}), for {doing}", wait=wait)
    if status == 401:
        return AdapterError(
            f"HubSpot refused the access token (401), for {doing}: it is wrong, expired or revoked; "
            "put a new one into HUBSPOT_ACCESS_TOKEN"
        )
    if status == 403:
        scopes = ", ".join(_scopes(body))
        return AdapterError(
            f"HubSpot doesn't let this access token do that (403), for {doing}: give its app "
            + (f"one of the scopes {scopes}" if scopes else "the scopes that it needs")
        )
    category = body.get("category")
    named = f", {category}" if isinstance(category, str) and re.fullmatch("[A-Z_]{1,60}", category) else ""
    return Refusal(f"HubSpot refused the request ({status}{named}), for {doing}", status, _said(body))


_SCOPE = re.compile(r"[a-z][a-z0-9_.-]{1,80}")


def _scopes(body: Table) -> Iterable[str]:
    """The names of scopes in an answer; nothing else of it."""
    for error in Reply(body).tables("errors"):
        for names in error.get("context", {}).values() if isinstance(error.get("context"), dict) else ():
            for name in names if isinstance(names, list) else ():
                if isinstance(name, str) and _SCOPE.fullmatch(name):
                    yield name


def _said(body: Table) -> str:
    return in_a_line(body.get("message")) or "refused without a reason"


def in_a_line(message: object) -> str:
    """What HubSpot said of an error, for a report: messages in a message taken out, each once, in one line.

    >>> in_a_line('Property values were not valid: [{"message": "no such property"}, {"message": "no such property"}]')
    'no such property'
    """
    if not isinstance(message, str):
        return ""
    _, _, inner = message.partition(": [")
    try:
        found = json.loads(f"[{inner}") if inner else None
    except ValueError:
        found = None
    said = [str(each.get("message")) for each in found if isinstance(each, dict)] if isinstance(found, list) else []
    line = " ".join("; ".join(dict.fromkeys(said or [message])).split())
    return line if len(line) <= MOST_SAID else f"{line[:MOST_SAID]}..."


def loopback(host: str) -> str:
    """A host on this machine, for tests; AdapterError for any other, so that no token is sent to a stranger.

    >>> loopback("http://127.0.0.1:14010/")
    'http://127.0.0.1:14010'
    """
    try:
        parts = urlsplit(host)
        name, port = parts.hostname or "", parts.port
        here = name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        here, name, port, parts = False, "", None, urlsplit("")
    if not here or parts.scheme not in ("http", "https") or "@" in parts.netloc:
        raise AdapterError("hubspot: option 'host' is for tests on this machine, such as http://127.0.0.1:14010")
    at = f"[{name}]" if ":" in name else name
    return f"{parts.scheme}://{at}" + (f":{port}" if port else "")


__all__ = ["Portal", "Refusal", "Reply", "Table", "in_a_line", "loopback", "next_of"]
