"""Which team, stage or score a person means who is asked for one: by its name, or by what it is called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from qualify.errors import QualifyError, enumerated, nearest

LONGEST_TOLD = 64


def meant(what: str, said: str, names: Iterable[str], titles: Mapping[str, str]) -> str:
    """The name that is meant: the name itself, or in any case it or its title, where that is one alone.

    Raises QualifyError for what is none of them, or is more than one.

    >>> meant("team", "Sales", ["sales", "marketing"], {"marketing": "Marketing & Web"})
    'sales'
    >>> meant("team", "marketing & web", ["sales", "marketing"], {"marketing": "Marketing & Web"})
    'marketing'
    """
    known = [*names]
    if said in known:
        return said
    folded = _folded(said)
    found = [name for name in known if folded in (_folded(name), _folded(titles.get(name, name)))]
    if len(found) == 1:
        return found[0]
    if found:
        raise QualifyError(
            f"which {what} is '{said[:LONGEST_TOLD]}': {enumerated(found)}? Say its name", code=f"unknown-{what}"
        )
    near = nearest(said, known)
    hint = f"; did you mean '{near}'?" if near else f"; there are: {', '.join(known)}" if known else ""
    raise QualifyError(f"unknown {what} '{said[:LONGEST_TOLD]}'{hint}", code=f"unknown-{what}")


def _folded(text: str) -> str:
    """What is the same for whoever types it: no matter the case, and whether a blank or a line joins its words."""
    return " ".join(text.casefold().replace("_", " ").split())


__all__ = ["meant"]
