"""What fits together and still can't be meant: cases that can never be, gaps between cases, scores asked for too much.

Each case of a tier is laid on the line of the one thing that it asks about, each score between its ends: nothing is
searched for, so what is told is sure, and much is not told. A rule that asks about several things is looked at for
each of them alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import accumulate, combinations
from operator import or_
from typing import TypeAlias

from qualify.definition.model import Tier
from qualify.definition.passing import Reading, swapped
from qualify.definition.places import Path
from qualify.definition.ranges import ALL, END, NONE, START, Cut, Line, Values, lies_in
from qualify.definition.reach import out_of_reach
from qualify.definition.read import Entries
from qualify.errors import enumerated
from qualify.rules.check import Problem
from qualify.rules.reads import walk
from qualify.rules.tree import Known, Rule, RuleNode

MOST_WORK = 400_000
"""Steps that are gone for all tiers together: no definition that people read comes near it."""

Doubt: TypeAlias = tuple[Path, Problem]


def doubts(entries: Entries) -> Iterator[Doubt]:
    """What is doubtful in tiers, and in all that asks a score for a number; of what is retired, nothing."""
    rules: dict[Path, list[Path]] = {}
    for path in entries.parsed:
        rules.setdefault(path[:2], []).append(path)
    left, reading = MOST_WORK, Reading(entries.lists, entries.tier_cases)
    for name, tier in entries.tiers.items():
        key: Path = ("tiers", name)
        paths = [path for path in rules.get(key, ()) if path[2] == "cases"]
        trees = [entries.parsed[path].tree for path in paths]
        if tier.status == "retired":
            continue
        cases = _Cases(tier, trees, reading)
        if cases.work <= left:
            left -= cases.work
            yield from ((paths[at], problem) for at, problem in cases.problems())
    yield from out_of_reach(entries)


class _Cases:
    """The cases of one tier before `otherwise`, on the lines of what they ask about."""

    def __init__(self, tier: Tier, rules: list[Rule], reading: Reading) -> None:
        self.tier, self.rules, self.reading = tier, rules, reading
        self.names = [case.name for case in tier.cases if case.when is not None]
        self.lines: dict[str, Line] = {}
        self.asked: list[tuple[str, ...]] = []
        steps = 0
        for rule in rules:
            asked: dict[str, None] = {}
            for node, in_where in walk(rule):
                if isinstance(node, Known):
                    asked[str(node.term)] = None
                steps += 1
                if isinstance(node, RuleNode) and not in_where and (test := reading.test(node)) is not None:
                    self.lines.setdefault(test.subject, test.line)
                    asked[test.subject] = None
                    steps += len(test.passes(test.line).ranges)
            self.asked.append(tuple(asked))
        self.work = steps * (len(rules) + len(self.lines))

    def problems(self) -> Iterator[tuple[int, Problem]]:
        """What is doubtful, with the number of the case."""
        sure = {subject: [self.passing(rule, subject, NONE) for rule in self.rules] for subject in self.lines}
        taken = {subject: list(accumulate(each, or_, initial=NONE)) for subject, each in sure.items()}
        for at in range(len(self.rules)):
            problem = self.dead(at, sure, taken)
            if problem is not None:
                yield at, problem
        whole = [
            subject
            for subject, line in self.lines.items()
            if line.kind != "text" and all(asked in ((), (subject,)) for asked in self.asked)
        ]
        for subject in whole:
            if all(
                self.passing(rule, subject, ALL) == own for rule, own in zip(self.rules, sure[subject], strict=True)
            ):
                yield from self.edges(subject, sure[subject])
                yield from self.gaps(subject, sure[subject], taken[subject][-1])

    def dead(self, at: int, sure: Mapping[str, list[Values]], taken: Mapping[str, list[Values]]) -> Problem | None:
        """A case that is none for any value, or only where an earlier one is: then it is never chosen."""
        name, rule = self.names[at], self.rules[at]
        if self.tier.when_unknown == name:  # it stands for what is open, whatever its rule
            return None
        for subject in (each for each in self.asked[at] if each in self.lines):
            own, before = self.passing(rule, subject, ALL), sure[subject][:at]
            if not own:
                if any(swapped(node) for node, _ in walk(rule)):  # which is told by itself
                    return None
                return Problem(
                    "dead-case", f"'{name}' can never be: no value of '{_short(subject)}' passes all this", rule
                )
            if own - taken[subject][at]:
                continue
            one = next((other for other, each in zip(self.names, before, strict=False) if not own - each), None)
            several = [other for other, each in zip(self.names, before, strict=False) if own & each]
            which = f"'{one}' above it holds" if one else f"one of {enumerated(several)} above it holds"
            why = f"wherever it holds, {which} too; the narrower case stands first"
            return Problem("dead-case", f"'{name}' can never be: {why}", rule)
        return None

    def edges(self, subject: str, sure: list[Values]) -> Iterator[tuple[int, Problem]]:
        """Two ranges that share the one value at which they meet."""
        line = self.lines[subject]
        bands = [
            (at, each.ranges[0])
            for at, each in enumerate(sure)
            if len(each.ranges) == 1 and not line.single(each.ranges[0])
        ]
        for (first, before), (at, own) in combinations(bands, 2):
            shared = max(before[0], own[0]), min(before[1], own[1])
            if not (shared[0] < shared[1] and line.single(shared)):
                continue
            if any(lies_in(shared, each) for each in sure[:first]):  # then neither of them takes it
                continue
            value, one, other = line.shown(shared).removeprefix("exactly "), self.names[first], self.names[at]
            message = (
                f"'{one}' and '{other}' both take {_short(subject)} {value}, and '{one}' stands first: let one of them "
                "leave it out"
            )
            yield at, Problem("shared-edge", message, self.rules[at])

    def gaps(self, subject: str, sure: list[Values], taken: Values) -> Iterator[tuple[int, Problem]]:
        """What two cases leave between them falls to `otherwise`, which then isn't what is left at an end."""
        line = self.lines[subject]
        decimals = max((_decimals(cut) for one in taken.ranges for cut in one if cut not in (START, END)), default=0)
        for one in (line.known - taken).ranges:
            low, high = one
            if low in (START, line.known.ranges[0][0]) or high == END or not line.holds_a_step(one, decimals):
                continue
            below = [at for at, each in enumerate(sure) if any(to == low for _, to in each.ranges)]
            above = [at for at, each in enumerate(sure) if any(start == high for start, _ in each.ranges)]
            if not below or not above or set(below) & set(above):  # one case leaves it out, as `!=` does
                continue
            rest = self.tier.cases[-1].name
            at = max(below[0], above[0])
            message = (
                f"between '{self.names[below[0]]}' and '{self.names[above[0]]}', {_short(subject)} {line.shown(one)} falls to "
                f"'{rest}' (otherwise): close the gap, or write the cases in order, with what is left at the end"
            )
            yield at, Problem("gap-between-cases", message, self.rules[at])

    def passing(self, rule: Rule, subject: str, unclear: Values) -> Values:
        return self.reading.passing(rule, subject, self.lines[subject], unclear)


def _decimals(cut: Cut) -> int:
    return max(0, -int(cut[1].as_tuple().exponent)) if isinstance(cut[1], Decimal) else 0


def _short(subject: str) -> str:
    return subject if len(subject) <= 60 else f"{subject[:57]}..."


__all__ = ["Doubt", "doubts"]
