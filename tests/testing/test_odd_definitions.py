"""Leads of facts that count otherwise than most, of classes that ask for more, and laws of what others wrap."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, find, given, settings
from pydantic import Field

import qualify
from qualify import Lead, QualifyError
from qualify.testing import Unsatisfiable, borderline_leads, definitions, invariants, leads, leads_where, verdicts
from tests.pages import EXAMPLES

AT = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
PRINT_SHOP = qualify.load(EXAMPLES / "print-shop")


def test_leads_of_a_trait_that_leaves_out_are_left_out():
    """What the code does with those who objected is worth a test of its own."""
    lead = find(leads_where("objected", definition=PRINT_SHOP, as_of=AT), lambda lead: True)

    assert PRINT_SHOP.qualify(lead, as_of=AT).left_out_by == ("objected",)


def test_a_rule_that_only_holds_of_leads_that_are_left_out_says_so():
    """Nothing is known of who is left out, so no such lead answers; that has to be the reason that is given."""
    with pytest.raises(Unsatisfiable, match="of a lead that is not left out"):
        leads_where("objects_to_profiling", definition=PRINT_SHOP, as_of=AT)


@pytest.mark.parametrize("is_", ["yes", "no", "unknown"])
def test_a_proposed_trait_has_leads(is_):
    """Before it is adopted, both teams want to see whom it would find."""
    lead = find(leads_where("has_web_shop", is_, definition=PRINT_SHOP, as_of=AT), lambda lead: True)

    judged = PRINT_SHOP.qualify(lead, as_of=AT, proposed=True)
    assert str(judged.proposed.traits["has_web_shop"].answer) == is_


def test_a_retired_trait_says_that_it_is():
    """It may read what is no longer there; that is no fault of the question."""
    old = {"team": "sales", "when": "employees >= 30", "why": "-", "status": "retired"}
    definition = qualify.define(name="Old", teams={"sales": "Sales"}, traits={"old": old})

    with pytest.raises(QualifyError, match="old is retired"):
        leads_where("old", definition=definition, as_of=AT)


def test_each_border_of_a_trait_of_traits_decides():
    """A program that repeats one of four thresholds wrongly is found where the three others hold."""
    numbers = {"employees": 10, "page_views": 20, "emails_opened": 30, "emails_clicked": 40}
    traits = {
        f"many_{name}": {"team": "sales", "when": f"{name} >= {number}", "why": "-"} for name, number in numbers.items()
    }
    every = {"team": "sales", "when": " and ".join(traits), "why": "-"}
    definition = qualify.define(name="Four", teams={"sales": "Sales"}, traits={**traits, "every": every})
    seen = set()

    @settings(max_examples=1500, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(lead=borderline_leads("every", definition=definition, as_of=AT))
    def look(lead):
        seen.add(tuple(getattr(lead, name) for name in numbers))

    look()
    met = tuple(numbers.values())
    missed = {(*met[:at], met[at] - 1, *met[at + 1 :]) for at in range(len(met))}
    assert missed <= seen


class Seats(Lead):
    """A field that asks for more than its type says."""

    seats: int = Field(ge=5000, le=5001)


@settings(max_examples=5, database=None)
@given(lead=leads(Seats, seats=5000))
def test_a_field_that_asks_for_more_takes_what_it_is_given(lead):
    """The way out that the error names has to be one."""
    assert lead.seats == 5000


def test_a_field_that_asks_for_more_than_its_type_is_asked_for():
    """A validation error from the depths of a draw tells nobody what to do."""
    with pytest.raises(QualifyError, match=r"give a strategy for it, as in leads\(Seats, seats="):
        find(leads(Seats), lambda lead: True)


class Stored(qualify.Definition):
    """A client of a service that answers with stored verdicts."""

    def qualify(self, lead, **asked):
        """As JSON, and back."""
        return qualify.Verdict.from_json(super().qualify(lead, **asked).to_json())


def test_the_laws_hold_of_a_service_that_answers_in_json():
    """Such a client is what consumers wrap; the laws are asked of it as of the definition."""
    invariants.hold(Stored(PRINT_SHOP.model), max_examples=10, as_of=AT)


@settings(max_examples=15, database=None, suppress_health_check=list(HealthCheck))
@given(verdict=definitions().flatmap(lambda drawn: verdicts(drawn, as_of=AT)))
def test_leads_on_their_way_are_drawn_of_any_definition(verdict):
    """Windows that go back beyond the calendar, and amounts of many decimals, are no reason to fail in a draw."""
    assert isinstance(verdict, qualify.Verdict)


def test_numbers_that_are_reckoned_with_are_whole_ones():
    """Nobody says that a firm has a hundred-thousandth of an employee."""
    lead = find(leads_where("annual_revenue / employees >= 100000", as_of=AT), lambda lead: True)

    assert (lead.annual_revenue, lead.employees) == (100_000, 1)


@pytest.mark.parametrize(
    "rule", ["sum(amount of purchase) >= 0.00005", "sum(amount of purchase) - employees >= 0.00005"]
)
def test_a_sum_may_be_compared_with_more_decimals_than_amounts_have(rule):
    """No activity has such an amount, and larger ones do."""
    lead = find(leads_where(rule, as_of=AT), lambda lead: True)

    assert lead.activities
