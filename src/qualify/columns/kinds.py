"""How the columns of a table are stored, in the words of the translator; and what is wrong with those that don't fit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from qualify.columns.expressions import Kind, Stored
from qualify.definition.model import Model
from qualify.errors import QualifyError
from qualify.vocabulary import FieldType

FITS: Mapping[FieldType, tuple[Kind, ...]] = {
    "text": ("text",),
    "number": ("whole", "double", "decimal", "number"),
    "boolean": ("flag",),
    "date": ("day",),
    "datetime": ("instant", "wall"),
    "list": ("texts",),
}
NAMES: Mapping[Kind, str] = {
    "text": "text", "flag": "true or false", "whole": "a whole number", "double": "a number", "decimal": "a decimal",
    "number": "a number", "day": "a date", "wall": "a date with a time", "instant": "a date with a time",
    "texts": "a list of texts",
}  # fmt: skip


class FrameError(QualifyError):
    """A table that can't be judged as it is: what is wrong with which columns, all of it at once."""


def fitting(
    found: Mapping[str, Stored | str | None], types: Mapping[str, FieldType], what: str, cast: Mapping[FieldType, str]
) -> dict[str, Stored]:
    """The columns that hold what a definition reads, as it wants them; FrameError names those that don't.

    A column that holds nothing at all (None) fits every type, and is as good as absent. A text in `found` says what
    kind of column was found that the translator knows no use for.
    """
    wrong, fine = [], {}
    for name, kind in types.items():
        stored = found.get(name)
        if stored is None:
            continue
        if isinstance(stored, str) or stored.kind not in FITS[kind]:
            seen = stored if isinstance(stored, str) else NAMES[stored.kind]
            wrong.append(f"'{name}' has to be {NAMES[FITS[kind][0]]} and is {seen}: {cast[kind].format(name=name)}")
        else:
            fine[name] = stored
    if wrong:
        raise FrameError(f"{what}: {'; '.join(wrong)}", code="frame-type")
    return fine


def missing(names: Iterable[str], what: str, hint: str) -> FrameError:
    """The error for columns that aren't there, all of them."""
    listed = ", ".join(f"'{name}'" for name in names)
    return FrameError(f"{what} without the columns {listed}, which the definition reads; {hint}", code="frame-columns")


def declared_properties(model: Model) -> dict[str, FieldType]:
    """The properties of all activities, by name; FrameError where one name has two types, which no column has."""
    found: dict[str, FieldType] = {}
    for declared in model.declared_activities.values():
        for name, each in declared.properties.items():
            found.setdefault(name, each.type)
    return found
