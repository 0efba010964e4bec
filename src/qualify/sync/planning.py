"""What a verdict changes in a record: only what differs from what the record holds."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from qualify.adapters.records import NewProperty, PropertyType, Record, Update
from qualify.definition.model import Model
from qualify.mapping import Mapping as LeadMapping
from qualify.mapping import Target, WriteMap
from qualify.sync.comparing import Kind, is_same
from qualify.sync.fitting import stale_columns
from qualify.sync.lifecycle import Move, move
from qualify.sync.parts import Part, score_part, tier_part, trait_part, whole_parts
from qualify.sync.paths import held, nested
from qualify.sync.report import Planned
from qualify.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Slot:
    """One property that is written: which part of the verdict, and the mapping's word on where and how."""

    part: str
    what: Part
    target: Target

    @property
    def path(self) -> str:
        """Where it stands in a record."""
        return self.target.to

    @property
    def compared_as(self) -> Kind:
        """How what a record holds is compared with it; the target's own words are text."""
        return "text" if self.target.labels and self.what.kind != "list" else self.what.kind


def slots_of(write: WriteMap, model: Model) -> list[Slot]:
    """Every property that a verdict of this definition is written to."""
    whole = whole_parts(model)
    slots = [Slot(name, whole[name], target) for name, target in write.parts]
    for facts, target_of, part_of in (
        (model.scores, write.of_score, score_part),
        (model.tiers, write.of_tier, tier_part),
        (model.traits, write.of_trait, trait_part),
    ):
        for name, fact in facts.items():
            target = target_of(name)
            if target is not None and fact.status == "adopted":
                slots.append(Slot(name, part_of(name, fact.title), target))
    return slots


def _type_of(slot: Slot) -> PropertyType:
    """What the property has to hold: by the mapping's word, else as the verdict says it."""
    if slot.target.labels or slot.target.as_ in ("text", "yes/no"):
        return "text" if slot.what.type != "long text" else "long text"
    return "date" if slot.target.as_ == "date" else slot.what.type


class Planner:
    """Says what is to be written to each record, by what the mapping writes."""

    def __init__(self, mapping: LeadMapping, model: Model, *, compares: bool = True) -> None:
        write = mapping.write or WriteMap()
        self._slots, self._lifecycle = tuple(slots_of(write, model)), write.lifecycle
        self._write, self._compares = mapping.write_value, compares
        self._said, self._stale = write, tuple[str, ...]()
        # What a person looks for first comes first.
        stage = [slot.path for slot in self._slots if slot.part == "stage"]
        own = [] if self._lifecycle is None else [self._lifecycle.to]
        facts = [slot.path for slot in self._slots[len(write.parts) :]]
        self._order = {path: at for at, path in enumerate(dict.fromkeys([*stage, *own, *facts, *self.paths]))}

    @property
    def paths(self) -> tuple[str, ...]:
        """Every property that is written, to be asked for when records are read."""
        own = () if self._lifecycle is None else (self._lifecycle.to,)
        return (*(slot.path for slot in self._slots), *own)

    def empty_stale(self, own: Collection[str], read: Collection[str]) -> None:
        """Empty what these columns of verdicts hold of facts that the definition has no more, unless it is read."""
        self._stale = stale_columns(self._said, own, {*self.paths, *read})

    def plan(
        self, lead_id: str, record: Record, verdict: Verdict, *, opted_out: bool | None
    ) -> tuple[Planned | None, Move]:
        """What changes in this record, None where nothing does, and what becomes of its lifecycle property.

        That the verdict was given at another moment is no change by itself. Of a lead that is left out nothing is
        written but that.
        """
        changes: dict[str, tuple[object, object]] = {}
        differs = False
        for slot in self._slots:
            if verdict.left_out_by and slot.part != "left_out":
                continue
            was, to = held(record, slot.path), self._write(slot.target, slot.what.take(verdict))
            if not self._compares or not is_same(to, was, slot.compared_as):
                changes[slot.path] = (was, to)
                differs = differs or slot.part != "as_of"
        stale = () if verdict.left_out_by or not self._compares else self._stale
        for path in stale:
            if (was := held(record, path)) is not None:
                changes[path] = (was, None)
                differs = True
        moved = self._moved(record, verdict, opted_out)
        if moved.to is not None and self._lifecycle is not None:
            changes[self._lifecycle.to] = (held(record, self._lifecycle.to), moved.to)
            differs = True
        if not differs:
            return None, moved
        last = len(self._order)
        return Planned(
            lead_id, verdict.stage, dict(sorted(changes.items(), key=lambda each: self._order.get(each[0], last)))
        ), moved

    def _moved(self, record: Record, verdict: Verdict, opted_out: bool | None) -> Move:
        said = self._lifecycle
        if said is None or verdict.left_out_by or not self._compares:
            return Move()
        return move(
            verdict.reached,
            held(record, said.to),
            values=dict(said.values),
            order=said.order,
            backward=said.backward,
            opted_out=opted_out,
        )

    def needed(self) -> list[NewProperty]:
        """The properties that verdicts are written to; the lifecycle's is the source's own."""
        return [
            NewProperty(
                slot.path.rpartition(".")[2],
                f"Qualify: {slot.what.label}",
                _type_of(slot),
                slot.what.about,
                slot.path,
            )
            for slot in self._slots
        ]


def update_of(planned: Planned) -> Update:
    """What is sent for it."""
    return Update(planned.id, nested({path: to for path, (_, to) in planned.changes.items()}))


__all__ = ["Planner", "Slot", "slots_of", "update_of"]
