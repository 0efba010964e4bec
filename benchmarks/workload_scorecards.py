"""The second workload: scorecards as large as published models get, over what happened with a lead.

30 signals with limits and fading, 15 traits, 4 tiers, 3 scores (two cards and a weighted sum of them), 2 stages, and
leads with 50 activities each, generated with a fixed seed; one field in ten is missing.

`by_hand` is what a good engineer would write without the library: one pass over the activities, a table of what each
signal gives, integers on one scale. It takes missing for no and a day for a day of UTC. It knows neither unknown, nor
the two ends of a score, nor evidence.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Hashable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

AS_OF = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
UNIT = 12_800
"""Parts in a point: all that can come out is a whole number of them."""

SIGNALS: dict[str, tuple[str, dict[str, Any]]] = {
    "pricing_visits": (
        'page_view where page contains "/pricing" within 90 days',
        {"each": 5, "limit": "1 per day", "at_most": 20, "fades": "25% per 30 days"},
    ),
    "product_visits": (
        'page_view where page contains "/product" within 60 days',
        {"each": 2, "limit": "3 per day", "at_most": 15, "fades": "20% per 14 days"},
    ),
    "docs_visits": (
        'page_view where page contains "/docs" within 60 days',
        {"each": 1, "limit": "2 per day", "at_most": 10},
    ),
    "blog_visits": (
        'page_view where page contains "/blog"',
        {"each": 1, "limit": "1 per day", "at_most": 5, "fades": "50% per 2 weeks"},
    ),
    "careers_visits": ('page_view where page starts with "/careers"', {"each": -5, "at_most": 10}),
    "customer_stories": (
        'page_view where page contains "/customers" within 180 days',
        {"each": 3, "limit": "2 per week", "fades": "1 points per 14 days"},
    ),
    "home_visits": ('page_view where page == "/" within 30 days', {"each": 0.5, "at_most": 5}),
    "mails_opened": (
        "email_open within 90 days",
        {"each": 1, "limit": "1 per day", "at_most": 10, "fades": "half per 14 days"},
    ),
    "newsletters": ('email_open where campaign starts with "newsletter"', {"each": 0.5, "limit": "1 per week"}),
    "links_clicked": (
        "email_click within 90 days",
        {"each": 3, "limit": "2 per day", "at_most": 20, "fades": "25% per 30 days"},
    ),
    "offer_clicks": (
        'email_click where campaign contains "offer" within 30 days',
        {"each": 5, "limit": "1 per week", "fades": "20% per 7 days"},
    ),
    "mails_bounced": ("email_bounce", {"each": -10, "limit": "1 ever"}),
    "demo_forms": (
        'form_submit where form == "demo" within 90 days',
        {"each": 25, "limit": "1 per month", "fades": "20% per 30 days"},
    ),
    "contact_forms": (
        'form_submit where form == "contact"',
        {"each": 15, "limit": "1 per month", "fades": "5 points per 30 days"},
    ),
    "other_forms": (
        'form_submit where form not in ["demo", "contact"]',
        {"each": 5, "limit": "1 per day", "at_most": 15, "fades": "10% per 30 days"},
    ),
    "downloads": (
        "download within 180 days",
        {"each": 5, "limit": "1 per day", "at_most": 20, "fades": "10% per 30 days"},
    ),
    "whitepapers": ('download where asset contains "whitepaper"', {"each": 4, "limit": "2 per month"}),
    "price_lists": (
        'download where asset contains "price" within 90 days',
        {"each": 10, "limit": "1 per quarter", "fades": "half per 30 days"},
    ),
    "event_signups": ("event_registered", {"each": 5, "limit": "1 per month", "fades": "10% per 30 days"}),
    "events_attended": (
        "event_attended within 365 days",
        {"each": 15, "limit": "2 per quarter", "at_most": 30, "fades": "25% per 90 days"},
    ),
    "chats": ("chat within 60 days", {"each": 4, "limit": "1 per day", "at_most": 12, "fades": "25% per 14 days"}),
    "calls_connected": (
        'call where result == "connected" within 90 days',
        {"each": 10, "limit": "1 per week", "at_most": 30, "fades": "2 points per 7 days"},
    ),
    "calls_refused": ('call where result in ["refused", "wrong number"]', {"each": -5, "at_most": 15}),
    "meetings_held": (
        'meeting where result == "held" within 180 days',
        {"each": 20, "limit": "2 per month", "fades": "25% per 30 days"},
    ),
    "meetings_missed": (
        'meeting where result == "missed"',
        {"each": -10, "limit": "1 per month", "at_most": 20, "fades": "50% per 30 days"},
    ),
    "logins": (
        "login within 30 days",
        {"each": 1, "limit": "1 per day", "at_most": 20, "fades": "5% per 1 day"},
    ),
    "purchases": ("purchase", {"each": 30, "limit": "1 per year"}),
    "large_purchases": (
        "purchase where amount >= 10000 within 365 days",
        {"each": 20, "fades": "5 points per 4 weeks"},
    ),
    "unsubscribes": ("unsubscribed", {"each": -20, "limit": "1 ever"}),
    "opt_ins": ("opted_in", {"each": 5, "limit": "1 ever"}),
}
TRAITS = {
    "serves_print": 'industry in ["Printing", "Packaging", "Publishing"]',
    "regulated": 'industry in ["Banking", "Insurance"]',
    "decision_maker": 'job_title mentions ["owner", "director", "vp", "head of"]',
    "technical": 'department in ["Engineering", "IT", "Research"]',
    "from_referral": 'source == "Referral"',
    "paid_channel": 'source in ["Search ads", "Social ads"]',
    "no_mail": "opted_out",
    "has_budget": "budget_confirmed",
    "has_need": "need_confirmed",
    "has_authority": "authority_confirmed",
    "competitor": 'email_domain in ["rival.com", "other.com"]',
    "free_mail": 'email_domain in ["gmail.com", "outlook.com", "yahoo.com"]',
    "recent": "last_activity_at within 30 days",
    "active": "count(logins) >= 1 or count(links_clicked) >= 2",
    "in_talks": "count(calls_connected) >= 1 and count(meetings_held) >= 1",
}
TIERS = {
    "company_size": {
        "large": "employees >= 1000", "mid": "employees >= 200", "small": "employees >= 20", "micro": "otherwise",
    },
    "revenue_band": {"high": "annual_revenue >= 20000000", "middle": "annual_revenue >= 1000000", "low": "otherwise"},
    "market": {
        "home": 'country in ["US", "CA"]', "near": 'country in ["GB", "DE", "FR"]', "barred": 'country in ["KP", "IR"]',
        "far": "otherwise",
    },
    "rank": {"top": 'seniority in ["Executive", "Director"]', "middle": 'seniority == "Manager"', "staff": "otherwise"},
}  # fmt: skip
FIT: dict[str, Any] = {
    "serves_print": 15, "regulated": -5, "decision_maker": 15, "technical": 5, "from_referral": 5, "paid_channel": 2,
    "has_budget": 10, "has_need": 8, "has_authority": 7, "competitor": -50, "free_mail": -10, "recent": 3,
    "company_size": {"large": 15, "mid": 12, "small": 6}, "revenue_band": {"high": 10, "middle": 5, "low": -2},
    "market": {"home": 10, "near": 5, "barred": -40}, "rank": {"top": 10, "middle": 5},
}  # fmt: skip


def raw_definition() -> dict[str, Any]:
    """The definition, in the shape of the file."""
    return {
        "name": "Scorecards",
        "teams": {"marketing": "Marketing", "sales": "Sales"},
        "traits": {
            name: {"team": "sales", "when": rule, "why": "It tells them apart."} for name, rule in TRAITS.items()
        },
        "tiers": {name: {"team": "marketing", "cases": cases} for name, cases in TIERS.items()},
        "signals": {name: {"team": "marketing", "each": each} for name, (each, _) in SIGNALS.items()},
        "scores": {
            "fit": {"points": FIT, "floor": 0, "cap": 100},
            "engagement": {"points": {name: given for name, (_, given) in SIGNALS.items()}, "floor": -50, "cap": 150},
            "overall": {"of": "0.6 * fit + 0.4 * engagement"},
        },
        "stages": {
            "mql": {"disqualified_by": ["no_mail", "competitor"], "requires": {"marketing": "overall >= 30"}},
            "sql": {"requires": {"sales": "overall >= 50 and (in_talks or has_budget)"}},
        },
    }


def leads(number: int, activities: int = 50, seed: int = 11) -> list[dict[str, Any]]:
    """Leads as plain, clean dicts, each with so many activities, in no order."""
    pick = random.Random(seed)
    fields: dict[str, Callable[[], Any]] = {
        "industry": lambda: pick.choice(["Printing", "Packaging", "Publishing", "Banking", "Retail", "Software"]),
        "employees": lambda: pick.randint(1, 2000),
        "annual_revenue": lambda: pick.randint(10_000, 50_000_000),
        "job_title": lambda: pick.choice(
            ["Owner", "Sales Director", "VP Marketing", "Head of IT", "Engineer", "Buyer"]
        ),
        "department": lambda: pick.choice(["Engineering", "IT", "Research", "Sales", "Marketing", "Finance"]),
        "seniority": lambda: pick.choice(["Executive", "Director", "Manager", "Staff"]),
        "country": lambda: pick.choice(["US", "CA", "DE", "FR", "KP", "GB", "JP", "BR"]),
        "source": lambda: pick.choice(["Referral", "Search ads", "Social ads", "Event", "Mail"]),
        "opted_out": lambda: pick.random() < 0.05,
        "budget_confirmed": lambda: pick.random() < 0.4,
        "need_confirmed": lambda: pick.random() < 0.5,
        "authority_confirmed": lambda: pick.random() < 0.3,
        "email_domain": lambda: pick.choice(["rival.com", "gmail.com", *(f"firm{n}.example" for n in range(20))]),
        "last_activity_at": lambda: AS_OF - timedelta(days=pick.randint(0, 90)),
    }
    found = []
    for at in range(number):
        lead = {name: None if pick.random() < 0.1 else value() for name, value in fields.items()}
        lead["id"] = f"{at:07d}"
        lead["activities"] = [_activity(pick) for _ in range(activities)]
        found.append(lead)
    return found


_PAGES = ("/pricing", "/product/press", "/product/ink", "/docs/start", "/blog/news", "/careers", "/customers/acme", "/")
_KINDS: dict[str, tuple[int, dict[str, tuple[Any, ...]]]] = {
    "page_view": (40, {"page": _PAGES}),
    "email_open": (20, {"campaign": ("newsletter 7", "newsletter 8", "spring offer", "webinar invitation")}),
    "email_click": (10, {"campaign": ("newsletter 7", "spring offer"), "link": ("/pricing", "/blog")}),
    "email_bounce": (1, {}),
    "form_submit": (4, {"form": ("demo", "contact", "newsletter", "survey")}),
    "download": (5, {"asset": ("whitepaper.pdf", "price list.pdf", "catalogue.pdf")}),
    "event_registered": (2, {"event": ("fair", "webinar")}),
    "event_attended": (2, {"event": ("fair", "webinar")}),
    "chat": (2, {}),
    "call": (4, {"result": ("connected", "refused", "wrong number", "no answer")}),
    "meeting": (3, {"result": ("held", "missed")}),
    "login": (6, {}),
    "purchase": (1, {"amount": (500, 12_000)}),
    "unsubscribed": (1, {}),
    "opted_in": (1, {}),
}


def _activity(pick: random.Random) -> dict[str, Any]:
    kind = pick.choices(list(_KINDS), [weight for weight, _ in _KINDS.values()])[0]
    at = AS_OF - timedelta(seconds=int(pick.triangular(0, 400 * 86_400, 0)))
    return {"type": kind, "at": at, "properties": {name: pick.choice(of) for name, of in _KINDS[kind][1].items()}}


# By hand


class Gain(NamedTuple):
    """What an occurrence gives by its age in periods of so many days, how many count, and the bound of it all."""

    by_age: list[int]
    days: int = 0
    limit: int = 0
    period: Callable[[datetime], Hashable] | None = None
    at_most: int | None = None


def _percent(each: float, lost: float) -> list[int]:
    left, step = int(each * UNIT), int(each * UNIT * lost / 100)
    return [left - step * age for age in range(left // step + 1)]


def _points(each: float, lost: float) -> list[int]:
    return [max(0, int((each - lost * age) * UNIT)) for age in range(int(each / lost) + 2)]


def _half(each: float) -> list[int]:
    return [int(each * UNIT) >> age for age in range(10)] + [0]


def _flat(each: float) -> list[int]:
    return [int(each * UNIT)]


def _day(at: datetime) -> Hashable:
    return at.toordinal()


def _week(at: datetime) -> Hashable:
    return (at.toordinal() - 1) // 7


def _month(at: datetime) -> Hashable:
    return at.year * 12 + at.month


def _quarter(at: datetime) -> Hashable:
    return at.year * 4 + (at.month - 1) // 3


def _year(at: datetime) -> Hashable:
    return at.year


GAINS = {
    "pricing_visits": Gain(_percent(5, 25), 30, 1, _day, 20 * UNIT),
    "product_visits": Gain(_percent(2, 20), 14, 3, _day, 15 * UNIT),
    "docs_visits": Gain(_flat(1), 0, 2, _day, 10 * UNIT),
    "blog_visits": Gain(_percent(1, 50), 14, 1, _day, 5 * UNIT),
    "careers_visits": Gain(_flat(-5), at_most=10 * UNIT),
    "customer_stories": Gain(_points(3, 1), 14, 2, _week),
    "home_visits": Gain(_flat(0.5), at_most=5 * UNIT),
    "mails_opened": Gain(_half(1), 14, 1, _day, 10 * UNIT),
    "newsletters": Gain(_flat(0.5), 0, 1, _week),
    "links_clicked": Gain(_percent(3, 25), 30, 2, _day, 20 * UNIT),
    "offer_clicks": Gain(_percent(5, 20), 7, 1, _week),
    "demo_forms": Gain(_percent(25, 20), 30, 1, _month),
    "contact_forms": Gain(_points(15, 5), 30, 1, _month),
    "other_forms": Gain(_percent(5, 10), 30, 1, _day, 15 * UNIT),
    "downloads": Gain(_percent(5, 10), 30, 1, _day, 20 * UNIT),
    "whitepapers": Gain(_flat(4), 0, 2, _month),
    "price_lists": Gain(_half(10), 30, 1, _quarter),
    "event_signups": Gain(_percent(5, 10), 30, 1, _month),
    "events_attended": Gain(_percent(15, 25), 90, 2, _quarter, 30 * UNIT),
    "chats": Gain(_percent(4, 25), 14, 1, _day, 12 * UNIT),
    "calls_connected": Gain(_points(10, 2), 7, 1, _week, 30 * UNIT),
    "calls_refused": Gain(_flat(-5), at_most=15 * UNIT),
    "meetings_held": Gain(_percent(20, 25), 30, 2, _month),
    "meetings_missed": Gain([-10 * UNIT, -5 * UNIT, 0], 30, 1, _month, 20 * UNIT),
    "logins": Gain(_percent(1, 5), 1, 1, _day, 20 * UNIT),
    "purchases": Gain(_flat(30), 0, 1, _year),
    "large_purchases": Gain(_points(20, 5), 28),
}


def gained(times: list[datetime], gain: Gain) -> int:
    """What these occurrences give together."""
    by_age, days, limit, period, at_most = gain
    if period is not None and len(times) > limit:
        seen: dict[Hashable, int] = {}
        kept = []
        for at in sorted(times, reverse=True):
            key = period(at)
            count = seen.get(key, 0)
            if count < limit:
                seen[key] = count + 1
                kept.append(at)
        times = kept
    if days:
        last = len(by_age) - 1
        total = 0
        for at in times:
            age = (AS_OF - at).days // days
            total += by_age[age if age < last else last]
    else:
        total = by_age[0] * len(times)
    if at_most is not None:
        total = max(-at_most, min(at_most, total))
    return total


PRINT = frozenset(["printing", "packaging", "publishing"])
REGULATED = frozenset(["banking", "insurance"])
TECHNICAL = frozenset(["engineering", "it", "research"])
SINGLE = frozenset(["owner", "director", "vp"])
PAID = frozenset(["search ads", "social ads"])
RIVALS = frozenset(["rival.com", "other.com"])
FREE = frozenset(["gmail.com", "outlook.com", "yahoo.com"])
HOME, NEAR, BARRED = frozenset(["us", "ca"]), frozenset(["gb", "de", "fr"]), frozenset(["kp", "ir"])
TOP = frozenset(["executive", "director"])
REFUSED = frozenset(["refused", "wrong number"])
SIZE_POINTS = {"large": 15, "mid": 12, "small": 6, "micro": 0}
REVENUE_POINTS = {"high": 10, "middle": 5, "low": -2}
MARKET_POINTS = {"home": 10, "near": 5, "barred": -40, "far": 0}
RANK_POINTS = {"top": 10, "middle": 5, "staff": 0}
DAYS_30, DAYS_60, DAYS_90, DAYS_180, DAYS_365 = (AS_OF - timedelta(days=days) for days in (30, 60, 90, 180, 365))


def by_hand(lead: dict[str, Any]) -> dict[str, Any]:
    """The same traits, tiers, scores (in parts of a point) and stage."""
    pricing, product, docs, blog, careers, stories, home = [], [], [], [], [], [], []
    opened, newsletters, clicked, offers = [], [], [], []
    demos, contacts, forms, downloads, whitepapers, price_lists = [], [], [], [], [], []
    signups, attended, chats, connected, refused, held, missed = [], [], [], [], [], [], []
    logins, purchases, large = [], [], []
    bounced = unsubscribed = opted_in = False
    for activity in lead["activities"] or ():
        at = activity["at"]
        if at > AS_OF:
            continue
        kind = activity["type"]
        if kind == "page_view":
            page = (activity["properties"].get("page") or "").lower()
            if "/pricing" in page and at >= DAYS_90:
                pricing.append(at)
            if "/product" in page and at >= DAYS_60:
                product.append(at)
            if "/docs" in page and at >= DAYS_60:
                docs.append(at)
            if "/blog" in page:
                blog.append(at)
            if page.startswith("/careers"):
                careers.append(at)
            if "/customers" in page and at >= DAYS_180:
                stories.append(at)
            if page == "/" and at >= DAYS_30:
                home.append(at)
        elif kind == "email_open":
            if at >= DAYS_90:
                opened.append(at)
            if (activity["properties"].get("campaign") or "").lower().startswith("newsletter"):
                newsletters.append(at)
        elif kind == "email_click":
            if at >= DAYS_90:
                clicked.append(at)
            if at >= DAYS_30 and "offer" in (activity["properties"].get("campaign") or "").lower():
                offers.append(at)
        elif kind == "login":
            if at >= DAYS_30:
                logins.append(at)
        elif kind == "download":
            asset = (activity["properties"].get("asset") or "").lower()
            if at >= DAYS_180:
                downloads.append(at)
            if "whitepaper" in asset:
                whitepapers.append(at)
            if at >= DAYS_90 and "price" in asset:
                price_lists.append(at)
        elif kind == "form_submit":
            form = (activity["properties"].get("form") or "").lower()
            if form == "demo":
                if at >= DAYS_90:
                    demos.append(at)
            elif form == "contact":
                contacts.append(at)
            elif form:
                forms.append(at)
        elif kind == "call":
            result = (activity["properties"].get("result") or "").lower()
            if result == "connected":
                if at >= DAYS_90:
                    connected.append(at)
            elif result in REFUSED:
                refused.append(at)
        elif kind == "meeting":
            result = (activity["properties"].get("result") or "").lower()
            if result == "held":
                if at >= DAYS_180:
                    held.append(at)
            elif result == "missed":
                missed.append(at)
        elif kind == "event_registered":
            signups.append(at)
        elif kind == "event_attended":
            if at >= DAYS_365:
                attended.append(at)
        elif kind == "chat":
            if at >= DAYS_60:
                chats.append(at)
        elif kind == "purchase":
            purchases.append(at)
            if at >= DAYS_365 and (activity["properties"].get("amount") or 0) >= 10_000:
                large.append(at)
        elif kind == "email_bounce":
            bounced = True
        elif kind == "unsubscribed":
            unsubscribed = True
        elif kind == "opted_in":
            opted_in = True

    industry = (lead.get("industry") or "").lower()
    title = (lead.get("job_title") or "").lower()
    source = (lead.get("source") or "").lower()
    domain = (lead.get("email_domain") or "").lower()
    last = lead.get("last_activity_at")
    out: dict[str, Any] = {}
    out["serves_print"] = industry in PRINT
    out["regulated"] = industry in REGULATED
    out["decision_maker"] = not SINGLE.isdisjoint(title.split()) or "head of" in title
    out["technical"] = (lead.get("department") or "").lower() in TECHNICAL
    out["from_referral"] = source == "referral"
    out["paid_channel"] = source in PAID
    out["no_mail"] = bool(lead.get("opted_out"))
    out["has_budget"] = bool(lead.get("budget_confirmed"))
    out["has_need"] = bool(lead.get("need_confirmed"))
    out["has_authority"] = bool(lead.get("authority_confirmed"))
    out["competitor"] = domain in RIVALS
    out["free_mail"] = domain in FREE
    out["recent"] = last is not None and DAYS_30 <= last <= AS_OF
    out["active"] = len(logins) >= 1 or len(clicked) >= 2
    out["in_talks"] = bool(connected and held)

    employees = lead.get("employees") or 0
    size = "large" if employees >= 1000 else "mid" if employees >= 200 else "small" if employees >= 20 else "micro"
    revenue = lead.get("annual_revenue") or 0
    band = "high" if revenue >= 20_000_000 else "middle" if revenue >= 1_000_000 else "low"
    country = (lead.get("country") or "").lower()
    market = "home" if country in HOME else "near" if country in NEAR else "barred" if country in BARRED else "far"
    seniority = (lead.get("seniority") or "").lower()
    rank = "top" if seniority in TOP else "middle" if seniority == "manager" else "staff"
    out |= {"company_size": size, "revenue_band": band, "market": market, "rank": rank}

    fit = SIZE_POINTS[size] + REVENUE_POINTS[band] + MARKET_POINTS[market] + RANK_POINTS[rank]
    fit += 15 * out["serves_print"] - 5 * out["regulated"] + 15 * out["decision_maker"] + 5 * out["technical"]
    fit += 5 * out["from_referral"] + 2 * out["paid_channel"] + 10 * out["has_budget"] + 8 * out["has_need"]
    fit += 7 * out["has_authority"] - 50 * out["competitor"] - 10 * out["free_mail"] + 3 * out["recent"]
    fit = max(0, min(100, fit)) * UNIT

    engagement = UNIT * (5 * opted_in - 10 * bounced - 20 * unsubscribed)
    engagement += gained(pricing, GAINS["pricing_visits"]) + gained(product, GAINS["product_visits"])
    engagement += gained(docs, GAINS["docs_visits"]) + gained(blog, GAINS["blog_visits"])
    engagement += gained(careers, GAINS["careers_visits"]) + gained(stories, GAINS["customer_stories"])
    engagement += gained(home, GAINS["home_visits"]) + gained(opened, GAINS["mails_opened"])
    engagement += gained(newsletters, GAINS["newsletters"]) + gained(clicked, GAINS["links_clicked"])
    engagement += gained(offers, GAINS["offer_clicks"]) + gained(demos, GAINS["demo_forms"])
    engagement += gained(contacts, GAINS["contact_forms"]) + gained(forms, GAINS["other_forms"])
    engagement += gained(downloads, GAINS["downloads"]) + gained(whitepapers, GAINS["whitepapers"])
    engagement += gained(price_lists, GAINS["price_lists"]) + gained(signups, GAINS["event_signups"])
    engagement += gained(attended, GAINS["events_attended"]) + gained(chats, GAINS["chats"])
    engagement += gained(connected, GAINS["calls_connected"]) + gained(refused, GAINS["calls_refused"])
    engagement += gained(held, GAINS["meetings_held"]) + gained(missed, GAINS["meetings_missed"])
    engagement += gained(logins, GAINS["logins"]) + gained(purchases, GAINS["purchases"])
    engagement += gained(large, GAINS["large_purchases"])
    engagement = max(-50 * UNIT, min(150 * UNIT, engagement))

    overall = (6 * fit + 4 * engagement) // 10
    out |= {"fit": fit, "engagement": engagement, "overall": overall}
    barred = out["no_mail"] or out["competitor"]
    mql = not barred and overall >= 30 * UNIT
    sql = mql and overall >= 50 * UNIT and (out["in_talks"] or out["has_budget"])
    out["stage"] = "sql" if sql else "mql" if mql else None
    return out
