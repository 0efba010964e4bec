"""The laws themselves: each looks at one lead, and says in words what is broken, or None.

A law asks the definition through its public door, so that whatever stands between a program and the library is held to
it too: a wrapper, a cache, a service.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Protocol, TypeVar

from qualify.definition.files import define_model
from qualify.definition.model import Model, Stage
from qualify.definition.order import Facts, facts_read, in_order, trees_of
from qualify.engine.decision import Decision, ScoreOutcome
from qualify.engine.evaluate import Evaluator, decision_of
from qualify.errors import QualifyError
from qualify.face import Definition, loads
from qualify.rules.reads import is_stable, reads
from qualify.testing.rewarding import rewards
from qualify.testing.soundness import holds_any, unsound
from qualify.testing.typed import fields_of
from qualify.verdict import Answer, Verdict
from qualify.verdict.parts import ScoreVerdict

T = TypeVar("T")
SAID: Mapping[bool | None, Answer] = {True: Answer.YES, False: Answer.NO, None: Answer.UNKNOWN}
RANK = {"disqualified": 0, "not_yet": 0, "undetermined": 1, "reached": 2}


class Choose(Protocol):
    """Chooses one of several; the first is the plainest."""

    def __call__(self, options: list[T], /) -> T:
        """One of them."""
        ...


@dataclass(frozen=True, slots=True)
class Case:
    """What a law looks at: a definition, a lead, the moment, and a way to choose what to do with them."""

    definition: Definition
    lead: object
    as_of: datetime
    choose: Choose
    decided: dict[bool, Decision] = field(default_factory=dict, compare=False, repr=False)
    """What the plain evaluator decided of this lead, for all laws that look at it."""

    @property
    def model(self) -> Model:
        """The definition's parts."""
        return self.definition.model

    def verdict(self, lead: object | None = None) -> Verdict:
        """The definition's verdict on the lead, or on another one."""
        return self.definition.qualify(self.lead if lead is None else lead, as_of=self.as_of)

    def decision(self, *, leaving_out: bool = True) -> Decision:
        """What the plain evaluator decides; and what it would, if nobody were left out."""
        if leaving_out not in self.decided:
            evaluator = _evaluator(_Same(self.model), leaving_out)
            self.decided[leaving_out] = evaluator.explained(self.lead, evaluator.clock(self.as_of))
        return self.decided[leaving_out]


class _Same:
    """A model as a key: what is made of it once serves all leads. It has no hash, nor need what stands before it."""

    def __init__(self, model: Model) -> None:
        self.model = model

    def __hash__(self) -> int:
        return id(self.model)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.model is other.model


@lru_cache(maxsize=16)
def _evaluator(key: _Same, leaving_out: bool = True) -> Evaluator:
    """The library's own evaluator, apart from that of the definition that is asked."""
    return Evaluator(key.model if leaving_out else replace(key.model, left_out_by=()))


Law = Callable[[Case], str | None]


def same_bytes(case: Case) -> str | None:
    """Asked again, and of the same lead told in another order."""
    first = case.verdict().to_json()
    if case.verdict().to_json() != first:
        return "asked twice, it gave two verdicts that differ"
    fields = fields_of(case.lead)
    told = dict(reversed(fields.items()))
    if told.get("activities"):
        told["activities"] = told["activities"][::-1]
    if case.verdict(told).to_json() != case.verdict(fields).to_json():
        return "the same fields and activities in another order gave another verdict"
    return None


def sides_compose(case: Case) -> str | None:
    """A stage's state is what its sides, disqualifiers and the stages before it make of it."""
    verdict = case.verdict()
    for name, stage in case.model.stages.items() if not verdict.left_out_by else ():
        found, expected = verdict.stages[name].state, _state(stage, name, verdict)
        if found != expected:
            sides = ", ".join(f"{team} {answer}" for team, answer in verdict.stages[name].sides.items())
            return f"{name} is {_words(found)} where it has to be {_words(expected)}: its sides say {sides}"
        if set(verdict.stages[name].sides) != set(stage.requires):
            return f"{name} has other sides than those that the definition requires"
    if verdict.reached != (reached := tuple(name for name in case.model.stages if _has(verdict, name, "reached"))):
        return f"reached is {_list(verdict.reached)}, but the stages that are reached are {_list(reached)}"
    line = [name for name in reached if not case.model.stages[name].beside]
    last = line[-1] if line else reached[-1] if reached else None
    if verdict.stage != last:
        return f"the stage is {verdict.stage or 'none'}, but the last one reached is {last or 'none'}"
    return None


def _state(stage: Stage, name: str, verdict: Verdict) -> str:
    before = [verdict.stages[earlier].state for earlier in stage.after]
    sides = verdict.stages[name].sides.values()
    bars = [verdict.traits[trait].answer for trait in stage.disqualified_by]
    if Answer.YES in bars or "disqualified" in before:
        return "disqualified"
    if Answer.NO in sides or "not_yet" in before:
        return "not_yet"
    all_yes = all(side is Answer.YES for side in sides) and all(bar is Answer.NO for bar in bars)
    return "reached" if all_yes and all(state == "reached" for state in before) else "undetermined"


def disqualifiers_win(case: Case) -> str | None:
    """Whatever else holds, a disqualifier that says yes bars, and one that may say yes keeps from being reached."""
    verdict, decision = case.verdict(), case.decision()
    if verdict.left_out_by or decision.left_out_by:
        return None
    for name in case.model.stages:
        for trait in _bars(case.model, name):
            state, answer = verdict.stages[name].state, decision.traits[trait].answer
            if answer is True and state != "disqualified":
                return f"{name} is {_words(state)} although its disqualifier {trait} says yes"
            if answer is True and trait not in verdict.stages[name].disqualified_by:
                return f"{name} is disqualified by {trait}, which its verdict doesn't name"
            if answer is None and state == "reached":
                return f"{name} is reached although nobody knows whether its disqualifier {trait} holds"
    return None


def _bars(model: Model, name: str) -> list[str]:
    found: dict[str, None] = {}
    rest, seen = [name], {name}
    while rest:
        stage = model.stages[rest.pop(0)]
        found.update(dict.fromkeys(stage.disqualified_by))
        rest += [before for before in stage.after if before not in seen]
        seen.update(stage.after)
    return list(found)


def left_out_shows_nothing(case: Case) -> str | None:
    """Who is to be left out is, and of who is left out nothing is shown."""
    verdict = case.verdict()
    traits = case.decision(leaving_out=False).traits
    must = tuple(name for name in case.model.left_out_by if traits[name].answer is True)
    if verdict.left_out_by != must:
        return f"it is left out by {_list(verdict.left_out_by)}, but has to be by {_list(must)}"
    if not must:
        return None
    shown = ("stages", "traits", "tiers", "signals", "scores", "notes", "reached", "reasons", "missing", "nearest")
    found = [part for part in ("stage", "handoff") if getattr(verdict, part) is not None]
    found += [part for part in shown if holds_any(verdict, part)]
    for part in ("shadow", "proposed"):
        tried = getattr(verdict, part)
        found += [part for section in ("traits", "tiers", "signals", "scores") if getattr(tried, section)]
    return f"the lead is left out by {_list(must)}, but its verdict shows {_list(found)}" if found else None


def stable(case: Case) -> str | None:
    """One more fact settles what was open, and turns nothing that was said."""
    full = fields_of(case.lead)
    known = [name for name in full if name in case.model.declared_fields and name != "id"]
    if not known:
        return None
    learned = case.choose(known)
    same = {"email", "email_domain"} if learned in ("email", "email_domain") else {learned}  # one says the other
    before = case.verdict({name: value for name, value in full.items() if name not in same})
    after = case.verdict(full)
    if before.left_out_by or after.left_out_by:
        return None
    holds = _stable_facts(_Same(case.model))
    for section, name in holds:
        was, now = _said(before, section, name), _said(after, section, name)
        if was not in (None, "unknown") and was != now:
            return f"learning {learned} turned the {section[:-1]} {name} from {was} to {now or 'unknown'}"
    facts = Facts(case.model.traits, case.model.tiers, case.model.signals, case.model.scores)
    for name, stage in case.model.stages.items():
        for team, rule in stage.requires.items():
            if is_stable(rule) and all(key in holds for key in facts.named(reads(rule))):
                said, now = before.stages[name].sides[team], after.stages[name].sides[team]
                if said is not Answer.UNKNOWN and now is not said:
                    return f"learning {learned} turned {team}'s side of {name} from {said} to {now}"
    return None


def _said(verdict: Verdict, section: str, name: str) -> str | None:
    if section == "traits":
        return str(verdict.traits[name].answer) if name in verdict.traits else None
    return verdict.tiers[name].case if section == "tiers" and name in verdict.tiers else None


@lru_cache(maxsize=16)
def _stable_facts(key: _Same) -> set[tuple[str, str]]:
    return stable_facts(key.model)


def stable_facts(model: Model) -> set[tuple[str, str]]:
    """The facts that learning only settles: what they read neither asks what is known or happened, nor is assumed."""
    facts = Facts(model.traits, model.tiers, model.signals, model.scores)
    every = facts.all()
    found: set[tuple[str, str]] = set()
    for key in in_order({key: facts_read(fact, facts) for key, fact in every.items()})[0]:
        fact = every[key]
        if (
            key[0] != "signals"
            and getattr(fact, "when_unknown", None) is None
            and all(is_stable(tree) for tree in trees_of(fact))
            and all(read in found for read in facts_read(fact, facts))
        ):
            found.add(key)
    return found


@lru_cache(maxsize=16)
def _rewards(key: _Same) -> Mapping[str, str]:
    return rewards(Definition(key.model))


def rewards_never_lower(case: Case) -> str | None:
    """More of what can only help doesn't harm."""
    fields = fields_of(case.lead)
    rewarded = [(name, way) for name, way in _rewards(_Same(case.model)).items() if _is_number(fields.get(name))]
    if not rewarded:
        return None
    name, way = case.choose(rewarded)
    was = fields[name]
    if isinstance(was, bool):
        now: Any = way == "up"
    else:
        step = case.choose([1, 10, 1_000, 1_000_000])
        exact = was if isinstance(was, int | Decimal) else Decimal(repr(was))
        now = exact + step if way == "up" else exact - step
    before, after = case.verdict(fields), case.verdict({**fields, name: now})
    change = f"with {name} {_shown(now)} instead of {_shown(was)}"
    if after.left_out_by and not before.left_out_by:
        return f"{change}, which the definition rewards, the lead is left out"
    for stage, outcome in before.stages.items() if not after.left_out_by else ():
        if RANK[after.stages[stage].state] < RANK[outcome.state]:
            states = f"{_words(after.stages[stage].state)} instead of {_words(outcome.state)}"
            return f"{change}, which the definition rewards, {stage} is {states}"
    return None


def _is_number(value: object) -> bool:
    """A number, a yes or a no; NaN and blank text say that nothing is known."""
    return isinstance(value, int | float | Decimal) and value == value


def evidence_is_sound(case: Case) -> str | None:
    """Every answer follows from what was seen."""
    return unsound(case.verdict(), case.model)


def json_round_trips(case: Case) -> str | None:
    """A verdict that was stored is the same verdict."""
    verdict = case.verdict()
    text = verdict.to_json()
    try:
        again = Verdict.from_json(text)
    except QualifyError as why:
        return f"the verdict that was written as JSON can't be read: {why}"
    if again.to_json() != text:
        return "written as JSON, read and written again, the verdict has other bytes"
    if again != verdict:
        return "the verdict that was read from JSON is another one"
    if again.reasons != verdict.reasons:
        return "the verdict that was read from JSON gives other reasons"
    return None


def written(definition: Definition) -> dict[str, Definition]:
    """The definition as each form of it gives it back."""
    toml = definition.to_toml()
    return {
        "TOML": loads(toml),
        "JSON": loads(definition.to_json(), format="json"),
        "Python": Definition(define_model(tomllib.loads(toml, parse_float=Decimal))[0]),
    }


def definition_round_trips(case: Case, forms: Mapping[str, Definition]) -> str | None:
    """Whichever form a definition was loaded from, it judges alike."""
    verdict = case.verdict()
    for form, again in forms.items():
        if again.qualify(case.lead, as_of=case.as_of) != verdict:
            return f"the definition that was written as {form} and read again gives another verdict"
    return None


def engines_agree(case: Case) -> str | None:
    """What the plain evaluator says, which states the meaning, the others say."""
    expected = _comparable(case.decision())
    for engine, answer in ENGINES.items():
        found = _comparable(answer(case))
        if found != expected:
            return f"{engine} says {_difference(found, expected)}"
    return None


def _compiled(case: Case) -> Decision:
    session = _evaluator(_Same(case.model)).session(case.as_of)
    return decision_of(session.judge(case.lead)[1], session.compiled, case.model)


def _asked(case: Case) -> Decision | Verdict:
    return case.verdict()


ENGINES: dict[str, Callable[[Case], Decision | Verdict]] = {
    "the compiled function": _compiled,
    "the definition": _asked,
}
"""What is compared with the plain evaluator; another engine joins by a line."""


def _comparable(found: Decision | Verdict) -> dict[str, object]:
    """What engines must agree on, by name: the same for what was decided and for a verdict on it."""
    told = (found, found.shadow) if isinstance(found, Verdict) else (found,)
    said: dict[str, object] = {"left out by": found.left_out_by, "stage": found.stage}
    for name, stage in found.stages.items():
        said[f"stage {name}"] = str(stage.state)
        said[f"what disqualifies from {name}"] = tuple(stage.disqualified_by)
        for team, side in stage.sides.items():
            said[f"{team}'s side of {name}"] = str(side if isinstance(side, Answer) else SAID[side])
    for part in told:
        for name, trait in part.traits.items():
            answer = trait.answer
            said[f"trait {name}"] = str(answer if isinstance(answer, Answer) else SAID[answer])
        for name, tier in part.tiers.items():
            said[f"tier {name}"] = tuple(tier.possible)
        for name, score in part.scores.items():
            said[f"score {name}"] = _ends(score)
    return said


def _ends(score: ScoreOutcome | ScoreVerdict) -> tuple[Decimal | None, ...]:
    """At least and at most; None for an end that is open."""
    ends = score.bounds if isinstance(score, ScoreOutcome) else (score.at_least, score.at_most)
    return tuple(None if end is None or end.is_infinite() else end for end in ends)


def _difference(found: Mapping[str, object], expected: Mapping[str, object]) -> str:
    name = next(name for name in {**expected, **found} if found.get(name) != expected.get(name))
    return f"{name}: {_shown(found.get(name))}, and the plain evaluator {_shown(expected.get(name))}"


def _shown(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case tuple():
            return _list(value)
        case None:
            return "none"
        case Decimal():
            return format(value.normalize() + 0, "f") if value.is_finite() else str(value)
        case _:
            return str(value)


def _list(names: Any) -> str:
    return ", ".join(map(_shown, names)) or "nothing"


def _words(state: object) -> str:
    return str(state).replace("_", " ")


def _has(verdict: Verdict, name: str, state: str) -> bool:
    return name in verdict.stages and verdict.stages[name].state == state
