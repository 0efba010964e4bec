"""What is right by every rule of the file and still can't be meant: told as a warning, and never where it could be."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualify import define, load, loads
from tests.definition.test_faults import FRAME, shown
from tests.pages import EXAMPLES

DEFINITIONS = sorted(
    {path.parent if path.name == "definition.toml" else path for path in EXAMPLES.rglob("*.toml")}
    - {path for path in EXAMPLES.rglob("*.toml") if path.suffixes[-2:-1] or (path.parent / "definition.toml").exists()}
    - set(EXAMPLES.rglob("pyproject.toml"))
    - set(EXAMPLES.rglob("mapping.toml"))
)


def doubts(text):
    """The warnings of a definition, as a person reads them."""
    return loads(FRAME + text).check()


def tier(more="", **cases):
    """A tier with these cases."""
    written = "\n".join(f"cases.{name} = '{when}'" for name, when in cases.items())
    return f'[tiers.size]\nteam = "sales"\n{more}\n{written}\n'


def codes(text):
    return [finding.code for finding in doubts(text)]


def message(text):
    [finding] = doubts(text)
    return finding.message


# --- cases that can never be ---


def test_a_case_behind_a_wider_one_is_told_with_both_names():
    """Whoever reads the table from below doesn't see that nobody gets there."""
    found = doubts(tier(mid="employees <= 500", small="employees <= 50", large="otherwise"))

    assert shown(found) == (
        "[dead-case 16]\n"
        "line 11: warning: 'small' can never be: wherever it holds, 'mid' above it holds too; the narrower case stands first\n"
        "\n"
        "  11 | cases.small = 'employees <= 50'\n"
        "                      ^^^^^^^^^^^^^^^\n"
        "  In tiers.size (sales).\n"
    )


@pytest.mark.parametrize(
    "cases",
    [
        ("employees <= 500", "employees < 50 and customer"),
        ("employees <= 500", "employees between 10 and 50"),
        ("employees <= 500", "employees in [3, 500]"),
        ("employees < 10", "employees >= 10", "employees > 30"),
        ("employees < 10 or customer", "employees < 5"),
        ("not employees > 10", "5 >= employees"),
        ("at least 1 of [employees < 10, customer]", "employees < 5"),
        ("annual_revenue / employees > 100", "annual_revenue / employees > 200"),
        ('industry in ["Printing", "Packaging"]', 'industry == "printing"'),
        ('industry != "Printing"', 'industry in ["Packaging", "Paper"]'),
        ("email_domain in rivals", 'email_domain in ["b.example"] and customer'),
        ("created_at < 2026-01-02", "created_at <= 2026-01-01"),
        ("count(page_view) > 2", "count(page_view) >= 3"),
        ("customer", "employees > 3 and customer"),
        ("customer", "not customer", "customer is known"),
        ("employees is known", "employees > 3"),
        ("grade in [A, B]", "grade is A"),
        ("grade is not C", "grade is B"),
        ("fit >= 20", "fit >= 30"),
    ],
)
def test_a_case_that_earlier_ones_cover_is_told_of_every_kind_of_value(cases):
    """Texts, days, counts, scores and tiers have orders of their own."""
    named = {f"c{at}": when for at, when in enumerate(cases)}
    text = tier(**named, rest="otherwise") + (
        '[lists.rivals]\nteam = "sales"\nvalues = ["a.example", "B.example"]\n'
        '[traits.read]\nteam = "sales"\nwhen = "email_domain in rivals"\nwhy = "W."\n'
        '[tiers.grade]\nteam = "sales"\ncases.A = "employees > 10"\ncases.B = "employees > 5"\ncases.C = "otherwise"\n'
        "[scores.fit]\npoints.read = 60\n"
    )

    [finding] = doubts(text)

    assert finding.code == "dead-case"
    assert finding.message.startswith(f"'c{len(cases) - 1}' can never be: ")


@pytest.mark.parametrize(
    "cases",
    [
        ("employees <= 50", "employees <= 500"),
        ("employees <= 50 and customer", "employees <= 40"),
        ("employees <= 50", "employees <= 40 or customer"),
        ("industry in [\"Printing\"]", "industry in [\"Printing\", \"Paper\"]"),
        ("industry in [\"Printing\"]", "country == \"DE\""),
        ("industry contains \"print\"", "industry == \"Printing\""),
        ("employees is known", "employees is unknown"),
        ("employees > 3", "employees is known"),
        ("employees > 3", "employees is unknown or employees > 5"),
        ("last(login) within 30 days", "last(login) within 10 days"),
        ("not last(login) < 2026-01-01", "not last(login) < 2026-02-01"),
        ("created_at < 2026-01-02", "created_at < 2026-01-03"),
        ("at least 2 of [employees < 10, customer, bounced]", "employees < 5"),
        ("count(page_view where page == \"a\") >= 3", "count(page_view where page == \"b\") >= 5"),
    ],
)  # fmt: skip
def test_a_case_that_some_lead_can_have_is_not_told(cases):
    """A warning that is wrong once is not read again."""
    named = {f"c{at}": when for at, when in enumerate(cases)}

    assert codes(tier(**named, rest="otherwise")) == []


def test_a_case_that_contradicts_itself_is_told_and_between_from_above_only_once():
    """One mistake, one finding."""
    text = tier(torn="employees < 10 and employees >= 50 and customer", rest="otherwise")

    assert message(text) == "'torn' can never be: no value of 'employees' passes all this"
    assert codes(tier(torn="employees between 100 and 50", rest="otherwise")) in ([], ["doubtful-test"])


def test_the_case_that_stands_for_antier_may_have_a_rule_that_never_holds():
    """It is chosen all the same: for whom nothing is known."""
    text = tier('when_unknown = "nobody"', small="employees < 50", nobody="employees < 0", large="otherwise")

    assert codes(text) == []


def test_what_is_retired_is_not_looked_at():
    """It stands there for the record."""
    life = 'status = "retired"'

    assert codes(tier(life, mid="employees <= 500", small="employees <= 50", large="otherwise")) == []


# --- gaps and shared edges ---


@pytest.mark.parametrize(
    ("cases", "range_"),
    [
        (("employees <= 50", "employees >= 100"), "employees above 50 and below 100"),
        (("employees between 100 and 200", "employees between 1 and 50"), "employees above 50 and below 100"),
        (("employees is unknown", "employees < 50", "employees > 50"), "employees exactly 50"),
        (("count(page_view) <= 2", "count(page_view) > 4"), "count(page_view) from 3 to 4"),
        (("created_at < 2026-01-05", "created_at > 2026-01-05"), "created_at exactly 2026-01-05"),
        (("employees / 10 < 0.5", "employees / 10 > 0.7"), "employees / 10 from 0.5 to 0.7"),
    ],
)
def test_what_two_cases_leave_between_them_is_told_as_a_range(cases, range_):
    """Somebody copied two tables, and the leads between them are called what is left over."""
    named = {f"c{at}": when for at, when in enumerate(cases)}

    [finding] = doubts(tier(**named, rest="otherwise"))

    assert finding.code == "gap-between-cases"
    assert f", {range_} falls to 'rest' (otherwise)" in finding.message


@pytest.mark.parametrize(
    "cases",
    [
        ("employees <= 50", "employees <= 500"),
        ("employees between 1 and 50", "employees between 51 and 200", "employees between 201 and 500"),
        ("employees <= 49.99", "employees >= 50"),
        ("count(page_view) <= 2", "count(page_view) >= 3"),
        ("created_at <= 2026-01-04", "created_at >= 2026-01-05"),
        ("employees != 7",),
        ("not employees between 10 and 20",),
        ("employees <= 50", "employees >= 100 and customer"),
        ("employees <= 50 or customer", "employees >= 100"),
        ('industry == "b"', 'industry == "d"'),
    ],
)
def test_what_is_left_at_an_end_or_by_one_case_alone_is_no_gap(cases):
    """Where whole numbers are counted nobody lies between 50 and 51, and `!=` leaves out what it says."""
    named = {f"c{at}": when for at, when in enumerate(cases)}

    assert codes(tier(**named, rest="otherwise")) == []


def test_two_bands_that_share_an_edge_are_told():
    """The table reads 101 to 1,000 and 1,000 to 10,000: a company of 1,000 is in both."""
    text = tier(mid="employees between 101 and 1000", large="employees between 1000 and 10000", rest="otherwise")

    assert message(text) == (
        "'mid' and 'large' both take employees 1000, and 'mid' stands first: let one of them leave it out"
    )


@pytest.mark.parametrize(
    "cases",
    [
        ("employees >= 100", "employees >= 50"),
        ("employees between 1 and 60", "employees between 50 and 100"),
        ("employees == 10", "employees >= 10"),
        ("employees <= 10", "employees >= 10 and customer"),
        ("employees == 10", "employees <= 10", "employees >= 10"),
    ],
)
def test_what_overlaps_on_purpose_is_not_told(cases):
    """Order decides, and most tiers are written in that way."""
    named = {f"c{at}": when for at, when in enumerate(cases)}

    assert codes(tier(**named, rest="otherwise")) == []


@st.composite
def cases_over_employees(draw):
    """Rules about `employees` alone, with thresholds from 0 to 9."""
    number = st.integers(0, 9)
    tests = st.one_of(
        st.builds("employees {} {}".format, st.sampled_from(["<", "<=", ">", ">=", "=="]), number),
        st.builds("employees between {0[0]} and {0[1]}".format, st.tuples(number, number).map(sorted)),
        st.builds("{1} <= employees and employees {0} {2}".format, st.sampled_from(["<", "<="]), number, number),
        st.builds("employees in [{}, {}]".format, number, number),
    )
    return draw(st.lists(tests, min_size=1, max_size=4))


@given(cases=cases_over_employees())
@settings(max_examples=60)
def test_for_thresholds_over_one_number_the_warnings_are_what_trying_every_value_gives(cases):
    """Told is all that is so, and nothing else: over one number there is no excuse."""
    names = [f"c{at}" for at in range(len(cases))]
    definition = define(
        name="Leads",
        teams={"sales": "Sales"},
        traits={name: {"team": "sales", "when": when, "why": "W."} for name, when in zip(names, cases, strict=True)},
        tiers={
            "size": {
                "team": "sales",
                "cases": {f"is_{name}": when for name, when in zip(names, cases, strict=True)} | {"rest": "otherwise"},
            }
        },
    )
    values = [Fraction(half, 2) for half in range(-2, 22)]
    verdicts = [definition.qualify({"id": "1", "employees": float(value)}) for value in values]
    holding = [{name for name in names if verdict.traits[name].answer.value == "yes"} for verdict in verdicts]
    chosen = {verdict.tiers["size"].case for verdict in verdicts}

    dead = {finding.message.split("'")[1] for finding in definition.check() if finding.code == "dead-case"}
    gaps = [finding for finding in definition.check() if finding.code == "gap-between-cases"]

    assert dead == {f"is_{name}" for name in names} - chosen
    assert len(gaps) == sum(1 for start, end in _runs(holding) if _is_gap(values, holding, start, end))


def _runs(holding):
    """Where nothing holds, as the first place and the place behind the last."""
    start = None
    for at, names in enumerate(holding):
        if names and start is not None:
            yield start, at
            start = None
        elif not names and start is None:
            start = at


def _is_gap(values, holding, start, end):
    whole = any(value.denominator == 1 for value in values[start:end])
    return start > 0 and whole and not holding[start - 1] & holding[end]


# --- scores ---


def score(points, more="", asks="fit >= 70"):
    """A score over three traits and a tier, and a stage that asks for it."""
    traits = "".join(
        f'[traits.{name}]\nteam = "sales"\nwhen = "{field}"\nwhy = "W."\n'
        for name, field in (("bought", "customer"), ("asked", "consented"), ("left", "opted_out"))
    )
    return (
        f'{traits}[tiers.size]\nteam = "sales"\ncases.small = "employees < 50"\ncases.large = "otherwise"\n'
        f'[signals.visits]\nteam = "sales"\neach = "page_view"\n'
        f"[scores.fit]\n{more}\n{points}\n[stages.mql]\nrequires.sales = '{asks}'\n"
    )


@pytest.mark.parametrize(
    ("points", "more", "asks", "why"),
    [
        ("points.bought = 60", "", "fit >= 70", "'fit' goes from 0 to 60"),
        ("points.bought = 90", "cap = 60", "fit >= 70", "'fit' goes from 0 to 60 (its cap)"),
        ("points.bought = { no = -20 }", "floor = 0", "fit < 0", "'fit' goes from 0 (its floor) to 0"),
        ("points.bought = 60", "start = 10", "fit < 10", "'fit' goes from 10 to 70"),
        ("points.size = { small = 5, large = 20 }", "", "fit <= 4", "'fit' goes from 5 to 20"),
        ("points.size = { large = 20 }", "", "fit between 21 and 30", "'fit' goes from 0 to 20"),
        ("points.visits = { each = 5, at_most = 20 }", "", "20 < fit", "'fit' goes from 0 to 20"),
        ('points.visits = { each = 5, limit = "3 ever" }', "", "fit > 15", "'fit' goes from 0 to 15"),
        ("points.visits = { each = -5 }", "", "fit > 0", "'fit' is at most 0"),
        ("points.visits = { each = 5 }", "", "fit == -1", "'fit' is at least 0"),
        ("points.bought = 2.5", "", "fit in [3, 4]", "'fit' goes from 0 to 2.5"),
    ],
)
def test_a_threshold_beyond_all_points_is_told_with_the_ends(points, more, asks, why):
    """A stage that nobody can reach looks like a quiet month."""
    [finding] = doubts(score(points, more, asks))

    assert finding.code == "unreachable-threshold"
    assert finding.message == f"'{asks}' is never yes: {why}"


@pytest.mark.parametrize(
    ("points", "more", "asks"),
    [
        ("points.bought = 60", "", "fit >= 60"),
        ("points.bought = 60", "", "fit >= 0"),
        ("points.bought = 60\npoints.left = -60", "floor = 0", "fit <= 0"),
        ("points.visits = { each = 5 }", "", "fit >= 100000"),
        ('points.visits = { each = 5, limit = "1 per day" }', "", "fit >= 100000"),
        ("points.bought = 60", "", "fit in [0, 700]"),
        ("points.bought = 60", "", "fit not in [700]"),
    ],
)
def test_a_threshold_that_some_lead_may_pass_is_not_told(points, more, asks):
    """`fit >= 0` is how one asks for a first band, or for whether there is a score at all."""
    assert codes(score(points, more, asks)) == []


@pytest.mark.parametrize(
    "asks",
    [
        '[traits.hot]\nteam = "sales"\nwhen = "total > 100"\nwhy = "W."\n',
        '[tiers.grade]\nteam = "sales"\ncases.A = "total > 100"\ncases.B = "otherwise"\n',
        '[scores.late]\nof = "total"\nonly_when = "total > 100"\n',
    ],
)
def test_scores_of_scores_are_followed_wherever_they_are_asked_for(asks):
    """The ends of a formula are those of its scores, weighed."""
    of = '[scores.total]\nof = "0.5 * fit + highest of [fit, 40] - 20"\n'

    [finding] = doubts(score("points.bought = 60", "", "fit >= 60") + of + asks)

    assert finding.message == "'total > 100' is never yes: 'total' goes from 20 to 70"


points_ = st.integers(-20, 20)
ends_ = st.none() | st.integers(-30, 30)


@given(
    yes=st.tuples(points_, points_, points_),
    no=points_,
    cases=st.tuples(points_, points_),
    bounds=st.tuples(ends_, ends_),
    weight=st.sampled_from([-1, 0.5, 2]),
    asks=st.tuples(st.sampled_from(["<", "<=", ">", ">="]), st.integers(-60, 60)),
)
@settings(max_examples=60)
def test_a_threshold_is_told_exactly_where_no_lead_passes_it(yes, no, cases, bounds, weight, asks):
    """Where no two facts hang together, the ends are those that some lead has."""
    floor, cap = bounds if None in bounds else sorted(bounds)
    definition = define(
        name="Leads",
        teams={"sales": "Sales"},
        traits={
            name: {"team": "sales", "when": field, "why": "W."}
            for name, field in (("bought", "customer"), ("asked", "consented"), ("left", "opted_out"))
        },
        tiers={"size": {"team": "sales", "cases": {"small": "employees < 50", "large": "otherwise"}}},
        scores={
            "fit": {"points": {"bought": yes[0], "asked": {"yes": yes[1], "no": no}}, "cap": cap, "floor": floor},
            "need": {"points": {"left": yes[2], "size": {"small": cases[0], "large": cases[1]}}, "start": 3},
            "total": {"of": f"fit + {weight} * need"},
        },
        stages={"mql": {"requires": {"sales": f"total {asks[0]} {asks[1]}"}}},
    )
    leads = [
        {"id": "1", "customer": one, "consented": two, "opted_out": three, "employees": size}
        for one, two, three, size in product((True, False), (True, False), (True, False), (10, 100))
    ]

    reached = any(definition.qualify(lead).stage == "mql" for lead in leads)

    assert [finding.code for finding in definition.check()] == ([] if reached else ["unreachable-threshold"])


@pytest.mark.parametrize("path", DEFINITIONS, ids=lambda path: path.name)
def test_the_examples_give_no_cause_for_doubt(path):
    """They are what people copy."""
    assert load(path).check() == ()
