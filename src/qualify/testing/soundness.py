"""Whether a verdict follows from its evidence: each answer from what was seen, each rule from its tests' answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from qualify.definition.model import Model
from qualify.engine.clock import Clock
from qualify.engine.decision import Decision, ScoreOutcome, TierOutcome, TraitOutcome
from qualify.engine.evaluate import Evaluator
from qualify.engine.meaning import Meaning
from qualify.engine.sight import Events, Sight
from qualify.errors import QualifyError
from qualify.rules.logic import settle
from qualify.rules.tree import Rule
from qualify.verdict import Answer, Evidence, Verdict

SAID = {Answer.YES: True, Answer.NO: False, Answer.UNKNOWN: None}


def unsound(verdict: Verdict, model: Model) -> str | None:
    """What doesn't follow from a verdict's evidence, in words; None where everything does."""
    clock = Evaluator(model).clock(verdict.as_of)
    for each in evidence_of(verdict):
        again = Answer.of(only(each.seen, verdict, model, clock).answer(each.asked))
        if again is not each.answer:
            return f"`{each.asked}` is said to be {each.answer}, but from what was seen it is {again}"
    for what, answer, said in _rules(verdict):
        if answer is not said:
            return f"{what} is said to be {said}, but from the answers to its tests it is {answer}"
    for name, tier in facts(verdict, "tiers").items():
        answers = answers_of(tier.evidence)
        can_be = {case: True if rule is None else settle(rule, answers) for case, rule in tier.cases.items()}
        possible = tuple(case for case, answer in can_be.items() if answer is not False)
        if tier.possible != possible and not (tier.assumed and len(possible) > 1):
            return f"the tier {name} is said to be {_or(tier.possible)}, but from its tests it is {_or(possible)}"
    return None


def _rules(verdict: Verdict) -> Iterator[tuple[str, Answer, Answer]]:
    """Each trait and side: what it is, what follows from its tests, and what is said."""
    for name, trait in facts(verdict, "traits").items():
        settled = Answer.of(settle(trait.when, answers_of(trait.evidence)))
        if settled is not Answer.UNKNOWN or not trait.assumed:
            yield f"the trait {name}", settled, trait.answer
    for name, stage in verdict.stages.items():
        for team, rule in stage.requires.items():
            settled = Answer.of(settle(rule, answers_of(stage.evidence[team])))
            yield f"{name}'s side {team}", settled, stage.sides[team]


def facts(verdict: Verdict, section: str) -> Mapping[str, Any]:
    """All facts of one kind, whether they count or are only tried."""
    tried = (verdict, verdict.shadow, verdict.proposed)
    return {name: fact for part in tried for name, fact in getattr(part, section).items()}


def evidence_of(verdict: Verdict) -> Iterator[Evidence]:
    """Every piece of evidence in a verdict."""
    for section in ("traits", "tiers", "signals", "scores"):
        for fact in facts(verdict, section).values():
            yield from fact.evidence
    for stage in verdict.stages.values():
        for evidence in stage.evidence.values():
            yield from evidence


def answers_of(evidence: tuple[Evidence, ...]) -> Callable[[Rule], bool | None]:
    """The answers that evidence holds, by its test."""
    return {each.asked: SAID[each.answer] for each in evidence}.__getitem__


def only(seen: Mapping[str, Any], verdict: Verdict, model: Model, clock: Clock) -> Meaning:
    """The plain evaluator on nothing but what was seen."""
    traits = {name: TraitOutcome(SAID[seen[name]]) for name in facts(verdict, "traits") if name in seen}
    tiers = {name: _tier(seen[name]) for name in facts(verdict, "tiers") if name in seen}
    scores = {name: ScoreOutcome(seen[name]) for name in facts(verdict, "scores") if name in seen}
    fields = {name: value for name, value in seen.items() if name in model.declared_fields}
    known = Decision(traits=traits, tiers=tiers, scores=scores)
    return Meaning(model, Sight(fields, _events(seen.get("activities"))), clock, known)


def _tier(seen: Any) -> TierOutcome:
    return TierOutcome(seen, (seen,)) if isinstance(seen, str) else TierOutcome(None, seen)


def _events(activities: Any) -> Events | None:
    if activities is None:
        return None
    happened = Events()
    for each in activities:
        happened.setdefault(each.type, []).append((each.at, each.properties))
    return happened


def holds_any(verdict: Verdict, part: str) -> bool:
    """Whether a verdict says something there; one that was stored without it doesn't."""
    try:
        return bool(getattr(verdict, part))
    except QualifyError:
        return False


def _or(names: tuple[str, ...]) -> str:
    return " or ".join(names) or "nothing"


__all__ = ["answers_of", "evidence_of", "facts", "holds_any", "only", "unsound"]
