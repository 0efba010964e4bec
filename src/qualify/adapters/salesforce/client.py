"""The vendor's client, opened with what the environment says, with limits of time, and its errors in our words.

An error of the client holds the address asked, the query and the whole answer. None of that goes on from here, but
the vendor's code for what was wrong, and names of columns.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from qualify.adapters.answering import retry_after, server_time
from qualify.adapters.records import ConnectionTrouble
from qualify.adapters.web import told
from qualify.errors import AdapterError, MissingExtra

if TYPE_CHECKING:
    from simple_salesforce.api import Salesforce

TIME_LIMITS = (5.0, 120.0)
"""Seconds to connect, and to wait for the next piece of an answer; the vendor's client has none."""

SECRETS: Mapping[str, str] = {
    "SALESFORCE_ACCESS_TOKEN": "an access token (a session id); together with SALESFORCE_INSTANCE_URL",
    "SALESFORCE_INSTANCE_URL": "the address of your Salesforce, such as https://acme.my.salesforce.com",
    "SALESFORCE_CLIENT_ID": "the consumer key of a connected app with the client credentials flow",
    "SALESFORCE_CLIENT_SECRET": "the consumer secret of that app; with the option domain",
    "SALESFORCE_USERNAME": "the user who reads and writes, where no token is given",
    "SALESFORCE_PASSWORD": "that user's password",
    "SALESFORCE_TOKEN": "that user's security token",
}
_WAYS: Mapping[tuple[str, ...], Mapping[str, str]] = {
    ("SALESFORCE_ACCESS_TOKEN", "SALESFORCE_INSTANCE_URL"): {
        "session_id": "SALESFORCE_ACCESS_TOKEN",
        "instance_url": "SALESFORCE_INSTANCE_URL",
    },
    ("SALESFORCE_CLIENT_ID", "SALESFORCE_CLIENT_SECRET"): {
        "consumer_key": "SALESFORCE_CLIENT_ID",
        "consumer_secret": "SALESFORCE_CLIENT_SECRET",
    },
    ("SALESFORCE_USERNAME", "SALESFORCE_PASSWORD", "SALESFORCE_TOKEN"): {
        "username": "SALESFORCE_USERNAME",
        "password": "SALESFORCE_PASSWORD",
        "security_token": "SALESFORCE_TOKEN",
    },
}
"""Which variables together let us in, the first way that is whole; and what the client calls them."""

_COLUMN = re.compile(r"No such column '([A-Za-z0-9_.]{1,80})'")
_CODE = re.compile(r"[A-Z][A-Z0-9_]{2,60}")
_AGAIN = ("SERVER_UNAVAILABLE", "QUERY_TIMEOUT", "UNABLE_TO_LOCK_ROW", "REQUEST_RUNNING_TOO_LONG", "UNKNOWN_EXCEPTION")
_PLACE_LOST = ("INVALID_QUERY_LOCATOR", "INVALID_REPLICATION_DATE")

T = TypeVar("T")


class PlaceLost(ConnectionTrouble):
    """The address of the next page is no longer good (they live for two days): the query has to be asked anew."""


class NotThere(AdapterError):
    """There is no such table, or this user may not see it."""


class Refused(AdapterError):
    """Salesforce doesn't take what was asked. `answer` is its code and its words, which may be of a record."""

    def __init__(self, message: str, answer: str) -> None:
        super().__init__(message)
        self.answer = answer


def credentials(environment: Mapping[str, str]) -> dict[str, str]:
    """What the client is to be opened with. AdapterError says which variables to set; it holds no value."""
    for names, arguments in _WAYS.items():
        if all(environment.get(name) for name in names):
            return {argument: environment[name] for argument, name in arguments.items()}
    begun = [names for names in _WAYS if any(environment.get(name) for name in names)]
    missing = [name for name in (begun or list(_WAYS))[0] if not environment.get(name)]
    ways = "; or ".join(" and ".join(names) for names in _WAYS)
    raise AdapterError(f"salesforce: {missing[0]} isn't set; the environment has to hold {ways}")


class Client:
    """Asks Salesforce through simple-salesforce, which is opened by the first call."""

    def __init__(self, given: Mapping[str, str], *, domain: str, version: str) -> None:
        self._given, self._domain, self._version = dict(given), domain, version
        self._vendor: Salesforce | None = None
        self._headers: Mapping[str, str] = {}
        self.now: datetime | None = None
        """The server's own clock when it last answered."""

    def __repr__(self) -> str:  # the arguments are secrets
        return "<Client of Salesforce>"

    @property
    def renews(self) -> bool:
        """Whether it can log in again: not with a token that was handed over."""
        return "session_id" not in self._given

    def query(self, soql: str) -> Mapping[str, Any]:
        """The first page of a query's answer."""
        return self._table(self._asked(lambda vendor: vendor.query(soql)))

    def more(self, url: str) -> Mapping[str, Any]:
        """A further page, by the address that the page before gave."""
        return self._table(self._asked(lambda vendor: vendor.query_more(url, identifier_is_url=True)))

    def describe(self, table: str) -> Mapping[str, Any]:
        """What Salesforce says of a table (an sObject) and its columns."""
        return self._table(self._asked(lambda vendor: vendor.restful(f"sobjects/{table}/describe")))

    def send(self, path: str, method: str, body: object = None, parameters: Mapping[str, str] | None = None) -> Any:
        """Any other call: the answer's JSON."""
        arguments: dict[str, Any] = {} if body is None else {"json": body}
        if parameters is not None:
            arguments["params"] = dict(parameters)
        return self._asked(lambda vendor: vendor.restful(path, method=method, **arguments))

    def text(self, path: str, parameters: Mapping[str, str]) -> tuple[str, Mapping[str, str]]:
        """A text (CSV) and the answer's headers, which the client's own calls keep to themselves."""

        def ask(vendor: Salesforce) -> tuple[str, Mapping[str, str]]:
            from simple_salesforce.util import exception_handler

            headers = {**vendor.headers, "Accept": "text/csv"}
            answer = vendor.session.get(vendor.base_url + path, params=dict(parameters), headers=headers)
            if answer.status_code >= 300:
                exception_handler(answer, name="results")
            return answer.content.decode("utf-8"), answer.headers

        return self._asked(ask)

    def bulk(self, ask: Callable[[Any], T], table: str) -> T:
        """A call of the client's Bulk API for a table."""
        return self._asked(lambda vendor: ask(getattr(vendor.bulk2, table)))

    def close(self) -> None:
        """Close the session."""
        if self._vendor is not None:
            self._vendor.session.close()
            self._vendor = None

    def _opened(self) -> Salesforce:
        if self._vendor is None:
            try:
                import requests
                from simple_salesforce.api import Salesforce
            except ImportError:
                raise MissingExtra("salesforce", "simple-salesforce", "salesforce") from None
            session = requests.Session()
            session.request = functools.partial(session.request, timeout=TIME_LIMITS)  # type: ignore[method-assign]
            session.hooks["response"].append(self._heard)
            arguments: dict[str, Any] = {**self._given, "session": session, "version": self._version}
            self._vendor = Salesforce(**arguments, domain=self._domain, object_pairs_hook=dict)
        return self._vendor

    def _heard(self, answer: Any, *_: object, **__: object) -> None:
        self._headers = answer.headers
        self.now = server_time(answer.headers) or self.now

    def _asked(self, ask: Callable[[Salesforce], T]) -> T:
        try:
            return ask(self._opened())
        except (AdapterError, MissingExtra):
            raise
        except Exception as why:  # the client raises what its parsers do: ExpatError, KeyError, JSONDecodeError ...
            raise self._told(why) from None

    def _told(self, why: Exception) -> AdapterError:
        from requests import RequestException
        from simple_salesforce.exceptions import SalesforceAuthenticationFailed, SalesforceError

        match why:
            case SalesforceAuthenticationFailed():
                code = why.code if isinstance(why.code, str) and _CODE.fullmatch(why.code.upper()) else "no code"
                return AdapterError(f"Salesforce refuses to log us in ({code}): check the SALESFORCE_ variables")
            case SalesforceError():
                return self._told_by_status(why.status, why.content)
            case ValueError() | LookupError():  # before RequestException: requests' JSON error is both
                return ConnectionTrouble(
                    "Salesforce answered with something that isn't JSON, such as a page for people: it may be down "
                    "for maintenance, or the address isn't that of a Salesforce"
                )
            case RequestException() | OSError():
                return ConnectionTrouble(f"Salesforce can't be reached, or broke off ({type(why).__name__})")
            case _:
                return AdapterError(f"Salesforce's client failed ({type(why).__name__})")

    def _told_by_status(self, status: int, content: object) -> AdapterError:
        code, message = _first_error(content)
        named = f"{status} {code}".strip()
        wait = retry_after(self._headers)
        if code in _PLACE_LOST:
            return PlaceLost(f"Salesforce no longer knows the next page ({code})", wait=0.0)
        if status == 401:
            if self.renews:
                self.close()
                return ConnectionTrouble(f"the session with Salesforce has ended ({named}); logging in again", wait=0.0)
            return AdapterError(
                f"Salesforce doesn't take the access token any more ({named}): put a new one into "
                "SALESFORCE_ACCESS_TOKEN, or log in by SALESFORCE_CLIENT_ID or SALESFORCE_USERNAME, which renew it"
            )
        if code == "REQUEST_LIMIT_EXCEEDED":
            if "Concurrent" in message:
                return ConnectionTrouble(f"Salesforce has too many requests at once ({named})", wait=wait)
            return AdapterError(f"Salesforce's limit of API requests in 24 hours is used up ({named}): go on later")
        if status == 429 or status >= 500 or code in _AGAIN:
            return ConnectionTrouble(f"Salesforce asks to be asked again later ({named})", wait=wait)
        if not code and not isinstance(content, list):  # its own errors are lists of tables, each with a code
            return AdapterError(
                f"what answers isn't Salesforce's API ({status}): check SALESFORCE_INSTANCE_URL and the option version"
            )
        if found := _COLUMN.search(message):
            return AdapterError(f"Salesforce has no column {found[1]!r}, or this user may not see it ({named})")
        if status == 404:
            return NotThere(f"Salesforce has no such table, or this user may not see it ({named})")
        answer = told(code, message)
        if status == 403:
            return Refused(
                f"Salesforce doesn't allow this ({named}): the user needs 'API Enabled', and access to the object",
                answer,
            )
        return Refused(f"Salesforce doesn't take what was asked ({named})", answer)

    @staticmethod
    def _table(answer: object) -> Mapping[str, Any]:
        if not isinstance(answer, Mapping):
            raise ConnectionTrouble("Salesforce answered with JSON of another shape than it describes")
        return answer


def _first_error(content: object) -> tuple[str, str]:
    """The code and the message of an answer that is an error, both empty where it isn't JSON."""
    first = content[0] if isinstance(content, list) and content else content
    if not isinstance(first, Mapping):
        return "", ""
    code = str(first.get("errorCode") or first.get("error") or "")
    return (code if _CODE.fullmatch(code) else ""), str(first.get("message") or "")


def instance_fault(url: str) -> str | None:
    """What is wrong with SALESFORCE_INSTANCE_URL, if something is; the client would only fail much later."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        return "SALESFORCE_INSTANCE_URL has to begin with https:// and name a host"
    return None


__all__ = ["SECRETS", "Client", "NotThere", "PlaceLost", "Refused", "credentials", "instance_fault"]
