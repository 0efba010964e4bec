"""Whether an engine knows a zone's clock as we do: asked once, at each change of it, before anything depends on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from qualify.columns.expressions import OnTheWall, walk
from qualify.columns.plan import Plan
from qualify.engine.clock import zone_of
from qualify.errors import FrameError

FIRST_YEAR, LAST_YEAR = 1990, 2045
_agreed: set[tuple[str, str]] = set()


def asks_the_wall(plan: Plan) -> bool:
    """Whether the steps turn instants into times on the wall clock."""
    values = [value for layer in plan.layers for value in layer.columns.values()]
    values += [output.value for output in plan.outputs]
    for each in plan.passes:
        values += [*each.flags.values(), *each.placed.values()]
        if any(isinstance(node, OnTheWall) for of in each.found.values() for node in walk(of)):
            return True
    return any(isinstance(node, OnTheWall) for value in values for node in walk(value))


@lru_cache(maxsize=64)
def changes(zone: str) -> tuple[tuple[datetime, timedelta], ...]:
    """Each hour in which a zone's offset changed, and the hour before it, with the offset."""
    known, found = zone_of(zone), []
    at, end = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC), datetime(LAST_YEAR, 1, 1, tzinfo=UTC)
    step = timedelta(days=7)
    before = at.astimezone(known).utcoffset()
    while at < end:
        later = at + step
        after = later.astimezone(known).utcoffset()
        if after != before:
            low, high = at, later
            while high - low > timedelta(minutes=15):
                middle = low + (high - low) / 2
                if middle.astimezone(known).utcoffset() == before:
                    low = middle
                else:
                    high = middle
            found += [(each, each.astimezone(known).utcoffset()) for each in (low, high)]
        at, before = later, after
    found += [
        (datetime(year, 7, 1, tzinfo=UTC), datetime(year, 7, 1, tzinfo=UTC).astimezone(known).utcoffset())
        for year in (1995, 2010, 2030)
    ]
    return tuple((moment.replace(microsecond=0), offset) for moment, offset in found if offset is not None)


def checked(engine: str, zone: str) -> bool:
    """Whether the comparison has been made, and both agreed."""
    return (engine, zone) in _agreed


def agreeing(plan: Plan, rows: Callable[[str], list[tuple[Any, ...]]], engine: str) -> None:
    """FrameError where the engine's clock in the definition's zone is not ours (its zone data are older, or wrong)."""
    if plan.zone == "UTC" or (engine, plan.zone) in _agreed or not asks_the_wall(plan):
        return
    listed = changes(plan.zone)
    moments = ", ".join(f"(TIMESTAMPTZ '{at:%Y-%m-%d %H:%M:%S}+00')" for at, _ in listed)
    found = rows(f"SELECT EPOCH(TIMEZONE('{plan.zone}', t)) - EPOCH(t) FROM (VALUES {moments}) AS v(t)")
    check(plan.zone, [timedelta(seconds=float(seconds)) for (seconds,) in found], engine)


def check(zone: str, offsets: list[timedelta], engine: str) -> None:
    """The comparison itself."""
    for (at, offset), theirs in zip(changes(zone), offsets, strict=True):
        if abs(theirs - offset) >= timedelta(seconds=60):
            raise FrameError(
                f"{engine} reads the clock of {zone} otherwise than Python does from {at:%Y-%m-%d} on: its zone data are "
                "not the same; bring them up to date, or use qualify_many",
                code="frame-zone",
            )
    _agreed.add((engine, zone))
