"""The pages about faults, one for each code: their words are written by hand; what each code means, and what is shown
for its example, is drawn.

`python -m tools.reference` draws them anew; a test compares.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import chdir
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from qualify.adapters.mappings import mapping_text
from qualify.definition.codes import CODES
from qualify.errors import DefinitionError, Finding, MappingError
from qualify.face import Definition, load, loads
from qualify.mapping import loads_mapping
from qualify.mapping.codes import CODES as MAPPING_CODES

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference" / "faults"
FRAME = """\
format = 1
name = "Leads"
version = "1"
teams.marketing = "Marketing"
teams.sales = "Sales"

"""
BACK = "[All faults](../faults.md), and the lines that stand above the examples.\n"
_PAGE = re.compile(
    r"# `(?P<code>[a-z0-9-]+)`\n\n(?P<what>[^\n]+)\n\n\*\*Why it matters:\*\* (?P<why>[^\n]+)\n\n"
    r"\*\*Example:\*\*\n\n```(?P<language>\w+)\n(?P<example>.*?)\n```\n\n"
    r"(?:```text\n(?P<shown>.*?)\n```\n\n)?"
    r"\*\*Instead:\*\*\n\n```\w+\n(?P<instead>.*?)\n```\n(?:\n" + re.escape(BACK) + ")?",
    re.DOTALL,
)


@dataclass(frozen=True)
class Section:
    """The page of one code, with its four parts."""

    code: str
    what: str
    why: str
    language: str
    example: str
    shown: str | None
    instead: str


def section(code: str) -> Section:
    """The page of a code, read. Raises ValueError for a page that lacks one of its parts, or says more."""
    return _read_page(code)[0]


def _read_page(code: str) -> tuple[Section, str]:
    page = (FOLDER / f"{code}.md").read_text(encoding="utf-8")
    found = _PAGE.fullmatch(page)
    if found is None or found["code"] != code:
        raise ValueError(f"faults/{code}.md lacks one of its parts, or has them in another order")
    return Section(**found.groupdict()), page


def findings_of(section: Section, text: str) -> tuple[Finding, ...]:
    """What is found in an example, or in what stands there instead."""
    made = _MADE.get(section.code) if text == section.example else None
    if section.code in MAPPING_CODES:
        try:
            return loads_mapping(text, bases=mapping_text).warnings
        except MappingError as why:
            return why.faults
    with TemporaryDirectory() as folder, chdir(folder):
        try:
            definition = made() if made else _read(text)
        except DefinitionError as why:
            return why.faults
        return definition.check()


def _read(text: str) -> Definition:
    if text.startswith("{"):
        return loads(text, format="json")
    if text.startswith("format ="):
        return loads(text)
    if "# file: " not in text and "\nfile = " not in text:
        return loads(FRAME + text)
    parts = re.split(r"# file: (\S+)\n", text) if "# file: " in text else ["", "definition.toml", text]
    Path("leads").mkdir()
    for name, part in zip(parts[1::2], parts[2::2], strict=True):
        frame = FRAME if name == "definition.toml" else ""
        Path("leads", name).write_text(frame + part, encoding="utf-8")
    return load("leads")


def _folder(name: str, data: bytes | None) -> Definition:
    place = Path("leads", name)
    place.parent.mkdir()
    if data is None:
        place.mkdir()
    else:
        place.write_bytes(FRAME.encode() + data)
    return load("leads")


_LONG = "[traits.long]\nteam = 'sales'\nwhen = 'customer{}'\nwhy = 'Long.'\n"
_MADE: Mapping[str, Callable[[], Definition]] = {
    "a-mapping": lambda: loads(section("a-mapping").example),
    "no-definition": lambda: load("leads"),
    "not-utf-8": lambda: _folder("sales.toml", "# Zürich\n".encode("latin-1")),
    "too-large": lambda: _folder("sales.toml", b"#" * 5_000_000),
    "too-long": lambda: loads(FRAME + _LONG.format(" " * 25_000)),
    "unreadable": lambda: _folder("sales.toml", None),
}
"""What can't be shown on a page."""


def the_fault(code: str) -> str:
    """The page of a code, with what is drawn drawn anew."""
    section, page = _read_page(code)
    page = page.replace(section.what, _what(code), 1)
    if section.shown is not None:
        shown = "\n\n".join(map(str, findings_of(section, section.example)))
        shown = "\n".join(
            f"{line[:118]}…" if line[:1] == " " and len(line) > 118 else line for line in shown.split("\n")
        )
        end = "\n```\n\n**Instead"
        page = page.replace(f"```text\n{section.shown}{end}", f"```text\n{shown}{end}", 1)
    return page if page.endswith(BACK) else f"{page}\n{BACK}"


def the_faults() -> str:
    """The page that lists them all."""
    lines = [
        "# Faults", "",
        "Every fault has a code: a stable word, never used for anything else, with a page of its own. `qualify check` prints "
        "all faults at once, each with its place, the line, and the nearest right name; in Python they are "
        "`DefinitionError.faults` (`MappingError.faults` for a mapping's), and `definition.check()` gives the warnings too.",
        "",
        "Where an example of a definition's fault does not begin with `format`, it stands below these lines; a mapping's is "
        "whole.", "",
        "```toml", FRAME.strip(), "```", "",
        "## Of a definition", "", "Those that any file can have are a mapping's too.", "", *_listed(CODES),
        "## Of a mapping alone", "", *_listed(MAPPING_CODES),
        "```{toctree}", ":hidden:", ":glob:", "", "faults/*", "```",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _listed(codes: Mapping[str, str]) -> list[str]:
    rows = [f"| [`{code}`](faults/{code}.md) | {what} |" for code, what in sorted(codes.items())]
    return ["| code | what it means |", "|---|---|", *rows, ""]


def _what(code: str) -> str:
    if code in MAPPING_CODES:
        return f"In a mapping: {MAPPING_CODES[code]}."
    what = CODES[code]
    return f"{what[:1].upper()}{what[1:]}."


PAGES: Mapping[str, Callable[[], str]] = {"faults.md": the_faults} | {
    f"faults/{code}.md": partial(the_fault, code) for code in sorted([*CODES, *MAPPING_CODES])
}

__all__ = ["FOLDER", "FRAME", "PAGES", "Section", "findings_of", "section", "the_fault", "the_faults"]
