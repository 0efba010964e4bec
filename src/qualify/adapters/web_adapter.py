"""What the adapters over `Web` have in common: a mapping beside the code, options, and secrets of the environment."""

from __future__ import annotations

import math
import os
import re
from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from qualify.adapters.contract import Ability
from qualify.adapters.making import make_missing
from qualify.adapters.options import known_options
from qualify.adapters.own_mapping import OwnMapping
from qualify.adapters.records import Connection, NewProperty
from qualify.errors import AdapterError, nearest

if TYPE_CHECKING:
    from qualify.mapping import Mapping as LeadMapping

NO_OPTIONS: Mapping[str, str] = MappingProxyType({})
TIMEOUT = {"timeout": "seconds to wait for an answer (60)"}


class WebAdapter(OwnMapping):
    """An adapter of a vendor's web API. A vendor's own says the rest, and gives `open`."""

    name: str
    summary: str
    contract = 1
    can: frozenset[Ability]
    options: Mapping[str, str]
    secrets: Mapping[str, str]

    def connect(self, properties: Sequence[str], options: Mapping[str, str] = NO_OPTIONS) -> Connection:
        """Open a connection that reads these properties of each record.

        Raises AdapterError for an unknown option or a secret that isn't there, MissingExtra without `requests`.
        """
        known_options(self.name, options, self.options)
        return self.open(properties, Said(self.name, options, self.secrets))

    def open(self, properties: Sequence[str], said: Said) -> Connection:
        """Open a connection by what was said in options and in the environment."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


class WebConnection(Connection):
    """A connection that tells which fields are missing, reads on without them, and makes them one by one."""

    source: str
    """Whose they are, as messages call it."""

    _missing: frozenset[str] = frozenset()

    @property
    @abstractmethod
    def by_hand(self) -> str:
        """Where a person makes a field."""

    @abstractmethod
    def known(self) -> Collection[str]:
        """The names of the fields that the vendor's records have."""

    @abstractmethod
    def forget(self) -> None:
        """Ask for the fields anew next time."""

    @abstractmethod
    def make(self, new: NewProperty) -> str | None:
        """Make this field; gives the vendor's answer where it refuses."""

    def called(self, new: NewProperty) -> str:
        """What the vendor calls this field."""
        return new.name

    def missing(self, wanted: Sequence[NewProperty]) -> Sequence[NewProperty]:
        """Which of the wanted fields aren't there."""
        known = self.known()
        found = [each for each in wanted if self.called(each) not in known]
        self._missing = frozenset(self.called(each) for each in found)
        return found

    def create(self, properties: Sequence[NewProperty]) -> None:
        """Make these fields; what is there is left alone. Raises NotMade for those that the vendor refuses."""
        make_missing(
            self.source,
            properties,
            missing=self._missing_now,
            make=lambda new: self.cannot_make(new) or self.make(new),
            by_hand=self.by_hand,
        )

    def _missing_now(self, wanted: Sequence[NewProperty]) -> Sequence[NewProperty]:
        self.forget()
        return self.missing(wanted)


class Said:
    """The options of one connection, and the secrets that the environment holds."""

    def __init__(self, name: str, options: Mapping[str, str], secrets: Mapping[str, str]) -> None:
        self.name, self._options, self._secrets = name, options, secrets

    def option(self, name: str, otherwise: str | None = None) -> str:
        """An option; AdapterError where it isn't given and there is nothing that it is otherwise."""
        value = self._options.get(name, "").strip() or otherwise
        if value is None:
            raise AdapterError(f"{self.name} needs the option {name!r}: --option {name}=…")
        return value

    def given(self, name: str) -> str | None:
        """An option that may be left out."""
        return self._options.get(name, "").strip() or None

    def yes(self, name: str, *, otherwise: bool) -> bool:
        """An option that is yes or no."""
        value = self.option(name, "yes" if otherwise else "no").casefold()
        if value not in ("yes", "no"):
            raise AdapterError(f"{self.name}: option {name!r} is yes or no")
        return value == "yes"

    @property
    def timeout(self) -> float:
        """Seconds to wait for an answer."""
        text = self.option("timeout", "60")
        try:
            seconds = float(text)
        except ValueError:
            seconds = 0.0
        if not (seconds > 0 and math.isfinite(seconds)):
            raise AdapterError(f"{self.name}: option 'timeout' is a number of seconds above 0")
        return seconds

    def secret(self, variable: str) -> str:
        """A secret from the environment; AdapterError that names the variable where it isn't there."""
        value = os.environ.get(variable, "").strip()
        if not value:
            raise AdapterError(f"{self.name} needs the environment variable {variable}: {self._secrets[variable]}")
        return value


def top_names(properties: Sequence[str]) -> list[str]:
    """The first part of each path, each once: the columns to ask for. What is said of a column stands after an @.

    >>> top_names(["email", "country_id.1", "emails[primary=true].value", "country_id.0", "stage@Label.Text"])
    ['email', 'country_id', 'emails', 'stage']
    """
    return list(dict.fromkeys(name for each in properties if (name := _UP_TO.match(each)[0])))  # type: ignore[index]


_UP_TO = re.compile(r"[^.\[@]*")


def known_columns(
    name: str, wanted: Sequence[str], known: Sequence[str], own: LeadMapping, missing: Collection[str] = ()
) -> list[str]:
    """Those of the wanted columns that the source has, to be asked for.

    One of our own mapping's that this account doesn't have is left out, and stays unknown; so is one that was said
    to be `missing`, to be made first. Another that a person named is an AdapterError with the nearest that there is.
    """
    have = frozenset(known)
    optional = frozenset((*top_names(own.sources), *missing))
    for each in wanted:
        if each not in have and each not in optional:
            near = nearest(each, known)
            raise AdapterError(f"{name} has no field {each!r}" + (f"; did you mean {near!r}?" if near else ""))
    return [each for each in wanted if each in have]
