"""All keys of a definition's file, in one table: what each holds, and which must be there.

The reader, the JSON Schema, the writer's order and the reference page are drawn from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Holds = Literal[
    "text", "texts", "flag", "number", "date", "dates", "format", "zone", "hours", "type", "status", "team", "names",
    "rule", "selection", "formula", "act within", "yes or no", "case", "cases", "points", "properties", "requires",
    "handoffs", "file", "digest",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Key:
    """What a key holds, whether it must be there, and what it says, for an editor and the reference."""

    holds: Holds
    says: str
    required: bool = False


Shape = Mapping[str, Key]

_LIFE: Shape = {
    "status": Key("status", "adopted (counts), shadow, proposed or retired; adopted where nothing is said"),
    "review_on": Key("date", "when it will be looked at again; required with shadow and proposed"),
}
_TITLE: Shape = {"title": Key("text", "what people call it")}

TOP: Shape = {
    "format": Key("format", "the form of this file: 1", required=True),
    "name": Key("text", "what this definition is called", required=True),
    "version": Key("text", "which version it is, such as 2026.11", required=True),
    "timezone": Key("zone", "the zone of dates, working time and naive times; UTC where nothing is said"),
    "left_out_by": Key("names", "traits of leads that the definition is not to look at at all"),
}

SECTIONS: Mapping[str, tuple[str, Shape]] = {
    "teams": (
        "the sides that write the definition together",
        {
            "title": Key("text", "what people call the team", required=True),
            "hours": Key("hours", "when it works, such as Mon-Fri 09:00-12:00, 13:00-17:00"),
            "holidays": Key("dates", "days on which it doesn't"),
            "timezone": Key("zone", "the zone of its hours; the definition's where nothing is said"),
        },
    ),
    "fields": (
        "fields beyond the standard ones, or more about a standard one",
        {
            "type": Key("type", "text, number, boolean, date, datetime or list (of texts)", required=True),
            "choices": Key("texts", "the texts that it can be"),
            "label": Key("text", "what people call it"),
            "ask": Key("text", "the question that settles it"),
            "unit": Key("text", "what a number counts"),
            "changeable": Key("flag", "false for what nobody can change"),
        },
    ),
    "activities": (
        "types of activity beyond the standard ones, or more properties of a standard one",
        {
            "label": Key("text", "what people call it"),
            "properties": Key("properties", "what is said of it each time: name to type"),
        },
    ),
    "lists": (
        "long lists of texts, each with an owner",
        {
            "team": Key("team", "who keeps it", required=True),
            "file": Key("file", "a text file below the definition's folder, an entry a line"),
            "values": Key("texts", "the entries, where they stand here"),
            "why": Key("text", "what it is for"),
        },
    ),
    "traits": (
        "named facts that are yes, no or unknown",
        {
            **_TITLE,
            "team": Key("team", "who owns it", required=True),
            "when": Key("rule", "the rule that says yes or no", required=True),
            "when_unknown": Key("yes or no", "what stands for unknown, said in the open"),
            "why": Key("text", "the reason, as one would say it in the meeting", required=True),
            **_LIFE,
        },
    ),
    "tiers": (
        "named facts that are one of a few names: the first case that holds",
        {
            **_TITLE,
            "team": Key("team", "who owns it", required=True),
            "cases": Key("cases", "case to rule, in order; the last is 'otherwise'", required=True),
            "when_unknown": Key("case", "the case that stands for an open tier"),
            "why": Key("text", "the reason"),
            **_LIFE,
        },
    ),
    "signals": (
        "named selections of activities",
        {
            **_TITLE,
            "team": Key("team", "who owns it", required=True),
            "each": Key("selection", "which activities: a type, where ..., within ...", required=True),
            "why": Key("text", "the reason"),
            **_LIFE,
        },
    ),
    "scores": (
        "named numbers: a scorecard of points, or a formula over other scores",
        {
            **_TITLE,
            "team": Key("team", "who owns it"),
            "points": Key("points", "fact to points"),
            "of": Key("formula", "a formula over other scores, such as fit + engagement"),
            "start": Key("number", "what everybody begins with; goes with points"),
            "cap": Key("number", "the most it can be"),
            "floor": Key("number", "the least it can be"),
            "only_when": Key("rule", "where this isn't yes there is no score"),
            "why": Key("text", "the reason"),
            **_LIFE,
        },
    ),
    "stages": (
        "steps that a lead qualifies for, in order",
        {
            **_TITLE,
            "after": Key("names", "the stages that it comes after; [] stands beside the line; else the one above"),
            "disqualified_by": Key("names", "traits that bar a lead from it"),
            "requires": Key("requires", "team to what that side requires", required=True),
            "handoff": Key("handoffs", "who gets the lead, and how soon they must act"),
        },
    ),
    "outcomes": (
        "what sales may answer, so that answers can be counted",
        {"reasons": Key("texts", "the reasons that may be given", required=True)},
    ),
    "approvals": (
        "which digest each team agreed to",
        {
            "digest": Key("digest", "the digest of what was agreed", required=True),
            "by": Key("text", "who agreed", required=True),
            "on": Key("date", "when", required=True),
        },
    ),
}
"""Section to what it holds and the keys of each of its entries."""

HANDOFF: Shape = {
    "when": Key("rule", "the condition; the first that holds is taken"),
    "team": Key("team", "who gets the lead", required=True),
    "to": Key("text", "who in the team"),
    "act_within": Key("act within", "a whole number of hours, days, working hours or working days", required=True),
    "if_late": Key("text", "what happens to the lead if nobody acts"),
}

SIGNAL_POINTS: Shape = {
    "each": Key("number", "points for each occurrence", required=True),
    "limit": Key("text", "how many of each period count, such as 1 per day"),
    "at_most": Key("number", "the most they give together"),
    "fades": Key("text", "how they lose worth, such as 25% per 30 days"),
}

FACT_SECTIONS = ("traits", "tiers", "signals", "scores")
OUTCOME_NAMES = ("rejected", "recycled", "lost")
LARGEST_POINTS = 10**9
MOST_DECIMALS = 4
