"""A team's working hours: `Mon-Fri 09:00-12:00, 13:00-17:00` -> the spans of each weekday."""

from __future__ import annotations

import datetime as dt
import re
from itertools import pairwise

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WeekHours = tuple[tuple[tuple[dt.time, dt.time], ...], ...]
"""For each weekday from Monday its spans, in order; an end of 24:00 is written as `time.max`."""

_PART = re.compile(
    r"(?:(?P<first>[A-Za-z]{3,9})(?:\s*-\s*(?P<last>[A-Za-z]{3,9}))?\s+)?(?P<start>\d{1,2}:\d\d)\s*-\s*(?P<end>\d{1,2}:\d\d)",
    re.ASCII,
)


def parse_hours(text: str) -> WeekHours:
    """The spans of each weekday; ValueError says what is wrong.

    >>> [len(day) for day in parse_hours("Mon-Fri 09:00-12:00, 13:00-17:00, Sat 10:00-12:00")]
    [2, 2, 2, 2, 2, 1, 0]
    """
    week: list[list[tuple[dt.time, dt.time]]] = [[] for _ in WEEKDAYS]
    days: list[int] = []
    for written in re.split(r"[,;]", text):
        match = _PART.fullmatch(written.strip())
        if match is None:
            raise ValueError("working hours are written 'Mon-Fri 09:00-12:00, 13:00-17:00'")
        if match["first"]:
            first = _weekday(match["first"])
            last = _weekday(match["last"]) if match["last"] else first
            days = [(first + step) % 7 for step in range((last - first) % 7 + 1)]
        if not days:
            raise ValueError("working hours begin with a weekday, such as 'Mon-Fri 09:00-17:00'")
        start, end = _time(match["start"]), _time(match["end"])
        if start >= end:
            raise ValueError("a span of working hours ends after it begins")
        for day in days:
            week[day].append((start, end))
    for spans in week:
        spans.sort()
        if any(one[1] > other[0] for one, other in pairwise(spans)):
            raise ValueError("two spans of working hours overlap")
    return tuple(tuple(spans) for spans in week)


def _weekday(word: str) -> int:
    short = word.lower()[:3]
    full = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    if short not in WEEKDAYS or not full[WEEKDAYS.index(short)].startswith(word.lower()):
        raise ValueError("weekdays are written Mon, Tue, Wed, Thu, Fri, Sat and Sun")
    return WEEKDAYS.index(short)


def _time(word: str) -> dt.time:
    hour, minute = map(int, word.split(":"))
    if (hour, minute) == (24, 0):
        return dt.time.max
    if hour > 23 or minute > 59:
        raise ValueError("times go from 00:00 to 24:00")
    return dt.time(hour, minute)
