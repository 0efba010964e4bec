"""The literals that drawn definitions compare with: plain ones first, then those that trip programs up."""

from __future__ import annotations

import datetime as dt

from qualify.rules.tree import Span, Unit

TEXTS = (
    "Printing",
    "print",
    "vp",
    "Head of Sales",
    "co-owner",
    "Straße",
    "İzmir",
    "ΟΔΟΣ",
    "Zoë",
    "a",
    "/pricing",
    'say "hi"',
    "back\\slash",
    "line\nend",
    "'); raise",
    "{x}",
    "None",
    "ﬁn",
    "100 %",
    "emoji 😀",
)
PHRASES = (
    "vp",
    "head of",
    "automat*",
    "owner",
    "Straße",
    "İzmir",
    "print*",
    "head of s*",
    "Zoë",
    "x1",
    "ΟΔΟΣ",
)
WHOLE = (0, 1, 50, 5, 100, -1, 1_000_000, 2, 123_456_789_012_345)
SHARES = ("0.1", "2.5", "-0.1", "0.5", "99.99", "0.000001", "0.30000000000004")
_LENGTHS: tuple[tuple[int, Unit], ...] = (
    (30, "day"),
    (1, "day"),
    (14, "day"),
    (1, "hour"),
    (24, "hour"),
    (36, "hour"),
    (1, "week"),
    (2, "week"),
    (1, "month"),
    (3, "month"),
    (1, "year"),
    (4, "year"),
    (11_000, "year"),
    (10**9, "day"),
)
SPANS = tuple(Span(number, unit) for number, unit in _LENGTHS)
ELAPSED = tuple(span for span in SPANS if span.unit in ("hour", "day", "week"))
DATES = (
    dt.date(2026, 11, 2),
    dt.date(2024, 2, 29),
    dt.date(2026, 1, 31),
    dt.date(2026, 3, 8),
    dt.date(2026, 10, 25),
    dt.date(2027, 1, 1),
    dt.date(1, 1, 1),
    dt.date(9999, 12, 31),
)
_UTC, _EAST, _WEST = (
    dt.UTC,
    dt.timezone(dt.timedelta(hours=5, minutes=45)),
    dt.timezone(dt.timedelta(hours=-5)),
)
MOMENTS = (
    dt.datetime(2026, 11, 2, 9, 30),
    dt.datetime(2026, 11, 1, 1, 30),
    dt.datetime(2026, 3, 8, 2, 30),
    dt.datetime(2024, 2, 29),
    dt.datetime(2026, 10, 25, 2, 30),
    dt.datetime(2026, 11, 2, 9, 30, 15, tzinfo=_UTC),
    dt.datetime(2026, 11, 1, 5, 30, tzinfo=_UTC),
    dt.datetime(2026, 11, 2, tzinfo=_EAST),
    dt.datetime(2026, 11, 1, 1, 30, tzinfo=_WEST),
    dt.datetime(1, 1, 1),
    dt.datetime(9999, 12, 31, 23, 59, 59),
)
