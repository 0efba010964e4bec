"""A query that reads the engine's clock: it must say what the same query says with that moment written into it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import qualify
from tests.adapters import postgres
from tests.columns.test_golden import HERE, TYPES

LEADS = """
CREATE TABLE leads (
  id TEXT, objects BOOLEAN, whole BIGINT, precise DECIMAL(12, 4), plain DOUBLE PRECISION, employees BIGINT, industry TEXT,
  company TEXT, job_title TEXT, email TEXT, email_domain TEXT, texts BOOLEAN, interests TEXT[], seen_at TIMESTAMPTZ,
  renewed_at TIMESTAMP, founded_on DATE, created_at TIMESTAMPTZ)
"""
ACTIVITIES = """
CREATE TABLE activities (
  lead_id TEXT, type TEXT, "at" TIMESTAMPTZ, page TEXT, seconds BIGINT, amount DECIMAL(12, 2), fee DOUBLE PRECISION,
  tags TEXT[], due_on DATE, ended_at TIMESTAMP, first_time BOOLEAN)
"""
BACK = [timedelta(days=days, hours=hours) for days in (0, 1, 7, 13, 29, 30, 61, 95, 180, 364, 370) for hours in (0, 1)]


def rows(now: datetime) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """Leads and activities around every edge."""
    leads, activities = [], []
    for at, back in enumerate(BACK):
        moment = now - back
        leads.append(
            (str(at), None, at * 40, at, at / 100, at, "Printing", "The \" GmbH", "VP", f"a@{at}.example", None, True, ["a"],
             moment, (moment - timedelta(days=60)).replace(tzinfo=None), (now + back).date(), moment - timedelta(days=9))
        )  # fmt: skip
        for other in BACK[:: 1 + at % 3]:
            kind = ("page_view", "purchase", "recycled")[(at + other.days) % 3]
            activities.append(
                (str(at), kind, now - other, "/Pricing", at, at * 10, at / 3, ["x"], (now + other).date(),
                 (now - other).replace(tzinfo=None), at % 2 == 0)
            )  # fmt: skip
    return leads, activities


def texts(dialect: str, now: datetime) -> list[str]:
    """The query with the engine's clock, and with the moment that it shows."""
    definition = qualify.load(HERE / "whole-language.toml")
    return [
        definition.to_sql(dialect, table="leads", activities="activities", as_of=as_of, types=TYPES, explain=True)
        for as_of in ("clock", now)
    ]


def told(connection: Any, query: str) -> list[tuple[object, ...]]:
    """What a query says, by lead."""
    return sorted(connection.execute(query).fetchall(), key=lambda row: row[0])


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Kolkata"])
def test_duckdbs_clock_is_read_as_a_constant_would_be(zone):
    """A view that reads the clock can't be compared with anything later: it has to be right when it is read."""
    duckdb = pytest.importorskip("duckdb")
    connection = duckdb.connect()
    connection.execute(f"SET TimeZone = '{zone}'")
    connection.execute(LEADS)
    connection.execute(ACTIVITIES)
    leads, activities = rows(datetime.now(UTC))
    connection.executemany(f"INSERT INTO leads VALUES ({', '.join('?' * 17)})", leads)
    connection.executemany(f"INSERT INTO activities VALUES ({', '.join('?' * 11)})", activities)
    connection.execute("BEGIN")  # in which the clock stands still
    [(micros,)] = connection.execute("SELECT EPOCH_US(CURRENT_TIMESTAMP)").fetchall()
    now = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)

    by_clock, by_constant = (told(connection, text) for text in texts("duckdb", now))

    assert len(by_clock) == len(BACK)
    assert by_clock == by_constant


@pytest.mark.skipif(postgres.why_not() is not None, reason=str(postgres.why_not()))
@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Kolkata"])
def test_postgresqls_clock_is_read_as_a_constant_would_be(zone):
    """The same, and there the months are reckoned by the server's own calendar."""
    psycopg = pytest.importorskip("psycopg")
    with (
        postgres.server() as server,
        psycopg.connect(host=str(server.folder), user="qualify", dbname="postgres") as connection,
    ):
        connection.execute(f"SET TimeZone = '{zone}'")
        connection.execute(LEADS)
        connection.execute(ACTIVITIES)
        leads, activities = rows(datetime.now(UTC))
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO leads VALUES ({', '.join(['%s'] * 17)})", leads)
            cursor.executemany(f"INSERT INTO activities VALUES ({', '.join(['%s'] * 11)})", activities)
        connection.commit()
        [(now,)] = connection.execute(
            "SELECT CURRENT_TIMESTAMP"
        ).fetchall()  # begins a transaction: the clock stands still

        by_clock, by_constant = (told(connection, text) for text in texts("postgres", now.astimezone(UTC)))

    assert len(by_clock) == len(BACK)
    assert by_clock == by_constant
