"""Any database that SQLAlchemy knows: a table of leads, one of activities, and verdicts in columns or in a table."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from qualify.adapters import hookimpl
from qualify.adapters.contract import Ability, Reader
from qualify.adapters.options import known_options
from qualify.adapters.own_mapping import OwnMapping
from qualify.adapters.records import Connection, RecordAdapter
from qualify.errors import MissingExtra

NO_OPTIONS: Mapping[str, str] = MappingProxyType({})
URL, PASSWORD = "QUALIFY_DATABASE_URL", "QUALIFY_DATABASE_PASSWORD"


class DatabaseAdapter(OwnMapping):
    """Reads leads and activities from tables, and writes verdicts into a table of their own, or beside the lead."""

    name = "database"
    summary = "tables of any database, through SQLAlchemy"
    contract = 1
    can: frozenset[Ability] = frozenset({"read", "write", "incremental", "activities", "setup"})
    options: Mapping[str, str] = MappingProxyType(
        {
            "url": f"SQLAlchemy's URL of the database, without a password (else {URL} in the environment)",
            "schema": "the schema of the tables (the database's own default)",
            "leads": "the table, or view, of leads (leads)",
            "id": "its column that names the lead (id)",
            "changed": "its column that says when a row was made or last changed, or none (updated_at)",
            "activities": "the table of what happened (activities, where there is one)",
            "activities_lead": "its column that names the lead (lead_id)",
            "activities_changed": "its column that says when a row was recorded, or none "
            "(updated_at, created_at, recorded_at, at)",
            "verdicts": "the table that paths such as verdict.stage are written to (verdicts)",
            "overlap": "so many seconds before the read are read again by the next one (60)",
            "page": "so many leads are read at once (500)",
        }
    )
    secrets: Mapping[str, str] = MappingProxyType(
        {
            URL: "SQLAlchemy's URL of the database, which may hold a password",
            PASSWORD: "the password alone, for a URL that was given as an option",
        }
    )

    def connect(self, properties: Sequence[str], options: Mapping[str, str] = NO_OPTIONS) -> Connection:
        """Open a connection that reads these columns of each lead; `verdict.x` is a column of the verdicts' table.

        Raises AdapterError for an unknown option, a database that can't be reached and a table that isn't there,
        MissingExtra where SQLAlchemy isn't installed.
        """
        _needs_sqlalchemy("the adapter for databases")
        from qualify.adapters.database.connection import DatabaseConnection
        from qualify.adapters.database.place import database_at
        from qualify.adapters.database.tables import Names

        known_options(self.name, options, self.options)
        place = database_at(options.get("url"), os.environ.get(URL), os.environ.get(PASSWORD))
        return DatabaseConnection(place, Names.said(options), properties)

    def __repr__(self) -> str:
        return "<DatabaseAdapter>"


def open_table(url: str, usual: str) -> tuple[Reader, str]:
    """A reader of the table that a URL names after its `#` (`usual` where it names none), and what it is called.

    Raises AdapterError for a database that can't be reached and a table that isn't there, MissingExtra where
    SQLAlchemy or the database's driver isn't installed.
    """
    _needs_sqlalchemy("reading a database")
    from qualify.adapters.database import reading

    return reading.open_table(url, usual)


def _needs_sqlalchemy(feature: str) -> None:
    try:
        import sqlalchemy  # noqa: F401
    except ImportError:
        raise MissingExtra(feature, "sqlalchemy", "database") from None


@hookimpl
def qualify_adapter() -> RecordAdapter:
    """The built-in adapter for databases."""
    return DatabaseAdapter()
