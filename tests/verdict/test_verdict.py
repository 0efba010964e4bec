"""A verdict's answers: what it says, and that it is a value."""

import pickle
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

import qualify
from qualify.verdict import StageState

AS_OF = datetime(2026, 11, 20, 12, tzinfo=UTC)
DEFINITION = qualify.define(
    name="Small",
    version="3",
    teams={"marketing": "Marketing", "sales": "Sales"},
    left_out_by=["ours"],
    fields={"press": {"type": "text", "choices": ["offset", "digital"], "label": "Kind of press"}},
    traits={
        "ours": {"team": "sales", "when": 'email_domain == "us.example"', "why": "It is one of us."},
        "large": {"team": "sales", "when": "employees >= 50", "why": "They need us."},
        "rival": {"team": "sales", "when": 'company == "Rival"', "when_unknown": "no", "why": "They read our prices."},
        "offset": {
            "team": "sales", "when": 'press == "offset"', "why": "They renew.", "status": "shadow", "review_on": date(2027, 1, 1),
        },
        "new": {"team": "sales", "when": "customer", "why": "An idea.", "status": "proposed", "review_on": date(2027, 1, 1)},
    },
    tiers={"size": {"team": "sales", "cases": {"small": "employees < 10", "big": "otherwise"}}},
    signals={"calls": {"team": "sales", "each": "call within 30 days"}},
    scores={"fit": {"points": {"large": {"yes": 20, "no": -5}, "size": {"big": 2.5}}, "cap": 22}},
    stages={
        "mql": {"disqualified_by": ["rival"], "requires": {"marketing": "fit >= 10"}},
        "sql": {"requires": {"marketing": "large", "sales": "count(calls) >= 1"}},
        "pql": {"after": [], "requires": {"sales": "size is big"}},
    },
)  # fmt: skip


def judge(**lead):
    proposed = lead.pop("proposed", False)
    return DEFINITION.qualify({"id": "0031", **lead}, as_of=AS_OF, proposed=proposed)


def test_who_when_and_by_what():
    verdict = judge()

    assert (verdict.lead_id, verdict.as_of) == ("0031", AS_OF)
    assert (verdict.definition.name, verdict.definition.version) == ("Small", "3")
    assert verdict.definition.digest == DEFINITION.digest


def test_a_lead_that_reaches_the_last_stage():
    verdict = judge(employees=80, company="Acme", activities=[{"type": "call", "at": AS_OF}])

    assert verdict.stage == "sql"
    assert verdict.reached == ("mql", "sql", "pql")
    assert verdict.stages["sql"].sides == {"marketing": qualify.Answer.YES, "sales": qualify.Answer.YES}
    assert verdict.signals["calls"].count == 1
    assert verdict.signals["calls"].first == verdict.signals["calls"].last == AS_OF
    assert verdict.scores["fit"].at_least == verdict.scores["fit"].at_most == Decimal(22)
    assert verdict.scores["fit"].points == {
        "large": (Decimal(20), Decimal(20)),
        "size": (Decimal("2.5"), Decimal("2.5")),
    }


def test_a_stage_beside_the_line_counts_only_when_no_other_is_reached():
    """PQL is another door, not a step."""
    assert judge(employees=20).stage == "pql"
    assert judge(employees=60).stage == "mql"


def test_nothing_known_is_undetermined():
    verdict = judge()

    assert verdict.stage is None
    assert verdict.stages["mql"].state is StageState.UNDETERMINED
    assert verdict.tiers["size"].case is None
    assert verdict.tiers["size"].possible == ("small", "big")
    assert (verdict.scores["fit"].at_least, verdict.scores["fit"].at_most) == (Decimal(-5), Decimal(22))
    assert verdict.signals["calls"].count is None


def test_an_assumed_answer_says_so():
    assert judge().traits["rival"].assumed
    assert not judge(company="Acme").traits["rival"].assumed


def test_a_disqualifier_wins_and_is_inherited():
    verdict = judge(employees=80, company="rival", activities=[{"type": "call", "at": AS_OF}])

    assert verdict.stages["mql"].state == verdict.stages["sql"].state == "disqualified"
    assert verdict.stages["sql"].disqualified_by == ("rival",)
    assert verdict.stage == "pql"


def test_a_lead_that_is_left_out_shows_nothing():
    verdict = judge(email="kim@us.example", employees=80)

    assert verdict.left_out_by == ("ours",)
    assert (verdict.stage, verdict.reached) == (None, ())
    assert not any(
        (verdict.stages, verdict.traits, verdict.tiers, verdict.signals, verdict.scores, verdict.shadow.traits)
    )


def test_what_is_tried_stands_apart():
    """A shadow fact is reported beside the verdict; a proposed one only when asked for."""
    verdict = judge(press="offset", customer=True)

    assert "offset" not in verdict.traits
    assert verdict.shadow.traits["offset"].answer
    assert not verdict.proposed.traits
    assert judge(customer=True, proposed=True).proposed.traits["new"].answer


def test_a_value_outside_its_choices_is_told_without_being_shown():
    verdict = judge(press="Letterpress")

    assert verdict.notes == ("Kind of press: a value that is none of its choices, so it equals none of them",)
    assert judge(press="OFFSET").notes == ()


def test_unknown_can_not_be_taken_for_no():
    """`if not answer:` is how a lead that nobody asked gets lost."""
    with pytest.raises(ValueError, match="neither yes nor no"):
        bool(judge().traits["large"].answer)


@pytest.mark.parametrize("part", ["stage", "lead_id", "traits", "anything"])
def test_a_verdict_can_not_be_changed(part):
    with pytest.raises(AttributeError):
        setattr(judge(), part, "x")


def test_its_tables_can_not_be_changed():
    verdict = judge()

    with pytest.raises(TypeError):
        verdict.traits["large"] = None
    with pytest.raises(TypeError):
        verdict.stages["mql"].sides.clear()


def test_equal_verdicts_are_equal_and_their_parts_can_be_pickled():
    one, other = judge(employees=80), judge(employees=80.0)

    assert one == other
    assert hash(one) == hash(other)
    assert one != judge(employees=8)
    assert pickle.loads(pickle.dumps(one.stages)) == one.stages
    assert "0031" in repr(one)


class TestMany:
    LEADS = ({"id": "1", "employees": 80}, {"id": "2", "employees": "many"}, {"id": "3", "employees": 8})

    def test_a_bad_lead_stops_it(self):
        with pytest.raises(qualify.QualifyError, match="lead 2: employees"):
            list(DEFINITION.qualify_many(self.LEADS, as_of=AS_OF))

    def test_or_its_error_stands_in_its_place(self):
        found = list(DEFINITION.qualify_many(self.LEADS, as_of=AS_OF, on_error="yield"))

        assert [getattr(each, "stage", each.__class__.__name__) for each in found] == ["mql", "LeadError", None]

    def test_it_is_lazy_and_has_one_moment(self):
        """Constant memory, and all leads of a run are judged at the same time."""
        verdicts = DEFINITION.qualify_many({"id": str(n)} for n in iter(int, 1))

        assert next(verdicts).as_of == next(verdicts).as_of

    def test_another_word_for_on_error_is_refused(self):
        with pytest.raises(qualify.QualifyError, match="on_error"):
            DEFINITION.qualify_many([], on_error="ignore")


@pytest.mark.parametrize("lead", [None, 5, "lead", [], object(), Decimal, date(2026, 1, 1)])
def test_what_is_no_lead_is_refused(lead):
    with pytest.raises(qualify.QualifyError, match="expected a lead"):
        DEFINITION.qualify(lead)


@pytest.mark.parametrize("moment", [date(2026, 1, 1), "2026-01-01", 5])
def test_as_of_is_a_moment(moment):
    """A date is a whole day in a zone, never a midnight."""
    with pytest.raises(qualify.QualifyError, match="as_of"):
        DEFINITION.qualify({}, as_of=moment)


@pytest.mark.parametrize("part", [lambda verdict: verdict.stages["sql"], lambda verdict: verdict.traits["large"]])
def test_a_part_is_never_taken_for_a_yes(part):
    """`if verdict.stages["sql"]:` would hold for every lead, also for one that is barred."""
    definition = qualify.define(
        name="Small",
        teams={"sales": "Sales"},
        traits={"large": {"team": "sales", "when": "employees >= 50", "why": "They need us."}},
        stages={"sql": {"requires": {"sales": "large"}}},
    )

    with pytest.raises(ValueError, match="neither yes nor no"):
        bool(part(definition.qualify({"employees": 4})))


def test_two_leads_are_not_compared():
    """What changed is only worth asking of one lead."""
    definition = qualify.define(name="Small", teams={"sales": "Sales"})

    with pytest.raises(qualify.QualifyError, match="two different leads"):
        definition.qualify({"id": "1"}).since(definition.qualify({"id": "2"}))


def test_an_assumption_that_a_yes_rests_on_is_told():
    """Nobody may take for known what was only agreed."""
    definition = qualify.define(
        name="Small",
        teams={"sales": "Sales"},
        traits={
            "large": {"team": "sales", "when": "employees >= 50", "why": "They need us."},
            "rival": {"team": "sales", "when": "customer", "when_unknown": "no", "why": "They read our prices."},
        },
        stages={"sql": {"requires": {"sales": "large"}, "disqualified_by": ["rival"]}},
    )

    told = definition.qualify({"id": "1", "employees": 80}).explain()

    assert "assumed  rival no, by agreement (customer: not known)" in told


def test_what_is_hidden_is_no_cause():
    """A redacted verdict can't tell what changed, and a false cause is worse than none."""
    definition = qualify.define(
        name="Small",
        teams={"sales": "Sales"},
        traits={"large": {"team": "sales", "when": "employees >= 50", "why": "They need us."}},
    )
    before = definition.qualify({"employees": 4}, as_of=datetime(2026, 11, 2, 9, tzinfo=UTC)).redacted()
    after = definition.qualify({"employees": 80}, as_of=datetime(2026, 11, 3, 9, tzinfo=UTC))

    assert list(after.since(before).answers) == ["large"]
    assert after.since(before).causes == after.redacted().since(before).causes == ()


def test_a_literal_on_the_left_is_no_value_of_the_lead():
    """`50 <= employees` asks what `employees >= 50` asks."""
    definition = qualify.define(
        name="Small",
        teams={"sales": "Sales"},
        traits={"large": {"team": "sales", "when": "50 <= employees", "why": "They need us."}},
        stages={"sql": {"requires": {"sales": "large"}}},
    )

    assert "(employees: 4, asked for: at least 50)" in definition.qualify({"employees": 4}).explain()


def test_points_that_rest_on_an_agreement_say_so():
    """An assumed no costs points; whoever reads them must see that nobody knows."""
    definition = qualify.define(
        name="Small",
        teams={"sales": "Sales"},
        traits={"buyer": {"team": "sales", "when": "customer", "when_unknown": "no", "why": "They know us."}},
        scores={"fit": {"points": {"buyer": {"yes": 5, "no": -2}}}},
        stages={"sql": {"requires": {"sales": "fit >= 0"}}},
    )

    assert "buyer -2 (by agreement)" in definition.qualify({"id": "1"}).explain()


@pytest.mark.parametrize(
    ("team", "stage"),
    [("sales", "sql"), ("Sales", "SQL"), ("field Sales", "sales-qualified lead"), ("FIELD SALES", "Sql")],
)
def test_a_team_and_a_stage_are_known_by_title_and_in_any_case(team, stage):
    """What the account prints can be asked for."""
    verdict = qualify.define(
        name="Titles",
        teams={"sales": "Field sales"},
        traits={"large": {"team": "sales", "when": "employees >= 50", "why": "They need us."}},
        stages={"sql": {"title": "Sales-qualified lead", "requires": {"sales": "large"}}},
    ).qualify({"employees": 80}, as_of=AS_OF)

    assert verdict.explain(team, stage=stage) == verdict.explain("sales", stage="sql")


def test_a_title_of_two_names_none():
    """A guess would tell of one side what the other says."""
    teams = {"sales_eu": "Sales", "sales_us": "Sales"}
    verdict = qualify.define(
        name="Twice", teams=teams, traits={"x": {"team": "sales_eu", "when": "customer", "why": "So."}}
    ).qualify({}, as_of=AS_OF)

    with pytest.raises(qualify.QualifyError, match="which team is 'sales': sales_eu, sales_us"):
        verdict.explain("sales")
    verdict.explain("Sales EU")


@pytest.mark.parametrize("changes", ["x", 5, None, [3], {"employees": 80}])
def test_what_is_no_change_is_refused(changes):
    """The message says what to pass."""
    with pytest.raises(qualify.QualifyError, match=r"verdict\.after\(verdict\.nearest\[0\]\)"):
        judge().after(changes)
