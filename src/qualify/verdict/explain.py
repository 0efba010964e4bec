"""A verdict in plain English."""

from __future__ import annotations

from qualify.errors import QualifyError
from qualify.verdict.account import account
from qualify.verdict.layout import laid_out
from qualify.verdict.view import View

FORMATS = ("text", "markdown", "html")


def explain(verdict: View, team: str | None, form: str, *, stage: str | None, nearest: bool, width: int | None) -> str:
    """The account of a verdict, in one of the three forms."""
    if form not in FORMATS:
        raise QualifyError(f"format is one of {', '.join(FORMATS)}", code="bad-argument")
    return laid_out(account(verdict, team, stage, nearest_too=nearest), form, width)
