"""The words that every definition has: types, standard fields, standard activities, the language's own words.

They are the field's usual ones; a definition declares what it needs beyond them (docs/reference/the-file.md).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, get_args

FieldType = Literal["text", "number", "boolean", "date", "datetime", "list"]
FIELD_TYPES: tuple[str, ...] = get_args(FieldType)


def _fields() -> dict[str, FieldType]:
    names: dict[FieldType, str] = {
        "text": "id email email_domain first_name last_name job_title seniority department phone company domain "
        "industry country region city source campaign lifecycle_stage lead_status owner",
        "number": "employees annual_revenue page_views emails_opened emails_clicked forms_submitted",
        "boolean": "opted_out bounced consented customer "
        "budget_confirmed authority_confirmed need_confirmed timeline_confirmed",
        "datetime": "created_at last_activity_at",
        "list": "technologies interests",
    }
    return {name: kind for kind, listed in names.items() for name in listed.split()}


STANDARD_FIELDS: Mapping[str, FieldType] = MappingProxyType(_fields())
"""Name to type of the fields that every lead may have."""

UNCHANGEABLE = frozenset({"id", "created_at", "country", "region", "domain", "email_domain"})
"""Fields that nobody can change, unless a definition says otherwise."""


def _activities() -> dict[str, Mapping[str, FieldType]]:
    listed: dict[str, str] = {
        "page_view": "page referrer", "form_submit": "form", "demo_request": "", "contact_request": "",
        "email_open": "campaign", "email_click": "campaign link", "email_bounce": "", "event_registered": "event",
        "event_attended": "event", "download": "asset", "chat": "", "call": "result", "meeting": "result",
        "login": "", "purchase": "amount product", "unsubscribed": "", "opted_in": "", "accepted": "reason",
        "rejected": "reason", "recycled": "reason", "won": "reason amount", "lost": "reason amount",
    }  # fmt: skip
    return {
        name: MappingProxyType({p: "number" if p == "amount" else "text" for p in properties.split()})
        for name, properties in listed.items()
    }


STANDARD_ACTIVITIES: Mapping[str, Mapping[str, FieldType]] = MappingProxyType(_activities())
"""Type to properties (name to type) of the activities that every lead may carry."""

RESERVED = frozenset(
    "and or not in is known unknown between contains mentions starts ends with has any all none within after before "
    "since older than the next where of at least highest lowest otherwise count days sum first last yes no true "
    "false".split()
)
"""Words of the language, which can't be names."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)
_CASE = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)


def name_fault(name: str) -> str | None:
    """Why this can't be the name of a team, field, fact or stage, or None if it can."""
    if name in RESERVED:
        return f"'{name}' is a word of the language and can't be a name"
    if len(name) > 64:
        return f"a name has at most 64 characters, this one has {len(name)}"
    if not _NAME.fullmatch(name):
        return "a name is lower-case letters, digits and '_', beginning with a letter (people read its title or label)"
    return None


def case_fault(name: str) -> str | None:
    """Why this can't be the name of a tier's case, or None if it can."""
    if name in RESERVED:
        return f"'{name}' is a word of the language and can't be a case"
    if not _CASE.fullmatch(name):
        return "a case is letters, digits and '_', beginning with a letter"
    return None
