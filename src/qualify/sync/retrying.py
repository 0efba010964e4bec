"""Trying again where a source says that it may work later, for so long and no longer."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from typing import TypeVar

from qualify.adapters.records import ConnectionTrouble
from qualify.errors import MissingExtra

T = TypeVar("T")

LONGEST_PAUSE = 60.0
"""In seconds; a source that asks for more gets it."""

USUAL_PATIENCE = 600.0


class Patience:
    """Calls that are tried again after ConnectionTrouble: each pause about twice as long, and as long as the source asks.

    One call is given up `seconds` after it was first made; at once where the source asks for a longer wait than that.
    `troubles` counts what went wrong, by what was said (which holds no value and no secret); `tell` hears it before
    each pause, and how long that is.
    """

    def __init__(
        self,
        seconds: float = USUAL_PATIENCE,
        *,
        sleep: Callable[[float], None] = time.sleep,
        tell: Callable[[str, float], None] | None = None,
    ) -> None:
        try:
            import tenacity
        except ImportError:
            raise MissingExtra("syncing", "tenacity", "sync") from None
        self.troubles: Counter[str] = Counter()
        backoff = tenacity.wait_exponential(multiplier=0.5, max=LONGEST_PAUSE) + tenacity.wait_random(0, 1)

        def pause(state: tenacity.RetryCallState) -> float:
            return max(_asked(state) or 0.0, backoff(state))

        def is_over(state: tenacity.RetryCallState) -> bool:
            return (state.seconds_since_start or 0.0) + (_asked(state) or 0.0) > seconds

        def before(state: tenacity.RetryCallState) -> None:
            if tell is not None and (trouble := _trouble(state)) is not None:
                tell(trouble.message, state.upcoming_sleep)

        self._retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(ConnectionTrouble),
            wait=pause,
            stop=is_over,
            after=self._count,
            before_sleep=before,
            sleep=sleep,
            reraise=True,
        )

    def __call__(self, call: Callable[[], T]) -> T:
        """The call's result. Raises its last ConnectionTrouble when patience is over, any other error at once."""
        return self._retrying.copy()(call)

    def _count(self, state: object) -> None:
        trouble = _trouble(state)
        if trouble is not None:
            self.troubles[trouble.message] += 1


def _trouble(state: object) -> ConnectionTrouble | None:
    outcome = getattr(state, "outcome", None)
    found = None if outcome is None else outcome.exception()
    return found if isinstance(found, ConnectionTrouble) else None


def _asked(state: object) -> float | None:
    trouble = _trouble(state)
    return None if trouble is None else trouble.wait


__all__ = ["USUAL_PATIENCE", "Patience"]
