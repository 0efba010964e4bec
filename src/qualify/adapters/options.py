"""An adapter's options: texts by name, those that it knows and no others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from qualify.errors import AdapterError, nearest


def known_options(adapter: str, options: Mapping[str, str], known: Iterable[str]) -> Mapping[str, str]:
    """The options, where `adapter` knows all of them; else an AdapterError that names the nearest.

    >>> known_options("csv", {"delimeter": ";"}, ["delimiter", "encoding"])
    Traceback (most recent call last):
    qualify.errors.AdapterError: csv has no option 'delimeter'; did you mean 'delimiter'?
    """
    names = sorted(known)
    for name in options:
        if name not in names:
            near = nearest(name, names)
            hint = f"did you mean {near!r}?" if near else f"it knows {', '.join(names) or 'none'}"
            raise AdapterError(f"{adapter} has no option {name!r}; {hint}")
    return options


def choice(adapter: str, options: Mapping[str, str], name: str, choices: Mapping[str, str]) -> str | None:
    """The chosen one of a few values, read by the words in `choices`; None where the option isn't given."""
    given = options.get(name)
    if given is None:
        return None
    if given not in choices:
        raise AdapterError(f"{adapter}: option {name!r} is one of {', '.join(choices)}, not {given!r}")
    return choices[given]
