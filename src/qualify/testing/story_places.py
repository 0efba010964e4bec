"""Which definition a file of stories speaks of, and where a definition's stories stand.

By its name first: `leads.stories.toml` speaks of `leads.toml`, `leads.json` or the folder `leads/`. In a definition's
folder a file of any name speaks of it. Else it speaks of the only definition that stands beside it.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from qualify.definition.keys import SECTIONS, TOP
from qualify.errors import Finding, enumerated

ENDING = ".stories.toml"
NOT_PARTS = (".mapping.toml", ENDING)
FIRST = "definition.toml"
"""The part of a folder that is read first."""
_A_HEAD = re.compile(r"^[ \t]*[\"']?format[\"']?[ \t]*=", re.MULTILINE)
_A_TABLE = re.compile(r"^[ \t]*\[", re.MULTILINE)


def is_story_file(path: Path) -> bool:
    """Whether a path is a file of stories, by its name."""
    return path.name.endswith(ENDING)


def definition_beside(stories: Path) -> Path | None:
    """The definition that a file of stories speaks of, by where it stands; None where there is none, or several are."""
    own = definition_of(stories)
    if own is not None:
        return own
    beside = definitions_beside(stories)
    return beside[0] if len(beside) == 1 else None


def definition_of(stories: Path) -> Path | None:
    """The definition that has a name in common with a file of stories, or in whose folder it stands."""
    name, folder = stories.name.removesuffix(ENDING), stories.parent
    named = [each for each in (folder / f"{name}.toml", folder / f"{name}.json") if each.is_file()]
    for each in named:
        if each.suffix == ".json" or (_is_head(each) and not (each.name == FIRST and _is_one(folder))):
            return each
    if name and (folder / name).is_dir() and any((folder / name).glob("*.toml")):
        return folder / name
    if _is_one(folder):
        return folder
    return named[0] if named else None  # a definition that has yet to say its format: loading it tells so


def definitions_beside(stories: Path) -> list[Path]:
    """Every definition that stands beside a file of stories: files that say their format, and folders."""
    folder = stories.parent
    return [*_heads(folder), *(each.parent for each in sorted(folder.glob(f"*/{FIRST}")) if _is_one(each.parent))]


def story_files(definition: Path) -> tuple[Path, ...]:
    """The files of stories that speak of a definition: in its folder, then beside it."""
    inside: list[Path] = []
    outside = definition.parent
    if definition.is_dir():
        inside = sorted(definition.glob(f"*{ENDING}"))
        outside = definition / ".." if definition.name in ("", "..") else definition.parent
    whole = definition.resolve()
    beside = sorted(outside.glob(f"*{ENDING}"), key=lambda file: (file.name != f"{_stem(whole)}{ENDING}", file.name))
    return (*inside, *(file for file in beside if (of := definition_beside(file)) and of.resolve() == whole))


def unclaimed(definition: Path) -> tuple[Path, ...]:
    """The files of stories beside a definition that could speak of it, and of another one just as well."""
    beside = sorted(definition.parent.glob(f"*{ENDING}"))
    return tuple(file for file in beside if definition_beside(file) is None)


def no_definition(stories: Path) -> Finding:
    """What is told of stories of which nobody can say what they speak of."""
    name, several = stories.name.removesuffix(ENDING), definitions_beside(stories)
    message = f"no definition stands beside these stories: {name}.toml, {name}.json or the folder {name}/"
    if several:
        names = enumerated(f"{each.name}/" if each.is_dir() else each.name for each in several)
        message = f"these stories could speak of {names}: name the file after one of them, as in {_named(several[0])}"
    return Finding("no-definition", "fault", message, file=str(stories))


def _named(definition: Path) -> str:
    return f"{_stem(definition)}{ENDING}"


def _stem(definition: Path) -> str:
    return definition.name if definition.is_dir() else definition.stem


def _is_one(folder: Path) -> bool:
    """Whether a folder is a definition: one file begins it, and all others are parts.

    Where there is but one file, it is the definition, unless it is named for being the first of several.
    """
    heads = _heads(folder)
    if len(heads) != 1:
        return False
    others = [each for each in _definitions(folder) if each != heads[0]]
    return (bool(others) or heads[0].name == FIRST) and all(map(_may_be_part, others))


def _heads(folder: Path) -> list[Path]:
    """The files in a folder that begin a definition."""
    return [each for each in _definitions(folder) if _is_head(each)]


def _definitions(folder: Path) -> list[Path]:
    return [each for each in sorted(folder.glob("*.toml")) if each.is_file() and not each.name.endswith(NOT_PARTS)]


def _is_head(file: Path) -> bool:
    return bool(_A_HEAD.search(_A_TABLE.split(_text(file), 1)[0]))


def _may_be_part(file: Path) -> bool:
    """Whether a file can be meant as a part of a definition, and isn't some other program's, such as pyproject.toml."""
    try:
        keys = tomllib.loads(_text(file))
    except tomllib.TOMLDecodeError:
        return file.name != "pyproject.toml"
    return not keys or any(key in TOP or key in SECTIONS for key in keys)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return ""


__all__ = [
    "ENDING", "definition_beside", "definition_of", "definitions_beside", "is_story_file", "no_definition", "story_files",
    "unclaimed",
]  # fmt: skip
