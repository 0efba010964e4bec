"""Write leads.csv and activities.csv beside this file: invented leads of an invented company.

The data are generated, with a fixed seed; no person, company or address in them exists (every domain ends
in `.example`, which nobody can own). Run it again, and the same bytes come out:
`python examples/print-shop/make_leads.py`. Gaps are put in on purpose, as real exports have them: empty
cells, and the form's own "Select" where nobody chose.
"""

import csv
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

SEED = 20261120
LEADS = 2_000
TODAY = datetime(2026, 11, 20, 12, 0)  # the moment of the export, UTC

FIRST = "Ada Amir Bea Carlos Chidi Dana Emma Farid Greta Hana Ivan Jorge Kim Lena Mara Nils Olu Priya Sam".split()
LAST = "Abbott Baker Costa Dumont Eriksen Fischer Garcia Haddad Ito Jensen Lund Moreau Nowak Okafor".split()
COMPANY_A = "North River Sunrise Harbor Maple Summit Cedar Union Lake Granite Prairie Coastal Stone".split()
COMPANY_B = {
    "Printing": ["Print", "Press", "Offset", "Graphics"],
    "Packaging": ["Packaging", "Carton", "Labels"],
    "Publishing": ["Books", "Publishing", "Media"],
    "Advertising": ["Agency", "Studio"],
    "Retail": ["Stores", "Outlet"],
    "Software": ["Systems", "Labs"],
}
INDUSTRY = {
    "Printing": 34,
    "Packaging": 16,
    "Publishing": 12,
    "Advertising": 16,
    "Retail": 12,
    "Software": 10,
}
TITLE = {
    "Owner": 12,
    "Managing Director": 8,
    "Head of Production": 9,
    "VP Operations": 5,
    "Chief Executive": 3,
    "Prepress Technician": 16,
    "Production Planner": 14,
    "Co-owner": 3,
    "Buyer": 10,
    "Marketing Assistant": 12,
    "Student": 8,
}
SIZE = {"1-10": 24, "11-50": 32, "51-200": 24, "201-500": 12, "501-1,000": 5, "1,001-5,000": 3}
COUNTRY = {"US": 70, "CA": 14, "GB": 10, "MX": 6}
SOURCE = {"Web form": 40, "Trade fair": 22, "Webinar": 16, "Referral": 12, "List": 10}
PRESS = {"Sheet-fed offset": 40, "Digital": 38, "Offset and digital": 22}
USES = ["web-to-print", "online shop", "accounting", "spreadsheets", "prepress suite"]
COMPETITORS = ["pressflow.example", "inkline.example", "jobticket.example"]
PAGES = ["/", "/features", "/pricing", "/pricing/teams", "/blog/color", "/customers", "/contact"]
CAMPAIGNS = ["spring-news", "fall-news", "print-expo"]
WEBINARS = ["Color without tears", "The paperless job ticket"]
ASSETS = ["price-guide.pdf", "workflow-checklist.pdf", "case-study-cartons.pdf"]

LEAD_HEADER = (
    "Lead Id,First Name,Last Name,E-mail,Job Title,Company,Industry,Company Size,Country,Lead Source,"
    "Press,Jobs a Month,Contract Ends,Uses,Do Not Email,Objects to Profiling,Budget,Timeline,Created"
).split(",")
ACTIVITY_HEADER = "Lead Id,When,Event,Page,Asset,Webinar,Minutes,Campaign,Reason".split(",")

Row = dict[str, str]


def pick(random: Random, weights: dict[str, int]) -> str:
    """One of the keys, as often as its weight says."""
    return random.choices(list(weights), weights=list(weights.values()))[0]


def sometimes(random: Random, share: float, value: str, otherwise: str = "") -> str:
    """The value in this share of the leads; else what the export shows where nothing is known."""
    return value if random.random() < share else otherwise


def lead(random: Random, number: int) -> Row:
    """One row of the CRM's export."""
    industry = pick(random, INDUSTRY)
    company = f"{random.choice(COMPANY_A)} {random.choice(COMPANY_B[industry])}"
    domain = company.lower().replace(" ", "-") + ".example"
    if random.random() < 0.02:
        domain = random.choice(COMPETITORS)
    first, last = random.choice(FIRST), random.choice(LAST)
    ends = date(2026, 9, 1) + timedelta(days=random.randrange(720))
    created = TODAY - timedelta(days=random.randrange(2, 300), minutes=random.randrange(1440))
    return {
        "Lead Id": f"{number:04}",
        "First Name": first,
        "Last Name": last,
        "E-mail": sometimes(random, 0.96, f"{first}.{last}@{domain}".lower()),
        "Job Title": sometimes(random, 0.88, pick(random, TITLE)),
        "Company": company,
        "Industry": sometimes(random, 0.90, industry, "Select"),
        "Company Size": sometimes(random, 0.86, pick(random, SIZE), "Select"),
        "Country": pick(random, COUNTRY),
        "Lead Source": pick(random, SOURCE),
        "Press": sometimes(random, 0.55, pick(random, PRESS), "Select"),
        "Jobs a Month": sometimes(random, 0.50, f"{random.choice([40, 120, 300, 650, 1200, 2500]):,}"),
        "Contract Ends": sometimes(random, 0.45, f"{ends:%m/%d/%Y}"),
        "Uses": ";".join(sorted(random.sample(USES, random.randrange(3)))),
        "Do Not Email": sometimes(random, 0.97, sometimes(random, 0.06, "Yes", "No")),
        "Objects to Profiling": sometimes(random, 0.01, "Yes", "No"),
        "Budget": sometimes(random, 0.40, pick(random, {"Yes": 6, "No": 4}), "N/A"),
        "Timeline": sometimes(random, 0.35, pick(random, {"Yes": 5, "No": 5}), "N/A"),
        "Created": f"{created:%Y-%m-%d %H:%M}",
    }


def activities(random: Random, row: Row) -> list[Row]:
    """What happened with this lead since it was created, in order of time."""
    created = datetime.strptime(row["Created"], "%Y-%m-%d %H:%M")
    days = (TODAY - created).days
    keen = random.random() ** 2  # most leads do little
    events = [("Opened mail", {"Campaign": random.choice(CAMPAIGNS)}) for _ in range(random.randrange(3))]
    events += [("Visited page", {"Page": random.choice(PAGES)}) for _ in range(int(keen * 14))]
    if random.random() < keen:
        events.append(("Asked for a demo", {}))
    if random.random() < keen / 2:
        events.append(("Downloaded", {"Asset": random.choice(ASSETS)}))
        events.append(("Downloaded", {"Asset": random.choice(ASSETS)}))
    if random.random() < 0.12:
        minutes = str(random.randrange(5, 60))
        events.append(("Attended webinar", {"Webinar": random.choice(WEBINARS), "Minutes": minutes}))
    if keen > 0.35 and random.random() < 0.7:
        events.append(("Accepted by sales", {}))
        if random.random() < 0.25:
            events.append(("Sent back by sales", {"Reason": random.choice(["not now", "can't reach"])}))
    happened = []
    for event, more in events:
        # keen leads were busy lately, the others whenever
        back = random.randrange(min(days, 25) if keen > 0.35 else days)
        at = TODAY - timedelta(days=back, minutes=random.randrange(1, 1440))
        if at > created:
            happened.append({"Lead Id": row["Lead Id"], "When": f"{at:%Y-%m-%dT%H:%M:00Z}", "Event": event} | more)
    return sorted(happened, key=lambda activity: activity["When"])


def write(path: Path, header: list[str], rows: list[Row]) -> None:
    """Write rows as CSV: UTF-8, commas, the same line ends everywhere."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main(folder: Path) -> None:
    """Write both files into the folder."""
    random = Random(SEED)
    leads = [lead(random, number) for number in range(1, LEADS + 1)]
    write(folder / "leads.csv", LEAD_HEADER, leads)
    write(
        folder / "activities.csv",
        ACTIVITY_HEADER,
        [each for row in leads for each in activities(random, row)],
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent)
