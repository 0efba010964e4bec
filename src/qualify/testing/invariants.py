"""Laws that hold for every lead, each in one line of a suite of your own.

    from qualify.testing import invariants

    def test_our_definition_keeps_the_laws():
        invariants.hold(definition)

Each takes a definition, or whatever of yours stands before one and is asked the same way; draws leads that the
definition speaks of (`leads`, a strategy, draws others), and raises an AssertionError that says what was broken and by
which lead, as small as it was found.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypeVar

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qualify.face import Definition
from qualify.testing import laws
from qualify.testing.rewarding import Direction, rewards
from qualify.testing.typed import typed
from qualify.testing.unsatisfiable import Unsatisfiable

T = TypeVar("T")
Leads = st.SearchStrategy[Any]


def same_bytes(
    definition: Definition, leads: Leads | None = None, *, as_of: datetime | None = None, max_examples: int = 100
) -> None:
    """The same lead at the same moment gives the same verdict, byte for byte, in whatever order it is told."""
    _hold("same bytes", laws.same_bytes, definition, leads, as_of, max_examples)


def stable(
    definition: Definition, leads: Leads | None = None, *, as_of: datetime | None = None, max_examples: int = 100
) -> None:
    """Learning a field settles what was open; a yes or a no of a rule that is stable doesn't turn."""
    _hold("stability", laws.stable, definition, leads, as_of, max_examples)


def sides_compose(
    definition: Definition, leads: Leads | None = None, *, as_of: datetime | None = None, max_examples: int = 100
) -> None:
    """A stage is reached where every side says yes, no disqualifier may hold, and those before it are reached."""
    _hold("sides compose", laws.sides_compose, definition, leads, as_of, max_examples)


def disqualifiers_win(
    definition: Definition, leads: Leads | None = None, *, as_of: datetime | None = None, max_examples: int = 100
) -> None:
    """A disqualifier that says yes bars the lead whatever else holds, and is named; one that is open bars no less."""
    barred = [name for stage in definition.model.stages.values() for name in stage.disqualified_by]
    drawn = _with(definition, as_of, barred) if leads is None else leads
    _hold("disqualifiers win", laws.disqualifiers_win, definition, drawn, as_of, max_examples)


def left_out_shows_nothing(
    definition: Definition, leads: Leads | None = None, *, as_of: datetime | None = None, max_examples: int = 100
) -> None:
    """Who is to be left out is left out, and of who is left out nothing is shown: no stage, no score, no evidence."""
    drawn = _with(definition, as_of, list(definition.model.left_out_by)) if leads is None else leads
    _hold("who is left out shows nothing", laws.left_out_shows_nothing, definition, drawn, as_of, max_examples)


def rewards_never_lower(
    definition: Definition, leads: Leads | None = None, *, as_of: datetime | None = None, max_examples: int = 100
) -> None:
    """More of what a definition rewards (see `rewards`) never lowers a stage."""
    _hold("rewards never lower", laws.rewards_never_lower, definition, leads, as_of, max_examples)


def evidence_is_sound(
    definition: Definition, leads: Leads | None = None, *, as_of: datetime | None = None, max_examples: int = 100
) -> None:
    """Every answer follows from the evidence that is shown for it, and from nothing else."""
    _hold("evidence is sound", laws.evidence_is_sound, definition, leads, as_of, max_examples)


def json_round_trips(
    definition: Definition, leads: Leads | None = None, *, as_of: datetime | None = None, max_examples: int = 100
) -> None:
    """A verdict that was written as JSON and read again is the same verdict."""
    _hold("JSON round-trips", laws.json_round_trips, definition, leads, as_of, max_examples)


def definition_round_trips(
    definition: Definition, leads: Leads | None = None, *, as_of: datetime | None = None, max_examples: int = 100
) -> None:
    """A definition equals itself through TOML, JSON and Python, and judges alike."""
    forms = laws.written(definition)
    for form, again in forms.items():
        if (again.model, again.digest) != (definition.model, definition.digest):
            raise AssertionError(f"definition round-trips: written as {form} and read again, it is another definition")
    _hold(
        "definition round-trips", lambda case: laws.definition_round_trips(case, forms),
        definition, leads, as_of, max_examples,
    )  # fmt: skip


def engines_agree(
    definition: Definition, leads: Leads | None = None, *, as_of: datetime | None = None, max_examples: int = 100
) -> None:
    """The compiled function, and the definition as you ask it, say what the plain evaluator says."""
    _hold("engines agree", laws.engines_agree, definition, leads, as_of, max_examples)


LAWS: tuple[Callable[..., None], ...] = (
    same_bytes,
    stable,
    sides_compose,
    disqualifiers_win,
    left_out_shows_nothing,
    rewards_never_lower,
    evidence_is_sound,
    json_round_trips,
    definition_round_trips,
    engines_agree,
)
"""All of them, in the order of the reference."""


def hold(
    definition: Definition, leads: Leads | None = None, *, as_of: datetime | None = None, max_examples: int = 100
) -> None:
    """All laws; what is broken is told of all together.

    >>> from datetime import datetime, UTC
    >>> from qualify import define
    >>> definition = define(
    ...     name="Small",
    ...     teams={"sales": "Sales"},
    ...     traits={"large": {"team": "sales", "when": "employees >= 50", "why": "They need us."}},
    ...     stages={"sql": {"requires": {"sales": "large"}}},
    ... )
    >>> hold(definition, as_of=datetime(2026, 11, 20, 12, tzinfo=UTC), max_examples=10)
    """
    broken = []
    for law in LAWS:
        try:
            law(definition, leads, as_of=as_of, max_examples=max_examples)
        except AssertionError as why:
            broken.append(str(why))
    if broken:
        raise AssertionError("\n\n".join(broken))


class _Broken(AssertionError):
    """A law that is broken by one lead, while Hypothesis looks for a smaller one."""


def _hold(
    name: str, law: laws.Law, definition: Definition, leads: Leads | None, as_of: datetime | None, max_examples: int
) -> None:
    moment = as_of or _now()
    drawn = _leads(definition, moment) if leads is None else leads

    @settings(max_examples=max_examples, database=None, deadline=None, report_multiple_bugs=False, print_blob=False,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(lead=drawn, data=st.data())
    def every_lead(lead: object, data: st.DataObject) -> None:
        def choose(options: list[T]) -> T:
            return options[data.draw(st.integers(0, len(options) - 1))]

        if broken := law(laws.Case(definition, lead, moment, choose)):
            raise _Broken(f"{name}: {broken}\n  lead   {typed(lead)}\n  as_of  {_written(moment)}")

    try:
        every_lead()
    except _Broken as why:
        raise AssertionError(str(why)) from None  # the search for it says nothing more


def _with(definition: Definition, as_of: datetime | None, traits: list[str]) -> Leads | None:
    """Any lead, and of each of these traits leads for which it says yes."""
    if not traits:
        return None
    from qualify.testing.lead_strategies import leads_where

    moment = as_of or _now()
    found, plain = [_leads(definition, moment)], Definition(definition.model)
    for name in dict.fromkeys(traits):
        try:
            found.append(leads_where(name, definition=plain, as_of=moment))
        except Unsatisfiable:
            continue
    return st.one_of(found)


def _leads(definition: Definition, as_of: datetime) -> Leads:
    """Any lead of a definition, and leads that reach its stages: by chance few do."""
    return _reaching(Definition(definition.model), as_of)


@lru_cache(maxsize=8)
def _reaching(definition: Definition, as_of: datetime) -> Leads:
    from qualify.testing.lead_strategies import leads, leads_at

    found = [leads(definition, as_of=as_of)]
    for name in definition.model.stages:
        try:
            found.append(leads_at(definition, name, "reached", as_of=as_of))
        except Unsatisfiable:
            continue
    return st.one_of(found)


def _now() -> datetime:
    return datetime.now(UTC).replace(second=0, microsecond=0)


def _written(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


__all__ = [
    "LAWS",
    "Direction",
    "definition_round_trips",
    "disqualifiers_win",
    "engines_agree",
    "evidence_is_sound",
    "hold",
    "json_round_trips",
    "left_out_shows_nothing",
    "rewards",
    "rewards_never_lower",
    "same_bytes",
    "sides_compose",
    "stable",
]
