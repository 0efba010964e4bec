"""What engines that judge tables refuse, and the few things that one sees otherwise: data for tests and for the page.

Refused means: an error that names the rule (or the column) comes before any answer. A refusal that isn't listed here
fails the tests of agreement.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

EVERY = ("Polars", "pandas", "PyArrow", "DuckDB", "Spark", "SQL as text")


@dataclass(frozen=True)
class Difference:
    """One: in which engines, what a reader would notice, why, and how the refusal reads (a pattern; None for none)."""

    engines: tuple[str, ...]
    what: str
    why: str
    refusal: str | None = None


DIFFERENCES = (
    Difference(
        EVERY,
        "a decimal column beside a column of doubles, whole numbers, other decimals, or beside a `sum`",
        "engines turn one into the other, with loss or with an error: exactly compared are decimals with as many decimals, "
        "whole numbers with whole numbers, sums and doubles, doubles with doubles",
        r"compares .*(a decimal with|an exact sum|a double)",
    ),
    Difference(
        ("SQL as text",),
        "two columns of numbers of which nobody said how they are stored",
        "one may be a double and the other not: `types=` says it",
        r"compares .*a number of unknown type",
    ),
    Difference(
        EVERY,
        "`within` a span `after` a `first(…)` or `last(…)` that may be one of several, or the other way round",
        "whether some pair of the possible moments lies so far apart takes all pairs of them",
        r"asks how far one of several possible moments lies from another",
    ),
    Difference(
        EVERY,
        "`first(…)` or `last(…)` that may be one of several, `==` or `!=` a field or another such moment",
        "the possible moments themselves would have to be compared, not the first and last of them",
        r"asks whether one of several possible moments is another",
    ),
    Difference(
        EVERY,
        "instants in the first or last day of the calendar (years 1 and 9999) whose days or periods are counted, or that "
        "are compared with a time without zone",
        "a wall clock shows a day there that is outside the calendar; for a single lead it is the calendar's end",
    ),
    Difference(
        ("pandas",),
        "whole numbers beyond 2^53 in a NumPy column with gaps",
        "pandas has made doubles of them before anything is asked: use its nullable types, or Arrow's",
    ),
    Difference(
        EVERY,
        "infinity in a column",
        "is missing, where a single lead is refused: no engine can refuse one row",
    ),
    Difference(
        EVERY,
        "an amount of 10^12 and more, or with more than 4 decimals, where amounts are added up",
        "is missing or cut off, where a single lead is refused: no engine can refuse one row",
    ),
    Difference(
        ("DuckDB", "Spark", "SQL as text"),
        "facts that stand on each other more than 200 deep, in Spark 45",
        "every depth is a layer of the query, and engines read many layers in minutes, or end with an error of their own",
        r"stands on facts that stand on others",
    ),
    Difference(
        ("PostgreSQL",),
        "definitions that need more than 1,600 columns at once",
        "it has at most 1,664 in one query",
        r"is the last of \d+ columns",
    ),
    Difference(
        ("PostgreSQL",),
        "arithmetic with doubles beyond 10^150 or nearer to 0 than 10^-150",
        "is unknown: an overflow is an error there that ends the query, so what comes near one is not reckoned",
    ),
    Difference(
        ("DuckDB", "Spark"),
        "a zone whose clock the engine knows otherwise than Python",
        "its zone data are of another year; both clocks are compared at every change from 1990 to 2045 before a query runs",
        r"reads the clock of",
    ),
)


def unlisted(refused: Iterable[str]) -> list[str]:
    """The refusals that stand nowhere above."""
    patterns = [each.refusal for each in DIFFERENCES if each.refusal]
    harness = [r"^CannotHold: NumPy has no whole numbers"]
    return [reason for reason in refused if not any(re.search(each, reason) for each in (*patterns, *harness))]
