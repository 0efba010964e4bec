"""One field's way from a record to a clean value, made once into a function: what is missing, what it means.

    record -> the property (absent, null or a value) -> missing? -> the source's word or ours -> its meaning

What a text came to is remembered, up to a limit: columns repeat themselves, and a nightly job reads them
again and again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from collections.abc import Mapping as AbcMapping
from dataclasses import replace
from decimal import Decimal
from enum import Enum
from typing import Final

from qualify.mapping.conversions import BY_TYPE, CONVERSIONS, Conversion, Ways, kept, read_text
from qualify.mapping.table import FieldMap, Table, Word
from qualify.text import clean, fold
from qualify.values import READERS, Unreadable, Value, is_missing, kind_of

Record = AbcMapping[str, object]
Meaning = Callable[[object], Value | None]
ReadField = Callable[[Record], Value | None]

MOST_REMEMBERED, LONGEST_REMEMBERED = 1000, 64


class _Nothing(Enum):
    ABSENT = 0


ABSENT: Final = _Nothing.ABSENT
"""A property that the record doesn't have, told from one that is null."""


def find(record: Record, source: str) -> object:
    """The property that a name or path leads to, or ABSENT. A whole name goes first: `No. of Employees`.

    >>> find({"company": {"name": "Acme"}}, "company.name"), find({"a.b": 1}, "a.b")
    ('Acme', 1)
    >>> find({"company": None}, "company.name")
    <_Nothing.ABSENT: 0>

    Raises Unreadable where a name leads into a list that has entries: which of them is meant, nobody said.
    """
    if source in record:
        return record[source]
    return _walk(record, source) if "." in source else ABSENT


_PLACE = re.compile("[0-9]+")


def _walk(found: object, source: str) -> object:
    parts = source.split(".")
    while parts:
        if isinstance(found, AbcMapping):
            for length in range(len(parts), 0, -1):
                if (name := ".".join(parts[:length])) in found:
                    found, parts = found[name], parts[length:]
                    break
            else:
                return ABSENT
        elif (
            isinstance(found, list | tuple)
            and _PLACE.fullmatch(parts[0])
            and len(parts[0]) < 10
            and int(parts[0]) < len(found)
        ):
            found, parts = found[int(parts[0])], parts[1:]
        elif isinstance(found, list | tuple) and found and not _PLACE.fullmatch(parts[0]):
            raise Unreadable(_a_table(source, len(parts)), kind_of(found))
        else:
            return ABSENT
    return found


def _a_table(source: str, left: int) -> str:
    """What a path expects where it found a list, so many parts before its end."""
    parts = source.split(".")
    way, rest = ".".join(parts[:-left]), ".".join(parts[-left:])
    return f"a table in '{way}' (the path is '{source}'; '{way}.0.{rest}' reads the first of a list)"


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
    """A field's first step: which values say nothing, and which of the source's words are words of ours."""

    __slots__ = ("_hidden", "_labels", "_longest", "_plain")

    def __init__(self, field: FieldMap, table: Table) -> None:
        own = field.placeholders
        hidden: Iterable[Word] = own or ()
        if own is None or own:  # an empty list of its own: none at all
            for_all = (each for each in table.placeholders if not (field.type == "boolean" and isinstance(each, bool)))
            hidden = (*hidden, *for_all)
        self._hidden = frozenset(said(each) or "" for each in hidden)
        self._labels = {said(word) or "": ours for word, ours in field.labels}
        self._plain = not self._hidden and not self._labels
        self._longest = max((len(word) for word in (*self._hidden, *self._labels)), default=0)

    def hides(self, value: object) -> bool:
        """Whether a placeholder says that this is no value."""
        return bool(self._hidden) and (word := said(value)) is not None and word in self._hidden

    def __call__(self, value: object) -> object:
        """The value in our words, None where it is missing."""
        if isinstance(value, str):
            text = clean(value if type(value) is str else str.__str__(value))
            if len(text) > self._longest:  # folding never shortens: it can be none of them
                return text
            folded = fold(text)
            return None if not text or folded in self._hidden else self._labels.get(folded, text)
        if is_missing(value):
            return None
        if self._plain or (word := said(value)) is None:
            return value
        return None if word in self._hidden else self._labels.get(word, value)


def conversion_of(field: FieldMap, conversions: AbcMapping[str, Conversion]) -> Conversion | None:
    """What a field's value is read by; None where nobody said what it is."""
    if field.as_ is not None:
        return conversions[field.as_]
    return None if field.type is None else conversions[BY_TYPE[field.type]]


def ways_of(field: FieldMap, table: Table) -> Ways:
    """How the source writes this field."""
    return Ways(
        dates=field.format or table.dates,
        timezone=table.timezone,
        decimal=table.decimal,
        currency=table.currency,
        rates=dict(table.rates),
        separator=field.separator or ";",
        separated=field.separator is not None,
        explicit=field.as_ is not None,
    )


def meaning(field: FieldMap, table: Table, conversions: AbcMapping[str, Conversion]) -> Meaning:
    """The function from a property's value (not null) to the field's; Unreadable where it can't be read."""
    words, conversion, ways = Words(field, table), conversion_of(field, conversions), ways_of(field, table)
    read = _read(words, conversion, ways)
    if field.invert:
        read = _inverted(read)
    return _lenient(read) if field.lenient else read


def _read(words: Words, conversion: Conversion | None, ways: Ways) -> Meaning:
    if conversion is not None and conversion.entries:
        return _entries(words, ways.separator)
    convert: Meaning = kept if conversion is None else conversion.reader(ways)
    unpack = None if conversion is None else conversion.unpack

    if conversion is CONVERSIONS["text"]:

        def read_words(value: object) -> Value | None:  # the commonest: no need to ask what text means
            word = words(value)
            return word if type(word) is str or word is None else read_text(word)

        return read_words

    def read(value: object) -> Value | None:
        word = words(value if unpack is None else unpack(value))
        return None if word is None else convert(word)

    return read


def _entries(words: Words, separator: str) -> Meaning:
    def read(value: object) -> Value | None:
        if is_missing(value) or words.hides(value):
            return None
        if isinstance(value, str):
            entries: Iterable[object] = value.split(separator)
        elif isinstance(value, list | tuple):
            entries = value
        else:
            return READERS["list"](value)
        known = tuple(read_text(word) for each in entries if (word := words(each)) is not None)
        if not known and (isinstance(value, str) or any(map(words.hides, entries))):
            return None  # only separators, or the words for nothing
        return known

    return read


def _inverted(read: Meaning) -> Meaning:
    def inverted(value: object) -> Value | None:
        answer = read(value)
        return None if answer is None else not answer

    return inverted


def _lenient(read: Meaning) -> Meaning:
    def lenient(value: object) -> Value | None:
        try:
            return read(value)
        except Unreadable:
            return None

    return lenient


class Remembered(dict[object, Value | None]):
    """What texts came to: asked for one that isn't there, it reads it, and keeps it while there is room.

    Only texts are kept (1 and true would be one key), and None, which is missing.
    """

    __slots__ = ("_meaning",)

    def __init__(self, meaning: Meaning) -> None:
        super().__init__({None: None})
        self._meaning = meaning

    def __missing__(self, value: object) -> Value | None:
        found = self._meaning(value)
        if type(value) is str and len(self) <= MOST_REMEMBERED and len(value) <= LONGEST_REMEMBERED:
            self[value] = found
        return found


class Column:
    """A field's reader over records, for a pass over many.

    `whole` reads the field from a record. Where `name` is not None, `remembered[record.get(name)]` is the
    same, and faster; it raises TypeError for a list or a table.
    """

    __slots__ = ("field", "name", "remembered", "whole")

    def __init__(self, field: FieldMap, table: Table, conversions: AbcMapping[str, Conversion]) -> None:
        self.field = field
        read = meaning(field, table, conversions)
        self.remembered = Remembered(read)
        one = len(field.sources) == 1 and "." not in field.sources[0]
        in_text = field.type != "list" and field.as_ not in ("id and name", "money")
        self.name: str | None = field.sources[0] if one and in_text and field.null is None else None
        self.whole = _over_record(field, read, self.remembered, null_of(field, table, conversions))


def null_of(field: FieldMap, table: Table, conversions: AbcMapping[str, Conversion]) -> Value | None:
    """What a null of the field's properties means; None where it means nothing."""
    if field.null is None:
        return None
    said_so: object = list(field.null) if isinstance(field.null, tuple) else field.null
    strict = replace(field, placeholders=(), lenient=False)
    conversion = conversion_of(field, conversions)
    if conversion is not None and conversion.unpack is not None:
        return read_text(said_so)
    return meaning(strict, table, conversions)(said_so)


def _over_record(field: FieldMap, read: Meaning, remembered: Remembered, null: Value | None) -> ReadField:
    sources, lenient = field.sources, field.lenient

    def whole(record: Record) -> Value | None:
        null_seen = False
        for source in sources:
            try:
                value = find(record, source)
            except Unreadable:
                if not lenient:
                    raise
                continue
            if value is None:
                null_seen = True
            elif value is not ABSENT:
                known = remembered[value] if type(value) is str else read(value)
                if known is not None:
                    return known
        return null if null_seen else None

    return whole


__all__ = [
    "ABSENT",
    "Column",
    "Meaning",
    "Record",
    "Words",
    "conversion_of",
    "find",
    "meaning",
    "null_of",
    "said",
    "ways_of",
]
