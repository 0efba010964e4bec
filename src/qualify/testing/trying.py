"""How laws are tried on leads: a lead that was drawn is looked at by every law that wants leads of its sort."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from qualify.face import Definition
from qualify.testing.laws import Case, Law
from qualify.testing.mixed import Chosen, leads_of, smaller
from qualify.testing.typed import typed
from qualify.testing.watching import unwatched


@dataclass(frozen=True, slots=True)
class Tried:
    """A law, what its failures begin with, and the traits of which it wants leads that have them, beside any others."""

    name: str
    law: Law
    traits: tuple[str, ...] = ()


def whats_broken(
    tried: Sequence[Tried],
    definition: Definition,
    leads: st.SearchStrategy[Any] | None,
    as_of: datetime | None,
    max_examples: int,
) -> dict[str, str]:
    """By the name of each law that is broken: what, and by which lead. Each law sees `max_examples` leads."""
    moment = as_of or _now()
    told: dict[str, str] = {}
    with unwatched():
        for traits in dict.fromkeys(() if leads is not None else each.traits for each in tried):
            drawn = leads_of(Definition(definition.model), moment, traits) if leads is None else leads
            rest = [each for each in tried if leads is not None or each.traits == traits]
            while rest and (broken := _first_broken(rest, definition, drawn, moment, max_examples)) is not None:
                said, lead = smaller(broken.tried.law, broken.case, broken.chosen, str(broken))
                told[broken.tried.name] = (
                    f"{broken.tried.name}: {said}\n  lead   {typed(lead)}\n  as_of  {_written(moment)}"
                )
                rest.remove(broken.tried)
    return told


class _Broken(AssertionError):
    """A law that is broken by one lead, while Hypothesis looks for a smaller one."""

    def __init__(self, said: str, tried: Tried, case: Case, chosen: Chosen) -> None:
        super().__init__(said)
        self.tried, self.case, self.chosen = tried, case, chosen


def _first_broken(
    tried: Sequence[Tried], definition: Definition, drawn: st.SearchStrategy[Any], as_of: datetime, max_examples: int
) -> _Broken | None:
    """One of the laws that is broken, by the smallest lead that Hypothesis found for it."""
    kinds = {each.name: type("Broken", (_Broken,), {}) for each in tried}  # so that it doesn't take one for another

    @settings(max_examples=max_examples, database=None, deadline=None, report_multiple_bugs=False, print_blob=False,
              suppress_health_check=list(HealthCheck), phases=(Phase.generate, Phase.shrink))  # fmt: skip
    @given(lead=drawn, data=st.data())
    def every_lead(lead: object, data: st.DataObject) -> None:
        case = Case(definition, lead, as_of, Chosen(None))
        for each in tried:
            chosen = Chosen(lambda last: data.draw(st.integers(0, last)))
            own = replace(case, choose=chosen)
            if said := each.law(own):
                raise kinds[each.name](said, each, own, chosen)

    try:
        every_lead()
    except _Broken as why:
        return why
    return None


def _now() -> datetime:
    return datetime.now(UTC).replace(second=0, microsecond=0)


def _written(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


__all__ = ["Tried", "whats_broken"]
