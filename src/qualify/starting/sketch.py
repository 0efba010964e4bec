"""What a column is, guessed from its name and its first values, each guess with what it rests on, in counts.

A guess is tried by the mapping's own reading, so that what is guessed is what `qualify run` will do. No text of a guess
holds a value of a lead, but for words that say nothing (placeholders) and choices that many rows have.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from qualify.mapping import FieldMap
from qualify.starting.choices import choices_of
from qualify.starting.column import Column, File, Reading
from qualify.starting.dates import date_doubt, date_ways, has_time, like_dates
from qualify.starting.sample import plain
from qualify.starting.words import DATE_WORDS, IDENTIFIER_ENDS, MAYBE_LATE, NUMBER_WORDS, YES_NO, spoken
from qualify.text import fold
from qualify.vocabulary import STANDARD_FIELDS, FieldType

ENOUGH = 0.95
"""So many of the values must be readable for a type; the rest is then taken for missing."""

ENOUGH_FOR_STANDARD = 0.9
WORDS = {"text": "texts", "number": "numbers", "boolean": "yes or no", "date": "dates", "datetime": "dates with a time",
         "list": "lists"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Guess:
    """What one column was taken for: its field and how it is read, or why it is left out; and on what grounds.

    `field` is None where the column is left out. `about_choices` says which of its words stand in the definition;
    `doubt` what a person has to settle, where there is something.
    """

    column: str
    field: str | None
    type: FieldType | None
    standard: bool
    evidence: str
    how: FieldMap | None = None
    choices: tuple[str, ...] = ()
    about_choices: str = ""
    placeholders: tuple[str, ...] = ()
    doubt: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """The guess as plain data, for JSON."""
        return {
            "column": self.column,
            "field": self.field,
            "type": self.type,
            "standard": self.standard,
            "evidence": self.evidence,
            "choices": list(self.choices),
            "placeholders": list(self.placeholders),
            "doubt": self.doubt,
        }


def standard_guess(column: Column, name: str, file: File) -> Guess | None:
    """The column as the standard field that it is called; None where its values are something else."""
    kind = STANDARD_FIELDS[name]
    ways = list(_standard_ways(column, name, kind, file))
    tried = [column.try_(each, file.table) for each in ways]
    best = max(tried, key=lambda each: each.read)
    if column.known and best.share < ENOUGH_FOR_STANDARD:
        return None
    field = replace(best.field, lenient=best.read < best.of or (not column.known and kind != "text"))
    said = f"named as the standard field {name}; {_read_as(best, kind, column, file)}"
    doubt = date_doubt(column, field, file) if kind in ("date", "datetime") else None
    if name in MAYBE_LATE and column.known:
        doubt = "sales may write it too: leave it out of rules if it says what became of a lead"
    if field.as_ == "money":
        said += f"; amounts are taken for {file.table.currency}"
    elif field.as_ == "lower end of range":
        said += "; of a range, the lower end"
    choices, about = choices_of(column, name, file.rows) if kind == "text" else ((), "")
    return Guess(
        column.seen.name, name, kind, True, said, _finished(field, column), choices, about, column.sure,
        doubt or _sounds_late(choices),
    )  # fmt: skip


def own_guess(column: Column, name: str, file: File, *, why: str = "") -> Guess:
    """The column as a field of its own, of the first type that its values allow."""
    seen = column.seen
    if seen.strange > column.known / 2:
        return left_out(column, "it holds tables, or lists of something else than texts, which no field can")
    best, said, doubt = _own_reading(column, name, file)
    field = best.field
    assert field.type is not None
    if best.read < best.of and best.share < ENOUGH:
        if best.share < 0.5:
            return left_out(column, "it holds values of several kinds, of which no type reads half")
        doubt = f"{best.of - best.read:,} values can't be read as text, and are taken for missing"
    choices, about = choices_of(column, None, file.rows) if field.type == "text" else ((), "")
    field = _finished(replace(field, lenient=best.read < best.of), column)
    said = why + _read_as(best, field.type or "text", column, file) + said
    late = _sounds_late(choices)
    return Guess(seen.name, name, field.type, False, said, field, choices, about, column.sure, doubt or late)


def left_out(column: Column, why: str) -> Guess:
    """A column that becomes no field."""
    return Guess(column.seen.name, None, None, False, why, placeholders=column.sure)


_LATE = frozenset({"won", "lost", "converted", "closed", "customer", "gewonnen", "verloren"})


def _sounds_late(choices: tuple[str, ...]) -> str | None:
    if any(_LATE & set(spoken(each).split()) for each in choices):
        return "some of its words sound like outcomes: leave it out of rules if it says what became of a lead"
    return None


def _finished(field: FieldMap, column: Column) -> FieldMap:
    return replace(field, placeholders=column.own or None)


def _standard_ways(column: Column, name: str, kind: FieldType, file: File) -> Iterator[FieldMap]:
    plain_way = FieldMap(name, (column.seen.name,), type=kind)
    if kind == "number":
        yield plain_way
        if name == "annual_revenue" and file.table.currency is not None:
            yield replace(plain_way, as_="money")
        if name in ("annual_revenue", "employees"):
            yield replace(plain_way, as_="lower end of range")
    elif kind == "boolean":
        yield from _yes_no_ways(plain_way)
    elif kind == "datetime":
        yield from date_ways(plain_way, column, file)
    elif kind == "list":
        yield replace(plain_way, separator=_commonest_separator(column))
    elif name == "domain":
        if not column.seen.long:  # what wasn't kept can't be tried
            yield replace(plain_way, as_="domain")
        yield plain_way
    else:
        yield plain_way


def _own_reading(column: Column, name: str, file: File) -> tuple[Reading, str, str | None]:
    """The best way to read it, with what is to be said about it, and what is doubtful."""
    as_text = FieldMap(name, (column.seen.name,), type="text")
    if column.known:
        lists = sum(count for value, count in column.values if isinstance(value, tuple))
        if lists > column.known / 2:
            return column.try_(replace(as_text, type="list"), file.table), "", None
        answer = _best(column, _yes_no_ways(replace(as_text, type="boolean")), file) if _says_yes_no(column) else None
        if answer is not None:
            return answer, "", None
        numbered = [] if _is_identifier(column) else [_as_number]
        dated = bool(DATE_WORDS & set(column.words.split()))  # 20260102 is a day where the column says so
        for attempt in (_as_moment, *numbered) if dated else (*numbered, _as_moment):
            if (found := attempt(column, as_text, file)) is not None:
                return found
        separator = _separator(column)
        if separator is not None:
            listed = column.try_(replace(as_text, type="list", separator=separator), file.table)
            return listed, f", separated by {separator!r}", None
        return column.try_(as_text, file.table), _nearly(column, name, file), None
    return column.try_(as_text, file.table), "", None


def _as_number(column: Column, as_text: FieldMap, file: File) -> tuple[Reading, str, str | None] | None:
    number = replace(as_text, type="number")
    ways = [number, replace(number, as_="percent")]
    if file.table.currency is not None:
        ways.append(replace(number, as_="money"))
    found = _best(column, ways, file)
    return None if found is None else (found, "", _number_doubt(column, file))


def _as_moment(column: Column, as_text: FieldMap, file: File) -> tuple[Reading, str, str | None] | None:
    if not like_dates(column):
        return None
    found = _best(column, date_ways(replace(as_text, type="datetime"), column, file), file)
    if found is None:
        return None
    if not (found.moments or found.field.as_ or has_time(column)):
        found = column.try_(replace(found.field, type="date"), file.table)
    return (found, "", date_doubt(column, found.field, file)) if found.share >= ENOUGH else None


def _best(column: Column, ways: Iterable[FieldMap], file: File) -> Reading | None:
    tried = [column.try_(each, file.table) for each in ways]
    best = max(tried, key=lambda each: each.read, default=None)
    return best if best is not None and best.of and best.share >= ENOUGH else None


def _nearly(column: Column, name: str, file: File) -> str:
    """Why text that looks like numbers stays text."""
    if _is_identifier(column):
        return ""
    number = column.try_(FieldMap(name, (column.seen.name,), type="number"), file.table)
    if number.of and 0.5 <= number.share < ENOUGH:
        return f"; {number.read:,} of them read as numbers, too few for a number"
    return ""


def _says_yes_no(column: Column) -> bool:
    words = {fold(value) if isinstance(value, str) else plain(value) for value, _ in column.values}
    if len(words) > 4 or not words:
        return False
    if len(words) == 1 and words <= set("yntfj"):
        return False  # one letter alone may mean anything
    if words <= {"0", "1"} or all(
        isinstance(word, int | float | Decimal) and not isinstance(word, bool) for word in words
    ):
        return len(words) == 2 and not NUMBER_WORDS & set(column.words.split())
    return True


def _yes_no_ways(field: FieldMap) -> Iterator[FieldMap]:
    yield replace(field, as_="yes/no")
    for yes, no in YES_NO[3:]:
        labels = ((yes, True), (no, False)) if no else ((yes, True),)
        yield replace(field, as_="yes/no", labels=labels)


_LEADING_ZERO = re.compile(r"[+-]?0\d")
_LONG_DIGITS = re.compile(r"\+?\d{12,}|\+\d[\d\s().-]{6,}")


def _is_identifier(column: Column) -> bool:
    """Digits that nobody adds up: with leading zeros, very long, or in a column that is called so."""
    words = column.words.split()
    if words and words[-1] in IDENTIFIER_ENDS:
        return True
    return any(
        (_LEADING_ZERO.match(text) and not _dated(text)) or _LONG_DIGITS.fullmatch(text) for text, _ in column.as_text()
    )


def _dated(text: str) -> bool:
    return any(sign in text[1:] for sign in "/.-: ")


_GROUPED = re.compile(r"[+-]?\d{1,3}[.,]\d{3}")


def _number_doubt(column: Column, file: File) -> str | None:
    """Where a sign in the numbers could separate thousands or decimals."""
    sign = "," if file.table.decimal == "." else "."
    grouped = [text for text, _ in column.as_text() if sign in text]
    if grouped and all(_GROUPED.fullmatch(text) for text in grouped):
        return f"{sign!r} is taken to separate thousands, and {file.table.decimal!r} decimals"
    return None


def _separator(column: Column) -> str | None:
    """What separates entries, where values look like several words of a few."""
    for separator, often, most in ((";", 0.05, 200), ("|", 0.05, 200), (",", 0.3, 30)):
        pieces = Counter[str]()
        several = 0
        for text, count in column.as_text():
            parts = text.split(separator)
            several += count if len(parts) > 1 else 0
            for part in parts:
                pieces[fold(part.strip())] += count
        if not column.known or several < often * column.known or several < 2:
            continue
        if len(pieces) <= min(most, pieces.total() / 3) and max(map(len, pieces)) <= 60:
            return separator
    return None


def _commonest_separator(column: Column) -> str:
    """What stands in most values of a column that is a list by its name."""
    counts = {each: sum(count for text, count in column.as_text() if each in text) for each in (";", "|", ",")}
    return max(counts, key=lambda each: counts[each])


def _read_as(reading: Reading, kind: FieldType, column: Column, file: File) -> str:
    """What was counted: how many were read as what, how many say nothing, how many are empty."""
    if not file.rows:
        return "no row to look at"
    if not column.known and not column.said_nothing:
        return f"empty in all {file.rows:,} rows"
    if kind == "datetime" and not has_time(column):
        kind = "date"
    filled = "filled in" if kind == "text" else f"read as {WORDS[kind]}"
    said = [f"{reading.read:,} of {file.rows:,} {filled}"]
    if (bad := reading.of - reading.read) > 0:
        said.append(f"{bad:,} can't be read and are taken for missing (lenient)")
    if column.said_nothing:
        said.append(f"{column.said_nothing:,} a placeholder")
    if (empty := file.rows - column.known - column.said_nothing) > 0:
        said.append(f"{empty:,} empty")
    return ", ".join(said)
