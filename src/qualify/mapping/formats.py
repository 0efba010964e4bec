"""Formats of dates in strptime's letters, read and written the same everywhere.

Python's own strptime asks the process's locale for the names of months; a definition must not mean
something else on another machine. So the letters are read here: names are English, and what would leave a
day to be guessed is a fault of the format.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ZONE = r"[Zz]|[+-]\d\d:?\d\d(?::?\d\d)?"

_LETTERS: Mapping[str, str] = {
    "Y": r"\d{4}", "y": r"\d\d", "m": r"\d{1,2}", "d": r"\d{1,2}", "j": r"\d{1,3}",
    "H": r"\d{1,2}", "I": r"\d{1,2}", "M": r"\d{1,2}", "S": r"\d{1,2}",
    "f": r"\d{1,6}", "p": r"[AaPp]\.?[Mm]\.?", "z": ZONE,
    "B": "|".join(MONTHS), "b": "|".join(name[:3] for name in MONTHS),
    "A": "|".join(DAYS), "a": "|".join(name[:3] for name in DAYS),
}  # fmt: skip
_PART = re.compile(r"%(.?)|(\s+)|([^%\s]+)", re.DOTALL)


class Format:
    """A format in strptime's letters: reads a text, writes a moment.

    >>> Format("%d %b %Y, %I:%M %p").read("2 Nov 2026, 9:30 pm")
    datetime.datetime(2026, 11, 2, 21, 30)
    >>> Format("%d/%m/%Y").write(date(2026, 11, 2))
    '02/11/2026'

    Raises ValueError, with the reason, where the format says no day, or something twice, or has an unknown
    letter.
    """

    __slots__ = ("_pattern", "letters", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        pattern, letters = "", list[str]()
        for letter, blank, literal in _PART.findall(text):
            if letter == "%":
                pattern += "%"
            elif blank:
                pattern += r"\s+"
            elif literal:
                pattern += re.escape(literal)
            elif letter in _LETTERS:
                if letter in letters:
                    raise ValueError(f"'%{letter}' stands twice")
                letters.append(letter)
                pattern += f"(?P<{letter}>{_LETTERS[letter]})"
            else:
                raise ValueError(
                    f"'%{letter}' is no part of a date; there are " + " ".join(f"%{each}" for each in _LETTERS)
                )
        self.letters = frozenset(letters)
        self._check()
        self._pattern = re.compile(pattern, re.ASCII | re.IGNORECASE)

    def _check(self) -> None:
        for one_of, what in (
            (("Y", "y"), "the year (%Y)"),
            (("m", "b", "B", "j"), "the month (%m)"),
            (("d", "j"), "the day (%d)"),
        ):
            if not self.letters & set(one_of):
                raise ValueError(f"it doesn't say {what}")
        if len(self.letters & {"H", "I"}) > 1 or ("I" in self.letters) != ("p" in self.letters):
            raise ValueError("hours are %H, or %I with %p")
        if self.letters & {"M", "S", "f", "z"} and not self.has_time:
            raise ValueError("it has minutes, seconds or a zone, but no hours (%H)")

    @property
    def has_time(self) -> bool:
        """Whether the format says more than a day."""
        return bool(self.letters & {"H", "I"})

    def read(self, text: str) -> date | datetime | None:
        """The date or moment (naive or aware, as written) that a text is; None where it is none."""
        found = self._pattern.fullmatch(text)
        if found is None:
            return None
        parts = found.groupdict()
        try:
            day = _day(parts)
            return _at(day, parts) if self.has_time else day
        except (ValueError, OverflowError):
            return None

    def write(self, moment: date | datetime) -> str:
        """The text of a moment; what the format has no letter for is left out."""
        day = moment
        time = moment if isinstance(moment, datetime) else datetime(moment.year, moment.month, moment.day)
        written = {
            "Y": f"{day.year:04}", "y": f"{day.year % 100:02}", "m": f"{day.month:02}",
            "d": f"{day.day:02}", "j": f"{day.timetuple().tm_yday:03}", "H": f"{time.hour:02}",
            "I": f"{(time.hour + 11) % 12 + 1:02}", "M": f"{time.minute:02}", "S": f"{time.second:02}",
            "f": f"{time.microsecond:06}",
            "p": "PM" if time.hour >= 12 else "AM", "z": time.strftime("%z"), "%": "%",
            "B": MONTHS[day.month - 1], "b": MONTHS[day.month - 1][:3],
            "A": DAYS[day.weekday()], "a": DAYS[day.weekday()][:3],
        }  # fmt: skip
        return "".join(
            written[letter] if letter else blank or literal for letter, blank, literal in _PART.findall(self.text)
        )


def _day(parts: Mapping[str, str | None]) -> date:
    year = int(parts.get("Y") or 0)
    if (short := parts.get("y")) is not None and not parts.get("Y"):
        year = int(short) + (2000 if int(short) < 69 else 1900)  # as POSIX has it
    if (in_year := parts.get("j")) is not None:
        day = date(year, 1, 1) + timedelta(days=int(in_year) - 1)
        if day.year != year:
            raise ValueError
        return day
    name = parts.get("B") or parts.get("b")
    names = [month[:3].lower() for month in MONTHS]
    month = names.index(name[:3].lower()) + 1 if name else int(parts.get("m") or 0)
    return date(year, month, int(parts.get("d") or 0))


def _at(day: date, parts: Mapping[str, str | None]) -> datetime:
    hour = int(parts.get("H") or 0)
    if (twelve := parts.get("I")) is not None:
        hour = hour_of_twelve(int(twelve), parts.get("p") or "")
    minute, second = int(parts.get("M") or 0), int(parts.get("S") or 0)
    fraction = int((parts.get("f") or "").ljust(6, "0"))
    zone: Any = None if (offset := parts.get("z")) is None else zone_of(offset)
    return datetime(day.year, day.month, day.day, hour, minute, second, fraction, zone)


def hour_of_twelve(hour: int, half: str) -> int:
    """The hour of the day of `12 am` or `9 p.m.`; ValueError for one that no clock shows."""
    if not 1 <= hour <= 12:
        raise ValueError
    return hour % 12 + (12 if half[:1] in ("p", "P") else 0)


def zone_of(offset: str) -> timezone:
    """The zone that `Z`, `+0100` or `-08:00` says."""
    if offset in ("Z", "z"):
        return UTC
    digits = offset[1:].replace(":", "")
    ahead = timedelta(hours=int(digits[:2]), minutes=int(digits[2:4]), seconds=int(digits[4:] or 0))
    return timezone(-ahead if offset[0] == "-" else ahead)
