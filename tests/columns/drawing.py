"""Definitions and leads drawn by a plain random generator: as varied as Hypothesis draws them, and a hundred times as fast.

The leads of one definition agree in how their values are stored (whole numbers, doubles or decimals; naive or aware
times), so that they stand in few tables. A seed gives the same again.
"""

from __future__ import annotations

import random
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from math import isnan
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from qualify.definition.files import define_model
from qualify.definition.model import Field, Model
from qualify.testing.moments import BASES, ENDS, STEPS, instant_or_utc, moved
from qualify.testing.pick import Pick
from qualify.testing.written import ZONES, _fitting, _Writer
from qualify.values import READERS
from tests.strategies.leads import _Filler

FIRST, LAST = datetime(1, 1, 3), datetime(9999, 12, 29)


class Dice(Pick):
    """Choices by a random generator instead of Hypothesis."""

    dice: random.Random

    def whole(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return low + int(self.dice.random() * (high - low + 1))


class Writer(Dice, _Writer):
    """Definitions."""

    def __init__(self, dice: random.Random) -> None:
        super().__init__(None)
        self.dice = dice


class Filler(Dice, _Filler):
    """Leads of one definition, all stored alike."""

    def __init__(self, dice: random.Random, model: Model, as_of: datetime) -> None:
        self.dice = dice
        super().__init__(None, model, as_of)
        self.alike: dict[tuple[str, bool], str] = {}
        self.kind = ""

    def activity(self) -> dict[str, Any]:
        """An activity; where a wall clock can be outside the calendar, none in its first or last day."""
        found = super().activity()
        at = READERS["datetime"](found["at"])
        assert isinstance(at, datetime)
        if self.model.timezone != "UTC" and not FIRST < at.replace(tzinfo=None) < LAST:
            found["at"] = FIRST + timedelta(days=1) if at.year == 1 else LAST - timedelta(days=1)
        return found

    def value(self, name: str, kind: Field, *, small: bool = False) -> Any:
        """A value, of the kind of all values under this name."""
        if kind.type in ("number", "datetime"):
            forms = ("whole", "double", "decimal", "float") if kind.type == "number" else ("wall", "instant")
            self.kind = self.alike.setdefault((name, small), self.of(forms))
        found = super().value(name, kind, small=small)
        self.kind = ""
        if isinstance(found, Decimal) and found.is_nan():
            return float("nan") if self.alike.get((name, small)) in ("double", "float") else None
        if isinstance(found, float) and isnan(found) and self.alike.get((name, small)) not in ("double", "float"):
            return None
        return found

    def number(self, near: list[Decimal], *, small: bool) -> int | float | Decimal:
        """A number beside a literal."""
        found = super().number(near, small=small)
        match self.kind:
            case "whole":
                return int(found)
            case "double":
                return float(found)
            case "float":
                return struct.unpack("f", struct.pack("f", max(-3e38, min(3e38, float(found)))))[0]  # type: ignore[no-any-return]
            case _:
                return found if isinstance(found, Decimal) else Decimal(str(found))

    def shaped(self, wall: datetime) -> datetime | str:
        """A moment in one of its forms."""
        if not self.kind:
            return super().shaped(wall)
        if self.kind == "wall":
            return wall if self.one_in(2) else wall.isoformat()
        if self.model.timezone != "UTC":
            wall = min(max(wall, FIRST), LAST)
        zone = self.of((self.zone, UTC, timezone(timedelta(hours=self.whole(-11, 13)))))
        return instant_or_utc(wall.replace(tzinfo=zone, fold=self.whole(0, 1)))


class Teller(Dice):
    """Moments to judge at."""

    def __init__(self, dice: random.Random) -> None:
        super().__init__(None)  # type: ignore[arg-type]
        self.dice = dice

    def moment(self) -> datetime:
        """Month ends, leap days, clock changes, the ends of time; in any zone or naive."""
        base = self.of(ENDS) if self.one_in(20) else self.of(BASES)
        found = moved(base, self.of(STEPS))
        match self.whole(0, 3):
            case 0:
                return found.replace(tzinfo=UTC)
            case 1:
                return found
            case 2:
                return instant_or_utc(found.replace(tzinfo=ZoneInfo(self.of(ZONES)), fold=self.whole(0, 1)))
            case _:
                return instant_or_utc(found.replace(tzinfo=timezone(timedelta(hours=self.whole(-11, 13)))))


@dataclass(frozen=True)
class Drawn:
    """A definition, leads, and the moment to judge them at."""

    seed: int
    model: Model
    leads: list[dict[str, Any]]
    as_of: datetime


def drawn(seed: int, each: int, *, facts: int = 7, depth: int = 2) -> Drawn:
    """A definition by a seed, and so many leads."""
    dice = random.Random(seed)
    model = define_model(_fitting(Writer(dice).definition(facts, 3, depth)))[0]
    as_of = Teller(dice).moment()
    return Drawn(seed, model, leads_of(model, as_of, dice, each), as_of)


def leads_of(model: Model, as_of: datetime, dice: random.Random, each: int) -> list[dict[str, Any]]:
    """Leads of one definition, stored alike."""
    filler = Filler(dice, model, as_of)
    return [filler.lead() for _ in range(each)]


def seeds() -> st.SearchStrategy[int]:
    """Seeds."""
    return st.integers(0, 2**32)
