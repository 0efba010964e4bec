"""Which tests have to answer otherwise: a set of tests of which at least one must turn, for a stage to be reached.

Whatever is left out here can be left as it is by every set of changes; so each step may be generous, never too narrow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from qualify.definition.model import Model, Score, SignalPoints, TierPoints, TraitPoints
from qualify.engine.compile import REACHED
from qualify.engine.evaluate import Raw
from qualify.engine.questions import Question, Questions
from qualify.rules.logic import settle
from qualify.rules.reads import reads
from qualify.rules.tree import And, AtLeast, Compare, Holds, In, Is, Known, Name, Not, Number, Or, Rule
from qualify.verdict.witness import Witness

DEEPEST = 100
"""Facts behind facts, and rules in rules, that are looked through one by one; behind more of them everything counts."""


@dataclass(frozen=True, slots=True)
class Need:
    """A test that may have to turn: towards yes, towards no, or (None) either way."""

    question: Question
    towards: bool | None


def blocking(witness: Witness, stage: str, raw: Raw, answers: tuple[Any, ...]) -> list[Need]:
    """Of one requirement that isn't met, the smallest set of tests of which one must turn for the stage."""
    return _Needs(witness, stage, raw, answers).blocking()


class _Needs:
    """For one state of a lead."""

    def __init__(self, witness: Witness, stage: str, raw: Raw, answers: tuple[Any, ...]) -> None:
        self.model, self.questions, self.layout = witness.model, witness.questions, witness.session.compiled.layout
        self.stage, self.raw, self.answers = stage, raw, answers
        self.kept, self.proposed = witness.session.evaluator.kept, witness.session.proposed

    def blocking(self) -> list[Need]:
        """Of one requirement that isn't met, the smallest set of tests of which one must turn."""
        if self.raw[1] is not None:
            return self.smallest(self.trait(name, False) for name in self.model.left_out_by if name in self.raw[1])
        found: list[list[Need]] = []
        rest, seen = [self.stage], set[str]()
        while rest:
            name = rest.pop()
            if name in seen or self.raw[self.layout["stages", name]] == REACHED:
                continue
            seen.add(name)
            stage = self.model.stages[name]
            found += [self.rule(rule, True) for rule in stage.requires.values() if self.answer(rule) is not True]
            found += [self.trait(trait, False) for trait in stage.disqualified_by if self.final(trait) is not False]
            rest += stage.after
        return self.smallest(found)

    @staticmethod
    def smallest(found: Iterable[list[Need]]) -> list[Need]:
        return min(found, key=len, default=[])

    def answer(self, rule: Rule) -> bool | None:
        answers, places = self.answers, self.questions.places
        return settle(rule, lambda test: answers[places[test]])

    def final(self, trait: str) -> bool | None:
        answer: bool | None = self.raw[self.layout["traits", trait]]
        assumed = self.model.traits[trait].when_unknown
        return answer if answer is not None or assumed is None else assumed == "yes"

    # --- towards an answer ---

    def rule(self, rule: Rule, towards: bool, deep: int = 0, *, lax: bool = False) -> list[Need]:
        """Tests of which one must turn for this rule to be `towards` (where `lax`, or unknown), which it is not."""
        match rule:
            case And(parts) | Or(parts):
                if isinstance(rule, And) is towards:  # all of them have to be: so this one has to be
                    fine = (towards, None) if lax else (towards,)
                    wrong = [part for part in parts if self.answer(part) not in fine]
                    return self.smallest(self.rule(part, towards, deep + 1, lax=lax) for part in wrong)
                return self.union(self.rule(part, towards, deep + 1, lax=lax) for part in parts)
            case AtLeast(_, parts):
                wrong = [part for part in parts if self.answer(part) is not towards]
                return self.union(self.rule(part, towards, deep + 1, lax=lax) for part in wrong)
            case Not(part):
                return self.rule(part, not towards, deep + 1, lax=lax)
            case _:
                return self.test(rule, towards, deep)

    @staticmethod
    def union(found: Iterable[list[Need]]) -> list[Need]:
        return list(dict.fromkeys(need for needs in found for need in needs))

    def test(self, test: Rule, towards: bool, deep: int) -> list[Need]:
        (question,) = self.questions.of(test)
        if not question.facts:
            return [Need(question, towards)]
        if deep > DEEPEST:
            return list(self.behind(question))
        match test:
            case Holds(name):
                return self.trait(name, towards, deep + 1)
            case Compare(Name(name), op, Number()) if name in self.model.scores:
                return self.score(name, self.up(op, towards), deep + 1)
            case Compare(Number(), op, Name(name)) if name in self.model.scores:
                up = self.up(op, towards)
                return self.score(name, None if up is None else not up, deep + 1)
            case Is() | In() | Known() | Compare():
                return list(self.behind(question))
            case _:
                return [*self.behind(question), Need(question, towards)]

    @staticmethod
    def up(op: str, towards: bool) -> bool | None:
        """Whether the left side has to grow."""
        if op in ("==", "!="):
            return None
        return (op in (">", ">=")) is towards

    def trait(self, name: str, towards: bool, deep: int = 0) -> list[Need]:
        trait = self.model.traits[name]
        return self.rule(trait.when, towards, deep, lax=trait.when_unknown == ("yes" if towards else "no"))

    def score(self, name: str, up: bool | None, deep: int) -> list[Need]:
        score = self.model.scores[name]
        if score.only_when is not None and self.answer(score.only_when) is not True:
            return self.rule(score.only_when, True, deep)
        found = [need for item in score.points for need in self.item(score, item, up, deep)]
        if score.of is not None:
            found += self.facts_behind([("scores", other) for other in reads(score.of).values])
        if score.only_when is not None:
            found += self.rule(score.only_when, False, deep)
        return list(dict.fromkeys(found))

    def item(self, score: Score, item: str, up: bool | None, deep: int) -> Iterator[Need]:
        points = score.points[item]
        if isinstance(points, TraitPoints):
            for towards in (True, False):
                gains = points.yes - points.no if towards else points.no - points.yes
                helps = gains != 0 if up is None else (gains > 0) is up and gains != 0
                if helps and self.final(item) is not towards:
                    yield from self.trait(item, towards, deep)
        elif isinstance(points, TierPoints):
            yield from self.facts_behind([("tiers", item)])
        elif points.each and (up is None or (points.each > 0) is up):
            yield Need(self.questions.signals[item], None)

    # --- everything behind a test ---

    def behind(self, question: Question) -> Iterator[Need]:
        """Every test of a lead's own values that the facts of a test rest on."""
        yield from self.facts_behind(list(question.facts))

    def facts_behind(self, facts: list[tuple[str, str]]) -> tuple[Need, ...]:
        """The same for each lead, so it is looked up once for a definition."""
        key = f"behind {facts}, proposed {self.proposed}"
        return self.kept(
            key, lambda model: tuple(Need(question, None) for question in behind(model, self.questions, facts))
        )


def behind(model: Model, questions: Questions, facts: Iterable[tuple[str, str]]) -> Iterator[Question]:
    """Every test of a lead's own values that facts rest on, each once."""
    rest, tested = list(facts), set[int]()
    seen = set(rest)
    while rest:
        section, name = rest.pop()
        rules: list[Rule | None] = []
        found: list[tuple[str, str]] = []
        if section == "traits":
            rules = [model.traits[name].when]
        elif section == "tiers":
            rules = [case.when for case in model.tiers[name].cases]
        else:
            score = model.scores[name]
            rules = [score.only_when]
            for item, given in score.points.items():
                if isinstance(given, SignalPoints):
                    yield questions.signals[item]
                else:
                    found.append(("traits" if item in model.traits else "tiers", item))
            found += [("scores", other) for other in reads(score.of).values] if score.of is not None else []
        for rule in rules:
            for question in questions.of(rule) if rule is not None else ():
                found += question.facts
                if (question.fields or question.selections) and question.place not in tested:
                    tested.add(question.place)
                    yield question
        rest += [key for key in dict.fromkeys(found) if key not in seen]
        seen.update(found)


def cone(witness: Witness, stage: str) -> frozenset[int]:
    """The places of all tests that a stage hangs on."""
    model, questions = witness.model, witness.questions
    places: set[int] = set()
    facts: list[tuple[str, str]] = [("traits", name) for name in model.left_out_by]
    rest, seen = [stage], set[str]()
    while rest:
        name = rest.pop()
        if name in seen:
            continue
        seen.add(name)
        declared = model.stages[name]
        rest += declared.after
        facts += [("traits", trait) for trait in declared.disqualified_by]
        for rule in declared.requires.values():
            for question in questions.of(rule):
                facts += question.facts
                if question.selections:
                    places.add(question.place)
    return frozenset(places | {question.place for question in behind(model, questions, facts)})
