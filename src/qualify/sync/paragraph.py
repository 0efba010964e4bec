"""A verdict's account in one paragraph: what a person in the CRM reads beside the stage."""

from __future__ import annotations

from qualify.verdict import Verdict
from qualify.verdict.account import account
from qualify.verdict.phrases import phrases_of
from qualify.verdict.told import Line

LONGEST = 2000


def paragraph(verdict: Verdict) -> str:
    """Where the lead stands, and what each side says, in plain English.

    Nothing in it depends on the moment alone, so that the same verdict next week says the same: by when somebody has
    to act is not in it, and what to ask is a part of its own. The lead is called "this lead": several records may be
    one. It tells values of the fields that decide, which are the record's own.
    """
    told = account(verdict, None, None, nearest_too=False)
    said = [_unnamed(verdict, told.headline), *map(_sentence, told.sides)]
    whole = " ".join(" ".join(said).split())
    return whole if len(whole) <= LONGEST else whole[: LONGEST - 1].rstrip() + "…"


def _unnamed(verdict: Verdict, headline: str) -> str:
    if verdict.lead_id is None:
        return headline
    who = phrases_of(verdict.words).value(verdict.lead_id)
    if headline.startswith(f"Whether {who} "):
        return "Whether this lead" + headline.removeprefix(f"Whether {who}")
    return "This lead" + headline.removeprefix(who) if headline.startswith(who) else headline


def _sentence(line: Line) -> str:
    begin = line.about[:1].upper() + line.about[1:]
    answer = f" {line.answer}" if line.answer else ""
    said = f" ({line.said})" if answer and line.said else f" {line.said}" if line.said else ""
    return f"{begin}:{answer}{said}."


__all__ = ["paragraph"]
