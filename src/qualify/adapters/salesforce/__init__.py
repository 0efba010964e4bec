"""Salesforce: leads, or contacts with their accounts, through simple-salesforce."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from qualify.adapters import hookimpl
from qualify.adapters.contract import Ability
from qualify.adapters.options import choice, known_options
from qualify.adapters.own_mapping import OwnMapping
from qualify.adapters.records import RecordAdapter
from qualify.adapters.salesforce.ids import CONVERSIONS
from qualify.errors import AdapterError

if TYPE_CHECKING:
    from qualify.adapters.records import Connection
    from qualify.adapters.salesforce.connection import Choices
    from qualify.mapping import Conversion

NO_OPTIONS: Mapping[str, str] = MappingProxyType({})
YES_NO = {"yes": "yes", "no": ""}
_DOMAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,200}")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,79}|")
_VERSION = re.compile(r"[0-9]{2,3}\.0")


class SalesforceAdapter(OwnMapping):
    """Reads leads or contacts with what happened, and writes verdicts into their custom fields.

    One mapping reads both: `--option object=Contact` chooses which of them a connection reads.

    >>> record = {"Id": "00Qak00000696HF", "Company": "Acme", "Country": "France", "HasOptedOutOfEmail": False}
    >>> lead = SalesforceAdapter().mapping.lead(record)
    >>> lead.id, lead.company, lead.country, lead.opted_out
    ('00Qak00000696HFEAY', 'Acme', 'FR', False)
    """

    name = "salesforce"
    conversions = CONVERSIONS
    summary = "Salesforce's leads, or its contacts with their accounts"
    contract = 1
    can: frozenset[Ability] = frozenset({"read", "write", "incremental", "activities", "setup"})
    options: Mapping[str, str] = MappingProxyType(
        {
            "object": "Lead (as is), or Contact: with its account",
            "converted": "yes reads converted leads too (no): they live on as contacts, and can't be written to",
            "where": "one more condition of which records to read, in SOQL, such as Rating = 'Hot'",
            "bulk": "yes reads and writes by the Bulk API, no never does, auto only to read many for the first time (auto)",
            "domain": "where to log in: login, test (a sandbox), or your My Domain's name with .my (login)",
            "version": "the version of Salesforce's API (60.0)",
            "permission_set": "the API name of a permission set that this user has: it lets edit what --setup makes",
            "overlap": "so many seconds before now may still be changing, and are read again the next time (300)",
        }
    )

    @property
    def secrets(self) -> Mapping[str, str]:
        """The environment's variables: a token and an address, a connected app, or a user."""
        from qualify.adapters.salesforce.client import SECRETS

        return SECRETS

    def connect(self, properties: Sequence[str], options: Mapping[str, str] = NO_OPTIONS) -> Connection:
        """Open a connection that reads these columns (or paths, such as `Account.Name`) of each record.

        Nothing is asked before the first call. Raises AdapterError for an unknown option or a secret that isn't
        there, MissingExtra (at the first call) where simple-salesforce isn't installed.
        """
        from qualify.adapters.salesforce.client import Client, credentials, instance_fault
        from qualify.adapters.salesforce.connection import SalesforceConnection

        known_options(self.name, options, self.options)
        given = credentials(os.environ)
        if "instance_url" in given and (fault := instance_fault(given["instance_url"])):
            raise AdapterError(f"salesforce: {fault}")
        domain, version = options.get("domain", "login"), options.get("version", "60.0")
        if not _DOMAIN.fullmatch(domain):  # a password is sent there
            raise AdapterError("salesforce: option 'domain' is login, test or the name before .salesforce.com")
        if not _VERSION.fullmatch(version):
            raise AdapterError("salesforce: option 'version' is a version of the API, such as 60.0")
        client = Client(given, domain=domain, version=version)
        return SalesforceConnection(client, properties, self.mapping.sources, _choices(self.name, options))

    def __repr__(self) -> str:
        return "<SalesforceAdapter>"


def _choices(name: str, options: Mapping[str, str]) -> Choices:
    from qualify.adapters.salesforce.connection import Choices

    table = choice(
        name, options, "object", {"Lead": "Lead", "lead": "Lead", "Contact": "Contact", "contact": "Contact"}
    )
    bulk = choice(name, options, "bulk", {"auto": "auto", "yes": "yes", "no": "no"})
    overlap = options.get("overlap", "300")
    if not overlap.isdecimal():
        raise AdapterError(f"{name}: option 'overlap' is a whole number of seconds")
    permission_set = options.get("permission_set", "")
    if not _NAME.fullmatch(permission_set):
        raise AdapterError(f"{name}: option 'permission_set' is an API name: letters, digits and _")
    return Choices(
        permission_set=permission_set,
        table="Contact" if table == "Contact" else "Lead",
        converted=bool(choice(name, options, "converted", YES_NO)),
        where=options.get("where", ""),
        bulk="yes" if bulk == "yes" else "no" if bulk == "no" else "auto",
        margin=timedelta(seconds=int(overlap)),
    )


@hookimpl
def qualify_adapter() -> RecordAdapter:
    """The built-in adapter for Salesforce."""
    return SalesforceAdapter()


@hookimpl
def qualify_conversions() -> Mapping[str, Conversion]:
    """The conversion `salesforce id`."""
    return CONVERSIONS
