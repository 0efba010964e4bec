"""A verdict in English, whatever the lead holds; and its short words for programs."""

import unicodedata
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from qualify.rules.logic import settle
from qualify.rules.reads import reads
from qualify.verdict import Answer
from tests.laws import odd
from tests.laws.judged import evidence_of, facts, judged, open_cases
from tests.laws.small import small_cases
from tests.strategies import cases

CASES = st.one_of(cases(), open_cases(), small_cases())
DEFINITION = odd.definition()
FORMATS = ("text", "markdown", "html")
TAGS = {"section", "p", "strong", "table", "tr", "th", "td", "ul", "li", "br", "small", "em"}
SAID = {Answer.YES: True, Answer.NO: False, Answer.UNKNOWN: None}


class Page(HTMLParser):
    """The tags of a fragment, each closed in its order, and its attributes."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.open = set(), set(), []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= set(attrs)
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_comment(self, data):
        raise AssertionError("a comment")

    handle_decl = handle_pi = unknown_decl = handle_comment


def check(text, form):
    assert text.strip()
    assert not {each for each in text if unicodedata.category(each) == "Cc"} - {"\n"}
    assert not {each for each in text if unicodedata.bidirectional(each) in ("RLO", "LRO", "RLE", "LRE", "PDF")}
    if form == "html":
        page = Page(text)
        assert page.tags <= TAGS
        assert {name for name, _ in page.attributes} <= {"class", "scope"}
        assert all(value == "row" or value.startswith("qualify-") for _, value in page.attributes)


@given(case=CASES, data=st.data())
def test_every_verdict_can_be_explained(case, data):
    """No lead is so odd that a salesperson gets an error instead of an answer."""
    verdict = judged(case)
    team = data.draw(st.sampled_from([None, *case.model.teams]))
    stage = data.draw(st.sampled_from([None, *verdict.stages]))
    width = data.draw(st.sampled_from([None, 1, 40, 80, 120]))

    for form in FORMATS:
        check(verdict.explain(team, form, stage=stage, width=width), form)
    assert str(verdict) == verdict.explain()
    assert verdict.explain() == judged(case).explain()
    assert "\n" not in repr(verdict)


@given(lead=odd.odd_leads())
def test_no_value_of_a_lead_does_harm_in_its_account(lead):
    """Whoever fills in a form writes into a page that sales reads."""
    verdict = DEFINITION.qualify(lead, as_of=odd.AT)

    for form in FORMATS:
        check(verdict.explain(format=form), form)
        check(verdict.redacted().explain(format=form), form)


@given(case=CASES)
def test_what_a_side_says_follows_from_the_facts_that_are_named(case):
    """`Sales says no` without the reason is what nobody believes: the facts that are named are enough for the answer."""
    verdict = judged(case)

    for name, stage in verdict.stages.items():
        text = verdict.explain(stage=name, width=1_000_000)
        for team, answer in stage.sides.items():
            seen = {each.asked: each for each in stage.evidence[team]}
            named = {test for test in seen if all(spoken(fact) in text for fact in facts_of(test, verdict))}
            settled = settle(
                stage.requires[team], lambda test, s=seen, n=named: SAID[s[test].answer] if test in n else None
            )
            assert Answer.of(settled) is answer, (name, team)
            if answer is Answer.UNKNOWN:
                assert [test for test in named if seen[test].answer is Answer.UNKNOWN]


def facts_of(test, verdict):
    return [
        name
        for name in reads(test).facts
        if any(name in facts(verdict, each) for each in ("traits", "tiers", "scores"))
    ]


def spoken(name):
    return name.replace("_", " ")


@given(case=CASES)
def test_reasons_are_told_in_their_order(case):
    """A CRM's field has room for the first few: those that decide come first."""
    verdict = judged(case)
    bars = {name for stage in verdict.stages.values() for name in stage.disqualified_by}
    said = [(name, str(trait.answer)) for name, trait in verdict.traits.items()]
    said += [(name, tier.case or "unknown") for name, tier in verdict.tiers.items()]

    def rank(reason):
        name, answer = reason
        if name in bars:
            return 0
        return {"no": 1, "unknown": 2}.get(answer, 3) if name in verdict.traits else 2 if answer == "unknown" else 3

    assert verdict.reasons == tuple(f"{name}={answer}" for name, answer in sorted(said, key=rank))


@given(case=CASES)
def test_the_sides_agree_where_none_says_yes_while_another_says_no(case):
    """What the next meeting is about is where they differ, and nothing else."""
    verdict = judged(case)
    contested = {
        name: stage.sides
        for name, stage in verdict.stages.items()
        if {Answer.YES, Answer.NO} <= set(stage.sides.values())
    }
    unsure = any(Answer.UNKNOWN in stage.sides.values() for stage in verdict.stages.values())

    assert verdict.agreement.contested == contested
    if verdict.left_out_by:
        assert verdict.agreement.agreed is None
    else:
        assert verdict.agreement.agreed is (False if contested else None if unsure else True)


@given(case=CASES)
def test_all_evidence_is_of_the_definition(case):
    """An account speaks of what was agreed, and of nothing that a lead happens to hold beside it."""
    verdict = judged(case)
    known = {*case.model.declared_fields, "activities"}
    for section in ("traits", "tiers", "scores"):
        known |= set(facts(verdict, section))

    for each in evidence_of(verdict):
        assert {name for name in each.seen if name.isidentifier()} <= known
