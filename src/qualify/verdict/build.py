"""How each part of a verdict is built from what a definition decided, when it is first looked at."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, assert_never

from qualify.definition.model import Field, Model, Points, SignalPoints, Status, TierPoints, TraitPoints
from qualify.engine.decision import Bounds
from qualify.engine.points import exact_decimal, kept, untold
from qualify.rules.tree import Name, Selection
from qualify.text import clean, fold
from qualify.verdict.answer import ANSWERS, Answer, StageState
from qualify.verdict.frozen import Frozen, Table
from qualify.verdict.handing import handoff
from qualify.verdict.missing import missing
from qualify.verdict.parts import (
    Agreement,
    DefinitionIdentity,
    Evidence,
    FieldWords,
    HandoffVerdict,
    ItemVerdict,
    Missing,
    Nearest,
    ScoreVerdict,
    SignalVerdict,
    StageVerdict,
    TierVerdict,
    TraitVerdict,
    Tried,
    Words,
)  # fmt: skip
from qualify.verdict.witness import Witness

PARTS = (
    "lead_id", "as_of", "definition", "stages", "traits", "tiers", "signals", "scores", "shadow", "proposed", "missing",
    "nearest", "agreement", "handoff", "notes", "reasons", "words",
)  # fmt: skip
"""The parts of a verdict beside its stage and who left the lead out."""

_STATES = {str(state): state for state in StageState}


class Build:
    """One method for each part."""

    __slots__ = ("left_out", "model", "stage", "witness")

    def __init__(self, witness: Witness) -> None:
        self.witness, self.model = witness, witness.model
        self.stage: str | None = witness.raw[0]
        self.left_out = witness.raw[1] is not None

    # --- who, when, by what ---

    def lead_id(self) -> str | None:
        """The lead's id."""
        return self.witness.session.evaluator.reader.lead_id(self.witness.fields)

    def as_of(self) -> datetime:
        """The moment."""
        return self.witness.session.clock.as_of

    def definition(self) -> DefinitionIdentity:
        """By what."""
        return DefinitionIdentity(self.model.name, self.model.version, self.witness.session.evaluator.digest)

    def words(self) -> Words:
        """What people call things."""
        return self.witness.session.evaluator.kept("words", words_of)

    # --- facts ---

    def stages(self) -> Mapping[str, StageVerdict]:
        """Each stage."""
        return Table(self.witness.decision.stages, self._stage)

    def _stage(self, name: str) -> StageVerdict:
        found, declared, evidence = self.witness.decision.stages[name], self.model.stages[name], self.witness.evidence
        return StageVerdict(
            _STATES[found.state],
            Frozen({team: ANSWERS[answer] for team, answer in found.sides.items()}),
            found.disqualified_by,
            declared.requires,
            Table(declared.requires, lambda team: evidence(declared.requires[team])),
            declared.after,
            declared.disqualified_by,
        )

    def traits(self, status: Status = "adopted") -> Mapping[str, TraitVerdict]:
        """Each trait."""
        declared = self.model.traits
        return Table([name for name in self.witness.decision.traits if declared[name].status == status], self._trait)

    def _trait(self, name: str) -> TraitVerdict:
        found, trait = self.witness.decision.traits[name], self.model.traits[name]
        evidence = self.witness.evidence(trait.when)
        return TraitVerdict(ANSWERS[found.answer], trait.team, trait.why, found.assumed, trait.when, evidence)

    def tiers(self, status: Status = "adopted") -> Mapping[str, TierVerdict]:
        """Each tier."""
        declared = self.model.tiers
        return Table([name for name in self.witness.decision.tiers if declared[name].status == status], self._tier)

    def _tier(self, name: str) -> TierVerdict:
        tier, found = self.model.tiers[name], self.witness.decision.tiers[name]
        cases: dict[str, Any] = {}
        evidence: list[Evidence] = []
        for case in tier.cases:
            cases[case.name] = case.when
            if case.when is None:
                break
            evidence += [each for each in self.witness.evidence(case.when) if each not in evidence]
            if self.witness.settle(case.when):
                break
        return TierVerdict(
            found.case, found.possible, found.assumed, tier.team, tier.why, Frozen(cases), tuple(evidence)
        )

    def signals(self, status: Status = "adopted") -> Mapping[str, SignalVerdict]:
        """Each signal."""
        declared = [name for name, signal in self.model.signals.items() if signal.status == status]
        return Table(() if self.left_out else declared, self._signal)

    def _signal(self, name: str) -> SignalVerdict:
        signal = self.model.signals[name]
        found = self.witness.meaning.signal(signal)
        count = found.at_least if found.at_least == found.at_most else None
        evidence = (self.witness.asked(self.witness.questions.signals[name]),)
        return SignalVerdict(count, found.first, found.last, signal.each, evidence)

    def scores(self, status: Status = "adopted") -> Mapping[str, ScoreVerdict]:
        """Each score."""
        declared = self.model.scores
        return Table([name for name in self.witness.decision.scores if declared[name].status == status], self._score)

    def _score(self, name: str) -> ScoreVerdict:
        score, found = self.model.scores[name], self.witness.decision.scores[name]
        evidence = () if score.only_when is None else self.witness.evidence(score.only_when)
        scored = found.bounds[0] is not None
        items = Frozen({item: self._item(item, given, scored) for item, given in score.points.items()})
        return ScoreVerdict(
            *_published(found.bounds),
            Frozen({item: (each.at_least, each.at_most) for item, each in items.items()}),
            items, score.start, score.cap, score.floor, score.of, score.only_when, evidence,
        )  # fmt: skip

    def _item(self, item: str, given: Points, scored: bool) -> ItemVerdict:
        decision = self.witness.decision
        match given:
            case TraitPoints(yes, no):
                answer = decision.traits[item].answer
                gains = [yes if answer else no] if answer is not None else [yes, no]
                most, gives = max(yes, no, Decimal(0)), {"yes": yes, "no": no}
            case TierPoints(cases):
                gains = [cases.get(case, Decimal(0)) for case in decision.tiers[item].possible]
                most, gives = max([*cases.values(), Decimal(0)]), dict(cases)
            case SignalPoints():
                return self._signal_item(item, given, scored)
            case _:
                assert_never(given)
        ends: Bounds = (min(gains), max(gains)) if scored else (None, None)
        return ItemVerdict(*ends, most, Frozen(gives))

    def _signal_item(self, item: str, given: SignalPoints, scored: bool) -> ItemVerdict:
        """What a signal gives, with how often it happened and how many of those count."""
        meaning = self.witness.meaning
        low, high = meaning.gains(item, given)
        ends = _published((exact_decimal(low), exact_decimal(high))) if scored else (None, None)
        gives: dict[str, Decimal | str] = {"each": given.each}
        gives |= {"limit": str(given.limit)} if given.limit is not None else {}
        gives |= {"at_most": given.at_most} if given.at_most is not None else {}
        gives |= {"fades": str(given.fades)} if given.fades is not None else {}
        _, most = untold(given)
        found = meaning.occurrences(Selection(Name(item)))
        happened = counted = None
        if found is not None:
            sure, every = [at for (at, _), is_sure in found if is_sure], [at for (at, _), _ in found]
            happened = len(sure), len(every)
            clock = self.witness.session.clock
            counted = len(kept(sure, given.limit, clock)), len(kept(every, given.limit, clock))
        return ItemVerdict(
            *ends, None if isinstance(most, float) else exact_decimal(most), Frozen(gives), happened, counted
        )

    def shadow(self) -> Tried:
        """What is in shadow."""
        return self._tried("shadow")

    def proposed(self) -> Tried:
        """What is proposed."""
        return self._tried("proposed") if self.witness.session.proposed else Tried()

    def _tried(self, status: Status) -> Tried:
        if self.left_out:
            return Tried()
        return Tried(self.traits(status), self.tiers(status), self.signals(status), self.scores(status))

    # --- what follows ---

    def missing(self) -> tuple[Missing, ...]:
        """What would settle what is open."""
        return () if self.left_out else missing(self.witness)

    def nearest(self) -> Nearest | None:
        """What would reach the next stage (None only where JSON was written without it)."""
        from qualify.verdict.nearest import nearest

        return Nearest() if self.left_out else nearest(self.witness)

    def agreement(self) -> Agreement:
        """Whether the sides say the same."""
        if self.left_out:
            return Agreement(None, Frozen())
        sides = {
            name: Frozen({team: ANSWERS[answer] for team, answer in stage.sides.items()})
            for name, stage in self.witness.decision.stages.items()
        }
        contested = {
            name: said for name, said in sides.items() if Answer.YES in said.values() and Answer.NO in said.values()
        }
        unsure = any(Answer.UNKNOWN in said.values() for said in sides.values())
        return Agreement(False if contested else None if unsure else True, Frozen(contested))

    def handoff(self) -> HandoffVerdict | None:
        """Who gets the lead."""
        return handoff(self.witness, self.stage)[0]

    def notes(self) -> tuple[str, ...]:
        """What a reader should know."""
        if self.left_out:
            return ()
        notes = []
        for name, declared in self.witness.session.evaluator.kept("fields with choices", _with_choices).items():
            value = self.witness.value(name)
            given = (value,) if isinstance(value, str) else value or ()
            if given and not {fold(clean(each)) for each in given} <= {fold(clean(each)) for each in declared.choices}:
                notes.append(
                    f"{declared.label or name}: a value that is none of its choices, so it equals none of them"
                )
        for place in handoff(self.witness, self.stage)[1]:
            passed = self.model.stages[str(self.stage)].handoff[place]
            notes.append(f"a hand-off to {passed.to or self.model.teams[passed.team].title} was passed over, for it is "
                         f"not known whether '{passed.when}'")  # fmt: skip
        return tuple(notes)

    def reasons(self) -> tuple[str, ...]:
        """Codes."""
        bars = dict.fromkeys(name for stage in self.witness.decision.stages.values() for name in stage.disqualified_by)
        groups: dict[Answer, list[str]] = {Answer.NO: [], Answer.UNKNOWN: [], Answer.YES: []}
        first: list[str] = []
        decision, model = self.witness.decision, self.model
        for name, trait in decision.traits.items():
            if model.traits[name].status == "adopted":
                answer = ANSWERS[trait.answer]
                (first if name in bars else groups[answer]).append(f"{name}={answer}")
        for name, tier in decision.tiers.items():
            if model.tiers[name].status == "adopted":
                group = groups[Answer.UNKNOWN if tier.case is None else Answer.YES]
                group.append(f"{name}={tier.case or 'unknown'}")
        return (*first, *groups[Answer.NO], *groups[Answer.UNKNOWN], *groups[Answer.YES])


def _published(bounds: Bounds) -> Bounds:
    """The ends as people read them: an open one is None."""
    low, high = (None if end is None or end.is_infinite() else end for end in bounds)
    return low, high


def _with_choices(model: Model) -> dict[str, Field]:
    return {name: field for name, field in model.declared_fields.items() if field.choices}


def words_of(model: Model) -> Words:
    """What people call the things of a definition, where they are called otherwise than by their names."""
    facts: dict[str, Any] = {**model.traits, **model.tiers, **model.signals, **model.scores}
    return Words(
        model.timezone,
        Frozen({name: team.title for name, team in model.teams.items()}),
        Frozen({name: stage.title for name, stage in model.stages.items() if stage.title}),
        Frozen({name: fact.title for name, fact in facts.items() if fact.title}),
        Frozen({
            name: FieldWords(field.label, field.ask, field.unit, field.type)
            for name, field in model.declared_fields.items() if field.label or field.ask or field.unit
        }),
        Frozen({name: activity.label for name, activity in model.activities.items() if activity.label}),
    )  # fmt: skip
