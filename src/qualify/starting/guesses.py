"""All columns of a file -> a guess for each: which one is the id, which ones are standard fields, what is left out."""

from __future__ import annotations

from dataclasses import dataclass, replace

from qualify.errors import QualifyError
from qualify.mapping import FieldMap
from qualify.starting.column import Column, File
from qualify.starting.manner import manner_of
from qualify.starting.naming import Names
from qualify.starting.sample import Sample, Seen
from qualify.starting.sketch import Guess, left_out, own_guess, standard_guess
from qualify.starting.words import IDS, OUTCOMES, SYNONYMS

OUTCOME = "it looks like an outcome, known only when all is over: a rule that reads it predicts what it already knows"


@dataclass(frozen=True, slots=True)
class Guesses:
    """What a file was taken for: its manner, and a guess for each column, in the file's order."""

    sample: Sample
    file: File
    columns: tuple[Guess, ...]

    @property
    def id(self) -> Guess | None:
        """The column that tells leads apart."""
        return next((each for each in self.columns if each.field == "id"), None)

    @property
    def fields(self) -> tuple[Guess, ...]:
        """The columns that became fields, the id aside."""
        return tuple(each for each in self.columns if each.how is not None)

    @property
    def left_out(self) -> tuple[Guess, ...]:
        """The columns that became none."""
        return tuple(each for each in self.columns if each.field is None)

    def of(self, field: str) -> Guess | None:
        """The guess for a standard field that was recognised, and that some row has."""
        return next((each for each in self.fields if each.field == field and each.standard), None)


def guessed(sample: Sample) -> Guesses:
    """A guess for each column. Raises QualifyError where no column could be a field."""
    columns = {seen.name: Column(seen) for seen in sample.columns}
    file = manner_of(list(columns.values()), rows=sample.rows, delimiter=sample.delimiter)
    found: dict[str, Guess] = {}
    id_ = _id_of(list(columns.values()), file)
    if id_ is not None:
        found[id_.column] = id_
    for name, column in columns.items():
        if name not in found and OUTCOMES.fullmatch(column.words):
            found[name] = left_out(column, OUTCOME)
    _find_standard(sample.columns, found, file)
    names, blank = Names(), list[Column]()
    refused = _called_standard(columns, found)
    for name, column in columns.items():
        if name in found:
            continue
        if not column.known and file.rows:
            blank.append(column)
            found[name] = left_out(column, _blank(column, file))
        else:
            own = names.give(name, column.seen.place)
            other = f"called as the standard field {refused[name]} is, but no such values; " if name in refused else ""
            found[name] = own_guess(column, own, file, why=other)
    if not any(each.field for each in found.values()):
        for column in blank:
            name = names.give(column.seen.name, column.seen.place)
            found[column.seen.name] = own_guess(column, name, file)
    if not any(each.field for each in found.values()):
        raise QualifyError(
            f"{sample.name}: none of its columns can be a field: each is an outcome, or holds what no field can",
            code="no-columns",
        )
    return Guesses(sample, file, tuple(found[seen.name] for seen in sample.columns))


def _find_standard(columns: tuple[Seen, ...], found: dict[str, Guess], file: File) -> None:
    """Give each standard field the column that is called so, of several the one with the plainest name that reads."""
    for name, words in SYNONYMS.items():
        called = [column for seen in columns if (column := Column(seen, standard=name)).words in words]
        called = [column for column in called if column.seen.name not in found]
        for column in sorted(called, key=lambda each: (not each.known, words.index(each.words))):
            guess = standard_guess(column, name, file)
            if guess is not None:
                found[column.seen.name] = guess
                break


def _called_standard(columns: dict[str, Column], found: dict[str, Guess]) -> dict[str, str]:
    taken = {each.field for each in found.values()}
    return {
        name: field
        for name, column in columns.items()
        if name not in found and column.known
        for field, words in SYNONYMS.items()
        if column.words in words and field not in taken
    }


def _blank(column: Column, file: File) -> str:
    if not column.seen.filled:
        return f"it is empty in all {file.rows:,} rows"
    return f"none of its {file.rows:,} rows says anything: {column.said_nothing:,} a placeholder"


def _id_of(columns: list[Column], file: File) -> Guess | None:
    """The column that is called as an id is, and that is different in every row."""
    called = sorted((each for each in columns if each.words in IDS), key=lambda each: IDS.index(each.words))
    called += [each for each in columns if each.words.endswith(" id") and each not in called]
    for column in called:
        if column.known != file.rows or any(count > 1 for _, count in column.values) or column.seen.long:
            continue
        reading = column.try_(FieldMap("id", (column.seen.name,), type="text"), file.table)
        if reading.read == file.rows:
            said = f"called as an id is; filled in and different in all {file.rows:,} rows"
            guess = Guess(
                column.seen.name, "id", "text", True, said if file.rows else "called as an id is; no row to look at"
            )
            return replace(guess, placeholders=column.sure)
    return None
