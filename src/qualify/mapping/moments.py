"""Text and numbers that are a day or a moment: ISO, day first, month first, a format of one's own, epochs.

A text is read as it is written; then the source's zone says which instant a naive time is, and which moment
a day begins with.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo, available_timezones

from qualify.errors import nearest
from qualify.mapping.formats import ZONE, Format, hour_of_twelve, zone_of
from qualify.values import Unreadable, instant, kind_of

ORDERS = ("iso", "day first", "month first")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<part>\d{1,9}))?)?"
_TIME = rf"{_CLOCK}\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>{ZONE})?"
_ISO = re.compile(rf"(?P<y>\d{{4}})-(?P<a>\d\d)-(?P<b>\d\d)(?:(?:[Tt]|\s+){_TIME})?", re.ASCII)
_FIRST = re.compile(
    rf"(?P<a>\d{{1,2}})(?P<by>[./-])(?P<b>\d{{1,2}})(?P=by)(?P<y>\d{{4}})(?:(?:,?\s+|[Tt]){_TIME})?", re.ASCII
)

_USUAL = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ](?:[01]\d|2[0-3]):\d\d(?::\d\d(?:\.\d{3}(?:\d{3})?)?)?(?:Z|[+-]\d\d:?\d\d)?)?",
    re.ASCII,
)
_IN_UTC = {20: "--T::Z", 24: "--T::."}
"""What stands at every third place from the fifth on in `2026-11-02T09:30:00Z`, and with thousandths, by length."""

AsWritten = Callable[[str], date | datetime | None]


def as_written(form: str) -> AsWritten:
    """The function that reads a text under `dates` or a `format`; ISO text is read under each order.

    >>> as_written("day first")("2/11/2026 9:30 PM"), as_written("month first")("2026-11-02")
    (datetime.datetime(2026, 11, 2, 21, 30), datetime.date(2026, 11, 2))

    Raises ValueError, with the reason, for a format that can't be read.
    """
    if form not in ORDERS:
        return Format(form).read
    patterns = {"iso": (_ISO,), "day first": (_FIRST, _ISO), "month first": (_FIRST, _ISO)}[form]
    day_first = form == "day first"

    def read(text: str) -> date | datetime | None:
        if text[4:20:3] == _IN_UTC.get(len(text)) and text[-1] == "Z" and text[11:13] < "24":
            try:
                return datetime.fromisoformat(text)  # the commonest, known by its signs: a pattern takes longer
            except ValueError:
                pass
        if _USUAL.fullmatch(text):
            try:
                return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
            except ValueError:
                return None
        for pattern in patterns:
            if found := pattern.fullmatch(text):
                day, month = found["b"], found["a"]
                if pattern is _FIRST and day_first:
                    day, month = month, day
                return _moment(found, int(found["y"]), int(month), int(day))
        return None

    return read


def _moment(found: re.Match[str], year: int, month: int, day: int) -> date | datetime | None:
    try:
        if found["hour"] is None:
            return date(year, month, day)
        hour = int(found["hour"])
        if found["half"]:
            hour = hour_of_twelve(hour, found["half"])
        part = int((found["part"] or "").ljust(6, "0")[:6])
        zone = zone_of(found["zone"]) if found["zone"] else None
        return datetime(year, month, day, hour, int(found["minute"]), int(found["second"] or 0), part, zone)
    except ValueError:
        return None


def written(moment: date | datetime, form: str, zone: tzinfo | None) -> str:
    """The text of a day or moment under `dates` or a `format`, in the source's zone.

    >>> written(datetime(2026, 11, 2, 21, 30, tzinfo=UTC), "iso", None)
    '2026-11-02T21:30:00Z'
    >>> written(date(2026, 11, 2), "day first", None)
    '02/11/2026'
    """
    aware = isinstance(moment, datetime) and moment.tzinfo is not None
    if form == "iso":
        return moment.isoformat().replace("+00:00", "Z")
    if aware and zone is not None and isinstance(moment, datetime):
        moment = moment.astimezone(zone)
    if form not in ORDERS:
        own = Format(form)
        if own.has_time and not isinstance(moment, datetime):
            moment = datetime(moment.year, moment.month, moment.day, tzinfo=zone or UTC)
        return own.write(moment)
    text = Format("%d/%m/%Y" if form == "day first" else "%m/%d/%Y").write(moment)
    if isinstance(moment, datetime):
        text += " " + moment.time().isoformat()
        if aware and zone is None:
            text += "+00:00"
    return text


def moment_of(value: date | datetime, zone: tzinfo | None) -> datetime:
    """The moment of a date-time or the first of a day: an instant where it or the source says a zone."""
    if not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)
    if value.tzinfo is UTC:
        return value
    if value.tzinfo is None:
        if zone is None:
            return value
        value = value.replace(tzinfo=zone)
    return instant(value)


def day_of(value: date | datetime, zone: tzinfo | None) -> date:
    """The day that a date-time falls on: in the source's zone, or as it is written where there is none."""
    if not isinstance(value, datetime):
        return value
    if value.tzinfo is not None and zone is not None:
        try:
            value = value.astimezone(zone)
        except OverflowError:
            raise Unreadable("a day in the years 1 to 9999", "one outside") from None
    return value.date()


_WHOLE = re.compile(r"[+-]?\d{1,20}(?:\.\d{1,9})?", re.ASCII)


def since_epoch(value: object, each: timedelta) -> datetime:
    """The instant so many seconds or milliseconds after the beginning of 1970 (UTC): a number or its text."""
    expected = "seconds since 1970" if each.seconds else "milliseconds since 1970"
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        value = Decimal(value)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise Unreadable(expected, kind_of(value))
    if not -(10**15) < value < 10**15:
        raise Unreadable(expected, "a moment outside the years 1 to 9999")
    ticks = each // timedelta(microseconds=1)
    exact = (
        value * ticks if isinstance(value, int) else Decimal(repr(value) if isinstance(value, float) else value) * ticks
    )
    try:
        return EPOCH + timedelta(microseconds=int(exact))
    except OverflowError:
        raise Unreadable(expected, "a moment outside the years 1 to 9999") from None


def zone_fault(name: str) -> tuple[str, str | None] | None:
    """Why this is no time zone, and the nearest right name; None if it is one."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return f"unknown time zone '{name}'", nearest(name, available_timezones())
    return None


def dates_fault(form: str) -> tuple[str, str | None] | None:
    """Why dates can't be written so, and the nearest right word; None if they can."""
    if form not in ORDERS and "%" not in form:
        near = nearest(form.lower().replace("_", " ").replace("-", " "), ORDERS)
        return (
            f"dates are 'iso', 'day first', 'month first' or a format such as '%d.%m.%Y', not '{form}'",
            near,
        )
    try:
        as_written(form)
    except ValueError as why:
        return f"no dates are written as '{form}': {why}", None
    return None
