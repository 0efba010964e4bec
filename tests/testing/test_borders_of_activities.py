"""What happened is met at the edges of its windows too, where code that was copied goes wrong by one."""

import datetime as dt
from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

import qualify
from qualify import Lead
from qualify.testing import borderline_leads, leads, leads_at, leads_where
from tests.pages import EXAMPLES

AT = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
RECENT = "count(demo_request within 30 days) >= 1"
PRINT_SHOP = qualify.load(EXAMPLES / "print-shop")
HUNDRED = settings(
    max_examples=100, database=None, derandomize=True, deadline=None, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


def one(rule, **fields):
    """A definition of one trait and one stage."""
    return qualify.define(
        name="One",
        teams={"sales": "Sales"},
        traits={"asked": {"team": "sales", "when": rule, "why": "-"}},
        stages={"sql": {"requires": {"sales": "asked"}}},
        **fields,
    )


def happened(lead: Lead) -> list[dt.datetime]:
    return [each.at for each in lead.activities or ()]


def drawn(strategy, number):
    found = []

    @settings(HUNDRED, max_examples=number)
    @given(strategy)
    def draw(lead):
        found.append(lead)

    draw()
    return found


@pytest.mark.parametrize("step", [-SECOND, 0 * SECOND, SECOND])
@pytest.mark.parametrize(
    ("rule", "edge"),
    [
        (RECENT, AT - dt.timedelta(days=30)),
        ("last(meeting) within 7 days", AT - dt.timedelta(days=7)),
        ("last(meeting) older than 1 months", AT - dt.timedelta(days=31)),
        ("count(call since last(recycled)) >= 1", None),
        ("count(login within 14 days after first(demo_request)) >= 1", None),
        ("count(call since 2026-11-02) >= 1", dt.datetime(2026, 11, 2, tzinfo=dt.UTC)),
        ("last(call) after 2026-11-02T09:30", dt.datetime(2026, 11, 2, 9, 30, tzinfo=dt.UTC)),
    ],
)
def test_something_happens_at_each_edge_of_a_window_and_a_second_beside_it(rule, edge, step):
    """`<` for `<=`, and whole days for elapsed time, show nowhere else."""

    def stands_there(lead):
        moments = happened(lead)
        if edge is not None:
            return edge + step in moments
        span = dt.timedelta(days=14) if "14 days" in rule else dt.timedelta()
        return any(other is not at and at - other == span + step for at in moments for other in moments)

    assert find(borderline_leads(rule, as_of=AT), stands_there, settings=HUNDRED)


def test_windows_that_begin_at_a_field_have_their_edges_met():
    """Within two weeks of signing up is the whole question of a trial."""
    rule = "count(login within 14 days after created_at) >= 1"
    span = dt.timedelta(days=14)

    for apart in (span, span + SECOND, dt.timedelta(0), -SECOND):
        assert find(
            borderline_leads(rule, as_of=AT),
            lambda lead, by=apart: (
                lead.created_at is not None
                and any(at - lead.created_at.astimezone(dt.UTC) == by for at in happened(lead))
            ),
            settings=HUNDRED,
        )


BUGS = {
    "whole days": lambda lead: any((AT - each.at).days < 30 for each in lead.activities or () if each.type == "demo_request"),
    "one day more": lambda lead: any((AT - each.at).days <= 30 for each in lead.activities or () if each.type == "demo_request"),
    "any demo ever": lambda lead: any(each.type == "demo_request" for each in lead.activities or ()),
    "anything": lambda lead: any(AT - each.at <= dt.timedelta(days=30) for each in lead.activities or ()),
}  # fmt: skip
DEFINITION = one(RECENT)
SAID = {
    "a rule": (borderline_leads(RECENT, as_of=AT), DEFINITION),
    "a definition": (borderline_leads(DEFINITION, as_of=AT), DEFINITION),
    "a trait": (borderline_leads("asked", definition=DEFINITION, as_of=AT), DEFINITION),
}


@pytest.mark.parametrize("bug", list(BUGS))
@pytest.mark.parametrize("of", list(SAID))
def test_a_window_that_was_copied_wrongly_is_found(of, bug):
    """In fewer than a hundred leads, which is what a suite draws."""
    strategy, definition = SAID[of]

    def differs(lead):
        answer = str(definition.qualify(lead, as_of=AT).traits["asked"].answer)
        return answer != "unknown" and BUGS[bug](lead) is not (answer == "yes")

    assert find(strategy, differs, settings=HUNDRED)


def test_what_says_no_has_often_happened_otherwise():
    """Whoever only tests nothing at all takes any demo ever for a recent one."""
    found = drawn(leads_where(RECENT, "no", as_of=AT), 100)

    old = [lead for lead in found if any(each.type == "demo_request" for each in lead.activities)]
    others = [lead for lead in found if any(each.type != "demo_request" for each in lead.activities)]
    assert len(old) >= 20
    assert len(others) >= 20


def test_activities_that_a_rule_does_not_read_come_too():
    """A program that counts whatever comes along is wrong."""
    found = drawn(leads_where(RECENT, "yes", as_of=AT), 100)

    assert sum(any(each.type != "demo_request" for each in lead.activities) for lead in found) >= 20


@pytest.mark.parametrize("trait", ["asked_for_demo", "decision_maker", "serves_print"])
def test_a_bug_in_one_trait_of_a_definition_is_found(trait):
    """Each has its share of a definition's borders."""
    rule = str(PRINT_SHOP.model.traits[trait].when)
    wrong = {
        "asked_for_demo": rule.replace(">= 1", ">= 2"),
        "decision_maker": 'job_title mentions ["owner"]',
        "serves_print": 'industry in ["Printing"]',
    }[trait]
    assert wrong != rule
    copied = one(wrong)

    def differs(lead):
        right = PRINT_SHOP.qualify(lead, as_of=AT)
        mine = copied.qualify(lead, as_of=AT)
        return not right.left_out_by and right.traits[trait].answer != mine.traits["asked"].answer

    assert find(borderline_leads(PRINT_SHOP, as_of=AT), differs, settings=HUNDRED)


def test_a_counterexample_keeps_only_what_the_bug_reads():
    """`industry='something else'` sends whoever reads it looking in the wrong place."""
    definition = qualify.define(
        name="Two",
        teams={"sales": "Sales"},
        traits={
            "prints": {"team": "sales", "when": 'industry == "Printing"', "why": "-"},
            "asked": {"team": "sales", "when": RECENT, "why": "-"},
        },
        stages={"sql": {"requires": {"sales": "prints and asked"}}},
    )
    lead = find(
        borderline_leads(definition, as_of=AT) | leads(definition, as_of=AT),
        lambda lead: (
            BUGS["whole days"](lead) is not (str(definition.qualify(lead, as_of=AT).traits["asked"].answer) == "yes")
        ),
        settings=settings(HUNDRED, phases=[Phase.generate, Phase.shrink], max_examples=500),
    )

    assert {name for name, value in lead if value is not None} == {"activities"}
    assert len(lead.activities) == 1


# --- variety ---


def test_what_is_open_differs():
    """One question that is always the open one is one test."""
    definition = qualify.define(
        name="Open",
        teams={"sales": "Sales"},
        traits={
            "big": {"team": "sales", "when": "employees >= 50", "why": "-"},
            "near": {"team": "sales", "when": 'country == "DE"', "why": "-"},
            "rich": {"team": "sales", "when": "annual_revenue >= 1000000", "why": "-"},
            "keen": {"team": "sales", "when": "need_confirmed", "why": "-"},
        },
        stages={"sql": {"requires": {"sales": "big and near and rich and keen"}}},
    )
    fields = {"employees", "country", "annual_revenue", "need_confirmed"}
    found = drawn(leads_at(definition, "sql", "undetermined", as_of=AT), 400)

    alone = Counter(
        next(iter(missing)) for lead in found if len(missing := {f for f in fields if getattr(lead, f) is None}) == 1
    )
    assert alone.keys() == fields
    assert min(alone.values()) >= 10


def test_an_open_score_differs_in_what_is_open():
    """Points are missing for many reasons."""
    definition = qualify.define(
        name="Points",
        teams={"sales": "Sales"},
        traits={
            "big": {"team": "sales", "when": "employees >= 50", "why": "-"},
            "near": {"team": "sales", "when": 'country == "DE"', "why": "-"},
            "keen": {"team": "sales", "when": "need_confirmed", "why": "-"},
        },
        scores={"fit": {"points": {"big": 20, "near": 20, "keen": 20}}},
        stages={"sql": {"requires": {"sales": "fit >= 40"}}},
    )
    fields = {"employees", "country", "need_confirmed"}
    found = drawn(leads_at(definition, "sql", "undetermined", as_of=AT), 400)

    alone = Counter(
        next(iter(missing)) for lead in found if len(missing := {f for f in fields if getattr(lead, f) is None}) == 1
    )
    assert alone.keys() == fields


def test_texts_come_in_other_letters():
    """Who compares them as they are misses half of what people type."""
    found = {lead.country for lead in drawn(leads_where('country == "De"', as_of=AT), 100)}

    assert {"De", "DE", "de"} <= found
    assert find(leads_where('country == "De"', as_of=AT), lambda lead: True).country == "De"


def test_choices_come_as_they_are_written():
    """What is chosen from a list has one spelling."""
    definition = one('press == "Offset"', fields={"press": {"type": "text", "choices": ["Offset", "Digital"]}})

    assert {lead.press for lead in drawn(leads_where("asked", definition=definition, as_of=AT), 50)} == {"Offset"}


@pytest.mark.parametrize(
    ("wrong", "of"),
    [
        (lambda title: "fleet" in title.lower(), 'job_title mentions ["fleet*"]'),
        (lambda title: "fleet" in title.lower().split(), 'job_title mentions ["fleet*"]'),
        (lambda title: title.lower() == "fleets", 'job_title mentions ["fleet*"]'),
        (lambda title: "fleets" in title.split(), 'job_title mentions ["fleet*"]'),
        (lambda title: "cto" in title.lower(), 'job_title mentions ["cto"]'),
        (lambda title: title.lower() == "vp", 'job_title starts with "vp"'),
    ],
)
def test_words_are_met_in_longer_titles_and_in_longer_words(wrong, of):
    """A substring, a whole title and a stem are taken for one another."""
    definition = one(of)

    def differs(lead):
        answer = str(definition.qualify(lead, as_of=AT).traits["asked"].answer)
        return lead.job_title is not None and wrong(lead.job_title) is not (answer == "yes")

    both = leads_where(of, as_of=AT) | leads_where(of, "no", as_of=AT)
    assert find(both, differs, settings=HUNDRED)


# --- plain leads ---


def test_plain_leads_of_a_definition_come_out_in_every_way():
    """Leads that never reach a stage test the way to the end."""
    answers, stages = Counter(), Counter()
    for lead in drawn(leads(PRINT_SHOP, as_of=AT), 1000):
        verdict = PRINT_SHOP.qualify(lead, as_of=AT)
        answers.update(name for name, each in verdict.traits.items() if str(each.answer) == "yes")
        stages.update(verdict.reached)

    adopted = {name for name, each in PRINT_SHOP.model.traits.items() if each.status == "adopted"}
    assert all(answers[name] >= 20 for name in adopted - set(PRINT_SHOP.model.left_out_by)), answers
    assert all(stages[name] >= 20 for name in PRINT_SHOP.model.stages), stages


def test_plain_leads_shrink_to_nothing_known():
    """The rest of a failing lead would be searched for a meaning."""
    assert {name for name, value in find(leads(PRINT_SHOP, as_of=AT), lambda lead: True) if value is not None} == set()
    found = find(leads(PRINT_SHOP, as_of=AT), lambda lead: (lead.employees or 0) > 40)
    assert {name for name, value in found if value is not None} == {"employees"}
    reached = find(leads(PRINT_SHOP, as_of=AT), lambda lead: "mql" in PRINT_SHOP.qualify(lead, as_of=AT).reached)
    for name, value in reached:
        if value is not None:
            less = type(reached)(**{other: value for other, value in reached if other != name})
            assert "mql" not in PRINT_SHOP.qualify(less, as_of=AT).reached, name


@given(lead=leads(PRINT_SHOP, as_of=AT, country=st.just("DE"), activities=st.just([])))
def test_fields_that_are_given_stay_on_the_way_to_a_stage(lead):
    """What is fixed is what the test is about."""
    assert lead.country == "DE"
    assert lead.activities in ((), [])


@pytest.mark.parametrize(
    "rule",
    [
        "count(login within 1000000000 days after created_at) >= 1",
        "count(login within 1000000000 days after first(call)) == 0",
        "last(login) older than 11000 years",
    ],
)
def test_windows_longer_than_the_calendar_are_no_trouble(rule):
    """A window that never ends is written so."""
    for lead in drawn(borderline_leads(rule, as_of=AT) | leads_where(rule, "no", as_of=AT), 20):
        assert isinstance(lead, Lead)
