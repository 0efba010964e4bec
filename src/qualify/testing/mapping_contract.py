"""What a mapping of a source's records has to do, as tests. `AdapterContract` brings them to a plugin's own."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from qualify.adapters import Adapter, Record, loads_mapping
from qualify.adapters.loading import is_of_records
from qualify.errors import LeadError
from qualify.mapping import FieldMap
from qualify.mapping import Mapping as LeadMapping
from qualify.mapping.paths import ABSENT, find
from qualify.testing.altered import altered, paths_in
from qualify.testing.demand import demand, readable, refuse
from qualify.text import fold
from qualify.values import Unreadable, is_missing

MARK = "qualify contract mark"
ODD: tuple[object, ...] = (
    True, False, 0, -1, 3.5, 10**400, float("nan"), float("inf"), b"bytes", object(), {}, [], {"a": {"b": 1}},
    [[1, 2], 3], ["x", None], (), " ", "\x00", "\ud800", "-", "n/a", MARK, f"{MARK}@{MARK}", "1e999999", "9" * 5000,
    "31/31/2026", "{", "[", "x" * 1_000_000,
)  # fmt: skip
FLAT = "activities"
"""What `happened` calls the rows of a mapping whose `[activities]` is one table."""
SAYS_NOTHING = ("upper end of range", "lower end of range")
"""Conversions that may read a value and find that it says nothing: `1,000+` has no upper end."""


class MappingContract:
    """The part of `AdapterContract` that concerns the mapping of records. None of it needs the source."""

    adapter: ClassVar[Adapter]
    records: ClassVar[Sequence[Record]]
    happened: ClassVar[Mapping[str, Sequence[Record]]]
    not_read: ClassVar[Sequence[str] | None]

    def test_every_record_becomes_a_lead_with_an_id(self) -> None:
        """A record that is refused is a lead that nobody calls."""
        for at, record in self._records():
            with readable(f"record {at}"):
                lead = self._mapping().lead(record)
            demand(lead.id, f"record {at} has no id: say which property names the lead, at the mapping's top")

    def test_no_two_records_are_one_lead(self) -> None:
        """An id that isn't one writes the verdict of one lead to another."""
        ids = [self._values(record, f"record {at}").get("id") for at, record in self._records()]
        demand(len(set(ids)) == len(ids), "two records have one id; is it the property that names the lead?")

    def test_no_value_is_lost(self) -> None:
        """What is in the record and could not be read must be told, or a definition judges without it."""
        mapping = self._mapping()
        for at, record in self._records():
            values = self._values(record, f"record {at}")
            told = {error.field for error in mapping.passed_over(record)}
            for name, field in mapping.fields.items():
                if values[name] is None and name not in told and _is_said(record, field, mapping):
                    refuse(
                        f"record {at} has a value for {name}, which the lead lacks, and nobody is told: name it in "
                        "`placeholders` if it says nothing, or choose another `as`"
                    )

    def test_no_value_is_invented(self) -> None:
        """A fact that no property says is nobody's; with its properties gone, it is unknown."""
        mapping = self._mapping()
        for at, record in self._records():
            for name, field in mapping.fields.items():
                bare: Record = record
                for source in field.sources:
                    bare = altered(bare, source)
                found = self._values(bare, f"record {at} without {', '.join(field.sources)}")[name]
                demand(
                    found is None or not field.sources,
                    f"record {at} without {', '.join(field.sources)} still gives {name}: what isn't there is unknown",
                )

    def test_a_record_that_says_nothing_is_a_lead_of_which_nothing_is_known(self) -> None:
        """Unknown is an answer; a default is a guess that looks like one."""
        known = {name for name, value in self._values({}, "an empty record").items() if value is not None}
        demand(not known, f"an empty record gives {', '.join(sorted(known))}: take the default out of the mapping")

    def test_what_is_blank_stays_unknown(self) -> None:
        """Null is a no only where the mapping says so (`null`); blank text never is."""
        mapping = self._mapping()
        for at, record in self._records():
            for name, field in mapping.fields.items():
                for blank in ("", "  ", None):
                    changed: Record = record
                    for source in field.sources:
                        changed = altered(changed, source, blank)
                    if blank is None and field.null is not None:
                        continue
                    try:
                        found = mapping.values(changed)[name]
                    except LeadError:
                        continue  # refused is not guessed
                    demand(
                        found is None or field.always is not None,
                        f"record {at}: {name} is known where {', '.join(field.sources)} is blank: blank says nothing",
                    )

    def test_a_record_without_an_id_gets_none(self) -> None:
        """A made-up id is written to a record that is somebody else's."""
        mapping = self._mapping()
        sources = _sources_of_id(mapping)
        demand(sources, "the mapping doesn't say which property is the id: give it at its top (`id = ...`)")
        for value in (ABSENT, None, "", False):
            for at, record in self._records():
                bare: Record = record
                for source in sources:
                    bare = altered(bare, source, value)
                try:
                    found = mapping.lead(bare).id
                except LeadError:
                    continue
                demand(found is None, f"record {at} has no id, and yet the lead has one: leave it out")

    def test_odd_values_are_read_or_refused_and_never_shown(self) -> None:
        """Text stands in numbers' places, and lists in text's; the message about it goes into a log."""
        mapping = self._mapping()
        for at, record in self._records():
            for source in dict.fromkeys(source for field in mapping.fields.values() for source in field.reads):
                for odd in ODD:
                    changed = altered(record, source, odd)
                    try:
                        mapping.lead(changed)
                    except LeadError as why:
                        said = f"{why}{why!r}"
                    else:
                        said = ""
                    said += "".join(map(str, mapping.passed_over(changed)))
                    demand(
                        MARK not in said,
                        f"record {at}: a message shows the value of {source}: name the kind of what was found instead",
                    )

    def test_a_huge_record_is_the_same_lead(self) -> None:
        """Sources grow properties; a lead must not change with those that nobody reads."""
        mapping = self._mapping()
        deep: dict[str, object] = {}
        for _ in range(300):
            deep = {"deeper": deep}
        more = {f"qualify_contract_{at}": "x" * 1000 for at in range(5000)} | {"qualify_contract_deep": deep}
        for at, record in self._records():
            with readable(f"record {at}"):
                same = mapping.values({**more, **record}) == mapping.values(record)
            demand(same, f"record {at} is another lead with more properties: read the mapped ones by name alone")

    def test_every_property_is_read_or_left_out_on_purpose(self) -> None:
        """A property that nobody looked at may be the one that says no."""
        if self.not_read is None:
            return
        unread = {path for _, record in self._records() for path in self._mapping().unused(record)}
        new = sorted(path for path in unread if not _is_below(path, self.not_read))
        demand(not new, f"nobody reads {', '.join(new)}: map them, or name them in `not_read`")
        there = {path for _, record in self._records() for path in paths_in(record)} | unread
        gone = sorted(name for name in self.not_read if not any(_is_below(path, [name]) for path in there))
        demand(not gone, f"no record has {', '.join(gone)}, which `not_read` names: take it out there")

    def test_what_can_be_written_back_is_read_as_the_same(self) -> None:
        """A round trip shows a conversion that reads one thing and writes another."""
        mapping = self._mapping()
        for at, record in self._records():
            for name, value in self._values(record, f"record {at}").items():
                if value is None:
                    continue
                try:
                    written = mapping.record({name: value})
                except LeadError:
                    continue  # the source has no word for it, and that is said
                again = self._values(written, f"record {at}, with {name} written back,")
                demand(
                    again[name] == value,
                    f"record {at}: {name} written and read is another: its conversion has to write what it reads",
                )

    def test_the_mapping_is_data(self) -> None:
        """It goes to other processes, and into a file that a user changes."""
        mapping = self._mapping()
        demand(
            pickle.loads(pickle.dumps(mapping)) == mapping,
            "a pickled mapping is another one: make it with loads_mapping(), and change nothing in it",
        )
        text = self.adapter.mapping_text if is_of_records(self.adapter) else ""
        demand(
            loads_mapping(text) == mapping,
            "`mapping` says something else than `mapping_text`: make it by loads_mapping(self.mapping_text)",
        )
        demand(
            loads_mapping(mapping.to_toml()) == mapping,
            "the mapping written as TOML and read is another one: make it with loads_mapping()",
        )
        demand(not mapping.warnings, "the mapping has warnings: " + "; ".join(map(str, mapping.warnings)))

    def test_everything_that_happened_is_an_activity_or_none(self) -> None:
        """A call that can't be read is a lead that looks as if nobody had talked to it."""
        mapping = self._mapping()
        sources = [*mapping.activity_sources, *([FLAT] if mapping.activities is not None else [])]
        for source in sources:
            rows = self.happened.get(source, ())
            demand(rows, f"give some rows of what happened in `happened`, under {source!r}")
            with readable(f"a row of {source!r}"):
                found = [each for row in rows for each in activities_in(mapping, row, source)]
            demand(
                found, f"none of the rows of {source!r} is an activity of a lead: see [activities.{source}]'s `lead`"
            )
        strangers = set(self.happened) - set(sources)
        demand(
            not strangers,
            f"the mapping has no [activities.{', '.join(sorted(strangers))}]: give it one, or take it out of `happened`",
        )

    def _records(self) -> Iterator[tuple[int, Record]]:
        demand(self.records, "give `records`: some records, as the source gives them")
        yield from enumerate(self.records)

    def _values(self, record: Record, what: str) -> dict[str, Any]:
        with readable(what):
            return self._mapping().values(record)

    def _mapping(self) -> LeadMapping:
        if not is_of_records(self.adapter):
            refuse("the adapter is no RecordAdapter: does it have `mapping`, `mapping_text` and `connect`?")
        return self.adapter.mapping


def activities_in(mapping: LeadMapping, row: Record, source: str) -> list[tuple[str, dict[str, Any]]]:
    """What a row of one source says, as a sync reads it."""
    if source in mapping.activity_sources:
        return mapping.activities_of(row, of=source)
    demand(mapping.activities is not None, f"a happening of {source!r}: the mapping has no [activities.{source}]")
    return [mapping.activity(row)]


def _sources_of_id(mapping: LeadMapping) -> tuple[str, ...]:
    if mapping.id is not None:
        return (mapping.id,)
    return mapping.fields["id"].sources if "id" in mapping.fields else ()


def _is_said(record: Record, field: FieldMap, mapping: LeadMapping) -> bool:
    """Whether one of the field's properties has a value that means something."""
    if field.as_ in SAYS_NOTHING:
        return False
    nothing = mapping.placeholders if field.placeholders is None else field.placeholders
    words = [fold(each) if isinstance(each, str) else each for each in nothing]
    for source in field.sources:
        try:
            value = find(record, source)
        except Unreadable:
            return True
        if value is ABSENT or is_missing(value) or value in ([], {}, ()) or value is False:
            continue
        if isinstance(value, str) and (not value.strip() or fold(value) in words or value in words):
            continue
        if not isinstance(value, str | list | dict) and (value in words or str(value) in words):
            continue
        return not isinstance(value, list | dict) or bool(list(_leaves(value, words)))
    return False


def _leaves(value: object, words: Sequence[object]) -> Iterator[object]:
    """The values in lists and tables that mean something."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for each in value:
            yield from _leaves(each, words)
    elif not (is_missing(value) or value is False or value in words):
        if isinstance(value, str) and fold(value) in words:
            return
        yield value


def _is_below(path: str, names: Sequence[str]) -> bool:
    return any(path == name or path.startswith(f"{name}.") for name in names)


__all__ = ["MappingContract", "activities_in"]
