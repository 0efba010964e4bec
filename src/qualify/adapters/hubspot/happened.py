"""What happened with contacts: what sales did, deals that were won or lost, forms that were sent, pages that were seen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from urllib.parse import unquote

from qualify.adapters.hubspot.joining import AT_ONCE, associated, ids_of, read
from qualify.adapters.hubspot.portal import Portal, Reply
from qualify.adapters.records import Happening, Record
from qualify.errors import AdapterError, nearest

# No subjects, no notes, no bodies: what was said is nobody's business here.
ENGAGEMENTS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "calls": ("hs_timestamp", "hs_call_status", "hs_call_disposition", "hs_call_direction", "hs_call_duration"),
    "meetings": ("hs_timestamp", "hs_meeting_outcome", "hs_meeting_start_time", "hs_meeting_end_time"),
    "emails": ("hs_timestamp", "hs_email_status", "hs_email_direction"),
    "tasks": ("hs_timestamp", "hs_task_status", "hs_task_type", "hs_task_priority", "hs_task_completion_date"),
    "deals": ("dealstage", "pipeline", "closedate", "amount", "deal_currency_code", "closed_lost_reason"),
})  # fmt: skip
"""The kinds of engagement, and deals, which are read alike; each with the properties that are read of it."""

FORMS, PAGE_VIEWS = "forms", "page_views"
KINDS = (*ENGAGEMENTS, FORMS, PAGE_VIEWS)
USUAL = (*ENGAGEMENTS, FORMS)
"""What is read where nobody says: page views cost a request for each contact that has any."""

SUBMISSIONS, VIEWS = "hs_calculated_form_submissions", "hs_analytics_num_page_views"
_SUBMISSION = re.compile(r"(?P<form>[^:]+):+(?P<moment>[0-9]+)")


def kinds_in(said: str | None) -> tuple[str, ...]:
    """The kinds that an option names, parted by commas; `none` is none at all.

    >>> kinds_in("calls, forms"), kinds_in("none")
    (('calls', 'forms'), ())
    """
    if said is None:
        return USUAL
    if said.strip() == "none":
        return ()
    names = tuple(dict.fromkeys(each.strip() for each in said.split(",")))
    for name in names:
        if name not in KINDS:
            near = nearest(name, KINDS)
            hint = f"did you mean '{near}'?" if near else f"there are {', '.join(KINDS)}, and 'none'"
            raise AdapterError(f"hubspot: option 'activities' knows no {name!r}; {hint}")
    return names


def needed_for(kinds: Sequence[str]) -> tuple[str, ...]:
    """The properties of a contact without which these kinds can't be told."""
    return ((SUBMISSIONS,) if FORMS in kinds else ()) + ((VIEWS,) if PAGE_VIEWS in kinds else ())


class Happenings:
    """Tells what happened, of some kinds, contact by contact or for many at once."""

    def __init__(self, portal: Portal, kinds: Sequence[str]) -> None:
        self._portal, self._kinds = portal, kinds
        self._forms: dict[str, str] | None = None

    def of(self, records: Sequence[Record]) -> Iterator[Happening]:
        """Everything that happened with these contacts, in no order."""
        for kind in self._kinds:
            if kind in ENGAGEMENTS:
                yield from self._engagements(kind, ids_of(records))
            elif kind == FORMS:
                yield from self._submissions(records)
            else:
                yield from self._page_views(records)

    def _engagements(self, kind: str, contacts: Sequence[str]) -> Iterator[Happening]:
        """One row for each engagement; whose it is stands in it as HubSpot writes it, for these contacts alone."""
        whose: dict[str, list[str]] = {}
        for contact, engagements in associated(self._portal, "contacts", kind, contacts).items():
            for engagement, _ in engagements:
                whose.setdefault(engagement, []).append(contact)
        for row in read(self._portal, kind, list(whose), ENGAGEMENTS[kind]):
            contacts_of_it = [{"id": each} for each in whose.get(str(row.get("id")), ())]
            yield Happening(kind, {**row, "associations": {"contacts": {"results": contacts_of_it}}})

    def _submissions(self, records: Sequence[Record]) -> Iterator[Happening]:
        """What a contact's own list of its submissions says: `form::milliseconds;form::milliseconds`."""
        for record in records:
            said = _property(record, SUBMISSIONS)
            for each in (said or "").split(";"):
                if not each.strip():
                    continue
                found = _SUBMISSION.fullmatch(each.strip())
                form = found["form"] if found else None
                yield Happening(FORMS, {
                    "contactId": str(record.get("id")),
                    "formId": form,
                    "formName": None if form is None else self._name_of(form),
                    "submittedAt": found["moment"] if found else None,  # the mapping refuses a row without a moment
                })  # fmt: skip

    def _name_of(self, form: str) -> str | None:
        if self._forms is None:
            self._forms = {}
            for page in self._pages("reading forms", "marketing.forms.forms_api", limit=AT_ONCE):
                for each in page.tables("results"):
                    self._forms[str(each.get("id"))] = str(each.get("name") or "")
        return self._forms.get(form) or None

    def _page_views(self, records: Sequence[Record]) -> Iterator[Happening]:
        for record in records:
            contact, views = str(record.get("id") or ""), _property(record, VIEWS)
            if not contact.isdigit() or views in (None, "", "0"):
                continue
            for page in self._pages(
                "reading page views", "events.events_api",
                object_type="contact", object_id=int(contact), event_type="e_visited_page", limit=AT_ONCE,
            ):  # fmt: skip
                for row in page.tables("results"):
                    yield Happening(PAGE_VIEWS, row)

    def _pages(self, doing: str, group: str, **named: object) -> Iterator[Reply]:
        after: str | None = None
        while True:
            reply = self._portal.ask(doing, group, "get_page", **named, **({} if after is None else {"after": after}))
            yield reply
            # The place of the next page is already encoded for an address, and the client encodes it again.
            following = None if reply.after is None else unquote(reply.after)
            if following is None or following == after:
                return
            after = following


def _property(record: Record, name: str) -> str | None:
    properties = record.get("properties")
    found = properties.get(name) if isinstance(properties, Mapping) else None
    return found if isinstance(found, str) else None


__all__ = ["KINDS", "USUAL", "Happenings", "kinds_in", "needed_for"]
