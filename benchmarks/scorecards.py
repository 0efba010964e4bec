"""How fast scorecards over activities are, as ratios to a hand-written function, all taken in one run.

    python benchmarks/scorecards.py            2,000 leads of 50 activities, 9 interleaved repeats
    python benchmarks/scorecards.py --small    200 leads, 2 repeats: to see that it works

Each figure is the median over the repeats of (time of the engine / time of the function by hand), in time of the
processor. By hand starts at plain dicts, as does the third figure, which also reads and checks every activity; the
first begins where a lead's activities have been read.
"""

from __future__ import annotations

import argparse
import gc
from collections.abc import Callable
from statistics import median
from time import process_time
from typing import Any

from workload_scorecards import AS_OF, by_hand, leads, raw_definition

import qualify

DECISION = "the engine's decision, every fact's outcome known"
OBJECTS = "qualify_many over Lead objects, each stage read"
DICTS = "qualify_many over clean plain dicts, each stage read"
LIMITS = {DECISION: 1.0}


def timed(work: Callable[[], object]) -> float:
    """Seconds of the processor."""
    gc.collect()
    gc.disable()
    begin = process_time()
    work()
    took = process_time() - begin
    gc.enable()
    return took


def measure(number: int, repeats: int) -> dict[str, float]:
    """Figure to ratio."""
    definition = qualify.define(**raw_definition())
    session = definition._evaluator.session(AS_OF)
    reader, decide, clock, edges = session.evaluator.reader, session.compiled.decide, session.clock, session.edges
    plain = leads(number)
    model = definition.lead_model()
    objects = [model(**lead) for lead in plain]
    read = [(lead, reader.events(lead["activities"], clock.as_of, lead)) for lead in plain]

    def hand() -> None:
        for lead in plain:
            by_hand(lead)

    def decision() -> None:
        for lead, events in read:
            decide(lead, events, clock, edges)

    def over(given: list[Any]) -> Callable[[], None]:
        def work() -> None:
            for verdict in definition.qualify_many(given, as_of=AS_OF):
                _ = verdict.stage

        return work

    figures: dict[str, Callable[[], None]] = {DECISION: decision, OBJECTS: over(objects), DICTS: over(plain)}
    took: dict[str, list[float]] = {name: [] for name in figures}
    for work in (hand, *figures.values()):
        work()
    for _ in range(repeats):
        base = timed(hand)
        for name, work in figures.items():
            took[name].append(timed(work) / base)
    print(f"by hand: {base / number * 1e6:.1f} µs a lead in the last repeat")
    return {name: median(ratios) for name, ratios in took.items()}


def main() -> None:
    """Print each figure beside what is wanted."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--small", action="store_true", help="to see that it works")
    small = words.parse_args().small
    for name, ratio in measure(200 if small else 2_000, 2 if small else 9).items():
        limit = f" (at most {LIMITS[name]:.1f})" if name in LIMITS else ""
        print(f"{name}: {ratio:.2f} times by hand{limit}")


if __name__ == "__main__":
    main()
