"""Files -> the model: a file, a folder, a text, or the same shape in Python; every fault of all of them at once."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path as FilePath
from typing import Any, Literal

from qualify.definition.check import check_entries
from qualify.definition.faults import Faults, Source
from qualify.definition.keys import SECTIONS, TOP
from qualify.definition.mistaken import is_mapping
from qualify.definition.model import Model
from qualify.definition.places import Path
from qualify.definition.read import Entries, Form, ReadList, read_entries
from qualify.errors import DefinitionError, Finding, QualifyError
from qualify.text import clean, refused_character
from qualify.values import kind_of

LARGEST = 4 * 1024 * 1024
LARGEST_LIST = 256 * 1024 * 1024
LONGEST_PATH = 300
_A_PATH = re.compile(r"[^\n={}\[\]#\"]*(?:\.toml|\.json|[\\/][^\n={}\[\]#\"]*)")
MOST_PARTS = 20  # of a key, as in the pattern
_DEEP_KEY = re.compile(  # reading a dotted key takes the square of its parts
    r"""(?<![\w.-])(?:(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){20}"""
)


@dataclass
class _Gathered:
    """The parts of a definition put together: one table, and which source each path stands in."""

    raw: dict[str, Any] = field(default_factory=dict)
    sources: list[Source] = field(default_factory=list)
    owners: dict[Path, Source] = field(default_factory=dict)
    broken: bool = False
    names_stages: Source | None = None

    def owner(self, path: Path) -> Source | None:
        for length in range(len(path), 0, -1):
            if path[:length] in self.owners:
                return self.owners[path[:length]]
        return self.sources[0] if self.sources else None


def load_model(path: str | FilePath) -> tuple[Model, tuple[Finding, ...]]:
    """The definition in a file or a folder, and what is doubtful about it; DefinitionError with every fault."""
    if "\n" in str(path):
        raise QualifyError("this is the text of a definition, not a path: use qualify.loads", code="bad-argument")
    place = FilePath(path)
    if place.is_dir():
        files = sorted(place.glob("*.toml"), key=lambda file: (file.name != "definition.toml", file.name))
        files = [file for file in files if not file.name.endswith((".mapping.toml", ".stories.toml"))]
        if not files:
            raise DefinitionError(
                [Finding("no-definition", "fault", "this folder holds no *.toml file", file=str(path))]
            )
        return _load(files, place, shown=lambda file: str(FilePath(path) / file.name))
    if not place.exists():
        raise DefinitionError([Finding("no-definition", "fault", "there is no such file or folder", file=str(path))])
    return _load([place], place.parent, shown=lambda file: str(path))


def _load(files: list[FilePath], folder: FilePath, shown: Any) -> tuple[Model, tuple[Finding, ...]]:
    gathered = _Gathered()
    faults = Faults(gathered.owner, gathered.sources)
    size = 0
    form: Form = "toml"
    for file in files:
        source = Source(shown(file))
        gathered.sources.append(source)
        try:
            size += file.stat().st_size
            if size > LARGEST:
                faults.ready.append(_too_large(source.file))
                gathered.broken = True
                break
            data = file.read_bytes()
        except OSError as why:
            reason = why.strerror or type(why).__name__
            faults.ready.append(Finding("unreadable", "fault", f"can't be read: {reason}", file=source.file))
            gathered.broken = True
            continue
        form = "json" if file.suffix.lower() == ".json" else "toml"
        source.form = form
        part = _parsed(data, source, faults)
        if part is not None and is_mapping(part):
            faults.ready.append(_a_mapping(source.file))
            part = None
        if part is None:
            gathered.broken = True
        else:
            _join(gathered, part, source, faults, first=len(gathered.sources) == 1, form=form)
    return _finish(gathered, faults, form, _list_reader(folder, faults))


def loads_model(text: str | bytes, form: Literal["toml", "json"] = "toml") -> tuple[Model, tuple[Finding, ...]]:
    """The definition in a text, and what is doubtful about it. It has no folder, so no list can stand in a file."""
    if form not in ("toml", "json"):
        raise QualifyError("format is 'toml' or 'json'", code="bad-argument")
    if not isinstance(text, str | bytes):
        raise QualifyError(
            f"a definition is text, found {kind_of(text)}; to read a file, use load", code="bad-argument"
        )
    if isinstance(text, str) and len(text) < LONGEST_PATH and _A_PATH.fullmatch(text.strip()):
        raise QualifyError(
            "this looks like a path, not the text of a definition: use qualify.load", code="bad-argument"
        )
    gathered = _Gathered()
    faults = Faults(gathered.owner, gathered.sources)
    source = Source(None, form=form)
    gathered.sources.append(source)
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    if len(data) > LARGEST:
        raise DefinitionError([_too_large(None)])
    part = _parsed(data, source, faults)
    if part is None:
        raise DefinitionError(faults.findings())
    if is_mapping(part):
        raise DefinitionError([_a_mapping(None)])
    _join(gathered, part, source, faults, first=True, form=form)
    return _finish(gathered, faults, form, _no_lists(faults))


def _a_mapping(file: str | None) -> Finding:
    return Finding(
        "a-mapping",
        "fault",
        "this is a mapping, no definition: name the definition, and the mapping beside it (--mapping; in Python, load_mapping)",
        file=file,
    )


def define_model(raw: Mapping[str, Any]) -> tuple[Model, tuple[Finding, ...]]:
    """The definition that Python values say, in the shape of the file, rules as text or built."""
    gathered = _Gathered(raw=dict(raw), sources=[Source(None)])
    faults = Faults(gathered.owner, gathered.sources)
    return _finish(gathered, faults, "python", _no_lists(faults))


def _finish(gathered: _Gathered, faults: Faults, form: Form, read_list: ReadList) -> tuple[Model, tuple[Finding, ...]]:
    entries = read_entries(gathered.raw, faults, form, read_list) if gathered.raw or not gathered.broken else Entries()
    if gathered.broken:  # what a broken file would have said is not missed
        faults.told = [told for told in faults.told if told.code not in ("missing-key", "unknown-fact", "unknown-case")]
    if entries.newer:
        faults.told = [told for told in faults.told if told.code == "unknown-format"]
        raise DefinitionError(faults.findings())
    check_entries(entries, faults, complete=not gathered.broken)
    if faults:
        raise DefinitionError(faults.findings())
    top = {name: value for name, value in entries.top.items() if name != "format"}
    model = Model(
        **top, teams=entries.teams, fields=entries.fields, activities=entries.activities, lists=entries.lists,
        traits=entries.traits, tiers=entries.tiers, signals=entries.signals, scores=entries.scores, stages=entries.stages,
        outcomes=entries.outcomes, approvals=entries.approvals,
    )  # fmt: skip
    return model, faults.findings()


# --- text -> data ---


def _parsed(data: bytes, source: Source, faults: Faults) -> dict[str, Any] | None:
    """The data of one file, or None after a fault."""

    def refuse(code: str, message: str, line: int | None = None, column: int | None = None) -> None:
        shown = source.text.split("\n")[line - 1].rstrip("\r") if line and source.text else None
        faults.ready.append(Finding(code, "fault", message, file=source.file, line=line, column=column, source=shown))

    try:
        text = data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as why:
        refuse("not-utf-8", "this is no UTF-8 text: save the file as UTF-8", line=data.count(b"\n", 0, why.start) + 1)
        return None
    source.text = text
    if source.form == "toml" and _DEEP_KEY.search(text):  # or a text that only looks like one
        depth, place = source.places.deepest()
        if depth > MOST_PARTS:
            refuse("too-deep", f"a key has at most {MOST_PARTS} parts", place.line, place.column)
            return None
    try:
        found = _json(text) if source.form == "json" else tomllib.loads(text, parse_float=Decimal)
    except RecursionError:
        refuse("too-deep", "brackets nest deeper than any definition does")
        return None
    except ValueError as why:
        if source.places.duplicates:
            for path, first, second in source.places.duplicates:
                shown = ".".join(str(part) for part in path)
                line = source.places.lines[second.line - 1]
                faults.ready.append(
                    Finding(
                        "given-twice", "fault", f"'{shown}' is given twice", (shown,), source.file, second.line, second.column,
                        source=line, length=second.length,
                        other=f"It also stands at {source.file + ':' if source.file else 'line '}{first.line}.",
                    )
                )  # fmt: skip
            return None
        reason, number, column = _reason(why, text)
        refuse("not-json" if source.form == "json" else "not-toml", reason, number, column)
        return None
    if not isinstance(found, dict):
        refuse("wrong-type", "a definition is a table")
        return None
    return found


def _reason(why: ValueError, text: str) -> tuple[str, int | None, int | None]:
    if isinstance(why, json.JSONDecodeError):
        before = why.doc[: why.pos + 1].rstrip("]} \t\r\n")
        if before.endswith(","):  # each release of Python says it in other words, and at another place
            line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1)
            return "this is no JSON: a comma with nothing after it", line, column
        return f"this is no JSON: {why.msg[0].lower()}{why.msg[1:]}", why.lineno, why.colno
    message = str(why)
    if message == "half a character":
        return "a text holds half a character (a lone surrogate)", None, None
    match = re.search(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)", message)
    if match is None:
        return "a number or date in it can't be read", None, None
    reason = message[: match.start()]
    hint = ""
    if re.match("expected|invalid value|illegal", reason, re.IGNORECASE):
        hint = "; texts stand in quotes, and a rule that holds double quotes in single ones"
    line = int(match[1]) if match[1] else text.count("\n") + 1
    return f"this is no TOML: {reason[:1].lower()}{reason[1:]}{hint}", line, int(match[2]) if match[2] else None


def _json(text: str) -> Any:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({name for name, _ in pairs}) < len(pairs):
            raise ValueError("a key is given twice")
        return dict(pairs)

    found = json.loads(text, parse_float=Decimal, object_pairs_hook=once)
    if re.search(r"\\u[dD][89a-fA-F]", text):
        try:
            json.dumps(found, ensure_ascii=False, default=str).encode()
        except UnicodeEncodeError:
            raise ValueError("half a character") from None
    return found


def _too_large(file: str | None) -> Finding:
    return Finding("too-large", "fault", "a definition without its list files is at most 4 MB", file=file)


# --- parts -> one table ---


def _join(
    gathered: _Gathered, part: dict[str, Any], source: Source, faults: Faults, *, first: bool, form: Form
) -> None:
    for key, value in part.items():
        path: Path = (key,)
        if key in SECTIONS and isinstance(value, Mapping):
            into = gathered.raw.setdefault(key, {})
            if not isinstance(into, dict):
                continue
            for name, entry in value.items():
                if key == "stages":
                    _join_stage(gathered, into, name, entry, source, faults, first=first)
                elif name in into:
                    _twice(gathered, (key, name), source, faults)
                else:
                    into[name] = entry
                    gathered.owners[(key, name)] = source
        elif key in gathered.raw:
            _twice(gathered, path, source, faults)
        else:
            gathered.raw[key] = value
            gathered.owners[path] = source
    if not first and not any(key in TOP or key in SECTIONS for key in part) and not part:
        gathered.owners.setdefault((), source)


def _join_stage(
    gathered: _Gathered, stages: dict[str, Any], name: str, entry: Any, source: Source, faults: Faults, *, first: bool
) -> None:
    """A stage may be spread over files: each key, and each side, once in the whole folder."""
    path: Path = ("stages", name)
    if name not in stages:
        gathered.names_stages = gathered.names_stages or source
        if gathered.names_stages is not source:
            faults.add(
                "stage-order", f"the stage '{name}' first appears here, but another file names the stages: name it there too, "
                "so that their order is seen in one place", path, source=source,
            )  # fmt: skip
        stages[name] = dict(entry) if isinstance(entry, Mapping) else entry
        gathered.owners[path] = source
        if isinstance(entry, Mapping):
            for key, value in entry.items():
                gathered.owners[(*path, key)] = source
                if key == "requires" and isinstance(value, Mapping):
                    stages[name][key] = dict(value)
                    for team in value:
                        gathered.owners[(*path, key, team)] = source
        return
    known = stages[name]
    if not isinstance(entry, Mapping) or not isinstance(known, dict):
        _twice(gathered, path, source, faults)
        return
    for key, value in entry.items():
        if key == "requires" and isinstance(value, Mapping) and isinstance(known.get(key, {}), dict):
            sides = known.setdefault(key, {})
            for team, rule in value.items():
                if team in sides:
                    _twice(gathered, (*path, key, team), source, faults)
                else:
                    sides[team] = rule
                    gathered.owners[(*path, key, team)] = source
        elif key in known:
            _twice(gathered, (*path, key), source, faults)
        else:
            known[key] = value
            gathered.owners[(*path, key)] = source


def _twice(gathered: _Gathered, path: Path, source: Source, faults: Faults) -> None:
    shown = ".".join(str(part) for part in path)
    faults.add("given-twice", f"'{shown}' is given twice", path, source=source, other=(gathered.owner(path), path))


# --- lists ---


def _no_lists(faults: Faults) -> ReadList:
    def read(path: Path, file: str) -> None:
        faults.add(
            "list-file", "a definition that is not in a folder has no list files: write the entries as 'values'", path
        )

    return read


def leads_out(file: str) -> bool:
    """Whether a list's file is anything but a plain path below the definition's folder."""
    return bool(
        ".." in file.split("/") or file.startswith("/") or re.match("[A-Za-z]:", file) or re.search(r"[\\\0]", file)
    )


def _list_reader(folder: FilePath, faults: Faults) -> ReadList:
    def read(path: Path, file: str) -> tuple[str, ...] | None:
        def refuse(message: str) -> None:
            faults.add("list-file", message, path)

        if leads_out(file):
            refuse(
                "a list's file is a path below the definition's folder, with '/' between its parts: no '..', nothing absolute"
            )
            return None
        place = folder / file
        try:
            if not place.resolve().is_relative_to(folder.resolve()):
                refuse("this file is a link out of the definition's folder")
                return None
            if not place.is_file():
                refuse(f"there is no file '{file[:120]}' below the definition's folder")
                return None
            if place.stat().st_size > LARGEST_LIST:
                refuse("a list's file is at most 256 MB")
                return None
            text = place.read_bytes().decode("utf-8").removeprefix("\ufeff")
        except UnicodeDecodeError:
            refuse(f"the list file '{file[:120]}' is no UTF-8 text")
            return None
        except RuntimeError:
            refuse(f"the list file '{file[:120]}' is a link that leads to itself")
            return None
        except OSError as why:
            refuse(f"the list file '{file[:120]}' can't be read: {why.strerror or type(why).__name__}")
            return None
        entries: dict[str, None] = {}
        for number, line in enumerate(text.split("\n"), 1):
            entry = clean(line)
            if not entry or line.startswith("#"):
                continue
            if char := refused_character(entry):
                refuse(
                    f"line {number} of '{file[:120]}' holds U+{ord(char):04X}, which different engines compare differently"
                )
                return None
            entries[entry] = None
        if not entries:
            refuse(f"the list file '{file[:120]}' holds no entry")
            return None
        return tuple(entries)

    return read


__all__ = ["define_model", "leads_out", "load_model", "loads_model"]
