"""Values of PostgreSQL that Python's types can't hold, or not exactly: psycopg gives them as text.

One day that says `infinity` would cost the whole page, since psycopg raises.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Connection, Engine, Row, Select, create_engine, event
from sqlalchemy.exc import DataError

from qualify.adapters.database.intervals import interval_text
from qualify.adapters.database.place import Place
from qualify.errors import MissingExtra

if TYPE_CHECKING:
    from psycopg import Connection as Opened

AS_TEXT = "what can't be held comes as text"


def engine_at(place: Place) -> Engine:
    """What reaches a database. Raises MissingExtra where its driver isn't installed."""
    try:
        engine = create_engine(place.url, hide_parameters=True, pool_pre_ping=True)
    except ImportError as why:
        raise MissingExtra(place.name, why.name or "its driver", "database") from None
    _keep_intervals(engine)
    return engine


def _keep_intervals(engine: Engine) -> None:
    """From now on intervals come as text: to Python a month is thirty days."""
    if (engine.dialect.name, engine.dialect.driver) == ("postgresql", "psycopg"):
        event.listen(engine, "connect", _read_intervals)


def rows(open_: Connection, asked: Select[Any]) -> Sequence[Row[Any]]:
    """What is found. Moments, days and times of which Python knows nothing are text, as PostgreSQL writes them.

    They are seldom, and psycopg reads the others faster by its own ways: so those are changed once one came.
    """
    try:
        return open_.execute(asked).fetchall()
    except DataError:
        if open_.dialect.driver != "psycopg" or AS_TEXT in open_.info:
            raise
    read_leniently(open_)
    return open_.execute(asked).fetchall()


def read_leniently(open_: Connection) -> None:
    """From now on what Python's types can't hold comes as text."""
    if open_.dialect.driver == "psycopg" and AS_TEXT not in open_.info:
        open_.info[AS_TEXT] = True
        _read_leniently(cast(Any, open_.connection.driver_connection))


def _read_intervals(opened: Opened[Any], _: object) -> None:
    from psycopg.types.string import TextLoader

    class Interval(TextLoader):
        def load(self, data: Any) -> str:
            return interval_text(bytes(data).decode())

    opened.adapters.register_loader("interval", Interval)


def _read_leniently(opened: Opened[Any]) -> None:
    from psycopg import DataError as NoSuch
    from psycopg.types import datetime as theirs

    def lenient(strict: type[Any]) -> type[Any]:
        class OrText(strict):  # type: ignore[misc]
            def load(self, data: Any) -> object:
                try:
                    return super().load(data)
                except NoSuch:
                    return bytes(data).decode()

        return OrText

    for name, strict in (
        ("date", theirs.DateLoader),
        ("timestamp", theirs.TimestampLoader),
        ("timestamptz", theirs.TimestamptzLoader),
        ("time", theirs.TimeLoader),
        ("timetz", theirs.TimetzLoader),
    ):
        opened.adapters.register_loader(name, lenient(strict))


__all__ = ["engine_at", "read_leniently", "rows"]
