"""Where a form goes: to sales, to marketing's list, back to its visitor with one more question, or nowhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import as_file, files
from typing import Any, Literal

import qualify
from print_shop_forms.fast_lane import fast_lane

with as_file(files(__package__) / "leads.toml") as _file:
    DEFINITION = qualify.load(_file)


@dataclass(frozen=True)
class Route:
    """What becomes of a form."""

    to: Literal["sales", "marketing", "visitor", "nowhere"]
    by: datetime | None = None
    """Until when sales has to act."""
    call_now: bool = False
    """Whether the visitor is shown that somebody calls within five minutes."""
    ask: str | None = None
    """The next question, for the visitor."""


def route(form: Mapping[str, Any], as_of: datetime | None = None) -> Route:
    """Route a form by the shared definition, as it stands at `as_of` (now, where nothing is said).

    Raises qualify.LeadError for a form whose values can't be read; its text shows none of them.
    """
    verdict = DEFINITION.qualify(form, as_of=as_of)
    mql, sql = verdict.stages["mql"].state, verdict.stages["sql"].state
    if sql == "disqualified":
        return Route("nowhere")
    if sql == "reached":
        return Route("sales", by=verdict.handoff and verdict.handoff.act_by, call_now=fast_lane(form, verdict))
    if "undetermined" in (mql, sql):
        questions = [missing.ask for missing in verdict.missing if missing.ask is not None]
        if questions:
            return Route("visitor", ask=questions[0])
    return Route("marketing" if mql == "reached" else "nowhere")
