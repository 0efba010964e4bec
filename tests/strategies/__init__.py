"""Test data for every room: what a person could write, drawn by Hypothesis.

Strategies build, they don't filter; what they draw prints as one would type it, and shrinks to the plainest.

    pick.py         a short hand for drawing; literals.py: what drawn definitions compare with
    syntax.py       names, rules, selections, formulas: whatever the grammar allows, sense or nonsense
    worlds.py       a `World` of declared names, and rules in it that pass the type check
    definitions.py  whole definitions that load, as `define_model` takes them, and their models
    moments.py      moments to judge at
    leads.py        leads near a definition's edges, or with a wrong value; `cases`: all together

The shortest way to an agreement of two engines:

    @given(cases())
    def test_two_engines_agree(case):
        assert one(case.model, case.lead, case.as_of) == other(case.model, case.lead, case.as_of)
"""

from tests.strategies.definitions import definitions, models
from tests.strategies.leads import Case, cases, leads, wrong_leads
from tests.strategies.moments import moments
from tests.strategies.syntax import formulas, names, numbers, rules, selections, spans, terms, texts
from tests.strategies.worlds import World, typed_rules, world_of, worlds

__all__ = [
    "Case",
    "World",
    "cases",
    "definitions",
    "formulas",
    "leads",
    "models",
    "moments",
    "names",
    "numbers",
    "rules",
    "selections",
    "spans",
    "terms",
    "texts",
    "typed_rules",
    "world_of",
    "worlds",
    "wrong_leads",
]
