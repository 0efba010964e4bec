"""What HubSpot's raw records cost: mapping and verdict, against the verdicts alone; and whether memory stays flat.

    python benchmarks/hubspot.py            100,000 records, 7 interleaved repeats (processor time)
    python benchmarks/hubspot.py --small    2,000 records, 3 repeats: to see that it works

A record is a contact with the company that is joined to it, about sixty properties, all of them text or null. It is judged
by the print shop of `examples/`, whose own four fields are custom properties in HubSpot; verdicts alone are over leads
that were mapped before.
"""

from __future__ import annotations

import argparse
import gc
import random
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from workload import AS_OF, leads

import qualify
from qualify.adapters.hubspot import HubSpotAdapter
from qualify.mapping import Mapping, loads_mapping

LIMIT = 3.0
PRINT_SHOP = Path(__file__).resolve().parent.parent / "examples" / "print-shop"
OWN_MAPPING = """
extends = "hubspot"
[fields]
press_type = "properties.press_type"
jobs_per_month = { from = "properties.jobs_per_month", as = "number" }
contract_ends = { from = "properties.contract_ends", as = "date" }
objects_to_profiling = { from = "properties.objects_to_profiling", null = "no" }
"""
OTHERS = [
    "hs_seniority", "mobilephone", "hs_analytics_source_data_1", "hs_last_sales_activity_timestamp", "hs_legal_basis",
    "hs_lead_status", "qualify_stage", "qualify_reached", "qualify_reason", "qualify_reason_codes", "qualify_missing",
    "qualify_definition", "qualify_digest", "qualify_as_of",
]  # fmt: skip
"""Properties that are asked for too, most of them null."""
INDUSTRIES = {
    "Printing": "PRINTING", "Packaging": "PACKAGING_AND_CONTAINERS", "Publishing": "PUBLISHING", "Banking": "BANKING",
    "Insurance": "INSURANCE", "Retail": "RETAIL", "Software": "COMPUTER_SOFTWARE", "Farming": "FARMING",
}  # fmt: skip
FIRST_NAMES, LAST_NAMES = ("Ada", "Grace", "Alan", "Edsger", "Barbara"), ("Demo", "Sample", "Muster", "Example")


def text(value: Any) -> str | None:
    """A value as HubSpot has it."""
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        case _:
            return str(value)


def rounded(value: int | None) -> str | None:
    """A size as people and data providers write it: two digits and noughts."""
    return None if value is None else str(int(float(f"{value:.1e}")))


def records(number: int, seed: int = 7) -> Iterator[dict[str, Any]]:
    """Raw contacts, each made when it is asked for."""
    pick = random.Random(seed)
    many = leads(5_000, seed)
    for at in range(number):
        lead = many[at % len(many)]
        domain, id = lead["email_domain"], str(701_000_000_000 + at)
        properties = {
            "email": domain and f"{at}@{domain}",
            "firstname": pick.choice(FIRST_NAMES),
            "lastname": pick.choice(LAST_NAMES),
            "jobtitle": lead["job_title"],
            "seniority": lead["seniority"],
            "job_function": lead["department"],
            "phone": f"+1 555 {at:07d}",
            "company": None,
            "website": domain and f"https://www.{domain}",
            "hs_country_region_code": lead["country"],
            "country": None,
            "state": pick.choice(["CA", "NY", None]),
            "city": pick.choice(["San Francisco", "New York", "Paris", None]),
            "hs_analytics_source": pick.choice(["ORGANIC_SEARCH", "REFERRALS", "OFFLINE", None]),
            "lifecyclestage": pick.choice(["subscriber", "lead", "marketingqualifiedlead"]),
            "hubspot_owner_id": str(88_842_000 + at % 40),
            "numemployees": None,
            "annualrevenue": None,
            "hs_analytics_num_page_views": text(lead["page_views"]),
            "hs_email_open": text(lead["emails_opened"]),
            "hs_email_click": text(lead["emails_clicked"]),
            "num_conversion_events": text(lead["forms_submitted"]),
            "hs_email_optout": "true" if lead["opted_out"] else None,
            "hs_email_bounce": None,
            "createdate": f"2026-{1 + at % 9:02d}-{1 + at % 28:02d}T{at % 24:02d}:33:{at % 60:02d}.{at % 1000:03d}Z",
            "lastmodifieddate": "2026-11-12T07:33:46.615Z",
            "notes_last_updated": text(lead["last_activity_at"]),
            "hs_object_id": id,
            "press_type": pick.choice(["offset", "digital", "both", None]),
            "jobs_per_month": text(pick.choice([None, pick.randint(1, 500)])),
            "contract_ends": pick.choice([None, "2027-01-31", "2027-06-30", "2028-12-31"]),
            "objects_to_profiling": None,
            **dict.fromkeys(OTHERS),
        }
        firm = many[at % 5_000]  # what is said of a company is the same for its people, and round
        company = {
            "name": f"Firm {at % 5000}",
            "domain": domain,
            "website": domain,
            "industry": INDUSTRIES.get(firm["industry"]),
            "country": "United States",
            "state": None,
            "city": None,
            "phone": None,
            "numberofemployees": rounded(firm["employees"]),
            "annualrevenue": rounded(firm["annual_revenue"]),
            "web_technologies": pick.choice([None, "hubspot;google_analytics"]),
        }
        stamps = {"createdAt": properties["createdate"], "updatedAt": properties["lastmodifieddate"], "archived": False}
        yield {
            "id": id,
            "properties": properties,
            **stamps,
            "associated_company": {"id": str(9_000 + at % 5000), "properties": company, **stamps},
            "owner": {"id": properties["hubspot_owner_id"], "email": f"{at % 40}@us.example"},
        }


def at_work() -> tuple[Mapping, qualify.Definition]:
    """The mapping and the definition."""
    definition, adapter = qualify.load(PRINT_SHOP), HubSpotAdapter()
    return loads_mapping(OWN_MAPPING, definition.model, bases=lambda name: adapter.mapping_text), definition


def its_stage(verdict: qualify.Verdict) -> object:
    """The least that can be asked of a verdict."""
    return verdict.stage


def all_that_is_written(verdict: qualify.Verdict) -> object:
    """What a sync writes of a verdict, but for the paragraph."""
    scores, tiers = verdict.scores.values(), verdict.tiers.values()
    facts = verdict.stage, verdict.reached, verdict.reasons, verdict.missing
    return facts, [score.at_least for score in scores], [tier.case for tier in tiers]


FIGURES: dict[str, Callable[[qualify.Verdict], object]] = {
    "stage, scores, tiers, reasons and what is missing, as a sync writes them": all_that_is_written,
    "the stage alone": its_stage,
}


def ratios(number: int, repeats: int) -> dict[str, float]:
    """Mapping and verdicts over raw records, against verdicts over leads."""
    mapping, definition = at_work()
    raw = list(records(number))
    mapped = [mapping.lead(record) for record in raw]
    judge = definition.qualify

    def from_records(read: Callable[[qualify.Verdict], object], some: int) -> None:
        for record in raw[:some]:
            read(judge(mapping.lead(record), as_of=AS_OF))

    def from_leads(read: Callable[[qualify.Verdict], object], some: int) -> None:
        for lead in mapped[:some]:
            read(judge(lead, as_of=AS_OF))

    found: dict[str, float] = {}
    for name, read in FIGURES.items():
        some = number if read is its_stage else max(number // 10, 1_000)  # the whole takes fifty times as long
        took = []
        for repeat in range(repeats + 1):
            times = []
            for work in (from_leads, from_records):
                gc.collect()
                gc.disable()
                begin = process_time()
                work(read, some)
                times.append(process_time() - begin)
                gc.enable()
            if repeat:  # the first time warms up
                took.append(times[1] / times[0])
        print(f"verdicts alone, {name}: {times[0] / some * 1e6:.1f} µs a lead in the last repeat")
        found[name] = median(took)
    return found


def growth(number: int) -> tuple[float, float]:
    """Peak memory in MiB over a tenth of the records, and over all of them, each streamed."""
    mapping, definition = at_work()

    def over(some: int) -> float:
        gc.collect()
        tracemalloc.start()
        for record in records(some):
            _ = definition.qualify(mapping.lead(record), as_of=AS_OF).stage
        peak = tracemalloc.get_traced_memory()[1] / 2**20
        tracemalloc.stop()
        return peak

    over(min(number // 10, 2_000))  # what is remembered of texts is remembered now
    return over(number // 5), over(number)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", action="store_true", help="to see that it works")
    small = parser.parse_args().small
    for name, figure in ratios(2_000 if small else 100_000, 3 if small else 7).items():
        print(f"mapping and verdict, {name}: {figure:.2f} times the verdicts alone (at most {LIMIT:.1f})")
    few, many = growth(10_000 if small else 100_000)
    print(
        f"peak memory over a fifth of the records and over all: {few:.1f} and {many:.1f} MiB, {many / few:.2f} times (flat is 1)"
    )


if __name__ == "__main__":
    main()
