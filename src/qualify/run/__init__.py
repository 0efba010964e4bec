"""Leads in, verdicts out, in constant memory: what the command `qualify run` does. Start with `run_leads`."""

from qualify.run.columns import FlatColumn, FlatRows
from qualify.run.funnel import Funnel, StageCount
from qualify.run.rejects import Rejected, RejectsFile
from qualify.run.running import Judged, Progress, Run, run_leads
from qualify.run.writing import write_run

__all__ = [
    "FlatColumn",
    "FlatRows",
    "Funnel",
    "Judged",
    "Progress",
    "Rejected",
    "RejectsFile",
    "Run",
    "StageCount",
    "run_leads",
    "write_run",
]
