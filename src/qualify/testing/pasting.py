"""What was found as a story in TOML: ready to paste, and small enough to read."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qualify.testing.noticing import Noticed


def as_story(found: Noticed) -> str:
    """The story of a lead that tells two definitions apart: what the first says of it.

    >>> from datetime import datetime, UTC
    >>> from qualify.testing.noticing import Noticed
    >>> lead = {"employees": 50, "activities": []}
    >>> expect = {"stage": "sql", "traits": {"large": "yes"}}
    >>> print(as_story(Noticed(lead, datetime(2026, 11, 2, 12, tzinfo=UTC), expect, ("employees",))))
    [[story]]
    title = "With employees 50 the stage is sql, and large is yes"
    as_of = 2026-11-02T12:00:00Z
    fields = { employees = 50 }
    activities = []
    <BLANKLINE>
    [story.expect]
    stage = "sql"
    traits = { large = "yes" }
    <BLANKLINE>
    """
    lines = [
        "[[story]]",
        f"title = {_toml(title_of(found))}",
        f"as_of = {_toml(found.as_of)}",
        f"fields = {_toml({name: value for name, value in found.lead.items() if name != 'activities'})}",
    ]
    activities = found.lead.get("activities")
    if activities is not None:
        told = [_toml(each) for each in _counted(activities)]
        if len(told) < 2:
            lines.append(f"activities = [{''.join(told)}]")
        else:
            lines += ["activities = [", *(f"  {each}," for each in told), "]"]
    lines += ["", "[story.expect]"]
    lines += [f"{key} = {_toml(value)}" for key, value in found.expect.items()]
    return "\n".join(lines) + "\n"


def title_of(found: Noticed) -> str:
    """What the story is about in one sentence: what matters of the lead, and what comes of it."""
    causes = []
    for name in found.because:
        if name in found.lead and name != "activities":
            causes.append(f"{name} {_plainly(found.lead[name])}")
    happened = found.lead.get("activities")
    if happened is not None:
        for each in _counted(happened):
            when = _ago(found.as_of, each["at"])
            times = each.get("times", 1)
            causes.append(f"{times} {each['type']} {when}" if times > 1 else f"a {each['type']} {when}")
    stage = found.expect.get("stage")
    results = ["there is no stage" if stage == "none" else f"the stage is {stage}"]
    for section, of in found.expect.items():
        match section:
            case "stages":
                results += [f"{name} is {state.replace('_', ' ')}" for name, state in of.items()]
            case "sides":
                results += [
                    f"{team} says {answer} to {name}" for name, sides in of.items() for team, answer in sides.items()
                ]
            case "traits" | "tiers" | "scores":
                results += [f"{name} is {_plainly(value)}" for name, value in of.items()]
            case "handoff":
                results.append("nobody gets it" if of == "none" else f"{of} gets it")
            case "missing":
                results.append(f"what is missing is {_and(of)}" if of else "nothing is missing")
            case "left_out_by":
                results.append(f"{_and(of)} leaves it out")
            case _:
                pass
    return f"With {_and(causes[:3]) if causes else 'nothing known'} {_and(dict.fromkeys(results[:3]), ', and ')}"


def _ago(as_of: dt.datetime, at: dt.datetime) -> str:
    seconds = (as_of - at.replace(tzinfo=at.tzinfo or as_of.tzinfo)).total_seconds()
    if seconds == 0:
        return "now"
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds % length == 0 and seconds > 0:
            number = int(seconds // length)
            return f"{number} {unit}{'' if number == 1 else 's'} ago"
    return f"on {at.date().isoformat()}"


def _plainly(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case float() | Decimal():
            return _toml(value)
        case dt.datetime():
            return value.isoformat(timespec="minutes").replace("+00:00", "Z")
        case list() | tuple():
            return " or ".join(map(_plainly, value)) or "empty"
        case _:
            return str(value)


def _and(words: Iterable[str], last: str = " and ") -> str:
    listed = list(words)
    return listed[0] if len(listed) == 1 else ", ".join(listed[:-1]) + last + listed[-1] if listed else ""


def _counted(activities: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Alike ones stand once, with how many there are."""
    found = []
    for _, group in groupby(activities, key=repr):
        alike = list(group)
        entry = {key: value for key, value in alike[0].items() if key != "properties" or value}
        times = sum(each.get("times", 1) for each in alike)
        found.append({**entry, **({"times": times} if times > 1 else {})})
    return found


def _toml(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case Decimal():
            return format(value.normalize() + 0, "f")
        case int():
            return str(value)
        case float():
            return _toml(Decimal(repr(value))) if value % 1 else str(int(value))
        case dt.datetime():
            zone = value.isoformat()
            return zone.replace("+00:00", "Z")
        case dt.date():
            return value.isoformat()
        case Mapping():
            inner = ", ".join(f"{_key(key)} = {_toml(each)}" for key, each in value.items() if each is not None)
            return f"{{ {inner} }}" if inner else "{}"
        case list() | tuple():
            return f"[{', '.join(map(_toml, value))}]"
        case _:
            raise TypeError(f"a story has no {type(value).__name__}")


def _key(name: str) -> str:
    return name if name.replace("_", "").replace("-", "").isalnum() and name.isascii() else json.dumps(name)


__all__ = ["as_story", "title_of"]
