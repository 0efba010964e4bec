"""The query as text: what it assumes stands above it, and what can't be said of a table is refused by name."""

import datetime as dt

import duckdb
import pytest

import qualify
from qualify.errors import QualifyError

AS_OF = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
DIALECTS = ("duckdb", "postgres", "spark", "databricks", "snowflake", "bigquery")


def define(when="employees >= 50", **more):
    return qualify.define(
        name="Small -- shops\n/* ; */",
        teams={"sales": "Sales"},
        traits={"large": {"team": "sales", "when": when, "why": "They need us."}},
        stages={"sql": {"requires": {"sales": "large"}}},
        **more,
    )


def above(text):
    return " ".join(line.removeprefix("-- ") for line in text.splitlines() if line.startswith("-- "))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_it_assumes_stands_above_it(dialect):
    """Who runs it can see whether that is so; a name can't end the comment."""
    text = define().to_sql(dialect, as_of=AS_OF)

    assert text.startswith("-- Small -- shops /* ; */ 1: the verdict on each lead of leads.\n")
    assert "As of 2026-11-20T12:00:00Z: a constant." in above(text)
    assert "No table of activities was named: what happened is unknown of every lead." in above(text)
    assert "Numbers are compared as they are stored, float32 excepted (say types): employees." in above(text)
    assert text.splitlines()[sum(line.startswith("--") for line in text.splitlines())].startswith("WITH")


def test_the_columns_that_it_reads_stand_above_it():
    """A database names the first that isn't there, one run after the other, and not what it should hold."""
    definition = define('employees >= 50 and email_domain != "x.example" and count(page_view where page is known) > 0')
    given = {"activities": "acts", "columns": {"employees": "staff", "id": "no"}, "types": {"employees": "integer"}}
    told = above(definition.to_sql("postgres", as_of=AS_OF, **given))
    without = above(definition.to_sql("postgres", as_of=AS_OF, types={"email_domain": "none"}))

    assert "Columns read of the leads: no, staff (integer), email_domain (text), email (text)." in told
    assert "Columns read of the activities: lead_id, type (text), at (timestamp with time zone), page (text)." in told
    assert "Nothing looks whether leads' ids differ" in told
    assert "Columns read of the leads: id, employees (number), email (text)." in without
    assert "of the activities" not in without
    assert "Nothing looks" not in without


def test_a_type_that_is_said_needs_no_warning():
    """It is compared exactly then."""
    assert "Numbers are compared" not in define().to_sql("duckdb", as_of=AS_OF, types={"employees": "decimal(18, 2)"})


def test_a_field_without_a_column_is_unknown_of_every_lead():
    """A table needn't have all that a definition reads."""
    definition = define('employees >= 50 or email_domain == "shop.example"')
    query = definition.to_sql("duckdb", as_of=AS_OF, types={"employees": "none", "email_domain": "none"}, explain=True)
    leads = "create table leads as from (values (1, 'a@shop.example'), (2, 'a@other.example')) as v(id, email)"

    connection = duckdb.connect()
    connection.execute(leads)
    found = connection.execute(f"select large from ({query}) order by lead_id").fetchall()

    assert found == [(True,), (None,)]


def test_columns_and_tables_may_be_called_anything():
    """The warehouse was there before the definition."""
    connection = duckdb.connect()
    connection.execute(
        'create schema "My CRM"; create table "My CRM"."All Leads" as select 7 as "Lead""Id", 80 as "No. of staff"'
    )
    query = define().to_sql(
        "duckdb", as_of=AS_OF, table='"My CRM"."All Leads"', columns={"id": 'Lead"Id', "employees": "No. of staff"}
    )

    assert connection.execute(query).fetchall()[0][:2] == (7, "sql")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"table": "(select 1; drop table x)"}, None),
        ({"table": "a; drop table x"}, None),
        ({"table": "crm.dropped(x)"}, "is no name of a table, such as crm.leads"),
        ({"table": "a -- x"}, "is no name of a table, such as crm.leads"),
        ({"table": ""}, "'' is no name of a table"),
        ({"activities": "a; b"}, "'a; b' is no name of a table"),
        ({"types": {"employes": "integer"}}, "the definition reads no 'employes'; did you mean 'employees'"),
        ({"types": {"employees": "text"}}, "is number in the definition, which no column of text holds"),
        ({"types": {"employees": "varchar"}}, "'varchar' is no type of a column; there are text"),
        ({"types": {"employees": "decimal(99, 3)"}}, "no decimal that all databases have: say one of at most 38 digits"),
        ({"types": {"employees": "decimal(4, 6)"}}, "at most 38 digits, its decimals among them"),
        ({"columns": {"employes": "x"}}, "has no field 'employes'; did you mean 'employees'"),
    ],
)  # fmt: skip
def test_what_can_t_be_is_refused_by_name(given, said):
    """A text that is run somewhere else must not be another than was meant."""
    definition = define()

    if said is None:  # it is taken for a name, with quotes around it
        assert f'FROM "{given["table"]}"' in definition.to_sql("duckdb", as_of=AS_OF, **given)
        return
    with pytest.raises(QualifyError, match=said):
        definition.to_sql("duckdb", as_of=AS_OF, **given)


def test_a_dialect_that_is_not_there_is_refused_with_the_nearest():
    """There are six."""
    with pytest.raises(QualifyError, match="no dialect 'postgress'; did you mean 'postgres'"):
        define().to_sql("postgress")


def test_results_of_one_name_are_refused():
    """Engines that don't mind would give one of them."""
    definition = qualify.define(
        name="Twice",
        teams={"sales": "Sales"},
        tiers={"sql_state": {"team": "sales", "cases": {"a": "employees > 5", "b": "otherwise"}}},
        traits={"large": {"team": "sales", "when": "employees >= 50", "why": "They need us."}},
        stages={"sql": {"requires": {"sales": "large"}}},
    )

    with pytest.raises(QualifyError, match="two columns would be called 'sql_state'"):
        definition.to_sql("duckdb", as_of=AS_OF)
