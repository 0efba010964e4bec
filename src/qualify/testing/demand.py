"""How the contract of adapters fails: with what is to be done, and without a record's values.

An `assert` won't do here. Pytest shows what stands on its two sides, and that are people.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import pytest

from qualify.errors import LeadError


def demand(held: object, otherwise: str) -> None:
    """Fail with this message, and nothing else, where something doesn't hold."""
    if not held:
        refuse(otherwise)


def refuse(message: str) -> NoReturn:
    """Fail with this message: no traceback, in which the values of records may stand."""
    pytest.fail(message, pytrace=False)


@contextmanager
def readable(what: str) -> Iterator[None]:
    """Where a lead can't be read in this block, say how a mapping gets by."""
    try:
        yield
    except LeadError as why:
        refuse(
            f"{what} can't be read: {why.field or 'a lead'}: expected {why.expected}, found {why.found}. Choose "
            "another `as` for the field, give its words in `labels`, or let it be unknown with `lenient = true`"
        )


__all__ = ["demand", "readable", "refuse"]
