"""Laws that hold for every lead, each in one line of a suite of your own.

    from qualify.testing import invariants

    def test_our_definition_keeps_the_laws():
        invariants.hold(definition)

Each takes a definition, or whatever of yours stands before one and is asked the same way; draws leads that the
definition speaks of (`leads`, a strategy, draws others), and raises an AssertionError that says what was broken and by
which lead, as small as it was found. What a law asks counts for no coverage: it shows nothing of what a suite looks at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from hypothesis import strategies as st

from qualify.face import Definition
from qualify.testing import laws
from qualify.testing.rewarding import Direction, rewards
from qualify.testing.trying import Tried, whats_broken

Leads = st.SearchStrategy[Any]


def same_bytes(
    definition: Definition, leads: Leads | None = None, *, as_of: datetime | None = None, max_examples: int = 100
) -> None:
    """The same lead at the same moment gives the same verdict, byte for byte, in whatever order it is told."""
    _hold([same_bytes], definition, leads, as_of, max_examples)


def stable(
    definition: Definition, leads: Leads | None = None, *, as_of: datetime | None = None, max_examples: int = 100
) -> None:
    """Learning a field settles what was open; a yes or a no of a rule that is stable doesn't turn."""
    _hold([stable], definition, leads, as_of, max_examples)


def sides_compose(
    definition: Definition, leads: Leads | None = None, *, as_of: datetime | None = None, max_examples: int = 100
) -> None:
    """A stage is reached where every side says yes, no disqualifier may hold, and those before it are reached."""
    _hold([sides_compose], definition, leads, as_of, max_examples)


def disqualifiers_win(
    definition: Definition, leads: Leads | None = None, *, as_of: datetime | None = None, max_examples: int = 100
) -> None:
    """A disqualifier that says yes bars the lead whatever else holds, and is named; one that is open bars no less."""
    _hold([disqualifiers_win], definition, leads, as_of, max_examples)


def left_out_shows_nothing(
    definition: Definition, leads: Leads | None = None, *, as_of: datetime | None = None, max_examples: int = 100
) -> None:
    """Who is to be left out is left out, and of who is left out nothing is shown: no stage, no score, no evidence."""
    _hold([left_out_shows_nothing], definition, leads, as_of, max_examples)


def rewards_never_lower(
    definition: Definition, leads: Leads | None = None, *, as_of: datetime | None = None, max_examples: int = 100
) -> None:
    """More of what a definition rewards (see `rewards`) never lowers a stage."""
    _hold([rewards_never_lower], definition, leads, as_of, max_examples)


def evidence_is_sound(
    definition: Definition, leads: Leads | None = None, *, as_of: datetime | None = None, max_examples: int = 100
) -> None:
    """Every answer follows from the evidence that is shown for it, and from nothing else."""
    _hold([evidence_is_sound], definition, leads, as_of, max_examples)


def json_round_trips(
    definition: Definition, leads: Leads | None = None, *, as_of: datetime | None = None, max_examples: int = 100
) -> None:
    """A verdict that was written as JSON and read again is the same verdict."""
    _hold([json_round_trips], definition, leads, as_of, max_examples)


def definition_round_trips(
    definition: Definition, leads: Leads | None = None, *, as_of: datetime | None = None, max_examples: int = 100
) -> None:
    """A definition equals itself through TOML, JSON and Python, and judges alike."""
    _hold([definition_round_trips], definition, leads, as_of, max_examples)


def engines_agree(
    definition: Definition, leads: Leads | None = None, *, as_of: datetime | None = None, max_examples: int = 100
) -> None:
    """The compiled function, and the definition as you ask it, say what the plain evaluator says."""
    _hold([engines_agree], definition, leads, as_of, max_examples)


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
    _hold(LAWS, definition, leads, as_of, max_examples)


# --- what each looks at ---


def _disqualifiers(definition: Definition) -> Tried:
    barring = [name for stage in definition.model.stages.values() for name in stage.disqualified_by]
    return Tried("disqualifiers win", laws.disqualifiers_win, tuple(dict.fromkeys(barring)))


def _left_out(definition: Definition) -> Tried:
    return Tried("left out shows nothing", laws.left_out_shows_nothing, definition.model.left_out_by)


def _round_trips(definition: Definition) -> Tried:
    forms = laws.written(definition)
    for form, again in forms.items():
        if (again.model, again.digest) != (definition.model, definition.digest):
            raise AssertionError(f"definition round trips: written as {form} and read again, it is another definition")
    return Tried("definition round trips", partial(laws.definition_round_trips, forms=forms))


TRIED: Mapping[Callable[..., None], Callable[[Definition], Tried]] = {
    same_bytes: lambda _: Tried("same bytes", laws.same_bytes),
    stable: lambda _: Tried("stable", laws.stable),
    sides_compose: lambda _: Tried("sides compose", laws.sides_compose),
    disqualifiers_win: _disqualifiers,
    left_out_shows_nothing: _left_out,
    rewards_never_lower: lambda _: Tried("rewards never lower", laws.rewards_never_lower),
    evidence_is_sound: lambda _: Tried("evidence is sound", laws.evidence_is_sound),
    json_round_trips: lambda _: Tried("JSON round trips", laws.json_round_trips),
    definition_round_trips: _round_trips,
    engines_agree: lambda _: Tried("engines agree", laws.engines_agree),
}


def _hold(
    asked: Sequence[Callable[..., None]], definition: Definition, leads: Leads | None, as_of: datetime | None,
    max_examples: int,
) -> None:  # fmt: skip
    told: dict[Callable[..., None], str] = {}
    tried: dict[Callable[..., None], Tried] = {}
    for law in asked:
        try:
            tried[law] = TRIED[law](definition)
        except AssertionError as why:  # no lead is needed to see it
            told[law] = str(why)
    found = whats_broken(list(tried.values()), definition, leads, as_of, max_examples)
    told.update((law, found[each.name]) for law, each in tried.items() if each.name in found)
    if told:
        raise AssertionError("\n\n".join(told[law] for law in asked if law in told))


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
