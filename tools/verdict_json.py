"""The page about a verdict's JSON: its keys from the JSON Schema, and a whole example; and the schema as a file.

`python -m tools.reference` draws them anew; a test compares.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import qualify
from tools.drawn import drawn

MEANS: Mapping[str, str] = {
    "format": "the number of the form",
    "lead_id": "the lead's id; null where it has none, and in a redacted verdict",
    "as_of": "the moment of the verdict",
    "definition": "by what it was given",
    "definition.name": "the definition's name",
    "definition.version": "its version",
    "definition.digest": "SHA-256 of its meaning",
    "stage": "the last stage reached; null where none is, and where the lead is left out",
    "reached": "all stages reached",
    "left_out_by": "traits that left the lead out; then all else is empty",
    "reasons": "a fact's name and its answer: traits that bar first, then no, unknown, yes",
    "stages": "stage to where the lead stands with it",
    "stages.NAME.state": "where the lead stands",
    "stages.NAME.sides": "team to what its side says",
    "stages.NAME.disqualified_by": "traits that bar the lead",
    "stages.NAME.requires": "team to the rule of its side",
    "stages.NAME.evidence": "team to the tests of that rule (see below)",
    "stages.NAME.after": "stages that come before it",
    "stages.NAME.disqualifiers": "traits that can bar a lead from it",
    "traits": "trait to its answer",
    "traits.NAME.answer": "what its rule says, or what `when_unknown` says",
    "traits.NAME.team": "whose it is",
    "traits.NAME.why": "the reason for it",
    "traits.NAME.assumed": "whether `when_unknown` gave the answer",
    "traits.NAME.when": "its rule",
    "traits.NAME.evidence": "the tests of its rule",
    "tiers": "tier to its case",
    "tiers.NAME.case": "the case; null while it is open",
    "tiers.NAME.possible": "the cases that it can be",
    "tiers.NAME.assumed": "whether `when_unknown` settled it",
    "tiers.NAME.team": "whose it is",
    "tiers.NAME.why": "the reason for it; null where none is given",
    "tiers.NAME.cases": "the cases that were looked at",
    "tiers.NAME.cases[].name": "the case",
    "tiers.NAME.cases[].when": "its rule; null for `otherwise`",
    "tiers.NAME.evidence": "the tests of those rules",
    "signals": "signal to how often it happened",
    "signals.NAME.count": "how often; null where that isn't settled",
    "signals.NAME.first": "when first; null where that isn't settled, it never happened, or the verdict is redacted",
    "signals.NAME.last": "when last; null likewise",
    "signals.NAME.each": "what is counted, as the definition says it; null in what an older release wrote",
    "signals.NAME.evidence": "whether it happened at all, with the activities that it selects",
    "scores": "score to its bounds",
    "scores.NAME.at_least": "the lowest that it can be; null where there is no score, or no lower end",
    "scores.NAME.at_most": "the highest that it can be; null where there is no score, or no upper end",
    "scores.NAME.points": "item to the lowest and highest that it gives, null where there is no score",
    "scores.NAME.items": "item to what more there is to say of it",
    "scores.NAME.items.NAME.most": "the most that it can give to any lead; null where that has no end",
    "scores.NAME.items.NAME.gives": "what the definition gives for it, by answer, case or key",
    "scores.NAME.items.NAME.happened": "of a signal, how often it happened, surely and at most; null where that isn't known",
    "scores.NAME.items.NAME.counted": "how many of those its limit keeps, surely and at most; null likewise",
    "scores.NAME.start": "what is given to all",
    "scores.NAME.cap": "the highest that the definition lets it be; null where it sets none",
    "scores.NAME.floor": "the lowest that the definition lets it be; null where it sets none",
    "scores.NAME.of": "the formula over other scores; null where it has items",
    "scores.NAME.only_when": "the rule without which there is no score; null where it has none",
    "scores.NAME.evidence": "the tests of `only_when`",
    "shadow": "the same four tables of what is in shadow",
    "proposed": "the same four tables of what is proposed; empty unless it was asked for",
    "missing": "fields that would settle what is open, most useful first",
    "missing[].field": "the field, or `activities`",
    "missing[].ask": "the question for it; null where the definition has none",
    "missing[].settles": "the undetermined stages that it takes part in",
    "nearest": "the smallest sets of changes that reach the next stage; null unless it was asked for (`nearest=True`)",
    "nearest.stage": "the stage that they reach; null where there is none to reach",
    "nearest.stopped_early": "whether the search came to its bound",
    "nearest.sets": "the sets, smaller ones first, each a list of changes",
    "nearest.sets[][].field": "the field to change (a change has either this, or `activity`)",
    "nearest.sets[][].to": "the value that it would have",
    "nearest.sets[][].activity": "the activity that would have to happen",
    "nearest.sets[][].at_least": "how often in all",
    "nearest.sets[][].more": "how many have to come",
    "nearest.sets[][].where": "what each of them has to be like",
    "nearest.sets[][].properties": "an example of that",
    "agreement": "whether the sides say the same",
    "agreement.agreed": "false where a stage is contested; else null where a side can't say",
    "agreement.contested": "stage to what its sides say, where one says yes and one no",
    "handoff": "who gets the lead now; null where nobody does",
    "handoff.team": "the team",
    "handoff.to": "whom or which queue in it; null where nothing is said",
    "handoff.act_by": "by when they must act",
    "handoff.if_late": "what happens to the lead if they don't; null where nothing is said",
    "notes": "what a reader should know",
    "words": "what people call things, so that the verdict explains itself without its definition",
    "words.zone": "the time zone in which days and times are told",
    "words.teams": "team to its title",
    "words.stages": "stage to its title, where it has one",
    "words.facts": "fact to its title, where it has one",
    "words.fields": "field to its `label`, `ask` and `unit`, where it has any of them",
    "words.fields.NAME.label": "what people call it",
    "words.fields.NAME.ask": "the question to ask for it",
    "words.fields.NAME.unit": "what its numbers are in",
    "words.activities": "activity to its label, where it has one",
    "types": "field (or `activity.property`) to `date`, `datetime` or `decimal`, where JSON has no such value",
    "evidence[].asked": "the test",
    "evidence[].answer": "what it said",
    "evidence[].seen": (
        "what it looked at, by name: a field's value, null where it is missing; `activities`, a list of `type`, `at` and "
        "`properties`, null where the source can't tell; a trait's answer; a tier's case, or a list of those it can be; a "
        "score's two bounds; a count, a sum or a moment by its text, with both ends where it isn't settled"
    ),
}
"""Every key of the published form, and what it means; a test holds it to the JSON Schema."""


def the_form() -> str:
    """The page."""
    keys = [f"| `{path}` | {kind} | {MEANS[path]} |" for path, kind in paths(qualify.Verdict.json_schema())]
    example = [
        "By this definition", "", "```toml", EXAMPLE.strip(), "```", "", "the lead", "", "```json", json.dumps(LEAD), "```", "",
        "has, on 24 November 2026 at 9 in UTC, this verdict (`to_json(nearest=True, indent=1)`):", "",
        "```json", the_example().to_json(nearest=True, indent=1), "```",
    ]  # fmt: skip
    return drawn(
        "verdict-json.md", {"keys": ["| key | type | what it means |", "|---|---|---|", *keys], "example": example}
    )


def the_schema() -> str:
    """The JSON Schema, as a file."""
    return json.dumps(qualify.Verdict.json_schema(), indent=2) + "\n"


def paths(schema: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every key of the form, with its type; evidence, and what is said twice, once."""
    yield from _below("", schema, frozenset(("shadow", "proposed")))
    evidence = schema["properties"]["traits"]["additionalProperties"]["properties"]["evidence"]
    yield from _below("evidence", evidence, frozenset())


def _below(path: str, schema: Mapping[str, Any], closed: frozenset[str]) -> Iterator[tuple[str, str]]:
    for one in (schema, *schema.get("anyOf", ()), *schema.get("oneOf", ())):
        for key, each in one.get("properties", {}).items():
            name = f"{path}.{key}" if path else key
            yield name, _type(each)
            if key != "evidence" and key not in closed:
                yield from _below(name, each, closed)
        if isinstance(one.get("additionalProperties"), dict):
            yield from _below(f"{path}.NAME", one["additionalProperties"], closed)
        if "items" in one:
            yield from _below(f"{path}[]", one["items"], closed)


def _type(schema: Mapping[str, Any]) -> str:
    if "anyOf" in schema:
        return " or ".join(map(_type, schema["anyOf"]))
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return f"one of {', '.join(f'`{each}`' for each in schema['enum'])}"
    match schema.get("type"):
        case "object" if isinstance(schema.get("additionalProperties"), dict):
            return f"table of names to {_type(schema['additionalProperties'])}"
        case "object":
            return "table"
        case "array":
            return f"list of {_type(schema['items'])}"
        case "string":
            return "moment" if schema.get("format") == "date-time" else "text"
        case None:
            return "change" if "oneOf" in schema else "any value"
        case kind:
            return str(kind)


EXAMPLE = """\
format = 1
name = "Print-shop leads"
version = "2026.11"

[teams]
marketing = "Marketing"
sales = "Sales"

[fields.budget_confirmed]
type = "boolean"
ask = "Is there a budget for this year?"

[traits.asked_for_demo]
team = "marketing"
when = "count(demo_request within 30 days) >= 1"
why = "Whoever asks to be shown it has a reason."

[traits.has_budget]
team = "sales"
when = "budget_confirmed"
why = "No budget, no order."

[tiers.company_size]
team = "sales"
cases.small = "employees < 50"
cases.large = "otherwise"

[scores.fit.points]
has_budget = 30
company_size = { small = 10, large = 20 }

[stages.sql]
requires.marketing = "asked_for_demo"
requires.sales = "fit >= 40"
"""
LEAD: Mapping[str, Any] = {
    "id": "0031",
    "employees": 120,
    "activities": [{"type": "demo_request", "at": "2026-11-20T14:05:00Z", "properties": {}}],
}


def the_example() -> qualify.Verdict:
    """The verdict that the page shows."""
    return qualify.loads(EXAMPLE).qualify(dict(LEAD), as_of=datetime(2026, 11, 24, 9, tzinfo=UTC))


PAGES = {"verdict-json.md": the_form, "verdict.schema.json": the_schema}
