"""Ids of Salesforce: 15 characters, or 18 where three more make them safe against a change of case."""

from __future__ import annotations

import re
from collections.abc import Callable

from qualify.mapping.conversions import Conversion, Ways
from qualify.values import Unreadable, kind_of

EXPECTED = "a Salesforce id (15 or 18 letters and digits, or an address that ends in one)"
_ID = re.compile(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?")
_SUFFIX = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


def record_id(value: object) -> str:
    """The whole id, of 18 characters, that an id or a record's address names.

    Some exports have the short form, which is the same record; a query that didn't ask for `Id` has it in
    `attributes.url` alone.

    >>> record_id("00Qak0000069HFE"), record_id("/services/data/v60.0/sobjects/Lead/00Qak00000696HFEAY")
    ('00Qak0000069HFEEA2', '00Qak00000696HFEAY')

    Raises Unreadable for what is neither.
    """
    if not isinstance(value, str):
        raise Unreadable(EXPECTED, kind_of(value))
    found = value.rsplit("/", 1)[-1]
    if not _ID.fullmatch(found):
        raise Unreadable(EXPECTED, kind_of(value))
    return found if len(found) == 18 else found + _suffix(found)


def _suffix(short: str) -> str:
    """Three characters that say which letters of each five are capitals."""
    groups = (short[at : at + 5] for at in (0, 5, 10))
    return "".join(_SUFFIX[sum(1 << at for at, each in enumerate(group) if each.isupper())] for group in groups)


def reader_of_ids(ways: Ways) -> Callable[[object], str]:
    """The conversion's reader; how a source writes numbers and dates doesn't matter to it."""
    return record_id


CONVERSIONS = {"salesforce id": Conversion("text", reader_of_ids)}

__all__ = ["CONVERSIONS", "record_id"]
