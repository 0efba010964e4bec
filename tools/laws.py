"""The table of the laws that a consumer's tests can hold their code to, drawn from the functions themselves."""

from __future__ import annotations

import inspect
from collections.abc import Callable

from qualify.testing import invariants
from tools.drawn import drawn


def title(law: Callable[..., None]) -> str:
    """What a law is called, as its failures begin."""
    return law.__name__.replace("_", " ").replace("json", "JSON")


def table() -> list[str]:
    """A row for each law."""
    rows = [f"| {title(law)} | {_says(law)} | `invariants.{law.__name__}` |" for law in invariants.LAWS]
    return ["| law | what it says | function |", "|---|---|---|", *rows]


def _says(law: Callable[..., None]) -> str:
    said = " ".join((inspect.getdoc(law) or "").split())
    return said.replace("|", "\\|").removesuffix(".")


def the_laws() -> str:
    """The page, its table drawn anew."""
    return drawn("laws-for-your-tests.md", {"laws": table()})


PAGES = {"laws-for-your-tests.md": the_laws}
