"""The model -> files: a new one is laid out afresh; in one that stands there, only what differs is changed.

What means the same keeps its comments, its spelling and its place. Everything is written beside first, read again
and compared with the model, and only then put in its place: what fails loses nothing.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qualify.definition.files import load_model
from qualify.definition.model import Model, NamedList
from qualify.definition.toml import MOST_DOTTED, table, toml_of, value
from qualify.definition.write import Data, data_of, json_of
from qualify.errors import DefinitionError, QualifyError
from qualify.text import clean

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

MAIN = "definition.toml"
PARTED = ("cases", "points", "requires", "properties")
"""Tables within an entry that are changed key by key."""


def save_model(model: Model, path: Path) -> None:
    """Write the definition to a `.toml` or `.json` file, or to a folder.

    Raises QualifyError where it can't be written, and where what stands there has faults: then nothing is changed.
    """
    folder = path if path.is_dir() or not path.suffix else path.parent
    try:
        if folder == path:
            path.mkdir(exist_ok=True)
        if not folder.is_dir():
            raise QualifyError(f"there is no folder '{folder}' to save to", code="cannot-save")
        texts = _folder(model, path) if folder == path else {path.name: _file(model, path)}
        texts |= _lists(model, folder)
        _put(model, folder, texts, None if folder == path else path.name)
    except OSError as why:
        raise QualifyError(
            f"'{path}' can't be saved: {why.strerror or type(why).__name__}", code="cannot-save"
        ) from None


# --- what each file will hold ---


def _file(model: Model, path: Path) -> str:
    if path.suffix.lower() == ".json":
        return json_of(model)
    if not path.exists():
        return toml_of(model)
    return _edited(model, _old(path), {path.name: _text(path)}, path.name)[path.name]


def _folder(model: Model, path: Path) -> dict[str, str]:
    parts = {
        file.name: _text(file)
        for file in sorted(path.glob("*.toml"))
        if not file.name.endswith((".mapping.toml", ".stories.toml"))
    }
    if not parts:
        return {MAIN: toml_of(model)}
    return _edited(model, _old(path), parts, MAIN if MAIN in parts else min(parts))


def _old(path: Path) -> Model:
    try:
        return load_model(path)[0]
    except DefinitionError as why:
        raise QualifyError(
            f"'{path}' holds a definition with faults, and saving could lose what is meant there: "
            f"mend it, or save elsewhere\n\n{why}",
            code="cannot-save",
        ) from None


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8").removeprefix("\ufeff")


def _edited(model: Model, old: Model, parts: Mapping[str, str], main: str) -> dict[str, str]:
    """The files with what differs changed in them."""
    import tomlkit

    documents = {name: tomlkit.parse(text) for name, text in parts.items()}
    before, after = data_of(old), data_of(model)
    new: list[str] = []  # entries that stand nowhere yet, as text
    for section in {**before, **after}:
        one, other = before.get(section), after.get(section)
        if one == other and not (isinstance(one, dict) and isinstance(other, dict) and list(one) != list(other)):
            continue
        if not isinstance(one or other, dict):
            _assign(_holder(documents, (section,), main), section, other)
        elif section == "stages" and _order_differs(one or {}, other or {}):
            for document in documents.values():
                document.pop(section, None)
            documents[main][section] = _item(other)
        else:
            new += _change_section(documents, section, one or {}, other or {}, main)
    written = {name: tomlkit.dumps(document) for name, document in documents.items()}
    written = {name: text if text == parts[name] else _spaced(text) for name, text in written.items()}
    if new:
        written[main] = "\n\n".join([written[main].rstrip("\n"), *new]) + "\n"
    return written


def _spaced(text: str) -> str:
    """A blank line before every header that has none: a key that was added last took its place."""
    return re.sub(r"(?m)^([^\[#\n][^\n]*\n)(?=\[)", r"\1\n", text)


def _change_section(
    documents: Mapping[str, TOMLDocument], section: str, before: Data, after: Data, main: str
) -> list[str]:
    new: list[str] = []
    for name in {**before, **after}:
        one, other = before.get(name), after.get(name)
        if one == other and _same_order(one, other):
            continue
        if other is None:
            for document in documents.values():
                if name in document.get(section, {}):
                    del document[section][name]
                    if not document[section]:
                        del document[section]
        elif one is None and section != "teams":
            new.append(table((section, name), other))
        elif not isinstance(one, dict) or not isinstance(other, dict):
            holder = _holder(documents, (section, name), main)
            if section not in holder:
                holder[section] = _item({})
            _assign(holder[section], name, other)
        else:
            for key in {**one, **other}:
                if one.get(key) == other.get(key) and _same_order(one.get(key), other.get(key)):
                    continue
                holder = _holder(documents, (section, name, key), _holder_name(documents, (section, name), main))
                _change_key(holder[section][name], key, one.get(key), other.get(key))
    return new


def _change_key(entry: Any, key: str, before: Any, after: Any) -> None:
    import tomlkit

    parted = key in PARTED and isinstance(before, dict) and isinstance(after, dict) and isinstance(entry.get(key), dict)
    if key == "cases" and parted and list(before) != list(after):
        entry.pop(key)
        for name, when in after.items():
            entry.append(tomlkit.key([key, name]), _item(when))
        return
    if not parted:
        _assign(entry, key, after)
        return
    for name in {**before, **after}:
        if before.get(name) != after.get(name):
            _assign(entry[key], name, after.get(name))


def _assign(table: Any, key: str, after: Any) -> None:
    if after is None:
        table.pop(key, None)
    else:
        table[key] = _item(after)


def _item(after: Any) -> Any:
    """A value as tomlkit holds it, in our layout."""
    import tomlkit

    nested = isinstance(after, dict) and any(isinstance(each, dict) for each in after.values())
    if isinstance(after, dict) and (nested or len(after) > MOST_DOTTED or not after):
        made = tomlkit.table()
        for name, each in after.items():
            made.append(name, _item(each))
        return made
    return tomlkit.parse(f"it = {value(after)}")["it"]


def _holder(documents: Mapping[str, TOMLDocument], path: tuple[str, ...], main: str) -> TOMLDocument:
    return documents[_holder_name(documents, path, main)]


def _holder_name(documents: Mapping[str, TOMLDocument], path: tuple[str, ...], main: str) -> str:
    """The file in which a thing stands; the main one for what is new."""
    for name, document in documents.items():
        at: Any = document
        for part in path:
            if not isinstance(at, dict) or part not in at:
                break
            at = at[part]
        else:
            return name
    return main


def _order_differs(before: Data, after: Data) -> bool:
    """Whether what both have stands in another order, or something new stands before the end."""
    return list(before) != list(after) and [*(name for name in before if name in after)] != list(after)[: len(before)]


def _same_order(before: Any, after: Any) -> bool:
    if isinstance(before, dict) and isinstance(after, dict) and "cases" in before and "cases" in after:
        return list(before["cases"]) == list(after["cases"])
    return True


def _lists(model: Model, folder: Path) -> dict[str, str]:
    """List files whose entries differ from what stands there."""
    found: dict[str, str] = {}
    for listed in model.lists.values():
        if listed.file is not None:
            place = folder / listed.file
            lines = _text(place).splitlines() if place.is_file() else []
            text = _list_text(listed, lines)
            if text is not None:
                found[listed.file] = text
    return found


def _list_text(listed: NamedList, lines: list[str]) -> str | None:
    wanted = dict.fromkeys(listed.values)
    kept: list[str] = []
    stands: set[str] = set()
    for line in lines:
        entry = clean(line)
        if not entry or line.startswith("#") or entry in wanted:
            kept.append(line)
            stands.add(entry)
    missing = [entry for entry in wanted if entry not in stands]
    return None if kept == lines and not missing and lines else "\n".join([*kept, *missing]) + "\n"


# --- putting them in their place ---


def _put(model: Model, folder: Path, texts: Mapping[str, str], file: str | None) -> None:
    staged = Path(tempfile.mkdtemp(prefix=".saving-", dir=folder))
    try:
        for name in [file] if file else [each.name for each in folder.glob("*.toml")]:
            if (folder / name).exists():
                shutil.copy2(folder / name, staged / name)
        for listed in model.lists.values():
            if listed.file is not None and (folder / listed.file).is_file():
                (staged / listed.file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(folder / listed.file, staged / listed.file)
        _write(staged, texts)
        place = staged / file if file else staged
        if not _says(model, place):  # an edit that tomlkit could not do: the whole anew, without the comments
            main = file or MAIN
            texts = {**dict.fromkeys((name for name in texts if name.endswith(".toml")), ""), **_lists(model, folder)}
            texts[main] = json_of(model) if main.endswith(".json") else toml_of(model)
            _write(staged, texts)
            if not _says(model, place):
                raise QualifyError("this definition can't be written so that it reads the same", code="cannot-save")
        for name in texts:
            target = folder / name
            if target.exists() and target.read_bytes() == (staged / name).read_bytes():
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            (staged / name).replace(target)
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _write(folder: Path, texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        ends = "\r\n" if place.exists() and b"\r\n" in place.read_bytes() else "\n"
        with place.open("w", encoding="utf-8", newline="") as file:
            file.write(text.replace("\r\n", "\n").replace("\n", ends))
            file.flush()
            os.fsync(file.fileno())


def _says(model: Model, place: Path) -> bool:
    with suppress(DefinitionError):
        return load_model(place)[0] == model
    return False


__all__ = ["save_model"]
