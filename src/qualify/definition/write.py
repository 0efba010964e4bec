"""The model -> the file's data: the same shape that is read, defaults left out; as plain data, JSON or canonical JSON."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from decimal import Decimal
from typing import Any, assert_never

from qualify.definition.model import (
    ActivityType,
    Fact,
    Field,
    Handoff,
    Model,
    NamedList,
    Points,
    Score,
    Signal,
    SignalPoints,
    Stage,
    Team,
    Tier,
    TierPoints,
    Trait,
    TraitPoints,
)  # fmt: skip
from qualify.text import clean, fold
from qualify.vocabulary import STANDARD_FIELDS, UNCHANGEABLE

Data = dict[str, Any]
OTHERWISE = "otherwise"


def data_of(model: Model, *, list_files: bool = False) -> Data:
    """The whole definition in the shape of the file, short forms where there are some; rules as text.

    Lists stand in it with their entries; `list_files` leaves those that have a file in it.
    """
    data: Data = {"format": 1, "name": model.name, "version": model.version}
    if model.timezone != "UTC":
        data["timezone"] = model.timezone
    if model.left_out_by:
        data["left_out_by"] = list(model.left_out_by)
    sections: dict[str, Data] = {
        "teams": {name: _team(team) for name, team in model.teams.items()},
        "fields": {name: _field(name, field) for name, field in model.fields.items()},
        "activities": {name: _activity(activity) for name, activity in model.activities.items()},
        "lists": {name: _list(listed, list_files) for name, listed in model.lists.items()},
        "traits": {name: _trait(trait) for name, trait in model.traits.items()},
        "tiers": {name: _tier(tier) for name, tier in model.tiers.items()},
        "signals": {name: _signal(signal) for name, signal in model.signals.items()},
        "scores": {name: _score(score) for name, score in model.scores.items()},
        "stages": {name: _stage(stage) for name, stage in model.stages.items()},
        "outcomes": {name: {"reasons": list(outcome.reasons)} for name, outcome in model.outcomes.items()},
        "approvals": {
            team: {"digest": approval.digest, "by": approval.by, "on": approval.on}
            for team, approval in model.approvals.items()
        },
    }
    data.update({section: entries for section, entries in sections.items() if entries})
    return data


def json_of(model: Model, *, list_files: bool = False) -> str:
    """The definition as JSON: cases and stages as lists, since their order means something.

    A text has no folder, so that lists stand in it with their entries; `list_files` leaves those that have a
    file in it, for a definition that is saved.
    """
    data = _ordered_as_lists(data_of(model, list_files=list_files))
    return json.dumps(_plain(data), ensure_ascii=False, indent=2) + "\n"


def canonical_json(model: Model) -> str:
    """What the digest is taken of: what was agreed, and nothing of how it is spelt or where it stands.

    Keys sorted, no spaces; rules as the formatter prints them; numbers as decimals without trailing zeros, in text;
    dates ISO; defaults left out; cases and stages as lists; a list as its entries, without case, sorted, each once;
    approvals left out.
    """
    data = data_of(model)
    data.pop("approvals", None)
    data["teams"] = {name: {"title": team.title, **_more(team)} for name, team in model.teams.items()}
    for name, activity in model.activities.items():
        properties = {prop: _property(field) for prop, field in activity.properties.items()}
        data["activities"][name] = {**data["activities"][name], **({"properties": properties} if properties else {})}
    for name, listed in model.lists.items():
        entries = sorted({fold(clean(entry)) for entry in listed.values})
        data["lists"][name] = {
            **{k: v for k, v in data["lists"][name].items() if k not in ("file", "values")},
            "values": entries,
        }
    for name, score in model.scores.items():
        if score.points:
            data["scores"][name]["points"] = {item: _long_points(points) for item, points in score.points.items()}
    above: str | None = None
    for name, stage in model.stages.items():
        usual = (above,) if above is not None else ()
        if stage.after == usual and not stage.beside:
            data["stages"][name].pop("after", None)
        if not stage.beside:
            above = name
    ordered = _ordered_as_lists(data)
    return json.dumps(_exact(ordered), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(model: Model) -> str:
    """SHA-256 over the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical_json(model).encode("utf-8")).hexdigest()


def _ordered_as_lists(data: Data) -> Data:
    found = dict(data)
    if "tiers" in data:
        found["tiers"] = {
            name: {**tier, "cases": [{"name": case, "when": when} for case, when in tier["cases"].items()]}
            for name, tier in data["tiers"].items()
        }
    if "stages" in data:
        found["stages"] = [{"name": name, **stage} for name, stage in data["stages"].items()]
    return found


def _plain(value: Any) -> Any:
    """Numbers and dates as JSON has them."""
    match value:
        case dict():
            return {key: _plain(each) for key, each in value.items()}
        case list():
            return [_plain(each) for each in value]
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case dt.date():
            return value.isoformat()
        case _:
            return value


def _exact(value: Any) -> Any:
    match value:
        case dict():
            return {key: _exact(each) for key, each in value.items()}
        case list():
            return [_exact(each) for each in value]
        case bool() | str():
            return value
        case int():
            return str(value)
        case Decimal():
            return format(value.normalize() + 0, "f")
        case dt.date():
            return value.isoformat()
        case _:
            return value


# --- entries ---


def _given(**values: Any) -> Data:
    return {key: value for key, value in values.items() if value is not None}


def _more(team: Team) -> Data:
    return _given(hours=team.hours, holidays=list(team.holidays) or None, timezone=team.timezone)


def _team(team: Team) -> Any:
    more = _more(team)
    return {"title": team.title, **more} if more else team.title


def _property(field: Field) -> Data:
    return _given(
        type=field.type, choices=list(field.choices) or None, label=field.label, ask=field.ask, unit=field.unit,
        changeable=None if field.changeable else False,
    )  # fmt: skip


def _field(name: str, field: Field) -> Data:
    usual = name not in UNCHANGEABLE if name in STANDARD_FIELDS else True
    data = _property(field)
    data.pop("changeable", None)
    return data if field.changeable == usual else {**data, "changeable": field.changeable}


def _activity(activity: ActivityType) -> Data:
    properties: Data = {}
    for name, field in activity.properties.items():
        data = _property(field)
        properties[name] = data["type"] if set(data) == {"type"} else data
    return _given(label=activity.label, properties=properties or None)


def _list(listed: NamedList, list_files: bool) -> Data:
    file = listed.file if list_files else None
    values = None if file is not None else list(listed.values)
    return _given(team=listed.team, file=file, values=values, why=listed.why)


def _life(fact: Fact) -> Data:
    return _given(status=None if fact.status == "adopted" else fact.status, review_on=fact.review_on)


def _trait(trait: Trait) -> Data:
    return {
        **_given(
            title=trait.title, team=trait.team, when=str(trait.when), when_unknown=trait.when_unknown, why=trait.why
        ),
        **_life(trait),
    }


def _tier(tier: Tier) -> Data:
    cases = {case.name: OTHERWISE if case.when is None else str(case.when) for case in tier.cases}
    return {
        **_given(title=tier.title, team=tier.team, cases=cases, when_unknown=tier.when_unknown, why=tier.why),
        **_life(tier),
    }


def _signal(signal: Signal) -> Data:
    return {**_given(title=signal.title, team=signal.team, each=str(signal.each), why=signal.why), **_life(signal)}


def _score(score: Score) -> Data:
    points = {item: _short_points(given) for item, given in score.points.items()}
    return {
        **_given(
            title=score.title, team=score.team, points=points or None, of=None if score.of is None else str(score.of),
            start=score.start or None, cap=score.cap, floor=score.floor,
            only_when=None if score.only_when is None else str(score.only_when), why=score.why,
        ),
        **_life(score),
    }  # fmt: skip


def _short_points(points: Points) -> Any:
    if isinstance(points, TraitPoints) and not points.no:
        return points.yes
    return _long_points(points)


def _long_points(points: Points) -> Data:
    match points:
        case TraitPoints(yes, no):
            return {key: value for key, value in (("yes", yes), ("no", no)) if value} or {"yes": yes}
        case TierPoints(cases):
            return dict(cases)
        case SignalPoints(each, limit, at_most, fades):
            return _given(
                each=each, limit=None if limit is None else str(limit), at_most=at_most,
                fades=None if fades is None else str(fades),
            )  # fmt: skip
        case _:
            assert_never(points)


def _stage(stage: Stage) -> Data:
    return _given(
        title=stage.title, after=list(stage.after) if stage.after_written else None,
        disqualified_by=list(stage.disqualified_by) or None,
        requires={team: str(rule) for team, rule in stage.requires.items()},
        handoff=[_handoff(handoff) for handoff in stage.handoff] or None,
    )  # fmt: skip


def _handoff(handoff: Handoff) -> Data:
    number, unit = handoff.act_within
    return _given(
        when=None if handoff.when is None else str(handoff.when), team=handoff.team, to=handoff.to,
        act_within=f"{number} {unit.removesuffix('s') if number == 1 else unit}", if_late=handoff.if_late,
    )  # fmt: skip
