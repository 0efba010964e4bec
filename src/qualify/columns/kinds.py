"""How the columns of a table are stored, in the words of the translator; and what is wrong with those that don't fit."""

from __future__ import annotations

import re
from collections.abc import Mapping

from qualify.columns.expressions import Kind, Stored
from qualify.errors import FrameError
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
WANTED: Mapping[FieldType, str] = {
    "text": "text", "number": "a number", "boolean": "true or false", "date": "a date", "datetime": "a date with a time",
    "list": "a list of texts",
}  # fmt: skip
_SPACES = re.compile(r"[\s_.-]+")


def fitting(
    found: Mapping[str, Stored | str | None], types: Mapping[str, FieldType], what: str, cast: Mapping[FieldType, str]
) -> tuple[dict[str, Stored], list[str]]:
    """The columns that hold what a definition reads, as it wants them, and what is wrong with those that don't.

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
            wrong.append(f"'{name}' has to be {WANTED[kind]} and is {seen}: {cast[kind].format(name=name)}")
        else:
            fine[name] = stored
    return fine, [f"{what}: {'; '.join(wrong)}"] if wrong else []


def check_ids(leads: Stored | str | None, lead_id: str, activities: Stored | str | None) -> None:
    """FrameError where the ids of leads and those that activities name are of two kinds, so that none would meet."""
    if leads is None or activities is None or (leads == activities and isinstance(leads, Stored)):
        return
    if (sort := _sort_of(leads)) is not None and sort == _sort_of(activities):
        return
    theirs, ours = (each if isinstance(each, str) else NAMES[each.kind] for each in (activities, leads))
    raise FrameError(
        f"the activities' 'lead_id' is {theirs} and the leads' '{lead_id}' is {ours}: cast one of them, so that each "
        "activity finds its lead",
        code="frame-type",
    )


def _sort_of(ids: Stored | str) -> str | None:
    """What ids are, so far as those that are alike find each other; None where that can't be said."""
    if isinstance(ids, str):
        return None
    if ids.kind == "decimal" and not ids.decimals:
        return "whole"
    return ids.kind if ids.kind in ("text", "whole") else None


def check_rows(
    lead_id: str, *, doubled: int = 0, nameless: int = 0, lost: int = 0, undated: int = 0, untyped: int = 0
) -> None:
    """FrameError for the rows that can't be judged, all kinds at once: how many leads, how many activities.

    `doubled` leads have an id that another has too, `nameless` have none, though activities came with them; `lost`
    activities name no lead, `undated` have no moment, `untyped` don't say what they are.
    """
    faults = []
    if doubled:
        faults.append(
            f"{_many(doubled, 'lead has', 'leads have')} an id ('{lead_id}') that another has too: whose activities are "
            "they? Keep one row a lead"
        )
    if nameless:
        faults.append(
            f"{_many(nameless, 'lead has', 'leads have')} no id ('{lead_id}'), so that nobody knows what happened there: "
            "give each one, or judge them without activities"
        )
    if lost:
        faults.append(f"{_many(lost, 'activity names', 'activities name')} no lead ('lead_id'): leave them out")
    if undated:
        faults.append(f"{_many(undated, 'activity has', 'activities have')} no moment ('at'): leave them out")
    if untyped:
        faults.append(f"{_many(untyped, 'activity has', 'activities have')} no type ('type'): leave them out")
    if faults:
        raise FrameError("; ".join(faults), code="frame-rows")


def _many(number: int, one: str, several: str) -> str:
    return f"1 {one}" if number == 1 else f"{number:,} {several}"


def sorted_out(name: str) -> str:
    """A column's name without what people write differently.

    >>> sorted_out("Job Title") == sorted_out("job_title")
    True
    """
    return _SPACES.sub("", name).lower()
