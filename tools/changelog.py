"""Collect the fragments in changes/ under a new heading: `python tools/changelog.py VERSION DATE`.

A fragment is a file `changes/WORDS.KIND.md`, written by the author of the change for the people who use
qualify; KIND says which heading of CHANGELOG.md it stands under. What is collected is removed.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KINDS = {
    "verdict": "Verdicts that change *",
    "new": "New",
    "better": "Better",
    "fixed": "Fixed",
    "deprecated": "Deprecated",
    "gone": "Gone",
}
MARK = "<!-- releases below, newest first -->\n"


def fragments(folder: Path) -> list[Path]:
    """The fragments of a folder by name; a file whose name doesn't say its kind is an error that says so."""
    found = sorted(path for path in folder.glob("*.md") if path.name != "README.md")
    for path in found:
        if len(path.suffixes) != 2 or path.suffixes[0][1:] not in KINDS:
            raise SystemExit(f"{path.name}: name it WORDS.KIND.md, KIND being one of {', '.join(KINDS)}")
    return found


def section(version: str, date: str, found: list[Path]) -> str:
    """The text of one release: its heading, then the fragments under the heading of their kind."""
    text = f"## {version} ({date})\n"
    for kind, heading in KINDS.items():
        of_kind = [path for path in found if path.suffixes[0][1:] == kind]
        if of_kind:
            items = (path.read_text(encoding="utf-8").strip().replace("\n", "\n  ") for path in of_kind)
            text += f"\n{heading}\n\n" + "".join(f"- {item}\n" for item in items)
    return text


def collect(root: Path, version: str, date: str) -> None:
    """Write the release into CHANGELOG.md and remove the fragments that it was made of."""
    found = fragments(root / "changes")
    if not found:
        raise SystemExit("changes/ has no fragments: nothing to release")
    changelog = root / "CHANGELOG.md"
    before, mark, after = changelog.read_text(encoding="utf-8").partition(MARK)
    if not mark:
        raise SystemExit(f"CHANGELOG.md has lost its line {MARK.strip()}")
    text = before + mark + "\n" + section(version, date, found) + after
    changelog.write_text(text, encoding="utf-8")
    for path in found:
        path.unlink()


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit("usage: python tools/changelog.py VERSION DATE")
    collect(ROOT, sys.argv[1], sys.argv[2])
