"""One sentence of English for each lead: how it stands with the first stage that it hasn't reached, and who says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from qualify.columns.expressions import Compare, Constant, Expression, Nothing, all_of, case, is_null, not_
from qualify.definition.model import Model
from qualify.verdict.build import words_of
from qualify.verdict.phrases import Phrases

States = Mapping[str, tuple[Expression, Mapping[str, Expression]]]
"""For each stage its state, and what its sides say."""


def sentence(model: Model, states: States, answers: Mapping[str, Expression]) -> Expression:
    """`Whether it is an SQL is open: Sales can't say yet.`"""
    line = [name for name, stage in model.stages.items() if not stage.beside] or list(model.stages)
    phrases = Phrases(words_of(model))
    branches = [
        (holds, Constant(said)) for name in line for holds, said in _of_stage(name, model, states, answers, phrases)
    ]
    reached = Constant(f"It is {phrases.stage_in_full(line[-1])}.") if line else Nothing("text")
    return case(branches, reached)


def _of_stage(
    name: str, model: Model, states: States, answers: Mapping[str, Expression], phrases: Phrases
) -> Iterator[tuple[Expression, str]]:
    """What is said of a stage that isn't reached, and when; what decides comes first."""
    state, sides = states[name]
    full = phrases.stage_in_full(name)
    barred, refused, open_ = (_is(state, which) for which in ("disqualified", "not_yet", "undetermined"))
    for bar in model.stages[name].disqualified_by:
        yield all_of([barred, answers[bar]]), f"It is barred from being {full}: {phrases.fact(bar)}."
    yield barred, f"It is barred from being {full}."
    for team, side in sides.items():
        yield all_of([refused, not_(side)]), f"It is not {full}: {phrases.team(team)} says no."
    yield refused, f"It is not {full}."
    for team, side in sides.items():
        yield all_of([open_, is_null(side)]), f"Whether it is {full} is open: {phrases.team(team)} can't say yet."
    yield open_, f"Whether it is {full} is open: nobody knows whether it is barred."


def _is(state: Expression, which: str) -> Expression:
    if isinstance(state, Constant):
        return Constant(state.value == which)
    return Compare(state, "==", Constant(which))


__all__ = ["sentence"]
