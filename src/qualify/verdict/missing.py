"""What is missing: the fields without a value that would settle what is open, most useful first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from qualify.definition.model import Score, SignalPoints, TierPoints, TraitPoints
from qualify.engine.questions import Question
from qualify.rules.reads import Tree, parts, reads
from qualify.rules.tree import And, AtLeast, Holds, Name, Not, Or, Rule, Selection, Total
from qualify.verdict.parts import Missing
from qualify.verdict.witness import Witness

ACTIVITIES = "activities"


def missing(witness: Witness) -> tuple[Missing, ...]:
    """The fields that the unsettled parts of each undetermined stage read, by how many stages hang on them."""
    settles: dict[str, dict[str, None]] = {}
    for name, stage in witness.decision.stages.items():
        if stage.state != "undetermined":
            continue
        search = _Search(witness)
        declared = witness.model.stages[name]
        for team, rule in declared.requires.items():
            if stage.sides[team] is None:
                search.rule(rule)
        for trait in declared.disqualified_by:
            if witness.decision.traits[trait].answer is None:
                search.fact("traits", trait)
        for field in search.found:
            settles.setdefault(field, {})[name] = None
    order = {name: at for at, name in enumerate(witness.model.stages)}
    fields = witness.model.declared_fields
    listed = sorted(settles.items(), key=lambda each: (-len(each[1]), order[next(iter(each[1]))]))
    return tuple(
        Missing(field, fields[field].ask if field in fields else None, tuple(stages)) for field, stages in listed
    )


Step: TypeAlias = str | tuple[str, str, bool]
"""A field; or a fact to look behind, and whether all that it reads is asked for, or what keeps it open."""


class _Search:
    """Walks through what is unknown, each fact once. Chains of facts may be long, so nothing here recurses over them."""

    def __init__(self, witness: Witness) -> None:
        self.witness, self.model = witness, witness.model
        self.found: dict[str, None] = {}
        self.seen: set[Step] = set()

    def rule(self, rule: Rule) -> None:
        """Look behind the parts of a rule that are unknown."""
        self.follow([self.unknown(rule)])

    def fact(self, section: str, name: str) -> None:
        """Look behind a fact that is not settled."""
        self.follow([iter([(section, name, False)])])

    def follow(self, pending: list[Iterator[Step]]) -> None:
        """Depth first, in reading order."""
        while pending:
            step = next(pending[-1], None)
            if step is None:
                pending.pop()
            elif isinstance(step, str):
                self.found[step] = None
            elif step not in self.seen:
                self.seen.add(step)
                section, name, whole = step
                pending.append(self.everything_behind(section, name) if whole else self.behind(section, name))

    def behind(self, section: str, name: str) -> Iterator[Step]:
        """What keeps a fact open: facts to look behind, and names of fields."""
        model, decision = self.model, self.witness.decision
        if section == "traits":
            if decision.traits[name].answer is None:
                yield from self.unknown(model.traits[name].when)
        elif section == "tiers":
            if decision.tiers[name].case is None:
                for case in model.tiers[name].cases:
                    answer = case.when is None or self.answer(case.when)
                    if answer:
                        break
                    if answer is None and case.when is not None:
                        yield from self.unknown(case.when)
        else:
            yield from self.behind_score(model.scores[name])

    def behind_score(self, score: Score) -> Iterator[Step]:
        """The open items of a score; where it has none at all, whatever `only_when` reads."""
        decision = self.witness.decision
        if score.only_when is not None and self.answer(score.only_when) is not True:
            yield from self.everything(score.only_when)
            return
        if score.of is not None:
            for name in reads(score.of).values:
                low, high = decision.scores[name].bounds
                if low is None or low != high:
                    yield "scores", name, False
        for item, points in score.points.items():
            if isinstance(points, TraitPoints):
                if decision.traits[item].answer is None and points.yes != points.no:
                    yield "traits", item, False
            elif isinstance(points, TierPoints):
                gains = {points.cases.get(case, 0) for case in decision.tiers[item].possible}
                if len(gains) > 1:
                    yield "tiers", item, False
            else:
                least, most = self.witness.meaning.gains(item, points)
                if least != most:
                    yield from self.selected(Selection(Name(item)))

    def answer(self, rule: Rule) -> bool | None:
        """The answer of a rule of the definition."""
        return self.witness.settle(rule)

    def unknown(self, rule: Rule) -> Iterator[Step]:
        """What the unknown tests of a rule read that has no value, or is not settled."""
        match rule:
            case And(parts) | Or(parts) | AtLeast(_, parts):
                for part in parts:
                    if self.answer(part) is None:
                        yield from self.unknown(part)
            case Not(part):
                yield from self.unknown(part)
            case _:
                (question,) = self.witness.questions.of(rule)
                if self.witness.answer(rule) is None:
                    yield from self.read(question, whole=False)

    # --- all that is read ---

    def everything(self, rule: Rule) -> Iterator[Step]:
        """Whatever a rule reads that has no value, through facts, settled or not."""
        for question in self.witness.questions.of(rule):
            yield from self.read(question, whole=True)

    def everything_behind(self, section: str, name: str) -> Iterator[Step]:
        """Whatever a fact reads that has no value."""
        if section == "traits":
            yield from self.everything(self.model.traits[name].when)
        elif section == "tiers":
            for case in self.model.tiers[name].cases:
                if case.when is not None:
                    yield from self.everything(case.when)
        else:
            score = self.model.scores[name]
            if score.only_when is not None:
                yield from self.everything(score.only_when)
            for item, points in score.points.items():
                if isinstance(points, SignalPoints):
                    yield from self.selected(Selection(Name(item)))
                else:
                    yield "traits" if item in self.model.traits else "tiers", item, True
            for other in reads(score.of).values if score.of is not None else ():
                yield "scores", other, True

    # --- one test ---

    def read(self, question: Question, *, whole: bool) -> Iterator[Step]:
        """What a test reads, as it reads it: facts, fields without a value, activities where the source can't tell."""
        if not question.selections:
            for section, name in question.facts:
                yield section, name, whole
            for name in question.fields:
                yield from self.without_value(name)
            return
        yield from self.selected(question.test)

    def selected(self, tree: Tree) -> Iterator[Step]:
        """What selections of activities read, and the activities themselves."""
        rest: list[Tree] = [tree]
        while rest:
            node, *behind = self.parts(rest.pop())
            rest += reversed(behind)
            if isinstance(node, Name | Holds):
                yield from self.without_value(node.name)
            elif self.cannot_tell(node):
                yield ACTIVITIES

    def parts(self, node: Tree) -> Iterator[Tree]:
        """A node and what it reads of the lead: of a selection what its signal selects, then its windows."""
        yield node
        if not isinstance(node, Selection):
            yield from parts(node)
            return
        if isinstance(node.of, Name) and node.of.name in self.model.signals:
            yield self.model.signals[node.of.name].each
        yield from node.windows

    def without_value(self, name: str) -> Iterator[str]:
        """A field that has no value; an e-mail's domain is asked for by the e-mail."""
        if self.witness.value(name) is None:
            behind = name == "email_domain" and self.witness.value("email") is None
            yield "email" if behind else name

    def cannot_tell(self, node: Tree) -> bool:
        """Whether the source can't tell what happened, or not what it was like, or how much it was."""
        if not isinstance(node, Selection | Total):
            return False
        if self.witness.events is None:
            return True
        meaning = self.witness.meaning
        if isinstance(node, Total):
            return any(said.get(node.amount) is None for (_, said), _ in meaning.occurrences(node.selection) or ())
        return node.where is not None and any(
            not sure and meaning.answer(node.where, said) is None for (_, said), sure in meaning.occurrences(node) or ()
        )
