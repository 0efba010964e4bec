"""HubSpot: contacts with their companies as leads, what sales and forms did with them, and verdicts written back."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from qualify.adapters import hookimpl
from qualify.adapters.contract import Ability
from qualify.adapters.options import known_options
from qualify.adapters.own_mapping import OwnMapping
from qualify.adapters.records import Connection, RecordAdapter
from qualify.errors import AdapterError

TOKEN = "HUBSPOT_ACCESS_TOKEN"
NO_OPTIONS: Mapping[str, str] = MappingProxyType({})


class HubSpotAdapter(OwnMapping):
    """Reads contacts of one HubSpot account, and writes properties of them, through HubSpot's own client."""

    name = "hubspot"
    summary = "contacts of HubSpot with their companies and activities"
    contract = 1
    can: frozenset[Ability] = frozenset({"read", "write", "incremental", "activities", "setup"})
    options: Mapping[str, str] = MappingProxyType({
        "activities": "which are read, parted by commas: calls, meetings, emails, tasks, deals, forms (these where nothing "
        "is said), page_views (a request for each contact that has any); or none",
        "timeout": "how many seconds to wait for an answer (30)",
        "host": "another host than HubSpot's, on this machine only: for tests",
    })  # fmt: skip
    secrets: Mapping[str, str] = MappingProxyType({TOKEN: "the access token of a private app in your HubSpot account"})

    def connect(self, properties: Sequence[str], options: Mapping[str, str] = NO_OPTIONS) -> Connection:
        """Open a connection that reads these paths, such as `properties.email`, of each contact.

        Raises AdapterError for an unknown option or without a token, MissingExtra where hubspot-api-client isn't
        installed. Nothing is asked of HubSpot yet.
        """
        from qualify.adapters.hubspot.connection import HubSpotConnection
        from qualify.adapters.hubspot.happened import kinds_in
        from qualify.adapters.hubspot.portal import Portal, loopback

        known_options(self.name, options, self.options)
        activities = kinds_in(options.get("activities"))
        host = loopback(options["host"]) if "host" in options else None
        portal = Portal(_token(), host=host, timeout=_seconds(options.get("timeout", "30")))
        return HubSpotConnection(portal, properties, activities)


def _token() -> str:
    token = os.environ.get(TOKEN, "").strip()
    if not token:
        raise AdapterError(
            f"hubspot needs an access token: make a private app in HubSpot and put its token into {TOKEN}"
        )
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise AdapterError(f"{TOKEN} holds no access token: blanks or letters that no token has are in it")
    return token


def _seconds(said: str) -> float:
    try:
        seconds = float(said)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 3600:
        raise AdapterError("hubspot: option 'timeout' is a number of seconds, such as 30")
    return seconds


@hookimpl
def qualify_adapter() -> RecordAdapter:
    """The built-in adapter for HubSpot."""
    return HubSpotAdapter()
