"""Engines that judge tables say of every lead what the plain evaluator and the generated function say of it."""

from __future__ import annotations

import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.columns.agreeing import Tally, compare, wanted
from tests.columns.differences import unlisted
from tests.columns.drawing import drawn, leads_of
from tests.columns.engines import Engine, Judge
from tests.strategies import models, moments

SEEDS, EACH = range(40), 60
FEW_SEEDS, FEW = range(100, 104), 80


def test_drawn_leads_come_out_as_the_plain_evaluator_says(opened: tuple[Engine, Judge]) -> None:
    """One meaning: who counts leads in the warehouse counts those that the form's backend let through."""
    engine, judge = opened
    tally = Tally()
    for seed in SEEDS if engine.fast else FEW_SEEDS:
        one = drawn(seed, EACH if engine.fast else FEW)
        tally.add(compare(judge, wanted(one.model, one.leads, one.as_of), largest=engine.largest))

    assert not tally.different, "\n".join(tally.different)
    assert tally.compared >= (1_500 if engine.fast else 250)
    assert unlisted(tally.refused) == []


def test_hypothesis_finds_no_definition_that_an_engine_reads_otherwise(opened: tuple[Engine, Judge]) -> None:
    """The same by a searcher that shrinks what it finds to the plainest definition."""
    engine, judge = opened

    @settings(
        max_examples=15 if engine.fast else 2, database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(data=st.data())
    def agree(data: st.DataObject) -> None:
        model, as_of = data.draw(models()), data.draw(moments())
        dice = random.Random(data.draw(st.integers(0, 1_000), label="seed"))
        found = compare(judge, wanted(model, leads_of(model, as_of, dice, 20), as_of), 1, engine.largest)
        assert not found.different, found.different[0]

    agree()
