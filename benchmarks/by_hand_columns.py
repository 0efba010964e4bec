"""What an engineer would write by hand for the workload's definition: Polars expressions, and SQL for DuckDB and Spark.

Both give the outcomes that the library gives, unknowns and intervals included. Texts are compared in lower case and no
more: that is enough for the workload's data, and less than the language asks for.
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl
from workload import AS_OF, POINTS

FOLDED = "replace(replace(lower(replace(trim({}), 'İ', 'i')), 'ß', 'ss'), 'ς', 'σ')"
RECENT = AS_OF - timedelta(days=30)
TITLES = r"(?:^|\W)(?:owner|director|vp|head\W+of)(?:$|\W)"


def traits() -> list[list[pl.Expr]]:
    """The twenty traits, in two layers."""
    c = pl.col
    industry, title = c("industry").str.to_lowercase(), c("job_title").str.to_lowercase()
    first = [
        industry.is_in(["printing", "packaging", "publishing"]).alias("serves_print"),
        industry.is_in(["banking", "insurance"]).alias("regulated"),
        (c("employees") >= 500).alias("large"),
        ((c("employees") >= 50) & (c("employees") <= 499)).alias("mid"),
        (c("annual_revenue") >= 10_000_000).alias("rich"),
        title.str.contains(TITLES).alias("decision_maker"),
        c("department").str.to_lowercase().is_in(["engineering", "it", "research"]).alias("technical"),
        c("seniority").str.to_lowercase().is_in(["executive", "director"]).alias("senior"),
        c("country").str.to_lowercase().is_in(["us", "ca"]).alias("domestic"),
        c("country").str.to_lowercase().is_in(["kp", "ir"]).alias("embargoed"),
        (c("source").str.to_lowercase() == "referral").alias("from_referral"),
        (c("page_views") >= 10).alias("active"),
        (c("emails_opened") >= 3).alias("opens_mail"),
        (c("emails_clicked") >= 1).alias("clicks"),
        (c("forms_submitted") >= 1).alias("asked"),
        ((c("last_activity_at") >= RECENT) & (c("last_activity_at") <= AS_OF)).alias("recent"),
        c("opted_out").alias("no_mail"),
        c("email_domain").str.to_lowercase().is_in(["rival.com", "other.com"]).alias("competitor"),
        c("budget_confirmed").alias("has_budget"),
    ]
    second = [(c("active") & (c("opens_mail") | c("clicks")) & ~c("no_mail")).alias("engaged")]
    return [first, second]


def in_polars(leads: pl.LazyFrame, *, explain: bool) -> pl.LazyFrame:
    """Stage, states, sides, score, and (asked for) the traits."""
    c = pl.col
    columns = leads.collect_schema().names()
    found = leads
    for layer in traits():
        found = found.with_columns(layer)
    least = pl.sum_horizontal(pl.when(c(name)).then(points).otherwise(0) for name, points in POINTS.items())
    most = pl.sum_horizontal(pl.when(~c(name)).then(0).otherwise(points) for name, points in POINTS.items())
    found = found.with_columns(
        pl.min_horizontal(least, 100).cast(pl.Int64).alias("fit_at_least"),
        pl.min_horizontal(most, 100).cast(pl.Int64).alias("fit_at_most"),
    )
    fit = pl.when(c("fit_at_least") >= 40).then(True).when(c("fit_at_most") < 40).then(False)
    yes = sum(c(name).fill_null(False).cast(pl.Int8) for name in ("has_budget", "decision_maker", "large"))
    can = sum(c(name).fill_null(True).cast(pl.Int8) for name in ("has_budget", "decision_maker", "large"))
    found = found.with_columns(
        (c("serves_print") & fit).alias("mql_marketing"),
        (c("asked") | c("engaged")).alias("sql_marketing"),
        pl.when(yes >= 2).then(True).when(can < 2).then(False).alias("sql_sales"),
    )
    barred = c("no_mail") | c("competitor") | c("embargoed")
    found = found.with_columns(
        pl.when(barred).then(pl.lit("disqualified"))
        .when(~c("mql_marketing")).then(pl.lit("not_yet"))
        .when(c("mql_marketing") & ~barred).then(pl.lit("reached"))
        .otherwise(pl.lit("undetermined")).alias("mql_state")
    )  # fmt: skip
    found = found.with_columns(
        pl.when(c("mql_state") == "disqualified").then(pl.lit("disqualified"))
        .when(~c("sql_marketing") | ~c("sql_sales") | (c("mql_state") == "not_yet")).then(pl.lit("not_yet"))
        .when((c("mql_state") == "reached") & c("sql_marketing") & c("sql_sales")).then(pl.lit("reached"))
        .otherwise(pl.lit("undetermined")).alias("sql_state")
    )  # fmt: skip
    found = found.with_columns(
        pl.when(c("sql_state") == "reached").then(pl.lit("sql"))
        .when(c("mql_state") == "reached").then(pl.lit("mql")).alias("stage")
    )  # fmt: skip
    return found.select(*columns, *OUTPUTS, *(TRAITS if explain else ()))


OUTPUTS = (
    "stage", "mql_state", "mql_marketing", "sql_state", "sql_marketing", "sql_sales", "fit_at_least", "fit_at_most",
)  # fmt: skip
TRAITS = tuple(each.meta.output_name() for layer in traits() for each in layer)


def in_sql(table: str, *, explain: bool, dialect: str = "duckdb", folding: bool = False) -> str:
    """The same as one query; `folding` texts as the language does, else in lower case only."""
    found = "regexp_matches" if dialect == "duckdb" else "regexp_like"
    titles = r"(^|\W)(owner|director|vp|head\W+of)($|\W)"
    if dialect == "spark":
        titles = titles.replace("\\", "\\\\")
    least = " + ".join(f"CASE WHEN {name} THEN {points} ELSE 0 END" for name, points in POINTS.items())
    most = " + ".join(f"CASE WHEN NOT {name} THEN 0 ELSE {points} END" for name, points in POINTS.items())
    of_three = ("has_budget", "decision_maker", "large")
    yes = " + ".join(f"CASE WHEN {name} THEN 1 ELSE 0 END" for name in of_three)
    can = " + ".join(f"CASE WHEN NOT {name} THEN 0 ELSE 1 END" for name in of_three)
    lower = FOLDED if folding else "lower({})"

    def low(name: str) -> str:
        return lower.format(name)

    stage = "CASE WHEN sql_state = 'reached' THEN 'sql' WHEN mql_state = 'reached' THEN 'mql' END AS stage"
    outputs = ", ".join((*OUTPUTS, *(TRAITS if explain else ())))
    return f"""
WITH traits AS (
  SELECT *,
    {low("industry")} IN ('printing', 'packaging', 'publishing') AS serves_print,
    {low("industry")} IN ('banking', 'insurance') AS regulated,
    employees >= 500 AS large,
    employees BETWEEN 50 AND 499 AS mid,
    annual_revenue >= 10000000 AS rich,
    {found}({low("job_title")}, '{titles}') AS decision_maker,
    {low("department")} IN ('engineering', 'it', 'research') AS technical,
    {low("seniority")} IN ('executive', 'director') AS senior,
    {low("country")} IN ('us', 'ca') AS domestic,
    {low("country")} IN ('kp', 'ir') AS embargoed,
    {low("source")} = 'referral' AS from_referral,
    page_views >= 10 AS active,
    emails_opened >= 3 AS opens_mail,
    emails_clicked >= 1 AS clicks,
    forms_submitted >= 1 AS asked,
    last_activity_at BETWEEN TIMESTAMP '{RECENT:%Y-%m-%d %H:%M:%S}+00' AND TIMESTAMP '{AS_OF:%Y-%m-%d %H:%M:%S}+00' AS recent,
    opted_out AS no_mail,
    {low("email_domain")} IN ('rival.com', 'other.com') AS competitor,
    budget_confirmed AS has_budget
  FROM {table}
), more AS (
  SELECT *, active AND (opens_mail OR clicks) AND NOT no_mail AS engaged FROM traits
), scores AS (
  SELECT *, LEAST({least}, 100) AS fit_at_least, LEAST({most}, 100) AS fit_at_most FROM more
), sides AS (
  SELECT *,
    serves_print AND CASE WHEN fit_at_least >= 40 THEN TRUE WHEN fit_at_most < 40 THEN FALSE END AS mql_marketing,
    asked OR engaged AS sql_marketing,
    CASE WHEN {yes} >= 2 THEN TRUE WHEN {can} < 2 THEN FALSE END AS sql_sales
  FROM scores
), mql AS (
  SELECT *,
    CASE WHEN no_mail OR competitor OR embargoed THEN 'disqualified' WHEN NOT mql_marketing THEN 'not_yet'
      WHEN mql_marketing AND NOT no_mail AND NOT competitor AND NOT embargoed THEN 'reached' ELSE 'undetermined'
    END AS mql_state
  FROM sides
), sql_ AS (
  SELECT *,
    CASE WHEN mql_state = 'disqualified' THEN 'disqualified'
      WHEN NOT sql_marketing OR NOT sql_sales OR mql_state = 'not_yet' THEN 'not_yet'
      WHEN mql_state = 'reached' AND sql_marketing AND sql_sales THEN 'reached' ELSE 'undetermined'
    END AS sql_state
  FROM mql
)
SELECT {{columns}}, {outputs.replace("stage", stage, 1)}
FROM sql_
"""
