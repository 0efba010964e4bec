"""A dict that stays as it is, so that a verdict is a value; it can be pickled, and equals a plain dict."""

from __future__ import annotations

from typing import Any, NoReturn, TypeVar

K = TypeVar("K")
T = TypeVar("T")


class Frozen(dict[K, T]):
    """A table that can't be changed.

    >>> Frozen({"a": 1})["b"] = 2
    Traceback (most recent call last):
        ...
    TypeError: a verdict can't be changed
    """

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("a verdict can't be changed")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (dict(self),)
