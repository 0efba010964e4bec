"""Two properties that make one value: an amount and its currency, a day and its time of day."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as AbcMapping
from datetime import date, datetime, time

from qualify.mapping.conversions import Read, Ways
from qualify.mapping.moments import as_written, moment_of
from qualify.mapping.paths import ABSENT
from qualify.mapping.tagged import untagged
from qualify.mapping.words import Words
from qualify.values import Unreadable, Value, is_missing, kind_of

Beside = Callable[[object, object], Value | None]
"""Reads a property's value (not null) with that of the other; Unreadable where they make none."""


def with_currency(words: Words, read: Read, ways: Ways) -> Beside:
    """An amount in the currency that the other property names; in the mapping's where it names none."""

    def both(value: object, unit: object) -> Value | None:
        amount = words(untagged(value))
        if amount is None:
            return None
        unit = None if unit is ABSENT else unit
        if isinstance(amount, AbcMapping):
            return read(amount if not is_missing(amount.get("currency")) else {**amount, "currency": unit})
        return read({"amount": amount, "currency": unit})

    return both


def with_time(words: Words, read: Read, ways: Ways) -> Beside:
    """The moment of a day at the time that the other property says; without one, of the day alone."""
    in_text, zone = as_written(ways.dates), ways.zone

    def both(value: object, clock: object) -> Value | None:
        day = words(untagged(value))
        if day is None:
            return None
        at = _time(clock)
        if at is None:
            return read(day)
        found = in_text(day) if isinstance(day, str) else day
        if isinstance(found, datetime) and found == datetime(found.year, found.month, found.day):
            found = found.date()  # a spreadsheet's day is the midnight that it begins with
        if isinstance(found, datetime) or not isinstance(found, date):
            raise Unreadable("a day, whose time stands in another property", kind_of(value))
        return moment_of(datetime.combine(found, at), zone)

    return both


def _time(clock: object) -> time | None:
    found = None if clock is ABSENT else untagged(clock)
    if is_missing(found) or isinstance(found, time):
        return found if isinstance(found, time) else None
    if isinstance(found, str):
        moment = _IN_TEXT(f"2000-01-01 {found.strip()}")
        if isinstance(moment, datetime):
            return moment.timetz()
    raise Unreadable("a time of day, such as 09:30", kind_of(clock))


_IN_TEXT = as_written("iso")

__all__ = ["Beside", "with_currency", "with_time"]
