"""A definition -> the steps that judge a table: traits, tiers, scores and stages, each from what stands before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Literal

from qualify.columns.codes import reasons
from qualify.columns.expressions import (
    NO,
    YES,
    Compare,
    Constant,
    Expression,
    Nothing,
    OneOf,
    Stored,
    ToDouble,
    all_of,
    any_of,
    case,
    is_null,
    not_,
    walk,
)
from qualify.columns.intervals import End
from qualify.columns.plan import Layer, Output, Plan, Read
from qualify.columns.rules import TierRead
from qualify.columns.scores import ScoreReader, Section
from qualify.columns.sentence import sentence
from qualify.columns.sources import Sources
from qualify.definition.model import Model, Score, Status, Tier, Trait
from qualify.definition.order import Facts, facts_read, in_order, stages_in_order
from qualify.definition.scale import scale_of
from qualify.engine.clock import Clock
from qualify.engine.compile import STATES

UNDETERMINED, REACHED, NOT_YET, DISQUALIFIED = (Constant(state) for state in STATES)


class FactReader(ScoreReader):
    """Reads a whole definition."""

    def __init__(self, model: Model, sources: Sources, clock: Clock, *, shadow: bool = False) -> None:
        super().__init__(model, sources, clock, scale_of(model))
        self.statuses = ("adopted", "shadow") if shadow else ("adopted",)
        self.answers, self.tiers, self.scores = {}, {}, {}
        self.fields_read, self.properties_read = {}, {}
        self.depths: dict[str, int] = {}
        self.layers: dict[tuple[int, Section], dict[str, Expression]] = {}

    def facts(self) -> None:
        """Every fact, each after all that it reads."""
        facts = Facts(self.model.traits, self.model.tiers, self.model.signals, self.model.scores)
        evaluated = {key: fact for key, fact in facts.all().items() if fact.status in self.statuses}
        for section, name in in_order({key: facts_read(fact, facts) for key, fact in evaluated.items()})[0]:
            match evaluated[section, name]:
                case Trait() as trait:
                    self.answers[name] = self.kept("traits", name, self.trait(trait))
                case Tier() as tier:
                    self.tiers[name] = self.tier(name, tier)
                case Score() as score:
                    self.scores[name] = self.score(name, score)
                case _:
                    pass  # a signal is counted where it is read

    def trait(self, trait: Trait) -> Expression:
        """The answer of its rule; `when_unknown` replaces an unknown one."""
        answer = self.rule(trait.when)
        if trait.when_unknown is None:
            return answer
        assumed = YES if trait.when_unknown == "yes" else NO
        return case([(answer, YES), (is_null(answer), assumed)], NO)

    def tier(self, name: str, tier: Tier) -> TierRead:
        """The rules of its cases; it is settled on the first that says yes, where all before it say no."""
        said = [
            self.kept("cases", f"{name} {each.name}", self.rule(each.when))
            for each in tier.cases if each.when is not None
        ]  # fmt: skip
        open_: Expression = Nothing("text") if tier.when_unknown is None else Constant(tier.when_unknown)
        branches: list[tuple[Expression, Expression]] = []
        for each, answer in zip(tier.cases, said, strict=False):
            branches += [(answer, Constant(each.name)), (is_null(answer), open_)]
        settled = case(branches, Constant(tier.cases[-1].name))
        return TierRead(tier, tuple(said), self.kept("tiers", name, settled))

    # --- stages ---

    def stages(self) -> dict[str, tuple[Expression, dict[str, Expression]]]:
        """The state of each stage and what its sides say."""
        states: dict[str, Expression] = {}
        found: dict[str, tuple[Expression, dict[str, Expression]]] = {}
        for name in stages_in_order(self.model.stages)[0]:
            stage = self.model.stages[name]
            sides = {
                team: self.kept("sides", f"{name} {team}", self.rule(rule)) for team, rule in stage.requires.items()
            }
            bars = [self.answers[trait] for trait in stage.disqualified_by]
            before = [states[earlier] for earlier in stage.after]
            barred = any_of([*bars, *(_is(state, DISQUALIFIED) for state in before)])
            refused = any_of([*(not_(side) for side in sides.values()), *(_is(state, NOT_YET) for state in before)])
            met = all_of([*(_is(state, REACHED) for state in before), *sides.values(), *(not_(bar) for bar in bars)])
            state = case([(barred, DISQUALIFIED), (refused, NOT_YET), (met, REACHED)], UNDETERMINED)
            states[name] = self.kept("stages", f"{name} state", state)
            found[name] = (states[name], sides)
        return {name: found[name] for name in self.model.stages}

    # --- all of it ---

    def plan(self, *, explain: bool = False, prefix: str = "") -> Plan:
        """The steps for a whole definition."""
        self.facts()
        states = self.stages()
        left_out = any_of(self.answers[name] for name in self.model.left_out_by)
        outputs = list(self.outputs(states, explain=explain))
        reached = [
            (_is(states[name][0], REACHED), Constant(name))
            for beside in (False, True)
            for name in reversed(list(self.model.stages)) if self.model.stages[name].beside is beside
        ]  # fmt: skip
        stage = Output("stage", case(reached, Nothing("text")), "text", "stage", "", "The last stage reached",
                       tuple(self.model.stages))  # fmt: skip
        named = tuple(replace(each, name=prefix + each.name) for each in (stage, *outputs))
        read, at = self.fields_needed(), (self.sources.activities or {}).get("at", Stored("instant"))
        return Plan(
            fields=read, domain_from=self._domain_from(read), properties=self._properties(), at=at, passes=tuple(self.passes),
            types=tuple(self.model.declared_activities if self.types is None else self.types),
            layers=tuple(Layer(section, columns) for (_, section), columns in sorted(
                self.layers.items(), key=lambda each: (each[0][0], _SECTIONS.index(each[0][1])))),
            left_out=left_out, outputs=named, lists=self._lists(named), zone=self.model.timezone,
        )  # fmt: skip

    def outputs(
        self, states: Mapping[str, tuple[Expression, Mapping[str, Expression]]], *, explain: bool
    ) -> list[Output]:
        """What comes out beside the stage."""
        model, found = self.model, list[Output]()
        for name, (state, sides) in states.items():
            title = model.stages[name].title or name
            found.append(
                Output(f"{name}_state", state, "text", "state", name, f"How it stands with: {title}", STATES, True)
            )
            for team, side in sides.items():
                says = f"{model.teams[team].title} says yes: {title}"
                found.append(Output(f"{name}_{team}", side, "flag", "side", name, says))
        found += self._facts("adopted", "", explain=explain)
        if explain:
            told = "How it stands with the first stage that it hasn't reached, and who says so"
            found.append(Output("reason", sentence(model, states, self.answers), "text", "reason", "", told))
            told = "Every fact and its answer: what bars it first, then no, unknown, yes"
            found.append(Output("reasons", reasons(model, self.answers, self.tiers), "text", "reason", "", told))
        return [*found, *self._facts("shadow", "shadow_", explain=explain)] if "shadow" in self.statuses else found

    def _facts(self, status: Status, before: str, *, explain: bool) -> Iterator[Output]:
        """What comes out of the facts of one status: scores and tiers, and traits where they are asked for."""
        model = self.model
        for name, score in model.scores.items():
            if score.status == status:
                ends = self.scores[name].ends
                for end, which in ((ends.low, "least"), (ends.high, "most")):
                    said = f"{score.title or name}, at {which}"
                    value, kind = self._published(end)
                    yield Output(f"{before}{name}_at_{which}", value, kind, "score", name, said)
        for name, tier in model.tiers.items():
            if tier.status == status:
                cases = tuple(each.name for each in tier.cases)
                said = tier.title or tier.why or name
                yield Output(before + name, self.tiers[name].settled, "text", "tier", name, said, cases)
        for name, trait in model.traits.items() if explain else ():
            if trait.status == status:
                yield Output(before + name, self.answers[name], "flag", "trait", name, trait.why)

    def _published(self, end: End) -> tuple[Expression, Literal["whole", "double"]]:
        """A score in points: whole where all points of the definition are, else the nearest double."""
        kind: Literal["whole", "double"] = "whole" if self.scale == 1 else "double"
        if isinstance(end, float):
            return Nothing(kind), kind
        assert not isinstance(end, Fraction)
        if isinstance(end, Nothing):
            return Nothing(kind), kind
        return (end, kind) if self.scale == 1 else (ToDouble(end, self.scale), kind)

    def fields_needed(self) -> dict[str, Read]:
        """The fields that anything reads, and where each stands."""
        found = {}
        for name in self.fields_read:
            stored = self.sources.stored(name)  # None of a domain that is taken from the e-mail address
            found[name] = Read("", _TEXT) if stored is None else Read(self.sources.column_of(name), stored)
        return found

    def _domain_from(self, read: Mapping[str, Read]) -> str | None:
        if "email_domain" not in read or self.sources.stored("email") is None:
            return None
        return self.sources.column_of("email")

    def _properties(self) -> dict[str, Read]:
        activities = self.sources.activities or {}
        return {name: Read(name, activities[name]) for name in self.properties_read if name in activities}

    def _lists(self, outputs: tuple[Output, ...]) -> dict[str, tuple[str, ...]]:
        """The long lists that stand as tables of their own."""
        expressions = [value for columns in self.layers.values() for value in columns.values()]
        expressions += [value for each in self.passes for value in each.flags.values()]
        expressions += [each.value for each in outputs]
        found: dict[str, tuple[str, ...]] = {}
        for each in expressions:
            for node in walk(each):
                if isinstance(node, OneOf) and node.name is not None:
                    found[node.name] = node.texts
        return found


_TEXT = Stored("text")
_SECTIONS: tuple[Section, ...] = ("cases", "traits", "tiers", "scores", "sides", "stages")


def _is(state: Expression, which: Constant) -> Expression:
    if isinstance(state, Constant):
        return YES if state == which else NO
    return Compare(state, "==", which)


__all__ = ["FactReader"]
