"""A table of a database is read as a file is: the same verdicts, whatever it is kept in and whatever judges."""

import csv
import datetime as dt
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

import qualify
from qualify.errors import AdapterError
from qualify.run import by_columns, run_leads, write_run
from tests.adapters import postgres
from tests.pages import EXAMPLES

pytest.importorskip("sqlalchemy")

SHOP = EXAMPLES / "print-shop"
MAPPING = SHOP / "mappings" / "leads.mapping.toml"
AS_OF = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
TABLES = {"customers": SHOP / "leads.csv", "activities": SHOP / "activities.csv"}


def table_and_rows(name: str) -> tuple[str, list[list[str]]]:
    """How a table of the shop is made, of texts alone, and what stands in it."""
    columns, *rows = csv.reader(TABLES[name].read_text(encoding="utf-8").splitlines())
    return f"CREATE TABLE {name} (" + ", ".join(f'"{each}" TEXT' for each in columns) + ")", rows


@contextmanager
def in_sqlite(folder: Path) -> Iterator[str]:
    """A file with the shop's tables; its URL."""
    path = folder / "crm.db"
    with closing(sqlite3.connect(path)) as base:
        for name in TABLES:
            made, rows = table_and_rows(name)
            base.execute(made)
            base.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows[0]))})", rows)
        base.commit()
    yield f"sqlite:///{path}"


@contextmanager
def in_postgresql(folder: Path) -> Iterator[str]:
    """A server with the shop's tables; its URL."""
    if (why := postgres.why_not()) is not None:
        pytest.skip(why)
    import psycopg

    with (
        postgres.server() as server,
        psycopg.connect(host=str(server.folder), user="qualify", dbname="postgres", autocommit=True) as base,
    ):
        for name in TABLES:
            made, rows = table_and_rows(name)
            base.execute(made)
            with base.cursor().copy(f"COPY {name} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        yield server.url("postgres")


def lines_of(folder, leads, activities, engine="python"):
    """The verdicts, the funnel and the notes of a run."""
    target = folder / "verdicts.csv"
    with run_leads(
        qualify.load(SHOP), leads, mapping=MAPPING, activities=activities, as_of=AS_OF, engine=engine
    ) as run:
        funnel = write_run(run, target)
    return sorted(target.read_text(encoding="utf-8").splitlines()), funnel, run.notes


@pytest.mark.parametrize("kept", [in_sqlite, in_postgresql], ids=["SQLite", "PostgreSQL"])
def test_a_table_gives_what_its_file_gives(tmp_path, kept):
    """Where leads are kept says nothing about them."""
    expected, funnel, _ = lines_of(tmp_path, TABLES["customers"], TABLES["activities"])

    with kept(tmp_path) as url:
        for engine in ("python", "polars"):
            found, its_funnel, _ = lines_of(tmp_path, f"{url}#customers", f"{url}#activities", engine)

            assert found == expected
            assert its_funnel == funnel


def test_large_tables_are_judged_in_columns_by_themselves(tmp_path, monkeypatch):
    """How many rows there are, a database knows before the first is read; and whoever waits is told what was used."""
    monkeypatch.setattr(by_columns, "LARGE_ROWS", 100)
    expected, _, _ = lines_of(tmp_path, TABLES["customers"], None)

    with in_sqlite(tmp_path) as url:
        found, _, notes = lines_of(tmp_path, f"{url}#customers", None, engine="auto")

    assert found == expected
    assert any("judged in columns by Polars, since it is large (2,000 rows)" in note for note in notes)


def test_activities_are_in_the_table_of_that_name_where_none_is_said(tmp_path):
    """The commonest case needs no word."""
    with in_sqlite(tmp_path) as url:
        said, _, _ = lines_of(tmp_path, f"{url}#customers", f"{url}#activities")

        assert lines_of(tmp_path, f"{url}#customers", url)[0] == said


@pytest.mark.parametrize(
    ("end", "words"),
    [
        ("crm.db#custmers", "has no table 'custmers'; did you mean 'customers'[?] Say which at the URL's end"),
        ("crm.db", "has no table 'leads'; it has activities, customers. Say which"),
        ("cmr.db#customers", "there is no file .*; did you mean '.*crm.db'"),
    ],
)
def test_a_table_that_is_not_there_is_said_with_those_that_are(tmp_path, end, words):
    """Names of tables are mistyped as names of files are."""
    with in_sqlite(tmp_path), pytest.raises(AdapterError, match=words):
        run_leads(qualify.load(SHOP), f"sqlite:///{tmp_path}/{end}", mapping=MAPPING)


def test_a_password_in_an_address_is_refused():
    """Everybody on a machine sees what a command was called with."""
    with pytest.raises(AdapterError, match=r"the URL holds a password, .*; set QUALIFY_DATABASE_PASSWORD") as why:
        run_leads(qualify.load(SHOP), "postgresql+psycopg://me:hunter2@localhost/crm#leads", mapping=MAPPING)

    assert "hunter2" not in str(why.value)
