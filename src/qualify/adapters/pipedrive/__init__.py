"""Pipedrive: leads with their persons and organizations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from qualify.adapters import hookimpl
from qualify.adapters.contract import Ability
from qualify.adapters.records import Connection, RecordAdapter
from qualify.adapters.web_adapter import TIMEOUT, Said, WebAdapter

TOKEN = "PIPEDRIVE_API_TOKEN"


class PipedriveAdapter(WebAdapter):
    """Reads leads, joined with person, organization and owner; writes custom fields by their names."""

    name = "pipedrive"
    summary = "Pipedrive's leads, with their persons and organizations"
    can: frozenset[Ability] = frozenset({"read", "write", "incremental", "activities", "setup"})
    options: Mapping[str, str] = MappingProxyType(
        {
            "address": "your account's address, such as https://acme.pipedrive.com",
            "activities": "yes reads what happened, with three requests for each lead (no)",
            **TIMEOUT,
        }
    )
    secrets: Mapping[str, str] = MappingProxyType(
        {TOKEN: "your API token (Personal preferences, API), which reads and writes what you may"}
    )

    def open(self, properties: Sequence[str], said: Said) -> Connection:
        """Open a connection."""
        from qualify.adapters.pipedrive.connection import PipedriveConnection
        from qualify.adapters.web import Token, Web

        secret = said.secret(TOKEN)
        web = Web(
            self.name,
            said.option("address"),
            Token(lambda: secret, header="x-api-token", renewable=False),
            timeout=said.timeout,
            code_of=lambda data: data.get("code") or data.get("errorCode") if isinstance(data, dict) else None,
        )
        return PipedriveConnection(
            web, properties, self.mapping, with_activities=said.yes("activities", otherwise=False)
        )


@hookimpl
def qualify_adapter() -> RecordAdapter:
    """The built-in adapter for Pipedrive."""
    return PipedriveAdapter()
