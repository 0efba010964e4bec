"""An open connection to one Tryton: opportunities with their parties, or parties alone, out; fields and notes in."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any, Literal

from qualify.adapters.records import Answer, Connection, NewProperty, Page, Update
from qualify.adapters.tryton.models import Models, names_of, sent
from qualify.adapters.tryton.notes import HEAD, flat, note_of, said_in
from qualify.adapters.tryton.places import place_of
from qualify.adapters.tryton.reading import CHANGED, ChangedPages
from qualify.adapters.tryton.server import Refused, Server
from qualify.errors import AdapterError, enumerated

Model = Literal["sale.opportunity", "party.party"]
NOTE = "ir.note"
OWN = "qualify"
"""The name in a record under which a verdict's note is read and written."""
BELONGS: Mapping[Model, tuple[str, ...]] = {
    "sale.opportunity": ("party", "party.addresses", "party.contact_mechanisms", "address", "contact"),
    "party.party": ("addresses", "contact_mechanisms"),
}
"""What is joined to a record, and tells of the lead."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the options say."""

    model: Model = "sale.opportunity"
    domain: tuple[object, ...] = ()
    page: int = 200
    margin: timedelta = timedelta(minutes=5)


class TrytonConnection(Connection):
    """Leads over JSON-RPC. Tryton itself joins what a dotted name asks for: party, addresses, contact mechanisms."""

    def __init__(self, server: Server, properties: Sequence[str], ours: Iterable[str], choices: Choices) -> None:
        self._server, self._choices, self._models = server, choices, Models(server)
        self._properties, self._optional = tuple(properties), set(ours)

    def __repr__(self) -> str:
        return f"<TrytonConnection of {self._choices.model}>"

    def pages(self, since: str | None = None) -> Iterator[Page]:
        """All records in the order of their last change, or those changed since; `next` may be tried again."""
        place = None if since is None else place_of(since)
        begun: ChangedPages | None = None

        def following() -> Page:
            nonlocal begun
            if begun is None:
                names, total = self._asked, self._count()  # the server tells its time with it
                begun = ChangedPages(
                    lambda domain, order: self._page(domain, order, names),
                    place,
                    total=total if place is None else None,
                    size=self._choices.page,
                    linked=self._linked,
                    by_change=self._has(CHANGED),
                    now=self._server.now,
                    margin=self._choices.margin,
                )
            return next(begun)

        return _Pages(following)

    def write(self, updates: Sequence[Update]) -> list[Answer]:
        """Write in one transaction; where Tryton refuses it, which it does as a whole, record by record."""
        if not updates:
            return []
        there = self._there(updates)
        answers = {
            update.id: Answer(update.id, "there is no such record") for update in updates if update.id not in there
        }
        written = [update for update in updates if update.id in there]
        if written:
            try:
                self._write(written)
                answers |= {update.id: Answer(update.id) for update in written}
            except Refused as why:
                if len(written) == 1:
                    answers[written[0].id] = Answer(written[0].id, why.answer)
                else:
                    for update in written:
                        answers |= {answer.id: answer for answer in self.write([update])}
        return [answers[update.id] for update in updates]

    def missing(self, wanted: Sequence[NewProperty]) -> list[NewProperty]:
        """Which of these aren't fields of the model; a note needs none. AdapterError where one may only be read."""
        own = [each for each in wanted if not (each.path or each.name).startswith(f"{OWN}.")]
        if below := [each.path for each in own if "." in each.path]:
            raise AdapterError(f"tryton writes to a record's own fields, or to 'qualify.': not to {enumerated(below)}")
        fields = self._models.fields(self._choices.model, [each.name for each in own])
        if fixed := [each.name for each in own if fields.get(each.name, {}).get("readonly")]:
            raise AdapterError(f"tryton: {enumerated(fixed)} of {self._choices.model} may only be read")
        self._optional |= {each.name for each in own}  # whoever asked knows which aren't there
        return [each for each in own if each.name not in fields]

    def create(self, properties: Sequence[NewProperty]) -> None:
        """Say how to make them: a field of Tryton comes with a module."""
        raise AdapterError(
            f"tryton: {enumerated(each.name for each in properties)} has to be a field of {self._choices.model}, which "
            "comes with a module of yours; a path such as qualify.stage is kept in a note, and needs none"
        )

    def close(self) -> None:
        """End the session."""
        self._server.close()

    @cached_property
    def _context(self) -> dict[str, object]:
        """The company and the employee for whom this user works: some rules of Tryton ask for them."""
        preferences = self._server.call("model.res.user.get_preferences", True, {})
        known = preferences if isinstance(preferences, dict) else {}
        return {name: known[name] for name in ("company", "employee") if known.get(name) is not None}

    @cached_property
    def _asked(self) -> list[str]:
        paths = [path for path in self._properties if path != OWN and not path.startswith(f"{OWN}.")]
        stamps = (CHANGED, "create_date", "write_date")
        beside = [f"{name}.{CHANGED}" for name in BELONGS[self._choices.model]]
        self._models.learn(self._choices.model, [*stamps, *beside, *(n for path in paths for n in names_of(path))])
        names = self._models.asked(self._choices.model, paths, self._optional)
        return list(dict.fromkeys([*names, *(name for name in stamps if self._has(name))]))

    @cached_property
    def _linked(self) -> list[str]:
        stamps = (CHANGED,) if self._has(CHANGED) else ("create_date", "write_date")
        names = [f"{name}.{stamp}" for name in BELONGS[self._choices.model] for stamp in stamps]
        return [name for name in names if self._has(name)]

    def _has(self, name: str) -> bool:
        return self._models.has(self._choices.model, name)

    def _call(self, model: str, method: str, *parameters: object) -> Any:
        return self._server.call(f"model.{model}.{method}", *parameters, self._context)

    def _count(self) -> int | None:
        found = self._call(self._choices.model, "search_count", list(self._choices.domain))
        return found if isinstance(found, int) else None

    def _page(
        self, domain: Sequence[object], order: Sequence[Sequence[str]], names: Sequence[str]
    ) -> list[Mapping[str, Any]]:
        whole = [list(domain), *([list(self._choices.domain)] if self._choices.domain else [])]
        found = self._call(self._choices.model, "search_read", whole, 0, self._choices.page, list(order), list(names))
        if not isinstance(found, list):
            raise AdapterError("Tryton's answer to a search is no list of records")
        notes = self._notes([str(record["id"]) for record in found])
        return [{**record, OWN: said_in(notes[str(record["id"])][-1][1])} if str(record["id"]) in notes
                else {**record, OWN: {}} for record in found]  # fmt: skip

    def _notes(self, ids: Sequence[str]) -> dict[str, list[tuple[int, str]]]:
        """Our notes on these records, the oldest first: by the record's id, each note's id and text."""
        found: dict[str, list[tuple[int, str]]] = {}
        if ids:
            resources = [f"{self._choices.model},{each}" for each in ids]
            domain = [["resource", "in", resources], ["message", "like", f"{HEAD}%"]]
            for note in self._call(NOTE, "search_read", domain, 0, None, [["id", "ASC"]], ["resource", "message"]):
                whose = str(note["resource"]).rpartition(",")[2]
                found.setdefault(whose, []).append((int(note["id"]), str(note["message"])))
        return found

    def _there(self, updates: Sequence[Update]) -> set[str]:
        """The records that are there, archived ones too: a note can be put on one that isn't."""
        ids = [int(update.id) for update in updates if update.id.isdecimal() and len(update.id) < 19]
        context = {**self._context, "active_test": False}
        found = self._server.call(f"model.{self._choices.model}.search", [["id", "in", ids]], 0, None, None, context)
        return {str(each) for each in found}

    def _write(self, updates: Sequence[Update]) -> None:
        names = {name for update in updates for name in update.changes if name != OWN}
        fields = self._models.fields(self._choices.model, names)
        pairs: list[object] = []
        for update in updates:
            values = {
                name: sent(value, fields.get(name, {}).get("type"))
                for name, value in update.changes.items()
                if name != OWN
            }
            if values:
                pairs += [[int(update.id)], values]
        if pairs:
            self._call(self._choices.model, "write", *pairs)
        self._write_notes(
            {update.id: flat(own) for update in updates if isinstance(own := update.changes.get(OWN), Mapping)}
        )

    def _write_notes(self, said: Mapping[str, Mapping[str, object]]) -> None:
        """Put a new note where something changed, then take the old ones away: a note can't be changed in Tryton."""
        old = self._notes(list(said))
        new, outdated = [], list[int]()
        for whose, changes in said.items():
            before = old.get(whose, [])
            text = note_of({**(said_in(before[-1][1]) if before else {}), **changes})
            if not before or before[-1][1] != text:
                new.append({"resource": f"{self._choices.model},{whose}", "message": text})
                outdated += [name for name, _ in before]
            else:
                outdated += [name for name, _ in before[:-1]]
        if new:
            self._call(NOTE, "create", new)
        if outdated:
            with contextlib.suppress(Refused):  # a user who may not delete notes keeps them: the newest counts
                self._call(NOTE, "delete", outdated)


class _Pages(Iterator[Page]):
    """Pages that are begun with the first one, so that trouble at the beginning can be tried again too."""

    def __init__(self, following: Callable[[], Page]) -> None:
        self._following = following

    def __next__(self) -> Page:
        return self._following()


__all__ = ["Choices", "Model", "TrytonConnection"]
