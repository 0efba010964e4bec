"""The workload that speed is measured on: 20 traits, 12 points, 3 disqualifiers, 2 stages, and leads to judge.

`by_hand` is what an engineer would write without the library: a function over plain dicts that builds a dict of the
same 20 outcomes, a missing value taken as no. (It knows neither unknown nor evidence; that is what it is compared for.)
The leads are generated with a fixed seed; one value in ten is missing.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

AS_OF = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

TRAITS = {
    "serves_print": 'industry in ["Printing", "Packaging", "Publishing"]',
    "regulated": 'industry in ["Banking", "Insurance"]',
    "large": "employees >= 500",
    "mid": "employees between 50 and 499",
    "rich": "annual_revenue >= 10000000",
    "decision_maker": 'job_title mentions ["owner", "director", "vp", "head of"]',
    "technical": 'department in ["Engineering", "IT", "Research"]',
    "senior": 'seniority in ["Executive", "Director"]',
    "domestic": 'country in ["US", "CA"]',
    "embargoed": 'country in ["KP", "IR"]',
    "from_referral": 'source == "Referral"',
    "active": "page_views >= 10",
    "opens_mail": "emails_opened >= 3",
    "clicks": "emails_clicked >= 1",
    "asked": "forms_submitted >= 1",
    "recent": "last_activity_at within 30 days",
    "no_mail": "opted_out",
    "competitor": 'email_domain in ["rival.com", "other.com"]',
    "has_budget": "budget_confirmed",
    "engaged": "active and (opens_mail or clicks) and not no_mail",
}
POINTS = {
    "serves_print": 20, "large": 15, "mid": 10, "rich": 10, "decision_maker": 25, "technical": 5, "senior": 10,
    "domestic": 5, "from_referral": 10, "active": 5, "asked": 20, "recent": 10,
}  # fmt: skip


def raw_definition() -> dict[str, Any]:
    """The definition, in the shape of the file."""
    teams = {"marketing": "Marketing", "sales": "Sales"}
    return {
        "name": "Speed",
        "teams": teams,
        "traits": {
            name: {"team": "sales" if at % 3 == 0 else "marketing", "when": rule, "why": "It tells them apart."}
            for at, (name, rule) in enumerate(TRAITS.items())
        },
        "scores": {"fit": {"points": POINTS, "cap": 100}},
        "stages": {
            "mql": {
                "disqualified_by": ["no_mail", "competitor", "embargoed"],
                "requires": {"marketing": "serves_print and fit >= 40"},
            },
            "sql": {
                "requires": {
                    "marketing": "asked or engaged",
                    "sales": "at least 2 of [has_budget, decision_maker, large]",
                }
            },
        },
    }


def leads(number: int, seed: int = 7) -> list[dict[str, Any]]:
    """Leads as plain, clean dicts."""
    pick = random.Random(seed)
    industries = ["Printing", "Packaging", "Publishing", "Banking", "Insurance", "Retail", "Software", "Farming"]
    titles = [
        "Owner",
        "Sales Director",
        "VP Marketing",
        "Head of IT",
        "Engineer",
        "Assistant",
        "Buyer",
        "CTO",
        "Analyst",
    ]
    departments = ["Engineering", "IT", "Research", "Sales", "Marketing", "Finance"]
    seniorities = ["Executive", "Director", "Manager", "Staff"]
    countries = ["US", "CA", "DE", "FR", "KP", "IR", "GB", "JP"]
    sources = ["Referral", "Web", "Event", "Mail"]
    domains = ["rival.com", "other.com", *(f"firm{n}.example" for n in range(200))]
    found = []
    for at in range(number):
        lead: dict[str, Any] = {
            "industry": pick.choice(industries),
            "employees": pick.randint(1, 2000),
            "annual_revenue": pick.randint(10_000, 50_000_000),
            "job_title": pick.choice(titles),
            "department": pick.choice(departments),
            "seniority": pick.choice(seniorities),
            "country": pick.choice(countries),
            "source": pick.choice(sources),
            "page_views": pick.randint(0, 40),
            "emails_opened": pick.randint(0, 10),
            "emails_clicked": pick.randint(0, 4),
            "forms_submitted": pick.randint(0, 2),
            "last_activity_at": AS_OF - timedelta(days=pick.randint(0, 90)),
            "opted_out": pick.random() < 0.05,
            "email_domain": pick.choice(domains),
            "budget_confirmed": pick.random() < 0.4,
        }
        for name in lead:
            if pick.random() < 0.1:
                lead[name] = None
        lead["id"] = f"{at:07d}"
        found.append(lead)
    return found


SERVED = frozenset(["printing", "packaging", "publishing"])
REGULATED = frozenset(["banking", "insurance"])
TECHNICAL = frozenset(["engineering", "it", "research"])
SENIOR = frozenset(["executive", "director"])
DOMESTIC = frozenset(["us", "ca"])
EMBARGOED = frozenset(["kp", "ir"])
RIVALS = frozenset(["rival.com", "other.com"])
SINGLE = frozenset(["owner", "director", "vp"])
RECENT = AS_OF - timedelta(days=30)


def by_hand(lead: dict[str, Any]) -> dict[str, bool]:
    """The same 20 outcomes, written out."""
    industry = (lead.get("industry") or "").lower()
    employees = lead.get("employees")
    revenue = lead.get("annual_revenue")
    title = (lead.get("job_title") or "").lower()
    words = title.split()
    department = (lead.get("department") or "").lower()
    seniority = (lead.get("seniority") or "").lower()
    country = (lead.get("country") or "").lower()
    source = (lead.get("source") or "").lower()
    views = lead.get("page_views")
    opened = lead.get("emails_opened")
    clicked = lead.get("emails_clicked")
    submitted = lead.get("forms_submitted")
    last = lead.get("last_activity_at")
    domain = (lead.get("email_domain") or "").lower()
    out: dict[str, bool] = {}
    out["serves_print"] = industry in SERVED
    out["regulated"] = industry in REGULATED
    out["large"] = employees is not None and employees >= 500
    out["mid"] = employees is not None and 50 <= employees <= 499
    out["rich"] = revenue is not None and revenue >= 10_000_000
    out["decision_maker"] = not SINGLE.isdisjoint(words) or "head of" in title
    out["technical"] = department in TECHNICAL
    out["senior"] = seniority in SENIOR
    out["domestic"] = country in DOMESTIC
    out["embargoed"] = country in EMBARGOED
    out["from_referral"] = source == "referral"
    out["active"] = views is not None and views >= 10
    out["opens_mail"] = opened is not None and opened >= 3
    out["clicks"] = clicked is not None and clicked >= 1
    out["asked"] = submitted is not None and submitted >= 1
    out["recent"] = last is not None and RECENT <= last <= AS_OF
    out["no_mail"] = bool(lead.get("opted_out"))
    out["competitor"] = domain in RIVALS
    out["has_budget"] = bool(lead.get("budget_confirmed"))
    out["engaged"] = out["active"] and (out["opens_mail"] or out["clicks"]) and not out["no_mail"]
    return out
