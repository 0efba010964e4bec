"""What the two definitions say of the published leads, against what came of them, as the tables of a page.

    python examples/real-leads/outcomes.py DATA              prints the tables
    python examples/real-leads/outcomes.py DATA --into PAGE  writes them into a page, where it says `<!-- drawn: NAME -->`

DATA is the folder that holds `x-education/leads.csv`, `event-saas/leads.csv` and `event-saas/offers.csv`. The moment is
fixed, so the same data give the same tables.
"""

import csv
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from math import sqrt
from pathlib import Path
from typing import Any

import qualify

HERE = Path(__file__).resolve().parent
AS_OF = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
STATES = ("reached", "undetermined", "not_yet", "disqualified")
ANSWERS = ("yes", "unknown", "no")

Judged = list[tuple[bool, qualify.Verdict]]
"""For each lead whether it became a customer, and its verdict."""


def x_education(data: Path) -> Judged:
    """Leads of a company that sells courses; `Converted` says what came of each."""
    definition = qualify.load(HERE / "x-education")
    mapping = qualify.load_mapping(HERE / "x-education" / "x-education.mapping.toml", definition)
    rows = _rows(data / "x-education" / "leads.csv")
    verdicts = definition.qualify_many((mapping.values(row) for row in rows), as_of=AS_OF)
    return [(row["Converted"] == "1", verdict) for row, verdict in zip(rows, verdicts, strict=True)]


def event_software(data: Path) -> Judged:
    """Leads of a company that sells event software; a customer is who has an offer that was won."""
    definition = qualify.load(HERE / "event-saas")
    mapping = qualify.load_mapping(HERE / "event-saas" / "event-saas.mapping.toml", definition)
    offers = [row for row in _rows(data / "event-saas" / "offers.csv") if row["Id"]]
    happened: dict[str, list[dict[str, Any]]] = {}
    for offer in offers:
        lead, activity = mapping.activity(offer)
        if activity is not None:
            happened.setdefault(str(lead), []).append(activity)
    won = {row["Id"] for row in offers if row["Status"] == "Closed Won"}
    rows = _rows(data / "event-saas" / "leads.csv")
    leads = ({**mapping.values(row), "activities": happened.get(row["Id"], [])} for row in rows)
    return [
        (row["Id"] in won, each) for row, each in zip(rows, definition.qualify_many(leads, as_of=AS_OF), strict=True)
    ]


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


# --- the tables ---


def tables(data: Path) -> dict[str, list[str]]:
    """Every table of the page, by its name."""
    found: dict[str, list[str]] = {}
    for name, judged in (("courses", x_education(data)), ("events", event_software(data))):
        found[f"{name} stages"] = list(stages(judged))
        found[f"{name} sides"] = list(sides(judged))
        found[f"{name} traits"] = list(traits(judged))
        found[f"{name} missing"] = list(missing(judged))
        found[f"{name} hidden"] = list(hidden(judged))
    return found


def stages(judged: Judged) -> Iterator[str]:
    """How many became customers, by the state of each stage."""
    yield from _head("stage", "state")
    yield from _row("all", "", [bought for bought, _ in judged])
    out = [bought for bought, verdict in judged if verdict.left_out_by]
    if out:
        yield from _row("left out", "", out)
    for stage in _names(judged, lambda verdict: verdict.stages):
        for state in STATES:
            yield from _row(
                stage, state, [b for b, v in judged if not v.left_out_by and v.stages[stage].state == state]
            )


def sides(judged: Judged) -> Iterator[str]:
    """The same by what each side says, alone and together."""
    yield from _head("side", "says")
    asked = [
        (stage, team)
        for stage in _names(judged, lambda verdict: verdict.stages)
        for team in next(v for _, v in judged if not v.left_out_by).stages[stage].sides
    ]
    for stage, team in asked:
        for answer in ANSWERS:
            chosen = [b for b, v in judged if not v.left_out_by and v.stages[stage].sides[team] == answer]
            yield from _row(f"{team}, {stage}", answer, chosen)
    by = {"both say yes": ("yes", "yes"), "only the first says yes": ("yes", "no"), "only the second": ("no", "yes")}
    last = {team: stage for stage, team in asked}
    teams = [(stage, team) for team, stage in last.items()]
    pairs = [(one, other) for at, one in enumerate(teams) for other in teams[at + 1 :]]
    for one, other in pairs:
        for title, (first, second) in by.items():
            chosen = [
                b for b, v in judged
                if not v.left_out_by and v.stages[one[0]].sides[one[1]] == first
                and v.stages[other[0]].sides[other[1]] == second
            ]  # fmt: skip
            yield from _row(f"{one[1]}, {one[0]} and {other[1]}, {other[0]}", title, chosen)


def traits(judged: Judged) -> Iterator[str]:
    """Customers among those of whom a trait says yes, no and unknown; lift is yes against all."""
    counted = [(b, v) for b, v in judged if not v.left_out_by]
    base = sum(b for b, _ in counted) / len(counted)
    yield "| trait | yes | of them customers | no | of them customers | unknown | of them customers | lift (95%) |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|"
    for name in _names(judged, lambda verdict: {**verdict.traits, **verdict.shadow.traits}):
        cells: list[str] = []
        lift = "–"
        answers = [(b, (v.traits if name in v.traits else v.shadow.traits)[name].answer) for b, v in counted]
        for answer in ("yes", "no", "unknown"):
            chosen = [b for b, said in answers if said == answer]
            cells += [f"{len(chosen):,}", f"{sum(chosen) / len(chosen):.1%}" if chosen else "–"]
            if answer == "yes" and chosen:
                low, high = (end / base for end in interval(sum(chosen), len(chosen)))
                lift = f"{sum(chosen) / len(chosen) / base:.2f} ({low:.2f} to {high:.2f})"
        yield f"| `{name}` | {' | '.join(cells)} | {lift} |"


def missing(judged: Judged) -> Iterator[str]:
    """What leads whose stage is undetermined lack."""
    yield "| stage | undetermined | of them lack | leads |"
    yield "|---|---:|---|---:|"
    for stage in _names(judged, lambda verdict: verdict.stages):
        open_ = [v for _, v in judged if not v.left_out_by and v.stages[stage].state == "undetermined"]
        lack = Counter(each.field for v in open_ for each in v.missing if stage in each.settles)
        if not open_:
            yield f"| {stage} | 0 | | |"
        for field, leads in sorted(lack.items(), key=lambda each: (-each[1], each[0])):
            yield f"| {stage} | {len(open_):,} | `{field}` | {leads:,} |"


def hidden(judged: Judged) -> Iterator[str]:
    """Customers whom a team that follows the definition to the letter would not have worked on."""
    bought = [verdict for each, verdict in judged if each]
    states = ("not yet", "disqualified", "undetermined", "left out")
    yield f"| who calls only leads that reached | misses customers | of all | {' | '.join(states)} |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for stage in _names(judged, lambda verdict: verdict.stages):
        by = Counter("left out" if v.left_out_by else v.stages[stage].state.replace("_", " ") for v in bought)
        lost = len(bought) - by["reached"]
        counts = [by[each] for each in states]
        yield f"| {stage} | {lost:,} of {len(bought):,} | {lost / len(bought):.1%} | {' | '.join(f'{n:,}' for n in counts)} |"


def _names(judged: Judged, of: Callable[[qualify.Verdict], Iterable[str]]) -> list[str]:
    return list(of(next(verdict for _, verdict in judged if not verdict.left_out_by)))


def _head(*columns: str) -> Iterator[str]:
    yield f"| {' | '.join(columns)} | leads | customers | share | 95% |"
    yield f"|{'---|' * len(columns)}---:|---:|---:|---:|"


def _row(about: str, which: str, bought: list[bool]) -> Iterator[str]:
    if bought:
        low, high = interval(sum(bought), len(bought))
        share = f"{sum(bought) / len(bought):.1%}"
        which = which.replace("_", " ")
        yield f"| {about} | {which} | {len(bought):,} | {sum(bought):,} | {share} | {low:.1%} to {high:.1%} |"


def interval(some: int, of: int) -> tuple[float, float]:
    """Wilson's interval of a share, at 95%."""
    z = 1.959964
    share, square = some / of, z * z
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = z * sqrt(share * (1 - share) / of + square / (4 * of * of)) / (1 + square / of)
    return max(0.0, middle - half), min(1.0, middle + half)


def filled(page: str, found: dict[str, list[str]]) -> str:
    """A page with its tables drawn anew. Raises KeyError for a table that there isn't."""
    region = re.compile(r"(<!-- drawn: ([a-z ]+) -->\n).*?(<!-- end -->\n)", re.DOTALL)
    return region.sub(lambda at: at[1] + "\n" + "\n".join(found[at[2]]) + "\n\n" + at[3], page)


def main(words: list[str]) -> int:
    """Print the tables, or write them into a page."""
    if len(words) not in (1, 3) or words[1:2] not in ([], ["--into"]):
        print(__doc__)
        return 2
    found = tables(Path(words[0]))
    if words[1:]:
        page = Path(words[2])
        page.write_text(filled(page.read_text(encoding="utf-8"), found), encoding="utf-8")
    else:
        print("\n".join(f"{name}\n\n" + "\n".join(lines) + "\n" for name, lines in found.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
