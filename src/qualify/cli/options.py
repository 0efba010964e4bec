"""The options that say how leads are read: the same for each command that reads some."""

from __future__ import annotations

import codecs
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from qualify.adapters import Source, adapter_for, file_adapter
from qualify.adapters.csv import SEPARATORS
from qualify.adapters.sources import is_database
from qualify.errors import AdapterError
from qualify.values import Unreadable, read_value

TABLE = "table"

C = TypeVar("C", bound=Callable[..., Any])


def read_moment(context: click.Context, parameter: click.Parameter, text: str | None) -> datetime | None:
    """The moment that --as-of says."""
    if text is None:
        return None
    try:
        found = read_value("datetime", text)
    except Unreadable:
        found = None
    if not isinstance(found, datetime):
        raise click.BadParameter("say a date with a time, such as 2026-11-20T12:00 or 2026-11-20T12:00:00Z")
    return found


def read_format(context: click.Context, parameter: click.Parameter, name: str | None) -> str | None:
    """An adapter's name, or `table` where rows are printed."""
    if name is None or (name == TABLE and parameter.name == "format"):
        return name
    try:
        return file_adapter(name).name
    except AdapterError as why:
        raise click.BadParameter(why.message) from None


def read_delimiter(context: click.Context, parameter: click.Parameter, name: str | None) -> str | None:
    """What separates the cells of CSV."""
    if name is not None and name not in SEPARATORS:
        raise click.BadParameter("say comma, semicolon, tab or pipe")
    return name


def read_encoding(context: click.Context, parameter: click.Parameter, name: str | None) -> str | None:
    """The encoding of CSV."""
    try:
        return name and codecs.lookup(name).name
    except (LookupError, ValueError):
        raise click.BadParameter(f"there is no encoding {name!r}") from None


def about_leads(command: C) -> C:
    """A command that judges leads: what reads them, what happened with them, and when."""
    for option in (
        click.option("--proposed", is_flag=True, help="Evaluate what is only proposed, too."),
        click.option("--as-of", metavar="TIME", callback=read_moment, help="The moment to judge at (now)."),
        click.option("-a", "--activities", metavar="FILE", help="What happened with the leads: a second file."),
        click.option("-m", "--mapping", metavar="FILE", help="How the source's columns become fields."),
    ):
        command = option(command)
    return command


def about_files(command: C) -> C:
    """A command that reads leads: what their files are like, where they don't tell it themselves."""
    for option in (
        click.option(
            "--encoding",
            metavar="NAME",
            callback=read_encoding,
            help="The encoding of CSV, such as cp1252 (found out).",
        ),
        click.option(
            "--delimiter",
            metavar="NAME",
            callback=read_delimiter,
            help="What separates CSV cells: comma, semicolon, tab, pipe (found out).",
        ),
        click.option("--activities-format", metavar="NAME", callback=read_format, help="The same for the activities."),
        click.option(
            "--leads-format",
            metavar="NAME",
            callback=read_format,
            help="csv, jsonl or parquet (the file's ending tells).",
        ),
    ):
        command = option(command)
    return command


def said_options(delimiter: str | None, encoding: str | None) -> dict[str, str]:
    """What was said of CSV, for the adapters."""
    return {name: said for name, said in (("delimiter", delimiter), ("encoding", encoding)) if said is not None}


def source_of(name: str) -> Source:
    """What a name on the command line means: a path, or - for standard input."""
    return sys.stdin.buffer if name == "-" else name


def check_source(place: str, option: str, said: str | None) -> None:
    """Refuse a folder, and a file whose ending tells no format where none is said by `option`."""
    if place == "-" or is_database(place):
        return
    if Path(place).is_dir():
        raise click.UsageError(f"{place} is a folder; say which file")
    if said is None:
        try:
            adapter_for(place)
        except AdapterError as why:
            raise click.UsageError(f"{why.message}, with {option}") from None


__all__ = [
    "TABLE",
    "about_files",
    "about_leads",
    "check_source",
    "read_format",
    "said_options",
    "source_of",
]
