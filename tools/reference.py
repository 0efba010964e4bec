"""Reference pages that are drawn from the code: `python -m tools.reference` writes them, a test compares them."""

import sys

from qualify.definition.keys import HANDOFF, SECTIONS, SIGNAL_POINTS, TOP, Shape
from qualify.vocabulary import RESERVED, STANDARD_ACTIVITIES, STANDARD_FIELDS
from tools.drawn import REFERENCE as DOCS
from tools.faults import PAGES as FAULTS
from tools.laws import PAGES as LAWS
from tools.mapping_tables import PAGES as MAPPINGS
from tools.verdict import PAGES as VERDICT
from tools.verdict_json import PAGES as VERDICT_JSON


def keys(title: str, shape: Shape, says: str = "") -> list[str]:
    """A section of the page about the file: what each key holds."""
    lines = [f"## {title}", "", *([says[:1].upper() + says[1:] + ".", ""] if says else [])]
    lines += ["| key | holds | |", "|---|---|---|"]
    for name, key in shape.items():
        needed = "**required**" if key.required else ""
        lines.append(f"| `{name}` | {key.holds} | {key.says} {needed}".rstrip() + " |")
    return [*lines, ""]


def the_keys() -> str:
    """All keys of a definition's file."""
    lines = [
        "# All keys of the file",
        "",
        "Drawn from the table that the reader itself uses. Anything else is an unknown key.",
        "",
    ]
    lines += keys("At the top", TOP)
    for section, (says, shape) in SECTIONS.items():
        entry = (
            f"[{section}.NAME]"
            if section not in ("outcomes", "approvals")
            else f"[{section}.{'rejected' if section == 'outcomes' else 'TEAM'}]"
        )
        lines += keys(entry, shape, says)
    lines += keys("[[stages.NAME.handoff]]", HANDOFF, "who gets the lead at a stage; the first whose condition holds")
    lines += keys("points for a signal", SIGNAL_POINTS, "what each occurrence gives")
    return "\n".join(lines).rstrip() + "\n"


def the_standard_words() -> str:
    """What every definition has."""
    lines = ["# Standard fields and activities", "", "They are always there, and need no declaration.", ""]
    lines += ["## Fields", "", "| field | type |", "|---|---|"]
    lines += [f"| `{name}` | {kind} |" for name, kind in STANDARD_FIELDS.items()]
    lines += ["", "`email_domain`, where it is not given, is what follows the last `@` of `email`.", ""]
    lines += ["## Activities", "", "| activity | properties |", "|---|---|"]
    for name, properties in STANDARD_ACTIVITIES.items():
        lines.append(f"| `{name}` | {', '.join(f'`{prop}` ({kind})' for prop, kind in properties.items())} |")
    lines += [
        "",
        "## Words of the language",
        "",
        "They can't be names: " + ", ".join(f"`{word}`" for word in sorted(RESERVED)) + ".",
    ]
    return "\n".join(lines) + "\n"


PAGES = {
    "all-keys.md": the_keys,
    "standard-words.md": the_standard_words,
    **VERDICT,
    **VERDICT_JSON,
    **FAULTS,
    **LAWS,
    **MAPPINGS,
}


def main() -> int:
    """Write all pages."""
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
