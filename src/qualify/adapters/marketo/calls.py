"""Marketo's answers: HTTP 200 whatever is wrong, with `success` and codes inside."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from qualify.adapters.records import ConnectionTrouble
from qualify.adapters.web import Table, Web, rows_in, table_in, told
from qualify.errors import AdapterError

TOKEN_RAN_OUT = frozenset({"601", "602"})
WAITS: Mapping[str, float | None] = {
    "606": 20.0,
    "615": 2.0,
    **dict.fromkeys(("502", "604", "608", "611", "614", "713")),
}
"""Codes of what passes, and how many seconds the vendor's limits are over: 100 calls in 20, 10 calls at once."""

MEANINGS: Mapping[str, str] = {
    "600": "the token is missing",
    "603": "its user may not do this",
    "607": "the day's quota of calls is used up",
    "610": "there is no such thing",
    "1003": "it can't be asked for like this",
    "1006": "it has no such field",
    "1013": "there is no such thing",
}


class MarketoRefusal(AdapterError):
    """Marketo took the call and refuses what it asks for. `answer` is what it says, which may be of a record."""

    def __init__(self, message: str, answer: str) -> None:
        super().__init__(message)
        self.answer = answer


class MarketoCalls:
    """Calls to one instance; an answer that refuses is raised as what it is."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self.at: datetime | None = None
        """The time by the vendor's clock, at its last answer."""

    def get(self, path: str, params: Mapping[str, object] | None = None) -> Table:
        """What an endpoint says."""
        return self._ask("GET", path, params=params)

    def look_up(self, path: str, form: Mapping[str, str]) -> Table:
        """What an endpoint says to a question that is too long for an address, or is nobody's business in a log."""
        return self._ask("POST", path, params={"_method": "GET"}, form=form)

    def post(self, path: str, body: object) -> Table:
        """What an endpoint says to something that is written."""
        return self._ask("POST", path, body=body)

    def _ask(
        self,
        method: str,
        path: str,
        params: Mapping[str, object] | None = None,
        form: Mapping[str, str] | None = None,
        body: object = None,
    ) -> Table:
        answer = self._once(method, path, params, form, body)
        if TOKEN_RAN_OUT & codes_in(answer) and self._web.token is not None:
            self._web.token.forget()
            answer = self._once(method, path, params, form, body)
        if answer.get("success") is False or codes_in(answer):
            raise trouble_or_refusal(f"marketo: {method} {path}", answer)
        return answer

    def _once(
        self,
        method: str,
        path: str,
        params: Mapping[str, object] | None,
        form: Mapping[str, str] | None,
        body: object,
    ) -> Table:
        reply = self._web.ask(method, path, params=params, form=form, body=body)
        self.at = reply.at or self.at
        return table_in("marketo", reply.data)

    def close(self) -> None:
        """Close the connections."""
        self._web.close()


def codes_in(answer: Table) -> frozenset[str]:
    """The codes of an answer's errors, which are text."""
    return frozenset(str(each.get("code")) for each in rows_in("marketo", answer, "errors"))


def trouble_or_refusal(what: str, answer: Table) -> AdapterError:
    """ConnectionTrouble where all that is wrong passes, else AdapterError. The vendor's words may repeat a value."""
    codes = codes_in(answer)
    shown = ", ".join(sorted(each for each in codes if each.isdecimal())) or "no code"
    if codes and codes <= WAITS.keys():
        longest = max((WAITS[each] or 0.0 for each in codes), default=0.0)
        return ConnectionTrouble(f"{what}: it asks to wait ({shown})", wait=longest or None)
    if codes & TOKEN_RAN_OUT:
        return AdapterError(f"{what}: the token is not taken: it is wrong, has run out or was revoked ({shown})")
    why = next((MEANINGS[each] for each in sorted(codes) if each in MEANINGS), "it refuses")
    words = "; ".join(told(each.get("code"), each.get("message")) for each in rows_in("marketo", answer, "errors"))
    return MarketoRefusal(f"{what}: {why} ({shown})", told(words))


def token_from(identity: Web, form: Mapping[str, str]) -> str:
    """A token for an hour. Client and secret go into the body: addresses are logged on the way."""
    path = "/identity/oauth/token"
    data = table_in("marketo", identity.ask("POST", path, form=form, accept=(400, 401)).data)
    token = data.get("access_token")
    if not isinstance(token, str):
        identity.refuse(f"marketo: POST {path}", data, not_taken=True)
    return f"Bearer {token}"
