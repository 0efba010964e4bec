"""What the rules of a definition speak of: its fields, with values at their borders, and the activities that count."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import Any

from qualify.definition.model import Model
from qualify.definition.order import Facts, trees_of
from qualify.engine.clock import Clock, shifted, zone_of
from qualify.engine.meaning import Meaning
from qualify.engine.sight import Sight, types_of
from qualify.rules.logic import Test, tests
from qualify.rules.reads import Tree, reads, walk
from qualify.rules.tree import AnyActivity, RuleNode, Selection
from qualify.testing.edges import SECOND, edges
from qualify.testing.happened import USUAL, Happened, said_apart
from qualify.testing.spelling import respelled
from qualify.testing.values import Values

MOST_VALUES = 60
MOST_SAID = 6
"""What activities of one type say, in so many ways."""


class Spoken:
    """For one definition at one moment."""

    def __init__(self, model: Model, as_of: datetime) -> None:
        self.model, self.clock = model, Clock(as_of, zone_of(model.timezone))
        facts = Facts(model.traits, model.tiers, model.signals, model.scores).all()
        counting = [fact for fact in facts.values() if fact.status in ("adopted", "shadow")]
        self.trees: list[Tree] = [tree for fact in counting for tree in trees_of(fact)]
        self.tests: list[Test] = [test for tree in self.trees if isinstance(tree, RuleNode) for test in tests(tree)]

    @cached_property
    def fields(self) -> Mapping[str, list[Any]]:
        """The fields that rules read, each with the values that they speak of."""
        names = dict.fromkeys(name for tree in self.trees for name in reads(tree).values)
        values = Values(self.model, [self.clock])
        found: dict[str, list[Any]] = {}
        for name, declared in self.model.declared_fields.items():
            if name in names:
                asked = [test for test in self.tests if name in reads(test).values]
                known = [
                    each for each in values.candidates(name, asked, {}, self.clock, usual=True) if each is not None
                ]
                found[name] = [*known[:MOST_VALUES], *islice(respelled(known, declared), MOST_VALUES)]
        return {name: listed for name, listed in found.items() if listed}

    @cached_property
    def happened(self) -> Mapping[str, Happened]:
        """The types of activities that count, each with what is said of one, at and beside the edges of windows."""
        kinds: dict[str, list[Tree]] = {}
        for tree in self.trees:
            for node, _ in walk(tree):
                if isinstance(node, Selection) and not isinstance(node.of, AnyActivity):
                    for kind in types_of(node, self.model):
                        kinds.setdefault(kind, []).append(tree)
        meaning = Meaning(self.model, Sight({}, None), self.clock)
        usual = [shifted(self.clock.as_of, ago, -1) for ago in USUAL]
        found: dict[str, Happened] = {}
        for kind, trees in kinds.items():
            taking = [
                node
                for tree in trees
                for node, _ in walk(tree)
                if isinstance(node, Selection) and kind in types_of(node, self.model)
            ]
            said = list(islice(said_apart(meaning, kind, taking, trees, {}).values(), MOST_SAID))
            beside = (shifted(edge, SECOND * by) for edge in edges(trees, {}, (), self.clock) for by in (0, -1, 1))
            moments = [at for at in dict.fromkeys((*usual, *beside)) if at < self.clock.as_of]
            found[kind] = tuple((kind, (at, each)) for at in moments for each in said)
        return found


__all__ = ["Spoken"]
