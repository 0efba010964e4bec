"""Leads on a shelf, and one call that syncs them as of a fixed moment."""

from datetime import UTC, datetime

import pytest

from qualify.sync import sync_leads
from tests.sync.shelf import DEFINITION, Shelf

AS_OF = datetime(2026, 11, 20, 12, tzinfo=UTC)

LEADS = (
    {"id": "1", "email": "ann@a.example", "size": 80, "industry": "Printing", "no_mail": False},
    {"id": "2", "email": "bob@b.example", "size": 7, "industry": "Printing", "no_mail": False},
    {"id": "3", "email": "cyd@c.example", "size": None, "industry": "Farming"},
    {"id": "4", "email": "dan@d.example", "industry": "Printing", "staff": True},
    {"id": "5", "email": "eve@e.example", "size": 90, "industry": "Printing", "no_mail": True},
)


@pytest.fixture
def shelf():
    """Five leads: two of them large, one of ours, one that opted out."""
    return Shelf(LEADS)


@pytest.fixture
def sync():
    """Sync a shelf; what is said beside is passed on. Nobody waits."""

    def synced(shelf, definition=DEFINITION, **said):
        return sync_leads(definition, shelf, **{"as_of": AS_OF, "sleep": lambda seconds: None, **said})

    return synced
