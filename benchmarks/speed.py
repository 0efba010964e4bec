"""How fast the engine is, as ratios to a hand-written function, all taken in one run.

    python benchmarks/speed.py            100,000 leads, 7 interleaved repeats
    python benchmarks/speed.py --small    2,000 leads, 3 repeats: to see that it works

Each figure is the median over the repeats of (time of the engine / time of the function by hand).
"""

from __future__ import annotations

import argparse
import gc
from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

from workload import AS_OF, by_hand, leads, raw_definition

import qualify


def timed(work: Callable[[], object]) -> float:
    gc.collect()
    gc.disable()
    begin = perf_counter()
    work()
    took = perf_counter() - begin
    gc.enable()
    return took


def measure(number: int, repeats: int) -> dict[str, float]:
    """Figure to ratio."""
    definition = qualify.define(**raw_definition())
    session = definition._evaluator.session(AS_OF)
    clock, edges = session.clock, session.edges
    plain = leads(number)
    model = definition.lead_model()
    objects = [model(**lead) for lead in plain]

    def hand() -> None:
        for lead in plain:
            by_hand(lead)

    def decision() -> None:
        decide = session.compiled.decide
        for lead in plain:
            decide(lead, None, clock, edges)

    def over_leads() -> None:
        for verdict in definition.qualify_many(objects, as_of=AS_OF):
            _ = verdict.stage

    def over_dicts() -> None:
        for verdict in definition.qualify_many(plain, as_of=AS_OF):
            _ = verdict.stage

    def one_by_one() -> None:
        for lead in objects:
            _ = definition.qualify(lead, as_of=AS_OF).stage

    figures: dict[str, Callable[[], Any]] = {
        "the engine's decision, every fact's outcome known": decision,
        "qualify_many over Lead objects, each stage read": over_leads,
        "qualify_many over clean plain dicts, each stage read": over_dicts,
        "qualify, one Lead at a time, each stage read": one_by_one,
    }
    took: dict[str, list[float]] = {name: [] for name in figures}
    for work in (hand, *figures.values()):
        work()
    for _ in range(repeats):
        base = timed(hand)
        for name, work in figures.items():
            took[name].append(timed(work) / base)
    print(f"by hand: {base / number * 1e6:.2f} µs a lead in the last repeat")
    return {name: median(ratios) for name, ratios in took.items()}


LIMITS = {
    "the engine's decision, every fact's outcome known": 1.0,
    "qualify_many over Lead objects, each stage read": 2.0,
    "qualify_many over clean plain dicts, each stage read": 4.0,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", action="store_true", help="to see that it works")
    small = parser.parse_args().small
    for name, ratio in measure(2_000 if small else 100_000, 3 if small else 7).items():
        limit = f" (at most {LIMITS[name]:.1f})" if name in LIMITS else ""
        print(f"{name}: {ratio:.2f} times by hand{limit}")


if __name__ == "__main__":
    main()
