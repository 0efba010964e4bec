"""The laws for consumers: each holds of the examples, and each finds the bug that was planted for it."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import qualify
from qualify.testing import invariants, leads, rules
from qualify.testing.laws import Case, rewards_never_lower
from qualify.testing.typed import typed
from qualify.verdict import Answer
from tests.pages import EXAMPLES
from tools.laws import title

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
FILES = [
    EXAMPLES / "print-shop",
    *sorted(path for path in (EXAMPLES / "models").glob("*.toml") if ".stories" not in path.name),
]
SMALL = qualify.define(
    name="Small",
    teams={"marketing": "Marketing", "sales": "Sales"},
    left_out_by=["objected"],
    traits={
        "large": {"team": "sales", "when": "employees >= 50", "why": "They need us."},
        "printer": {"team": "marketing", "when": 'industry == "Printing"', "why": "Our templates are for them."},
        "no_mail": {"team": "marketing", "when": "opted_out", "why": "We keep our word."},
        "objected": {"team": "marketing", "when": "bounced", "why": "They said no.", "when_unknown": "no"},
    },
    stages={
        "mql": {"requires": {"marketing": "printer"}, "disqualified_by": ["no_mail"]},
        "sql": {"requires": {"sales": "large"}},
    },
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_examples_keep_all_laws(path):
    """What we show as good is held to what we sell."""
    invariants.hold(qualify.load(path), as_of=AT, max_examples=10)


class Twisted:
    """A verdict of which some parts are others: what a program's own layer above the library might show."""

    def __init__(self, verdict, **parts):
        self._verdict, self._parts = verdict, parts

    def __getattr__(self, name):
        return self._parts[name] if name in self._parts else getattr(self._verdict, name)

    def to_json(self):
        return self._parts.get("json") or self._verdict.to_json()


class TwistedStage(Twisted):
    """A stage of a verdict of which some parts are others."""


def planted(twist):
    """The small definition behind a layer with a bug."""

    class Ours(qualify.Definition):
        def qualify(self, lead, *, as_of=None, proposed=False):
            fields = dict(lead) if isinstance(lead, dict) else {n: v for n, v in dict(lead).items() if v is not None}
            return twist(super().qualify, fields, as_of)

    return Ours(SMALL.model)


def broken(law, twist):
    """What a law says of a bug."""
    with pytest.raises(AssertionError) as why:
        law(planted(twist), as_of=AT, max_examples=500)
    return str(why.value)


def with_stage(verdict, name, **parts):
    return Twisted(verdict, stages={**verdict.stages, name: TwistedStage(verdict.stages[name], **parts)})


def test_a_cache_that_counts_breaks_same_bytes():
    """A verdict that can't be asked for again can't be defended."""
    asked = []

    def counts(judge, lead, as_of):
        asked.append(lead)
        return Twisted(judge(lead, as_of=as_of), json=f"{judge(lead, as_of=as_of).to_json()}{len(asked)}")

    assert broken(invariants.same_bytes, counts) == (
        "same bytes: asked twice, it gave two verdicts that differ\n  lead   Lead()\n  as_of  2026-11-20T12:00:00Z"
    )


def test_a_layer_that_reads_the_first_field_breaks_same_bytes():
    """A dict has an order, and a lead has none."""

    def first_only(judge, lead, as_of):
        return judge(dict(list(lead.items())[:1]), as_of=as_of)

    says = broken(invariants.same_bytes, first_only)

    assert "the same fields and activities in another order gave another verdict" in says


def test_a_default_for_what_is_missing_breaks_stability():
    """Unknown is filled in as zero, and the next fact turns the answer."""

    def filled_in(judge, lead, as_of):
        return judge({"employees": 0, **lead}, as_of=as_of)

    assert broken(invariants.stable, filled_in) == (
        "stable: learning employees turned the trait large from no to yes\n"
        "  lead   Lead(employees=50)\n"
        "  as_of  2026-11-20T12:00:00Z"
    )


def test_a_layer_in_which_one_side_is_enough_breaks_the_composition():
    """Sales alone passed it, and marketing hears of it from the customer."""

    def one_is_enough(judge, lead, as_of):
        verdict = judge(lead, as_of=as_of)
        if not verdict.left_out_by and Answer.YES in verdict.stages["sql"].sides.values():
            return with_stage(verdict, "sql", state="reached")
        return verdict

    says = broken(invariants.sides_compose, one_is_enough)

    assert says.startswith(
        "sides compose: sql is reached where it has to be undetermined: its sides say sales yes\n  lead   Lead(employees=50)\n"
    )


def test_a_layer_that_forgets_who_opted_out_breaks_disqualifiers_win():
    """They asked for no mail, and get one."""

    def forgets(judge, lead, as_of):
        return judge({name: value for name, value in lead.items() if name != "opted_out"}, as_of=as_of)

    assert broken(invariants.disqualifiers_win, forgets) == (
        "disqualifiers win: mql is undetermined although its disqualifier no_mail says yes\n"
        "  lead   Lead(opted_out=True)\n"
        "  as_of  2026-11-20T12:00:00Z"
    )


def test_a_layer_that_takes_unknown_for_no_breaks_disqualifiers_win():
    """Nobody mails somebody who may have opted out."""

    def optimistic(judge, lead, as_of):
        return judge({"opted_out": False, **lead}, as_of=as_of)

    assert broken(invariants.disqualifiers_win, optimistic).replace("PRINTING", "Printing") == (
        "disqualifiers win: mql is reached although nobody knows whether its disqualifier no_mail holds\n"
        '  lead   Lead(industry="Printing")\n'
        "  as_of  2026-11-20T12:00:00Z"
    )  # in capitals it is the same lead to every rule, and as small


def test_a_layer_that_shows_the_stages_of_who_is_left_out_breaks_it():
    """Who objected to being looked at is not looked at."""

    def shows(judge, lead, as_of):
        verdict = judge(lead, as_of=as_of)
        return Twisted(verdict, stage="mql") if verdict.left_out_by else verdict

    assert broken(invariants.left_out_shows_nothing, shows) == (
        "left out shows nothing: the lead is left out by objected, but its verdict shows stage\n"
        "  lead   Lead(bounced=True)\n"
        "  as_of  2026-11-20T12:00:00Z"
    )


def test_a_layer_that_leaves_nobody_out_breaks_it():
    """The flag got lost on the way."""

    def loses(judge, lead, as_of):
        return judge({name: value for name, value in lead.items() if name != "bounced"}, as_of=as_of)

    assert "it is left out by nothing, but has to be by objected" in broken(invariants.left_out_shows_nothing, loses)


def test_a_field_that_is_cut_off_breaks_rewards():
    """A column of two digits: 100 employees became 0."""

    def cut_off(judge, lead, as_of):
        more = {"employees": 0} if lead.get("employees", 0) >= 100 else {}
        return judge({**lead, **more}, as_of=as_of)

    says = broken(invariants.rewards_never_lower, cut_off)

    assert re.match(
        r"rewards never lower: with employees \d+ instead of \d+, which the definition rewards, sql is ", says
    )


def test_evidence_of_another_lead_breaks_soundness():
    """A cache with the wrong key shows somebody else's reasons."""

    def mixes(judge, lead, as_of):
        verdict, other = judge(lead, as_of=as_of), judge({"employees": 7, "bounced": False}, as_of=as_of)
        if verdict.left_out_by:
            return verdict
        large = TwistedStage(verdict.traits["large"], evidence=other.traits["large"].evidence)
        return Twisted(verdict, traits={**verdict.traits, "large": large})

    says = broken(invariants.evidence_is_sound, mixes)

    assert says.startswith(
        "evidence is sound: the trait large is said to be unknown, but from the answers to its tests it is no\n  lead   Lead()"
    )


def test_an_answer_that_was_not_seen_breaks_soundness():
    """It says 50 and shows 7."""

    def mixes(judge, lead, as_of):
        verdict = judge(lead, as_of=as_of)
        if verdict.left_out_by:
            return verdict
        seen = judge({"employees": 7, "bounced": False}, as_of=as_of).traits["large"].evidence[0].seen
        (shown,) = verdict.traits["large"].evidence
        evidence = (TwistedStage(shown, seen=seen),)
        return Twisted(
            verdict, traits={**verdict.traits, "large": TwistedStage(verdict.traits["large"], evidence=evidence)}
        )

    says = broken(invariants.evidence_is_sound, mixes)

    assert "`employees >= 50` is said to be unknown, but from what was seen it is no" in says


def test_json_with_a_stage_of_its_own_breaks_the_round_trip():
    """The store's column is another one than the verdict's."""

    def other_json(judge, lead, as_of):
        verdict = judge(lead, as_of=as_of)
        return Twisted(verdict, json=judge({"employees": 7, "bounced": False}, as_of=as_of).to_json())

    assert "the verdict that was read from JSON is another one" in broken(invariants.json_round_trips, other_json)


def test_json_that_cannot_be_read_breaks_the_round_trip():
    """A store that keeps only the stage has kept no verdict."""

    def only_the_stage(judge, lead, as_of):
        return Twisted(judge(lead, as_of=as_of), json='{"stage": null}')

    says = broken(invariants.json_round_trips, only_the_stage)

    assert says.startswith(
        "JSON round trips: the verdict that was written as JSON can't be read: this is no verdict that can be read: it has no "
    )


def test_a_definition_that_is_written_with_another_threshold_breaks_its_round_trip():
    """An editor rounds what it saves."""

    class Rounds(qualify.Definition):
        def to_toml(self):
            return super().to_toml().replace("50", "100")

    with pytest.raises(AssertionError, match="written as TOML and read again, it is another definition"):
        invariants.definition_round_trips(Rounds(SMALL.model), as_of=AT)


def test_a_layer_that_judges_otherwise_than_what_it_writes_breaks_the_round_trip():
    """What is in the file is not what is asked."""

    def stricter(judge, lead, as_of):
        less = {"employees": lead["employees"] - 1} if "employees" in lead else {}
        return judge({**lead, **less}, as_of=as_of)

    says = broken(invariants.definition_round_trips, stricter)

    assert "the definition that was written as TOML and read again gives another verdict" in says


def test_an_engine_that_is_off_by_one_breaks_agreement():
    """At 50 exactly, one says yes and the other no."""

    def off_by_one(judge, lead, as_of):
        less = {"employees": lead["employees"] - 1} if "employees" in lead else {}
        return judge({**lead, **less}, as_of=as_of)

    assert broken(invariants.engines_agree, off_by_one) == (
        "engines agree: the definition says stage sql: not_yet, and the plain evaluator undetermined\n"
        "  lead   Lead(employees=50)\n"
        "  as_of  2026-11-20T12:00:00Z"
    )


def test_all_that_is_broken_is_told_together():
    """One run, one list."""

    def forgets(judge, lead, as_of):
        return judge({**lead, "opted_out": False}, as_of=as_of)

    says = broken(invariants.hold, forgets)

    assert "disqualifiers win:" in says
    assert "engines agree:" in says


def test_all_laws_look_at_each_lead_that_is_drawn():
    """Drawing takes longer than looking: ten laws on a hundred leads need no thousand draws, and see no fewer each."""
    drawn, asked = [], []

    def watched(judge, lead, as_of):
        asked.append(lead.get("employees"))
        return judge(lead, as_of=as_of)

    numbers = st.integers(0, 10**9).map(lambda number: (drawn.append(number), number)[1])
    invariants.hold(planted(watched), leads(SMALL, employees=numbers), as_of=AT, max_examples=40)

    assert 40 <= len(drawn) < 4 * 40
    assert all(asked.count(number) >= len(invariants.LAWS) for number in set(drawn) & set(asked))


def test_a_law_that_two_others_hide_is_told_too():
    """Each broken law has a lead of its own: the first that was found is not the only one."""

    def forgets(judge, lead, as_of):
        verdict = judge({**lead, "opted_out": False}, as_of=as_of)
        return Twisted(verdict, stage="mql", json="{}") if verdict.left_out_by else verdict

    says = broken(invariants.hold, forgets)
    begins = [part.partition(":")[0] for part in says.split("\n\n")]

    assert {"disqualifiers win", "left out shows nothing", "engines agree"} <= set(begins)
    assert begins == [name for name in map(title, invariants.LAWS) if name in begins]


def test_what_stands_before_a_definition_needs_nothing_but_to_be_asked_alike():
    """A client of another service is no definition, and may have no hash."""

    class Client:
        __hash__ = None

        model, digest = SMALL.model, SMALL.digest
        qualify = staticmethod(SMALL.qualify)
        to_toml, to_json = staticmethod(SMALL.to_toml), staticmethod(SMALL.to_json)

    invariants.hold(Client(), as_of=AT, max_examples=10)


def test_leads_of_ones_own_are_drawn():
    """A form gives three fields, and nothing else has to be tested."""
    form = leads(SMALL, employees=st.integers(1, 60), activities=st.none())
    seen = []

    def watched(judge, lead, as_of):
        seen.append(lead)
        return judge(lead, as_of=as_of)

    invariants.engines_agree(planted(watched), form, as_of=AT)

    assert seen
    assert all(1 <= lead["employees"] <= 60 for lead in seen)


@pytest.mark.parametrize(
    ("when", "found"),
    [
        ("employees >= 50", {"employees": "up"}),
        ("not employees >= 50", {"employees": "down"}),
        ("employees - page_views > 3 or consented", {"employees": "up", "page_views": "down", "consented": "up"}),
        ("50 < employees and employees < 100", {}),
        ("employees between 50 and 100", {}),
        ("employees == 50", {}),
        ("annual_revenue / employees >= 3", {}),
        ("annual_revenue / 4 >= 3", {"annual_revenue": "up"}),
        ("-2 * annual_revenue >= 3", {"annual_revenue": "down"}),
        ("at least 1 of [employees >= 50, bounced]", {"employees": "up", "bounced": "up"}),
        ("employees is known and annual_revenue > 0", {"annual_revenue": "up"}),
        ('industry == "Printing"', {}),
        ("last_activity_at within 30 days", {}),
    ],
)
def test_what_is_rewarded_is_read_from_the_rules(when, found):
    """It is claimed only where the structure proves it."""
    definition = qualify.define(
        name="One",
        teams={"sales": "Sales"},
        traits={"one": {"team": "sales", "when": when, "why": "-"}},
        stages={"sql": {"requires": {"sales": "one"}}},
    )

    assert invariants.rewards(definition) == found


def scored(**changes):
    """A definition in which a score decides."""
    traits = {
        "large": {"team": "sales", "when": "employees >= 50", "why": "-"},
        "busy": {"team": "sales", "when": "page_views > 3", "why": "-"},
    }
    tiers = {
        "size": {"team": "sales", "cases": {"big": "employees > 99", "mid": "employees > 9", "small": "otherwise"}}
    }
    raw = {
        "name": "Points",
        "teams": {"sales": "Sales"},
        "traits": traits,
        "tiers": tiers,
        "scores": {
            "fit": {"points": {"large": 10, "busy": {"yes": 0, "no": 5}, "size": {"big": 9, "mid": 4}}, "cap": 20}
        },
        "stages": {"sql": {"requires": {"sales": "fit >= 10"}}},
    }
    return qualify.define(**{**raw, **changes})


def test_points_and_tiers_keep_a_direction_where_they_can():
    """Points above 0 reward, points below 0 punish, and cases from the top down are a staircase."""
    assert invariants.rewards(scored()) == {"employees": "up", "page_views": "down"}


@pytest.mark.parametrize(
    "changes",
    [
        {"stages": {"sql": {"requires": {"sales": "fit between 10 and 15"}}}},
        {"stages": {"sql": {"requires": {"sales": "size is mid"}}}},
        {"scores": {"fit": {"points": {"size": {"big": 1, "mid": 4}}}}},
        {"scores": {"fit": {"points": {"large": 4}, "only_when": "large"}}},
        {"stages": {"sql": {"requires": {"sales": "fit >= 10"}, "disqualified_by": ["large"]}}},
    ],
)
def test_no_direction_is_claimed_where_there_is_none(changes):
    """A law that doesn't hold helps nobody."""
    assert "employees" not in invariants.rewards(scored(**changes))


FIELDS = {"employees": "number", "page_views": "number", "bounced": "boolean"}
POINTS = st.sampled_from([-5, 0, 5, 20])
STAGES = (
    "fit >= 10",
    "size in [big, mid]",
    "not size is big",
    "one or not two",
    "fit < 5 or one",
    "at least 2 of [one, two, fit > 0]",
)


@st.composite
def rising(draw):
    """Definitions about a few numbers, in which directions are often there."""
    one, two, big, mid = (draw(rules(FIELDS)) for _ in range(4))
    yes, no, top, middle = (draw(POINTS) for _ in range(4))
    return scored(
        traits={name: {"team": "sales", "when": rule, "why": "-"} for name, rule in (("one", one), ("two", two))},
        tiers={"size": {"team": "sales", "cases": {"big": big, "mid": mid, "small": "otherwise"}}},
        scores={"fit": {"points": {"one": yes, "two": {"yes": yes, "no": no}, "size": {"big": top, "mid": middle}}}},
        stages={"sql": {"requires": {"sales": draw(st.sampled_from(STAGES))}}},
    )


@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(definition=rising(), data=st.data())
def test_what_is_said_to_be_rewarded_is(definition, data):
    """The claim is a proof; here it is tried out, on rules that nobody thought of."""
    assume(invariants.rewards(definition))
    number = st.integers(-2, 2) | st.sampled_from([0.5, 49, 50, 99, 100, 10**6])
    lead = data.draw(
        st.fixed_dictionaries({}, optional={"employees": number, "page_views": number, "bounced": st.booleans()})
    )

    case = Case(definition, lead, AT, lambda options: data.draw(st.sampled_from(options)))

    assert rewards_never_lower(case) is None


def test_a_lead_is_shown_as_one_would_type_it():
    """It is pasted into the next test."""
    lead = qualify.Lead(company='Ada "and" sons', employees=50.5, opted_out=False, created_at=AT, activities=[])

    assert typed(lead) == (
        "Lead(company='Ada \"and\" sons', employees=50.5, opted_out=False, "
        'created_at="2026-11-20T12:00:00Z", activities=[])'
    )
    assert typed({"employees": 50}) == '{"employees": 50}'


def test_every_law_is_among_them():
    """A law that isn't listed is on no page, and `hold` forgets it. (The page is drawn: see tools/laws.py.)"""
    others = {"LAWS", "Direction", "hold", "rewards"}

    assert {law.__name__ for law in invariants.LAWS} == set(invariants.__all__) - others


@pytest.mark.parametrize("law", invariants.LAWS, ids=lambda law: law.__name__)
def test_a_failure_begins_as_the_page_calls_the_law(law):
    """Who reads it looks the law up."""
    assert invariants.TRIED[law](SMALL).name == title(law)
