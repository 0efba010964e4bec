"""What belongs to a contact and stands elsewhere: its company, its owner; and who is associated with what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from qualify.adapters.hubspot.portal import Portal, Table, next_of
from qualify.adapters.records import Record
from qualify.errors import AdapterError

AT_ONCE = 100
"""How many records a batch may name."""

PRIMARY = 1
"""The type of the association between a contact and the company that is its own."""


def ids_of(records: Iterable[Record]) -> list[str]:
    """The records' ids, each once; a record without one has nothing that could be looked up."""
    return list(dict.fromkeys(str(each["id"]) for each in records if each.get("id")))


def associated(portal: Portal, of: str, to: str, ids: Sequence[str]) -> dict[str, list[tuple[str, bool]]]:
    """Which records of the kind `to` each record of the kind `of` is associated with, and whether it is its primary.

    A record with none may be missing from the answer, or stand in it as an error that says so.
    """
    found: dict[str, list[tuple[str, bool]]] = {each: [] for each in ids}
    wanted: list[dict[str, str]] = [{"id": each} for each in ids]
    while wanted:
        page, wanted = wanted[:AT_ONCE], wanted[AT_ONCE:]
        reply = portal.ask(
            f"the {to} of {of}",
            "crm.associations.v4.batch_api",
            "get_page",
            of,
            to,
            batch_input_public_fetch_associations_batch_request={"inputs": page},
        )
        for error in reply.tables("errors"):
            if error.get("subCategory") != "crm.associations.NO_ASSOCIATIONS_FOUND":
                raise AdapterError(f"HubSpot could not say which {to} belong to some {of}")
        for each in reply.tables("results"):
            start = each.get("from")
            one = str(start.get("id")) if isinstance(start, Mapping) else ""
            if one not in found:
                continue
            known = dict(found[one])
            for target in _tables(each.get("to")):
                other = str(target.get("toObjectId"))  # a number here, text elsewhere
                primary = any(kind.get("typeId") == PRIMARY for kind in _tables(target.get("associationTypes")))
                known[other] = known.get(other, False) or primary
            found[one] = list(known.items())
            if (after := next_of(each)) is not None and {"id": one, "after": after} not in page:
                wanted.append({"id": one, "after": after})
    return found


def _tables(found: object) -> list[Table]:
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def read(portal: Portal, kind: str, ids: Sequence[str], properties: Sequence[str]) -> Iterator[Table]:
    """Records of one kind by their ids; what is no longer there is left out."""
    group = f"crm.{kind}.batch_api" if kind in ("companies", "deals") else f"crm.objects.{kind}.batch_api"
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        reply = portal.ask(
            f"reading {kind}",
            group,
            "read",
            batch_read_input_simple_public_object_id={
                "inputs": [{"id": each} for each in some],
                "properties": list(properties),
                "propertiesWithHistory": [],
            },
        )
        yield from reply.tables("results")


class Joiner:
    """Puts beside each contact's `properties` what a mapping reads of its company and its owner."""

    def __init__(self, portal: Portal, company: Sequence[str], owner: bool) -> None:
        self._portal, self._company, self._owner = portal, company, owner
        self._owners: dict[str, Table] | None = None

    def join(self, records: Sequence[Record]) -> tuple[Record, ...]:
        """The records with `associated_company` and `owner`: a table, or null where there is none."""
        joined: list[dict[str, object]] = [dict(each) for each in records]
        if self._company and joined:
            self._join_companies(joined)
        if self._owner:
            for each in joined:
                each["owner"] = self._owner_of(each)
        return tuple(joined)

    def _join_companies(self, records: Sequence[dict[str, object]]) -> None:
        links = associated(self._portal, "contacts", "companies", ids_of(records))
        chosen = {one: _own(companies) for one, companies in links.items() if companies}
        wanted = list(dict.fromkeys(chosen.values()))
        companies = {str(each.get("id")): each for each in read(self._portal, "companies", wanted, self._company)}
        for record in records:
            record["associated_company"] = companies.get(chosen.get(str(record.get("id")), ""))

    def _owner_of(self, record: Record) -> Table | None:
        properties = record.get("properties")
        owner = properties.get("hubspot_owner_id") if isinstance(properties, Mapping) else None
        if not owner:
            return None
        if self._owners is None:
            self._owners = {str(each.get("id")): each for each in self._all_owners()}
        return self._owners.get(str(owner))

    def _all_owners(self) -> Iterator[Table]:
        after: dict[str, str] = {}
        while True:
            reply = self._portal.ask("reading owners", "crm.owners.owners_api", "get_page", limit=AT_ONCE, **after)
            yield from reply.tables("results")
            if reply.after is None or reply.after == after.get("after"):
                return
            after = {"after": reply.after}


def _own(companies: Sequence[tuple[str, bool]]) -> str:
    """The primary company; where none is marked, the one that is longest in HubSpot."""
    primary = [one for one, is_primary in companies if is_primary]
    return primary[0] if primary else min((one for one, _ in companies), key=lambda one: (len(one), one))


__all__ = ["AT_ONCE", "Joiner", "associated", "ids_of", "read"]
