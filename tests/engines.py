"""Every engine behind one interface, so that a test is written once and holds for all of them.

An engine takes a definition's model and many leads, and gives a decision or an error for each. Another engine joins by
a line in `ENGINES`; a test takes the fixture `engine` and never asks which one it got.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias

import pytest

from qualify.definition.model import Model
from qualify.engine.decision import Decision
from qualify.engine.evaluate import Evaluator, decision_of
from qualify.errors import QualifyError
from qualify.lead import lead_model

Result: TypeAlias = Decision | QualifyError
Engine: TypeAlias = Callable[[Model, Iterable[object], datetime], list[Result]]
"""(a definition's model, leads, as_of) -> for each lead what was decided, or why it was refused."""


def plain(model: Model, leads: Iterable[object], as_of: datetime) -> list[Result]:
    """The plain evaluator, which states the meaning."""
    evaluator = Evaluator(model)
    clock = evaluator.clock(as_of)
    return [_tried(lambda lead=lead: evaluator.explained(lead, clock)) for lead in leads]  # type: ignore[misc]


def compiled(model: Model, leads: Iterable[object], as_of: datetime) -> list[Result]:
    """The generated function."""
    session = Evaluator(model).session(as_of)

    def judged(lead: object) -> Decision:
        return decision_of(session.judge(lead)[1], session.compiled, model)

    return [_tried(lambda lead=lead: judged(lead)) for lead in leads]  # type: ignore[misc]


def compiled_over_models(model: Model, leads: Iterable[object], as_of: datetime) -> list[Result]:
    """The generated function over `Lead` objects, which have been read before a definition sees them."""
    kind = lead_model(tuple((name, field.type) for name, field in model.fields.items()))

    def judged(lead: object) -> Result:
        given = kind(**lead) if isinstance(lead, Mapping) else lead
        return compiled(model, [given], as_of)[0]

    return [_tried(lambda lead=lead: judged(lead)) for lead in leads]  # type: ignore[misc]


def _tried(judge: Callable[[], Result]) -> Result:
    try:
        return judge()
    except QualifyError as why:
        return why


ENGINES: tuple[Engine, ...] = (plain, compiled, compiled_over_models)


@pytest.fixture(params=ENGINES, ids=lambda engine: engine.__name__)
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine in turn."""
    found: Engine = request.param
    return found


def comparable(result: Result) -> object:
    """What engines must agree on: all outcomes, and for an error its class, its code and what it says."""
    if isinstance(result, QualifyError):
        return type(result), result.code, str(result)
    scores = {name: replace(score, points={}) for name, score in result.scores.items()}
    return replace(result, scores=scores, signals={})
