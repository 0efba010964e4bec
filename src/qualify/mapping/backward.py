"""A lead's values as a source's properties: the table read from the right to the left.

What is written is read again by the same table, and refused if it doesn't come out the same: so nothing is
written that the mapping would understand as something else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from collections.abc import Mapping as AbcMapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from qualify.errors import LeadError, nearest
from qualify.mapping.conversions import Conversion
from qualify.mapping.moments import written
from qualify.mapping.numbers import exactly
from qualify.mapping.paths import ABSENT, find, is_name, parts_of
from qualify.mapping.reading import Column, conversion_of, meaning, ways_of
from qualify.mapping.table import FieldMap, Table, Word
from qualify.mapping.words import said
from qualify.values import READERS, Unreadable, Value, is_missing, kind_of

Conversions = AbcMapping[str, Conversion]


def written_back(
    values: AbcMapping[str, object], columns: AbcMapping[str, Column], table: Table, conversions: Conversions
) -> dict[str, Any]:
    """The properties that say these values; LeadError names the first field that can't be said."""
    lead_id = values.get("id")
    record: dict[str, Any] = {}
    for name, given in values.items():
        if given is None:
            continue
        column = columns.get(name)
        if column is None:
            near = nearest(name, columns)
            expected = "a field of the mapping" + (f" (did you mean '{near}'?)" if near else "")
            raise _refused(name, expected, given, lead_id)
        field = column.field
        if field.always is not None:
            continue  # no property says it
        value = _read(field, given, lead_id)
        if isinstance(value, datetime) and field.time is not None:
            day, clock = _day_and_time(value, field, table)
            properties: tuple[tuple[str, object], ...] = ((field.sources[0], day), (field.time, clock))
        else:
            word = _said_by_source(field, value, table, conversions, lead_id)
            properties = tuple((source, word) for source in _written_to(field, value))
            if field.currency is not None:
                properties += ((field.currency, table.currency),)
        for source, word in properties:
            if find(record, source) is ABSENT and not _can_be_put(source):
                raise _refused(name, "a property of its own (not an entry of a list)", given, lead_id)
            if not _put(record, source, word):
                raise _refused(name, "what another field of the same property says", given, lead_id)
    for name, given in values.items():
        if given is not None and not _same(columns[name], record, given):
            raise _refused(name, "a value that the source has a word for", given, lead_id)
    return record


def _refused(name: str, expected: str, given: object, lead_id: object) -> LeadError:
    who = lead_id if isinstance(lead_id, str) else None
    return LeadError(field=name, expected=expected, found=kind_of(given), lead_id=who)


def _read(field: FieldMap, given: object, lead_id: object) -> object:
    """A value of the field's own type; what isn't one is refused before it is made into text."""
    if field.type is None or is_missing(given):
        return tuple(given) if isinstance(given, list) else given
    try:
        return READERS[field.type](given)
    except Unreadable as why:
        raise _refused(field.name, why.expected, given, lead_id) from None


def _said_by_source(field: FieldMap, given: Any, table: Table, conversions: Conversions, lead_id: object) -> object:
    conversion, ways = conversion_of(field, conversions), ways_of(field, table)
    if field.invert and isinstance(given, bool):
        given = not given
    if conversion is not None and conversion.entries and isinstance(given, tuple):
        given = tuple(_entry_of(field, entry) for entry in given)
    else:
        plain = replace(field, labels=(), placeholders=(), invert=False, lenient=False)
        strict = meaning(plain, table, conversions)
        label = _label_of(field, given, lambda ours: _means(strict, ours, given))
        if label is not None:
            return label
    if conversion is None:
        return given
    if conversion.writer is None:
        raise _refused(field.name, f"a field that can be written back (not {field.as_})", given, lead_id)
    return conversion.writer(ways)(given)


def _entry_of(field: FieldMap, entry: object) -> object:
    return _label_of(field, entry, lambda ours: ours == entry) or entry


def _means(read: Callable[[object], Value | None], word: Word, value: object) -> bool:
    try:
        return read(word) == value
    except Unreadable:
        return False


def _label_of(field: FieldMap, value: object, means: Callable[[Word], bool]) -> str | None:
    """The source's first word for a value of ours."""
    return next((word for word, ours in field.labels if means(ours)), None) if not is_missing(value) else None


def _written_to(field: FieldMap, value: object) -> tuple[str, ...]:
    """The first of the sources; all of them for a no that only all can say."""
    return field.sources if field.any and value is field.invert else field.sources[:1]


def _day_and_time(moment: datetime, field: FieldMap, table: Table) -> tuple[str, str]:
    ways = ways_of(field, table)
    if moment.tzinfo is not None:
        moment = moment.astimezone(ways.zone or UTC)
    clock = moment.timetz() if ways.zone is None else moment.time()
    return written(moment.date(), ways.dates, ways.zone), clock.isoformat()


def _can_be_put(source: str) -> bool:
    return is_name(source) or not any(part == "*" or "[" in part for part in parts_of(source))


def _put(record: dict[str, Any], source: str, word: object) -> bool:
    """Set one property; False where another field said something else."""
    known = find(record, source)
    if known is not ABSENT:
        return said(known) == said(word) if isinstance(word, str | int | float) else bool(known == word)
    *tables, last = source.split(".") if _is_path(source) else [source]
    inside = record
    for part in tables:
        inside = inside.setdefault(part, {})
        if not isinstance(inside, dict):
            return False
    inside[last] = word
    return True


def _is_path(source: str) -> bool:
    """Whether a source is written as tables in tables; `No. of Employees` and `party..name` are names."""
    parts: Iterable[str] = source.split(".")
    return all(part and part == part.strip() and not part.isdigit() for part in parts)


def _same(column: Column, record: dict[str, Any], given: object) -> bool:
    if isinstance(given, list):
        given = tuple(given)
    if isinstance(given, Decimal) and given.is_snan():  # equals nothing, and says so loudly
        return False
    try:
        read = column.whole(record)
    except Unreadable:
        return False
    if isinstance(read, float | Decimal) and isinstance(given, float | Decimal):
        return exactly(read) == exactly(given)  # 0.1 as a float and as a Decimal are one number
    return read == given
