"""Each answer of a verdict follows from its evidence, and from nothing else."""

from collections import Counter

from hypothesis import assume, given
from hypothesis import strategies as st

import qualify
from qualify.engine.evaluate import Evaluator
from qualify.engine.meaning import Meaning, decide
from qualify.testing.soundness import unsound
from tests.laws.judged import behind, facts, judged
from tests.strategies import cases


@given(case=cases(), proposed=st.booleans())
def test_every_question_is_answered_as_the_plain_evaluator_answers_it(case, proposed):
    """The evidence is answered by a function that is made; what it says must be what the language says."""
    evaluator = Evaluator(case.model)
    session = evaluator.session(case.as_of, proposed)
    try:
        fields, raw = session.judge(case.lead)
    except qualify.QualifyError:
        return
    assume(raw[1] is None)
    sight = evaluator.reader.sight(case.lead, session.clock.as_of)
    meaning = Meaning(case.model, sight, session.clock, decide(case.model, sight, session.clock, proposed=proposed))

    answers = session.ask(fields, session.events(fields), raw)

    for question, answer in zip(evaluator.questions(proposed).all, answers, strict=True):
        assert answer is meaning.answer(question.test), str(question.test)


@given(case=cases())
def test_an_answer_follows_from_what_was_seen_and_a_rule_from_the_answers_to_its_tests(case):
    """Who doubts an answer can work it out from what is shown beside it, and the parts that are shown are all there are."""
    assert unsound(judged(case), case.model) is None


@given(case=cases())
def test_a_lead_that_holds_only_the_evidence_has_the_same_answers(case):
    """Send the evidence instead of the lead, and the other side comes to the same."""
    verdict = judged(case)
    definition = qualify.Definition(case.model)

    for section in ("traits", "tiers"):
        for name, fact in facts(verdict, section).items():
            lead = lead_of(behind(verdict, fact.evidence), case.model)
            again = definition.qualify(lead, as_of=case.as_of)
            if not again.left_out_by:
                found = facts(again, section)[name]
                assert outcome(found) == outcome(fact), (name, lead)
    for name, stage in verdict.stages.items():
        for team, evidence in stage.evidence.items():
            again = definition.qualify(lead_of(behind(verdict, evidence), case.model), as_of=case.as_of)
            if not again.left_out_by:
                assert again.stages[name].sides[team] is stage.sides[team], (name, team)


def outcome(fact):
    return (fact.assumed, fact.answer if hasattr(fact, "answer") else fact.possible)


def lead_of(evidence, model):
    """The lead that holds what was seen and nothing else."""
    lead, happened, tells = {}, Counter(), True
    for each in evidence:
        lead |= {name: value for name, value in each.seen.items() if name in model.declared_fields}
        if "activities" in each.seen:
            if each.seen["activities"] is None:
                tells = False
                continue
            lead["activities"] = []
            happened |= Counter((a.type, a.at, tuple(a.properties.items())) for a in each.seen["activities"])
    if "activities" in lead and tells:
        lead["activities"] = [
            {"type": kind, "at": at, "properties": dict(said)} for kind, at, said in happened.elements()
        ]
    return lead
