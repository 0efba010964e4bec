"""Odoo CRM: leads and opportunities (`crm.lead`) with their partners."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from qualify.adapters import hookimpl
from qualify.adapters.contract import Ability
from qualify.adapters.options import choice
from qualify.adapters.records import Connection, RecordAdapter
from qualify.adapters.web_adapter import TIMEOUT, Said, WebAdapter

KEY = "ODOO_API_KEY"


class OdooAdapter(WebAdapter):
    """Reads leads in the order of their changes, over JSON-2 (Odoo 19 and later) or JSON-RPC."""

    name = "odoo"
    summary = "Odoo's leads and opportunities, with their partners"
    can: frozenset[Ability] = frozenset({"read", "write", "incremental", "activities", "setup"})
    options: Mapping[str, str] = MappingProxyType(
        {
            "address": "your server's address, such as https://acme.odoo.com",
            "database": "the database's name, such as acme",
            "user": "the login whose key it is; for json-rpc only",
            "api": "json-2 (Odoo 19 and later) or json-rpc (Odoo 14 to 21) (json-2)",
            "archived": "yes reads archived leads, too, those that were lost among them (no)",
            "activities": "no leaves meetings and outcomes unread (yes)",
            **TIMEOUT,
        }
    )
    secrets: Mapping[str, str] = MappingProxyType({KEY: "an API key of a user (Preferences, Account Security)"})

    def open(self, properties: Sequence[str], said: Said) -> Connection:
        """Open a connection."""
        from qualify.adapters.odoo.calls import Json2, JsonRpc, name_in
        from qualify.adapters.odoo.connection import OdooConnection
        from qualify.adapters.web import Token, Web

        apis = {each: each for each in ("json-2", "json-rpc")}
        api = choice(self.name, {"api": said.option("api", "json-2")}, "api", apis)
        address, database, key = said.option("address"), said.option("database"), said.secret(KEY)
        calls: Json2 | JsonRpc
        if api == "json-rpc":
            web = Web(self.name, address, timeout=said.timeout, code_of=name_in)
            calls = JsonRpc(web, database, said.option("user"), key)
        else:
            token = Token(lambda: f"bearer {key}", renewable=False)
            headers = {"X-Odoo-Database": database}
            calls = Json2(Web(self.name, address, token, timeout=said.timeout, headers=headers, code_of=name_in))
        return OdooConnection(
            calls,
            properties,
            self.mapping,
            archived=said.yes("archived", otherwise=False),
            with_activities=said.yes("activities", otherwise=True),
        )


@hookimpl
def qualify_adapter() -> RecordAdapter:
    """The built-in adapter for Odoo."""
    return OdooAdapter()
