"""Where a database is: its URL, with no password in anything that is shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from qualify.errors import AdapterError, nearest

URL_SAID, PASSWORD = "QUALIFY_DATABASE_URL", "QUALIFY_DATABASE_PASSWORD"
"""What the environment calls them."""


@dataclass(frozen=True, slots=True)
class Place:
    """A database: its URL, and what it is called in messages (no user, no password, no host)."""

    url: URL = field(repr=False)
    name: str

    @property
    def fingerprint(self) -> str:
        """What tells this database from another, without saying where it is."""
        said = f"{self.url.get_backend_name()} {self.url.host} {self.url.port} {self.url.database}"
        return blake2b(said.encode(), digest_size=6).hexdigest()


_SECRETS = {"password", "passwd", "pwd", "sslpassword", "passfile", "token"}
"""What drivers call a password among the words after a URL's `?`."""


def database_at(
    said: str | None,
    url: str | None,
    password: str | None,
    *,
    called: str = "option 'url'",
    instead: str = f"{PASSWORD} or {URL_SAID}",
) -> Place:
    """The database that is said (as it is `called`), or else that of the environment; `instead` is where a password goes.

    Raises AdapterError where neither says one, where it is no URL, where an option holds a password, and where an
    SQLite file isn't there.

    >>> database_at("sqlite:///:memory:", None, None).name
    'the sqlite database :memory:'
    >>> database_at("postgresql://me:secret@localhost/crm", None, None)
    Traceback (most recent call last):
    qualify.errors.AdapterError: database: option 'url' holds a password, which others on this machine can see; ...
    """
    text = said or url
    if not text:
        raise AdapterError(f"database: which one? Set {URL_SAID}, or say option 'url' (without a password)")
    try:
        found = make_url(text)
        found.get_dialect()
    except NoSuchModuleError:
        raise AdapterError(
            "database: SQLAlchemy knows no such kind of database; a URL begins as postgresql://"
        ) from None
    except (ArgumentError, ValueError):
        raise AdapterError(
            "database: that is no URL, such as postgresql://me@localhost/crm or sqlite:///leads.db"
        ) from None
    if said and (found.password is not None or _SECRETS & {name.lower() for name in found.query}):
        raise AdapterError(
            f"database: {called} holds a password, which others on this machine can see; "
            f"set {instead} in the environment instead"
        )
    _there(found)
    if found.password is None and password:
        found = found.set(password=password)
    return Place(found, f"the {found.get_backend_name()} database {found.database or ''}".rstrip())


def _there(url: URL) -> None:
    """Raises AdapterError where SQLite would make a new, empty file of a name that nobody meant."""
    said = url.database
    if url.get_backend_name() != "sqlite" or not said or said == ":memory:" or said.startswith("file:"):
        return
    path = Path(said)
    if not path.is_file():
        folder = path.parent
        there = [each.name for each in folder.iterdir() if each.is_file()] if folder.is_dir() else []
        near = nearest(path.name, there)
        hint = f"; did you mean {str(folder / near)!r}?" if near else ""
        raise AdapterError(f"database: there is no file {said!r}{hint}")


__all__ = ["Place", "database_at"]
