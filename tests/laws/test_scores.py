"""What scorecards may never do: round, leave their bounds, widen with knowledge, or depend on an order."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import inf

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import qualify
from qualify.definition.order import Facts, facts_read, in_order, trees_of
from qualify.definition.scale import scale_of
from qualify.engine.decision import Decision
from qualify.rules.reads import is_stable
from tests.engines import ENGINES, compiled, plain
from tests.laws.scorecards import Card, Reckoning, cards
from tests.strategies import cases, leads, models, moments


def exact(bounds):
    low, high = bounds
    return None if low is None else tuple(Fraction(end) if end.is_finite() else float(end) for end in (low, high))


def model_of(card):
    return qualify.define(**card.definition).model


@given(card=cards())
def test_scores_are_what_fractions_give(card):
    """Two people with pencil and paper, and every engine, come to the same number: nothing is rounded."""
    expected = Reckoning(card).scores
    model = model_of(card)

    for engine in ENGINES:
        result = engine(model, [card.lead], card.as_of)[0]

        assert {name: exact(score.bounds) for name, score in result.scores.items()} == expected, engine.__name__


@given(card=cards())
def test_what_is_published_is_a_whole_number_of_parts(card):
    """A binary float would show 0.1 + 0.2 to a customer, and no two databases would agree on it."""
    definition = qualify.define(**card.definition)
    verdict = definition.qualify(card.lead, as_of=card.as_of)
    scale = scale_of(definition.model)

    for score in verdict.scores.values():
        items = [(item.at_least, item.at_most) for item in score.items.values()]
        for end in [end for ends in ((score.at_least, score.at_most), *items) for end in ends if end is not None]:
            assert type(end) is Decimal
            assert (Fraction(end) * scale).denominator == 1


@given(card=cards())
def test_a_score_of_signals_stays_within_its_bounds(card):
    """A cap that an open end can pass caps nothing."""
    verdict = qualify.define(**card.definition).qualify(card.lead, as_of=card.as_of)

    for name, score in verdict.scores.items():
        given = card.definition["scores"][name]
        if "only_when" in given and card.lead.get("consented") is not True:
            assert (score.at_least, score.at_most) == (None, None)
        assert None in (score.at_least, score.at_most) or score.at_least <= score.at_most
        for end in (score.at_least, score.at_most):
            assert end is None or given.get("floor", end) <= end <= given.get("cap", end)


@given(card=cards())
def test_the_points_of_a_verdict_add_up_to_its_score(card):
    """What a person is shown beside a score must give the score, before floor and cap."""
    verdict = qualify.define(**card.definition).qualify(card.lead, as_of=card.as_of)

    for name, score in verdict.scores.items():
        given = card.definition["scores"][name]
        if "of" in given or (score.at_least is None and "only_when" in given):
            continue
        for end, open_end in (("at_least", -inf), ("at_most", inf)):
            gains = [getattr(item, end) for item in score.items.values()]
            total = open_end if None in gains else sum(map(Fraction, gains), Fraction(score.start))
            total = max(
                total, Fraction(given.get("floor", total if total != -inf else 0)) if "floor" in given else total
            )
            total = min(total, Fraction(given["cap"])) if "cap" in given else total
            published = getattr(score, end)
            assert (open_end if published is None else Fraction(published)) == total


@given(card=cards(), data=st.data())
def test_learning_a_fact_never_widens_a_score(card, data):
    """Who asks one more question must know more afterwards, not less."""
    full = card.lead
    known = [name for name in full if name != "id"]
    told = [at for at, each in enumerate(full.get("activities") or ()) if each.get("properties")]
    assume(known)
    forgotten = data.draw(st.sampled_from([*known, *told]))
    if isinstance(forgotten, int):
        activities = [dict(each) for each in full["activities"]]
        del activities[forgotten]["properties"]
        less = {**full, "activities": activities}
    else:
        less = {name: value for name, value in full.items() if name != forgotten}

    for engine in ENGINES:
        before, after = engine(model_of(card), [less, full], card.as_of)
        for name, score in before.scores.items():
            assert narrowed(score.bounds, after.scores[name].bounds), (engine.__name__, name)


def narrowed(before, after):
    """Whether an interval lies within an earlier one; where there was no score, anything may come."""
    if before[0] is None:
        return True
    return after[0] is not None and before[0] <= after[0] <= after[1] <= before[1]


@given(data=st.data())
def test_learning_a_field_never_widens_a_stable_score(data):
    """The same of any definition, for scores that rest on rules whose answers can only be settled.

    That is: no rule below them asks what is known or what happened (`is_stable`), and nothing unknown is assumed.
    """
    model = data.draw(models(facts=10))
    as_of = data.draw(moments(aware=True))
    full = data.draw(leads(model, as_of))
    known = [name for name, value in full.items() if value is not None and name not in ("id", "email")]
    assume(known)
    fact = data.draw(st.sampled_from(known))
    less = {name: value for name, value in full.items() if name != fact}

    before, after = compiled(model, [less, full], as_of)

    assume(isinstance(before, Decision) and isinstance(after, Decision))
    assume(not before.left_out_by and not after.left_out_by)
    for name in stable_scores(model):
        if name in before.scores:
            assert narrowed(before.scores[name].bounds, after.scores[name].bounds), name


def stable_scores(model):
    facts = Facts(model.traits, model.tiers, model.signals, model.scores)
    every, stable = facts.all(), {}
    for key in in_order({key: facts_read(fact, facts) for key, fact in every.items()})[0]:
        fact = every[key]
        stable[key] = (
            getattr(fact, "when_unknown", None) is None
            and all(is_stable(tree) for tree in trees_of(fact))
            and all(stable.get(read, False) for read in facts_read(fact, facts))
        )
    return [name for (section, name), holds in stable.items() if holds and section == "scores"]


@given(card=cards(), data=st.data())
def test_the_order_of_activities_changes_no_byte_of_scores(card, data):
    """A CRM pages as it likes; a stored verdict must not change with it."""
    activities = card.lead.get("activities")
    assume(activities)
    definition = qualify.define(**card.definition)

    before = definition.qualify(card.lead, as_of=card.as_of)
    after = definition.qualify({**card.lead, "activities": data.draw(st.permutations(activities))}, as_of=card.as_of)

    assert after.to_json() == before.to_json()


@given(case=cases(facts=10), data=st.data())
def test_the_order_of_activities_changes_no_byte(case, data):
    """The same of any definition, and of what stands in evidence: two things of one moment are told in one order."""
    activities = case.lead.get("activities")
    assume(activities)
    definition = qualify.Definition(case.model)
    try:
        before = definition.qualify(case.lead, as_of=case.as_of)
    except qualify.QualifyError:
        return

    after = definition.qualify({**case.lead, "activities": data.draw(st.permutations(activities))}, as_of=case.as_of)

    assert after.to_json() == before.to_json()


@given(card=cards(limits=False), weeks=st.integers(-200, 200))
def test_moving_everything_by_whole_weeks_changes_no_score(card, weeks):
    """Elapsed time is elapsed time: without limits, calendar units and days nothing knows what day it is."""
    by = timedelta(weeks=weeks)

    def moved(value):
        return value + by if isinstance(value, datetime) else value

    lead = {name: moved(value) for name, value in card.lead.items()}
    if card.lead.get("activities"):
        lead["activities"] = [{**each, "at": moved(each["at"])} for each in card.lead["activities"]]
    definition = qualify.define(**card.definition)

    before = definition.qualify(card.lead, as_of=card.as_of)
    after = definition.qualify(lead, as_of=moved(card.as_of))

    for name, score in before.scores.items():
        assert (score.at_least, score.at_most) == (after.scores[name].at_least, after.scores[name].at_most)


@given(card=cards())
def test_doubling_every_number_doubles_every_card(card):
    """Points are a unit: a team that counts in twice as many decides the same."""
    scores = {name: doubled(score) for name, score in card.definition["scores"].items() if "of" not in score}
    other = replace(card, definition={**card.definition, "scores": scores})

    before, after = (
        plain(model_of(card), [card.lead], card.as_of)[0],
        plain(model_of(other), [card.lead], card.as_of)[0],
    )

    for name, score in after.scores.items():
        low, high = before.scores[name].bounds
        assert score.bounds == ((None, None) if low is None else (2 * low, 2 * high))


def doubled(given):
    """Every number of a card doubled, and what fades by points."""
    if isinstance(given, Decimal):
        return 2 * given
    if isinstance(given, str) and " points per " in given:
        number, _, rest = given.partition(" ")
        return f"{2 * Decimal(number)} {rest}"
    return {key: doubled(value) for key, value in given.items()} if isinstance(given, dict) else given


@pytest.mark.parametrize("number", [1])
def test_the_reckoning_shrinks_to_what_a_person_would_pick(number):
    """A law that finds a fault must show it plainly: the plainest card has one signal and says nothing else."""
    from hypothesis import find, settings

    found = find(
        cards(),
        lambda card: len(card.lead.get("activities") or ()) >= number and len(card.definition["scores"]) >= 1,
        settings=settings(database=None),
    )

    assert isinstance(found, Card)
    assert len(found.lead["activities"]) == number
    assert list(found.definition["scores"]["fit"]["points"]) == ["logins"]
