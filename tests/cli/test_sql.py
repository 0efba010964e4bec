"""`sql`: the query that Python gives, on stdout or in files, and nothing of a person's written over."""

import datetime as dt

import duckdb
import pytest

import qualify as library
from tests.cli.command import qualify, same_as_printed

AS_OF = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
CALL = ("sql", "shops.toml", "--dialect", "duckdb", "--as-of", "2026-11-20T12:00:00Z")


def test_it_prints_what_python_returns(folder):
    """Whatever the command does, one call does."""
    definition = library.load(folder / "shops.toml")

    done = qualify(
        *CALL, "-t", "crm.leads", "-a", "crm.visits", "--column", "employees=staff", "--type", "employees=integer",
        "--explain", "--prefix", "q_", folder=folder,
    )  # fmt: skip

    assert (done.code, done.err) == (0, "")
    assert done.out == definition.to_sql(
        "duckdb", table="crm.leads", activities="crm.visits", columns={"employees": "staff"},
        types={"employees": "integer"}, explain=True, prefix="q_", as_of=AS_OF,
    )  # fmt: skip


def test_what_it_prints_runs(folder):
    """The rows are those that `run` gives."""
    query = qualify(*CALL, folder=folder).out
    connection = duckdb.connect()
    connection.execute(f"create table leads as from read_csv('{folder / 'good.csv'}', all_varchar = false)")

    rows = connection.execute(query.replace('"id" AS', "lpad(\"id\"::varchar, 4, '0') AS")).fetchall()

    assert [row[:3] for row in sorted(rows)] == [
        ("0031", "mql", "reached"), ("0032", "mql", "reached"), ("0033", None, "not_yet"),
    ]  # fmt: skip


def test_the_engine_s_clock_is_asked_for_by_name(folder):
    """A query that reads the clock answers differently tomorrow: nobody should get one by chance."""
    asked = qualify("sql", "shops.toml", "--dialect", "postgres", "--as-of", "clock", folder=folder)
    unsaid = qualify("sql", "shops.toml", "--dialect", "postgres", folder=folder)

    assert asked.code == 0
    assert "As of the engine's clock" in asked.out
    assert unsaid.code == 2
    assert "Missing option '--as-of'" in unsaid.err


def test_it_goes_to_a_file(folder):
    """As it would to the screen."""
    done = qualify(*CALL, "-o", "leads.sql", folder=folder)

    assert (done.code, done.out) == (0, "wrote leads.sql\n")
    assert (folder / "leads.sql").read_text(encoding="utf-8") == qualify(*CALL, folder=folder).out


def test_a_dbt_model_is_two_files(folder):
    """And each time they are written anew."""
    (folder / "models").mkdir()
    words = ("sql", "shops.toml", "--dialect", "duckdb", "--as-of", "variable", "-t", "crm.leads", "-a", "visits")

    done = qualify(*words, "--dbt", "models", folder=folder)
    again = qualify(*words, "--dbt", "models", folder=folder)
    files = library.load(folder / "shops.toml").to_dbt(
        "duckdb", as_of="variable", table="crm.leads", activities="visits"
    )

    assert (done.code, done.out) == (0, "wrote\n  models/print_shops.sql\n  models/print_shops.yml\n")
    assert again == done
    assert {each.name: each.read_text(encoding="utf-8") for each in (folder / "models").iterdir()} == files
    same_as_printed("sql-dbt", files["print_shops.yml"])


def test_a_model_that_a_person_wrote_stays(folder):
    """Its name may be the definition's by chance."""
    (folder / "models").mkdir()
    (folder / "models" / "print_shops.yml").write_text("version: 2\n", encoding="utf-8")

    done = qualify(*CALL, "--dbt", "models", folder=folder)

    assert done.code == 1
    assert "models/print_shops.yml is there, and wasn't written by qualify: say another --name" in done.err
    assert [each.name for each in (folder / "models").iterdir()] == ["print_shops.yml"]


@pytest.mark.parametrize(
    ("code", "words", "said"),
    [
        (2, ("--as-of", "soon"), "say a date with a time, such as 2026-11-20T12:00:00Z, or clock"),
        (2, ("--as-of", "variable"), "a variable is dbt's: say --dbt DIR"),
        (2, ("--dialect", "oracle"), "'oracle' is not one of 'duckdb', 'postgres'"),
        (2, ("--name", "x"), "--name is that of a dbt model"),
        (2, ("--dbt", ".", "-o", "x.sql"), "leave out --output or --dbt"),
        (2, ("--type", "employees"), "say FIELD=..., as in employees=integer"),
        (2, ("--column", "employees="), "say FIELD=..., as in employees=no_of_staff"),
        (2, ("--column", "employees=a", "--column", "employees=b"), "employees is said twice"),
        (2, ("--type", "employees=int"), "types: 'int' is no type of a column; there are text, boolean"),
        (2, ("--type", "emploees=integer"), "types: the definition reads no 'emploees'; did you mean 'employees'?"),
        (2, ("--column", "emploees=staff"), "columns: the definition has no field 'emploees'; did you mean 'employees'"),
        (2, ("-t", "a;b"), "'a;b' is no name of a table"),
        (2, ("--dbt", ".", "-t", "a.b.c"), "'a.b.c' is no table that dbt knows"),
        (2, ("--dbt", ".", "--name", "My Leads"), "small letters, digits and _, as in 'my_leads'"),
        (1, ("--type", "employees=text"), "'employees' is number in the definition, which no column of text holds"),
        (1, ("--dbt", "nowhere"), "nowhere: there is no such folder"),
        (1, ("-o", "no/where.sql"), "no/where.sql: there is no folder no"),
    ],
)  # fmt: skip
def test_a_wrong_call_says_what_is_wrong_with_it(folder, code, words, said):
    """And writes nothing."""
    before = sorted(folder.iterdir())

    done = qualify(*CALL, *words, folder=folder)

    assert done.code == code
    assert said in done.err
    assert done.out == ""
    assert sorted(folder.iterdir()) == before
