"""Drawing by choices: a short hand for composite strategies, so that they read like what is meant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


@lru_cache(maxsize=1024)
def _whole(low: int, high: int) -> st.SearchStrategy[int]:
    return st.integers(low, high)


class Pick:
    """Choices of a test case; the first option and the lowest number are what they shrink to."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self.draw = draw

    def whole(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return low if low == high else self.draw(_whole(low, high))

    def of(self, options: Sequence[T]) -> T:
        """One of the options."""
        return options[self.whole(0, len(options) - 1)]

    def one_in(self, number: int) -> bool:
        """Yes in one of so many cases; shrinks to no."""
        return self.whole(0, number - 1) == number - 1

    def some(self, options: Sequence[T], least: int = 0, most: int | None = None) -> list[T]:
        """Some of the options, none twice, in any order."""
        rest = list(options)
        number = self.whole(min(least, len(rest)), len(rest) if most is None else min(most, len(rest)))
        return [rest.pop(self.whole(0, len(rest) - 1)) for _ in range(number)]
