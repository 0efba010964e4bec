"""What frames and SQL cost: the library's translation against expressions and queries that are written by hand.

    python benchmarks/columns.py            1,000,000 leads, 5 interleaved repeats (processor time, medians of ratios)
    python benchmarks/columns.py --spark    Spark: the same SQL given to it by hand (wall time)
    python benchmarks/columns.py --growth   100,000, 1,000,000 and 10,000,000 leads from Parquet, and the memory they take
    python benchmarks/columns.py --small    20,000 leads, 2 repeats: to see that it works

The definition has 20 traits; its outputs are the same by hand, unknowns and intervals included, which is checked. Two
queries by hand stand for DuckDB: one that only lowers letters, which is enough for these leads, and one that compares
texts as the language does. The ten signals are over twenty activities a lead.
"""

from __future__ import annotations

import argparse
import gc
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

import by_hand_columns
import by_hand_signals
import duckdb
import polars as pl
from workload import AS_OF, leads, raw_definition

import qualify

HERE = Path(__file__).resolve().parent
SIZES = (100_000, 1_000_000, 10_000_000)
ACTIVITIES = 20
NAMES = {"polars": "Polars", "duckdb": "DuckDB"}


def many_leads(number: int) -> pl.DataFrame:
    """As many leads, drawn from twenty thousand different ones."""
    base = pl.DataFrame(leads(min(number, 20_000)), infer_schema_length=None)
    rows = pl.Series(range(number)).hash(7) % len(base)
    return base[rows].with_columns(id=pl.format("{}", pl.int_range(number)))


def many_activities(number: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """As many leads with twenty activities each."""
    ids = pl.DataFrame({"id": pl.Series(range(number)).cast(pl.String)})
    people = ids.with_columns(email=pl.when(pl.int_range(number) % 9 > 0).then(pl.format("a{}@firm.example", "id")))
    rows = pl.Series(range(number * ACTIVITIES))

    def pick(pool: tuple[str | None, ...], seed: int) -> pl.Series:
        return pl.Series(pool, dtype=pl.String)[rows.hash(seed) % len(pool)]

    seconds = (rows.hash(1) % (400 * 86_400)).cast(pl.Int64)
    kinds = pick(by_hand_signals.KINDS, 2)
    happened = pl.DataFrame(
        {"lead_id": ids["id"][rows.hash(3) % number], "type": kinds, "ago": seconds,
         "page": pick(by_hand_signals.PAGES, 4), "campaign": pick(by_hand_signals.CAMPAIGNS, 5)}
    ).select(
        "lead_id", "type", (pl.lit(AS_OF) - pl.duration(seconds="ago")).dt.cast_time_unit("us").alias("at"),
        pl.when(pl.col("type") == "page_view").then("page").alias("page"),
        pl.when(pl.col("type").str.starts_with("email")).then("campaign").alias("campaign"),
    )  # fmt: skip
    return people, happened


def same(one: pl.DataFrame, other: pl.DataFrame, names: tuple[str, ...]) -> None:
    """Stop where two tables differ."""
    for name in names:
        a, b = (each[name].cast(pl.String).fill_null("unknown") for each in (one, other))
        if not (a == b).all():
            sys.exit(f"'{name}' differs in {int((a != b).sum())} of {len(a)} leads: the comparison would say nothing")


def ratios(
    works: dict[str, Callable[[], object]], beside: dict[str, str], repeats: int, clock: Callable[[], float]
) -> None:
    """Each work, interleaved; then how often as long each takes as what it stands beside."""
    took: dict[str, list[float]] = {name: [] for name in works}
    for repeat in range(repeats + 1):
        for name, work in works.items():
            gc.collect()
            begin = clock()
            work()
            if repeat:  # the first time warms up
                took[name].append(clock() - begin)
    for name, listed in took.items():
        print(f"  {name}: {median(listed):.3f} s")
    for name, other in beside.items():
        print(
            f"  {name}, against {other}: {median(a / b for a, b in zip(took[name], took[other], strict=True)):.2f} times"
        )


def of_leads(number: int, repeats: int, *, explain: bool) -> None:
    """Polars and DuckDB over leads alone."""
    frame, definition = many_leads(number), qualify.define(**raw_definition())
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    outputs = by_hand_columns.OUTPUTS + (by_hand_columns.TRAITS if explain else ())
    columns = ", ".join(frame.columns)
    with tempfile.TemporaryDirectory() as folder:
        frame.write_parquet(f"{folder}/leads.parquet")
        con.execute("CREATE TABLE leads AS SELECT * FROM frame")
        con.execute(f"CREATE VIEW filed AS SELECT * FROM '{folder}/leads.parquet'")

        def by_hand(table: str, *, folding: bool) -> str:
            return by_hand_columns.in_sql(table, explain=explain, folding=folding).format(columns=columns)

        def ours(table: str) -> Any:
            return definition.qualify_frame(con.table(table), as_of=AS_OF, explain=explain).select(
                *frame.columns, *outputs
            )

        def made(query: str) -> Callable[[], object]:
            return lambda: con.execute(f"CREATE OR REPLACE TEMP TABLE made AS {query}")

        def kept(relation: Any) -> Callable[[], object]:
            return lambda: con.execute("CREATE OR REPLACE TEMP TABLE made AS SELECT * FROM relation") and relation

        expected = by_hand_columns.in_polars(frame.lazy(), explain=explain).collect()
        same(expected, definition.qualify_frame(frame, as_of=AS_OF, explain=explain), outputs)
        same(expected, ours("leads").pl(), outputs)
        same(expected, con.sql(by_hand("leads", folding=True)).pl(), outputs)
        works: dict[str, Callable[[], object]] = {
            "Polars by hand": lambda: by_hand_columns.in_polars(frame.lazy(), explain=explain).collect(),
            "Polars": lambda: definition.qualify_frame(frame, as_of=AS_OF, explain=explain).select(*frame.columns, *outputs),
            "lazy Polars": lambda: definition.qualify_frame(frame.lazy(), as_of=AS_OF, explain=explain)
            .select(*frame.columns, *outputs).collect(),
        }  # fmt: skip
        beside = {"Polars": "Polars by hand", "lazy Polars": "Polars by hand"}
        for table, name in (("leads", "DuckDB"), ("filed", "DuckDB over Parquet")):
            works |= {
                f"{name}, letters lowered by hand": made(by_hand(table, folding=False)),
                f"{name}, folded by hand": made(by_hand(table, folding=True)), name: kept(ours(table)),
            }  # fmt: skip
            beside |= {name: f"{name}, folded by hand"}
        if explain:  # an eager frame gets reasons too, which nothing by hand has
            works.pop("Polars")
            beside.pop("Polars")
        print(f"{number:,} leads, 20 traits{', all of them put out' if explain else ''}")
        ratios(works, beside, repeats, process_time)
        relation = ours("leads")
        ratios(
            {"DuckDB": kept(relation), "lowered": made(by_hand("leads", folding=False))},
            {"DuckDB": "lowered"},
            repeats,
            process_time,
        )


def of_one_by_one(number: int) -> None:
    """How much faster than lead by lead."""
    definition, listed = qualify.define(**raw_definition()), leads(min(number, 50_000))
    frame = many_leads(number)

    def seconds(work: Callable[[], object]) -> float:
        begin = process_time()
        work()
        return process_time() - begin

    def one_by_one() -> None:
        for verdict in definition.qualify_many(listed, as_of=AS_OF):
            _ = verdict.stage

    one_by_one()
    single = median(seconds(one_by_one) for _ in range(3)) / len(listed)
    many = median(seconds(lambda: definition.qualify_frame(frame, as_of=AS_OF)) for _ in range(3)) / number
    print(
        f"lead by lead {single * 1e6:.2f} µs a lead, in Polars {many * 1e6:.2f} µs of processor time: {single / many:.1f} times"
    )


def of_signals(number: int, repeats: int) -> None:
    """Ten signals over twenty activities a lead."""
    people, happened = many_activities(number)
    definition = qualify.define(**by_hand_signals.raw_definition())
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    con.execute("CREATE TABLE leads AS SELECT * FROM people")
    con.execute("CREATE TABLE activities AS SELECT * FROM happened")
    query, folded = by_hand_signals.in_sql(), by_hand_signals.in_sql(folding=True)
    relation = definition.qualify_frame(con.table("leads"), con.table("activities"), as_of=AS_OF)
    expected = con.sql(query).pl().sort("id")
    names = ("stage", "mql_state", "mql_marketing", "engagement_at_least", "engagement_at_most")
    same(expected, relation.pl().sort("id"), names)
    same(expected, definition.qualify_frame(people, happened, as_of=AS_OF).sort("id"), names)
    print(f"{number:,} leads with {ACTIVITIES} activities each, 10 signals")
    text = definition.to_sql("duckdb", activities="activities", as_of=AS_OF)
    ratios(
        {
            "DuckDB by hand, letters lowered": lambda: con.execute(f"CREATE OR REPLACE TEMP TABLE made AS {query}"),
            "DuckDB by hand": lambda: con.execute(f"CREATE OR REPLACE TEMP TABLE made AS {folded}"),
            "DuckDB": lambda: con.execute("CREATE OR REPLACE TEMP TABLE made AS SELECT * FROM relation") and relation,
            "its text": lambda: con.execute(f"CREATE OR REPLACE TEMP TABLE made AS {text}"),
            "Polars": lambda: definition.qualify_frame(people, happened, as_of=AS_OF),
        },
        {"DuckDB": "DuckDB by hand", "its text": "DuckDB by hand", "Polars": "DuckDB by hand"}, repeats, process_time,
    )  # fmt: skip


def of_spark(number: int, repeats: int) -> None:
    """Spark's frame against the same SQL given to Spark by hand, and against a query that is written by hand."""
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC").config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1").getOrCreate()
    )  # fmt: skip
    session.sparkContext.setLogLevel("ERROR")
    definition = qualify.define(**raw_definition())
    with tempfile.TemporaryDirectory() as folder:
        many_leads(number).write_parquet(f"{folder}/leads.parquet")
        frame = session.read.parquet(f"{folder}/leads.parquet")
        frame.createOrReplaceTempView("leads")
        names = ", ".join(by_hand_columns.OUTPUTS)
        whole = ("employees", "annual_revenue", "page_views", "emails_opened", "emails_clicked", "forms_submitted")
        types = {"email": "none", **dict.fromkeys(whole, "integer")}
        text = definition.to_sql("spark", as_of=AS_OF, types=types)
        by_hand = by_hand_columns.in_sql("leads", explain=False, dialect="spark", folding=True).format(columns="id")

        def written(made: Any) -> Callable[[], object]:
            return lambda: made().write.format("noop").mode("overwrite").save()

        print(f"{number:,} leads in Spark, local[2]")
        ratios(
            {
                "the same SQL given by hand": written(lambda: session.sql(text)),
                "the frame": written(lambda: definition.qualify_frame(frame, as_of=AS_OF).selectExpr("id", *names.split(", "))),
                "SQL by hand": written(lambda: session.sql(by_hand)),
            },
            {"the frame": "the same SQL given by hand", "the same SQL given by hand": "SQL by hand"}, repeats, perf_counter,
        )  # fmt: skip
    session.stop()


GROWN = """
import sys, time
from pathlib import Path
sys.path.insert(0, {here!r})
import qualify
from workload import AS_OF, raw_definition
definition = qualify.define(**raw_definition())
begin = time.perf_counter()
if {engine!r} == "polars":
    import polars as pl
    definition.qualify_frame(pl.scan_parquet({source!r}), as_of=AS_OF).sink_parquet({target!r})
else:
    import duckdb
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    con.execute("SET enable_progress_bar = false")
    found = definition.qualify_frame(con.read_parquet({source!r}), as_of=AS_OF)
    con.execute("COPY (SELECT * FROM found) TO '{target}' (FORMAT parquet)")
said = Path("/proc/self/status").read_text()  # its own peak: what `getrusage` tells includes its parent's
peak = int(said.split("VmHWM:")[1].split()[0]) / 1024
print(time.perf_counter() - begin, peak)
"""


def of_growth(plot: Path | None) -> None:
    """What more and more leads cost, Parquet in and out, each in a process of its own."""
    found: dict[str, list[tuple[int, float, float]]] = {"polars": [], "duckdb": []}
    with tempfile.TemporaryDirectory() as folder:
        for number in SIZES:
            source = f"{folder}/leads.parquet"
            written = 0
            parts = []
            while written < number:  # a part at a time, so that making them takes no memory
                part = f"{folder}/part{len(parts)}.parquet"
                many_leads(min(1_000_000, number - written)).write_parquet(part)
                written += min(1_000_000, number - written)
                parts.append(part)
            pl.scan_parquet(parts).sink_parquet(source)
            for engine, listed in found.items():
                code = GROWN.format(here=str(HERE), engine=engine, source=source, target=f"{folder}/judged.parquet")
                said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
                seconds, peak = map(float, said.split())
                listed.append((number, seconds, peak))
                micros = seconds / number * 1e6
                print(f"{engine}: {number:,} leads in {seconds:.2f} s, {micros:.2f} µs a lead, at most {peak:.0f} MiB")
    if plot is not None:
        plot.write_text(drawn(found), encoding="utf-8")


def drawn(found: dict[str, list[tuple[int, float, float]]]) -> str:
    """Seconds over leads, both in powers of ten: linear growth is a slope of one."""
    from math import log10

    def at(number: float, seconds: float) -> tuple[float, float]:
        return 90 + (log10(number) - 5) * 220, 250 - (log10(seconds) + 1) * 70

    lines, colours = [], {"polars": "#2563a8", "duckdb": "#b3541e"}
    for engine, listed in found.items():
        points = [at(number, seconds) for number, seconds, _ in listed]
        joined = " ".join(f"{x:.0f},{y:.0f}" for x, y in points)
        lines.append(f'<polyline points="{joined}" fill="none" stroke="{colours[engine]}" stroke-width="2"/>')
        lines += [f'<circle cx="{x:.0f}" cy="{y:.0f}" r="3" fill="{colours[engine]}"/>' for x, y in points]
        x, y = points[-1]
        above = 16 if engine == "polars" else -8
        lines.append(
            f'<text x="{x - 6:.0f}" y="{y + above:.0f}" text-anchor="end" fill="{colours[engine]}">{NAMES[engine]}</text>'
        )
    for number in SIZES:
        x, _ = at(number, 0.1)
        lines.append(f'<text x="{x:.0f}" y="285" text-anchor="middle">{number:,}</text>')
    for seconds in (0.1, 1, 10):
        _, y = at(SIZES[0], seconds)
        lines.append(f'<line x1="80" y1="{y:.0f}" x2="540" y2="{y:.0f}" stroke="#ddd"/>')
        lines.append(f'<text x="70" y="{y + 4:.0f}" text-anchor="end">{seconds:g} s</text>')
    body = "\n".join(lines)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 560 310" font-family="sans-serif" font-size="12">\n'
        '<rect width="560" height="310" fill="white"/>\n'
        f'{body}\n<text x="310" y="304" text-anchor="middle">leads, from Parquet to Parquet</text>\n</svg>\n'
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", action="store_true", help="to see that it works")
    parser.add_argument("--spark", action="store_true", help="Spark alone")
    parser.add_argument("--growth", action="store_true", help="only growth and memory")
    parser.add_argument("--plot", type=Path, help="where to draw the growth (SVG)")
    arguments = parser.parse_args()
    if arguments.growth:
        of_growth(arguments.plot)
        return
    if arguments.spark:
        of_spark(1_000_000, 5)
        return
    number, repeats = (20_000, 2) if arguments.small else (1_000_000, 5)
    of_leads(number, repeats, explain=False)
    if not arguments.small:
        of_leads(number, repeats, explain=True)
    of_one_by_one(number)
    of_signals(number // 10, repeats)


if __name__ == "__main__":
    main()
