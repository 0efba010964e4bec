"""Tryton: sale opportunities with their parties, or parties, over JSON-RPC."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from qualify.adapters import hookimpl
from qualify.adapters.contract import Ability
from qualify.adapters.options import choice, known_options
from qualify.adapters.own_mapping import OwnMapping
from qualify.adapters.records import RecordAdapter
from qualify.errors import AdapterError

if TYPE_CHECKING:
    from qualify.adapters.records import Connection
    from qualify.adapters.tryton.connection import Choices

NO_OPTIONS: Mapping[str, str] = MappingProxyType({})
USER, PASSWORD = "TRYTON_USER", "TRYTON_PASSWORD"


class TrytonAdapter(OwnMapping):
    """Reads opportunities or parties, and writes verdicts as notes on them or into fields of one's own.

    >>> record = {"id": 7, "state": "lead", "party.": {"name": "Acme", "email": "ada@acme.example", "phone": ""}}
    >>> lead = TrytonAdapter().mapping.lead(record)
    >>> lead.id, lead.company, lead.phone, lead.lead_status
    ('7', 'Acme', None, 'lead')
    """

    name = "tryton"
    summary = "Tryton's sale opportunities with their parties, or its parties"
    contract = 1
    can: frozenset[Ability] = frozenset({"read", "write", "incremental"})
    options: Mapping[str, str] = MappingProxyType({
        "url": "the server's address, such as https://erp.example.com (needed)",
        "database": "the database's name (needed)",
        "object": "sale.opportunity (as is), or party.party",
        "domain": """which records to read, as a domain of Tryton in JSON, such as [["state", "=", "lead"]]""",
        "page": "so many records are read at once (200)",
        "overlap": "so many seconds before now may still be changing, and are read again the next time (300)",
    })  # fmt: skip
    secrets: Mapping[str, str] = MappingProxyType({
        USER: "the user who reads and writes",
        PASSWORD: "that user's password",
    })  # fmt: skip

    def connect(self, properties: Sequence[str], options: Mapping[str, str] = NO_OPTIONS) -> Connection:
        """Open a connection that reads these paths, such as `party..name`, of each record.

        Nothing is asked before the first call. Raises AdapterError for an unknown option, or a secret that isn't there.
        """
        from qualify.adapters.tryton.connection import TrytonConnection
        from qualify.adapters.tryton.server import Server

        known_options(self.name, options, self.options)
        for name in ("url", "database"):
            if not options.get(name):
                raise AdapterError(f"tryton needs the option {name!r}: {self.options[name]}")
        secrets = {name: os.environ.get(name, "") for name in (USER, PASSWORD)}
        if unset := [name for name, value in secrets.items() if not value]:
            raise AdapterError(f"tryton: {unset[0]} isn't set; the environment has to hold {USER} and {PASSWORD}")
        server = Server(options["url"], options["database"], secrets[USER], secrets[PASSWORD])
        return TrytonConnection(server, properties, self.mapping.sources, _choices(self.name, options))

    def __repr__(self) -> str:
        return "<TrytonAdapter>"


def _choices(name: str, options: Mapping[str, str]) -> Choices:
    from qualify.adapters.tryton.connection import Choices

    models = {"sale.opportunity": "sale.opportunity", "party.party": "party.party"}
    numbers = {"page": options.get("page", "200"), "overlap": options.get("overlap", "300")}
    for option, text in numbers.items():
        if not text.isdecimal() or len(text) > 9 or (option == "page" and int(text) == 0):
            raise AdapterError(f"{name}: option {option!r} is a whole number")
    try:
        domain = json.loads(options.get("domain", "[]"))
    except ValueError:
        domain = None
    if not isinstance(domain, list):
        raise AdapterError(f"""{name}: option 'domain' is a list in JSON, such as [["state", "=", "lead"]]""")
    return Choices(
        model="party.party" if choice(name, options, "object", models) == "party.party" else "sale.opportunity",
        domain=tuple(domain),
        page=int(numbers["page"]),
        margin=timedelta(seconds=int(numbers["overlap"])),
    )


@hookimpl
def qualify_adapter() -> RecordAdapter:
    """The built-in adapter for Tryton."""
    return TrytonAdapter()
