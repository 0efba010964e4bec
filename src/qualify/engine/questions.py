"""A definition's questions: the tests that its rules are made of, and a second generated function that answers all.

A decision needs the facts' outcomes only; evidence, English and what is missing need the answer to each test. It is
made like the decision's function, reads the outcomes of the facts from what that gave, and is compared with the plain
evaluator likewise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeAlias, cast

from qualify.definition.model import Model
from qualify.definition.order import FactKey, Facts
from qualify.engine.clock import Clock
from qualify.engine.compile import Compiled, reckoned
from qualify.engine.rule_code import RuleWriter
from qualify.rules.logic import Test, subject_of, tests
from qualify.rules.reads import Tree, reads, walk
from qualify.rules.tree import (
    After,
    Before,
    Compare,
    Count,
    Days,
    First,
    Last,
    Name,
    Number,
    Product,
    Rule,
    Selection,
    Sum,
    Term,
    Total,
)  # fmt: skip

Ask: TypeAlias = Callable[[Mapping[str, Any], Any, Clock, tuple[Any, ...], tuple[Any, ...]], tuple[Any, ...]]


def reckoned_terms(test: Test) -> tuple[Term, ...]:
    """The terms of a test whose value is reckoned, and so stands in its evidence beside what it was reckoned from."""
    term = subject_of(test)
    others = [test.right] if isinstance(test, Compare) else [test.anchor] if isinstance(test, After | Before) else []
    kinds = Count | Days | Total | First | Last | Sum | Product
    return tuple(each for each in dict.fromkeys([term, *others]) if isinstance(each, kinds))


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """One test, and what of a lead it looks at: fields, facts, selections of activities, and what is reckoned."""

    test: Test
    place: int
    fields: tuple[str, ...]
    facts: tuple[FactKey, ...]
    selections: tuple[Selection, ...]
    reckoned: tuple[Term, ...]
    is_of_one_field: bool = False

    @property
    def is_of_several(self) -> bool:
        """Whether it looks at more than one field or selection."""
        return len(self.fields) + len(self.selections) > 1


class Questions:
    """All tests of a definition's rules, each once, and the function that answers them."""

    def __init__(self, model: Model, compiled: Compiled) -> None:
        self.model = model
        self._facts = Facts(model.traits, model.tiers, model.signals, model.scores)
        self._of: dict[int, tuple[Question, ...]] = {}
        self._questions: dict[Test, Question] = {}
        self.tests: tuple[Test, ...] = tuple(
            dict.fromkeys(test for rule in rules_of(model, compiled.statuses) for test in tests(rule))
        )
        self.places: dict[Rule, int] = {test: at for at, test in enumerate(self.tests)}
        writer = RuleWriter(model, compiled.statuses)
        for (section, name), at in compiled.layout.items():
            if section == "traits":
                writer.answers[name] = f"R[{at}]"
            elif section == "tiers":
                writer.masks[name] = f"R[{at}]"
                writer.settle_tier(name)
            elif section == "scores":
                writer.bounds[name] = (f"R[{at}]", f"R[{at + 1}]")
        codes = [writer.rule(test) for test in self.tests]
        source = f"def ask(F, A, C, E, R):\n{writer.body()}\n    return ({', '.join(codes)}{',' if codes else ''})\n"
        self._edges = tuple(writer.edges)
        exec(compile(source, "<a definition's questions>", "exec"), writer.constants)  # noqa: S102 - see `Source`
        self.ask = cast(Ask, writer.constants["ask"])
        self.blank = dict.fromkeys(writer.lead.taken)

    def edges(self, clock: Clock) -> tuple[Any, ...]:
        """The moments that windows begin and end at, reckoned once for an `as_of`."""
        return tuple(reckoned(clock, key, form) for key, form in self._edges)

    @cached_property
    def all(self) -> tuple[Question, ...]:
        """Every test, in the order of the definition."""
        return tuple(self._question(test) for test in self.tests)

    @cached_property
    def signals(self) -> dict[str, Question]:
        """For each signal: whether it happened at all, as a question that no rule asks.

        Their places come after those of the tests.
        """
        selections = {
            name: Selection(Name(name)) for name, signal in self.model.signals.items() if signal.status != "retired"
        }
        return {
            name: self._looked_at(Compare(Count(selection), ">=", Number(Decimal(1))), place)
            for place, (name, selection) in enumerate(selections.items(), start=len(self.tests))
        }

    def of(self, rule: Rule) -> tuple[Question, ...]:
        """The tests that a rule of this definition is made of, each once."""
        found = self._of.get(id(rule))  # the definition keeps its rules alive
        if found is None:
            found = self._of[id(rule)] = tuple(self._question(test) for test in dict.fromkeys(tests(rule)))
        return found

    def _question(self, test: Test) -> Question:
        found = self._questions.get(test)
        if found is None:
            found = self._questions[test] = self._looked_at(test, self.places[test])
        return found

    def _looked_at(self, test: Test, place: int) -> Question:
        trees: list[Tree] = [test]
        fields: dict[str, None] = {}
        facts: dict[FactKey, None] = {}
        selections: dict[Selection, None] = {}
        for tree in trees:  # grows by the signals that a selection selects from
            read = reads(tree)
            named = {name: (section, name) for section, name in self._facts.named(read) if section != "signals"}
            facts.update(dict.fromkeys(named.values()))
            fields.update(dict.fromkeys(name for name in read.values if name not in named))
            for node, _ in walk(tree):
                if isinstance(node, Selection) and node not in selections:
                    selections[node] = None
                    if isinstance(node.of, Name) and node.of.name in self.model.signals:
                        trees.append(self.model.signals[node.of.name].each)
        reckoned = reckoned_terms(test)
        return Question(
            test,
            place,
            tuple(fields),
            tuple(facts),
            tuple(selections),
            reckoned,
            is_of_one_field=len(fields) == 1 and not (facts or selections or reckoned),
        )


def rules_of(model: Model, statuses: Iterable[str]) -> Iterator[Rule]:
    """Every rule that is evaluated: of traits, cases and scores, then of stages and hand-offs."""
    for trait in model.traits.values():
        if trait.status in statuses:
            yield trait.when
    for tier in model.tiers.values():
        if tier.status in statuses:
            yield from (case.when for case in tier.cases if case.when is not None)
    for score in model.scores.values():
        if score.status in statuses and score.only_when is not None:
            yield score.only_when
    for stage in model.stages.values():
        yield from stage.requires.values()
        yield from (handoff.when for handoff in stage.handoff if handoff.when is not None)
