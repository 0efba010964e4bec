"""Primitives as SQL: what each is in a dialect's words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from math import inf
from typing import assert_never

from sqlglot import exp

from qualify.columns.dialect import Dialect, Sql, call, is_there, number, quoted, text, verbatim, wrapped
from qualify.columns.expressions import (
    NANOSECONDS,
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
    Stored,
    TenThousandths,
    Times,
    ToDouble,
    Total,
)
from qualify.columns.patterns import patterns_of
from qualify.columns.rules import CannotSay
from qualify.columns.sizes import fits
from qualify.engine.clock import Clock, length
from qualify.engine.compile import reckoned
from qualify.engine.source import EdgeForm, EdgeKey
from qualify.rules.tree import CompareOp

_OPPOSITE: dict[CompareOp, CompareOp] = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_COMPARED: dict[str, type[exp.Binary]] = {
    "==": exp.EQ, "!=": exp.NEQ, "<": exp.LT, "<=": exp.LTE, ">": exp.GT, ">=": exp.GTE,
}  # fmt: skip


class SqlReader:
    """Reads primitives as one dialect's expressions; without a clock of ours, `as_of` is the engine's."""

    def __init__(self, dialect: Dialect, clock: Clock | None, zone: str, own: str) -> None:
        self.dialect, self.clock, self.zone, self.own = dialect, clock, zone, own
        self.edges: dict[tuple[EdgeKey, EdgeForm], str] = {}
        self.sizes: dict[str, int] = {}
        """How large the columns can get that are made of literals."""

    # --- what comes in ---

    def folded(self, value: Sql, *, composed: bool = False) -> Sql:
        """A text as it is compared: in composed form, without white space at its ends, without case; missing where blank."""
        whole = value if composed else self.dialect.composed(value)
        found: Sql = exp.func("NULLIF", self.dialect.stripped(whole), text(""))
        found = self.dialect.lower(call("REPLACE", found, "İ", "i"))  # of `ẞ` it makes `ß`
        for letter, plain in (("ß", "ss"), ("ς", "σ")):
            found = call("REPLACE", found, letter, plain)
        return self.dialect.plainly(value, found)

    def domain(self, email: Sql) -> Sql:
        """What follows the last `@` of an e-mail address, folded."""
        return self.folded(self.dialect.after_last_at(email))

    def taken(self, value: Sql, stored: Stored) -> Sql:
        """A column as it is compared."""
        match stored.kind:
            case "text":
                return self.folded(value)
            case "double":
                return self.dialect.finite(self.dialect.cast(value, "double"))
            case "number":
                return self.dialect.finite(value, self.dialect.cast(value, "double"))
            case "whole":
                return self.dialect.cast(value, "whole")
            case "texts":
                return self.dialect.each_of(value, lambda each: self.folded(each, composed=self.dialect.composes_lists))
            case "instant" | "wall":
                return self.moment(value, stored)
            case "day":
                return self.dialect.cast(value, "day")
            case _:
                return value

    def moment(self, value: Sql, stored: Stored) -> Sql:
        """A moment to the microsecond: what is finer is cut off."""
        if stored.digits == NANOSECONDS:
            return self.dialect.cut_off(value, stored.kind)
        return self.dialect.cast(value, stored.kind)

    def instant(self, at: Sql, stored: Stored) -> Sql:
        """An activity's moment; one without a zone is read in the definition's, which only UTC makes sure of."""
        if stored.kind == "instant":
            return self.moment(at, stored)
        if self.zone != "UTC":
            raise CannotSay(
                f"the activities' 'at' has no zone, and what the clock in {self.zone} shows twice or never is read otherwise "
                f"by {self.dialect.name}: make it a moment with a zone, in a view that says how such times were meant",
                code="no-columns",
            )
        return self.dialect.instant_of(self.moment(at, stored), "UTC")

    def now(self) -> Sql:
        """`as_of`."""
        return self.edge(("now", None), "instant")

    def typed(self, value: Sql, kind: Kind) -> Sql:
        """What comes out, in the type that it always has: a whole number can be kept in several."""
        return self.dialect.cast(value, kind) if kind == "whole" else value

    def surely(self, flag: Expression) -> Sql:
        """Whether a flag says yes, as a condition that is never unknown."""
        return exp.func("COALESCE", self.read(flag), exp.false())

    def is_one_of(self, value: Sql, texts: Iterable[str]) -> Sql:
        """A text that is one of these."""
        listed = [text(each) for each in texts]
        return exp.EQ(this=value, expression=listed[0]) if len(listed) == 1 else exp.In(this=value, expressions=listed)

    def listed(self, column: str, name: str) -> str:
        """What the list is called where it stands beside a column."""
        return f"{column} in {name}"

    # --- time that is the engine's ---

    def edge(self, key: EdgeKey, form: EdgeForm) -> Sql:
        """An edge of a window: a constant, or from the one reading of the engine's clock."""
        if self.clock is not None:
            return self.dialect.literal(reckoned(self.clock, key, form))
        name = f"{key[0] if key[1] is None else f'{key[0]} {key[1]}'} {form}"
        self.edges[key, form] = name
        return exp.select(exp.column(quoted(name))).from_(exp.Table(this=quoted("clock"))).subquery()

    def clock_layer(self) -> tuple[str, Sql] | None:
        """The one reading of the engine's clock, and all edges from it."""
        if not self.edges:
            return None
        dialect, now = self.dialect, exp.column(quoted("now"))
        columns = [exp.alias_(self._reckoned(key, form, now), quoted(name)) for (key, form), name in self.edges.items()]
        once = exp.select(exp.alias_(dialect.cast(verbatim("CURRENT_TIMESTAMP"), "instant"), quoted("now")))
        return "clock", exp.select(*columns).from_(once.subquery(quoted("once")))

    def _reckoned(self, key: EdgeKey, form: EdgeForm, now: Sql) -> Sql:
        dialect, (way, span) = self.dialect, key
        wall = dialect.on_the_wall(now.copy(), self.zone)
        sign = -1 if way == "back" else 1
        if span is None:
            return now if form == "instant" else wall if form == "wall" else dialect.cast(wall, "day")
        elapsed = length(span)
        if form == "day":
            day = dialect.cast(wall, "day")
            if elapsed is not None:
                return dialect.later(day, sign * int(elapsed.total_seconds() // 3600), "day")
            months = sign * span.number * (12 if span.unit == "year" else 1)
            return dialect.cast(dialect.months_later(dialect.cast(day, "wall"), months), "day")
        if elapsed is not None:
            instant = dialect.later(now.copy(), sign * int(elapsed.total_seconds() // 3600), "instant")
        else:
            months = sign * span.number * (12 if span.unit == "year" else 1)
            instant = dialect.instant_of(dialect.months_later(wall, months), self.zone)
        return instant if form == "instant" else dialect.on_the_wall(instant, self.zone)

    # --- expressions ---

    def column(self, name: str) -> Sql:
        """A column of ours, or the lead that an activity belongs to."""
        return exp.column(quoted(name if name == "lead_id" else self.own + name))

    def read(self, of: Expression) -> Sql:
        """A primitive as the dialect says it."""
        dialect, read = self.dialect, self.read
        match of:
            case Column(name):
                return self.column(name)
            case Nothing(kind):
                return dialect.cast(exp.null(), "double" if kind in ("number", "decimal") else kind)
            case Constant(value):
                return self.constant(value)
            case Exact(value, beside):
                if beside.kind == "number":
                    return number(value) if abs(value.adjusted()) < 30 else dialect.cast(text(str(value)), "double")
                return dialect.decimal(text(format(value, "f")), beside.digits, beside.decimals)
            case Edge(key, form):
                return self.edge(key, form)
            case Compare(left, op, right):
                return _COMPARED[op](this=wrapped(read(left)), expression=wrapped(read(right)))
            case OneOf(part, texts, name):
                if name is None or not isinstance(part, Column):
                    return self.is_one_of(read(part), texts)
                entry = exp.column(quoted("entry"), quoted(self.listed(part.name, name)))
                return exp.Case(ifs=[exp.If(this=is_there(read(part)), true=is_there(entry))])
            case Matches(part, how, texts):
                test = {"contains": dialect.contains, "starts with": dialect.starts, "ends with": dialect.ends}[how]
                return _either([test(read(part), each) for each in texts])
            case Mentions(part, phrases):
                return _either([dialect.found(read(part), pattern) for pattern in patterns_of(phrases)])
            case Overlaps(part, how, wanted):
                return dialect.overlaps(read(part), how, wanted)
            case IsNull(part):
                return exp.Is(this=wrapped(read(part)), expression=exp.null())
            case And(parts):
                return exp.and_(*(read(part) for part in parts), copy=False)
            case Or(parts):
                return _either([read(part) for part in parts])
            case Not(IsNull(part)):
                return is_there(read(part))
            case Not(Compare(left, op, right)):
                return read(Compare(left, _OPPOSITE[op], right))
            case Not(OneOf(_, _, None) as part):
                found = read(part)
                if isinstance(found, exp.EQ):
                    return exp.NEQ(this=found.this, expression=found.expression)
                return exp.Not(this=found)
            case Not(part):
                return exp.Not(this=wrapped(read(part)))
            case Case(branches, otherwise):
                default = None if isinstance(otherwise, Nothing) else read(otherwise)
                if all(isinstance(value, Nothing) for _, value in branches) and default is None:
                    return read(otherwise)
                ifs = [
                    exp.If(this=read(condition), true=exp.null() if isinstance(value, Nothing) else read(value))
                    for condition, value in branches
                ]
                return exp.Case(ifs=ifs, default=default)
            case Joined(parts, between):
                return dialect.joined([read(part) for part in parts], between) if parts else text("")
            case Added(parts):
                first, *rest = (read(part) for part in parts)
                first = first if fits(of, self.sizes) else dialect.roomy(first)
                for each in rest:
                    first = exp.Add(this=first, expression=wrapped(each))
                return first
            case Times(part, up, down):
                whole = read(part) if fits(of, self.sizes) else dialect.roomy(read(part))
                whole = whole if down == 1 else dialect.divided(whole, down)
                return whole if up == 1 else exp.Mul(this=wrapped(whole), expression=number(up))
            case Extreme(which, parts):
                return exp.Anonymous(this=which.upper(), expressions=[read(part) for part in parts])
            case Arithmetic(left, op, right, open):
                return self.arithmetic(left, op, right, open)
            case ToDouble(part, count):
                double = dialect.cast(read(part), "double")
                return double if count == 1 else exp.Div(this=double, expression=dialect.cast(number(count), "double"))
            case Rounded(part, way):
                return dialect.try_cast(call("FLOOR" if way == "down" else "CEIL", read(part)), "whole")
            case TenThousandths(part, stored):
                return self.ten_thousandths(part, stored)
            case OnTheWall(part, zone):
                return dialect.on_the_wall(read(part), zone)
            case Day(part):
                return dialect.cast(read(part), "day")
            case Midnight(part):
                return dialect.cast(read(part), "wall")
            case Later(part, hours, form):
                return dialect.later(read(part), hours, form)
            case PeriodOf(part, period):
                return dialect.period(read(part), period)
            case Age(part, hours):
                return dialect.age(self.now(), read(part), hours)
            case Place(at, alike):
                together = [self.column("lead_id"), *(read(each) for each in alike)]
                order = exp.Order(expressions=[exp.Ordered(this=read(at), desc=True)])
                return exp.Window(this=exp.RowNumber(), partition_by=together, order=order)
            case _:
                assert_never(of)

    def constant(self, value: bool | str | int | float | date | datetime) -> Sql:
        """A literal."""
        match value:
            case bool():
                return exp.true() if value else exp.false()
            case str():
                return text(value)
            case int():
                return number(value)
            case float():
                if value in (inf, -inf):
                    return self.dialect.infinity(value)
                exact = Decimal(repr(value))
                if exact == exact.to_integral_value() and abs(value) < 2**53:
                    return self.dialect.cast(number(int(value)), "double") if value == 0 else number(int(value))
                return self.dialect.cast(text(repr(value)), "double")
            case _:
                return self.dialect.literal(value)

    def arithmetic(self, left: Expression, op: str, right: Expression, open_: bool) -> Sql:
        """In doubles; what isn't finite is missing, but for what was open before."""
        dialect, read = self.dialect, self.read
        result = dialect.reckoned(self._double(left), op, self._double(right))
        if not open_:
            return result
        node = {"+": exp.Add, "-": exp.Sub, "*": exp.Mul, "/": exp.Div}[op]
        endless = _either([
            exp.In(this=read(each), expressions=[dialect.infinity(inf), dialect.infinity(-inf)]) for each in (left, right)
        ])  # fmt: skip
        ifs = []
        if op == "*":
            nought = _either([exp.EQ(this=wrapped(read(each)), expression=number(0)) for each in (left, right)])
            ifs.append(exp.If(this=exp.and_(endless.copy(), nought), true=self.constant(0.0)))
        ifs.append(exp.If(this=endless, true=node(this=wrapped(read(left)), expression=wrapped(read(right)))))
        return exp.Case(ifs=ifs, default=result)

    def _double(self, of: Expression) -> Sql:
        found = self.read(of)
        return self.dialect.cast(found, "double") if isinstance(of, Constant) else found

    def ten_thousandths(self, part: Expression, stored: Stored) -> Sql:
        """An amount as a whole number of ten-thousandths."""
        dialect, read = self.dialect, self.read
        small = exp.and_(  # not by ABS, which the least whole number has none of
            exp.LT(this=wrapped(read(part)), expression=number(10**12)),
            exp.GT(this=wrapped(read(part)), expression=number(-(10**12))),
        )
        if stored.kind in ("double", "number"):
            known = stored.kind == "double"
            by = self._double(Constant(10000.0)) if known else number(10000)
            half = dialect.cast(text("0.5"), "double") if known else dialect.decimal(text("0.5"), 2, 1)
            scaled: Sql = call("FLOOR", exp.Add(this=exp.Mul(this=read(part), expression=by), expression=half))
        else:
            scaled = exp.Mul(this=wrapped(read(part)), expression=number(10000))
        return exp.Case(ifs=[exp.If(this=small, true=dialect.wide(dialect.cast(scaled, "whole")))])

    # --- of a lead's activities ---

    def aggregated(self, of: Aggregate) -> Sql:
        """What is asked of a lead's activities together."""
        read, dialect = self.read, self.dialect
        match of:
            case Number(flag, sure):
                said = read(flag)
                return dialect.count_if(said if sure else exp.Is(this=wrapped(said), expression=exp.null()))
            case Different(value, flag, sure):
                kept = read(flag) if sure else exp.func("COALESCE", read(flag), exp.true())
                each = exp.Case(ifs=[exp.If(this=kept, true=read(value))])
                return exp.Count(this=exp.Distinct(expressions=[each]))
            case Total(value, flag, wide):
                total = exp.Sum(this=exp.Case(ifs=[exp.If(this=read(flag), true=read(value))], default=number(0)))
                return total if wide else dialect.cast(total, "whole")
            case Outermost(which, value, flag):
                each = exp.Case(ifs=[exp.If(this=read(flag), true=read(value))])
                return exp.Min(this=each) if which == "first" else exp.Max(this=each)
            case _:
                assert_never(of)


def _either(parts: list[Sql]) -> Sql:
    return parts[0] if len(parts) == 1 else exp.Paren(this=exp.or_(*parts, copy=False))
