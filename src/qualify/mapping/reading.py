"""One field's way from a record to a clean value, made once into a function: what is missing, what it means.

    record -> the property (absent, null or a value) -> missing? -> the source's word or ours -> its meaning

What a text came to is remembered, up to a limit: columns repeat themselves, and a nightly job reads them
again and again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from collections.abc import Mapping as AbcMapping
from dataclasses import replace

from qualify.mapping.beside import Beside, with_currency, with_time
from qualify.mapping.conversions import BY_TYPE, CONVERSIONS, Conversion, Ways, kept, read_text
from qualify.mapping.paths import ABSENT, Record, finder
from qualify.mapping.table import FieldMap, Table
from qualify.mapping.tagged import untagged
from qualify.mapping.words import ASKS_FOR_MORE, Words
from qualify.values import READERS, Unreadable, Value, is_missing

Meaning = Callable[[object], Value | None]
ReadField = Callable[[Record], Value | None]

MOST_REMEMBERED, LONGEST_REMEMBERED = 1000, 64


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
        if type(value) is dict:
            value = untagged(value)
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

    `whole` reads the field from a record. Where it is `in_text`, `remembered` gives the same for one property's
    value, and faster; it raises TypeError for a list or a table, and doesn't know `null`. A clean text of more than
    `as_it_is_over` characters needs no reading: it is the value (None: any text needs it).
    """

    __slots__ = ("as_it_is_over", "field", "in_text", "null", "remembered", "whole")

    def __init__(self, field: FieldMap, table: Table, conversions: AbcMapping[str, Conversion]) -> None:
        self.field = field
        one_by_one = replace(field, invert=False) if field.any else field
        read = meaning(one_by_one, table, conversions)
        self.null = null_of(one_by_one, table, conversions)
        self.remembered = Remembered(read)
        self.in_text = field.as_ != "filled" and not (
            field.any or field.time is not None or field.currency is not None or field.always is not None
        )
        plain = conversion_of(field, conversions) is CONVERSIONS["text"] and not field.invert
        self.as_it_is_over = Words(one_by_one, table).longest if plain else None
        if field.always is not None:
            self.whole = _always(meaning(replace(field, placeholders=()), table, conversions)(field.always))
        elif field.any:
            self.whole = _any_of(field, read, self.null)
        elif field.currency is not None or field.time is not None:
            self.whole = _with_another(field, _beside(field, table, conversions), self.null)
        else:
            self.whole = _over_record(field, read, self.remembered, self.null)


class PassedOver:
    """What a lenient field's properties say that can't be read, and that is missing therefore."""

    __slots__ = ("_settles", "_strict", "name")

    def __init__(self, field: FieldMap, table: Table, conversions: AbcMapping[str, Conversion]) -> None:
        self.name = field.name
        self._settles: Value | None = not field.invert if field.any else None  # None: any value does
        one = replace(field, lenient=False, any=False)
        self._strict = tuple(Column(replace(one, sources=(each,)), table, conversions) for each in field.sources)

    def __call__(self, record: Record) -> list[Unreadable]:
        """One for each property that can't be read, up to the one that counts."""
        found = []
        for column in self._strict:
            try:
                known = column.whole(record)
                if known is not None and (self._settles is None or known is self._settles):
                    break
            except Unreadable as why:
                found.append(why)
        return found


def null_of(field: FieldMap, table: Table, conversions: AbcMapping[str, Conversion]) -> Value | None:
    """What a null of the field's properties means; None where it means nothing."""
    if field.null is None:
        return None
    said_so: object = list(field.null) if isinstance(field.null, tuple) else field.null
    as_ = None if field.as_ in ASKS_FOR_MORE else field.as_  # no word of the source, but the answer
    strict = replace(field, placeholders=(), lenient=False, as_=as_)
    conversion = conversion_of(strict, conversions)
    if conversion is not None and conversion.unpack is not None:
        return read_text(said_so)
    return meaning(strict, table, conversions)(said_so)


def _over_record(field: FieldMap, read: Meaning, remembered: Remembered, null: Value | None) -> ReadField:
    sources, lenient, or_blank = tuple(map(finder, field.sources)), field.lenient, field.as_ == "filled"

    def whole(record: Record) -> Value | None:
        null_seen = False
        for source in sources:
            try:
                value = source(record)
            except Unreadable:
                if not lenient:
                    raise
                continue
            if value is None or (or_blank and _is_empty(value)):
                null_seen = True
            elif value is not ABSENT:
                known = remembered[value] if type(value) is str else read(value)
                if known is not None:
                    return known
        return null if null_seen else None

    return whole


def _is_empty(value: object) -> bool:
    return is_missing(value) or (isinstance(value, list | tuple | AbcMapping) and not value)


def _always(value: Value | None) -> ReadField:
    return lambda record: value


def _any_of(field: FieldMap, read: Meaning, null: Value | None) -> ReadField:
    """Yes as soon as one property says yes; no where each is there and says no; else unknown."""
    sources, lenient, yes = tuple(map(finder, field.sources)), field.lenient, not field.invert

    def whole(record: Record) -> Value | None:
        known = 0
        for source in sources:
            try:
                value = source(record)
            except Unreadable:
                if not lenient:
                    raise
                continue
            answer = null if value is None else None if value is ABSENT else read(value)
            if answer is True:
                return yes
            known += answer is not None
        return not yes if known == len(sources) else None

    return whole


def _beside(field: FieldMap, table: Table, conversions: AbcMapping[str, Conversion]) -> Beside:
    """The reading of a property whose currency, or time of day, stands in another one."""
    words, ways = Words(field, table), ways_of(field, table)
    conversion = conversion_of(field, conversions)
    assert conversion is not None
    how = with_currency if field.currency is not None else with_time
    return how(words, conversion.reader(ways), ways)


def _with_another(field: FieldMap, read: Beside, null: Value | None) -> ReadField:
    sources, lenient = tuple(map(finder, field.sources)), field.lenient
    another = finder(field.currency or field.time or "")

    def whole(record: Record) -> Value | None:
        null_seen = False
        for source in sources:
            try:
                value = source(record)
                if value is None:
                    null_seen = True
                elif value is not ABSENT:
                    known = read(value, another(record))
                    if known is not None:
                        return known
            except Unreadable:
                if not lenient:
                    raise
        return null if null_seen else None

    return whole


__all__ = [
    "Column",
    "Meaning",
    "PassedOver",
    "ReadField",
    "Record",
    "Remembered",
    "conversion_of",
    "meaning",
    "null_of",
    "ways_of",
]
