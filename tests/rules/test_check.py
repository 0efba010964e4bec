"""Which rules make sense, and what is said about those that don't."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualify.rules import parse, parse_formula, parse_selection
from qualify.rules.check import (
    FieldKind,
    ListKind,
    Scope,
    ScoreKind,
    StageKind,
    TierKind,
    TraitKind,
    check_formula,
    check_rule,
    check_selection,
)
from qualify.rules.parse import read_rule
from qualify.vocabulary import STANDARD_ACTIVITIES, STANDARD_FIELDS
from tests.strategies import World, rules, typed_rules, worlds

STANDARD = {name: FieldKind(kind) for name, kind in STANDARD_FIELDS.items()}
ACTIVITIES = {
    name: {prop: FieldKind(kind) for prop, kind in properties.items()}
    for name, properties in STANDARD_ACTIVITIES.items()
} | {
    "visit": {
        "ended_at": FieldKind("datetime"),
        "held_on": FieldKind("date"),
        "live": FieldKind("boolean"),
        "topics": FieldKind("list"),
        "room": FieldKind("text", ("red", "blue")),
    }
}
SCOPE = Scope(
    names={
        "mql": StageKind(),
        **STANDARD,
        "contract_ends": FieldKind("date"),
        "press_type": FieldKind("text", ("offset", "digital")),
        "channels": FieldKind("list", ("mail", "phone")),
        "competitors": ListKind(("rival.example",)),
        "phrases": ListKind(("vp", "c++")),
        "serves_print": TraitKind(),
        "grade": TierKind(("A", "B")),
        "size": TierKind(("mid", "large")),
        "fit": ScoreKind(),
        "engagement": ScoreKind(),
    },
    activities=ACTIVITIES,
    signals={"pricing_visits": {"page": FieldKind("text")}},
    unknowable=frozenset({"half_declared"}),
)
STAGE = replace(SCOPE, facts_only=True)

MAKES_SENSE = (
    "serves_print and not opted_out",
    "employees >= 50 and 50 <= employees",
    "annual_revenue / employees >= 100000",
    "2 * employees - count(login) > sum(amount of purchase) + 1",
    "employees in [1, 2] and fit in [40, 60]",
    "fit >= 40 and fit > engagement and 40 < fit and fit between 10 and 20",
    'industry == "Printing" and "Printing" != industry and city == region',
    'industry in ["a"] and email_domain not in competitors',
    'job_title mentions ["vp", "automat*"] and job_title contains " vp " and city starts with competitors',
    'interests has any ["a"] and interests has none competitors',
    'press_type == "OFFSET" and press_type in ["Digital "] and channels has all ["Phone"]',
    'press_type contains "off"',
    "created_at within 30 days and contract_ends in the next 1 week and created_at older than 3 hours",
    "created_at after contract_ends and contract_ends before created_at and created_at < contract_ends",
    "created_at in [2026-11-02] and contract_ends between 2026-01-01 and 2026-12-31T12:00Z",
    "created_at within 3 hours after contract_ends and contract_ends within 3 days after created_at",
    "last(meeting) older than 3 months and first(login) after last(any activity) and last(call) > created_at",
    "employees is known and serves_print is unknown and grade is known and last(call) is known",
    "grade is A and grade is not B and grade in [A, B] and grade not in [A]",
    'count(page_view where page contains "/x" and referrer == page) >= 1',
    'count(visit where live and topics has any ["a"] and (ended_at within 14 days) and room == "Red") > 0',
    "count(visit where held_on after 2026-01-01 within 3 days after first(login) since created_at) > 0",
    "count(any of [won, lost] where reason in competitors and amount > 5) == 0",
    'count(pricing_visits where page == "x" since last(recycled)) >= 1 and days(pricing_visits) > 1',
    "count(any activity within 30 days) == 0",
    "sum(amount of any of [won, purchase]) > 5",
    # about what has a fault of its own nothing is said
    "half_declared > 5 and half_declared and half_declared is A or count(half_declared where y) > 1",
)
MAKES_SENSE_IN_A_STAGE = (
    "serves_print and grade in [A, B] and fit >= 40 and fit > engagement",
    "count(pricing_visits) >= 1 and days(pricing_visits within 30 days) > 2",
    "last(pricing_visits within 3 months) within 30 days and first(pricing_visits) is known",
    "at least 1 of [serves_print, grade is A]",
)
MAKES_NONE = {
    # names
    'industy == "a"': ("unknown-field", "unknown field 'industy'; did you mean 'industry'?", "industry"),
    "xyzzy_q > 5": ("unknown-field", "unknown field 'xyzzy_q'", None),
    "servesprint": ("unknown-fact", "unknown fact 'servesprint'; did you mean 'serves_print'?", "serves_print"),
    "industry == null": ("unknown-field", "unknown field 'null': what is missing is asked for by 'is unknown'", None),
    "created_at > now": ("unknown-field", "unknown field 'now': ask 'within 30 days'", None),
    "industry == printshops": ("unknown-field", 'a text stands in double quotes, "printshops"', '"printshops"'),
    "press_type == offset": ("unknown-field", 'a text stands in double quotes, "offset"', '"offset"'),
    "country == industy": ("unknown-field", "did you mean 'industry', or the text \"industy\"?", "industry"),
    "country contains us": ("unknown-list", "and a text stands in double quotes", None),
    "page_view": ("unknown-field", "'page_view' is an activity: ask 'count(page_view) >= 1'", "count(page_view) >= 1"),
    "count(pageview) > 1": ("unknown-activity", "did you mean 'page_view'?", "page_view"),
    "count(xyzzy_q) > 1": ("unknown-activity", "activities of your own are declared under [activities]", None),
    "count(any of [login, logn]) > 1": ("unknown-activity", "did you mean 'login'?", "login"),
    "email_domain in competitor": (
        "unknown-list",
        "unknown list 'competitor'; did you mean 'competitors'?",
        "competitors",
    ),
    "email_domain in xyzzy_q": ("unknown-list", "lists are declared under [lists]", None),
    "grade is a": ("unknown-case", "'grade' has no case 'a'", "A"),
    "grade in [A, C]": ("unknown-case", "'grade' has no case 'C': it is one of A, B", None),
    "mql": ("stage-in-rule", "'mql' is a stage: rules speak of facts", None),
    'press_type == "ofset"': (
        "not-a-choice",
        '"ofset" is not a choice of \'press_type\'; did you mean "offset"?',
        "offset",
    ),
    'press_type in ["x"]': ("not-a-choice", 'it is one of "offset", "digital"', None),
    'channels has any ["mial"]': ("not-a-choice", 'did you mean "mail"?', "mail"),
    # a name that answers nothing alone
    "employees": ("wrong-type", "'employees' is a number, which answers nothing alone", None),
    "grade": ("wrong-type", "'grade' is a tier: ask for a case, such as 'grade is A'", None),
    "fit": ("wrong-type", "'fit' is a score: compare it, as in 'fit >= 40'", None),
    "competitors": ("wrong-type", "'competitors' is a list: it stands behind 'in'", None),
    # comparisons
    "opted_out == serves_print": (
        "wrong-type",
        "a yes-or-no stands alone: write 'opted_out', or 'not opted_out'",
        None,
    ),
    'grade == "A"': ("wrong-type", "'grade' is a tier: write 'grade is A'", "grade is A"),
    'grade == "a"': ("wrong-type", "'grade' is a tier: write 'grade is A'", "grade is A"),
    "grade != b": ("wrong-type", "'grade' is a tier: write 'grade is not B'", "grade is not B"),
    "grade == 5": ("wrong-type", "'grade' is a tier: write 'grade is A'", None),
    "not grade == b": ("wrong-type", "'grade' is a tier: write 'grade is B'", "grade is B"),
    "grade >= b": (
        "wrong-type",
        "'grade' is a tier, and its cases have no order: write 'grade is B', or 'grade in [A, B]'",
        None,
    ),
    'opted_out == "true"': ("wrong-type", "a yes-or-no stands alone: write 'opted_out'", None),
    "opted_out == 0": ("wrong-type", "a yes-or-no stands alone: write 'not opted_out'", None),
    "press-type > 5": ("bad-name", "a name has no hyphens: write 'press_type'", "press_type"),
    'interests == "a"': ("wrong-type", "'interests' is a list: write 'interests has any [...]'", None),
    'industry > "a"': ("wrong-type", "texts have no order: '>' compares numbers, dates and moments", None),
    'industry between "a" and "b"': ("wrong-type", "texts have no order: 'between' compares", None),
    'employees == "5"': ("wrong-type", "a number stands without quotes: 5", "5"),
    'employees > "1,000"': ("wrong-type", "a number stands without quotes: 1000", "1000"),
    "industry < 20": ("wrong-type", "'industry' is a text, and texts have no order: '<' compares numbers", None),
    'created_at > "2026-11-02"': ("wrong-type", "a date stands without quotes: 2026-11-02", None),
    "industry == 5": ("wrong-type", 'a text stands in double quotes: "5"', None),
    "industry == employees": (
        "wrong-type",
        "'industry' is a text and 'employees' is a number: they can't be compared",
        None,
    ),
    "created_at > 2026-1-5": ("wrong-type", "a date is written year, month, day: 2026-01-05", "2026-01-05"),
    "created_at > 01/02/2026": ("wrong-type", "2026-02-01, or 2026-01-02 where the month came first", None),
    "contract_ends before 31/12/2026": ("wrong-type", "a date is written year, month, day: 2026-12-31", "2026-12-31"),
    "contract_ends before 2026 - 5": ("wrong-type", "a date is written 2026-11-02: four digits, two and two", None),
    'created_at > "31.12.2026"': ("wrong-type", "year, month, day: 2026-12-31, without quotes", "2026-12-31"),
    "created_at > employees": ("wrong-type", "'created_at' is a date with a time and 'employees' is a number", None),
    "employees > 5 and employees between 1 and industry": (
        "wrong-type",
        "'employees' is a number and 'industry'",
        None,
    ),
    "fit > employees": ("wrong-type", "a score is compared with a number or another score", None),
    "fit + engagement > 5": ("wrong-type", "a sum of scores is a score of its own, so that it has a name", None),
    "fit * 2 > 5": ("wrong-type", "a sum of scores is a score of its own", None),
    "employees + industry > 5": ("wrong-type", "'industry' is a text: only numbers can be reckoned with", None),
    "created_at - 5 > 5": ("wrong-type", "only numbers can be reckoned with", None),
    "competitors > 5": ("wrong-type", "'competitors' is a list: it stands behind 'in'", None),
    # lists
    "industry in [Printing]": ("wrong-type", 'a text in a list stands in double quotes: "Printing"', None),
    "serves_print in [A]": ("wrong-type", "a yes-or-no stands alone", None),
    'interests in ["a"]': ("wrong-type", "write 'interests has any [\"a\"]'", None),
    'grade not in ["a", "b"]': ("wrong-type", "without quotes, as in 'grade not in [A, B]'", None),
    "size is mid or large": ("unknown-fact", "each part is a whole question: write 'size in [mid, large]'", None),
    "created_at == 2027": ("wrong-type", "'created_at between 2027-01-01 and 2027-12-31'", None),
    "created_at > 30": ("wrong-type", "ask 'created_at within 30 days' or 'created_at older than 30 days'", None),
    'grade in ["A"]': ("wrong-type", "its cases stand without quotes, as in 'grade in [A]'", None),
    'employees in ["a"]': ("wrong-type", "'employees' is a number, which is not in a list of texts", None),
    "industry in [1]": ("wrong-type", "'industry' is a text, which is not in a list of numbers", None),
    "employees in [2026-11-02]": ("wrong-type", "'employees' is a number, which is not in a list of dates", None),
    "email_domain in city": ("wrong-type", "'city' is no list of texts", None),
    'industry has any ["a"]': ("wrong-type", "'industry' is a text: use 'in', 'contains' or 'mentions'", None),
    'employees has any ["a"]': ("wrong-type", "'has' asks a list of texts; 'employees' is a number", None),
    'interests contains "a"': ("wrong-type", "'interests' is a list: use 'has any', 'has all' or 'has none'", None),
    'employees mentions "a"': ("wrong-type", "'mentions' asks a text; 'employees' is a number", None),
    # texts that can't be looked for
    'industry == " "': ("empty-text", "a blank text can't be compared with", None),
    'job_title mentions ".net"': ("bad-phrase", "a phrase begins and ends with a letter or digit", None),
    'job_title mentions " vp"': ("bad-phrase", "a phrase begins and ends with a letter or digit", None),
    'job_title mentions "a*b"': ("bad-phrase", "'*' may only end the last word", None),
    'job_title mentions "*vp"': ("bad-phrase", "write 'contains \"vp\"', which looks inside words too", None),
    'job_title mentions "*"': ("bad-phrase", "a phrase needs at least one letter or digit", None),
    "job_title mentions phrases": ("bad-phrase", '"c++" can\'t be mentioned', None),
    'industry == "\ua7cb"': ("refused-character", "the character U+A7CB", None),
    'industry contains "\U00016ea0"': ("refused-character", "compared differently by different engines", None),
    # is known
    "fit is known": ("wrong-type", "'fit' is a score: 'is known' asks fields, traits and tiers", None),
    "competitors is known": ("wrong-type", "'competitors' is a list: 'is known' asks", None),
    "count(login) is known": (
        "wrong-type",
        "'is known' asks a field, a trait, a tier, or first(...) and last(...)",
        None,
    ),
    "industry is Printing": ("wrong-type", "'industry' is a text: write 'industry == \"Printing\"'", None),
    "opted_out is A": ("wrong-type", "a yes-or-no stands alone", None),
    "employees is A": ("wrong-type", "'employees' is no tier, so it has no cases", None),
    "last(login) is A": ("wrong-type", "'is' and cases ask a tier", None),
    # time
    "employees within 30 days": ("wrong-type", "'employees' is a number, not a date or a moment", None),
    "count(login) within 30 days": (
        "wrong-type",
        "a window stands inside the brackets, as in 'count(login within 30 days) >= 1'",
        None,
    ),
    "login within 30 days": (
        "unknown-field",
        "'login' is an activity: write 'count(login within 30 days) >= 1'",
        "count(login within 30 days) >= 1",
    ),
    "login older than 3 weeks": (
        "unknown-field",
        "write 'last(login) older than 3 weeks'",
        "last(login) older than 3 weeks",
    ),
    "login > 5": ("unknown-field", "'login' is an activity: ask 'count(login) >= 1'", "count(login)"),
    'created_at after "x"': ("wrong-type", "a date stands without quotes: x", None),
    "contract_ends within 3 hours": (
        "wrong-type",
        "'contract_ends' is a date, which has no hours: count in days",
        None,
    ),
    "created_at within 3 months after last(login)": ("bad-span", "counts in hours, days or weeks", None),
    "count(login within 1 year after created_at) > 1": ("bad-span", "counts in hours, days or weeks", None),
    "count(login since employees) > 1": ("wrong-type", "'employees' is a number, not a date or a moment", None),
    # activities
    'count(page_view where pge == "x") > 1': ("unknown-property", "no property 'pge'; did you mean 'page'?", "page"),
    "count(page_view where employees > 1) > 1": (
        "unknown-property",
        "it has page, referrer ('where' sees nothing",
        None,
    ),
    "count(page_view where serves_print) > 1": ("unknown-property", "no property 'serves_print'", None),
    'count(any of [page_view, login] where page == "x") > 1': ("unknown-property", "no property 'page'", None),
    'count(any activity where page == "x") > 1': ("unknown-property", "no property 'page'", None),
    "count(page_view where count(login) > 1) > 1": ("where-in-where", "not other activities", None),
    'count(visit where room == "green") > 1': ("not-a-choice", "is not a choice of 'room'", None),
    "count(any of [login, pricing_visits]) > 1": ("wrong-type", "'any of' lists types of activity", None),
    "sum(amont of purchase) > 1": (
        "unknown-property",
        "'purchase' has no property 'amont'; did you mean 'amount'?",
        "amount",
    ),
    "sum(product of purchase) > 1": ("wrong-type", "'product' is a text: only numbers can be added up", None),
    "sum(amount of pricing_visits) > 1": ("unknown-property", "'pricing_visits' has no property 'amount'", None),
}
IN_A_STAGE = {
    "employees > 5": ("field-in-stage", "'employees' is a field, and stages speak of named facts only"),
    "opted_out": ("field-in-stage", "'opted_out' is a field"),
    "industry in competitors": ("field-in-stage", "'industry' is a field"),
    "serve_print": ("unknown-fact", "unknown fact 'serve_print'; did you mean 'serves_print'?"),
    "mql": ("stage-in-rule", "'mql' is a stage"),
    "count(login) > 1": ("field-in-stage", "a stage counts signals; 'login' is none"),
    "count(any activity) > 1": ("field-in-stage", "a stage counts signals; 'any activity' is none"),
    "count(any of [login, chat]) > 1": ("field-in-stage", "a stage counts signals; 'login' is none"),
    'count(pricing_visits where page == "x") > 1': ("field-in-stage", "put the 'where' into the signal"),
    "count(pricing_visits since created_at) > 1": ("field-in-stage", "in plain windows ('within 30 days')"),
    "count(pricing_visits within 3 days after last(pricing_visits)) > 1": ("field-in-stage", "in plain windows"),
    "sum(amount of pricing_visits) > 1": ("field-in-stage", "not add up their properties"),
}


@pytest.mark.parametrize("text", MAKES_SENSE)
def test_rules_that_make_sense_have_no_problems(text):
    """What a salesperson may ask must be let through."""
    assert check_rule(parse(text), SCOPE) == []


@pytest.mark.parametrize("text", MAKES_SENSE_IN_A_STAGE)
def test_stages_may_speak_of_named_facts(text):
    """Every reason on a verdict then has a name and an owner."""
    assert check_rule(parse(text), STAGE) == []


@pytest.mark.parametrize(("text", "said"), MAKES_NONE.items(), ids=list(MAKES_NONE))
def test_rules_that_make_none_have_one_problem_with_its_code(text, said):
    """One mistake, one message: what only follows from it isn't told."""
    parsed = read_rule(text)
    (problem,) = check_rule(parsed.tree, SCOPE)

    code, message, proposed = said
    assert problem.code == code
    assert message in problem.message
    assert problem.did_you_mean == proposed
    assert id(problem.node) in parsed.places, "the caret needs a place"


@pytest.mark.parametrize(("text", "said"), IN_A_STAGE.items(), ids=list(IN_A_STAGE))
def test_stages_may_not_speak_of_fields_and_raw_activities(text, said):
    """A raw field on a verdict would have neither an owner nor a reason."""
    (problem,) = check_rule(parse(text), STAGE)

    code, message = said
    assert problem.code == code
    assert message in problem.message


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('job_title mentions "c++"', '"c++"'),
        ('job_title mentions ["vp", "c++"]', '"c++"'),
        ('press_type in ["offset", "ofset"]', '"ofset"'),
        ("grade is not C", "C"),
        ("grade in [A, C]", "C"),
        ("count(any of [page_view, logn]) >= 1", "logn"),
        ("sum(amont of purchase) > 1", "amont"),
        ("at least 1 of [grade in [A, C], opted_out]", "C"),
    ],
)
def test_a_problem_of_one_entry_is_shown_at_that_entry(text, shown):
    """In a list of forty phrases nobody finds the wrong one by a caret under all of them."""
    parsed = read_rule(text)
    (problem,) = check_rule(parsed.tree, SCOPE)

    start, length = parsed.place(problem.node, problem.entry)
    assert text[start : start + length] == shown


def test_all_problems_of_a_rule_are_told_in_reading_order():
    """Nobody likes to mend a rule five times."""
    problems = check_rule(
        parse('industy == "a" and employees between "1" and created_at or count(logn where x) > 1'), SCOPE
    )

    assert [problem.code for problem in problems] == ["unknown-field", "wrong-type", "unknown-activity"]


def test_selections_and_formulas_are_checked_too():
    """Signals and scores over scores stand alone in the file."""
    assert check_selection(parse_selection('page_view where page == "x" since created_at'), SCOPE) == []
    assert [each.code for each in check_selection(parse_selection("page_vew"), SCOPE)] == ["unknown-activity"]
    assert check_formula(parse_formula("0.5 * fit + highest of [engagement, 3]"), SCOPE) == []
    (problem,) = check_formula(parse_formula("2 * fitt"), SCOPE)
    assert (problem.code, problem.did_you_mean) == ("unknown-score", "fit")
    (problem,) = check_formula(parse_formula("fit + employees"), SCOPE)
    assert (problem.code, problem.did_you_mean) == ("unknown-score", None)


@given(rule=rules())
def test_any_rule_can_be_checked(rule):
    """The check is the first to see nonsense, so it must stand all of it."""
    for problem in check_rule(rule, SCOPE):
        assert problem.code
        assert problem.message


@given(data=st.data(), world=worlds())
def test_well_typed_rules_pass_the_check(data, world):
    """The strategy and the check are two accounts of one language: they must agree."""
    rule = data.draw(typed_rules(world))

    assert check_rule(rule, scope_of(world)) == []


def scope_of(world: World) -> Scope:
    fields = {name: FieldKind(kind, world.choices.get(name, ())) for name, kind in world.fields.items()}
    return Scope(
        names={
            **fields,
            **{name: ListKind(("a",)) for name in world.lists},
            **{name: TraitKind() for name in world.traits},
            **{name: TierKind(cases) for name, cases in world.tiers.items()},
            **{name: ScoreKind() for name in world.scores},
        },
        activities={name: {p: FieldKind(k) for p, k in kinds.items()} for name, kinds in world.activities.items()},
        signals={name: {p: FieldKind(k) for p, k in kinds.items()} for name, kinds in world.signals.items()},
        facts_only=world.facts_only,
    )
