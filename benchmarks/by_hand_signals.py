"""Ten signals over twenty activities a lead, and what an engineer would write for them by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from by_hand_columns import FOLDED
from workload import AS_OF

SIGNALS = {
    "demos": "demo_request within 90 days",
    "contacts": "contact_request within 30 days",
    "logins": "login within 14 days",
    "pricing_visits": 'page_view where page contains "/pricing" within 90 days',
    "docs_visits": 'page_view where page contains "/docs" within 30 days',
    "campaign_clicks": 'email_click where campaign starts with "spring" within 60 days',
    "downloads": "download within 180 days",
    "webinars": "event_attended within 365 days",
    "opens": "email_open within 30 days",
    "visits": "page_view within 7 days",
}
POINTS: dict[str, Any] = {
    "demos": {"each": 40, "limit": "1 ever"},
    "contacts": {"each": 30, "limit": "1 ever"},
    "logins": {"each": 2, "limit": "1 per day", "at_most": 20},
    "pricing_visits": {"each": 5, "limit": "1 per day", "at_most": 20},
    "docs_visits": {"each": 2, "at_most": 10},
    "campaign_clicks": {"each": 3, "at_most": 15},
    "downloads": {"each": 8, "fades": "25% per 30 days"},
    "webinars": {"each": 10, "at_most": 30},
    "opens": {"each": 1, "limit": "1 per day", "at_most": 10},
    "visits": {"each": 1, "at_most": 5},
}
KINDS = ("page_view", "page_view", "page_view", "email_open", "email_click", "login", "download", "demo_request",
         "contact_request", "event_attended")  # fmt: skip
PAGES = ("/pricing", "/pricing/teams", "/docs/start", "/docs/api", "/blog/one", "/", "/about", None)
CAMPAIGNS = ("spring sale", "Spring news", "autumn", None)


def raw_definition() -> dict[str, Any]:
    """The definition, in the shape of the file."""
    return {
        "name": "Signals",
        "teams": {"marketing": "Marketing"},
        "signals": {name: {"team": "marketing", "each": each} for name, each in SIGNALS.items()},
        "scores": {"engagement": {"points": POINTS}},
        "traits": {"reachable": {"team": "marketing", "when": "email is known", "why": "We can write to them."}},
        "stages": {"mql": {"requires": {"marketing": "engagement >= 60 and reachable"}}},
    }


def _flag(kind: str, days: int, also: str = "") -> str:
    edge = AS_OF - timedelta(days=days)
    return f"\"type\" = '{kind}' AND \"at\" >= TIMESTAMPTZ '{edge:%Y-%m-%d %H:%M:%S}+00'{also}"


FLAGS = {
    "demos": _flag("demo_request", 90),
    "contacts": _flag("contact_request", 30),
    "logins": _flag("login", 14),
    "pricing_visits": _flag("page_view", 90, " AND contains(lower(page), '/pricing')"),
    "docs_visits": _flag("page_view", 30, " AND contains(lower(page), '/docs')"),
    "campaign_clicks": _flag("email_click", 60, " AND starts_with(lower(campaign), 'spring')"),
    "downloads": _flag("download", 180),
    "webinars": _flag("event_attended", 365),
    "opens": _flag("email_open", 30),
    "visits": _flag("page_view", 7),
}
UNSURE = ("pricing_visits", "docs_visits", "campaign_clicks")


def in_sql(*, folding: bool = False) -> str:
    """DuckDB's SQL: one pass over the activities, then the score at least and at most; texts folded, or only lowered."""
    now = f"TIMESTAMPTZ '{AS_OF:%Y-%m-%d %H:%M:%S}+00'"
    flags = ",\n    ".join(f"{flag} AS {name}" for name, flag in FLAGS.items())
    for name in ("page", "campaign"):
        flags = flags.replace(f"lower({name})", name)
    low = FOLDED if folding else "lower({})"
    counts = []
    for name in SIGNALS:
        by_day = POINTS[name].get("limit") == "1 per day"
        day = "CAST(\"at\" AT TIME ZONE 'UTC' AS DATE)"
        if name == "downloads":
            worth = " ".join(
                f"WHEN \"at\" > TIMESTAMPTZ '{AS_OF - timedelta(days=30 * (age + 1)):%Y-%m-%d %H:%M:%S}+00' THEN {8 - 2 * age}"
                for age in range(4)
            )
            counts.append(f"sum(CASE WHEN downloads THEN CASE {worth} ELSE 0 END ELSE 0 END) AS n_downloads")
            continue
        counts.append(
            f"count(DISTINCT CASE WHEN {name} THEN {day} END) AS n_{name}" if by_day
            else f"count(*) FILTER (WHERE {name}) AS n_{name}"
        )  # fmt: skip
        if name in UNSURE:
            counts.append(
                f"count(DISTINCT CASE WHEN coalesce({name}, TRUE) THEN {day} END) AS m_{name}" if by_day
                else f"count(*) FILTER (WHERE coalesce({name}, TRUE)) AS m_{name}"
            )  # fmt: skip

    def total(of: str) -> str:
        parts = []
        for name, given in POINTS.items():
            counted = f"{of if name in UNSURE else 'n'}_{name}"
            value = counted if name == "downloads" else f"{given['each']} * {counted}"
            if given.get("limit") == "1 ever":
                value = f"{given['each']} * least({counted}, 1)"
            if "at_most" in given:
                value = f"least({value}, {given['at_most']})"
            parts.append(f"coalesce({value}, 0)")
        return " + ".join(parts)

    return f"""
WITH happened AS (
  SELECT lead_id, "at",
    {flags}
  FROM (SELECT lead_id, "type", "at", {low.format("page")} AS page, {low.format("campaign")} AS campaign FROM activities)
  WHERE "at" <= {now}
), counted AS (
  SELECT lead_id, {", ".join(counts)} FROM happened GROUP BY lead_id
), scored AS (
  SELECT leads.*, CAST({total("n")} AS BIGINT) AS engagement_at_least, CAST({total("m")} AS BIGINT) AS engagement_at_most
  FROM leads LEFT JOIN counted ON leads.id = counted.lead_id
), sides AS (
  SELECT *,
    CASE WHEN engagement_at_least >= 60 THEN TRUE WHEN engagement_at_most < 60 THEN FALSE END AND email IS NOT NULL
      AS mql_marketing
  FROM scored
)
SELECT id, CASE WHEN mql_marketing THEN 'mql' END AS stage,
  CASE WHEN NOT mql_marketing THEN 'not_yet' WHEN mql_marketing THEN 'reached' ELSE 'undetermined' END AS mql_state,
  mql_marketing, engagement_at_least, engagement_at_most
FROM sides
"""
