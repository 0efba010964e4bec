"""Primitives as Polars' expressions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Any, assert_never

from qualify.columns.expressions import (
    Added,
    Age,
    Aggregate,
    And,
    Arithmetic,
    Case,
    Column,
    Compare,
    Constant,
    Day,
    Different,
    Edge,
    Exact,
    Expression,
    Extreme,
    IsNull,
    Joined,
    Kind,
    Later,
    Matches,
    Mentions,
    Midnight,
    Not,
    Nothing,
    Number,
    OneOf,
    OnTheWall,
    Or,
    Outermost,
    Overlaps,
    PeriodOf,
    Place,
    Rounded,
    TenThousandths,
    Times,
    ToDouble,
    Total,
)
from qualify.columns.patterns import patterns_of
from qualify.columns.plan import Read
from qualify.columns.polars_texts import TEXT as TEXT_ITSELF
from qualify.columns.polars_texts import answering, folded
from qualify.engine.clock import Clock
from qualify.engine.compile import reckoned

if TYPE_CHECKING:
    import polars as pl

OWN = "qualify: "
"""What the columns of our own begin with, so that they stand beside the user's."""
FEW = 8
PERIODS = {"week": "1w", "month": "1mo", "quarter": "1q", "year": "1y"}


class PolarsReader:
    """Reads primitives as Polars' expressions, at one moment."""

    def __init__(self, clock: Clock, zone: str) -> None:
        import polars as pl

        self.pl: Any = pl
        self.clock, self.zone = clock, zone
        self.asked: dict[Expression, Any] = {}
        """Tests of texts that are answered where the texts come in, and where their answers stand."""

    def dtype(self, kind: Kind) -> Any:
        """Polars' type for what a column holds."""
        pl = self.pl
        types: Mapping[Kind, Any] = {
            "text": pl.String, "flag": pl.Boolean, "whole": pl.Int64, "double": pl.Float64, "decimal": pl.Decimal(38, 0),
            "number": pl.Float64, "day": pl.Date, "wall": pl.Datetime("us"), "instant": pl.Datetime("us", "UTC"),
            "texts": pl.List(pl.String),
        }  # fmt: skip
        return types[kind]

    # --- what comes in ---

    def answered(self, value: pl.Expr, name: str, tests: list[Expression]) -> Any:
        """All that is asked of a text, answered where it comes in."""
        pl, column = self.pl, OWN + name
        asked = [self.read(_of_text(test)).alias(str(at)) for at, test in enumerate(tests)]
        kinds = [
            pl.Field(str(at), pl.String if isinstance(test, Column) else pl.Boolean) for at, test in enumerate(tests)
        ]
        for at, test in enumerate(tests):
            self.asked[test] = pl.col(column).struct.field(str(at))
        answers = answering(asked, folded)
        return value.cast(pl.String).map_batches(answers, pl.Struct(kinds), is_elementwise=True).alias(column)

    def taken(self, value: pl.Expr, read: Read) -> pl.Expr:
        """A column as it is compared: texts folded, doubles that are numbers, moments to the microsecond."""
        pl = self.pl
        match read.stored.kind:
            case "text":
                return value.cast(pl.String).map_batches(folded, pl.String, is_elementwise=True)
            case "double":
                double = value.cast(pl.Float64)
                return pl.when(double.is_finite()).then(double)
            case "whole":
                return value.cast(pl.Int64)
            case "decimal":
                return value.cast(pl.Decimal(38, read.stored.decimals))
            case "wall":
                return value.cast(pl.Datetime("us"))
            case "instant":
                return value.dt.convert_time_zone("UTC").cast(pl.Datetime("us", "UTC"))
            case "texts":
                entries = pl.element().cast(pl.String).map_batches(folded, pl.String, is_elementwise=True)
                return value.cast(pl.List(pl.String)).list.eval(entries).list.drop_nulls()
            case _:
                return value

    # --- of a lead's activities ---

    def aggregated(self, of: Aggregate) -> Any:
        """What is asked of a lead's activities together."""
        pl = self.pl
        match of:
            case Number(flag, sure):
                said = self.read(flag)
                return (said if sure else said.is_null()).sum().cast(pl.Int64)
            case Different(value, flag, sure):
                kept = self.read(flag) if sure else self.read(flag).fill_null(True)
                return self.read(value).filter(kept).n_unique().cast(pl.Int64)
            case Total(value, flag, wide):
                number = self.read(value).cast(pl.Int128) if wide else self.read(value)
                return pl.when(self.read(flag)).then(number).otherwise(0).sum()
            case Outermost(which, value, flag):
                moments = pl.when(self.read(flag)).then(self.read(value))
                return moments.min() if which == "first" else moments.max()
            case _:
                assert_never(of)

    # --- expressions ---

    def read(self, of: Expression) -> Any:
        """A primitive as Polars says it."""
        pl = self.pl
        if of in self.asked:
            return self.asked[of]
        match of:
            case Column(name):
                return pl.col(name if name in ("lead_id", TEXT_ITSELF) else OWN + name)
            case Nothing(kind):
                return pl.lit(None, dtype=self.dtype(kind))
            case Constant(value):
                return self.constant(value)
            case Exact(value, beside):
                return pl.lit(value, dtype=pl.Decimal(38, beside.decimals))
            case Edge(key, form):
                return self.constant(reckoned(self.clock, key, form))
            case Compare(left, op, right):
                return _COMPARED[op](self.read(left), self.read(right))
            case OneOf(text, texts):
                folded_ = self.read(text)
                return (
                    folded_ == texts[0]
                    if len(texts) == 1
                    else folded_.is_in(pl.Series(texts, dtype=pl.String).implode())
                )
            case Matches(text, how, texts):
                return self.matches(self.read(text), how, texts)
            case Mentions(text, phrases):
                found = self.read(text)
                return reduce(or_, [found.str.contains(pattern) for pattern in patterns_of(phrases)])
            case Overlaps(texts, how, wanted):
                return self.overlaps(self.read(texts), how, wanted)
            case IsNull(part):
                return self.read(part).is_null()
            case And(parts):
                return _joined(and_, pl.all_horizontal, [self.read(part) for part in parts])
            case Or(parts):
                return _joined(or_, pl.any_horizontal, [self.read(part) for part in parts])
            case Not(part):
                return ~self.read(part)
            case Case(branches, otherwise):
                chain: Any = pl
                for condition, result in branches:
                    chain = chain.when(self.read(condition)).then(self.read(result))
                return chain.otherwise(self.read(otherwise))
            case Joined(parts, between):
                codes = [self.read(part) for part in parts] or [pl.lit("")]
                return pl.concat_str(codes, separator=between, ignore_nulls=True)
            case Added(parts):
                return reduce(lambda one, other: one + other, [self.read(part) for part in parts])
            case Times(part, up, down):
                whole = self.read(part)
                return whole * up if down == 1 else (whole // down) * up
            case Extreme(which, parts):
                pick = pl.min_horizontal if which == "least" else pl.max_horizontal
                return pick(*(self.read(part) for part in parts))
            case Arithmetic(left, op, right, open):
                return self.arithmetic(self.read(left), op, self.read(right), open)
            case ToDouble(part, parts):
                double = self.read(part).cast(pl.Float64)
                return double if parts == 1 else double / spread(double, float(parts))
            case Rounded(part, way):
                double = self.read(part)
                return (double.floor() if way == "down" else double.ceil()).cast(pl.Int64, strict=False)
            case TenThousandths(part, stored):
                return self.ten_thousandths(self.read(part), stored.kind)
            case OnTheWall(part, zone):
                return self.read(part).dt.convert_time_zone(zone).dt.replace_time_zone(None)
            case Day(OnTheWall(part, zone)):
                instant = self.read(part)
                return (instant if zone == "UTC" else instant.dt.convert_time_zone(zone)).dt.date()
            case Day(part):
                return self.read(part).dt.date()
            case Midnight(part):
                return self.read(part).cast(pl.Datetime("us"))
            case Later(part, hours, form):
                return self.read(part) + (timedelta(days=hours // 24) if form == "day" else timedelta(hours=hours))
            case PeriodOf(part, period):
                return self.read(part).dt.truncate(PERIODS[period])
            case Age(part, hours):
                elapsed = self.constant(self.clock.as_of) - self.read(part)
                return elapsed.dt.total_microseconds() // (hours * 3_600_000_000)
            case Place(at, alike):
                together = [pl.col("lead_id"), *(self.read(each) for each in alike)]
                return self.read(at).rank("ordinal", descending=True).over(together).cast(pl.Int64)
            case _:
                assert_never(of)

    def constant(self, value: bool | str | int | float | date | datetime) -> pl.Expr:
        """A literal, in its own type whatever stands beside it."""
        pl = self.pl
        match value:
            case bool() | str():
                return pl.lit(value)
            case int():
                return pl.lit(value, dtype=pl.Int64)
            case datetime():
                return pl.lit(value, dtype=pl.Datetime("us", None if value.tzinfo is None else "UTC"))
            case _:
                return pl.lit(value)

    def matches(self, value: pl.Expr, how: str, texts: tuple[str, ...]) -> pl.Expr:
        """Whether a text contains, starts or ends with any of these."""
        if how == "contains":
            return (
                value.str.contains(texts[0], literal=True) if len(texts) == 1 else value.str.contains_any(list(texts))
            )
        test = value.str.starts_with if how == "starts with" else value.str.ends_with
        return _joined(or_, self.pl.any_horizontal, [test(text) for text in texts])

    def overlaps(self, value: pl.Expr, how: str, wanted: tuple[str, ...]) -> pl.Expr:
        """Whether a list has any or all of these."""
        pl = self.pl
        if len(wanted) <= FEW:
            join, all_ = (and_, pl.all_horizontal) if how == "all" else (or_, pl.any_horizontal)
            return _joined(join, all_, [value.list.contains(text) for text in wanted])
        series = pl.Series(wanted, dtype=pl.String).implode()
        if how == "any":
            return value.list.eval(pl.element().is_in(series)).list.any()
        return value.list.eval(pl.element().filter(pl.element().is_in(series))).list.n_unique() == len(wanted)

    def arithmetic(self, left: pl.Expr, op: str, right: pl.Expr, open_: bool) -> pl.Expr:
        """In doubles; what isn't finite is missing, but for what was open before."""
        pl = self.pl
        if op == "/":
            right = spread(left, right)
        result = {"+": left + right, "-": left - right, "*": left * right, "/": left / right}[op]
        finite = result.is_finite()
        if op == "/":
            finite = finite & (right != 0.0)
        if not open_:
            return pl.when(finite).then(result)
        endless = left.is_infinite() | right.is_infinite()
        nought = endless & ((left == 0.0) | (right == 0.0)) if op == "*" else pl.lit(False)
        return pl.when(nought).then(0.0).when(finite | (endless & result.is_not_nan())).then(result)

    def ten_thousandths(self, value: pl.Expr, kind: str) -> pl.Expr:
        """An amount as a whole number of ten-thousandths."""
        pl = self.pl
        most = Decimal(10**12) if kind == "decimal" else 10**12
        small = (value < pl.lit(most)) & (
            value > pl.lit(-most)
        )  # not by `abs`, which the least whole number has none of
        match kind:
            case "double":
                whole = (value * 10000.0 + 0.5).floor().cast(pl.Int64, strict=False)
            case "decimal":
                whole = (value.cast(pl.Decimal(38, 4)) * pl.lit(Decimal(10000))).cast(pl.Int64, strict=False)
            case _:
                whole = value * 10000
        return pl.when(small).then(whole)


def _of_text(test: Expression) -> Expression:
    """The same test of the text that is being looked at."""
    text = Column(TEXT_ITSELF)
    match test:
        case OneOf() | Matches() | Mentions():
            return replace(test, text=text)
        case IsNull():
            return IsNull(text)
        case _:
            return text


def spread(beside: pl.Expr, value: Any) -> pl.Expr:
    """A number for each row: by one number for all, Polars multiplies with the inverse, which rounds twice."""
    import polars as pl

    return beside.is_null().cast(pl.Float64) * 0.0 + value


def _joined(pair: Callable[[Any, Any], Any], many: Callable[..., Any], found: list[Any]) -> Any:
    """A few by the operator; many at once, so that no expression nests as deep as they are many."""
    return reduce(pair, found) if len(found) <= FEW else many(*found)


_COMPARED: Mapping[str, Callable[[Any, Any], Any]] = {
    "==": lambda one, other: one == other,
    "!=": lambda one, other: one != other,
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
}
