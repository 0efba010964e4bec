"""What an adapter of a system of records (a CRM, a database) is: pages of records in, updates out.

Nothing here knows a vendor. An adapter says how a record looks (`mapping_text`), and gives a `Connection`, which
reads pages, tells what happened, and writes updates; whoever syncs does the rest: mapping, verdicts, what changed,
retrying, remembering where it was.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Protocol, Self, TypeAlias

from qualify.adapters.contract import Adapter
from qualify.errors import AdapterError

if TYPE_CHECKING:
    from qualify.mapping import Mapping as LeadMapping

Record: TypeAlias = Mapping[str, object]
"""One record as the source says it, with what belongs to it (its company, its person) as tables inside."""

PropertyType = Literal["text", "long text", "number", "boolean", "date", "datetime"]


class ConnectionTrouble(AdapterError):
    """The source could not be reached, or asks to be left alone for a while: to be tried again.

    `wait` is how long the source itself asks for, in seconds (its Retry-After), or None. The message holds no
    address with secrets, no record and no answer's text.
    """

    def __init__(self, message: str, *, wait: float | None = None) -> None:
        super().__init__(message)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Page:
    """Some records, in the source's order, and the place from which a later read goes on.

    `cursor` is text that only this adapter understands: reading from it gives every record that was made or
    changed after those read so far, and perhaps some of them again, but never misses one. None: there is no such
    place after this page.
    """

    records: tuple[Record, ...]
    cursor: str | None = None
    total: int | None = None
    """How many records there are in all, where the source says so: for a progress bar."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One row of what happened: `source` names the mapping's table (`[activities.calls]`) that reads it."""

    source: str
    row: Record


@dataclass(frozen=True, slots=True)
class Update:
    """What is to be written to one record, in the record's own shape: `{"properties": {"qualify_stage": "mql"}}`."""

    id: str
    changes: Record = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the source said to one update. `refused` is its answer, in a line, where it didn't take it.

    It may hold what the record says, so it belongs into a report for the person who runs the sync, never into a log.
    """

    id: str
    refused: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class NewProperty:
    """A property (a custom field, a column) that a sync writes to and that the source may not have yet."""

    name: str
    label: str
    type: PropertyType
    description: str = ""
    path: str = ""
    """Where the mapping writes it to, such as `properties.qualify_stage`; `name` is the end of it."""


class Connection(ABC):
    """An open connection to one source. Use it in a `with` block.

    Every method may raise `ConnectionTrouble`, which is tried again, and AdapterError, which is not. A call that is
    tried again must do no harm: writing the same update twice leaves the record as writing it once.
    """

    batch_size: int = 100
    """How many updates the source takes at once."""

    @abstractmethod
    def pages(self, since: str | None = None) -> Iterator[Page]:
        """All records, or those made or changed since a cursor of an earlier read."""

    def happenings(self, records: Sequence[Record]) -> Iterable[Happening] | None:
        """What happened with these leads; None where this source can't tell, which is not the same as nothing."""
        return None

    @abstractmethod
    def write(self, updates: Sequence[Update]) -> Sequence[Answer]:
        """Write at most `batch_size` updates: an answer for each, in their order."""

    def missing(self, wanted: Sequence[NewProperty]) -> Sequence[NewProperty]:
        """Which of these properties the source doesn't have."""
        return ()

    def cannot_make(self, new: NewProperty) -> str | None:
        """Why `create` can't make this property, whatever the source would say; None where it may. Asks nobody."""
        return None

    def create(self, properties: Sequence[NewProperty]) -> None:
        """Make these properties."""
        raise AdapterError("this adapter can't make properties: make them in the source, by hand")

    def close(self) -> None:  # noqa: B027 - an adapter that opened nothing has nothing to close
        """Close what was opened. May be called twice."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class RecordAdapter(Adapter, Protocol):
    """An adapter of a system of records.

    Its mapping needs no client: `qualify.adapter("hubspot").mapping.lead(record)` works wherever `qualify` does.
    """

    @property
    def mapping_text(self) -> str:
        """The mapping of this source's records as TOML: what a user's own file `extends`."""

    @property
    def mapping(self) -> LeadMapping:
        """The same as a mapping: `loads_mapping(self.mapping_text)`, made when it is first asked for and kept."""

    @property
    def options(self) -> Mapping[str, str]:
        """What can be said when connecting, name to meaning. Secrets come from the environment, never from here."""

    @property
    def secrets(self) -> Mapping[str, str]:
        """The environment's variables that hold secrets, name to meaning."""

    def connect(self, properties: Sequence[str], options: Mapping[str, str] = ...) -> Connection:
        """Open a connection that reads these properties (names or paths, as the mapping's) of each record.

        Raises AdapterError for an unknown option or a secret that isn't there, MissingExtra where the vendor's client
        is missing.
        """


__all__ = [
    "Answer",
    "Connection",
    "ConnectionTrouble",
    "Happening",
    "NewProperty",
    "Page",
    "PropertyType",
    "Record",
    "RecordAdapter",
    "Update",
]
