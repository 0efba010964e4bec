"""What a dialect of SQL is asked to say, and the words that most of them share.

A function that dialects name alike but mean otherwise is never left to a transpiler: every one is written as its
dialect has it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Literal, TypeAlias

from sqlglot import exp

from qualify.columns.expressions import Kind
from qualify.definition.model import LimitPeriod
from qualify.engine.source import EdgeForm
from qualify.text import STRIPPED

Sql: TypeAlias = Any
"""A node of SQLGlot's, whose classes are called otherwise from one of its releases to the next."""
DialectName: TypeAlias = Literal["duckdb", "postgres", "spark", "databricks", "snowflake", "bigquery"]
LARGEST_DOUBLE = 1.7976931348623157e308


def quoted(name: str) -> exp.Identifier:
    """A name as it is written, whatever its letters."""
    return exp.to_identifier(name, quoted=True)


def text(value: str) -> Sql:
    """A text literal."""
    return exp.Literal.string(value)


def number(value: int | str | Decimal) -> Sql:
    """A number literal."""
    written = format(value, "f") if isinstance(value, Decimal) else str(value)
    if written.startswith("-"):
        return exp.Neg(this=exp.Literal.number(written[1:]))
    return exp.Literal.number(written)


def call(name: str, *arguments: Sql | str | int) -> Sql:
    """A function under exactly this name; plain texts and whole numbers become literals."""
    given = [
        text(each) if isinstance(each, str) else number(each) if isinstance(each, int) else each for each in arguments
    ]
    return exp.Anonymous(this=name, expressions=given)


def verbatim(written: str) -> Sql:
    """Words of a dialect that stand as they are."""
    return exp.Var(this=written)


def is_there(value: Sql) -> Sql:
    """Whether something is there: `IS NOT NULL`."""
    return exp.Is(this=wrapped(value), expression=exp.Not(this=exp.null()))


def wrapped(of: Sql) -> Sql:
    """In brackets, where it could be torn apart."""
    return exp.Paren(this=of) if isinstance(of, exp.Binary | exp.Not | exp.Is | exp.In | exp.Between) else of


class Dialect:
    """The words of one dialect; what most share stands here."""

    name: ClassVar[DialectName]
    deepest = 200
    """How many layers it reads in a query, in seconds and not in minutes."""
    widest: int | None = None
    """How many columns a layer has at most."""
    pastes = False
    """Whether the engine pastes layers into each other, however often one mentions another."""
    narrow = True
    """Whether a whole number that is written small has 32 bits."""
    composes_lists = False
    """Whether entries of lists are composed together, not each by itself."""
    longest: ClassVar[int | None] = None
    """How many bytes a name may have, where that is fewer than ours can come to."""
    types: ClassVar[dict[str, str]] = {
        "text": "TEXT", "flag": "BOOLEAN", "whole": "BIGINT", "double": "DOUBLE", "day": "DATE",
        "wall": "TIMESTAMP", "instant": "TIMESTAMPTZ", "texts": "TEXT[]",
    }  # fmt: skip

    def shown(self, name: str) -> str:
        """How a name is written, where not every character may stand in one."""
        return name

    def cast(self, value: Sql, kind: Kind | str) -> Sql:
        """A value in another type."""
        name = self.types.get(kind, kind)
        return exp.Cast(this=value, to=exp.DataType.build(name, dialect=self.name))

    def try_cast(self, value: Sql, kind: Kind) -> Sql:
        """The same, missing where it can't be."""
        name = self.types[kind]
        return exp.TryCast(this=value, to=exp.DataType.build(name, dialect=self.name))

    def decimal(self, value: Sql, digits: int, decimals: int) -> Sql:
        """A number as a decimal of this type."""
        return self.cast(value, f"DECIMAL({digits}, {decimals})")

    def stop(self, why: str) -> Sql:
        """What ends the query where it is reckoned, with this message."""
        raise NotImplementedError

    # --- text ---

    def composed(self, value: Sql) -> Sql:
        """In composed form (NFC)."""
        return value

    def stripped(self, value: Sql) -> Sql:
        """Without white space at both ends."""
        return call("TRIM", value, self.white_space())

    def white_space(self) -> Sql:
        """The characters that are stripped."""
        escaped = {"\t": "\\t", "\n": "\\n", "\r": "\\r", " ": " "}
        return verbatim("'" + "".join(escaped.get(each, f"\\u{ord(each):04x}") for each in STRIPPED) + "'")

    def lower(self, value: Sql) -> Sql:
        """In lower case, as Unicode has it, whatever the locale."""
        return call("LOWER", value)

    def plainly(self, value: Sql, otherwise: Sql) -> Sql:
        """A text's folded form: the shorter way for one of plain letters, where that is faster."""
        return otherwise

    def joined(self, parts: list[Sql], between: str) -> Sql:
        """Texts joined, without those that are missing."""
        return call("CONCAT_WS", between, *parts)

    def contains(self, value: Sql, wanted: str) -> Sql:
        """Whether it holds a text."""
        return exp.GT(this=call("STRPOS", value, wanted), expression=number(0))

    def starts(self, value: Sql, wanted: str) -> Sql:
        """Whether it begins with a text."""
        return call("STARTS_WITH", value, wanted)

    def ends(self, value: Sql, wanted: str) -> Sql:
        """Whether it ends with a text."""
        return call("ENDS_WITH", value, wanted)

    def found(self, value: Sql, pattern: str) -> Sql:
        """Whether a regular expression is found in it."""
        raise NotImplementedError

    def after_last_at(self, value: Sql) -> Sql:
        """What follows the last `@`; missing where there is none."""
        raise NotImplementedError

    # --- lists ---

    def each_of(self, value: Sql, change: Any) -> Sql:
        """A list with each entry changed, without those that are missing."""
        raise NotImplementedError

    def overlaps(self, value: Sql, how: str, wanted: tuple[str, ...]) -> Sql:
        """Whether a list has any or all of these."""
        raise NotImplementedError

    def entries(self, texts: tuple[str, ...]) -> Sql:
        """A table with one column, `entry`: one text literal taken apart, which no engine is slow to read."""
        raise NotImplementedError

    def packed(self, texts: Iterable[str]) -> tuple[Sql, Sql]:
        """Many texts as one, and what stands between them."""
        listed = list(texts)
        between = next(each for each in ("\n", "|", "\x1f", "¦", "§§§") if not any(each in entry for entry in listed))
        return text(between.join(listed)), text(between)

    # --- numbers ---

    def infinity(self, value: float) -> Sql:
        """An infinite double."""
        return self.cast(text("Infinity" if value > 0 else "-Infinity"), "double")

    def divided(self, value: Sql, down: int) -> Sql:
        """A whole number divided by another, without rest."""
        raise NotImplementedError

    def reckoned(self, left: Sql, op: str, right: Sql) -> Sql:
        """Arithmetic in doubles, missing where it isn't finite."""
        node = {"+": exp.Add, "-": exp.Sub, "*": exp.Mul, "/": exp.Div}[op]
        if op == "/":
            right = exp.func("NULLIF", right, self.cast(number(0), "double"))
        return self.finite(node(this=wrapped(left), expression=wrapped(right)))

    def finite(self, value: Sql, tested: Sql | None = None) -> Sql:
        """A double that is a number; missing where it is none, or infinite."""
        size = call("ABS", value if tested is None else tested)
        most = exp.LTE(this=size, expression=self.cast(text(repr(LARGEST_DOUBLE)), "double"))
        return exp.Case(ifs=[exp.If(this=most, true=value)])

    def roomy(self, value: Sql) -> Sql:
        """A whole number of 64 bits: what is added to it can't overflow 32."""
        return self.cast(value, "whole") if self.narrow else value

    def wide(self, value: Sql) -> Sql:
        """A whole number that has room for a sum."""
        return value

    # --- time ---

    def cut_off(self, value: Sql, kind: Kind) -> Sql:
        """A moment that is kept to the nanosecond, without what is finer than a microsecond."""
        raise NotImplementedError

    def on_the_wall(self, value: Sql, zone: str) -> Sql:
        """What a clock on the wall of a zone shows at an instant."""
        return call("TIMEZONE", zone, value)

    def instant_of(self, wall: Sql, zone: str) -> Sql:
        """The instant at which a clock on the wall shows this."""
        return call("TIMEZONE", zone, wall)

    def later(self, value: Sql, hours: int, form: EdgeForm) -> Sql:
        """So many hours later, elapsed; of a day, whole days."""
        raise NotImplementedError

    def months_later(self, value: Sql, months: int) -> Sql:
        """So many months later on the wall clock, a day past the month's end becoming the last."""
        raise NotImplementedError

    def age(self, now: Sql, value: Sql, hours: int) -> Sql:
        """How many whole periods lie between."""
        raise NotImplementedError

    def period(self, value: Sql, period: LimitPeriod) -> Sql:
        """The first day of the period."""
        return self.cast(call("DATE_TRUNC", period, value), "day")

    def count_if(self, flag: Sql) -> Sql:
        """How many rows say yes."""
        return exp.Filter(this=exp.Count(this=exp.Star()), expression=exp.Where(this=flag))

    def literal(self, value: date) -> Sql:
        """A moment."""
        if not isinstance(value, datetime):
            return self.cast(text(value.isoformat()), "day")
        if value.tzinfo is None:
            return self.cast(text(value.isoformat(sep=" ")), "wall")
        return self.cast(text(value.isoformat(sep=" ")), "instant")
