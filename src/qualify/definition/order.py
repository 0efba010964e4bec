"""Which fact reads which, and the order in which they can be evaluated: without recursion, however long the chain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, assert_never

from qualify.definition.model import Fact, Score, Signal, Stage, Tier, Trait
from qualify.rules.reads import Reads, Tree, reads

FactSection: TypeAlias = Literal["traits", "tiers", "signals", "scores"]
FactKey: TypeAlias = tuple[FactSection, str]
MOST_CYCLES = 100


@dataclass(frozen=True, slots=True)
class Facts:
    """The named facts of a definition by section and name, in the file's order."""

    traits: Mapping[str, Trait]
    tiers: Mapping[str, Tier]
    signals: Mapping[str, Signal]
    scores: Mapping[str, Score]

    def all(self) -> dict[FactKey, Fact]:
        """Every fact by its key."""
        found: dict[FactKey, Fact] = {}
        found.update({("traits", name): fact for name, fact in self.traits.items()})
        found.update({("tiers", name): fact for name, fact in self.tiers.items()})
        found.update({("signals", name): fact for name, fact in self.signals.items()})
        found.update({("scores", name): fact for name, fact in self.scores.items()})
        return found

    def named(self, read: Reads) -> tuple[FactKey, ...]:
        """The facts among what a rule reads (an activity's type and a signal never share a name)."""
        found: list[FactKey] = []
        for name in read.values:
            if name in self.traits:
                found.append(("traits", name))
            elif name in self.tiers:
                found.append(("tiers", name))
            elif name in self.scores:
                found.append(("scores", name))
        found += [("signals", name) for name in read.activities if name in self.signals]
        return tuple(found)


def trees_of(fact: Fact) -> tuple[Tree, ...]:
    """The rules, selections and formulas that a fact is made of."""
    match fact:
        case Trait():
            return (fact.when,)
        case Tier():
            return tuple(case.when for case in fact.cases if case.when is not None)
        case Signal():
            return (fact.each,)
        case Score():
            return tuple(tree for tree in (fact.of, fact.only_when) if tree is not None)
        case _:
            assert_never(fact)


def facts_read(fact: Fact, facts: Facts) -> tuple[FactKey, ...]:
    """The named facts that a fact reads directly, each once."""
    found: list[FactKey] = [key for tree in trees_of(fact) for key in facts.named(reads(tree))]
    if isinstance(fact, Score):
        for item in fact.points:
            if item in facts.traits:
                found.append(("traits", item))
            elif item in facts.tiers:
                found.append(("tiers", item))
            elif item in facts.signals:
                found.append(("signals", item))
    return tuple(dict.fromkeys(found))


def in_order(edges: Mapping[FactKey, Iterable[FactKey]]) -> tuple[list[FactKey], list[list[FactKey]]]:
    """The keys so that each comes after all that it reads, and the cycles that prevent it (then left out)."""
    done: dict[FactKey, None] = {}
    cycles: list[list[FactKey]] = []
    cyclic: set[FactKey] = set()
    for start in edges:
        if start in done or start in cyclic:
            continue
        path: dict[FactKey, None] = {start: None}
        stack = [(start, iter(edges[start]))]
        while stack:
            key, rest = stack[-1]
            for read in rest:
                if read in path:
                    if len(cycles) == MOST_CYCLES:  # nobody reads more of them
                        continue
                    trail = list(path)
                    cycles.append(trail[trail.index(read) :])
                    cyclic.update(cycles[-1])
                elif read in edges and read not in done and read not in cyclic:
                    path[read] = None
                    stack.append((read, iter(edges[read])))
                    break
            else:
                stack.pop()
                del path[key]
                if key not in cyclic:
                    done[key] = None
    return list(done), cycles


def stages_in_order(stages: Mapping[str, Stage]) -> tuple[list[str], list[list[str]]]:
    """The stages so that each comes after those it comes after, and the circles that prevent it."""
    edges: dict[FactKey, list[FactKey]] = {
        ("traits", name): [("traits", before) for before in stage.after if before in stages]
        for name, stage in stages.items()
    }
    ordered, circles = in_order(edges)
    return [name for _, name in ordered], [[name for _, name in circle] for circle in circles]
