"""Leads are built so that an answer comes out: whoever draws one can count on it."""

import datetime as dt
from typing import Any
from uuid import UUID

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

import qualify
from qualify import Activity, Lead, QualifyError
from qualify.testing import Unsatisfiable, activities, borderline_leads, leads, leads_at, leads_where, verdicts
from tests.pages import EXAMPLES

AT = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
PRINT_SHOP = qualify.load(EXAMPLES / "print-shop")
RULES = [
    "employees >= 50",
    "not (employees between 10 and 20) and employees < 60",
    "employees > annual_revenue / 1000",
    'job_title mentions ["vp", "head of"] and country == "DE"',
    'job_title starts with "vp" and job_title != "vp"',
    'interests has all ["samples", "webinars"] or interests has none ["news"]',
    "created_at within 30 days and not last_activity_at older than 2 days",
    'count(page_view where page contains "/pricing" within 30 days) >= 3 and count(page_view) <= 5',
    "days(login within 14 days) >= 3",
    "sum(amount of purchase) > 100",
    "last(meeting) within 7 days and opted_out is unknown",
    "at least 2 of [employees >= 5, bounced, budget_confirmed, count(call) == 0]",
]


def known(lead: Lead) -> dict[str, Any]:
    return {name: value for name, value in lead if value is not None}


def answer(rule: str, lead: Lead, as_of: dt.datetime | None = AT) -> str:
    definition = qualify.define(
        name="One", teams={"sales": "Sales"}, traits={"asked": {"team": "sales", "when": rule, "why": "-"}}
    )
    return str(definition.qualify(lead, as_of=as_of).traits["asked"].answer)


@pytest.mark.parametrize("is_", ["yes", "no", "unknown"])
@pytest.mark.parametrize("rule", RULES)
def test_every_lead_gives_the_answer_it_was_drawn_for(rule, is_):
    """A test that has to throw most leads away is one that nobody lets run."""

    @given(lead=leads_where(rule, is_, as_of=AT))
    def holds(lead):
        assert answer(rule, lead) == is_

    holds()


@given(lead=leads_where("created_at within 1 days and count(call within 7 days) >= 1"))
def test_without_a_moment_it_holds_now(lead):
    """Code that takes the clock's time is tested with leads of today."""
    assert answer("created_at within 1 days and count(call within 7 days) >= 1", lead, None) == "yes"


@given(lead=leads_where(qualify.parse("employees >= 50"), "no"))
def test_a_rule_may_be_a_tree(lead):
    """Whoever has parsed it needs no text."""
    assert answer("employees >= 50", lead) == "no"


@pytest.mark.parametrize("fact", ["decision_maker", "serves_print", "no_mail"])
@pytest.mark.parametrize("is_", ["yes", "no", "unknown"])
def test_a_fact_is_a_definitions_own(fact, is_):
    """The words of the definition are the words of the tests."""

    @given(lead=leads_where(fact, is_, definition=PRINT_SHOP, as_of=AT))
    def holds(lead):
        assert isinstance(lead, PRINT_SHOP.lead_model())
        assert str(PRINT_SHOP.qualify(lead, as_of=AT).traits[fact].answer) == is_

    holds()


@pytest.mark.parametrize("state", ["reached", "not_yet", "disqualified", "undetermined"])
@pytest.mark.parametrize("stage", list(PRINT_SHOP.model.stages))
def test_leads_at_a_stage_are_there(stage, state):
    """What the code does with an SQL is tested with SQLs."""

    @given(lead=leads_at(PRINT_SHOP, stage, state, as_of=AT))
    def holds(lead):
        assert PRINT_SHOP.qualify(lead, as_of=AT).stages[stage].state == state

    holds()


STATES = ["reached", "not_yet", "undetermined"]
MODELS = {
    path: qualify.load(path) for path in sorted((EXAMPLES / "models").glob("*.toml")) if ".stories" not in path.name
}
AT_STAGES = [
    pytest.param(model, stage, state, id=f"{path.stem}-{stage}-{state}")
    for path, model in MODELS.items()
    for stage in model.model.stages
    for state in STATES
]


@pytest.mark.parametrize(("model", "stage", "state"), AT_STAGES)
def test_published_models_have_leads_at_every_stage(model, stage, state):
    """A strategy that gives up on what companies really use is a toy."""

    @settings(max_examples=5)
    @given(lead=leads_at(model, stage, state, as_of=AT))
    def holds(lead):
        assert model.qualify(lead, as_of=AT).stages[stage].state == state

    holds()


def test_borderline_leads_stand_on_both_sides_of_every_border():
    """Off by one is found where the one is."""
    drawn = borderline_leads(
        'employees between 10 and 20 and country in ["DE"] and count(call) >= 2 and created_at within 30 days', as_of=AT
    )
    for employees in (9, 10, 20, 21):
        assert find(drawn, lambda lead, n=employees: lead.employees == n)
    assert find(drawn, lambda lead: lead.country == "DE")
    assert find(drawn, lambda lead: lead.country not in (None, "DE"))
    for calls in (1, 2):
        assert find(drawn, lambda lead, n=calls: lead.activities is not None and len(lead.activities) == n)
    edge = AT - dt.timedelta(days=30)
    assert find(drawn, lambda lead: lead.created_at == edge)
    assert find(
        drawn, lambda lead: lead.created_at is not None and edge > lead.created_at >= edge - dt.timedelta(days=1)
    )


def test_a_score_is_met_exactly_and_just_missed():
    """A threshold of 40 points is argued about at 40 and below it, not at 90."""
    definition = qualify.define(
        name="Points",
        teams={"sales": "Sales"},
        traits={
            "big": {"team": "sales", "when": "employees >= 50", "why": "-"},
            "near": {"team": "sales", "when": 'country == "DE"', "why": "-"},
            "asked": {"team": "sales", "when": "count(demo_request) >= 1", "why": "-"},
        },
        scores={"fit": {"points": {"big": 20, "near": 10, "asked": 20}}},
        stages={"sql": {"requires": {"sales": "fit >= 40"}}},
    )
    drawn = borderline_leads(definition, as_of=AT)

    for points in (40, 30):
        assert find(drawn, lambda lead, p=points: definition.qualify(lead, as_of=AT).scores["fit"].at_least == p)
    assert known(find(leads_at(definition, "sql", "reached", as_of=AT), lambda lead: True)).keys() == {
        "activities",
        "employees",
    }


@given(lead=leads())
def test_any_lead_can_be_read_back(lead):
    """What is drawn is what one would type."""
    assert Lead(**dict(lead)) == lead


@given(lead=leads(PRINT_SHOP, employees=st.integers(1, 9), country="DE"))
def test_fields_can_be_fixed_or_drawn_from_a_strategy(lead):
    """Whoever tests small German firms says so."""
    assert lead.employees in range(1, 10)
    assert lead.country == "DE"


@given(activity=activities(PRINT_SHOP, as_of=AT))
def test_activities_are_of_the_definition_and_have_happened(activity):
    """One after `as_of` would not count."""
    assert isinstance(activity, Activity)
    assert activity.type in PRINT_SHOP.model.declared_activities
    assert activity.at < AT


@given(verdict=verdicts(PRINT_SHOP, as_of=AT))
def test_verdicts_are_of_the_definition(verdict):
    """Code that takes verdicts is tested with real ones."""
    assert verdict.definition.digest == PRINT_SHOP.digest


@pytest.mark.parametrize(
    ("rule", "smallest"),
    [
        ("employees >= 50", {"employees": 50}),
        ("employees > 50 and employees != 51", {"employees": 52}),
        ("budget_confirmed or employees >= 7", {"budget_confirmed": True}),
        ('country == "DE" and not opted_out', {"country": "DE", "opted_out": False}),
        ("annual_revenue >= 2.5", {"annual_revenue": 2.5}),
    ],
)
def test_leads_shrink_to_the_one_that_a_person_would_pick(rule, smallest):
    """Few fields, round numbers: the counterexample is read by people."""
    assert known(find(leads_where(rule), lambda lead: True)) == smallest


def test_a_plain_lead_shrinks_to_the_field_that_matters():
    """The rest of a failing lead would be searched for a meaning."""
    assert known(find(leads(), lambda lead: (lead.employees or 0) > 40)) == {"employees": 41}


# --- what can't be drawn ---


@pytest.mark.parametrize(
    ("rule", "is_", "told"),
    [
        ("employees > 5 and employees < 3", "yes", r"can't hold together: .*employees < 3 \(yes\)"),
        ("opted_out and not opted_out", "yes", r"can't hold together: opted_out \(yes\); opted_out \(no\)"),
        ("employees is known", "unknown", "no lead was found for `employees is known` is unknown"),
    ],
)
def test_a_rule_that_no_lead_satisfies_says_which_parts_clash(rule, is_, told):
    """An error that shows what to look at, not a health check about slow data."""
    with pytest.raises(Unsatisfiable, match=told) as error:
        leads_where(rule, is_)
    assert error.value.proved
    assert "not proved" not in str(error.value)


def test_what_was_not_proved_is_not_claimed():
    """A search that gave up knows nothing."""
    with pytest.raises(Unsatisfiable, match="not proved") as error:
        leads_where('job_title contains "a" and job_title != job_title and seniority == job_title')
    assert not error.value.proved


def test_what_was_proved_of_one_way_is_not_claimed_of_all():
    """That one half of an `or` can't be says nothing of the half that was given up."""
    with pytest.raises(Unsatisfiable, match="not proved") as error:
        leads_where("(employees > 5 and employees < 3) or count(call) >= 100000", as_of=AT)
    assert not error.value.proved


@given(lead=leads_where("created_at within 2 hours and not created_at within 1 hours"))
def test_short_windows_hold_for_a_while_too(lead):
    """What is drawn now is judged a little later."""
    assert answer("created_at within 2 hours and not created_at within 1 hours", lead, None) == "yes"


def test_a_rule_beside_a_trait_of_any_name_is_its_own():
    """A definition may have called something `asked` too."""
    definition = qualify.define(
        name="Own",
        teams={"sales": "Sales"},
        traits={"asked": {"team": "sales", "when": "employees >= 50", "why": "-"}},
        stages={"sql": {"requires": {"sales": "asked"}}},
    )
    drawn = leads_where("asked and employees < 60", definition=definition, as_of=AT)

    assert known(find(drawn, lambda lead: True)) == {"employees": 50}
    assert known(find(leads_where("asked", definition=definition), lambda lead: True)) == {"employees": 50}


def test_a_threshold_may_stand_on_either_side_of_a_score():
    """`40 <= fit` is the same border as `fit >= 40`."""
    definition = qualify.define(
        name="Turned",
        teams={"sales": "Sales"},
        traits={
            "big": {"team": "sales", "when": "employees >= 50", "why": "-"},
            "near": {"team": "sales", "when": 'country == "DE"', "why": "-"},
        },
        scores={"fit": {"points": {"big": 40, "near": 10}}},
        stages={"sql": {"requires": {"sales": "40 <= fit"}}},
    )
    drawn = borderline_leads("40 <= fit", definition=definition, as_of=AT)

    for reached in ("reached", "not_yet"):
        assert find(drawn, lambda lead, r=reached: definition.qualify(lead, as_of=AT).stages["sql"].state == r)


def test_a_state_that_a_stage_cannot_have_is_told():
    """A stage that nothing bars is never disqualified."""
    definition = qualify.define(
        name="Plain",
        teams={"sales": "Sales"},
        traits={"big": {"team": "sales", "when": "employees >= 50", "why": "-"}},
        stages={"sql": {"requires": {"sales": "big"}}},
    )
    with pytest.raises(Unsatisfiable, match="no way to sql being disqualified"):
        leads_at(definition, "sql", "disqualified")


class Own(Lead):
    """A project's own lead."""

    seats: int | None = None
    founded: dt.date | None = None
    ticket: UUID | None = None


def test_a_field_without_a_strategy_is_named():
    """The message says what to pass."""
    with pytest.raises(
        QualifyError, match=r"Own\.ticket is of type UUID \| None.*leads\(Own, ticket=st\.just\(\.\.\.\)\)"
    ):
        leads(Own)


@given(lead=leads(Own, ticket=st.just(UUID(int=1))))
def test_a_subclass_is_drawn_once_it_has_one(lead):
    """Fields that a project adds are fields like others."""
    assert isinstance(lead, Own)
    assert lead.ticket == UUID(int=1)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: leads(employes=3), "no field 'employes'; did you mean 'employees'"),
        (lambda: leads_where("employees >= 50", "maybe"), "yes, no or unknown"),
        (lambda: leads_where("employes >= 50"), "employes"),
        (lambda: leads_at(PRINT_SHOP, "mqll", "reached"), "unknown stage 'mqll'; did you mean 'mql'"),
        (lambda: leads_at(PRINT_SHOP, "mql", "open"), "reached, not_yet, disqualified or undetermined"),
        (lambda: leads("leads.toml"), "a definition, or of a subclass of Lead"),
    ],
)
def test_wrong_arguments_are_told_at_once(call, told):
    """At the line where they stand, not when the first example is drawn."""
    with pytest.raises(QualifyError, match=told):
        call()


def test_parts_that_clash_name_the_facts_that_want_them():
    """Who reads `budget_confirmed (yes); budget_confirmed (no)` has to look for who says so."""
    definition = qualify.define(
        name="Clash",
        teams={"sales": "Sales"},
        traits={
            "has_budget": {"team": "sales", "when": "budget_confirmed", "why": "-"},
            "no_budget": {"team": "sales", "when": "not budget_confirmed", "why": "-"},
        },
        stages={"sql": {"requires": {"sales": "has_budget and no_budget"}}},
    )
    with pytest.raises(
        Unsatisfiable, match=r"budget_confirmed \(yes, for has_budget\); budget_confirmed \(no, for no_budget\)"
    ) as error:
        leads_at(definition, "sql", "reached", as_of=AT)
    assert error.value.proved


@pytest.mark.parametrize(
    ("call", "shown"),
    [
        (lambda: leads_where('country == "DE" and employes > 5'), 'country == "DE" and employes > 5\n' + " " * 22 + "^^^^^^^^"),
        (lambda: leads_where("employees >= 50 and"), "employees >= 50 and\n" + " " * 21 + "^"),
        (lambda: borderline_leads('job_title mentions ["é"] and foo > 3', definition=PRINT_SHOP), " " * 31 + "^^^\n"),
        (lambda: leads_where("decision_maker and foo > 3"), "unknown field 'foo'"),
    ],
)  # fmt: skip
def test_a_fault_of_a_rule_shows_the_rule_as_it_was_given(call, shown):
    """Nobody knows the definition that a rule is put into."""
    with pytest.raises(QualifyError) as error:
        call()
    assert shown in f"{error.value}\n"
    for inner in ("asked", "teams", "line 1", "when"):
        assert inner not in str(error.value)


@pytest.mark.parametrize("call", [leads_where, borderline_leads])
def test_a_bare_name_of_no_field_hints_at_the_definition(call):
    """It is a fact of a definition that was not passed."""
    with pytest.raises(QualifyError, match=r"unknown field 'decision_maker'.*definition="):
        call("decision_maker")
    with pytest.raises(QualifyError, match=r"did you mean 'decision_maker'\?\n\n  decision_makr\n"):
        call("decision_makr", definition=PRINT_SHOP)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (
            lambda: leads_where("employees >= 50", definition="leads.toml"),
            r'Definition, found text.*load\("leads.toml"\)',
        ),
        (lambda: borderline_leads("employees >= 50", definition={}), "is a Definition, found"),
        (lambda: leads_at("leads.toml", "mql", "reached"), "is a Definition, found text"),
        (lambda: verdicts("leads.toml"), r'of a definition.*found text.*load\("leads.toml"\)'),
        (lambda: activities("leads.toml"), "of a definition.*found text"),
        (lambda: leads(as_of="now"), "as_of is a datetime.*found text"),
        (lambda: leads_where("employees >= 50", as_of=dt.date(2026, 1, 1)), "as_of is a datetime.*found a date"),
        (lambda: borderline_leads(PRINT_SHOP, as_of=5), "as_of is a datetime.*found a number"),
        (lambda: leads_at(PRINT_SHOP, "mql", "reached", as_of=5), "as_of is a datetime"),
        (lambda: activities(as_of=5), "as_of is a datetime"),
        (lambda: verdicts(PRINT_SHOP, as_of=5), "as_of is a datetime"),
        (lambda: leads_where(5), "a rule is text.*found a number"),
        (lambda: borderline_leads(None), "a rule is text"),
    ],
)
def test_what_is_no_definition_and_no_moment_is_told(call, told):
    """Where it was passed, in words, and not as an attribute that something doesn't have."""
    with pytest.raises(QualifyError, match=told):
        call()
