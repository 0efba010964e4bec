"""Marketo Engage: the leads of a static list, or those that changed since a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from qualify.adapters import hookimpl
from qualify.adapters.contract import Ability
from qualify.adapters.records import Connection, RecordAdapter
from qualify.adapters.web_adapter import TIMEOUT, Said, WebAdapter

CLIENT, SECRET = "MARKETO_CLIENT_ID", "MARKETO_CLIENT_SECRET"


class MarketoAdapter(WebAdapter):
    """Reads leads of a list, or by their changes; writes 300 at once."""

    name = "marketo"
    summary = "Marketo Engage's leads, of a static list or changed since a day"
    can: frozenset[Ability] = frozenset({"read", "write", "incremental", "activities", "setup"})
    options: Mapping[str, str] = MappingProxyType(
        {
            "address": "your instance's address, such as https://123-abc-456.mktorest.com",
            "list": "the id of a static list, whose members are the leads",
            "since": "without a list: the first read gives what was made or changed since this day, 2026-01-01",
            "activities": "a day, 2026-01-01, since which what happened is read (unread)",
            **TIMEOUT,
        }
    )
    secrets: Mapping[str, str] = MappingProxyType(
        {CLIENT: "the id of a custom service (Admin, LaunchPoint)", SECRET: "its secret"}
    )

    def open(self, properties: Sequence[str], said: Said) -> Connection:
        """Open a connection."""
        from qualify.adapters.marketo.calls import MarketoCalls, token_from
        from qualify.adapters.marketo.connection import MarketoConnection, day
        from qualify.adapters.web import Token, Web

        form = {
            "grant_type": "client_credentials",
            "client_id": said.secret(CLIENT),
            "client_secret": said.secret(SECRET),
        }
        address = said.option("address")
        identity = Web(
            self.name,
            address,
            timeout=said.timeout,
            code_of=lambda data: data.get("error") if isinstance(data, dict) else None,
        )
        token = Token(lambda: token_from(identity, form))
        calls = MarketoCalls(Web(self.name, address, token, timeout=said.timeout))
        return MarketoConnection(
            calls,
            properties,
            self.mapping,
            of_list=said.given("list"),
            since=day("since", said.given("since")),
            activities=day("activities", said.given("activities")),
        )


@hookimpl
def qualify_adapter() -> RecordAdapter:
    """The built-in adapter for Marketo Engage."""
    return MarketoAdapter()
