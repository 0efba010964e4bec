"""What can be changed about a lead, and to what: for each test the values on either side of where its answer turns.

A field is a lever where it can change; so is an activity of one kind that happens again. A move is one new value of a
lever. Moves of one lever that no test tells apart are one move: the one nearest to what is there now.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Context, Decimal
from itertools import islice, product
from math import ceil
from typing import Any, cast

from qualify.definition.model import SignalPoints
from qualify.engine.meaning import Meaning
from qualify.engine.questions import Question
from qualify.engine.sight import Event, Sight, types_of
from qualify.rules.logic import tests
from qualify.rules.reads import walk
from qualify.rules.tree import And, AnyActivity, Count, Days, Name, Number, Rule, Selection, Total
from qualify.text import clean
from qualify.values import Value
from qualify.verdict.frozen import Frozen
from qualify.verdict.needs import Need
from qualify.verdict.parts import Change
from qualify.verdict.turns import between, distance, turning_values
from qualify.verdict.witness import Witness

MOST_ADDED = 1_000
"""Activities that one change may ask for."""
MOST_KINDS = 3
"""Types of activity that are proposed where any would do."""
MOST_EXAMPLES = 200
MOST_ANSWERS = 40_000
"""Answers that are asked for to tell the values of one field apart."""
LARGEST_AMOUNT = 10**12
_AMOUNTS = Context(prec=400)
MOST_SCORED = 20
"""Occurrences of a signal that are proposed for the points that they give."""


@dataclass(frozen=True, slots=True, eq=False)
class Move:
    """One new value of a lever, and what each test that hangs on this lever alone says then."""

    change: Change
    value: Value | None
    events: tuple[Event, ...]
    answers: Mapping[int, bool | None]


@dataclass(slots=True, eq=False)
class Lever:
    """A field, or an activity that can happen (again)."""

    name: str
    activity: str | None
    order: int
    moves: list[Move] = field(default_factory=list)

    @staticmethod
    def turns(move: Move, need: Need, now: bool | None) -> bool:
        """Whether a move may turn a test the way that is needed; unclear where the test hangs on more than this."""
        place = need.question.place
        if place not in move.answers:
            return True
        then = move.answers[place]
        return then is not now and (need.towards is None or then is not (not need.towards))


class Levers:
    """The levers of one lead, made for the tests that a search comes to."""

    def __init__(self, witness: Witness, places: frozenset[int]) -> None:
        self.witness, self.model, self.clock = witness, witness.model, witness.session.clock
        every = (*witness.questions.all, *witness.questions.signals.values())
        self.questions = [each for each in every if each.place in places]
        self.fields: dict[str, Any] = {name: witness.value(name) for name in self.model.declared_fields}
        self.domain_follows = not clean(witness.fields.get("email_domain") or "")  # the e-mail tells it, new or old
        self.events = witness.events
        self.meaning = Meaning(self.model, Sight(self.fields, self.events), self.clock, witness.decision)
        self._levers: dict[tuple[str, ...], Lever] = {}
        self._of: dict[int, tuple[Lever, ...]] = {}
        self.cut = False

    def of(self, question: Question) -> tuple[Lever, ...]:
        """The levers that a test hangs on."""
        found = self._of.get(question.place)
        if found is None:
            levers = [self.field(name) for name in question.fields if self.model.declared_fields[name].changeable]
            levers += self.activities(question)
            found = self._of[question.place] = tuple(dict.fromkeys(levers))
        return found

    # --- fields ---

    def field(self, name: str) -> Lever:
        """A field as a lever, with its moves."""
        lever = self._levers.get((name,))
        if lever is None:
            reading = [each for each in self.questions if name in each.fields]
            lever = self._levers[name,] = Lever(name, None, min(each.place for each in reading) * 2)
            lever.moves = list(self.field_moves(name, reading))
        return lever

    def field_moves(self, name: str, reading: list[Question]) -> Iterator[Move]:
        """One move for each way in which the tests of a field can answer, other than they do now."""
        now = self.fields[name]
        alone = [each for each in reading if each.fields == (name,) and not each.selections and not each.facts]
        declared = self.model.declared_fields[name]
        best: dict[tuple[bool | None, ...], tuple[float, Value]] = {}
        shared = len(alone) < len(reading)
        turning = turning_values(name, declared, [each.test for each in reading], now, self.meaning)
        most = max(50, MOST_ANSWERS // max(1, len(alone)))
        tried: list[Value] = []
        for at, value in enumerate(turning):
            if at >= most:
                self.cut = True
                break
            answers = self.answers(name, value, alone)
            key = (*answers, repr(value)) if shared else answers
            far = distance(value, now)
            if key not in best or far < best[key][0]:  # type: ignore[index]
                best[key] = (far, value)  # type: ignore[index]
            tried.append(value)
        if declared.type == "number":
            for value in between(tried[:most], now):
                key = self.answers(name, value, alone)
                if not shared and key not in best:
                    best[key] = (distance(value, now), value)
        current = self.answers(name, now, alone)
        for key, (_, value) in sorted(best.items(), key=lambda each: each[1][0]):
            if shared or key != current:
                places = dict(zip((each.place for each in alone), key, strict=False))
                yield Move(Change(field=name, to=value), value, (), places)

    def answers(self, name: str, value: Value | None, alone: list[Question]) -> tuple[bool | None, ...]:
        """What the tests of a field alone say of a value."""
        before = self.fields[name]
        self.fields[name] = value
        try:
            return tuple(self.meaning.answer(each.test) for each in alone)
        finally:
            self.fields[name] = before

    # --- activities ---

    def activities(self, question: Question) -> Iterator[Lever]:
        """Activities that a test counts, sums up or dates: each kind that can happen again."""
        for selection in question.selections:
            wheres, of = [], selection
            while True:
                wheres += [of.where] if of.where is not None else []
                if not (isinstance(of.of, Name) and of.of.name in self.model.signals):
                    break
                of = self.model.signals[of.of.name].each
            where = None if not wheres else wheres[0] if len(wheres) == 1 else And(tuple(wheres))
            for kind in self.kinds(of):
                properties = self.example(kind, where)
                if properties is not None:
                    yield self.activity(question, selection, kind, where, properties)

    def kinds(self, selection: Selection) -> tuple[str, ...]:
        """The types of activity to propose."""
        types = types_of(selection, self.model)
        if isinstance(selection.of, AnyActivity):
            named = [
                kind for each in self.questions for other in each.selections
                if not isinstance(other.of, AnyActivity) for kind in types_of(other, self.model)
            ]  # fmt: skip
            types = tuple(dict.fromkeys(named)) or types
        return types[:MOST_KINDS]

    def example(self, kind: str, where: Rule | None) -> dict[str, Value] | None:
        """Properties for which `where` holds; None where none were found."""
        if where is None:
            return {}
        declared = self.model.declared_activities[kind].properties
        read = list(
            dict.fromkeys(node.name for node, _ in walk(where) if hasattr(node, "name") and node.name in declared)
        )
        apart = Meaning(self.model, Sight({}, None), self.clock)  # an example holds nothing of the lead
        values: list[list[Value]] = []
        for name in read:
            values.append(list(turning_values(name, declared[name], list(tests(where)), None, apart)))
        for chosen in islice(product(*values), MOST_EXAMPLES):
            said = dict(zip(read, chosen, strict=True))
            if self.meaning.answer(where, said):
                return said
        return None

    def activity(
        self, question: Question, selection: Selection, kind: str, where: Rule | None, properties: dict[str, Value]
    ) -> Lever:
        """An activity as a lever; each test that counts it adds its moves."""
        key = (kind, str(where))
        lever = self._levers.get(key)
        if lever is None:
            lever = self._levers[key] = Lever(kind, kind, question.place * 2 + 1)
        known = {(move.change.more, repr(move.change.properties)) for move in lever.moves}
        alone = len(question.selections) == 1 and not question.fields and not question.facts
        found = self.meaning.occurrences(selection) or []
        sure = sum(1 for _, is_sure in found if is_sure)
        scored = question.place >= len(self.witness.questions.tests)
        amounts = self.often(question) if scored else self.amounts(question, selection, sure)
        for more, extra in amounts:
            said = {**properties, **extra}
            if (more, repr(said)) in known:
                continue
            change = Change(activity=kind, at_least=sure + more, more=more, where=where, properties=Frozen(said))
            events = ((self.clock.as_of, said),) * more
            answers = {question.place: self.with_events(kind, events, question)} if alone and not scored else {}
            lever.moves.append(Move(change, None, events, answers))
        return lever

    def often(self, question: Question) -> Iterator[tuple[int, dict[str, Value]]]:
        """How many more of a signal could still add points, all at one moment."""
        signal, most = cast(Name, question.selections[0].of).name, 1  # then come those that it selects from
        for score in self.model.scores.values():
            given = score.points.get(signal)
            if isinstance(given, SignalPoints) and given.each:
                enough = [MOST_SCORED]
                if given.limit is not None:
                    enough.append(given.limit.number)
                if given.at_most is not None:
                    enough.append(ceil(given.at_most / abs(given.each)))
                most = max(most, min(enough))
        for more in range(1, most + 1):
            yield more, {}

    def amounts(self, question: Question, selection: Selection, sure: int) -> Iterator[tuple[int, dict[str, Value]]]:
        """How many more of them could matter, and what more has to be said of each."""
        counts: dict[int, None] = {}
        for node, _ in walk(question.test):
            if isinstance(node, Number) and not node.value % 1:
                for wanted in (int(node.value), int(node.value) + 1):
                    if 1 <= wanted - sure <= MOST_ADDED:
                        counts[wanted - sure] = None
        summed = [node for node, _ in walk(question.test) if isinstance(node, Total) and node.selection == selection]
        if summed:
            total = self.meaning.number(summed[0], None)
            low = 0 if total is None else total[0]
            for node, _ in walk(question.test):
                if isinstance(node, Number):
                    for limit in (node.value, node.value + 1):
                        amount = (limit - Decimal(str(low))).quantize(Decimal("0.0001"), ROUND_CEILING, _AMOUNTS)
                        if 0 < amount < LARGEST_AMOUNT:
                            yield 1, {summed[0].amount: int(amount) if not amount % 1 else amount}
            return
        counted = any(isinstance(node, Count) for node, _ in walk(question.test))
        if not counted or not counts or any(isinstance(node, Days) for node, _ in walk(question.test)):
            counts = {1: None}
        for more in sorted(counts):
            yield more, {}

    def with_events(self, kind: str, events: tuple[Event, ...], question: Question) -> bool | None:
        """What a test says once these have happened."""
        from qualify.engine.sight import Events

        happened = Events(self.events or {})
        happened[kind] = [*happened.get(kind, ()), *events]
        return Meaning(self.model, Sight(self.fields, happened), self.clock, self.witness.decision).answer(
            question.test
        )
