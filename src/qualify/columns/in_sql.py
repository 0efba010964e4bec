"""The steps as SQL: one query, a layer (CTE) for each kind of fact, names as in the definition.

What each dialect says of a primitive stands in `dialects`; here is the query around it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from qualify.columns.dialect import Dialect, Sql, is_there, quoted
from qualify.columns.expressions import Aggregate, Column, Constant, Expression, OneOf, Outermost, walk
from qualify.columns.plan import Plan
from qualify.columns.rules import CannotSay
from qualify.columns.sizes import largest
from qualify.columns.sql_reader import SqlReader
from qualify.engine.clock import Clock


@dataclass(frozen=True, slots=True)
class Tables:
    """Where leads and activities stand, and how the query is to come out.

    `keep` are the columns of the leads that come out beside what the definition says (then names of our own are told
    apart by a prefix); without them the lead's id comes out. `order` numbers the rows, so that they keep their order;
    `checked` stops at an activity without a lead or a moment, and at an id that two leads have.
    """

    leads: Sql
    activities: Sql | None = None
    lead_id: str | None = "id"
    keep: tuple[str, ...] | None = None
    order: bool = False
    checked: bool = False


SAYS = {
    "clock": "The one reading of the engine's clock, and every edge of time that hangs on it.",
    "fields": "What is known of each lead, as it is compared: texts without case and white space, nothing for blanks.",
    "happened": "The activities that anything asks for, up to as_of.",
    "counted": "What came of each lead's activities.",
    "leads_and_counts": "All leads, with what came of their activities; nothing happened is 0.",
    "cases": "Which cases of a tier hold.",
    "traits": "What each trait says: yes, no, or null where that is unknown.",
    "tiers": "Which case each tier is; null while more than one is possible.",
    "scores": "Each score at least and at most, in whole parts of a point.",
    "sides": "What each team says of each stage.",
    "stages": "How each stage stands.",
}
"""What the layers are; those that stand on earlier ones of their kind are called with a number."""
AGAIN = {"happened": "Which activities each question means, in turn."}

OWN = "qualify: "
ROW = OWN + "row"
MOST_PASTED = 1_000
"""Primitives of one column, where an engine pastes layers into each other."""


def renamed(query: Sql, dialect: Dialect, theirs: Collection[str], layers: Collection[str]) -> Sql:
    """The query with names that the dialect can have: not too long, of the characters that it takes, no two the same."""
    longest = dialect.longest
    if longest is None:
        return query
    for name in theirs:
        if len(name.encode()) > longest:
            raise CannotSay(
                f"'{name}' is longer than the {longest} bytes that a name has in {dialect.name}, which would cut it off: "
                "shorten what it is made of",
                code="no-columns",
            )
    shown = {name: dialect.shown(name) for name in theirs}
    taken = {name.lower() for name in shown.values()}
    for each in query.find_all(exp.Identifier):
        name = each.name
        if not each.args.get("quoted") or (isinstance(each.parent, exp.Table) and name not in layers):
            continue
        if name not in shown:
            found, number = dialect.shown(name), 1
            short = found
            while short.lower() in taken or len(short.encode()) > longest:
                number += 1
                end = f"_{number}"
                short = found.encode()[: longest - len(end)].decode(errors="ignore") + end
            shown[name] = short
            taken.add(short.lower())
        each.set("this", shown[name])
    return query


class Query:
    """Writes one query."""

    def __init__(self, plan: Plan, clock: Clock | None, dialect: Dialect, tables: Tables) -> None:
        self.plan, self.tables = plan, tables
        self.own = OWN if tables.keep is not None else ""
        self.sql = SqlReader(dialect, clock, plan.zone, self.own)
        self.layers: list[tuple[str, Sql]] = []
        self.weights: dict[str, int] = {}
        """How many primitives each column is, with those of the columns that it is made of."""
        self.apart: set[str] = set()
        """Layers that are reckoned once and kept, for what comes after would repeat too much of them."""
        self.names = {table.name: 1 for table in (tables.leads, tables.activities) if table is not None and table.name}

    def whole(self) -> Sql:
        """The query."""
        self.within_limits()
        before = self.read_fields()
        if self.tables.activities is not None and self.plan.passes:
            before = self.counted(self.once(before) if self.tables.checked else before)
        for layer in self.plan.layers:
            before = self.layer(layer.of, before, layer.columns)
        query = self.outcome(before)
        if clock := self.sql.clock_layer():
            self.layers.insert(0, clock)
        for at, (name, entries) in enumerate(self.plan.lists.items()):
            self.layers.insert(at, (self.list_name(name), self.sql.dialect.entries(entries)))
        for name, select in self.layers:
            query = query.with_(quoted(name), select, materialized=True if name in self.apart else None, copy=False)
        if self.own:  # an engine's own, which no person reads and no dialect is short of names for
            return query
        for layer in query.ctes:
            layer.this.add_comments([self.says(layer.alias)])
        return renamed(query, self.sql.dialect, self.theirs(), {name for name, _ in self.layers})

    def within_limits(self) -> None:
        """CannotSay where facts stand deeper on each other than the engine reads, or are more than it has columns."""
        plan, dialect = self.plan, self.sql.dialect
        instead = "ask Polars' or Arrow's frames, or use qualify_many"
        deep = len(plan.layers) + 4 * len(plan.passes)
        if plan.layers and deep > dialect.deepest:
            raise CannotSay(
                f"'{next(iter(plan.layers[-1].columns))}' stands on facts that stand on others, {deep} deep, and {dialect.name} "
                f"reads {dialect.deepest}: {instead}",
                code="no-columns",
            )
        passed = sum(len(each.found) for each in plan.passes)
        columns = len(plan.fields) + passed + sum(len(each.columns) for each in plan.layers)
        if dialect.widest is not None and max(columns, len(plan.outputs)) >= dialect.widest:
            raise CannotSay(
                f"'{plan.outputs[-1].name}' is the last of {columns} columns that the query needs, and {dialect.name} has at "
                f"most {dialect.widest} at once: {instead}",
                code="no-columns",
            )

    def theirs(self) -> set[str]:
        """The names of columns that aren't ours to change."""
        plan, tables = self.plan, self.tables
        read = [*plan.fields.values(), *plan.properties.values()]
        named = [tables.lead_id, plan.domain_from, "lead_id", "type", "at", *(each.column for each in read)]
        return {name for name in named if name} | {output.name for output in plan.outputs}

    def says(self, layer: str) -> str:
        """What a layer is, in words."""
        for at, name in enumerate(self.plan.lists):
            if layer == self.layers[at][0]:
                return f"The list {name}, an entry a row."
        name = layer.rpartition("_")[0]
        what = SAYS.get(layer) or SAYS[name]
        return what if layer in SAYS or layer == "happened" else AGAIN.get(name, what)

    # --- layers ---

    def named(self, name: str) -> str:
        """A name for a layer that no other has."""
        number = self.names[name] = self.names.get(name, 0) + 1
        return name if number == 1 else f"{name}_{number}"

    def add(self, name: str, select: Sql) -> str:
        """A layer of its own."""
        found = self.named(name)
        self.layers.append((found, select))
        return found

    def layer(self, name: str, before: str, columns: Mapping[str, Expression]) -> str:
        """Everything from before, and columns that are reckoned from it."""
        self.weigh(before, columns)
        select = self.beside(before, [*columns.values()])
        select = select.select(
            "*" if not self.joined else f"{quoted(before).sql('duckdb')}.*", dialect="duckdb", copy=False
        )
        return self.add(name, select.select(*self.aliased(columns), copy=False))

    def weigh(self, before: str, columns: Mapping[str, Expression]) -> None:
        """Keep the layer before apart where the engine would paste too much of it into what comes now."""
        if not self.sql.dialect.pastes:
            return
        found = {name: self.weight(value) for name, value in columns.items()}
        if max(found.values(), default=0) > MOST_PASTED:
            self.apart.add(before)
            self.weights.clear()
            found = {name: self.weight(value) for name, value in columns.items()}
        self.weights.update(found)

    def weight(self, value: Expression) -> int:
        """How many primitives a column is, with what is pasted into it."""
        return sum(self.weights.get(node.name, 1) if isinstance(node, Column) else 1 for node in walk(value))

    def beside(self, before: str, expressions: Iterable[Expression | Aggregate]) -> Any:
        """A query over a layer, joined with the long lists that its columns are looked for in."""
        select: Any = exp.select().from_(exp.Table(this=quoted(before)))
        self.joined = dict.fromkeys(
            (node.text.name, node.name)
            for each in expressions for node in walk(each)
            if isinstance(node, OneOf) and node.name is not None and isinstance(node.text, Column)
        )  # fmt: skip
        for column, name in self.joined:
            alias = self.sql.listed(column, name)
            on = exp.EQ(
                this=exp.column(quoted("entry"), quoted(alias)), expression=exp.column(quoted(self.own + column))
            )
            select = select.join(
                exp.alias_(exp.Table(this=quoted(self.list_name(name))), quoted(alias)),
                on=on,
                join_type="left",
                copy=False,
            )
        return select

    def list_name(self, name: str) -> str:
        """What the table of a long list is called."""
        return f"list {name}" if self.own else f"list_{name}"

    def aliased(self, columns: Mapping[str, Expression]) -> list[Sql]:
        """Columns under the names that they have here."""
        self.sql.sizes.update({name: largest(value, self.sql.sizes) for name, value in columns.items()})
        return [exp.alias_(self.sql.read(value), quoted(self.own + name)) for name, value in columns.items()]

    def read_fields(self) -> str:
        """The leads' fields, as they are compared."""
        sql, plan, tables = self.sql, self.plan, self.tables
        columns: list[Sql] = []
        if tables.keep is not None:
            columns.append(exp.Star())
            if tables.order:
                columns.append(exp.alias_(exp.maybe_parse("ROW_NUMBER() OVER ()"), quoted(ROW)))
        elif tables.lead_id is not None:
            columns.append(exp.alias_(exp.column(quoted(tables.lead_id)), quoted("lead_id")))
        for name, read in plan.fields.items():
            value = None if not read.column else sql.taken(exp.column(quoted(read.column)), read.stored)
            if name == "email_domain" and plan.domain_from is not None:
                domain = sql.domain(exp.column(quoted(plan.domain_from)))
                value = domain if value is None else exp.func("COALESCE", value, domain)
            assert value is not None
            columns.append(exp.alias_(value, quoted(self.own + name)))
        return self.add("fields", exp.select(*columns).from_(tables.leads))

    def once(self, leads: str) -> str:
        """The leads; an id that two of them have stops the query."""
        assert self.tables.lead_id is not None
        lead_id, place = exp.column(quoted(self.tables.lead_id)), quoted(self.own + "of its id")
        order = exp.Order(expressions=[exp.Ordered(this=lead_id.copy())])
        numbered = exp.Window(this=exp.RowNumber(), partition_by=[lead_id.copy()], order=order)
        leads = self.add("fields", exp.select("*", exp.alias_(numbered, place)).from_(exp.Table(this=quoted(leads))))
        again = exp.and_(exp.GT(this=exp.column(place), expression=exp.Literal.number(1)), is_there(lead_id.copy()))
        stop = self.sql.dialect.stop(
            f"two leads have one id ('{self.tables.lead_id}'): whose activities are they? Keep one row a lead"
        )
        checked = exp.Case(ifs=[exp.If(this=again, true=stop)], default=exp.true())
        return self.add("fields", exp.select("*").from_(exp.Table(this=quoted(leads))).where(checked))

    # --- activities ---

    def counted(self, leads: str) -> str:
        """What the passes over the activities find, joined to the leads."""
        happened = self.happened()
        lead_id = self.tables.lead_id if self.own else "lead_id"
        assert lead_id is not None
        already: set[str] = set()
        for each in self.plan.passes:
            carried = [name.removeprefix("lead ") for name in each.carried if name not in already]
            already.update(each.carried)
            if carried:
                mine, theirs = quoted(happened), quoted(leads)
                select = exp.select(exp.Column(this=exp.Star(), table=mine)).from_(exp.Table(this=mine))
                select = select.select(
                    *(
                        exp.alias_(exp.column(quoted(self.own + name), theirs), quoted(f"{self.own}lead {name}"))
                        for name in carried
                    )
                )
                on = exp.EQ(this=exp.column(quoted("lead_id"), mine), expression=exp.column(quoted(lead_id), theirs))
                happened = self.add("happened", select.join(exp.Table(this=theirs), on=on))
            happened = self.layer("happened", happened, each.flags)
            if each.placed:
                happened = self.layer("happened", happened, each.placed)
            if each.found:
                leads = self.joined_to(leads, self.grouped(happened, each.found), lead_id, each.found)
        return leads

    def happened(self) -> str:
        """The activities that are looked at, as they are compared."""
        sql, plan = self.sql, self.plan
        assert self.tables.activities is not None
        lead_id, at, kind = (exp.column(quoted(name)) for name in ("lead_id", "at", "type"))
        owner: Sql = lead_id
        if self.tables.checked:  # here too: joins take out what is missing before it is asked for
            owner = exp.alias_(exp.func("COALESCE", lead_id.copy(), self.unsaid("lead_id", "lead")), quoted("lead_id"))
        plain, stripped = sql.is_one_of(kind, plan.types), sql.dialect.stripped(kind)
        known_type = exp.Case(ifs=[exp.If(this=plain, true=kind)], default=stripped)
        columns = [
            owner, exp.alias_(known_type, quoted(self.own + "type")),
            exp.alias_(sql.instant(at, plan.at), quoted(self.own + "at")),
            *(exp.alias_(sql.taken(exp.column(quoted(name)), read.stored), quoted(self.own + name))
              for name, read in plan.properties.items()),
        ]  # fmt: skip
        # a CASE: DuckDB would strip all types for an OR
        known = exp.Case(
            ifs=[exp.If(this=plain.copy(), true=exp.true())], default=sql.is_one_of(stripped.copy(), plan.types)
        )
        past = exp.LTE(this=sql.instant(at, plan.at), expression=sql.now())
        wanted = exp.and_(known, past)
        if self.tables.checked:
            ifs = [exp.If(this=exp.Is(this=lead_id.copy(), expression=exp.null()), true=self.unsaid("lead_id", "lead")),
                   exp.If(this=exp.Is(this=at.copy(), expression=exp.null()), true=self.unsaid("at", "moment"))]  # fmt: skip
            wanted = exp.Case(ifs=ifs, default=wanted)
        return self.add("happened", exp.select(*columns).from_(self.tables.activities).where(wanted))

    def unsaid(self, name: str, what: str) -> Sql:
        """What stops the query at an activity without a lead or a moment."""
        return self.sql.dialect.stop(f"an activity has no {what} ('{name}'): leave it out, or say which")

    def grouped(self, happened: str, found: Mapping[str, Aggregate]) -> str:
        """One row a lead."""
        select = self.beside(happened, found.values())
        columns = [exp.alias_(self.sql.aggregated(of), quoted(self.own + name)) for name, of in found.items()]
        lead = exp.column(quoted("lead_id"))
        return self.add("counted", select.select(lead, *columns).group_by(lead))

    def joined_to(self, leads: str, counted: str, lead_id: str, found: Mapping[str, Aggregate]) -> str:
        """The leads with what was found; of a lead with no activities all counts are 0."""
        mine, theirs = quoted(leads), quoted(counted)
        columns: list[Sql] = [exp.Column(this=exp.Star(), table=mine)]
        for name, of in found.items():
            value: Sql = exp.column(quoted(self.own + name), theirs)
            if not isinstance(of, Outermost):
                value = exp.func("COALESCE", value, exp.Literal.number(0))
            columns.append(exp.alias_(value, quoted(self.own + name)))
        on = exp.EQ(this=exp.column(quoted(lead_id), mine), expression=exp.column(quoted("lead_id"), theirs))
        joined = exp.select(*columns).from_(exp.Table(this=mine)).join(exp.Table(this=theirs), on=on, join_type="left")
        return self.add("leads_and_counts", joined)

    # --- what comes out ---

    def outcome(self, before: str) -> Any:
        """The last query: the columns that come out."""
        plan, keep = self.plan, self.tables.keep
        columns: list[Sql] = []
        if keep is not None:
            columns += [exp.column(quoted(name)) for name in keep]
        elif self.tables.lead_id is not None:
            columns.append(exp.column(quoted("lead_id")))
        self.weigh(before, {each.name: each.value for each in plan.outputs})
        select = self.beside(before, [each.value for each in plan.outputs])
        all_in = plan.left_out == Constant(False)
        for output in plan.outputs:
            value = self.sql.read(output.value)
            if not all_in:
                inside = exp.Not(this=self.sql.surely(plan.left_out))
                value = exp.Case(ifs=[exp.If(this=inside, true=value)])
            columns.append(exp.alias_(self.sql.typed(value, output.kind), quoted(output.name)))
        select = select.select(*columns, copy=False)
        return select.order_by(exp.column(quoted(ROW))) if self.tables.order else select
