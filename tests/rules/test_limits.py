"""No text is too long, too deep or too strange: it is a rule, or an error that shows where it goes wrong."""

import pickle
import sys
from decimal import Decimal, localcontext

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qualify.errors import RuleError
from qualify.rules import parse, parse_formula, parse_selection
from qualify.rules.parse import parse_span
from qualify.rules.tree import DEEPEST, LONGEST, And, Holds, Not, Number, Or, Sum
from qualify.vocabulary import RESERVED
from tests.strategies import rules

LITERALS = ("1", "50", "0.5", "2026-11-02", "2026-11-02T09:30", '"x"', '"vp*"')
SIGNS = ("[", "]", "(", ")", ",", "+", "-", "*", "/", "==", "!=", "<", "<=", ">", ">=")
HABITS = ("=", "&&", "'", "“", "30d", "50k", "1e5", ".", "\n", "\\", '"', "é", "#", "null", "AND")
PIECES = (
    "a",
    "b",
    "large",
    "activity",
    "day",
    "days",
    "with",
    "in the next",
    "within 3 days",
    "any of",
    "count(",
    "last(",
)
WORDS = st.sampled_from([*sorted(RESERVED), *LITERALS, *SIGNS, *HABITS, *PIECES, "at least 1 of ["])
READERS = st.sampled_from([parse, parse_selection, parse_formula, parse_span])


@given(reader=READERS, text=st.lists(WORDS, max_size=14).map(" ".join) | st.lists(WORDS, max_size=8).map("".join))
@example(reader=parse, text="a == -")
@example(reader=parse, text="-")
@example(reader=parse, text="last(")
@example(reader=parse, text="at least")
@example(reader=parse, text="x is not")
def test_words_of_the_language_in_any_order_are_a_rule_or_an_error_with_its_place(reader, text):
    """People type half a rule and press return; an editor checks at every key."""
    assert_read_or_shown(reader, text)


@given(reader=READERS, text=st.text(max_size=40) | st.text("([{}])\"'\\ \n,ab1.-=<>", max_size=30))
def test_any_text_is_a_rule_or_an_error_with_its_place(reader, text):
    """A definition may come from anywhere, and so may its rules."""
    assert_read_or_shown(reader, text)


@given(rule=rules(), data=st.data())
def test_a_rule_with_a_hole_or_a_doubled_piece_is_a_rule_or_an_error_with_its_place(rule, data):
    """Most broken rules were right until the last edit."""
    text = str(rule)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 6)))

    assert_read_or_shown(parse, text[:start] + text[end:])
    assert_read_or_shown(parse, text[:end] + text[start:])


def assert_read_or_shown(reader, text):
    """It reads back as it prints, or it is refused with a place inside the text."""
    try:
        found = reader(text)
    except RuleError as why:
        refused = why
    else:
        assert reader(str(found)) == found
        return
    assert refused.reason
    assert 0 <= refused.position <= len(text)
    assert refused.length >= 1
    assert refused.text is None or "^" in str(refused)


DEEP = {
    "brackets": "({})",
    "not": "not {}",
    "brackets that stay": "a and (b or {})",
    "at least": "at least 1 of [{}]",
    "arithmetic": "2 * (1 + {})",
    "where": "count(x where {}) > 1",
}


@pytest.mark.parametrize("shape", DEEP.values(), ids=list(DEEP))
@pytest.mark.parametrize("times", [51, 1_000, 5_000])
def test_what_nests_too_deep_is_refused(shape, times):
    """Nobody reads fifty brackets aloud, and no reading of a tree may overflow its stack."""
    before, after = shape.split("{}")
    text = before * times + "a" + after * times
    refused = refusal_of(f"{text} > 1" if "+" in shape else text)

    assert refused.code in ("too-deep", "too-long")


@pytest.mark.parametrize(
    "text",
    [
        "(" * DEEPEST + "a" + ")" * DEEPEST,
        "not " * DEEPEST + "a",
        "at least 1 of [" * DEEPEST + "a" + "]" * DEEPEST,
        "(a or (b and " * (DEEPEST // 2) + "c" + "))" * (DEEPEST // 2),
        "(2 * (1 + " * (DEEPEST // 2) + "a" + "))" * (DEEPEST // 2) + " > 1",
        "count(x since " + "last(x since " * (DEEPEST - 1) + "y" + ")" * DEEPEST + " > 1",
        "count(x where " * DEEPEST + "a" + ") > 1" * DEEPEST,
    ],
    ids=["brackets", "not", "at least", "and or", "arithmetic", "since last", "where"],
)
def test_what_nests_fifty_deep_is_read_written_compared_and_pickled(text):
    """The limit is what every reading can hold, even from deep inside a web framework's own calls."""
    limit, here = sys.getrecursionlimit(), depth_of_this_call()
    try:
        sys.setrecursionlimit(here + 600)
        rule = parse(text)
        again = parse(str(rule))
        assert again == rule
        assert hash(again) == hash(rule)
        assert pickle.loads(pickle.dumps(rule)) == rule
    finally:
        sys.setrecursionlimit(limit)


def depth_of_this_call() -> int:
    frame, depth = sys._getframe(), 0
    while frame is not None:
        frame, depth = frame.f_back, depth + 1
    return depth


def test_ten_thousand_brackets_are_refused():
    """Whatever came out of a broken program is refused, and doesn't take the reader down with it."""
    for text in (
        "(" * 10_000,
        "(" * 10_000 + "a" + ")" * 9_999,
        "not " * 4_000 + "a",
        "[" * 20_000,
        "at least 1 of [" * 1_000,
    ):
        assert refusal_of(text).code in ("too-deep", "syntax", "too-long")


def test_long_sums_are_flat():
    """A sum of 5,000 terms is long, not deep: it fits the limit of characters, and so it is read."""
    rule = parse(" + ".join(["a"] * 4_999) + " >1")

    assert isinstance(rule.left, Sum)
    assert len(rule.left.parts) == 4_999
    assert rule.depth == 0
    assert parse(str(rule)[: -len(" > 1")] + ">1") == rule


@pytest.mark.parametrize(("word", "kind"), [("and", And), ("or", Or)])
def test_long_rules_are_flat(word, kind):
    """A long list of alternatives is how people write; it needs no brackets and no depth."""
    rule = parse(f" {word} ".join(["a"] * 2_500))

    assert isinstance(rule, kind)
    assert len(rule.parts) == 2_500
    assert parse(str(rule)) == rule


def test_a_built_tree_is_held_to_the_same_depth():
    """What Python can build, the text must be able to say."""
    rule = Holds("a")
    for _ in range(DEEPEST):
        rule = Not(rule)

    assert parse(str(rule)) == rule
    with pytest.raises(RuleError, match="nest at most 50 deep"):
        Not(rule)


def test_a_rule_has_at_most_twenty_thousand_characters():
    """A rule longer than that is data that lost its way, and a list belongs in a file."""
    longest = "a" + " " * (LONGEST - 1)

    assert parse(longest) == Holds("a")
    assert refusal_of(longest + " ").code == "too-long"


@pytest.mark.parametrize("text", ["x == 123456789012345", "x == 0.00123456789012345", "x == 123456789012345000000"])
def test_numbers_have_up_to_fifteen_significant_digits(text):
    """Fifteen digits survive every engine's doubles; leading and trailing zeros are not significant."""
    assert str(parse(text)) == text


@pytest.mark.parametrize(
    "text", ["x == 1234567890123456", "x == 0.1234567890123456", f"x == {'9' * 15_000}", f"x == 1{'0' * 400}"]
)
def test_numbers_beyond_that_are_refused(text):
    """A digit that one engine drops and another keeps would make two answers of one rule."""
    assert refusal_of(text).code == "bad-number"


def test_numbers_don_t_depend_on_the_programs_decimal_context():
    """A program that reckons with five digits must not change what its definition says."""
    with localcontext() as context:
        context.prec = 5
        assert Number(Decimal("123456789.12345")) == Number(Decimal("123456789.12345"))
        assert str(parse("x == 123456789.12345")) == "x == 123456789.12345"


@pytest.mark.parametrize(
    "text",
    [f"x within {'9' * 10_000} days", f"at least {'9' * 10_000} of [a]", "x within 1000000000000000 days"],
    ids=["span", "at least", "longer than the calendar"],
)
def test_whole_numbers_of_any_length_are_refused_in_words(text):
    """Python refuses to turn thousands of digits into a number; that is no answer for the reader."""
    assert refusal_of(text).code in ("bad-span", "bad-at-least")


def test_leading_zeros_don_t_count():
    """`007` is seven, also in a length of time."""
    assert parse(f"x within {'0' * 1_000}14 days") == parse("x within 14 days")


@pytest.mark.parametrize(
    "text",
    [
        'x == "' + "\\u0041" * 3_000 + '"',
        "x == " + "1_" * 5_000 + "1",
        "a" * 20_000,
        '"' * 20_000,
        "\\" * 20_000,
        "0" * 20_000,
    ],
)
def test_strange_long_texts_take_no_time(text):
    """An editor checks at every key: no text may take more than a blink."""
    from time import perf_counter

    start = perf_counter()
    assert_read_or_shown(parse, text)

    assert perf_counter() - start < 2


def refusal_of(text: str) -> RuleError:
    with pytest.raises(RuleError) as refused:
        parse(text)
    return refused.value
