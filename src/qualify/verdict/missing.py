"""What is missing: the fields without a value that would settle what is open, most useful first."""

from __future__ import annotations

from collections.abc import Iterator

from qualify.definition.model import Score, TierPoints, TraitPoints
from qualify.engine.questions import Question
from qualify.rules.reads import reads
from qualify.rules.tree import And, AtLeast, Not, Or, Rule
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


class _Search:
    """Walks through what is unknown, each fact once. Chains of facts may be long, so nothing here recurses over them."""

    def __init__(self, witness: Witness) -> None:
        self.witness = witness
        self.found: dict[str, None] = {}
        self.seen: set[tuple[str, str]] = set()

    def rule(self, rule: Rule) -> None:
        """Look behind the parts of a rule that are unknown."""
        pending: list[Iterator[tuple[str, str] | str]] = [self.unknown(rule)]
        self.follow(pending)

    def fact(self, section: str, name: str) -> None:
        """Look behind a fact that is not settled."""
        self.follow([iter([(section, name)])])

    def follow(self, pending: list[Iterator[tuple[str, str] | str]]) -> None:
        """Depth first, in reading order."""
        while pending:
            step = next(pending[-1], None)
            if step is None:
                pending.pop()
            elif isinstance(step, str):
                self.found[step] = None
            elif step not in self.seen:
                self.seen.add(step)
                pending.append(self.behind(*step))

    def behind(self, section: str, name: str) -> Iterator[tuple[str, str] | str]:
        """What keeps a fact open: facts to look behind, and names of fields."""
        model, decision = self.witness.model, self.witness.decision
        if section == "traits":
            if decision.traits[name].answer is None:
                yield from self.unknown(model.traits[name].when)
        elif section == "tiers":
            if decision.tiers[name].case is None:
                for case in model.tiers[name].cases:
                    if case.when is None or self.answer(case.when):
                        break
                    yield from self.unknown(case.when)
        else:
            yield from self.behind_score(name, model.scores[name])

    def behind_score(self, name: str, score: Score) -> Iterator[tuple[str, str] | str]:
        """The open items of a score; where it has none at all, whatever `only_when` reads."""
        decision = self.witness.decision
        if score.only_when is not None and self.answer(score.only_when) is not True:
            yield from self.everything(score.only_when)
            return
        for item, points in score.points.items():
            if isinstance(points, TraitPoints):
                if decision.traits[item].answer is None and points.yes != points.no:
                    yield "traits", item
            elif isinstance(points, TierPoints):
                gains = {points.cases.get(case, 0) for case in decision.tiers[item].possible}
                if len(gains) > 1:
                    yield "tiers", item

    def answer(self, rule: Rule) -> bool | None:
        """The answer of a rule of the definition."""
        return self.witness.settle(rule)

    def unknown(self, rule: Rule) -> Iterator[tuple[str, str] | str]:
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
                    yield from question.facts
                    yield from self.without_value(question)

    def everything(self, rule: Rule) -> Iterator[tuple[str, str] | str]:
        """Whatever a rule reads that has no value, through facts, settled or not."""
        for question in self.witness.questions.of(rule):
            yield from self.without_value(question)
            for section, name in question.facts:
                if (section, name) not in self.seen:
                    self.seen.add((section, name))
                    yield from self.everything_behind(section, name)

    def everything_behind(self, section: str, name: str) -> Iterator[tuple[str, str] | str]:
        model = self.witness.model
        if section == "traits":
            yield from self.everything(model.traits[name].when)
        elif section == "tiers":
            for case in model.tiers[name].cases:
                if case.when is not None:
                    yield from self.everything(case.when)
        else:
            score = model.scores[name]
            if score.only_when is not None:
                yield from self.everything(score.only_when)
            for item in score.points:
                yield from self.everything_behind("traits" if item in model.traits else "tiers", item)

    def without_value(self, question: Question) -> Iterator[str]:
        """The fields of a test that have no value; an e-mail's domain is asked for by the e-mail."""
        read = reads(question.test)
        for name in [*(name for name in read.values if name in question.fields), *question.fields]:
            if self.witness.value(name) is None:
                behind = name == "email_domain" and self.witness.value("email") is None
                yield "email" if behind else name
        if question.selections and self.witness.cannot_tell(question):
            yield ACTIVITIES
