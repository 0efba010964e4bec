"""What frames need to be installed: as little as can be, and what is missing is named with its extra."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib

import pytest

from qualify.columns.outcomes import PACKAGES
from tests.pages import ROOT

BLOCKED = """
import sys
for name in sys.argv[1].split(","):
    sys.modules[name] = None  # importing it says that there is no such package
from datetime import UTC, datetime
import qualify
from qualify.mapping import loads_mapping

definition = qualify.define(
    name="Small",
    teams={"sales": "Sales"},
    traits={
        "large": {"team": "sales", "when": "employees >= 50", "why": "They need us."},
        "keen": {"team": "sales", "when": "count(demo_request within 30 days) >= 1", "why": "They asked."},
    },
    scores={"fit": {"points": {"large": 20}}},
    stages={"sql": {"requires": {"sales": "large and keen"}}},
)
at = datetime(2026, 11, 20, tzinfo=UTC)
leads = {"id": ["a", "b"], "employees": [80, None]}
happened = {"lead_id": ["a", "z"], "type": ["demo_request"] * 2, "at": [at] * 2}
mapping = loads_mapping('id = "id"\\n[fields]\\nemployees = "employees"', definition.model)
"""
JUDGED = """
import pandas, pyarrow
for make in (pandas.DataFrame, pyarrow.table, pyarrow.RecordBatch.from_pydict):
    for how in (None, mapping):
        found = definition.qualify_frame(make(leads), make(happened), how, as_of=at, explain=True)
        assert type(found) is type(make(leads)), found
        states = found["sql_state"]
        assert (states.tolist() if hasattr(states, "tolist") else states.to_pylist()) == ["reached", "not_yet"], states
        assert len(definition.qualify_frame(make(leads)[:0], make(happened), how, as_of=at)) == 0
print("judged")
"""
ONLY_POLARS = """
import polars
for make in (polars.DataFrame, polars.LazyFrame):
    for how in (None, mapping):
        found = definition.qualify_frame(make(leads), make(happened), how, as_of=at).lazy().collect()
        assert found["sql_state"].to_list() == ["reached", "not_yet"]
print("judged")
"""
REFUSED = """
import {package}
try:
    definition.qualify_frame({frame}, as_of=at)
except qualify.QualifyError as why:
    print(why.code, why)
"""


def without(packages: str, script: str) -> str:
    """What a fresh Python prints that has no such packages."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", BLOCKED + script, packages],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_arrow_and_pandas_are_judged_by_duckdb_where_polars_is_not_there() -> None:
    """Nobody has to install a second engine."""
    assert without("polars", JUDGED) == "judged"


def test_polars_needs_nothing_but_itself() -> None:
    """Neither Arrow's package nor DuckDB."""
    assert without("pyarrow,pandas,duckdb,sqlglot,pyspark", ONLY_POLARS) == "judged"


@pytest.mark.parametrize(
    ("packages", "frame", "words"),
    [
        (
            "polars,duckdb",
            "pyarrow.table(leads)",
            'needs Polars (or DuckDB and SQLGlot): pip install "qualify[frames]"',
        ),
        (
            "polars,sqlglot",
            "pyarrow.table(leads)",
            'needs Polars (or DuckDB and SQLGlot): pip install "qualify[frames]"',
        ),
        ("pyarrow", "pandas.DataFrame(leads)", 'needs PyArrow: pip install "qualify[frames]"'),
        ("sqlglot", 'duckdb.sql("SELECT 80 AS employees")', 'needs SQLGlot: pip install "qualify[sql]"'),
    ],
)
def test_what_is_missing_is_named_with_its_extra(packages: str, frame: str, words: str) -> None:
    """The error is the command that mends it."""
    said = without(packages, REFUSED.format(package=frame.partition(".")[0], frame=frame))

    assert said.startswith("missing-extra qualify_frame ")
    assert words in said


def test_no_frame_library_is_imported_that_nobody_uses() -> None:
    """A form's backend that has Polars for other work starts no slower for it."""
    said = without(
        "nothing", 'print([name for name in ("polars", "pandas", "duckdb", "pyarrow") if name in sys.modules])'
    )

    assert said == "[]"


def brought(extra: str) -> set[str]:
    """The packages that an extra of ours brings, those of the extras that it names among them."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    found: set[str] = set()
    for each in extras[extra]:
        name, _, inner = re.split(r"[>=;\s]", each)[0].partition("[")
        found |= set().union(*map(brought, inner.rstrip("]").split(","))) if inner else {name}
    return found


@pytest.mark.parametrize(
    ("module", "extra"), [(module, extra) for listed in PACKAGES.values() for module, _, extra in listed]
)
def test_the_extra_that_an_engine_asks_for_brings_the_package(module, extra):
    """Who does what the error says and gets the same error again does not try a third time."""
    assert module in brought(extra)
