"""What a person should know of a source beside its rows: what nothing reads, and what isn't there to be read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal

from qualify.errors import QualifyError, nearest
from qualify.mapping import FieldMap, Mapping

MOST_NAMED, MOST_HINTED = 8, 3


def listed(names: Sequence[str]) -> str:
    """Names in a row, the first few of many.

    >>> listed(["City", "Notes"]), listed([str(n) for n in range(30)])
    ("'City', 'Notes'", "'0', '1', '2', '3', '4', '5', '6', '7' and 22 more")
    """
    shown = ", ".join(map(repr, names[:MOST_NAMED]))
    more = len(names) - MOST_NAMED
    return f"{shown} and {more} more" if more > 0 else shown


def unused_note(file: str, names: Sequence[str], hint: str = "") -> tuple[str, ...]:
    """Which columns nothing reads, if there are any."""
    return (f"{file}: nothing reads {listed(names)}{hint}",) if names else ()


def misspelled(columns: Iterable[str], fields: Iterable[str]) -> dict[str, str]:
    """Which columns would be fields, were they written as those: in lower case, with _ for a blank.

    >>> misspelled(["Job Title", "Notes"], ["job_title", "city"])
    {'Job Title': 'job_title'}
    """
    known = {_SPELLING.sub("", name).lower(): name for name in fields}
    found = {column: known.get(_SPELLING.sub("", column).lower()) for column in columns}
    return {column: name for column, name in found.items() if name is not None}


_SPELLING = re.compile(r"[\s_.-]+")


def spelling_hint(columns: Iterable[str], fields: Iterable[str]) -> str:
    """What to call these columns, where it is only their spelling that nothing reads them for."""
    near = [f"{column!r} is read when it is called {name!r}" for column, name in misspelled(columns, fields).items()]
    return "".join(f"; {each}" for each in near[:MOST_HINTED])


def no_activities_note(mapping: Mapping | None, *, reads: bool) -> tuple[str, ...]:
    """That the mapping and the definition read activities, and nobody gave any."""
    if mapping is None or mapping.activities is None or not reads:
        return ()
    return (
        "the mapping reads activities, but no file of them was given (-a); what they would tell is taken as not known",
    )


def nothing_read_note(file: str, lists: Iterable[str]) -> str:
    """That all records hold only what nobody reads; perhaps the leads are in one of these lists."""
    hint = f"; are the leads in {' or '.join(map(repr, lists))}?" if lists else ""
    return f"{file}: nothing is read of its records{hint}"


def unmatched_note(file: str, leads: str, number: int, count: int, *, unnamed: bool) -> str:
    """How many activities, of how many, are of leads that aren't there; `unnamed`: or of one that has no id to tell.

    >>> unmatched_note("visits.csv", "leads.csv", 12, 300, unnamed=False)
    'visits.csv: 12 of its 300 activities belong to leads that are not in leads.csv'
    """
    if number == count and not unnamed:
        return f"{file}: none of its activities belongs to a lead of {leads}; are the ids the same?"
    some = "1 of its {:,} activities belongs" if number == 1 else f"{number:,} of its {{:,}} activities belong"
    where = f"{leads}, or stand there in a record whose id can't be read" if unnamed else leads
    return f"{file}: {some.format(count)} to leads that are not in {where}"


def field_maps(mapping: Mapping, of: Literal["leads", "activities"]) -> tuple[FieldMap, ...]:
    """How each field of a lead, or each part of an activity that it must have, is read."""
    if of == "leads":
        own = () if mapping.id is None else (FieldMap("id", (mapping.id,)),)
        return (*own, *mapping.fields.values())
    said = mapping.activities
    return () if said is None else (said.lead, said.type, said.at)


def absent_notes(file: str, mapping: Mapping, columns: Sequence[str]) -> list[str]:
    """What the mapping reads and the file doesn't have, each with the nearest column.

    Raises QualifyError when it has nothing of all that.
    """
    absent = [each for each in field_maps(mapping, "leads") if not _is_there(each, columns)]
    if len(absent) == len(field_maps(mapping, "leads")):
        raise QualifyError(
            f"{file}: the mapping reads none of its columns, which are {listed(columns)}", code="no-columns"
        )
    notes = []
    for each in absent:
        names = " or ".join(map(repr, each.sources))
        so = "no lead has an id" if each.name == "id" else f"{each.name} is unknown"
        notes.append(f"{file}: it has no column {names}, so {so}{_hint(each.sources, columns)}")
    return notes


def check_activities(file: str, mapping: Mapping, columns: Sequence[str], *, said: bool) -> None:
    """Raises QualifyError when the file lacks a column without which no row of it is an activity."""
    for each in field_maps(mapping, "activities"):
        if not _is_there(each, columns):
            advice = "" if said else "; a mapping can say, under [activities], which columns it has"
            names = " or ".join(map(repr, each.sources))
            raise QualifyError(
                f"{file}: it has no column {names}{_hint(each.sources, columns)}{advice}", code="no-columns"
            )


def unknown_types_note(file: str, number: int, count: int) -> tuple[str, ...]:
    """How many activities, of how many, no rule can ask for."""
    if not number:
        return ()
    some = "1 of its {:,} activities is" if number == 1 else f"{number:,} of its {{:,}} activities are"
    return (f"{file}: {some.format(count)} of a type that the definition doesn't know; a mapping's 'types' can say it",)


def has_ids(mapping: Mapping, columns: Sequence[str] | None) -> bool:
    """Whether leads may have an id: the mapping says one, and the file has its column, if it has any."""
    said = [each for each in field_maps(mapping, "leads") if each.name == "id"]
    return bool(said) and (columns is None or _is_there(said[0], columns))


def _is_there(field: FieldMap, columns: Iterable[str]) -> bool:
    names = set(columns)
    heads = [source.partition(".")[0].partition("[")[0] for source in field.sources]
    return field.always is not None or any(each in names for each in (*field.sources, *heads))


def _hint(sources: Sequence[str], columns: Iterable[str]) -> str:
    found = nearest(sources[0], columns) or next(iter(misspelled(columns, sources)), None)
    return f"; did you mean {found!r}?" if found else ""


__all__ = [
    "absent_notes",
    "check_activities",
    "field_maps",
    "has_ids",
    "listed",
    "no_activities_note",
    "nothing_read_note",
    "spelling_hint",
    "unknown_types_note",
    "unmatched_note",
    "unused_note",
]
