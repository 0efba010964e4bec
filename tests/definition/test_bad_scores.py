"""What people write for points, limits, fading, tiers and formulas, and can't: refused at load, with the right form."""

import pytest

from tests.definition.test_faults import FRAME, findings_of

BASE = """\
[traits.big]
team = "sales"
when = "employees >= 50"
why = "W."

[tiers.size]
team = "sales"
cases.small = "employees < 50"
cases.large = "otherwise"

[signals.visits]
team = "sales"
each = "page_view"

[scores.need]
points.big = 5

"""
FORMS_OF_LIMITS = "a limit is written '2 per day' (or week, month, quarter, year), or '1 ever'"
FORMS_OF_FADING = "fading is written '25% per 30 days', '5 points per 7 days' or 'half per 14 days'"


def the_fault(text):
    """Code, message, and the characters that the caret points at."""
    [finding] = findings_of(FRAME + BASE + text)
    at = finding.column - 1
    assert finding.level == "fault"
    return finding.code, finding.message, finding.source[at : at + finding.length]


def of_fit(line):
    return the_fault(f"[scores.fit]\n{line}\n")


def found_in_rule(rule):
    return findings_of(f'{FRAME}[traits.t]\nteam = "sales"\nwhen = \'{rule}\'\nwhy = "W."\n')


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        ('"2"', "a limit says of what period: write '2 per day' (or week, month, quarter, year), or '2 ever'"),
        ("2", "a limit says of what period: write '2 per day' (or week, month, quarter, year), or '2 ever'"),
        ('"0 per day"', "a limit is at least 1: what never counts stands in no score"),
        ('"2 per days"', "a limit is written in one way: write '2 per day'"),
        ('"2 a day"', "a limit is written in one way: write '2 per day'"),
        ('"3x/Week"', "a limit is written in one way: write '3 per week'"),
        ('"once per month"', "a limit is written in one way: write '1 per month'"),
        ('"daily"', "a limit is written in one way: write '1 per day'"),
        ('"once"', "a limit is written in one way: write '1 ever'"),
        ('"0 a day"', FORMS_OF_LIMITS),
        ('"2 per fortnight"', FORMS_OF_LIMITS),
        ('"1 per hour"', FORMS_OF_LIMITS),
        ('"-1 per day"', FORMS_OF_LIMITS),
        ('"2.5 per day"', FORMS_OF_LIMITS),
    ],
)
def test_a_limit_says_how_many_of_what(limit, said):
    """Two a day and two in all are different scores: a bare 2 could be either."""
    assert of_fit(f"points.visits = {{ each = 5, limit = {limit} }}") == ("bad-limit", said, limit)


@pytest.mark.parametrize(
    ("fades", "said"),
    [
        ("0% per 30 days", "a share is above 0% and at most 100%: 0% never fades: leave 'fades' out"),
        ("150% per 30 days", "a share is above 0% and at most 100%: 100% is all there is"),
        ("0.001% per day", "a share has at most 2 decimals"),
        ("0 points per 7 days", "points that fade are above 0, with at most 4 decimals"),
        (
            "5% a month",
            "fading counts in hours, days or weeks, since months differ in length: write '5% per 30 days'",
        ),
        (
            "half per 2 months",
            "fading counts in hours, days or weeks, since months differ in length: write 'half per 60 days'",
        ),
        ("25%", "fading says in what time: write '25% per 30 days'"),
        ("half", "fading says in what time: write 'half per 30 days'"),
        ("-5 percent per day", "fading is written in one way: write '5% per day'"),
        ("5 point every 2 weeks", "fading is written in one way: write '5 points per 2 weeks'"),
        ("25% per 0 days", FORMS_OF_FADING),
        ("half per 00 days", "points fade in periods of at least 1 hour, day or week"),
        ("5 per 7 days", FORMS_OF_FADING),
        ("half per half", FORMS_OF_FADING),
        ("5 half per day", FORMS_OF_FADING),
        ("slowly", FORMS_OF_FADING),
    ],
)
def test_fading_says_how_much_in_what_time(fades, said):
    """A share of the original in a span of one length: everything else is reckoned differently by everybody."""
    assert of_fit(f'points.visits = {{ each = 5, fades = "{fades}" }}') == ("bad-fade", said, f'"{fades}"')


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [
        ('"20"', "wrong-type", "a number, without quotes: 20"),
        ('"twenty"', "wrong-type", "a number, without quotes"),
        ("true", "wrong-type", "a number, without quotes"),
        ("[20]", "wrong-type", "a number, without quotes"),
        ("nan", "bad-number", "is a number, and 'nan' is none"),
        ("inf", "bad-number", "is below 1,000,000,000 in size"),
        ("1e9", "bad-number", "is below 1,000,000,000 in size"),
        ("0.00001", "bad-number", "has at most 4 decimals"),
    ],
)
@pytest.mark.parametrize("item", ["big = {}", "size = {{ small = {} }}", "visits = {{ each = {} }}"])
def test_points_are_numbers_that_every_engine_reckons_with(item, number, code, said):
    """A text that looks like a number is a mistake in the file, not something to guess at."""
    found, message, _ = of_fit(f"points.{item.format(number)}")

    assert found == code
    assert message.endswith(said)


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        (
            "points.visits = 5",
            "wrong-type",
            "'visits' is a signal, so its points are a table with 'each', such as { each = 5 }, for each time",
        ),
        (
            "points.visits = true",
            "wrong-type",
            "'visits' is a signal, so its points are a table with 'each', such as { each = 5, limit = \"1 per day\" }",
        ),
        (
            'points.visits = { limit = "1 per day" }',
            "missing-key",
            "'scores.fit.points.visits' needs 'each': points for each occurrence",
        ),
        ("points.visits = {}", "missing-key", "'scores.fit.points.visits' needs 'each': points for each occurrence"),
        ("points.visits = { each = 5, at_most = -1 }", "bad-number", "'at_most' is a size, and not below 0"),
        ("points.visits = { each = 5, cap = 20 }", "unknown-key", "unknown key 'cap'; did you mean 'at_most'?"),
        (
            'points.big = { yes = 5, limit = "1 per day" }',
            "unknown-key",
            "'limit' goes with the points of a signal, which happens several times; 'big' is a trait",
        ),
        (
            "points.big = { each = 5 }",
            "unknown-key",
            "'each' goes with the points of a signal, which happens several times; 'big' is a trait",
        ),
        ("points.size = 5", "wrong-type", "'size' is a table of cases, such as { small = 15, large = 10 }"),
        ("points.size = { tiny = 5 }", "unknown-case", "'size' has no case 'tiny': it is one of small, large"),
        ("points = {}", "missing-key", "the score 'fit' gives no points"),
        ("cap = 5", "missing-key", "the score 'fit' needs 'points' or 'of', one of them"),
        ("points.big = 5\ncap = 5\nfloor = 6", "floor-above-cap", "the floor of 'fit' lies above its cap"),
    ],
)
def test_points_have_the_form_of_what_earns_them(line, code, said):
    """A trait is had once, a signal happens again and again, a tier is one of its cases."""
    assert of_fit(line)[:2] == (code, said)


@pytest.mark.parametrize(
    ("formula", "code", "said"),
    [
        ("need / 2", "bad-formula", "a formula over scores has no division: multiply by a share, such as 0.5"),
        ("need / 0", "bad-formula", "a formula over scores has no division: multiply by a share, such as 0.5"),
        (
            "need * need",
            "bad-formula",
            "a product of two scores is not in the language: multiply a score by a number",
        ),
        ("need + fit", "cycle", "these facts speak of each other in a circle: fit -> fit"),
        ("need * 0.12345", "bad-number", "a number in a formula has at most 4 decimals and is below 1,000,000,000"),
    ],
)
def test_a_formula_adds_weighs_and_takes_the_highest_or_lowest(formula, code, said):
    """So that every score stays exact, and its ends can be told before all is known."""
    assert of_fit(f"of = '{formula}'")[:2] == (code, said)


@pytest.mark.parametrize("name", ["big", "size", "visits", "employees", "nothing"])
def test_a_formula_speaks_of_scores_alone(name):
    """A trait has no number until a score gives it one."""
    code, _, shown = of_fit(f'of = "need + {name}"')

    assert (code, shown) == ("unknown-score", name)


@pytest.mark.parametrize("formula", ['need + "text"', "need +", "need > 5", "need ^ 2", "2need", "need * 50%", ""])
def test_a_formula_that_cannot_be_read_is_refused_where_it_goes_wrong(formula):
    """As a rule is."""
    assert of_fit(f"of = '{formula}'")[0] in ("syntax", "empty-text")


def test_a_score_that_only_counts_when_it_is_high_is_a_circle():
    """It would have to be known before it is known."""
    assert of_fit('points.big = 5\nonly_when = "fit > 3"')[0] == "cycle"


@pytest.mark.parametrize(
    ("cases", "code"),
    [
        ("{}", "no-cases"),
        ("[]", "wrong-type"),
        ('{ a = "employees < 5" }', "no-otherwise"),
        ('{ a = "otherwise", b = "otherwise" }', "otherwise-not-last"),
        ('{ a = "otherwise", b = "employees > 3" }', "otherwise-not-last"),
        ('{ a = 5, b = "otherwise" }', "wrong-type"),
        ('{ a = "otherwise and employees > 3", b = "otherwise" }', "syntax"),
    ],
)
def test_a_tier_has_cases_of_which_the_last_alone_is_otherwise(cases, code):
    """Every lead has one case, and only one."""
    assert the_fault(f'[tiers.t]\nteam = "sales"\ncases = {cases}\n')[0] == code


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("sum(page of page_view) > 5", "wrong-type"),
        ("sum(product of purchase) > 5", "wrong-type"),
        ("sum(size of purchase) > 5", "unknown-property"),
        ("sum(amount of any activity) > 5", "unknown-property"),
        ("sum(purchase) > 5", "syntax"),
    ],
)
def test_only_numbers_are_added_up(rule, code):
    """A sum over texts has no meaning that two people would agree on."""
    assert [finding.code for finding in found_in_rule(rule)] == [code]


def test_a_division_by_zero_is_told_since_no_lead_ever_passes_or_fails_it():
    """Its result is unknown for everybody, and that looks like missing data."""
    [finding] = found_in_rule("annual_revenue / 0 > 3")

    assert (finding.code, finding.level) == ("doubtful-test", "warning")
    assert finding.message == "a division by zero has no result, so this is unknown for every lead"
    assert finding.source[finding.column - 1 :].startswith("annual_revenue / 0")


# --- sizes ---


def test_a_hundred_thousand_points_are_only_a_number():
    """Whoever counts in cents may."""
    assert findings_of(f"{FRAME}{BASE}[scores.fit]\npoints.big = 100_000\n") == ()


def test_points_each_time_that_outgrow_the_integers_are_refused_at_load():
    """Not on the one lead that is active enough."""
    code, message, shown = of_fit('points.visits = { each = 999_999_999.9999, fades = "half per day" }')

    assert (code, shown) == ("score-too-large", "fit")
    assert message == "the score 'fit' can grow beyond what 64-bit integers hold, on its scale"


def test_weights_upon_weights_are_told_of_the_score_that_has_them():
    """The plain score beside it is not what is to be changed."""
    chain = "".join(f'[scores.s{at}]\nof = "0.0001 * {f"s{at - 1}" if at else "need"}"\n' for at in range(6))

    code, message, shown = the_fault(chain)

    assert (code, shown) == ("score-too-large", "s5")
    assert message.startswith("'s5' has so many decimals in the end that the score 'need' beside it can grow")
