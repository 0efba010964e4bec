"""Rules over any fields, and whole definitions, as everybody can draw them."""

import pytest
from hypothesis import find, given
from hypothesis import strategies as st

import qualify
from qualify.definition.files import define_model
from qualify.rules.reads import reads
from qualify.rules.tree import Between, Name, RuleNode
from qualify.testing import definitions, rules
from qualify.testing.rule_strategies import rules_of
from qualify.vocabulary import FIELD_TYPES, STANDARD_FIELDS

PRINT_SHOP = {
    "name": "Print-shop leads",
    "teams": {"sales": "Sales"},
    "fields": {"press_type": {"type": "text", "choices": ["offset", "digital"]}},
    "traits": {"offset": {"team": "sales", "when": 'press_type == "offset"', "why": "They renew."}},
}


@given(data=st.data())
def test_a_rule_speaks_of_the_fields_given_and_passes_the_check(data):
    """A rule that no definition would take tests nothing."""
    fields = data.draw(
        st.dictionaries(
            st.sampled_from(["seats", "plan", "trial_ends", "used"]), st.sampled_from(FIELD_TYPES), min_size=1
        )
    )
    rule = data.draw(rules(fields))

    own = {name: {"type": kind} for name, kind in fields.items()}
    define_model({"format": 1, "name": "Drawn", "version": "1", "teams": {"sales": "Sales"}, "fields": own,
                  "traits": {"drawn": {"team": "sales", "when": rule, "why": "-"}}})  # fmt: skip
    assert set(reads(rule).values) <= set(fields)
    assert isinstance(rule, RuleNode)


@given(rule=rules())
def test_without_fields_it_is_the_standard_ones(rule):
    """The plainest call does something useful."""
    assert set(reads(rule).values) <= set(STANDARD_FIELDS)
    assert qualify.parse(str(rule)) == rule


@given(data=st.data())
def test_a_definition_gives_its_names(data):
    """A trait that is tried out in a test may speak of what the definition has."""
    rule = data.draw(rules(qualify.define(**PRINT_SHOP)))

    with_it = {**PRINT_SHOP["traits"], "drawn": {"team": "sales", "when": rule, "why": "-"}}
    assert qualify.define(**{**PRINT_SHOP, "traits": with_it}).model.traits["drawn"].when == rule


def test_a_rule_shrinks_to_the_plainest():
    """A failure is read by a person."""
    plainest = find(
        rules({"employees": "number"}), lambda rule: isinstance(rule, Between) and isinstance(rule.term, Name)
    )

    assert str(plainest) == "employees between 0 and 0"


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "rules() needs at least one field to speak of"),
        ({"seats": "numbr"}, "field 'seats': unknown type 'numbr'; did you mean 'number'?"),
        ({"Seats": "number"}, "field 'Seats': a name is lower-case letters"),
        ({"between": "number"}, "field 'between': 'between' is a word of the language"),
        (["seats"], "rules() takes a mapping of names to types, a definition, or nothing, not list"),
    ],
)
def test_what_can_not_be_a_field_is_said(fields, says):
    """The one who mistyped it is reading."""
    with pytest.raises(qualify.QualifyError) as why:
        rules(fields)

    assert says in str(why.value)


def test_what_is_no_kind_of_rule_is_said():
    """A term is no rule."""
    with pytest.raises(qualify.QualifyError, match="int is no kind of rule"):
        rules_of(int)


@given(definition=definitions())
def test_a_definition_loads_and_judges(definition):
    """Whatever was drawn, a program can use it."""
    assert definition.qualify({}).definition.digest == definition.digest
    assert qualify.loads(definition.to_toml()) == definition


@given(definition=definitions(facts=1, stages=0))
def test_a_definition_is_no_larger_than_asked_for(definition):
    """A small one is read faster."""
    model = definition.model
    facts = [*model.traits, *model.tiers, *model.signals, *model.scores]

    assert len([name for name in facts if name != "spare"]) <= 1  # a score of nothing gets a trait to count
    assert not model.stages
