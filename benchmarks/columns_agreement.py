"""Whether engines that judge tables agree with the generated function, on drawn definitions, leads and moments.

    python benchmarks/columns_agreement.py --engine polars --cases 1000000     the long run, of one engine or of several
    python benchmarks/columns_agreement.py --small                             200 verdicts of each that can be had

A case is a verdict: of a lead, by a definition, at a moment; each definition is asked about 200 leads (60 in Spark and
in small runs; `--each` says another number). `--plain` asks the plain evaluator too. What differs is told with its seed,
and `--from SEED --cases 1` asks again.
"""

from __future__ import annotations

import argparse
import sys
import traceback
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # for tests.columns

from tests.columns.agreeing import Tally, compare, wanted
from tests.columns.drawing import drawn
from tests.columns.engines import ENGINES, Engine, Judge


def main() -> int:
    names = [engine.name for engine in ENGINES]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", action="append", choices=names, help="all that can be had, where none is named")
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--from", type=int, default=0, dest="start", metavar="SEED")
    parser.add_argument("--each", type=int, help="leads that each definition is asked about")
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--small", action="store_true")
    arguments = parser.parse_args()
    worst = 0
    for engine in ENGINES:
        if arguments.engine and engine.name not in arguments.engine:
            continue
        if (why := engine.why_not()) is not None:
            print(f"{engine.name}: not asked, {why}")
            continue
        each = arguments.each or (60 if arguments.small or not engine.fast else 200)
        cases = 200 if arguments.small else arguments.cases
        with ExitStack() as open_:
            worst |= agree(engine, open_.enter_context(engine.open()), arguments.start, cases, each, arguments.plain)
    return worst


def agree(engine: Engine, judge: Judge, seed: int, cases: int, each: int, twice: bool) -> int:
    """Ask one engine until so many verdicts are compared."""
    tally, begin = Tally(), perf_counter()
    while tally.compared < cases and len(tally.different) < 10:
        one = drawn(seed, each)
        try:
            found = compare(judge, wanted(one.model, one.leads, one.as_of, twice=twice), most=1, largest=engine.largest)
        except KeyboardInterrupt:
            break
        except Exception:  # whatever an engine says of a query that it can't read
            found = Tally(different=[traceback.format_exc()])
        for told in found.different:
            print(f"{engine.name}, seed {seed}: {told}", flush=True)
        before = tally.compared
        tally.add(found)
        seed += 1
        if tally.compared // 100_000 > before // 100_000:
            print(f"{engine.name}: {tally.compared:,} so far, up to seed {seed - 1}", flush=True)
    print(
        f"{engine.name}: {tally.compared:,} verdicts compared, {len(tally.different) or 'none'} different, "
        f"up to seed {seed - 1}, {perf_counter() - begin:.0f} s"
    )
    for what, reasons in (("left out", tally.left_out), ("refused", tally.refused)):
        print(f"  {what}: {reasons.total():,}")
        for reason, number in reasons.most_common():
            print(f"    {number:,}: {reason}")
    return int(bool(tally.different))


if __name__ == "__main__":
    sys.exit(main())
