"""Zoho CRM: leads, or contacts with their accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from qualify.adapters import hookimpl
from qualify.adapters.contract import Ability
from qualify.adapters.options import choice
from qualify.adapters.records import Connection, RecordAdapter
from qualify.adapters.web_adapter import TIMEOUT, Said, WebAdapter

CLIENT, SECRET, REFRESH = "ZOHO_CLIENT_ID", "ZOHO_CLIENT_SECRET", "ZOHO_REFRESH_TOKEN"


class ZohoAdapter(WebAdapter):
    """Reads one module's records, in the order of their changes; writes 100 at once."""

    name = "zoho"
    summary = "Zoho CRM's leads, or contacts with their accounts"
    can: frozenset[Ability] = frozenset({"read", "write", "incremental", "activities", "setup"})
    options: Mapping[str, str] = MappingProxyType(
        {
            "module": "Leads or Contacts (Leads)",
            "address": "your data centre's API, such as https://www.zohoapis.eu (https://www.zohoapis.com)",
            "accounts": "your data centre's accounts, such as https://accounts.zoho.eu (https://accounts.zoho.com)",
            "activities": "no leaves calls and events unread, which need the scope ZohoCRM.coql.READ (yes)",
            **TIMEOUT,
        }
    )
    secrets: Mapping[str, str] = MappingProxyType(
        {
            CLIENT: "the id of a client of the API console",
            SECRET: "its secret",
            REFRESH: "a refresh token, with the scopes ZohoCRM.modules.ALL and ZohoCRM.settings.fields.READ (for --setup .ALL)",
        }
    )

    def open(self, properties: Sequence[str], said: Said) -> Connection:
        """Open a connection."""
        from qualify.adapters.web import Token, Web
        from qualify.adapters.zoho.connection import ZohoConnection, code_in, token_from

        modules = {each: each for each in ("Leads", "Contacts")}
        module = choice(self.name, {"module": said.option("module", "Leads")}, "module", modules) or "Leads"
        form = {
            "grant_type": "refresh_token",
            "client_id": said.secret(CLIENT),
            "client_secret": said.secret(SECRET),
            "refresh_token": said.secret(REFRESH),
        }
        accounts = Web(
            self.name, said.option("accounts", "https://accounts.zoho.com"), timeout=said.timeout, code_of=code_in
        )
        web = Web(
            self.name,
            said.option("address", "https://www.zohoapis.com"),
            Token(lambda: token_from(accounts, form)),
            timeout=said.timeout,
            code_of=code_in,
        )
        return ZohoConnection(
            web, module, properties, self.mapping, with_activities=said.yes("activities", otherwise=True)
        )


@hookimpl
def qualify_adapter() -> RecordAdapter:
    """The built-in adapter for Zoho CRM."""
    return ZohoAdapter()
