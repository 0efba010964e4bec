"""`qualify schema`: JSON Schema of a definition's file, or of its leads."""

from __future__ import annotations

import click

from qualify.cli import screen
from qualify.cli.exits import FINE, debuggable
from qualify.face import load


@click.command()
@click.argument("definition", required=False)
@debuggable
def schema(definition: str | None) -> int:
    """Print a JSON Schema: of a definition's file, or of its leads.

    Without DEFINITION, the schema of the file that a definition is written
    in; an editor completes and checks it. With DEFINITION, the schema of the
    leads that it judges: each field with its type, choices and question.
    """
    if definition is None:
        from qualify.definition.schema import file_schema

        found = file_schema()
    else:
        found = load(definition).json_schema()
    screen.out_json(found)
    return FINE
