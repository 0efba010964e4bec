"""What a definition rewards: the fields of which more (or less) can only help, proved by the structure of its rules.

Each rule is read for the directions in which a field's value moves its answer, in the order no, unknown, yes: `and`,
`or` and `at least` keep a direction, `not` turns it, and whatever can't be said to have one has both. A value that
becomes known is no part of this: a field goes from one value to a higher one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Literal, TypeAlias

from qualify.definition.model import Model, Score, SignalPoints, Tier, TierPoints, TraitPoints
from qualify.definition.order import Facts, facts_read, in_order
from qualify.face import Definition
from qualify.rules.reads import Tree, reads
from qualify.rules.tree import (
    And,
    AtLeast,
    Cases,
    Compare,
    Formula,
    Highest,
    Holds,
    In,
    Is,
    Known,
    Lowest,
    Name,
    Not,
    Number,
    Or,
    Product,
    Rule,
    Sum,
    Term,
)

Direction: TypeAlias = Literal["up", "down"]
Moves: TypeAlias = Mapping[str, frozenset[int]]
"""By field: 1 where more of it raises, -1 where more of it lowers, both where either may be."""
BOTH = frozenset({1, -1})
_RISING, _FALLING = (">", ">="), ("<", "<=")


def rewards(definition: Definition) -> dict[str, Direction]:
    """The number and boolean fields of which more can only help (`up`) or only harm (`down`), by the rules' structure.

    Where a field's direction can't be proved, or nothing of a stage depends on it, it isn't named.

    >>> from qualify import define
    >>> definition = define(
    ...     name="Small",
    ...     teams={"sales": "Sales"},
    ...     traits={"right": {"team": "sales", "when": "employees >= 50 and not bounced", "why": "They need us."}},
    ...     stages={"sql": {"requires": {"sales": "right"}}},
    ... )
    >>> rewards(definition)
    {'employees': 'up', 'bounced': 'down'}
    """
    model = definition.model
    reading = _Reading(model)
    asked = [rule for stage in model.stages.values() for rule in stage.requires.values()]
    bars = [*model.left_out_by, *(name for stage in model.stages.values() for name in stage.disqualified_by)]
    moves = _joined([*map(reading.of, asked), *(_turned(reading.fact("traits", name)) for name in bars)])
    return {
        name: "up" if directions == {1} else "down"
        for name, directions in moves.items()
        if directions and directions != BOTH and model.declared_fields[name].type in ("number", "boolean")
    }


class _Reading:
    def __init__(self, model: Model) -> None:
        self.model = model
        self.facts = Facts(model.traits, model.tiers, model.signals, model.scores)
        self.known: dict[tuple[str, str], Moves] = {}
        every = {key: fact for key, fact in self.facts.all().items() if fact.status != "retired"}
        for key in in_order({key: facts_read(fact, self.facts) for key, fact in every.items()})[0]:
            self.known[key] = self.fact_of(key)

    def fact(self, section: str, name: str) -> Moves:
        return self.known[section, name]

    def fact_of(self, key: tuple[str, str]) -> Moves:
        section, name = key
        match section:
            case "traits":
                return self.of(self.model.traits[name].when)  # when_unknown keeps the order of the answers
            case "scores":
                return self.score(self.model.scores[name])
            case "signals":
                return self.any_of(self.model.signals[name].each)
            case _:
                return _joined(self.any_of(case.when) for case in self.model.tiers[name].cases if case.when is not None)

    # --- rules ---

    def of(self, rule: Rule) -> Moves:
        match rule:
            case And(parts) | Or(parts) | AtLeast(_, parts):
                return _joined(map(self.of, parts))
            case Not(part):
                return _turned(self.of(part))
            case Holds(name):
                return self.fact("traits", name) if name in self.model.traits else self.value(Name(name))
            case Compare(left, op, right) if op in _RISING:
                return _joined([self.value(left), _turned(self.value(right))])
            case Compare(left, op, right) if op in _FALLING:
                return _joined([_turned(self.value(left)), self.value(right)])
            case Known(Name(name)) if name in self.model.declared_fields:
                return {}  # it has a value before and after
            case Is(Name(name), case, negated) if name in self.model.tiers:
                moves = self.cases(self.model.tiers[name], {case})
                return _turned(moves) if negated else moves
            case In(Name(name), Cases(cases), negated) if name in self.model.tiers:
                moves = self.cases(self.model.tiers[name], set(cases))
                return _turned(moves) if negated else moves
            case _:
                return self.any_of(rule)

    def cases(self, tier: Tier, wanted: set[str]) -> Moves:
        """Whether it is one of the cases: those at the beginning are an `or` of their rules, if nothing is assumed."""
        first = tier.cases[: len(wanted)]
        if tier.when_unknown is None and {case.name for case in first} == wanted:
            return (
                {} if len(first) == len(tier.cases) else _joined(self.of(c.when) for c in first if c.when is not None)
            )
        return _joined(self.any_of(case.when) for case in tier.cases if case.when is not None)

    def any_of(self, tree: Tree) -> Moves:
        """All that a rule reads, in either direction."""
        read = reads(tree)
        own: Moves = {name: BOTH for name in read.values if name in self.model.declared_fields}
        return _joined([own, *(_both(self.fact(*key)) for key in self.facts.named(read))])

    # --- numbers ---

    def value(self, term: Term | Formula) -> Moves:
        match term:
            case Name(name) if name in self.model.scores:
                return self.fact("scores", name)
            case Name(name) if name in self.model.declared_fields:
                return {name: frozenset({1})}
            case Number():
                return {}
            case Sum(parts):
                return _joined(self.value(part) if sign > 0 else _turned(self.value(part)) for sign, part in parts)
            case Product(factors):
                others = [(op, part) for op, part in factors if not isinstance(part, Number)]
                if len(others) > 1 or any(op == "/" for op, _ in others):
                    return self.any_of(term)
                falls = sum(isinstance(part, Number) and part.value < 0 for _, part in factors) % 2
                if any(isinstance(part, Number) and part.value == 0 for _, part in factors):
                    return self.any_of(term)
                moves = _joined(self.value(part) for _, part in others)
                return _turned(moves) if falls else moves
            case Highest(parts) | Lowest(parts):
                return _joined(map(self.value, parts))
            case _:
                return self.any_of(term)

    def score(self, score: Score) -> Moves:
        """Points and formulas; bounds keep a direction, and `only_when`, which takes the score away, has none."""
        found: list[Moves] = [] if score.only_when is None else [_both(self.of(score.only_when))]
        if score.of is not None:
            return _joined([*found, self.value(score.of)])
        for name, points in score.points.items():
            match points:
                case TraitPoints(yes, no):
                    found.append(_along(self.fact("traits", name), yes - no))
                case TierPoints(given):
                    found.append(self.given(self.model.tiers[name], given))
                case SignalPoints():
                    found.append(_both(self.fact("signals", name)))
        return _joined(found)

    def given(self, tier: Tier, given: Mapping[str, Decimal]) -> Moves:
        """Points of a tier: a case further up in the list is reached by its rule, so points that fall keep a direction."""
        points = [given.get(case.name, Decimal(0)) for case in tier.cases]
        steps = [before - after for before, after in pairwise(points)]
        rules = [case.when for case in tier.cases if case.when is not None]
        if tier.when_unknown is None and all(step >= 0 for step in steps):
            return _joined(map(self.of, rules))
        if tier.when_unknown is None and all(step <= 0 for step in steps):
            return _turned(_joined(map(self.of, rules)))
        return _joined(map(self.any_of, rules))


def _joined(all_moves: Iterable[Moves]) -> Moves:
    found: dict[str, frozenset[int]] = {}
    for moves in all_moves:
        for name, directions in moves.items():
            found[name] = found.get(name, frozenset()) | directions
    return found


def _turned(moves: Moves) -> Moves:
    return {name: frozenset(-direction for direction in directions) for name, directions in moves.items()}


def _both(moves: Moves) -> Moves:
    return dict.fromkeys(moves, BOTH)


def _along(moves: Moves, difference: Decimal) -> Moves:
    return {} if difference == 0 else moves if difference > 0 else _turned(moves)


__all__ = ["Direction", "rewards"]
