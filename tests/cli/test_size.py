"""Files larger than memory go through: what the command takes doesn't grow with them."""

import json
import os
import subprocess
import sys

import pytest

pytest.importorskip("resource", reason="only POSIX tells how much memory a process took")

MEASURED = """
import resource, sys
from qualify.cli.program import run
code = run(sys.argv[1:])
print(code, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
"""


def peak(folder, *words):
    """The largest size that the process had, in whatever unit the system counts."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, *words], cwd=folder, env=dict(os.environ), capture_output=True, check=True
    )
    code, size = done.stderr.split()[-2:]
    assert int(code) == 0
    return int(size)


@pytest.mark.parametrize(("form", "most"), [("csv", 200_000), ("jsonl", 50_000)])
def test_ten_times_the_leads_take_no_more_memory(folder, form, most):
    """A million leads are one file of a large company."""
    sizes = []
    for number in (most // 10, most):
        with (folder / f"many.{form}").open("w", encoding="utf-8") as file:
            if form == "csv":
                file.write("id,industry,employees,company\n")
                file.writelines(f"{n},Printing,{n % 90},Company {n}\n" for n in range(number))
            else:
                file.writelines(
                    json.dumps({"id": str(n), "employees": n % 90, "company": f"Company {n}"}) + "\n"
                    for n in range(number)
                )
        sizes.append(peak(folder, "run", "shops.toml", f"many.{form}", "-o", f"verdicts.{form}"))

    assert sizes[1] < sizes[0] * 1.1
