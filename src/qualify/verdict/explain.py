"""A verdict in plain English."""

from __future__ import annotations

from typing import get_args

from qualify.errors import QualifyError
from qualify.verdict.account import account
from qualify.verdict.layout import laid_out
from qualify.verdict.parts import Format
from qualify.verdict.view import View

FORMATS: tuple[Format, ...] = get_args(Format)


def explain(
    verdict: View, team: str | None, form: Format, *, stage: str | None, nearest: bool, width: int | None
) -> str:
    """The account of a verdict, in one of the three forms."""
    if form not in FORMATS:
        raise QualifyError(f"format is one of {', '.join(FORMATS)}", code="bad-argument")
    return laid_out(account(verdict, team, stage, nearest_too=nearest), form, width)
