"""Ids of Salesforce: 15 characters, or 18 where three more make them safe against a change of case."""

from __future__ import annotations

import re
from collections.abc import Callable

from qualify.mapping.conversions import Conversion, Ways
from qualify.values import Unreadable, kind_of

EXPECTED = "the id of a Salesforce lead (00Q...) or contact (003...), of 15 or 18 characters"
LEAD, CONTACT = "00Q", "003"
_ID = re.compile(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?")
_SUFFIX = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


def record_id(value: object) -> str:
    """The whole id, of 18 characters, of the lead or the contact that an id or a record's address names.

    Some exports have the short form, which is the same record; a query that didn't ask for `Id` has it in
    `attributes.url` alone.

    >>> record_id("00Qak0000069HFE"), record_id("/services/data/v60.0/sobjects/Lead/00Qak00000696HFEAY")
    ('00Qak0000069HFEEA2', '00Qak00000696HFEAY')

    Raises Unreadable for what is neither, and for another table's: an account or an opportunity is no lead.
    """
    if not isinstance(value, str):
        raise Unreadable(EXPECTED, kind_of(value))
    found = value.rsplit("/", 1)[-1]
    if not _ID.fullmatch(found) or not found.startswith((LEAD, CONTACT)):
        raise Unreadable(EXPECTED, kind_of(value))
    return whole(found)


def whole(name: str) -> str:
    """An id of 15 characters with the three more; any other text as it is."""
    return name + _suffix(name) if len(name) == 15 and _ID.fullmatch(name) else name


def _suffix(short: str) -> str:
    """Three characters that say which letters of each five are capitals."""
    groups = (short[at : at + 5] for at in (0, 5, 10))
    return "".join(_SUFFIX[sum(1 << at for at, each in enumerate(group) if each.isupper())] for group in groups)


def reader_of_ids(ways: Ways) -> Callable[[object], str]:
    """The conversion's reader; how a source writes numbers and dates doesn't matter to it."""
    return record_id


CONVERSIONS = {"salesforce id": Conversion("text", reader_of_ids)}

__all__ = ["CONVERSIONS", "record_id", "whole"]
