"""Coverage of a definition: what verdicts showed of it, and what they never did."""

from datetime import UTC, datetime
from threading import Thread

import pytest
from hypothesis import given, settings

import qualify
from qualify.errors import QualifyError
from qualify.testing import Coverage, invariants, leads_at, verdicts

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
TEXT = """
format = 1
name = "Small shop"
version = "1"
left_out_by = ["objected"]

[teams]
sales = "Sales"

[fields.objects]
type = "boolean"

[traits.objected]
team = "sales"
when = 'objects'
when_unknown = "no"
why = "Who objects is not looked at."

[traits.right_size]
team = "sales"
when = 'employees >= 50'
why = "Smaller shops buy online."

[traits.no_mail]
team = "sales"
when = 'opted_out'
why = "We keep our word."

[traits.tells_industry]
team = "sales"
when = 'industry is known'
why = "Who tells it wants an answer."

[traits.uses_offset]
team = "sales"
status = "shadow"
review_on = 2027-01-01
when = 'page_views >= 3'
why = "Perhaps."

[tiers.size]
team = "sales"
cases.small = 'employees <= 100'
cases.large = 'otherwise'

[scores.fit]
team = "sales"
points = { right_size = 30, tells_industry = 10 }

[stages.sql]
disqualified_by = ["no_mail"]
requires.sales = "fit >= 30"
"""


@pytest.fixture
def definition():
    return qualify.loads(TEXT)


def coverage_of(definition, *leads):
    coverage = Coverage(definition)
    for lead in leads:
        coverage.see(definition.qualify(lead, as_of=NOON))
    return coverage


def never(coverage):
    return {(each.kind, each.name): each.outcomes for each in coverage.missing}


def test_a_verdict_counts_for_exactly_what_it_shows(definition):
    """What was never seen must not be called covered, nor the other way round."""
    before, after = Coverage(definition), coverage_of(definition, {"employees": 50, "opted_out": False})

    shown = {
        (kind, name, outcome)
        for (kind, name), outcomes in never(before).items()
        for outcome in outcomes
        if outcome not in never(after).get((kind, name), ())
    }
    assert shown == {
        ("trait", "objected", "no"),
        ("trait", "right_size", "yes"),
        ("trait", "no_mail", "no"),
        ("trait", "tells_industry", "no"),
        ("tier", "size", "small"),
        ("side", "sql, sales", "yes"),
        ("disqualifier", "sql, no_mail", "no"),
        ("threshold", "right_size, employees >= 50", "met"),
        ("edge", "right_size, employees >= 50", "exactly 50"),
        ("threshold", "size, employees <= 100", "met"),
        ("threshold", "sql, sales, fit >= 30", "met"),
        ("edge", "sql, sales, fit >= 30", "exactly 30"),
    }


def test_a_suite_that_touches_everything_is_complete(definition):
    """A hundred of a hundred must be possible, or nobody will ask for it."""
    coverage = coverage_of(
        definition,
        {},
        {"objects": True},
        {"employees": 50, "opted_out": False},
        {"employees": 100, "opted_out": True, "industry": "Printing"},
        {"employees": 101},
        {"employees": 20},
    )

    assert coverage.missing == ()
    assert coverage.percent == 100
    assert coverage.report() == ["Small shop 1: 28 of 28 outcomes were seen (100 %), in 6 verdicts"]


def test_unknown_is_not_asked_for_where_it_cannot_be(definition):
    """A floor that can't be reached would be turned off."""
    asked = never(Coverage(definition))

    assert asked["trait", "objected"] == ("yes", "no")  # what is unknown is a no by agreement
    assert asked["trait", "tells_industry"] == ("yes", "no")
    assert asked["trait", "right_size"] == ("yes", "no", "unknown")
    assert asked["side", "sql, sales"] == ("yes", "no", "unknown")


def test_what_is_in_shadow_is_not_asked_for(definition):
    """What counts for nothing yet needs no story yet."""
    assert not any("uses_offset" in name for _, name in never(Coverage(definition)))


def test_a_lead_that_was_left_out_shows_only_who_left_it_out(definition):
    """Everything else is empty then."""
    coverage = coverage_of(definition, {"objects": True, "employees": 50})

    assert coverage.times("trait", "objected", "yes") == 1
    assert coverage.times("trait", "right_size", "yes") == 0


def test_the_report_tells_each_thing_in_a_line(definition):
    """It is printed where there is room for lines, and read by people."""
    assert coverage_of(definition, {"employees": 60, "opted_out": False}).report() == [
        "Small shop 1: 10 of 28 outcomes were seen (35 %), in 1 verdict",
        "  trait         objected: never yes",
        "  trait         right_size: never no or unknown",
        "  trait         no_mail: never yes or unknown",
        "  trait         tells_industry: never yes",
        "  tier          size: never large or open",
        "  side          sql, sales: never no or unknown",
        "  disqualifier  sql, no_mail: never yes or unknown",
        "  threshold     right_size, employees >= 50: never not met or unknown",
        "  threshold     size, employees <= 100: never not met or unknown",
        "  threshold     sql, sales, fit >= 30: never not met or unknown",
        "  edge          right_size, employees >= 50: never exactly 50",
        "  edge          size, employees <= 100: never exactly 100",
    ]


def test_watching_sees_what_anybody_asks_of_the_same_definition(definition):
    """The code under test asks; the suite only watches."""
    same, other = qualify.loads(TEXT), qualify.loads(TEXT.replace(">= 50", ">= 51"))
    coverage = Coverage(definition)

    with coverage.watching():
        same.qualify({"employees": 50})
        list(same.qualify_many([{}, {}]))
        thread = Thread(target=lambda: same.qualify({}))
        thread.start()
        thread.join()
        other.qualify({})

    same.qualify({})
    assert coverage.verdicts == 4


def test_two_can_watch_at_once_and_nothing_stays_behind(definition):
    """A suite within a suite must not lose anything, and nobody pays after it."""
    methods = qualify.Definition.qualify, qualify.Definition.qualify_many
    outer, inner = Coverage(definition), Coverage(definition)

    with outer.watching():
        with inner.watching():
            definition.qualify({})
        definition.qualify({})

    assert (outer.verdicts, inner.verdicts) == (2, 1)
    assert (qualify.Definition.qualify, qualify.Definition.qualify_many) == methods


def test_watching_ends_when_a_test_fails(definition):
    """A red test must not slow down the ones after it."""
    method = qualify.Definition.qualify

    with pytest.raises(RuntimeError), Coverage(definition).watching():
        raise RuntimeError

    assert qualify.Definition.qualify is method


@pytest.mark.parametrize("law", [*invariants.LAWS, invariants.hold], ids=lambda law: law.__name__)
def test_what_the_laws_ask_counts_for_nothing(definition, law):
    """One line would else cover a whole definition, and show nothing of what its authors meant."""
    coverage = Coverage(definition)
    with coverage.watching():
        law(definition, as_of=NOON, max_examples=5)
        seen_by_laws = coverage.verdicts
        definition.qualify({})

    assert (seen_by_laws, coverage.verdicts) == (0, 1)


def test_what_a_layer_asks_in_a_thread_of_its_own_while_a_law_runs_counts_for_nothing(definition):
    """What stands before a definition may be a client of a service."""

    class InAThread(qualify.Definition):
        def qualify(self, lead, *, as_of=None, proposed=False):
            found = []
            thread = Thread(target=lambda: found.append(definition.qualify(lead, as_of=as_of)))
            thread.start()
            thread.join()
            return found[0]

    coverage = Coverage(definition)
    with coverage.watching():
        invariants.sides_compose(InAThread(definition.model), as_of=NOON, max_examples=5)

    assert coverage.verdicts == 0


def test_counting_goes_on_after_a_law_was_broken(definition):
    """A red test must not blind the ones after it."""

    class Blind(qualify.Definition):
        def qualify(self, lead, *, as_of=None, proposed=False):
            return super().qualify({}, as_of=as_of)

    coverage = Coverage(definition)
    with coverage.watching():
        with pytest.raises(AssertionError):
            invariants.engines_agree(Blind(definition.model), as_of=NOON)
        definition.qualify({})

    assert coverage.verdicts == 1


def test_drawing_leads_shows_nothing_of_what_is_asked_of_them(definition):
    """A lead is built by asking the definition; a suite covers what it asks itself, or is given a verdict of."""
    coverage = Coverage(definition)

    @settings(max_examples=5, database=None)
    @given(leads_at(definition, "sql", "reached", as_of=NOON))
    def only_drawn(lead):
        pass

    @settings(max_examples=5, database=None)
    @given(verdicts(definition, as_of=NOON))
    def judged(verdict):
        pass

    with coverage.watching():
        leads_at(definition, "sql", "not_yet", as_of=NOON)
        only_drawn()
        seen_by_drawing = coverage.verdicts
        judged()

    assert seen_by_drawing == 0
    assert coverage.verdicts >= 1


def test_a_wrong_call_is_told_at_once_while_watched(definition):
    """Being watched changes no behaviour."""
    with Coverage(definition).watching(), pytest.raises(QualifyError, match="on_error"):
        definition.qualify_many([], on_error="stop")


def test_workers_send_what_they_saw(definition):
    """Suites run on several processes, and have one coverage."""
    together = coverage_of(definition, {}, {"employees": 50}, {"employees": 20})
    merged = coverage_of(definition, {})

    merged.merge(coverage_of(definition, {"employees": 50}, {"employees": 20}).to_data())

    assert merged.report() == together.report()
    assert merged.to_data() == together.to_data()


def test_a_verdict_that_was_kept_counts_like_one_that_was_just_given(definition):
    """Verdicts in a store are evidence too."""
    verdict = definition.qualify({"employees": 50}, as_of=NOON)
    coverage = Coverage(definition)
    coverage.see(qualify.Verdict.from_json(verdict.to_json()))

    assert coverage.report() == coverage_of(definition, {"employees": 50}).report()


def test_another_definition_is_refused(definition):
    """Numbers about two definitions would be about none."""
    other = qualify.loads(TEXT.replace(">= 50", ">= 51"))

    with pytest.raises(QualifyError, match="another definition"):
        Coverage(definition).see(other.qualify({}))
    with pytest.raises(QualifyError, match="another definition"):
        Coverage(definition).merge(Coverage(other).to_data())
