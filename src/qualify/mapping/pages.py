"""A page of a source's answer that was handed over for one of its records: told, where it is sure.

Read as a record it would be a lead of which nothing is known, and nobody would hear of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as AbcMapping

from qualify.mapping.paths import ABSENT, Record, finder
from qualify.values import Unreadable


def page_in(record: Record, sources: Iterable[str], id: str | None) -> tuple[str, int] | None:
    """The name of the list that holds the records, and how many; None where this may well be a record itself.

    It is a page where nothing that is read is there at all, and every entry of a list in it has the property that
    names a lead, and one more that is read. `id` is None where no property names it; then two others do.

    >>> page_in({"results": [{"id": "7", "email": None}], "paging": {}}, ["id", "email"], "id")
    ('results', 1)
    >>> page_in({"id": "7", "results": [{"id": "7", "email": None}]}, ["id", "email"], "id") is None
    True
    """
    sources = tuple(sources)
    if any(_has(record, source) for source in sources):
        return None
    for name, entries in record.items():
        if isinstance(entries, list | tuple) and entries and all(_is_record(each, sources, id) for each in entries):
            return name, len(entries)
    return None


def _is_record(entry: object, sources: tuple[str, ...], id: str | None) -> bool:
    return (
        isinstance(entry, AbcMapping)
        and (id is None or _has(entry, id))
        and sum(_has(entry, source) for source in sources) > 1
    )


def _has(record: Record, source: str) -> bool:
    try:
        return finder(source)(record) is not ABSENT
    except Unreadable:
        return True  # there, and built otherwise than the path expects


__all__ = ["page_in"]
