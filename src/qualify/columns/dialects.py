# Long because the dialects' words for the same things are read side by side.
"""The six dialects, each with its own words; what they mean stands in `dialect`."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar

from sqlglot import exp

from qualify.columns.dialect import Dialect, DialectName, Sql, call, is_there, number, quoted, text, verbatim, wrapped
from qualify.columns.expressions import Kind
from qualify.definition.model import LimitPeriod
from qualify.engine.source import EdgeForm
from qualify.text import STRIPPED

DECOMPOSED = "[^\\x00-\\x{2ff}]"
"""A character above those that are always composed."""


MICROS = 3_600_000_000
"""Microseconds of an hour."""
PLAIN_NAME = re.compile("[a-z_][a-z0-9_]*")
NO_NAME = re.compile("[^A-Za-z0-9_]+")


def verbatim_index(value: Sql, at: int) -> Sql:
    """An entry of a list, from the end where it is below 0."""
    return exp.Bracket(this=value, expressions=[number(at)], offset=1, safe=True)


def _lowered(value: Sql, letters: Sql, last: Sql, otherwise: Sql) -> Sql:
    """A text in lower case; `otherwise` of one with letters beyond ASCII, that is blank, or has white space at an end."""
    begins = exp.LT(this=value.copy(), expression=text("!"))
    rare = exp.or_(letters, begins, exp.LTE(this=last, expression=text(" ")), copy=False)
    # the rare ones come first: DuckDB copies nothing where the first branch takes none
    return exp.Case(ifs=[exp.If(this=rare, true=otherwise)], default=call("LOWER", value))


class DuckDB(Dialect):
    """DuckDB 2."""

    name = "duckdb"

    def composed(self, value: Sql) -> Sql:
        return call("NFC_NORMALIZE", value)

    def white_space(self) -> Sql:
        return verbatim(" || ".join(f"CHR({ord(each)})" for each in STRIPPED))  # 1.2 knows no \\u

    def plainly(self, value: Sql, otherwise: Sql) -> Sql:
        letters = exp.NEQ(this=call("STRLEN", value), expression=call("LENGTH", value))
        return _lowered(value, letters, call("SUBSTRING", value, verbatim("-1")), otherwise)

    def cut_off(self, value: Sql, kind: Kind) -> Sql:
        # a cast would round
        since, thousand = call("EPOCH_NS", value), number(1000)
        rest = exp.Mod(this=exp.Paren(this=exp.Add(this=exp.Mod(this=since, expression=thousand), expression=thousand)),
                       expression=thousand)  # fmt: skip
        micros = exp.IntDiv(this=exp.Paren(this=exp.Sub(this=since.copy(), expression=rest)), expression=thousand)
        return call("MAKE_TIMESTAMPTZ" if kind == "instant" else "MAKE_TIMESTAMP", self.cast(micros, "whole"))

    def contains(self, value: Sql, wanted: str) -> Sql:
        return call("CONTAINS", value, wanted)

    def found(self, value: Sql, pattern: str) -> Sql:
        return call("REGEXP_MATCHES", value, pattern)

    def after_last_at(self, value: Sql) -> Sql:
        return exp.Case(
            ifs=[exp.If(this=call("CONTAINS", value, "@"), true=verbatim_index(call("STRING_SPLIT", value, "@"), -1))]
        )

    def each_of(self, value: Sql, change: Any) -> Sql:
        each = quoted("each")
        changed = call("LIST_TRANSFORM", value, exp.Lambda(this=change(exp.column(each)), expressions=[each]))
        return call("LIST_FILTER", changed, exp.Lambda(this=is_there(exp.column(each)), expressions=[each]))

    def overlaps(self, value: Sql, how: str, wanted: tuple[str, ...]) -> Sql:
        listed = exp.Array(expressions=[text(each) for each in wanted])
        return call("LIST_HAS_ANY" if how == "any" else "LIST_HAS_ALL", value, listed)

    def entries(self, texts: tuple[str, ...]) -> Sql:
        return exp.select(exp.alias_(call("UNNEST", call("STRING_SPLIT", *self.packed(texts))), quoted("entry")))

    def divided(self, value: Sql, down: int) -> Sql:
        return exp.IntDiv(this=wrapped(value), expression=number(down))

    def wide(self, value: Sql) -> Sql:
        return self.cast(value, "HUGEINT")

    def later(self, value: Sql, hours: int, form: EdgeForm) -> Sql:
        if form == "day":
            return exp.Add(this=wrapped(value), expression=self.cast(number(hours // 24), "INT"))
        return exp.Add(this=wrapped(value), expression=call("TO_HOURS", hours))

    def months_later(self, value: Sql, months: int) -> Sql:
        return exp.Add(this=wrapped(value), expression=call("TO_MONTHS", number(months)))

    def age(self, now: Sql, value: Sql, hours: int) -> Sql:
        elapsed = exp.Sub(this=call("EPOCH_US", now), expression=call("EPOCH_US", value))
        return exp.IntDiv(this=exp.Paren(this=elapsed), expression=number(hours * MICROS))


class Postgres(Dialect):
    """PostgreSQL 13 and newer, with ICU."""

    name = "postgres"
    pastes = True
    widest = 1_600
    longest = 63

    def composed(self, value: Sql) -> Sql:
        return call("NORMALIZE", value)

    def stripped(self, value: Sql) -> Sql:
        return call("BTRIM", value, self.white_space())

    def joined(self, parts: list[Sql], between: str) -> Sql:
        # a function takes at most 100 arguments
        return call("ARRAY_TO_STRING", exp.Array(expressions=parts), between)

    def white_space(self) -> Sql:
        escaped = {"\t": "\\t", "\n": "\\n", "\r": "\\r", " ": " "}
        return verbatim("E'" + "".join(escaped.get(each, f"\\u{ord(each):04x}") for each in STRIPPED) + "'")

    def lower(self, value: Sql) -> Sql:
        return call("LOWER", exp.Collate(this=value, expression=quoted("und-x-icu")))

    def ends(self, value: Sql, wanted: str) -> Sql:
        return exp.EQ(this=call("RIGHT", value, len(wanted)), expression=text(wanted))

    def found(self, value: Sql, pattern: str) -> Sql:
        return exp.RegexpLike(this=value, expression=text(pattern))

    def after_last_at(self, value: Sql) -> Sql:
        return call("SUBSTRING", value, "@([^@]*)$")

    def try_cast(self, value: Sql, kind: Kind) -> Sql:
        return self.cast(value, kind)

    def each_of(self, value: Sql, change: Any) -> Sql:
        each = quoted("each")
        inner = exp.select(exp.alias_(change(exp.column(each)), quoted("kept"))).from_(
            exp.alias_(call("UNNEST", value), each)
        )
        kept = exp.column(quoted("kept"))
        rows = exp.select(kept).from_(inner.subquery(quoted("entries"))).where(is_there(kept.copy()))
        there = is_there(value.copy())
        return exp.Case(ifs=[exp.If(this=there, true=exp.Anonymous(this="ARRAY", expressions=[rows]))])

    def overlaps(self, value: Sql, how: str, wanted: tuple[str, ...]) -> Sql:
        listed = self.cast(exp.Array(expressions=[text(each) for each in wanted]), "texts")
        if how == "any":
            return exp.ArrayOverlaps(this=value, expression=listed)
        return exp.ArrayContainsAll(this=value, expression=listed)

    def entries(self, texts: tuple[str, ...]) -> Sql:
        return exp.select(exp.alias_(call("UNNEST", call("STRING_TO_ARRAY", *self.packed(texts))), quoted("entry")))

    def divided(self, value: Sql, down: int) -> Sql:
        return exp.Div(this=wrapped(value), expression=number(down), typed=True)

    def reckoned(self, left: Sql, op: str, right: Sql) -> Sql:
        # an overflow is an error here: what is near it is missing, in the order of its size
        node = {"+": exp.Add, "-": exp.Sub, "*": exp.Mul, "/": exp.Div}[op]
        most = self.cast(text("8e307" if op in "+-" else "1e150"), "double")
        small: list[Sql] = [exp.LTE(this=call("ABS", each.copy()), expression=most.copy()) for each in (left, right)]
        if op in "*/":
            least = self.cast(text("1e-150"), "double")
            large = [
                exp.Or(this=exp.GTE(this=call("ABS", each.copy()), expression=least.copy()),
                       expression=exp.EQ(this=wrapped(each.copy()), expression=number(0)))
                for each in (left, right)
            ]  # fmt: skip
            small += [exp.Paren(this=each) for each in large]
        if op == "/":
            small.append(exp.NEQ(this=wrapped(right.copy()), expression=number(0)))
        result = node(this=wrapped(left), expression=wrapped(right))
        return exp.Case(ifs=[exp.If(this=exp.and_(*small), true=result)])

    def later(self, value: Sql, hours: int, form: EdgeForm) -> Sql:
        if form == "day":
            return exp.Add(this=wrapped(value), expression=number(hours // 24))
        return exp.Add(this=wrapped(value), expression=verbatim(f"INTERVAL '{hours} hours'"))

    def months_later(self, value: Sql, months: int) -> Sql:
        return exp.Add(this=wrapped(value), expression=verbatim(f"INTERVAL '{months} months'"))

    def age(self, now: Sql, value: Sql, hours: int) -> Sql:
        elapsed = exp.Extract(this=verbatim("EPOCH"), expression=exp.Paren(this=exp.Sub(this=now, expression=value)))
        return self.cast(call("FLOOR", exp.Div(this=elapsed, expression=number(hours * 3600))), "whole")


class Spark(Dialect):
    """Spark 4, whose letters are those of ICU."""

    deepest = 45  # twice as many steps of its analyzer, which stops at 100
    name: ClassVar[DialectName] = "spark"
    composes_lists = True

    def stop(self, why: str) -> Sql:
        return call("RAISE_ERROR", why)

    types: ClassVar[dict[str, str]] = {
        **Dialect.types,
        "text": "STRING",
        "wall": "TIMESTAMP_NTZ",
        "instant": "TIMESTAMP_LTZ",
        "texts": "ARRAY<STRING>",
    }

    def composed(self, value: Sql) -> Sql:
        decomposed = call("REGEXP_LIKE", value, DECOMPOSED)
        return exp.Case(ifs=[exp.If(this=decomposed, true=self.nfc(value))], default=value)

    def nfc(self, value: Sql) -> Sql:
        """In composed form, by the library of Unicode that Spark brings."""
        return call("JAVA_METHOD", "com.ibm.icu.text.Normalizer", "compose", value, exp.false())

    def stripped(self, value: Sql) -> Sql:
        return call("BTRIM", value, self.white_space())

    def lower(self, value: Sql) -> Sql:
        return call("LOWER", call("REPLACE", value, "I", "i"))

    def plainly(self, value: Sql, otherwise: Sql) -> Sql:
        letters = exp.NEQ(this=call("OCTET_LENGTH", value), expression=call("CHAR_LENGTH", value))
        return _lowered(value, letters, call("RIGHT", value, 1), otherwise)

    def contains(self, value: Sql, wanted: str) -> Sql:
        return call("CONTAINS", value, wanted)

    def starts(self, value: Sql, wanted: str) -> Sql:
        return call("STARTSWITH", value, wanted)

    def ends(self, value: Sql, wanted: str) -> Sql:
        return call("ENDSWITH", value, wanted)

    def found(self, value: Sql, pattern: str) -> Sql:
        return call("REGEXP_LIKE", value, pattern)

    def after_last_at(self, value: Sql) -> Sql:
        return exp.Case(
            ifs=[exp.If(this=call("CONTAINS", value, "@"), true=call("SUBSTRING_INDEX", value, "@", verbatim("-1")))]
        )

    def each_of(self, value: Sql, change: Any) -> Sql:
        each = quoted("each")
        changed = call(
            "TRANSFORM", self.composed_each(value), exp.Lambda(this=change(exp.column(each)), expressions=[each])
        )
        return call("FILTER", changed, exp.Lambda(this=is_there(exp.column(each)), expressions=[each]))

    def composed_each(self, value: Sql) -> Sql:
        """A list whose entries are in composed form: as one text, for Java isn't called of each."""
        each, between = quoted("each"), "\ue000\ue001\ue000"
        decomposed = exp.Lambda(this=call("REGEXP_LIKE", exp.column(each), DECOMPOSED), expressions=[each])
        joined = call("SPLIT", self.nfc(call("ARRAY_JOIN", value, between)), between)
        return exp.Case(ifs=[exp.If(this=call("EXISTS", value, decomposed), true=joined)], default=value)

    def overlaps(self, value: Sql, how: str, wanted: tuple[str, ...]) -> Sql:
        listed = call("ARRAY", *wanted)
        if how == "any":
            return call("ARRAYS_OVERLAP", value, listed)
        left_over = call("ARRAY_EXCEPT", listed, value)  # SIZE says -1 of what is missing, unless ANSI is on
        return exp.EQ(this=call("ARRAY_SIZE", left_over), expression=number(0))

    def entries(self, texts: tuple[str, ...]) -> Sql:
        packed, between = self.packed(texts)
        assert isinstance(between, exp.Literal)
        return exp.select(exp.alias_(call("EXPLODE", call("SPLIT", packed, f"\\Q{between.this}\\E")), quoted("entry")))

    def divided(self, value: Sql, down: int) -> Sql:
        return exp.IntDiv(this=wrapped(value), expression=number(down))

    def wide(self, value: Sql) -> Sql:
        return self.decimal(value, 38, 0)

    def on_the_wall(self, value: Sql, zone: str) -> Sql:
        # TIMESTAMPADD took no such large numbers before 4.0
        since = exp.Mul(this=call("UNIX_MICROS", value), expression=verbatim("INTERVAL '0.000001' SECOND"))
        utc = exp.Add(this=self.cast(text("1970-01-01 00:00:00"), "wall"), expression=since)
        return utc if zone == "UTC" else call("CONVERT_TIMEZONE", "UTC", zone, utc)

    def instant_of(self, wall: Sql, zone: str) -> Sql:
        utc = wall if zone == "UTC" else call("CONVERT_TIMEZONE", zone, "UTC", wall)
        # by way of text, since everything else would ask the session's zone, TO_UTC_TIMESTAMP too
        return self.cast(call("CONCAT", self.cast(utc, "text"), "+00:00"), "instant")

    def later(self, value: Sql, hours: int, form: EdgeForm) -> Sql:
        if form == "day":
            return call("DATE_ADD", value, hours // 24)
        if form == "wall":
            return exp.Add(this=wrapped(value), expression=verbatim(f"INTERVAL '{hours}' HOUR"))
        # an interval would be added on the session's clock
        return call("TIMESTAMP_MICROS", exp.Add(this=call("UNIX_MICROS", value), expression=number(hours * MICROS)))

    def months_later(self, value: Sql, months: int) -> Sql:
        return exp.Add(this=wrapped(value), expression=verbatim(f"INTERVAL '{months}' MONTH"))

    def age(self, now: Sql, value: Sql, hours: int) -> Sql:
        elapsed = exp.Sub(this=call("UNIX_MICROS", now), expression=call("UNIX_MICROS", value))
        return exp.IntDiv(this=exp.Paren(this=elapsed), expression=number(hours * MICROS))

    def period(self, value: Sql, period: LimitPeriod) -> Sql:
        return call("TRUNC", value, period)


class Databricks(Spark):
    """Databricks SQL; texts must be in composed form, for which it has no function."""

    name = "databricks"
    longest = 255
    types: ClassVar[dict[str, str]] = {**Spark.types, "instant": "TIMESTAMP"}

    def composed(self, value: Sql) -> Sql:
        return value

    def composed_each(self, value: Sql) -> Sql:
        return value


class Snowflake(Dialect):
    """Snowflake; texts must be in composed form, for which it has no function."""

    name = "snowflake"
    narrow = False
    types: ClassVar[dict[str, str]] = {
        **Dialect.types,
        "text": "VARCHAR",
        "wall": "TIMESTAMP_NTZ",
        "instant": "TIMESTAMP_TZ",
        "texts": "ARRAY",
    }
    longest = 255

    def shown(self, name: str) -> str:
        return name.upper() if PLAIN_NAME.fullmatch(name) else name  # as it keeps what was never quoted

    def joined(self, parts: list[Sql], between: str) -> Sql:
        # CONCAT_WS is missing where a part is
        return call("ARRAY_TO_STRING", call("ARRAY_CONSTRUCT_COMPACT", *parts), between)

    def contains(self, value: Sql, wanted: str) -> Sql:
        return call("CONTAINS", value, wanted)

    def starts(self, value: Sql, wanted: str) -> Sql:
        return call("STARTSWITH", value, wanted)

    def ends(self, value: Sql, wanted: str) -> Sql:
        return call("ENDSWITH", value, wanted)

    def found(self, value: Sql, pattern: str) -> Sql:
        return exp.GT(this=call("REGEXP_INSTR", value, pattern), expression=number(0))

    def after_last_at(self, value: Sql) -> Sql:
        return exp.Case(
            ifs=[exp.If(this=call("CONTAINS", value, "@"), true=call("SPLIT_PART", value, "@", verbatim("-1")))]
        )

    def try_cast(self, value: Sql, kind: Kind) -> Sql:
        return self.cast(value, kind)

    def each_of(self, value: Sql, change: Any) -> Sql:
        each = exp.to_identifier("each")
        entry = self.cast(exp.column(each), "text")  # a null of JSON becomes one of SQL
        listed = self.cast(value, "texts")
        # a missing entry is no NULL there but undefined, which ARRAY_COMPACT takes out
        return call("ARRAY_COMPACT", call("TRANSFORM", listed, exp.Lambda(this=change(entry), expressions=[each])))

    def overlaps(self, value: Sql, how: str, wanted: tuple[str, ...]) -> Sql:
        listed = call("ARRAY_CONSTRUCT", *wanted)
        if how == "any":
            return call("ARRAYS_OVERLAP", value, listed)
        return exp.EQ(this=call("ARRAY_SIZE", call("ARRAY_EXCEPT", listed, value)), expression=number(0))

    def entries(self, texts: tuple[str, ...]) -> Sql:
        split = call("TABLE", call("SPLIT_TO_TABLE", *self.packed(texts)))
        return exp.select(exp.alias_(exp.column(quoted("VALUE")), quoted("entry"))).from_(split)

    def infinity(self, value: float) -> Sql:
        return self.cast(text("inf" if value > 0 else "-inf"), "double")

    def divided(self, value: Sql, down: int) -> Sql:
        return self.cast(exp.Div(this=wrapped(value), expression=number(down)), "whole")

    def on_the_wall(self, value: Sql, zone: str) -> Sql:
        return self.cast(call("CONVERT_TIMEZONE", zone, value), "wall")

    def instant_of(self, wall: Sql, zone: str) -> Sql:
        utc = wall if zone == "UTC" else call("CONVERT_TIMEZONE", zone, "UTC", wall)
        # counted from 1970, since a cast would ask the session's zone
        return call("TO_TIMESTAMP_TZ", call("DATE_PART", verbatim("EPOCH_MICROSECOND"), utc), 6)

    def literal(self, value: date) -> Sql:
        # with its format, since a session can set another for casts
        if not isinstance(value, datetime):
            return call("TO_DATE", value.isoformat(), "YYYY-MM-DD")
        written = value.replace(tzinfo=None).isoformat(sep=" ")
        form = "YYYY-MM-DD HH24:MI:SS" + (".FF6" if value.microsecond else "")
        if value.tzinfo is None:
            return call("TO_TIMESTAMP_NTZ", written, form)
        return call("TO_TIMESTAMP_TZ", f"{written} +00:00", f"{form} TZH:TZM")

    def period(self, value: Sql, period: LimitPeriod) -> Sql:
        if period != "week":
            return call("DATE_TRUNC", period, value)
        # DATE_TRUNC asks the session on which day a week begins
        back = exp.Sub(this=number(1), expression=call("DAYOFWEEKISO", value.copy()))
        return call("DATEADD", verbatim("DAY"), back, value)

    def later(self, value: Sql, hours: int, form: EdgeForm) -> Sql:
        if form == "day":
            return call("DATEADD", verbatim("DAY"), hours // 24, value)
        return call("DATEADD", verbatim("HOUR"), hours, value)

    def months_later(self, value: Sql, months: int) -> Sql:
        return call("DATEADD", verbatim("MONTH"), number(months), value)

    def age(self, now: Sql, value: Sql, hours: int) -> Sql:
        # counted from 1970, since DATEDIFF may go by each moment's own zone
        since = [call("DATE_PART", verbatim("EPOCH_MICROSECOND"), each) for each in (now, value)]
        elapsed, period = exp.Sub(this=since[0], expression=since[1]), number(hours * MICROS)
        # without its rest, since a quotient is rounded to six decimals
        whole = exp.Sub(this=elapsed, expression=call("MOD", elapsed.copy(), period))
        return self.cast(exp.Div(this=exp.Paren(this=whole), expression=period.copy()), "whole")

    def count_if(self, flag: Sql) -> Sql:
        return call("COUNT_IF", flag)


class BigQuery(Dialect):
    """BigQuery, whose arrays can't be missing: an empty one is taken for nothing chosen."""

    name = "bigquery"
    narrow = False
    longest = 300
    types: ClassVar[dict[str, str]] = {
        "text": "STRING", "flag": "BOOL", "whole": "INT64", "double": "FLOAT64", "day": "DATE", "wall": "DATETIME",
        "instant": "TIMESTAMP", "texts": "ARRAY<STRING>",
    }  # fmt: skip

    def shown(self, name: str) -> str:
        return NO_NAME.sub("_", name)

    def composed(self, value: Sql) -> Sql:
        return call("NORMALIZE", value, verbatim("NFC"))

    def joined(self, parts: list[Sql], between: str) -> Sql:
        return call("ARRAY_TO_STRING", exp.Array(expressions=parts), between)

    def found(self, value: Sql, pattern: str) -> Sql:
        return call("REGEXP_CONTAINS", value, pattern)

    def after_last_at(self, value: Sql) -> Sql:
        return call("REGEXP_EXTRACT", value, "@([^@]*)$")

    def decimal(self, value: Sql, digits: int, decimals: int) -> Sql:
        return self.cast(value, "NUMERIC" if decimals <= 9 and digits - decimals <= 29 else "BIGNUMERIC")

    def each_of(self, value: Sql, change: Any) -> Sql:
        each, kept = quoted("each"), exp.column(quoted("kept"))
        inner = exp.select(exp.alias_(change(exp.column(each)), quoted("kept"))).from_(
            exp.alias_(call("UNNEST", value), each)
        )
        rows = exp.select(kept).from_(inner.subquery(quoted("entries"))).where(is_there(kept.copy()))
        there = is_there(value.copy())
        return exp.Case(ifs=[exp.If(this=there, true=exp.Anonymous(this="ARRAY", expressions=[rows]))])

    def overlaps(self, value: Sql, how: str, wanted: tuple[str, ...]) -> Sql:
        each = quoted("each")
        listed = exp.In(this=exp.column(each), expressions=[text(entry) for entry in wanted])
        rows = exp.select(exp.Count(this=exp.Distinct(expressions=[exp.column(each)]))).from_(
            exp.alias_(call("UNNEST", value), each)).where(listed)  # fmt: skip
        enough = exp.GTE(this=rows.subquery(), expression=number(1 if how == "any" else len(wanted)))
        there = is_there(value.copy())
        return exp.Case(ifs=[exp.If(this=there, true=enough)])

    def entries(self, texts: tuple[str, ...]) -> Sql:
        split = exp.alias_(call("UNNEST", call("SPLIT", *self.packed(texts))), quoted("entry"))
        return exp.select(exp.column(quoted("entry"))).from_(split)

    def divided(self, value: Sql, down: int) -> Sql:
        return call("DIV", value, down)

    def reckoned(self, left: Sql, op: str, right: Sql) -> Sql:
        name = {"+": "SAFE_ADD", "-": "SAFE_SUBTRACT", "*": "SAFE_MULTIPLY", "/": "SAFE_DIVIDE"}[op]
        return call(name, left, right)

    def wide(self, value: Sql) -> Sql:
        return self.cast(value, "NUMERIC")

    def on_the_wall(self, value: Sql, zone: str) -> Sql:
        return call("DATETIME", value, zone)

    def instant_of(self, wall: Sql, zone: str) -> Sql:
        return call("TIMESTAMP", wall, zone)

    def later(self, value: Sql, hours: int, form: EdgeForm) -> Sql:
        # beyond the end of its calendar is an error: what is near it stays there
        if form == "day":
            if hours > 0:
                value = call("LEAST", value, self.literal(date.max - timedelta(hours=hours)))
            return call("DATE_ADD", value, verbatim(f"INTERVAL {hours // 24} DAY"))
        if hours > 0:
            last = datetime.max - timedelta(hours=hours)
            value = call("LEAST", value, self.literal(last.replace(tzinfo=UTC) if form == "instant" else last))
        name = "TIMESTAMP_ADD" if form == "instant" else "DATETIME_ADD"
        return call(name, value, verbatim(f"INTERVAL {hours} HOUR"))

    def months_later(self, value: Sql, months: int) -> Sql:
        return call("DATETIME_ADD", value, verbatim(f"INTERVAL {months} MONTH"))

    def age(self, now: Sql, value: Sql, hours: int) -> Sql:
        return call("DIV", call("TIMESTAMP_DIFF", now, value, verbatim("MICROSECOND")), hours * MICROS)

    def period(self, value: Sql, period: LimitPeriod) -> Sql:
        return call("DATE_TRUNC", value, verbatim("ISOWEEK" if period == "week" else period.upper()))

    def count_if(self, flag: Sql) -> Sql:
        return call("COUNTIF", flag)


DIALECTS: dict[str, type[Dialect]] = {
    each.name: each for each in (DuckDB, Postgres, Spark, Databricks, Snowflake, BigQuery)
}
