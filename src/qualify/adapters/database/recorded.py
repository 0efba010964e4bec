"""Until which moment activities were read: a lead with a later one is read again, though its own row is as it was."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Column, Select, func, select

from qualify.adapters.database.cursor import Seen
from qualify.adapters.database.values import Unfit, bound, fitted, type_of

HAPPENED = "at"
"""The column of the moment at which it happened, which may be long before it was recorded."""


def newest_settled(column: Column[Any], began: datetime, overlap: int, *, sqlite: bool) -> Select[Any]:
    """Asks for the last moment that no row can come before any more (see `cursor.is_settled`)."""
    asked = select(func.max(column))
    try:
        bound = fitted(began.astimezone(UTC) - timedelta(seconds=overlap), type_of(column), sqlite=sqlite)
    except Unfit:  # numbers that count are taken as they are
        return asked
    return asked.where(column <= bound)


def is_new(column: Column[Any], seen: Seen | None, *, sqlite: bool) -> Any:
    """Whether a row was recorded after those that were read.

    Where the column is coarse (a day), or says when it happened, rows of the same moment may have come since.
    """
    if seen is None or seen.column != column.name:
        return column.is_not(None)
    at: Any = bound(seen.at, column, sqlite=sqlite)
    is_day = (isinstance(at, date) and not isinstance(at, datetime)) or (
        isinstance(at, str) and len(at) == len("2026-11-20")
    )
    return column >= at if is_day or column.name == HAPPENED else column > at


__all__ = ["HAPPENED", "is_new", "newest_settled"]
