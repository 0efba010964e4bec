"""A redacted verdict, and whatever is said in public of any, holds no value of the lead."""

import datetime as dt
import logging
import pickle
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import qualify
from tests.laws import odd
from tests.laws.judged import facts, judged, open_cases
from tests.strategies import cases

TEXT_FIELDS = ("id", "industry", "job_title", "press", "email", "company", "city", "first_name")
NUMBER_FIELDS = ("employees", "annual_revenue", "seats")
DEFINITION = odd.definition()


@st.composite
def marked_leads(draw):
    """Leads that hold a marker in whatever they hold, and the markers as they can be written."""
    lead, marks = {}, set()
    wanted = ("Printing", "vp", "offset", "mail", "a", "")

    def text(place):
        mark = f"Zq{place.replace('_', '')}Xj"
        marks.add(mark)
        return f"{draw(st.sampled_from(wanted))} {mark}".strip()

    def number():
        digits = str(draw(st.integers(7_310_000, 7_319_999)))
        marks.add(digits)
        return draw(st.sampled_from([int(digits), float(digits), int(digits) * 1000]))

    def moment():
        year = draw(st.sampled_from([1931, 1937, 2026]))
        if year == 2026:
            marks.update(("11-13T04:37", "04:37"))
            return dt.datetime(2026, 11, 13, 4, 37, tzinfo=draw(st.sampled_from([None, dt.UTC])))
        marks.add(str(year))
        return dt.datetime(year, 3, 4, 5, 6, tzinfo=dt.UTC)

    for name in TEXT_FIELDS:
        if draw(st.booleans()):
            lead[name] = text(name)
    for name in NUMBER_FIELDS:
        if draw(st.booleans()):
            lead[name] = number()
    for name in ("created_at", "seen_at"):
        if draw(st.booleans()):
            lead[name] = moment()
    if draw(st.booleans()):
        lead["contract_ends"] = dt.date(1941, 5, 6)
        marks.add("1941")
    if draw(st.booleans()):
        lead["channels"] = ["mail", text("channels")]
    if draw(st.booleans()):
        lead["activities"] = [
            {
                "type": "visit",
                "at": moment(),
                "properties": {
                    "minutes": number(), "on": dt.date(1943, 1, 2), "until": moment(), "topics": ["a", text("topics")],
                },
            }
            for _ in range(draw(st.integers(0, 3)))
        ]  # fmt: skip
        marks.add("1943")
    return lead, marks


def in_any(text, marks):
    """The markers that stand in a text, however numbers are grouped in it."""
    plain = re.sub(r"(?<=\d)[,\u202f\u00a0_ ](?=\d{3})", "", text)
    return {mark for mark in marks if mark in text or mark in plain}


@given(marked=marked_leads())
def test_a_redacted_verdict_holds_no_value(marked):
    """A verdict in a ticket, a chat or a log must tell of the rule, not of the person."""
    lead, marks = marked
    verdict = DEFINITION.qualify(lead, as_of=odd.AT)
    _ = verdict.nearest
    redacted = verdict.redacted()

    said = [
        redacted.to_json(nearest=True), redacted.to_json(indent=2), repr(redacted), str(redacted), redacted._repr_html_(),
        *(redacted.explain(format=form) for form in ("text", "markdown", "html")),
        *(redacted.explain("sales", form) for form in ("text", "markdown", "html")),
        repr({part: getattr(redacted, part) for part in PARTS}),
        pickle.dumps(redacted, 0).decode("latin-1"),
        repr(redacted.since(redacted)), repr(redacted.since(verdict.redacted())),
    ]  # fmt: skip

    for text in said:
        assert not in_any(text, marks)
    assert redacted.lead_id is None


PARTS = (
    "lead_id", "stages", "traits", "tiers", "signals", "scores", "shadow", "proposed", "missing", "nearest", "agreement",
    "handoff", "notes", "reasons",
)  # fmt: skip


@given(case=st.one_of(cases(), open_cases()))
def test_names_and_outcomes_stay(case):
    """It is still an account: who said what of which field, and what to ask."""
    verdict = judged(case)
    redacted = verdict.redacted()

    for part in (
        "stage",
        "as_of",
        "definition",
        "reached",
        "left_out_by",
        "reasons",
        "missing",
        "agreement",
        "handoff",
    ):
        assert getattr(redacted, part) == getattr(verdict, part), part
    for section in ("traits", "tiers", "scores"):
        for name, fact in facts(verdict, section).items():
            hidden = facts(redacted, section)[name]
            assert outcome(hidden) == outcome(fact)
            assert [(each.asked, each.answer, list(each.seen)) for each in hidden.evidence] == [
                (each.asked, each.answer, list(each.seen)) for each in fact.evidence
            ]
    for name, stage in verdict.stages.items():
        assert (redacted.stages[name].state, redacted.stages[name].sides) == (stage.state, stage.sides)
    assert redacted.redacted() == redacted


def outcome(fact):
    return tuple(
        getattr(fact, part, None) for part in ("answer", "assumed", "case", "possible", "at_least", "at_most", "points")
    )


ASKED = ("employees", "opted_out", "contract_ends", "created_at", "channels", "industry", "activities")
WRONG = ("Zwrong 7654321", 7654321.5, ["Zwrong", 7654321], {"Zwrong": 7654321}, dt.time(7, 6, 54))


@given(marked=marked_leads(), data=st.data())
def test_no_error_and_no_log_holds_a_value(marked, data):
    """What goes wrong is read by people who may not see the lead. (Which lead it was, its id tells.)"""
    lead, marks = marked
    marks -= {mark for mark in marks if mark in str(lead.get("id"))}
    field, wrong = data.draw(st.sampled_from(ASKED)), data.draw(st.sampled_from(WRONG))
    records = []
    handler = logging.Handler()
    handler.emit = lambda record: records.append(handler.format(record))
    logging.getLogger().addHandler(handler)
    level = logging.getLogger().level
    logging.getLogger().setLevel(logging.DEBUG)
    try:
        verdict = DEFINITION.qualify({**lead, field: wrong}, as_of=odd.AT)
        said = [verdict.redacted().to_json(nearest=True)]
        for call in (
            lambda: verdict.explain("Zq"),
            lambda: verdict.explain(stage="Zq"),
            lambda: verdict.explain(format="Zq"),
        ):
            with pytest.raises(qualify.QualifyError) as told:
                call()
            said.append(str(told.value))
    except qualify.QualifyError as why:
        said = [str(why), repr(why), *map(str, why.args)]
    finally:
        logging.getLogger().removeHandler(handler)
        logging.getLogger().setLevel(level)

    for text in (*said, *records):
        assert not in_any(text, marks | {"Zwrong", "7654321"})


def test_what_it_takes_does_not_tell_what_there_is():
    """`Another purchase of 2,680,001` is the sum so far, to whoever knows the limit."""
    definition = qualify.define(
        name="Sums",
        teams={"sales": "Sales"},
        traits={"pays": {"team": "sales", "when": "sum(amount of purchase) >= 10000000", "why": "-"}},
        stages={"mql": {"requires": {"sales": "pays"}}},
    )
    one, other = (
        definition.qualify(
            {"activities": [{"type": "purchase", "at": odd.AT, "properties": {"amount": amount}}]}, as_of=odd.AT
        )
        for amount in (7_319_999, 7_310_000)
    )

    assert one.nearest != other.nearest
    assert len(one.nearest) == 1
    assert one.redacted().nearest == other.redacted().nearest
    assert one.redacted().explain() == other.redacted().explain()
