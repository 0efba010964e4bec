"""A sync of 5,000 records against a live PostgreSQL server, killed (SIGKILL) at 50 random moments.

    python benchmarks/kill_sync.py            5,000 records, 50 kills
    python benchmarks/kill_sync.py --small    300 records, 3 kills: to see that it works

Each time: leads that nobody has judged, a sync that is killed, another one that is let finish. Then every row must be
as one clean sync left it, and must have been written as often: once. A kill comes once a random number of rows is
written, from none to all but one, and up to a twentieth of a second later: that is anywhere in a transaction, between
its answer and the state file, or while the next page is read and judged, on whatever machine.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.adapters import postgres
from tests.sync.kills import Scene


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--twins", action="store_true", help="with a mapping that looks for duplicates")
    parser.add_argument("--seed", type=int, default=7)
    said = parser.parse_args()
    records, kills = (300, 3) if said.small else (5000, 50)
    why = postgres.why_not()
    if why is not None:
        print(f"not run: {why}")
        return 0
    chance = random.Random(said.seed)
    with tempfile.TemporaryDirectory() as folder, postgres.server() as server:
        scene = Scene(Path(folder), server.database(), records, twins=said.twins)
        began = perf_counter()
        scene.finish()
        took = perf_counter() - began
        clean = scene.left()
        print(f"{records:,} records, one clean sync: {took:.1f} s, {len(clean.written):,} rows written", flush=True)
        amid = wrong = again = reread = 0
        for number in range(kills):
            scene.begin()
            amid += scene.kill_at(chance.randrange(len(clean.written)), later=chance.random() / 20)
            reread += scene.finish()["read"]
            found = scene.left()
            if found.rows != clean.rows:
                wrong += 1
                print(f"kill {number}: rows differ", flush=True)
            again += sum(count > 1 for *_, count in found.written)
        print(f"{kills} kills, {amid} of them of a process that was still at work")
        print(f"ended otherwise than after a clean sync: {wrong} of {kills}")
        print(f"rows that were written twice: {again}")
        print(f"read by the sync that finished it: {reread / kills / records:.0%} of the records, on average")
        scene.close()
    return 1 if wrong or again else 0


if __name__ == "__main__":
    sys.exit(main())
