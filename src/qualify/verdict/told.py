"""The pieces of an account, before it has a form."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an account: whom or what it is about, the answer, and what is said."""

    about: str
    answer: str
    said: str


@dataclass(frozen=True, slots=True)
class FactTold:
    """One fact that decides: its name, whose it is, the answer, what was seen, and why it matters."""

    name: str
    team: str
    answer: str
    said: str
    why: str | None


@dataclass(frozen=True, slots=True)
class Account:
    """The whole account, before it has a form."""

    headline: str
    sides: tuple[Line, ...] = ()
    next: tuple[Line, ...] = ()
    facts: tuple[FactTold, ...] = ()
    notes: tuple[str, ...] = ()


__all__ = ["Account", "FactTold", "Line"]
