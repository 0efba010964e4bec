"""`qualify adapters`: which sources can be read and written, and which plugin is broken."""

from __future__ import annotations

from dataclasses import asdict

import click

from qualify.adapters import InstalledAdapter, installed_adapters
from qualify.cli import screen
from qualify.cli.exits import FINE, debuggable


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
@debuggable
def adapters(as_json: bool) -> int:
    """List the adapters that are installed, the broken ones too.

    An adapter reads leads from one kind of source, or writes verdicts to it.
    Those for files are built in; other packages can bring more.
    """
    found = installed_adapters(load=True)
    if as_json:
        screen.out_json([asdict(each) for each in found])
        return FINE
    rows = [(each.name, _package(each), ", ".join(each.can or ()) or "-") for each in found]
    wide = [max(len(row[at]) for row in rows) for at in range(3)]
    for each, row in zip(found, rows, strict=True):
        cells = "  ".join(cell.ljust(size) for cell, size in zip(row, wide, strict=True))
        screen.out(f"{cells}  {each.summary or ''}".rstrip())
        if each.suffixes:
            screen.out(f"{' ' * wide[0]}  {' '.join(each.suffixes)}")
        if each.error is not None:
            screen.out(f"{' ' * wide[0]}  can't be used: {each.error}")
    return FINE


def _package(each: InstalledAdapter) -> str:
    return f"{each.package} {each.version}" if each.version else each.package
