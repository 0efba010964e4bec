"""What a rule says survives text, pickling and copying: one tree, whatever way it takes."""

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualify.errors import RuleError
from qualify.rules import parse, parse_formula, parse_selection
from qualify.rules.lex import tokens_of
from tests.strategies import formulas, rules, selections, typed_rules, worlds


@given(rule=rules())
def test_every_rule_can_be_written_down_and_read_again(rule):
    """An explanation speaks the definition's words; a rule that changed on the way would be another rule."""
    assert parse(str(rule)) == rule


@given(selection=selections())
def test_every_selection_can_be_written_down_and_read_again(selection):
    """Signals are selections alone."""
    assert parse_selection(str(selection)) == selection


@given(formula=formulas())
def test_every_formula_can_be_written_down_and_read_again(formula):
    """Scores over scores are formulas alone."""
    assert parse_formula(str(formula)) == formula


@given(rule=worlds().flatmap(typed_rules))
def test_rules_that_make_sense_can_be_written_down_and_read_again(rule):
    """The other strategy draws what people write, deeper than the one of the grammar does."""
    assert parse(str(rule)) == rule


@given(rule=rules(), data=st.data())
def test_white_space_and_line_ends_are_free(rule, data):
    """A long rule may be laid out over several lines, as its readers like it."""
    blanks = st.sampled_from([" ", "\n", "\t", "  \r\n  ", "\n\n"])

    text = "".join(token.text + data.draw(blanks) for token in tokens_of(str(rule)))

    assert parse(text) == rule


@given(rule=rules())
def test_rules_are_values(rule):
    """Rules are sent to worker processes, kept in sets and compared; a copy is as good as the rule."""
    for copied in (pickle.loads(pickle.dumps(rule)), copy.deepcopy(rule)):
        assert copied == rule
        assert hash(copied) == hash(rule)
        assert str(copied) == str(rule)
        assert copied.depth == rule.depth


@given(formula=formulas(), selection=selections())
def test_formulas_and_selections_are_values_too(formula, selection):
    """A definition is pickled with all that it holds."""
    assert pickle.loads(pickle.dumps((formula, selection))) == (formula, selection)


@given(one=rules(depth=1), other=rules(depth=1))
def test_rules_are_equal_when_they_say_the_same(one, other):
    """Two different texts are two different rules: nothing else would let a digest stand for what was agreed."""
    assert (one == other) == (str(one) == str(other))


@given(rule=rules(depth=1))
def test_a_rule_never_changes(rule):
    """What was approved stays what it was."""
    with pytest.raises(AttributeError):
        rule.depth = 0


@given(rule=rules(depth=1))
def test_a_rule_is_no_answer(rule):
    """`if rule:` and `rule and other` would silently drop half of what was meant."""
    with pytest.raises(TypeError, match=r"&.*and.*~"):
        bool(rule)


def test_combining_keeps_the_order_and_flattens():
    """`a and (b and c)` and `(a and b) and c` are one rule of three parts, in the order in which they were said."""
    a, b, c = parse("a"), parse("b"), parse("c")

    assert a & (b & c) == (a & b) & c == parse("a and b and c")
    assert a | (b | c) == (a | b) | c == parse("a or b or c")
    assert ~(~a) == parse("not not a")
    assert str(~(a & b) | c) == "not (a and b) or c"


def test_what_is_no_rule_can_not_be_combined():
    """Mistakes in Python show where they are made."""
    with pytest.raises(TypeError, match="expected a rule, found str"):
        parse("a") & "b"
    with pytest.raises(RuleError, match="a rule is text, found int"):
        parse(5)
