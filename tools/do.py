"""One command per wish: `python tools/do.py` lists them, `python tools/do.py WISH` grants one.

Words after the wish go to its last command: `python tools/do.py test -k tiers`.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable

WISHES: dict[str, tuple[str, list[list[str]]]] = {
    "lint": (
        "style and order of the code",
        [[PYTHON, "-m", "ruff", "check", "."], [PYTHON, "-m", "ruff", "format", "--check", "."]],
    ),
    "format": (
        "write the code as lint wants it",
        [[PYTHON, "-m", "ruff", "check", "--fix", "."], [PYTHON, "-m", "ruff", "format", "."]],
    ),
    "types": ("the type checker, strict", [[PYTHON, "-m", "mypy"]]),
    "test": ("all tests, the docs' examples too", [[PYTHON, "-m", "pytest"]]),
    "cover": (
        "all tests, and the lines that none of them reached",
        [[PYTHON, "-m", "pytest", "--cov", "--cov-report=term-missing"]],
    ),
    "docs": (
        "the site, into docs/_build; a warning is an error",
        [[PYTHON, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", "docs", "docs/_build"]],
    ),
    "bench": ("the benchmarks", [[PYTHON, "benchmarks/run.py"]]),
    "release": ("source archive and wheel, into dist/", [[PYTHON, "-m", "build"]]),
    "ci": ("everything that must hold before a change is taken", [["bash", ".ci/run"]]),
}


def main(words: list[str]) -> int:
    """List the wishes, or run the commands of one until the first that fails."""
    if not words or words[0] not in WISHES:
        print("python tools/do.py WISH\n")
        print("\n".join(f"  {wish:<8} {means}" for wish, (means, _) in WISHES.items()))
        return 2 if words else 0
    *first, last = WISHES[words[0]][1]
    for command in [*first, last + words[1:]]:
        code = subprocess.run(command, cwd=ROOT, check=False).returncode
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
