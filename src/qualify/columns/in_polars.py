"""The steps in Polars, lazily, so that Polars may plan the whole of it; what each primitive is stands in `polars_reader`."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from qualify.columns.expressions import (
    Aggregate,
    Column,
    Constant,
    Expression,
    IsNull,
    Matches,
    Mentions,
    OneOf,
    Outermost,
    parts_of,
)
from qualify.columns.plan import Plan
from qualify.columns.polars_reader import OWN, PolarsReader
from qualify.columns.polars_texts import cleaned, domains
from qualify.engine.clock import Clock

if TYPE_CHECKING:
    import polars as pl


def judged(
    leads: pl.LazyFrame, activities: pl.LazyFrame | None, plan: Plan, clock: Clock, lead_id: str | None
) -> pl.LazyFrame:
    """The leads with what comes out beside their own columns, lazily, in their order."""
    import polars as pl

    polars = Steps(clock, plan.zone)
    columns = leads.collect_schema().names()
    found = leads.with_columns(polars.fields(plan))
    if activities is not None and plan.passes:
        assert lead_id is not None
        found = polars.counted(found, activities, plan, lead_id)
    for layer in plan.layers:
        found = found.with_columns(polars.read(value).alias(OWN + name) for name, value in layer.columns.items())
    left_out = polars.read(plan.left_out)
    all_in = plan.left_out == Constant(False)
    outputs = []
    for output in plan.outputs:
        value = polars.read(output.value)
        if not all_in:
            value = pl.when(left_out).then(None).otherwise(value)
        outputs.append(value.cast(polars.dtype(output.kind)).alias(output.name))
    return found.select(*columns, *outputs)


class Steps(PolarsReader):
    """Carries the steps out."""

    # --- what comes in ---

    def fields(self, plan: Plan) -> list[pl.Expr]:
        """The leads' fields, as they are compared."""
        pl = self.pl
        found = []
        values: list[Expression | Aggregate] = [each for layer in plan.layers for each in layer.columns.values()]
        values += [plan.left_out, *(output.value for output in plan.outputs)]
        texts = {name for name, read in plan.fields.items() if read.stored.kind == "text"}
        tests = asked_of_texts(values, texts - carried(plan))
        for name, read in plan.fields.items():
            value: Any = pl.col(read.column) if read.column else None
            if name == "email_domain" and plan.domain_from is not None:
                domain = pl.col(plan.domain_from).cast(pl.String).map_batches(domains, pl.String, is_elementwise=True)
                value = domain if value is None else pl.coalesce(self.cleaned(value), domain)
            if name in tests:
                found.append(self.answered(value, name, tests[name]))
            else:
                found.append(self.taken(value, read).alias(OWN + name))
        return found

    # --- activities ---

    def counted(self, leads: pl.LazyFrame, activities: pl.LazyFrame, plan: Plan, lead_id: str) -> pl.LazyFrame:
        """The leads with what the passes over their activities found."""
        pl = self.pl
        now = pl.lit(self.clock.as_of, dtype=pl.Datetime("us", "UTC"))
        of_leads, self.asked = self.asked, {}
        texts = {name for name, read in plan.properties.items() if read.stored.kind == "text"}
        flags: list[Expression | Aggregate] = [flag for each in plan.passes for flag in each.flags.values()]
        tests = asked_of_texts(flags, texts)
        happened = (
            activities.select(
                pl.col("lead_id"), self.cleaned(pl.col("type")).alias(OWN + "type"), self.instants(activities).alias(OWN + "at"),
                *(self.answered(pl.col(name), name, tests[name]) if name in tests
                  else self.taken(pl.col(name), read).alias(OWN + name) for name, read in plan.properties.items()),
            )
            .filter(pl.col(OWN + "type").is_in(list(plan.types)), pl.col(OWN + "at") <= now)
        )  # fmt: skip
        for each in plan.passes:
            if each.carried:
                names = [name.removeprefix("lead ") for name in each.carried]
                carried = leads.select(
                    pl.col(lead_id).alias("lead_id"), *(pl.col(OWN + name).alias(f"{OWN}lead {name}") for name in names)
                )
                happened = happened.join(carried, on="lead_id", how="inner")
            happened = happened.with_columns(self.read(flag).alias(OWN + name) for name, flag in each.flags.items())
            if each.placed:
                happened = happened.with_columns(
                    self.read(place).alias(OWN + name) for name, place in each.placed.items()
                )
            if not each.found:
                continue
            found = happened.group_by("lead_id").agg(
                self.aggregated(aggregate).alias(OWN + name) for name, aggregate in each.found.items()
            )
            leads = leads.join(found, left_on=lead_id, right_on="lead_id", how="left", maintain_order="left")
            none = [OWN + name for name, aggregate in each.found.items() if not isinstance(aggregate, Outermost)]
            leads = leads.with_columns(pl.col(name).fill_null(0) for name in none)
        self.asked = of_leads
        return leads

    def cleaned(self, value: pl.Expr) -> Any:
        """A text in composed form, without white space at its ends."""
        pl = self.pl
        return value.cast(pl.String).map_batches(cleaned, pl.String, is_elementwise=True)

    def instants(self, activities: pl.LazyFrame) -> Any:
        """The activities' moments as instants; a naive one is read in the zone, the first of two."""
        pl = self.pl
        stored, at = activities.collect_schema()["at"], pl.col("at")
        if getattr(stored, "time_zone", None) is not None:
            return at.dt.convert_time_zone("UTC").cast(pl.Datetime("us", "UTC"))
        wall = at.cast(pl.Datetime("us"))
        if self.zone == "UTC":
            return wall.dt.replace_time_zone("UTC")

        def read(of: Any) -> Any:
            zoned = of.dt.replace_time_zone(self.zone, ambiguous="earliest", non_existent="null")
            return zoned.dt.convert_time_zone("UTC")

        gap = timedelta(hours=3)  # a time that the clock skipped is read with the offset before it did
        return pl.coalesce(read(wall), read(wall - gap) + gap)


def asked_of_texts(values: Iterable[Expression | Aggregate], names: Collection[str]) -> dict[str, list[Expression]]:
    """For each of these texts all tests that ask something of it alone, and itself where anything else reads it."""
    found: dict[str, dict[Expression, None]] = {}
    rest = list(values)
    while rest:
        node = rest.pop()
        match node:
            case OneOf(Column(name)) | Matches(Column(name)) | Mentions(Column(name)) | IsNull(Column(name)) if (
                name in names
            ):
                found.setdefault(name, {})[node] = None
            case Column(name) if name in names:
                found.setdefault(name, {})[node] = None
            case _:
                rest += parts_of(node)
    return {name: list(tests) for name, tests in found.items()}


def carried(plan: Plan) -> set[str]:
    """The fields that are carried to the leads' activities."""
    return {name.removeprefix("lead ") for each in plan.passes for name in each.carried}
