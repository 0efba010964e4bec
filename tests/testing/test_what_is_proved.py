"""That no lead exists is said only where it was proved, and what is hard to reach is reached."""

import datetime as dt
import json

import pytest
from hypothesis import find

import qualify
from qualify.testing import Unsatisfiable, leads_where

AS_OF = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)


def trait(when, **more):
    return {"team": "sales", "when": when, "why": "-", **more}


BANDS = {"team": "sales", "cases": {"small": "employees <= 50", "mid": "employees <= 500", "large": "otherwise"}}
DEFINITION = qualify.define(
    name="Odd",
    teams={"sales": "Sales"},
    traits={
        "large": trait("employees >= 10"),
        "customers": trait("customer"),
        "says_money": trait("budget_confirmed is known"),
        "says_need": trait("need_confirmed is known"),
        "money": trait("budget_confirmed"),
        "need": trait("need_confirmed"),
        "open_gate": trait("customer is unknown"),
        "gate": trait("authority_confirmed or not authority_confirmed"),
        "told": trait("customer is known"),
    },
    tiers={"size": BANDS},
    scores={
        "engagement": {"points": {"large": 10, "customers": 5}},
        "other": {"points": {"customers": 7}},
        "floored": {"floor": 0, "points": {"says_money": -5}},
        "capped": {"cap": 1, "points": {"says_money": 10}},
        "plain": {"points": {"says_need": 10}},
        "above_floor": {"of": "floored + plain"},
        "below_cap": {"of": "capped + plain"},
        "gated": {"only_when": "open_gate", "points": {"large": 5}},
        "through_gate": {"of": "gated"},
        "half_gated": {"only_when": "gate", "points": {"told": 5}},
        "tenths": {"points": {"money": 0.7, "need": 0.1}},
    },
)


def with_trait(rule):
    """The same definition with the rule as a trait of its own."""
    raw = json.loads(DEFINITION.to_json())
    raw["traits"]["asked_here"] = trait(rule)
    return qualify.loads(json.dumps(raw), format="json")


@pytest.mark.parametrize(
    ("rule", "answer"),
    [
        ("engagement between 10 and 12", "yes"),
        ("engagement > other", "yes"),
        ("above_floor >= 10 and says_money", "yes"),
        ("below_cap <= 11 and says_money and says_need", "yes"),
        ("through_gate >= 5", "unknown"),
        ("half_gated >= 5 and told", "unknown"),
        ("tenths >= 0.8", "yes"),
        ("tenths >= 0.8 or (customer and not customer)", "yes"),
        ("size is unknown and customer", "yes"),
        ("size is large and customer is known", "unknown"),
        ("count(login within 14 days after created_at) >= 3", "yes"),
        ("count(login since created_at) >= 2", "yes"),
    ],
)
def test_what_can_be_is_found(rule, answer):
    """Whoever is told that there is no such lead stops asking; each of these has one."""
    lead = find(leads_where(rule, answer, definition=DEFINITION, as_of=AS_OF), lambda lead: True)
    judged = with_trait(rule)

    assert str(judged.qualify(lead, as_of=AS_OF).traits["asked_here"].answer) == answer


@pytest.mark.parametrize(
    "rule",
    [
        "created_at > 2026-11-01T01:00 and created_at < 2026-11-01T01:00:01",
        f"employees in {list(range(1, 451))} and employees not in {list(range(1, 421))}",
    ],
)
def test_what_was_not_found_is_not_called_impossible(rule):
    """Half a second between two seconds, and one number of a long list: such leads exist, found or not."""
    proofs = []
    try:
        leads_where(rule, as_of=AS_OF)
    except Unsatisfiable as why:
        proofs = [why.proved]

    assert not any(proofs)


@pytest.mark.parametrize("rule", ["employees > 5 and employees < 6 and employees == 7", "customer and not customer"])
def test_what_cannot_be_is_called_impossible(rule):
    """A proof that was found is worth saying: nobody need look further."""
    with pytest.raises(Unsatisfiable) as why:
        leads_where(rule, as_of=AS_OF)

    assert why.value.proved
