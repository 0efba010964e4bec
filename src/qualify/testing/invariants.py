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
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qualify.face import Definition
from qualify.testing import laws
from qualify.testing.mixed import Chosen, leads_of, smaller
from qualify.testing.rewarding import Direction, rewards
from qualify.testing.typed import typed

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
    _hold("stable", laws.stable, definition, leads, as_of, max_examples)


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
    _hold("left out shows nothing", laws.left_out_shows_nothing, definition, drawn, as_of, max_examples)


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
    _hold("JSON round trips", laws.json_round_trips, definition, leads, as_of, max_examples)


def definition_round_trips(
    definition: Definition, leads: Leads | None = None, *, as_of: datetime | None = None, max_examples: int = 100
) -> None:
    """A definition equals itself through TOML, JSON and Python, and judges alike."""
    forms = laws.written(definition)
    for form, again in forms.items():
        if (again.model, again.digest) != (definition.model, definition.digest):
            raise AssertionError(f"definition round trips: written as {form} and read again, it is another definition")
    _hold(
        "definition round trips", lambda case: laws.definition_round_trips(case, forms),
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
    found: list[tuple[laws.Case, Chosen]] = []

    @settings(max_examples=max_examples, database=None, deadline=None, report_multiple_bugs=False, print_blob=False,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(lead=drawn, data=st.data())
    def every_lead(lead: object, data: st.DataObject) -> None:
        chosen = Chosen(lambda last: data.draw(st.integers(0, last)))
        case = laws.Case(definition, lead, moment, chosen)
        if broken := law(case):
            found.append((case, chosen))
            raise _Broken(broken)

    try:
        every_lead()
    except _Broken as why:
        broken, lead = smaller(law, *found[-1], str(why))  # the last one is the smallest that Hypothesis found
    else:
        return
    raise AssertionError(f"{name}: {broken}\n  lead   {typed(lead)}\n  as_of  {_written(moment)}")


def _with(definition: Definition, as_of: datetime | None, traits: list[str]) -> Leads:
    """Leads of a definition; of each of these traits also leads for which it says yes."""
    return leads_of(Definition(definition.model), as_of or _now(), tuple(dict.fromkeys(traits)))


def _leads(definition: Definition, as_of: datetime) -> Leads:
    return leads_of(Definition(definition.model), as_of, ())


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
