"""What an HTTP answer's headers say, whoever sent it: how long to wait, and what time it is there."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_WAIT = 24 * 3600.0
"""Seconds: no source asks to be left alone for longer, and a clock that is wrong may seem to."""


def server_time(headers: Mapping[str, str]) -> datetime | None:
    """The moment of an answer by the server's own clock (its `Date`), None where it says none.

    >>> server_time({"Date": "Mon, 30 Nov 2026 17:09:25 GMT"})
    datetime.datetime(2026, 11, 30, 17, 9, 25, tzinfo=datetime.timezone.utc)
    """
    return _moment(headers.get("Date"))


def retry_after(headers: Mapping[str, str]) -> float | None:
    """How many seconds the server asks to wait (its `Retry-After`, a number or a date), None where it doesn't.

    >>> retry_after({"Retry-After": "7"}), retry_after({"Retry-After": "soon"}), retry_after({})
    (7.0, None, None)
    """
    said = headers.get("Retry-After")
    if said is None:
        return None
    try:
        seconds = float(said)
    except ValueError:
        until, now = _moment(said), server_time(headers) or datetime.now(UTC)
        if until is None:
            return None
        seconds = (until - now).total_seconds()
    else:
        if seconds < 0:
            return None
    return min(max(seconds, 0.0), LONGEST_WAIT) if math.isfinite(seconds) else None


def _moment(text: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text or "")
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


__all__ = ["LONGEST_WAIT", "retry_after", "server_time"]
