"""What is expected of a verdict, held against what came out: for stories, and for asserting in a test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from qualify.engine.clock import wall_of, zone_of
from qualify.errors import QualifyError, enumerated, nearest
from qualify.verdict import Answer, Verdict
from qualify.verdict.account import telling
from qualify.verdict.answer import StageState
from qualify.verdict.parts import ScoreVerdict, SignalVerdict, TierVerdict, TraitVerdict
from qualify.verdict.phrases import bounds, number

ONE_BY_ONE = ("stages", "sides", "traits", "tiers", "scores", "facts")
"""What is expected by name; the rest is expected of the verdict as a whole."""
AS_A_WHOLE = ("stage", "missing", "handoff", "left_out_by")
PARTS = ("stage", *ONE_BY_ONE, *AS_A_WHOLE[1:])
NONE = "none"
ANSWERS = tuple(map(str, Answer))
STATES = tuple(map(str, StageState))
LEFT_OUT = "the lead is left out"
NOT_THERE = "not in this definition"
_ONE = {"stages": "stage", "traits": "trait", "tiers": "tier", "scores": "score", "facts": "fact"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that came out otherwise than it was expected."""

    part: str
    """The part of what was expected: `stage`, `traits`, `sides`, ..."""
    name: str
    """Of what: a fact, a stage, a stage and a team (`sql, sales`); empty where the part is one thing."""
    expected: object
    came_out: object

    def __str__(self) -> str:
        return f"{self.what}: expected {in_words(self.expected)}, came out {in_words(self.came_out)}"

    @property
    def what(self) -> str:
        """What it is about, in words: `trait large`, `side sql, sales`, `stage`."""
        part = "side" if self.part == "sides" else _ONE.get(self.part, self.part.replace("_", " "))
        return f"{part} {self.name}".rstrip()


def differences(verdict: Verdict, expect: Mapping[str, Any]) -> tuple[Difference, ...]:
    """All that came out otherwise than expected, the stage first."""
    return tuple(
        Difference(part, ", ".join(names), expected, came)
        for part, names, expected in _each(expect)
        if plain(came := came_out(verdict, part, *names)) != plain(expected)
    )


def _each(expect: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...], object]]:
    for part in sorted(expect, key=PARTS.index):
        of = expect[part]
        if part == "sides":
            yield from ((part, (stage, team), said) for stage, sides in of.items() for team, said in sides.items())
        elif part in ONE_BY_ONE:
            yield from ((part, (name,), said) for name, said in of.items())
        else:
            yield part, (), of


def came_out(verdict: Verdict, part: str, name: str = "", team: str = "") -> object:
    """What a verdict says of one thing, in the words in which stories expect it."""
    match part:
        case "stage":
            return verdict.stage or NONE
        case "missing":
            return [missing.field for missing in verdict.missing]
        case "handoff":
            return verdict.handoff.team if verdict.handoff else NONE
        case "left_out_by":
            return list(verdict.left_out_by)
        case "stages" if name in verdict.stages:
            return str(verdict.stages[name].state)
        case "sides" if name in verdict.stages and team in verdict.stages[name].sides:
            return str(verdict.stages[name].sides[team])
        case "traits" | "tiers" | "scores" | "facts":
            sections = ("traits", "tiers", "signals", "scores") if part == "facts" else (part,)
            for section in sections:
                if name in (of := getattr(verdict, section)):
                    return _fact(of[name])
    return LEFT_OUT if verdict.left_out_by else NOT_THERE


def _fact(fact: TraitVerdict | TierVerdict | SignalVerdict | ScoreVerdict) -> object:
    match fact:
        case TraitVerdict(answer=answer):
            return str(answer)
        case TierVerdict(case=case, possible=possible):
            return case or list(possible)
        case SignalVerdict(count=count):
            return str(Answer.UNKNOWN) if count is None else count
        case ScoreVerdict(at_least=low, at_most=high):
            return (
                low if low is not None and low == high else NONE if low is None and high is None else _ends(low, high)
            )


def _ends(low: Decimal | None, high: Decimal | None) -> list[object]:
    return [NONE if end is None else end for end in (low, high)]


def plain(value: object) -> object:
    """A value as it is compared: numbers exactly, lists and tuples alike, words as text."""
    match value:
        case None:
            return NONE
        case StrEnum():
            return str(value)
        case bool():
            return f"{value}".lower()
        case float():
            return Decimal(repr(value))
        case list() | tuple():
            return [plain(each) for each in value]
        case _:
            return value


def in_words(value: object) -> str:
    """An expectation, or what came out, as people read it."""
    match plain(value):
        case [low, high] if not (isinstance(low, str) and isinstance(high, str)):  # a score that is not all known
            return bounds(*(None if end == NONE else end for end in (low, high)))
        case list() as several:
            return ", ".join(map(in_words, several)) or "nothing"
        case int() | Decimal() as points:
            return number(points)
        case other:
            return str(other)


def told(verdict: Verdict, differing: tuple[Difference, ...]) -> str:
    """What was expected beside what came out, and the verdict explained: about the stage that was expected."""
    rows = [("", "expected", "came out")]
    rows += [(each.what, in_words(each.expected), in_words(each.came_out)) for each in differing]
    widths = [max(len(row[at]) for row in rows) for at in range(2)]
    lines = []
    because = telling(verdict)
    for at, (what, expected, came) in enumerate(rows):
        lines.append(f"  {what:<{widths[0]}}  {expected:<{widths[1]}}  {came}".rstrip())
        if at and (fact := _explained(verdict, differing[at - 1])) is not None:
            lines += [f"    {clause}" for clause in because(fact)]
    stage = next((each for each in map(_about, differing) if each in verdict.stages), None)
    return "\n".join(lines) + "\n\n" + verdict.explain(stage=stage, width=80)


def _about(difference: Difference) -> str:
    """The stage that a difference is about."""
    if difference.part == "stage":
        return str(difference.expected)
    return difference.name.partition(", ")[0] if difference.part in ("stages", "sides") else ""


def _explained(verdict: Verdict, difference: Difference) -> TraitVerdict | TierVerdict | ScoreVerdict | None:
    if difference.part not in ("traits", "tiers", "facts"):
        return None
    trait = verdict.traits.get(difference.name)
    return verdict.tiers.get(difference.name) if trait is None else trait


def moment(verdict: Verdict) -> str:
    """The moment of a verdict, as its definition's people see it: `2026-11-24 07:00 (America/New_York)`."""
    zone = verdict.words.zone
    return f"{wall_of(verdict.as_of, zone_of(zone)):%Y-%m-%d %H:%M} ({zone})"


def check_verdict(verdict: Verdict, **expect: Any) -> None:
    """Raise AssertionError, which tells why, unless a verdict is as expected; parts as under a story's `expect`.

    >>> import qualify
    >>> definition = qualify.define(
    ...     name="Small",
    ...     teams={"sales": "Sales"},
    ...     traits={"large": {"team": "sales", "when": "employees >= 50", "why": "They need us."}},
    ...     stages={"sql": {"requires": {"sales": "large"}}},
    ... )
    >>> verdict = definition.qualify({"employees": 80})
    >>> check_verdict(verdict, stage="sql", traits={"large": "yes"}, sides={"sql": {"sales": "yes"}}, missing=[])
    >>> check_verdict(verdict, traits={"lage": "no"})
    Traceback (most recent call last):
        ...
    qualify.errors.QualifyError: unknown trait 'lage'; did you mean 'large'?

    Raises QualifyError for a part, a name or a word that no verdict of this definition has.
    """
    __tracebackhide__ = True
    if not isinstance(verdict, Verdict):
        raise QualifyError(f"a verdict is expected here, found {type(verdict).__name__}", code="bad-argument")
    if not expect:
        raise QualifyError(f"nothing is expected: say one of {', '.join(PARTS)}", code="bad-argument")
    for part, of in expect.items():
        _must_be("expectation", part, PARTS)
        if part in ONE_BY_ONE and not isinstance(of, Mapping):
            raise QualifyError(f"'{part}' is expected by name: {part}={{name: ...}}", code="bad-argument")
        if part == "sides" and not all(isinstance(sides, Mapping) for sides in of.values()):
            raise QualifyError(
                "'sides' are expected by stage and team: sides={stage: {team: ...}}", code="bad-argument"
            )
    _check_names(verdict, expect)
    differing = differences(verdict, expect)
    if differing:
        raise AssertionError(f"the verdict is not as expected\n\n{told(verdict, differing)}")


def _check_names(verdict: Verdict, expect: Mapping[str, Any]) -> None:
    for part, names, expected in _each(expect):
        word = plain(expected)
        if part in ("traits", "sides") and word not in ANSWERS:
            _must_be("answer", in_words(word), ANSWERS)
        if part == "stages" and word not in STATES:
            _must_be("state", in_words(word), STATES)
        if verdict.left_out_by:  # it knows no names
            continue
        if part == "stage" and word != NONE:
            _must_be("stage", in_words(word), verdict.stages)
        elif part == "sides":
            _must_be("stage", names[0], verdict.stages)
            _must_be("team", names[1], verdict.stages[names[0]].sides)
        elif part == "facts":
            _must_be("fact", names[0], {**verdict.traits, **verdict.tiers, **verdict.signals, **verdict.scores})
        elif part in ONE_BY_ONE:
            _must_be(_ONE[part], names[0], getattr(verdict, part))


def _must_be(what: str, name: str, known: Mapping[str, object] | tuple[str, ...]) -> None:
    if name in known:
        return
    near = nearest(name, known)
    hint = f"; did you mean '{near}'?" if near else f"; there are: {enumerated(known)}"
    raise QualifyError(f"unknown {what} '{name[:64]}'{hint}", code=f"unknown-{what}")


__all__ = [
    "ANSWERS", "NONE", "ONE_BY_ONE", "PARTS", "STATES", "Difference", "came_out", "check_verdict", "differences", "in_words",
    "moment", "plain", "told",
]  # fmt: skip
