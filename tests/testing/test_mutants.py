"""Mutants: small changes of a definition, and leads that would notice those that no story does."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

import qualify
from qualify.testing import Story, load_stories, mutants, survivors
from qualify.testing.noticing import noticed
from qualify.testing.pasting import together

ROOT = Path(__file__).resolve().parent.parent.parent
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
TEXT = """
format = 1
name = "Small shop"
version = "1"
left_out_by = ["objected"]

[teams]
marketing = "Marketing"
sales = "Sales"

[fields.objects]
type = "boolean"

[traits.objected]
team = "marketing"
when = 'objects'
why = "Who objects is not looked at."

[lists.mail_providers]
team = "marketing"
values = ["gmail.com", "gmx.de"]

[traits.private_mail]
team = "marketing"
when = 'email_domain in mail_providers'
when_unknown = "no"
why = "They don't write from work."

[traits.right_size]
team = "sales"
when = 'employees >= 50'
why = "Smaller shops buy online."

[traits.decides]
team = "sales"
when = 'job_title mentions ["owner", "director"]'
why = "Someone has to sign."

[traits.opted_out_of_mail]
team = "marketing"
when = 'opted_out'
why = "We keep our word."

[traits.interested]
team = "marketing"
when = 'count(demo_request within 30 days) >= 1 or count(visits within 14 days) >= 3'
why = "They came by themselves."

[tiers.company_size]
team = "sales"
cases.small = 'employees <= 100'
cases.large = 'otherwise'

[signals.visits]
team = "marketing"
each = 'page_view where page contains "/pricing"'

[scores.fit]
team = "sales"
start = 5
cap = 60

[scores.fit.points]
right_size = 30
decides = { yes = 20, no = -5 }
company_size = { large = 10 }
visits = { each = 2, limit = "3 per day", at_most = 10, fades = "50% per 30 days" }

[stages.mql]
disqualified_by = ["opted_out_of_mail", "private_mail"]
requires.marketing = "interested"

[stages.sql.requires]
marketing = "fit >= 30"
sales = "at least 1 of [right_size, decides]"
"""


@pytest.fixture(scope="module")
def definition():
    return qualify.loads(TEXT)


@pytest.fixture(scope="module")
def made(definition):
    return list(mutants(definition))


@pytest.fixture(scope="module")
def found(definition):
    """What survives where there are no stories at all: every mutant."""
    return survivors(definition, [])


@pytest.fixture
def pasted(tmp_path):
    """The one story that a text tells, read as everybody's are."""

    def read(text, definition):
        file = tmp_path / "pasted.stories.toml"
        file.write_text(text, encoding="utf-8")
        [story] = load_stories(file, definition)
        return story

    return read


def test_every_mutant_is_another_definition(definition, made):
    """A mutant that means the same would be a reproach that nobody can answer."""
    digests = [mutant.definition.digest for mutant in made]

    assert definition.digest not in digests
    assert len(set(digests)) == len(digests)


def test_mutants_come_in_the_same_order_under_names_of_their_own(definition, made):
    """Who fixed one of them has to find the next where it was."""
    again = list(mutants(definition))

    assert [(mutant.name, mutant.what, mutant.definition.digest) for mutant in again] == [
        (mutant.name, mutant.what, mutant.definition.digest) for mutant in made
    ]
    assert len({mutant.name for mutant in made}) == len(made)


@pytest.mark.parametrize(
    "what",
    [
        "objected no longer leaves a lead out",
        "`employees >= 50` of right_size becomes `employees >= 51`",
        "`employees >= 50` of right_size becomes `employees >= 49`",
        "`employees >= 50` of right_size becomes `employees > 50`",
        "right_size always says no",
        "private_mail is open where it can't be told, instead of no",
        "private_mail is yes where it can't be told, instead of no",
        "mail_providers no longer lists 'gmail.com'",
        "visits no longer fades in fit",
        "sql no longer comes after mql",
        "right_size says the opposite: no instead of yes, yes instead of no",
        "`demo_request within 30 days` of interested becomes `demo_request within 29 days`",
        "`demo_request within 30 days` of interested becomes `demo_request within 31 days`",
        "`demo_request within 30 days` of interested becomes `demo_request within 60 days`",
        "`employees <= 100` of company_size small becomes `employees < 100`",
        "company_size never says small",
        "right_size gives 0 to fit instead of 30",
        "decides gives 0 to fit when it says no, instead of -5",
        "company_size large gives 0 to fit instead of 10",
        "each visits gives 3 to fit instead of 2",
        "visits counts 4 per day in fit instead of 3 per day",
        "visits gives at most 11 to fit instead of 10",
        "fit starts at 6 instead of 5",
        "fit is at most 59 instead of 60",
        "opted_out_of_mail no longer bars a lead from mql",
        "what mql asks of marketing is asked of sales",
        "`fit >= 30` of sql (marketing) becomes `fit > 30`",
        "`at least 1 of [right_size, decides]` of sql (sales) becomes `at least 2 of [right_size, decides]`",
        "sql (sales) no longer counts `right_size`",
        "sql no longer asks sales",
        "what sql asks of marketing is asked of sales, and the other way round",
    ],
)
def test_the_changes_that_people_make_are_made(what, made):
    """A kind of change that is never tried is a kind of mistake that no story is asked about."""
    assert what in [mutant.what for mutant in made]


def test_a_survivor_comes_with_a_lead_that_would_have_noticed(definition, found):
    """A reproach without an example is no help: the lead has to show the difference."""
    for survivor in found:
        if survivor.lead is not None:
            here = definition.qualify(survivor.lead, as_of=survivor.as_of)
            there = survivor.mutant.definition.qualify(survivor.lead, as_of=survivor.as_of)
            assert here != there
    assert sum(survivor.lead is None for survivor in found) <= len(found) // 10


def test_the_pasted_story_holds_of_the_definition_and_not_of_the_mutant(definition, found, pasted):
    """Pasted as it stands it must pass today, and fail on the day of that change."""
    for survivor in found:
        if survivor.lead is None:
            assert "no lead was found that tells them apart" in survivor.as_story()
            continue
        story = pasted(survivor.as_story(), definition)

        assert story.outcome(definition).passed, survivor.as_story()
        assert not story.outcome(survivor.mutant.definition).passed, survivor.as_story()


def test_with_the_pasted_stories_nothing_survives_that_can_be_noticed(definition, found, pasted):
    """Whoever pastes what is proposed is done."""
    proposed = [each.as_story() for each in found if each.lead is not None]
    stories = [pasted(text, definition) for text in proposed]

    assert [each for each in survivors(definition, stories) if each.lead is not None] == []


def test_a_story_that_fails_by_itself_notices_nothing():
    """Else one wrong story would hide all that the others leave open."""
    small = qualify.define(
        name="Small",
        teams={"sales": "Sales"},
        traits={"large": {"team": "sales", "when": "employees >= 50", "why": "They need us."}},
        stages={"sql": {"requires": {"sales": "large"}}},
    )
    wrong = Story("Never so", {"employees": 1}, NOON, {"stage": "sql"})

    assert len(survivors(small, [wrong])) == len(list(mutants(small)))


def test_leads_that_notice_several_changes_are_told_once(found):
    """Forty stories are read by nobody where fifteen do."""
    noticed_ones = [(each.mutant.what, each.found) for each in found if each.found is not None]
    grouped = together(noticed_ones)

    assert len(grouped) < len(noticed_ones)
    assert sorted(what for words, _ in grouped for what in words) == sorted(what for what, _ in noticed_ones)


def test_what_changes_nothing_has_no_lead(definition):
    """A lead that shows no difference must not be given for one that does."""
    assert noticed(definition, definition, [({"employees": 50}, NOON)]) is None


def test_a_lead_near_a_story_is_preferred(definition):
    """What differs from a known lead in one thing is understood at once."""
    other = qualify.loads(TEXT.replace("employees >= 50", "employees >= 51"))
    happened = [{"type": "demo_request", "at": NOON}]
    told = {"employees": 80, "job_title": "clerk", "opted_out": False, "activities": happened}

    found = noticed(definition, other, [(told, NOON)])

    assert found is not None
    assert found.lead["employees"] == 50
    assert found.expect["stage"] == "sql"


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("points >= 47", "points >= 46"),
        ("points >= 47", "points > 47"),
        ("points >= 77", "points >= 78"),
        ("annual_revenue / employees > 1500", "annual_revenue / employees >= 1500"),
        ("annual_revenue / employees > 1500", "annual_revenue / employees > 1400"),
        ("page_views > 3 and annual_revenue / employees > 1.5", "page_views > 3 and annual_revenue / employees >= 1.5"),
    ],
)
def test_a_lead_is_found_where_several_things_have_to_come_together(was, now):
    """One thing at a time never gives 47 points, nor a quotient."""

    def definition(rule):
        given = {"a": 31, "b": 16, "c": 9, "d": 5, "e": 30}
        fields = {name: {"type": "boolean"} for name in (f"has_{name}" for name in given)}
        return qualify.define(
            name="Points",
            teams={"sales": "Sales"},
            fields=fields,
            traits={
                **{name: {"team": "sales", "when": f"has_{name}", "why": "It counts."} for name in given},
                "asked": {"team": "sales", "when": rule, "why": "It is asked."},
            },
            scores={"points": {"points": given}},
            stages={"sql": {"requires": {"sales": "asked"}}},
        )

    one, other = definition(was), definition(now)
    found = noticed(one, other)

    assert found is not None
    assert one.qualify(found.lead, as_of=found.as_of) != other.qualify(found.lead, as_of=found.as_of)


@pytest.mark.parametrize("model", ["posthog-icp-after"])
def test_a_published_models_stories_can_be_completed(model, pasted):
    """The published models are what people will try it on first."""
    path = ROOT / "examples" / "models" / f"{model}.toml"
    definition = qualify.load(path)

    for survivor in survivors(definition, load_stories(path, definition)):
        if survivor.lead is not None:
            story = pasted(survivor.as_story(), definition)
            assert story.outcome(definition).passed
            assert not story.outcome(survivor.mutant.definition).passed
