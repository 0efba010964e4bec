"""A mapping that changes another: what stays, what is replaced, what is taken out, and whose fault a fault is."""

import pytest

import qualify
from qualify.adapters.mappings import own_mapping
from qualify.definition.model import Field, Model, Stage, Team
from qualify.errors import AdapterError, MappingError
from qualify.mapping import Conversion, loads_mapping
from qualify.mapping.conversions import read_text

BASE = """
id = "Id"
currency = "USD"
rates = { EUR = 1.08 }
[fields]
email = { from = "mail", lenient = true }
phone = "tel"
[activities.calls]
lead = "lead"
type = { always = "call" }
at = "at"
only = { done = true }
[activities.visits]
lead = "lead"
type = "type"
types = { Seen = "seen_somewhere" }
at = "at"
[same]
by = ["email"]
take = "newest"
newest_by = "last_activity_at"
[fields.last_activity_at]
from = "seen"
[write]
stage = "q_stage"
scores = { "*" = "q_*" }
lifecycle = { to = "life", values = { mql = "M", sql = "S" }, order = ["M", "S"] }
"""
MODEL = Model(name="Leads", version="1", teams={"sales": Team("Sales")}, stages={"hot": Stage(requires={})})


def bases(name):
    if name == "acme":
        return BASE
    if name == "broken":
        return "[fields"
    if name == "loop":
        return 'extends = "loop"'
    if name == "second":
        return 'extends = "acme"\nwithout = ["fields.phone"]\n[fields]\ncity = "town"'
    raise AdapterError(f"no adapter {name!r}; did you mean 'acme'?")


def extend(text, model=None, name="acme"):
    return loads_mapping(f'extends = "{name}"\n{text}', model, bases=bases, file="own.toml")


def faults(text, model=None, name="acme"):
    with pytest.raises(MappingError) as caught:
        extend(text, model, name)
    return [(each.code, each.line) for each in caught.value.faults]


def test_a_file_that_says_nothing_else_is_the_other_mapping():
    """It is where everybody begins."""
    assert extend("") == loads_mapping(BASE)


def test_a_field_is_replaced_whole_and_the_others_stay():
    """What the vendor said about another property is wrong for mine."""
    mapping = extend('[fields]\nemail = "own_mail"\ncity = "town"')

    assert mapping.fields["email"] == loads_mapping('[fields]\nemail = "own_mail"').fields["email"]
    assert list(mapping.fields) == ["email", "phone", "last_activity_at", "city"]


def test_other_tables_are_changed_key_by_key():
    """One property of a lifecycle is another in this account; the rest is as everywhere."""
    mapping = extend(
        'currency = "EUR"\nrates = { USD = 0.92 }\n'
        '[activities.calls]\nonly = { status = "held" }\n'
        '[write]\nscores = { fit = "own_fit" }\n'
        'lifecycle = { values = { sql = "M" }, backward = true }\n[same]\nby = ["email", "phone"]'
    )

    assert mapping.currency == "EUR"
    assert list(mapping.rates) == ["EUR", "USD"]
    assert mapping.activity_sources["calls"].only == (("status", ("held",)),)
    assert mapping.write.of_score("fit").to == "own_fit"
    assert mapping.write.of_score("intent").to == "q_intent"
    assert mapping.write.target("stage").to == "q_stage"
    assert mapping.write.lifecycle.values == (("mql", "M"), ("sql", "M"))
    assert mapping.write.lifecycle.backward
    assert mapping.same.by == ("email", "phone")
    assert mapping.same.take == "newest"


def test_what_is_not_wanted_is_taken_out():
    """An account without calls must not ask for them."""
    mapping = extend('without = ["fields.phone", "activities.calls", "write.lifecycle", "rates"]')

    assert "phone" not in mapping.fields
    assert list(mapping.activity_sources) == ["visits"]
    assert mapping.write.lifecycle is None
    assert not mapping.rates


def test_what_would_contradict_the_own_choice_goes_with_it():
    """Who takes the first record needs no newest; who names the id otherwise has one id."""
    assert extend('[same]\ntake = "first"').same.newest_by is None
    assert extend('fields.id = { from = "Own" }').id is None
    assert extend('id = "Own"').id == "Own"
    assert extend('[activities]\nlead = "L"\ntype = "T"\nat = "A"').activity_sources == {}


def test_a_mapping_may_extend_one_that_extends_another():
    """A company has a mapping, and a country's file changes that."""
    mapping = extend('[fields]\nregion = "area"', name="second")

    assert list(mapping.fields) == ["email", "last_activity_at", "city", "region"]


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        ("", "acmee", [("unknown-base", 1)]),
        ("", "loop", [("unknown-base", 1)]),
        ("", "broken", [("not-toml", 1)]),
        ('without = ["fields.fone"]', "acme", [("unknown-key", 2)]),
        ('without = "fields.phone"', "acme", [("wrong-type", 2)]),
        ('without = ["fields.email.from.x"]', "acme", [("unknown-key", 2)]),
        ('fields.indust = "I"\nfields.city = { from = "c", as = "" }', "acme", [("unknown-field", 2), ("unknown-conversion", 3)]),
        ('write.lifecycle.values.hott = "M"', "acme", [("unknown-stage", 2)]),
        ('write.lifecycle.order = ["S"]', "acme", [("not-in-order", 1)]),  # of the other's values: said at its name
    ],
)  # fmt: skip
def test_faults_are_those_of_the_file_that_a_person_wrote(text, name, found):
    """Nobody can mend a line that stands in an installed package."""
    assert faults(text, MODEL, name) == found


def test_an_unknown_name_comes_with_the_nearest():
    """It is a typo, nearly always."""
    with pytest.raises(MappingError, match=r"did you mean 'fields\.phone'"):
        extend('without = ["fields.phne"]')
    with pytest.raises(MappingError, match="did you mean 'acme'"):
        extend("", name="acmee")


def test_what_another_mapping_names_and_this_definition_lacks_is_passed_over():
    """A vendor's mapping is for every definition: stages, activities and choices differ."""
    own = Model(
        name="Leads", version="1", teams={"sales": Team("Sales")}, fields={"phone": Field("text", choices=("a",))}
    )

    assert extend("", own).warnings == ()
    assert extend("", MODEL).activity({"lead": "7", "type": "x", "at": "2026-11-02T00:00:00Z"}, of="visits")


def test_a_conversion_that_nobody_here_knows_is_asked_for():
    """Plugins bring conversions; only those that are named are looked for."""
    asked = []

    def more(names):
        asked.extend(names)
        return {"shout": Conversion("text", lambda ways: lambda value: read_text(value).upper())}

    text = '[fields]\ncity = { from = "C", as = "shout" }\nphone = { from = "P", as = "text" }'
    mapping = loads_mapping(text, more_conversions=more)

    assert asked == ["shout"]
    assert mapping.values({"C": "Ghent"})["city"] == "GHENT"


def test_the_public_call_knows_the_adapters(tmp_path):
    """One call, whatever the file extends."""
    file = tmp_path / "own.toml"
    file.write_text('extends = "database"\n[fields]\ncity = "town"', encoding="utf-8")

    mapping = qualify.load_mapping(file)

    assert mapping.fields["city"].sources == ("town",)
    assert mapping.fields["email"].sources == ("email",)
    file.write_text('extends = "csv"', encoding="utf-8")
    with pytest.raises(MappingError, match="no mapping of its own"):
        qualify.load_mapping(file)


def test_an_adapters_own_mapping_is_read_for_a_definition():
    """Without a file, the vendor's mapping and the definition's fields must do."""
    adapter = qualify.adapter("database")

    assert own_mapping(adapter).fields == adapter.mapping.fields


def test_without_a_host_no_other_mapping_is_known():
    """The room of mappings knows no vendor."""
    with pytest.raises(MappingError, match=r"qualify\.load_mapping"):
        loads_mapping('extends = "acme"')
