"""One lead of several records: which of them counts, or what is known in any of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, assert_never

from qualify.mapping import SameMap
from qualify.sync.reading import Read
from qualify.sync.same import in_order

BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


def one_lead(records: Sequence[Read], said: SameMap) -> dict[str, Any]:
    """The fields of the lead that these records are.

    The first is the one that was made first, as far as all say when (`created_at`), else the one with the lowest id:
    in every sync the same one. The newest is that of `newest_by`; a record that doesn't say it comes last. Merged, a
    field has the value of the first record in that order that knows it. Whichever counts, who opted out in one of them
    opted out, and whether somebody didn't is known where all of them say so: those that are refused too, of which
    nothing else counts.
    """
    return {**_chosen([each for each in records if not each.refused], said), **_opted_out(records)}


def _opted_out(records: Sequence[Read]) -> dict[str, bool | None]:
    said = [each.values["opted_out"] for each in records if "opted_out" in each.values]
    return {"opted_out": True if True in said else None if None in said else False} if said else {}


def _chosen(records: Sequence[Read], said: SameMap) -> dict[str, Any]:
    made = [each.values.get("created_at") for each in records]
    known = all(isinstance(each, datetime) for each in made)
    first = sorted(records, key=lambda each: (_moment(each, "created_at") if known else BEFORE_ALL, in_order(each.id)))
    match said.take:
        case "first":
            return dict(first[0].values)
        case "newest":
            return dict(_newest_first(first, said.newest_by)[0].values)
        case "merge":
            ranked = first if said.newest_by is None else _newest_first(first, said.newest_by)
            return _merged([each.values for each in ranked])
        case _:
            assert_never(said.take)


def _newest_first(records: Sequence[Read], by: str | None) -> list[Read]:
    return sorted(records, key=lambda each: _moment(each, by or ""), reverse=True)


def _moment(record: Read, field: str) -> datetime:
    """When, in UTC; a naive moment is taken for one, since it only orders records of one source."""
    found = record.values.get(field)
    if isinstance(found, date) and not isinstance(found, datetime):
        found = datetime(found.year, found.month, found.day)
    if not isinstance(found, datetime):
        return BEFORE_ALL
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


def _merged(all_of: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for values in all_of:
        for field, value in values.items():
            if merged.get(field) is None:
                merged[field] = value
    return merged


__all__ = ["one_lead"]
