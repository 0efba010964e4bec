"""What the first use costs, as ratios taken in one run: each command is a fresh interpreter, interleaved with its rival.

    python benchmarks/cold.py             25 repeats
    python benchmarks/cold.py --small     3 repeats: to see that it works

- `import qualify` against `import pydantic`: the time that each adds to an interpreter that imports nothing;
- from a cold start to the first verdict of a file with 20 traits, against a cold start that defines and fills one
  pydantic model of 30 fields.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from workload import leads, raw_definition

import qualify

MODEL = (
    """
from pydantic import BaseModel
class Thirty(BaseModel):
"""
    + "".join(f"    field_{n}: {('int', 'str', 'float')[n % 3]} | None = None\n" for n in range(30))
    + """
Thirty(**{f"field_{n}": (n, "text", 0.5)[n % 3] for n in range(30)})
"""
)
VERDICT = """
import qualify
definition = qualify.load({path!r})
definition.qualify({lead!r}).stage
"""


def took(code: str) -> float:
    begin = perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return perf_counter() - begin


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", action="store_true", help="to see that it works")
    repeats = 3 if parser.parse_args().small else 25
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "definition.toml"
        qualify.define(**raw_definition()).save(path)
        lead = {name: value for name, value in leads(1)[0].items() if not name.endswith("_at")}
        verdict = VERDICT.format(path=str(path), lead=lead)
        imports: list[float] = []
        starts: list[float] = []
        for _ in range(repeats):
            nothing, ours, theirs = took("pass"), took("import qualify"), took("import pydantic")
            imports.append((ours - nothing) / (theirs - nothing))
            starts.append(took(verdict) / took(MODEL))
    print(f"import qualify: {median(imports):.1%} of what import pydantic takes (at most 10 %)")
    print(f"cold start to the first verdict: {median(starts):.2f} times a cold 30-field model (at most 2.5)")


if __name__ == "__main__":
    main()
