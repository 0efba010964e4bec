"""Print one of the README's two commands, exactly as it stands there: `python tools/readme.py run|test`.

The continuous build runs what this prints, so that a newcomer's first two lines are tried with every change.
"""

import re
import sys
from pathlib import Path

README = Path(__file__).resolve().parent.parent / "README.md"


def command(which: str) -> str:
    """The one line in the block below the comment `<!-- command: WHICH -->`."""
    found = re.findall(rf"<!-- command: {which} -->\n+```sh\n(.*)\n```\n", README.read_text(encoding="utf-8"))
    if len(found) != 1:
        sys.exit(f"README.md has {len(found)} one-line commands marked '{which}'; it must have one")
    return str(found[0])


if __name__ == "__main__":
    if sys.argv[1:] not in (["run"], ["test"]):
        sys.exit("usage: python tools/readme.py run|test")
    print(command(sys.argv[1]))
