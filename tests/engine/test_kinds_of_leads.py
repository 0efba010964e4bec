"""A lead is a `Lead`, a dict, or any object with the definition's fields; nothing else is, and nothing slips through."""

from collections import ChainMap, OrderedDict, UserDict, defaultdict, namedtuple
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import IntEnum, StrEnum
from types import MappingProxyType, SimpleNamespace

import pytest

import qualify
from qualify.engine.evaluate import Evaluator
from qualify.errors import LeadError
from qualify.lead import Activity, Lead

AS_OF = datetime(2026, 11, 20, 12, tzinfo=UTC)
LOGIN = {"type": "login", "at": "2026-11-19T09:00Z"}
SECRET = "Zebra-Quagga-77"
DEFINITION = qualify.define(
    name="Kinds",
    teams={"sales": "Sales"},
    fields={"seats": {"type": "number"}, "json": {"type": "text"}},
    traits={
        name: {"team": "sales", "when": when, "why": "It matters."}
        for name, when in {
            "large": "employees >= 50",
            "print": 'job_title contains "print"',
            "awake": "count(login within 3 days) >= 1",
            "seated": "seats > 5",
            "odd": 'json == "x"',
        }.items()
    },
)


def answers(lead):
    verdict = DEFINITION.qualify(lead, as_of=AS_OF)
    plain = Evaluator(DEFINITION.model)
    assert plain.explained(lead, plain.clock(AS_OF)).traits.keys() == verdict.traits.keys()
    return {name: str(trait.answer) for name, trait in verdict.traits.items()}


VALUES = {"employees": 60, "job_title": " Head of Print ", "seats": 9, "json": "X", "activities": [LOGIN]}
ALL_YES = dict.fromkeys(("large", "print", "awake", "seated", "odd"), "yes")


class Row(dict):
    """What some database drivers give."""


class Guessing(dict):
    """A dict that makes values up."""

    def __missing__(self, key):
        return 99


@dataclass
class Person:
    employees: int = 60
    job_title: str = "Head of Print"
    seats: int = 9
    json: str = "x"
    activities: tuple = (LOGIN,)


Named = namedtuple("Named", list(VALUES))


@pytest.mark.parametrize(
    "lead",
    [
        VALUES,
        Row(VALUES),
        OrderedDict(VALUES),
        UserDict(VALUES),
        ChainMap({"employees": 60}, VALUES),
        MappingProxyType(VALUES),
        SimpleNamespace(**VALUES),
        Person(),
        Named(**VALUES),
        Lead(**VALUES),
        DEFINITION.lead_model()(**VALUES),
        Lead(id="1").model_copy(update=VALUES),
    ],
    ids=lambda lead: type(lead).__name__,
)
def test_the_same_lead_in_any_form(lead):
    """A form has dicts, an ORM has objects, an adapter has leads."""
    assert answers(lead) == ALL_YES


@pytest.mark.parametrize("lead", [Guessing(job_title="print"), defaultdict(lambda: 99, job_title="print")])
def test_what_a_dict_makes_up_is_no_value(lead):
    """A key that isn't there is unknown, not a default that somebody's dict has for other uses."""
    assert answers(lead)["large"] == "unknown"


class Nothing:
    city_of_birth = "Rome"


@pytest.mark.parametrize(
    "lead", [object(), Nothing(), Nothing, Person, Lead, None, 5, "0031", [VALUES], ("employees", 60), ValueError("x")]
)
def test_an_object_without_any_field_is_refused(lead):
    """A lead that nobody mapped would be unknown in all, and nobody would notice."""
    with pytest.raises(LeadError, match="expected a lead"):
        answers(lead)


@pytest.mark.parametrize("lead", [{}, {"Prospect ID": "7"}])
def test_a_dict_without_any_field_is_a_lead_of_which_nothing_is_known(lead):
    """A form that was sent empty is still a lead."""
    assert set(answers(lead).values()) == {"unknown"}


# Activities


@pytest.mark.parametrize(
    "activities",
    [
        [LOGIN],
        (LOGIN,),
        {"a": LOGIN}.values(),
        [Activity(**LOGIN)],
        [SimpleNamespace(type="login", at=datetime(2026, 11, 19, tzinfo=UTC), properties={})],
        [SimpleNamespace(type="login", at=datetime(2026, 11, 19, tzinfo=UTC))],
        [UserDict(LOGIN)],
        [{**LOGIN, "properties": None}],
    ],
)
def test_activities_in_any_form(activities):
    """They come as rows, as objects, from a list or a query."""
    assert answers({"activities": activities})["awake"] == "yes"


def test_activities_from_a_generator_are_read_once():
    """A source that can be read once only is enough for a verdict."""
    verdict = DEFINITION.qualify({"activities": (LOGIN for _ in range(3))}, as_of=AS_OF)

    assert str(verdict.traits["awake"].answer) == "yes"


def test_a_verdict_of_a_generator_keeps_what_it_read():
    """Signals are counted when they are looked at, and a generator is empty by then."""
    definition = qualify.define(
        name="Signals",
        teams={"sales": "Sales"},
        signals={"logins": {"team": "sales", "each": "login"}},
        traits={"awake": {"team": "sales", "when": "count(logins) >= 3", "why": "They are awake."}},
    )

    verdict = definition.qualify({"activities": (LOGIN for _ in range(3))}, as_of=AS_OF)

    assert str(verdict.traits["awake"].answer) == "yes"
    assert verdict.signals["logins"].count == 3


def test_a_verdict_does_not_change_with_the_list_that_was_judged():
    """What a caller does with its list afterwards is no news of the lead."""
    definition = qualify.define(
        name="S", teams={"sales": "Sales"}, signals={"logins": {"team": "sales", "each": "login"}}
    )
    activities = [dict(LOGIN)]

    verdict = definition.qualify({"activities": activities}, as_of=AS_OF)
    activities[0]["type"] = "call"
    activities.append(LOGIN)

    assert verdict.signals["logins"].count == 1
    assert verdict.signals["logins"].last == datetime(2026, 11, 19, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "activities", ["login", b"login", 5, True, LOGIN, [None], [5], ["login"], [[LOGIN]], [{"type": "login"}]]
)
def test_what_is_no_list_of_activities_is_refused(activities):
    """A table for a list is the commonest slip in JSON."""
    with pytest.raises(LeadError, match="activities"):
        answers({"activities": activities})


# Values


class Title(StrEnum):
    HEAD = "Head of Print"


class Size(IntEnum):
    LARGE = 60


class Text(str):
    """A text of another library."""

    def lower(self):
        return "no"


@pytest.mark.parametrize(
    ("lead", "trait"),
    [
        ({"job_title": Title.HEAD}, "print"),
        ({"job_title": Text("print")}, "print"),
        ({"employees": Size.LARGE}, "large"),
        ({"employees": Decimal("5E+1")}, "large"),
        ({"employees": 10**5000}, "large"),
        ({"employees": Decimal("1E+100000")}, "large"),
        ({"job_title": "print \ud800"}, "print"),
        ({"job_title": "x" * 1_000_000 + " print"}, "print"),
    ],
)  # fmt: skip
def test_values_of_other_kinds_are_read(lead, trait):
    """Enums and subclasses are the values that they are."""
    assert answers(lead)[trait] == "yes"


WRONG = [
    ("employees", SECRET), ("employees", True), ("employees", float("inf")), ("employees", 1j), ("job_title", 5),
    ("job_title", b"print"), ("seats", SECRET), ("seats", float("-inf")), ("json", 5), ("created_at", SECRET),
    ("created_at", object()), ("interests", SECRET), ("opted_out", 1), ("activities", SECRET),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value"), WRONG)
@pytest.mark.parametrize("kind", [dict, SimpleNamespace, Lead, DEFINITION.lead_model()], ids=lambda kind: kind.__name__)
def test_a_wrong_value_is_refused_in_every_form(kind, field, value):
    """The same bad lead gets the same words, and none of them is its value."""
    with pytest.raises(LeadError) as refused:
        answers(kind(id="0031", **{field: value}))

    assert (refused.value.lead_id, refused.value.field) == ("0031", field)
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(("field", "value"), WRONG)
@pytest.mark.parametrize("kind", [Lead, DEFINITION.lead_model()])
def test_no_copy_brings_a_wrong_value_in(kind, field, value):
    """A copy with another value is how people change what is immutable."""
    with pytest.raises(LeadError) as refused:
        answers(kind(id="0031").model_copy(update={field: value}))

    assert (refused.value.lead_id, refused.value.field) == ("0031", field)


def test_a_copy_with_nothing_is_unknown():
    """A NaN that came in behind the model's back would compare as no."""
    assert answers(Lead(employees=60).model_copy(update={"employees": float("nan")}))["large"] == "unknown"
    assert answers(Lead(job_title="print").model_copy(update={"job_title": " "}))["print"] == "unknown"


@pytest.mark.parametrize(("field", "value"), [("employees", SECRET), ("job_title", 5), ("seats", SECRET)])
def test_a_model_made_without_reading_fails_as_a_lead_error(field, value):
    """Whoever builds a model past its checks gets the library's error, not a traceback from its inside."""
    with pytest.raises(LeadError) as refused:
        DEFINITION.qualify(Lead.model_construct(id="0031", **{field: value}), as_of=AS_OF)

    assert refused.value.lead_id == "0031"
    assert SECRET not in str(refused.value)


def test_a_lead_is_no_activity():
    """Both are the library's own, and are told apart all the same."""
    with pytest.raises(LeadError, match="activities: expected a table"):
        answers({"activities": [Lead(id="1")]})
