"""A lifecycle property: whether a verdict moves it, and why it doesn't."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Stays = Literal["unknown", "opted out", "may have opted out"]


@dataclass(frozen=True, slots=True)
class Move:
    """What a lifecycle property is to become; None where it stays, and `stays` says why where that is worth a word."""

    to: str | None = None
    stays: Stays | None = None


def move(
    reached: Sequence[str],
    present: object,
    *,
    values: Mapping[str, str],
    order: Sequence[str],
    backward: bool,
    opted_out: bool | None,
) -> Move:
    """Where the property goes, given the stages that were reached and what it says now.

    It goes to the furthest value of the stages reached, and forward only, unless `backward` allows both. What it says
    now is left alone where the order doesn't know it: a person put it there. Nobody who opted out is moved forward, nor who may
    have (`opted_out` is None: a record that can't be read may say so).

    >>> order = ["lead", "mql", "sql", "customer"]
    >>> values = {"mql": "mql", "sql": "sql"}
    >>> move(["mql", "sql"], "lead", values=values, order=order, backward=False, opted_out=False)
    Move(to='sql', stays=None)
    >>> move(["mql"], "customer", values=values, order=order, backward=False, opted_out=False)
    Move(to=None, stays=None)
    >>> move(["mql"], "evangelist", values=values, order=order, backward=False, opted_out=False)
    Move(to=None, stays='unknown')
    """
    places = {name.casefold(): place for place, name in enumerate(order)}
    wanted = max(
        (values[stage] for stage in reached if stage in values and values[stage].casefold() in places),
        key=lambda value: places[value.casefold()],
        default=None,
    )
    if wanted is None:
        return Move()
    said = "" if present is None or present is False else str(present).strip()
    here = places.get(said.casefold(), -1)
    if said and here < 0:
        return Move(stays="unknown")
    there = places[wanted.casefold()]
    if there > here:
        if opted_out is None:
            return Move(stays="may have opted out")
        return Move(stays="opted out") if opted_out else Move(wanted)
    return Move(wanted) if backward and there < here else Move()


__all__ = ["Move", "Stays", "move"]
