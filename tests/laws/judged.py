"""A drawn case as a verdict, and how to look at all of its facts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

import qualify
from qualify.rules.reads import reads
from qualify.testing.soundness import evidence_of, facts
from qualify.verdict import Evidence, Verdict
from tests.strategies import Case, cases
from tests.strategies.pick import Pick


@st.composite
def open_cases(draw: Any, **options: Any) -> Case:
    """Cases of whose lead only some fields are known, so that much is open."""
    case = draw(cases(**{"facts": 9, **options}))
    kept = Pick(draw).some(list(case.lead), most=3)
    return replace(case, lead={name: case.lead[name] for name in case.lead if name in kept})


def judged(case: Case, **lead: Any) -> Verdict:
    """The verdict of a case, some fields of its lead replaced; cases that are refused are left out."""
    try:
        return qualify.Definition(case.model).qualify({**case.lead, **lead}, as_of=case.as_of)
    except qualify.QualifyError:
        assume(False)
        raise


def behind(verdict: Verdict, evidence: tuple[Evidence, ...]) -> list[Evidence]:
    """Evidence and all that it rests on, through facts."""
    found: list[Evidence] = []
    rest, seen = list(evidence), set[str]()
    traits, tiers, signals, scores = (facts(verdict, each) for each in ("traits", "tiers", "signals", "scores"))
    while rest:
        each = rest.pop()
        found.append(each)
        names = list(each.seen)
        while names:
            name = names.pop()
            if name in seen:
                continue
            seen.add(name)
            if name in traits:
                rest += traits[name].evidence
            elif name in tiers:
                rest += tiers[name].evidence
            elif name in scores:
                rest += scores[name].evidence
                names += scores[name].points
                names += () if scores[name].of is None else reads(scores[name].of).values
            elif name in signals:
                rest += signals[name].evidence
    return found


__all__ = ["behind", "evidence_of", "facts", "judged", "open_cases"]
