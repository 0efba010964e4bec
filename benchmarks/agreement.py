"""Whether the generated function agrees with the plain evaluator, on generated definitions, leads and moments.

    python benchmarks/agreement.py --cases 100000     the long run
    python benchmarks/agreement.py --small            1,000 cases

A case is a definition, a lead and a moment; each definition is asked about ten leads. Errors are compared too. The
first case that differs is shown, shrunk to the plainest.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from time import perf_counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # for tests.strategies

from qualify.engine.decision import Decision
from tests.engines import comparable, compiled, compiled_over_models, plain
from tests.strategies import leads, models, moments

EACH = 10


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--small", action="store_true")
    arguments = parser.parse_args()
    wanted = 1_000 if arguments.small else arguments.cases
    seen: Counter[str] = Counter()

    @settings(
        max_examples=max(1, wanted // EACH), deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(data=st.data())
    def agree(data: st.DataObject) -> None:
        model = data.draw(models())
        as_of = data.draw(moments())
        listed = [data.draw(leads(model, as_of)) for _ in range(EACH)]
        expected = plain(model, listed, as_of)
        for engine in (compiled, compiled_over_models):
            assert [comparable(each) for each in engine(model, listed, as_of)] == [
                comparable(each) for each in expected
            ]
        for result in expected:
            seen["cases"] += 1
            if isinstance(result, Decision):
                seen["left out"] += bool(result.left_out_by)
                seen["some stage reached"] += result.stage is not None
                seen["some answer unknown"] += any(trait.answer is None for trait in result.traits.values())
            else:
                seen["refused"] += 1

    begin = perf_counter()
    agree()
    print(f"{seen.pop('cases'):,} cases, no difference, {perf_counter() - begin:.0f} s")
    print(", ".join(f"{name}: {number:,}" for name, number in seen.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
