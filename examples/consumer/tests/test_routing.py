"""What becomes of a form, for every lead that the shared definition speaks of."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from print_shop_forms import DEFINITION, route
from print_shop_forms.fast_lane import fast_lane

from qualify.testing import borderline_leads, leads, leads_at, leads_where

AS_OF = datetime(2026, 11, 20, 17, tzinfo=UTC)


def form_of(lead):
    """The form that somebody like this lead sends: only what was filled in."""
    return lead.model_dump(exclude_none=True)


@given(lead=leads_where("no_mail", definition=DEFINITION, as_of=AS_OF))
def test_nobody_who_opted_out_is_ever_sent_to_anybody(lead):
    """We keep our word."""
    assert route(form_of(lead), AS_OF).to == "nowhere"


@given(lead=leads_at(DEFINITION, "sql", "reached", as_of=AS_OF))
def test_every_qualified_lead_is_with_sales_within_a_day(lead):
    """A lead that waits buys elsewhere."""
    found = route(form_of(lead), AS_OF)

    assert found.to == "sales"
    assert found.by is not None
    assert found.by <= AS_OF + timedelta(days=1)


@given(lead=leads_at(DEFINITION, "sql", "not_yet", as_of=AS_OF))
def test_no_other_lead_is_sent_to_sales(lead):
    """Sales trusts the list as long as it holds no strangers."""
    assert route(form_of(lead), AS_OF).to in ("marketing", "visitor", "nowhere")


@given(lead=leads_at(DEFINITION, "mql", "undetermined", as_of=AS_OF))
def test_who_may_still_qualify_is_asked_one_more_question(lead):
    """What isn't known is no no."""
    found = route(form_of(lead), AS_OF)

    assert found.to == "visitor"
    assert found.ask


@given(lead=borderline_leads(DEFINITION, as_of=AS_OF))
def test_at_every_border_sales_gets_whom_the_definition_sends(lead):
    """Where one step decides, the backend must not decide otherwise."""
    verdict = DEFINITION.qualify(lead, as_of=AS_OF)

    assert (route(form_of(lead), AS_OF).to == "sales") == (verdict.stages["sql"].state == "reached")


@given(lead=borderline_leads("right_size", definition=DEFINITION, as_of=AS_OF))
def test_the_fast_lane_is_for_shops_of_the_right_size(lead):
    """The line between two sizes is drawn in one place: the definition."""
    verdict = DEFINITION.qualify(lead, as_of=AS_OF)

    assert fast_lane(form_of(lead), verdict) == (verdict.traits["right_size"].answer == "yes")


@given(lead=leads(DEFINITION, as_of=AS_OF))
def test_a_form_that_goes_somewhere_says_what_is_next(lead):
    """Sales gets a moment, the visitor a question, and nobody both."""
    found = route(form_of(lead), AS_OF)

    assert (found.by is not None) == (found.to == "sales")
    assert (found.ask is not None) == (found.to == "visitor")
