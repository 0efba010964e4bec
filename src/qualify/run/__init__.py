"""Leads in, verdicts out, in constant memory: what the commands `qualify run` and `qualify explain` do.

Start with `run_leads`, or with `find_lead` for one.
"""

from qualify.run.by_columns import ENGINES, Engine
from qualify.run.columns import FlatColumn, FlatRows
from qualify.run.finding import FoundLead, find_lead, last_of_line, outcome
from qualify.run.funnel import Funnel, StageCount
from qualify.run.reasons import Lacking, Reason
from qualify.run.rejects import Rejected, RejectsFile
from qualify.run.running import Judged, Progress, Run, run_leads
from qualify.run.writing import write_run

__all__ = [
    "ENGINES",
    "Engine",
    "FlatColumn",
    "FlatRows",
    "FoundLead",
    "Funnel",
    "Judged",
    "Lacking",
    "Progress",
    "Reason",
    "Rejected",
    "RejectsFile",
    "Run",
    "StageCount",
    "find_lead",
    "last_of_line",
    "outcome",
    "run_leads",
    "write_run",
]
