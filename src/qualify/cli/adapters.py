"""`qualify adapters`: which sources can be read and written, and which plugin is broken."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import asdict

import click

from qualify.adapters import InstalledAdapter, installed_adapters
from qualify.cli import screen
from qualify.cli.exits import FINE, debuggable


@click.command()
@click.option("--allow", metavar="NAMES", help="Import only these, such as hubspot,csv.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
@debuggable
def adapters(as_json: bool, allow: str | None) -> int:
    """List the adapters that are installed, the broken ones too.

    An adapter reads leads from one kind of source, or writes verdicts to it:
    files, a CRM, a database. Other packages can bring more, and conversions
    for mappings. Each is listed with its package, with what it can do, and
    with the reason where it can't be used.
    """
    found = installed_adapters(load=True, allow=allow)
    if as_json:
        screen.out_json([asdict(each) for each in found])
        return FINE
    names = max(len(each.name) for each in found)
    packages = max(len(_package(each)) for each in found)
    for each in found:
        first, *rest = _lines(each, screen.width() - names - packages - 4)
        screen.out(f"{each.name:{names}}  {_package(each):{packages}}  {first}".rstrip())
        for line in rest:
            screen.out(" " * (names + packages + 4) + line)
    return FINE


def _package(each: InstalledAdapter) -> str:
    return f"{each.package} {each.version}" if each.version else each.package


def _lines(each: InstalledAdapter, width: int) -> Iterator[str]:
    """What it can do first, since that is what one looks for; then what it is."""
    if each.error is not None:
        yield from _wrapped(f"can't be used: {each.error}", width)
        return
    if each.can:
        yield from _wrapped(", ".join(each.can), width)
    yield from _wrapped(each.summary or "", width)
    yield from _wrapped(" ".join(each.suffixes), width)
    if each.can and each.conversions:
        yield from _wrapped("for mappings: " + ", ".join(f'as = "{name}"' for name in each.conversions), width)


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, max(width, screen.NARROWEST), break_long_words=False, break_on_hyphens=False)
