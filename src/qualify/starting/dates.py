"""How a column's dates are written: the orders and formats that are tried, and where two of them read the same text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice

from qualify.mapping import FieldMap
from qualify.mapping.moments import as_written
from qualify.starting.column import LOOKED_AT_FIRST, Column, File, Order
from qualify.starting.sample import plain
from qualify.starting.words import DATE_WORDS

TURNED = {"day first": "month first", "month first": "day first", "%d/%m/%y": "%m/%d/%y", "%m/%d/%y": "%d/%m/%y"}
SHORT: dict[Order, tuple[str, ...]] = {"day first": ("%d/%m/%y", "%m/%d/%y"), "month first": ("%m/%d/%y", "%d/%m/%y")}
FORMS = ("%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%d-%b-%Y", "%d-%b-%y", "%Y/%m/%d", "%Y.%m.%d", "%d.%m.%y")
TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p")

_LIKE_A_DATE = re.compile(r"\d{1,4}[-/. ]\s?[A-Za-z\d].*\d.*|[A-Za-z]{3,9}\.? \d{1,2},? \d{4}.*|\d{8}|\d{10}|\d{13}")
_TIME = re.compile(r"\d:\d\d")


def like_dates(column: Column) -> bool:
    """Whether half of the first values could be dates, so that it is worth trying."""
    first = list(islice(column.values, LOOKED_AT_FIRST))
    alike = sum(
        1
        for value, _ in first
        if (isinstance(value, str) and _LIKE_A_DATE.fullmatch(value)) or isinstance(plain(value), datetime)
        or hasattr(plain(value), "isoformat")
    )  # fmt: skip
    return alike >= len(first) / 2


def date_ways(field: FieldMap, column: Column, file: File) -> Iterator[FieldMap]:
    """The ways in which the column's dates may be written, the likeliest first."""
    yield field
    yield replace(field, format=file.order)
    yield replace(field, format=TURNED[file.order])
    if field.type == "datetime" and (epoch := _epoch(column)):
        yield replace(field, as_=epoch)
    if not like_dates(column):
        return
    for form in (*SHORT[file.order], *FORMS):
        for time in TIMES:
            yield replace(field, format=form + time)
    if DATE_WORDS & set(column.words.split()):
        yield replace(field, format="%Y%m%d")


def has_time(column: Column) -> bool:
    """Whether some value says more than a day."""
    return any(_TIME.search(text) for text, _ in column.as_text()) or any(
        isinstance(plain(value), datetime) for value, _ in column.values
    )


def date_doubt(column: Column, field: FieldMap, file: File) -> str | None:
    """What to say where every date could be read with day and month the other way round."""
    written = field.format or ""
    start, blank, time = written.partition(" %") if written.startswith("%") else (written, "", "")
    turned = TURNED.get(start)
    if turned is None or not column.known:
        return None
    there, back = (column.try_(replace(field, format=each), file.table) for each in (written, f"{turned}{blank}{time}"))
    if back.read < there.read:
        return None
    order = {"%d/%m/%y": "day first", "%m/%d/%y": "month first"}.get(start, start)
    grounds = "as another column has it" if file.order_is_sure else "nothing in the file tells"
    return f"its dates can be read as day first and as month first; {order} is taken, {grounds}"


def _epoch(column: Column) -> str | None:
    """Whether the numbers can be the time since 1970, from 1990 to 2100, and in what."""
    numbers: list[int] = []
    for value, _ in islice(column.values, LOOKED_AT_FIRST):
        raw = plain(value)
        if isinstance(raw, int) or (isinstance(raw, str) and raw.isascii() and raw.isdigit() and len(raw) < 15):
            numbers.append(int(raw))
        else:
            return None
    for unit, each in (("epoch seconds", 1), ("epoch milliseconds", 1000)):
        if numbers and all(631_152_000 * each <= number <= 4_102_444_800 * each for number in numbers):
            return unit
    return None


def order_of(columns: list[Column], *, delimiter: str | None) -> tuple[Order, bool]:
    """Which comes first in the file's dates, day or month, and whether a date tells (a 13th can be no month)."""
    day = month = dotted = 0
    reads = {order: (as_written(order), as_written(SHORT[order][0])) for order in SHORT}
    for column in columns:
        if not like_dates(column):
            continue
        for text, count in column.as_text():
            seen = {order: any(read(text) is not None for read in each) for order, each in reads.items()}
            day += count * (seen["day first"] and not seen["month first"])
            month += count * (seen["month first"] and not seen["day first"])
            dotted += count * (text[1:3].count(".") > 0)
    if day != month:
        return ("day first" if day > month else "month first"), not (day and month)
    return ("day first" if dotted or delimiter == ";" else "month first"), False
