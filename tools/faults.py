"""The page about faults: its words are written by hand; what each code means, and what is shown for it, is drawn.

`python -m tools.reference` draws it anew; a test compares.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from qualify.definition.codes import CODES
from qualify.errors import DefinitionError, Finding
from qualify.face import Definition, load, loads

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "faults.md"
FRAME = """\
format = 1
name = "Leads"
version = "1"
teams.marketing = "Marketing"
teams.sales = "Sales"

"""
_SECTION = re.compile(
    r"\n## `(?P<code>[a-z0-9-]+)`\n\n(?P<what>[^\n]+)\n\n\*\*Why it matters:\*\* (?P<why>[^\n]+)\n\n"
    r"\*\*Example:\*\*\n\n```(?P<language>\w+)\n(?P<example>.*?)\n```\n\n"
    r"(?:```text\n(?P<shown>.*?)\n```\n\n)?"
    r"\*\*Instead:\*\*\n\n```\w+\n(?P<instead>.*?)\n```\n",
    re.DOTALL,
)


@dataclass(frozen=True)
class Section:
    """One code on the page, with its four parts."""

    code: str
    what: str
    why: str
    language: str
    example: str
    shown: str | None
    instead: str


def sections(page: str) -> list[Section]:
    """The codes of the page, in its order."""
    return [Section(**found.groupdict()) for found in _SECTION.finditer(page)]


def findings_of(section: Section, text: str) -> tuple[Finding, ...]:
    """What is found in an example, or in what stands there instead."""
    made = _MADE.get(section.code) if text == section.example else None
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
    "no-definition": lambda: load("leads"),
    "not-utf-8": lambda: _folder("sales.toml", "# Zürich\n".encode("latin-1")),
    "too-large": lambda: _folder("sales.toml", b"#" * 5_000_000),
    "too-long": lambda: loads(FRAME + _LONG.format(" " * 25_000)),
    "unreadable": lambda: _folder("sales.toml", None),
}
"""What can't be shown on a page."""


def the_faults() -> str:
    """The page, with what is drawn drawn anew."""

    def drawn(found: re.Match[str]) -> str:
        section = Section(**found.groupdict())
        text = found[0].replace(section.what, _sentence(CODES.get(section.code, "unknown")), 1)
        if section.shown is None:
            return text
        shown = "\n\n".join(map(str, findings_of(section, section.example)))
        shown = "\n".join(
            f"{line[:118]}…" if line[:1] == " " and len(line) > 118 else line for line in shown.split("\n")
        )
        return text.replace(f"```text\n{section.shown}\n```\n\n**Instead", f"```text\n{shown}\n```\n\n**Instead", 1)

    return _SECTION.sub(drawn, PAGE.read_text(encoding="utf-8"))


def _sentence(what: str) -> str:
    return f"{what[:1].upper()}{what[1:]}."


__all__ = ["FRAME", "PAGE", "Section", "findings_of", "sections", "the_faults"]
