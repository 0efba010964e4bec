"""Coverage of a definition: which of its outcomes a suite's verdicts have shown, and which they never did."""

from __future__ import annotations

import functools
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from threading import RLock
from typing import Any

from qualify.errors import QualifyError
from qualify.face import Definition
from qualify.rules.logic import Test, subject_of
from qualify.rules.tree import Between
from qualify.testing.outcomes import MET, OPEN, Kind, Place, Subject, exactly, numbers, places, subjects, thresholds
from qualify.testing.watching import is_unwatched
from qualify.verdict import Verdict
from qualify.verdict.parts import Evidence

Taken = tuple[Kind, str, str]
"""A kind, a name, and the outcome that was shown."""


class Coverage:
    """Which outcomes of a definition verdicts have shown: of traits (yes, no, unknown), tiers (each case, open), stages'
    sides, disqualifiers, and thresholds (met, not met, unknown, and met with the very number).

    What is in shadow or only proposed does not count. Unknown is asked for where it can happen.

    >>> import qualify
    >>> definition = qualify.define(
    ...     name="Small",
    ...     teams={"sales": "Sales"},
    ...     traits={"large": {"team": "sales", "when": "employees >= 50", "why": "They need us."}},
    ...     stages={"sql": {"requires": {"sales": "large"}}},
    ... )
    >>> coverage = Coverage(definition)
    >>> with coverage.watching():
    ...     stages = [definition.qualify({"employees": number}).stage for number in (40, 60)]
    >>> for line in coverage.report():
    ...     print(line)
    Small 1: 6 of 9 outcomes were seen (66 %), in 2 verdicts
      trait      large: never unknown
      side       sql, sales: never unknown
      threshold  large, employees >= 50: never unknown
      edge       large, employees >= 50: never exactly 50
    """

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.subjects: tuple[Subject, ...] = subjects(definition.model)
        self._places = _thresholds_by_place(definition)
        self._seen: Counter[Taken] = Counter()
        self._verdicts = 0
        self._lock = RLock()

    # --- what is seen ---

    def see(self, verdict: Verdict) -> None:
        """Count what a verdict shows.

        Raises QualifyError for a verdict that another definition gave.
        """
        if verdict.definition.digest != self.definition.digest:
            raise QualifyError(
                f"this verdict was given by another definition: {verdict.definition.name} {verdict.definition.version}",
                code="another-definition",
            )
        found = frozenset(self._shown(verdict))
        with self._lock:
            self._seen.update(found)
            self._verdicts += 1

    @contextmanager
    def watching(self) -> Iterator[Coverage]:
        """While inside, every verdict is seen that `qualify` or `qualify_many` gives, anywhere in this process, of a
        definition with the same digest; but none that the library asks for itself: while a law of `invariants` runs,
        while a lead is looked for. Nobody else pays for it; outside of it nothing is changed.
        """
        _watch(self)
        try:
            yield self
        finally:
            _unwatch(self)

    def _shown(self, verdict: Verdict) -> Iterator[Taken]:
        yield from (("trait", name, "yes") for name in verdict.left_out_by)
        if verdict.left_out_by:
            return
        for name, trait in verdict.traits.items():
            yield "trait", name, str(trait.answer)
        for name, tier in verdict.tiers.items():
            yield "tier", name, OPEN if tier.case is None else tier.case
        for name, stage in verdict.stages.items():
            yield from (("side", f"{name}, {team}", str(answer)) for team, answer in stage.sides.items())
            for barring in self.definition.model.stages[name].disqualified_by:
                yield "disqualifier", f"{name}, {barring}", str(verdict.traits[barring].answer)
        for place, asked in self._places.items():
            for evidence in _evidence(verdict, place):
                if evidence.asked in asked:
                    name = f"{place}, {evidence.asked}"
                    yield "threshold", name, MET[str(evidence.answer)]
                    yield from (("edge", name, edge) for edge in _touched(evidence))

    # --- what came of it ---

    @property
    def verdicts(self) -> int:
        """How many verdicts were seen."""
        return self._verdicts

    def times(self, kind: Kind, name: str, outcome: str) -> int:
        """In how many verdicts something came out so: `times("trait", "right_size", "unknown")`."""
        return self._seen[kind, name, outcome]

    @property
    def missing(self) -> tuple[Subject, ...]:
        """What never came out some way: each with the outcomes that were never seen."""
        found = ((each, self._never(each)) for each in self.subjects)
        return tuple(Subject(each.kind, each.name, never) for each, never in found if never)

    @property
    def percent(self) -> float:
        """How many of the outcomes that can be asked for were seen, of a hundred.

        Numbers met exactly are told apart: not every score can be every number.
        """
        seen, asked = self._counts()
        return 100.0 if not asked else 100.0 * seen / asked

    def report(self) -> list[str]:
        """Lines for a terminal: how much was seen, then what never came out how, a thing a line."""
        seen, asked = self._counts()
        definition = self.definition
        lines = [
            f"{definition.name} {definition.version}: {seen} of {asked} outcomes were seen ({int(self.percent)} %), "
            f"in {self._verdicts} verdict{'' if self._verdicts == 1 else 's'}"
        ]
        wide = max((len(each.kind) for each in self.missing), default=0)
        lines += [f"  {each.kind:<{wide}}  {each.name}: never {_either(each.outcomes)}" for each in self.missing]
        return lines

    def _never(self, subject: Subject) -> tuple[str, ...]:
        return tuple(each for each in subject.outcomes if not self._seen[subject.kind, subject.name, each])

    def _counts(self) -> tuple[int, int]:
        asked = [each for each in self.subjects if each.kind != "edge"]
        total = sum(len(each.outcomes) for each in asked)
        return total - sum(len(self._never(each)) for each in asked), total

    # --- from one process to another ---

    def to_data(self) -> dict[str, Any]:
        """What was seen, as plain data for `merge` in another process; it holds no value of a lead."""
        with self._lock:
            seen = [[*taken, times] for taken, times in sorted(self._seen.items())]
            return {"digest": self.definition.digest, "verdicts": self._verdicts, "seen": seen}

    def merge(self, data: Mapping[str, Any]) -> None:
        """Add what another process saw.

        Raises QualifyError where it watched another definition.
        """
        if data["digest"] != self.definition.digest:
            raise QualifyError("this coverage is of another definition", code="another-definition")
        with self._lock:
            self._verdicts += data["verdicts"]
            for kind, name, outcome, times in data["seen"]:
                self._seen[kind, name, outcome] += times

    def __repr__(self) -> str:
        return f"<Coverage of {self.definition.name!r} {self.definition.version}: {int(self.percent)} %>"


def _thresholds_by_place(definition: Definition) -> dict[Place, frozenset[Test]]:
    found: dict[Place, frozenset[Test]] = {}
    for place, rule in places(definition.model):
        asked = frozenset(thresholds(rule))
        if asked:
            found[place] = found.get(place, frozenset()) | asked
    return found


def _evidence(verdict: Verdict, place: Place) -> tuple[Evidence, ...]:
    match place.section:
        case "traits":
            return verdict.traits[place.name].evidence
        case "tiers":
            return verdict.tiers[place.name].evidence
        case "scores":
            return verdict.scores[place.name].evidence
        case "stages":
            return verdict.stages[place.name].evidence[place.team or ""]


def _touched(evidence: Evidence) -> Iterator[str]:
    """The numbers of a threshold that the lead had exactly."""
    test = evidence.asked
    term = test.term if isinstance(test, Between) else subject_of(test)  # type: ignore[arg-type]
    seen = evidence.seen.get(str(term))
    ends = seen if isinstance(seen, tuple) and len(seen) == 2 else (seen, seen)
    for number in numbers(test):  # type: ignore[arg-type]
        if all(_exact(end) == number.value for end in ends):
            yield exactly(number)


def _exact(value: object) -> Decimal | None:
    if isinstance(value, float):
        return Decimal(repr(value))
    return Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None


def _either(words: tuple[str, ...]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


# --- watching: the two methods are wrapped while anybody watches ---

_HAND_OUT = ("qualify.testing.story", "qualify.testing.lead_strategies", __name__)
_watchers: list[Coverage] = []
_originals: dict[str, Callable[..., Any]] = {}
_watching_lock = RLock()


def _watch(coverage: Coverage) -> None:
    with _watching_lock:
        if not _watchers:
            _originals.update(qualify=Definition.qualify, qualify_many=Definition.qualify_many)
            setattr(Definition, "qualify", _seen_one(Definition.qualify))  # noqa: B010 - a method is no plain attribute
            setattr(Definition, "qualify_many", _seen_many(Definition.qualify_many))  # noqa: B010
        _watchers.append(coverage)


def _unwatch(coverage: Coverage) -> None:
    with _watching_lock:
        del _watchers[next(at for at, each in enumerate(_watchers) if each is coverage)]
        if not _watchers:
            for name, original in _originals.items():
                setattr(Definition, name, original)


def _show(definition: Definition, verdict: object) -> None:
    if isinstance(verdict, Verdict) and not is_unwatched():
        for coverage in dict.fromkeys(_watchers):
            if coverage.definition.digest == definition.digest:
                coverage.see(verdict)


def _seen_one(original: Callable[..., Verdict]) -> Callable[..., Verdict]:
    @functools.wraps(original)
    def qualify(self: Definition, *args: Any, **options: Any) -> Verdict:
        verdict = original(self, *args, **options)
        if _for_the_suite(sys._getframe(1).f_globals.get("__name__", "")):
            _show(self, verdict)
        return verdict

    return qualify


def _for_the_suite(caller: str) -> bool:
    """Whether who asks does so for a suite: of our own rooms that look for leads, only those that hand a verdict out."""
    return not caller.startswith("qualify.testing.") or caller in _HAND_OUT


def _seen_many(original: Callable[..., Iterator[object]]) -> Callable[..., Iterator[object]]:
    @functools.wraps(original)
    def qualify_many(self: Definition, *args: Any, **options: Any) -> Iterator[object]:
        verdicts = original(self, *args, **options)  # what is wrong in the call is told now, as ever
        return _each_shown(self, verdicts)

    return qualify_many


def _each_shown(definition: Definition, verdicts: Iterator[object]) -> Iterator[object]:
    for verdict in verdicts:
        _show(definition, verdict)
        yield verdict


__all__ = ["Coverage"]
