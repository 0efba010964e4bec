"""`qualify sql`: the definition as one query, for a warehouse, or as a model of dbt."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, cast

import click

from qualify.cli import screen
from qualify.cli.exits import FINE, debuggable
from qualify.cli.options import read_moment
from qualify.errors import QualifyError
from qualify.face import Definition, load

DIALECTS = ("duckdb", "postgres", "spark", "databricks", "snowflake", "bigquery")
OURS = ("-- Written by qualify", "# Written by qualify")
"""How the files begin that we may write over."""

When = datetime | Literal["clock", "variable"]


def read_when(context: click.Context, parameter: click.Parameter, text: str | None) -> When | None:
    """What --as-of says: a moment, the engine's clock, or dbt's variable."""
    if text in ("clock", "variable"):
        return cast(When, text)
    try:
        return read_moment(context, parameter, text)
    except click.BadParameter:
        raise click.BadParameter(
            "say a date with a time, such as 2026-11-20T12:00:00Z, or clock for the engine's own"
        ) from None


def read_pairs(context: click.Context, parameter: click.Parameter, said: Iterable[str]) -> dict[str, str]:
    """What `name=value` says, each name once."""
    found: dict[str, str] = {}
    for each in said:
        name, sign, value = each.partition("=")
        if not (name and sign and value):
            example = "employees=integer" if parameter.name == "types" else "employees=no_of_staff"
            raise click.BadParameter(f"say FIELD=..., as in {example}")
        if name in found:
            raise click.BadParameter(f"{name} is said twice")
        found[name] = value
    return found


@click.command()
@click.argument("definition")
@click.option("--dialect", metavar="NAME", required=True, type=click.Choice(DIALECTS), help=", ".join(DIALECTS) + ".")
@click.option("--as-of", metavar="TIME", required=True, callback=read_when,
              help="The moment to judge at, as a constant; clock for the engine's own, variable for dbt's as_of.")  # fmt: skip
@click.option("-t", "--table", metavar="NAME", default="leads", help="The table of the leads (leads).")
@click.option("-a", "--activities", metavar="NAME", help="The table of what happened with them.")
@click.option("--column", "columns", metavar="FIELD=COLUMN", multiple=True, callback=read_pairs,
              help="The column that a field stands in, where it is called otherwise.")  # fmt: skip
@click.option("--type", "types", metavar="FIELD=TYPE", multiple=True, callback=read_pairs,
              help="How a column is stored, where it isn't as the field is.")  # fmt: skip
@click.option("--explain", is_flag=True, help="Give each trait's answer too, and why in a sentence.")
@click.option("--prefix", metavar="WORD", default="", help="What the names of all results begin with.")
@click.option("-o", "--output", metavar="FILE", help="Where the query is written; - is standard output.")
@click.option("--dbt", metavar="DIR", help="Write a dbt model into this folder instead, with its YAML.")
@click.option("--name", metavar="NAME", help="What the dbt model is called (as the definition).")
@debuggable
def sql(
    definition: str,
    dialect: str,
    as_of: When,
    table: str,
    activities: str | None,
    columns: dict[str, str],
    types: dict[str, str],
    explain: bool,
    prefix: str,
    output: str | None,
    dbt: str | None,
    name: str | None,
) -> int:
    """Print the definition as one SQL query over a table of leads.

    DEFINITION is a file or a folder. The query gives one row a lead, with
    its stage, the state of every stage, what each side says, scores and
    tiers, as Python does; it changes nothing. What it assumes of the tables
    stands above it.

    The table has a column for each field that the definition reads, and id;
    that of the activities has lead_id, type, at, and a column for each
    property that is read.

    With --dbt it is a model: NAME.sql with the query, NAME.yml with what
    each column means and tests. Tables are then another model's name, or
    SOURCE.TABLE.
    """
    if dbt is None and as_of == "variable":
        raise click.UsageError("a variable is dbt's: say --dbt DIR, or another --as-of")
    if dbt is None and name is not None:
        raise click.UsageError("--name is that of a dbt model: say --dbt DIR too")
    if dbt is not None and output is not None:
        raise click.UsageError("a dbt model is written to its folder: leave out --output or --dbt")
    given: dict[str, Any] = {
        "table": table, "activities": activities, "types": types, "columns": columns, "explain": explain,
        "prefix": prefix,
    }  # fmt: skip
    loaded = load(definition)
    if dbt is not None:
        return _write_model(loaded, Path(dbt), dialect, as_of, name, given)
    text = loaded.to_sql(cast(Any, dialect), as_of=cast(Any, as_of), **given)
    if output is None or output == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode())  # whatever the terminal's encoding: it is to be run
    else:
        _write(Path(output), text)
        screen.out(f"wrote {output}")
    return FINE


def _write_model(
    definition: Definition, folder: Path, dialect: str, as_of: When, name: str | None, given: dict[str, Any]
) -> int:
    files = definition.to_dbt(cast(Any, dialect), as_of=as_of, name=name, **given)
    if not folder.is_dir():
        raise QualifyError(f"{folder}: there is no such folder; a dbt project keeps models in models", code="no-folder")
    for each in files:
        _keep(folder / each)
    for each, text in files.items():
        _write(folder / each, text)
    screen.out("wrote")
    for each in files:
        screen.out(f"  {folder / each}")
    return FINE


def _keep(path: Path) -> None:
    """Nothing that a person wrote is written over."""
    if path.is_file() and not path.read_text(encoding="utf-8", errors="replace").startswith(OURS):
        raise QualifyError(
            f"{path} is there, and wasn't written by qualify: say another --name, or move it", code="file-there"
        )


def _write(path: Path, text: str) -> None:
    if not path.parent.is_dir():
        raise QualifyError(f"{path}: there is no folder {path.parent}", code="no-folder")
    path.write_text(text, encoding="utf-8", newline="\n")
