"""Which leads come out alike: an engine says of many what their outcomes hang on, and Python judges one of each kind.

So whatever is told of a lead is told by the same code, whoever told the leads apart. What a column can't hold exactly
(a number beyond its range, a moment without a zone among those with one) is told too: such leads are to be judged one
by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from importlib.util import find_spec
from math import isfinite
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from qualify.columns.expressions import Constant, Expression, Nothing, Stored
from qualify.columns.expressions import Kind as ColumnKind
from qualify.columns.facts import FactReader
from qualify.columns.frames import Job
from qualify.columns.needs import needs_of
from qualify.columns.plan import Output, Plan
from qualify.columns.rules import CannotSay
from qualify.columns.sources import Sources
from qualify.definition.model import Model, Trait
from qualify.engine.clock import Clock
from qualify.errors import MissingExtra
from qualify.vocabulary import FieldType

if TYPE_CHECKING:
    import pyarrow as pa

EngineName: TypeAlias = Literal["polars", "duckdb", "spark"]
EXACT_IN_DOUBLES, LARGEST_WHOLE, DIGITS = 2**53, 2**63, 38
PACKAGES: Mapping[EngineName, tuple[tuple[str, str, str], ...]] = {
    "polars": (("polars", "Polars", "frames"), ("pyarrow", "pyarrow", "frames")),
    "duckdb": (("duckdb", "DuckDB", "sql"), ("sqlglot", "SQLGlot", "sql"), ("pyarrow", "pyarrow", "frames")),
    "spark": (("pyspark", "PySpark", "sql"), ("sqlglot", "SQLGlot", "sql"), ("pyarrow", "pyarrow", "frames")),
}
LEAD, AT_ONCE = "id", 50_000


def lacking(engine: EngineName) -> MissingExtra | None:
    """The error for a package that the engine needs and that isn't there."""
    for module, name, extra in PACKAGES[engine]:
        if find_spec(module) is None:
            return MissingExtra(f"the engine {engine}", name, extra)
    return None


@dataclass(frozen=True, slots=True)
class Column:
    """Values as a column holds them, and where it can't."""

    stored: Stored
    values: Sequence[object]
    odd: frozenset[int]


_PLAIN: Mapping[FieldType, tuple[Stored, type]] = {
    "text": (Stored("text"), str), "boolean": (Stored("flag"), bool), "date": (Stored("day"), date),
    "list": (Stored("texts"), tuple),
}  # fmt: skip


def column_of(kind: FieldType, values: Sequence[Any]) -> Column:
    """The column that holds most of these values.

    >>> column_of("number", [1, None, 2.5]).stored.kind, sorted(column_of("text", ["a", 7]).odd)
    ('double', [1])
    """
    if kind == "number":
        return _numbers(values)
    if kind == "datetime":
        return _moments(values)
    stored, its = _PLAIN[kind]
    odd = set[int]()
    if not set(map(type, values)) <= {its, type(None)}:
        odd = {at for at, value in enumerate(values) if value is not None and type(value) is not its}
    if kind == "list":
        odd |= {at for at, value in enumerate(values) if at not in odd and value and not set(map(type, value)) <= {str}}
    if kind in ("text", "list"):
        odd |= _halves(values, odd)
    return _without(stored, values, odd)


def _halves(values: Sequence[Any], odd: set[int]) -> set[int]:
    """Where half a pair of surrogates stands, which no column holds; mostly nowhere, which is known at once."""
    fine = [value for at, value in enumerate(values) if value and at not in odd] if odd else [*filter(None, values)]
    if _encodes("".join(value if isinstance(value, str) else "".join(value) for value in fine)):
        return set()
    return {at for at, value in enumerate(values) if at not in odd and value is not None and not _encodes(value)}


def _encodes(value: str | tuple[str, ...]) -> bool:
    try:
        (value if isinstance(value, str) else "".join(value)).encode()
    except UnicodeEncodeError:  # half of a pair
        return False
    return True


def _without(stored: Stored, values: Sequence[Any], odd: set[int]) -> Column:
    if odd:
        values = [None if at in odd else value for at, value in enumerate(values)]
    return Column(stored, values, frozenset(odd))


def _numbers(values: Sequence[Any]) -> Column:
    types = set(map(type, values)) - {type(None)}
    if types <= {int}:
        odd = {at for at, each in enumerate(values) if each is not None and not -LARGEST_WHOLE <= each < LARGEST_WHOLE}
        return _without(Stored("whole"), values, odd)
    if types <= {int, float}:
        odd = {at for at, each in enumerate(values) if each is not None and not _in_doubles(each)}
        return _without(Stored("double"), [None if each is None else each * 1.0 if at not in odd else None
                                           for at, each in enumerate(values)], odd)  # fmt: skip
    whole, decimals, odd = 1, 0, set[int]()
    for at, each in enumerate(values):
        if type(each) is Decimal and each.is_finite():
            exponent = each.as_tuple().exponent
            assert isinstance(exponent, int)
            size = (max(whole, each.adjusted() + 1), max(decimals, -exponent))
        elif type(each) is int and abs(each) < 10**18:
            size = (max(whole, len(str(abs(each)))), decimals)
        elif each is None:
            continue
        else:
            size = (DIGITS, DIGITS)
        if sum(size) > DIGITS:
            odd.add(at)
        else:
            whole, decimals = size
    exact = [None if each is None or at in odd else Decimal(each) for at, each in enumerate(values)]
    return Column(Stored("decimal", DIGITS, decimals), exact, frozenset(odd))


def _in_doubles(value: object) -> bool:
    if type(value) is float:
        return isfinite(value)
    return type(value) is int and -EXACT_IN_DOUBLES <= value <= EXACT_IN_DOUBLES


def _moments(values: Sequence[Any]) -> Column:
    instants = {at for at, each in enumerate(values) if type(each) is datetime and each.tzinfo is not None}
    walls = {at for at, each in enumerate(values) if type(each) is datetime and each.tzinfo is None}
    others = {at for at, each in enumerate(values) if each is not None} - instants - walls
    if len(walls) > len(instants):
        return _without(Stored("wall"), values, others | instants)
    return _without(Stored("instant"), values, others | walls)


def table_of(columns: Mapping[str, Column]) -> pa.Table:
    """Columns as a table of Arrow's."""
    import pyarrow as pa

    types = {
        "text": pa.string(), "flag": pa.bool_(), "whole": pa.int64(), "double": pa.float64(), "day": pa.date32(),
        "wall": pa.timestamp("us"), "instant": pa.timestamp("us", "UTC"), "texts": pa.list_(pa.string()),
    }  # fmt: skip
    arrays = {
        name: pa.array(
            each.values, types.get(each.stored.kind) or pa.decimal128(DIGITS, each.stored.decimals), from_pandas=False
        )
        for name, each in columns.items()
    }
    return pa.table(arrays)


def fits_at_sight(kind: FieldType, values: Sequence[Any]) -> bool:
    """Whether all values are of a type that needs no second look, in a column that nothing hangs on."""
    return set(map(type, values)) <= _AT_SIGHT[kind]


_NONE = type(None)
_AT_SIGHT: Mapping[FieldType, set[type]] = {
    "text": {str, _NONE}, "number": {int, _NONE}, "boolean": {bool, _NONE}, "date": {date, _NONE},
    "datetime": {datetime, _NONE}, "list": {_NONE},
}  # fmt: skip


class _Reader(FactReader):
    """Reads a definition, and keeps what is asked where an answer is assumed: Python tells the two apart."""

    def __init__(self, model: Model, sources: Sources, clock: Clock) -> None:
        super().__init__(model, sources, clock, shadow=True)
        self.asked: list[Expression] = []

    def trait(self, trait: Trait) -> Expression:
        """The answer of its rule."""
        answer = super().trait(trait)
        if trait.when_unknown is not None:
            self.asked.append(self.kept("cases", f"asked of {len(self.asked)}", self.rule(trait.when)))
        return answer


def plan_of_outcomes(model: Model, sources: Sources, clock: Clock) -> Plan:
    """The steps to all that a lead's outcomes hang on; nobody is left out."""
    reader = _Reader(model, sources, clock)
    plan = reader.plan(explain=True)
    said = [each for each in plan.outputs if each.of != "score"]
    found: list[tuple[Expression, ColumnKind]] = []
    found += [(each, "flag") for each in reader.asked]
    found += [(each, "flag") for tier in reader.tiers.values() for each in tier.rules]
    for score in reader.scores.values():
        ends = (score.ends.low, score.ends.high)
        found += [(each, "whole") for each in ends if not isinstance(each, float | Fraction)]
    said += [Output("", value, kind, "trait", "", "") for value, kind in found]
    outputs = tuple(
        replace(each, name=f"{KEY}{at}")
        for at, each in enumerate(said)
        if not isinstance(each.value, Constant | Nothing)
    )
    return replace(plan, left_out=Constant(False), outputs=outputs)


KEY = "qualify key "
Kind: TypeAlias = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Alike:
    """Leads that come out alike: what they have in common, their places, and the states of the stages, for a check."""

    kind: Kind
    places: list[int]
    states: Mapping[str, str]


class Outcomes:
    """Tells leads apart by one engine. FrameError or CannotSay where columns can't say what the definition asks."""

    def __init__(self, model: Model, clock: Clock, engine: EngineName, *, activities: bool) -> None:
        if (error := lacking(engine)) is not None:
            raise error
        self.model, self.clock, self.engine = model, clock, engine
        self.needs = needs_of(model, activities=activities, explain=True)
        self.counts = activities and self.needs.activities
        self.plans: dict[tuple[Any, ...], Plan] = {}
        self.told: dict[str, Stored] | None = None
        self.happened: pa.Table | None = None
        if activities:
            self.take(Happened(self.needs.properties))
        fields = {name: each.type for name, each in model.declared_fields.items() if name in self.needs.fields}
        self._plan({name: column_of(kind, ()).stored for name, kind in fields.items()})

    @property
    def fields(self) -> frozenset[str]:
        """The fields that anything hangs on."""
        more = {"email"} if "email_domain" in self.needs.fields else set()
        return frozenset({*self.needs.fields, *more})

    def take(self, happened: Happened) -> None:
        """All that happened, which is known before the leads are."""
        self.told, self.happened = happened.whole()

    def _plan(self, stored: Mapping[str, Stored]) -> Plan:
        told = None if self.told is None else dict(self.told)
        key = (*sorted((name, each.kind, each.decimals) for name, each in stored.items()), repr(told))
        if key not in self.plans:
            self.plans[key] = plan_of_outcomes(self.model, Sources(dict(stored), told), self.clock)
        return self.plans[key]

    def alike(self, ids: Sequence[str | None], fields: Mapping[str, Column]) -> Iterator[Alike]:
        """Kinds of leads, each with its leads' places; of leads without columns there is one kind."""
        import pyarrow as pa

        stored = {name: each.stored for name, each in fields.items()}
        plan = self._plan(stored)
        leads = table_of(fields).append_column(ROW_COLUMN, pa.array(range(len(ids)), pa.int64()))
        if self.counts:
            leads = leads.append_column(LEAD, pa.array(ids, pa.string()))
        names = [each.name for each in plan.outputs]
        if not names:
            yield Alike((), [*range(len(ids))], {})
            return
        found = self._asked(leads, self.happened if self.counts else None, plan)
        grouped = found.group_by(names, use_threads=False).aggregate([(ROW_COLUMN, "list")])
        places = grouped.column(f"{ROW_COLUMN}_list").to_pylist()
        kinds = zip(*(grouped.column(name).to_pylist() for name in names), strict=True)
        states = [(each.fact, at) for at, each in enumerate(plan.outputs) if each.of == "state"]
        kept = tuple(sorted((name, each.kind, each.decimals) for name, each in stored.items()))
        for kind, rows in zip(kinds, places, strict=True):
            yield Alike((kept, *kind), sorted(rows), {name: kind[at] for name, at in states})

    def _asked(self, leads: pa.Table, activities: pa.Table | None, plan: Plan) -> pa.Table:
        names = [ROW_COLUMN, *(each.name for each in plan.outputs)]
        found: pa.Table
        match self.engine:
            case "polars":
                import polars as pl

                from qualify.columns.in_polars import judged

                frame = pl.from_arrow(leads)
                told = None if activities is None else pl.from_arrow(activities)
                assert isinstance(frame, pl.DataFrame)
                if isinstance(told, pl.DataFrame):
                    told = told.filter(pl.col("lead_id").is_in(frame[LEAD].implode()))
                happened = told.lazy() if isinstance(told, pl.DataFrame) else None
                found = judged(frame.lazy(), happened, plan, self.clock, LEAD).select(names).collect().to_arrow()
            case "duckdb":
                import duckdb

                from qualify.columns import duckdb_frames

                with duckdb.connect() as connection:
                    relation = connection.from_arrow(leads)
                    job = Job(self.model, self.clock, True, "", {})
                    query = duckdb_frames.judged(relation, activities, job, plan, keep=[ROW_COLUMN])
                    found = query.to_arrow_table().select(names)
            case "spark":
                found = _by_spark(leads, activities, plan, self.clock).select(names)
        return _small(found)


ROW_COLUMN = "qualify row"


def _by_spark(leads: pa.Table, activities: pa.Table | None, plan: Plan, clock: Clock) -> pa.Table:
    """Spark's answer, by the session that is there, or one on this machine."""
    from pyspark.sql import SparkSession
    from sqlglot import exp

    from qualify.columns.dialect import quoted
    from qualify.columns.dialects import Spark
    from qualify.columns.in_sql import Query, Tables

    session = SparkSession.builder.getOrCreate()
    views = {"leads": leads} | ({} if activities is None else {"activities": activities})
    for name, table in views.items():
        session.createDataFrame(table).createOrReplaceTempView(f"qualify_{name}")
    told = None if activities is None else exp.Table(this=quoted("qualify_activities"))
    tables = Tables(exp.Table(this=quoted("qualify_leads")), told, LEAD, keep=(ROW_COLUMN,))
    try:
        return session.sql(Query(plan, clock, Spark(), tables).whole().sql(dialect="spark")).toArrow()
    finally:
        for name in views:
            session.catalog.dropTempView(f"qualify_{name}")


def _small(table: pa.Table) -> pa.Table:
    """Texts as groups can be made of."""
    import pyarrow as pa

    fields = [
        pa.field(each.name, each.type if _is_plain(each.type) else pa.string(), nullable=True) for each in table.schema
    ]
    return table.cast(pa.schema(fields))


def _is_plain(kind: pa.DataType) -> bool:
    import pyarrow as pa

    return pa.types.is_boolean(kind) or pa.types.is_integer(kind)  # type: ignore[no-any-return]


class Happened:
    """Activities as columns, kept small while they come; and the leads of whom one can't stand in a column."""

    def __init__(self, properties: Mapping[str, FieldType]) -> None:
        self.types: Mapping[str, FieldType] = {"lead_id": "text", "type": "text", "at": "datetime", **properties}
        self.odd: set[str] = set()
        self._rows: list[tuple[object, ...]] = []
        self._parts: list[dict[str, Column]] = []
        self._tables: list[pa.Table] = []

    def add(self, lead_id: str, kind: str, at: datetime, said: Mapping[str, object]) -> None:
        """One more; its moment is an instant."""
        self._rows.append((lead_id, kind, at, *(said.get(name) for name in (*self.types,)[3:])))
        if len(self._rows) >= AT_ONCE:
            self._put()

    def _put(self) -> None:
        lists = zip(*self._rows, strict=True) if self._rows else [()] * len(self.types)
        part = {name: _small_wholes(column_of(kind, values))
                for (name, kind), values in zip(self.types.items(), lists, strict=True)}  # fmt: skip
        self.odd.update(str(self._rows[at][0]) for each in part.values() for at in each.odd)
        self._tables.append(table_of(part))
        self._parts.append({name: replace(each, values=()) for name, each in part.items()})
        self._rows.clear()

    def whole(self) -> tuple[dict[str, Stored], pa.Table]:
        """How all are stored, and the table. CannotSay where numbers of one property have no common column."""
        import pyarrow as pa

        self._put()
        stored: dict[str, Stored] = {}
        for name in self.types:
            kinds = {part[name].stored.kind: part[name].stored for part in self._parts}
            decimals = max(part[name].stored.decimals for part in self._parts)
            if {"decimal", "double"} <= kinds.keys():
                raise CannotSay(
                    f"'{name}' holds decimals and floats, which no column holds exactly together", code="no-columns"
                )
            wide = next((kind for kind in ("decimal", "double") if kind in kinds), next(iter(kinds)))
            stored[name] = replace(kinds[wide], decimals=decimals) if wide == "decimal" else kinds[wide]
        schema = table_of({name: Column(each, (), frozenset()) for name, each in stored.items()}).schema
        return stored, pa.concat_tables([each.cast(schema) for each in self._tables])


def _small_wholes(column: Column) -> Column:
    """Whole numbers that a double or a decimal of the next activities can hold too."""
    if column.stored.kind != "whole":
        return column
    values = column.values
    odd = {at for at, each in enumerate(values) if each is not None and not _in_doubles(each)}
    return _without(column.stored, values, odd | column.odd)


__all__ = ["Column", "EngineName", "Happened", "Outcomes", "column_of", "fits_at_sight", "lacking", "table_of"]
