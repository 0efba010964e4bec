"""The contract of an adapter as tests: a plugin subclasses `AdapterContract`, and pytest holds it to every part.

Failures say in their message what is to be done; values of records are never shown.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

import pytest

from qualify.adapters import (
    CONTRACT,
    Adapter,
    Connection,
    ConnectionTrouble,
    FileAdapter,
    Record,
    installed_adapters,
)
from qualify.adapters.loading import is_for_files, is_of_records
from qualify.errors import AdapterError, MissingExtra
from qualify.testing.connection_contract import NEW, ConnectionContract
from qualify.testing.demand import demand, refuse
from qualify.testing.file_contract import FileContract
from qualify.testing.mapping_contract import MappingContract

Open = Callable[[Sequence[str]], Connection]
NO_SUCH_OPTION = {"no such option": "x"}
MARK = "qualify-contract-secret"


class AdapterContract(MappingContract, ConnectionContract, FileContract):
    """What every adapter has to do. Subclass it in a test file, with your adapter and some of its source's records.

        class TestAcme(AdapterContract):
            adapter = AcmeAdapter()
            records = json.loads(Path("tests/leads.json").read_text())

            @pytest.fixture
            def source(self, monkeypatch):
                with FakeAcme(self.records) as fake:
                    monkeypatch.setenv("ACME_TOKEN", fake.token)
                    yield lambda properties: self.adapter.connect(properties, {"url": fake.url})

    Tests that don't concern an adapter (of files, where it is for a CRM) aren't there. Those that need a source to
    read from and write to are skipped, with the reason, where there is no fixture `source`.
    """

    adapter: ClassVar[Adapter]
    """The adapter that is tested."""

    records: ClassVar[Sequence[Record]] = ()
    """Some records as the source gives them, each of another lead: the odder, the better. Of a file: its rows."""

    happened: ClassVar[Mapping[str, Sequence[Record]]] = {}
    """Rows of what happened, by the name of the mapping's table (`calls` for `[activities.calls]`)."""

    not_read: ClassVar[Sequence[str] | None] = None
    """The properties of `records` that the mapping leaves unread on purpose. None: that is not looked at."""

    changes: ClassVar[Sequence[Record]] = ()
    """Two changes that the source takes, in a record's shape: `({"stage": "mql"}, {"stage": "sql"})`."""

    new_property: ClassVar[str] = NEW
    """What a property is called that a setup makes, where names have a form of their own: `"x_qualify_contract"`."""

    clients: ClassVar[Sequence[str]] = ()
    """Modules of the vendor's client, which must not be imported for a mapping's sake."""

    sample: ClassVar[bytes] = b""
    """A file that holds `records`, for an adapter of files that can't write one."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        adapter = getattr(cls, "adapter", None)
        if adapter is None:
            return
        concerns: list[tuple[type, bool]] = [
            (MappingContract, is_of_records(adapter)),
            (ConnectionContract, is_of_records(adapter)),
            (FileContract, is_for_files(adapter)),
        ]
        for part, applies in concerns:
            for name in [] if applies else vars(part):
                if name.startswith("test_"):
                    setattr(cls, name, None)  # pytest passes over what can't be called

    @pytest.fixture
    def source(self) -> Open:
        """A function that opens a connection to one source, which holds the records: yours takes this one's place."""
        pytest.skip("no fixture `source`: give one that opens a connection to a source (a fake one will do)")

    def test_it_says_who_it_is_and_which_contract_it_keeps(self) -> None:
        """A list shows name and summary to people who have never heard of it."""
        adapter = self.adapter
        demand(adapter.name == adapter.name.strip().lower(), "a name is in small letters: it is typed in a terminal")
        demand(adapter.summary.strip(), "the summary is empty: say what it is, in a few words")
        demand(len(adapter.summary) <= 80, "the summary is longer than 80 characters: it stands in a list")
        contract = getattr(adapter, "contract", CONTRACT)
        demand(contract == CONTRACT, f"it is made for contract {contract}; the installed qualify has {CONTRACT}")

    def test_it_is_found_by_its_name(self) -> None:
        """Users write its name and nothing else; a wrong entry point shows nowhere but here."""
        name = self.adapter.name
        mine = [each for each in installed_adapters(load=True, allow=[name]) if each.name == name]
        demand(
            mine,
            f"no entry point {name!r} in the group 'qualify' leads to it. Install your package (pip install -e .) after "
            "every change of its entry points",
        )
        broken = [each.error for each in mine if each.error]
        demand(len(broken) < len(mine), f"it is found, but can't be used: {'; '.join(map(str, broken))}")

    def test_it_can_do_what_it_says(self) -> None:
        """A sync believes `can`: what isn't true there fails in the middle of the night."""
        can = self.adapter.can
        demand(can, "it can do nothing: `can` is empty")
        if "read" in can or "write" in can:
            demand(
                is_for_files(self.adapter) or is_of_records(self.adapter),
                "it says that it reads or writes, but fulfils neither FileAdapter nor RecordAdapter",
            )
        if not is_of_records(self.adapter):
            demand(not can - {"read", "write"}, "only a RecordAdapter can do more than read and write")
        if can & {"incremental", "activities"}:
            demand("read" in can, "it reads changes or activities, but can't read")
        if "setup" in can:
            demand("write" in can, "it makes properties, but can't write")

    def test_an_option_that_it_does_not_know_is_refused(self) -> None:
        """A typo that is passed over reads the wrong leads without a word."""
        adapter = self.adapter
        calls: list[Callable[[], object]] = []
        if is_for_files(adapter):
            calls += _openings(adapter)
        if is_of_records(adapter):
            calls.append(lambda: adapter.connect([], NO_SUCH_OPTION))
        for call in calls:
            try:
                call()
            except AdapterError as why:
                refused = why
            else:
                refuse("an option that it doesn't know is taken: call known_options() before anything else")
            demand(not isinstance(refused, ConnectionTrouble), "an unknown option is no trouble that may pass")
            demand("no such option" in str(refused), "the message doesn't name the option: known_options() does")

    def test_no_secret_shows(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A repr or a message ends up in a log, and a log in a ticket."""
        adapter = self.adapter
        for name in _secrets(adapter):
            monkeypatch.setenv(name, MARK)
        said = repr(adapter)
        if is_of_records(adapter):
            try:
                connection = adapter.connect([], {})
            except (AdapterError, MissingExtra) as why:
                said += str(why) + repr(why)
            else:
                said += repr(connection)
                connection.close()
        demand(MARK not in said, "the repr or a message shows a secret from the environment: leave it out")

    def test_its_mapping_needs_no_client(self) -> None:
        """A definition is tried on exported records where nothing of the vendor's is installed."""
        if not self.clients or not is_of_records(self.adapter):
            return
        code = (
            f"import sys, qualify\nqualify.adapter({self.adapter.name!r}).mapping_text\n"
            f"print(*[name for name in {sorted(self.clients)!r} if name in sys.modules])"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=False)
        demand(done.returncode == 0, f"its mapping can't be loaded in a process of its own: {done.stderr}")
        demand(not done.stdout.strip(), f"loading it imports {done.stdout.strip()}: import that in `connect`")


def _openings(adapter: FileAdapter) -> list[Callable[[], object]]:
    path = f"no-such-file{adapter.suffixes[0]}"
    calls: list[Callable[[], object]] = []
    if "read" in adapter.can:
        calls.append(lambda: adapter.read(path, NO_SUCH_OPTION))
    if "write" in adapter.can:
        calls.append(lambda: adapter.write(path, ["id"], NO_SUCH_OPTION))
    return calls


def _secrets(adapter: Adapter) -> Mapping[str, str]:
    return adapter.secrets if is_of_records(adapter) else {}


__all__ = ["AdapterContract"]
