"""Pages that are partly written by hand and partly drawn from the code."""

import re
from collections.abc import Mapping
from pathlib import Path

REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "reference"
_REGION = re.compile(r"(<!-- drawn: (?P<name>[a-z ]+) -->\n).*?(<!-- end -->\n)", re.DOTALL)


def drawn(page: str, regions: Mapping[str, list[str]]) -> str:
    """A page of the reference with its regions drawn anew. Raises KeyError for a region that nobody draws."""
    text = (REFERENCE / page).read_text(encoding="utf-8")
    return _REGION.sub(
        lambda found: found[1] + "\n" + "\n".join(regions[found["name"]]).strip() + "\n\n" + found[3], text
    )
