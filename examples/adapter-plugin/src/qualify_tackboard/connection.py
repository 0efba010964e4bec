"""An open connection to Tackboard: pages of leads in, updates out.

What may pass by itself (no answer, too many requests, a fault of the server) is a `ConnectionTrouble`: whoever syncs
waits and tries again. All else is an `AdapterError`. No message holds an address, an answer's text or the token.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

from qualify.adapters import Answer, Connection, ConnectionTrouble, Happening, NewProperty, Page, Record, Update
from qualify.errors import AdapterError

LARGEST_ANSWER = 50_000_000
TYPES = {"text": "text", "long text": "text", "number": "number", "boolean": "flag", "date": "day", "datetime": "time"}


class _StayHere(HTTPRedirectHandler):
    """Follows no redirect: the token is for this host and no other."""

    def redirect_request(self, *about: Any) -> None:
        return None


class TackboardConnection(Connection):
    """Leads come in the order in which they were changed last, so that a read can go on where another one stopped."""

    batch_size = 50

    def __init__(self, url: str, token: str, *, page: int, timeout: int) -> None:
        self._url, self._token, self._page, self._timeout = url, token, page, timeout
        self._opener = build_opener(_StayHere)

    def pages(self, since: str | None = None) -> Iterator[Page]:
        """All leads, or those made or changed at a moment or after it: the cursor is that moment."""
        asked: dict[str, str] = {"limit": str(self._page)} | ({"changed_from": since} if since else {})
        seen: set[str] = set()
        while True:
            answer = self._ask("GET", f"/leads?{urlencode(asked)}")
            leads = _list(answer, "leads")
            since = leads[-1].get("changed") if leads else since
            yield Page(tuple(leads), cursor=since, total=answer.get("total"))
            next_page = answer.get("next")
            if not next_page:
                return
            if next_page in seen:
                raise AdapterError("tackboard gives the same page again and again")
            seen.add(next_page)
            asked["page"] = next_page

    def happenings(self, records: Sequence[Record]) -> Iterator[Happening]:
        """The calls with these leads."""
        keys = [str(record["key"]) for record in records if record.get("key")]
        for at in range(0, len(keys), self.batch_size):
            asked = urlencode({"leads": ",".join(keys[at : at + self.batch_size])})
            for row in _list(self._ask("GET", f"/calls?{asked}"), "calls"):
                yield Happening("calls", row)

    def write(self, updates: Sequence[Update]) -> Sequence[Answer]:
        """Write one batch. Tackboard answers for each lead by itself."""
        if not updates:
            return []
        sent = [{"key": update.id, **update.changes} for update in updates]
        results = _list(self._ask("PATCH", "/leads", {"leads": sent}), "results")
        said = {str(result.get("key")): result for result in results}
        return [Answer(update.id, _refusal(said.get(update.id))) for update in updates]

    def missing(self, wanted: Sequence[NewProperty]) -> Sequence[NewProperty]:
        """Which of these the account has no field for."""
        there = {field.get("name") for field in _list(self._ask("GET", "/fields"), "fields")}
        return [each for each in wanted if each.name not in there]

    def create(self, properties: Sequence[NewProperty]) -> None:
        """Make a field for each that isn't there."""
        for each in self.missing(properties):
            self._ask("POST", "/fields", {"name": each.name, "label": each.label, "type": TYPES[each.type]})

    def _ask(self, method: str, path: str, sent: object = None) -> dict[str, Any]:
        request = Request(
            self._url + path,
            method=method,
            data=None if sent is None else json.dumps(sent).encode(),
            headers={"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"},
        )
        try:
            with self._opener.open(request, timeout=self._timeout) as response:
                text = response.read(LARGEST_ANSWER)
        except HTTPError as why:
            with why:
                raise _meaning(why.code, why.headers) from None
        except (OSError, HTTPException):
            raise ConnectionTrouble("tackboard gave no answer") from None
        try:
            answer = json.loads(text)
        except ValueError:
            raise ConnectionTrouble("tackboard answered with something that is no JSON") from None
        if not isinstance(answer, dict):
            raise AdapterError("tackboard answered with something else than its API says")
        return answer


def _meaning(status: int, headers: Mapping[str, str]) -> AdapterError:
    if status == 429 or status >= 500:
        wait = headers.get("Retry-After") or ""
        seconds = float(wait) if wait.isascii() and wait.isdecimal() else None
        return ConnectionTrouble(f"tackboard asks to wait, or has trouble (HTTP {status})", wait=seconds)
    if status in (401, 403):
        return AdapterError(f"tackboard refuses the token in TACKBOARD_TOKEN (HTTP {status}): has it expired?")
    return AdapterError(f"tackboard refuses what it was asked (HTTP {status})")


def _list(answer: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = answer.get(name)
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise AdapterError(f"tackboard answered without {name!r}: has its API changed?")
    return found


def _refusal(result: Mapping[str, Any] | None) -> str | None:
    if result is None:
        return "no answer for this lead"
    return None if result.get("ok") is True else str(result.get("why", "refused without a reason"))
