"""One table of a database as a source of rows, as a file is one."""

from __future__ import annotations

import os
from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from qualify.adapters.contract import BadRow, Facts, Reader, Row
from qualify.adapters.database.loaders import engine_at, read_leniently
from qualify.adapters.database.place import PASSWORD, database_at
from qualify.adapters.database.tables import table_of, tables_there
from qualify.adapters.database.trouble import meaning
from qualify.adapters.database.values import told, type_of
from qualify.errors import AdapterError

AT_ONCE = 2_048


def open_table(said: str, usual: str) -> tuple[Reader, str]:
    """A reader of the table that a URL names after its `#` (`usual` where it names none), and what it is called.

    Rows come in the order of the primary key, where there is one, in constant memory, as they were when the first was read.
    """
    address, _, named = said.partition("#")
    schema, _, name = (named or usual).rpartition(".")
    place = database_at(address, None, os.environ.get(PASSWORD), called="the URL", instead=PASSWORD)
    engine = engine_at(place)
    try:
        table = table_of(engine, name, schema or None)
        if table is None:
            hint = tables_there(engine, name, schema or None)
            raise AdapterError(
                f"{place.name} has no table {name!r}; {hint} Say which at the URL's end, as in crm.db#leads"
            )
        with engine.connect() as open_:
            count = open_.execute(select(func.count()).select_from(table)).scalar_one()
    except SQLAlchemyError as why:
        engine.dispose()
        raise meaning(why, place.name) from None
    except BaseException:
        engine.dispose()
        raise
    names, kinds = [str(column.name) for column in table.c], [type_of(column) for column in table.c]
    sqlite, given = engine.dialect.name == "sqlite", 0

    def rows() -> Iterator[Row | BadRow]:
        nonlocal given
        asked = select(*table.c).order_by(*table.primary_key.columns)
        try:
            with engine.connect() as open_:
                read_leniently(open_)
                streamed = open_.execution_options(stream_results=True, max_row_buffer=AT_ONCE).execute(asked)
                for some in streamed.partitions(AT_ONCE):
                    for values in some:
                        given += 1
                        record = {
                            name: told(value, kind, sqlite=sqlite)
                            for name, value, kind in zip(names, values, kinds, strict=True)
                        }
                        yield Row(given, record)
        except SQLAlchemyError as why:
            raise meaning(why, place.name) from None

    listed = rows()

    def close() -> None:
        listed.close()  # type: ignore[attr-defined]
        engine.dispose()

    facts = Facts(columns=tuple(names), rows=count)
    return Reader(facts, listed, close=close, done=lambda: min(1.0, given / max(count, 1))), f"{name} of {place.name}"


__all__ = ["open_table"]
