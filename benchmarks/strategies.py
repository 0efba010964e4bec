"""How good the strategies of `qualify.testing` are, against what one would write without them.

    python benchmarks/strategies.py            200 generated rules, 100 examples of each
    python benchmarks/strategies.py --small    20 rules, 20 examples: to see that it works

For each rule and answer: how many of the drawn leads give that answer, how long drawing takes against `leads()`, how many
different leads there are; and the same for `leads().filter(...)`, the baseline. Then 20 bugs are planted, each a rule
that was copied wrongly: how large is the lead that shows it, against the one that a person would write.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis.errors import NoSuchExample
from hypothesis.strategies import SearchStrategy

from qualify import Definition, Lead, parse
from qualify.definition.files import define_model
from qualify.rules.logic import Test, tests
from qualify.rules.reads import reads
from qualify.rules.tree import Compare, Date, DateTime, Number, Rule, Text
from qualify.testing import Unsatisfiable, borderline_leads, leads, leads_where
from qualify.vocabulary import STANDARD_FIELDS

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # for tests.strategies
from tests.strategies import World, typed_rules

AS_OF = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
ANSWERS = ("yes", "no", "unknown")
SHRINKING = settings(
    database=None, derandomize=True, deadline=None, max_examples=500, suppress_health_check=list(HealthCheck)
)
DRAWING = settings(
    database=None, derandomize=True, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)


def drawn(strategy: SearchStrategy[Any], number: int) -> tuple[list[Any], float]:
    """So many examples, and the seconds that each took."""
    found: list[Any] = []

    @settings(DRAWING, max_examples=number)
    @given(strategy)
    def draw(value: Any) -> None:
        found.append(value)

    begin = process_time()
    draw()
    return found, (process_time() - begin) / max(1, len(found))


def generated_rules(number: int) -> list[Rule]:
    """Rules over the standard fields and activities, each once, as the project's own tests draw them."""
    world = World(fields=dict(STANDARD_FIELDS), activities={"call": {"result": "text"}, "page_view": {"page": "text"}})
    found, _ = drawn(typed_rules(world), 3 * number)
    return list({str(rule): rule for rule in found}.values())[:number]


def is_promised(rule: Rule) -> bool:
    """Whether each comparison has a literal on one side, and each field and activity is read at most three times."""
    asked: list[Test] = list(tests(rule))
    times = Counter(name for test in asked for name in (*reads(test).values, *reads(test).activities))
    literal = all(
        isinstance(test.left, Number | Text | Date | DateTime) or isinstance(test.right, Number | Text | Date | DateTime)
        for test in asked if isinstance(test, Compare)
    )  # fmt: skip
    return literal and max(times.values(), default=0) <= 3 and all(len(reads(test).values) <= 1 for test in asked)


def answering(rule: Rule) -> Callable[[Lead], str]:
    """What a rule says of a lead."""
    raw = {"format": 1, "name": "One rule", "version": "1", "teams": {"team": "Team"},
           "traits": {"asked": {"team": "team", "when": str(rule), "why": "-"}}}  # fmt: skip
    definition = Definition(define_model(raw)[0])
    return lambda lead: str(definition.qualify(lead, as_of=AS_OF).traits["asked"].answer)


BUGS = (
    ("employees >= 50", "employees > 50", 1),
    ("employees < 10", "employees <= 10", 1),
    ("employees between 10 and 200", "employees > 10 and employees <= 200", 1),
    ("annual_revenue >= 2.5", "annual_revenue >= 2.6", 1),
    ("not opted_out", "opted_out", 1),
    ("opted_out is unknown or not opted_out", "not opted_out", 0),
    ('country == "DE"', 'country in ["DE", "AT"]', 1),
    ('job_title mentions ["vp", "director"]', 'job_title mentions ["vp"]', 1),
    ('job_title starts with "head"', 'job_title contains "head"', 1),
    ('interests has all ["a", "b"]', 'interests has any ["a", "b"]', 1),
    ("created_at within 30 days", "created_at within 31 days", 1),
    ("created_at older than 1 years", "created_at older than 12 weeks", 1),
    ("count(call) >= 2", "count(call) >= 3", 1),
    ("count(page_view within 14 days) >= 1", "count(page_view within 30 days) >= 1", 1),
    ('count(call where result == "no") == 0', "count(call) == 0", 1),
    ("employees >= 50 and budget_confirmed", "employees >= 50 or budget_confirmed", 1),
    ('employees >= 50 and country == "DE"', "employees >= 50", 2),
    ("at least 2 of [bounced, consented, customer]", "at least 1 of [bounced, consented, customer]", 1),
    ("employees / 10 >= 5", "employees / 10 > 5", 1),
    ("last(meeting) within 7 days", "last(meeting) within 8 days", 1),
)
"""A rule, the same copied wrongly, and how many fields the smallest lead has on which they differ."""


def shrunk() -> list[tuple[str, int, int]]:
    """Bugs that were found: the rule, the fields of the lead that was found, those of the one by hand."""
    found = []
    for right, wrong, smallest in BUGS:
        good, bad = answering(parse(right)), answering(parse(wrong))
        drawn_from = borderline_leads(right, as_of=AS_OF) | borderline_leads(wrong, as_of=AS_OF) | leads(as_of=AS_OF)
        try:
            lead = find(drawn_from, lambda each, g=good, b=bad: g(each) != b(each), settings=SHRINKING)
        except NoSuchExample:
            found.append((right, 99, smallest))
            continue
        size = sum(value is not None for _, value in lead)
        found.append((right, size, smallest))
    return found


def main() -> None:
    """Print the figures."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--small", action="store_true", help="few rules, few examples")
    small = words.parse_args().small
    number, examples = (20, 20) if small else (200, 100)
    _, plain = drawn(leads(as_of=AS_OF), examples)
    kept, slower, made, distinct, refused, baseline, outcomes = [], [], [], [], [], [], 0
    for rule in generated_rules(number):
        promised, answer = is_promised(rule), answering(rule)
        unaided = Counter(answer(lead) for lead in drawn(leads(as_of=AS_OF), examples)[0])
        for wanted in ANSWERS:
            begin = process_time()
            try:
                strategy = leads_where(rule, wanted, as_of=AS_OF)  # type: ignore[arg-type]
            except Unsatisfiable as why:
                refused.append((promised, why.proved, unaided[wanted], str(rule), wanted))
                continue
            made.append(process_time() - begin)
            _, base = drawn(leads(as_of=AS_OF), examples)
            found, took = drawn(strategy, examples)
            good = sum(answer(lead) == wanted for lead in found) / len(found)
            kept.append((good, str(rule), wanted, promised))
            slower.append(took / base)
            distinct.append(1000 * len(set(map(repr, found))) / examples)
            baseline.append(unaided[wanted] / examples)
            outcomes += 1
    kept.sort()
    print(f"{outcomes} outcomes of {number} rules; {plain * 1e6:.0f} µs for a lead of leads()")
    print(f"kept: worst {kept[0][0]:.2f}, at least 0.99 in {sum(good >= 0.99 for good, *_ in kept)} of {len(kept)}")
    print(f"time against leads(): median {median(slower):.2f}, largest {max(slower):.2f}")
    print(f"made in: median {median(made) * 1000:.0f} ms, longest {max(made) * 1000:.0f} ms")
    print(f"different leads of 1,000 drawn: median {median(distinct):.0f}, fewest {min(distinct):.0f}")
    print(f"the baseline keeps: median {median(baseline):.2f}, none at all in {sum(not each for each in baseline)}")
    proved = sum(proved for _, proved, *_ in refused)
    wrong = [each for each in refused if each[2]]
    print(f"refused: {len(refused)}, {proved} of them proved; {len(wrong)} wrongly, for plain leads do it")
    for each in wrong[:5]:
        print("  ", each)
    bugs = shrunk()
    same = sum(size <= smallest for _, size, smallest in bugs)
    print(f"{sum(size < 99 for _, size, _ in bugs)} of {len(bugs)} planted bugs found; as small as by hand: {same}")
    for rule_, size, smallest in bugs:
        if size > smallest:
            print("  ", rule_, "not found" if size == 99 else f"{size} fields, by hand {smallest}")
    for good, rule_, wanted, promised in kept[:5]:
        if good < 0.99:
            print("  ", good, wanted, promised, rule_)


if __name__ == "__main__":
    main()
