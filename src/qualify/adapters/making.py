"""Making the properties that a source doesn't have: each by itself, so that one that is refused stops no other."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qualify.adapters.records import NewProperty
from qualify.errors import AdapterError, enumerated

NOT_THERE = "it says that it made it, and doesn't have it under this name"


class NotMade(AdapterError):
    """Some properties were not made, the others were. `left` are the paths of those that still aren't there."""

    def __init__(self, message: str, left: Sequence[str]) -> None:
        super().__init__(message)
        self.left = tuple(left)


def make_missing(
    source: str,
    properties: Sequence[NewProperty],
    *,
    missing: Callable[[Sequence[NewProperty]], Sequence[NewProperty]],
    make: Callable[[NewProperty], str | None],
    by_hand: str,
    unseen: str = NOT_THERE,
) -> None:
    """Make those of these properties that aren't there; what is there is left alone.

    `missing` asks the source anew which aren't there: somebody may have made one meanwhile, and a second try, after a
    cut connection, must do no harm. `make` makes one, and gives the source's answer where it refuses. `by_hand` is
    where a person makes them, `unseen` why one that was not refused may not be there afterwards.

    Raises NotMade, when all others are made, with each refused one and the source's answer to it.
    """
    refused: dict[str, str] = {}
    wanted = missing(properties)
    for each in wanted:
        if (why := make(each)) is not None:
            refused[path_of(each)] = why
    if not wanted:
        return
    left = [path_of(each) for each in missing(wanted)]
    if left:
        made = [path_of(each) for each in wanted if path_of(each) not in left]
        reasons: dict[str, list[str]] = {}
        for name in left:
            reasons.setdefault(refused.get(name, unseen), []).append(name)
        told = "; ".join(f"{enumerated(names)} ({why})" for why, names in reasons.items())
        begin = f"{source} made {enumerated(made)}, but not" if made else f"{source} did not make"
        raise NotMade(f"{begin} {told}. By hand: {by_hand}", left)


def path_of(new: NewProperty) -> str:
    """What a property is called in a message: its path in the mapping."""
    return new.path or new.name


__all__ = ["NotMade", "make_missing", "path_of"]
