"""JSON Schema of a verdict in the published form."""

from __future__ import annotations

from typing import Any

from qualify.verdict.answer import Answer, StageState
from qualify.verdict.document import FORM

TEXT, NUMBER, FLAG = {"type": "string"}, {"type": "number"}, {"type": "boolean"}
MOMENT = {"type": "string", "format": "date-time"}
TEXTS = {"type": "array", "items": TEXT}
ANSWER = {"enum": [str(answer) for answer in Answer]}


def json_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of what `Verdict.to_json` writes."""
    evidence = _list(_table(asked=TEXT, answer=ANSWER, seen={"type": "object"}))
    bounds = {"type": "array", "items": _or_null(NUMBER), "minItems": 2, "maxItems": 2}
    pair = {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2}
    change = {
        "oneOf": [
            _table(field=TEXT, to={}),
            _table(
                {"where": TEXT},
                activity=TEXT, at_least={"type": "integer"}, more={"type": "integer"}, properties={"type": "object"},
            ),
        ]
    }  # fmt: skip
    facts = {
        "traits": _by_name(_table(answer=ANSWER, team=TEXT, why=TEXT, assumed=FLAG, when=TEXT, evidence=evidence)),
        "tiers": _by_name(_table(
            case=_or_null(TEXT), possible=TEXTS, assumed=FLAG, team=TEXT, why=_or_null(TEXT),
            cases=_list(_table(name=TEXT, when=_or_null(TEXT))), evidence=evidence,
        )),
        "signals": _by_name(_table(
            count=_or_null({"type": "integer"}), first=_or_null(MOMENT), last=_or_null(MOMENT), each=_or_null(TEXT),
            evidence=evidence,
        )),
        "scores": _by_name(_table(
            at_least=_or_null(NUMBER), at_most=_or_null(NUMBER), points=_by_name(bounds),
            items=_by_name(_table(
                most=_or_null(NUMBER), gives={"type": "object"}, happened=_or_null(pair), counted=_or_null(pair),
            )),
            start=NUMBER, cap=_or_null(NUMBER), floor=_or_null(NUMBER), of=_or_null(TEXT), only_when=_or_null(TEXT),
            evidence=evidence,
        )),
    }  # fmt: skip
    field = _table({"label": _or_null(TEXT), "ask": _or_null(TEXT), "unit": _or_null(TEXT)})
    stage = _table(
        state={"enum": [str(state) for state in StageState]}, sides=_by_name(ANSWER), disqualified_by=TEXTS,
        requires=_by_name(TEXT), evidence=_by_name(evidence), after=TEXTS, disqualifiers=TEXTS,
    )  # fmt: skip
    found = _table(
        format={"const": FORM}, lead_id=_or_null(TEXT), as_of=MOMENT,
        definition=_table(name=TEXT, version=TEXT, digest=TEXT),
        stage=_or_null(TEXT), reached=TEXTS, left_out_by=TEXTS, reasons=TEXTS, stages=_by_name(stage), **facts,
        shadow=_table(**facts), proposed=_table(**facts),
        missing=_list(_table(field=TEXT, ask=_or_null(TEXT), settles=TEXTS)),
        nearest=_or_null(_table(stage=_or_null(TEXT), stopped_early=FLAG, sets=_list(_list(change)))),
        agreement=_table(agreed=_or_null(FLAG), contested=_by_name(_by_name(ANSWER))),
        handoff=_or_null(_table(team=TEXT, to=_or_null(TEXT), act_by=MOMENT, if_late=_or_null(TEXT))),
        notes=TEXTS,
        words=_table(
            zone={"type": "string", "format": "time-zone"}, teams=_by_name(TEXT), stages=_by_name(TEXT), facts=_by_name(TEXT),
            fields=_by_name(field), activities=_by_name(TEXT),
        ),
        types=_by_name({"enum": ["date", "datetime", "decimal"]}),
    )  # fmt: skip
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A qualify verdict", **found}


def _table(optional: dict[str, Any] | None = None, **keys: Any) -> dict[str, Any]:
    """An object with these keys. More may come in later forms, so others are allowed."""
    return {"type": "object", "properties": {**keys, **(optional or {})}, "required": list(keys)}


def _by_name(each: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": each}


def _list(each: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": each}


def _or_null(kind: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [kind, {"type": "null"}]}
