"""A scorecard: each item, its points, out of how many, why, and a total that runs through them."""

import datetime as dt
import json
import re
from decimal import Decimal
from fractions import Fraction
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import qualify
from qualify.errors import QualifyError
from qualify.verdict.scorecard import scorecards
from tests.laws import odd
from tests.laws.judged import judged, open_cases
from tests.laws.test_explained import Page
from tests.strategies import cases

AT = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
CASES = st.one_of(cases(facts=9), open_cases())
TEAMS = {"marketing": "Marketing", "sales": "Sales"}
TRAITS = {
    "prints": {"team": "sales", "when": 'industry == "Printing"', "why": "Our trade."},
    "large": {"team": "sales", "when": "employees >= 50", "why": "Enough work."},
    "rival": {"team": "sales", "when": 'email_domain == "rival.example"', "why": "They only look."},
}
SIGNALS = {"visits": {"team": "marketing", "each": 'page_view where page contains "/pricing"'}}
SIZE = {
    "size": {"team": "sales", "cases": {"small": "employees <= 50", "mid": "employees <= 500", "large": "otherwise"}}
}


def definition(scores, **more):
    return qualify.define(name="Small", teams=TEAMS, traits=TRAITS, signals=SIGNALS, scores=scores, **more)


def card_of(score, lead, *, width=80, **more):
    verdict = definition({"fit": score}, **more).qualify(lead, as_of=AT)
    return verdict.scorecard("fit", width=width)


def visits(*days):
    moments = [(AT - dt.timedelta(days=day)).isoformat() for day in days]
    return [{"type": "page_view", "at": at, "properties": {"page": "/pricing"}} for at in moments]


def ends(text):
    """The bounds that a cell says."""
    text = text.replace(",", "")
    if text == "any number":
        return -inf, inf
    if text.endswith(" or more"):
        return Fraction(text.removesuffix(" or more")), inf
    if text.endswith(" or less"):
        return -inf, Fraction(text.removesuffix(" or less"))
    low, _, high = text.partition(" to ")
    return Fraction(low), Fraction(high or low)


def rows_of(markdown):
    """The cells of each row of a card in Markdown."""
    lines = [line for line in markdown.splitlines() if line.startswith("|")][2:]
    return [[cell.strip().strip("*") for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


# --- laws ---


@given(case=CASES)
def test_the_points_that_are_shown_add_up_to_the_score(case):
    """Who adds them up on paper comes to the same, or trusts nothing of it any more."""
    verdict = judged(case)

    for name, score in verdict.scores.items():
        markdown = verdict.scorecard(name, "markdown")
        if "there is no score" in markdown:
            assert (score.at_least, score.at_most) == (None, None)
            continue
        *rows, total = rows_of(markdown)
        added = [ends(row[1]) for row in rows if row[3] and not row[0].startswith(("capped at", "not below"))]
        low, high = (sum(side) for side in zip((Fraction(0), Fraction(0)), *added, strict=True))
        for pick, bound in ((max, score.floor), (min, score.cap)):
            if bound is not None:
                low, high = pick(low, Fraction(bound)), pick(high, Fraction(bound))
        assert ends(total[1]) == (low, high)
        assert ends(total[1]) == (
            -inf if score.at_least is None else Fraction(score.at_least),
            inf if score.at_most is None else Fraction(score.at_most),
        )
        if rows and rows[-1][3]:
            assert ends(rows[-1][3]) == ends(total[1])


@given(case=CASES)
def test_where_all_is_known_a_cap_and_a_floor_are_points_like_others(case):
    """`capped at 60: -12` closes the sum."""
    for card in scorecards(judged(case), None):
        rows = [row for row in card.rows if row.kind not in ("part", "total")]
        if rows and all(row.points[0] == row.points[1] for row in rows):
            assert sum((Fraction(row.points[0] or 0) for row in rows), Fraction(0)) == card.rows[-1].points[0]


@given(case=CASES)
def test_the_bars_of_a_settled_card_are_a_waterfall(case):
    """Each begins where the one before it ends."""
    for card in scorecards(judged(case), None):
        rows = [row for row in card.rows if row.kind not in ("part", "total")]
        if rows and all(row.points[0] == row.points[1] for row in rows):
            starts, ends_ = [row.bar.sure[0] for row in rows], [row.bar.sure[1] for row in rows]
            assert starts == [0, *ends_[:-1]]
            assert card.rows[-1].bar.sure == (0, ends_[-1])


@given(case=CASES, width=st.sampled_from([1, 40, 57, 80, 100, 120, 200]))
def test_no_line_is_wider_than_it_may_be(case, width):
    """A terminal would break it, and with it the columns."""
    lines = judged(case).scorecard(width=width).splitlines()

    assert max(map(len, lines)) <= max(width, 40)
    assert all(line == line.rstrip() for line in lines)


@given(case=CASES)
def test_the_same_stands_on_a_card_that_was_kept(case):
    """A note in a CRM is written from what was kept, months later."""
    verdict = judged(case)
    kept = qualify.Verdict.from_json(verdict.to_json())

    for form in ("text", "markdown", "html"):
        assert kept.scorecard(format=form) == verdict.scorecard(format=form)


@given(case=CASES)
def test_html_is_a_fragment_in_order(case):
    """It is put into other people's pages: no script, no style, nothing from elsewhere, each tag closed."""
    page = Page(judged(case).scorecard(format="html"))

    assert page.tags <= {"section", "p", "strong", "table", "thead", "tbody", "tr", "th", "td", "svg", "rect"}
    assert not {name for name, _ in page.attributes} & {"href", "src", "style", "onload", "xlink:href"}


@given(lead=odd.odd_leads())
def test_no_value_of_a_lead_does_harm_on_its_card(lead):
    """Whoever fills in a form writes into a page that sales reads."""
    verdict = odd.definition().qualify(lead, as_of=odd.AT)

    for each in (verdict, verdict.redacted()):
        Page(each.scorecard(format="html"))
        for form in ("text", "markdown", "html"):
            assert not [char for char in each.scorecard(format=form) if ord(char) < 32 and char != "\n"]


@given(case=CASES)
def test_what_an_older_verdict_did_not_hold_is_missing_and_no_more(case):
    """The first form had points alone: they still add up, and what they don't explain is called so."""
    old = json.loads(judged(case).to_json())
    for score in old.get("scores", {}).values():
        for key in ("items", "start", "cap", "floor", "of"):
            score.pop(key, None)
    verdict = qualify.Verdict.from_json(json.dumps(old))

    assert verdict.scorecard()
    for name, score in verdict.scores.items():
        markdown = verdict.scorecard(name, "markdown")
        if score.points and "there is no score" not in markdown:
            *rows, total = rows_of(markdown)
            assert ends(rows[-1][3]) == ends(total[1])


# --- what people argue about ---


def test_a_cap_says_what_it_took():
    """`I have 72 points, why do you say 60?`"""
    told = card_of({"cap": 60, "points": {"prints": 40, "large": 32}}, {"industry": "Printing", "employees": 80})

    assert (
        told
        == """\
fit: 60 of at most 60
                points  of  0                                     72
  prints            40  40  ======================
    yes. industry: Printing, asked for: “Printing”
  large             32  32                        ==================
    yes. employees: 80, asked for: at least 50
  capped at 60     -12                                       -------
  total             60  60  =================================

  (= gained, - lost)"""
    )


def test_what_is_lost_goes_back_from_the_total_and_below_nothing():
    """A rival with many points is a rival."""
    told = card_of({"points": {"prints": 20, "rival": -50}}, {"industry": "Printing", "email_domain": "rival.example"})

    assert (
        told
        == """\
fit: -30 of at most 20
          points  of  -30                                   20
  prints      20  20                          ================
    yes. industry: Printing, asked for: “Printing”
  rival      -50      ----------------------------------------
    yes. email domain: rival.example, asked for: “rival.example”
  total      -30  20  ------------------------|

  (= gained, - lost)"""
    )


def test_a_floor_says_what_it_gave():
    """Below it nobody falls."""
    told = card_of({"floor": 0, "points": {"rival": -50}}, {"email_domain": "rival.example"})

    assert re.search(r"^  not below 0 +50 +=+$", told, re.MULTILINE)
    assert re.search(r"^  total +0", told, re.MULTILINE)


def test_what_is_open_is_neither_gained_nor_lost():
    """The bar of the total shows what is sure, and what may come."""
    told = card_of({"points": {"prints": 20, "size": {"mid": 15, "large": 10}}}, {"industry": "Printing"}, tiers=SIZE)

    assert (
        told
        == """\
fit: 20 to 35 of at most 35
            points  of  0                                     35
  prints        20  20  =======================
    yes. industry: Printing, asked for: “Printing”
  size     0 to 15  15                         ~~~~~~~~~~~~~~~~~
    small, mid or large. employees: not known, asked for: at most 50; and 1 more
  total   20 to 35  35  =======================~~~~~~~~~~~~~~~~~

  (= gained, ~ open)"""
    )


def test_what_has_no_end_says_so():
    """Nobody knows how often they looked at the prices: it may be a thousand times."""
    told = card_of({"points": {"visits": {"each": 5}, "prints": 20}}, {"industry": "Printing"})

    assert re.search(r"^  visits +0 or more +~+$", told, re.MULTILINE)
    assert "5 for each of the visits, which are not known" in told
    assert told.startswith("fit: 20 or more\n")


def test_a_limit_says_how_many_of_them_count():
    """Ten pages in one lunch break are one visit."""
    told = card_of(
        {"points": {"visits": {"each": 5, "limit": "1 per day"}}}, {"activities": visits(1, 1, 1, 2, 3)}, width=120
    )

    assert "  visits      15  ====" in told
    assert "5 for each of 3 visits (of 5), at most 1 a day counted" in re.sub(r"\s+", " ", told)


def test_what_has_faded_says_how():
    """`Last month it was 20.`"""
    told = card_of(
        {"points": {"visits": {"each": 20, "limit": "1 ever", "fades": "5 points per 1 week"}}},
        {"activities": visits(8)},
    )

    assert re.search(r"^  visits +15  20  =+$", told, re.MULTILINE)
    assert "20 for 1 visit, at most 1 ever counted, fading 5 points per week" in told


def test_a_sum_of_scores_shows_each_with_its_weight():
    """Which of the two brought it there?"""
    scores = {
        "fit": {"points": {"prints": 40}},
        "interest": {"points": {"large": 30}},
        "total": {"of": "0.5 * fit - interest + 10", "floor": 0},
    }
    told = definition(scores).qualify({"industry": "Printing", "employees": 80}, as_of=AT).scorecard("total", width=80)

    assert re.search(r"^  fit +20 +=+$", told, re.MULTILINE)
    assert "    0.5 × 40\n" in told
    assert re.search(r"^  interest +-30 +-+$", told, re.MULTILINE)
    assert re.search(r"^  constant +10 ", told, re.MULTILINE)
    assert "not below 0" not in told
    assert re.search(r"^  total +0", told, re.MULTILINE)


def test_any_other_formula_shows_its_parts_and_what_it_makes_of_them():
    """The better of two is not their sum."""
    scores = {
        "fit": {"points": {"prints": 40}},
        "interest": {"points": {"large": 30}},
        "best": {"of": "highest of [fit, interest]", "cap": 35},
    }
    told = definition(scores).qualify({"industry": "Printing", "employees": 80}, as_of=AT).scorecard("best", width=80)

    points = re.findall(r"^  (\S.*?)  +(-?\d+)", told, re.MULTILINE)
    assert points == [
        ("fit", "40"), ("interest", "30"), ("the highest of fit and", "40"), ("capped at 35", "-5"), ("total", "35"),
    ]  # fmt: skip


def test_where_there_is_no_score_it_says_why():
    """Too little known is not a 0."""
    scores = {
        "fit": {"points": {"prints": 40}, "only_when": "industry is known"},
        "total": {"of": "fit + 10"},
    }
    verdict = definition(scores).qualify({"employees": 80}, as_of=AT)

    assert verdict.scorecard(width=80) == (
        "fit: there is no score: industry: not known, asked for: known\n\n"
        "total: there is no score: there is none of fit"
    )


def test_a_redacted_card_says_no_value():
    """It can go into a report."""
    lead = {"industry": "Printing", "employees": 987_654}
    verdict = definition({"fit": {"points": {"prints": 40, "large": 3}}}).qualify(lead, as_of=AT).redacted()

    told = "".join(verdict.scorecard(format=form) for form in ("text", "markdown", "html"))

    assert "987" not in told
    assert "yes. employees: (hidden), asked for: at least 50" in told


def test_a_score_in_shadow_has_a_card_by_its_name_alone():
    """It is tried out, and must not be taken for one that counts."""
    shadow = {"points": {"large": 3}, "status": "shadow", "why": "Try.", "review_on": dt.date(2027, 1, 1)}
    verdict = definition({"fit": {"points": {"prints": 40}}, "new_fit": shadow}).qualify({"employees": 80}, as_of=AT)

    assert "new fit" not in verdict.scorecard()
    assert verdict.scorecard("new_fit").startswith("new fit (shadow, so it doesn't count): 3 of at most 3\n")


def test_a_lead_that_is_left_out_has_no_card():
    """Nothing was looked at."""
    left_out = definition({"fit": {"points": {"prints": 40}}}, left_out_by=["rival"])
    verdict = left_out.qualify({"email_domain": "rival.example"}, as_of=AT)

    assert verdict.scorecard() == "This lead is left out: rival. Nothing else is looked at."


@pytest.mark.parametrize(
    ("asked", "code", "said"),
    [
        ({"score": "fitt"}, "unknown-score", "unknown score 'fitt'; did you mean 'fit'?"),
        ({"score": "x" * 500}, "unknown-score", "; there are: fit"),
        ({"format": "pdf"}, "bad-argument", "format is one of text, markdown, html"),
    ],
)
def test_a_wrong_question_says_what_is_wrong_with_it(asked, code, said):
    """And what would be right."""
    verdict = definition({"fit": {"points": {"prints": 40}}}).qualify({}, as_of=AT)

    with pytest.raises(QualifyError) as caught:
        verdict.scorecard(**asked)

    assert caught.value.code == code
    assert said in caught.value.message
    assert len(caught.value.message) < 200


def test_a_title_with_markup_is_shown_as_it_is():
    """Definitions are written by people, too."""
    title = "Fit | <b>bold</b> **x**"
    verdict = definition({"fit": {"title": title, "points": {"prints": Decimal("0.5")}}}).qualify({}, as_of=AT)

    page = Page(MarkdownIt("commonmark").enable("table").render(verdict.scorecard(format="markdown")))
    assert "b" not in page.tags
    assert "table" in page.tags
    assert "b" not in Page(verdict.scorecard(format="html")).tags
