"""How a file writes things as a whole: its decimal sign, its currency, the order in its dates."""

from __future__ import annotations

import re
from collections import Counter

from qualify.mapping.numbers import number_in
from qualify.mapping.table import Table
from qualify.starting.column import Column, File
from qualify.starting.dates import order_of

SIGNS = {"€": "EUR", "EUR": "EUR", "£": "GBP", "GBP": "GBP", "$": "USD", "USD": "USD", "CHF": "CHF", "₹": "INR"}
_MONEY = re.compile(
    r"[-+]?\s?(€|EUR|£|GBP|\$|USD|CHF|₹)\s?[\d.,' ]+[kKmMbB]?[nN]?|[\d.,' ]+[kKmMbB]?[nN]?\s?(€|EUR|£|GBP|\$|USD|CHF|₹)"
)
_SIGN = re.compile(r"[^\d.,+-]+")
_NUMBER = re.compile(r"[-+]?\d[\d.,]*[.,]\d+")


def manner_of(columns: list[Column], *, rows: int, delimiter: str | None) -> File:
    """What is true of the whole file, from all its columns."""
    order, sure = order_of(columns, delimiter=delimiter)
    point = comma = both = 0
    currencies = Counter[str]()
    for column in columns:
        for text, count in column.as_text():
            if found := _MONEY.fullmatch(text):
                currencies[SIGNS[found[1] or found[2]]] += count
                text = _SIGN.sub("", text)
            if _NUMBER.fullmatch(text):
                with_point, with_comma = number_in(text, ".") is not None, number_in(text, ",") is not None
                both += count * (with_point and with_comma)
                point += count * (with_point and not with_comma)
                comma += count * (with_comma and not with_point)
    decimal, about = ".", ""
    if comma > point:
        decimal, about = ",", f"{comma:,} numbers read only with a decimal comma, {point:,} only with a point"
    elif comma == point and both and delimiter == ";":
        decimal, about = ",", "no number tells, but the cells are separated by semicolons, as where commas are decimal"
    commonest = currencies.most_common(1)
    table = Table(decimal="," if decimal == "," else ".", currency=commonest[0][0] if commonest else None)
    return File(rows, table, order, sure, about)
