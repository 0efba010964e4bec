"""Whether memory stays flat over leads that are streamed through the command line.

    python benchmarks/memory.py            100,000 and 1,000,000 leads
    python benchmarks/memory.py --small    2,000 and 20,000: to see that it works

The leads come in as CSV through standard input and go out as CSV to nowhere; each run is a process of its own.
The figure is the ratio of the two peaks of memory: flat is 1.
"""

from __future__ import annotations

import argparse
import csv
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from workload import leads, raw_definition

import qualify

COMMAND = [sys.executable, "-m", "qualify", "run"]


def peak(definition: Path, number: int) -> tuple[float, float]:
    """Peak memory in MiB and seconds of one run over so many leads."""
    rows = leads(2_000)
    for row in rows:
        row["last_activity_at"] = row["last_activity_at"] and row["last_activity_at"].isoformat()
    begin = perf_counter()
    process = subprocess.Popen(
        [*COMMAND, str(definition), "-", "--format", "csv", "--output", os.devnull, "--as-of", "2026-11-24T09:00:00Z"],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdin is not None
    writer = csv.DictWriter(process.stdin, list(rows[0]))
    writer.writeheader()
    for at in range(number):
        writer.writerow({**rows[at % len(rows)], "id": at})
    process.stdin.close()
    _, status, usage = os.wait4(process.pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0, "the run failed"
    assert isinstance(usage, resource.struct_rusage)
    return usage.ru_maxrss / 1024, perf_counter() - begin


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", action="store_true", help="to see that it works")
    few, many = (2_000, 20_000) if parser.parse_args().small else (100_000, 1_000_000)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "definition.toml"
        qualify.define(**raw_definition()).save(path)
        small, _ = peak(path, few)
        large, seconds = peak(path, many)
    print(
        f"peak memory at {few:,} and {many:,} leads: {small:.0f} and {large:.0f} MiB, {large / small:.2f} times (flat is 1)"
    )
    print(f"{many:,} leads took {seconds:.0f} s, the writing of the CSV included")


if __name__ == "__main__":
    main()
