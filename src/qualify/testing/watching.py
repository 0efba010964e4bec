"""Who is watching verdicts, and when nobody is to: what the library asks for itself shows nothing of a suite.

One count for the whole process and not one a thread: what stands before a definition may ask it in a thread of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock

_lock = RLock()
_looking_away = 0


@contextmanager
def unwatched() -> Iterator[None]:
    """While inside, no verdict counts for any coverage.

    >>> import qualify
    >>> from qualify.testing import Coverage
    >>> definition = qualify.define(
    ...     name="Small",
    ...     teams={"sales": "Sales"},
    ...     traits={"large": {"team": "sales", "when": "employees >= 50", "why": "They need us."}},
    ...     stages={"sql": {"requires": {"sales": "large"}}},
    ... )
    >>> coverage = Coverage(definition)
    >>> with coverage.watching(), unwatched():
    ...     stage = definition.qualify({"employees": 60}).stage
    >>> coverage.verdicts
    0
    """
    global _looking_away
    with _lock:
        _looking_away += 1
    try:
        yield
    finally:
        with _lock:
            _looking_away -= 1


def is_unwatched() -> bool:
    """Whether what is asked now counts for nothing."""
    return _looking_away > 0


__all__ = ["is_unwatched", "unwatched"]
