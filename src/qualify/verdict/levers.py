"""What can be changed about a lead, and to what: for each test the values on either side of where its answer turns.

A field is a lever where it can change; so is an activity of one kind that happens again. A move is one new value of a
lever. Moves of one lever that no test tells apart are one move: the one nearest to what is there now.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Context, Decimal
from itertools import islice, product
from math import ceil, floor, isfinite
from typing import Any, TypeAlias, cast

from qualify.definition.model import SignalPoints
from qualify.engine.meaning import Meaning
from qualify.engine.questions import Question
from qualify.engine.sight import Event, Events, Sight, domain_of, types_of
from qualify.rules.logic import Test, tests
from qualify.rules.reads import walk
from qualify.rules.tree import And, AnyActivity, Compare, Count, Days, Name, Number, Rule, Selection, Total
from qualify.text import clean
from qualify.values import Value
from qualify.verdict.frozen import Frozen
from qualify.verdict.needs import Need
from qualify.verdict.parts import Change
from qualify.verdict.turns import distance, further_values, turning_values, turns_elsewhere
from qualify.verdict.witness import Witness

MOST_ADDED = 1_000
"""Activities that one change may ask for."""
MOST_KINDS = 3
"""Types of activity that are proposed where any would do."""
MOST_TOGETHER = 3
"""Other tests that one activity is proposed for at once."""
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

    key: tuple[Any, ...] = field(init=False)
    """The same for moves to the same, from whatever state."""

    def __post_init__(self) -> None:
        key = (type(self.value), self.value, self.change.more, repr(self.change.properties))
        object.__setattr__(self, "key", key)


@dataclass(slots=True, eq=False)
class Lever:
    """A field, or an activity that can happen (again), and the tests that it may turn.

    What turns a test that reads something else too depends on what that is: on the moves of its companions.
    """

    name: str
    activity: str | None
    order: int
    where: Rule | None = None
    properties: dict[str, Value] = field(default_factory=dict)
    turned: list[tuple[Question, Selection | None]] = field(default_factory=list)
    companions: frozenset[str] = frozenset()
    moves: dict[frozenset[Any], tuple[Move, ...]] = field(default_factory=dict)

    @staticmethod
    def turns(move: Move, need: Need, now: bool | None) -> bool:
        """Whether a move may turn a test the way that is needed; unclear where the test hangs on more than this."""
        place = need.question.place
        if place not in move.answers:
            return True
        then = move.answers[place]
        return then is not now and (need.towards is None or then is not (not need.towards))


State: TypeAlias = tuple[tuple[Lever, Move], ...]
"""Changes, one of each lever."""


def copied_events(events: Events | None) -> Events:
    """Activities to which others can be added; none where the source can't tell."""
    copied = Events()
    for kind, listed in (events or {}).items():
        copied[kind] = list(listed)
    return copied


class Levers:
    """The levers of one lead, made for the tests that a search comes to."""

    def __init__(self, witness: Witness, places: frozenset[int]) -> None:
        self.witness, self.model, self.clock = witness, witness.model, witness.session.clock
        every = (*witness.questions.all, *witness.questions.signals.values())
        self.questions = [each for each in every if each.place in places]
        self.fields: dict[str, Any] = {name: witness.value(name) for name in self.model.declared_fields}
        self.domain_follows = not clean(witness.fields.get("email_domain") or "")  # the e-mail tells it, new or old
        self.events = witness.events
        self.meaning = self.meaning_of(())
        self._levers: dict[tuple[str, ...], Lever] = {}
        self._of: dict[int, tuple[Lever, ...]] = {}
        self.cut = False

    def after(self, state: State) -> tuple[dict[str, Any], Events | None]:
        """A lead's fields and activities after changes."""
        fields, events = dict(self.fields), self.events
        copied = False
        for lever, move in state:
            if lever.activity is None:
                fields[lever.name] = move.value
                if lever.name == "email" and self.domain_follows:
                    fields["email_domain"] = domain_of(str(move.value))
            else:
                if not copied:
                    events, copied = copied_events(events), True
                assert events is not None
                events.setdefault(lever.activity, []).extend(move.events)
        return fields, events

    def meaning_of(self, state: State) -> Meaning:
        """What tests say after changes, on a copy of the lead's fields that may be tried out."""
        fields, events = self.after(state)
        return Meaning(self.model, Sight(fields, events), self.clock, self.witness.decision)

    def of(self, question: Question) -> tuple[Lever, ...]:
        """The levers that a test hangs on."""
        found = self._of.get(question.place)
        if found is None:
            levers = [self.field(name) for name in question.fields if self.model.declared_fields[name].changeable]
            levers += self.activities(question)
            found = self._of[question.place] = tuple(dict.fromkeys(levers))
        return found

    def moves(self, lever: Lever, state: State) -> tuple[Move, ...]:
        """The moves of a lever after changes of others, the nearest first."""
        before = tuple(each for each in state if each[0].name in lever.companions)
        key = frozenset((each.order, move.key) for each, move in before)
        found = lever.moves.get(key)
        if found is None:
            meaning = self.meaning_of(before) if before else self.meaning
            made = self.field_moves(lever, meaning) if lever.activity is None else self.activity_moves(lever, meaning)
            found = lever.moves[key] = tuple(made)
        return found

    # --- fields ---

    def field(self, name: str) -> Lever:
        """A field as a lever."""
        lever = self._levers.get((name,))
        if lever is None:
            reading = [each for each in self.questions if name in each.fields]
            lever = self._levers[name,] = Lever(name, None, min(each.place for each in reading) * 2)
            for question in reading:
                self.turn(lever, question, None)
        return lever

    def turn(self, lever: Lever, question: Question, selection: Selection | None) -> None:
        """Let a lever turn a test, which may read other fields and activities beside it."""
        kinds = (kind for each in question.selections for kind in types_of(each, self.model))
        beside = frozenset((*question.fields, *kinds))
        lever.turned.append((question, selection))
        lever.companions |= beside if lever.activity is not None else beside - {lever.name}
        lever.moves.clear()

    def field_moves(self, lever: Lever, meaning: Meaning) -> Iterator[Move]:
        """One move for each way in which the tests of a field can answer, other than they do now."""
        name, now = lever.name, self.fields[lever.name]
        reading = [question for question, _ in lever.turned]
        alone = [each for each in reading if each.fields == (name,) and not each.selections and not each.facts]
        declared, every = self.model.declared_fields[name], [each.test for each in reading]
        shared = len(alone) < len(reading)
        asked = [each for each in reading if not each.facts] if shared else alone
        best: dict[tuple[Any, ...], tuple[float, Value]] = {}
        seen: set[tuple[bool | None, ...]] = set()
        tried: list[Value] = []
        most = max(50, MOST_ANSWERS // max(1, len(asked)))
        for value in turning_values(name, declared, every, now, meaning):
            if len(tried) == most:
                self.cut = True
                break
            answers = self.answers(name, value, asked, meaning)
            key = (*answers, repr(value)) if shared else answers  # others may tell apart what is alike by now
            far = distance(value, now)
            if key not in best or far < best[key][0]:
                best[key] = (far, value)
            seen.add(answers)
            tried.append(value)
        for value in further_values(name, declared, every, tried, now, meaning):
            answers = self.answers(name, value, asked, meaning)
            if answers not in seen:
                best[answers] = (distance(value, now), value)
                seen.add(answers)
        self.cut = self.cut or turns_elsewhere(name, declared, every, now, meaning)
        current = self.answers(name, now, asked, meaning)
        for key, (_, value) in sorted(best.items(), key=lambda each: each[1][0]):
            if shared or key != current:
                places = {
                    each.place: cast("bool | None", told)
                    for each, told in zip(asked, key, strict=False)
                    if each in alone
                }
                yield Move(Change(field=name, to=value), value, (), places)

    @staticmethod
    def answers(name: str, value: Value | None, asked: list[Question], meaning: Meaning) -> tuple[bool | None, ...]:
        """What tests say where a field has this value."""
        fields = cast(dict[str, Any], meaning.sight.fields)
        before = fields[name]
        fields[name] = value
        try:
            return tuple(meaning.answer(each.test) for each in asked)
        finally:
            fields[name] = before

    # --- activities ---

    def activities(self, question: Question) -> Iterator[Lever]:
        """Activities that a test counts, sums up or dates: each kind that can happen again.

        One may be what several tests ask for: then it is proposed as that too.
        """
        for selection in question.selections:
            wheres, of = self.wheres(selection)
            for kind in self.kinds(of):
                for asked in self.asked_together(kind, wheres):
                    where = None if not asked else asked[0] if len(asked) == 1 else And(asked)
                    properties = self.example(kind, where)
                    if properties is not None:
                        yield self.activity(question, selection, kind, where, properties)

    def wheres(self, selection: Selection) -> tuple[tuple[Rule, ...], Selection]:
        """What is asked of the activities of a selection, through signals, and the selection of activities behind it."""
        wheres, of = [], selection
        while True:
            wheres += [of.where] if of.where is not None else []
            if not (isinstance(of.of, Name) and of.of.name in self.model.signals):
                return tuple(wheres), of
            of = self.model.signals[of.of.name].each

    def asked_together(self, kind: str, wheres: tuple[Rule, ...]) -> list[tuple[Rule, ...]]:
        """What one test asks of an activity, and the same with what others ask of that kind."""
        others = [
            asked
            for each in self.questions
            for asked, of in map(self.wheres, each.selections)
            if asked and asked != wheres and kind in types_of(of, self.model)
        ]
        others = list(dict.fromkeys(others))[:MOST_TOGETHER]
        more = [others[at:to] for at in range(len(others)) for to in range(at + 1, len(others) + 1)]
        joined = ((*wheres, *(rule for asked in some for rule in asked)) for some in more)
        return list(dict.fromkeys((wheres, *(tuple(sorted(set(rules), key=str)) for rules in joined))))

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
            if apart.answer(where, said):
                return said
        return None

    def activity(
        self, question: Question, selection: Selection, kind: str, where: Rule | None, properties: dict[str, Value]
    ) -> Lever:
        """An activity as a lever of each test that counts it."""
        key = (kind, str(where))
        lever = self._levers.get(key)
        if lever is None:
            lever = self._levers[key] = Lever(kind, kind, question.place * 2 + 1, where, properties)
        self.turn(lever, question, selection)
        return lever

    def activity_moves(self, lever: Lever, meaning: Meaning) -> Iterator[Move]:
        """How many more of an activity may turn a test that counts it."""
        known: set[tuple[int, str]] = set()
        for question, selection in lever.turned:
            assert selection is not None
            alone = len(question.selections) == 1 and not question.fields and not question.facts
            sure = sum(1 for _, is_sure in meaning.occurrences(selection) or () if is_sure)
            scored = question.place >= len(self.witness.questions.tests)
            for more, extra in self.often(question) if scored else self.amounts(question, selection, sure, meaning):
                said = {**lever.properties, **extra}
                if (more, repr(said)) in known:
                    continue
                known.add((more, repr(said)))
                change = Change(
                    activity=lever.name, at_least=sure + more, more=more, where=lever.where, properties=Frozen(said)
                )
                events = ((self.clock.as_of, said),) * more
                answers = {question.place: self.with_events(lever.name, events, question, meaning)}
                yield Move(change, None, events, answers if alone and not scored else {})

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

    def amounts(
        self, question: Question, selection: Selection, sure: int, meaning: Meaning
    ) -> Iterator[tuple[int, dict[str, Value]]]:
        """How many more of them could matter, and what more has to be said of each."""
        thresholds = list(self.thresholds(question.test, selection, meaning))
        summed = [node for node, _ in walk(question.test) if isinstance(node, Total) and node.selection == selection]
        if summed:
            total = meaning.number(summed[0], None)
            low = 0 if total is None else total[0]
            for threshold in thresholds:
                for limit in (threshold, threshold + 1):
                    amount = (limit - Decimal(str(low))).quantize(Decimal("0.0001"), ROUND_CEILING, _AMOUNTS)
                    if 0 < amount < LARGEST_AMOUNT:
                        yield 1, {summed[0].amount: int(amount) if not amount % 1 else amount}
            if total is None:  # that it is known at all may be enough
                yield 1, {summed[0].amount: 0}
            return
        counts: set[int] = set()
        nodes = [node for node, _ in walk(question.test)]
        if any(isinstance(node, Count) for node in nodes) and not any(isinstance(node, Days) for node in nodes):
            wanted = {limit for threshold in thresholds for limit in (ceil(threshold), floor(threshold) + 1)}
            counts = {limit - sure for limit in wanted if 1 <= limit - sure <= MOST_ADDED}
        if not counts or meaning.sight.events is None:  # that it is known at all may be enough
            counts.add(1)
        for more in sorted(counts):
            yield more, {}

    @staticmethod
    def thresholds(test: Test, selection: Selection, meaning: Meaning) -> Iterator[Decimal]:
        """What a count or a sum stands against: numbers, fields, and what is reckoned from others."""
        for node, _ in walk(test):
            if isinstance(node, Number):
                yield node.value
        for side in (test.left, test.right) if isinstance(test, Compare) else ():
            if not isinstance(side, Number) and selection not in (node for node, _ in walk(side)):
                found = meaning.number(side, None) if meaning.kind(side, None) == "number" else None
                for end in found or ():
                    if isfinite(end):
                        yield Decimal(str(end))

    @staticmethod
    def with_events(kind: str, events: tuple[Event, ...], question: Question, meaning: Meaning) -> bool | None:
        """What a test of activities alone says once these have happened."""
        happened = Events(meaning.sight.events or {})
        happened[kind] = [*happened.get(kind, ()), *events]
        return Meaning(meaning.model, Sight(meaning.sight.fields, happened), meaning.clock).answer(question.test)
