"""The three forms of one definition, and what its keys hold."""

import datetime as dt
import json
import pickle
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given

from qualify.definition.files import define_model, load_model, loads_model
from qualify.definition.hours import parse_hours
from qualify.errors import DefinitionError, QualifyError
from qualify.rules import activity, field, score, tier, trait
from tests.definition.test_faults import FRAME, findings_of, in_json_shape
from tests.pages import EXAMPLES
from tests.strategies import definitions


def codes(text, form="toml"):
    """The codes of what is found."""
    return [each.code for each in findings_of(text, form)]


def trait_text(name, when, more=""):
    return f'[traits.{name}]\nteam = "sales"\nwhen = \'{when}\'\nwhy = "W."\n{more}\n'


# --- forms ---


def as_json(raw):
    return json.dumps(
        in_json_shape(raw), default=lambda value: float(value) if isinstance(value, Decimal) else str(value)
    )


@given(raw=definitions())
def test_json_says_what_python_says(raw):
    """A program and a person write the same definition."""
    assert loads_model(as_json(raw), "json")[0] == define_model(raw)[0]


@given(raw=definitions())
def test_a_model_is_a_value(raw):
    """Definitions are pickled, shared between threads and sent to worker processes."""
    model, _ = define_model(raw)

    assert pickle.loads(pickle.dumps(model)) == model


@given(raw=definitions())
def test_what_was_given_is_not_changed(raw):
    """A program may build two definitions from one table."""
    before = repr(raw)
    define_model(raw)

    assert repr(raw) == before


def test_rules_may_be_text_or_built():
    """Everything that can be written in the file can be written in Python."""

    def definition(pays, demo, size, visits, fit, total, stage):
        return define_model(
            {
                "format": 1,
                "name": "Leads",
                "version": "1",
                "teams": {"sales": "Sales"},
                "traits": {
                    "pays": {"team": "sales", "when": pays, "why": "Pays."},
                    "demo": {"team": "sales", "when": demo, "why": "Asked."},
                },
                "tiers": {"size": {"team": "sales", "cases": {"small": size, "large": "otherwise"}}},
                "signals": {"visits": {"team": "sales", "each": visits}},
                "scores": {"fit": {"points": {"pays": 5}, "only_when": fit}, "total": {"of": total}},
                "stages": {"mql": {"requires": {"sales": stage}}},
            }
        )[0]

    assert definition(
        field("employees") >= 50,
        activity("demo_request").within("30 days").count() >= 1,
        field("employees") < 50,
        activity("page_view").where(field("page").contains("/pricing")),
        ~field("opted_out").is_true(),
        2 * score("fit") + 1,
        trait("pays") & tier("size").is_("large"),
    ) == definition(
        "employees >= 50",
        "count(demo_request within 30 days) >= 1",
        "employees < 50",
        'page_view where page contains "/pricing"',
        "not opted_out",
        "2 * fit + 1",
        "pays and size is large",
    )


def test_a_set_is_no_list():
    """Choices, reasons and stages are printed and compared in their order, and a set has another in each process."""
    sides = {
        "format": 1,
        "name": "L",
        "version": "1",
        "teams": {"s": {"title": "S", "holidays": {dt.date(2026, 1, 1)}}},
    }

    with pytest.raises(DefinitionError) as refused:
        define_model({**sides, "outcomes": {"lost": {"reasons": {"price"}}}, "left_out_by": frozenset({"vip"})})

    assert sorted(each.message for each in refused.value.faults) == [
        "'holidays' is a list of dates, in an order that a set doesn't have",
        "'left_out_by' is a list of names, in an order that a set doesn't have",
        "'reasons' is a list of texts, in an order that a set doesn't have",
    ]


def test_a_case_that_is_no_text_is_one_that_nobody_knows():
    """In Python a table's keys may be anything; a fault is a fault, and no crash."""
    size = {"team": "s", "cases": {"small": "employees < 5", "large": "otherwise"}}

    with pytest.raises(DefinitionError) as refused:
        define_model(
            {
                "format": 1, "name": "L", "version": "1", "teams": {"s": "S"}, "tiers": {"size": size},
                "scores": {"fit": {"points": {"size": {5: 1}}}},
            }
        )  # fmt: skip

    assert [each.code for each in refused.value.faults] == ["unknown-case"]


def test_in_json_what_has_an_order_is_a_list():
    """JSON's tables have none: a program that sorts keys would change the stages."""
    sides = {"format": 1, "name": "L", "version": "1", "teams": {"s": "S"}}
    vip = {"team": "s", "when": "customer", "why": "V."}
    cases = [{"name": "A", "when": "customer"}, {"name": "B", "when": "otherwise"}]
    stages = [{"name": "mql", "requires": {"s": "vip"}}, {"name": "sql", "requires": {"s": "vip"}}]
    whole = {**sides, "traits": {"vip": vip}, "tiers": {"grade": {"team": "s", "cases": cases}}, "stages": stages}

    model, _ = loads_model(json.dumps(whole), "json")

    assert list(model.stages) == ["mql", "sql"]
    assert [case.name for case in model.tiers["grade"].cases] == ["A", "B"]
    assert codes(json.dumps({**whole, "stages": {"mql": stages[0]}}), "json") == ["wrong-type"]
    assert codes(json.dumps({**whole, "stages": [*stages, stages[0]]}), "json") == ["given-twice"]
    assert codes(json.dumps({**whole, "stages": [{"requires": {"s": "vip"}}]}), "json") == ["wrong-type"]
    assert codes(json.dumps({**whole, "tiers": {"grade": {"team": "s", "cases": {"A": "otherwise"}}}}), "json") == [
        "wrong-type"
    ]
    assert codes(FRAME + trait_text("vip", "customer") + '[[stages]]\nname = "mql"\nrequires.sales = "vip"') == [
        "wrong-type"
    ]


def test_a_fault_in_json_stands_at_its_stage():
    """Stages are a list there; the line is still that of the stage."""
    whole = in_json_shape(
        {
            "format": 1,
            "name": "L",
            "version": "1",
            "teams": {"s": "S"},
            "traits": {"vip": {"team": "s", "when": "customer", "why": "V."}},
            "stages": {"mql": {"requires": {"s": "vip"}}, "sql": {"requires": {"s": "vipp"}}},
        }
    )
    text = json.dumps(whole, indent=1)

    (fault,) = findings_of(text, "json")

    assert text.split("\n")[fault.line - 1].strip() == '"s": "vipp"'
    assert fault.column == text.split("\n")[fault.line - 1].index("vipp") + 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "not-json"),
        ("[]", "wrong-type"),
        ("5", "wrong-type"),
        ('{"name": "a", "name": "b"}', "given-twice"),
        ('{"name": "\\ud800"}', "not-json"),
        ('{"format": 1,}', "not-json"),
        ('{"format": ' + "9" * 10_000 + "}", "not-json"),
        ("[" * 100_000, "too-deep"),
        ('{"a":' * 100_000, "too-deep"),
    ],
    ids=["empty", "list", "number", "twice", "surrogate", "comma", "huge number", "deep lists", "deep tables"],
)
def test_json_that_can_t_be_one_is_refused(text, code):
    """Whatever a program wrote is a fault, never a traceback."""
    assert codes(text, "json")[0] == code


def test_half_characters_stand_where_they_are_harmless():
    """Both halves of one character are a character."""
    whole = '{"format": 1, "name": "\\ud83d\\ude00", "version": "1", "teams": {"s": "S"}}'

    assert loads_model(whole, "json")[0].name == "😀"


def test_null_in_json_is_as_if_it_weren_t_there():
    """Programs write null for what they don't have."""
    whole = (
        '{"format": 1, "name": "L", "version": "1", "timezone": null, "teams": {"s": {"title": "S", "hours": null}}}'
    )

    assert loads_model(whole, "json")[0].timezone == "UTC"
    assert codes('{"format": 1, "name": null, "version": "1", "teams": {"s": "S"}}', "json") == ["missing-key"]


@pytest.mark.parametrize(
    "raw",
    [
        {1: 2},
        {"traits": {1: {"team": "s", "when": "customer", "why": "W."}}},
        {"traits": {"a": {1: 2}}},
        {"activities": {"a": {"properties": {1: "text"}}}},
        {"scores": {"a": {"points": {1: 5}}}},
        {"stages": {"a": {"requires": {1: "x"}}}},
        {"tiers": {"a": {"team": "s", "cases": {1: "x"}}}},
        {"fields": {"a": {"type": ["text"]}}},
        {"traits": {"a": {"team": {}, "when": {}, "why": [], "status": {}}}},
        {"stages": [{"name": 5}, 5]},
        {"lists": {"a": {"team": "s", "values": "abc"}}},
        {"teams": {"s": 5}},
    ],
    ids=repr,
)
def test_odd_values_in_python_are_faults(raw):
    """A program's mistake is told like a person's."""
    with pytest.raises(DefinitionError):
        define_model({"format": 1, "name": "L", "version": "1", "teams": {"s": "S"}, **raw})


def test_the_example_of_the_repository_loads():
    """What we show must be right."""
    model, findings = load_model(EXAMPLES / "print-shop")

    assert model.timezone == "America/New_York"
    assert findings == ()


# --- what the keys hold ---


def test_everything_that_a_file_can_say_is_in_the_model():
    """A key that is read and dropped is a promise that nobody keeps."""
    text = """\
format = 1
name = "Leads"
version = "2026.11"
timezone = "Europe/Berlin"
left_out_by = ["gone"]

[teams.sales]
title = "Sales"
hours = "Mon-Fri 09:00-17:00"
holidays = [2026-12-25]
timezone = "Europe/Paris"

[fields.seats]
type = "number"
label = "Seats"
ask = "How many?"
unit = "seats"
changeable = false

[fields.country]
ask = "Where?"

[activities.webinar]
label = "Webinar"
properties = { minutes = { type = "number", label = "Minutes" }, title = "text" }

[lists.rivals]
team = "sales"
values = ["rival.example"]
why = "They read our prices."

[traits.gone]
team = "sales"
when = 'email_domain in rivals'
when_unknown = "no"
why = "Gone."
title = "Left us"

[tiers.size]
team = "sales"
cases.small = 'seats < 5'
cases.large = 'otherwise'
when_unknown = "small"

[signals.visits]
team = "sales"
each = 'page_view'

[scores.fit]
start = 5
cap = 60.5
floor = -1
only_when = 'seats is known'
points.gone = { yes = -5, no = 1 }
points.size = { large = 10 }
points.visits = { each = 5, limit = "2 per week", at_most = 20, fades = "half per week" }

[stages.mql]
title = "MQL"
requires.sales = "not gone"
disqualified_by = ["gone"]

[[stages.mql.handoff]]
when = "size is large"
team = "sales"
to = "field"
act_within = "2 working days"
if_late = "recycle"

[stages.side]
after = []
requires.sales = "gone"

[stages.sql]
requires.sales = "fit > 5"

[outcomes.rejected]
reasons = ["no budget"]

[approvals.sales]
digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
by = "Ada"
on = 2026-11-20
"""
    model, findings = loads_model(text)

    assert findings == ()
    assert (model.teams["sales"].holidays, model.teams["sales"].timezone) == ((dt.date(2026, 12, 25),), "Europe/Paris")
    assert model.declared_fields["seats"].changeable is False
    assert model.declared_fields["country"].ask == "Where?"
    assert model.declared_fields["country"].changeable is False
    assert model.declared_activities["webinar"].properties["minutes"].label == "Minutes"
    assert model.traits["gone"].when_unknown == "no"
    assert model.tiers["size"].cases[-1].when is None
    fit = model.scores["fit"]
    assert (fit.start, fit.cap, fit.floor) == (5, Decimal("60.5"), -1)
    assert str(fit.points["visits"].limit) == "2 per week"
    assert str(fit.points["visits"].fades) == "half per 1 week"
    assert model.stages["mql"].handoff[0].act_within == (2, "working days")
    assert (model.stages["mql"].after, model.stages["side"].after, model.stages["sql"].after) == ((), (), ("mql",))
    assert (model.stages["side"].beside, model.stages["sql"].after_written) == (True, False)
    assert model.outcomes["rejected"].reasons == ("no budget",)
    assert model.approvals["sales"].on == dt.date(2026, 11, 20)


@pytest.mark.parametrize(
    ("hours", "spans"),
    [
        ("Mon-Fri 09:00-17:00", [1, 1, 1, 1, 1, 0, 0]),
        ("Mon-Fri 09:00-12:00, 13:00-17:00", [2, 2, 2, 2, 2, 0, 0]),
        ("Sat-Mon 0:00-24:00", [1, 0, 0, 0, 0, 1, 1]),
        ("Mon 09:00-12:00; wednesday 10:00-11:00", [1, 0, 1, 0, 0, 0, 0]),
        ("Mon-Tue 13:00-17:00, 09:00-12:00", [2, 2, 0, 0, 0, 0, 0]),
    ],
)
def test_working_hours_are_read_as_people_write_them(hours, spans):
    """Lunch, weekends and a week that turns."""
    week = parse_hours(hours)

    assert [len(day) for day in week] == spans
    assert all(one[1] <= other[0] for day in week for one, other in pairwise(day))


@pytest.mark.parametrize(
    "hours",
    [
        "",
        "9-5",
        "09:00-17:00",
        "Mon",
        "Mon-Fri",
        "Mon 17:00-09:00",
        "Mon 9:00-9:00",
        "Mon 25:00-26:00",
        "Mon 09:60-10:00",
        "Foo 09:00-17:00",
        "Monxyz 09:00-17:00",
        "Mon 09:00-12:00, 11:00-13:00",
        "Mon 09:00-12:00,",
        "Mon\u0660 09:00-12:00",
    ],
)
def test_other_working_hours_are_refused(hours):
    """A deadline that nobody can compute helps nobody."""
    with pytest.raises(ValueError, match=r"hours|weekday|times"):
        parse_hours(hours)


@pytest.mark.parametrize("text", ["definition.toml", "leads/definition.toml", "./leads", "C:\\leads\\x.json"])
def test_a_path_where_the_text_should_stand_is_told_which_name_reads_it(text):
    """`load` and `loads` differ by one letter."""
    with pytest.raises(QualifyError, match=r"looks like a path, not the text of a definition: use qualify\.load$"):
        loads_model(text)


def test_a_text_where_the_path_should_stand_is_told_which_name_reads_it():
    """And the whole text is not said again as if it were a file's name."""
    with pytest.raises(QualifyError, match=r"^this is the text of a definition, not a path: use qualify\.loads$"):
        load_model(FRAME)
