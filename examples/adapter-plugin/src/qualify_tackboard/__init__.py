"""Leads of Tackboard, and verdicts back to it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib.resources import files
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from qualify.adapters import Ability, Connection, RecordAdapter, hookimpl, known_options, loads_mapping
from qualify.errors import AdapterError

if TYPE_CHECKING:
    import qualify

TOKEN = "TACKBOARD_TOKEN"
URL = "https://api.tackboard.example"
NO_OPTIONS: Mapping[str, str] = {}


class TackboardAdapter:
    """Reads and writes the leads of one Tackboard account."""

    name = "tackboard"
    summary = "leads of Tackboard"
    contract = 1
    can: frozenset[Ability] = frozenset({"read", "write", "incremental", "activities", "setup"})
    options: Mapping[str, str] = {
        "url": f"where its API is ({URL})",
        "page": "how many leads are asked for at once (100)",
        "timeout": "how many seconds to wait for an answer (30)",
    }
    secrets: Mapping[str, str] = {TOKEN: "the token of Tackboard's API"}

    @cached_property
    def mapping_text(self) -> str:
        """Which property is which field: mapping.toml, beside this file."""
        return files(__name__).joinpath("mapping.toml").read_text(encoding="utf-8")

    @cached_property
    def mapping(self) -> qualify.Mapping:
        """The same, ready to read records."""
        return loads_mapping(self.mapping_text, file="tackboard/mapping.toml")

    def connect(self, properties: Sequence[str], options: Mapping[str, str] = NO_OPTIONS) -> Connection:
        """Open a connection. `properties` is what the mapping reads: for an API that gives only what it is asked for.

        Raises AdapterError for an unknown option, or without a token. Nothing is asked of Tackboard yet.
        """
        from qualify_tackboard.connection import TackboardConnection

        known_options(self.name, options, self.options)
        token = os.environ.get(TOKEN, "").strip()
        if not token:
            raise AdapterError(f"{self.name} needs a token: put it into the environment as {TOKEN}")
        return TackboardConnection(
            _safe(options.get("url", URL)),
            token,
            page=_number(options, "page", "100"),
            timeout=_number(options, "timeout", "30"),
        )


def _safe(url: str) -> str:
    """The address without its last slash. A token must not travel in plain text, except within this machine."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost")):
        raise AdapterError("tackboard: option 'url' begins with https://")
    return url.rstrip("/")


def _number(options: Mapping[str, str], name: str, otherwise: str) -> int:
    said = options.get(name, otherwise)
    if not (said.isascii() and said.isdecimal() and 0 < int(said) <= 1000):
        raise AdapterError(f"tackboard: option {name!r} is a number from 1 to 1000")
    return int(said)


@hookimpl
def qualify_adapter() -> RecordAdapter:
    """The adapter for Tackboard."""
    return TackboardAdapter()
