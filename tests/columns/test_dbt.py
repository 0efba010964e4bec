"""A model of dbt: built by dbt itself, with the tests that it brings, it says of each lead what Python says."""

from functools import cache

import pyarrow.parquet as pq
import pytest

import qualify
from qualify.columns.dbt import literal
from qualify.engine.evaluate import decision_of
from qualify.errors import QualifyError
from tests.columns import print_shop, tables
from tests.columns.real_dbt import Project

AS_OF = print_shop.AS_OF
SAID = AS_OF.isoformat().replace("+00:00", "Z")
TEAMS = {"marketing": "Marketing {{ 'x' }}", "sales": "Sales"}


@cache
def shop():
    """The print shop, and what Python says of its leads."""
    definition, leads, rows, events = print_shop.read()
    model = definition.model
    said = {
        lead["id"]: tables.expected(model, decision_of(verdict._raw, verdict._session.compiled, model))
        for lead, verdict in zip(leads, definition.qualify_many(leads, as_of=AS_OF), strict=True)
    }
    return definition, rows, events, said


def filled(table):
    """The columns that hold something: the others have no type that a file could say."""
    return table.select([each.name for each in table.schema if str(each.type) != "null"])


@pytest.fixture
def project(tmp_path):
    """A project with the leads as a model, and what happened as a source."""
    project = Project(tmp_path / "project")
    _, rows, events, _ = shop()
    pq.write_table(filled(rows), tmp_path / "leads.parquet")
    pq.write_table(filled(events), tmp_path / "activities.parquet")
    project.model("leads", f"select * from read_parquet('{tmp_path / 'leads.parquet'}')\n")
    (project.models / "sources.yml").write_text(
        "sources:\n  - name: crm\n    config: {external_location: '" + str(tmp_path / "{name}.parquet") + "'}\n"
        "    tables: [{name: activities}]\n",
        encoding="utf-8",
    )
    return project


def written(project, definition, **given):
    files = definition.to_dbt("duckdb", **given)
    for name, text in files.items():
        (project.models / name).write_text(text, encoding="utf-8")
    return files


def built(project, name, target):
    """The table that dbt built, by lead."""
    rows = pq.read_table(project.table(name, target)).to_pylist()
    return {row.pop("lead_id"): row for row in rows}


WHERE = {"table": "leads", "activities": "crm.activities", "explain": True, "types": {"email_domain": "none"}}


@pytest.mark.parametrize("as_of", [AS_OF, "variable"], ids=["constant", "variable"])
def test_dbt_builds_the_model_and_its_table_says_what_python_says(project, tmp_path, as_of):
    """It is in dbt that most warehouses would run it; its tests must pass on an honest table."""
    definition, _, _, said = shop()
    written(project, definition, as_of=as_of, name="verdicts", **WHERE)

    code, told = project.dbt("build", "--vars", f"{{as_of: '{SAID}'}}")
    assert code == 0, told
    found = built(project, "verdicts", tmp_path / "verdicts.parquet")

    assert "WARN" not in told.replace("WARN=0", "")
    assert "eprecat" not in told
    assert found.keys() == said.keys()
    assert {lead: {name: row[name] for name in said[lead]} for lead, row in found.items()} == said
    assert sum(row["stage"] == "sql" for row in found.values()) > 10


def test_a_table_that_another_wrote_fails_the_tests(project):
    """They are there to notice: an id twice, a word that no stage has."""
    definition, *_ = shop()
    written(project, definition, as_of=AS_OF, name="verdicts", **WHERE)
    query = (project.models / "verdicts.sql").read_text(encoding="utf-8")
    project.model(
        "verdicts", f"select * from (\n{query}\n) union all select * replace ('lost' as stage) from (\n{query}\n)"
    )

    code, told = project.dbt("build", "--vars", "{}")

    assert code == 1
    assert "unique_verdicts_lead_id" in told
    assert "accepted_values_verdicts_stage__mql__sql" in told


@pytest.mark.parametrize("wrong", ["2026-11-20T12:00:00", "soon", "2026-11-20", "2026-11-20T12:00Z' OR '1'='1"])
def test_a_variable_that_is_no_moment_is_refused_by_name(project, wrong):
    """One without a zone would be read in that of the session, and a text of any kind would be run."""
    definition, *_ = shop()
    written(project, definition, as_of="variable", name="verdicts", **WHERE)

    code, told = project.dbt("compile", "--vars", '{as_of: "' + wrong + '"}')

    assert code != 0
    assert "the variable as_of has to be a moment with its zone" in told


def test_what_templates_would_read_stays_text(project, tmp_path):
    """A definition may hold braces, in names, reasons and rules; dbt must not run them."""
    definition = qualify.define(
        name="Braces {{ 1/0 }} {% raw %} {# x #}",
        teams=TEAMS,
        traits={
            "odd": {
                "team": "sales",
                "when": 'company contains "{{ 7 * 7 }}"',
                "why": "A {{ doc('x') }} \U0001f600\u200d: #1\n'",
            }
        },
        stages={"sql": {"requires": {"sales": "odd"}, "title": "{% if %}"}},
    )
    leads = [{"id": "1", "company": "{{ 7 * 7 }}"}, {"id": "2", "company": "49"}, {"id": "3", "company": None}]
    values = ", ".join(
        f"('{lead['id']}', {'null' if lead['company'] is None else literal(repr(lead['company']))})" for lead in leads
    )
    project.model("shops", f"select * from (values {values}) as v(id, company)")
    files = written(project, definition, as_of="clock", table="shops", explain=True)
    (name,) = [each.removesuffix(".sql") for each in files if each.endswith(".sql")]

    code, told = project.dbt("build", "--select", f"+{name}")
    assert code == 0, told
    found = built(project, name, tmp_path / "found.parquet")

    assert {lead: row["odd"] for lead, row in found.items()} == {"1": True, "2": False, "3": None}
    assert f"not_null_{name}_sql_state" in told


def test_a_name_that_is_none_for_a_model_is_refused():
    """It becomes a table's."""
    definition, *_ = shop()

    with pytest.raises(QualifyError, match=r"'My Leads' is no name for a model: .* as in 'my_leads'"):
        definition.to_dbt("duckdb", as_of="clock", name="My Leads")


@pytest.mark.parametrize("wrong", ["a.b.c", "", "a'b", "a.", "{{ x }}", "1a"])
def test_a_table_that_dbt_can_t_know_is_refused(wrong):
    """It stands in a template."""
    definition, *_ = shop()

    with pytest.raises(QualifyError, match="no table that dbt knows"):
        definition.to_dbt("duckdb", as_of="clock", table=wrong)


def test_states_have_to_be_there_where_no_lead_can_be_left_out():
    """Where one can, an empty state is an answer."""
    stages = {"sql": {"requires": {"sales": "big"}}}
    traits = {"big": {"team": "sales", "when": "employees > 50", "why": "Big."}}
    given = {"name": "Small", "teams": {"sales": "Sales"}, "traits": traits, "stages": stages}
    whole, part = qualify.define(**given), qualify.define(**given, left_out_by=["big"])

    assert "not_null" in whole.to_dbt("duckdb", as_of="clock")["small.yml"].split("sql_state")[1]
    assert "not_null" not in part.to_dbt("duckdb", as_of="clock")["small.yml"].split("sql_state")[1]
