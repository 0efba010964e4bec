"""Test data for every room: what a person could write, drawn by Hypothesis.

Strategies build, they don't filter; what they draw prints as one would type it, and shrinks to the plainest. Most of
them are the library's own (`qualify.testing`), so that its engines are tested with what everybody gets. Only our own
tests need what is beside this file:

    leads.py        leads near a definition's edges as plain dicts, odd forms of a value included, or with a wrong
                    value; `cases`: a definition, a lead and a moment together

The shortest way to an agreement of two engines:

    @given(cases())
    def test_two_engines_agree(case):
        assert one(case.model, case.lead, case.as_of) == other(case.model, case.lead, case.as_of)
"""

from qualify.testing.moments import moments
from qualify.testing.pick import Pick
from qualify.testing.syntax import formulas, names, numbers, rules, selections, spans, terms, texts
from qualify.testing.worlds import World, typed_rules, world_of, worlds
from qualify.testing.written import models
from qualify.testing.written import written_definitions as definitions
from tests.strategies.leads import Case, cases, leads, wrong_leads

__all__ = [
    "Case",
    "Pick",
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
