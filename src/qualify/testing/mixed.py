"""The leads that laws are tried on, and how one that breaks a law is made smaller.

By chance few leads reach a stage, and fewer are one fact short of it. So leads that reach stages are mixed with others,
field by field: some from this one, some from that one, some not known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

from hypothesis import strategies as st
from pydantic import BaseModel

from qualify.errors import QualifyError
from qualify.face import Definition
from qualify.testing.laws import Case, Law
from qualify.testing.typed import fields_of
from qualify.testing.unsatisfiable import Unsatisfiable

T = TypeVar("T")


@lru_cache(maxsize=32)
def leads_of(definition: Definition, as_of: datetime, traits: tuple[str, ...]) -> st.SearchStrategy[Any]:
    """Leads of a definition: any, those that reach a stage or have one of these traits, near an edge, and mixtures."""
    having = [found for name in traits if (found := _having(definition, as_of, name)) is not None]
    any_lead, *reaching = _reaching(definition, as_of)
    each = st.one_of([any_lead, *having, *reaching])  # the plainest first: it is what a failure shrinks to
    return mixtures(each) | each


@lru_cache(maxsize=32)
def _reaching(definition: Definition, as_of: datetime) -> tuple[st.SearchStrategy[Any], ...]:
    """Any leads, those that reach a stage, and those near an edge; building them takes longer than drawing many."""
    from qualify.testing.borderline import borderline_leads
    from qualify.testing.lead_strategies import leads, leads_at

    makers: list[Callable[[], st.SearchStrategy[Any]]] = [
        *(lambda name=name: leads_at(definition, name, "reached", as_of=as_of) for name in definition.model.stages),
        lambda: borderline_leads(definition, as_of=as_of),
    ]
    found = map(_if_any, makers)
    return (leads(definition, as_of=as_of), *(each for each in found if each is not None))


@lru_cache(maxsize=128)
def _having(definition: Definition, as_of: datetime, trait: str) -> st.SearchStrategy[Any] | None:
    """Leads of which a trait says yes, those too that the definition leaves out for it."""
    from qualify.testing.lead_strategies import leads_where

    nobody_out = Definition(replace(definition.model, left_out_by=()))
    return _if_any(lambda: leads_where(trait, definition=nobody_out, as_of=as_of))


def _if_any(make: Callable[[], st.SearchStrategy[Any]]) -> st.SearchStrategy[Any] | None:
    try:
        return make()
    except Unsatisfiable:  # the others are tried
        return None


@st.composite
def mixtures(draw: Any, leads: st.SearchStrategy[Any]) -> Any:
    """Leads whose fields are those of two others, as far as they are known; they shrink to few."""
    one, other = draw(leads), draw(leads)
    told, also = fields_of(one), fields_of(other)
    mixed = {}
    for name in {**told, **also}:
        options = [of[name] for of in (told, also) if name in of]
        at = draw(st.integers(0, len(options)))
        if at:
            mixed[name] = options[at - 1]
    return type(one)(**mixed)


class Chosen:
    """Chooses for a law, remembers what it chose, and chooses the same again where it still can."""

    def __init__(self, at: Callable[[int], int] | None, before: list[object] | None = None) -> None:
        self.at, self.before, self.made = at, list(before or ()), list[object]()

    def __call__(self, options: list[T], /) -> T:
        """One of the options."""
        if self.at is not None:
            choice = options[self.at(len(options) - 1)]
        else:
            again = self.before[len(self.made)] if len(self.made) < len(self.before) else None
            choice = next((option for option in options if option == again), options[0])
        self.made.append(choice)
        return choice


def smaller(law: Law, case: Case, chosen: Chosen, broken: str) -> tuple[str, object]:
    """What is broken, and by which lead, after every field that isn't needed for it was left out."""
    lead, choices = case.lead, chosen.made
    for name in fields_of(lead):
        fields = {other: value for other, value in fields_of(lead).items() if other != name}
        less: object = fields
        if isinstance(lead, BaseModel):
            less = type(lead)(**fields)
        elif not isinstance(lead, Mapping):
            break  # an object of somebody's own: we can't make another
        try:
            said = law(Case(case.definition, less, case.as_of, Chosen(None, choices)))
        except QualifyError:
            continue
        if said is not None:
            broken, lead = said, less
    return broken, lead
