"""`qualify check`: what is wrong or doubtful in a definition, and what it is when nothing is."""

from __future__ import annotations

import sys
from codecs import BOM_UTF8
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from qualify.adapters.mappings import load_mapping
from qualify.cli import screen
from qualify.cli.exits import FAULTS, FINE, debuggable
from qualify.definition.files import LARGEST, loads_model
from qualify.errors import DefinitionError, Finding, MappingError, show_findings
from qualify.face import Definition, load

if TYPE_CHECKING:
    from qualify.cli.mutants import Noticing
    from qualify.cli.stories import AskedStories

STDIN = "standard input"
SECTIONS = ("stages", "traits", "tiers", "signals", "scores", "fields", "activities", "lists")


@click.command()
@click.argument("definition")
@click.option("-m", "--mapping", metavar="FILE", help="Check this mapping too, against the definition.")
@click.option("--stories", is_flag=True, help="Ask the stories beside the definition.")
@click.option("--mutants", is_flag=True, help="Tell which small changes no story notices.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
@debuggable
def check(definition: str, mapping: str | None, stories: bool, mutants: bool, as_json: bool) -> int:
    """Check a definition: show all its faults, or what it holds.

    DEFINITION is a file (.toml, .json), a folder of *.toml files, or - for
    standard input (TOML, or JSON where it begins with {). Every fault is
    shown at once, with its line. Warnings are shown too; they are no faults.

    A mapping is checked with the definition whose fields it reads: --mapping.

    Stories are leads with what is expected of them, in NAME.stories.toml beside
    NAME.toml, or in *.stories.toml in the folder. --stories asks them all; it is
    a fault where something else comes out.

    --mutants makes small changes of the definition (a threshold by one step, a
    part left out), and tells which of them no story notices, each with a story
    that would. It takes a while, and is never a fault.
    """
    if (stories or mutants) and definition == "-":
        raise click.UsageError("stories stand beside a file or a folder, not beside standard input")
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
    asked = _asked(definition, loaded) if stories else None
    noticing = _noticing(definition, loaded) if mutants else None
    if as_json:
        said = _json(loaded, findings)
        if asked is not None:
            said["stories"] = asked.to_json()
        if noticing is not None:
            said["mutants"] = noticing.to_json()
        screen.out_json(said)
        return FINE if asked is None or asked.fine else FAULTS
    if findings:
        screen.out(show_findings(findings) + "\n")
    screen.out(_summary(loaded))
    if mapping is not None:
        screen.out(f"{mapping}: no faults")
    if asked is not None:
        asked.show()
    if noticing is not None:
        noticing.show()
    return FINE if asked is None or asked.fine else FAULTS


def _asked(path: str, definition: Definition) -> AskedStories:
    from qualify.cli.stories import AskedStories  # what tells of verdicts is loaded only where it is asked for

    return AskedStories.beside(Path(path), definition)


def _noticing(path: str, definition: Definition) -> Noticing:
    from qualify.cli.mutants import Noticing

    return Noticing(Path(path), definition)


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
