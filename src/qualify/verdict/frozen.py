"""Tables that stay as they are, so that a verdict is a value; they can be pickled, and equal a plain dict."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
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

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (dict(self),)


class Table(Mapping[str, T]):
    """A table whose entries are made when they are looked at.

    >>> table = Table(["a", "b"], str.upper)
    >>> table["b"], list(table), "c" in table
    ('B', ['a', 'b'], False)
    """

    __slots__ = ("_build", "_made")

    def __init__(self, names: Iterable[str], build: Callable[[str], T]) -> None:
        self._made: dict[str, T | None] = dict.fromkeys(names)
        self._build = build

    def __getitem__(self, name: str) -> T:
        found = self._made[name]
        if found is None:
            found = self._made[name] = self._build(name)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)

    def __contains__(self, name: object) -> bool:
        return name in self._made

    def __repr__(self) -> str:
        return repr(dict(self))

    def __reduce__(self) -> tuple[Any, ...]:
        return Frozen, (dict(self),)
