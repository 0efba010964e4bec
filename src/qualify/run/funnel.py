"""What became of all leads of a run, counted: the funnel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from qualify.engine.decision import State
from qualify.engine.evaluate import Raw, Session
from qualify.run.reasons import Lacking, Reason, Reasons
from qualify.verdict import DefinitionIdentity

ORDER = ("reached", "undetermined", "not_yet", "disqualified")


@dataclass(frozen=True, slots=True)
class StageCount:
    """How many leads are in each state with one stage, and why. Those left out are in none.

    `reasons` is what says no to those not yet there, `barred_by` what bars the disqualified, the commonest first; a
    lead may have several. `lacking` is what the undetermined lack, of the `looked_at` of them that were asked.
    """

    reached: int = 0
    undetermined: int = 0
    not_yet: int = 0
    disqualified: int = 0
    reasons: tuple[Reason, ...] = ()
    barred_by: tuple[Reason, ...] = ()
    lacking: tuple[Lacking, ...] = ()
    looked_at: int = 0

    def to_dict(self) -> dict[str, Any]:
        """The counts as plain data, for JSON."""
        return {
            **{state: getattr(self, state) for state in ORDER},
            "reasons": [each.to_dict() for each in self.reasons],
            "barred_by": [each.to_dict() for each in self.barred_by],
            "lacking": [each.to_dict() for each in self.lacking],
            "looked_at": self.looked_at,
        }


@dataclass(frozen=True, slots=True)
class Funnel:
    """How many leads were judged, where they stand with each stage, and how many records were rejected.

    `leads` counts those that could be read, the ones left out among them: it is what shares are of.
    `rejected` counts the records of the leads' file that couldn't, `rejected_activities` those of the
    activities'; `unmatched_activities` are those of leads that aren't in the leads' file, once all leads were
    read. `left_out` holds each trait's number; a lead may be left out by several.
    """

    definition: DefinitionIdentity
    as_of: datetime
    leads: int = 0
    rejected: int = 0
    rejected_activities: int = 0
    unmatched_activities: int = 0
    left_out_leads: int = 0
    left_out: Mapping[str, int] = field(default_factory=dict)
    stages: Mapping[str, StageCount] = field(default_factory=dict)

    def share(self, count: int) -> float:
        """A number of leads as a share of those judged, from 0.0 to 1.0."""
        return count / self.leads if self.leads else 0.0

    def to_dict(self) -> dict[str, Any]:
        """The funnel as plain data, for JSON."""
        return {
            "definition": {
                "name": self.definition.name,
                "version": self.definition.version,
                "digest": self.definition.digest,
            },
            "as_of": moment_text(self.as_of),
            "leads": self.leads,
            "rejected": self.rejected,
            "rejected_activities": self.rejected_activities,
            "unmatched_activities": self.unmatched_activities,
            "left_out_leads": self.left_out_leads,
            "left_out_by": dict(self.left_out),
            "stages": {name: count.to_dict() for name, count in self.stages.items()},
        }


def moment_text(moment: datetime) -> str:
    """A moment in UTC as it can be given again: `2026-11-20T12:00:00Z`."""
    return moment.isoformat().replace("+00:00", "Z")


class Counter:
    """Counts while a run goes on."""

    def __init__(self, session: Session, *, shared: bool = False) -> None:
        model = session.evaluator.model
        self._identity = DefinitionIdentity(model.name, model.version, session.evaluator.digest)
        self._as_of = session.clock.as_of
        self.leads = self.rejected = self.rejected_activities = self.unmatched_activities = self._left_out_leads = 0
        self._left_out = dict.fromkeys(model.left_out_by, 0)
        self._reasons = Reasons(session, shared=shared)

    def add(self, fields: Mapping[str, Any] | Callable[[], Mapping[str, Any]], raw: Raw) -> None:
        """One more lead; its fields may be read where they are needed."""
        self.leads += 1
        if raw[1] is None:
            self._reasons.add(fields, raw)
            return
        self._left_out_leads += 1
        for trait in raw[1]:
            self._left_out[trait] += 1

    def funnel(self) -> Funnel:
        """What was counted so far."""
        return Funnel(
            self._identity,
            self._as_of,
            leads=self.leads,
            rejected=self.rejected,
            rejected_activities=self.rejected_activities,
            unmatched_activities=self.unmatched_activities,
            left_out_leads=self._left_out_leads,
            left_out=dict(self._left_out),
            stages={name: self._stage(name, counts) for name, counts in self._reasons.states().items()},
        )

    def _stage(self, name: str, counts: Mapping[State, int]) -> StageCount:
        reasons = self._reasons
        lacking, looked_at = reasons.lacking(name)
        return StageCount(
            counts.get("reached", 0),
            counts.get("undetermined", 0),
            counts.get("not_yet", 0),
            counts.get("disqualified", 0),
            reasons.not_yet(name),
            reasons.barred_by(name),
            lacking,
            looked_at,
        )


__all__ = ["ORDER", "Counter", "Funnel", "StageCount", "moment_text"]
