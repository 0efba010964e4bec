"""An open connection to one HubSpot account."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from qualify.adapters.hubspot.happened import Happenings, needed_for
from qualify.adapters.hubspot.joining import AT_ONCE, Joiner
from qualify.adapters.hubspot.portal import Portal
from qualify.adapters.hubspot.properties import ContactProperties
from qualify.adapters.hubspot.reading import ContactReader
from qualify.adapters.hubspot.writing import Writer
from qualify.adapters.records import Answer, Connection, Happening, NewProperty, Page, Record, Update

OWN, OF_THE_COMPANY, OF_THE_OWNER = "properties.", "associated_company.properties.", "owner."


class HubSpotConnection(Connection):
    """Reads contacts with their companies, owners and activities, and writes properties of contacts."""

    batch_size = AT_ONCE

    def __init__(self, portal: Portal, paths: Sequence[str], activities: Sequence[str]) -> None:
        self._portal, self._activities = portal, activities
        own = [path.removeprefix(OWN) for path in paths if path.startswith(OWN)]
        company = [path.removeprefix(OF_THE_COMPANY) for path in paths if path.startswith(OF_THE_COMPANY)]
        owner = any(path.startswith(OF_THE_OWNER) for path in paths)
        asked = [*own, *needed_for(activities), *(["hubspot_owner_id"] if owner else [])]
        self._reader = ContactReader(portal, asked, Joiner(portal, list(dict.fromkeys(company)), owner))
        self._happenings = Happenings(portal, activities)
        self._properties = ContactProperties(portal)
        self._writer = Writer(portal, self._properties)

    def pages(self, since: str | None = None) -> Iterator[Page]:
        """All contacts in the order of their ids, or those made or changed since a cursor, the oldest change first."""
        return self._reader.pages(since)

    def happenings(self, records: Sequence[Record]) -> Iterable[Happening] | None:
        """What sales did with these contacts, their deals, forms they sent, pages they saw: what was asked for."""
        return self._happenings.of(records) if self._activities else None

    def write(self, updates: Sequence[Update]) -> Sequence[Answer]:
        """Write properties of contacts; a refused one doesn't stop the others."""
        return self._writer.write(updates)

    def missing(self, wanted: Sequence[NewProperty]) -> Sequence[NewProperty]:
        """Which of these properties contacts don't have."""
        return self._properties.missing(wanted)

    def create(self, properties: Sequence[NewProperty]) -> None:
        """Make these properties of contacts, in the group `qualify`."""
        self._properties.create(properties)

    def close(self) -> None:
        """Close the connections to HubSpot."""
        self._portal.close()
