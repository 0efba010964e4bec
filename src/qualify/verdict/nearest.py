"""What would reach the next stage: the smallest sets of changes, by exact search.

A state is a set of changes. Where it does not reach the stage, some test has to answer otherwise than it does: `_Needs`
names tests of which at least one must. Each value that turns one of them gives a larger state. So every set of changes
that reaches the stage is found by adding one change after the other, and the smaller sets come first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from qualify.engine.compile import REACHED
from qualify.engine.evaluate import Raw, Session
from qualify.engine.meaning import Meaning
from qualify.engine.sight import Events, Sight
from qualify.verdict.levers import Lever, Levers, Move, State, copied_events
from qualify.verdict.needs import Need, blocking, cone
from qualify.verdict.parts import Change, Nearest
from qualify.verdict.witness import Witness

MOST_SETS = 5
MOST_CHANGES = 12
MOST_STATES = 4_000
"""States looked at before the search stops; a bound that every machine reaches at the same place."""

MOST_MOVES = 60_000
"""Moves looked at, many of which lead to a state that was seen before."""


def next_stage(witness: Witness) -> str | None:
    """The first stage of the line that is not reached and whose predecessors are."""
    stages = witness.decision.stages
    for name, declared in witness.model.stages.items():
        open_ = not declared.beside and stages[name].state != "reached"
        if open_ and all(stages[before].state == "reached" for before in declared.after):
            return name
    return None


def nearest(witness: Witness) -> Nearest:
    """The smallest sets of changes that reach the next stage, at most five."""
    stage = next_stage(witness)
    if stage is None:
        return Nearest()
    return _Search(witness, stage).found()


def changed(session: Session, fields: Mapping[str, Any], changes: tuple[Change, ...]) -> dict[str, Any]:
    """A lead's fields after these changes, at the same moment."""
    found = dict(fields)
    events: Events | None = None
    for change in changes:
        if change.field is not None:
            found[change.field] = change.to
        elif change.activity is not None:
            if events is None:
                events = copied_events(session.events(fields))
            already = change.more if change.more is not None else change.at_least or 1
            events.setdefault(change.activity, []).extend([(session.clock.as_of, dict(change.properties))] * already)
            found["activities"] = events
    return found


def _but(state: State, lever: Lever) -> State:
    """The changes without that of one lever."""
    return tuple(each for each in state if each[0] is not lever)


def _facts(state: State) -> frozenset[str]:
    """The fields and the kinds of activity that changes are about."""
    return frozenset(f"{lever.activity is not None} {lever.name}" for lever, _ in state)


def _holds_one(found: list[State], state: State) -> bool:
    """Whether some of these changes do already: of the same levers, or in fewer changes of the same facts."""
    levers, facts = frozenset(lever for lever, _ in state), _facts(state)
    return any(
        levers.issuperset(lever for lever, _ in smaller) or (len(smaller) < len(state) and _facts(smaller) <= facts)
        for smaller in found
    )


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What the definition says of a state."""

    fields: Mapping[str, Any]
    events: Events | None
    raw: Raw


class _Search:
    def __init__(self, witness: Witness, stage: str) -> None:
        self.witness, self.stage, self.session = witness, stage, witness.session
        self.place = self.session.compiled.layout["stages", stage]
        places = self.session.evaluator.kept(f"cone {witness.session.proposed} {stage}", lambda _: cone(witness, stage))
        self.levers = Levers(witness, places)
        self.states = self.looked = 0
        self.stopped = False

    def found(self) -> Nearest:
        """Level by level: all sets of one size before any larger one."""
        sets: list[State] = []
        level: list[State] = [()]
        seen: set[frozenset[tuple[Lever, Any]]] = set()
        while level and len(sets) < MOST_SETS and not self.stopped:
            following: list[State] = []
            for state in level:
                for move in self.moves(state):
                    self.looked += 1
                    if self.looked > MOST_MOVES:
                        self.stopped = True
                        break
                    grown = (*_but(state, move[0]), move)
                    key = frozenset((lever, made.key) for lever, made in grown)
                    if key in seen or _holds_one(sets, grown):
                        continue
                    seen.add(key)
                    self.states += 1
                    if self.states > MOST_STATES:
                        self.stopped = True
                        break
                    if self.reaches(self.outcome(grown)):
                        sets.append(grown)
                    else:
                        (following if len(grown) > len(state) else level).append(grown)
                if self.stopped:
                    break
            level = [state for state in following if not _holds_one(sets, state)]
            if level and len(level[0]) >= MOST_CHANGES:
                self.stopped = True
        sets.sort(key=lambda state: (len(state), sorted(lever.order for lever, _ in state)))
        listed = (
            tuple(move.change for _, move in sorted(state, key=lambda each: each[0].order))
            for state in sets[:MOST_SETS]
        )
        return Nearest(listed, self.stage, self.stopped or self.levers.cut)

    def outcome(self, state: State) -> _Outcome:
        fields, events = self.levers.after(state)
        raw = self.session.compiled.decide(fields, events, self.session.clock, self.session.edges)
        return _Outcome(fields, events, raw)

    def reaches(self, outcome: _Outcome) -> bool:
        return outcome.raw[1] is None and outcome.raw[self.place] == REACHED

    def moves(self, state: State) -> Iterator[tuple[Lever, Move]]:
        """Changes of which at least one belongs to every larger set that reaches the stage.

        Where a test reads several facts, one that has changed may have to become something else after the next.
        """
        outcome = self.outcome(state)
        if outcome.raw[1] is None:
            raw, answers = outcome.raw, self.session.ask(outcome.fields, outcome.events, outcome.raw)
        else:
            raw, answers = self.left_out(outcome)
        taken = {lever for lever, _ in state}
        given: dict[Lever, set[Move]] = {}
        for need in blocking(self.witness, self.stage, raw, answers):
            now = self.now(need, answers)
            for lever in self.levers.of(need.question):
                if lever not in taken or need.question.is_of_several:
                    moves = self.levers.moves(lever, _but(state, lever))
                    given.setdefault(lever, set()).update(move for move in moves if Lever.turns(move, need, now))
        for lever, helping in given.items():
            yield from ((lever, move) for move in self.levers.moves(lever, _but(state, lever)) if move in helping)

    def left_out(self, outcome: _Outcome) -> tuple[Raw, tuple[Any, ...]]:
        """The traits' outcomes and the answers where the changes leave the lead out, of which nothing is decided."""
        meaning = Meaning(self.witness.model, Sight(outcome.fields, outcome.events), self.session.clock)
        meaning.facts(self.session.compiled.statuses)
        layout = self.session.compiled.layout
        found = [meaning.traits[name].answer if section == "traits" else None for section, name in layout]
        places = dict(zip(layout.values(), found, strict=True))
        raw = (*outcome.raw[:2], *(places.get(at) for at in range(2, max(places, default=1) + 1)))
        return raw, tuple(meaning.answer(test) for test in self.witness.questions.tests)

    @staticmethod
    def now(need: Need, answers: tuple[bool | None, ...]) -> bool | None:
        """The present answer to what is needed; a signal's points are no rule's test, and have none."""
        return answers[need.question.place] if need.question.place < len(answers) else None
