"""Which leads come out alike: an engine says of many what their outcomes hang on, and Python judges one of each kind.

So whatever is told of a lead is told by the same code, whoever told the leads apart. What a column can't hold exactly
(a number beyond its range, a moment without a zone among those with one) is told too: such leads are to be judged one
by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from qualify.columns.expressions import Constant, Expression, Nothing, Stored
from qualify.columns.expressions import Kind as ColumnKind
from qualify.columns.facts import FactReader
from qualify.columns.frames import Job
from qualify.columns.holding import Column, Happened, column_of, table_of
from qualify.columns.needs import needs_of
from qualify.columns.plan import Output, Plan
from qualify.columns.sources import Sources
from qualify.definition.model import Model, Trait
from qualify.engine.clock import Clock
from qualify.errors import MissingExtra

if TYPE_CHECKING:
    import pyarrow as pa

EngineName: TypeAlias = Literal["polars", "duckdb", "spark"]
PACKAGES: Mapping[EngineName, tuple[tuple[str, str, str], ...]] = {
    "polars": (("polars", "Polars", "frames"), ("pyarrow", "pyarrow", "frames")),
    "duckdb": (("duckdb", "DuckDB", "duckdb"), ("sqlglot", "SQLGlot", "duckdb"), ("pyarrow", "pyarrow", "duckdb")),
    "spark": (("pyspark", "PySpark", "spark"), ("sqlglot", "SQLGlot", "spark"), ("pyarrow", "pyarrow", "spark")),
}
LEAD = "id"


def lacking(engine: EngineName) -> MissingExtra | None:
    """The error for a package that the engine needs and that isn't there."""
    for module, name, extra in PACKAGES[engine]:
        if find_spec(module) is None:
            return MissingExtra(f"the engine {engine}", name, extra)
    return None


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
    said = [each for each in plan.outputs if each.of not in ("score", "reason")]
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
        rows = pa.array(range(len(ids)), pa.int64())  # a table without columns has no rows
        leads = table_of(fields).append_column(ROW_COLUMN, rows) if fields else pa.table({ROW_COLUMN: rows})
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
        for kind, alike in zip(kinds, places, strict=True):
            yield Alike((kept, *kind), sorted(alike), {name: kind[at] for name, at in states})

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


__all__ = ["Alike", "EngineName", "Outcomes", "lacking"]
