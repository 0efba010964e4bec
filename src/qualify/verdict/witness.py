"""What can be said of one lead beside the decision: the answer to each question, and what was seen.

What is prepared for a definition once stands in the engine's `Questions`; a `Witness` answers for one lead.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from math import inf
from typing import TYPE_CHECKING, Any

from qualify.definition.model import Model
from qualify.engine.clock import Clock
from qualify.engine.decision import Decision
from qualify.engine.evaluate import Raw, Session, decision_of
from qualify.engine.meaning import Meaning
from qualify.engine.moments import NEVER, is_settled
from qualify.engine.numbers import EVERYTHING
from qualify.engine.questions import Question
from qualify.engine.sight import Event, Events, Sight, domain_of
from qualify.rules.logic import settle
from qualify.rules.tree import First, Last, Rule, Selection, Term
from qualify.text import clean
from qualify.verdict.answer import ANSWERS
from qualify.verdict.frozen import Frozen
from qualify.verdict.parts import Evidence

if TYPE_CHECKING:
    from qualify.lead import Activity


class _Remembering(Meaning):
    """The plain evaluator of one lead that does not change: what a selection gave is kept."""

    def __init__(self, model: Model, sight: Sight, clock: Clock, found: Decision) -> None:
        super().__init__(model, sight, clock, found)
        self._found: dict[Selection, list[tuple[Event, bool]] | None] = {}

    def occurrences(self, selection: Selection) -> list[tuple[Event, bool]] | None:
        """The activities that count, each with whether it surely does; None where the source can't tell."""
        if selection not in self._found:
            self._found[selection] = super().occurrences(selection)
        return self._found[selection]


class Witness:
    """Answers for one lead that was judged."""

    def __init__(self, session: Session, fields: Mapping[str, Any], raw: Raw) -> None:
        self.session, self.raw, self.fields = session, raw, fields
        self.model = session.evaluator.model
        self.questions = session.evaluator.questions(session.proposed)
        self._seen: dict[str, object] = {}
        self._activities: dict[int, Activity] = {}
        self._decision: Decision | None = None
        self._answers: tuple[bool | None, ...] | None = None

    @property
    def decision(self) -> Decision:
        """The outcomes of all facts and stages."""
        found = self._decision
        if found is None:
            found = self._decision = decision_of(self.raw, self.session.compiled, self.model)
        return found

    @property
    def answers(self) -> tuple[bool | None, ...]:
        """The answer to each test, in the order of the definition's questions."""
        found = self._answers
        if found is None:
            found = self._answers = self.session.ask(self.fields, self.events, self.raw)
        return found

    @property
    def events(self) -> Events | None:
        """What happened, None where the source can't tell."""
        if not self.session.evaluator.reader.reads_activities:
            return None
        return self._events

    @cached_property
    def _events(self) -> Events | None:
        return self.session.events(self.fields)

    @cached_property
    def meaning(self) -> Meaning:
        """The plain evaluator on this lead, with the facts' outcomes in it."""
        clock = self.session.clock
        sight = self.session.evaluator.reader.sight({**self.fields, "activities": self.events}, clock.as_of)
        return _Remembering(self.model, sight, clock, self.decision)

    def answer(self, test: Rule) -> bool | None:
        """The answer to one test."""
        return self.answers[self.questions.places[test]]

    def value(self, field: str) -> Any:
        """A field's value as it was seen, cleaned; None where it is missing."""
        try:
            return self._seen[field]
        except KeyError:
            value = self.fields.get(field)
            if value.__class__ is str:
                value = clean(value) or None
            if value is None and field == "email_domain":
                value = domain_of(self.value("email"))
            self._seen[field] = value
            return value

    def evidence(self, rule: Rule) -> tuple[Evidence, ...]:
        """What a rule asked, test by test."""
        return tuple(self.asked(question) for question in self.questions.of(rule))

    def asked(self, question: Question) -> Evidence:
        """One test, its answer, and what was seen."""
        value = self.value
        if question.is_of_one_field:
            (name,) = question.fields
            return Evidence(question.test, ANSWERS[self.answers[question.place]], Frozen(((name, value(name)),)))
        seen: dict[str, object] = {name: value(name) for name in question.fields}
        answer = (
            self.answers[question.place] if question.place < len(self.answers) else self.meaning.answer(question.test)
        )
        for section, name in question.facts:
            seen[name] = self.fact(section, name)
        if question.selections:
            seen["activities"] = self.activities(question)
        for term in question.reckoned:
            seen[str(term)] = self.reckoned(term)
        return Evidence(question.test, ANSWERS[answer], Frozen(seen))

    def reckoned(self, term: Term) -> object:
        """A count, a sum or a moment: one value where it is settled, both ends where it isn't, None where unknown."""
        if isinstance(term, First | Last):
            moment = self.meaning.moment(term, None)
            if moment == (NEVER,):
                return "never"
            return moment[0] if moment is not None and is_settled(moment) else None
        found = self.meaning.number(term, None)
        if found is None or found == EVERYTHING:
            return None
        low, high = found
        return low if low == high else (low, None if high == inf else high)

    def fact(self, section: str, name: str) -> object:
        """What a named fact gave, as it stands in evidence."""
        if section == "traits":
            return ANSWERS[self.decision.traits[name].answer]
        if section == "tiers":
            tier = self.decision.tiers[name]
            return tier.possible if tier.case is None else tier.case
        return tuple(None if end is None or end.is_infinite() else end for end in self.decision.scores[name].bounds)

    def activities(self, question: Question) -> tuple[Activity, ...] | None:
        """The activities that count (or may) for a test, and those that its windows are anchored at, oldest first."""
        if self.events is None:
            return None
        counting = {id(event) for each in question.selections for event, _ in self.meaning.occurrences(each) or ()}
        chosen = [
            (event[0], kind, event)
            for kind, listed in self.events.items() for event in listed if id(event) in counting
        ]  # fmt: skip
        chosen.sort(key=lambda each: (*each[:2], repr(each[2][1])))  # of one moment too in an order of their own
        return tuple(self._activity(event, kind) for _, kind, event in chosen)

    def _activity(self, event: Event, kind: str) -> Activity:
        """An event as people know it, the same for all that look at it."""
        found = self._activities.get(id(event))
        if found is None:
            from qualify.lead import Activity

            found = Activity.model_construct(type=kind, at=event[0], properties=event[1])
            self._activities[id(event)] = found
        return found

    def settle(self, rule: Rule) -> bool | None:
        """The answer of any rule that is made of the definition's tests."""
        answers, places = self.answers, self.questions.places
        return settle(rule, lambda test: answers[places[test]])

    def cannot_tell(self, question: Question) -> bool:
        """Whether the source can't tell what happened, or not what it was like."""
        if self.events is None:
            return True
        return any(
            not sure and self.meaning.answer(selection.where, said) is None
            for selection in question.selections
            if selection.where is not None
            for (_, said), sure in self.meaning.occurrences(selection) or ()
        )
