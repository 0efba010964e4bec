"""The few facts that a drawn definition begins with: whatever the recognised columns allow, to be changed by both teams.

Stages can't be read off columns. So these are examples that work; each says in a comment what it rests on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from qualify.rules import Rule, activity, at_least, tier, trait
from qualify.rules import field as field_named
from qualify.starting.guesses import Guesses
from qualify.starting.sketch import Guess

LEADERS = ("owner", "founder", "chief", "ceo", "cto", "cfo", "cmo", "coo", "director", "vp", "vice president", "head of",
           "geschäftsführer", "inhaber", "leiter")  # fmt: skip
ASKS = {
    "job_title": "What is your role?",
    "employees": "How many people work at your company?",
    "budget_confirmed": "Is there a budget for this?",
    "industry": "What does your company do?",
}


@dataclass(slots=True)
class Facts:
    """What was drawn: blocks of each side's file as (comment, path, entry), and what the stages require."""

    marketing: list[tuple[str, tuple[str, ...], dict[Any, Any]]] = field(default_factory=list)
    sales: list[tuple[str, tuple[str, ...], dict[Any, Any]]] = field(default_factory=list)
    points: dict[str, Any] = field(default_factory=dict)
    disqualified_by: list[str] = field(default_factory=list)
    mql: str = ""
    sql: str = ""
    asks: dict[str, str] = field(default_factory=dict)


def facts_of(guesses: Guesses) -> Facts:
    """The facts that these columns allow: one of each side at least."""
    facts = Facts()
    facts.mql = _some(_of_marketing(guesses, facts))
    facts.sql = _some(_of_sales(guesses, facts))
    facts.asks = {name: ask for name, ask in ASKS.items() if guesses.of(name)}
    return facts


def _some(rules: list[Rule]) -> str:
    """All but one of several rules: a stage that asks for everything is reached by nobody."""
    return str(rules[0] if len(rules) == 1 else at_least(len(rules) - 1, *rules))


def _trait(facts: list[Any], name: str, team: str, when: Rule, why: str, comment: str) -> Rule:
    facts.append((comment, ("traits", name), {"team": team, "when": str(when), "why": why}))
    return trait(name)


def _of_marketing(guesses: Guesses, facts: Facts) -> list[Rule]:
    said = facts.marketing
    if (opted_out := guesses.of("opted_out")) is not None:
        no_mail = field_named("opted_out").is_true()
        _trait(said, "no_mail", "marketing", no_mail, "We keep our word.", _from(opted_out))
        facts.disqualified_by.append("no_mail")
    rules: list[Rule] = []
    ways = [each for name in ("email", "phone") if (each := guesses.of(name)) is not None]
    if ways:
        known = [field_named(str(each.field)).is_known() for each in ways]
        when = known[0] if len(known) == 1 else known[0] | known[1]
        why = "Whoever can't be reached can't be asked anything."
        rules.append(_trait(said, "reachable", "marketing", when, why, _from(*ways)))
    for name, trait_name, why in (
        ("source", "good_source", "Write here why these sources bring better leads than the others."),
        ("industry", "right_industry", "Write here why we help these industries better than the others."),
    ):
        guess = guesses.of(name)
        if guess is not None and len(guess.choices) > 1:
            common = guess.choices[: 1 if len(guess.choices) < 4 else 2]
            comment = f"{_from(guess)}; the commonest stand here: put in those that you want"
            rules.append(_trait(said, trait_name, "marketing", field_named(name).is_in(common), why, comment))
            facts.points[trait_name] = 20
    if not rules:
        rules.append(_tells_enough(guesses, said))
        facts.points["tells_enough"] = 10
    return rules


def _tells_enough(guesses: Guesses, said: list[Any]) -> Rule:
    candidates = [each for each in guesses.fields if not each.standard] or list(guesses.fields)
    several = [field_named(str(each.field)).is_known() for each in candidates[:3]]
    if not several:
        several = [field_named("id").is_known()]
    when = several[0] if len(several) == 1 else at_least(len(several) - 1, *several)
    comment = "nothing in the file says what marketing looks at; this only asks whether there is something to go by"
    return _trait(said, "tells_enough", "marketing", when, "Of whom we know nothing we can say nothing.", comment)


def _of_sales(guesses: Guesses, facts: Facts) -> list[Rule]:
    said, rules = facts.sales, list[Rule]()
    title, level = guesses.of("job_title"), guesses.of("seniority")
    if title is not None:
        when = field_named("job_title").mentions(*LEADERS)
        why = "The first call should be with someone who can sign."
        rules.append(_trait(said, "decision_maker", "sales", when, why, _from(title)))
        facts.points["decision_maker"] = {"yes": 25, "no": -5}
    elif level is not None:
        when = field_named("seniority").mentions(*LEADERS)
        why = "The first call should be with someone who can sign."
        rules.append(_trait(said, "senior_enough", "sales", when, why, _from(level)))
        facts.points["senior_enough"] = 25
    if (budget := guesses.of("budget_confirmed")) is not None:
        when = field_named("budget_confirmed").is_true()
        rules.append(
            _trait(said, "has_budget", "sales", when, "Without a budget it is a talk, not a sale.", _from(budget))
        )
        facts.points["has_budget"] = 15
    if (size := guesses.of("employees")) is not None:
        cases = {"small": "employees <= 50", "mid": "employees <= 500", "large": "otherwise"}
        entry = {"team": "sales", "cases": cases, "why": "Small companies decide soon, large ones want a call."}
        said.append((f"{_from(size)}; draw the lines where your offers change", ("tiers", "company_size"), entry))
        rules.append(tier("company_size").is_one_of("mid", "large"))
        facts.points["company_size"] = {"mid": 10, "large": 15}
    if not rules:
        comment = "nothing in the file says what sales knows; an acceptance is an activity, from a second file"
        when = activity("accepted").since(activity("recycled").last()).count() >= 1
        why = "Nobody owns a lead that nobody took."
        rules.append(_trait(said, "accepted_by_sales", "sales", when, why, comment))
    return rules


def _from(*guesses: Guess) -> str:
    names: Iterable[str] = (str(each.field) for each in guesses)
    return f"drawn because the file has {' and '.join(names)}"
