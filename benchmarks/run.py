"""All benchmarks, one after the other: `python benchmarks/run.py`, or `--small` to see that they work."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SCRIPTS = (
    "speed.py",
    "scorecards.py",
    "account.py",
    "cold.py",
    "memory.py",
    "agreement.py",
    "columns_agreement.py",
    "strategies.py",
    "hubspot.py",
    "kill_sync.py",
    "columns.py",
)


def main() -> int:
    """Each script in a process of its own, with the words that came with the command."""
    worst = 0
    for script in SCRIPTS:
        print(f"--- {script}", flush=True)
        worst = max(worst, subprocess.run([sys.executable, str(HERE / script), *sys.argv[1:]], check=False).returncode)
    return worst


if __name__ == "__main__":
    sys.exit(main())
