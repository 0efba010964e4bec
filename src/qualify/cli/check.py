"""`qualify check`: what is wrong or doubtful in a definition, and what it is when nothing is."""

from __future__ import annotations

import sys
from codecs import BOM_UTF8
from dataclasses import replace
from typing import Any, Literal

import click

from qualify.cli import screen
from qualify.cli.exits import FAULTS, FINE, debuggable
from qualify.definition.files import LARGEST, loads_model
from qualify.errors import DefinitionError, Finding, MappingError, show_findings
from qualify.face import Definition, load, load_mapping

STDIN = "standard input"
SECTIONS = ("stages", "traits", "tiers", "signals", "scores", "fields", "activities", "lists")


@click.command()
@click.argument("definition")
@click.option("-m", "--mapping", metavar="FILE", help="Check this mapping too, against the definition.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
@debuggable
def check(definition: str, mapping: str | None, as_json: bool) -> int:
    """Check a definition: show all its faults, or what it holds.

    DEFINITION is a file (.toml, .json), a folder of *.toml files, or - for
    standard input (TOML, or JSON where it begins with {). Every fault is
    shown at once, with its line. Warnings are shown too; they are no faults.

    A mapping is checked with the definition whose fields it reads: --mapping.
    """
    try:
        loaded = _from_stdin() if definition == "-" else load(definition)
    except DefinitionError as why:
        faults = _named(why.faults) if definition == "-" else why.faults
        if as_json:
            screen.out_json(_json(None, faults))
        else:
            screen.out(str(DefinitionError(faults)))
        return FAULTS
    findings = _named(loaded.check()) if definition == "-" else loaded.check()
    if mapping is not None:
        try:
            findings += load_mapping(mapping, loaded).warnings
        except MappingError as why:
            if as_json:
                screen.out_json(_json(loaded, (*findings, *why.faults)))
            else:
                screen.out(str(why))
            return FAULTS
    if as_json:
        screen.out_json(_json(loaded, findings))
        return FINE
    if findings:
        screen.out(show_findings(findings) + "\n")
    screen.out(_summary(loaded))
    if mapping is not None:
        screen.out(f"{mapping}: no faults")
    return FINE


def _from_stdin() -> Definition:
    """The definition that another program, or an editor, gives. It has no folder."""
    data = sys.stdin.buffer.read(LARGEST + 1)
    form: Literal["toml", "json"] = "json" if data.removeprefix(BOM_UTF8).lstrip().startswith(b"{") else "toml"
    return Definition(*loads_model(data, form))


def _named(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings with the name of where they were found."""
    return tuple(replace(finding, file=finding.file or STDIN) for finding in findings)


def _json(definition: Definition | None, findings: tuple[Finding, ...]) -> dict[str, Any]:
    faults = sum(finding.level == "fault" for finding in findings)
    said: dict[str, Any] = {
        "faults": faults,
        "warnings": len(findings) - faults,
        "findings": [finding.to_dict() for finding in findings],
        "definition": None,
        "approvals": {},
    }
    if definition is not None:
        said["definition"] = {
            "name": definition.name,
            "version": definition.version,
            "digest": definition.digest,
        }
        said["approvals"] = {
            team: {"by": each.by, "on": each.on.isoformat(), "current": each.digest == definition.digest}
            for team, each in definition.model.approvals.items()
        }
    return said


def _summary(definition: Definition) -> str:
    model = definition.model
    lines = [f"{definition.name} {definition.version}: no faults"]
    for section in SECTIONS:
        names = list(getattr(model, section))
        if names:
            lines.append(f"  {section:<10}  {_wrapped(names)}")
    lines.append(f"  {'digest':<10}  {definition.digest}")
    for at, (name, team) in enumerate(model.teams.items()):
        given = model.approvals.get(name)
        if given is None:
            said = "not yet"
        else:
            said = f"{given.by} on {given.on.isoformat()}"
            if given.digest != definition.digest:
                said += ", another version than this"
        lines.append(f"  {'' if at else 'approved':<10}  {team.title}: {said}")
    return "\n".join(lines)


def _wrapped(names: list[str]) -> str:
    """How many, and their names, over as many lines as they need."""
    from textwrap import wrap

    indent = " " * 19
    room = max(screen.width() - len(indent), 20)
    lines = wrap(", ".join(names), room, break_long_words=False, break_on_hyphens=False)
    return f"{len(names):>5}  " + f"\n{indent}".join(lines)
