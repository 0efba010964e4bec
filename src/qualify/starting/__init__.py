"""A definition to begin with, as `qualify init` writes it: a starter that explains itself, or one drawn from a file.

Start with `start`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qualify.adapters import Source
from qualify.starting.drawn import definition_texts, mapping_text
from qualify.starting.files import check_free, put
from qualify.starting.guesses import Guesses, guessed
from qualify.starting.sample import sampled
from qualify.starting.sketch import Guess
from qualify.starting.starter import TEXTS
from qualify.text import clean

__all__ = ["Guess", "Started", "start"]

ENDINGS = (".gz", ".csv", ".tsv", ".txt", ".jsonl", ".ndjson", ".json", ".parquet")
PARTS = ("definition.toml", "marketing.toml", "sales.toml")
LONGEST_STEM = 100


@dataclass(frozen=True, slots=True)
class Started:
    """What was written, and what it rests on.

    `files` are the files written; `mapping` is the one of them that says how the file's columns become fields, None
    for the starter. `rows` is how many were looked at (`whole`: there are no more), `bad_rows` how many of them could
    not be read, `guesses` what each column was taken for, `notes` what a person should know beside that. `leads` is
    the file to try the definition with, None where it was a stream.
    """

    folder: str
    files: tuple[str, ...]
    leads: str | None
    mapping: str | None = None
    rows: int = 0
    bad_rows: int = 0
    whole: bool = True
    guesses: tuple[Guess, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def next(self) -> tuple[tuple[str, ...], ...]:
        """The two commands to type next, each as its words."""
        mapping = () if self.mapping is None else ("--mapping", self.mapping)
        return ("qualify", "check", self.folder), ("qualify", "run", self.folder, self.leads or "-", *mapping)

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data, for JSON."""
        return {
            "folder": self.folder,
            "files": list(self.files),
            "leads": self.leads,
            "mapping": self.mapping,
            "rows": self.rows,
            "bad_rows": self.bad_rows,
            "whole": self.whole,
            "guesses": [each.to_dict() for each in self.guesses],
            "notes": list(self.notes),
            "next": [list(words) for words in self.next],
        }


def start(folder: str | os.PathLike[str], from_: Source | None = None) -> Started:
    """Write a definition to begin with into a folder, which is made where it isn't there.

    Without `from_` it is the starter, with five invented leads. With `from_`, a source of leads that a built-in or
    installed adapter reads (a path to CSV, JSON Lines or Parquet, or a stream), it is drawn from the source's columns and
    first rows, together with a mapping: each guess beneath a comment that says what it rests on, in counts and never
    with a lead's value, but for words that say nothing and choices that many rows have.

    Nothing is overwritten, and all files are written or none. Raises QualifyError for a file that is there already, for
    a folder that can't be written, and where no column could be a field; AdapterError where the source can't be read.

    >>> import tempfile
    >>> import qualify
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     started = start(folder)
    ...     definition = qualify.load(folder)
    >>> [Path(file).name for file in started.files], definition.check()
    (['definition.toml', 'marketing.toml', 'sales.toml', 'leads.csv'], ())
    """
    place = Path(folder)
    if from_ is None:
        files = put(place, TEXTS)
        return Started(str(place), tuple(map(str, files)), str(place / "leads.csv"))
    stem = _stem(from_)
    mapping = f"{stem}.mapping.toml"
    check_free(place, (*PARTS, mapping))  # before the source is read: that may take a while
    found = guessed(sampled(from_))
    texts = definition_texts(found, "Leads" if stem == "leads" else f"Leads of {stem}") | {mapping: mapping_text(found)}
    files = put(place, texts)
    return _started(place, found, files, from_)


def _started(place: Path, found: Guesses, files: tuple[Path, ...], source: Source) -> Started:
    sample = found.sample
    return Started(
        folder=str(place),
        files=tuple(map(str, files)),
        leads=os.fspath(source) if isinstance(source, str | os.PathLike) else None,
        mapping=str(files[-1]),
        rows=sample.rows,
        bad_rows=sample.bad_rows,
        whole=sample.whole,
        guesses=found.columns,
        notes=sample.notes,
    )


def _stem(source: Source) -> str:
    """What the source's mapping is called: the file's name without its endings."""
    name = Path(source).name if isinstance(source, str | os.PathLike) else "leads"
    shorter = True
    while shorter:
        shorter = False
        for ending in ENDINGS:
            if name.lower().endswith(ending) and len(name) > len(ending):
                name, shorter = name[: -len(ending)], True
    plain = "".join(char if char.isprintable() else "_" for char in clean(name))
    return plain[:LONGEST_STEM].rstrip(" .") or "leads"
