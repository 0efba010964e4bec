"""Leads of a CRM or a database judged, and their verdicts written back: what the command `qualify sync` does.

Start with `sync_leads`.
"""

from qualify.sync.report import Planned, SyncReport
from qualify.sync.settings import Settings
from qualify.sync.state import State, StateFile
from qualify.sync.syncing import Sync, sync_leads

__all__ = ["Planned", "Settings", "State", "StateFile", "Sync", "SyncReport", "sync_leads"]
