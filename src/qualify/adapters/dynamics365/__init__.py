"""Dynamics 365 Sales: leads or contacts, through the Dataverse Web API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from urllib.parse import quote

from qualify.adapters import hookimpl
from qualify.adapters.contract import Ability
from qualify.adapters.options import choice
from qualify.adapters.records import Connection, RecordAdapter
from qualify.adapters.web_adapter import TIMEOUT, Said, WebAdapter

TENANT, CLIENT, SECRET = "DYNAMICS365_TENANT_ID", "DYNAMICS365_CLIENT_ID", "DYNAMICS365_CLIENT_SECRET"


class Dynamics365Adapter(WebAdapter):
    """Reads one table's rows, in the order of their changes; writes up to 100 in one batch request."""

    name = "dynamics365"
    summary = "Dynamics 365's leads or contacts, through Dataverse"
    can: frozenset[Ability] = frozenset({"read", "write", "incremental", "activities", "setup"})
    options: Mapping[str, str] = MappingProxyType(
        {
            "address": "your environment's address, such as https://acme.crm4.dynamics.com",
            "table": "lead or contact (lead)",
            "login": "where tokens come from (https://login.microsoftonline.com)",
            "solution": "the unique name of a solution, in which --setup makes columns (the default one)",
            "activities": "no leaves phone calls and appointments unread (yes)",
            **TIMEOUT,
        }
    )
    secrets: Mapping[str, str] = MappingProxyType(
        {
            TENANT: "the id of your Microsoft Entra tenant",
            CLIENT: "the id of an app registration that is an application user of the environment",
            SECRET: "its secret",
        }
    )

    def open(self, properties: Sequence[str], said: Said) -> Connection:
        """Open a connection."""
        from qualify.adapters.dynamics365.connection import HEADERS, DynamicsConnection, code_in, token_from
        from qualify.adapters.web import Token, Web

        tables = {each: each for each in ("lead", "contact")}
        table = choice(self.name, {"table": said.option("table", "lead")}, "table", tables) or "lead"
        address, tenant = said.option("address"), said.secret(TENANT)
        form = {
            "grant_type": "client_credentials",
            "client_id": said.secret(CLIENT),
            "client_secret": said.secret(SECRET),
            "scope": f"{address.rstrip('/')}/.default",
        }
        login = Web(
            self.name,
            f"{said.option('login', 'https://login.microsoftonline.com').rstrip('/')}/{quote(tenant, safe='')}",
            timeout=said.timeout,
            code_of=code_in,
        )
        web = Web(
            self.name,
            address,
            Token(lambda: token_from(login, form)),
            timeout=said.timeout,
            headers=HEADERS,
            code_of=code_in,
        )
        return DynamicsConnection(
            web,
            table,
            properties,
            self.mapping,
            with_activities=said.yes("activities", otherwise=True),
            solution=said.given("solution"),
        )


@hookimpl
def qualify_adapter() -> RecordAdapter:
    """The built-in adapter for Dynamics 365."""
    return Dynamics365Adapter()
