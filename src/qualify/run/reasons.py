"""Why leads are where they are with each stage, counted while a run goes on: what says no, what bars, what is missing.

Leads whose facts came out alike are counted together, and looked at once: what says no and what bars is exact. What is
missing depends on each lead's own fields; of many open leads some are looked at, evenly spread over the source.
"""

from __future__ import annotations

from collections import Counter as Counted
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from qualify.engine.compile import STATES
from qualify.engine.decision import Decision, State
from qualify.engine.evaluate import Raw, Session, decision_of
from qualify.rules.logic import settle, tests
from qualify.rules.reads import reads
from qualify.rules.tree import And, AtLeast, Not, Or, Rule
from qualify.verdict import Verdict
from qualify.verdict.build import words_of
from qualify.verdict.phrases import Phrases

MOST_ALIKE = 4096
"""So many kinds of outcome are told apart before they are looked at."""

MOST_OPEN, FEWEST_OPEN = 1000, 125
"""Up to so many open leads, each is asked what it lacks; of more at least the second number, at most twice that."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why leads are not at a stage, and how many: a fact that says no for one side, or one that bars.

    `asked` is the part of the side's rule that isn't met. Without a `team` it is the stage before that isn't reached.
    `said` is the same in English.

    >>> print(Reason("marketing", "serves_print", "serves_print", "serves print (Marketing) says no", 30))
    serves print (Marketing) says no
    """

    team: str | None
    fact: str
    asked: str
    said: str
    count: int

    def __str__(self) -> str:
        return self.said

    def to_dict(self) -> dict[str, Any]:
        """The reason as plain data, for JSON."""
        return {"team": self.team, "fact": self.fact, "asked": self.asked, "count": self.count}


@dataclass(frozen=True, slots=True)
class Lacking:
    """A field without a value, and how many of the open leads that were looked at it would help to settle."""

    field: str
    said: str
    count: int

    def __str__(self) -> str:
        return self.said

    def to_dict(self) -> dict[str, Any]:
        """The field as plain data, for JSON."""
        return {"field": self.field, "count": self.count}


class Reasons:
    """Counts while a run goes on: for each stage its states, and why."""

    def __init__(self, session: Session, *, shared: bool = False) -> None:
        self._session, self._model = session, session.evaluator.model
        self._shared = shared  # whether leads with the same outcomes come with one and the same object
        self._known: dict[int, tuple[Raw, list[Any]]] = {}
        self._layout = session.compiled.layout
        self._phrases = Phrases(words_of(self._model))
        self._questions = session.evaluator.questions(session.proposed)
        self._take = self._key()
        self._alike: dict[tuple[Any, ...], list[Any]] = {}
        self._states: dict[str, Counted[State]] = {name: Counted() for name in self._model.stages}
        self._no: dict[str, Counted[tuple[str | None, Rule | str]]] = {name: Counted() for name in self._model.stages}
        self._bars: dict[str, Counted[str]] = {name: Counted() for name in self._model.stages}
        self._sample = _Sample()

    def _key(self) -> Callable[[Raw], tuple[Any, ...]]:
        """What of a lead's outcomes is counted: its stages' states and sides, what bars, and what their rules ask.

        A score itself is none of it, of which there are as many as leads.
        """
        session, layout, questions = self._session, self._layout, self._questions
        places, asked = set[int](), set[int]()
        for name, stage in self._model.stages.items():
            at = layout["stages", name]
            places.update(range(at, at + 1 + len(stage.requires)))
            places.update(layout["traits", bar] for bar in stage.disqualified_by if ("traits", bar) in layout)
            asked.update(questions.places[test] for rule in stage.requires.values() for test in tests(rule))
        outcomes, answers = itemgetter(*sorted(places), 0), itemgetter(*sorted(asked), slice(0))
        return lambda raw: (answers(session.ask(questions.blank, None, raw)), outcomes(raw))

    def add(self, fields: Mapping[str, Any] | Callable[[], Mapping[str, Any]], raw: Raw) -> None:
        """One more lead, which nobody left out; its fields may be read where they are needed."""
        known = self._known.get(id(raw))
        if known is not None and known[0] is raw:  # outcomes that many leads have are one and the same object
            alike = known[1]
        else:
            alike = self._alike_to(raw)
        alike[0] += 1
        if alike[2] and self._sample.wants():
            verdict = Verdict(self._session, fields() if callable(fields) else fields, raw)
            self._sample.add(tuple((each.field, each.settles) for each in verdict.missing), alike[2])

    def _alike_to(self, raw: Raw) -> list[Any]:
        key = self._take(raw)
        try:
            alike = self._alike[key]
        except KeyError:
            if len(self._alike) >= MOST_ALIKE:
                self._look()
            alike = self._alike[key] = [0, raw, self._is_open(raw)]
        if self._shared:
            self._known[id(raw)] = raw, alike
        return alike

    def _is_open(self, raw: Raw) -> tuple[str, ...]:
        return tuple(name for name in self._model.stages if STATES[raw[self._layout["stages", name]]] == "undetermined")

    # --- kinds of outcome, looked at ---

    def _look(self) -> None:
        """Look at each kind of outcome that came up since the last time."""
        questions = self._questions
        for count, raw, _ in self._alike.values():
            decision = decision_of(raw, self._session.compiled, self._model)
            answers: tuple[Any, ...] = ()
            for name, stage in decision.stages.items():
                self._states[name][stage.state] += count
                if stage.state == "disqualified":
                    self._bars[name].update(dict.fromkeys(stage.disqualified_by, count))
                elif stage.state == "not_yet":
                    # stages read nothing but facts, and those are known: the lead itself isn't looked at
                    answers = answers or self._session.ask(questions.blank, None, raw)
                    given = dict(zip(questions.tests, answers, strict=True))
                    self._no[name].update(dict.fromkeys(self._refusing(name, decision, given), count))
        self._alike.clear()
        self._known.clear()

    def _refusing(
        self, name: str, decision: Decision, given: Mapping[Any, bool | None]
    ) -> Iterator[tuple[str | None, Rule | str]]:
        """What says no: of each side that does, the parts of its rule; else the stages before."""
        stage, sides = self._model.stages[name], decision.stages[name].sides
        if False in sides.values():
            for team, rule in stage.requires.items():
                if sides[team] is False:
                    for part in dict.fromkeys(deciding(rule, given)):
                        yield team, part
        else:
            for before in stage.after:
                if decision.stages[before].state == "not_yet":
                    yield None, before

    # --- what was counted ---

    def states(self) -> Mapping[str, Mapping[State, int]]:
        """How many leads are in each state with each stage."""
        self._look()
        return self._states

    def not_yet(self, stage: str) -> tuple[Reason, ...]:
        """Why leads are not yet at a stage, the commonest first."""
        return tuple(self._reason(team, asked, count) for (team, asked), count in self._no[stage].most_common())

    def _reason(self, team: str | None, asked: Rule | str, count: int) -> Reason:
        phrases = self._phrases
        if isinstance(asked, str):
            return Reason(None, asked, asked, f"{phrases.stage(asked)}, which comes before, is not reached", count)
        says = f"{phrases.said(asked)} ({phrases.team(str(team))}) says no"
        return Reason(team, (*reads(asked).facts, "")[0], str(asked), says, count)

    def barred_by(self, stage: str) -> tuple[Reason, ...]:
        """What bars leads from a stage, the commonest first."""
        traits, phrases = self._model.traits, self._phrases
        return tuple(
            Reason(
                traits[name].team,
                name,
                f"not {name}",
                f"{phrases.fact(name)} ({phrases.team(traits[name].team)})",
                count,
            )
            for name, count in self._bars[stage].most_common()
        )

    def lacking(self, stage: str) -> tuple[tuple[Lacking, ...], int]:
        """What the open leads of a stage lack, the commonest first; and how many of them were looked at."""
        found, looked = self._sample.of(stage)
        told = self._phrases.field
        said = ((field, "their activities" if field == "activities" else told(field)) for field in found)
        return tuple(Lacking(field, said, found[field]) for field, said in said), looked


def deciding(rule: Rule, given: Mapping[Any, bool | None]) -> Iterator[Rule]:
    """The parts of a rule that says no which say no themselves, as small as they are; `not` is told with its part."""
    match rule:
        case And(parts) | Or(parts) | AtLeast(_, parts):
            for part in parts:
                if settle(part, given.__getitem__) is False:
                    yield from deciding(part, given)
        case Not(And(parts)):
            yield from (Not(part) for part in parts)
        case Not(Or(parts)):
            yield from (Not(part) for part in parts if settle(part, given.__getitem__))
        case _:
            yield rule


class _Sample:
    """What open leads lack: all of them while they are few, of many some that are evenly spread over the source."""

    def __init__(self) -> None:
        self._every, self._met, self._most = 1, 0, MOST_OPEN
        self._kept: list[tuple[tuple[tuple[str, tuple[str, ...]], ...], tuple[str, ...]]] = []

    def wants(self) -> bool:
        """Whether the open lead that is met now belongs to the sample."""
        wanted = not self._met % self._every
        self._met += 1
        if wanted and len(self._kept) == self._most:
            step = len(self._kept) // FEWEST_OPEN
            self._kept = self._kept[::step]
            self._every, self._most = self._every * step, 2 * FEWEST_OPEN
            return not (self._met - 1) % self._every
        return wanted

    def add(self, missing: tuple[tuple[str, tuple[str, ...]], ...], stages: tuple[str, ...]) -> None:
        """What it lacks for which stages, and the stages that are open."""
        self._kept.append((missing, stages))

    def of(self, stage: str) -> tuple[dict[str, int], int]:
        """How often each field is missing for a stage, the commonest first, and of how many."""
        looked = [missing for missing, stages in self._kept if stage in stages]
        found = Counted(field for missing in looked for field, settles in missing if stage in settles)
        return dict(found.most_common()), len(looked)


__all__ = ["Lacking", "Reason", "Reasons", "deciding"]
