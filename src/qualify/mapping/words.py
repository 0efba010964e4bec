"""What a source's words say: which mean nothing, which mean a word of ours, and when two are one."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from qualify.mapping.table import FieldMap, Table, Word
from qualify.text import clean, fold
from qualify.values import is_missing

ASKS_FOR_MORE = ("filled", "above zero")
"""Conversions that give yes or no of properties that say something else."""


def said(value: object) -> str | None:
    """A value as placeholders and labels know it: `0` and `"0"`, `false` and `"False"` say the same."""
    if isinstance(value, str):
        return fold(clean(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal) and not is_missing(value):
        whole = -(10**30) < value < 10**30 and value == int(value)
        return str(int(value)) if whole else str(value)
    return None


class Words:
    """A field's first step: which values say nothing, and which of the source's words are words of ours.

    `longest` is the length of the longest of them: a longer text is none.
    """

    __slots__ = ("_hidden", "_labels", "_plain", "longest")

    def __init__(self, field: FieldMap, table: Table) -> None:
        own = field.placeholders
        hidden: Iterable[Word] = own or ()
        a_flag = field.type == "boolean" and field.as_ not in ASKS_FOR_MORE
        if own is None or own:  # an empty list of its own: none at all
            for_all = (each for each in table.placeholders if not (a_flag and isinstance(each, bool)))
            hidden = (*hidden, *for_all)
        self._hidden = frozenset(said(each) or "" for each in hidden)
        self._labels = {said(word) or "": ours for word, ours in field.labels}
        self._plain = not self._hidden and not self._labels
        self.longest = max((len(word) for word in (*self._hidden, *self._labels)), default=0)

    def hides(self, value: object) -> bool:
        """Whether a placeholder says that this is no value."""
        return bool(self._hidden) and (word := said(value)) is not None and word in self._hidden

    def __call__(self, value: object) -> object:
        """The value in our words, None where it is missing."""
        if type(value) is str and len(value) > self.longest and value.isascii() and value == value.strip():
            return value  # the commonest: clean as it is, and none of the words
        if isinstance(value, str):
            text = clean(value if type(value) is str else str.__str__(value))
            if len(text) > self.longest:  # folding never shortens: it can be none of them
                return text
            folded = fold(text)
            return None if not text or folded in self._hidden else self._labels.get(folded, text)
        if is_missing(value):
            return None
        if self._plain or (word := said(value)) is None:
            return value
        return None if word in self._hidden else self._labels.get(word, value)


__all__ = ["ASKS_FOR_MORE", "Words", "said"]
