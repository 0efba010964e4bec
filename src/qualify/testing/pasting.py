"""What was found as a story in TOML: ready to paste, and small enough to read."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
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
    title = "With employees 50 the stage is sql: large is yes"
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


def together(found: Iterable[tuple[str, Noticed]]) -> list[tuple[list[str], Noticed]]:
    """Changes in words with the leads that notice them: those with the same lead together, to be one story."""
    grouped: dict[tuple[str, dt.datetime], tuple[list[str], Noticed]] = {}
    for what, noticed in found:
        key = (repr(noticed.lead), noticed.as_of)
        if key in grouped:
            words, first = grouped[key]
            because = tuple(dict.fromkeys((*first.because, *noticed.because)))
            both = replace(first, expect=_joined(first.expect, noticed.expect), because=because)
            grouped[key] = ([*words, what], both)
        else:
            grouped[key] = ([what], noticed)
    return list(grouped.values())


def _joined(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    found = {**one, **other}
    for key, value in one.items():
        if isinstance(value, Mapping) and key in other:
            found[key] = _joined(value, other[key])
    return found


def title_of(found: Noticed) -> str:
    """What the story is about in one sentence: what matters of the lead, and what comes of it."""
    causes = []
    for name in found.because:
        if name in found.lead and name != "activities":
            causes.append(f"{name} {_plainly(found.lead[name])}")
    happened = found.lead.get("activities")
    for each in _counted(happened or ()):
        times = f" ({each['times']} times)" if "times" in each else ""
        causes.append(f"{each['type']}{times} {_ago(found.as_of, each['at'])}")
    nothing = "Where nothing is known" if happened is None else "Where nothing happened"
    when = f"With {_and(causes[:3])}" if causes else nothing
    results = [*_results(found.expect)][:3]
    return f"{when} {_reached(found.expect)}" + (f": {_and(results)}" if results else "")


def _reached(expect: Mapping[str, Any]) -> str:
    if "stage" not in expect:
        return "the lead is left out"
    return "no stage is reached" if expect["stage"] == "none" else f"the stage is {expect['stage']}"


def _results(expect: Mapping[str, Any]) -> Iterable[str]:
    for section in ("left_out_by", "traits", "tiers", "stages", "sides", "scores", "handoff", "missing"):
        of = expect.get(section)
        match section:
            case _ if of is None:
                pass
            case "stages":
                yield from (f"{name} is {state.replace('_', ' ')}" for name, state in of.items())
            case "sides":
                for name, sides in of.items():
                    yield from (f"{team} says {answer} to {name}" for team, answer in sides.items())
            case "traits" | "tiers" | "scores":
                yield from (f"{name} is {_plainly(value)}" for name, value in of.items())
            case "handoff":
                yield "nobody gets it" if of == "none" else f"{of} gets it"
            case "left_out_by":
                yield f"{_and(of)} says yes"
            case _:
                yield f"{of[0]} is asked for first" if of else "nothing is asked for"


def _ago(as_of: dt.datetime, at: dt.datetime) -> str:
    seconds = (as_of - at.replace(tzinfo=at.tzinfo or as_of.tzinfo)).total_seconds()
    if seconds == 0:
        return "now"
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length:
            number = int(seconds // length)
            more = "more than " if seconds % length else ""
            return f"{more}{number} {unit}{'' if number == 1 else 's'} ago"
    return "just now" if seconds > 0 else "later"


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


__all__ = ["as_story", "title_of", "together"]
