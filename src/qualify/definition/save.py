"""The model -> files: a new one is laid out afresh; in one that stands there, only what differs is changed.

What means the same keeps its comments, its spelling and its place. Everything is written beside first, read again
and compared with the model, and only then put in its place: what fails loses nothing.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from qualify.definition.edit import edited
from qualify.definition.files import leads_out, load_model
from qualify.definition.listfile import list_text
from qualify.definition.model import Model
from qualify.definition.toml import toml_of
from qualify.definition.write import data_of, digest_of, json_of
from qualify.errors import DefinitionError, QualifyError

MAIN = "definition.toml"
BOM = b"\xef\xbb\xbf"
Texts = dict[str, str]


def save_model(model: Model, path: Path) -> None:
    """Write the definition to a `.toml` or `.json` file, or to a folder (a path without a suffix).

    Raises QualifyError where it can't be written, and where what stands there has faults: then nothing is changed.
    """
    is_file = path.is_file() or (bool(path.suffix) and not path.is_dir())
    folder = path.parent if is_file else path
    try:
        if is_file and not path.exists() and path.suffix.lower() not in (".toml", ".json"):
            raise _cannot(
                f"'{path}' can't be saved: a definition is a .toml or a .json file, or a folder without a suffix"
            )
        if not path.parent.is_dir():
            raise _cannot(f"'{path}' can't be saved: there is no folder '{path.parent}'")
        with _folder(folder):
            _save(model, folder, path.name if is_file else None)
    except OSError as why:
        raise _cannot(f"'{path}' can't be saved: {why.strerror or type(why).__name__}") from None


def _cannot(message: str) -> QualifyError:
    return QualifyError(message, code="cannot-save")


@contextmanager
def _folder(folder: Path) -> Iterator[None]:
    """A folder that is made here goes again when nothing could be saved in it."""
    made = not folder.exists()
    if made:
        folder.mkdir()
    try:
        yield
    except BaseException:
        if made:
            with suppress(OSError):
                folder.rmdir()
        raise


def _save(model: Model, folder: Path, file: str | None) -> None:
    _check_lists(model, folder)
    names = [file] if file else sorted(each.name for each in folder.glob("*.toml"))
    stands = {name: _text(folder / name) for name in names if (folder / name).is_file()}
    parts = {
        name: text for name, text in stands.items() if file or not name.endswith((".mapping.toml", ".stories.toml"))
    }
    old = _old(folder / file if file else folder) if any(text.strip() for text in parts.values()) else None
    if old is not None and _same(old, model):
        return
    with tempfile.TemporaryDirectory(prefix=".saving-", dir=folder, ignore_cleanup_errors=True) as made:
        staged = Path(made)
        for texts in _ways(model, old, parts, file):
            texts |= _lists(model, folder)
            _stage(folder, staged, {**stands, **texts}, model)
            if _says(model, staged / file if file else staged):
                _put(staged, folder, [name for name, text in texts.items() if stands.get(name) != text])
                return
    if old is not None:
        raise _cannot("what stands there can't be changed so that it says this definition: save it elsewhere")
    raise _cannot("this definition can't be written so that it reads the same")


def _old(path: Path) -> Model:
    try:
        return load_model(path)[0]
    except DefinitionError as why:
        raise _cannot(
            f"'{path}' holds a definition with faults, and saving could lose what is meant there: "
            f"mend it, or save elsewhere\n\n{why}"
        ) from None


def _text(path: Path) -> str:
    return path.read_bytes().removeprefix(BOM).decode("utf-8")


# --- what the files shall hold ---


def _ways(model: Model, old: Model | None, parts: Mapping[str, str], file: str | None) -> Iterator[Texts]:
    """The texts of the files, the gentlest change first."""
    if file and file.lower().endswith(".json"):
        yield {file: json_of(model, list_files=True)}
    elif old is None:
        yield {file or MAIN: toml_of(model, list_files=True)}
    else:
        before, after = data_of(old, list_files=True), data_of(model, list_files=True)
        main = file or (MAIN if MAIN in parts else min(parts))
        for whole in (False, True):
            yield edited(parts, main, before, after, whole=whole)


def _check_lists(model: Model, folder: Path) -> None:
    for name, listed in model.lists.items():
        file = listed.file
        if file is not None and (leads_out(file) or not (folder / file).resolve().is_relative_to(folder.resolve())):
            raise _cannot(f"the file of the list '{name}' is not below the definition's folder")


def _lists(model: Model, folder: Path) -> Texts:
    """The list files that don't hold their entries yet."""
    found: Texts = {}
    for listed in model.lists.values():
        if listed.file is not None:
            place = folder / listed.file
            before = _text(place) if place.is_file() else None
            text = list_text(listed.values, before)
            if text != before:
                found[listed.file] = text
    return found


def _same(one: Model, other: Model) -> bool:
    """Whether two models say the same in the same order, with their lists in the same files."""
    files = [{name: listed.file for name, listed in model.lists.items()} for model in (one, other)]
    return one == other and digest_of(one) == digest_of(other) and files[0] == files[1]


def _says(model: Model, place: Path) -> bool:
    with suppress(DefinitionError):
        return _same(load_model(place)[0], model)
    return False


# --- putting them in their place ---


def _stage(folder: Path, staged: Path, texts: Texts, model: Model) -> None:
    """Write the texts beside, as they shall stand; files that stand there already keep their mode and their mark."""
    kept = [listed.file for listed in model.lists.values() if listed.file is not None and listed.file not in texts]
    for name in [*texts, *kept]:
        (staged / name).parent.mkdir(parents=True, exist_ok=True)
        if (folder / name).is_file():
            shutil.copy2(folder / name, staged / name)
    for name, text in texts.items():
        place = staged / name
        mark = BOM if place.exists() and place.read_bytes().startswith(BOM) else b""
        with place.open("wb") as file:
            file.write(mark + text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())


def _put(staged: Path, folder: Path, names: list[str]) -> None:
    """Put the files in their place, all of them or none."""
    before: dict[Path, Path | None] = {}
    try:
        for number, name in enumerate(names):
            target = (folder / name).resolve()  # a link stays a link
            target.parent.mkdir(parents=True, exist_ok=True)
            before[target] = None
            if target.exists():
                before[target] = staged / f"before-{number}"
                shutil.copy2(target, staged / f"before-{number}")
            _move(staged / name, target)
    except BaseException:
        for target, saved in before.items():
            with suppress(OSError):
                _move(saved, target) if saved is not None else target.unlink()
        raise


def _move(source: Path, target: Path) -> None:
    try:
        source.replace(target)
    except OSError as why:
        if why.errno != errno.EXDEV:
            raise
        beside = target.with_name(f".{target.name}.saving")  # a link to another disk
        shutil.copy2(source, beside)
        beside.replace(target)


__all__ = ["save_model"]
