"""Print pip constraints that pin what a user must have to its lowest allowed release.

    python tools/lowest.py > lowest.txt && pip install -c lowest.txt -e ".[dev]"

The bounds are read from pyproject.toml, so there is no second place that knows them: the core dependencies
and the extras that users install. Tools of the house (docs, dev) come as they come.
"""

import re
import tomllib
from pathlib import Path

PYPROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"
FOR_USERS_NOT = {"dev", "docs"}
OWN = "qualify["
"""An extra that brings another of ours says nothing new."""

_REQUIREMENT = re.compile(r"(?P<name>[\w.-]+)\s*>=\s*(?P<lowest>[0-9][^,;\s]*)(?P<marker>\s*;.*)?")


def lowest() -> list[str]:
    """One `name==bound` a requirement, its marker kept; anything but one lower bound is an error."""
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    users = [project["dependencies"], *(extras[name] for name in sorted(extras) if name not in FOR_USERS_NOT)]
    return [_pinned(each) for requirements in users for each in requirements if not each.startswith(OWN)]


def _pinned(requirement: str) -> str:
    found = _REQUIREMENT.fullmatch(requirement)
    if found is None:
        raise SystemExit(f"pyproject.toml: {requirement!r} is not a name with a lower bound and nothing else")
    return f"{found['name']}=={found['lowest']}{found['marker'] or ''}"


if __name__ == "__main__":
    print("\n".join(lowest()))
