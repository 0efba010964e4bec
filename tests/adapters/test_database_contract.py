"""The contract of adapters, kept by the one for databases on SQLite."""

from datetime import UTC, datetime
from typing import ClassVar

import pytest
from sqlalchemy import Boolean, Column, DateTime, Integer, MetaData, String, Table, create_engine

from qualify.adapters import adapter
from qualify.testing import AdapterContract

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
TABLES = MetaData()
LEADS = Table(
    "leads",
    TABLES,
    Column("id", Integer, primary_key=True),
    *(Column(name, String) for name in ("email", "company", "domain", "country", "interests", "shoe_size")),
    Column("employees", Integer),
    Column("opted_out", Boolean),
    Column("updated_at", DateTime),
)
ACTIVITIES = Table(
    "activities",
    TABLES,
    Column("lead_id", Integer),
    *(Column(name, String) for name in ("type", "page")),
    Column("at", DateTime),
)


def lead(number, **said):
    return {"id": number, "updated_at": NOON.replace(minute=number), **said}


class TestDatabase(AdapterContract):
    """Tables of leads and of what happened, and verdicts in a table of their own."""

    adapter = adapter("database")
    clients = ("sqlalchemy",)
    records = (
        lead(
            1, email="ada@demo.example", company="Demo & Söhne", employees=80, opted_out=False, interests="print;labels"
        ),
        lead(2, email=None, domain="www.demo&t.example", country="Nowhere", employees=None, opted_out=True),
        lead(3, shoe_size="44"),
    )
    not_read = ("updated_at", "shoe_size")
    happened: ClassVar = {"activities": ({"lead_id": 1, "type": "page_view", "at": NOON, "page": "/pricing"},)}
    changes = ({"verdict": {"stage": "mql", "score_fit": 40}}, {"verdict": {"stage": "sql", "score_fit": 45}})

    @pytest.fixture
    def source(self, tmp_path, monkeypatch):
        """A database that holds the records."""
        for name in self.adapter.secrets:
            monkeypatch.delenv(name, raising=False)
        url = f"sqlite:///{tmp_path / 'crm.db'}"
        engine = create_engine(url)
        TABLES.create_all(engine)
        names = [column.name for column in LEADS.columns]
        with engine.begin() as open_:
            open_.execute(LEADS.insert(), [{name: each.get(name) for name in names} for each in self.records])
            open_.execute(ACTIVITIES.insert(), self.happened["activities"])
        engine.dispose()
        return lambda properties: self.adapter.connect(properties, {"url": url, "page": "2"})

    @pytest.mark.skip(reason="a verdict is no change of its lead; test_database.py changes leads, and reads them again")
    def test_a_change_after_a_read_is_in_the_next_one(self):
        """What is written here stands in a table of its own."""

    @pytest.mark.skip(reason="a cursor is a moment and an id, and what is younger than the overlap is read again")
    def test_a_read_from_the_last_cursor_gives_the_last_record_again(self):
        """Of one moment rows are told apart by their id; test_database.py commits a row late, and it is read."""
