"""What an account of a verdict costs, as ratios to a hand-written function, all taken in one run.

    python benchmarks/account.py            2,000 leads, 7 interleaved repeats
    python benchmarks/account.py --small    200 leads, 2 repeats: to see that it works

Each lead is judged anew, so each figure holds the decision too; the last one is of nearest alone. Figures are medians over the
repeats of (time of the work / time of the function by hand) over all leads.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from statistics import median
from time import perf_counter

from speed import timed
from workload import AS_OF, by_hand, leads, raw_definition

import qualify


def measure(number: int, repeats: int) -> dict[str, float]:
    """Figure to ratio."""
    definition = qualify.define(**raw_definition())
    plain = leads(number)

    def hand() -> None:
        for lead in plain:
            by_hand(lead)

    def as_json() -> None:
        for verdict in definition.qualify_many(plain, as_of=AS_OF):
            verdict.to_json()

    def explain() -> None:
        for verdict in definition.qualify_many(plain, as_of=AS_OF):
            verdict.explain()

    figures: dict[str, Callable[[], object]] = {JSON: as_json, EXPLAIN: explain}
    took: dict[str, list[float]] = {name: [] for name in (*figures, NEAREST)}
    for work in (hand, *figures.values()):
        work()
    for _ in range(repeats):
        base = timed(hand)
        for name, work in figures.items():
            took[name].append(timed(work) / base)
        took[NEAREST].append(nearest_to_explain(definition, plain))
    return {name: median(ratios) for name, ratios in took.items()}


def nearest_to_explain(definition: qualify.Definition, plain: list[dict[str, object]]) -> float:
    """The slowest of `nearest`, a hundredth of the leads left out, against the median of `explain`."""
    explaining, searching = [], []
    for verdict in definition.qualify_many(plain, as_of=AS_OF):
        begin = perf_counter()
        verdict.explain()
        between = perf_counter()
        _ = verdict.nearest
        explaining.append(between - begin)
        searching.append(perf_counter() - between)
    return max(sorted(searching)[: -max(1, len(searching) // 100)]) / median(explaining)


JSON = "a verdict built whole and dumped as JSON"
EXPLAIN = "a verdict explained in text"
NEAREST = "nearest (99 of 100 leads), against the median explain"
LIMITS = {JSON: 40.0, EXPLAIN: 100.0, NEAREST: 20.0}


def main() -> None:
    """Print each figure beside what is wanted."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--small", action="store_true", help="few leads, few repeats")
    small = words.parse_args().small
    for name, ratio in measure(200 if small else 2_000, 2 if small else 7).items():
        print(f"{ratio:7.2f} times, wanted at most {LIMITS[name]:g}: {name}")


if __name__ == "__main__":
    main()
